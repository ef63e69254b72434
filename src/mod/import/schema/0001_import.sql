-- A file that was handed in, and how far it is.
CREATE TABLE import_run (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,                 -- people, organisations, memberships
    name TEXT NOT NULL,                 -- of the file
    state TEXT NOT NULL,                -- checking, refused, ready, running, done, undoing, undone, dropped
    why TEXT NOT NULL,                  -- refused: a code of columns.c, and what it is about
    encoding TEXT NOT NULL,             -- utf-8, windows-1252
    columns TEXT NOT NULL,              -- JSON: what was recognised, what was left out
    preview TEXT NOT NULL,              -- JSON: the first lines and what would become of them
    total INTEGER NOT NULL,             -- lines
    adds INTEGER NOT NULL,              -- of these: new
    changes INTEGER NOT NULL,
    same INTEGER NOT NULL,              -- known already
    wrong INTEGER NOT NULL,
    position INTEGER NOT NULL,          -- lines that are done
    kept INTEGER NOT NULL,              -- what an undo had to leave
    asked_by INTEGER REFERENCES person (id),
    asked_at INTEGER NOT NULL,
    done_at INTEGER,
    undone_at INTEGER
) STRICT;
CREATE INDEX import_run_asked_by ON import_run (asked_by);

CREATE TABLE import_file (
    run_id INTEGER PRIMARY KEY REFERENCES import_run (id),
    data BLOB NOT NULL
) STRICT;

CREATE TABLE import_problem (
    run_id INTEGER NOT NULL REFERENCES import_run (id),
    number INTEGER NOT NULL,            -- in the order of the file
    line INTEGER NOT NULL,
    field TEXT NOT NULL,                -- '' the whole line
    value TEXT NOT NULL,
    problem TEXT NOT NULL,              -- a code of columns.c
    PRIMARY KEY (run_id, number)
) STRICT;

-- What a run did, for undo.
CREATE TABLE import_change (
    run_id INTEGER NOT NULL REFERENCES import_run (id),
    position INTEGER NOT NULL,          -- of the step
    line INTEGER NOT NULL,
    object INTEGER NOT NULL,            -- a person or an organisation
    person INTEGER,                     -- people: the same; memberships: whose
    role TEXT NOT NULL,                 -- memberships: as what; ''
    before TEXT,                        -- JSON; NULL: it was added
    after TEXT NOT NULL,
    PRIMARY KEY (run_id, position)
) STRICT;
CREATE INDEX import_change_person ON import_change (person);
