CREATE TABLE room (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    place TEXT NOT NULL,            -- town, how to find it
    seats INTEGER NOT NULL,         -- 0 not said
    sample INTEGER NOT NULL,
    closed_at INTEGER               -- NULL: in use
) STRICT;

-- How people get into a cohort. Without a row: open until it begins, nobody has to agree.
CREATE TABLE cohort_plan (
    cohort_id INTEGER PRIMARY KEY REFERENCES cohort (id),
    opens_at INTEGER,               -- NULL: at once
    closes_at INTEGER,              -- NULL: when it begins
    approval INTEGER NOT NULL,      -- 1: a head must agree
    answer_hours INTEGER NOT NULL,  -- how long one has to take up a place that came free; 0: it is taken for them
    note TEXT NOT NULL,             -- practical words for who is in, Markdown
    created_by INTEGER,             -- person; NULL: the program
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    cancelled_at INTEGER            -- NULL: takes place
) STRICT;

-- At most so many of the places go to people of this network.
CREATE TABLE cohort_quota (
    cohort_id INTEGER NOT NULL REFERENCES cohort (id),
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    places INTEGER NOT NULL,
    PRIMARY KEY (cohort_id, organisation_id)
) STRICT;

CREATE TABLE cohort_question (
    id INTEGER PRIMARY KEY,
    cohort_id INTEGER NOT NULL REFERENCES cohort (id),
    position INTEGER NOT NULL,
    label TEXT NOT NULL,
    choices TEXT NOT NULL,          -- one a line; '' = a free answer
    required INTEGER NOT NULL,
    removed_at INTEGER              -- answers stay readable
) STRICT;
CREATE INDEX cohort_question_cohort ON cohort_question (cohort_id, position);

CREATE TABLE meeting (
    id INTEGER PRIMARY KEY,
    cohort_id INTEGER NOT NULL REFERENCES cohort (id),
    module_id INTEGER REFERENCES module (id),   -- what it is about; NULL: the whole
    title TEXT NOT NULL,            -- '' = the module's, or the cohort's label
    mode TEXT NOT NULL,             -- onsite, remote, both
    starts_at INTEGER NOT NULL,     -- UTC
    ends_at INTEGER NOT NULL,
    zone TEXT NOT NULL,             -- the wall clock it was planned on: Europe/Brussels
    room_id INTEGER REFERENCES room (id),
    place TEXT NOT NULL,            -- where, when it is no room of ours
    link TEXT NOT NULL,             -- https://…, shown to who is in; '' none
    sequence INTEGER NOT NULL,      -- rises with each change that calendars must learn of
    sample INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    cancelled_at INTEGER            -- NULL: takes place
) STRICT;
CREATE INDEX meeting_cohort ON meeting (cohort_id, starts_at);
CREATE INDEX meeting_time ON meeting (starts_at, ends_at);
CREATE INDEX meeting_room ON meeting (room_id, starts_at);
CREATE INDEX meeting_module ON meeting (module_id);

CREATE TABLE meeting_trainer (
    meeting_id INTEGER NOT NULL REFERENCES meeting (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    PRIMARY KEY (meeting_id, person_id)
) STRICT;
CREATE INDEX meeting_trainer_person ON meeting_trainer (person_id, meeting_id);

-- The half-days of a meeting: what attendance is taken by.
CREATE TABLE meeting_half (
    id INTEGER PRIMARY KEY,
    meeting_id INTEGER NOT NULL REFERENCES meeting (id),
    position INTEGER NOT NULL,      -- 0, 1
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    UNIQUE (meeting_id, position)
) STRICT;
