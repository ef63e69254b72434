-- video_by_slug(slug text): one
SELECT id, slug, title, description, speaker, licence, kind, competences, state, blob, duration_ms, width, height, reason,
       sample, created_at, published_at, edition, poster_ms, audience, organisation_id, programme_id, cohort_id, opens_at,
       closes_at, link_turn, media_turn
FROM video WHERE slug = :slug;

-- video(id int): one as video_by_slug
SELECT id, slug, title, description, speaker, licence, kind, competences, state, blob, duration_ms, width, height, reason,
       sample, created_at, published_at, edition, poster_ms, audience, organisation_id, programme_id, cohort_id, opens_at,
       closes_at, link_turn, media_turn
FROM video WHERE id = :id;

-- What lists show: :mine holds the circles of who looks, as tv_viewer() writes them (see.c decides the same for one video).

-- listed(mine text, now int, limit int, skip int): many as video_by_slug
SELECT id, slug, title, description, speaker, licence, kind, competences, state, blob, duration_ms, width, height, reason,
       sample, created_at, published_at, edition, poster_ms, audience, organisation_id, programme_id, cohort_id, opens_at,
       closes_at, link_turn, media_turn
FROM video WHERE state = 'ready' AND (opens_at IS NULL OR opens_at <= :now) AND (closes_at IS NULL OR closes_at > :now)
  AND :mine LIKE '%,' || audience || ':' || CAST(coalesce(organisation_id, programme_id, cohort_id, 0) AS TEXT) || ',%'
ORDER BY coalesce(opens_at, published_at) DESC NULLS LAST, id DESC LIMIT :limit OFFSET :skip;

-- count_listed(mine text, now int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM video
WHERE state = 'ready' AND (opens_at IS NULL OR opens_at <= :now) AND (closes_at IS NULL OR closes_at > :now)
  AND :mine LIKE '%,' || audience || ':' || CAST(coalesce(organisation_id, programme_id, cohort_id, 0) AS TEXT) || ',%';

-- organisations_of(person int, now int): many
SELECT DISTINCT a.above_id FROM membership m JOIN organisation_above a ON a.below_id = m.organisation_id
WHERE m.person_id = :person AND m.starts_at <= :now AND (m.ends_at IS NULL OR m.ends_at > :now);

-- trained_by(person int): many
SELECT DISTINCT c.id, c.programme_id FROM meeting_trainer t JOIN meeting m ON m.id = t.meeting_id
JOIN cohort c ON c.id = m.cohort_id
WHERE t.person_id = :person;

-- see(id int, audience text, organisation int?, programme int?, cohort int?, opens int?, closes int?): exec
UPDATE video SET audience = :audience, organisation_id = :organisation, programme_id = :programme, cohort_id = :cohort,
       opens_at = :opens, closes_at = :closes
WHERE id = :id;

-- renew_link(id int, now int): exec
UPDATE video SET link_turn = link_turn + 1, media_turn = media_turn + 1, turned_at = :now WHERE id = :id;

-- turn(id int, now int): exec
UPDATE video SET media_turn = media_turn + 1, turned_at = :now WHERE id = :id;

-- turned(since int): many
SELECT id, media_turn FROM video WHERE turned_at > :since ORDER BY id;

-- all_videos(limit int): many as video_by_slug
SELECT id, slug, title, description, speaker, licence, kind, competences, state, blob, duration_ms, width, height, reason,
       sample, created_at, published_at, edition, poster_ms, audience, organisation_id, programme_id, cohort_id, opens_at,
       closes_at, link_turn, media_turn
FROM video WHERE state <> 'withdrawn' ORDER BY created_at DESC, id DESC LIMIT :limit;

-- texts(video int): many
SELECT lang, label, vtt FROM video_text WHERE video_id = :video ORDER BY lang;

-- text(video int, lang text): one
SELECT lang, label, vtt FROM video_text WHERE video_id = :video AND lang = :lang;

-- drop_text(video int, lang text): exec
DELETE FROM video_text WHERE video_id = :video AND lang = :lang;

-- chapters(video int): many
SELECT start_ms, title FROM video_chapter WHERE video_id = :video ORDER BY start_ms;

-- add_video(id int, slug text, title text, description text, speaker text, licence text, kind text, competences int, blob text, sample int, uploaded_by int?, now int): exec
INSERT INTO video (id, slug, title, description, speaker, licence, kind, competences, state, blob, duration_ms, width, height,
                   sample, uploaded_by, created_at)
VALUES (:id, :slug, :title, :description, :speaker, :licence, :kind, :competences, 'waiting', :blob, 0, 0, 0,
        :sample, :uploaded_by, :now)
ON CONFLICT (slug) DO NOTHING;

-- add_text(video int, lang text, label text, vtt text): exec
INSERT INTO video_text (video_id, lang, label, vtt) VALUES (:video, :lang, :label, :vtt)
ON CONFLICT (video_id, lang) DO UPDATE SET label = excluded.label, vtt = excluded.vtt;

-- add_chapter(video int, start int, title text): exec
INSERT INTO video_chapter (video_id, start_ms, title) VALUES (:video, :start, :title)
ON CONFLICT (video_id, start_ms) DO UPDATE SET title = excluded.title;

-- publish(id int, edition int, blob text, duration int, width int, height int, now int): exec
UPDATE video SET state = 'ready', edition = :edition, blob = :blob, duration_ms = :duration, width = :width, height = :height,
       reason = NULL, published_at = coalesce(published_at, :now)
WHERE id = :id AND state <> 'withdrawn';

-- measure(id int, edition int, duration int, width int, height int): exec
UPDATE video SET duration_ms = :duration, width = :width, height = :height WHERE id = :id AND edition = :edition;

-- set_poster(id int, poster int?): exec
UPDATE video SET poster_ms = :poster WHERE id = :id;

-- fail(id int, reason text): exec
UPDATE video SET state = 'failed', reason = :reason WHERE id = :id AND state <> 'withdrawn';

-- set_state(id int, state text): exec
UPDATE video SET state = :state WHERE id = :id;

-- describe(id int, title text, description text, speaker text, licence text, kind text): exec
UPDATE video SET title = :title, description = :description, speaker = :speaker, licence = :licence, kind = :kind
WHERE id = :id;

-- Sources

-- source(video int, edition int): one
SELECT video_id, edition, blob, state, step, done, next, reason, changed_at
FROM video_source WHERE video_id = :video AND edition = :edition;

-- sources_under_way(): many as source
SELECT video_id, edition, blob, state, step, done, next, reason, changed_at
FROM video_source WHERE state = 'waiting' OR (state = 'live' AND done < 1000)
ORDER BY video_id, edition;

-- last_source(video int): one as source
SELECT video_id, edition, blob, state, step, done, next, reason, changed_at
FROM video_source WHERE video_id = :video ORDER BY edition DESC LIMIT 1;

-- add_source(video int, edition int, blob text, now int): exec
INSERT INTO video_source (video_id, edition, blob, state, step, done, next, changed_at)
VALUES (:video, :edition, :blob, 'waiting', 0, 0, 100, :now);

-- step_source(video int, edition int, step int, done int, next int): exec
UPDATE video_source SET step = :step, done = :done, next = :next WHERE video_id = :video AND edition = :edition;

-- set_source(video int, edition int, state text, reason text?, now int): exec
UPDATE video_source SET state = :state, reason = :reason, changed_at = :now WHERE video_id = :video AND edition = :edition;

-- retire_sources(video int, edition int, now int): exec
UPDATE video_source SET state = 'past', changed_at = :now
WHERE video_id = :video AND edition < :edition AND state <> 'past';

-- past_sources(before int): many as source
SELECT video_id, edition, blob, state, step, done, next, reason, changed_at
FROM video_source WHERE state = 'past' AND changed_at < :before ORDER BY changed_at LIMIT 100;

-- drop_source(video int, edition int): exec
DELETE FROM video_source WHERE video_id = :video AND edition = :edition AND state = 'past';

-- needs_blob(blob text): one { id int }
SELECT id FROM video WHERE blob = :blob
UNION ALL
SELECT video_id AS id FROM video_source WHERE blob = :blob
LIMIT 1;

-- has_texts(video int): one
SELECT video_id FROM video_text WHERE video_id = :video LIMIT 1;

-- has_chapters(video int): one
SELECT video_id FROM video_chapter WHERE video_id = :video LIMIT 1;

-- held_videos(person int): many
SELECT title, state, created_at, published_at FROM video WHERE uploaded_by = :person ORDER BY id;

-- forget_person(person int): exec
UPDATE video SET uploaded_by = NULL WHERE uploaded_by = :person;
