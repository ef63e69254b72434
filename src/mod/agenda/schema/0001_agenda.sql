-- The secret address of a person's own calendar, for the programs they keep it in. A new one ends the old.
CREATE TABLE agenda_feed (
    person_id INTEGER PRIMARY KEY REFERENCES person (id),
    secret_hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
) STRICT;
