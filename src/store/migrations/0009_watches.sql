-- What is kept an eye on, how far that has come, and what was found: one row an incident.

CREATE TABLE watch (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    what TEXT NOT NULL,
    population TEXT,
    chart TEXT NOT NULL,
    side TEXT NOT NULL,
    period TEXT NOT NULL,
    zone TEXT,
    arl INTEGER,
    weight INTEGER,
    learn INTEGER,
    topic TEXT,
    severity TEXT NOT NULL,
    department TEXT,
    cooldown TEXT,
    escalate TEXT,
    quiet TEXT,
    grace TEXT,
    since INTEGER,
    enabled INTEGER,
    version INTEGER,
    created_at INTEGER,
    changed_at INTEGER
) STRICT;

CREATE TABLE watching (
    id INTEGER PRIMARY KEY,
    watch_id INTEGER NOT NULL UNIQUE REFERENCES watch (id) ON DELETE CASCADE,
    of_version INTEGER NOT NULL,
    next_at INTEGER,
    checked_at INTEGER,
    learned_from INTEGER,
    learned_to INTEGER,
    periods INTEGER,
    trouble TEXT,
    state TEXT
) STRICT;

CREATE TABLE alert (
    id INTEGER PRIMARY KEY,
    watch_id INTEGER NOT NULL REFERENCES watch (id) ON DELETE CASCADE,
    also TEXT,
    state TEXT NOT NULL,
    severity TEXT NOT NULL,
    department TEXT,
    side TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    period_at INTEGER NOT NULL,
    found_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    resolved_at INTEGER,
    value INTEGER,
    expected INTEGER,
    low INTEGER,
    high INTEGER,
    n INTEGER,
    score INTEGER,
    periods INTEGER,
    active INTEGER,
    returns INTEGER,
    told_at INTEGER,
    escalated_at INTEGER,
    snoozed_until INTEGER,
    acknowledged_by TEXT,
    acknowledged_at INTEGER,
    verdict TEXT,
    note TEXT,
    changed_at INTEGER
) STRICT;

CREATE INDEX alert_watch ON alert (watch_id);
CREATE INDEX alert_state ON alert (state);
