-- The list. o1 … o3 are words of an organisation's name, used when by_place is 1: who belongs to it or below. One statement
-- finds, counts and takes a page: looking through a network's 60,000 memberships is its cost, and happens once.

-- people(words int, w1 text, w2 text, w3 text, category text, by_place int, o1 text, o2 text, o3 text, most int, skip int): many { category text?, place text?, total int }
WITH found AS MATERIALIZED (
  SELECT q.id, q.search FROM person q
  WHERE q.closed_at IS NULL AND q.search <> ''
    AND (:words < 1 OR q.search LIKE :w1 ESCAPE '\') AND (:words < 2 OR q.search LIKE :w2 ESCAPE '\')
    AND (:words < 3 OR q.search LIKE :w3 ESCAPE '\')
    AND (:category = '' OR q.id IN (SELECT f.person_id FROM profile f WHERE f.category = :category))
    AND (:by_place = 0 OR q.id IN (SELECT m.person_id FROM membership m WHERE m.organisation_id IN (
         SELECT a.below_id FROM organisation o JOIN organisation_above a ON a.above_id = o.id
         WHERE o.search LIKE :o1 ESCAPE '\' AND o.search LIKE :o2 ESCAPE '\' AND o.search LIKE :o3 ESCAPE '\')))
  ORDER BY q.search, q.id)
SELECT p.id, p.name, p.email, p.search, p.created_at, p.confirmed_at,
       (SELECT f.category FROM profile f WHERE f.person_id = p.id) AS category,
       (SELECT o.name FROM membership m JOIN organisation o ON o.id = m.organisation_id
        WHERE m.person_id = p.id ORDER BY m.starts_at DESC, m.id DESC LIMIT 1) AS place,
       (SELECT count(*) FROM found) AS total
FROM (SELECT f.id FROM found f LIMIT :most OFFSET :skip) page JOIN person p ON p.id = page.id
ORDER BY p.search, p.id;

-- newcomers(category text, by_place int, o1 text, o2 text, o3 text): many as people { category text?, place text?, total int }
SELECT p.id, p.name, p.email, p.search, p.created_at, p.confirmed_at,
       (SELECT f.category FROM profile f WHERE f.person_id = p.id) AS category,
       (SELECT o.name FROM membership m JOIN organisation o ON o.id = m.organisation_id
        WHERE m.person_id = p.id ORDER BY m.starts_at DESC, m.id DESC LIMIT 1) AS place, 0 AS total
FROM person p
WHERE p.closed_at IS NULL AND p.search = ''
  AND (:category = '' OR p.id IN (SELECT f.person_id FROM profile f WHERE f.category = :category))
  AND (:by_place = 0 OR p.id IN (SELECT m.person_id FROM membership m WHERE m.organisation_id IN (
       SELECT a.below_id FROM organisation o JOIN organisation_above a ON a.above_id = o.id
       WHERE o.search LIKE :o1 ESCAPE '\' AND o.search LIKE :o2 ESCAPE '\' AND o.search LIKE :o3 ESCAPE '\')))
ORDER BY p.id DESC LIMIT 500;

-- One person

-- person(id int): one { category text?, subjects text?, has_password int }
SELECT p.id, p.name, p.email, p.lang, p.created_at, p.confirmed_at, f.category, f.subjects,
       CASE WHEN p.password IS NULL THEN 0 ELSE 1 END AS has_password
FROM person p LEFT JOIN profile f ON f.person_id = p.id WHERE p.id = :id AND p.closed_at IS NULL;

-- enrolments(person int): many { label text? }
SELECT e.state, e.created_at, g.title, g.slug, c.label
FROM enrolment e JOIN programme g ON g.id = e.programme_id LEFT JOIN cohort c ON c.id = e.cohort_id
WHERE e.person_id = :person ORDER BY e.created_at DESC, e.id LIMIT 100;

-- acts(person int): many { actor_name text? }
SELECT a.id, a.at, a.act, a.actor, p.name AS actor_name
FROM audit a LEFT JOIN person p ON p.id = a.actor
WHERE a.kind = 'person' AND a.object = :person ORDER BY a.id DESC LIMIT 20;
