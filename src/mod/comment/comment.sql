-- What a person sees of a comment: what is shown, what of theirs waits or was hidden, to the team (:team = 1) all of that. What its
-- author took back is seen by nobody, but by the author while it can be brought back (:undo). A comment that is not seen keeps its place as long
-- as somebody's answer to it is shown.

-- --- below a video: two statements, whatever is said there ------------------------------------------------------------------

-- place(video int, person int, team int, undo int, now int): one { mode text, own text?, channel_mode text?, n int, threads int, mute_reason text?, muted_at int?, until_at int?, answers int }
SELECT coalesce(s.mode, k.mode, 'open') AS mode, s.mode AS own, k.mode AS channel_mode,
       (SELECT count(*) FROM video_comment c
        WHERE c.video_id = v.id AND c.removed_at IS NULL AND (c.state = 'shown' OR c.person_id = :person OR :team = 1)) AS n,
       (SELECT count(*) FROM video_comment c
        WHERE c.video_id = v.id AND c.thread_id = c.id
          AND (c.removed_at IS NULL AND (c.state = 'shown' OR c.person_id = :person OR :team = 1)
            OR c.removed_at > :undo AND c.person_id = :person
            OR EXISTS (SELECT 1 FROM video_comment a
                       WHERE a.thread_id = c.id AND a.id <> c.id AND a.removed_at IS NULL AND a.state = 'shown'))) AS threads,
       m.reason AS mute_reason, m.muted_at, m.until_at, coalesce(w.answers, 0) AS answers
FROM video v
LEFT JOIN comment_video s ON s.video_id = v.id
LEFT JOIN comment_channel k ON k.channel_id = v.channel_id
LEFT JOIN comment_mute m ON m.person_id = :person AND (m.until_at IS NULL OR m.until_at > :now)
LEFT JOIN comment_choice w ON w.person_id = :person
WHERE v.id = :video;

-- Threads with the first answers of each; `place` is 1 for the comment itself, `size` how many of its thread are seen.
-- newest(video int, person int, team int, undo int, before int, answers int, most int, skip int): many { name text?, page text?, place int, size int }
WITH begun AS (
  SELECT c.id FROM video_comment c
  WHERE c.video_id = :video AND c.thread_id = c.id AND c.id < :before
    AND (c.removed_at IS NULL AND (c.state = 'shown' OR c.person_id = :person OR :team = 1)
      OR c.removed_at > :undo AND c.person_id = :person
      OR EXISTS (SELECT 1 FROM video_comment a
                 WHERE a.thread_id = c.id AND a.id <> c.id AND a.removed_at IS NULL AND a.state = 'shown'))
  ORDER BY c.id DESC LIMIT :most OFFSET :skip),
said AS (
  SELECT c.id, c.thread_id, c.person_id, c.team, c.body, c.state, c.reason, c.created_at, c.changed_at, c.removed_at,
         row_number() OVER (PARTITION BY c.thread_id ORDER BY c.id) AS place, count(*) OVER (PARTITION BY c.thread_id) AS size
  FROM begun b JOIN video_comment c ON c.thread_id = b.id
  WHERE c.id = b.id OR c.removed_at IS NULL AND (c.state = 'shown' OR c.person_id = :person OR :team = 1)
     OR c.removed_at > :undo AND c.person_id = :person)
SELECT s.id, s.thread_id, s.person_id, s.team, s.body, s.state, s.reason, s.created_at, s.changed_at, s.removed_at, s.place, s.size,
       p.name, g.slug AS page
FROM said s LEFT JOIN person p ON p.id = s.person_id AND p.closed_at IS NULL
LEFT JOIN profile_page g ON g.person_id = p.id AND g.is_open = 1
WHERE s.place <= :answers + 1 ORDER BY s.thread_id DESC, s.id;

-- oldest(video int, person int, team int, undo int, answers int, most int, skip int): many as newest { name text?, page text?, place int, size int }
WITH begun AS (
  SELECT c.id FROM video_comment c
  WHERE c.video_id = :video AND c.thread_id = c.id
    AND (c.removed_at IS NULL AND (c.state = 'shown' OR c.person_id = :person OR :team = 1)
      OR c.removed_at > :undo AND c.person_id = :person
      OR EXISTS (SELECT 1 FROM video_comment a
                 WHERE a.thread_id = c.id AND a.id <> c.id AND a.removed_at IS NULL AND a.state = 'shown'))
  ORDER BY c.id LIMIT :most OFFSET :skip),
said AS (
  SELECT c.id, c.thread_id, c.person_id, c.team, c.body, c.state, c.reason, c.created_at, c.changed_at, c.removed_at,
         row_number() OVER (PARTITION BY c.thread_id ORDER BY c.id) AS place, count(*) OVER (PARTITION BY c.thread_id) AS size
  FROM begun b JOIN video_comment c ON c.thread_id = b.id
  WHERE c.id = b.id OR c.removed_at IS NULL AND (c.state = 'shown' OR c.person_id = :person OR :team = 1)
     OR c.removed_at > :undo AND c.person_id = :person)
SELECT s.id, s.thread_id, s.person_id, s.team, s.body, s.state, s.reason, s.created_at, s.changed_at, s.removed_at, s.place, s.size,
       p.name, g.slug AS page
FROM said s LEFT JOIN person p ON p.id = s.person_id AND p.closed_at IS NULL
LEFT JOIN profile_page g ON g.person_id = p.id AND g.is_open = 1
WHERE s.place <= :answers + 1 ORDER BY s.thread_id, s.id;

-- One thread with all its answers; none when it is another video's.
-- thread(video int, thread int, person int, team int, undo int): many as newest { name text?, page text?, place int, size int }
SELECT c.id, c.thread_id, c.person_id, c.team, c.body, c.state, c.reason, c.created_at, c.changed_at, c.removed_at,
       row_number() OVER (ORDER BY c.id) AS place, count(*) OVER () AS size, p.name, g.slug AS page
FROM video_comment c LEFT JOIN person p ON p.id = c.person_id AND p.closed_at IS NULL
LEFT JOIN profile_page g ON g.person_id = p.id AND g.is_open = 1
WHERE c.thread_id = :thread AND c.video_id = :video
  AND (c.removed_at IS NULL AND (c.state = 'shown' OR c.person_id = :person OR :team = 1)
    OR c.removed_at > :undo AND c.person_id = :person
    OR c.id = :thread AND EXISTS (SELECT 1 FROM video_comment a
                 WHERE a.thread_id = c.id AND a.id <> c.id AND a.removed_at IS NULL AND a.state = 'shown'))
ORDER BY c.id;

-- --- writing ------------------------------------------------------------------------------------------------------------------

-- comment(id int): one { name text?, email text?, lang text? }
SELECT c.id, c.video_id, c.thread_id, c.person_id, c.team, c.body, c.state, c.reason, c.judged_at, c.created_at, c.changed_at, c.removed_at,
       v.slug, v.title, v.duration_ms, v.audience, p.name, p.email, p.lang
FROM video_comment c JOIN video v ON v.id = c.video_id LEFT JOIN person p ON p.id = c.person_id AND p.closed_at IS NULL
WHERE c.id = :id;

-- answers_of(thread int): one { n int }
SELECT count(*) AS n FROM video_comment WHERE thread_id = :thread AND id <> thread_id;

-- add(id int, video int, thread int, person int, team int, body text, search text, state text, now int): exec
INSERT INTO video_comment (id, video_id, thread_id, person_id, team, body, search, state, created_at)
VALUES (:id, :video, :thread, :person, :team, :body, :search, :state, :now);

-- correct(id int, body text, search text, state text, now int): exec
UPDATE video_comment SET body = :body, search = :search, state = :state, changed_at = :now WHERE id = :id;

-- set_removed(id int, at int?): exec
UPDATE video_comment SET removed_at = :at WHERE id = :id;

-- report(comment int, person int, reason text, now int): exec
INSERT INTO comment_report (comment_id, person_id, reason, reported_at) VALUES (:comment, :person, :reason, :now)
ON CONFLICT (comment_id, person_id) DO NOTHING;

-- choose(person int, answers int, now int): exec
INSERT INTO comment_choice (person_id, answers, chosen_at) VALUES (:person, :answers, :now)
ON CONFLICT (person_id) DO UPDATE SET answers = excluded.answers, chosen_at = excluded.chosen_at;

-- choice(person int): one
SELECT answers FROM comment_choice WHERE person_id = :person;

-- own(person int, most int): many
SELECT c.id, c.thread_id, c.body, c.state, c.reason, c.created_at, c.removed_at, v.slug, v.title, v.audience
FROM video_comment c JOIN video v ON v.id = c.video_id
WHERE c.person_id = :person ORDER BY c.id DESC LIMIT :most;

-- --- letters about answers ----------------------------------------------------------------------------------------------------------

-- Who takes part in a thread and wants to hear of answers; not who has just written.
-- to_tell(thread int, writer int, most int): many
SELECT p.id, p.email, p.name, p.lang FROM person p JOIN comment_choice w ON w.person_id = p.id AND w.answers = 1
WHERE p.closed_at IS NULL AND p.confirmed_at IS NOT NULL AND p.id <> :writer
  AND EXISTS (SELECT 1 FROM video_comment c
              WHERE c.thread_id = :thread AND c.person_id = p.id AND c.state = 'shown' AND c.removed_at IS NULL)
ORDER BY p.id LIMIT :most;

-- video(id int): one
SELECT id, slug, title, state, audience, organisation_id, programme_id, cohort_id, opens_at, closes_at FROM video WHERE id = :id;

-- --- the team ---------------------------------------------------------------------------------------------------------------------

-- waiting(): one { held int, reported int }
SELECT (SELECT count(*) FROM video_comment c WHERE c.state = 'held' AND c.removed_at IS NULL) AS held,
       (SELECT count(DISTINCT r.comment_id) FROM comment_report r JOIN video_comment c ON c.id = r.comment_id AND c.removed_at IS NULL
        WHERE r.closed_at IS NULL) AS reported;

-- One more than a page shows says that there is a next one. w: a word folded, "%" for all.
-- queue_held(w text, before int, most int): many { name text?, reports int }
SELECT c.id, c.thread_id, c.person_id, c.team, c.body, c.state, c.reason, c.created_at, c.changed_at, v.slug, v.title, v.duration_ms, p.name,
       (SELECT count(*) FROM comment_report r WHERE r.comment_id = c.id AND r.closed_at IS NULL) AS reports
FROM video_comment c JOIN video v ON v.id = c.video_id LEFT JOIN person p ON p.id = c.person_id AND p.closed_at IS NULL
WHERE c.state = 'held' AND c.removed_at IS NULL AND c.id < :before AND (c.search LIKE :w ESCAPE '\' OR p.search LIKE :w ESCAPE '\')
ORDER BY c.id DESC LIMIT :most;

-- queue_reported(w text, before int, most int): many as queue_held { name text?, reports int }
SELECT c.id, c.thread_id, c.person_id, c.team, c.body, c.state, c.reason, c.created_at, c.changed_at, v.slug, v.title, v.duration_ms, p.name,
       (SELECT count(*) FROM comment_report r WHERE r.comment_id = c.id AND r.closed_at IS NULL) AS reports
FROM video_comment c JOIN video v ON v.id = c.video_id LEFT JOIN person p ON p.id = c.person_id AND p.closed_at IS NULL
WHERE c.id IN (SELECT r.comment_id FROM comment_report r WHERE r.closed_at IS NULL)
  AND c.removed_at IS NULL AND c.id < :before AND (c.search LIKE :w ESCAPE '\' OR p.search LIKE :w ESCAPE '\')
ORDER BY c.id DESC LIMIT :most;

-- hidden = 1: only those.
-- queue_all(hidden int, w text, before int, most int): many as queue_held { name text?, reports int }
SELECT c.id, c.thread_id, c.person_id, c.team, c.body, c.state, c.reason, c.created_at, c.changed_at, v.slug, v.title, v.duration_ms, p.name,
       (SELECT count(*) FROM comment_report r WHERE r.comment_id = c.id AND r.closed_at IS NULL) AS reports
FROM video_comment c JOIN video v ON v.id = c.video_id LEFT JOIN person p ON p.id = c.person_id AND p.closed_at IS NULL
WHERE c.removed_at IS NULL AND c.person_id IS NOT NULL AND c.id < :before AND (:hidden = 0 OR c.state = 'hidden')
  AND (c.search LIKE :w ESCAPE '\' OR p.search LIKE :w ESCAPE '\')
ORDER BY c.id DESC LIMIT :most;

-- reports(comment int): many
SELECT r.reason, r.reported_at, r.closed_at, p.name FROM comment_report r JOIN person p ON p.id = r.person_id
WHERE r.comment_id = :comment ORDER BY r.reported_at, r.person_id;

-- judge(id int, state text, reason text?, by int, now int): exec
UPDATE video_comment SET state = :state, reason = :reason, judged_by = :by, judged_at = :now WHERE id = :id;

-- close_reports(comment int, now int): exec
UPDATE comment_report SET closed_at = :now WHERE comment_id = :comment AND closed_at IS NULL;

-- record(person int, now int): one { n int, hidden int, reason text?, muted_at int?, until_at int? }
SELECT (SELECT count(*) FROM video_comment c WHERE c.person_id = p.id) AS n,
       (SELECT count(*) FROM video_comment c WHERE c.person_id = p.id AND c.state = 'hidden') AS hidden, m.reason, m.muted_at, m.until_at
FROM person p LEFT JOIN comment_mute m ON m.person_id = p.id AND (m.until_at IS NULL OR m.until_at > :now)
WHERE p.id = :person;

-- mute(person int, reason text, until int?, by int, now int): exec
INSERT INTO comment_mute (person_id, reason, muted_at, until_at, muted_by) VALUES (:person, :reason, :now, :until, :by)
ON CONFLICT (person_id) DO UPDATE SET reason = excluded.reason, muted_at = excluded.muted_at, until_at = excluded.until_at,
    muted_by = excluded.muted_by;

-- unmute(person int): exec
DELETE FROM comment_mute WHERE person_id = :person;

-- muted(now int): many
SELECT p.id, p.name, m.reason, m.muted_at, m.until_at FROM comment_mute m JOIN person p ON p.id = m.person_id
WHERE m.until_at IS NULL OR m.until_at > :now ORDER BY m.muted_at DESC, p.id LIMIT 200;

-- channels(): many { mode text }
SELECT k.id, k.name, coalesce(s.mode, 'open') AS mode FROM tv_channel k LEFT JOIN comment_channel s ON s.channel_id = k.id
ORDER BY k.name, k.id LIMIT 500;

-- set_videos(): many
SELECT v.id, v.slug, v.title, s.mode FROM comment_video s JOIN video v ON v.id = s.video_id ORDER BY v.title, v.id LIMIT 200;

-- channel_mode(id int): one { mode text }
SELECT coalesce(s.mode, 'open') AS mode FROM tv_channel k LEFT JOIN comment_channel s ON s.channel_id = k.id WHERE k.id = :id;

-- video_mode(id int): one { mode text? }
SELECT v.slug, s.mode FROM video v LEFT JOIN comment_video s ON s.video_id = v.id WHERE v.id = :id;

-- set_channel(channel int, mode text): exec
INSERT INTO comment_channel (channel_id, mode) VALUES (:channel, :mode) ON CONFLICT (channel_id) DO UPDATE SET mode = excluded.mode;

-- set_video(video int, mode text): exec
INSERT INTO comment_video (video_id, mode) VALUES (:video, :mode) ON CONFLICT (video_id) DO UPDATE SET mode = excluded.mode;

-- unset_video(video int): exec
DELETE FROM comment_video WHERE video_id = :video;

-- --- what is held about people -----------------------------------------------------------------------------------------------------

-- held_comments(person int): many
SELECT v.title, c.body, c.state, c.reason, c.created_at, c.changed_at, c.removed_at
FROM video_comment c JOIN video v ON v.id = c.video_id WHERE c.person_id = :person ORDER BY c.id;

-- held_reports(person int): many
SELECT v.title, r.reason, r.reported_at FROM comment_report r JOIN video_comment c ON c.id = r.comment_id JOIN video v ON v.id = c.video_id
WHERE r.person_id = :person ORDER BY r.reported_at, r.comment_id;

-- held_mutes(person int): many
SELECT reason, muted_at, until_at FROM comment_mute WHERE person_id = :person;

-- held_choices(person int): many
SELECT answers, chosen_at FROM comment_choice WHERE person_id = :person;

-- held_judged(person int): many
SELECT v.title, c.state, c.judged_at FROM video_comment c JOIN video v ON v.id = c.video_id
WHERE c.judged_by = :person ORDER BY c.judged_at, c.id;

-- Those that nobody answered go; of the others the words go and the place stays.
-- forget_alone(person int): exec
DELETE FROM video_comment WHERE person_id = :person
  AND NOT EXISTS (SELECT 1 FROM video_comment a WHERE a.thread_id = video_comment.id AND a.id <> a.thread_id);

-- forget_words(person int, now int): exec
UPDATE video_comment SET person_id = NULL, body = '', search = '', reason = NULL, removed_at = coalesce(removed_at, :now)
WHERE person_id = :person;

-- forget_reports(person int): exec
DELETE FROM comment_report WHERE person_id = :person;

-- forget_mute(person int): exec
DELETE FROM comment_mute WHERE person_id = :person;

-- forget_muter(person int): exec
UPDATE comment_mute SET muted_by = NULL WHERE muted_by = :person;

-- forget_choice(person int): exec
DELETE FROM comment_choice WHERE person_id = :person;

-- forget_judge(person int): exec
UPDATE video_comment SET judged_by = NULL WHERE judged_by = :person;

-- count_removed(before int): one { n int }
SELECT count(*) AS n FROM video_comment c
WHERE c.removed_at < :before AND c.person_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = c.person_id AND h.lifted_at IS NULL);

-- drop_removed(before int): exec
DELETE FROM video_comment WHERE removed_at < :before
  AND NOT EXISTS (SELECT 1 FROM video_comment a WHERE a.thread_id = video_comment.id AND a.id <> a.thread_id)
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = video_comment.person_id AND h.lifted_at IS NULL);

-- empty_removed(before int): exec
UPDATE video_comment SET person_id = NULL, body = '', search = '', reason = NULL
WHERE removed_at < :before AND person_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = video_comment.person_id AND h.lifted_at IS NULL);

-- count_hidden(before int): one { n int }
SELECT count(*) AS n FROM video_comment c
WHERE c.state = 'hidden' AND c.judged_at < :before AND c.person_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = c.person_id AND h.lifted_at IS NULL);

-- drop_hidden(before int): exec
DELETE FROM video_comment WHERE state = 'hidden' AND judged_at < :before
  AND NOT EXISTS (SELECT 1 FROM video_comment a WHERE a.thread_id = video_comment.id AND a.id <> a.thread_id)
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = video_comment.person_id AND h.lifted_at IS NULL);

-- empty_hidden(before int): exec
UPDATE video_comment SET person_id = NULL, body = '', search = '', reason = NULL
WHERE state = 'hidden' AND judged_at < :before AND person_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = video_comment.person_id AND h.lifted_at IS NULL);

-- count_reports(before int): one { n int }
SELECT count(*) AS n FROM comment_report r
WHERE r.closed_at < :before AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = r.person_id AND h.lifted_at IS NULL);

-- drop_reports(before int): exec
DELETE FROM comment_report
WHERE closed_at < :before
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = comment_report.person_id AND h.lifted_at IS NULL);

-- count_mutes(before int): one { n int }
SELECT count(*) AS n FROM comment_mute m
WHERE m.until_at < :before AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = m.person_id AND h.lifted_at IS NULL);

-- drop_mutes(before int): exec
DELETE FROM comment_mute
WHERE until_at < :before
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = comment_mute.person_id AND h.lifted_at IS NULL);

-- --- sample data --------------------------------------------------------------------------------------------------------------------

-- sample_comments(): one { n int }
SELECT count(*) AS n FROM video_comment;

-- sample_video(slug text): one
SELECT id FROM video WHERE slug = :slug AND sample = 1;
