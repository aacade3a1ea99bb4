-- The first schema: columns are named as the fields in model/nouns.h, a test holds them together.
-- Integers: ids, UTC milliseconds, millionths (amount), 0/1.  Missing is NULL.  uid: 16 bytes.
-- Long text stands last in its row, so that reading the rest skips it.

CREATE TABLE schema_migrations (
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    hash TEXT NOT NULL,
    applied_at INTEGER NOT NULL,
    heed_version TEXT NOT NULL
) STRICT;

-- id: made with the file.  last_id: the newest signal id ever given; ids are never given twice.
-- signals: how many there are.
CREATE TABLE meta (
    name TEXT PRIMARY KEY NOT NULL,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE signal (
    id INTEGER PRIMARY KEY,
    uid BLOB NOT NULL UNIQUE CHECK (length(uid) = 16),
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    channel TEXT,
    touchpoint TEXT,
    product TEXT,
    customer TEXT,
    event TEXT,
    amount INTEGER,
    currency TEXT,
    attributes TEXT,
    words TEXT,
    UNIQUE (source, external_id)
) STRICT;

-- One for each signal, with its id.
CREATE TABLE insight (
    id INTEGER PRIMARY KEY,
    lang TEXT,
    redacted INTEGER,
    quality TEXT NOT NULL,
    duplicate_of INTEGER,
    words_hash INTEGER,
    simhash INTEGER,
    sentiment INTEGER,
    confidence INTEGER,
    emotion TEXT,
    intent TEXT,
    tags TEXT,
    reader TEXT NOT NULL,
    sentences TEXT,
    clean TEXT
) STRICT;
CREATE INDEX insight_words_hash ON insight (words_hash) WHERE words_hash IS NOT NULL;

-- id = signal_id * 64 + its place: the mentions of a signal lie together and need no index.
CREATE TABLE mention (
    id INTEGER PRIMARY KEY,
    signal_id INTEGER NOT NULL,
    aspect TEXT NOT NULL,
    polarity INTEGER NOT NULL,
    strength INTEGER NOT NULL,
    opinion TEXT,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL
) STRICT;

CREATE TABLE customer (
    id INTEGER PRIMARY KEY,
    uid BLOB NOT NULL UNIQUE CHECK (length(uid) = 16),
    created_at INTEGER,
    attributes TEXT,
    consent TEXT
) STRICT;

CREATE TABLE identity (
    id INTEGER PRIMARY KEY,
    namespace TEXT NOT NULL,
    value TEXT NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    created_at INTEGER,
    UNIQUE (namespace, value)
) STRICT;
CREATE INDEX identity_customer ON identity (customer_id);

CREATE TABLE metric (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    formula TEXT NOT NULL,
    population TEXT,
    minimum_n INTEGER,
    owner TEXT,
    version INTEGER
) STRICT;

CREATE TABLE rule (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    condition TEXT NOT NULL,
    "action" TEXT NOT NULL,
    params TEXT,
    enabled INTEGER,
    version INTEGER,
    changed_at INTEGER
) STRICT;

CREATE TABLE ticket (
    id INTEGER PRIMARY KEY,
    deed TEXT NOT NULL UNIQUE,
    signal_id INTEGER NOT NULL REFERENCES signal (id),
    rule_id INTEGER REFERENCES rule (id) ON DELETE SET NULL,
    title TEXT NOT NULL,
    department TEXT,
    owner TEXT,
    state TEXT NOT NULL,
    priority TEXT NOT NULL,
    outcome TEXT,
    note TEXT,
    opened_at INTEGER NOT NULL,
    due_at INTEGER,
    closed_at INTEGER
) STRICT;
CREATE INDEX ticket_signal ON ticket (signal_id);

CREATE TABLE deed (
    id INTEGER PRIMARY KEY,
    "key" TEXT NOT NULL UNIQUE,
    "action" TEXT NOT NULL,
    rule_id INTEGER REFERENCES rule (id) ON DELETE SET NULL,
    signal_id INTEGER,
    state TEXT NOT NULL,
    attempts INTEGER,
    due_at INTEGER NOT NULL,
    done_at INTEGER,
    error TEXT,
    payload TEXT
) STRICT;
CREATE INDEX deed_due ON deed (state, due_at);

CREATE TABLE department (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    title TEXT,
    parent_id INTEGER REFERENCES department (id)
) STRICT;

CREATE TABLE user (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    title TEXT,
    password TEXT,
    role TEXT NOT NULL,
    department_id INTEGER REFERENCES department (id),
    enabled INTEGER
) STRICT;

CREATE TABLE role (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    rights TEXT NOT NULL
) STRICT;

CREATE TABLE "key" (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_at INTEGER,
    used_at INTEGER,
    expires_at INTEGER
) STRICT;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    deed TEXT NOT NULL,
    noun TEXT NOT NULL,
    noun_id INTEGER,
    detail TEXT
) STRICT;

CREATE TABLE intake (
    id INTEGER PRIMARY KEY,
    "key" TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    file TEXT,
    records INTEGER NOT NULL,
    added INTEGER NOT NULL,
    known INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    finished INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
