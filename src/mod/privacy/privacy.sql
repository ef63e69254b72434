-- Consents

-- keep_text(sha text, purpose text, version int, locale text, text text, now int): exec
INSERT INTO consent_text (sha256, purpose, version, locale, text, first_shown_at)
VALUES (:sha, :purpose, :version, :locale, :text, :now) ON CONFLICT (sha256) DO NOTHING;

-- answer(id int, person int, purpose text, version int, given int, sha text, locale text, method text, page text, now int): exec
INSERT INTO consent (id, person_id, purpose, version, given, text_sha256, locale, method, source_page, at)
VALUES (:id, :person, :purpose, :version, :given, :sha, :locale, :method, :page, :now);

-- latest_answers(person int): many
SELECT c.purpose, c.version, c.given, c.at FROM consent c
WHERE c.person_id = :person
  AND c.id = (SELECT max(d.id) FROM consent d WHERE d.person_id = c.person_id AND d.purpose = c.purpose)
ORDER BY c.purpose;

-- held_consents(person int): many
SELECT c.purpose, c.version, c.given, c.at, c.locale, c.method, c.source_page, t.text, c.text_sha256
FROM consent c JOIN consent_text t ON t.sha256 = c.text_sha256 WHERE c.person_id = :person ORDER BY c.id;

-- consent_totals(): many { n int }
SELECT c.purpose, c.version, CAST(count(*) AS BIGINT) AS n FROM consent c JOIN person p ON p.id = c.person_id
WHERE c.given = 1 AND p.closed_at IS NULL
  AND c.id = (SELECT max(d.id) FROM consent d WHERE d.person_id = c.person_id AND d.purpose = c.purpose)
GROUP BY c.purpose, c.version ORDER BY c.purpose, c.version;

-- count_old_consents(before int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM consent
WHERE at < :before AND (given = 0 OR EXISTS (SELECT 1 FROM consent d WHERE d.person_id = consent.person_id
                        AND d.purpose = consent.purpose AND d.id > consent.id AND d.at < :before))
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = consent.person_id AND h.lifted_at IS NULL);

-- drop_old_consents(before int): exec
DELETE FROM consent
WHERE at < :before AND (given = 0 OR EXISTS (SELECT 1 FROM consent d WHERE d.person_id = consent.person_id
                        AND d.purpose = consent.purpose AND d.id > consent.id AND d.at < :before))
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = consent.person_id AND h.lifted_at IS NULL);

-- Exports

-- add_export(id int, person int, lang text, now int): exec
INSERT INTO data_export (id, person_id, lang, asked_at) VALUES (:id, :person, :lang, :now);

-- last_export(person int): one
SELECT id, person_id, lang, asked_at, ready_at, expires_at, size FROM data_export
WHERE person_id = :person ORDER BY id DESC LIMIT 1;

-- export(id int): one as last_export
SELECT id, person_id, lang, asked_at, ready_at, expires_at, size FROM data_export WHERE id = :id;

-- export_ready(id int, now int, expires int, size int): exec
UPDATE data_export SET ready_at = :now, expires_at = :expires, size = :size WHERE id = :id;

-- held_exports(person int): many
SELECT asked_at, ready_at, expires_at, size FROM data_export WHERE person_id = :person ORDER BY id;

-- end_exports(person int): exec
DELETE FROM data_export WHERE person_id = :person;

-- count_old_exports(now int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM data_export WHERE expires_at < :now;

-- drop_old_exports(now int): exec
DELETE FROM data_export WHERE expires_at < :now;

-- Closing

-- add_closure(id int, person int, token blob, now int, due int): exec
INSERT INTO closure (id, person_id, token_hash, asked_at, due_at) VALUES (:id, :person, :token, :now, :due);

-- open_closure(person int): one
SELECT id, person_id, asked_at, due_at FROM closure
WHERE person_id = :person AND cancelled_at IS NULL AND erased_at IS NULL ORDER BY id DESC LIMIT 1;

-- closure(id int): one as open_closure
SELECT id, person_id, asked_at, due_at FROM closure WHERE id = :id AND cancelled_at IS NULL AND erased_at IS NULL;

-- closure_by_token(token blob): one as open_closure
SELECT id, person_id, asked_at, due_at FROM closure
WHERE token_hash = :token AND cancelled_at IS NULL AND erased_at IS NULL;

-- due_closures(now int): many
SELECT id FROM closure WHERE cancelled_at IS NULL AND erased_at IS NULL AND due_at <= :now ORDER BY id LIMIT 200;

-- cancel_closure(id int, now int): exec
UPDATE closure SET cancelled_at = :now WHERE id = :id AND cancelled_at IS NULL AND erased_at IS NULL;

-- end_closure(id int, now int): exec
UPDATE closure SET erased_at = :now WHERE id = :id AND cancelled_at IS NULL AND erased_at IS NULL;

-- held_closures(person int): many
SELECT asked_at, due_at, cancelled_at FROM closure WHERE person_id = :person ORDER BY id;

-- Requests

-- add_request(id int, person int?, name text, email text, kind text, text text, page text, lang text, now int, due int): exec
INSERT INTO rights_request (id, person_id, name, email, kind, text, page, lang, asked_at, due_at, answer)
VALUES (:id, :person, :name, :email, :kind, :text, :page, :lang, :now, :due, '');

-- open_requests(): many
SELECT id, person_id, name, email, kind, text, page, lang, asked_at, due_at, extended_at, answered_at, answer
FROM rights_request WHERE answered_at IS NULL ORDER BY due_at, id LIMIT 200;

-- answered_requests(): many as open_requests
SELECT id, person_id, name, email, kind, text, page, lang, asked_at, due_at, extended_at, answered_at, answer
FROM rights_request WHERE answered_at IS NOT NULL ORDER BY answered_at DESC, id DESC LIMIT 50;

-- request(id int): one as open_requests
SELECT id, person_id, name, email, kind, text, page, lang, asked_at, due_at, extended_at, answered_at, answer
FROM rights_request WHERE id = :id;

-- extend_request(id int, due int, now int): exec
UPDATE rights_request SET due_at = :due, extended_at = :now
WHERE id = :id AND extended_at IS NULL AND answered_at IS NULL;

-- answer_request(id int, answer text, by int, now int): exec
UPDATE rights_request SET answer = :answer, answered_by = :by, answered_at = :now WHERE id = :id AND answered_at IS NULL;

-- held_requests(person int): many
SELECT kind, text, page, asked_at, due_at, answered_at, answer FROM rights_request WHERE person_id = :person ORDER BY id;

-- forget_requests(person int): exec
UPDATE rights_request SET name = '', email = '', person_id = NULL WHERE person_id = :person;

-- forget_handler(person int): exec
UPDATE rights_request SET answered_by = NULL WHERE answered_by = :person;

-- count_old_requests(before int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM rights_request WHERE answered_at < :before
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = rights_request.person_id AND h.lifted_at IS NULL);

-- drop_old_requests(before int): exec
DELETE FROM rights_request WHERE answered_at < :before
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = rights_request.person_id AND h.lifted_at IS NULL);

-- Terms

-- log_rule(id int, rule text, now int, days int, rows int): exec
INSERT INTO retention_log (id, rule, at, days, rows) VALUES (:id, :rule, :now, :days, :rows);

-- last_runs(limit int): many
SELECT rule, at, days, rows FROM retention_log ORDER BY id DESC LIMIT :limit;

-- count_old_logs(before int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM retention_log WHERE at < :before;

-- drop_old_logs(before int): exec
DELETE FROM retention_log WHERE at < :before;

-- Accounts that nobody uses. "Since" is the later of the last day seen and the day it was opened.

-- count_idle(before int, spared int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM person p
WHERE p.closed_at IS NULL AND p.id <> :spared AND p.seen_day < :before / 86400000 AND p.created_at < :before AND p.confirmed_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM inactivity_notice i WHERE i.person_id = p.id)
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = p.id AND h.lifted_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM closure c WHERE c.person_id = p.id AND c.cancelled_at IS NULL AND c.erased_at IS NULL);

-- idle(before int, spared int, most int): many
SELECT p.id, p.name, p.email, p.lang FROM person p
WHERE p.closed_at IS NULL AND p.id <> :spared AND p.seen_day < :before / 86400000 AND p.created_at < :before AND p.confirmed_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM inactivity_notice i WHERE i.person_id = p.id)
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = p.id AND h.lifted_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM closure c WHERE c.person_id = p.id AND c.cancelled_at IS NULL AND c.erased_at IS NULL)
ORDER BY p.id LIMIT :most;

-- note_idle(person int, now int): exec
INSERT INTO inactivity_notice (person_id, told_at) VALUES (:person, :now) ON CONFLICT DO NOTHING;

-- forget_returned(): exec
DELETE FROM inactivity_notice WHERE EXISTS (
    SELECT 1 FROM person p WHERE p.id = inactivity_notice.person_id
      AND (p.closed_at IS NOT NULL OR p.seen_day >= inactivity_notice.told_at / 86400000));

-- count_gone(before int, spared int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM inactivity_notice i JOIN person p ON p.id = i.person_id
WHERE i.told_at < :before AND p.closed_at IS NULL AND p.id <> :spared AND p.seen_day < i.told_at / 86400000
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = p.id AND h.lifted_at IS NULL);

-- gone(before int, spared int, most int): many
SELECT p.id, p.name, p.email, p.lang FROM inactivity_notice i JOIN person p ON p.id = i.person_id
WHERE i.told_at < :before AND p.closed_at IS NULL AND p.id <> :spared AND p.seen_day < i.told_at / 86400000
  AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = p.id AND h.lifted_at IS NULL)
ORDER BY i.told_at, p.id LIMIT :most;

-- forget_notice(person int): exec
DELETE FROM inactivity_notice WHERE person_id = :person;

-- held_notices(person int): many
SELECT told_at FROM inactivity_notice WHERE person_id = :person;

-- Firms that work for us

-- processors(): many
SELECT id, name, task, data, country, basis, contract_at, added_at, ended_at FROM processor
ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, lower(name), id LIMIT 200;

-- processor(id int): one as processors
SELECT id, name, task, data, country, basis, contract_at, added_at, ended_at FROM processor WHERE id = :id;

-- add_processor(id int, name text, task text, data text, country text, basis text, contract int?, now int): exec
INSERT INTO processor (id, name, task, data, country, basis, contract_at, added_at)
VALUES (:id, :name, :task, :data, :country, :basis, :contract, :now);

-- end_processor(id int, now int): exec
UPDATE processor SET ended_at = :now WHERE id = :id AND ended_at IS NULL;
