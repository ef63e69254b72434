-- Classes

-- add_class(id int, slug text, name_fr text, name_en text, criteria_fr text, criteria_en text, area text, kind text, programme text, competences int, needed int, sample int, position int, picture blob): exec
INSERT INTO badge_class (id, slug, name_fr, name_en, criteria_fr, criteria_en, area, kind, programme, competences,
                         needed, sample, position, picture)
VALUES (:id, :slug, :name_fr, :name_en, :criteria_fr, :criteria_en, :area, :kind, :programme, :competences,
        :needed, :sample, :position, :picture)
ON CONFLICT (slug) DO NOTHING;

-- add_requirement(class int, kind text, code text, must int): exec
INSERT INTO badge_requirement (class_id, kind, code, must) VALUES (:class, :kind, :code, :must);

-- class(slug text): one
SELECT id, slug, name_fr, name_en, criteria_fr, criteria_en, area, kind, programme, competences, needed, sample
FROM badge_class WHERE slug = :slug;

-- class_by_id(id int): one as class
SELECT id, slug, name_fr, name_en, criteria_fr, criteria_en, area, kind, programme, competences, needed, sample
FROM badge_class WHERE id = :id;

-- classes(): many as class
SELECT id, slug, name_fr, name_en, criteria_fr, criteria_en, area, kind, programme, competences, needed, sample
FROM badge_class ORDER BY position, id;

-- classes_of(programme text): many as class
SELECT id, slug, name_fr, name_en, criteria_fr, criteria_en, area, kind, programme, competences, needed, sample
FROM badge_class WHERE programme = :programme ORDER BY position, id;

-- picture(slug text): one
SELECT picture FROM badge_class WHERE slug = :slug;

-- awarded(class int): one { n int }
SELECT count(*) AS n FROM badge_assertion WHERE class_id = :class;

-- Progress

-- note(person int, kind text, code text, name text, now int): exec
INSERT INTO badge_progress (person_id, class_id, kind, code, name, at)
SELECT :person, r.class_id, r.kind, r.code, :name, :now
FROM badge_requirement r WHERE r.kind = :kind AND r.code = :code
ON CONFLICT (person_id, class_id, kind, code) DO NOTHING;

-- touched(kind text, code text): many
SELECT class_id FROM badge_requirement WHERE kind = :kind AND code = :code ORDER BY class_id;

-- standing(person int, class int): one { done int, must_left int }
SELECT
    (SELECT count(*) FROM badge_progress p WHERE p.person_id = :person AND p.class_id = :class) AS done,
    (SELECT count(*) FROM badge_requirement r
     WHERE r.class_id = :class AND r.must = 1
       AND NOT EXISTS (SELECT 1 FROM badge_progress p
                       WHERE p.person_id = :person AND p.class_id = r.class_id AND p.kind = r.kind AND p.code = r.code)
    ) AS must_left;

-- done(person int, class int): many
SELECT kind, code, name, at FROM badge_progress WHERE person_id = :person AND class_id = :class ORDER BY at, code;

-- Assertions

-- award(id int, class int, person int, now int, address text, body text): exec
INSERT INTO badge_assertion (id, class_id, person_id, issued_at, address, body)
VALUES (:id, :class, :person, :now, :address, :body)
ON CONFLICT (class_id, person_id) DO NOTHING;

-- holds(class int, person int): one { revoked_at int? }
SELECT a.id, a.issued_at, r.revoked_at AS revoked_at
FROM badge_assertion a LEFT JOIN badge_revocation r ON r.assertion_id = a.id
WHERE a.class_id = :class AND a.person_id = :person;

-- published(id int): one { reason text? }
SELECT a.address, a.body, r.reason AS reason
FROM badge_assertion a LEFT JOIN badge_revocation r ON r.assertion_id = a.id
WHERE a.id = :id;

-- assertion(id int): one { revoked_at int?, reason text? }
SELECT a.id, a.class_id, a.person_id, a.issued_at, a.address, a.body, a.show_name,
       r.revoked_at AS revoked_at, r.reason AS reason
FROM badge_assertion a LEFT JOIN badge_revocation r ON r.assertion_id = a.id
WHERE a.id = :id;

-- baked(id int): one { reason text? }
SELECT c.slug, c.picture, a.body, r.reason AS reason
FROM badge_assertion a JOIN badge_class c ON c.id = a.class_id
LEFT JOIN badge_revocation r ON r.assertion_id = a.id
WHERE a.id = :id;

-- held(person int): many { revoked_at int? }
SELECT a.id, a.issued_at, r.revoked_at AS revoked_at, c.slug, c.name_fr, c.name_en, c.area, c.kind
FROM badge_assertion a JOIN badge_class c ON c.id = a.class_id
LEFT JOIN badge_revocation r ON r.assertion_id = a.id
WHERE a.person_id = :person
ORDER BY a.issued_at DESC, a.id DESC;

-- begun(person int): many { done int }
SELECT c.slug, c.name_fr, c.name_en, c.area, c.kind, c.needed, count(*) AS done
FROM badge_progress p JOIN badge_class c ON c.id = p.class_id
WHERE p.person_id = :person
  AND NOT EXISTS (SELECT 1 FROM badge_assertion a WHERE a.class_id = c.id AND a.person_id = :person)
GROUP BY c.id
ORDER BY c.position, c.id;

-- show_name(id int, person int, show int): exec
UPDATE badge_assertion SET show_name = :show WHERE id = :id AND person_id = :person;

-- Revocations

-- revoke(id int, by int, now int, reason text): exec
INSERT INTO badge_revocation (assertion_id, revoked_by, revoked_at, reason) VALUES (:id, :by, :now, :reason)
ON CONFLICT (assertion_id) DO NOTHING;

-- revoked(): many
SELECT a.address, r.reason
FROM badge_revocation r JOIN badge_assertion a ON a.id = r.assertion_id
ORDER BY r.revoked_at, r.assertion_id;

-- Privacy

-- held_badges(person int): many { revoked_at int?, reason text? }
SELECT a.id, c.slug, c.name_fr, a.issued_at, a.address, a.show_name, a.body, c.picture, r.revoked_at, r.reason
FROM badge_assertion a JOIN badge_class c ON c.id = a.class_id LEFT JOIN badge_revocation r ON r.assertion_id = a.id
WHERE a.person_id = :person ORDER BY a.issued_at, a.id;

-- held_progress(person int): many
SELECT c.name_fr, p.name, p.at FROM badge_progress p JOIN badge_class c ON c.id = p.class_id
WHERE p.person_id = :person ORDER BY p.at, p.class_id, p.code;

-- held_revocations(person int): many
SELECT c.name_fr, r.revoked_at, r.reason FROM badge_revocation r JOIN badge_assertion a ON a.id = r.assertion_id
JOIN badge_class c ON c.id = a.class_id WHERE r.revoked_by = :person ORDER BY r.revoked_at;

-- forget_progress(person int): exec
DELETE FROM badge_progress WHERE person_id = :person;

-- hide_names(person int): exec
UPDATE badge_assertion SET show_name = 0 WHERE person_id = :person;
