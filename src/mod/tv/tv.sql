-- video_by_slug(slug text): one
SELECT id, slug, title, description, speaker, licence, kind, competences, state, blob, duration_ms, width, height, reason,
       sample, created_at, published_at, edition, poster_ms, audience, organisation_id, programme_id, cohort_id, opens_at,
       closes_at, link_turn, media_turn, channel_id, series_id, episode, themes, levels
FROM video WHERE slug = :slug;

-- video(id int): one as video_by_slug
SELECT id, slug, title, description, speaker, licence, kind, competences, state, blob, duration_ms, width, height, reason,
       sample, created_at, published_at, edition, poster_ms, audience, organisation_id, programme_id, cohort_id, opens_at,
       closes_at, link_turn, media_turn, channel_id, series_id, episode, themes, levels
FROM video WHERE id = :id;

-- What lists show: :mine holds the circles of who looks, as tv_viewer() writes them (see.c decides the same for one video).

-- listed(mine text, now int, limit int, skip int): many as video_by_slug
SELECT id, slug, title, description, speaker, licence, kind, competences, state, blob, duration_ms, width, height, reason,
       sample, created_at, published_at, edition, poster_ms, audience, organisation_id, programme_id, cohort_id, opens_at,
       closes_at, link_turn, media_turn, channel_id, series_id, episode, themes, levels
FROM video WHERE state = 'ready' AND (opens_at IS NULL OR opens_at <= :now) AND (closes_at IS NULL OR closes_at > :now)
  AND :mine LIKE '%,' || audience || ':' || CAST(coalesce(organisation_id, programme_id, cohort_id, 0) AS TEXT) || ',%'
ORDER BY shown_at DESC, id DESC LIMIT :limit OFFSET :skip;

-- organisations_of(person int, now int): many
SELECT DISTINCT a.above_id FROM membership m JOIN organisation_above a ON a.below_id = m.organisation_id
WHERE m.person_id = :person AND m.starts_at <= :now AND (m.ends_at IS NULL OR m.ends_at > :now);

-- trained_by(person int): many
SELECT DISTINCT c.id, c.programme_id FROM meeting_trainer t JOIN meeting m ON m.id = t.meeting_id
JOIN cohort c ON c.id = m.cohort_id
WHERE t.person_id = :person;

-- see(id int, audience text, organisation int?, programme int?, cohort int?, opens int?, closes int?, announced int): exec
UPDATE video SET audience = :audience, organisation_id = :organisation, programme_id = :programme, cohort_id = :cohort,
       opens_at = :opens, closes_at = :closes, announced = :announced
WHERE id = :id;

-- announced(id int): one
SELECT announced FROM video WHERE id = :id;

-- What is announced to these circles, from what opened a while ago on: it may still be running.
-- programme(mine text, since int, now int, limit int): many
SELECT id, slug, title, speaker, duration_ms, opens_at FROM video
WHERE announced = 1 AND state = 'ready' AND opens_at > :since AND opens_at + duration_ms > :now
  AND (closes_at IS NULL OR closes_at > :now)
  AND :mine LIKE '%,' || audience || ':' || CAST(coalesce(organisation_id, programme_id, cohort_id, 0) AS TEXT) || ',%'
ORDER BY opens_at, id LIMIT :limit;

-- renew_link(id int, now int): exec
UPDATE video SET link_turn = link_turn + 1, media_turn = media_turn + 1, turned_at = :now WHERE id = :id;

-- turn(id int, now int): exec
UPDATE video SET media_turn = media_turn + 1, turned_at = :now WHERE id = :id;

-- turned(since int): many
SELECT id, media_turn FROM video WHERE turned_at > :since ORDER BY id;

-- all_videos(limit int): many as video_by_slug
SELECT id, slug, title, description, speaker, licence, kind, competences, state, blob, duration_ms, width, height, reason,
       sample, created_at, published_at, edition, poster_ms, audience, organisation_id, programme_id, cohort_id, opens_at,
       closes_at, link_turn, media_turn, channel_id, series_id, episode, themes, levels
FROM video WHERE state <> 'withdrawn' ORDER BY created_at DESC, id DESC LIMIT :limit;

-- What somebody may put into a page of a training: those they find in lists; with all = 1, those of the studio.
-- pickable(mine text, all int, now int, limit int): many
SELECT slug, title, duration_ms FROM video
WHERE (:all = 1 AND state <> 'withdrawn')
   OR (state = 'ready' AND (opens_at IS NULL OR opens_at <= :now) AND (closes_at IS NULL OR closes_at > :now)
       AND :mine LIKE '%,' || audience || ':' || CAST(coalesce(organisation_id, programme_id, cohort_id, 0) AS TEXT) || ',%')
ORDER BY created_at DESC, id DESC LIMIT :limit;

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

-- poster(video int): one
SELECT video_id, blob, turn, reason FROM tv_poster WHERE video_id = :video;

-- set_poster_of(video int, blob text?, turn int, reason text?): exec
INSERT INTO tv_poster (video_id, blob, turn, reason) VALUES (:video, :blob, :turn, :reason)
ON CONFLICT (video_id) DO UPDATE SET blob = excluded.blob, turn = excluded.turn, reason = excluded.reason;

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

-- is_video(blob text): one { id int }
SELECT id FROM video WHERE blob = :blob
UNION ALL
SELECT video_id AS id FROM video_source WHERE blob = :blob
LIMIT 1;

-- needs_blob(blob text): one { id int }
SELECT id FROM video WHERE blob = :blob
UNION ALL
SELECT video_id AS id FROM video_source WHERE blob = :blob
UNION ALL
SELECT video_id AS id FROM tv_resource WHERE blob = :blob
UNION ALL
SELECT video_id AS id FROM tv_cut WHERE blob = :blob
UNION ALL
SELECT video_id AS id FROM tv_poster WHERE blob = :blob
LIMIT 1;

-- has_texts(video int): one
SELECT video_id FROM video_text WHERE video_id = :video LIMIT 1;

-- has_chapters(video int): one
SELECT video_id FROM video_chapter WHERE video_id = :video LIMIT 1;

-- held_videos(person int): many
SELECT title, state, created_at, published_at FROM video WHERE uploaded_by = :person ORDER BY id;

-- forget_person(person int): exec
UPDATE video SET uploaded_by = NULL WHERE uploaded_by = :person;

-- --- channels and series --------------------------------------------------------------------------------------------------

-- channels(): many
SELECT id, slug, name, description, lang, named, sample FROM tv_channel ORDER BY name, id;

-- channel(id int): one as channels
SELECT id, slug, name, description, lang, named, sample FROM tv_channel WHERE id = :id;

-- channel_by_slug(slug text): one as channels
SELECT id, slug, name, description, lang, named, sample FROM tv_channel WHERE slug = :slug;

-- add_channel(id int, slug text, name text, description text, lang text, named int, sample int, now int): exec
INSERT INTO tv_channel (id, slug, name, description, lang, named, sample, created_at)
VALUES (:id, :slug, :name, :description, :lang, :named, :sample, :now)
ON CONFLICT (slug) DO NOTHING;

-- set_channel(id int, name text, description text, lang text, named int): exec
UPDATE tv_channel SET name = :name, description = :description, lang = :lang, named = :named WHERE id = :id;

-- drop_channel(id int): exec
DELETE FROM tv_channel WHERE id = :id
  AND NOT EXISTS (SELECT 1 FROM video v WHERE v.channel_id = :id) AND NOT EXISTS (SELECT 1 FROM tv_series s WHERE s.channel_id = :id);

-- publishers(channel int): many
SELECT p.id, p.email FROM tv_publisher t JOIN person p ON p.id = t.person_id WHERE t.channel_id = :channel ORDER BY p.email, p.id;

-- publishes(channel int, person int): one
SELECT person_id FROM tv_publisher WHERE channel_id = :channel AND person_id = :person;

-- add_publisher(channel int, person int): exec
INSERT INTO tv_publisher (channel_id, person_id) VALUES (:channel, :person) ON CONFLICT (channel_id, person_id) DO NOTHING;

-- drop_publishers(channel int): exec
DELETE FROM tv_publisher WHERE channel_id = :channel;

-- series(id int): one
SELECT id, channel_id, slug, title, description, sample FROM tv_series WHERE id = :id;

-- series_by_slug(slug text): one as series
SELECT id, channel_id, slug, title, description, sample FROM tv_series WHERE slug = :slug;

-- all_series(): many as series
SELECT id, channel_id, slug, title, description, sample FROM tv_series ORDER BY channel_id, title, id;

-- Series with what this person may see of them; 0 for the channel: of all.
-- listed_series(channel int, mine text, now int, limit int): many { episodes int }
SELECT s.id, s.slug, s.title, s.sample, c.name AS channel,
       CAST((SELECT count(*) FROM video v WHERE v.series_id = s.id AND v.state = 'ready'
             AND (v.opens_at IS NULL OR v.opens_at <= :now) AND (v.closes_at IS NULL OR v.closes_at > :now)
             AND :mine LIKE '%,' || v.audience || ':' || CAST(coalesce(v.organisation_id, v.programme_id, v.cohort_id, 0) AS TEXT) || ',%')
            AS BIGINT) AS episodes
FROM tv_series s JOIN tv_channel c ON c.id = s.channel_id
WHERE (:channel = 0 OR s.channel_id = :channel)
  -- one after the other until there are enough: an EXISTS is made by PostgreSQL into a join of all videos
  AND (SELECT v.id FROM video v WHERE v.series_id = s.id AND v.state = 'ready'
         AND (v.opens_at IS NULL OR v.opens_at <= :now) AND (v.closes_at IS NULL OR v.closes_at > :now)
         AND :mine LIKE '%,' || v.audience || ':' || CAST(coalesce(v.organisation_id, v.programme_id, v.cohort_id, 0) AS TEXT) || ',%'
       LIMIT 1) IS NOT NULL
ORDER BY s.changed_at DESC, s.id DESC LIMIT :limit;

-- add_series(id int, channel int, slug text, title text, description text, sample int, now int): exec
INSERT INTO tv_series (id, channel_id, slug, title, description, sample, created_at, changed_at)
VALUES (:id, :channel, :slug, :title, :description, :sample, :now, :now)
ON CONFLICT (slug) DO NOTHING;

-- set_series(id int, title text, description text): exec
UPDATE tv_series SET title = :title, description = :description WHERE id = :id;

-- touch_series(id int, now int): exec
UPDATE tv_series SET changed_at = :now WHERE id = :id;

-- empty_series(id int): exec
UPDATE video SET series_id = NULL, episode = 0 WHERE series_id = :id;

-- drop_series(id int): exec
DELETE FROM tv_series WHERE id = :id;

-- episodes(series int, mine text, now int, limit int): many as video_by_slug
SELECT id, slug, title, description, speaker, licence, kind, competences, state, blob, duration_ms, width, height, reason,
       sample, created_at, published_at, edition, poster_ms, audience, organisation_id, programme_id, cohort_id, opens_at,
       closes_at, link_turn, media_turn, channel_id, series_id, episode, themes, levels
FROM video WHERE series_id = :series AND state = 'ready' AND (opens_at IS NULL OR opens_at <= :now) AND (closes_at IS NULL OR closes_at > :now)
  AND :mine LIKE '%,' || audience || ':' || CAST(coalesce(organisation_id, programme_id, cohort_id, 0) AS TEXT) || ',%'
ORDER BY episode, id LIMIT :limit;

-- Also what nobody sees yet: for the team.
-- all_episodes(series int): many
SELECT id, slug, title, state, episode FROM video WHERE series_id = :series AND state <> 'withdrawn' ORDER BY episode, id;

-- in_channel(channel int, mine text, now int, limit int, skip int): many as video_by_slug
SELECT id, slug, title, description, speaker, licence, kind, competences, state, blob, duration_ms, width, height, reason,
       sample, created_at, published_at, edition, poster_ms, audience, organisation_id, programme_id, cohort_id, opens_at,
       closes_at, link_turn, media_turn, channel_id, series_id, episode, themes, levels
FROM video WHERE channel_id = :channel AND state = 'ready' AND (opens_at IS NULL OR opens_at <= :now) AND (closes_at IS NULL OR closes_at > :now)
  AND :mine LIKE '%,' || audience || ':' || CAST(coalesce(organisation_id, programme_id, cohort_id, 0) AS TEXT) || ',%'
ORDER BY shown_at DESC, id DESC LIMIT :limit OFFSET :skip;

-- count_in_channel(channel int, mine text, now int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM video
WHERE channel_id = :channel AND state = 'ready' AND (opens_at IS NULL OR opens_at <= :now) AND (closes_at IS NULL OR closes_at > :now)
  AND :mine LIKE '%,' || audience || ':' || CAST(coalesce(organisation_id, programme_id, cohort_id, 0) AS TEXT) || ',%';

-- last_episode(series int): one { n int }
SELECT CAST(coalesce(max(episode), 0) AS BIGINT) AS n FROM video WHERE series_id = :series;

-- place(id int, channel int?, series int?, episode int): exec
UPDATE video SET channel_id = :channel, series_id = :series, episode = :episode WHERE id = :id;

-- set_episode(id int, series int, episode int): exec
UPDATE video SET episode = :episode WHERE id = :id AND series_id = :series;

-- tag(id int, themes int, levels int, competences int): exec
UPDATE video SET themes = :themes, levels = :levels, competences = :competences WHERE id = :id;

-- --- what lists filter and sort by -----------------------------------------------------------------------------------------

-- settle(id int, facets int, settled int): exec
UPDATE video SET facets = :facets, shown_at = coalesce(opens_at, published_at, 0), settled = :settled WHERE id = :id;

-- unsettled(edition int, limit int): many
SELECT id FROM video WHERE settled < :edition ORDER BY id LIMIT :limit;

-- held_channels(person int): many
SELECT c.name FROM tv_publisher t JOIN tv_channel c ON c.id = t.channel_id WHERE t.person_id = :person ORDER BY c.name;

-- forget_publisher(person int): exec
DELETE FROM tv_publisher WHERE person_id = :person;

-- --- the shelf: every video that a person may see, by a covering index (video_shelf) --------------------------------------

-- shelf_turn(): one
SELECT turn FROM tv_shelf_turn;

-- Also what is not open now: kept_shelf.c keeps the answer for as long as no video changes.
-- shelf(audience text): many
SELECT id, facets, shown_at, opens_at, closes_at FROM video
WHERE state = 'ready' AND audience = :audience
ORDER BY shown_at DESC, id DESC;

-- shelf_of(mine text, now int): many as shelf
SELECT id, facets, shown_at, opens_at, closes_at FROM video
WHERE state = 'ready' AND audience IN ('organisation', 'programme', 'cohort')
  AND (opens_at IS NULL OR opens_at <= :now) AND (closes_at IS NULL OR closes_at > :now)
  AND :mine LIKE '%,' || audience || ':' || CAST(coalesce(organisation_id, programme_id, cohort_id, 0) AS TEXT) || ',%';

-- cards(a int, b int, c int, d int, e int, f int, g int, h int, i int, j int, k int, l int): many as video_by_slug
SELECT id, slug, title, description, speaker, licence, kind, competences, state, blob, duration_ms, width, height, reason,
       sample, created_at, published_at, edition, poster_ms, audience, organisation_id, programme_id, cohort_id, opens_at,
       closes_at, link_turn, media_turn, channel_id, series_id, episode, themes, levels
FROM video WHERE id IN (:a, :b, :c, :d, :e, :f, :g, :h, :i, :j, :k, :l);

-- --- searching ------------------------------------------------------------------------------------------------------------

-- drop_words(id int): exec
DELETE FROM tv_words WHERE rowid = :id;

-- add_words(id int, title text, about text, said text): exec @sqlite
INSERT INTO tv_words (rowid, title, about, said) VALUES (:id, :title, :about, :said);
-- add_words(id int, title text, about text, said text): exec @pgsql
INSERT INTO tv_words (rowid, words)
VALUES (:id, setweight(CAST(:title AS tsvector), 'A') || setweight(CAST(:about AS tsvector), 'B') || setweight(CAST(:said AS tsvector), 'D'));

-- drop_title(id int): exec
DELETE FROM tv_title WHERE rowid = :id;

-- add_title(id int, title text): exec @sqlite
INSERT INTO tv_title (rowid, title) VALUES (:id, :title);
-- add_title(id int, title text): exec @pgsql
INSERT INTO tv_title (rowid, words) VALUES (:id, CAST(:title AS tsvector));

-- The newest of them: a rank would have to look at every video in which a word is said. (+ 0: PostgreSQL would go through all
-- videos from the newest on, and unpack the words of each, for a word that few of them have.)
-- found(query text, limit int): many { id int } @sqlite
SELECT rowid AS id FROM tv_words WHERE tv_words MATCH :query ORDER BY rowid DESC LIMIT :limit;
-- found(query text, limit int): many { id int } @pgsql
SELECT rowid AS id FROM tv_words WHERE words @@ CAST(:query AS tsquery) ORDER BY rowid + 0 DESC LIMIT :limit;

-- found_by_title(query text, limit int): many as found { id int } @sqlite
SELECT rowid AS id FROM tv_title WHERE tv_title MATCH :query ORDER BY rowid DESC LIMIT :limit;
-- found_by_title(query text, limit int): many as found { id int } @pgsql
SELECT rowid AS id FROM tv_title WHERE words @@ CAST(:query AS tsquery) ORDER BY rowid + 0 DESC LIMIT :limit;

-- drop_passages(video int): exec
DELETE FROM tv_passage WHERE video_id = :video;

-- add_passage(video int, lang text, position int, start int, text text, words text): exec
INSERT INTO tv_passage (video_id, lang, position, start_ms, text, words) VALUES (:video, :lang, :position, :start, :text, :words);

-- passages(a int, b int, c int, d int, e int, f int, g int, h int, i int, j int, k int, l int): many
SELECT video_id, lang, start_ms, text, words FROM tv_passage
WHERE video_id IN (:a, :b, :c, :d, :e, :f, :g, :h, :i, :j, :k, :l) ORDER BY video_id, start_ms, lang, position;

-- --- feeds and sitemaps: only what is public ----------------------------------------------------------------------------------

-- Transcripts of a channel's videos; '' as the language: it has chapters.
-- channel_extras(channel int): many { video_id int, lang text }
SELECT t.video_id AS video_id, t.lang AS lang FROM video_text t JOIN video v ON v.id = t.video_id WHERE v.channel_id = :channel
UNION
SELECT c.video_id AS video_id, '' AS lang FROM video_chapter c JOIN video v ON v.id = c.video_id WHERE v.channel_id = :channel
ORDER BY video_id, lang;

-- sitemap(now int, limit int, skip int): many as video_by_slug
SELECT id, slug, title, description, speaker, licence, kind, competences, state, blob, duration_ms, width, height, reason,
       sample, created_at, published_at, edition, poster_ms, audience, organisation_id, programme_id, cohort_id, opens_at,
       closes_at, link_turn, media_turn, channel_id, series_id, episode, themes, levels
FROM video WHERE state = 'ready' AND audience = 'public' AND (opens_at IS NULL OR opens_at <= :now) AND (closes_at IS NULL OR closes_at > :now)
ORDER BY id LIMIT :limit OFFSET :skip;

-- count_sitemap(now int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM video
WHERE state = 'ready' AND audience = 'public' AND (opens_at IS NULL OR opens_at <= :now) AND (closes_at IS NULL OR closes_at > :now);

-- --- on other sites -----------------------------------------------------------------------------------------------------------

-- embed(video int): one { mode text, hosts text }
SELECT coalesce(e.mode, c.mode, 'nobody') AS mode,
       CASE WHEN e.mode IS NOT NULL THEN e.hosts ELSE coalesce(c.hosts, '') END AS hosts
FROM video v LEFT JOIN tv_video_embed e ON e.video_id = v.id LEFT JOIN tv_channel_embed c ON c.channel_id = v.channel_id
WHERE v.id = :video;

-- video_embed(video int): one
SELECT mode, hosts FROM tv_video_embed WHERE video_id = :video;

-- channel_embed(channel int): one as video_embed
SELECT mode, hosts FROM tv_channel_embed WHERE channel_id = :channel;

-- set_video_embed(video int, mode text, hosts text): exec
INSERT INTO tv_video_embed (video_id, mode, hosts) VALUES (:video, :mode, :hosts)
ON CONFLICT (video_id) DO UPDATE SET mode = excluded.mode, hosts = excluded.hosts;

-- drop_video_embed(video int): exec
DELETE FROM tv_video_embed WHERE video_id = :video;

-- set_channel_embed(channel int, mode text, hosts text): exec
INSERT INTO tv_channel_embed (channel_id, mode, hosts) VALUES (:channel, :mode, :hosts)
ON CONFLICT (channel_id) DO UPDATE SET mode = excluded.mode, hosts = excluded.hosts;

-- --- subtitles by a machine --------------------------------------------------------------------------------------------------

-- recognition(video int, lang text): one
SELECT turn, reason FROM video_recognition WHERE video_id = :video AND lang = :lang;

-- recognitions(video int): many
SELECT lang, turn, reason FROM video_recognition WHERE video_id = :video ORDER BY lang;

-- ask_recognition(video int, lang text, by int): exec
INSERT INTO video_recognition (video_id, lang, turn, asked_by) VALUES (:video, :lang, 1, :by)
ON CONFLICT (video_id, lang) DO UPDATE SET turn = video_recognition.turn + 1, reason = NULL, asked_by = excluded.asked_by;

-- end_recognition(video int, lang text, reason text?): exec
UPDATE video_recognition SET reason = :reason WHERE video_id = :video AND lang = :lang;

-- forget_recognitions(person int): exec
UPDATE video_recognition SET asked_by = NULL WHERE asked_by = :person;

-- --- chapters -----------------------------------------------------------------------------------------------------------------

-- drop_chapters(video int): exec
DELETE FROM video_chapter WHERE video_id = :video;

-- scan(video int): one
SELECT video_id, edition, turn, state FROM tv_scan WHERE video_id = :video;

-- set_scan(video int, edition int, turn int, state text): exec
INSERT INTO tv_scan (video_id, edition, turn, state) VALUES (:video, :edition, :turn, :state)
ON CONFLICT (video_id) DO UPDATE SET edition = excluded.edition, turn = excluded.turn, state = excluded.state;

-- proposals(video int): many
SELECT start_ms, left_px, top_px, width, height, sheet_width, sheet_height FROM tv_proposal
WHERE video_id = :video ORDER BY start_ms;

-- add_proposal(video int, start int, left int, top int, width int, height int, sheet_width int, sheet_height int): exec
INSERT INTO tv_proposal (video_id, start_ms, left_px, top_px, width, height, sheet_width, sheet_height)
VALUES (:video, :start, :left, :top, :width, :height, :sheet_width, :sheet_height)
ON CONFLICT (video_id, start_ms) DO NOTHING;

-- drop_proposals(video int): exec
DELETE FROM tv_proposal WHERE video_id = :video;

-- drop_proposal(video int, start int): exec
DELETE FROM tv_proposal WHERE video_id = :video AND start_ms = :start;

-- --- resources ----------------------------------------------------------------------------------------------------------------

-- resources(video int): many
SELECT id, video_id, from_ms, to_ms, kind, title, address, blob, name, type, size FROM tv_resource
WHERE video_id = :video AND to_ms > from_ms ORDER BY from_ms, id;

-- resource(video int, id int): one as resources
SELECT id, video_id, from_ms, to_ms, kind, title, address, blob, name, type, size FROM tv_resource
WHERE id = :id AND video_id = :video;

-- add_resource(id int, video int, from int, to int, kind text, title text, address text, blob text?, name text, type text, size int): exec
INSERT INTO tv_resource (id, video_id, from_ms, to_ms, kind, title, address, blob, name, type, size)
VALUES (:id, :video, :from, :to, :kind, :title, :address, :blob, :name, :type, :size);

-- set_resource(id int, from int, to int, title text, address text): exec
UPDATE tv_resource SET from_ms = :from, to_ms = :to, title = :title, address = :address, aside_from = NULL, aside_to = NULL
WHERE id = :id;

-- drop_resource(id int): exec
DELETE FROM tv_resource WHERE id = :id;

-- --- end cards ------------------------------------------------------------------------------------------------------------------

-- end_cards(video int): many { slug text, title text }
SELECT e.position, e.kind, e.target_id, e.address, coalesce(v.slug, p.slug, c.slug, s.slug, '') AS slug,
       coalesce(v.title, p.title, c.name, s.title, e.title) AS title
FROM tv_end_card e
LEFT JOIN video v ON e.kind = 'video' AND v.id = e.target_id AND v.state <> 'withdrawn'
LEFT JOIN programme p ON e.kind = 'programme' AND p.id = e.target_id AND p.version_id IS NOT NULL
LEFT JOIN tv_channel c ON e.kind = 'channel' AND c.id = e.target_id
LEFT JOIN tv_series s ON e.kind = 'series' AND s.id = e.target_id
WHERE e.video_id = :video ORDER BY e.position;

-- add_end_card(video int, position int, kind text, target int?, address text, title text): exec
INSERT INTO tv_end_card (video_id, position, kind, target_id, address, title)
VALUES (:video, :position, :kind, :target, :address, :title);

-- drop_end_card(video int, position int): exec
DELETE FROM tv_end_card WHERE video_id = :video AND position = :position;

-- offered(slug text): one
SELECT id, title FROM programme WHERE slug = :slug AND version_id IS NOT NULL;

-- --- cutting ------------------------------------------------------------------------------------------------------------------

-- cut(id int): one
SELECT id, video_id, base_edition, edition, blob, state, wanted, nearest, kept, exact FROM tv_cut WHERE id = :id;

-- The one under way: planned, or being made.
-- open_cut(video int): one as cut
SELECT id, video_id, base_edition, edition, blob, state, wanted, nearest, kept, exact FROM tv_cut
WHERE video_id = :video AND edition IS NULL ORDER BY id DESC LIMIT 1;

-- cut_of(video int, edition int): one as cut
SELECT id, video_id, base_edition, edition, blob, state, wanted, nearest, kept, exact FROM tv_cut
WHERE video_id = :video AND edition = :edition;

-- add_cut(id int, video int, base int, edition int?, blob text, state text, wanted text): exec
INSERT INTO tv_cut (id, video_id, base_edition, edition, blob, state, wanted, nearest, kept, exact)
VALUES (:id, :video, :base, :edition, :blob, :state, :wanted, '', '', 0);

-- set_cut(id int, state text, nearest text): exec
UPDATE tv_cut SET state = :state, nearest = :nearest WHERE id = :id;

-- make_cut(id int, exact int, kept text): exec
UPDATE tv_cut SET state = 'making', exact = :exact, kept = :kept WHERE id = :id;

-- made_cut(id int, edition int): exec
UPDATE tv_cut SET state = 'made', edition = :edition WHERE id = :id;

-- drop_open_cuts(video int): exec
DELETE FROM tv_cut WHERE video_id = :video AND edition IS NULL;

-- drop_old_cuts(video int, edition int): exec
DELETE FROM tv_cut WHERE video_id = :video AND edition < :edition;

-- asides(video int): many
SELECT lang, start_ms, end_ms, text FROM tv_aside WHERE video_id = :video ORDER BY lang, start_ms, end_ms;

-- add_aside(video int, lang text, start int, end int, text text): exec
INSERT INTO tv_aside (video_id, lang, start_ms, end_ms, text) VALUES (:video, :lang, :start, :end, :text)
ON CONFLICT (video_id, lang, start_ms, end_ms) DO UPDATE SET text = excluded.text;

-- drop_asides(video int): exec
DELETE FROM tv_aside WHERE video_id = :video;

-- all_resources(video int): many
SELECT id, from_ms, to_ms, aside_from, aside_to FROM tv_resource WHERE video_id = :video ORDER BY id;

-- move_resource(id int, from int, to int, aside_from int?, aside_to int?): exec
UPDATE tv_resource SET from_ms = :from, to_ms = :to, aside_from = :aside_from, aside_to = :aside_to WHERE id = :id;
