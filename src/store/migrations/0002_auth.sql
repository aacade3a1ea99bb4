-- Who may: sessions, one-time links, second factors, failures to sign in.  Only hashes of tokens.

CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    created_at INTEGER,
    used_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_user ON session (user_id);

CREATE TABLE token (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    purpose TEXT NOT NULL,
    created_at INTEGER,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE totp (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL UNIQUE REFERENCES user (id) ON DELETE CASCADE,
    secret TEXT NOT NULL,
    confirmed_at INTEGER,
    last_step INTEGER,
    recovery TEXT,
    created_at INTEGER
) STRICT;

CREATE TABLE attempt (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    until INTEGER
) STRICT;
