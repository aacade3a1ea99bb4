-- Metrics with all that makes a figure theirs, the versions they had, and the tree of goals.

ALTER TABLE metric ADD COLUMN title TEXT;
ALTER TABLE metric ADD COLUMN window_days INTEGER;
ALTER TABLE metric ADD COLUMN weight TEXT;
ALTER TABLE metric ADD COLUMN quality TEXT;
ALTER TABLE metric ADD COLUMN better TEXT;
ALTER TABLE metric ADD COLUMN definition TEXT;
ALTER TABLE metric ADD COLUMN since INTEGER;
ALTER TABLE metric ADD COLUMN created_at INTEGER;
ALTER TABLE metric ADD COLUMN changed_at INTEGER;

CREATE TABLE metric_version (
    id INTEGER PRIMARY KEY,
    "key" TEXT NOT NULL UNIQUE,
    metric_id INTEGER NOT NULL,
    definition TEXT NOT NULL,
    body TEXT NOT NULL,
    since INTEGER NOT NULL,
    created_at INTEGER
) STRICT;
CREATE INDEX metric_version_metric ON metric_version (metric_id);

CREATE TABLE goal (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    parent_id INTEGER,
    kind TEXT NOT NULL,
    title TEXT,
    metric TEXT NOT NULL,
    population TEXT,
    relation TEXT,
    better TEXT,
    target INTEGER,
    target_at INTEGER,
    owner TEXT,
    forecast TEXT,
    version INTEGER,
    created_at INTEGER,
    changed_at INTEGER
) STRICT;
