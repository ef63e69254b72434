-- Somebody's programmes, the newest first, without sorting: "Mon espace" reads its next steps off it and stops at five.
CREATE INDEX enrolment_recent ON enrolment (person_id, changed_at);
