-- Signals that were there already and changed, as runs of ids: whoever mirrors them follows this list.
-- And receipts of erased people; state wiping: their bytes may still be in the files.

CREATE TABLE change (
    id INTEGER PRIMARY KEY,
    first_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE erasure (
    id INTEGER PRIMARY KEY,
    uid BLOB NOT NULL UNIQUE CHECK (length(uid) = 16),
    signals INTEGER NOT NULL,
    mentions INTEGER NOT NULL,
    tickets INTEGER NOT NULL,
    deeds INTEGER NOT NULL,
    identities INTEGER NOT NULL,
    state TEXT NOT NULL,
    at INTEGER NOT NULL,
    done_at INTEGER
) STRICT;
