-- Files handed in over the network, waiting to be read, and answers kept for those who ask again.

CREATE TABLE upload (
    id INTEGER PRIMARY KEY,
    "key" TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    wish TEXT,
    state TEXT NOT NULL,
    records INTEGER,
    error TEXT,
    created_at INTEGER
) STRICT;

CREATE TABLE replay (
    id INTEGER PRIMARY KEY,
    "key" TEXT NOT NULL UNIQUE,
    request INTEGER NOT NULL,
    status INTEGER NOT NULL,
    answer TEXT NOT NULL,
    created_at INTEGER
) STRICT;
CREATE INDEX replay_age ON replay (created_at);
