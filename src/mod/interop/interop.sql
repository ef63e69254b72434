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
DELETE FROM api_token WHERE expires_at < :before;
