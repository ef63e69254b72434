-- Places on the dates of single modules: a flexible path is followed in one's own order, and each module has dates to choose from.
CREATE TABLE date_place (
    cohort_id INTEGER NOT NULL REFERENCES cohort (id),     -- a date: a cohort of one module
    person_id INTEGER NOT NULL REFERENCES person (id),
    state TEXT NOT NULL,            -- waiting, confirmed, cancelled
    rank INTEGER,                   -- in the line, by arrival; NULL: does not wait
    steps INTEGER NOT NULL,         -- how often it changed: calendars want words that rise
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (cohort_id, person_id)
) STRICT;
CREATE UNIQUE INDEX date_place_line ON date_place (cohort_id, rank);
CREATE INDEX date_place_person ON date_place (person_id, state);
