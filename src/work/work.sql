-- Jobs

-- add(id int, kind text, key text, lane int, payload text, due int, now int): exec
INSERT INTO work_job (id, kind, key, lane, payload, due_at, created_at)
VALUES (:id, :kind, :key, :lane, :payload, :due, :now)
ON CONFLICT (kind, key) DO NOTHING;

-- due(lane int, now int, most int): many
SELECT id, kind, key, payload, state, due_at, attempt
FROM work_job
WHERE lane = :lane AND due_at <= :now
ORDER BY due_at, id
LIMIT :most;

-- any_due(lane int, now int): one
SELECT id FROM work_job WHERE lane = :lane AND due_at <= :now LIMIT 1;

-- claim(id int, seen int, owner int, until int, now int): exec
UPDATE work_job
SET state = 1, due_at = :until, owner = :owner, attempt = attempt + 1, started_at = :now, progress = 0
WHERE id = :id AND due_at = :seen;

-- beat(id int, owner int, until int, progress int): exec
UPDATE work_job SET due_at = :until, progress = :progress WHERE id = :id AND owner = :owner;

-- finish(id int, owner int, now int): exec
UPDATE work_job
SET state = 2, due_at = NULL, owner = NULL, progress = 1000, error = NULL, ended_at = :now
WHERE id = :id AND owner = :owner;

-- put_back(id int, owner int, at int, error text): exec
UPDATE work_job
SET state = 0, due_at = :at, owner = NULL, error = :error
WHERE id = :id AND owner = :owner;

-- bury(id int, owner int, now int, error text): exec
UPDATE work_job
SET state = 3, due_at = NULL, owner = NULL, error = :error, ended_at = :now
WHERE id = :id AND owner = :owner;

-- release(id int, owner int, now int): exec
UPDATE work_job
SET state = 0, due_at = :now, owner = NULL, attempt = attempt - 1
WHERE id = :id AND owner = :owner;

-- attempt_failed(id int, job int, attempt int, now int, error text): exec
INSERT INTO work_attempt (id, job_id, attempt, ended_at, error) VALUES (:id, :job, :attempt, :now, :error);

-- For people

-- job(id int): one
SELECT id, kind, key, state, attempt, progress, error, due_at, created_at, started_at, ended_at
FROM work_job WHERE id = :id;

-- job_by_key(kind text, key text): one as job
SELECT id, kind, key, state, attempt, progress, error, due_at, created_at, started_at, ended_at
FROM work_job WHERE kind = :kind AND key = :key;

-- jobs_in(state int, most int): many as job
SELECT id, kind, key, state, attempt, progress, error, due_at, created_at, started_at, ended_at
FROM work_job
WHERE state = :state
ORDER BY id DESC
LIMIT :most;

-- counts(): many { jobs int }
SELECT state, count(*) AS jobs FROM work_job GROUP BY state;

-- oldest_due(now int): one
SELECT due_at FROM work_job
WHERE state = 0 AND due_at <= :now
ORDER BY due_at
LIMIT 1;

-- attempts(job int): many
SELECT attempt, ended_at, error FROM work_attempt WHERE job_id = :job ORDER BY id;

-- revive(id int, now int): exec
UPDATE work_job
SET state = 0, due_at = :now, attempt = 0, progress = 0, ended_at = NULL
WHERE id = :id AND state = 3;

-- In front of all that are due in its lane.
-- hurry(kind text, key text, now int): exec
UPDATE work_job
SET due_at = (SELECT min(o.due_at) - 1 FROM work_job o WHERE o.lane = work_job.lane AND o.state = 0)
WHERE kind = :kind AND key = :key AND state = 0 AND due_at <= :now
  AND EXISTS (SELECT 1 FROM work_job o WHERE o.lane = work_job.lane AND o.state = 0 AND o.id <> work_job.id
              AND (o.due_at < work_job.due_at OR (o.due_at = work_job.due_at AND o.id < work_job.id)));

-- Events

-- emit(id int, name text, payload text, now int): exec
INSERT INTO work_event (id, name, payload, emitted_at) VALUES (:id, :name, :payload, :now);

-- event(id int): one
SELECT name, payload FROM work_event WHERE id = :id;

-- Mail

-- mail_add(id int, recipient text, subject text, body text, part_name text, part_type text, part text, unsubscribe text, now int): exec
INSERT INTO work_mail (id, recipient, subject, body, part_name, part_type, part, unsubscribe, created_at)
VALUES (:id, :recipient, :subject, :body, :part_name, :part_type, :part, :unsubscribe, :now);

-- mail(id int): one
SELECT recipient, subject, body, part_name, part_type, part, unsubscribe, created_at, sent_at FROM work_mail WHERE id = :id;

-- mail_sent(id int, now int): exec
UPDATE work_mail SET sent_at = :now WHERE id = :id;

-- The clock

-- period_begins(kind text, period int): exec
INSERT INTO work_schedule (kind, period) VALUES (:kind, :period)
ON CONFLICT (kind) DO UPDATE SET period = excluded.period WHERE work_schedule.period < excluded.period;

-- Keeping the tables small

-- forget_jobs(before int, most int): exec
DELETE FROM work_job
WHERE id IN (SELECT id FROM work_job WHERE state = 2 AND ended_at < :before ORDER BY ended_at LIMIT :most);

-- forget_events(before int, most int): exec
DELETE FROM work_event
WHERE id IN (SELECT id FROM work_event WHERE emitted_at < :before ORDER BY emitted_at LIMIT :most);

-- forget_mails(before int, most int): exec
DELETE FROM work_mail
WHERE id IN (SELECT id FROM work_mail WHERE sent_at < :before ORDER BY sent_at LIMIT :most);

-- forget_mails_to(recipient text): exec
DELETE FROM work_mail WHERE recipient = :recipient;
