-- video_by_slug(slug text): one
SELECT id, slug, title, description, speaker, licence, kind, competences, state, blob, duration_ms, width, height, reason,
       sample, created_at, published_at
FROM video WHERE slug = :slug;

-- video(id int): one as video_by_slug
SELECT id, slug, title, description, speaker, licence, kind, competences, state, blob, duration_ms, width, height, reason,
       sample, created_at, published_at
FROM video WHERE id = :id;

-- public_videos(limit int, skip int): many as video_by_slug
SELECT id, slug, title, description, speaker, licence, kind, competences, state, blob, duration_ms, width, height, reason,
       sample, created_at, published_at
FROM video WHERE state = 'ready' ORDER BY published_at DESC NULLS LAST, id DESC LIMIT :limit OFFSET :skip;

-- count_public(): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM video WHERE state = 'ready';

-- all_videos(limit int): many as video_by_slug
SELECT id, slug, title, description, speaker, licence, kind, competences, state, blob, duration_ms, width, height, reason,
       sample, created_at, published_at
FROM video WHERE state <> 'withdrawn' ORDER BY created_at DESC, id DESC LIMIT :limit;

-- is_ready(id int): one
SELECT id FROM video WHERE id = :id AND state = 'ready';

-- texts(video int): many
SELECT lang, label, vtt FROM video_text WHERE video_id = :video ORDER BY lang;

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

-- publish(id int, duration int, width int, height int, now int): exec
UPDATE video SET state = 'ready', duration_ms = :duration, width = :width, height = :height, reason = NULL,
       published_at = coalesce(published_at, :now)
WHERE id = :id AND state <> 'withdrawn';

-- fail(id int, reason text): exec
UPDATE video SET state = 'failed', reason = :reason WHERE id = :id AND state <> 'withdrawn';

-- set_state(id int, state text): exec
UPDATE video SET state = :state WHERE id = :id;

-- describe(id int, title text, description text, speaker text, licence text, kind text): exec
UPDATE video SET title = :title, description = :description, speaker = :speaker, licence = :licence, kind = :kind
WHERE id = :id;
