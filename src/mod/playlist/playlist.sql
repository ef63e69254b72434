-- list(id int): one
SELECT id, person_id, later, title, visibility, link_turn, created_at, deleted_at FROM playlist WHERE id = :id;

-- Of one person: "watch later" first, then the newest.

-- own(person int, most int): many { videos int }
SELECT id, later, title, visibility, created_at, deleted_at,
       (SELECT count(*) FROM playlist_video v WHERE v.playlist_id = playlist.id) AS videos
FROM playlist WHERE person_id = :person ORDER BY later DESC, id DESC LIMIT :most;

-- Which of them hold a video.
-- holding(person int, video int): many
SELECT p.id FROM playlist p JOIN playlist_video v ON v.playlist_id = p.id
WHERE p.person_id = :person AND v.video_id = :video AND p.deleted_at IS NULL;

-- later(person int): one
SELECT id FROM playlist WHERE person_id = :person AND later = 1;

-- kept_later(person int): many
SELECT v.video_id FROM playlist_video v JOIN playlist p ON p.id = v.playlist_id
WHERE p.person_id = :person AND p.later = 1 ORDER BY v.video_id;

-- count_own(person int): one { n int }
SELECT count(*) AS n FROM playlist WHERE person_id = :person;

-- drop_own_deleted_videos(person int): exec
DELETE FROM playlist_video
WHERE playlist_id IN (SELECT id FROM playlist WHERE person_id = :person AND deleted_at IS NOT NULL);

-- drop_own_deleted(person int): exec
DELETE FROM playlist WHERE person_id = :person AND deleted_at IS NOT NULL;

-- add(id int, person int, later int, title text, now int): exec
INSERT INTO playlist (id, person_id, later, title, visibility, link_turn, created_at)
VALUES (:id, :person, :later, :title, 'private', 0, :now);

-- change(id int, title text, visibility text, turn int): exec
UPDATE playlist SET title = :title, visibility = :visibility, link_turn = :turn WHERE id = :id;

-- set_deleted(id int, deleted int?): exec
UPDATE playlist SET deleted_at = :deleted WHERE id = :id;

-- shown(person int): many
SELECT id, title, created_at FROM playlist
WHERE person_id = :person AND visibility = 'public' AND deleted_at IS NULL ORDER BY id DESC LIMIT 100;

-- --- the videos of one ------------------------------------------------------------------------------------------------------

-- videos(list int): many
SELECT video_id, place FROM playlist_video WHERE playlist_id = :list ORDER BY place, video_id;

-- last_place(list int): one { n int, place int }
SELECT count(*) AS n, CAST(coalesce(max(place), 0) AS BIGINT) AS place FROM playlist_video WHERE playlist_id = :list;

-- keep(list int, video int, place int, now int): exec
INSERT INTO playlist_video (playlist_id, video_id, place, added_at) VALUES (:list, :video, :place, :now)
ON CONFLICT (playlist_id, video_id) DO NOTHING;

-- drop(list int, video int): exec
DELETE FROM playlist_video WHERE playlist_id = :list AND video_id = :video;

-- place_of(list int, video int): one
SELECT place FROM playlist_video WHERE playlist_id = :list AND video_id = :video;

-- make_room(list int, from_place int, to_place int, step int): exec
UPDATE playlist_video SET place = place + :step WHERE playlist_id = :list AND place >= :from_place AND place <= :to_place;

-- put(list int, video int, place int): exec
UPDATE playlist_video SET place = :place WHERE playlist_id = :list AND video_id = :video;

-- --- what goes ------------------------------------------------------------------------------------------------------------------

-- drop_deleted_videos(before int): exec
DELETE FROM playlist_video WHERE playlist_id IN (SELECT id FROM playlist WHERE deleted_at < :before);

-- drop_deleted(before int): exec
DELETE FROM playlist WHERE deleted_at < :before;

-- forget_videos(person int): exec
DELETE FROM playlist_video WHERE playlist_id IN (SELECT id FROM playlist WHERE person_id = :person);

-- forget(person int): exec
DELETE FROM playlist WHERE person_id = :person;

-- held(person int): many
SELECT title, visibility, created_at, deleted_at FROM playlist WHERE person_id = :person ORDER BY id;

-- held_videos(person int): many { list text, video text }
SELECT p.title AS list, v.title AS video, i.added_at FROM playlist p
JOIN playlist_video i ON i.playlist_id = p.id JOIN video v ON v.id = i.video_id
WHERE p.person_id = :person ORDER BY p.id, i.place, i.video_id;

-- Sample data

-- sample_person(email text): one
SELECT id FROM person WHERE email = :email;

-- sample_videos(most int): many
SELECT id FROM video WHERE sample = 1 AND audience = 'public' AND opens_at IS NULL ORDER BY id DESC LIMIT :most;
