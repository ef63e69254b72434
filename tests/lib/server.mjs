// A server of its own for each suite: free loopback port, own data folder, either database engine.
//
//   const server = await startServer({ engine: 'sqlite', demo: true, settings: { db_batch: 1 } });
//   await fetch(server.url + '/healthz');
//   await server.stop();          // fails when the server did not end cleanly or a sanitizer complained
//
// The sample data takes a while to make (videos are encoded), so the build folder keeps it for each engine and program,
// and suites copy it: a folder with reflinks where the file system has them, a database from a PostgreSQL template.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { attachPostgres, startPostgres } from './pg.mjs';
import { build, top } from './tree.mjs';

export const program = join(build, 'edulab');
const slower = /asan|tsan/.test(basename(build)) ? 5 : 1;

let scratchFolder;
let ownPostgres;
const running = new Set();

// Below this everything temporary of the run lives. run.mjs gives one to all suites; alone, a suite makes its own.
export function scratch() {
    if (process.env.EDULAB_TEST_RUN) return process.env.EDULAB_TEST_RUN;
    if (!scratchFolder) {
        scratchFolder = mkdtempSync(join(tmpdir(), 'edulab-test-'));
        chmodSync(scratchFolder, 0o755);
    }
    return scratchFolder;
}

export const temporaryFolder = (name) => mkdtempSync(join(scratch(), `${name}-`));

// The same, but open to the user that PostgreSQL runs as.
export function openFolder(name) {
    const folder = temporaryFolder(name);
    chmodSync(folder, 0o755);
    return folder;
}

process.on('exit', () => {
    for (const server of running) server.process.kill('SIGKILL');
    ownPostgres?.kill();
    if (scratchFolder) rmSync(scratchFolder, { recursive: true, force: true });
});

export async function postgres() {
    if (process.env.EDULAB_TEST_PG) return attachPostgres(process.env.EDULAB_TEST_PG);
    ownPostgres ??= await startPostgres(join(scratch(), 'pg'));
    return ownPostgres;
}

// Stops the cluster this process started, if any: a suite run by itself calls it in after(), run.mjs keeps its own.
export async function stopPostgres() {
    await ownPostgres?.stop();
    ownPostgres = undefined;
}

export function freePort() {
    return new Promise((found, failed) => {
        const probe = createServer();
        probe.once('error', failed);
        probe.listen(0, '127.0.0.1', () => {
            const { port } = probe.address();
            probe.close(() => found(port));
        });
    });
}

let databases = 0;
async function newDatabase(template) {
    const cluster = await postgres();
    const name = `t${process.pid}_${databases++}`;
    cluster.psql(`CREATE DATABASE ${name}${template ? ` TEMPLATE ${template}` : ''}`);
    return { name, url: cluster.urlOf(name), drop: () => cluster.psql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

function environment({ database, settings = {}, env = {} }) {
    const all = { ...process.env };
    for (const name of Object.keys(all)) if (name.startsWith('EDULAB_')) delete all[name];
    for (const [key, value] of Object.entries(settings)) all[`EDULAB_${key.toUpperCase()}`] = String(value);
    if (database) all.EDULAB_DB = database;
    // A leak or a fault ends the server with a code that stop() notices.
    all.ASAN_OPTIONS = 'exitcode=99:detect_leaks=1:abort_on_error=0';
    all.UBSAN_OPTIONS = 'print_stacktrace=1:halt_on_error=1';
    all.LSAN_OPTIONS = `suppressions=${join(top, 'tests/lib/leaks.txt')}:print_suppressions=0`;
    all.TSAN_OPTIONS = `suppressions=${join(top, 'tests/lib/races.txt')}:exitcode=98`;
    return { ...all, ...env };
}

// Runs `edulab ARGS` to its end: { status, stdout, stderr }. Never throws on a bad status.
export function edulab(args, { database, settings, env, input, timeout = 120_000 } = {}) {
    return new Promise((done, failed) => {
        const child = spawn(program, args, { env: environment({ database, settings, env }), stdio: ['pipe', 'pipe', 'pipe'] });
        let stdout = '';
        let stderr = '';
        const timer = setTimeout(() => child.kill('SIGKILL'), timeout * slower);
        child.stdout.on('data', (text) => { stdout += text; });
        child.stderr.on('data', (text) => { stderr += text; });
        child.on('error', failed);
        child.stdin.on('error', () => {});
        child.stdin.end(input ?? '');
        child.on('close', (status, signal) => { clearTimeout(timer); done({ status, signal, stdout, stderr }); });
    });
}

// Starts the program on a data folder that exists already, and waits until it answers.
export async function serve({ command = 'serve', data, database, settings, env, port, wait = 60_000, args = [], wrap = [], poll = 20, logFile }) {
    const listen = port ?? await freePort();
    const argv = [...wrap, program, command, '--data', data, '--listen', `127.0.0.1:${listen}`, ...args];
    const started = performance.now();
    const child = spawn(argv[0], argv.slice(1), { env: environment({ database, settings, env }), 
        stdio: logFile ? ['ignore', openSync(logFile, 'a'), openSync(logFile, 'a')] : ['ignore', 'pipe', 'pipe'] });
    const server = {
        process: child, port: listen, data, database, url: `http://127.0.0.1:${listen}`, log: '', exited: null, startedIn: 0,
    };
    running.add(server);
    const keep = (text) => { server.log = (server.log + text).slice(-500_000); };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const ended = new Promise((done) => {
        child.on('error', (error) => { keep(`${error}\n`); server.exited = { code: -1 }; done(); });
        child.on('close', (code, signal) => { server.exited ??= { code, signal }; running.delete(server); done(); });
    });
    server.ended = ended;
    server.kill = async (signal = 'SIGKILL') => { child.kill(signal); await ended; };
    server.stop = async () => {
        if (!server.exited) child.kill('SIGTERM');
        const timer = setTimeout(() => { keep('\n(did not end within 20 s of SIGTERM)\n'); child.kill('SIGKILL'); }, 20_000 * slower);
        await ended;
        clearTimeout(timer);
        const { code, signal } = server.exited;
        if (code !== 0 || /(Address|Leak|Thread|UndefinedBehavior)Sanitizer|runtime error:/.test(server.log))
            throw new Error(`edulab ended with ${signal ?? `code ${code}`}:\n${server.log.slice(-6000)}`);
    };
    const deadline = performance.now() + wait * slower;
    for (;;) {
        if (server.exited) throw new Error(`edulab did not start (${argv.join(' ')}):\n${server.log.slice(-6000)}`);
        try {
            const answer = await fetch(`${server.url}/healthz`, { signal: AbortSignal.timeout(5000) });
            await answer.arrayBuffer();
            if (answer.ok) break;
        } catch { /* not listening yet */ }
        if (performance.now() > deadline) {
            child.kill('SIGKILL');
            throw new Error(`edulab did not answer /healthz in ${wait / 1000} s:\n${server.log.slice(-6000)}`);
        }
        await sleep(poll);
    }
    server.startedIn = performance.now() - started;
    return server;
}

export const copyFolder = (from, to) => {
    execFileSync('cp', ['-a', '--reflink=auto', `${from}/.`, to]);
};

// What the sample data depends on: the program, and the day, because dates are said from today.
const sampleKey = () => createHash('sha256').update(readFileSync(program)).update(new Date().toISOString().slice(0, 10)).digest('hex').slice(0, 16);

const pgTool = (name, args, cluster, input = '') =>
    execFileSync(name, ['-h', cluster.folder, '-U', 'postgres', ...args], { input, stdio: ['pipe', 'ignore', 'pipe'] });

// Every row of a SQLite file as INSERT statements for PostgreSQL, with the columns by name.
function rowsForPostgres(file) {
    const ask = (text) => execFileSync('sqlite3', ['-batch', '-noheader', '-readonly', file], { input: text, encoding: 'utf8', maxBuffer: 1 << 28 });
    const lines = (text) => ask(text).split('\n').filter(Boolean);
    const tables = (type) => lines(`SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = '${type}' AND name NOT LIKE 'sqlite_%';`);
    // A table of words holds them ready for either engine, in columns from the weightiest on (docs/search.md).
    const words = tables('virtual').map((table) => {
        const columns = lines(`SELECT name FROM pragma_table_info('${table}');`);
        const vector = columns.map((name, i) => `'setweight(to_tsvector(''simple'', ' || quote("${name}") || '), ''${i === 0 ? 'A' : i === columns.length - 1 ? 'D' : 'B'}'')'`);
        return ask(`SELECT 'INSERT INTO "${table}" (rowid, words) VALUES (' || rowid || ', ' || ${vector.join(" || ' || ' || ")} || ');' FROM "${table}";`);
    });
    return words.join('') + tables('table').map((table) => {
        const columns = lines(`SELECT name || ' ' || type FROM pragma_table_info('${table}');`).map((line) => line.split(' '));
        const values = columns.map(([name, type]) => (type === 'BLOB' ? `coalesce('''\\x' || hex("${name}") || '''', 'NULL')` : `quote("${name}")`));
        const names = columns.map(([name]) => `"${name}"`).join(', ');
        return ask(`SELECT 'INSERT INTO "${table}" (${names}) VALUES (' || ${values.join(" || ', ' || ")} || ');' FROM "${table}";`);
    }).join('');
}

// The videos need not be made twice: the files of the SQLite sample, and its rows in a PostgreSQL with the same tables.
async function makePostgresSample(making, folder) {
    const sqlite = (await sampleData('sqlite')).folder;
    copyFolder(sqlite, folder);
    for (const name of readdirSync(folder)) if (/^edulab\.db/.test(name)) rmSync(join(folder, name));
    const [cluster, database] = [await postgres(), await newDatabase()];
    const migrated = await edulab(['migrate', '--data', folder], { database: database.url });
    if (migrated.status !== 0) throw new Error(`edulab migrate: ${migrated.stderr}`);
    const known = cluster.psql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'", database.name).trim().split('\n');
    pgTool('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', database.name], cluster, `BEGIN; SET session_replication_role = replica;
TRUNCATE ${known.map((name) => `"${name}"`).join(', ')};
${rowsForPostgres(join(sqlite, 'edulab.db'))}
COMMIT;`);
    pgTool('pg_dump', ['-Fc', '-f', join(making, 'dump'), database.name], cluster);
    database.drop();
}

// Encoding the sample videos is most of the work, and they change only with their scripts and with the code that makes
// them: prepared videos are kept beside the samples, as the setting sample_videos wants them.
function videosFolder() {
    const hash = createHash('sha256');
    for (const folder of ['src/media', 'demo/videos', 'web/fonts'])
        for (const name of readdirSync(join(top, folder)).sort())
            if (/\.(c|h|json|woff2)$/.test(name)) hash.update(readFileSync(join(top, folder, name)));
    return join(build, `sample-videos-${hash.digest('hex').slice(0, 16)}`);
}

function keepVideos(data, folder) {
    const making = `${folder}.${process.pid}`;
    const ask = (text) => execFileSync('sqlite3', ['-batch', '-noheader', '-readonly', '-separator', ' ', join(data, 'edulab.db'), text], { encoding: 'utf8', maxBuffer: 1 << 26 });
    const blobs = new Map(ask('SELECT slug, blob FROM video').split('\n').filter(Boolean).map((line) => line.split(' ')));
    const folders = readdirSync(join(data, 'hls')).filter((name) => !name.startsWith('.'));
    // ids rise with time, and the videos were made one after the other
    const slugs = ask('SELECT slug FROM video ORDER BY id').split('\n').filter(Boolean);
    if (folders.length !== slugs.length) throw new Error(`${folders.length} folders for ${slugs.length} sample videos`);
    folders.sort().forEach((name, i) => {
        const [to, blob] = [join(making, slugs[i]), blobs.get(slugs[i])];
        mkdirSync(to, { recursive: true });
        execFileSync('cp', ['-a', join(data, 'hls', name), join(to, 'hls')]);
        execFileSync('cp', ['-a', join(data, 'blobs', blob.slice(0, 2), blob.slice(2, 4), blob), join(to, 'video.mp4')]);
        writeFileSync(join(to, 'text.vtt'), ask(`SELECT vtt FROM video_text JOIN video ON id = video_id WHERE slug = '${slugs[i]}'`).replace(/\n$/, ''));
    });
    try { renameSync(making, folder); } catch { rmSync(making, { recursive: true, force: true }); } // another was faster
}

async function makeSample(engine, kept) {
    const making = `${kept}.${process.pid}`;
    const folder = join(making, 'data');
    mkdirSync(folder, { recursive: true });
    if (engine === 'pgsql') await makePostgresSample(making, folder);
    else {
        const videos = videosFolder();
        const known = existsSync(videos);
        await (await serve({ command: 'demo', data: folder, wait: 600_000, settings: known ? { sample_videos: videos } : {} })).stop();
        if (!known) keepVideos(folder, videos);
    }
    for (const old of existsSync(samples) ? readdirSync(samples) : [])
        if (old.startsWith(`${engine}-`) && !old.startsWith(basename(making))) rmSync(join(samples, old), { recursive: true, force: true });
    renameSync(making, kept);
}

// The sample data of an engine as { folder, dump }, made when the build has none for this program and day. Of several
// suites that want it at once one makes it, the others wait.
const samples = join(build, 'samples');
async function sampleData(engine) {
    const kept = join(samples, `${engine}-${sampleKey()}`);
    const lock = join(scratch(), `sample-${engine}.lock`);
    for (let i = 0; !existsSync(kept); i++) {
        if (i > 6500 * slower) throw new Error('the sample data was not made');
        try { mkdirSync(lock); } catch (error) {
            if (error.code !== 'EEXIST') throw error;
            await sleep(100);
            continue;
        }
        try { if (!existsSync(kept)) await makeSample(engine, kept); } finally { rmSync(lock, { recursive: true, force: true }); }
    }
    return { folder: join(kept, 'data'), dump: join(kept, 'dump') };
}

// Makes the sample data of these engines if they are not there: before suites with time limits need them.
export async function prepareSamples(engines) {
    for (const engine of engines) await sampleData(engine);
    await stopPostgres();
}

// A PostgreSQL template with the sample data, once for each cluster.
async function sampleTemplate(dump) {
    const cluster = await postgres();
    const name = `sample_${sampleKey()}`;
    const lock = join(scratch(), 'template.lock');
    const known = () => cluster.psql(`SELECT 1 FROM pg_database WHERE datname = '${name}' AND datistemplate`).trim() === '1';
    while (!known()) {
        try { mkdirSync(lock); } catch { await sleep(50); continue; }
        try {
            if (known()) break;
            cluster.psql(`DROP DATABASE IF EXISTS ${name}`);
            cluster.psql(`CREATE DATABASE ${name}`);
            pgTool('pg_restore', ['-d', name, '--no-owner', dump], cluster);
            cluster.psql(`ALTER DATABASE ${name} IS_TEMPLATE true`);
        } finally { rmSync(lock, { recursive: true, force: true }); }
    }
    return name;
}

// A copy of the sample data to do something with before serving it: { data, database, drop() }.
export async function sampleCopy(engine = 'sqlite') {
    const data = temporaryFolder('data');
    const sample = await sampleData(engine);
    copyFolder(sample.folder, data);
    const database = engine === 'pgsql' ? await newDatabase(await sampleTemplate(sample.dump)) : undefined;
    return { engine, data, database: database?.url, drop() { rmSync(data, { recursive: true, force: true }); database?.drop(); } };
}

// A server with the sample data (demo: true, on a copy) or an empty one.
export async function startServer({ engine = 'sqlite', demo = true, settings, env, args, ...more } = {}) {
    const data = temporaryFolder('data');
    let database;
    if (demo) {
        const sample = await sampleData(engine);
        copyFolder(sample.folder, data);
        if (engine === 'pgsql') database = await newDatabase(await sampleTemplate(sample.dump));
    } else if (engine === 'pgsql') {
        database = await newDatabase();
    }
    const server = await serve({ command: 'serve', data, database: database?.url, settings, env, args, ...more });
    server.engine = engine;
    const stop = server.stop;
    // Once stopped, its folder and database go too, unless asked to stay (to start again on them).
    server.stop = async ({ keep = false } = {}) => {
        try { await stop(); } finally {
            if (!keep) {
                rmSync(data, { recursive: true, force: true });
                database?.drop();
            }
        }
    };
    server.restart = async (change = {}) => {
        await server.stop({ keep: true });
        return Object.assign(await serve({ command: 'serve', data, database: database?.url, settings, env, args, ...more, ...change }), { engine });
    };
    return server;
}

// [{ role, name, email, password }…] as `edulab demo --accounts` prints them.
export async function demoAccounts() {
    const { status, stdout, stderr } = await edulab(['demo', '--accounts']);
    if (status !== 0) throw new Error(`edulab demo --accounts: ${stderr}`);
    const value = JSON.parse(stdout);
    return Array.isArray(value) ? value : value.accounts;
}

export const filesBelow = (folder) => (existsSync(folder) ? readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)])) : []);
