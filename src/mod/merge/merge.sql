-- The engine's catalogue: keys of tables, one row for each column of each unique key; `main` 1: the primary key

-- keys(): many { tbl text, idx text, col text, kind text, main int } @sqlite
SELECT t.name AS tbl, 'pk' AS idx, c.name AS col, c.type AS kind, 1 AS main
FROM sqlite_schema t, pragma_table_info(t.name) c
WHERE t.type = 'table' AND c.pk > 0
UNION ALL
SELECT t.name, i.name, k.name, c.type, 0
FROM sqlite_schema t, pragma_index_list(t.name) i, pragma_index_info(i.name) k, pragma_table_info(t.name) c
WHERE t.type = 'table' AND i."unique" = 1 AND i.origin <> 'pk' AND c.name = k.name
ORDER BY 1, 2, 3;

-- keys(): many { tbl text, idx text, col text, kind text, main int } @pgsql
SELECT CAST(t.relname AS TEXT) AS tbl, CAST(x.relname AS TEXT) AS idx, CAST(a.attname AS TEXT) AS col,
       CASE a.atttypid WHEN 17 THEN 'BLOB' WHEN 25 THEN 'TEXT' ELSE 'INTEGER' END AS kind,
       CASE WHEN i.indisprimary THEN 1 ELSE 0 END AS main
FROM pg_index i
JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (i.indkey)
WHERE n.nspname = current_schema() AND i.indisunique
ORDER BY 1, 2, 3;

-- columns(): many { tbl text, col text } @sqlite
SELECT t.name AS tbl, c.name AS col FROM sqlite_schema t, pragma_table_info(t.name) c
WHERE t.type = 'table' AND c.type = 'INTEGER' ORDER BY 1, 2;

-- columns(): many { tbl text, col text } @pgsql
SELECT CAST(t.relname AS TEXT) AS tbl, CAST(a.attname AS TEXT) AS col
FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname = current_schema() AND t.relkind = 'r' AND a.atttypid = 20 ORDER BY 1, 2;

-- unchanged(): many { tbl text } @sqlite
SELECT tbl_name AS tbl FROM sqlite_schema WHERE type = 'trigger' AND name = tbl_name || '_unchanged';

-- unchanged(): many { tbl text } @pgsql
SELECT CAST(t.relname AS TEXT) AS tbl FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE n.nspname = current_schema() AND g.tgname = t.relname || '_unchanged';

-- Runs

-- add_run(id int, kind text, kept int, gone int, kept_name text, gone_name text, gone_email text, gone_code text, gone_parent int?, by int, now int): exec
INSERT INTO merge_run (id, kind, kept, gone, kept_name, gone_name, gone_email, gone_code, gone_parent, merged_by, merged_at)
VALUES (:id, :kind, :kept, :gone, :kept_name, :gone_name, :gone_email, :gone_code, :gone_parent, :by, :now);

-- run(id int): one
SELECT id, kind, kept, gone, kept_name, gone_name, gone_email, gone_code, gone_parent, merged_at, undone_at
FROM merge_run WHERE id = :id;

-- runs(): many as run
SELECT id, kind, kept, gone, kept_name, gone_name, gone_email, gone_code, gone_parent, merged_at, undone_at
FROM merge_run ORDER BY id DESC LIMIT 50;

-- set_undone(id int, now int): exec
UPDATE merge_run SET undone_at = :now WHERE id = :id AND undone_at IS NULL;

-- merged_on(kind text, one int, after int): one { n int }
SELECT CAST(count(*) AS BIGINT) AS n FROM merge_run
WHERE kind = :kind AND undone_at IS NULL AND id > :after AND (kept = :one OR gone = :one);

-- aliases(person int): many
SELECT gone FROM merge_run WHERE kind = 'person' AND kept = :person AND undone_at IS NULL ORDER BY id;

-- drop_rows(run int): exec
DELETE FROM merge_row WHERE run_id = :run;

-- Who is likely there twice

-- all_people(after int, most int): many
SELECT id, name, email, search FROM person WHERE id > :after AND closed_at IS NULL ORDER BY id LIMIT :most;

-- all_organisations(after int, most int): many
SELECT id, kind, name, place, code FROM organisation WHERE id > :after AND closed_at IS NULL ORDER BY id LIMIT :most;

-- Side by side

-- members(organisation int): one { n int, below int }
SELECT (SELECT count(*) FROM membership m WHERE m.organisation_id = :organisation) AS n,
       (SELECT count(*) FROM organisation o WHERE o.parent_id = :organisation AND o.closed_at IS NULL) AS below;

-- born(person int): one
SELECT created_at, confirmed_at FROM person WHERE id = :person;

-- Privacy

-- held_merges(person int): many
SELECT kept_name, gone_name, gone_email, merged_at, undone_at FROM merge_run
WHERE kind = 'person' AND (kept = :person OR gone = :person) ORDER BY id;

-- forget_merger(person int): exec
UPDATE merge_run SET merged_by = NULL WHERE merged_by = :person;

-- forget_names(person int): exec
UPDATE merge_run SET kept_name = '', gone_name = '', gone_email = '' WHERE kind = 'person' AND (kept = :person OR gone = :person);

-- note(run int, place text, key text): exec
INSERT INTO merge_row (run_id, place, key) VALUES (:run, :place, :key);

-- noted(run int, place text): many
SELECT key FROM merge_row WHERE run_id = :run AND place = :place ORDER BY key;
