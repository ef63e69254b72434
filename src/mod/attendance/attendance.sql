-- Marks: the last one about a person in a half-day counts

-- add_mark(id int, half int, person int, state text, way text, live int, minutes int, reason text, now int, by int?): exec
INSERT INTO attendance_mark (id, half_id, person_id, state, way, live, minutes, reason, at, by_id)
VALUES (:id, :half, :person, :state, :way, :live, :minutes, :reason, :now, :by);

-- mark(half int, person int): one
SELECT id, half_id, person_id, state, way, live, minutes, reason, at, by_id FROM attendance_mark
WHERE half_id = :half AND person_id = :person ORDER BY id DESC LIMIT 1;

-- marks(half int): many as mark
SELECT k.id, k.half_id, k.person_id, k.state, k.way, k.live, k.minutes, k.reason, k.at, k.by_id FROM attendance_mark k
WHERE k.half_id = :half
  AND k.id = (SELECT max(b.id) FROM attendance_mark b WHERE b.half_id = k.half_id AND b.person_id = k.person_id)
ORDER BY k.person_id;

-- The words up to one: what stood there when a list was opened.
-- marks_until(half int, last int): many as mark
SELECT k.id, k.half_id, k.person_id, k.state, k.way, k.live, k.minutes, k.reason, k.at, k.by_id FROM attendance_mark k
WHERE k.half_id = :half
  AND k.id = (SELECT max(b.id) FROM attendance_mark b WHERE b.half_id = k.half_id AND b.person_id = k.person_id AND b.id <= :last)
ORDER BY k.person_id;

-- All words about a group, each person's of a half-day in their order: who reads them keeps the last.
-- group_marks(cohort int): many as mark
SELECT k.id, k.half_id, k.person_id, k.state, k.way, k.live, k.minutes, k.reason, k.at, k.by_id
FROM meeting m JOIN meeting_half h ON h.meeting_id = m.id JOIN attendance_mark k ON k.half_id = h.id
WHERE m.cohort_id = :cohort AND m.cancelled_at IS NULL AND h.removed_at IS NULL
ORDER BY k.person_id, k.half_id, k.id LIMIT 40000;

-- All words about a half-day, for who corrects.
-- history(half int): many { name text, by_name text? }
SELECT k.id, k.state, k.way, k.minutes, k.reason, k.at, w.name, b.name AS by_name
FROM attendance_mark k JOIN person w ON w.id = k.person_id LEFT JOIN person b ON b.id = k.by_id
WHERE k.half_id = :half ORDER BY k.id DESC LIMIT 200;

-- Half-days and who is expected

-- half(id int): one { node_title text? }
SELECT h.id, h.position, h.starts_at, h.ends_at, m.id AS meeting_id, m.cohort_id, m.module_id, m.mode, m.title,
       n.title AS node_title, c.label, c.programme_id, c.version_id, p.title AS programme, p.area
FROM meeting_half h JOIN meeting m ON m.id = h.meeting_id JOIN cohort c ON c.id = m.cohort_id
JOIN programme p ON p.id = c.programme_id
LEFT JOIN programme_node n ON n.version_id = c.version_id AND n.node_id = m.module_id
WHERE h.id = :id AND h.removed_at IS NULL AND m.cancelled_at IS NULL;

-- halves_of(meeting int): many as half { node_title text? }
SELECT h.id, h.position, h.starts_at, h.ends_at, m.id AS meeting_id, m.cohort_id, m.module_id, m.mode, m.title,
       n.title AS node_title, c.label, c.programme_id, c.version_id, p.title AS programme, p.area
FROM meeting_half h JOIN meeting m ON m.id = h.meeting_id JOIN cohort c ON c.id = m.cohort_id
JOIN programme p ON p.id = c.programme_id
LEFT JOIN programme_node n ON n.version_id = c.version_id AND n.node_id = m.module_id
WHERE m.id = :meeting AND h.removed_at IS NULL AND m.cancelled_at IS NULL ORDER BY h.position;

-- The half-days in a span of time that a person may sign: of their groups, and of the dates of their programmes, also without a
-- place there.
-- my_halves(person int, from int, to int): many as half { node_title text? }
SELECT h.id, h.position, h.starts_at, h.ends_at, m.id AS meeting_id, m.cohort_id, m.module_id, m.mode, m.title,
       n.title AS node_title, c.label, c.programme_id, c.version_id, p.title AS programme, p.area
FROM enrolment e JOIN programme p ON p.id = e.programme_id
JOIN cohort c ON c.programme_id = e.programme_id AND (c.id = e.cohort_id OR c.module_id IS NOT NULL)
JOIN meeting m ON m.cohort_id = c.id JOIN meeting_half h ON h.meeting_id = m.id
LEFT JOIN programme_node n ON n.version_id = c.version_id AND n.node_id = m.module_id
WHERE e.person_id = :person AND e.state IN ('confirmed', 'completed') AND m.cancelled_at IS NULL AND h.removed_at IS NULL
  AND m.starts_at < :to AND m.starts_at > :from - 172800000 AND h.starts_at < :to AND h.ends_at > :from
ORDER BY h.starts_at, h.id LIMIT 20;

-- Where they are expected, what has no word about them yet.
-- to_sign(person int, from int, to int): many as half { node_title text? }
SELECT h.id, h.position, h.starts_at, h.ends_at, m.id AS meeting_id, m.cohort_id, m.module_id, m.mode, m.title,
       n.title AS node_title, c.label, c.programme_id, c.version_id, p.title AS programme, p.area
FROM enrolment e JOIN programme p ON p.id = e.programme_id
JOIN cohort c ON c.programme_id = e.programme_id AND (c.id = e.cohort_id
     OR EXISTS (SELECT 1 FROM date_place d WHERE d.cohort_id = c.id AND d.person_id = e.person_id AND d.state = 'confirmed'))
JOIN meeting m ON m.cohort_id = c.id JOIN meeting_half h ON h.meeting_id = m.id
LEFT JOIN programme_node n ON n.version_id = c.version_id AND n.node_id = m.module_id
WHERE e.person_id = :person AND e.state IN ('confirmed', 'completed') AND m.cancelled_at IS NULL AND h.removed_at IS NULL
  AND m.starts_at < :to AND m.starts_at > :from - 172800000 AND h.starts_at < :to AND h.ends_at > :from
  AND NOT EXISTS (SELECT 1 FROM attendance_mark k WHERE k.half_id = h.id AND k.person_id = e.person_id)
ORDER BY h.starts_at, h.id LIMIT 20;

-- is_expected(person int, cohort int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM cohort c JOIN enrolment e ON e.programme_id = c.programme_id AND e.person_id = :person
WHERE c.id = :cohort AND e.state IN ('confirmed', 'completed') AND (e.cohort_id = c.id OR c.module_id IS NOT NULL);

-- expected(cohort int, most int): many
SELECT e.person_id, w.name FROM enrolment e JOIN person w ON w.id = e.person_id
WHERE e.cohort_id = :cohort AND e.state IN ('confirmed', 'completed') AND w.closed_at IS NULL ORDER BY w.name, w.id LIMIT :most;

-- Who has a place on a date.
-- expected_there(cohort int, most int): many as expected
SELECT d.person_id, w.name FROM date_place d JOIN person w ON w.id = d.person_id
WHERE d.cohort_id = :cohort AND d.state = 'confirmed' AND w.closed_at IS NULL ORDER BY w.name, w.id LIMIT :most;

-- Meetings in a span of time, of one trainer or (0) of all, with how many people signed.
-- meetings(trainer int, from int, to int, most int): many { node_title text?, listed int }
SELECT m.id, m.starts_at, m.ends_at, m.title, n.title AS node_title, m.mode, c.id AS cohort_id, c.label, c.taken, c.sample,
       p.title AS programme, p.area,
       CAST((SELECT count(DISTINCT k.person_id) FROM meeting_half h JOIN attendance_mark k ON k.half_id = h.id
             WHERE h.meeting_id = m.id) AS BIGINT) AS listed
FROM meeting m JOIN cohort c ON c.id = m.cohort_id JOIN programme p ON p.id = c.programme_id
LEFT JOIN programme_node n ON n.version_id = c.version_id AND n.node_id = m.module_id
WHERE m.starts_at >= :from AND m.starts_at < :to AND m.cancelled_at IS NULL
  AND (:trainer = 0 OR EXISTS (SELECT 1 FROM meeting_trainer t WHERE t.meeting_id = m.id AND t.person_id = :trainer))
ORDER BY m.starts_at, m.id LIMIT :most;

-- The meeting activities of a module, and which of the group's meetings about it this one is: they belong together by their order.
-- meeting_steps(version int, module int): many
SELECT node_id AS id FROM programme_node WHERE version_id = :version AND parent_id = :module AND kind = 'meeting' AND removed_at = 0
ORDER BY position;

-- before_it(cohort int, module int, starts int, meeting int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM meeting WHERE cohort_id = :cohort AND module_id = :module AND cancelled_at IS NULL
  AND (starts_at < :starts OR (starts_at = :starts AND id < :meeting));

-- What a person sees of theirs

-- Their groups, and those open to a whole programme where they were.
-- my_groups(person int): many { attended int, minutes int, halves int }
SELECT c.id, c.label, c.starts_at, c.ends_at, p.title AS programme, p.slug, p.area,
       CAST((SELECT count(*) FROM meeting m JOIN meeting_half h ON h.meeting_id = m.id
             WHERE m.cohort_id = c.id AND m.cancelled_at IS NULL AND h.removed_at IS NULL) AS BIGINT) AS halves,
       CAST((SELECT count(*) FROM meeting m JOIN meeting_half h ON h.meeting_id = m.id JOIN attendance_mark k ON k.half_id = h.id
             WHERE m.cohort_id = c.id AND k.person_id = :person AND k.minutes > 0
               AND k.id = (SELECT max(b.id) FROM attendance_mark b WHERE b.half_id = h.id AND b.person_id = :person)) AS BIGINT)
           AS attended,
       CAST((SELECT coalesce(sum(k.minutes), 0) FROM meeting m JOIN meeting_half h ON h.meeting_id = m.id
             JOIN attendance_mark k ON k.half_id = h.id
             WHERE m.cohort_id = c.id AND k.person_id = :person
               AND k.id = (SELECT max(b.id) FROM attendance_mark b WHERE b.half_id = h.id AND b.person_id = :person)) AS BIGINT)
           AS minutes
FROM cohort c JOIN programme p ON p.id = c.programme_id
WHERE c.id IN (SELECT e.cohort_id FROM enrolment e WHERE e.person_id = :person AND e.state IN ('confirmed', 'completed'))
   OR c.id IN (SELECT m.cohort_id FROM attendance_mark k JOIN meeting_half h ON h.id = k.half_id
               JOIN meeting m ON m.id = h.meeting_id WHERE k.person_id = :person)
ORDER BY c.starts_at DESC, c.id DESC LIMIT 50;

-- my_marks(person int, most int): many as held { title text?, position int }
SELECT k.half_id, k.state, k.way, k.minutes, k.reason, k.at, h.starts_at, h.position, n.title, c.label, p.title AS programme
FROM attendance_mark k JOIN meeting_half h ON h.id = k.half_id JOIN meeting m ON m.id = h.meeting_id
JOIN cohort c ON c.id = m.cohort_id JOIN programme p ON p.id = c.programme_id
LEFT JOIN programme_node n ON n.version_id = c.version_id AND n.node_id = m.module_id
WHERE k.person_id = :person
  AND k.id = (SELECT max(b.id) FROM attendance_mark b WHERE b.half_id = k.half_id AND b.person_id = k.person_id)
ORDER BY h.starts_at DESC, k.id DESC LIMIT :most;

-- person_name(id int): one
SELECT name FROM person WHERE id = :id;

-- Privacy

-- held(person int): many { title text? }
SELECT k.half_id, k.state, k.way, k.minutes, k.reason, k.at, h.starts_at, h.position, n.title, c.label, p.title AS programme
FROM attendance_mark k JOIN meeting_half h ON h.id = k.half_id JOIN meeting m ON m.id = h.meeting_id
JOIN cohort c ON c.id = m.cohort_id JOIN programme p ON p.id = c.programme_id
LEFT JOIN programme_node n ON n.version_id = c.version_id AND n.node_id = m.module_id
WHERE k.person_id = :person ORDER BY k.id;

-- What stays is that somebody was there; the words go.
-- forget_words(person int): exec
UPDATE attendance_mark SET reason = '' WHERE (person_id = :person OR by_id = :person) AND reason <> '';

-- forget_writer(person int): exec
UPDATE attendance_mark SET by_id = NULL WHERE by_id = :person;

-- For the sample data

-- module(slug text): one
SELECT id, programme_id FROM module WHERE slug = :slug;

-- --- a year of the centre: the load of `edulab demo --size year` -----------------------------------------------------------

-- year_marks(base int, from int, to int, now int): exec
INSERT INTO attendance_mark (id, half_id, person_id, state, way, live, minutes, reason, at, by_id)
SELECT :base + (e.id - :base) * 16 + (h.id - :base) % 10, h.id, e.person_id,
       CASE (e.id + h.id) % 9 WHEN 0 THEN 'absent' WHEN 1 THEN 'late' ELSE 'present' END, 'code', 0,
       CASE (e.id + h.id) % 9 WHEN 0 THEN 0 ELSE 180 END, '', h.starts_at, NULL
FROM enrolment e JOIN meeting m ON m.cohort_id = e.cohort_id JOIN meeting_half h ON h.meeting_id = m.id
WHERE e.id >= :base + :from * 4 AND e.id < :base + :to * 4 AND m.id >= :base AND h.ends_at < :now;
