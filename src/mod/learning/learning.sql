-- enrolment(person int, programme int): one
SELECT id, cohort_id, state, created_at FROM enrolment WHERE person_id = :person AND programme_id = :programme;

-- enrol(id int, person int, programme int, cohort int?, state text, now int): exec
INSERT INTO enrolment (id, person_id, programme_id, cohort_id, state, created_at, changed_at)
VALUES (:id, :person, :programme, :cohort, :state, :now, :now)
ON CONFLICT (person_id, programme_id) DO NOTHING;

-- renew_enrolment(person int, programme int, cohort int?, state text, now int): exec
UPDATE enrolment SET cohort_id = :cohort, state = :state, changed_at = :now
WHERE person_id = :person AND programme_id = :programme AND state = 'cancelled';

-- cancel_enrolment(person int, programme int, now int): exec
UPDATE enrolment SET state = 'cancelled', changed_at = :now
WHERE person_id = :person AND programme_id = :programme AND state <> 'cancelled';

-- waiting_rank(cohort int, person int): one { rank int }
SELECT CAST(count(*) AS BIGINT) AS rank
FROM enrolment e JOIN enrolment m ON m.cohort_id = e.cohort_id AND m.person_id = :person
WHERE e.cohort_id = :cohort AND e.state = 'waiting'
  AND (e.changed_at < m.changed_at OR (e.changed_at = m.changed_at AND e.id <= m.id));

-- first_waiting(cohort int): one
SELECT id, person_id, programme_id FROM enrolment
WHERE cohort_id = :cohort AND state = 'waiting' ORDER BY changed_at, id LIMIT 1;

-- confirm_enrolment(id int, now int): exec
UPDATE enrolment SET state = 'confirmed', changed_at = :now WHERE id = :id AND state = 'waiting';

-- done_modules(person int, programme int): many
SELECT module_id FROM module_completion WHERE person_id = :person AND programme_id = :programme ORDER BY module_id;

-- my_programmes(person int): many { starts_at int?, place text?, modules int, done int, completed_at int? }
SELECT p.id, p.slug, p.title, p.area, e.state, c.starts_at, c.place,
       CAST((SELECT coalesce(sum(u.needed), 0) FROM programme_node u
             WHERE u.version_id = coalesce(c.version_id, p.version_id) AND u.level <= 1) AS BIGINT) AS modules,
       CAST((SELECT count(*) FROM module_completion d WHERE d.person_id = e.person_id AND d.programme_id = p.id) AS BIGINT)
           AS done,
       (SELECT f.completed_at FROM programme_completion f WHERE f.person_id = e.person_id AND f.programme_id = p.id)
           AS completed_at
FROM enrolment e JOIN programme p ON p.id = e.programme_id LEFT JOIN cohort c ON c.id = e.cohort_id
WHERE e.person_id = :person AND e.state <> 'cancelled'
ORDER BY e.changed_at DESC, e.id DESC;

-- my_steps(person int): many { minutes int }
SELECT a.node_id AS id, a.kind, a.title, a.minutes_remote + a.minutes_onsite + a.minutes_own + a.minutes_creation AS minutes,
       i.slug AS module_slug, m.code, m.title AS module_title, p.title AS programme_title, p.area, m.outcome
FROM enrolment e JOIN programme p ON p.id = e.programme_id LEFT JOIN cohort c ON c.id = e.cohort_id
JOIN programme_node m ON m.version_id = coalesce(c.version_id, p.version_id) AND m.level = 2
JOIN module i ON i.id = m.node_id
JOIN programme_node a ON a.version_id = m.version_id AND a.parent_id = m.node_id
WHERE e.person_id = :person AND e.state = 'confirmed'
  AND NOT EXISTS (SELECT 1 FROM completion d WHERE d.person_id = :person AND d.activity_id = a.node_id)
  AND NOT EXISTS (SELECT 1 FROM programme_need n WHERE n.version_id = m.version_id AND n.node_id = m.node_id
                  AND NOT EXISTS (SELECT 1 FROM module_completion d
                                  WHERE d.person_id = :person AND d.module_id = n.needs_id))
ORDER BY e.changed_at DESC, e.id DESC, m.position, a.position LIMIT 5;

-- my_agenda(person int, now int): many { module_title text?, module_slug text? }
SELECT c.starts_at, c.ends_at, c.place, c.label, p.title, p.slug, p.area, n.title AS module_title, m.slug AS module_slug
FROM enrolment e JOIN programme p ON p.id = e.programme_id
JOIN cohort c ON c.programme_id = p.id AND (c.id = e.cohort_id OR c.module_id IS NOT NULL)
LEFT JOIN module m ON m.id = c.module_id
LEFT JOIN programme_node n ON n.version_id = c.version_id AND n.node_id = c.module_id
WHERE e.person_id = :person AND e.state = 'confirmed' AND c.starts_at > :now
ORDER BY c.starts_at, c.id LIMIT 4;

-- done_activities(person int, module int): many
SELECT activity_id FROM completion WHERE person_id = :person AND module_id = :module ORDER BY activity_id;

-- complete_activity(person int, activity int, module int, now int): exec
INSERT INTO completion (person_id, activity_id, module_id, completed_at)
VALUES (:person, :activity, :module, :now) ON CONFLICT (person_id, activity_id) DO NOTHING;

-- the activity where it stands in the version that the person follows: their cohort's, or the published one.
-- activity(person int, id int): one
SELECT a.node_id AS id, a.version_id, a.parent_id AS module_id, i.slug, m.code, m.title, p.id AS programme_id,
       p.slug AS programme_slug, p.title AS programme_title
FROM activity x JOIN module o ON o.id = x.module_id JOIN programme p ON p.id = o.programme_id
LEFT JOIN enrolment e ON e.person_id = :person AND e.programme_id = p.id
LEFT JOIN cohort c ON c.id = e.cohort_id
JOIN programme_node a ON a.version_id = coalesce(c.version_id, p.version_id) AND a.node_id = x.id
JOIN programme_node m ON m.version_id = a.version_id AND m.node_id = a.parent_id
JOIN module i ON i.id = m.node_id
WHERE x.id = :id;

-- version(person int, programme int): one { version_id int? }
SELECT coalesce(c.version_id, p.version_id) AS version_id
FROM programme p LEFT JOIN enrolment e ON e.person_id = :person AND e.programme_id = p.id AND e.state <> 'cancelled'
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
SELECT e.id, c.id AS cohort_id, p.title, p.slug, e.state
FROM enrolment e JOIN programme p ON p.id = e.programme_id JOIN cohort c ON c.id = e.cohort_id
WHERE e.person_id = :person AND e.state <> 'cancelled' AND c.starts_at > :now ORDER BY e.id;

-- cancel_one(id int, now int): exec
UPDATE enrolment SET state = 'cancelled', changed_at = :now WHERE id = :id;

-- forget_unserved(person int): exec
DELETE FROM enrolment WHERE person_id = :person AND state <> 'confirmed';

-- forget_completions(person int): exec
DELETE FROM completion WHERE person_id = :person;

-- count_unserved(before int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM enrolment
WHERE state IN ('cancelled', 'waiting') AND changed_at < :before
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = enrolment.person_id AND h.lifted_at IS NULL);

-- drop_unserved(before int): exec
DELETE FROM enrolment
WHERE state IN ('cancelled', 'waiting') AND changed_at < :before
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = enrolment.person_id AND h.lifted_at IS NULL);

-- count_old(before int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM enrolment
WHERE state = 'confirmed' AND changed_at < :before
  AND EXISTS (SELECT 1 FROM person p WHERE p.id = enrolment.person_id AND p.closed_at IS NOT NULL);

-- drop_old(before int): exec
DELETE FROM enrolment
WHERE state = 'confirmed' AND changed_at < :before
  AND EXISTS (SELECT 1 FROM person p WHERE p.id = enrolment.person_id AND p.closed_at IS NOT NULL);
