-- Places outside that messages go to, what left and what waits, and who must not be written to.

ALTER TABLE deed ADD COLUMN endpoint TEXT;
CREATE INDEX deed_endpoint ON deed (endpoint, state, id) WHERE endpoint IS NOT NULL;
CREATE INDEX deed_next ON deed (endpoint, due_at) WHERE state = 'pending';

CREATE TABLE endpoint (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    way TEXT NOT NULL,
    address TEXT NOT NULL,
    secret TEXT,
    settings TEXT,
    host TEXT,
    near INTEGER,
    enabled INTEGER,
    version INTEGER,
    created_at INTEGER,
    changed_at INTEGER
) STRICT;

CREATE TABLE pace (
    id INTEGER PRIMARY KEY,
    endpoint TEXT NOT NULL UNIQUE,
    next_at INTEGER,
    held_until INTEGER,
    paused TEXT,
    sent INTEGER,
    failures INTEGER,
    last_at INTEGER,
    error TEXT
) STRICT;

CREATE TABLE contact (
    id INTEGER PRIMARY KEY,
    deed TEXT NOT NULL UNIQUE,
    customer_id INTEGER NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX contact_customer ON contact (customer_id, at);

CREATE TABLE optout (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    why TEXT NOT NULL,
    created_at INTEGER
) STRICT;

CREATE TABLE contact_policy (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    most INTEGER,
    days INTEGER,
    quiet_from INTEGER,
    quiet_to INTEGER,
    zone TEXT,
    hold_open INTEGER,
    version INTEGER,
    changed_at INTEGER
) STRICT;
