-- upload(id int): one
SELECT id, person_id, name, fingerprint, purpose, size, received, state, created_at, expires_at, blob, type
FROM media_upload WHERE id = :id;

-- open_uploads(person int, now int, most int): many as upload
SELECT id, person_id, name, fingerprint, purpose, size, received, state, created_at, expires_at, blob, type
FROM media_upload
WHERE person_id = :person AND state = 'open' AND expires_at > :now
ORDER BY created_at DESC, id DESC
LIMIT :most;

-- count_open(person int, now int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n
FROM media_upload
WHERE person_id = :person AND state = 'open' AND expires_at > :now;

-- add_upload(id int, person int, name text, fingerprint text, purpose text, size int, now int, expires int): exec
INSERT INTO media_upload (id, person_id, name, fingerprint, purpose, size, state, created_at, expires_at)
VALUES (:id, :person, :name, :fingerprint, :purpose, :size, 'open', :now, :expires);

-- advance(id int, received int, expires int): exec
UPDATE media_upload SET received = :received, expires_at = :expires
WHERE id = :id AND state = 'open';

-- complete(id int, size int): exec
UPDATE media_upload SET received = :size, state = 'received'
WHERE id = :id AND state = 'open' AND size = :size;

-- store(id int, blob text, type text): exec
UPDATE media_upload SET state = 'stored', blob = :blob, type = :type
WHERE id = :id AND state = 'received';

-- drop_upload(id int): exec
DELETE FROM media_upload WHERE id = :id AND state = 'open';

-- expire(now int): exec
UPDATE media_upload SET state = 'expired' WHERE state = 'open' AND expires_at <= :now;

-- forget(before int): exec
DELETE FROM media_upload WHERE state IN ('stored', 'expired') AND expires_at < :before;

-- let_go(blob text, now int): exec
INSERT INTO media_loose (blob, since) VALUES (:blob, :now) ON CONFLICT (blob) DO UPDATE SET since = excluded.since;

-- let_go_forgotten(before int, now int): exec
INSERT INTO media_loose (blob, since)
SELECT DISTINCT blob, :now FROM media_upload
WHERE blob IS NOT NULL AND state IN ('stored', 'expired') AND expires_at < :before
ON CONFLICT (blob) DO UPDATE SET since = excluded.since;

-- loose(before int, most int): many
SELECT blob FROM media_loose WHERE since < :before ORDER BY since LIMIT :most;

-- of_blob(blob text): one
SELECT id FROM media_upload WHERE blob = :blob LIMIT 1;

-- settled(blob text, before int): exec
DELETE FROM media_loose WHERE blob = :blob AND since < :before;

-- held_uploads(person int): many
SELECT name, size, state, created_at FROM media_upload WHERE person_id = :person ORDER BY id;

-- forget_person(person int, now int): exec
UPDATE media_upload SET person_id = 0, name = '', fingerprint = '', expires_at = :now,
       state = CASE state WHEN 'open' THEN 'expired' ELSE state END
WHERE person_id = :person;

-- count_old(before int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM media_upload WHERE state IN ('stored', 'expired') AND expires_at < :before;
