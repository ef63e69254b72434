CREATE TABLE deposit (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    activity_id INTEGER NOT NULL REFERENCES activity (id),
    programme_id INTEGER NOT NULL REFERENCES programme (id),
    version_id INTEGER NOT NULL,    -- of the programme, when it was begun: its rubric counts
    attempt INTEGER NOT NULL,       -- 1, 2, …
    state TEXT NOT NULL,            -- draft, handed, returned
    text TEXT NOT NULL,             -- Markdown
    comment TEXT NOT NULL,          -- of the return as a whole
    percent INTEGER,                -- of the rubric; NULL: without points
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    handed_at INTEGER,
    returned_at INTEGER,
    returned_by INTEGER,            -- person
    UNIQUE (person_id, activity_id, attempt)
) STRICT;
CREATE INDEX deposit_state ON deposit (state, handed_at);

CREATE TABLE deposit_file (
    id INTEGER PRIMARY KEY,
    deposit_id INTEGER NOT NULL REFERENCES deposit (id),
    blob TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,             -- as file(1) saw it
    size INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX deposit_file_deposit ON deposit_file (deposit_id);
CREATE INDEX deposit_file_blob ON deposit_file (blob);

CREATE TABLE deposit_mark (
    deposit_id INTEGER NOT NULL REFERENCES deposit (id),
    criterion INTEGER NOT NULL,     -- its line in the rubric, from 0
    points INTEGER NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (deposit_id, criterion)
) STRICT;

CREATE TABLE deposit_note (
    id INTEGER PRIMARY KEY,
    deposit_id INTEGER NOT NULL REFERENCES deposit (id),
    passage TEXT NOT NULL,          -- words of the text, or a moment such as 1:25
    words TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX deposit_note_deposit ON deposit_note (deposit_id);
