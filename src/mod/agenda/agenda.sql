-- What meets in a span of time. 0: whoever, whatever, wherever. No meeting is longer than two days: that bounds the search.
-- events(from int, to int, person int, programme int, room int, trainer int, cancelled int, most int): many { node_title text?, room text?, room_place text?, steps int }
SELECT m.id, m.cohort_id, m.module_id, m.starts_at, m.ends_at, m.title, n.title AS node_title, c.label, p.title AS programme, p.slug,
       p.area, m.mode, m.room_id, r.name AS room, r.place AS room_place, m.place, m.link, m.sequence, m.changed_at, m.cancelled_at, m.sample,
       CAST((SELECT count(*) FROM enrolment e JOIN enrolment_step s ON s.enrolment_id = e.id
             WHERE e.person_id = :person AND e.cohort_id = m.cohort_id) AS BIGINT)
       + coalesce((SELECT d.steps FROM date_place d WHERE d.cohort_id = m.cohort_id AND d.person_id = :person), 0) AS steps
FROM meeting m JOIN cohort c ON c.id = m.cohort_id JOIN programme p ON p.id = c.programme_id
LEFT JOIN programme_node n ON n.version_id = c.version_id AND n.node_id = m.module_id
LEFT JOIN room r ON r.id = m.room_id
WHERE m.starts_at < :to AND m.starts_at > :from - 172800000 AND m.ends_at > :from
  AND (:cancelled = 1 OR m.cancelled_at IS NULL)
  AND (:programme = 0 OR c.programme_id = :programme) AND (:room = 0 OR m.room_id = :room)
  AND (:trainer = 0 OR EXISTS (SELECT 1 FROM meeting_trainer t WHERE t.meeting_id = m.id AND t.person_id = :trainer))
  AND (:person = 0 OR EXISTS (SELECT 1 FROM enrolment e WHERE e.person_id = :person AND e.state IN ('confirmed', 'completed')
                              AND e.cohort_id = m.cohort_id)
       OR EXISTS (SELECT 1 FROM date_place d WHERE d.cohort_id = m.cohort_id AND d.person_id = :person AND d.state = 'confirmed')
       OR EXISTS (SELECT 1 FROM meeting_trainer t WHERE t.meeting_id = m.id AND t.person_id = :person))
ORDER BY m.starts_at, m.id LIMIT :most;

-- programmes(now int): many
SELECT p.id, p.slug, p.title FROM programme p WHERE EXISTS (
    SELECT 1 FROM cohort c WHERE c.programme_id = p.id AND c.ends_at > :now) ORDER BY p.title, p.id LIMIT 200;

-- rooms(): many
SELECT id, name FROM room WHERE closed_at IS NULL ORDER BY name LIMIT 200;

-- trainers(now int): many
SELECT p.id, p.name FROM person p WHERE p.closed_at IS NULL AND p.id IN (
    SELECT t.person_id FROM meeting m JOIN meeting_trainer t ON t.meeting_id = m.id WHERE m.ends_at > :now)
ORDER BY p.name, p.id LIMIT 200;

-- feed(person int): one
SELECT created_at FROM agenda_feed WHERE person_id = :person;

-- set_feed(person int, hash blob, now int): exec
INSERT INTO agenda_feed (person_id, secret_hash, created_at) VALUES (:person, :hash, :now)
ON CONFLICT (person_id) DO UPDATE SET secret_hash = excluded.secret_hash, created_at = excluded.created_at;

-- drop_feed(person int): exec
DELETE FROM agenda_feed WHERE person_id = :person;

-- owner(hash blob): one
SELECT f.person_id, p.lang FROM agenda_feed f JOIN person p ON p.id = f.person_id
WHERE f.secret_hash = :hash AND p.closed_at IS NULL;

-- held_feed(person int): many
SELECT created_at FROM agenda_feed WHERE person_id = :person;
