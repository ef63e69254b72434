// make faults: breaks things while people enrol, then compares what was promised with what is stored. An answer of 303
// is a promise: that enrolment is there, once, whatever happened after. Words choose: kill pgsql dead disk slow videos.
// ROUNDS=50 kills (default 50).
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { enrolmentForms, enrolmentRequests, makeCrowd, sql, writeLoad } from '../lib/crowd.mjs';
import { newVisitor } from '../lib/http.mjs';
import { startPostgres } from '../lib/pg.mjs';
import { copyFolder, demoAccounts, edulab, filesBelow, openFolder, program, sampleCopy, serve, stopPostgres, temporaryFolder } from '../lib/server.mjs';
import { build } from '../lib/tree.mjs';

const words = process.argv.slice(2);
const rounds = Number(process.env.ROUNDS) || 50;
const load = join(build, 'tests/bench/load');

// Sends the requests from 32 clients; `during` may break things meanwhile. Resolves to the status of each, 0 for none.
async function send(server, requests, during = async () => {}) {
    const folder = temporaryFolder('load');
    writeLoad(join(folder, 'load'), requests.map(({ text }) => text));
    const child = spawn(load, [String(server.port), join(folder, 'load'), '32', '--record', join(folder, 'record')], { stdio: 'ignore' });
    const ended = new Promise((done) => child.on('exit', done));
    await during();
    await ended;
    const statuses = readFileSync(join(folder, 'record'), 'utf8').trim().split('\n').map(Number);
    rmSync(folder, { recursive: true });
    return statuses;
}

const slugOf = (form) => form.action.split('/')[2];

// Places taken beyond the enrolments that stand in the tables: the sample data says of some cohorts that they are filling.
// Both are written in one transaction, so this never changes.
const places = (server) => sql(server, `SELECT c.id, c.taken - (SELECT count(*) FROM enrolment e WHERE e.cohort_id = c.id AND e.state = 'confirmed') FROM cohort c ORDER BY c.id;`);

// What the tables say, against what was promised.
function compare(server, promised, before) {
    const stored = new Map();
    for (const line of sql(server, `SELECT e.person_id, p.slug, count(*) FROM enrolment e JOIN programme p ON p.id = e.programme_id GROUP BY 1, 2;`).split('\n')) {
        const [person, slug, n] = line.split('|');
        stored.set(`${person} ${slug}`, Number(n));
    }
    const lost = promised.filter((key) => !stored.has(key));
    const twice = [...stored].filter(([, n]) => n > 1).map(([key]) => key);
    assert.deepEqual({ lost: lost.slice(0, 5), twice: twice.slice(0, 5) }, { lost: [], twice: [] }, `${lost.length} lost, ${twice.length} twice`);
    assert.equal(places(server), before, 'places taken are not the enrolments confirmed');
    if (!server.database) assert.equal(sql(server, 'PRAGMA integrity_check;'), 'ok');
    return stored.size;
}

// Changes the server has committed so far.
const committed = async (server) => Number(/^edulab_db_changes_total (\d+)/m.exec(await (await fetch(`${server.url}/metrics`)).text())[1]);

// Comes back somewhere in the middle of what is sent, however fast this machine is at the moment.
async function midLoad(server, count) {
    const goal = await committed(server) + 1 + Math.random() * count * 0.8;
    for (let i = 0; i < 2000 && await committed(server) < goal; i++) await sleep(2);
}

async function killUnderLoad(copy, count, perRound) {
    const people = makeCrowd(copy, count * perRound);
    const before = places(copy);
    const promised = [];
    let sent = 0;
    let cut = 0;
    let forms;
    for (let round = 0; round < count; round++) {
        const server = await serve({ data: copy.data, database: copy.database, settings: { log_level: 'error' } });
        if (round) compare(server, promised, before);
        forms ??= await enrolmentForms(server, people[0]);
        const requests = await enrolmentRequests(server, people.slice(round * perRound, (round + 1) * perRound), forms);
        const statuses = await send(server, requests, async () => {
            await midLoad(server, requests.length);
            await server.kill('SIGKILL');
        });
        statuses.forEach((status, i) => {
            if (status === 303) promised.push(`${requests[i].person.person} ${slugOf(requests[i].form)}`);
            else assert.ok(status === 0, `an enrolment was answered ${status}`);
        });
        sent += requests.length;
        if (statuses.includes(0) && statuses.includes(303)) cut++;
    }
    const server = await serve({ data: copy.data, database: copy.database });
    const stored = compare(server, promised, before);
    await server.stop();
    assert.ok(cut >= count / 2, `only ${cut} of ${count} kills came in the middle of the load`);
    return `${count} kills (${cut} in mid-load), ${sent} enrolments sent, ${promised.length} promised, ${stored} stored: none lost, none twice`;
}

async function kill() {
    const copy = await sampleCopy('sqlite');
    try { return await killUnderLoad(copy, rounds, 200); } finally { copy.drop(); }
}

// A durable cluster, because the one of the tests does not wait for the disk.
async function withCluster(use) {
    await stopPostgres();
    const folder = openFolder('faults-pg');
    const cluster = await startPostgres(folder, { settings: [] });
    process.env.EDULAB_TEST_PG = cluster.url;
    try { return await use(cluster, folder); } finally {
        delete process.env.EDULAB_TEST_PG;
        await cluster.stop();
    }
}

const pgsql = () => withCluster(async () => killUnderLoad(await sampleCopy('pgsql'), Math.ceil(rounds / 3), 60));

// PostgreSQL itself dies under load: the server lives, says so with 5xx, and works again when it is back.
const dead = () => withCluster(async (first, folder) => {
    let cluster = first;
    const copy = await sampleCopy('pgsql');
    const people = makeCrowd(copy, 400);
    const before = places(copy);
    const server = await serve({ data: copy.data, database: copy.database, settings: { log_level: 'error' } });
    try {
        const forms = await enrolmentForms(server, people[0]);
        const promised = [];
        const note = (requests, statuses) => statuses.forEach((status, i) => {
            if (status === 303) promised.push(`${requests[i].person.person} ${slugOf(requests[i].form)}`);
        });
        let refused = 0;
        for (let round = 0; round < 3; round++) {
            const requests = await enrolmentRequests(server, people.slice(round * 100, round * 100 + 100), forms);
            const statuses = await send(server, requests, async () => {
                await sleep(30 + Math.random() * 50);
                cluster.kill('SIGKILL');
            });
            note(requests, statuses);
            assert.ok(!statuses.some((status) => status >= 400 && status < 500), `answered ${[...new Set(statuses)]}`);
            refused += statuses.filter((status) => status >= 500).length;
            assert.equal(server.exited, null, 'the server ended with its database');
            const home = await newVisitor(server).get('/formations');
            assert.ok(home.status >= 500 && /503|500/.test(String(home.status)), `without database a page was answered ${home.status}`);
            await sleep(300);
            rmSync(join(folder, 'data/postmaster.pid'), { force: true });
            cluster = await startPostgres(folder, { settings: [] });
            for (let i = 0; i < 100 && (await newVisitor(server).get('/formations')).status !== 200; i++) await sleep(100);
        }
        const requests = await enrolmentRequests(server, people.slice(300), forms);
        const statuses = await send(server, requests);
        const tally = {};
        for (const status of statuses) tally[status] = (tally[status] ?? 0) + 1;
        assert.deepEqual(Object.keys(tally), ['303'], `after its return enrolments work: ${JSON.stringify(tally)}\n${server.log.slice(-1500)}`);
        note(requests, statuses);
        compare(server, promised, before);
        return `PostgreSQL killed 3 times, ${refused} enrolments refused with 5xx, ${promised.length} promised and stored`;
    } finally {
        await server.stop().catch((error) => { throw error; });
        await cluster.stop();
    }
});

// A small file system of our own that fills up; needs root.
async function disk() {
    if (process.getuid() !== 0) return 'left out: needs root to mount a small file system';
    const copy = await sampleCopy('sqlite');
    const folder = temporaryFolder('full');
    const size = Number(execFileSync('du', ['-sk', copy.data], { encoding: 'utf8' }).split('\t')[0]);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size + 16000}k`, 'tmpfs', folder]);
    try {
        copyFolder(copy.data, folder);
        const small = { data: folder };
        const people = makeCrowd(small, 3000);
        const before = places(small);
        let server = await serve({ data: folder, settings: { log_level: 'error' } });
        const forms = await enrolmentForms(server, people[0]);
        const requests = await enrolmentRequests(server, people, forms);
        const free = Number(execFileSync('df', ['--output=avail', '-k', folder], { encoding: 'utf8' }).split('\n')[1]);
        execFileSync('fallocate', ['-l', `${Math.max(1, free - 200)}K`, join(folder, 'filler')]);
        const statuses = await send(server, requests);
        const promised = [];
        statuses.forEach((status, i) => { if (status === 303) promised.push(`${requests[i].person.person} ${slugOf(requests[i].form)}`); });
        const kinds = [...new Set(statuses)].sort();
        assert.ok(statuses.includes(507), `a full disk was answered ${kinds}`);
        assert.ok(kinds.every((status) => [303, 507].includes(status)), `a full disk was answered ${kinds}`);
        const page = await newVisitor(server).get('/formations');
        assert.equal(page.status, 200, 'reading goes on');
        // An upload has no room either.
        const staff = newVisitor(server);
        rmSync(join(folder, 'filler'));
        await staff.signIn((await demoAccounts()).find(({ role }) => role === 'staff'));
        const token = (await staff.get('/mon-espace')).html.querySelector('meta[name="csrf"]').getAttribute('content');
        const tus = { 'tus-resumable': '1.0.0', 'x-csrf-token': token };
        const made = await staff.request('POST', '/api/v1/uploads', { headers: { ...tus, 'upload-length': String(64 * 1024 * 1024), 'upload-metadata': `filename ${Buffer.from('a.mp4').toString('base64')}` } });
        let status = made.status;
        for (let offset = 0; status < 300 && offset < 64 * 1024 * 1024; offset += 4 * 1024 * 1024) {
            const sent = await staff.request('PATCH', new URL(made.location, server.url), { body: new Uint8Array(4 * 1024 * 1024),
                headers: { ...tus, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' } });
            status = sent.status;
        }
        assert.equal(status, 507, 'an upload on a full disk');
        execFileSync('mount', ['-o', `remount,size=${size + 200_000}k`, folder]);
        const more = requests.filter((_, i) => statuses[i] === 507).slice(0, 50);
        const again = await send(server, more);
        assert.ok(again.every((each) => each === 303), `with room again: ${[...new Set(again)]}`);
        await server.stop();
        server = await serve({ data: folder });
        compare(server, [...promised, ...more.map((each) => `${each.person.person} ${slugOf(each.form)}`)], before);
        await server.stop();
        return `${promised.length} enrolments promised before the disk was full, ${statuses.filter((each) => each === 507).length} answered 507, all promises kept, works with room again`;
    } finally {
        execFileSync('umount', ['-l', folder]);
        copy.drop();
    }
}

// Many who send a byte now and then, and many who do not read: the others are served meanwhile.
async function slow() {
    const copy = await sampleCopy('sqlite');
    const server = await serve({ data: copy.data, settings: { log_level: 'error' } });
    const sockets = [];
    const open = (text) => new Promise((done) => {
        const socket = connect(server.port, '127.0.0.1', () => { socket.write(text); done(socket); });
        socket.on('error', () => {});
        socket.pause();
        sockets.push(socket);
    });
    try {
        for (let i = 0; i < 300; i++) await open('GET /formations HTTP/1.1\r\nHost: x\r\nX-Slow: ');
        for (let i = 0; i < 300; i++) await open('GET /formations HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(40));
        for (let i = 0; i < 100; i++) await open('POST /connexion HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\nemail=');
        const drip = setInterval(() => sockets.forEach((socket) => socket.writable && socket.write('a')), 500);
        const times = [];
        for (let i = 0; i < 50; i++) {
            const begun = performance.now();
            const page = await newVisitor(server).get('/formations');
            assert.equal(page.status, 200);
            times.push(performance.now() - begun);
            await sleep(40);
        }
        clearInterval(drip);
        times.sort((a, b) => a - b);
        return `700 slow clients; others were served, slowest ${times.at(-1).toFixed(0)} ms of 50`;
    } finally {
        sockets.forEach((socket) => socket.destroy());
        await server.stop();
        copy.drop();
    }
}

// The process that prepares videos is killed again and again while ten are brought in: each is published once, whole, and
// nothing that was being made stays behind.
async function videos() {
    return `${await videosOn('sqlite')}; ${await videosOn('pgsql')}`;
}

async function videosOn(engine) {
    const copy = await sampleCopy(engine);
    const env = copy.database ? { EDULAB_DB: copy.database } : {};
    const films = temporaryFolder('films');
    const count = 10;
    for (let i = 0; i < count; i++)
        execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', `testsrc2=s=640x360:r=25:d=${6 + i}`, '-f', 'lavfi', '-i', `sine=f=${300 + 40 * i}:d=${6 + i}`,
            ...(i % 2 ? ['-c:v', 'mpeg4', '-q:v', '5'] : ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']), '-c:a', 'aac', join(films, `Essai ${i}.${i % 2 ? 'mkv' : 'mp4'}`)]);
    const server = await serve({ data: copy.data, database: copy.database, settings: { log_level: 'error', media_runners: 0 } });
    const ask = (text) => sql(server, text).trim();
    const rest = () => Number(ask("SELECT count(*) FROM video_source WHERE done < 1000 AND state IN ('waiting', 'live');"));
    let kills = 0;
    let busy = 0;
    let added = 0;
    try {
        const worker = () => spawn(program, ['work', '--media', '--data', copy.data], { stdio: 'ignore', env: { ...process.env, ...env, EDULAB_LOG_LEVEL: 'error' } });
        const add = async () => {
            const file = join(films, readdirSync(films).sort()[added++]);
            const { status, stderr } = await edulab(['tv', 'add', file, '--data', copy.data], { database: copy.database });
            assert.equal(status, 0, stderr);
        };
        while (kills < rounds) {
            if (added < count && kills % Math.max(1, Math.floor(rounds / count / 2)) === 0) await add();
            const child = worker();
            const ended = new Promise((done) => child.on('exit', done));
            await sleep(300 + Math.random() * 2500);
            if (Number(ask("SELECT count(*) FROM work_job WHERE kind IN ('tv.open', 'tv.transcode') AND state = 1;")) > 0) busy++;
            child.kill('SIGKILL');
            await ended;
            kills++;
        }
        while (added < count) await add();
        const last = worker();
        const ended = new Promise((done) => last.on('exit', done));
        for (let i = 0; i < 1800 && rest() > 0; i++) await sleep(200);
        last.kill('SIGTERM');
        await ended;
        assert.equal(rest(), 0, 'all are whole');
        assert.equal(ask("SELECT count(*) || ' ' || count(DISTINCT title) FROM video WHERE title LIKE 'Essai %' AND state = 'ready';"), `${count} ${count}`);
        assert.equal(ask("SELECT count(*) || ' ' || count(DISTINCT payload) FROM work_event WHERE name = 'tv.published' AND payload LIKE '%\"essai-%';"), `${count} ${count}`, 'published once each');
        const folders = readdirSync(join(copy.data, 'hls'));
        assert.equal(folders.length, Number(ask('SELECT count(*) FROM video_source;')), `as many folders as files: ${folders}`);
        assert.ok(!folders.some((name) => name.startsWith('.')), `nothing half-made: ${folders}`);
        const known = new Set(ask('SELECT blob FROM video_source;').split('\n'));
        const blobs = filesBelow(join(copy.data, 'blobs'));
        assert.deepEqual(blobs.filter((path) => !known.has(path.split('/').pop())), [], 'no file that nobody knows');
        for (const name of folders.filter((each) => existsSync(join(copy.data, 'hls', each, 'opened')))) {
            const entries = readdirSync(join(copy.data, 'hls', name));
            assert.ok(['master.m3u8', 'video.mp4', 'audio', 'poster.webp', 'storyboard.webp', 'waveform.dat'].every((each) => entries.includes(each)), `${name}: ${entries}`);
            execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-xerror', '-i', join(copy.data, 'hls', name, 'master.m3u8'), '-map', '0:v', '-map', '0:a', '-c', 'copy', '-f', 'null', '-']);
        }
        assert.ok(busy >= rounds / 3, `only ${busy} of ${kills} kills came in the middle of work`);
        return `${engine}: ${kills} kills (${busy} in mid-work) while ${count} videos were brought in: each published once and whole, nothing left behind`;
    } finally {
        await server.stop();
        copy.drop();
    }
}

let passed = 0;
let failed = 0;
mkdirSync(build, { recursive: true });
for (const [name, scenario] of Object.entries({ kill, pgsql, dead, disk, slow, videos })) {
    if (words.length && !words.includes(name)) continue;
    try {
        console.log(`ok     ${name}: ${await scenario()}`);
        passed++;
    } catch (error) {
        console.log(`FAILED ${name}: ${error.stack}`);
        failed++;
    }
}
await stopPostgres();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
