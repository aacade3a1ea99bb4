-- Lists of tickets ask for state, due time and department; the audit for who.
CREATE INDEX ticket_state ON ticket (state, due_at, department);
CREATE INDEX audit_actor ON audit (actor);
