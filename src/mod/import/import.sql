-- Runs

-- add_run(id int, kind text, name text, by int, now int): exec
INSERT INTO import_run (id, kind, name, state, why, encoding, columns, preview, total, adds, changes, same, wrong, position,
                        kept, asked_by, asked_at)
VALUES (:id, :kind, :name, 'checking', '', '', '', '', 0, 0, 0, 0, 0, 0, 0, :by, :now);

-- add_file(run int, data blob): exec
INSERT INTO import_file (run_id, data) VALUES (:run, :data);

-- file(run int): one
SELECT data FROM import_file WHERE run_id = :run;

-- run(id int): one { asker text? }
SELECT r.id, r.kind, r.name, r.state, r.why, r.encoding, r.columns, r.preview, r.total, r.adds, r.changes, r.same, r.wrong,
       r.position, r.kept, r.asked_at, r.done_at, r.undone_at, p.name AS asker
FROM import_run r LEFT JOIN person p ON p.id = r.asked_by WHERE r.id = :id;

-- runs(): many as run { asker text? }
SELECT r.id, r.kind, r.name, r.state, r.why, r.encoding, r.columns, r.preview, r.total, r.adds, r.changes, r.same, r.wrong,
       r.position, r.kept, r.asked_at, r.done_at, r.undone_at, p.name AS asker
FROM import_run r LEFT JOIN person p ON p.id = r.asked_by ORDER BY r.id DESC LIMIT 50;

-- refuse(id int, why text): exec
UPDATE import_run SET state = 'refused', why = :why WHERE id = :id AND state = 'checking';

-- checked(id int, encoding text, columns text, preview text, total int, adds int, changes int, same int, wrong int): exec
UPDATE import_run SET encoding = :encoding, columns = :columns, preview = :preview, total = :total, adds = :adds,
       changes = :changes, same = :same, wrong = :wrong
WHERE id = :id;

-- set_state(id int, was text, state text): exec
UPDATE import_run SET state = :state WHERE id = :id AND state = :was;

-- advance(id int, position int): exec
UPDATE import_run SET position = :position WHERE id = :id;

-- finish(id int, now int): exec
UPDATE import_run SET state = 'done', done_at = :now,
       adds = (SELECT CAST(count(*) AS BIGINT) FROM import_change c WHERE c.run_id = :id AND c.before IS NULL),
       changes = (SELECT CAST(count(*) AS BIGINT) FROM import_change c WHERE c.run_id = :id AND c.before IS NOT NULL)
WHERE id = :id AND state = 'running';

-- undone(id int, now int): exec
UPDATE import_run SET state = 'undone', undone_at = :now WHERE id = :id AND state = 'undoing';

-- keep(id int): exec
UPDATE import_run SET kept = kept + 1 WHERE id = :id;

-- drop_file(run int): exec
DELETE FROM import_file WHERE run_id = :run;

-- Problems

-- add_problem(run int, number int, line int, field text, value text, problem text): exec
INSERT INTO import_problem (run_id, number, line, field, value, problem)
VALUES (:run, :number, :line, :field, :value, :problem) ON CONFLICT DO NOTHING;

-- problems(run int, most int): many
SELECT number, line, field, value, problem FROM import_problem WHERE run_id = :run ORDER BY number LIMIT :most;

-- drop_problems(run int): exec
DELETE FROM import_problem WHERE run_id = :run;

-- Undo

-- add_change(run int, position int, line int, object int, person int?, role text, before text?, after text): exec
INSERT INTO import_change (run_id, position, line, object, person, role, before, after)
VALUES (:run, :position, :line, :object, :person, :role, :before, :after) ON CONFLICT DO NOTHING;

-- last_changes(run int, most int): many
SELECT position, line, object, person, role, before, after FROM import_change
WHERE run_id = :run ORDER BY position DESC LIMIT :most;

-- changes_left(run int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM import_change WHERE run_id = :run;

-- drop_change(run int, position int): exec
DELETE FROM import_change WHERE run_id = :run AND position = :position;

-- drop_changes(run int): exec
DELETE FROM import_change WHERE run_id = :run;

-- What is known

-- known_people(after int, most int): many
SELECT id, email FROM person WHERE id > :after ORDER BY id LIMIT :most;

-- known_organisations(after int, most int): many
SELECT id, parent_id, kind, name, code, place, website FROM organisation
WHERE id > :after AND closed_at IS NULL ORDER BY id LIMIT :most;

-- known_members(after int, most int): many
SELECT id, organisation_id, person_id, role, starts_at, ends_at FROM membership WHERE id > :after ORDER BY id LIMIT :most;

-- Privacy

-- held_runs(person int): many
SELECT kind, name, asked_at, done_at, undone_at FROM import_run WHERE asked_by = :person ORDER BY id;

-- forget_asker(person int): exec
UPDATE import_run SET asked_by = NULL WHERE asked_by = :person;

-- forget_changes(person int): exec
DELETE FROM import_change WHERE person = :person;

-- count_old(before int): one { files int, changes int, problems int }
SELECT (SELECT count(*) FROM import_file f JOIN import_run r ON r.id = f.run_id
        WHERE coalesce(r.done_at, r.asked_at) < :before) AS files,
       (SELECT count(*) FROM import_change c JOIN import_run r ON r.id = c.run_id
        WHERE coalesce(r.done_at, r.asked_at) < :before) AS changes,
       (SELECT count(*) FROM import_problem q JOIN import_run r ON r.id = q.run_id
        WHERE coalesce(r.done_at, r.asked_at) < :before) AS problems;

-- drop_old_problems(before int): exec
DELETE FROM import_problem WHERE run_id IN (SELECT r.id FROM import_run r WHERE coalesce(r.done_at, r.asked_at) < :before);

-- drop_old_changes(before int): exec
DELETE FROM import_change WHERE run_id IN (SELECT r.id FROM import_run r WHERE coalesce(r.done_at, r.asked_at) < :before);

-- drop_old_files(before int): exec
DELETE FROM import_file WHERE run_id IN (SELECT r.id FROM import_run r WHERE coalesce(r.done_at, r.asked_at) < :before);

-- forget_previews(before int): exec
UPDATE import_run SET preview = '', columns = '' WHERE coalesce(done_at, asked_at) < :before AND preview <> '';
