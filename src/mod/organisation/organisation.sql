-- One organisation

-- find(id int): one
SELECT id, parent_id, kind, name, code, place, website, sample, closed_at FROM organisation WHERE id = :id;

-- by_code(code text): one as find
SELECT id, parent_id, kind, name, code, place, website, sample, closed_at FROM organisation WHERE code = :code;

-- add(id int, parent int?, kind text, name text, code text, place text, website text, search text, sample int, now int): exec
INSERT INTO organisation (id, parent_id, kind, name, code, place, website, search, sample, created_at)
VALUES (:id, :parent, :kind, :name, :code, :place, :website, :search, :sample, :now)
ON CONFLICT DO NOTHING;

-- change(id int, name text, code text, place text, website text, search text): exec
UPDATE organisation SET name = :name, code = :code, place = :place, website = :website, search = :search WHERE id = :id;

-- uses(id int): one { below int, members int }
SELECT (SELECT count(*) FROM organisation c WHERE c.parent_id = :id AND c.closed_at IS NULL) AS below,
       (SELECT count(*) FROM membership m WHERE m.organisation_id = :id) AS members;

-- close(id int, now int): exec
UPDATE organisation SET closed_at = :now, code = '', parent_id = NULL WHERE id = :id AND closed_at IS NULL;

-- directly_below(id int): many
SELECT id FROM organisation WHERE parent_id = :id AND closed_at IS NULL ORDER BY id;

-- revive(id int, code text, parent int?): exec
UPDATE organisation SET closed_at = NULL, code = :code, parent_id = :parent WHERE id = :id AND closed_at IS NOT NULL;

-- set_parent(id int, parent int?): exec
UPDATE organisation SET parent_id = :parent WHERE id = :id;

-- The tree

-- above(id int): many
SELECT o.id, o.name, o.kind FROM organisation_above a JOIN organisation o ON o.id = a.above_id
WHERE a.below_id = :id AND a.depth > 0 ORDER BY a.depth DESC;

-- is_below(id int, above int): one { n int }
SELECT count(*) AS n FROM organisation_above WHERE below_id = :id AND above_id = :above;

-- link_self(id int): exec
INSERT INTO organisation_above (below_id, above_id, depth) VALUES (:id, :id, 0);

-- link(id int, parent int): exec
INSERT INTO organisation_above (below_id, above_id, depth)
SELECT d.below_id, u.above_id, d.depth + u.depth + 1
FROM organisation_above d, organisation_above u WHERE d.above_id = :id AND u.below_id = :parent;

-- unlink(id int): exec
DELETE FROM organisation_above
WHERE below_id IN (SELECT d.below_id FROM organisation_above d WHERE d.above_id = :id)
  AND above_id IN (SELECT u.above_id FROM organisation_above u WHERE u.below_id = :id AND u.above_id <> :id);

-- Lists: `below` counts what lies under it, `people` who belongs to it or to these

-- tree(most int): many { members int }
SELECT o.id, o.parent_id, o.kind, o.name, o.place, o.sample, coalesce(m.n, 0) AS members
FROM organisation o
LEFT JOIN (SELECT organisation_id, CAST(count(*) AS BIGINT) AS n FROM membership GROUP BY organisation_id) m
       ON m.organisation_id = o.id
WHERE o.closed_at IS NULL
ORDER BY CASE o.kind WHEN 'network' THEN 0 WHEN 'university' THEN 1 WHEN 'partner' THEN 2 ELSE 3 END, o.search, o.id LIMIT :most;

-- children(parent int): many { below int, people int }
SELECT o.id, o.kind, o.name, o.place, o.code, o.sample,
       (SELECT count(*) - 1 FROM organisation_above a WHERE a.above_id = o.id) AS below,
       (SELECT count(DISTINCT m.person_id) FROM organisation_above a JOIN membership m ON m.organisation_id = a.below_id
        WHERE a.above_id = o.id) AS people
FROM organisation o WHERE o.parent_id = :parent AND o.closed_at IS NULL ORDER BY o.search, o.id LIMIT 500;

-- matching(w1 text, w2 text, w3 text, kind text, most int, skip int): many as children { below int, people int }
SELECT o.id, o.kind, o.name, o.place, o.code, o.sample,
       (SELECT count(*) - 1 FROM organisation_above a WHERE a.above_id = o.id) AS below,
       (SELECT count(DISTINCT m.person_id) FROM organisation_above a JOIN membership m ON m.organisation_id = a.below_id
        WHERE a.above_id = o.id) AS people
FROM organisation o
WHERE o.closed_at IS NULL AND (:kind = '' OR o.kind = :kind)
  AND o.search LIKE :w1 ESCAPE '\' AND o.search LIKE :w2 ESCAPE '\' AND o.search LIKE :w3 ESCAPE '\'
ORDER BY o.search, o.id LIMIT :most OFFSET :skip;

-- count_matching(w1 text, w2 text, w3 text, kind text): one { n int }
SELECT count(*) AS n FROM organisation o
WHERE o.closed_at IS NULL AND (:kind = '' OR o.kind = :kind)
  AND o.search LIKE :w1 ESCAPE '\' AND o.search LIKE :w2 ESCAPE '\' AND o.search LIKE :w3 ESCAPE '\';

-- Membership

-- add_member(id int, organisation int, person int, role text, starts int, ends int?): exec
INSERT INTO membership (id, organisation_id, person_id, role, starts_at, ends_at)
VALUES (:id, :organisation, :person, :role, :starts, :ends)
ON CONFLICT (organisation_id, person_id, role) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at;

-- membership(id int): one
SELECT id, organisation_id, person_id, role, starts_at, ends_at FROM membership WHERE id = :id;

-- member(organisation int, person int, role text): one
SELECT starts_at, ends_at FROM membership
WHERE organisation_id = :organisation AND person_id = :person AND role = :role;

-- remove_member(organisation int, person int, role text): exec
DELETE FROM membership WHERE organisation_id = :organisation AND person_id = :person AND role = :role;

-- end_member(id int, now int): exec
UPDATE membership SET ends_at = :now WHERE id = :id AND (ends_at IS NULL OR ends_at > :now);

-- members(organisation int, most int, skip int): many
SELECT m.id, m.person_id, m.role, m.starts_at, m.ends_at, p.name, p.email
FROM membership m JOIN person p ON p.id = m.person_id
WHERE m.organisation_id = :organisation AND p.closed_at IS NULL
ORDER BY CASE m.role WHEN 'head' THEN 0 WHEN 'contact' THEN 1 ELSE 2 END, lower(p.name), m.id LIMIT :most OFFSET :skip;

-- count_members(organisation int): one { n int }
SELECT count(*) AS n FROM membership m JOIN person p ON p.id = m.person_id
WHERE m.organisation_id = :organisation AND p.closed_at IS NULL;

-- of_person(person int): many
SELECT m.id, m.organisation_id, m.role, m.starts_at, m.ends_at, o.name, o.kind
FROM membership m JOIN organisation o ON o.id = m.organisation_id
WHERE m.person_id = :person ORDER BY o.search, m.role, m.id;

-- leading(person int, now int): many
SELECT organisation_id, role FROM membership
WHERE person_id = :person AND role IN ('head', 'contact') AND starts_at <= :now AND (ends_at IS NULL OR ends_at > :now)
ORDER BY organisation_id, role;

-- Privacy

-- held_memberships(person int): many
SELECT o.name, m.role, m.starts_at, m.ends_at
FROM membership m JOIN organisation o ON o.id = m.organisation_id WHERE m.person_id = :person ORDER BY m.id;

-- forget_memberships(person int): exec
DELETE FROM membership WHERE person_id = :person;
