-- --- likes ------------------------------------------------------------------------------------------------------------------

-- likes(video int): one { n int }
SELECT count(*) AS n FROM video_like WHERE video_id = :video;

-- liked(video int, person int): one
SELECT liked_at FROM video_like WHERE video_id = :video AND person_id = :person;

-- like(video int, person int, now int): exec
INSERT INTO video_like (video_id, person_id, liked_at) VALUES (:video, :person, :now) ON CONFLICT (video_id, person_id) DO NOTHING;

-- unlike(video int, person int): exec
DELETE FROM video_like WHERE video_id = :video AND person_id = :person;

-- --- subscriptions ------------------------------------------------------------------------------------------------------------

-- channel(id int): one
SELECT id, slug, name FROM tv_channel WHERE id = :id;

-- channel_of(video int): one
SELECT c.id, c.slug, c.name FROM video v JOIN tv_channel c ON c.id = v.channel_id WHERE v.id = :video;

-- subscribed(channel int, person int): one
SELECT since FROM channel_subscription WHERE channel_id = :channel AND person_id = :person;

-- subscribe(channel int, person int, now int): exec
INSERT INTO channel_subscription (channel_id, person_id, since) VALUES (:channel, :person, :now)
ON CONFLICT (channel_id, person_id) DO NOTHING;

-- unsubscribe(channel int, person int): exec
DELETE FROM channel_subscription WHERE channel_id = :channel AND person_id = :person;

-- own(person int): many
SELECT c.id, c.slug, c.name, s.since FROM channel_subscription s JOIN tv_channel c ON c.id = s.channel_id
WHERE s.person_id = :person ORDER BY c.name, c.id;

-- choice(person int): one
SELECT mail, chosen_at FROM subscription_choice WHERE person_id = :person;

-- choose(person int, mail text, now int): exec
INSERT INTO subscription_choice (person_id, mail, chosen_at) VALUES (:person, :mail, :now)
ON CONFLICT (person_id) DO UPDATE SET mail = excluded.mail, chosen_at = excluded.chosen_at;

-- More than a page shows: the rule of who sees which is the library's. The twelve newest of each channel at most, because
-- sorting all that channels hold would cost too much.
-- newest(person int, now int, most int): many @sqlite
SELECT v.id FROM channel_subscription s
CROSS JOIN video v -- in this order, which SQLite keeps: from a person's channels to a channel's newest
WHERE s.person_id = :person AND v.channel_id = s.channel_id AND v.shown_at <= :now
  AND v.shown_at >= coalesce((SELECT w.shown_at FROM video w WHERE w.channel_id = s.channel_id AND w.shown_at <= :now
                              ORDER BY w.shown_at DESC LIMIT 1 OFFSET 11), 0)
  AND v.state = 'ready' AND v.audience <> 'link'
ORDER BY v.shown_at DESC, v.id DESC LIMIT :most;
-- newest(person int, now int, most int): many @pgsql
SELECT v.id FROM channel_subscription s
CROSS JOIN LATERAL (SELECT w.id, w.shown_at FROM video w WHERE w.channel_id = s.channel_id AND w.shown_at <= :now
                    AND w.state = 'ready' AND w.audience <> 'link' ORDER BY w.shown_at DESC, w.id DESC LIMIT 12) v
WHERE s.person_id = :person
ORDER BY v.shown_at DESC, v.id DESC LIMIT :most;

-- --- news -----------------------------------------------------------------------------------------------------------------------

-- to_announce(since int, now int, most int): many
SELECT v.id FROM video v
WHERE v.state = 'ready' AND v.audience IN ('public', 'members', 'organisation', 'programme', 'cohort')
  AND v.shown_at > :since AND v.shown_at <= :now AND v.channel_id IS NOT NULL AND (v.closes_at IS NULL OR v.closes_at > :now)
  AND NOT EXISTS (SELECT 1 FROM subscription_news n WHERE n.video_id = v.id)
ORDER BY v.shown_at, v.id LIMIT :most;

-- announce(video int, now int): exec
INSERT INTO subscription_news (video_id, announced_at) VALUES (:video, :now) ON CONFLICT (video_id) DO NOTHING;

-- video(id int): one
SELECT v.id, v.slug, v.title, v.state, v.audience, v.organisation_id, v.programme_id, v.cohort_id, v.opens_at, v.closes_at,
       c.id AS channel_id, c.name AS channel
FROM video v JOIN tv_channel c ON c.id = v.channel_id WHERE v.id = :id;

-- news(from_at int, to_at int): many as video
SELECT v.id, v.slug, v.title, v.state, v.audience, v.organisation_id, v.programme_id, v.cohort_id, v.opens_at, v.closes_at,
       c.id AS channel_id, c.name AS channel
FROM subscription_news n JOIN video v ON v.id = n.video_id JOIN tv_channel c ON c.id = v.channel_id
WHERE n.announced_at > :from_at AND n.announced_at <= :to_at ORDER BY c.name, v.shown_at, v.id LIMIT 500;

-- Who hears of a video at once; the next ones after a person.
-- subscribers(channel int, after int, most int): many
SELECT p.id, p.email, p.name, p.lang FROM channel_subscription s
JOIN subscription_choice c ON c.person_id = s.person_id AND c.mail = 'now'
JOIN person p ON p.id = s.person_id AND p.closed_at IS NULL AND p.confirmed_at IS NOT NULL
WHERE s.channel_id = :channel AND s.person_id > :after ORDER BY s.person_id LIMIT :most;

-- daily(after int, most int): many as subscribers
SELECT p.id, p.email, p.name, p.lang FROM subscription_choice c
JOIN person p ON p.id = c.person_id AND p.closed_at IS NULL AND p.confirmed_at IS NOT NULL
WHERE c.mail = 'daily' AND c.person_id > :after ORDER BY c.person_id LIMIT :most;

-- Of a batch of them.
-- their_channels(first int, last int): many
SELECT s.person_id, s.channel_id FROM channel_subscription s
JOIN subscription_choice c ON c.person_id = s.person_id AND c.mail = 'daily'
WHERE s.person_id >= :first AND s.person_id <= :last ORDER BY s.person_id, s.channel_id;

-- told_until(): one
SELECT told_until FROM subscription_digest WHERE id = 1;

-- set_told(until int): exec
INSERT INTO subscription_digest (id, told_until) VALUES (1, :until)
ON CONFLICT (id) DO UPDATE SET told_until = excluded.told_until;

-- --- what is held -----------------------------------------------------------------------------------------------------------------

-- held_likes(person int): many
SELECT v.title, l.liked_at FROM video_like l JOIN video v ON v.id = l.video_id WHERE l.person_id = :person ORDER BY l.liked_at, v.id;

-- held_subscriptions(person int): many
SELECT c.name, s.since FROM channel_subscription s JOIN tv_channel c ON c.id = s.channel_id
WHERE s.person_id = :person ORDER BY s.since, c.id;

-- held_choices(person int): many
SELECT mail, chosen_at FROM subscription_choice WHERE person_id = :person;

-- forget_likes(person int): exec
DELETE FROM video_like WHERE person_id = :person;

-- forget_subscriptions(person int): exec
DELETE FROM channel_subscription WHERE person_id = :person;

-- forget_choice(person int): exec
DELETE FROM subscription_choice WHERE person_id = :person;

-- Sample data

-- sample_channels(most int): many
SELECT id FROM tv_channel WHERE sample = 1 ORDER BY id LIMIT :most;

-- sample_people(most int): many
SELECT DISTINCT m.person_id FROM membership m ORDER BY m.person_id LIMIT :most;

-- sample_videos(): many
SELECT id FROM video WHERE sample = 1 AND audience = 'public' AND opens_at IS NULL ORDER BY id LIMIT 20;
