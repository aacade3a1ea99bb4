-- Models people taught; their weights lie in STORE.models/, by the hash of the file.

CREATE TABLE model (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    task TEXT NOT NULL,
    state TEXT NOT NULL,
    file TEXT NOT NULL,
    proof TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    texts INTEGER NOT NULL,
    macro_f1 INTEGER,
    before INTEGER,
    card TEXT NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX model_in_use ON model (task) WHERE state = 'in_use';
