-- Heartbeats

-- view(id int): one
SELECT id, seq, played_ms, spans, counted, finished FROM watch_view WHERE id = :id;

-- put_view(id int, video int, seq int, played int, spans text, counted int, finished int, now int): exec
INSERT INTO watch_view (id, video_id, seq, played_ms, spans, counted, finished, last_at)
VALUES (:id, :video, :seq, :played, :spans, :counted, :finished, :now)
ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, played_ms = excluded.played_ms, spans = excluded.spans,
    counted = excluded.counted, finished = excluded.finished, last_at = excluded.last_at;

-- keeps_history(person int): one
SELECT p.id FROM person p
WHERE p.id = :person AND p.closed_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM watch_private w WHERE w.person_id = p.id);

-- history(person int, video int): one
SELECT spans, seen_ms, played_ms, position_ms, finished_at FROM watch_history WHERE person_id = :person AND video_id = :video;

-- put_history(person int, video int, spans text, seen int, played int, position int, now int, finished int?): exec
INSERT INTO watch_history (person_id, video_id, spans, seen_ms, played_ms, position_ms, first_at, last_at, finished_at)
VALUES (:person, :video, :spans, :seen, :played, :position, :now, :now, :finished)
ON CONFLICT (person_id, video_id) DO UPDATE SET spans = excluded.spans, seen_ms = excluded.seen_ms,
    played_ms = watch_history.played_ms + excluded.played_ms, position_ms = excluded.position_ms,
    last_at = excluded.last_at, finished_at = coalesce(watch_history.finished_at, excluded.finished_at);

-- add_month(person int, video int, month int, played int): exec
INSERT INTO watch_month (person_id, video_id, month, played_ms) VALUES (:person, :video, :month, :played)
ON CONFLICT (person_id, video_id, month) DO UPDATE SET played_ms = watch_month.played_ms + excluded.played_ms;

-- add_day(video int, day int, views int, played int, uniquely int, finished int): exec
INSERT INTO watch_day (video_id, day, views, played_ms, unique_ms, finished)
VALUES (:video, :day, :views, :played, :uniquely, :finished)
ON CONFLICT (video_id, day) DO UPDATE SET views = watch_day.views + excluded.views,
    played_ms = watch_day.played_ms + excluded.played_ms, unique_ms = watch_day.unique_ms + excluded.unique_ms,
    finished = watch_day.finished + excluded.finished;

-- add_curve(video int, part int, viewers int): exec
INSERT INTO watch_curve (video_id, part, viewers) VALUES (:video, :part, :viewers)
ON CONFLICT (video_id, part) DO UPDATE SET viewers = watch_curve.viewers + excluded.viewers;

-- Players at once are counted over all processes, from what they have written since then.
-- add_hour(hour int, views int, played int, since int): exec
INSERT INTO watch_hour (hour, views, played_ms, at_once)
VALUES (:hour, :views, :played, (SELECT count(*) FROM watch_view WHERE last_at > :since))
ON CONFLICT (hour) DO UPDATE SET views = watch_hour.views + excluded.views, played_ms = watch_hour.played_ms + excluded.played_ms,
    at_once = CASE WHEN excluded.at_once > watch_hour.at_once THEN excluded.at_once ELSE watch_hour.at_once END;

-- drop_views(before int): exec
DELETE FROM watch_view WHERE last_at < :before;

-- A person's own history

-- own(person int, most int): many
SELECT h.video_id, v.slug, v.title, v.duration_ms, v.state, v.audience, v.organisation_id, v.programme_id, v.cohort_id, v.opens_at,
       v.closes_at, h.seen_ms, h.played_ms, h.position_ms, h.first_at, h.last_at, h.finished_at
FROM watch_history h JOIN video v ON v.id = h.video_id
WHERE h.person_id = :person ORDER BY h.last_at DESC, h.video_id LIMIT :most;

-- is_private(person int): one
SELECT since FROM watch_private WHERE person_id = :person;

-- reading(person int): one
SELECT size, tone FROM watch_reading WHERE person_id = :person;

-- set_reading(person int, size text, tone text): exec
INSERT INTO watch_reading (person_id, size, tone) VALUES (:person, :size, :tone)
ON CONFLICT (person_id) DO UPDATE SET size = excluded.size, tone = excluded.tone;

-- held_reading(person int): many
SELECT size, tone FROM watch_reading WHERE person_id = :person;

-- forget_reading(person int): exec
DELETE FROM watch_reading WHERE person_id = :person;

-- set_private(person int, now int): exec
INSERT INTO watch_private (person_id, since) VALUES (:person, :now) ON CONFLICT (person_id) DO NOTHING;

-- unset_private(person int): exec
DELETE FROM watch_private WHERE person_id = :person;

-- forget_one(person int, video int): exec
DELETE FROM watch_history WHERE person_id = :person AND video_id = :video;

-- forget_one_months(person int, video int): exec
DELETE FROM watch_month WHERE person_id = :person AND video_id = :video;

-- forget_history(person int): exec
DELETE FROM watch_history WHERE person_id = :person;

-- forget_months(person int): exec
DELETE FROM watch_month WHERE person_id = :person;

-- held_history(person int): many
SELECT v.title, h.seen_ms, h.played_ms, h.position_ms, h.first_at, h.last_at, h.finished_at
FROM watch_history h JOIN video v ON v.id = h.video_id WHERE h.person_id = :person ORDER BY h.first_at, h.video_id;

-- held_months(person int): many
SELECT v.title, m.month, m.played_ms
FROM watch_month m JOIN video v ON v.id = m.video_id WHERE m.person_id = :person ORDER BY m.month, m.video_id;

-- held_private(person int): many
SELECT since FROM watch_private WHERE person_id = :person;

-- count_old_history(before int): one { n int }
SELECT count(*) AS n FROM watch_history h
WHERE h.last_at < :before AND NOT EXISTS (SELECT 1 FROM legal_hold l WHERE l.person_id = h.person_id AND l.lifted_at IS NULL);

-- drop_old_history(before int): exec
DELETE FROM watch_history
WHERE last_at < :before
  AND NOT EXISTS (SELECT 1 FROM legal_hold l WHERE l.person_id = watch_history.person_id AND l.lifted_at IS NULL);

-- drop_old_months(before_month int): exec
DELETE FROM watch_month
WHERE month < :before_month
  AND NOT EXISTS (SELECT 1 FROM legal_hold l WHERE l.person_id = watch_month.person_id AND l.lifted_at IS NULL);

-- Figures

-- views(video int): one { views int }
SELECT CAST(coalesce(sum(views), 0) AS BIGINT) AS views FROM watch_day WHERE video_id = :video;

-- total(from_day int, to_day int): one { views int, played int, uniquely int, finished int, videos int }
SELECT CAST(coalesce(sum(views), 0) AS BIGINT) AS views, CAST(coalesce(sum(played_ms), 0) AS BIGINT) AS played,
       CAST(coalesce(sum(unique_ms), 0) AS BIGINT) AS uniquely, CAST(coalesce(sum(finished), 0) AS BIGINT) AS finished,
       count(DISTINCT video_id) AS videos
FROM watch_day WHERE day >= :from_day AND day <= :to_day;

-- months(from_day int, to_day int): many { month int, views int, played int, uniquely int, finished int }
SELECT day / 100 AS month, CAST(sum(views) AS BIGINT) AS views, CAST(sum(played_ms) AS BIGINT) AS played,
       CAST(sum(unique_ms) AS BIGINT) AS uniquely, CAST(sum(finished) AS BIGINT) AS finished
FROM watch_day WHERE day >= :from_day AND day <= :to_day GROUP BY day / 100 ORDER BY day / 100;

-- video_months(video int, from_day int, to_day int): many as months { month int, views int, played int, uniquely int, finished int }
SELECT day / 100 AS month, CAST(sum(views) AS BIGINT) AS views, CAST(sum(played_ms) AS BIGINT) AS played,
       CAST(sum(unique_ms) AS BIGINT) AS uniquely, CAST(sum(finished) AS BIGINT) AS finished
FROM watch_day WHERE video_id = :video AND day >= :from_day AND day <= :to_day GROUP BY day / 100 ORDER BY day / 100;

-- videos(from_day int, to_day int, most int): many { views int, played int, uniquely int, finished int }
SELECT v.id, v.title, v.slug, v.kind, v.duration_ms, d.views, d.played, d.uniquely, d.finished
FROM (SELECT video_id, CAST(sum(views) AS BIGINT) AS views, CAST(sum(played_ms) AS BIGINT) AS played,
             CAST(sum(unique_ms) AS BIGINT) AS uniquely, CAST(sum(finished) AS BIGINT) AS finished
      FROM watch_day WHERE day >= :from_day AND day <= :to_day GROUP BY video_id) d
JOIN video v ON v.id = d.video_id
ORDER BY d.played DESC, v.id LIMIT :most;

-- channels(from_day int, to_day int): many { views int, played int, uniquely int, finished int, followers int }
SELECT c.id, c.name AS title, CAST(sum(d.views) AS BIGINT) AS views, CAST(sum(d.played_ms) AS BIGINT) AS played,
       CAST(sum(d.unique_ms) AS BIGINT) AS uniquely, CAST(sum(d.finished) AS BIGINT) AS finished,
       (SELECT count(*) FROM channel_subscription s WHERE s.channel_id = c.id) AS followers
FROM watch_day d JOIN video v ON v.id = d.video_id JOIN tv_channel c ON c.id = v.channel_id
WHERE d.day >= :from_day AND d.day <= :to_day GROUP BY c.id, c.name ORDER BY sum(d.played_ms) DESC, c.id LIMIT 500;

-- Of a channel, or (0) of all.
-- series(channel int, from_day int, to_day int): many as channels { views int, played int, uniquely int, finished int, followers int }
SELECT s.id, s.title, CAST(sum(d.views) AS BIGINT) AS views, CAST(sum(d.played_ms) AS BIGINT) AS played,
       CAST(sum(d.unique_ms) AS BIGINT) AS uniquely, CAST(sum(d.finished) AS BIGINT) AS finished, -1 AS followers
FROM watch_day d JOIN video v ON v.id = d.video_id JOIN tv_series s ON s.id = v.series_id
WHERE d.day >= :from_day AND d.day <= :to_day AND (:channel = 0 OR s.channel_id = :channel)
GROUP BY s.id, s.title ORDER BY sum(d.played_ms) DESC, s.id LIMIT 500;

-- One channel (series 0), or one series (channel 0).
-- shelf_months(channel int, series int, from_day int, to_day int): many as months { month int, views int, played int, uniquely int, finished int }
SELECT d.day / 100 AS month, CAST(sum(d.views) AS BIGINT) AS views, CAST(sum(d.played_ms) AS BIGINT) AS played,
       CAST(sum(d.unique_ms) AS BIGINT) AS uniquely, CAST(sum(d.finished) AS BIGINT) AS finished
FROM watch_day d JOIN video v ON v.id = d.video_id
WHERE d.day >= :from_day AND d.day <= :to_day AND (v.channel_id = :channel OR v.series_id = :series)
GROUP BY d.day / 100 ORDER BY d.day / 100;

-- shelf_videos(channel int, series int, from_day int, to_day int, most int): many as videos { views int, played int, uniquely int, finished int }
SELECT v.id, v.title, v.slug, v.kind, v.duration_ms, CAST(sum(d.views) AS BIGINT) AS views, CAST(sum(d.played_ms) AS BIGINT) AS played,
       CAST(sum(d.unique_ms) AS BIGINT) AS uniquely, CAST(sum(d.finished) AS BIGINT) AS finished
FROM watch_day d JOIN video v ON v.id = d.video_id
WHERE d.day >= :from_day AND d.day <= :to_day AND (v.channel_id = :channel OR v.series_id = :series)
GROUP BY v.id, v.title, v.slug, v.kind, v.duration_ms ORDER BY sum(d.played_ms) DESC, v.id LIMIT :most;

-- channel_name(id int): one
SELECT name AS title FROM tv_channel WHERE id = :id;

-- series_name(id int): one as channel_name
SELECT title FROM tv_series WHERE id = :id;

-- curve(video int): many
SELECT part, viewers FROM watch_curve WHERE video_id = :video ORDER BY part;

-- first_day(): one { day int }
SELECT CAST(coalesce(min(day), 0) AS BIGINT) AS day FROM watch_day;

-- peak_hour(from_hour int, to_hour int): one
SELECT hour, views, played_ms FROM watch_hour
WHERE hour >= :from_hour AND hour <= :to_hour ORDER BY played_ms DESC, hour LIMIT 1;

-- peak_at_once(from_hour int, to_hour int): one
SELECT hour, at_once FROM watch_hour WHERE hour >= :from_hour AND hour <= :to_hour AND at_once > 0 ORDER BY at_once DESC, hour LIMIT 1;

-- Who follows a channel today; fresh: not before then.
-- followers(since int): one { people int, fresh int }
SELECT count(*) AS people, CAST(coalesce(sum(CASE WHEN p.since >= :since THEN 1 ELSE 0 END), 0) AS BIGINT) AS fresh
FROM (SELECT min(since) AS since FROM channel_subscription GROUP BY person_id) p;

-- channel_followers(channel int): one { people int }
SELECT count(*) AS people FROM channel_subscription WHERE channel_id = :channel;

-- peak_day(from_day int, to_day int): one { played int }
SELECT day, CAST(sum(played_ms) AS BIGINT) AS played FROM watch_day
WHERE day >= :from_day AND day <= :to_day GROUP BY day ORDER BY sum(played_ms) DESC, day LIMIT 1;

-- Networks: people who belong to one now, and what they watched

-- networks(from_month int, to_month int, now int): many { viewers int, played int }
SELECT o.id, o.name, count(DISTINCT w.person_id) AS viewers, CAST(sum(w.played_ms) AS BIGINT) AS played
FROM (SELECT DISTINCT a.above_id, m.person_id FROM membership m
      JOIN organisation_above a ON a.below_id = m.organisation_id
      JOIN organisation n ON n.id = a.above_id AND n.kind = 'network'
      WHERE m.starts_at <= :now AND (m.ends_at IS NULL OR m.ends_at > :now)) p
JOIN watch_month w ON w.person_id = p.person_id AND w.month >= :from_month AND w.month <= :to_month
JOIN organisation o ON o.id = p.above_id
GROUP BY o.id, o.name ORDER BY sum(w.played_ms) DESC, o.id LIMIT 500;

-- network_videos(organisation int, from_month int, to_month int, now int): many { viewers int, played int }
SELECT v.id, v.title, v.slug, count(DISTINCT w.person_id) AS viewers, CAST(sum(w.played_ms) AS BIGINT) AS played
FROM (SELECT DISTINCT m.person_id FROM membership m
      JOIN organisation_above a ON a.below_id = m.organisation_id
      WHERE a.above_id = :organisation AND m.starts_at <= :now AND (m.ends_at IS NULL OR m.ends_at > :now)) p
JOIN watch_month w ON w.person_id = p.person_id AND w.month >= :from_month AND w.month <= :to_month
JOIN video v ON v.id = w.video_id
GROUP BY v.id, v.title, v.slug ORDER BY sum(w.played_ms) DESC, v.id LIMIT 500;

-- network_months(organisation int, from_month int, to_month int, now int): many { viewers int, played int }
SELECT w.month, count(DISTINCT w.person_id) AS viewers, CAST(sum(w.played_ms) AS BIGINT) AS played
FROM (SELECT DISTINCT m.person_id FROM membership m
      JOIN organisation_above a ON a.below_id = m.organisation_id
      WHERE a.above_id = :organisation AND m.starts_at <= :now AND (m.ends_at IS NULL OR m.ends_at > :now)) p
JOIN watch_month w ON w.person_id = p.person_id AND w.month >= :from_month AND w.month <= :to_month
GROUP BY w.month ORDER BY w.month;

-- video_name(id int): one
SELECT title, slug, duration_ms FROM video WHERE id = :id;

-- Sample data

-- sample_videos(): many
SELECT id, duration_ms FROM video WHERE sample = 1 AND opens_at IS NULL ORDER BY id;

-- sample_people(): many
SELECT DISTINCT m.person_id FROM membership m ORDER BY m.person_id LIMIT 200;

-- sample_at_once(): exec
UPDATE watch_hour SET at_once = views * 2 / 3 + 1 WHERE at_once = 0;
