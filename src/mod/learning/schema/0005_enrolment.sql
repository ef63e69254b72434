-- How somebody gets into a group: asked, approved, waiting, confirmed, cancelled, replaced, completed; which may become which
-- is a table in enrolment.c and in the README.
ALTER TABLE enrolment ADD COLUMN rank INTEGER;              -- in the line, by arrival; NULL: does not wait
ALTER TABLE enrolment ADD COLUMN kept_until INTEGER;         -- approved: the place is kept until then
ALTER TABLE enrolment ADD COLUMN organisation_id INTEGER REFERENCES organisation (id);  -- they come for; its head agrees
ALTER TABLE enrolment ADD COLUMN network_id INTEGER;        -- organisation: the quota that it counts for; NULL: none
ALTER TABLE enrolment ADD COLUMN replaces_id INTEGER;       -- enrolment whose place this one took over

UPDATE enrolment SET rank = (SELECT count(*) FROM enrolment o WHERE o.cohort_id = enrolment.cohort_id AND o.state = 'waiting'
    AND (o.changed_at < enrolment.changed_at OR (o.changed_at = enrolment.changed_at AND o.id <= enrolment.id)))
WHERE state = 'waiting';
UPDATE enrolment SET state = 'completed' WHERE state = 'confirmed' AND EXISTS (
    SELECT 1 FROM programme_completion d WHERE d.person_id = enrolment.person_id AND d.programme_id = enrolment.programme_id);

CREATE UNIQUE INDEX enrolment_line ON enrolment (cohort_id, rank);
CREATE INDEX enrolment_network ON enrolment (cohort_id, network_id);
CREATE INDEX enrolment_organisation ON enrolment (organisation_id, state);
CREATE INDEX enrolment_kept_until ON enrolment (kept_until) WHERE kept_until IS NOT NULL;

-- Each state that an enrolment went through; never changed.
CREATE TABLE enrolment_step (
    id INTEGER PRIMARY KEY,
    enrolment_id INTEGER NOT NULL REFERENCES enrolment (id) ON DELETE CASCADE,
    state TEXT NOT NULL,            -- that it came into
    rank INTEGER,                   -- in the line, when it waited
    reason TEXT NOT NULL,           -- in the words of who decided; '' none
    at INTEGER NOT NULL,
    by_id INTEGER                   -- person; NULL: the program
) STRICT;
CREATE INDEX enrolment_step_enrolment ON enrolment_step (enrolment_id, id);
CREATE INDEX enrolment_step_by ON enrolment_step (by_id);

-- What was answered to the questions of the group.
CREATE TABLE enrolment_answer (
    enrolment_id INTEGER NOT NULL REFERENCES enrolment (id) ON DELETE CASCADE,
    question_id INTEGER NOT NULL REFERENCES cohort_question (id),
    text TEXT NOT NULL,
    PRIMARY KEY (enrolment_id, question_id)
) STRICT;
