-- frameworks(): many { competences int }
SELECT f.id, f.slug, f.title, f.source, f.created_at,
       CAST((SELECT count(*) FROM framework_competence c WHERE c.framework_id = f.id) AS BIGINT) AS competences
FROM framework f ORDER BY f.title, f.id LIMIT 100;

-- framework(slug text): one
SELECT id, slug, title, source, created_at FROM framework WHERE slug = :slug;

-- count_frameworks(): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM framework;

-- Of all frameworks, each after the other.
-- all_competences(): many
SELECT f.slug, f.title, c.code, c.name, c.area, c.levels
FROM framework f JOIN framework_competence c ON c.framework_id = f.id ORDER BY f.title, f.id, c.position;

-- competences(framework int): many
SELECT code, name, area, levels FROM framework_competence WHERE framework_id = :framework ORDER BY position;

-- add_framework(id int, slug text, title text, source text, now int): exec
INSERT INTO framework (id, slug, title, source, created_at) VALUES (:id, :slug, :title, :source, :now)
ON CONFLICT (slug) DO NOTHING;

-- add_competence(framework int, position int, code text, name text, area text, levels text): exec
INSERT INTO framework_competence (framework_id, position, code, name, area, levels)
VALUES (:framework, :position, :code, :name, :area, :levels);

-- drop_competences(framework int): exec
DELETE FROM framework_competence WHERE framework_id = :framework;

-- drop_framework(framework int): exec
DELETE FROM framework WHERE id = :framework;
