-- Pages of saved questions; they go with the person who made them.

CREATE TABLE dashboard (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    owner_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    shared INTEGER NOT NULL,
    tiles TEXT NOT NULL,
    version INTEGER,
    created_at INTEGER,
    changed_at INTEGER
) STRICT;
CREATE INDEX dashboard_owner ON dashboard (owner_id);
