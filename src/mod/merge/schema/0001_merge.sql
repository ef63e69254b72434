CREATE TABLE merge_run (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,                 -- person, organisation
    kept INTEGER NOT NULL,
    gone INTEGER NOT NULL,
    kept_name TEXT NOT NULL,
    gone_name TEXT NOT NULL,
    gone_email TEXT NOT NULL,           -- people: the address it had; ''
    gone_code TEXT NOT NULL,            -- organisations: code and place in the tree; ''
    gone_parent INTEGER,
    merged_by INTEGER,
    merged_at INTEGER NOT NULL,
    undone_at INTEGER
) STRICT;
CREATE INDEX merge_run_kept ON merge_run (kind, kept);
CREATE INDEX merge_run_gone ON merge_run (kind, gone);

CREATE TABLE merge_row (
    run_id INTEGER NOT NULL REFERENCES merge_run (id),
    place TEXT NOT NULL,                -- table.column
    key TEXT NOT NULL,                  -- the rest of the row's primary key
    PRIMARY KEY (run_id, place, key)
) STRICT;
