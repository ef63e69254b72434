// edulab check: what it finds, on both engines (EDULAB_TEST_PG), and that it changes nothing.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sql } from '../lib/crowd.mjs';
import { edulab, freePort, postgres, serve, stopPostgres, temporaryFolder } from '../lib/server.mjs';

let site; // an empty site that has run once

before(async () => {
    const data = join(temporaryFolder('check'), 'data');
    assert.equal((await edulab(['migrate', '--data', data])).status, 0);
    site = { data };
});
after(() => stopPostgres());

// { status, problems, warnings, findings, of(what) → the findings of that name }
async function check(settings = {}, options = {}) {
    const { status, stdout, stderr } = await edulab(['check', '--data', options.data ?? site.data, '--json', ...(options.args ?? [])], { settings, ...options });
    assert.equal(stderr, '');
    const report = JSON.parse(stdout);
    assert.equal(report.problems, report.findings.filter(({ level }) => level === 'problem').length);
    assert.equal(report.warnings, report.findings.filter(({ level }) => level === 'warning').length);
    assert.equal(status, report.problems ? 1 : 0);
    for (const finding of report.findings) {
        assert.ok(finding.says, finding.what);
        assert.equal(finding.todo !== '', finding.level !== 'ok', `${finding.what}: says what to do when something is wrong, and only then`);
    }
    return { ...report, text: stdout, of: (what) => report.findings.filter((each) => each.what === what) };
}
const level = (report, what) => report.of(what).map((each) => each.level).join(' ');

test('a site that is well has no problem, in both forms', async () => {
    const report = await check();
    assert.deepEqual(report.findings.filter((each) => each.level === 'problem'), []);
    for (const what of ['data folder', 'secret', 'disk', 'database', 'schema', 'statements', 'sample accounts', 'ffmpeg', 'ffprobe', 'file'])
        assert.equal(level(report, what), 'ok', what);
    const { status, stdout } = await edulab(['check', '--data', site.data]);
    assert.equal(status, 0);
    assert.match(stdout, /^ok +database +sqlite:/m);
    assert.match(stdout, /\n0 problems, \d+ warnings\n$/);
});

test('looking changes nothing, even where nothing is', async () => {
    const data = join(temporaryFolder('none'), 'data');
    const report = await check({}, { data });
    assert.equal(level(report, 'data folder'), 'warning');
    assert.equal(existsSync(data), false);
    mkdirSync(data, { mode: 0o750 });
    const empty = await check({}, { data });
    assert.deepEqual([level(empty, 'secret'), level(empty, 'database')], ['warning', 'warning']);
    assert.deepEqual(readdirSync(data), []);
});

test('modes: a secret or a folder that others can read is a problem', async () => {
    chmodSync(join(site.data, 'secret'), 0o644);
    chmodSync(site.data, 0o755);
    const report = await check();
    chmodSync(join(site.data, 'secret'), 0o600);
    chmodSync(site.data, 0o750);
    assert.equal(level(report, 'secret'), 'problem');
    assert.match(report.of('secret')[0].todo, /chmod 600/);
    assert.equal(level(report, 'data folder'), 'problem');
    assert.equal(level(await check(), 'secret'), 'ok');
});

test('settings: every fault is found at once, with its place', async () => {
    const folder = temporaryFolder('conf');
    const open = join(folder, 'token');
    writeFileSync(open, 'x'.repeat(30), { mode: 0o644 });
    writeFileSync(join(folder, 'bad.conf'), `# a comment\ncolour = blue\nthreads = many\nmetrics_token = ${open}\nworkers = 3\n`);
    const report = await check({ db_batch: '0' }, { args: ['--config', join(folder, 'bad.conf'), '--media-runners', '99'] });
    const said = report.of('settings').map(({ says }) => says).join('\n');
    assert.equal(report.of('settings').length, 5, said);
    for (const pattern of [/bad\.conf:2: there is no setting "colour"/, /threads must be a number from 0 to 64, not "many"/, /token can be read by others/,
        /db_batch .*environment/, /media_runners .*99.*command line/]) assert.match(said, pattern);
    assert.match(report.of('setting').map(({ says }) => says).join('\n'), /workers = 3 \(file\)/, 'what is right counts');
    // Every other command refuses to start with the first of them.
    const served = await edulab(['migrate', '--data', site.data, '--config', join(folder, 'bad.conf')]);
    assert.equal(served.status, 2);
    assert.equal(served.stderr.trim().split('\n').length, 1);
    assert.equal((await check({}, { args: ['--config', '/nowhere.conf'] })).of('settings')[0].level, 'problem');
});

test('secrets and passwords are never shown', async () => {
    const folder = temporaryFolder('conf');
    for (const [name, text] of [['token', 'sekret-token-1234567890'], ['password', 'sekret-password']]) writeFileSync(join(folder, name), text, { mode: 0o600 });
    const report = await check({ metrics_token: join(folder, 'token'), smtp_password: join(folder, 'password'),
        db: 'postgres://edulab:sekret-word@127.0.0.1:1/x' });
    assert.doesNotMatch(report.text, /sekret/);
    assert.match(report.text, /metrics_token = \(set\)/);
    assert.match(report.text, /postgres:\/\/edulab:…@127\.0\.0\.1:1\/x/);
    assert.equal(level(report, 'database'), 'problem', 'nothing listens there');
});

test('addresses: what people reach, through what', async () => {
    const behind = { public_url: 'https://edulab.example', trusted_proxy: '127.0.0.1', mail_from: 'A <a@edulab.example>' };
    const well = await check(behind);
    assert.deepEqual(['public_url', 'trusted_proxy', 'metrics_token'].map((what) => level(well, what)), ['ok', 'ok', 'ok']);
    assert.equal(level(well, 'mail'), 'warning', 'to files: nobody gets it');
    const cases = [
        [{ public_url: 'http://edulab.example' }, 'public_url', 'problem'],
        [{ public_url: 'edulab.example' }, 'public_url', 'problem'],
        [{ public_url: 'https://' }, 'public_url', 'problem'],
        [{ public_url: 'https://edulab.example/' }, 'public_url', 'problem'],
        [{ public_url: 'http://127.0.0.1:8080' }, 'public_url', 'ok'],
        [{ public_url: 'http://[::1]:8080' }, 'public_url', 'ok'],
        [{ ...behind, trusted_proxy: '' }, 'trusted_proxy', 'warning'],
        [{ ...behind, trusted_proxy: 'nginx' }, 'trusted_proxy', 'problem'],
        [{ ...behind, trusted_proxy: '' }, 'metrics_token', 'warning'],
        [{ ...behind, trusted_proxy: '', socket: '/run/edulab/edulab.sock' }, 'trusted_proxy', 'ok'],
        [{ ...behind, trusted_proxy: '', socket: '/run/edulab/edulab.sock' }, 'metrics_token', 'ok'],
        [{ ...behind, socket: 'edulab.sock' }, 'socket', 'problem'],
        [{ ...behind, accel: '_files' }, 'accel', 'problem'],
        [{ ...behind, listen: '0.0.0.0:8080' }, 'listen', 'warning'],
        [{ ...behind, mail_from: 'nobody' }, 'mail_from', 'problem'],
        [{ ...behind, mail_from: 'eduLAB <x@localhost>' }, 'mail_from', 'warning'],
    ];
    for (const [settings, what, expected] of cases) assert.equal(level(await check(settings), what), expected, JSON.stringify(settings));
});

test('a mail server that answers, and one that does not', async () => {
    const smtp = createServer((socket) => {
        socket.write('220 test\r\n');
        socket.on('data', (text) => socket.write(/^QUIT/i.test(text) ? '221 bye\r\n' : /^EHLO/i.test(text) ? '250 test\r\n' : '502 no\r\n'));
        socket.on('error', () => {});
    });
    await new Promise((done) => smtp.listen(0, '127.0.0.1', done));
    const well = await check({ smtp_url: `smtp://127.0.0.1:${smtp.address().port}` });
    smtp.close();
    assert.equal(level(well, 'mail'), 'ok', JSON.stringify(well.of('mail')));
    const bad = await check({ smtp_url: `smtp://127.0.0.1:${await freePort()}` });
    assert.equal(level(bad, 'mail'), 'problem');
    assert.equal(level(await check({ smtp_url: 'http://127.0.0.1' }), 'mail'), 'problem');
});

test('programs that are missing', async () => {
    const path = temporaryFolder('path');
    const report = await check({}, { env: { PATH: path } });
    assert.deepEqual(['ffmpeg', 'ffprobe', 'file', 'espeak-ng'].map((what) => level(report, what)), ['problem', 'problem', 'problem', 'warning']);
    assert.match(report.of('ffmpeg')[0].todo, /apt install ffmpeg/);
    assert.equal(level(await check({ media_runners: 0 }, { env: { PATH: path } }), 'ffmpeg'), 'warning', 'other machines make the videos');
});

async function databaseOf(engine) {
    if (engine === 'sqlite') return undefined;
    const cluster = await postgres();
    const name = `check${process.pid}`;
    cluster.psql(`CREATE DATABASE ${name}`);
    return cluster.urlOf(name);
}

for (const engine of ['sqlite', 'pgsql']) {
    test(`${engine}: a missing migration, a newer database, a changed table, sample accounts`, async () => {
        const here = { data: join(temporaryFolder('db'), 'data'), database: await databaseOf(engine) };
        const look = (settings) => check(settings, here);
        assert.equal((await edulab(['migrate', '--data', here.data], here)).status, 0);
        assert.equal(level(await look(), 'schema'), 'ok');

        sql(here, `DROP TABLE media_upload; DROP TABLE media_loose; DELETE FROM schema_migration WHERE module = 'media';`);
        const pending = await look();
        assert.equal(level(pending, 'schema'), 'warning');
        assert.match(pending.of('schema')[0].says, /^\d+ migrations are pending/);
        assert.equal((await edulab(['migrate', '--data', here.data], here)).status, 0);

        sql(here, 'ALTER TABLE person RENAME COLUMN name TO nom;');
        assert.equal(level(await look(), 'statements'), 'problem');
        sql(here, 'ALTER TABLE person RENAME COLUMN nom TO name;');

        const added = await edulab(['user', 'add', 'equipe@exemple.be', 'Équipe', 'staff', '--data', here.data], { ...here, input: 'atelier-demo-2026\n' });
        assert.equal(added.status, 0, added.stderr);
        assert.equal(level(await look(), 'sample accounts'), 'ok', 'on this machine only');
        assert.equal(level(await look({ public_url: 'https://edulab.example' }), 'sample accounts'), 'problem');

        sql(here, `UPDATE schema_migration SET number = 999 WHERE module = 'media' AND number = (SELECT max(number) FROM schema_migration WHERE module = 'media');`);
        const newer = await look();
        assert.equal(level(newer, 'schema'), 'problem');
        assert.match(newer.of('schema')[0].says, /newer than this program/);
    });
}

test('while the server runs', async () => {
    const data = join(temporaryFolder('running'), 'data');
    const server = await serve({ data });
    assert.equal((await check({}, { data })).problems, 0);
    await server.stop();
    assert.equal(statSync(join(data, 'secret')).mode & 0o777, 0o600);
});

test('a disk that is nearly full', { skip: process.getuid() !== 0 && 'needs root to mount a small disk' }, async (t) => {
    const { execFileSync } = await import('node:child_process');
    const small = temporaryFolder('small');
    try { execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m,mode=750', 'tmpfs', small], { stdio: 'ignore' }); } catch { t.skip('mounting is not allowed here'); return; }
    try {
        assert.equal(level(await check({}, { data: small }), 'disk'), 'problem');
    } finally { execFileSync('umount', [small]); }
});
