-- The last day on which somebody was here, since 1970; 0: not since this is noted. A day is enough to know who is gone for years.
ALTER TABLE person ADD COLUMN seen_day INTEGER NOT NULL DEFAULT 0;
UPDATE person SET seen_day = (SELECT max(s.seen_at) / 86400000 FROM session s WHERE s.person_id = person.id)
WHERE EXISTS (SELECT 1 FROM session s WHERE s.person_id = person.id);
CREATE INDEX person_seen ON person (seen_day, created_at) WHERE closed_at IS NULL;
