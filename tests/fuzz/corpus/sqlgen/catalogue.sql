-- facets(): many
SELECT id, facets, starts_at FROM catalogue_entry ORDER BY position, id;

-- facets_matching(w1 text, w2 text, w3 text, w4 text): many as facets
SELECT id, facets, starts_at FROM catalogue_entry
WHERE search LIKE :w1 ESCAPE '\' AND search LIKE :w2 ESCAPE '\'
  AND search LIKE :w3 ESCAPE '\' AND search LIKE :w4 ESCAPE '\'
ORDER BY position, id;

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
       open_enrolment, sample
FROM programme WHERE slug = :slug;

-- programme_by_id(id int): one as programme
SELECT id, slug, kind, area, title, subtitle, summary, aim, modality, minutes, audience, competences, partners, year,
       open_enrolment, sample
FROM programme WHERE id = :id;

-- programmes_of_kind(kind text): many as programme
SELECT id, slug, kind, area, title, subtitle, summary, aim, modality, minutes, audience, competences, partners, year,
       open_enrolment, sample
FROM programme WHERE kind = :kind ORDER BY position, id;

-- rules(programme int): many
SELECT lane, needed FROM programme_rule WHERE programme_id = :programme ORDER BY position;

-- modules(programme int, now int): many { next_at int? }
SELECT m.id, m.slug, m.code, m.lane, m.title, m.outcome, m.modality, m.minutes_remote, m.minutes_onsite, m.minutes_own,
       m.minutes_creation, m.competences, m.places, m.required, m.sample,
       (SELECT min(c.starts_at) FROM cohort c WHERE c.module_id = m.id AND c.starts_at > :now) AS next_at
FROM module m WHERE m.programme_id = :programme ORDER BY m.position, m.id;

-- module_by_slug(slug text): one
SELECT m.id, m.programme_id, m.slug, m.code, m.lane, m.title, m.outcome, m.modality, m.minutes_remote, m.minutes_onsite,
       m.minutes_own, m.minutes_creation, m.competences, m.places, m.required, m.sample
FROM module m WHERE m.slug = :slug;

-- activities(module int): many
SELECT id, kind, title, body, video, minutes, position FROM activity WHERE module_id = :module ORDER BY position, id;

-- cohorts(programme int, now int): many
SELECT id, module_id, label, starts_at, ends_at, place, places, taken, sample FROM cohort
WHERE programme_id = :programme AND ends_at > :now ORDER BY starts_at, id;

-- next_cohort(programme int, now int): one
SELECT id, label, starts_at, ends_at, place, places, taken, sample FROM cohort
WHERE programme_id = :programme AND module_id IS NULL AND ends_at > :now ORDER BY starts_at, id LIMIT 1;

-- take_place(cohort int): exec
UPDATE cohort SET taken = taken + 1 WHERE id = :cohort AND (places = 0 OR taken < places);

-- free_place(cohort int): exec
UPDATE cohort SET taken = taken - 1 WHERE id = :cohort AND taken > 0;

-- count_programmes(): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM programme;

-- add_programme(id int, slug text, kind text, area text, title text, subtitle text, summary text, aim text, modality text, minutes int, audience int, competences int, partners text, year int?, open int, sample int, position int): exec
INSERT INTO programme (id, slug, kind, area, title, subtitle, summary, aim, modality, minutes, audience, competences,
                       partners, year, open_enrolment, sample, position)
VALUES (:id, :slug, :kind, :area, :title, :subtitle, :summary, :aim, :modality, :minutes, :audience, :competences,
        :partners, :year, :open, :sample, :position);

-- add_rule(programme int, lane text, needed int, position int): exec
INSERT INTO programme_rule (programme_id, lane, needed, position) VALUES (:programme, :lane, :needed, :position);

-- add_module(id int, programme int, slug text, code text, lane text, title text, outcome text, modality text, remote int, onsite int, own int, creation int, competences int, places int, required int, listed int, sample int, position int): exec
INSERT INTO module (id, programme_id, slug, code, lane, title, outcome, modality, minutes_remote, minutes_onsite,
                    minutes_own, minutes_creation, competences, places, required, listed, sample, position)
VALUES (:id, :programme, :slug, :code, :lane, :title, :outcome, :modality, :remote, :onsite, :own, :creation,
        :competences, :places, :required, :listed, :sample, :position);

-- add_activity(id int, module int, kind text, title text, body text, video text, minutes int, position int): exec
INSERT INTO activity (id, module_id, kind, title, body, video, minutes, position)
VALUES (:id, :module, :kind, :title, :body, :video, :minutes, :position);

-- add_cohort(id int, programme int, module int?, label text, starts int, ends int, place text, places int, sample int): exec
INSERT INTO cohort (id, programme_id, module_id, label, starts_at, ends_at, place, places, taken, sample)
VALUES (:id, :programme, :module, :label, :starts, :ends, :place, :places, 0, :sample);

-- clear_entries(): exec
DELETE FROM catalogue_entry;

-- index_programmes(now int): many { cohort_id int?, starts_at int?, modules int }
SELECT p.id, p.slug, p.kind, p.area, p.title, p.aim, p.subtitle, p.modality, p.minutes, p.audience, p.competences, p.sample,
       p.position,
       (SELECT c.id FROM cohort c WHERE c.programme_id = p.id AND c.module_id IS NULL AND c.starts_at > :now
        ORDER BY c.starts_at, c.id LIMIT 1) AS cohort_id,
       (SELECT min(c.starts_at) FROM cohort c WHERE c.programme_id = p.id AND c.module_id IS NULL AND c.starts_at > :now)
           AS starts_at,
       CAST((SELECT count(*) FROM module m WHERE m.programme_id = p.id) AS BIGINT) AS modules
FROM programme p ORDER BY p.position, p.id;

-- index_modules(now int): many { cohort_id int?, starts_at int? }
SELECT m.id, m.slug, m.lane, m.code, m.title, m.outcome, m.modality,
       m.minutes_remote, m.minutes_onsite, m.minutes_own, m.minutes_creation, m.competences, m.sample, m.position,
       p.id AS programme_id, p.area, p.audience, p.title AS programme_title, p.position AS programme_position,
       (SELECT c.id FROM cohort c WHERE c.module_id = m.id AND c.starts_at > :now ORDER BY c.starts_at, c.id LIMIT 1)
           AS cohort_id,
       (SELECT min(c.starts_at) FROM cohort c WHERE c.module_id = m.id AND c.starts_at > :now) AS starts_at
FROM module m JOIN programme p ON p.id = m.programme_id
WHERE m.listed = 1 ORDER BY p.position, m.position, m.id;

-- add_entry(id int, slug text, programme int, module int?, cohort int?, kind text, area text, title text, aim text, modality text, minutes int, competences int, modules int, starts int?, facets int, search text, sample int, position int): exec
INSERT INTO catalogue_entry (id, slug, programme_id, module_id, cohort_id, kind, area, title, aim, modality, minutes,
                             competences, modules, starts_at, facets, search, sample, position)
VALUES (:id, :slug, :programme, :module, :cohort, :kind, :area, :title, :aim, :modality, :minutes, :competences,
        :modules, :starts, :facets, :search, :sample, :position);

-- seed_taken(cohort int, taken int): exec
UPDATE cohort SET taken = :taken WHERE id = :cohort;
