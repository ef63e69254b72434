-- session_of(token blob, now int): one
SELECT s.id AS session_id, p.id AS person_id, p.name, p.email, p.lang, p.theme
FROM session s JOIN person p ON p.id = s.person_id
WHERE s.token_hash = :token AND s.expires_at > :now AND p.closed_at IS NULL;

-- roles_of(person int, now int): many
SELECT role FROM person_role
WHERE person_id = :person AND scope_kind = '' AND starts_at <= :now AND (ends_at IS NULL OR ends_at > :now)
ORDER BY role;

-- scoped_of(person int, now int): many
SELECT role, scope_kind, scope_id FROM person_role
WHERE person_id = :person AND scope_kind <> '' AND starts_at <= :now AND (ends_at IS NULL OR ends_at > :now)
ORDER BY role, scope_kind, scope_id;

-- open_session(id int, token blob, person int, now int, expires int, peer text, agent text): exec
INSERT INTO session (id, token_hash, person_id, created_at, expires_at, peer, agent)
VALUES (:id, :token, :person, :now, :expires, :peer, :agent);

-- close_session(id int): exec
DELETE FROM session WHERE id = :id;

-- close_sessions(person int, except int): exec
DELETE FROM session WHERE person_id = :person AND id <> :except;

-- drop_expired_sessions(now int): exec
DELETE FROM session WHERE expires_at <= :now;

-- grant(person int, role text, kind text, scope int, starts int, ends int?, granted_by int?, now int): exec
INSERT INTO person_role (person_id, role, scope_kind, scope_id, starts_at, ends_at, granted_by, granted_at)
VALUES (:person, :role, :kind, :scope, :starts, :ends, :granted_by, :now)
ON CONFLICT (person_id, role, scope_kind, scope_id) DO UPDATE SET
    starts_at = excluded.starts_at, ends_at = excluded.ends_at, granted_by = excluded.granted_by,
    granted_at = excluded.granted_at;

-- granted(person int, role text, kind text, scope int): one
SELECT starts_at, ends_at FROM person_role
WHERE person_id = :person AND role = :role AND scope_kind = :kind AND scope_id = :scope;

-- withdraw(person int, role text, kind text, scope int): exec
DELETE FROM person_role
WHERE person_id = :person AND role = :role AND scope_kind = :kind AND scope_id = :scope;

-- grants_of(person int): many
SELECT role, scope_kind, scope_id, starts_at, ends_at, granted_by, granted_at
FROM person_role WHERE person_id = :person ORDER BY role, scope_kind, scope_id;

-- audit(id int, at int, actor int?, session int?, peer text, request text, act text, kind text, object int, before text?, after text?): exec
INSERT INTO audit (id, at, actor, session, peer, request, act, kind, object, before, after)
VALUES (:id, :at, :actor, :session, :peer, :request, :act, :kind, :object, :before, :after);

-- token_of(token blob, now int): one { id int, scopes text, last_used_at int?, person_id int?, client_id int?, person_name text?, email text?, lang text?, client_name text?, client_scopes text?, organisation_id int? }
SELECT t.id, t.scopes, t.last_used_at, t.person_id, t.client_id, p.name AS person_name, p.email, p.lang,
       c.name AS client_name, c.scopes AS client_scopes, c.organisation_id
FROM api_token t
LEFT JOIN person p ON p.id = t.person_id AND p.closed_at IS NULL
LEFT JOIN api_client c ON c.id = t.client_id AND c.closed_at IS NULL
WHERE t.token_hash = :token AND t.expires_at > :now AND (p.id IS NOT NULL OR c.id IS NOT NULL);

-- token_used(id int, now int, before int): exec
UPDATE api_token SET last_used_at = :now WHERE id = :id AND (last_used_at IS NULL OR last_used_at < :before);
