-- Enrolment: the states and who may become what are in enrolment.c

-- enrolment(person int, programme int): one
SELECT id, person_id, programme_id, cohort_id, state, rank, kept_until, organisation_id, network_id, created_at, changed_at
FROM enrolment WHERE person_id = :person AND programme_id = :programme;

-- enrolment_by_id(id int): one as enrolment
SELECT id, person_id, programme_id, cohort_id, state, rank, kept_until, organisation_id, network_id, created_at, changed_at
FROM enrolment WHERE id = :id;

-- enrol(id int, person int, programme int, cohort int?, organisation int?, network int?, state text, rank int?, kept_until int?, now int): exec
INSERT INTO enrolment (id, person_id, programme_id, cohort_id, state, rank, kept_until, created_at, changed_at, organisation_id, network_id)
VALUES (:id, :person, :programme, :cohort, :state, :rank, :kept_until, :now, :now, :organisation, :network);

-- Of somebody who comes back: another group, perhaps.
-- aim(id int, cohort int?, organisation int?): exec
UPDATE enrolment SET cohort_id = :cohort, organisation_id = :organisation, network_id = NULL, replaces_id = NULL WHERE id = :id;

-- move(id int, from text, to text, rank int?, kept_until int?, now int): exec
UPDATE enrolment SET state = :to, rank = :rank, kept_until = :kept_until, changed_at = :now WHERE id = :id AND state = :from;

-- note_step(id int, enrolment int, state text, rank int?, reason text, now int, by int?): exec
INSERT INTO enrolment_step (id, enrolment_id, state, rank, reason, at, by_id)
VALUES (:id, :enrolment, :state, :rank, :reason, :now, :by);

-- last_steps(enrolment int): many
SELECT state, rank, reason, at, by_id FROM enrolment_step WHERE enrolment_id = :enrolment ORDER BY id DESC LIMIT 2;

-- set_network(id int, network int?): exec
UPDATE enrolment SET network_id = :network WHERE id = :id AND network_id IS DISTINCT FROM :network;

-- ranks(cohort int): one { first int?, last int? }
SELECT (SELECT min(rank) FROM enrolment WHERE cohort_id = :cohort) AS first,
       (SELECT max(rank) FROM enrolment WHERE cohort_id = :cohort) AS last;

-- has_rank(cohort int, rank int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM enrolment WHERE cohort_id = :cohort AND rank = :rank;

-- How many stand in the line up to this rank: read off the index alone.
-- waiting_rank(cohort int, rank int): one { rank int }
SELECT CAST(count(*) AS BIGINT) AS rank FROM enrolment WHERE cohort_id = :cohort AND rank <= :rank;

-- The quota of a group that people of this organisation count for, and how much of it is used.
-- quota(cohort int, organisation int): one { used int }
SELECT q.organisation_id AS network_id, q.places,
       CAST((SELECT count(*) FROM enrolment h WHERE h.cohort_id = :cohort AND h.network_id = q.organisation_id
             AND h.state IN ('approved', 'confirmed', 'completed')) AS BIGINT) AS used
FROM cohort_quota q JOIN organisation_above a ON a.above_id = q.organisation_id AND a.below_id = :organisation
WHERE q.cohort_id = :cohort ORDER BY a.depth LIMIT 1;

-- The first in line whose network has not used up its quota.
-- first_waiting(cohort int): one
SELECT e.id FROM enrolment e LEFT JOIN cohort_quota q ON q.cohort_id = e.cohort_id AND q.organisation_id = e.network_id
WHERE e.cohort_id = :cohort AND e.rank IS NOT NULL
  AND (q.places IS NULL OR q.places > (SELECT count(*) FROM enrolment h WHERE h.cohort_id = e.cohort_id
       AND h.network_id = e.network_id AND h.state IN ('approved', 'confirmed', 'completed')))
ORDER BY e.rank LIMIT 1;

-- unanswered(now int, most int): many
SELECT id FROM enrolment WHERE kept_until <= :now AND state = 'approved' ORDER BY kept_until, id LIMIT :most;

-- Groups with a free place and somebody in line.
-- to_promote(now int, most int): many
SELECT c.id FROM cohort c WHERE c.starts_at > :now AND (c.places = 0 OR c.taken < c.places)
  AND EXISTS (SELECT 1 FROM enrolment e WHERE e.cohort_id = c.id AND e.rank IS NOT NULL) ORDER BY c.starts_at, c.id LIMIT :most;

-- my_organisations(person int, now int): many
SELECT o.id, o.name FROM organisation o WHERE o.closed_at IS NULL AND o.id IN (
    SELECT m.organisation_id FROM membership m WHERE m.person_id = :person AND m.starts_at <= :now
    AND (m.ends_at IS NULL OR m.ends_at > :now)) ORDER BY o.name, o.id LIMIT 50;

-- Meetings of a group at the time of others where the person is expected: in a group of theirs, or as a trainer.
-- From what the person has to do, which is little, to the meetings of the group that lie across it.
-- clashes(person int, cohort int, now int, most int): many { starts_at int, ends_at int, other_starts_at int, other_ends_at int, label text, title text }
SELECT n.starts_at, n.ends_at, o.starts_at AS other_starts_at, o.ends_at AS other_ends_at, oc.label, op.title
FROM (SELECT m.id, m.cohort_id, m.starts_at, m.ends_at FROM enrolment e CROSS JOIN meeting m
      WHERE e.person_id = :person AND e.state IN ('asked', 'approved', 'waiting', 'confirmed')
        AND m.cohort_id = e.cohort_id AND m.ends_at > :now AND m.cancelled_at IS NULL
      UNION
      SELECT m.id, m.cohort_id, m.starts_at, m.ends_at FROM date_place d CROSS JOIN meeting m
      WHERE d.person_id = :person AND d.state IN ('waiting', 'confirmed') AND m.cohort_id = d.cohort_id AND m.ends_at > :now
        AND m.cancelled_at IS NULL
      UNION
      SELECT m.id, m.cohort_id, m.starts_at, m.ends_at FROM meeting_trainer t CROSS JOIN meeting m
      WHERE t.person_id = :person AND m.id = t.meeting_id AND m.ends_at > :now AND m.cancelled_at IS NULL) o
CROSS JOIN meeting n JOIN cohort oc ON oc.id = o.cohort_id JOIN programme op ON op.id = oc.programme_id
WHERE o.cohort_id <> :cohort AND n.cohort_id = :cohort
  AND coalesce(oc.module_id, -1) <> coalesce((SELECT w.module_id FROM cohort w WHERE w.id = :cohort), -2) -- another date takes its place
  AND n.starts_at < o.ends_at AND n.ends_at > o.starts_at
  AND n.ends_at > :now AND n.cancelled_at IS NULL
ORDER BY n.starts_at, o.starts_at, o.id LIMIT :most;

-- answer(enrolment int, question int, text text): exec
INSERT INTO enrolment_answer (enrolment_id, question_id, text) VALUES (:enrolment, :question, :text)
ON CONFLICT (enrolment_id, question_id) DO UPDATE SET text = excluded.text;

-- answers(enrolment int): many
SELECT q.id, q.label, a.text FROM enrolment_answer a JOIN cohort_question q ON q.id = a.question_id
WHERE a.enrolment_id = :enrolment ORDER BY q.position, q.id;

-- drop_answer(enrolment int, question int): exec
DELETE FROM enrolment_answer WHERE enrolment_id = :enrolment AND question_id = :question;

-- Who was enrolled by their school has not been asked yet: how many answers of theirs are missing.
-- unanswered_of(enrolment int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM enrolment e JOIN cohort_question q ON q.cohort_id = e.cohort_id
WHERE e.id = :enrolment AND q.required = 1 AND q.removed_at IS NULL AND e.state IN ('asked', 'approved', 'waiting', 'confirmed')
  AND NOT EXISTS (SELECT 1 FROM enrolment_answer a WHERE a.enrolment_id = e.id AND a.question_id = q.id);

-- to_complete(person int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM enrolment e JOIN cohort_question q ON q.cohort_id = e.cohort_id
WHERE e.person_id = :person AND q.required = 1 AND q.removed_at IS NULL AND e.state IN ('asked', 'approved', 'waiting', 'confirmed')
  AND NOT EXISTS (SELECT 1 FROM enrolment_answer a WHERE a.enrolment_id = e.id AND a.question_id = q.id);

-- Where a person stands, everywhere; with the line counted for those who wait, the questions of the group, and those to answer.
-- my_enrolments(person int): many { label text?, place text?, starts_at int?, ends_at int?, line int, questions int, missing int }
SELECT e.id, e.state, e.kept_until, e.created_at, e.changed_at, e.cohort_id, p.slug, p.title, p.area, c.label, c.place, c.starts_at,
       c.ends_at,
       CAST((SELECT count(*) FROM cohort_question q WHERE q.cohort_id = e.cohort_id AND q.removed_at IS NULL) AS BIGINT) AS questions,
       CAST((SELECT count(*) FROM cohort_question q WHERE q.cohort_id = e.cohort_id AND q.removed_at IS NULL AND q.required = 1
             AND NOT EXISTS (SELECT 1 FROM enrolment_answer a WHERE a.enrolment_id = e.id AND a.question_id = q.id)) AS BIGINT)
           AS missing,
       CASE WHEN e.rank IS NULL THEN 0
                  ELSE CAST((SELECT count(*) FROM enrolment o WHERE o.cohort_id = e.cohort_id AND o.rank <= e.rank) AS BIGINT) END AS line
FROM enrolment e JOIN programme p ON p.id = e.programme_id LEFT JOIN cohort c ON c.id = e.cohort_id
WHERE e.person_id = :person ORDER BY e.changed_at DESC, e.id DESC LIMIT 200;

-- Requests that wait for a head: of an organisation and all below it; of all, and of people of none, for staff (0).
-- to_approve(above int, most int): many { cohort_id int?, organisation text?, label text?, starts_at int?, places int?, taken int? }
SELECT e.id, e.created_at, e.changed_at, e.person_id, w.name, o.name AS organisation, p.title, p.area, c.id AS cohort_id, c.label,
       c.starts_at, c.places, c.taken
FROM enrolment e JOIN person w ON w.id = e.person_id JOIN programme p ON p.id = e.programme_id
LEFT JOIN cohort c ON c.id = e.cohort_id LEFT JOIN organisation o ON o.id = e.organisation_id
WHERE e.state = 'asked' AND (:above = 0 OR e.organisation_id IN (SELECT a.below_id FROM organisation_above a WHERE a.above_id = :above))
ORDER BY e.changed_at, e.id LIMIT :most;

-- The heads of an organisation itself or, when it has none, of what it lies below: nearest first.
-- heads(organisation int, now int): many
SELECT m.person_id, a.depth FROM organisation_above a JOIN membership m ON m.organisation_id = a.above_id
WHERE a.below_id = :organisation AND m.role = 'head' AND m.starts_at <= :now AND (m.ends_at IS NULL OR m.ends_at > :now)
ORDER BY a.depth, m.person_id LIMIT 20;

-- circles(person int): many
SELECT programme_id, cohort_id FROM enrolment WHERE person_id = :person AND state = 'confirmed';

-- --- a school's people, and the list of a group ------------------------------------------------------------------------

-- The people of an organisation and all below it.
-- team(organisation int, now int, most int): many
SELECT p.id, p.name, p.email FROM person p WHERE p.closed_at IS NULL AND p.id IN (
    SELECT m.person_id FROM organisation_above a JOIN membership m ON m.organisation_id = a.below_id
    WHERE a.above_id = :organisation AND m.starts_at <= :now AND (m.ends_at IS NULL OR m.ends_at > :now))
ORDER BY p.name, p.id LIMIT :most;

-- in_team(organisation int, person int, now int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM organisation_above a JOIN membership m ON m.organisation_id = a.below_id
WHERE a.above_id = :organisation AND m.person_id = :person AND m.starts_at <= :now AND (m.ends_at IS NULL OR m.ends_at > :now);

-- open_groups(now int): many
SELECT c.id, c.label, c.starts_at, c.ends_at, c.place, c.places, c.taken, p.slug, p.title
FROM cohort c JOIN programme p ON p.id = c.programme_id LEFT JOIN cohort_plan l ON l.cohort_id = c.id
WHERE p.open_enrolment = 1 AND c.module_id IS NULL AND c.ends_at > :now AND l.cancelled_at IS NULL
  AND (l.opens_at IS NULL OR l.opens_at <= :now) AND coalesce(l.closes_at, c.starts_at) > :now
ORDER BY c.starts_at, c.id LIMIT 200;

-- team_enrolments(organisation int): many { label text?, missing int }
SELECT e.id, e.state, e.changed_at, w.name, p.title, c.label,
       CAST((SELECT count(*) FROM cohort_question q WHERE q.cohort_id = e.cohort_id AND q.removed_at IS NULL AND q.required = 1
             AND NOT EXISTS (SELECT 1 FROM enrolment_answer a WHERE a.enrolment_id = e.id AND a.question_id = q.id)) AS BIGINT)
           AS missing
FROM enrolment e JOIN person w ON w.id = e.person_id JOIN programme p ON p.id = e.programme_id LEFT JOIN cohort c ON c.id = e.cohort_id
WHERE e.organisation_id IN (SELECT a.below_id FROM organisation_above a WHERE a.above_id = :organisation)
  AND e.state IN ('asked', 'approved', 'waiting', 'confirmed') AND w.closed_at IS NULL
ORDER BY w.name, p.title, e.id LIMIT 500;

-- listed(cohort int): many { organisation text?, line int }
SELECT e.id, e.state, e.changed_at, w.name, w.email, o.name AS organisation,
       CASE WHEN e.rank IS NULL THEN 0
            ELSE CAST((SELECT count(*) FROM enrolment b WHERE b.cohort_id = e.cohort_id AND b.rank <= e.rank) AS BIGINT) END AS line
FROM enrolment e JOIN person w ON w.id = e.person_id LEFT JOIN organisation o ON o.id = e.organisation_id
WHERE e.cohort_id = :cohort AND w.closed_at IS NULL ORDER BY e.rank NULLS FIRST, w.name, e.id LIMIT 2000;

-- list_answers(cohort int): many
SELECT a.enrolment_id, a.question_id, a.text FROM enrolment e JOIN enrolment_answer a ON a.enrolment_id = e.id
WHERE e.cohort_id = :cohort LIMIT 16000;

-- took_over(id int, replaces int): exec
UPDATE enrolment SET replaces_id = :replaces WHERE id = :id;

-- steps(enrolment int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM enrolment_step WHERE enrolment_id = :enrolment;

-- alive(cohort int): many
SELECT id FROM enrolment WHERE cohort_id = :cohort AND state IN ('asked', 'approved', 'waiting', 'confirmed') ORDER BY id;

-- Who is in a group or has a place on a date, for a word about its meetings; steps: how many words they had.
-- in_group(cohort int): many { person_id int, steps int }
SELECT e.person_id, CAST((SELECT count(*) FROM enrolment_step s WHERE s.enrolment_id = e.id) AS BIGINT) AS steps
FROM enrolment e JOIN person w ON w.id = e.person_id
WHERE e.cohort_id = :cohort AND e.state IN ('confirmed', 'completed') AND w.closed_at IS NULL
UNION ALL
SELECT d.person_id, d.steps FROM date_place d JOIN person w ON w.id = d.person_id
WHERE d.cohort_id = :cohort AND d.state = 'confirmed' AND w.closed_at IS NULL
ORDER BY 1;

-- done_modules(person int, programme int): many
SELECT module_id FROM module_completion WHERE person_id = :person AND programme_id = :programme ORDER BY module_id;

-- my_programmes(person int): many { starts_at int?, place text?, modules int, done int, completed_at int? }
SELECT p.id, p.slug, p.title, p.area, e.state, c.starts_at, c.place,
       CAST((SELECT coalesce(sum(u.needed), 0) FROM programme_node u
             WHERE u.version_id = coalesce(c.version_id, p.version_id) AND u.level <= 1) AS BIGINT) AS modules,
       e.modules_done AS done,
       (SELECT f.completed_at FROM programme_completion f WHERE f.person_id = e.person_id AND f.programme_id = p.id)
           AS completed_at
FROM enrolment e JOIN programme p ON p.id = e.programme_id LEFT JOIN cohort c ON c.id = e.cohort_id
WHERE e.person_id = :person AND e.state NOT IN ('cancelled', 'replaced')
ORDER BY e.changed_at DESC, e.id DESC;

-- finished(person int): many
SELECT p.id, p.slug, p.title, f.completed_at FROM programme_completion f JOIN programme p ON p.id = f.programme_id
WHERE f.person_id = :person ORDER BY f.completed_at DESC, p.id DESC;

-- my_steps(person int): many { minutes int }
-- Positions run through a version's tree (catalogue/README.md) and "changed_at > 0" leads to the index with that order: the
-- engine meets the activities as they are wanted and stops at the fifth.
SELECT a.node_id AS id, a.kind, a.title, a.minutes_remote + a.minutes_onsite + a.minutes_own + a.minutes_creation AS minutes,
       i.slug AS module_slug, m.code, m.title AS module_title, p.title AS programme_title, p.area, m.outcome
FROM enrolment e CROSS JOIN programme p LEFT JOIN cohort c ON c.id = e.cohort_id CROSS JOIN programme_node a
CROSS JOIN programme_node m CROSS JOIN module i
WHERE e.person_id = :person AND e.changed_at > 0 AND e.state IN ('confirmed', 'completed') AND p.id = e.programme_id
  AND a.version_id = coalesce(c.version_id, p.version_id) AND a.level = 3
  AND m.version_id = a.version_id AND m.node_id = a.parent_id AND i.id = m.node_id
  AND NOT EXISTS (SELECT 1 FROM completion d WHERE d.person_id = :person AND d.activity_id = a.node_id)
  AND NOT EXISTS (SELECT 1 FROM programme_need n WHERE n.version_id = a.version_id AND n.node_id = a.parent_id
                  AND NOT EXISTS (SELECT 1 FROM module_completion d
                                  WHERE d.person_id = :person AND d.module_id = n.needs_id))
ORDER BY e.changed_at DESC, e.id DESC, a.position LIMIT 5;

-- The next meetings of a person: of their groups, and of the dates where they have a place. A group whose meetings are not
-- planned yet stands there with its own dates.
-- my_agenda(person int, now int): many { starts_at int, ends_at int, place text, label text, mode text, link text, meeting_title text, title text, slug text, area text, module_title text?, module_slug text? }
SELECT s.starts_at, s.ends_at, s.place, s.label, s.mode, s.link, s.meeting_title, p.title, p.slug, p.area, n.title AS module_title,
       m.slug AS module_slug
FROM (SELECT t.id, t.starts_at, t.ends_at, coalesce(r.name || ', ' || r.place, t.place) AS place, c.label, t.mode, t.link,
             t.title AS meeting_title, c.programme_id, t.module_id, c.version_id
      FROM enrolment e JOIN cohort c ON c.programme_id = e.programme_id AND (c.id = e.cohort_id
           OR EXISTS (SELECT 1 FROM date_place d WHERE d.cohort_id = c.id AND d.person_id = e.person_id AND d.state = 'confirmed'))
      JOIN meeting t ON t.cohort_id = c.id LEFT JOIN room r ON r.id = t.room_id
      WHERE e.person_id = :person AND e.state IN ('confirmed', 'completed') AND t.cancelled_at IS NULL
        AND t.starts_at > :now - 172800000 AND t.ends_at > :now
      UNION ALL
      SELECT c.id, c.starts_at, c.ends_at, c.place, c.label, 'onsite', '', '', c.programme_id, c.module_id, c.version_id
      FROM enrolment e JOIN cohort c ON c.programme_id = e.programme_id AND (c.id = e.cohort_id
           OR EXISTS (SELECT 1 FROM date_place d WHERE d.cohort_id = c.id AND d.person_id = e.person_id AND d.state = 'confirmed'))
      WHERE e.person_id = :person AND e.state IN ('confirmed', 'completed') AND c.starts_at > :now
        AND NOT EXISTS (SELECT 1 FROM meeting t WHERE t.cohort_id = c.id)
      ORDER BY 2, 1 LIMIT 4) s
JOIN programme p ON p.id = s.programme_id LEFT JOIN module m ON m.id = s.module_id
LEFT JOIN programme_node n ON n.version_id = s.version_id AND n.node_id = s.module_id
ORDER BY s.starts_at, s.id;

-- Places that are kept until a moment.
-- my_kept(person int): many
SELECT e.kept_until, p.title FROM enrolment e JOIN programme p ON p.id = e.programme_id
WHERE e.person_id = :person AND e.state = 'approved' AND e.kept_until IS NOT NULL ORDER BY e.kept_until LIMIT 20;

-- When the person's group meets about a module.
-- module_dates(person int, programme int, module int, now int): many { place text }
SELECT t.starts_at, coalesce(r.name || ', ' || r.place, t.place) AS place, c.label
FROM enrolment e JOIN cohort c ON c.id = e.cohort_id JOIN meeting t ON t.cohort_id = c.id LEFT JOIN room r ON r.id = t.room_id
WHERE e.person_id = :person AND e.programme_id = :programme AND e.state IN ('confirmed', 'completed')
  AND t.module_id = :module AND t.cancelled_at IS NULL AND t.ends_at > :now
ORDER BY t.starts_at, t.id LIMIT 5;

-- The dates of a module to choose from, with what the person has there; line: their place in it, 0 none.
-- dates(person int, programme int, module int, now int): many { opens_at int?, closes_at int?, state text?, line int }
SELECT c.id, c.label, c.place, c.starts_at, c.ends_at, c.places, c.taken, c.sample, l.opens_at, l.closes_at, d.state,
       CASE WHEN d.rank IS NULL THEN 0
            ELSE CAST((SELECT count(*) FROM date_place b WHERE b.cohort_id = c.id AND b.rank <= d.rank) AS BIGINT) END AS line
FROM cohort c LEFT JOIN cohort_plan l ON l.cohort_id = c.id
LEFT JOIN date_place d ON d.cohort_id = c.id AND d.person_id = :person
WHERE c.programme_id = :programme AND c.module_id = :module AND c.ends_at > :now AND l.cancelled_at IS NULL
ORDER BY c.starts_at, c.id LIMIT 20;

-- date(cohort int, person int): one { line int }
SELECT d.cohort_id, d.person_id, d.state, d.rank, d.steps,
       CASE WHEN d.rank IS NULL THEN 0
            ELSE CAST((SELECT count(*) FROM date_place b WHERE b.cohort_id = d.cohort_id AND b.rank <= d.rank) AS BIGINT) END AS line
FROM date_place d WHERE d.cohort_id = :cohort AND d.person_id = :person;

-- set_date(cohort int, person int, state text, rank int?, now int): exec
INSERT INTO date_place (cohort_id, person_id, state, rank, steps, changed_at) VALUES (:cohort, :person, :state, :rank, 1, :now)
ON CONFLICT (cohort_id, person_id) DO UPDATE SET state = excluded.state, rank = excluded.rank, steps = date_place.steps + 1,
    changed_at = excluded.changed_at;

-- last_date_rank(cohort int): one { last int? }
SELECT max(rank) AS last FROM date_place WHERE cohort_id = :cohort;

-- The module that a date is of, as its programme shows it.
-- date_module(cohort int): one { title text, slug text }
SELECT coalesce(n.title, c.label) AS title, m.slug FROM cohort c JOIN module m ON m.id = c.module_id
LEFT JOIN programme_node n ON n.version_id = c.version_id AND n.node_id = c.module_id WHERE c.id = :cohort;

-- first_in_line(cohort int): one
SELECT person_id FROM date_place WHERE cohort_id = :cohort AND rank IS NOT NULL ORDER BY rank LIMIT 1;

-- What a person holds or waits for in dates to come: of a programme, of one of its modules (0: of any), or (0) of all programmes.
-- held_dates_ahead(person int, programme int, module int, now int): many
SELECT d.cohort_id FROM date_place d JOIN cohort c ON c.id = d.cohort_id
WHERE d.person_id = :person AND d.state IN ('waiting', 'confirmed') AND c.starts_at > :now
  AND (:programme = 0 OR c.programme_id = :programme) AND (:module = 0 OR c.module_id = :module) ORDER BY d.cohort_id;

-- date_people(cohort int): many
SELECT d.person_id FROM date_place d WHERE d.cohort_id = :cohort AND d.state IN ('waiting', 'confirmed') ORDER BY d.person_id;

-- Dates with a free place and somebody in line.
-- dates_to_promote(now int, most int): many
SELECT c.id FROM cohort c WHERE c.module_id IS NOT NULL AND c.starts_at > :now AND (c.places = 0 OR c.taken < c.places)
  AND EXISTS (SELECT 1 FROM date_place d WHERE d.cohort_id = c.id AND d.rank IS NOT NULL) ORDER BY c.starts_at, c.id LIMIT :most;

-- The staff's list of a date.
-- date_listed(cohort int): many as listed { id int, organisation text?, line int }
SELECT CAST(0 AS BIGINT) AS id, d.state, d.changed_at, w.name, w.email, CAST(NULL AS TEXT) AS organisation,
       CASE WHEN d.rank IS NULL THEN 0
            ELSE CAST((SELECT count(*) FROM date_place b WHERE b.cohort_id = d.cohort_id AND b.rank <= d.rank) AS BIGINT) END AS line
FROM date_place d JOIN person w ON w.id = d.person_id
WHERE d.cohort_id = :cohort AND w.closed_at IS NULL ORDER BY d.rank NULLS FIRST, w.name, w.id LIMIT 2000;

-- forget_dates(person int): exec
DELETE FROM date_place WHERE person_id = :person;

-- held_dates(person int): many
SELECT p.title, c.label, c.starts_at, d.state, d.changed_at FROM date_place d JOIN cohort c ON c.id = d.cohort_id
JOIN programme p ON p.id = c.programme_id WHERE d.person_id = :person ORDER BY c.starts_at, c.id;

-- done_activities(person int, module int): many
SELECT activity_id FROM completion WHERE person_id = :person AND module_id = :module ORDER BY activity_id;

-- complete_activity(person int, activity int, module int, now int): exec
INSERT INTO completion (person_id, activity_id, module_id, completed_at)
VALUES (:person, :activity, :module, :now) ON CONFLICT (person_id, activity_id) DO NOTHING;

-- the activity where it stands in the version that the person follows: their cohort's, or the published one.
-- activity(person int, id int): one { place int }
SELECT a.node_id AS id, a.version_id, a.parent_id AS module_id, i.slug, m.code, m.title, p.id AS programme_id,
       p.slug AS programme_slug, p.title AS programme_title, a.kind, a.title AS activity_title, a.rule, m.rule AS module_rule,
       a.minutes_remote, a.minutes_onsite, a.minutes_own, a.minutes_creation, a.settings,
       CAST((SELECT count(*) FROM programme_node s WHERE s.version_id = a.version_id AND s.parent_id = a.parent_id
             AND s.removed_at = 0 AND s.position <= a.position) AS BIGINT) AS place
FROM activity x JOIN module o ON o.id = x.module_id JOIN programme p ON p.id = o.programme_id
LEFT JOIN enrolment e ON e.person_id = :person AND e.programme_id = p.id
LEFT JOIN cohort c ON c.id = e.cohort_id
JOIN programme_node a ON a.version_id = coalesce(c.version_id, p.version_id) AND a.node_id = x.id
JOIN programme_node m ON m.version_id = a.version_id AND m.node_id = a.parent_id
JOIN module i ON i.id = m.node_id
WHERE x.id = :id;

-- Meetings of a person's programmes that this video is the recording of, and that they have not done.
-- recordings(person int, video int): many
SELECT a.node_id AS id, a.parent_id AS module_id, e.programme_id
FROM enrolment e JOIN programme p ON p.id = e.programme_id LEFT JOIN cohort c ON c.id = e.cohort_id
JOIN programme_node a ON a.version_id = coalesce(c.version_id, p.version_id) AND a.level = 3
JOIN video v ON v.id = :video
WHERE e.person_id = :person AND e.state IN ('confirmed', 'completed') AND a.kind = 'meeting' AND a.removed_at = 0
  AND a.settings LIKE '%"recording":"' || v.slug || '"%'
  AND NOT EXISTS (SELECT 1 FROM completion d WHERE d.person_id = :person AND d.activity_id = a.node_id)
ORDER BY a.node_id;

-- version(person int, programme int): one { version_id int? }
SELECT coalesce(c.version_id, p.version_id) AS version_id
FROM programme p LEFT JOIN enrolment e ON e.person_id = :person AND e.programme_id = p.id AND e.state NOT IN ('cancelled', 'replaced')
LEFT JOIN cohort c ON c.id = e.cohort_id WHERE p.id = :programme;

-- left_in_module(person int, version int, module int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM programme_node a
WHERE a.version_id = :version AND a.parent_id = :module
  AND NOT EXISTS (SELECT 1 FROM completion c WHERE c.person_id = :person AND c.activity_id = a.node_id);

-- complete_module(person int, module int, programme int, now int): exec
INSERT INTO module_completion (person_id, module_id, programme_id, completed_at)
VALUES (:person, :module, :programme, :now) ON CONFLICT (person_id, module_id) DO NOTHING;

-- rules_left(person int, version int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM programme_node u
WHERE u.version_id = :version AND u.level <= 1
  AND u.needed > (SELECT count(*) FROM programme_node m JOIN module_completion d ON d.module_id = m.node_id
                  WHERE m.version_id = :version AND m.parent_id = u.node_id AND d.person_id = :person);

-- required_left(person int, version int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM programme_node m
WHERE m.version_id = :version AND m.level = 2 AND m.required = 1
  AND NOT EXISTS (SELECT 1 FROM module_completion d WHERE d.person_id = :person AND d.module_id = m.node_id);

-- complete_programme(person int, programme int, now int): exec
INSERT INTO programme_completion (person_id, programme_id, completed_at)
VALUES (:person, :programme, :now) ON CONFLICT (person_id, programme_id) DO NOTHING;

-- The modules that must be completed before this one opens.
-- needs_left(person int, version int, module int): many
SELECT i.slug, m.code, m.title FROM programme_need n
JOIN programme_node m ON m.version_id = n.version_id AND m.node_id = n.needs_id
JOIN module i ON i.id = n.needs_id
WHERE n.version_id = :version AND n.node_id = :module
  AND NOT EXISTS (SELECT 1 FROM module_completion d WHERE d.person_id = :person AND d.module_id = n.needs_id)
ORDER BY m.position;

-- Privacy

-- held_enrolments(person int): many { label text?, starts_at int? }
SELECT p.title, e.state, e.created_at, e.changed_at, c.label, c.starts_at
FROM enrolment e JOIN programme p ON p.id = e.programme_id LEFT JOIN cohort c ON c.id = e.cohort_id
WHERE e.person_id = :person ORDER BY e.id;

-- held_completions(person int): many { title text, module_title text }
SELECT (SELECT n.title FROM module m JOIN programme_version v ON v.programme_id = m.programme_id
        JOIN programme_node n ON n.version_id = v.id AND n.node_id = c.activity_id WHERE m.id = c.module_id ORDER BY v.id DESC LIMIT 1) AS title,
       (SELECT n.title FROM module m JOIN programme_version v ON v.programme_id = m.programme_id
        JOIN programme_node n ON n.version_id = v.id AND n.node_id = c.module_id WHERE m.id = c.module_id ORDER BY v.id DESC LIMIT 1) AS module_title,
       c.completed_at
FROM completion c WHERE c.person_id = :person ORDER BY c.completed_at, c.activity_id;

-- held_modules(person int): many { code text, title text }
SELECT (SELECT n.code FROM module m JOIN programme_version v ON v.programme_id = m.programme_id
        JOIN programme_node n ON n.version_id = v.id AND n.node_id = d.module_id WHERE m.id = d.module_id ORDER BY v.id DESC LIMIT 1) AS code,
       (SELECT n.title FROM module m JOIN programme_version v ON v.programme_id = m.programme_id
        JOIN programme_node n ON n.version_id = v.id AND n.node_id = d.module_id WHERE m.id = d.module_id ORDER BY v.id DESC LIMIT 1) AS title,
       p.title AS programme_title, d.completed_at
FROM module_completion d JOIN programme p ON p.id = d.programme_id
WHERE d.person_id = :person ORDER BY d.completed_at, d.module_id;

-- held_programmes(person int): many
SELECT p.title, d.completed_at FROM programme_completion d JOIN programme p ON p.id = d.programme_id
WHERE d.person_id = :person ORDER BY d.completed_at, d.programme_id;

-- coming_places(person int, now int): many
SELECT e.id
FROM enrolment e JOIN cohort c ON c.id = e.cohort_id
WHERE e.person_id = :person AND e.state IN ('asked', 'approved', 'waiting', 'confirmed') AND c.starts_at > :now ORDER BY e.id;

-- forget_unserved(person int): exec
DELETE FROM enrolment WHERE person_id = :person AND state NOT IN ('confirmed', 'completed');

-- held_answers(person int): many
SELECT p.title, q.label, a.text FROM enrolment e JOIN enrolment_answer a ON a.enrolment_id = e.id
JOIN cohort_question q ON q.id = a.question_id JOIN programme p ON p.id = e.programme_id
WHERE e.person_id = :person ORDER BY e.id, q.position;

-- held_steps(person int): many
SELECT p.title, s.state, s.reason, s.at FROM enrolment e JOIN enrolment_step s ON s.enrolment_id = e.id
JOIN programme p ON p.id = e.programme_id WHERE e.person_id = :person ORDER BY s.id;

-- held_decisions(person int): many
SELECT p.title, s.state, s.reason, s.at FROM enrolment_step s JOIN enrolment e ON e.id = s.enrolment_id
JOIN programme p ON p.id = e.programme_id WHERE s.by_id = :person AND e.person_id <> :person ORDER BY s.id;

-- forget_answers(person int): exec
DELETE FROM enrolment_answer WHERE enrolment_id IN (SELECT e.id FROM enrolment e WHERE e.person_id = :person);

-- What was said about them goes, and so does their name from what they decided for others.
-- forget_steps(person int): exec
UPDATE enrolment_step SET reason = '', by_id = NULL
WHERE by_id = :person OR enrolment_id IN (SELECT e.id FROM enrolment e WHERE e.person_id = :person);

-- forget_completions(person int): exec
DELETE FROM completion WHERE person_id = :person;

-- count_unserved(before int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM enrolment
WHERE state NOT IN ('confirmed', 'completed') AND changed_at < :before
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = enrolment.person_id AND h.lifted_at IS NULL);

-- drop_unserved(before int): exec
DELETE FROM enrolment
WHERE state NOT IN ('confirmed', 'completed') AND changed_at < :before
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = enrolment.person_id AND h.lifted_at IS NULL);

-- count_old_dates(before int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM date_place d JOIN cohort c ON c.id = d.cohort_id WHERE c.ends_at < :before
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = d.person_id AND h.lifted_at IS NULL);

-- drop_old_dates(before int): exec
DELETE FROM date_place WHERE cohort_id IN (SELECT c.id FROM cohort c WHERE c.ends_at < :before)
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = date_place.person_id AND h.lifted_at IS NULL);

-- count_old(before int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM enrolment
WHERE state IN ('confirmed', 'completed') AND changed_at < :before
  AND EXISTS (SELECT 1 FROM person p WHERE p.id = enrolment.person_id AND p.closed_at IS NOT NULL);

-- drop_old(before int): exec
DELETE FROM enrolment
WHERE state IN ('confirmed', 'completed') AND changed_at < :before
  AND EXISTS (SELECT 1 FROM person p WHERE p.id = enrolment.person_id AND p.closed_at IS NOT NULL);

-- --- the ledger of hours ----------------------------------------------------------------------------------------------

-- The competences of the module in the version that the person follows, or of the whole programme when there is no module.
-- hours_competences(person int, programme int, module int): one
SELECT n.competences FROM programme p
LEFT JOIN enrolment e ON e.person_id = :person AND e.programme_id = p.id
LEFT JOIN cohort c ON c.id = e.cohort_id
JOIN programme_node n ON n.version_id = coalesce(c.version_id, p.version_id)
  AND n.node_id = CASE WHEN :module = 0 THEN p.id ELSE :module END
WHERE p.id = :programme;

-- add_hours(id int, person int, programme int, module int?, kind text, origin text, key text, minutes int, competences int, note text, done_at int, now int, by int?): exec
INSERT INTO hours_entry (id, person_id, programme_id, module_id, kind, origin, key, minutes, competences, note, done_at,
                         created_at, created_by)
VALUES (:id, :person, :programme, :module, :kind, :origin, :key, :minutes, :competences, :note, :done_at, :now, :by)
ON CONFLICT (person_id, key) DO NOTHING;

-- hours_by_key(person int, key text): one
SELECT id, programme_id, module_id, kind, minutes, competences, done_at FROM hours_entry
WHERE person_id = :person AND key = :key;

-- hours_entry(id int): one
SELECT h.id, h.person_id, h.origin, h.key, h.minutes, p.slug
FROM hours_entry h JOIN programme p ON p.id = h.programme_id WHERE h.id = :id;

-- The programmes of a person with what is planned and proved in each.
-- hours_programmes(person int): many { version_id int, planned int, minutes int }
SELECT p.id, p.slug, p.title, p.area, coalesce(c.version_id, p.version_id) AS version_id,
       CAST((SELECT coalesce(sum(n.minutes_remote + n.minutes_onsite + n.minutes_own + n.minutes_creation), 0)
             FROM programme_node n WHERE n.version_id = coalesce(c.version_id, p.version_id) AND n.level = 2) AS BIGINT)
           AS planned,
       CAST((SELECT coalesce(sum(h.minutes), 0) FROM hours_entry h
             WHERE h.person_id = e.person_id AND h.programme_id = p.id) AS BIGINT) AS minutes
FROM enrolment e JOIN programme p ON p.id = e.programme_id LEFT JOIN cohort c ON c.id = e.cohort_id
WHERE e.person_id = :person AND e.state IN ('confirmed', 'completed')
  AND coalesce(c.version_id, p.version_id) IS NOT NULL
ORDER BY e.changed_at DESC, e.id DESC;

-- hours_sums(person int, programme int): many { minutes int }
SELECT kind, competences, CAST(sum(minutes) AS BIGINT) AS minutes FROM hours_entry
WHERE person_id = :person AND programme_id = :programme GROUP BY kind, competences ORDER BY kind, competences;

-- hours_rows(person int, programme int, most int): many { code text?, title text?, taken_back int }
SELECT h.id, h.kind, h.origin, h.minutes, h.competences, h.note, h.done_at, n.code, n.title,
       CASE WHEN EXISTS (SELECT 1 FROM hours_entry b WHERE b.person_id = h.person_id AND b.key = 'back/' || h.key)
            THEN 1 ELSE 0 END AS taken_back
FROM hours_entry h JOIN programme p ON p.id = h.programme_id
LEFT JOIN enrolment e ON e.person_id = h.person_id AND e.programme_id = h.programme_id
LEFT JOIN cohort c ON c.id = e.cohort_id
LEFT JOIN programme_node n ON n.version_id = coalesce(c.version_id, p.version_id) AND n.node_id = h.module_id
WHERE h.person_id = :person AND h.programme_id = :programme
ORDER BY h.done_at DESC, h.id DESC LIMIT :most;

-- hours_modules(version int): many
SELECT node_id AS id, code, title FROM programme_node
WHERE version_id = :version AND level = 2 AND removed_at = 0 ORDER BY position;

-- declared_on(person int, from int, to int): one { minutes int }
SELECT CAST(coalesce(sum(h.minutes), 0) AS BIGINT) AS minutes FROM hours_entry h
WHERE h.person_id = :person AND h.done_at >= :from AND h.done_at < :to
  AND (h.key LIKE 'declared/%' OR h.key LIKE 'back/declared/%');

-- person_name(id int): one
SELECT name FROM person WHERE id = :id;

-- --- marks ------------------------------------------------------------------------------------------------------------

-- set_mark(person int, activity int, percent int, now int, by int?): exec
INSERT INTO activity_mark (person_id, activity_id, percent, marked_at, marked_by)
VALUES (:person, :activity, :percent, :now, :by)
ON CONFLICT (person_id, activity_id) DO UPDATE SET percent = excluded.percent, marked_at = excluded.marked_at,
                                                   marked_by = excluded.marked_by;

-- --- conditions -------------------------------------------------------------------------------------------------------

-- All that rules can ask about a person in one version: its modules and activities, what is done, what is marked.
-- rule_facts(person int, version int): many { slug text, done int, percent int? }
SELECT n.node_id, n.parent_id, n.level, n.kind, n.code, n.title, n.rule, i.slug, k.percent,
       CASE WHEN n.level = 2 THEN (SELECT count(*) FROM module_completion d WHERE d.person_id = :person AND d.module_id = n.node_id)
            ELSE (SELECT count(*) FROM completion d WHERE d.person_id = :person AND d.activity_id = n.node_id) END AS done
FROM programme_node n
JOIN module i ON i.id = CASE WHEN n.level = 2 THEN n.node_id ELSE n.parent_id END
LEFT JOIN activity_mark k ON k.person_id = :person AND k.activity_id = n.node_id
WHERE n.version_id = :version AND n.level >= 2 AND n.removed_at = 0 ORDER BY n.position;

-- all_needs(version int): many
SELECT n.node_id, m.code, m.title, m.node_id AS needs_id FROM programme_need n
JOIN programme_node m ON m.version_id = n.version_id AND m.node_id = n.needs_id
WHERE n.version_id = :version ORDER BY n.node_id, m.position;

-- my_group(person int, programme int): one { label text? }
SELECT c.label FROM enrolment e LEFT JOIN cohort c ON c.id = e.cohort_id
WHERE e.person_id = :person AND e.programme_id = :programme AND e.state NOT IN ('cancelled', 'replaced');

-- --- discussion prompts -------------------------------------------------------------------------------------------------

-- posts(activity int, most int): many
SELECT d.id, d.person_id, d.body, d.created_at, d.changed_at, p.name
FROM discussion_post d JOIN person p ON p.id = d.person_id
WHERE d.activity_id = :activity AND d.removed_at IS NULL ORDER BY d.id DESC LIMIT :most;

-- my_post(person int, activity int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM discussion_post
WHERE activity_id = :activity AND person_id = :person AND removed_at IS NULL;

-- add_post(id int, activity int, person int, body text, now int): exec
INSERT INTO discussion_post (id, activity_id, person_id, body, created_at, changed_at)
VALUES (:id, :activity, :person, :body, :now, :now);

-- post(id int): one
SELECT id, activity_id, person_id, removed_at FROM discussion_post WHERE id = :id;

-- remove_post(id int, now int): exec
UPDATE discussion_post SET removed_at = :now WHERE id = :id AND removed_at IS NULL;

-- --- materials ----------------------------------------------------------------------------------------------------------

-- materials(most int): many
SELECT id, blob, name, type, size, created_at FROM material ORDER BY id DESC LIMIT :most;

-- material(id int): one as materials
SELECT id, blob, name, type, size, created_at FROM material WHERE id = :id;

-- add_material(id int, blob text, name text, type text, size int, by int?, now int): exec
INSERT INTO material (id, blob, name, type, size, uploaded_by, created_at)
VALUES (:id, :blob, :name, :type, :size, :by, :now);

-- needs_blob(blob text): one
SELECT id FROM material WHERE blob = :blob LIMIT 1;

-- --- privacy of the above -------------------------------------------------------------------------------------------------

-- held_hours(person int): many { module text? }
SELECT p.title, h.kind, h.origin, h.minutes, h.note, h.done_at, h.created_at,
       (SELECT n.code FROM programme_node n WHERE n.version_id = p.version_id AND n.node_id = h.module_id) AS module
FROM hours_entry h JOIN programme p ON p.id = h.programme_id WHERE h.person_id = :person ORDER BY h.id;

-- held_marks(person int): many { title text? }
SELECT (SELECT n.title FROM programme_node n WHERE n.node_id = k.activity_id ORDER BY n.version_id DESC LIMIT 1) AS title,
       k.percent, k.marked_at FROM activity_mark k WHERE k.person_id = :person ORDER BY k.marked_at, k.activity_id;

-- held_posts(person int): many
SELECT body, created_at, removed_at FROM discussion_post WHERE person_id = :person ORDER BY id;

-- forget_marks(person int): exec
DELETE FROM activity_mark WHERE person_id = :person;

-- forget_posts(person int): exec
DELETE FROM discussion_post WHERE person_id = :person;

-- forget_marker(person int): exec
UPDATE activity_mark SET marked_by = NULL WHERE marked_by = :person;

-- forget_bringer(person int): exec
UPDATE material SET uploaded_by = NULL WHERE uploaded_by = :person;

-- What stays is minutes; the words of the person go.
-- forget_hours_words(person int): exec
UPDATE hours_entry SET note = '', created_by = NULL WHERE person_id = :person OR created_by = :person;

-- count_old_hours(before int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM hours_entry
WHERE created_at < :before AND EXISTS (SELECT 1 FROM person p WHERE p.id = hours_entry.person_id AND p.closed_at IS NOT NULL);

-- drop_old_hours(before int): exec
DELETE FROM hours_entry
WHERE created_at < :before AND EXISTS (SELECT 1 FROM person p WHERE p.id = hours_entry.person_id AND p.closed_at IS NOT NULL);

-- --- a year of the centre: see year.c ---------------------------------------------------------------------------------------
-- i: the person's number, j: which of their programmes, q: the programme's number, done: how many of its steps.

-- year_enrolments(base int, from int, to int, now int): exec
WITH RECURSIVE n (i) AS (SELECT CAST(:from AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :to),
     e (i, j, q, done) AS (SELECT n.i, j.j, (n.i + j.j * 11) % 40, 20 + (n.i * 7 + j.j * 5) % 31 FROM n
                           CROSS JOIN (SELECT CAST(0 AS BIGINT) AS j UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) j
                           WHERE j.j < 3 OR n.i % 4 < 3)
INSERT INTO enrolment (id, person_id, programme_id, cohort_id, state, created_at, changed_at, steps_done, modules_done, active_at)
SELECT :base + i * 4 + j, :base + i, :base + q, :base + q * 10 + i / 40 % 10,
       CASE WHEN done = 50 THEN 'completed' ELSE 'confirmed' END, :now - 31536000000 + i * 1000 + j,
       :now - 31536000000 + i * 1000 + j, done, done / 5, :now - (i % 90) * 86400000 FROM e;

-- year_completions(base int, from int, to int, now int): exec
WITH RECURSIVE n (i) AS (SELECT CAST(:from AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :to),
     e (i, j, q, done) AS (SELECT n.i, j.j, (n.i + j.j * 11) % 40, 20 + (n.i * 7 + j.j * 5) % 31 FROM n
                           CROSS JOIN (SELECT CAST(0 AS BIGINT) AS j UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) j
                           WHERE j.j < 3 OR n.i % 4 < 3),
     s (k) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT k + 1 FROM s WHERE k + 1 < 50)
INSERT INTO completion (person_id, activity_id, module_id, completed_at)
SELECT :base + i, :base + 2000000 + q * 50 + k, :base + 1000000 + q * 10 + k / 5, :now - (i % 90) * 86400000 - (done - k) * 3600000
FROM e CROSS JOIN s WHERE k < done;

-- year_module_completions(base int, from int, to int, now int): exec
WITH RECURSIVE n (i) AS (SELECT CAST(:from AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :to),
     e (i, j, q, done) AS (SELECT n.i, j.j, (n.i + j.j * 11) % 40, 20 + (n.i * 7 + j.j * 5) % 31 FROM n
                           CROSS JOIN (SELECT CAST(0 AS BIGINT) AS j UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) j
                           WHERE j.j < 3 OR n.i % 4 < 3),
     s (k) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT k + 1 FROM s WHERE k + 1 < 10)
INSERT INTO module_completion (person_id, module_id, programme_id, completed_at)
SELECT :base + i, :base + 1000000 + q * 10 + k, :base + q, :now - (i % 90) * 86400000 - (done - k * 5) * 3600000
FROM e CROSS JOIN s WHERE k < done / 5;

-- year_programme_completions(base int, from int, to int, now int): exec
WITH RECURSIVE n (i) AS (SELECT CAST(:from AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :to),
     e (i, j, q, done) AS (SELECT n.i, j.j, (n.i + j.j * 11) % 40, 20 + (n.i * 7 + j.j * 5) % 31 FROM n
                           CROSS JOIN (SELECT CAST(0 AS BIGINT) AS j UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) j
                           WHERE j.j < 3 OR n.i % 4 < 3)
INSERT INTO programme_completion (person_id, programme_id, completed_at)
SELECT :base + i, :base + q, :now - (i % 90) * 86400000 FROM e WHERE done = 50;

-- year_hours(base int, from int, to int, now int): exec
WITH RECURSIVE n (i) AS (SELECT CAST(:from AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :to),
     e (i, j, q, done) AS (SELECT n.i, j.j, (n.i + j.j * 11) % 40, 20 + (n.i * 7 + j.j * 5) % 31 FROM n
                           CROSS JOIN (SELECT CAST(0 AS BIGINT) AS j UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) j
                           WHERE j.j < 3 OR n.i % 4 < 3),
     s (k) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT k + 1 FROM s WHERE k + 1 < 10)
INSERT INTO hours_entry (id, person_id, programme_id, module_id, kind, origin, key, minutes, competences, note, done_at,
                         created_at, created_by)
SELECT :base + (i * 4 + j) * 10 + k, :base + i, :base + q, :base + 1000000 + q * 10 + k,
       CASE k % 5 WHEN 0 THEN 'presence' WHEN 1 THEN 'live' WHEN 2 THEN 'replay' WHEN 3 THEN 'own' ELSE 'creation' END,
       'measured', 'year/' || q || '/' || k, 120, 1 + (q * 10 + k) % 4000, '', :now - (i % 90) * 86400000 - (done - k * 5) * 3600000,
       :now, NULL
FROM e CROSS JOIN s WHERE k < done / 5;

-- --- the trainer's view -----------------------------------------------------------------------------------------------

-- groups(like text, most int, skip int): many
SELECT c.id, c.label, c.starts_at, c.ends_at, c.place, c.taken, p.title, p.area
FROM cohort c JOIN programme p ON p.id = c.programme_id
WHERE c.module_id IS NULL AND (c.label LIKE :like OR p.title LIKE :like)
ORDER BY c.starts_at DESC, c.id DESC LIMIT :most OFFSET :skip;

-- Those a person follows without following all: one they have a role for, those of a programme, those where they train.
-- What runs or comes stands first. people and, once it has begun and asks for steps, those who have done none since `before`.
-- own_groups(person int, cohort int, programme int, before int, now int, most int): many { id int, label text, starts_at int, ends_at int, title text, area text, people int, stuck int }
SELECT g.id, g.label, g.starts_at, g.ends_at, g.title, g.area,
       CAST((SELECT count(*) FROM enrolment e WHERE e.cohort_id = g.id AND e.state IN ('confirmed', 'completed')) AS BIGINT) AS people,
       CAST((SELECT count(*) FROM enrolment e WHERE e.cohort_id = g.id AND e.state = 'confirmed' AND g.starts_at <= :now
             AND coalesce(e.active_at, e.created_at) < :before AND e.steps_done < g.steps) AS BIGINT) AS stuck
FROM (SELECT c.id, c.label, c.starts_at, c.ends_at, p.title, p.area,
             (SELECT count(*) FROM programme_node a WHERE a.version_id = coalesce(c.version_id, p.version_id)
              AND a.level = 3 AND a.removed_at = 0) AS steps
      FROM cohort c JOIN programme p ON p.id = c.programme_id
      WHERE c.id IN (SELECT m.cohort_id FROM meeting_trainer t JOIN meeting m ON m.id = t.meeting_id WHERE t.person_id = :person
                     UNION SELECT d.id FROM cohort d WHERE d.id = :cohort
                     UNION SELECT d.id FROM cohort d WHERE d.programme_id = :programme)
        AND c.module_id IS NULL
      ORDER BY CASE WHEN c.ends_at > :now THEN c.starts_at ELSE 4611686018427387904 - c.starts_at END, c.id LIMIT :most) g
ORDER BY CASE WHEN g.ends_at > :now THEN g.starts_at ELSE 4611686018427387904 - g.starts_at END, g.id;

-- Where a person learns.
-- places_of(person int): many
SELECT DISTINCT cohort_id, programme_id FROM enrolment WHERE person_id = :person AND state IN ('confirmed', 'completed');

-- count_groups(like text): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM cohort c JOIN programme p ON p.id = c.programme_id
WHERE c.module_id IS NULL AND (c.label LIKE :like OR p.title LIKE :like);

-- group(id int): one { steps int }
SELECT c.id, c.label, c.starts_at, c.ends_at, c.place, c.programme_id, p.title, p.slug, p.area,
       CAST((SELECT count(*) FROM programme_node a WHERE a.version_id = coalesce(c.version_id, p.version_id)
             AND a.level = 3 AND a.removed_at = 0) AS BIGINT) AS steps
FROM cohort c JOIN programme p ON p.id = c.programme_id WHERE c.id = :id;

-- Programmes that people follow without a group.
-- alone(like text): many { n int }
SELECT p.id, p.title, p.area, CAST(count(*) AS BIGINT) AS n FROM enrolment e JOIN programme p ON p.id = e.programme_id
WHERE e.cohort_id IS NULL AND e.state IN ('confirmed', 'completed') AND p.title LIKE :like
GROUP BY p.id, p.title, p.area ORDER BY p.title;

-- group_alone(id int): one { starts_at int, ends_at int, place text, steps int }
SELECT p.id, p.title AS label, CAST(0 AS BIGINT) AS starts_at, CAST(0 AS BIGINT) AS ends_at, '' AS place, p.id AS programme_id, p.title, p.slug, p.area,
       CAST((SELECT count(*) FROM programme_node a WHERE a.version_id = p.version_id AND a.level = 3
             AND a.removed_at = 0) AS BIGINT) AS steps
FROM programme p WHERE p.id = :id;

-- members_alone(programme int, most int): many as members { code text?, module_title text? }
SELECT e.person_id, e.steps_done, e.modules_done, e.active_at, e.created_at, p.name, p.email, p.lang, n.code,
       n.title AS module_title
FROM enrolment e JOIN person p ON p.id = e.person_id JOIN programme r ON r.id = e.programme_id
LEFT JOIN programme_node n ON n.version_id = r.version_id AND n.node_id = e.module_id
WHERE e.programme_id = :programme AND e.cohort_id IS NULL AND e.state IN ('confirmed', 'completed') AND p.closed_at IS NULL
ORDER BY p.name, e.id LIMIT :most;

-- members(cohort int, most int): many { code text?, module_title text? }
SELECT e.person_id, e.steps_done, e.modules_done, e.active_at, e.created_at, p.name, p.email, p.lang, n.code,
       n.title AS module_title
FROM enrolment e JOIN person p ON p.id = e.person_id JOIN cohort c ON c.id = e.cohort_id
LEFT JOIN programme_node n ON n.version_id = c.version_id AND n.node_id = e.module_id
WHERE e.cohort_id = :cohort AND e.state IN ('confirmed', 'completed') AND p.closed_at IS NULL
ORDER BY p.name, e.id LIMIT :most;

-- progressed(person int, programme int, module int, now int): exec
UPDATE enrolment SET steps_done = steps_done + 1, active_at = :now, module_id = :module
WHERE person_id = :person AND programme_id = :programme;

-- module_progressed(person int, programme int): exec
UPDATE enrolment SET modules_done = modules_done + 1 WHERE person_id = :person AND programme_id = :programme;
