-- A change of address: counts once the link sent to the new one is followed; the old one gets a link that undoes it.
CREATE TABLE email_change (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    old_email TEXT NOT NULL,
    new_email TEXT NOT NULL,
    confirm_hash BLOB NOT NULL UNIQUE,
    undo_hash BLOB UNIQUE,              -- set when the change is made
    asked_at INTEGER NOT NULL,
    changed_at INTEGER,
    ended_at INTEGER                    -- undone, or replaced by a newer one
) STRICT;
CREATE INDEX email_change_person ON email_change (person_id);
