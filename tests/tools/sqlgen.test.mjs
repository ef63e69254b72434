// sqlgen: what it makes of good SQL, and that each fault is refused with file, line and a sentence.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { build, top } from '../lib/tree.mjs';

const tool = [join(build, 'tools/sqlgen'), join(build, 'sqlgen')].find((path) => existsSync(path));
const scratch = mkdtempSync(join(tmpdir(), 'sqlgen-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
let count = 0;

const schema = `CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    team INTEGER REFERENCES team (id),
    rate REAL,
    face BLOB
) STRICT;
CREATE TABLE team (id INTEGER PRIMARY KEY, name TEXT NOT NULL, note TEXT) STRICT;
`;

// Runs sqlgen over the part "x" in the folder `in`; files are given by their path in it.
function generate(files, ...options) {
    const folder = join(scratch, String(++count));
    mkdirSync(join(folder, 'out'), { recursive: true });
    mkdirSync(join(folder, 'in'));
    for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, 'in', name)), { recursive: true });
        writeFileSync(join(folder, 'in', name), text);
    }
    return again(folder, ...options);
}

function again(folder, ...options) {
    const run = spawnSync(tool, [...options, 'out', 'x=in'], { cwd: folder, encoding: 'utf8' });
    const read = (name) => (existsSync(join(folder, 'out', name)) ? readFileSync(join(folder, 'out', name), 'utf8') : '');
    return { folder, status: run.status, stderr: run.stderr, header: read('x_sql.h'), source: read('x_sql.c') };
}

const statements = (sql, migration = schema) => generate({ 'schema/0001_x.sql': migration, 'x.sql': sql });

function good(sql) {
    const made = statements(sql);
    assert.equal(made.stderr, '');
    assert.equal(made.status, 0);
    return made;
}

// One fault, in this line of this file, and nothing is written.
function bad(made, place, sentence) {
    assert.equal(made.status, 1);
    assert.equal(made.stderr.trim().split('\n').length, 1, made.stderr);
    const [, file, line, said] = /^([^:]+):(\d+): (.+)\n$/.exec(made.stderr) ?? assert.fail(made.stderr);
    assert.equal(`${file}:${line}`, `in/${place}`, said);
    assert.match(said, sentence);
    assert.deepEqual(readdirSync(join(made.folder, 'out')), []);
}

const refused = (sql, line, sentence) => bad(statements(sql), `x.sql:${line}`, sentence);

test('one, many and exec become typed functions', () => {
    const { header, source } = good(`-- person(id int): one
SELECT id, name, team, rate, face FROM person WHERE id = :id;
-- people(team int?, like text): many as person
SELECT face, rate, team, name, id FROM person WHERE team IS NOT DISTINCT FROM :team AND name LIKE :like;
-- add(id int, name text, rate real?, face blob): exec
INSERT INTO person (id, name, rate, face) VALUES (:id, :name, :rate, :face);
`);
    assert.match(header, /struct x_sql_person \{\n {4}int64_t id;\n {4}struct str name;\n {4}int64_t team; \/\* or NULL: DB_NULL \*\/\n {4}double rate; .*NAN.*\n {4}struct str face; .*\n\};/);
    assert.match(header, /bool x_sql_person\(struct db \*db, int64_t id, struct x_sql_person \*ret\);/);
    assert.match(header, /size_t x_sql_people\(struct db \*db, int64_t team, struct str like, struct x_sql_person \*\*ret\);/);
    assert.match(header, /int64_t x_sql_add\(struct db \*db, int64_t id, struct str name, double rate, struct str face\);/);
    assert.match(header, /\/\* add\(id int, name text, rate real\?, face blob\): exec \*\//);
    assert.match(source, /\.sqlite =\s+"INSERT .*VALUES \(\?1, \?2, \?3, \?4\)"/);
    assert.match(source, /\.pgsql =\s+"INSERT .*VALUES \(\$1, \$2, \$3, \$4\)"/);
    assert.equal(header.match(/struct x_sql_people/), null);
});

test('the output compiles without a warning', () => {
    const made = good(`-- a(id int): one { n int, m text? }
SELECT count(*) AS n, max(name) AS m FROM person WHERE id = :id AND name <> 'back\\slash "quoted" ??/ ?1 été';
-- b(): many as a
SELECT count(*) AS n, max(name) AS m FROM team;
-- c(a1 int, a2 int, a3 int, a4 int, a5 text, a6 text, a7 real, a8 blob): exec
DELETE FROM person WHERE id IN (:a1, :a2, :a3, :a4) AND name IN (:a5, :a6) AND rate < :a7 AND face = :a8;
-- d(): exec
DELETE FROM person;
`);
    for (const compiler of ['gcc', 'clang']) {
        const run = spawnSync(compiler, ['-std=gnu11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Wshadow', '-Wmissing-prototypes', '-Wconversion',
            '-Wno-sign-conversion', '-Werror', '-fsyntax-only', `-I${top}/src`, 'out/x_sql.c'], { cwd: made.folder, encoding: 'utf8' });
        if (run.error?.code === 'ENOENT') continue;
        assert.equal(run.stderr, '', compiler);
    }
});

test('parameters are not found in strings, comments and quoted names', () => {
    const { source } = good(`-- a(id int): many
SELECT id, name FROM person -- :no
WHERE id = :id AND name <> ':no' /* :no */ AND "name" <> 'it''s :no';
`);
    assert.match(source, /"SELECT id, name FROM person {2}\\n"\n\s+"WHERE id = \?1 AND name <> ':no' {3}AND \\"name\\" <> 'it''s :no'"/);
});

test('a header may run over several lines, and prose is left alone', () => {
    const { header } = good(`-- About people. It takes (by the way) nothing.
-- a(id int,
--   name text): many { n int,
--   m int? }
-- more prose
SELECT count(*) AS n, max(id) AS m FROM person WHERE id = :id AND name = :name;
`);
    assert.match(header, /\/\* a\(id int, name text\): many \{ n int, m int\? \} \*\//);
});

test('two bodies under one signature', () => {
    const { source, header } = good(`-- find(q text): many { id int } @sqlite
SELECT id FROM person WHERE name GLOB :q;
-- find(q text): many { id int } @pgsql
SELECT id FROM person WHERE name @@ :q;
`);
    assert.match(source, /\.sqlite =\s+"SELECT id FROM person WHERE name GLOB \?1"/);
    assert.match(source, /\.pgsql =\s+"SELECT id FROM person WHERE name @@ \$1"/);
    assert.equal(header.match(/x_sql_find\(/g).length, 1);
});

test('migrations change their type words for PostgreSQL, in the places of types only', () => {
    const { source } = generate({
        'schema/0001_a.sql': `-- INTEGER
CREATE TABLE blob (id INTEGER PRIMARY KEY, blob BLOB NOT NULL DEFAULT 'BLOB', real REAL, CHECK (id < CAST('9' AS INTEGER))) STRICT, WITHOUT ROWID;
`,
        'schema/0002_b.sql': `ALTER TABLE blob ADD COLUMN integer INTEGER; ALTER TABLE blob ADD more REAL;
INSERT INTO blob (id, blob, real) VALUES (1, x'00', 2.5); CREATE INDEX blob_by_real ON blob (real) WHERE real > 0.5;`,
        'schema/0003_c.sqlite.sql': 'CREATE VIRTUAL TABLE words USING fts5 (text);\n',
        'schema/0003_c.pgsql.sql': "CREATE TABLE words (rowid BIGINT, text TEXT DEFAULT $$ ' $$);\n",
    });
    assert.match(source, /"CREATE TABLE blob \(id BIGINT PRIMARY KEY, blob BYTEA NOT NULL DEFAULT 'BLOB', real DOUBLE PRECISION, CHECK \(id < CAST\('9' AS BIGINT\)\)\) {3};\\n"/);
    assert.match(source, /"ALTER TABLE blob ADD COLUMN integer BIGINT; ALTER TABLE blob ADD more DOUBLE PRECISION;\\n"/);
    assert.match(source, /real\) VALUES \(1, x'00', 2.5\); CREATE INDEX blob_by_real ON blob \(real\) WHERE real > 0.5;"/);
    assert.match(source, /\.number = 3,\n\s+\.name = "0003_c.sql",/);
    assert.match(source, /CREATE TABLE words \(rowid BIGINT, text TEXT DEFAULT \$\$ ' \$\$\)/);
});

test('a part without SQL is an empty part', () => {
    const made = generate({});
    assert.equal(made.stderr, '');
    assert.match(made.source, /const struct db_part x_db = \{\n {4}\.module = "x",\n\};/);
    assert.match(made.header, /extern const struct db_part x_db;/);
});

test('nothing is written anew that did not change, and --check writes nothing', () => {
    const made = good('-- a(): exec\nDELETE FROM person;\n');
    const path = join(made.folder, 'out/x_sql.c');
    utimesSync(path, 1000, 1000);
    assert.equal(again(made.folder).status, 0);
    assert.equal(statSync(path).mtimeMs, 1000 * 1000);
    rmSync(path);
    assert.equal(again(made.folder, '--check').status, 0);
    assert.ok(!existsSync(path));
    assert.equal(again(made.folder, '--depfile', 'made.d').status, 0);
    const depends = readFileSync(join(made.folder, 'made.d'), 'utf8');
    for (const word of ['out/x_sql.c out/x_sql.h:', 'in/schema/0001_x.sql', 'in/x.sql', 'in/schema ', 'in '])
        assert.ok(`${depends} `.replace(/\\\n/g, ' ').includes(word), word);
});

test('wrong use says how', () => {
    for (const options of [[], ['out'], ['out', 'x'], ['out', 'X=in'], ['--what', 'out', 'x=in']]) {
        const run = spawnSync(tool, options, { encoding: 'utf8' });
        assert.equal(run.status, 2);
        assert.match(run.stderr, /^usage: sqlgen/);
    }
});

// --- wrong input -----------------------------------------------------------------------------------------------

test('an unknown column or table, in the line where it stands', () => {
    refused('-- a(): many\nSELECT id,\n    nome\nFROM person;\n', 3, /no such column: nome/);
    refused('-- a(): many\nSELECT id\nFROM\n  persons;\n', 2, /no such table: persons/);
    refused('-- a(): exec\n\nDELETE FORM person;\n', 3, /syntax error/);
});

test('parameters that are missing, unused or written otherwise', () => {
    refused('-- a(id int): exec\nDELETE FROM person\nWHERE id = :id AND name = :name;\n', 3, /:name is not in the header of a/);
    refused('\n-- a(id int, name text): exec\nDELETE FROM person WHERE id = :id;\n', 2, /parameter name of a is never used/);
    refused('-- a(id int, id text): exec\nDELETE FROM person WHERE id = :id;\n', 1, /'id' is declared twice/);
    for (const mark of ['?', '?1', '$1', '@id'])
        assert.match(statements(`-- a(): exec\nDELETE FROM person WHERE id = ${mark};\n`).stderr, /^in\/x\.sql:2: '.' is no parameter here: write :name\n/);
});

test('headers that are missing or wrong', () => {
    refused('SELECT 1;\n', 1, /without a header line/);
    refused('-- a(): exec\nDELETE FROM person;\nDELETE FROM team;\n', 3, /without its own header \(the one of a has its statement already\)/);
    refused('-- a(): exec\n-- b(): exec\nDELETE FROM team;\n', 1, /header of a has no statement/);
    refused('-- b(): exec\nDELETE FROM team;\n\n-- a(): exec\n', 4, /header of a has no statement/);
    refused('-- a(): exec\nDELETE FROM team;\n-- a(): exec\nDELETE FROM person;\n', 3, /a is already the name of the statement in line 1/);
    refused('-- a(): some\nDELETE FROM team;\n', 1, /unknown kind 'some' of a: write one, many or exec/);
    refused('-- a()\nDELETE FROM team;\n', 1, /expected ': one', ': many' or ': exec'/);
    refused('-- a(id): exec\nDELETE FROM team WHERE id = :id;\n', 1, /unknown type '\)' of id/);
    refused('-- a(id integer): exec\nDELETE FROM team WHERE id = :id;\n', 1, /unknown type 'integer' of id: write int, text, real or blob/);
    refused('-- a(id int name text): exec\nDELETE FROM team WHERE id = :id;\n', 1, /expected , or \) in the header, found 'name'/);
    refused('-- A(): exec\nDELETE FROM team;\n', 1, /'A' cannot be a statement's name/);
    refused('-- a(Id int): exec\nDELETE FROM team WHERE id = :Id;\n', 1, /'Id' cannot be a name here/);
    refused('-- a(int int): exec\nDELETE FROM team WHERE id = :int;\n', 1, /'int' cannot be a name here: C or sqlgen uses it/);
    refused('-- a(): exec really\nDELETE FROM team;\n', 1, /'really' is too much/);
    refused('-- a(): exec { n int }\nDELETE FROM team;\n', 1, /a is exec: it has no columns/);
    refused('-- a(/* x */): exec\nDELETE FROM team;\n', 1, /end of a C comment/);
    refused('-- a(id int): exec @oracle\nDELETE FROM team WHERE id = :id;\n', 1, /unknown engine '@oracle'/);
});

test('a kind that does not fit', () => {
    refused('-- a(): one\nDELETE FROM team;\n', 1, /a returns no column: its kind is exec/);
    refused('-- a(): exec\nSELECT id FROM team;\n', 1, /a returns columns: its kind is one or many/);
});

test('columns that must be annotated', () => {
    refused('-- a(): one\nSELECT count(*) AS n FROM person;\n', 1, /column n of a is an expression: annotate it in the header, \{ n int \}/);
    refused('-- a(): many\nSELECT p.id, t.name FROM person p LEFT JOIN team t ON t.id = p.team;\n', 1, /column name of a may be NULL by a join/);
    refused('-- a(): many\nSELECT p.id, t.name FROM person p LEFT OUTER JOIN (SELECT name, id FROM team) AS t ON t.id = p.team;\n', 1, /column name of a may be NULL/);
    refused('-- a(): many\nSELECT p.id, (SELECT name FROM team WHERE id = p.team) AS t FROM person p;\n', 1, /column t of a may be NULL/);
    refused('-- a(): many\nSELECT name FROM person UNION SELECT note FROM team;\n', 1, /column name of a may be NULL/);
    refused('-- a(): one { n int, m int }\nSELECT count(*) AS n FROM person;\n', 1, /a annotates m, but has no such column/);
    refused('-- a(): one { name int }\nSELECT name FROM person;\n', 1, /column name of a is text in its table, not int/);
    refused('-- a(): one { n int }\nSELECT count(*) AS n, max(id) FROM person;\n', 1, /column 2 of a needs a name: write AS name/);
    refused('-- a(): one\nSELECT name, name FROM person;\n', 1, /two columns of a are called name/);
});

test('an annotated outer join, and what an inner join leaves plain', () => {
    const { header } = good('-- a(): many { name text? }\nSELECT p.id, p.rate, t.name FROM person p LEFT JOIN team t ON t.id = p.team;\n'
        + '-- b(): many\nSELECT p.id, t.name FROM person p JOIN team t ON t.id = p.team;\n');
    assert.match(header, /struct x_sql_a \{\n {4}int64_t id;\n {4}double rate; .*\n {4}struct str name; \/\* or NULL/);
    assert.match(header, /struct x_sql_b \{\n {4}int64_t id;\n {4}struct str name;\n/);
});

test('rows that do not agree', () => {
    const row = '-- t(): one\nSELECT id, name FROM team;\n';
    refused(`${row}-- a(): many as t\nSELECT id FROM team;\n`, 3, /a lacks the column name of the row of t/);
    refused(`${row}-- a(): many as t\nSELECT id, note AS name FROM team;\n`, 3, /column name of a \(text\?\) does not agree with the row of t/);
    refused(`${row}-- a(): many as nobody\nSELECT id FROM team;\n`, 3, /'nobody' is no statement of this file/);
    refused(`${row}-- a(): many as t\nSELECT id, name FROM team;\n-- b(): many as a\nSELECT id, name FROM team;\n`, 5, /'a' is no statement/);
});

test('bodies for one engine only', () => {
    refused('-- a(): exec @sqlite\nDELETE FROM team;\n', 1, /a has no body for @pgsql/);
    refused('-- a(): exec @pgsql\nDELETE FROM team;\n', 1, /a has no body for @sqlite/);
    refused('-- a(i int): exec @sqlite\nDELETE FROM team WHERE id = :i;\n-- a(i text): exec @pgsql\nDELETE FROM team WHERE id = :i;\n',
        3, /headers of a for @sqlite and @pgsql \(line 1\) must be the same/);
});

test('what never ends', () => {
    refused("-- a(): exec\nDELETE FROM team\nWHERE name = 'x;\n", 3, /string or comment never ends/);
    refused('-- a(): exec\nDELETE FROM team /* x;\n', 2, /string or comment never ends/);
    refused('-- a(): exec\nDELETE FROM team\n-- b(): exec\nDELETE FROM person;\n', 2, /does not end with ;/);
    refused('-- a(): exec\nDELETE FROM team\n', 2, /does not end with ;/);
});

test('what the other engine understands otherwise', () => {
    refused('-- a(): one { n int }\nSELECT CAST(count(*) AS INTEGER) AS n FROM team;\n', 2, /32 bits on PostgreSQL: write AS BIGINT/);
    refused('-- a(): one { n real }\nSELECT CAST(count(*) AS REAL) AS n FROM team;\n', 2, /write AS DOUBLE PRECISION/);
    assert.match(statements('-- a(): one { n int }\nSELECT count(*)::bigint AS n FROM team;\n').stderr, /^in\/x\.sql:2: write CAST\(x AS …\) instead of x::…\n/);
});

test('every fault of a file is told, in one run', () => {
    const { stderr } = statements('-- a(): exec\nDELETE FROM nobody;\n-- b(): some\nSELECT 1;\n-- c(x int): exec\nDELETE FROM team;\n');
    assert.deepEqual(stderr.trim().split('\n').map((line) => /^in\/x\.sql:(\d+): /.exec(line)?.[1]).sort(), ['2', '3', '5']);
});

test('migrations that are wrong', () => {
    const migration = (text, name = '0001_x.sql') => generate({ [`schema/${name}`]: text });
    bad(migration('CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT;\n\nCREATE TABLE b (id INTEGER);\n'), 'schema/0001_x.sql:3', /table b must be STRICT/);
    bad(migration('CREATE TABLE a (\n  id INTEGER PRIMARY KEY,\n  x ANY\n) STRICT;\n'), 'schema/0001_x.sql:3', /column x of a has the type ANY/);
    bad(migration('CREATE TABLE a (id INTEGER PRIMARY KEY,\n  x DATE\n) STRICT;\n'), 'schema/0001_x.sql:1', /unknown datatype for a.x/);
    bad(migration('CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT;\n\nINSERT INTO a\nVALUES (1, 2);\n'), 'schema/0001_x.sql:3', /1 columns but 2 values/);
    bad(migration("CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT;\nINSERT INTO a VALUES (1);\nINSERT INTO a VALUES (1);\n"), 'schema/0001_x.sql:3', /UNIQUE/);
    bad(migration('CREATE TABLE a (\n  id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;\n'), 'schema/0001_x.sql:2', /AUTOINCREMENT is for SQLite only/);
    bad(migration('DROP TABLE IF EXISTS nix;', '0002_x.sql'), 'schema/0002_x.sql:1', /must be called 0001_name\.sql/);
    bad(migration('DROP TABLE IF EXISTS nix;', 'x.sql'), 'schema/x.sql:1', /must be called 0001_name\.sql/);
    bad(migration('DROP TABLE IF EXISTS nix;', '0001_x.sqlite.sql'), 'schema/0001_x.sqlite.sql:1', /has no 0001_x\.pgsql\.sql beside it/);
    bad(generate({ 'schema/0001_a.sql': '', 'schema/0001_b.sql': '' }), 'schema/0001_b.sql:1', /must be called 0002_name\.sql/);
    assert.match(migration("CREATE TABLE a (id INTEGER DEFAULT 'x) STRICT;\n").stderr, /^in\/schema\/0001_x\.sql:1: this string or comment never ends\n/);
});
