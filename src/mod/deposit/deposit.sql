-- The last attempt of a person.
-- latest(person int, activity int): one
SELECT id, person_id, activity_id, programme_id, version_id, attempt, state, text, comment, percent, created_at, changed_at,
       handed_at, returned_at
FROM deposit WHERE person_id = :person AND activity_id = :activity ORDER BY attempt DESC LIMIT 1;

-- deposit(id int): one as latest
SELECT id, person_id, activity_id, programme_id, version_id, attempt, state, text, comment, percent, created_at, changed_at,
       handed_at, returned_at
FROM deposit WHERE id = :id;

-- attempts(person int, activity int): many as latest
SELECT id, person_id, activity_id, programme_id, version_id, attempt, state, text, comment, percent, created_at, changed_at,
       handed_at, returned_at
FROM deposit WHERE person_id = :person AND activity_id = :activity ORDER BY attempt DESC LIMIT 20;

-- add(id int, person int, activity int, programme int, version int, attempt int, text text, now int): exec
INSERT INTO deposit (id, person_id, activity_id, programme_id, version_id, attempt, state, text, comment, created_at, changed_at)
VALUES (:id, :person, :activity, :programme, :version, :attempt, 'draft', :text, '', :now, :now)
ON CONFLICT (person_id, activity_id, attempt) DO NOTHING;

-- set_text(id int, text text, now int): exec
UPDATE deposit SET text = :text, changed_at = :now WHERE id = :id AND state = 'draft';

-- hand_in(id int, now int): exec
UPDATE deposit SET state = 'handed', handed_at = :now, changed_at = :now WHERE id = :id AND state = 'draft';

-- take_back(id int, now int): exec
UPDATE deposit SET state = 'draft', handed_at = NULL, changed_at = :now WHERE id = :id AND state = 'handed';

-- give_back(id int, comment text, percent int?, by int, now int): exec
UPDATE deposit SET state = 'returned', comment = :comment, percent = :percent, returned_at = :now, returned_by = :by,
       changed_at = :now
WHERE id = :id AND state = 'handed';

-- set_comment(id int, comment text): exec
UPDATE deposit SET comment = :comment WHERE id = :id AND state = 'handed';

-- files(deposit int): many
SELECT id, deposit_id, blob, name, type, size FROM deposit_file WHERE deposit_id = :deposit ORDER BY id;

-- file(id int): one { person_id int, state text }
SELECT f.id, f.deposit_id, f.blob, f.name, f.type, f.size, d.person_id, d.state, d.activity_id
FROM deposit_file f JOIN deposit d ON d.id = f.deposit_id WHERE f.id = :id;

-- add_file(id int, deposit int, blob text, name text, type text, size int, now int): exec
INSERT INTO deposit_file (id, deposit_id, blob, name, type, size, created_at)
VALUES (:id, :deposit, :blob, :name, :type, :size, :now);

-- drop_file(id int): exec
DELETE FROM deposit_file WHERE id = :id;

-- needs_blob(blob text): one
SELECT id FROM deposit_file WHERE blob = :blob LIMIT 1;

-- marks(deposit int): many
SELECT criterion, points, words FROM deposit_mark WHERE deposit_id = :deposit ORDER BY criterion;

-- set_mark(deposit int, criterion int, points int, words text): exec
INSERT INTO deposit_mark (deposit_id, criterion, points, words) VALUES (:deposit, :criterion, :points, :words)
ON CONFLICT (deposit_id, criterion) DO UPDATE SET points = excluded.points, words = excluded.words;

-- notes(deposit int): many
SELECT id, passage, words FROM deposit_note WHERE deposit_id = :deposit ORDER BY id;

-- add_note(id int, deposit int, passage text, words text, now int): exec
INSERT INTO deposit_note (id, deposit_id, passage, words, created_at) VALUES (:id, :deposit, :passage, :words, :now);

-- drop_note(id int, deposit int): exec
DELETE FROM deposit_note WHERE id = :id AND deposit_id = :deposit;

-- The activity as the version of the deposit has it.
-- task(version int, activity int): one
SELECT a.title, a.kind, a.body, a.settings, m.code, m.title AS module_title, i.slug FROM programme_node a
JOIN programme_node m ON m.version_id = a.version_id AND m.node_id = a.parent_id
JOIN module i ON i.id = m.node_id
WHERE a.version_id = :version AND a.node_id = :activity;

-- to_mark(state text, most int): many
SELECT d.id, d.attempt, d.handed_at, d.percent, p.name, n.title, m.code, r.title AS programme_title
FROM deposit d JOIN person p ON p.id = d.person_id JOIN programme r ON r.id = d.programme_id
JOIN programme_node n ON n.version_id = d.version_id AND n.node_id = d.activity_id
JOIN programme_node m ON m.version_id = d.version_id AND m.node_id = n.parent_id
WHERE d.state = :state ORDER BY d.handed_at, d.id LIMIT :most;

-- person(id int): one
SELECT id, name, email, lang FROM person WHERE id = :id;

-- --- privacy ---------------------------------------------------------------------------------------------------------------

-- held(person int): many { title text? }
SELECT (SELECT n.title FROM programme_node n WHERE n.version_id = d.version_id AND n.node_id = d.activity_id) AS title,
       d.attempt, d.state, d.text, d.comment, d.percent, d.handed_at, d.returned_at
FROM deposit d WHERE d.person_id = :person ORDER BY d.id;

-- held_files(person int): many
SELECT f.id, f.blob, f.name, f.size FROM deposit_file f JOIN deposit d ON d.id = f.deposit_id
WHERE d.person_id = :person ORDER BY f.id;

-- forget_files(person int): exec
DELETE FROM deposit_file WHERE deposit_id IN (SELECT d.id FROM deposit d WHERE d.person_id = :person);

-- forget_marks(person int): exec
DELETE FROM deposit_mark WHERE deposit_id IN (SELECT d.id FROM deposit d WHERE d.person_id = :person);

-- forget_notes(person int): exec
DELETE FROM deposit_note WHERE deposit_id IN (SELECT d.id FROM deposit d WHERE d.person_id = :person);

-- forget(person int): exec
DELETE FROM deposit WHERE person_id = :person;

-- forget_marker(person int): exec
UPDATE deposit SET returned_by = NULL WHERE returned_by = :person;

-- Works that a person has not handed in yet, in the versions that they follow.
-- to_hand_in(person int): many
SELECT a.node_id AS id, a.title, a.settings, i.slug, m.title AS module_title
FROM enrolment e JOIN programme p ON p.id = e.programme_id LEFT JOIN cohort c ON c.id = e.cohort_id
JOIN programme_node a ON a.version_id = coalesce(c.version_id, p.version_id) AND a.level = 3 AND a.kind = 'deposit' AND a.removed_at = 0
JOIN programme_node m ON m.version_id = a.version_id AND m.node_id = a.parent_id JOIN module i ON i.id = m.node_id
WHERE e.person_id = :person AND e.state = 'confirmed' AND a.settings LIKE '%"due"%'
  AND NOT EXISTS (SELECT 1 FROM completion d WHERE d.person_id = :person AND d.activity_id = a.node_id)
  AND NOT EXISTS (SELECT 1 FROM deposit w WHERE w.person_id = :person AND w.activity_id = a.node_id AND w.state = 'handed')
ORDER BY a.node_id LIMIT 100;
