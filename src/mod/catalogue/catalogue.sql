-- facets(): many
SELECT id, facets, competences, months, places, starts_at FROM catalogue_entry ORDER BY position, id;

-- What has the words, and what has them in its title.
-- matching(query text): many { id int } @sqlite
SELECT rowid AS id FROM catalogue_words WHERE catalogue_words MATCH :query;
-- matching(query text): many { id int } @pgsql
SELECT rowid AS id FROM catalogue_words WHERE words @@ CAST(:query AS tsquery);

-- matching_title(query text): many as matching { id int } @sqlite
SELECT rowid AS id FROM catalogue_words WHERE catalogue_words MATCH '{title} : (' || :query || ')';
-- matching_title(query text): many as matching { id int } @pgsql
SELECT rowid AS id FROM catalogue_words WHERE title @@ CAST(:query AS tsquery);

-- places(): many
SELECT bit, name FROM catalogue_place ORDER BY name;

-- place(name text): one
SELECT bit FROM catalogue_place WHERE name = :name;

-- The next bit, while there is one.
-- add_place(name text, most int): exec
INSERT INTO catalogue_place (bit, name)
SELECT n.bit, :name FROM (SELECT CAST(coalesce(max(bit) + 1, 0) AS BIGINT) AS bit FROM catalogue_place) n WHERE n.bit < :most
ON CONFLICT DO NOTHING;

-- entries(a int, b int, c int, d int, e int, f int, g int, h int, i int, j int, k int, l int): many { places int?, taken int?, place text? }
SELECT e.id, e.slug, e.kind, e.area, e.title, e.aim, e.modality, e.minutes, e.competences, e.modules, e.starts_at, e.sample,
       c.places, c.taken, c.place
FROM catalogue_entry e LEFT JOIN cohort c ON c.id = e.cohort_id
WHERE e.id IN (:a, :b, :c, :d, :e, :f, :g, :h, :i, :j, :k, :l);

-- entry_by_slug(slug text): one
SELECT id, slug, programme_id, module_id, cohort_id, kind, area, title FROM catalogue_entry WHERE slug = :slug;

-- featured(now int): many as entries { places int?, taken int?, place text? }
SELECT e.id, e.slug, e.kind, e.area, e.title, e.aim, e.modality, e.minutes, e.competences, e.modules, e.starts_at, e.sample,
       c.places, c.taken, c.place
FROM catalogue_entry e JOIN cohort c ON c.id = e.cohort_id
WHERE e.starts_at > :now ORDER BY e.starts_at NULLS LAST, e.id LIMIT 4;

-- programme(slug text): one
SELECT id, slug, kind, area, title, subtitle, summary, aim, modality, minutes, audience, competences, partners, year,
       open_enrolment, sample, version_id
FROM programme WHERE slug = :slug;

-- programme_by_id(id int): one as programme
SELECT id, slug, kind, area, title, subtitle, summary, aim, modality, minutes, audience, competences, partners, year,
       open_enrolment, sample, version_id
FROM programme WHERE id = :id;

-- programme_by_entry(slug text): one as programme
SELECT p.id, p.slug, p.kind, p.area, p.title, p.subtitle, p.summary, p.aim, p.modality, p.minutes, p.audience, p.competences,
       p.partners, p.year, p.open_enrolment, p.sample, p.version_id
FROM catalogue_entry e JOIN programme p ON p.id = e.programme_id WHERE e.slug = :slug;

-- take_place(cohort int): exec
UPDATE cohort SET taken = taken + 1 WHERE id = :cohort AND (places = 0 OR taken < places);

-- free_place(cohort int): exec
UPDATE cohort SET taken = taken - 1 WHERE id = :cohort AND taken > 0;

-- count_programmes(): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM programme;

-- seed_taken(cohort int, taken int): exec
UPDATE cohort SET taken = :taken WHERE id = :cohort;

-- cohorts(programme int, now int): many
SELECT id, module_id, label, starts_at, ends_at, place, places, taken, sample FROM cohort
WHERE programme_id = :programme AND ends_at > :now ORDER BY starts_at, id;

-- add_cohort(id int, programme int, version int, module int?, label text, starts int, ends int, place text, places int, sample int): exec
INSERT INTO cohort (id, programme_id, version_id, module_id, label, starts_at, ends_at, place, places, taken, sample)
VALUES (:id, :programme, :version, :module, :label, :starts, :ends, :place, :places, 0, :sample);

-- change_cohort(id int, label text, starts int, ends int, place text, places int): exec
UPDATE cohort SET label = :label, starts_at = :starts, ends_at = :ends, place = :place, places = :places WHERE id = :id;

-- span_cohort(id int, starts int, ends int): exec
UPDATE cohort SET starts_at = :starts, ends_at = :ends WHERE id = :id AND (starts_at <> :starts OR ends_at <> :ends);

-- --- a version as people read it --------------------------------------------------------------------------------------

-- modules(version int, now int): many { next_at int? }
SELECT n.node_id AS id, m.slug, n.parent_id, n.code, n.title, n.brief, n.outcome, n.modality, n.minutes_remote,
       n.minutes_onsite, n.minutes_own, n.minutes_creation, n.competences, n.places, n.required, n.listed, n.sample,
       n.samr, n.aspid, n.tpack, n.objectives, n.requirements,
       (SELECT min(c.starts_at) FROM cohort c WHERE c.module_id = m.id AND c.starts_at > :now) AS next_at
FROM programme_node n JOIN module m ON m.id = n.node_id
WHERE n.version_id = :version AND n.level = 2 AND n.removed_at = 0 ORDER BY n.position;

-- parts(version int): many
SELECT node_id, level, code, lane, title, needed, whole, objectives, requirements FROM programme_node
WHERE version_id = :version AND level <= 1 AND removed_at = 0 ORDER BY level, position;

-- needs(version int): many
SELECT node_id, needs_id FROM programme_need WHERE version_id = :version ORDER BY node_id, needs_id;

-- module_by_slug(slug text): one
SELECT id, programme_id FROM module WHERE slug = :slug;

-- module_in(version int, slug text): one
SELECT m.id, m.programme_id, m.slug, n.code, n.title, n.outcome, n.objectives, n.requirements, n.modality, n.minutes_remote,
       n.minutes_onsite, n.minutes_own, n.minutes_creation, n.competences, n.places, n.required, n.sample, n.rule,
       n.samr, n.aspid, n.tpack
FROM module m JOIN programme_node n ON n.version_id = :version AND n.node_id = m.id
WHERE m.slug = :slug AND n.removed_at = 0;

-- activities(version int, module int): many { minutes int }
SELECT node_id AS id, kind, title, body, video, minutes_remote + minutes_onsite + minutes_own + minutes_creation AS minutes,
       position, settings, rule
FROM programme_node WHERE version_id = :version AND parent_id = :module AND removed_at = 0 ORDER BY position;

-- --- versions ----------------------------------------------------------------------------------------------------------

-- version(id int): one
SELECT id, programme_id, number, base, note, kind, area, audience, networks, languages, partners, year, open_enrolment,
       created_at, created_by, changed_at, published_at, published_by
FROM programme_version WHERE id = :id;

-- version_by_number(programme int, number int): one as version
SELECT id, programme_id, number, base, note, kind, area, audience, networks, languages, partners, year, open_enrolment,
       created_at, created_by, changed_at, published_at, published_by
FROM programme_version WHERE programme_id = :programme AND number = :number;

-- draft(programme int): one as version
SELECT id, programme_id, number, base, note, kind, area, audience, networks, languages, partners, year, open_enrolment,
       created_at, created_by, changed_at, published_at, published_by
FROM programme_version WHERE programme_id = :programme AND number IS NULL;

-- versions(programme int): many { cohorts int, published_by text? }
SELECT v.id, v.number, v.base, v.note, v.changed_at, v.published_at, p.name AS published_by,
       CAST((SELECT count(*) FROM cohort c WHERE c.version_id = v.id) AS BIGINT) AS cohorts
FROM programme_version v LEFT JOIN person p ON p.id = v.published_by
WHERE v.programme_id = :programme AND v.number IS NOT NULL ORDER BY v.number DESC;

-- last_number(programme int): one { number int }
SELECT CAST(coalesce(max(number), 0) AS BIGINT) AS number FROM programme_version WHERE programme_id = :programme;

-- add_version(id int, programme int, base int?, kind text, area text, audience int, networks int, languages int, partners text, year int?, open int, now int, by int?): exec
INSERT INTO programme_version (id, programme_id, number, base, note, kind, area, audience, networks, languages, partners,
                               year, open_enrolment, created_at, created_by, changed_at, published_at, published_by)
VALUES (:id, :programme, NULL, :base, '', :kind, :area, :audience, :networks, :languages, :partners, :year, :open, :now,
        :by, :now, NULL, NULL);

-- set_head(id int, kind text, area text, audience int, networks int, languages int, partners text, year int?, open int, now int): exec
UPDATE programme_version SET kind = :kind, area = :area, audience = :audience, networks = :networks,
       languages = :languages, partners = :partners, year = :year, open_enrolment = :open, changed_at = :now
WHERE id = :id AND number IS NULL;

-- touch_version(id int, now int): exec
UPDATE programme_version SET changed_at = :now WHERE id = :id AND number IS NULL;

-- publish_version(id int, number int, note text, now int, by int?): exec
UPDATE programme_version SET number = :number, note = :note, published_at = :now, published_by = :by
WHERE id = :id AND number IS NULL;

-- drop_nodes(version int): exec
DELETE FROM programme_node WHERE version_id = :version
  AND EXISTS (SELECT 1 FROM programme_version v WHERE v.id = :version AND v.number IS NULL);

-- drop_needs(version int): exec
DELETE FROM programme_need WHERE version_id = :version
  AND EXISTS (SELECT 1 FROM programme_version v WHERE v.id = :version AND v.number IS NULL);

-- drop_targets(version int): exec
DELETE FROM programme_target WHERE version_id = :version
  AND EXISTS (SELECT 1 FROM programme_version v WHERE v.id = :version AND v.number IS NULL);

-- drop_version(id int): exec
DELETE FROM programme_version WHERE id = :id AND number IS NULL;

-- copy_nodes(to int, source int): exec
INSERT INTO programme_node (version_id, node_id, parent_id, level, position, removed_at, changed_at, code, lane, kind, title, brief, outcome, objectives,
       requirements, body, video, modality, minutes_remote, minutes_onsite, minutes_own, minutes_creation, competences,
       subjects, places, required, listed, needed, whole, samr, aspid, tpack, sample, settings, rule)
SELECT :to, node_id, parent_id, level, position, 0, 0, code, lane, kind, title, brief, outcome, objectives,
       requirements, body, video, modality, minutes_remote, minutes_onsite, minutes_own, minutes_creation, competences,
       subjects, places, required, listed, needed, whole, samr, aspid, tpack, sample, settings, rule
FROM programme_node WHERE version_id = :source AND removed_at = 0;

-- copy_needs(to int, source int): exec
INSERT INTO programme_need (version_id, node_id, needs_id)
SELECT :to, node_id, needs_id FROM programme_need WHERE version_id = :source;

-- copy_targets(to int, source int): exec
INSERT INTO programme_target (version_id, node_id, framework, code, level)
SELECT :to, node_id, framework, code, level FROM programme_target WHERE version_id = :source;

-- What a version's parts aim at, framework by framework; a competence's rows beside each other.
-- targets(version int): many { title text?, name text?, levels text? }
SELECT t.node_id, t.framework, t.code, t.level, f.title, c.name, c.levels
FROM programme_target t LEFT JOIN framework f ON f.slug = t.framework
LEFT JOIN framework_competence c ON c.framework_id = f.id AND c.code = t.code
WHERE t.version_id = :version ORDER BY t.framework, c.position NULLS FIRST, t.code, t.node_id;

-- drop_target(version int, node int): exec
DELETE FROM programme_target WHERE version_id = :version AND node_id = :node
  AND EXISTS (SELECT 1 FROM programme_version v WHERE v.id = :version AND v.number IS NULL);

-- add_target(version int, node int, framework text, code text, level int): exec
INSERT INTO programme_target (version_id, node_id, framework, code, level)
VALUES (:version, :node, :framework, :code, :level) ON CONFLICT (version_id, node_id, framework, code) DO NOTHING;

-- framework_use(framework text): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM programme_target WHERE framework = :framework;

-- --- nodes -------------------------------------------------------------------------------------------------------------

-- nodes(version int): many
SELECT node_id, parent_id, level, position, removed_at, changed_at, code, lane, kind, title, brief, outcome, objectives,
       requirements, body, video, modality, minutes_remote, minutes_onsite, minutes_own, minutes_creation, competences,
       subjects, places, required, listed, needed, whole, samr, aspid, tpack, sample, settings, rule
FROM programme_node WHERE version_id = :version ORDER BY position, node_id;

-- node(version int, node int): one as nodes
SELECT node_id, parent_id, level, position, removed_at, changed_at, code, lane, kind, title, brief, outcome, objectives,
       requirements, body, video, modality, minutes_remote, minutes_onsite, minutes_own, minutes_creation, competences,
       subjects, places, required, listed, needed, whole, samr, aspid, tpack, sample, settings, rule
FROM programme_node WHERE version_id = :version AND node_id = :node;

-- add_node(version int, node_id int, parent_id int, level int, position int, changed_at int, code text, lane text, kind text, title text, brief text, outcome text, objectives text, requirements text, body text, video text, modality text, minutes_remote int, minutes_onsite int, minutes_own int, minutes_creation int, competences int, subjects int, places int, required int, listed int, needed int, whole int, samr text, aspid text, tpack text, sample int, settings text, rule text): exec
INSERT INTO programme_node (version_id, node_id, parent_id, level, position, removed_at, changed_at, code, lane, kind, title, brief, outcome, objectives,
       requirements, body, video, modality, minutes_remote, minutes_onsite, minutes_own, minutes_creation, competences,
       subjects, places, required, listed, needed, whole, samr, aspid, tpack, sample, settings, rule)
VALUES (:version, :node_id, :parent_id, :level, :position, 0, :changed_at, :code, :lane, :kind, :title, :brief, :outcome,
        :objectives, :requirements, :body, :video, :modality, :minutes_remote, :minutes_onsite, :minutes_own,
        :minutes_creation, :competences, :subjects, :places, :required, :listed, :needed, :whole, :samr, :aspid, :tpack,
        :sample, :settings, :rule);

-- set_node(version int, node_id int, changed_at int, code text, lane text, kind text, title text, brief text, outcome text, objectives text, requirements text, body text, video text, modality text, minutes_remote int, minutes_onsite int, minutes_own int, minutes_creation int, competences int, subjects int, places int, required int, listed int, needed int, whole int): exec
UPDATE programme_node SET changed_at = :changed_at, code = :code, lane = :lane, kind = :kind, title = :title, brief = :brief,
       outcome = :outcome, objectives = :objectives, requirements = :requirements, body = :body, video = :video,
       modality = :modality, minutes_remote = :minutes_remote, minutes_onsite = :minutes_onsite,
       minutes_own = :minutes_own, minutes_creation = :minutes_creation, competences = :competences,
       subjects = :subjects, places = :places, required = :required, listed = :listed, needed = :needed, whole = :whole
WHERE version_id = :version AND node_id = :node_id
  AND EXISTS (SELECT 1 FROM programme_version v WHERE v.id = :version AND v.number IS NULL);

-- place_node(version int, node int, parent int, position int): exec
UPDATE programme_node SET parent_id = :parent, position = :position WHERE version_id = :version AND node_id = :node;

-- The values of the kind's fields (settings), and the condition of a module or an activity.
-- set_settings(version int, node int, settings text, rule text, now int): exec
UPDATE programme_node SET settings = :settings, rule = :rule, changed_at = :now
WHERE version_id = :version AND node_id = :node
  AND EXISTS (SELECT 1 FROM programme_version v WHERE v.id = :version AND v.number IS NULL);

-- set_removed(version int, node int, at int): exec
UPDATE programme_node SET removed_at = :at WHERE version_id = :version AND node_id = :node;

-- set_models(version int, node int, samr text, aspid text, tpack text, now int): exec
UPDATE programme_node SET samr = :samr, aspid = :aspid, tpack = :tpack, changed_at = :now
WHERE version_id = :version AND node_id = :node;

-- forget_removed(version int): exec
DELETE FROM programme_node WHERE version_id = :version AND removed_at <> 0;

-- forget_needs(version int): exec
DELETE FROM programme_need WHERE version_id = :version
  AND (NOT EXISTS (SELECT 1 FROM programme_node n WHERE n.version_id = :version AND n.node_id = programme_need.node_id)
       OR NOT EXISTS (SELECT 1 FROM programme_node n WHERE n.version_id = :version AND n.node_id = programme_need.needs_id));

-- forget_targets(version int): exec
DELETE FROM programme_target WHERE version_id = :version
  AND NOT EXISTS (SELECT 1 FROM programme_node n WHERE n.version_id = :version AND n.node_id = programme_target.node_id);

-- settle_whole(version int): exec
UPDATE programme_node SET needed = (SELECT count(*) FROM programme_node c WHERE c.version_id = :version
                                    AND c.parent_id = programme_node.node_id AND c.level = 2 AND c.removed_at = 0)
WHERE version_id = :version AND level <= 1 AND whole = 1;

-- add_module(id int, programme int, slug text): exec
INSERT INTO module (id, programme_id, slug) VALUES (:id, :programme, :slug) ON CONFLICT (slug) DO NOTHING;

-- add_activity(id int, module int): exec
INSERT INTO activity (id, module_id) VALUES (:id, :module);

-- add_programme(id int, slug text, kind text, area text, title text, sample int): exec
INSERT INTO programme (id, slug, kind, area, title, subtitle, summary, aim, modality, minutes, audience, competences,
                       partners, year, open_enrolment, sample, position, version_id)
SELECT :id, :slug, :kind, :area, :title, '', '', '', '', 0, 0, 0, '', NULL, 0, :sample,
       coalesce((SELECT max(p.position) FROM programme p), 0) + 1, NULL
WHERE NOT EXISTS (SELECT 1 FROM programme p WHERE p.slug = :slug);

-- set_face(id int, version int, kind text, area text, title text, subtitle text, summary text, aim text, modality text, minutes int, audience int, competences int, partners text, year int?, open int): exec
UPDATE programme SET version_id = :version, kind = :kind, area = :area, title = :title, subtitle = :subtitle,
       summary = :summary, aim = :aim, modality = :modality, minutes = :minutes, audience = :audience,
       competences = :competences, partners = :partners, year = :year, open_enrolment = :open
WHERE id = :id;

-- set_sample_title(id int, title text): exec
UPDATE programme SET title = :title WHERE id = :id AND version_id IS NULL;

-- For those who write them: what is published, and whether there is a draft.
-- edited(): many { title text, number int?, draft int? }
SELECT p.id, p.slug, coalesce(dr.title, p.title) AS title, p.kind, p.area, p.sample, v.number, d.changed_at AS draft
FROM programme p LEFT JOIN programme_version v ON v.id = p.version_id
LEFT JOIN programme_version d ON d.programme_id = p.id AND d.number IS NULL
LEFT JOIN programme_node dr ON dr.version_id = d.id AND dr.node_id = p.id
ORDER BY CASE WHEN d.changed_at IS NULL THEN 1 ELSE 0 END, p.position, p.title, p.id LIMIT 1000;

-- Of a programme that was never published.
-- forget_activities(programme int): exec
DELETE FROM activity WHERE module_id IN (SELECT m.id FROM module m JOIN programme p ON p.id = m.programme_id
                                         WHERE p.id = :programme AND p.version_id IS NULL);

-- forget_modules(programme int): exec
DELETE FROM module WHERE programme_id IN (SELECT p.id FROM programme p WHERE p.id = :programme AND p.version_id IS NULL);

-- forget_programme(programme int): exec
DELETE FROM programme WHERE id = :programme AND version_id IS NULL;

-- --- the index -----------------------------------------------------------------------------------------------------------

-- indexed_programmes(): many
SELECT id FROM programme WHERE version_id IS NOT NULL ORDER BY position, id;

-- Not indexed since `since`, or with a date that has passed.
-- stale(since int, now int, most int): many
SELECT p.id FROM programme p
WHERE p.version_id IS NOT NULL
  AND (NOT EXISTS (SELECT 1 FROM catalogue_entry e WHERE e.programme_id = p.id AND e.indexed_at >= :since)
       OR EXISTS (SELECT 1 FROM catalogue_entry e WHERE e.programme_id = p.id AND e.starts_at <= :now))
ORDER BY p.id LIMIT :most;

-- Above the 22 competences stand the six levels that one of them leads to (facets.c).
-- index_programme(id int, now int): one { competences int, cohort_id int?, starts_at int?, modules int }
SELECT p.id, p.slug, p.kind, p.area, p.title, p.aim, p.subtitle, p.summary, p.modality, p.minutes, p.audience,
       CAST(p.competences + coalesce((SELECT max(CASE WHEN t.level = 1 THEN 4194304 ELSE 0 END) + max(CASE WHEN t.level = 2 THEN 8388608 ELSE 0 END) + max(CASE WHEN t.level = 3 THEN 16777216 ELSE 0 END)
           + max(CASE WHEN t.level = 4 THEN 33554432 ELSE 0 END) + max(CASE WHEN t.level = 5 THEN 67108864 ELSE 0 END) + max(CASE WHEN t.level = 6 THEN 134217728 ELSE 0 END)
        FROM programme_target t WHERE t.version_id = p.version_id AND t.framework = 'digcompedu'), 0) AS BIGINT) AS competences,
       p.sample, p.position, p.version_id, v.networks, v.languages, r.subjects, r.objectives, r.requirements,
       (SELECT c.id FROM cohort c WHERE c.programme_id = p.id AND c.module_id IS NULL AND c.starts_at > :now
        ORDER BY c.starts_at, c.id LIMIT 1) AS cohort_id,
       (SELECT min(c.starts_at) FROM cohort c WHERE c.programme_id = p.id AND c.module_id IS NULL AND c.starts_at > :now)
           AS starts_at,
       CAST((SELECT count(*) FROM programme_node m WHERE m.version_id = p.version_id AND m.level = 2) AS BIGINT) AS modules
FROM programme p JOIN programme_version v ON v.id = p.version_id
JOIN programme_node r ON r.version_id = p.version_id AND r.node_id = p.id
WHERE p.id = :id;

-- All modules: those that are not listed lend the programme the words of their titles.
-- index_modules(programme int, now int): many { competences int, cohort_id int?, starts_at int? }
SELECT n.node_id AS id, m.slug, u.lane, n.code, n.title, n.outcome, n.objectives, n.requirements, n.modality, n.minutes_remote,
       n.minutes_onsite, n.minutes_own, n.minutes_creation, n.subjects, n.listed, n.sample,
       CAST(n.competences + coalesce((SELECT max(CASE WHEN t.level = 1 THEN 4194304 ELSE 0 END) + max(CASE WHEN t.level = 2 THEN 8388608 ELSE 0 END) + max(CASE WHEN t.level = 3 THEN 16777216 ELSE 0 END)
           + max(CASE WHEN t.level = 4 THEN 33554432 ELSE 0 END) + max(CASE WHEN t.level = 5 THEN 67108864 ELSE 0 END) + max(CASE WHEN t.level = 6 THEN 134217728 ELSE 0 END)
        FROM programme_target t WHERE t.version_id = n.version_id AND t.node_id = n.node_id AND t.framework = 'digcompedu'), 0) AS BIGINT) AS competences,
       (SELECT c.id FROM cohort c WHERE c.module_id = m.id AND c.starts_at > :now ORDER BY c.starts_at, c.id LIMIT 1)
           AS cohort_id,
       (SELECT min(c.starts_at) FROM cohort c WHERE c.module_id = m.id AND c.starts_at > :now) AS starts_at
FROM programme p JOIN programme_node n ON n.version_id = p.version_id AND n.level = 2
JOIN module m ON m.id = n.node_id
JOIN programme_node u ON u.version_id = n.version_id AND u.node_id = n.parent_id
WHERE p.id = :programme ORDER BY n.position;

-- cohorts_ahead(programme int, now int): many
SELECT module_id, starts_at, place FROM cohort WHERE programme_id = :programme AND starts_at > :now ORDER BY starts_at, id;

-- clear_words(programme int): exec
DELETE FROM catalogue_words WHERE rowid IN (SELECT id FROM catalogue_entry WHERE programme_id = :programme);

-- clear_entries(programme int): exec
DELETE FROM catalogue_entry WHERE programme_id = :programme;

-- add_words(id int, title text, more text, body text): exec @sqlite
INSERT INTO catalogue_words (rowid, title, more, body) VALUES (:id, :title, :more, :body);
-- add_words(id int, title text, more text, body text): exec @pgsql
INSERT INTO catalogue_words (rowid, words)
VALUES (:id, setweight(CAST(:title AS tsvector), 'A') || setweight(CAST(:more AS tsvector), 'B')
             || setweight(CAST(:body AS tsvector), 'D'));

-- add_entry(id int, slug text, programme int, module int?, cohort int?, kind text, area text, title text, aim text, modality text, minutes int, competences int, modules int, starts int?, facets int, months int, places int, sample int, position int, now int): exec
INSERT INTO catalogue_entry (id, slug, programme_id, module_id, cohort_id, kind, area, title, aim, modality, minutes,
                             competences, modules, starts_at, facets, months, places, sample, position, indexed_at)
VALUES (:id, :slug, :programme, :module, :cohort, :kind, :area, :title, :aim, :modality, :minutes, :competences,
        :modules, :starts, :facets, :months, :places, :sample, :position, :now);

-- add_need(version int, node int, needs int): exec
INSERT INTO programme_need (version_id, node_id, needs_id) VALUES (:version, :node, :needs)
ON CONFLICT (version_id, node_id, needs_id) DO NOTHING;

-- drop_need(version int, node int): exec
DELETE FROM programme_need WHERE version_id = :version AND node_id = :node;

-- held_versions(person int): many { published int }
SELECT p.title, v.created_at, v.published_at, CASE WHEN v.published_by = :person THEN 1 ELSE 0 END AS published
FROM programme_version v JOIN programme p ON p.id = v.programme_id
WHERE v.created_by = :person OR v.published_by = :person ORDER BY v.id;

-- forget_editor(person int): exec
UPDATE programme_version SET created_by = CASE WHEN created_by = :person THEN NULL ELSE created_by END,
       published_by = CASE WHEN published_by = :person THEN NULL ELSE published_by END
WHERE created_by = :person OR published_by = :person;

-- --- a year of the centre: the load of `edulab demo --size year`, made of numbers ------------------------------------------

-- year_programmes(base int, count int, now int): exec
WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)
INSERT INTO programme (id, slug, kind, area, title, subtitle, summary, aim, modality, minutes, audience, competences,
                       partners, year, open_enrolment, sample, position, version_id)
SELECT :base + i, 'annee-' || i, 'path', 'form', 'Formation ' || i || ' de l''année', '', '',
       'Un exemple pour mesurer : dix modules, cinq étapes chacun.', 'hybride', 3000, 0, 1 + i % 4000, '', NULL, 1, 1, 1000 + i,
       NULL FROM n WHERE :now > 0;

-- year_versions(base int, count int, now int): exec
WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)
INSERT INTO programme_version (id, programme_id, number, base, note, kind, area, audience, networks, languages, partners,
                               year, open_enrolment, created_at, created_by, changed_at, published_at, published_by)
SELECT :base + i, :base + i, 1, NULL, '', 'path', 'form', 0, 0, 1, '', NULL, 1, :now, NULL, :now, :now, NULL FROM n;

-- year_publish(base int, count int): exec
UPDATE programme SET version_id = id WHERE id >= :base AND id < :base + :count;

-- year_roots(base int, count int, modules int): exec
WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)
INSERT INTO programme_node (version_id, node_id, parent_id, level, position, removed_at, changed_at, code, lane, kind, title, brief,
                            outcome, objectives, requirements, body, video, modality, minutes_remote, minutes_onsite,
                            minutes_own, minutes_creation, competences, subjects, places, required, listed, needed, whole,
                            samr, aspid, tpack, sample)
SELECT :base + i, :base + i, 0, 0, 0, 0, 0, '', '', '', 'Formation ' || i || ' de l''année', '',
       'Un exemple pour mesurer : dix modules, cinq étapes chacun.', '', '', '', '', 'hybride', 0, 0, 0, 0, 1 + i % 4000, 0, 0,
       0, 1, :modules, 1, '', '', '', 1 FROM n;

-- year_modules(base int, count int, modules int): exec
WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)
INSERT INTO module (id, programme_id, slug)
SELECT :base + 1000000 + i, :base + i / :modules, 'annee-m' || i FROM n;

-- year_module_nodes(base int, count int, modules int, steps int): exec
WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)
INSERT INTO programme_node (version_id, node_id, parent_id, level, position, removed_at, changed_at, code, lane, kind, title, brief,
                            outcome, objectives, requirements, body, video, modality, minutes_remote, minutes_onsite,
                            minutes_own, minutes_creation, competences, subjects, places, required, listed, needed, whole,
                            samr, aspid, tpack, sample)
SELECT :base + i / :modules, :base + 1000000 + i, :base + i / :modules, 2, 1 + (i % :modules) * (:steps + 1), 0, 0,
       'M' || (1 + i % :modules), '', '', 'Module ' || (1 + i % :modules), '', 'Une trace de classe.', '', '', '', '', 'hybride',
       60, 60, 120, 60, 1 + i % 4000, 0, 0, 0, 0, 0, 0, '', '', '', 1 FROM n;

-- year_activities(base int, count int, steps int): exec
WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)
INSERT INTO activity (id, module_id) SELECT :base + 2000000 + i, :base + 1000000 + i / :steps FROM n;

-- year_activity_nodes(base int, count int, modules int, steps int): exec
WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)
INSERT INTO programme_node (version_id, node_id, parent_id, level, position, removed_at, changed_at, code, lane, kind, title, brief,
                            outcome, objectives, requirements, body, video, modality, minutes_remote, minutes_onsite,
                            minutes_own, minutes_creation, competences, subjects, places, required, listed, needed, whole,
                            samr, aspid, tpack, sample)
SELECT :base + i / (:modules * :steps), :base + 2000000 + i, :base + 1000000 + i / :steps, 3,
       2 + (i / :steps % :modules) * (:steps + 1) + i % :steps, 0, 0, '', '', 'page', 'Étape ' || (1 + i % :steps), '', '', '', '',
       'Lisez, essayez, **notez** ce que vous en gardez.', '', '', 0, 0, 30, 0, 0, 0, 0, 0, 0, 0, 0, '', '', '', 0 FROM n;

-- year_cohorts(base int, count int, cohorts int, now int): exec
WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)
INSERT INTO cohort (id, programme_id, version_id, module_id, label, starts_at, ends_at, place, places, taken, sample)
SELECT :base + i, :base + i / :cohorts, :base + i / :cohorts, NULL, 'Groupe ' || i, :now + (i % 300 - 150) * 86400000,
       :now + (i % 300 - 60) * 86400000, 'En ligne', 0, 150, 1 FROM n;
