-- What privileged people did. Rows are added, never changed: see 0003.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor INTEGER,                      -- a person; NULL: the command line or the program itself
    session INTEGER,                    -- NULL: none
    peer TEXT NOT NULL,                 -- network address, '' for the command line
    request TEXT NOT NULL,              -- number of the request, as in the log; ''
    act TEXT NOT NULL,                  -- a row of access/acts.h
    kind TEXT NOT NULL,                 -- what was acted on: 'person', 'video', 'job' …
    object INTEGER NOT NULL,
    before TEXT,                        -- JSON, NULL: nothing to say
    after TEXT
) STRICT;
CREATE INDEX audit_actor ON audit (actor, id);
CREATE INDEX audit_object ON audit (kind, object, id);
CREATE INDEX audit_act ON audit (act, id);
