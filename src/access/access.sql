-- session_of(token blob, now int): one
SELECT s.id AS session_id, s.seen_at, s.strong, p.id AS person_id, p.name, p.email, p.lang, p.theme
FROM session s JOIN person p ON p.id = s.person_id
WHERE s.token_hash = :token AND s.expires_at > :now AND p.closed_at IS NULL;

-- roles_of(person int, now int, strong int): many
SELECT role FROM person_role
WHERE person_id = :person AND scope_kind = '' AND starts_at <= :now AND (ends_at IS NULL OR ends_at > :now)
  AND (:strong = 1 OR NOT EXISTS (SELECT 1 FROM second_factor_rule f WHERE f.role = person_role.role AND f.from_at <= :now))
ORDER BY role;

-- scoped_of(person int, now int, strong int): many
SELECT role, scope_kind, scope_id FROM person_role
WHERE person_id = :person AND scope_kind <> '' AND starts_at <= :now AND (ends_at IS NULL OR ends_at > :now)
  AND (:strong = 1 OR NOT EXISTS (SELECT 1 FROM second_factor_rule f WHERE f.role = person_role.role AND f.from_at <= :now))
ORDER BY role, scope_kind, scope_id;

-- open_session(id int, token blob, person int, now int, expires int, peer text, agent text, way text, strong int): exec
INSERT INTO session (id, token_hash, person_id, created_at, expires_at, peer, agent, way, strong, seen_at)
VALUES (:id, :token, :person, :now, :expires, :peer, :agent, :way, :strong, :now);

-- sessions_of(person int, now int): many { seen_at int }
SELECT id, created_at, CASE WHEN seen_at > created_at THEN seen_at ELSE created_at END AS seen_at, peer, agent, way
FROM session WHERE person_id = :person AND expires_at > :now ORDER BY seen_at DESC, id DESC;

-- session_seen(id int, now int): exec
UPDATE session SET seen_at = :now WHERE id = :id;

-- person_seen(session int, day int): exec
UPDATE person SET seen_day = :day
WHERE seen_day < :day AND id = (SELECT s.person_id FROM session s WHERE s.id = :session);

-- owner_seen(token int, day int): exec
UPDATE person SET seen_day = :day
WHERE seen_day < :day AND id = (SELECT t.person_id FROM api_token t WHERE t.id = :token);

-- close_session_of(person int, id int): exec
DELETE FROM session WHERE person_id = :person AND id = :id;

-- close_session(id int): exec
DELETE FROM session WHERE id = :id;

-- close_sessions(person int, except int): exec
DELETE FROM session WHERE person_id = :person AND id <> :except;

-- drop_expired_sessions(now int): exec
DELETE FROM session WHERE expires_at <= :now
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = session.person_id AND h.lifted_at IS NULL);

-- grant(person int, role text, kind text, scope int, starts int, ends int?, granted_by int?, now int): exec
INSERT INTO person_role (person_id, role, scope_kind, scope_id, starts_at, ends_at, granted_by, granted_at)
VALUES (:person, :role, :kind, :scope, :starts, :ends, :granted_by, :now)
ON CONFLICT (person_id, role, scope_kind, scope_id) DO UPDATE SET
    starts_at = excluded.starts_at, ends_at = excluded.ends_at, granted_by = excluded.granted_by,
    granted_at = excluded.granted_at;

-- only_staff(): one { person int?, n int }
SELECT min(r.person_id) AS person, CAST(count(*) AS BIGINT) AS n FROM person_role r JOIN person p ON p.id = r.person_id
WHERE r.role = 'staff' AND r.scope_kind = '' AND r.ends_at IS NULL AND p.closed_at IS NULL;

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

-- The second proof

-- second(person int): one
SELECT secret, made_at, confirmed_at, last_step FROM second_factor WHERE person_id = :person;

-- begin_second(person int, secret blob, now int): exec
INSERT INTO second_factor (person_id, secret, made_at, last_step) VALUES (:person, :secret, :now, 0)
ON CONFLICT (person_id) DO UPDATE SET secret = excluded.secret, made_at = excluded.made_at
    WHERE second_factor.confirmed_at IS NULL;

-- confirm_second(person int, step int, now int): exec
UPDATE second_factor SET confirmed_at = :now, last_step = :step WHERE person_id = :person AND confirmed_at IS NULL;

-- take_step(person int, step int): exec
UPDATE second_factor SET last_step = :step WHERE person_id = :person AND last_step < :step;

-- drop_second(person int): exec
DELETE FROM second_factor WHERE person_id = :person;

-- codes_left(person int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM recovery_code WHERE person_id = :person AND used_at IS NULL;

-- add_code(person int, code blob): exec
INSERT INTO recovery_code (person_id, code_hash) VALUES (:person, :code);

-- use_code(person int, code blob, now int): exec
UPDATE recovery_code SET used_at = :now WHERE person_id = :person AND code_hash = :code AND used_at IS NULL;

-- drop_codes(person int): exec
DELETE FROM recovery_code WHERE person_id = :person;

-- open_half(token blob, person int, way text, expires int): exec
INSERT INTO half_session (token_hash, person_id, way, expires_at, tries) VALUES (:token, :person, :way, :expires, 0);

-- half(token blob, now int): one
SELECT h.person_id, h.way, h.tries FROM half_session h JOIN person p ON p.id = h.person_id
WHERE h.token_hash = :token AND h.expires_at > :now AND p.closed_at IS NULL;

-- half_tried(token blob): exec
UPDATE half_session SET tries = tries + 1 WHERE token_hash = :token;

-- drop_halves(person int): exec
DELETE FROM half_session WHERE person_id = :person;

-- drop_old_halves(now int): exec
DELETE FROM half_session WHERE expires_at <= :now;

-- session_strong(id int): exec
UPDATE session SET strong = 1 WHERE id = :id;

-- second_rules(): many
SELECT role, from_at FROM second_factor_rule ORDER BY role;

-- add_second_rule(role text, from int, by int, now int): exec
INSERT INTO second_factor_rule (role, from_at, set_by, set_at) VALUES (:role, :from, :by, :now);

-- drop_second_rule(role text): exec
DELETE FROM second_factor_rule WHERE role = :role;

-- second_due(person int, now int): one
SELECT f.from_at FROM second_factor_rule f JOIN person_role r ON r.role = f.role
WHERE r.person_id = :person AND r.starts_at <= :now AND (r.ends_at IS NULL OR r.ends_at > :now)
  AND NOT EXISTS (SELECT 1 FROM second_factor s WHERE s.person_id = :person AND s.confirmed_at IS NOT NULL)
ORDER BY f.from_at LIMIT 1;

-- held_second(person int): many
SELECT made_at, confirmed_at FROM second_factor WHERE person_id = :person;

-- forget_rule_maker(person int): exec
UPDATE second_factor_rule SET set_by = 0 WHERE set_by = :person;

-- Privacy

-- held_sessions(person int): many
SELECT created_at, seen_at, expires_at, peer, agent, way FROM session WHERE person_id = :person ORDER BY id;

-- held_roles(person int): many
SELECT role, granted_at FROM person_role WHERE person_id = :person ORDER BY role;

-- held_links(person int): many
SELECT purpose, created_at, expires_at, used_at FROM mail_token WHERE person_id = :person ORDER BY created_at;

-- held_acts(person int): many { ours int }
SELECT at, act, peer, before, after, CASE WHEN actor = :person THEN 1 ELSE 0 END AS ours
FROM audit WHERE actor = :person OR (kind = 'person' AND object = :person) ORDER BY id;

-- held_mails(person int): many
SELECT m.subject, m.body, m.created_at, m.sent_at
FROM work_mail m JOIN person p ON p.email = m.recipient WHERE p.id = :person ORDER BY m.id;

-- address_of(person int): one
SELECT email FROM person WHERE id = :person;

-- drop_sessions_of(person int): exec
DELETE FROM session WHERE person_id = :person;

-- drop_links_of(person int): exec
DELETE FROM mail_token WHERE person_id = :person;

-- drop_roles_of(person int): exec
DELETE FROM person_role WHERE person_id = :person;

-- forget_grantor(person int): exec
UPDATE person_role SET granted_by = NULL WHERE granted_by = :person;

-- count_old_sessions(before int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM session WHERE expires_at < :before
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = session.person_id AND h.lifted_at IS NULL);

-- count_old_links(before int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM mail_token WHERE expires_at < :before
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = mail_token.person_id AND h.lifted_at IS NULL);

-- drop_old_links(before int): exec
DELETE FROM mail_token WHERE expires_at < :before
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = mail_token.person_id AND h.lifted_at IS NULL);

-- count_old_acts(before int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM audit
WHERE at < :before AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.lifted_at IS NULL
                  AND (h.person_id = audit.actor OR (audit.kind = 'person' AND h.person_id = audit.object)));

-- drop_old_acts(before int): exec
DELETE FROM audit
WHERE at < :before AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.lifted_at IS NULL
                  AND (h.person_id = audit.actor OR (audit.kind = 'person' AND h.person_id = audit.object)));

-- count_old_mails(before int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM work_mail WHERE sent_at < :before;

-- count_old_events(before int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM work_event WHERE emitted_at < :before;

-- is_held(person int): one
SELECT id FROM legal_hold WHERE person_id = :person AND lifted_at IS NULL LIMIT 1;

-- held_holds(person int): many
SELECT reason, set_at, lifted_at FROM legal_hold WHERE person_id = :person ORDER BY id;

-- holds(): many
SELECT h.id, h.person_id, h.reason, h.set_at, p.name, p.email
FROM legal_hold h JOIN person p ON p.id = h.person_id WHERE h.lifted_at IS NULL ORDER BY h.id;

-- hold(id int, person int, reason text, by int, now int): exec
INSERT INTO legal_hold (id, person_id, reason, set_by, set_at) VALUES (:id, :person, :reason, :by, :now);

-- lift_hold(id int, by int, now int): exec
UPDATE legal_hold SET lifted_by = :by, lifted_at = :now WHERE id = :id AND lifted_at IS NULL;

-- add_link(token blob, person int, purpose text, now int, expires int): exec
INSERT INTO mail_token (token_hash, person_id, purpose, created_at, expires_at)
VALUES (:token, :person, :purpose, :now, :expires);

-- end_links(person int, purpose text): exec
DELETE FROM mail_token WHERE person_id = :person AND purpose = :purpose;

-- link(token blob, purpose text, now int): one
SELECT person_id FROM mail_token
WHERE token_hash = :token AND purpose = :purpose AND expires_at > :now AND used_at IS NULL;

-- use_link(token blob, now int): exec
UPDATE mail_token SET used_at = :now WHERE token_hash = :token AND used_at IS NULL;

-- held_tokens(person int): many
SELECT name, scopes, created_at, expires_at, last_used_at FROM api_token WHERE person_id = :person ORDER BY id;

-- drop_tokens_of(person int): exec
DELETE FROM api_token WHERE person_id = :person;

-- drop_tokens_since(person int, since int): exec
DELETE FROM api_token WHERE person_id = :person AND created_at >= :since;

-- forget_maker(person int): exec
UPDATE api_client SET created_by = NULL WHERE created_by = :person;

-- count_old_tokens(before int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM api_token WHERE expires_at < :before
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = api_token.person_id AND h.lifted_at IS NULL);

-- drop_old_tokens(before int): exec
DELETE FROM api_token WHERE expires_at < :before
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = api_token.person_id AND h.lifted_at IS NULL);

-- People in lists

-- unindexed(most int): many
SELECT id, name, email FROM person WHERE search = '' AND closed_at IS NULL ORDER BY id LIMIT :most;

-- index_person(id int, search text): exec
UPDATE person SET search = :search WHERE id = :id;

-- Passkeys

-- passkeys_of(person int): many { synced int }
SELECT id, credential, name, synced, made_at, used_at FROM passkey WHERE person_id = :person ORDER BY id;

-- passkey_count(person int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM passkey WHERE person_id = :person;

-- passkey(credential blob): one { handle blob }
SELECT k.id, k.person_id, k.credential, k.algorithm, k.public_key, k.sign_count, o.handle
FROM passkey k JOIN passkey_owner o ON o.person_id = k.person_id JOIN person p ON p.id = k.person_id
WHERE k.credential = :credential AND p.closed_at IS NULL AND p.confirmed_at IS NOT NULL;

-- add_passkey(id int, person int, credential blob, algorithm int, key blob, count int, synced int, name text, now int): exec
INSERT INTO passkey (id, person_id, credential, algorithm, public_key, sign_count, synced, name, made_at)
VALUES (:id, :person, :credential, :algorithm, :key, :count, :synced, :name, :now)
ON CONFLICT (credential) DO NOTHING;

-- passkey_used(id int, before int, count int, synced int, now int): exec
UPDATE passkey SET sign_count = :count, synced = :synced, used_at = :now WHERE id = :id AND sign_count = :before;

-- rename_passkey(person int, id int, name text): exec
UPDATE passkey SET name = :name WHERE id = :id AND person_id = :person;

-- passkey_name(person int, id int): one
SELECT name FROM passkey WHERE id = :id AND person_id = :person;

-- drop_passkey(person int, id int): exec
DELETE FROM passkey WHERE id = :id AND person_id = :person;

-- drop_passkeys_since(person int, since int): exec
DELETE FROM passkey WHERE person_id = :person AND made_at >= :since;

-- passkey_handle(person int): one
SELECT handle FROM passkey_owner WHERE person_id = :person;

-- add_passkey_handle(person int, handle blob): exec
INSERT INTO passkey_owner (person_id, handle) VALUES (:person, :handle);

-- drop_passkey_handle(person int): exec
DELETE FROM passkey_owner WHERE person_id = :person;

-- add_challenge(challenge blob, browser blob, purpose text, person int?, expires int): exec
INSERT INTO passkey_challenge (challenge_hash, browser_hash, purpose, person_id, expires_at)
VALUES (:challenge, :browser, :purpose, :person, :expires);

-- challenge(challenge blob): one
SELECT browser_hash, purpose, person_id, expires_at FROM passkey_challenge WHERE challenge_hash = :challenge;

-- drop_challenge(challenge blob): exec
DELETE FROM passkey_challenge WHERE challenge_hash = :challenge;

-- drop_challenges(person int): exec
DELETE FROM passkey_challenge WHERE person_id = :person;

-- drop_old_challenges(now int): exec
DELETE FROM passkey_challenge WHERE expires_at <= :now;

-- held_passkeys(person int): many { synced int }
SELECT name, synced, made_at, used_at FROM passkey WHERE person_id = :person ORDER BY id;
