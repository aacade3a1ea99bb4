-- Tickets grow into cases: whose they are, their clock, what was done step by step, and what the customer
-- said afterwards.  Every ticket there was stays, with a history made of what is known of it.
-- Rules have an order and keep their versions; facts are what rules count beyond one signal.

ALTER TABLE ticket ADD COLUMN customer_id INTEGER REFERENCES customer (id);
ALTER TABLE ticket ADD COLUMN calendar TEXT;
ALTER TABLE ticket ADD COLUMN allowed_ms INTEGER;
ALTER TABLE ticket ADD COLUMN contact_due_at INTEGER;
ALTER TABLE ticket ADD COLUMN contacted_at INTEGER;
ALTER TABLE ticket ADD COLUMN escalate_to TEXT;
ALTER TABLE ticket ADD COLUMN escalated_at INTEGER;
ALTER TABLE ticket ADD COLUMN playbook TEXT;
ALTER TABLE ticket ADD COLUMN steps TEXT;
ALTER TABLE ticket ADD COLUMN messages INTEGER;
ALTER TABLE ticket ADD COLUMN reopened INTEGER;
ALTER TABLE ticket ADD COLUMN events INTEGER;
ALTER TABLE ticket ADD COLUMN merged_into INTEGER;
ALTER TABLE ticket ADD COLUMN score TEXT;
ALTER TABLE ticket ADD COLUMN score_before INTEGER;
ALTER TABLE ticket ADD COLUMN score_after INTEGER;
ALTER TABLE ticket ADD COLUMN asked_signal INTEGER;
ALTER TABLE ticket ADD COLUMN recovered INTEGER;
CREATE INDEX ticket_customer ON ticket (customer_id) WHERE customer_id IS NOT NULL;

UPDATE ticket SET messages = 1, reopened = 0, events = CASE WHEN closed_at IS NULL THEN 1 ELSE 2 END,
    customer_id = (SELECT i.customer_id FROM signal s JOIN identity i
        ON i.namespace = CASE WHEN instr(s.customer, ':') BETWEEN 2 AND 81 AND instr(s.customer, ':') < length(s.customer)
                              THEN substr(s.customer, 1, instr(s.customer, ':') - 1) ELSE s.source END
       AND i.value = CASE WHEN instr(s.customer, ':') BETWEEN 2 AND 81 AND instr(s.customer, ':') < length(s.customer)
                          THEN substr(s.customer, instr(s.customer, ':') + 1) ELSE s.customer END
        WHERE s.id = ticket.signal_id AND s.customer IS NOT NULL);

-- What happened to a case, in order: rows are only ever added.
CREATE TABLE case_event (
    id INTEGER PRIMARY KEY,
    "key" TEXT NOT NULL UNIQUE,
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    state TEXT NOT NULL,
    department TEXT,
    owner TEXT,
    signal_id INTEGER,
    detail TEXT,
    text TEXT
) STRICT;
CREATE INDEX case_event_ticket ON case_event (ticket_id);
CREATE INDEX case_event_signal ON case_event (signal_id) WHERE signal_id IS NOT NULL;

INSERT INTO case_event ("key", ticket_id, at, kind, actor, state, department, owner, signal_id)
    SELECT id || '/1', id, opened_at, 'opened', 'system', 'open', department, owner, signal_id FROM ticket ORDER BY id;
INSERT INTO case_event ("key", ticket_id, at, kind, actor, state, department, owner, detail, text)
    SELECT id || '/2', id, closed_at, 'closed', 'system', 'closed', department, owner, outcome, note FROM ticket
    WHERE closed_at IS NOT NULL ORDER BY id;

-- Only the erasure of a person, which says so in meta, takes anything away.
CREATE TRIGGER case_event_stands BEFORE UPDATE ON case_event
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE name = 'erasing')
BEGIN SELECT RAISE(ABORT, 'the history of a case is only added to'); END;
CREATE TRIGGER case_event_stays BEFORE DELETE ON case_event
WHEN NOT EXISTS (SELECT 1 FROM meta WHERE name = 'erasing')
BEGIN SELECT RAISE(ABORT, 'the history of a case is only added to'); END;

CREATE TABLE calendar (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    title TEXT,
    zone TEXT NOT NULL,
    hours TEXT NOT NULL,
    holidays TEXT,
    workdays TEXT
) STRICT;

CREATE TABLE playbook (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    title TEXT,
    steps TEXT NOT NULL
) STRICT;

CREATE TABLE saved_view (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    condition TEXT NOT NULL,
    owner_id INTEGER NOT NULL REFERENCES user (id),
    shared INTEGER,
    created_at INTEGER
) STRICT;

ALTER TABLE rule ADD COLUMN "order" INTEGER;
ALTER TABLE rule ADD COLUMN last INTEGER;

CREATE TABLE rule_version (
    id INTEGER PRIMARY KEY,
    "key" TEXT NOT NULL UNIQUE,
    rule_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    condition TEXT NOT NULL,
    "action" TEXT NOT NULL,
    params TEXT,
    enabled INTEGER,
    "order" INTEGER,
    last INTEGER
) STRICT;
CREATE INDEX rule_version_rule ON rule_version (rule_id);
INSERT INTO rule_version ("key", rule_id, name, version, at, actor, condition, "action", params, enabled)
    SELECT id || '/' || coalesce(version, 1), id, name, coalesce(version, 1), coalesce(changed_at, 0), 'system', condition,
        "action", params, enabled FROM rule ORDER BY id;

CREATE TABLE fact (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    condition TEXT,
    within TEXT NOT NULL,
    metric TEXT,
    by TEXT,
    version INTEGER,
    changed_at INTEGER
) STRICT;

-- What a window counts, written in the commit of its signal: derived, and made again from the signals when the
-- fact changes.
CREATE TABLE fact_event (
    fact_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    signal_id INTEGER NOT NULL,
    PRIMARY KEY (fact_id, customer_id, at, signal_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX fact_event_signal ON fact_event (signal_id);
