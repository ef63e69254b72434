-- Personal tokens

-- tokens_of(person int): many
SELECT id, name, scopes, created_at, expires_at, last_used_at FROM api_token
WHERE person_id = :person ORDER BY created_at DESC, id DESC;

-- add_token(id int, hash blob, person int?, client int?, name text, scopes text, now int, expires int): exec
INSERT INTO api_token (id, token_hash, person_id, client_id, name, scopes, created_at, expires_at)
VALUES (:id, :hash, :person, :client, :name, :scopes, :now, :expires);

-- revoke_token(id int, person int): exec
DELETE FROM api_token WHERE id = :id AND person_id = :person;

-- drop_expired_tokens(before int): exec
DELETE FROM api_token WHERE expires_at < :before
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = api_token.person_id AND h.lifted_at IS NULL);

-- Partners' programs

-- clients(): many { organisation text?, last_used_at int? }
SELECT c.id, c.name, c.scopes, c.organisation_id, c.created_at, c.closed_at, c.secret_hash, o.name AS organisation,
       (SELECT max(t.last_used_at) FROM api_token t WHERE t.client_id = c.id) AS last_used_at
FROM api_client c LEFT JOIN organisation o ON o.id = c.organisation_id
ORDER BY CASE WHEN c.closed_at IS NULL THEN 0 ELSE 1 END, lower(c.name), c.id LIMIT 500;

-- client(id int): one as clients { organisation text?, last_used_at int? }
SELECT c.id, c.name, c.scopes, c.organisation_id, c.created_at, c.closed_at, c.secret_hash, o.name AS organisation,
       (SELECT max(t.last_used_at) FROM api_token t WHERE t.client_id = c.id) AS last_used_at
FROM api_client c LEFT JOIN organisation o ON o.id = c.organisation_id WHERE c.id = :id;

-- client_use(client int, now int): one { n int, last int? }
SELECT CAST(count(*) AS BIGINT) AS n, max(created_at) AS last FROM api_token WHERE client_id = :client AND expires_at > :now;

-- add_client(id int, name text, scopes text, organisation int?, secret blob, person int, now int): exec
INSERT INTO api_client (id, name, scopes, organisation_id, secret_hash, created_by, created_at)
VALUES (:id, :name, :scopes, :organisation, :secret, :person, :now);

-- change_client(id int, name text, scopes text, organisation int?): exec
UPDATE api_client SET name = :name, scopes = :scopes, organisation_id = :organisation WHERE id = :id AND closed_at IS NULL;

-- set_secret(id int, secret blob): exec
UPDATE api_client SET secret_hash = :secret WHERE id = :id AND closed_at IS NULL;

-- close_client(id int, now int): exec
UPDATE api_client SET closed_at = :now WHERE id = :id AND closed_at IS NULL;

-- end_client_tokens(client int): exec
DELETE FROM api_token WHERE client_id = :client;

-- lasting_tokens(client int): many
SELECT id, created_at, expires_at, last_used_at FROM api_token WHERE client_id = :client AND name <> '' ORDER BY id DESC;

-- revoke_client_token(id int, client int): exec
DELETE FROM api_token WHERE id = :id AND client_id = :client AND name <> '';

-- drop_client_tokens(client int, now int, keep int): exec
DELETE FROM api_token WHERE client_id = :client AND name = '' AND id NOT IN (
    SELECT t.id FROM api_token t WHERE t.client_id = :client AND t.name = '' AND (t.expires_at > :now OR t.last_used_at IS NOT NULL)
    ORDER BY t.id DESC LIMIT :keep);
