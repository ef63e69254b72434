-- How far somebody is, kept beside the enrolment and written by each completion, so that lists of a whole group need not count.
ALTER TABLE enrolment ADD COLUMN steps_done INTEGER NOT NULL DEFAULT 0;
ALTER TABLE enrolment ADD COLUMN modules_done INTEGER NOT NULL DEFAULT 0;
ALTER TABLE enrolment ADD COLUMN active_at INTEGER;     -- the last completion; NULL: none yet
ALTER TABLE enrolment ADD COLUMN module_id INTEGER;     -- where that was
CREATE INDEX enrolment_alone ON enrolment (programme_id) WHERE cohort_id IS NULL;

UPDATE enrolment SET
  steps_done = (SELECT count(*) FROM completion d JOIN module m ON m.id = d.module_id
                WHERE d.person_id = enrolment.person_id AND m.programme_id = enrolment.programme_id),
  modules_done = (SELECT count(*) FROM module_completion d
                  WHERE d.person_id = enrolment.person_id AND d.programme_id = enrolment.programme_id),
  active_at = (SELECT max(d.completed_at) FROM completion d JOIN module m ON m.id = d.module_id
               WHERE d.person_id = enrolment.person_id AND m.programme_id = enrolment.programme_id);
