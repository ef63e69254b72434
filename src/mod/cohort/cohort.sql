-- Cohorts

-- find(id int): one { opens_at int?, closes_at int?, approval int, answer_hours int, note text, cancelled_at int? }
SELECT c.id, c.programme_id, c.version_id, c.module_id, p.slug AS programme_slug, p.title AS programme_title, p.area,
       c.label, c.place, c.starts_at, c.ends_at, c.places, c.taken, c.sample, l.opens_at, l.closes_at, l.cancelled_at,
       coalesce(l.approval, 0) AS approval, coalesce(l.answer_hours, 0) AS answer_hours, coalesce(l.note, '') AS note
FROM cohort c JOIN programme p ON p.id = c.programme_id LEFT JOIN cohort_plan l ON l.cohort_id = c.id
WHERE c.id = :id;

-- The groups of a programme in which one can enrol now, and how many are still planned or under way.
-- enrolling(programme int, now int): many as find { opens_at int?, closes_at int?, approval int, answer_hours int, note text, cancelled_at int? }
SELECT c.id, c.programme_id, c.version_id, c.module_id, p.slug AS programme_slug, p.title AS programme_title, p.area,
       c.label, c.place, c.starts_at, c.ends_at, c.places, c.taken, c.sample, l.opens_at, l.closes_at, l.cancelled_at,
       coalesce(l.approval, 0) AS approval, coalesce(l.answer_hours, 0) AS answer_hours, coalesce(l.note, '') AS note
FROM cohort c JOIN programme p ON p.id = c.programme_id LEFT JOIN cohort_plan l ON l.cohort_id = c.id
WHERE c.programme_id = :programme AND c.module_id IS NULL AND c.ends_at > :now AND l.cancelled_at IS NULL
  AND (l.opens_at IS NULL OR l.opens_at <= :now) AND coalesce(l.closes_at, c.starts_at) > :now
ORDER BY c.starts_at, c.id LIMIT 50;

-- planned(programme int, now int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM cohort c WHERE c.programme_id = :programme AND c.module_id IS NULL AND c.ends_at > :now;

-- questions(cohort int): many
SELECT id, position, label, choices, required FROM cohort_question WHERE cohort_id = :cohort AND removed_at IS NULL
ORDER BY position, id LIMIT 8;

-- set_plan(cohort int, opens int?, closes int?, approval int, answer_hours int, note text, by int?, now int): exec
INSERT INTO cohort_plan (cohort_id, opens_at, closes_at, approval, answer_hours, note, created_by, created_at, changed_at,
                         cancelled_at)
VALUES (:cohort, :opens, :closes, :approval, :answer_hours, :note, :by, :now, :now, NULL)
ON CONFLICT (cohort_id) DO UPDATE SET opens_at = excluded.opens_at, closes_at = excluded.closes_at,
    approval = excluded.approval, answer_hours = excluded.answer_hours, note = excluded.note, changed_at = excluded.changed_at;

-- Planning

-- planned_list(like text, now int, most int, skip int): many { cancelled_at int? }
SELECT c.id, c.label, c.starts_at, c.ends_at, c.places, c.taken, c.sample, p.title, l.cancelled_at
FROM cohort c JOIN programme p ON p.id = c.programme_id LEFT JOIN cohort_plan l ON l.cohort_id = c.id
WHERE c.label LIKE :like OR p.title LIKE :like
ORDER BY CASE WHEN c.ends_at > :now THEN 0 ELSE 1 END, CASE WHEN c.ends_at > :now THEN c.starts_at ELSE -c.starts_at END, c.id
LIMIT :most OFFSET :skip;

-- count_planned(like text): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM cohort c JOIN programme p ON p.id = c.programme_id
WHERE c.label LIKE :like OR p.title LIKE :like;

-- plannable(): many
SELECT slug, title FROM programme WHERE version_id IS NOT NULL ORDER BY title, id LIMIT 2000;

-- can_train(): many
SELECT p.id, p.name FROM person p WHERE p.closed_at IS NULL AND (
    p.id IN (SELECT r.person_id FROM person_role r WHERE r.role IN ('trainer', 'coach', 'staff'))
    OR p.id IN (SELECT m.person_id FROM membership m WHERE m.role IN ('trainer', 'coach') AND m.ends_at IS NULL))
ORDER BY p.name, p.id LIMIT 300;

-- quotas(cohort int): many
SELECT organisation_id, places FROM cohort_quota WHERE cohort_id = :cohort ORDER BY organisation_id;

-- place_question(id int, position int, required int): exec
UPDATE cohort_question SET position = :position, required = :required WHERE id = :id;

-- remove_question(id int, now int): exec
UPDATE cohort_question SET removed_at = :now WHERE id = :id AND removed_at IS NULL;

-- cancel_plan(cohort int, by int?, now int): exec
INSERT INTO cohort_plan (cohort_id, opens_at, closes_at, approval, answer_hours, note, created_by, created_at, changed_at,
                         cancelled_at)
VALUES (:cohort, NULL, NULL, 0, 0, '', :by, :now, :now, :now)
ON CONFLICT (cohort_id) DO UPDATE SET cancelled_at = excluded.cancelled_at, changed_at = excluded.changed_at;

-- Rooms

-- rooms(): many
SELECT id, name, place, seats, sample FROM room WHERE closed_at IS NULL ORDER BY name LIMIT 500;

-- room(id int): one as rooms
SELECT id, name, place, seats, sample FROM room WHERE id = :id;

-- add_room(id int, name text, place text, seats int, sample int): exec
INSERT INTO room (id, name, place, seats, sample, closed_at) VALUES (:id, :name, :place, :seats, :sample, NULL)
ON CONFLICT (name) DO NOTHING;

-- Meetings

-- meetings(cohort int): many { node_title text?, room text?, room_place text? }
SELECT m.id, m.cohort_id, m.module_id, m.title, c.label, n.title AS node_title, m.mode, m.starts_at, m.ends_at, m.room_id,
       r.name AS room, r.place AS room_place, m.place, m.link, m.sequence, m.changed_at, m.cancelled_at
FROM meeting m JOIN cohort c ON c.id = m.cohort_id
LEFT JOIN programme_node n ON n.version_id = c.version_id AND n.node_id = m.module_id
LEFT JOIN room r ON r.id = m.room_id
WHERE m.cohort_id = :cohort ORDER BY m.starts_at, m.id;

-- meeting(id int): one as meetings { node_title text?, room text?, room_place text? }
SELECT m.id, m.cohort_id, m.module_id, m.title, c.label, n.title AS node_title, m.mode, m.starts_at, m.ends_at, m.room_id,
       r.name AS room, r.place AS room_place, m.place, m.link, m.sequence, m.changed_at, m.cancelled_at
FROM meeting m JOIN cohort c ON c.id = m.cohort_id
LEFT JOIN programme_node n ON n.version_id = c.version_id AND n.node_id = m.module_id
LEFT JOIN room r ON r.id = m.room_id
WHERE m.id = :id;

-- add_meeting(id int, cohort int, module int?, title text, mode text, starts int, ends int, room int?, place text, link text, sample int, now int): exec
INSERT INTO meeting (id, cohort_id, module_id, title, mode, starts_at, ends_at, zone, room_id, place, link, sequence, sample,
                     changed_at, cancelled_at)
VALUES (:id, :cohort, :module, :title, :mode, :starts, :ends, 'Europe/Brussels', :room, :place, :link, 0, :sample, :now, NULL);

-- raw_meeting(id int): one
SELECT id, cohort_id, module_id, title, mode, starts_at, ends_at, room_id, place, link, sample, cancelled_at
FROM meeting WHERE id = :id;

-- change_meeting(id int, module int?, title text, mode text, starts int, ends int, room int?, place text, link text, now int): exec
UPDATE meeting SET module_id = :module, title = :title, mode = :mode, starts_at = :starts, ends_at = :ends, room_id = :room,
       place = :place, link = :link, sequence = sequence + 1, changed_at = :now
WHERE id = :id AND cancelled_at IS NULL;

-- cancel_meeting(id int, now int): exec
UPDATE meeting SET cancelled_at = :now, changed_at = :now, sequence = sequence + 1 WHERE id = :id AND cancelled_at IS NULL;

-- touch_meeting(id int, now int): exec
UPDATE meeting SET sequence = sequence + 1, changed_at = :now WHERE id = :id AND cancelled_at IS NULL;

-- span(cohort int): one { starts_at int?, ends_at int? }
SELECT min(starts_at) AS starts_at, max(ends_at) AS ends_at FROM meeting WHERE cohort_id = :cohort AND cancelled_at IS NULL;

-- Half-days

-- halves(cohort int): many
SELECT h.id, h.meeting_id, h.starts_at, h.ends_at FROM meeting m JOIN meeting_half h ON h.meeting_id = m.id
WHERE m.cohort_id = :cohort AND m.cancelled_at IS NULL AND h.removed_at IS NULL ORDER BY h.starts_at, h.id;

-- half(id int): one as halves
SELECT id, meeting_id, starts_at, ends_at FROM meeting_half WHERE id = :id AND removed_at IS NULL;

-- set_half(id int, meeting int, position int, starts int, ends int): exec
INSERT INTO meeting_half (id, meeting_id, position, starts_at, ends_at) VALUES (:id, :meeting, :position, :starts, :ends)
ON CONFLICT (meeting_id, position) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at, removed_at = NULL;

-- drop_half(meeting int, position int, now int): exec
UPDATE meeting_half SET removed_at = :now WHERE meeting_id = :meeting AND position = :position AND removed_at IS NULL;

-- Trainers

-- trainers(cohort int): many
SELECT t.meeting_id, t.person_id, p.name FROM meeting m JOIN meeting_trainer t ON t.meeting_id = m.id
JOIN person p ON p.id = t.person_id WHERE m.cohort_id = :cohort ORDER BY m.starts_at, m.id, p.name, p.id;

-- meeting_trainers(meeting int): many
SELECT person_id FROM meeting_trainer WHERE meeting_id = :meeting ORDER BY person_id;

-- has_trainer(cohort int, person int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM meeting m JOIN meeting_trainer t ON t.meeting_id = m.id
WHERE m.cohort_id = :cohort AND t.person_id = :person;

-- add_trainer(meeting int, person int): exec
INSERT INTO meeting_trainer (meeting_id, person_id) VALUES (:meeting, :person) ON CONFLICT (meeting_id, person_id) DO NOTHING;

-- drop_trainers(meeting int): exec
DELETE FROM meeting_trainer WHERE meeting_id = :meeting;

-- Clashes: no meeting is longer than two days, so the index on starts_at bounds the search.

-- clash_room(room int, starts int, ends int, since int, except int): many { node_title text? }
SELECT m.id, m.starts_at, m.ends_at, r.name AS who, m.title, n.title AS node_title, c.label
FROM meeting m JOIN cohort c ON c.id = m.cohort_id JOIN room r ON r.id = m.room_id
LEFT JOIN programme_node n ON n.version_id = c.version_id AND n.node_id = m.module_id
WHERE m.room_id = :room AND m.starts_at < :ends AND m.starts_at > :since AND m.ends_at > :starts AND m.cancelled_at IS NULL
  AND m.id <> :except ORDER BY m.starts_at, m.id LIMIT 5;

-- clash_trainer(person int, starts int, ends int, since int, except int): many as clash_room { node_title text? }
SELECT m.id, m.starts_at, m.ends_at, p.name AS who, m.title, n.title AS node_title, c.label
FROM meeting m JOIN meeting_trainer t ON t.meeting_id = m.id JOIN person p ON p.id = t.person_id
JOIN cohort c ON c.id = m.cohort_id
LEFT JOIN programme_node n ON n.version_id = c.version_id AND n.node_id = m.module_id
WHERE t.person_id = :person AND m.starts_at < :ends AND m.starts_at > :since AND m.ends_at > :starts
  AND m.cancelled_at IS NULL AND m.id <> :except ORDER BY m.starts_at, m.id LIMIT 5;

-- clash_cohort(cohort int, starts int, ends int, since int, except int): many as clash_room { node_title text? }
SELECT m.id, m.starts_at, m.ends_at, c.label AS who, m.title, n.title AS node_title, c.label
FROM meeting m JOIN cohort c ON c.id = m.cohort_id
LEFT JOIN programme_node n ON n.version_id = c.version_id AND n.node_id = m.module_id
WHERE m.cohort_id = :cohort AND m.starts_at < :ends AND m.starts_at > :since AND m.ends_at > :starts
  AND m.cancelled_at IS NULL AND m.id <> :except ORDER BY m.starts_at, m.id LIMIT 5;

-- Privacy

-- held_trainings(person int): many { title text? }
SELECT m.starts_at, c.label, n.title FROM meeting_trainer t JOIN meeting m ON m.id = t.meeting_id
JOIN cohort c ON c.id = m.cohort_id LEFT JOIN programme_node n ON n.version_id = c.version_id AND n.node_id = m.module_id
WHERE t.person_id = :person ORDER BY m.starts_at, m.id;

-- held_plans(person int): many
SELECT c.label, l.created_at FROM cohort_plan l JOIN cohort c ON c.id = l.cohort_id WHERE l.created_by = :person ORDER BY c.id;

-- forget_trainer(person int): exec
DELETE FROM meeting_trainer WHERE person_id = :person;

-- forget_planner(person int): exec
UPDATE cohort_plan SET created_by = NULL WHERE created_by = :person;

-- Quotas and questions

-- networks(): many
SELECT id, name FROM organisation WHERE kind = 'network' AND closed_at IS NULL ORDER BY name, id LIMIT 100;

-- set_quota(cohort int, organisation int, places int): exec
INSERT INTO cohort_quota (cohort_id, organisation_id, places) VALUES (:cohort, :organisation, :places)
ON CONFLICT (cohort_id, organisation_id) DO UPDATE SET places = excluded.places;

-- drop_quotas(cohort int): exec
DELETE FROM cohort_quota WHERE cohort_id = :cohort;

-- add_question(id int, cohort int, position int, label text, choices text, required int): exec
INSERT INTO cohort_question (id, cohort_id, position, label, choices, required, removed_at)
VALUES (:id, :cohort, :position, :label, :choices, :required, NULL);

-- For the sample data

-- to_plan(): many
SELECT c.id, p.slug, c.version_id, c.module_id, c.label, c.place, c.starts_at, c.ends_at FROM cohort c
JOIN programme p ON p.id = c.programme_id ORDER BY c.starts_at, c.id;

-- modules_of(version int): many
SELECT node_id AS id, code, title FROM programme_node WHERE version_id = :version AND level = 2 AND removed_at = 0
ORDER BY position;

-- modules_published(slug text): many as modules_of
SELECT n.node_id AS id, n.code, n.title FROM programme p JOIN programme_node n ON n.version_id = p.version_id
WHERE p.slug = :slug AND n.level = 2 AND n.removed_at = 0 ORDER BY n.position;

-- --- a year of the centre: the load of `edulab demo --size year` -----------------------------------------------------------

-- year_rooms(base int, count int): exec
WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)
INSERT INTO room (id, name, place, seats, sample, closed_at) SELECT :base + i, 'Salle de l''année ' || (i + 1), 'Gosselies', 24, 1, NULL FROM n;

-- Every ninth day, three hours, on line or in a room.
-- year_meetings(base int, count int, each int, now int): exec
WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)
INSERT INTO meeting (id, cohort_id, module_id, title, mode, starts_at, ends_at, zone, room_id, place, link, sequence, sample, changed_at, cancelled_at)
SELECT :base + n.i, c.id, :base + 1000000 + (c.programme_id - :base) * 10 + n.i % 10, '', CASE n.i % 2 WHEN 0 THEN 'onsite' ELSE 'remote' END,
       c.starts_at + (n.i % :each) * 777600000, c.starts_at + (n.i % :each) * 777600000 + 10800000, 'Europe/Brussels',
       CASE n.i % 2 WHEN 0 THEN :base + n.i % 12 ELSE NULL END, '', CASE n.i % 2 WHEN 0 THEN '' ELSE 'https://visio.exemple.be/' || n.i END,
       0, 1, :now, NULL
FROM n JOIN cohort c ON c.id = :base + n.i / :each;

-- year_halves(base int, count int): exec
INSERT INTO meeting_half (id, meeting_id, position, starts_at, ends_at, removed_at)
SELECT m.id, m.id, 0, m.starts_at, m.ends_at, NULL FROM meeting m WHERE m.id >= :base AND m.id < :base + :count;

-- year_trainers(base int, count int, each int): exec
WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)
INSERT INTO meeting_trainer (meeting_id, person_id) SELECT :base + i, :base + i / :each % 80 * 7 FROM n;
