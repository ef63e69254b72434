// Backups: taken while people enrol, put back elsewhere and compared; then every kind of archive and folder that must be
// refused, each without leaving anything. On both engines (EDULAB_TEST_PG).
// run: seconds=600
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { enrolmentForms, enrolmentRequests, makeCrowd, sql, writeLoad } from '../lib/crowd.mjs';
import { newVisitor } from '../lib/http.mjs';
import { demoAccounts, edulab, filesBelow, postgres, program, sampleCopy, serve, stopPostgres, temporaryFolder } from '../lib/server.mjs';
import { readTar, writeTar } from '../lib/tar.mjs';
import { build } from '../lib/tree.mjs';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const backup = (site, file, options = {}) => edulab(['backup', '--data', site.data, file], { database: site.database, ...options });
const restore = (file, data, options = {}) => edulab(['restore', '--data', data, file], options);
let made = 0;

async function emptyDatabase() {
    const cluster = await postgres();
    const name = `restored${process.pid}_${made++}`;
    cluster.psql(`CREATE DATABASE ${name}`);
    return cluster.urlOf(name);
}

// Every table, row by row, as text. What the engines keep for themselves is left out.
function tables(site) {
    if (site.database) {
        const cluster = { folder: decodeURIComponent(/host=([^&]*)/.exec(site.database)[1]), name: /@\/([^?]*)/.exec(site.database)[1] };
        return execFileSync('pg_dump', ['-h', cluster.folder, '-U', 'postgres', '--inserts', '--no-owner', cluster.name], { encoding: 'utf8', maxBuffer: 1 << 28 })
            .split('\n').filter((line) => !/^\\(un)?restrict|^--/.test(line)).sort().join('\n');
    }
    return execFileSync('sqlite3', [join(site.data, 'edulab.db'), '.dump'], { encoding: 'utf8', maxBuffer: 1 << 28 })
        .split('\n').filter((line) => !/sqlite_stat|_fts_|ANALYZE/.test(line)).join('\n');
}

// name → sum of the files that are not the database.
const files = (data) => Object.fromEntries(filesBelow(data).map((path) => relative(data, path)).filter((name) => !/^edulab\.db|^blobs\/tmp/.test(name)).sort()
    .map((name) => [name, `${(statSync(join(data, name)).mode & 0o777).toString(8)} ${sha256(readFileSync(join(data, name)))}`]));

// Sends requests from 16 clients; resolves to their statuses.
async function send(server, requests) {
    const folder = temporaryFolder('load');
    writeLoad(join(folder, 'load'), requests.map(({ text }) => text));
    const child = spawn(join(build, 'tests/bench/load'), [String(server.port), join(folder, 'load'), '16', '--record', join(folder, 'record')], { stdio: 'ignore' });
    await new Promise((done) => child.on('exit', done));
    return readFileSync(join(folder, 'record'), 'utf8').trim().split('\n').map(Number);
}

const enrolments = (site) => new Set(sql(site, 'SELECT e.person_id, p.slug FROM enrolment e JOIN programme p ON p.id = e.programme_id;').split('\n'));
// Places taken that no enrolment explains (the sample data has some): the same before and after.
const places = `SELECT c.id, c.taken - (SELECT count(*) FROM enrolment e WHERE e.cohort_id = c.id AND e.state = 'confirmed') FROM cohort c ORDER BY c.id;`;
const promised = (requests, statuses) => requests.filter((_, i) => statuses[i] === 303).map(({ person, form }) => `${person.person}|${form.action.split('/')[2]}`);

for (const engine of ['sqlite', 'pgsql']) {
    describe(engine, () => {
        let site;
        let target;
        before(async () => {
            site = await sampleCopy(engine);
            target = { data: join(temporaryFolder('restored'), 'data'), database: engine === 'pgsql' ? await emptyDatabase() : undefined };
        });
        after(() => site?.drop());

        test('taken while people enrol, it holds one moment of everything', async () => {
            const people = makeCrowd(site, 150);
            const before = sql(site, places);
            const file = join(temporaryFolder('backup'), 'moment.tar');
            const server = await serve({ data: site.data, database: site.database, settings: { log_level: 'error' } });
            const requests = await enrolmentRequests(server, people, await enrolmentForms(server, people[0]));
            const third = Math.floor(requests.length / 3);
            const early = promised(requests.slice(0, third), await send(server, requests.slice(0, third)));
            assert.ok(early.length > 100, `${early.length} enrolments before the backup`);
            const sending = send(server, requests.slice(third));
            await sleep(20);
            const result = await backup(site, file);
            assert.equal(result.status, 0, result.stderr);
            assert.match(result.stderr, /holds the database and \d+ files/);
            await sending;
            const all = enrolments(site);
            await server.stop();

            const back = await restore(file, target.data, { database: target.database });
            assert.equal(back.status, 0, back.stderr);
            const kept = enrolments(target);
            assert.deepEqual(early.filter((key) => !kept.has(key)), [], 'answered before the backup began, so in it');
            assert.deepEqual([...kept].filter((key) => !all.has(key)), [], 'nothing that never was');
            // Written in the same transaction as the enrolment: a moment in between would show.
            assert.equal(sql(target, places), before);
            if (engine === 'sqlite') assert.equal(sql(target, 'PRAGMA integrity_check; PRAGMA foreign_key_check;'), 'ok');
            const named = sql(target, 'SELECT blob FROM video UNION SELECT blob FROM media_upload WHERE blob IS NOT NULL;').split('\n');
            assert.ok(named.length >= 4);
            for (const blob of named) assert.equal(sha256(readFileSync(join(target.data, 'blobs', blob.slice(0, 2), blob.slice(2, 4), blob))), blob);
            // Letters about enrolments went on leaving after that moment: the copy has some of them, and nothing else differs.
            const letters = (all) => Object.entries(all).filter(([name]) => name.startsWith('mail/'));
            const others = (all) => Object.entries(all).filter(([name]) => !name.startsWith('mail/'));
            const [ours, theirs] = [files(target.data), files(site.data)];
            assert.deepEqual(others(ours), others(theirs));
            assert.deepEqual(letters(ours).filter(([name, sum]) => theirs[name] !== sum), [], 'a letter that never was');
        });

        test('the restored site serves: pages, videos, sessions', async () => {
            const server = await serve({ data: target.data, database: target.database });
            const visitor = newVisitor(server);
            const tv = await visitor.get('/tv');
            const video = tv.html.querySelectorAll('.vcard h3 a[href^="/tv/"]').map((a) => a.getAttribute('href')).find((href) => /^\/tv\/[\w-]+$/.test(href));
            const page = await visitor.get(video);
            const playlist = /[^"'\s]+\.m3u8/.exec(page.text)[0];
            assert.match((await visitor.get(playlist)).text, /^#EXTM3U/);
            await visitor.signIn((await demoAccounts())[0]);
            assert.equal((await visitor.get('/mon-espace')).status, 200);
            await server.stop();
        });

        test('of a site at rest, every row and every file come back as they were', async () => {
            const file = join(temporaryFolder('backup'), 'rest.tar');
            const copy = { data: join(temporaryFolder('restored'), 'data'), database: engine === 'pgsql' ? await emptyDatabase() : undefined };
            mkdirSync(join(site.data, 'mail'), { recursive: true });
            writeFileSync(join(site.data, 'mail', 'Ça y est.eml'), 'x', { mode: 0o600 });
            mkdirSync(copy.data, { mode: 0o750 }); // an empty folder that exists is as good
            assert.equal((await backup(site, file)).status, 0);
            const back = await restore(file, copy.data, { database: copy.database });
            assert.equal(back.status, 0, back.stderr);
            assert.equal(tables(copy), tables(site));
            assert.deepEqual(files(copy.data), files(site.data));
            assert.equal(statSync(join(copy.data, 'secret')).mode & 0o777, 0o600);
            assert.deepEqual(readdirSync(copy.data).filter((name) => name.startsWith('.')), []);
            const checked = await edulab(['check', '--data', copy.data], { database: copy.database });
            assert.equal(checked.status, 0, checked.stdout);
        });

        test('an older database is brought up to date', async () => {
            const file = join(temporaryFolder('backup'), 'old.tar');
            const copy = { data: join(temporaryFolder('restored'), 'data'), database: engine === 'pgsql' ? await emptyDatabase() : undefined };
            const last = sql(site, "SELECT max(number) FROM schema_migration WHERE module = 'media';");
            sql(site, `DROP TABLE media_upload; DROP TABLE media_loose; DELETE FROM schema_migration WHERE module = 'media';`);
            assert.equal((await backup(site, file)).status, 0);
            const back = await restore(file, copy.data, { database: copy.database });
            assert.equal(back.status, 0, back.stderr);
            assert.match(back.stderr, new RegExp(`${last} migrations applied`));
            assert.equal(sql(copy, 'SELECT count(*) FROM media_upload;'), '0');
        });
    });
}

describe('refusals', () => {
    let site;
    let file;
    let bytes;
    let entries;
    before(async () => {
        site = await sampleCopy();
        file = join(temporaryFolder('backup'), 'good.tar');
        assert.equal((await backup(site, file)).status, 0);
        bytes = readFileSync(file);
        entries = readTar(bytes);
    });
    after(async () => { site?.drop(); await stopPostgres(); });

    // Restoring this must end with 1, one sentence, and no folder.
    async function refused(content, pattern, { options, name = 'bad.tar' } = {}) {
        const folder = temporaryFolder('refused');
        const [archive, data] = [join(folder, name), join(folder, 'data')];
        writeFileSync(archive, content);
        const { status, stderr } = await restore(archive, data, options);
        assert.equal(status, 1, stderr);
        assert.match(stderr, pattern);
        assert.equal(stderr.trim().split('\n').length, 1, stderr);
        assert.equal(existsSync(data), false, 'nothing is left');
        rmSync(folder, { recursive: true });
    }

    // The archive again, with another list that is summed rightly.
    const withManifest = (change, rest = entries.slice(1, -1)) => {
        const manifest = JSON.parse(entries[0].data);
        const changed = change(manifest) ?? manifest;
        const text = Buffer.from(JSON.stringify(changed));
        return writeTar([{ name: 'manifest.json', data: text }, ...rest, { name: 'manifest.sha256', data: Buffer.from(sha256(text)) }]);
    };

    test('the archive is what it says: plain tar, the list first, sums that are true', () => {
        const manifest = JSON.parse(entries[0].data);
        assert.deepEqual([entries[0].name, entries[1].name, entries.at(-1).name], ['manifest.json', 'database.sqlite', 'manifest.sha256']);
        assert.equal(manifest.format, 1);
        assert.match(manifest.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        assert.ok(manifest.migrations.some(({ module, number }) => module === 'access' && number >= 1));
        assert.deepEqual(manifest.files.map(({ name, size, sha256: sum }) => `${name} ${size} ${sum}`),
            entries.slice(1, -1).map(({ name, data }) => `${name} ${data.length} ${sha256(data)}`));
        assert.equal(entries.at(-1).data.toString(), sha256(entries[0].data));
        assert.equal(statSync(file).mode & 0o777, 0o600, 'it holds secrets');
        assert.ok(!entries.some(({ name }) => /edulab\.db|\/\.|blobs\/tmp/.test(name)));
        assert.ok(writeTar(entries).length > 0 && readTar(writeTar(entries)).length === entries.length);
    });

    test('one changed byte anywhere', async () => {
        const places = [
            entries[0].at + entries[0].data.indexOf('created_at') + 15, // a date in the list
            entries[1].at + 5000, // the database
            entries[Math.floor(entries.length / 2)].at, // a file
            entries.at(-1).at + 3, // the last sum
            entries[3].at - 512 + 10, // a name in a header
        ];
        for (const place of places) {
            const changed = Buffer.from(bytes);
            changed[place] ^= 1;
            await refused(changed, /damaged|list/);
        }
    });

    test('cut anywhere', async () => {
        for (const length of [0, 100, 700, entries[1].at + 100, Math.floor(bytes.length / 2), entries.at(-1).at - 512, entries.at(-1).at + 10])
            await refused(bytes.subarray(0, length), /cut|damaged/);
    });

    test('something added, missing, or of another kind', async () => {
        await refused(writeTar([...entries, { name: 'data/more', data: Buffer.from('x') }]), /more follows/);
        await refused(writeTar(entries.slice(0, -1)), /manifest\.sha256 is missing/);
        await refused(writeTar([entries[0], ...entries.slice(2)]), /where database\.sqlite must be/);
        await refused(writeTar(entries.map((entry, i) => (i === 3 ? { ...entry, type: '2', link: '/etc/passwd', data: Buffer.alloc(0) } : entry))), /something else/);
        await refused(Buffer.from('hello'), /damaged/);
        await refused(execFileSync('gzip', ['-c', file], { maxBuffer: 1 << 28 }), /damaged/);
        const other = join(temporaryFolder('zip'), 'x.tar');
        execFileSync('tar', ['cf', other, '-C', site.data, 'secret']);
        await refused(readFileSync(other), /where manifest\.json must be/);
        assert.match((await restore('/nowhere/x.tar', join(temporaryFolder('r'), 'd'))).stderr, /cannot be read/);
        assert.match((await restore(site.data, join(temporaryFolder('r'), 'd'))).stderr, /cannot be read/);
    });

    test('names that lead elsewhere', async () => {
        const x = Buffer.from('x');
        for (const name of ['../evil', 'data/../../evil', '/etc/evil', 'data//x', 'data/./x', 'data/.hidden', 'data/', 'data', 'data/a\\b', 'data/x\n', 'evil']) {
            const entry = { name, data: x, mode: 0o600 };
            await refused(withManifest((m) => { m.files.push({ name, size: 1, mode: '0600', sha256: sha256(x) }); },
                [...entries.slice(1, -1), entry]), /which is not a name of ours/);
        }
        await refused(withManifest((m) => { m.files.push(m.files.at(-1)); }), /stands twice/);
        const [a, b] = ['data/zz', 'data/zz/b'].map((name) => ({ name, data: x, mode: 0o600 }));
        await refused(withManifest((m) => { m.files.push(...[a, b].map(({ name }) => ({ name, size: 1, mode: '0600', sha256: sha256(x) }))); },
            [...entries.slice(1, -1), a, b]), /cannot make the folder/);
        const database = { name: 'data/edulab.db', data: x, mode: 0o600 };
        const rest = [...entries.slice(1, -1), database].sort((p, q) => Number(q.name === 'database.sqlite') - Number(p.name === 'database.sqlite') || (p.name < q.name ? -1 : 1));
        await refused(withManifest((m) => {
            m.files = rest.map((entry) => ({ name: entry.name, size: entry.data.length, mode: '0600', sha256: sha256(entry.data) }));
        }, rest), /edulab\.db/);
    });

    test('another format, a newer program, another engine, a database that is none', async () => {
        await refused(withManifest((m) => { m.format = 2; }), /format 2.*newer edulab/);
        await refused(withManifest((m) => { m.program = 'other'; }), /no backup of edulab/);
        await refused(withManifest((m) => { delete m.files; }), /list is damaged/);
        await refused(withManifest((m) => { m.files[2].size = -1; }), /damaged/);
        await refused(withManifest((m) => { m.files[2].sha256 = 'x'; }), /damaged/);
        await refused(withManifest(() => []), /no backup/);
        await refused(withManifest((m) => { m.migrations.find(({ module }) => module === 'access').number = 999; }), /a newer edulab/);
        await refused(withManifest((m) => { m.migrations.push({ module: 'quiz', number: 1 }); }), /a newer edulab .*quiz/);
        await refused(bytes, /from SQLite and the setting db names PostgreSQL/, { options: { database: await emptyDatabase() } });
        const junk = { ...entries[1], data: Buffer.from('no database at all '.repeat(100)) };
        await refused(withManifest((m) => { m.files[0].size = junk.data.length; m.files[0].sha256 = sha256(junk.data); },
            [junk, ...entries.slice(2, -1)]), /not a database/);
    });

    test('a folder that is not empty stays as it is', async () => {
        const data = temporaryFolder('full');
        writeFileSync(join(data, 'mine'), 'mine');
        const { status, stderr } = await restore(file, data);
        assert.equal(status, 1);
        assert.match(stderr, /is not empty/);
        assert.deepEqual(readdirSync(data), ['mine']);
        const again = await restore(file, site.data);
        assert.equal(again.status, 1);
        assert.match(again.stderr, /exists already|not empty/);
    });

    test('a PostgreSQL database that is not empty stays as it is', async () => {
        const pg = await sampleCopy('pgsql');
        const dump = join(temporaryFolder('backup'), 'pg.tar');
        assert.equal((await backup(pg, dump)).status, 0);
        const before = tables(pg);
        const data = join(temporaryFolder('refused'), 'data');
        const { status, stderr } = await restore(dump, data, { database: pg.database });
        assert.equal(status, 1);
        assert.match(stderr, /PostgreSQL database is not empty/);
        assert.equal(existsSync(data), false);
        assert.equal(tables(pg), before);
        const sqlite = await restore(dump, data);
        assert.match(sqlite.stderr, /from PostgreSQL: set db/);
        pg.drop();
    });

    test('what a killed restore left is cleared by the next one, and serve refuses it', async () => {
        const data = temporaryFolder('half');
        mkdirSync(join(data, '.restoring', 'data', 'blobs'), { recursive: true });
        writeFileSync(join(data, '.restoring', 'database'), 'half');
        const served = await edulab(['migrate', '--data', data]);
        assert.equal(served.status, 1);
        assert.match(served.stderr, /restore .* cut short/);
        const { status, stderr } = await restore(file, data);
        assert.equal(status, 0, stderr);
        assert.deepEqual(files(data), files(site.data));
    });

    test('a backup never overwrites, and wants data', async () => {
        const { status, stderr } = await backup(site, file);
        assert.equal(status, 1);
        assert.match(stderr, /never overwrites/);
        assert.deepEqual(readFileSync(file), bytes);
        const none = await edulab(['backup', '--data', join(temporaryFolder('none'), 'x'), join(temporaryFolder('none'), 'y.tar')]);
        assert.equal(none.status, 1);
        const empty = temporaryFolder('empty');
        const nothing = await edulab(['backup', '--data', empty, join(temporaryFolder('none'), 'y.tar')]);
        assert.equal(nothing.status, 1);
        assert.match(nothing.stderr, /there is no database/);
        assert.deepEqual(readdirSync(empty), [], 'looking makes nothing');
        assert.equal((await backup(site, '/nowhere/x.tar')).status, 1);
        for (const args of [['backup'], ['backup', 'a', 'b'], ['backup', '--fast', 'a'], ['restore'], ['restore', 'a', 'b']])
            assert.equal((await edulab(args)).status, 2, args.join(' '));
        assert.equal(existsSync(join(site.data, '.backup')), false);
    });

    const leavesNothing = (folder) => {
        assert.deepEqual(readdirSync(folder), [], 'no half archive');
        assert.equal(existsSync(join(site.data, '.backup')), false);
    };

    test('a disk that fills leaves nothing', async () => {
        const folder = temporaryFolder('full');
        // A limit on file sizes is the disk of a test: it lets the database copy through and not the archive.
        const child = spawn('prlimit', [`--fsize=${8_000_000}`, program, 'backup', '--data', site.data, join(folder, 'x.tar')], { stdio: ['ignore', 'ignore', 'pipe'] });
        let said = '';
        child.stderr.on('data', (text) => { said += text; });
        const status = await new Promise((done) => child.on('close', done));
        assert.equal(status, 1, said);
        assert.match(said, /no backup was made: .*disk is full/);
        leavesNothing(folder);
    });

    test('stopped by a signal it leaves nothing; another one at the same time is refused', async () => {
        const folder = temporaryFolder('stopped');
        const big = join(site.data, 'big');
        writeFileSync(big, '');
        truncateSync(big, 2_000_000_000); // takes seconds to read, no room
        const child = spawn(program, ['backup', '--data', site.data, join(folder, 'x.tar')], { stdio: ['ignore', 'ignore', 'pipe'] });
        let said = '';
        child.stderr.on('data', (text) => { said += text; });
        const ended = new Promise((done) => child.on('close', done));
        while (!said.includes('now its files')) await sleep(5);
        const second = await backup(site, join(folder, 'y.tar'));
        child.kill('SIGTERM');
        assert.equal(await ended, 1, said);
        assert.match(said, /no backup was made: stopped by a signal/);
        assert.equal(second.status, 1, second.stderr);
        assert.match(second.stderr, /another backup is running/);
        leavesNothing(folder);
        rmSync(big);
    });

    test('what a killed backup left is cleared by the next one; links to another disk are followed', async () => {
        const folder = temporaryFolder('again');
        mkdirSync(join(site.data, '.backup', 'files', 'hls'), { recursive: true });
        writeFileSync(join(site.data, '.backup', 'files', 'old'), 'old');
        const elsewhere = temporaryFolder('disk');
        writeFileSync(join(elsewhere, 'far.txt'), 'far');
        chmodSync(join(elsewhere, 'far.txt'), 0o640);
        symlinkSync(elsewhere, join(site.data, 'far'));
        const { status, stderr } = await backup(site, join(folder, 'x.tar'));
        assert.equal(status, 0, stderr);
        const names = readTar(readFileSync(join(folder, 'x.tar'))).map(({ name }) => name);
        assert.ok(names.includes('data/far/far.txt'));
        assert.ok(!names.includes('data/old'));
        rmSync(join(site.data, 'far'));
        assert.equal(basename(site.data).length > 0 && existsSync(join(site.data, '.backup')), false);
    });

    test('a damaged blob is told and does not stop the backup', async () => {
        const blob = filesBelow(join(site.data, 'blobs'))[0];
        const good = readFileSync(blob);
        chmodSync(blob, 0o600);
        writeFileSync(blob, Buffer.concat([good.subarray(0, -1), Buffer.from([good.at(-1) ^ 1])]));
        const { status, stderr } = await backup(site, join(temporaryFolder('rot'), 'x.tar'));
        assert.equal(status, 0, stderr);
        assert.match(stderr, new RegExp(`warning: data/blobs/.*${basename(blob)} is damaged`));
        writeFileSync(blob, good);
    });
});
