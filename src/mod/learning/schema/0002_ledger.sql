-- The ledger of hours: one row for each piece of work that counts, never changed. What was wrong is taken back by a row of
-- its own, so that a sum is always the sum of all rows.
CREATE TABLE hours_entry (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    programme_id INTEGER NOT NULL REFERENCES programme (id),
    module_id INTEGER REFERENCES module (id),   -- NULL: of the programme as a whole
    kind TEXT NOT NULL,             -- presence, live, replay, own, creation
    origin TEXT NOT NULL,           -- measured (by an activity done), declared (by the learner), attendance, watched, taken-back
    key TEXT NOT NULL,              -- what it is for, once a person: "activity/<id>/own"
    minutes INTEGER NOT NULL,       -- below 0: takes back
    competences INTEGER NOT NULL,   -- bits, see competence.h: those of the module when it was written
    note TEXT NOT NULL,             -- in the words of who declared it or took it back
    done_at INTEGER NOT NULL,       -- when the work was done
    created_at INTEGER NOT NULL,
    created_by INTEGER              -- person; NULL: the program
) STRICT;
CREATE UNIQUE INDEX hours_entry_key ON hours_entry (person_id, key);
CREATE INDEX hours_entry_programme ON hours_entry (person_id, programme_id, done_at);

-- A result in percent of an activity that is marked: a deposit, later a quiz. The last one counts.
CREATE TABLE activity_mark (
    person_id INTEGER NOT NULL REFERENCES person (id),
    activity_id INTEGER NOT NULL REFERENCES activity (id),
    percent INTEGER NOT NULL,
    marked_at INTEGER NOT NULL,
    marked_by INTEGER,              -- person; NULL: the program
    PRIMARY KEY (person_id, activity_id)
) STRICT;

-- Answers to a prompt, read by those who have answered it too, and by trainers.
CREATE TABLE discussion_post (
    id INTEGER PRIMARY KEY,
    activity_id INTEGER NOT NULL REFERENCES activity (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    body TEXT NOT NULL,             -- Markdown
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    removed_at INTEGER              -- by a trainer, or by the person
) STRICT;
CREATE INDEX discussion_post_activity ON discussion_post (activity_id, id);
CREATE INDEX discussion_post_person ON discussion_post (person_id);

-- Files that trainers put into their pages and activities.
CREATE TABLE material (
    id INTEGER PRIMARY KEY,
    blob TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,             -- as file(1) saw it
    size INTEGER NOT NULL,
    uploaded_by INTEGER,            -- person
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX material_blob ON material (blob);
