CREATE TABLE enrolment (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    programme_id INTEGER NOT NULL REFERENCES programme (id),
    cohort_id INTEGER REFERENCES cohort (id),  -- NULL: the programme has no dates
    state TEXT NOT NULL,                       -- confirmed, waiting, cancelled
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (person_id, programme_id)
) STRICT;
CREATE INDEX enrolment_cohort ON enrolment (cohort_id, state, id);

CREATE TABLE completion (
    person_id INTEGER NOT NULL REFERENCES person (id),
    activity_id INTEGER NOT NULL REFERENCES activity (id),
    module_id INTEGER NOT NULL REFERENCES module (id),
    completed_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, activity_id)
) STRICT;
CREATE INDEX completion_module ON completion (person_id, module_id);

CREATE TABLE module_completion (
    person_id INTEGER NOT NULL REFERENCES person (id),
    module_id INTEGER NOT NULL REFERENCES module (id),
    programme_id INTEGER NOT NULL REFERENCES programme (id),
    completed_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, module_id)
) STRICT;
CREATE INDEX module_completion_programme ON module_completion (person_id, programme_id);

CREATE TABLE programme_completion (
    person_id INTEGER NOT NULL REFERENCES person (id),
    programme_id INTEGER NOT NULL REFERENCES programme (id),
    completed_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, programme_id)
) STRICT;
