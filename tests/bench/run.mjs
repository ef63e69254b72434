// make bench: measures the program against its bars and against nginx on the same core, prints one table, writes it to
// build/bench.md, and never fails because of a time. Words choose parts: pages changes people scim sign-in catalogue tv year viewers ladder start memory weight
// lighthouse.
import { execFile, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { enrolmentForms, enrolmentRequests, makeCrowd, openSessions, sql, writeLoad } from '../lib/crowd.mjs';
import { csrfOf, fileOf, newVisitor } from '../lib/http.mjs';
import { libraryIndexed, makeLibrary, vocabulary } from '../lib/library.mjs';
import { makeOffer, offerIndexed } from '../lib/offer.mjs';
import { startNginx } from '../lib/nginx.mjs';
import { startPostgres } from '../lib/pg.mjs';
import { demoAccounts, freePort, openFolder, sampleCopy, serve, startServer, stopPostgres, temporaryFolder } from '../lib/server.mjs';
import { build, top } from '../lib/tree.mjs';
import { ladder } from './ladder.mjs';
import { scim } from './scim.mjs';
import { viewers } from './viewers.mjs';

const words = process.argv.slice(2);
const chosen = (part) => !words.length || words.includes(part);
const load = join(build, 'tests/bench/load');
const rows = [];
// Without blocking: meanwhile connections are closed and pipes are read.
const runLoad = async (...args) => JSON.parse((await promisify(execFile)(load, args.map(String))).stdout);

// A row of the table. `met` undefined: only for information.
function row(what, measured, bar = '', met = undefined) {
    rows.push([what, measured, bar, met === undefined ? '' : met ? 'ok' : 'missed']);
    console.log(`  ${what}: ${measured}${bar ? ` (bar: ${bar}) ${met ? 'ok' : 'MISSED'}` : ''}`);
}

const cpuSeconds = (pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
};
const residentKib = (pid) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;
const oneCore = cpus().length > 1 ? ['taskset', '-c', '0'] : [];
const otherCore = cpus().length > 1 ? ['taskset', '-c', '1'] : [];

function wrk(url, { seconds = 4, headers = {}, connections = 16 } = {}) {
    const args = ['-t1', `-c${connections}`, `-d${seconds}s`, ...Object.entries(headers).flatMap(([k, v]) => ['-H', `${k}: ${v}`]), url];
    const argv = [...otherCore, 'wrk', ...args];
    const { stdout, stderr, status } = spawnSync(argv[0], argv.slice(1), { encoding: 'utf8' });
    if (status !== 0) throw new Error(`wrk: ${stderr}`);
    const bad = /Non-2xx or 3xx responses: (\d+)/.exec(stdout);
    if (bad) throw new Error(`${bad[1]} bad answers from ${url}`);
    return { requests: Number(/(\d+) requests in/.exec(stdout)[1]), perSecond: Number(/Requests\/sec:\s*([\d.]+)/.exec(stdout)[1]) };
}

// Microseconds of the process's own CPU for each request.
function cost(pid, url, options) {
    wrk(url, { ...options, seconds: 1 });
    const before = cpuSeconds(pid);
    const result = wrk(url, options);
    return { ...result, us: (cpuSeconds(pid) - before) * 1e6 / result.requests };
}

async function signedIn(server, role = 'learner') {
    const account = (await demoAccounts()).find((each) => each.role === role);
    const visitor = newVisitor(server);
    await visitor.signIn(account);
    return visitor;
}

// The path of an assertion's JSON: staff award a badge by hand, the learner finds it in "Mon espace".
async function assertionPath(server) {
    const { email } = (await demoAccounts()).find(({ role }) => role === 'learner');
    const staff = await signedIn(server, 'staff');
    const gallery = await staff.get('/badges');
    for (const link of gallery.html.querySelectorAll('main a[href^="/badges/"]')) {
        const page = await staff.get(link.getAttribute('href'));
        if (!page.html.querySelector('form[action$="/remise"]')) continue;
        await staff.submit(page, 'form[action$="/remise"]', { email });
        break;
    }
    const space = await (await signedIn(server)).get('/mon-espace');
    const id = /\/badges\/attestation\/([0-9A-Za-z]+)/.exec(space.text)?.[1];
    return id && `/api/v1/badges/assertions/${id}`;
}

async function pages() {
    console.log('Pages: server CPU a request, and requests/s beside nginx with a file of the same size, each on one core');
    const server = await startServer({ wrap: oneCore, logFile: join(temporaryFolder('log'), 'log') });
    const visitor = await signedIn(server);
    const folder = temporaryFolder('nginx');
    const port = await freePort();
    const nginx = await startNginx({ folder, port, main: oneCore.length ? 'worker_cpu_affinity 01;' : '',
        site: `sendfile on; tcp_nopush on; keepalive_requests 1000000;\nserver { listen 127.0.0.1:${port}; root ${folder}/files; }` });
    mkdirSync(join(folder, 'files'));
    const headers = { Cookie: visitor.cookie() };
    const table = [['catalogue page, signed in', '/formations', headers, 120, 0.3], ['"Mon espace"', '/mon-espace', headers, 150],
        ['badge assertion, JSON', await assertionPath(server), {}, 60], ['home page, visitor', '/', {}]];
    for (const [what, path, sent, bar, ratio] of table) {
        if (!path) { row(what, 'not found in the sample data', `at most ${bar} µs`, false); continue; }
        const size = (await fetch(server.url + path, { headers: { ...sent, 'accept-encoding': 'identity' } }).then((r) => r.arrayBuffer())).byteLength;
        const ours = cost(server.process.pid, server.url + path, { headers: sent });
        row(`${what} (${kib(size)}): CPU a request`, `${ours.us.toFixed(0)} µs`, bar ? `at most ${bar} µs` : '', bar ? ours.us <= bar : undefined);
        writeFileSync(join(folder, 'files', 'page.html'), Buffer.alloc(size, 'x'));
        const theirs = wrk(`http://127.0.0.1:${port}/page.html`);
        const share = ours.perSecond / theirs.perSecond;
        row(`${what}: requests/s, and the share of nginx's ${theirs.perSecond.toFixed(0)}`, `${ours.perSecond.toFixed(0)}, ${share.toFixed(2)}`,
            ratio ? `at least ${ratio}` : '', ratio ? share >= ratio : undefined);
    }
    const packed = cost(server.process.pid, `${server.url}/formations`, { headers: { ...headers, 'Accept-Encoding': 'gzip' } });
    row('catalogue page, compressed: CPU a request', `${packed.us.toFixed(0)} µs`);
    await nginx.stop();
    await server.stop();
}

function metric(text, pattern) {
    const found = [...text.matchAll(/^(\w+)(?:\{[^}]*\})? ([\d.e+]+)$/gm)].filter(([, name]) => pattern.test(name));
    return found.length ? found.reduce((sum, [, , value]) => sum + Number(value), 0) : NaN;
}

async function enrol(what, copy, settings, count) {
    const [first, ...people] = makeCrowd(copy, count + 1);
    const server = await serve({ data: copy.data, database: copy.database, settings, logFile: join(copy.data, '..', 'enrol.log') });
    const forms = await enrolmentForms(server, first);
    if (!forms.length) throw new Error('no programme is open for enrolment in the sample data');
    const requests = await enrolmentRequests(server, people, forms);
    const file = join(copy.data, '..', `enrol-${what}.load`);
    writeLoad(file, requests.map(({ text }) => text));
    const figures = async () => (await fetch(`${server.url}/metrics`)).text();
    const before = await figures();
    const result = await runLoad(server.port, file, 64);
    const after = await figures();
    const grown = (pattern) => metric(after, pattern) - metric(before, pattern);
    result.batch = grown(/db.*(changes|committed)(_total)?$/) / grown(/db.*(commits|batches|transactions)(_total)?$/);
    if (result['3xx'] !== requests.length) console.log(`  of ${requests.length} enrolments ${result['3xx']} were accepted: ${JSON.stringify(result)}`);
    await server.stop();
    rmSync(file);
    return result;
}

async function changes() {
    console.log('Changes: real enrolments, each durable, from 64 clients');
    const show = (what, result, barP99) => row(`${what}: enrolments/s, changes a commit, p99`,
        `${result.per_second.toFixed(0)}, ${Number.isNaN(result.batch) ? '?' : result.batch.toFixed(1)}, ${(result.p99_us / 1000).toFixed(1)} ms`,
        barP99 ? 'p99 under 50 ms' : '', barP99 ? result.p99_us < 50_000 : undefined);
    const compareBatches = (engine, batches, single) => {
        const gain = batches.per_second / single.per_second;
        row(`${engine}: batching against one commit each`, `${gain.toFixed(1)} times`, 'at least 3', gain >= 3);
    };
    const results = {};
    for (const [name, settings, count] of [['SQLite, batches of 64', {}, 1500], ['SQLite, one commit each', { db_batch: 1 }, 600]]) {
        const copy = await sampleCopy('sqlite');
        results[name] = await enrol(name, copy, settings, count);
        copy.drop();
        show(name, results[name], name.includes('batches'));
    }
    compareBatches('SQLite', results['SQLite, batches of 64'], results['SQLite, one commit each']);
    // A durable PostgreSQL of its own: the tests' one does not wait for the disk.
    await stopPostgres();
    const cluster = await startPostgres(openFolder('bench-pg'), { settings: [] });
    process.env.EDULAB_TEST_PG = cluster.url;
    for (const [name, settings, count] of [['PostgreSQL', {}, 600], ['PostgreSQL, one commit each', { db_batch: 1 }, 300]]) {
        const copy = await sampleCopy('pgsql');
        results[name] = await enrol(name, copy, settings, count);
        copy.drop();
        show(name, results[name], name === 'PostgreSQL');
    }
    compareBatches('PostgreSQL', results.PostgreSQL, results['PostgreSQL, one commit each']);
    delete process.env.EDULAB_TEST_PG;
    await cluster.stop();
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

async function start() {
    console.log('Start');
    const copy = await sampleCopy();
    const times = [];
    for (let i = 0; i < 7; i++) {
        const server = await serve({ data: copy.data, poll: 2 });
        times.push(server.startedIn);
        await server.stop();
    }
    row('start to first answer on existing data, median of 7', `${median(times).toFixed(0)} ms`, 'under 200 ms', median(times) < 200);
    const port = await freePort();
    const begun = performance.now();
    const make = spawn('make', ['--no-print-directory', 'run', `DATA=${copy.data}`, `LISTEN=127.0.0.1:${port}`, `BUILD=${build}`],
        { cwd: top, detached: true, stdio: 'ignore' });
    let seconds = NaN;
    while (performance.now() - begun < 60_000) {
        try { if ((await fetch(`http://127.0.0.1:${port}/healthz`)).ok) { seconds = (performance.now() - begun) / 1000; break; } } catch { /* not yet */ }
        await new Promise((next) => setTimeout(next, 20));
    }
    process.kill(-make.pid, 'SIGTERM');
    await new Promise((done) => make.on('exit', done));
    row('a second "make run" to the first answer', `${seconds.toFixed(1)} s`, 'under 3 s', seconds < 3);
    copy.drop();
}

async function memory() {
    console.log('Memory');
    const server = await startServer({ logFile: join(temporaryFolder('log'), 'log') });
    const visitor = await signedIn(server);
    const { pid } = server.process;
    row('resident memory, idle', `${(residentKib(pid) / 1024).toFixed(1)} MB`, 'under 60 MB', residentKib(pid) < 60 * 1024);
    const home = await visitor.get('/');
    const catalogue = await visitor.get('/formations');
    const programme = catalogue.html.querySelector('a[href^="/formations/"]')?.getAttribute('href') ?? '/formations';
    const assets = home.html.querySelectorAll('link[rel=stylesheet], script[src]').map((each) => each.getAttribute('href') ?? each.getAttribute('src'));
    const token = csrfOf(await visitor.get('/mon-espace'));
    const texts = ['/', '/formations', '/formations?q=ia', '/formations?q=%C3%A9valuation', programme, '/badges', '/connexion', '/mon-espace',
        '/nulle-part', '/healthz', '/tv', ...assets].flatMap((path) => ['', `Cookie: ${visitor.cookie()}\r\n`]
        .map((cookie) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAccept-Encoding: gzip\r\nAccept-Language: fr\r\n${cookie}\r\n`));
    const body = new URLSearchParams({ theme: 'dark', _csrf: token }).toString();
    texts.push(`POST /preferences/theme HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nCookie: ${visitor.cookie()}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    const file = join(temporaryFolder('mix'), 'mix.load');
    writeLoad(file, texts);
    const run = (n) => runLoad(server.port, file, 32, '--repeat', n);
    await run(4000);
    const warm = residentKib(pid);
    const result = await run(200_000);
    const grown = residentKib(pid) / warm - 1;
    row(`resident memory after 4,000 and after 200,000 mixed requests (${result.per_second.toFixed(0)}/s)`,
        `${(warm / 1024).toFixed(1)} and ${(residentKib(pid) / 1024).toFixed(1)} MB: ${(grown * 100).toFixed(1)} %`, 'at most 10 % more', grown <= 0.1);
    if (result.none || result['5xx']) row('mixed requests without a good answer', `${result.none + result['5xx']}`, 'none', false);
    await server.stop();
}

async function journeyPages(server) {
    const visitor = await signedIn(server);
    const catalogue = await visitor.get('/formations');
    const programme = catalogue.html.querySelector('main a[href^="/formations/"]')?.getAttribute('href');
    const session = [...visitor.jar].map(([name, value]) => ({ name, value, url: server.url }));
    return [['home', '/'], ['catalogue', '/formations'], ['programme', programme], ['mon-espace', '/mon-espace', session], ['tv', '/tv'], ['badges', '/badges']]
        .filter(([, path]) => path);
}

async function weight() {
    console.log('Weight: all that a first visit transfers, media left out');
    const { openBrowser } = await import('../lib/browser.mjs');
    const server = await startServer();
    const browser = await openBrowser(server);
    for (const [name, path, cookies] of await journeyPages(server)) {
        const page = await browser.newPage({ width: 1440, cookies });
        const client = await page.context.newCDPSession(page.pw);
        let bytes = 0;
        const media = new Set();
        await client.send('Network.enable');
        client.on('Network.responseReceived', ({ requestId, type, response }) => {
            if (type === 'Media' || /^video|mpegurl/.test(response.mimeType)) media.add(requestId);
        });
        client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => { if (!media.has(requestId)) bytes += encodedDataLength; });
        await page.pw.goto(path, { waitUntil: 'networkidle' });
        row(`weight of ${name}`, kib(bytes), 'under 100 KB', bytes < 100_000);
        await page.close();
    }
    await browser.playwright.close();
    await server.stop();
}

function lighthouseProgram() {
    const folder = join(build, 'lighthouse');
    const program = join(folder, 'node_modules/.bin/lighthouse');
    if (existsSync(program)) return program;
    mkdirSync(folder, { recursive: true });
    cpSync(join(top, 'tests/bench/package.json'), join(folder, 'package.json'));
    console.log('  (installing Lighthouse into the build folder)');
    const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'], { cwd: folder, stdio: 'inherit' });
    return status === 0 && existsSync(program) ? program : null;
}

async function lighthouse() {
    console.log('Lighthouse, as a phone on a slow line');
    const program = lighthouseProgram();
    if (!program) { row('Lighthouse', 'could not be installed'); return; }
    const { chromiumFlags } = await import('../lib/browser.mjs');
    const server = await startServer();
    const folder = temporaryFolder('lighthouse');
    for (const [name, path, cookies] of (await journeyPages(server)).slice(0, 4)) {
        const out = join(folder, `${name}.json`);
        const headers = cookies ? ['--extra-headers', JSON.stringify({ Cookie: cookies.map((each) => `${each.name}=${each.value}`).join('; ') })] : [];
        const scores = { performance: [], accessibility: [] };
        for (let i = 0; i < 3; i++) {
            const { status, stderr } = spawnSync(process.execPath, [program, server.url + path, '--quiet', '--output=json', `--output-path=${out}`,
                '--only-categories=accessibility,performance', `--chrome-flags=--headless=new ${chromiumFlags.join(' ')}`, ...headers],
            { encoding: 'utf8', env: { ...process.env, CHROME_PATH: '/usr/bin/chromium' }, timeout: 180_000 });
            if (status !== 0) { row(`Lighthouse ${name}`, `did not run: ${stderr.trim().split('\n').at(-1)}`); break; }
            const report = JSON.parse(readFileSync(out, 'utf8'));
            for (const key of Object.keys(scores)) scores[key].push(Math.round(report.categories[key].score * 100));
            if (scores.accessibility.at(-1) < 100) {
                for (const audit of Object.values(report.audits))
                    if (audit.score === 0 && report.categories.accessibility.auditRefs.some((ref) => ref.id === audit.id && ref.weight)) console.log(`    ${name}: ${audit.title}`);
            }
        }
        if (!scores.accessibility.length) continue;
        row(`Lighthouse ${name}: accessibility`, `${Math.min(...scores.accessibility)}`, '100', Math.min(...scores.accessibility) === 100);
        row(`Lighthouse ${name}: performance, median of 3`, `${median(scores.performance)}`, 'at least 95', median(scores.performance) >= 95);
    }
    await server.stop();
}

// A year of the centre as three files: [kind, lines, text].
function yearFiles() {
    const rows = (n, make) => Array.from({ length: n }, (_, i) => make(i));
    const organisations = ['sorte;nom;code;lieu;dépend de', ...rows(60, (i) => `PO;PO d'essai ${i};BP-${i};Mons;${['CECP', 'CPEONS', 'FELSI', 'WBE', 'SeGEC'][i % 5]}`),
        ...rows(840, (i) => `École;École d'essai ${i};BE-${i};Namur;BP-${i % 60}`)];
    const people = ['nom;prénom;email;catégorie', ...rows(16_000, (i) => `Personne${i % 997};Prénom${i};p${i}@essai.example;Enseignant·e`)];
    const memberships = ['email;organisation;rôle;du', ...rows(60_000, (i) => `p${i % 16_000}@essai.example;BE-${(i * 7 + Math.floor(i / 16_000)) % 840};${['membre', 'formateur', 'coach'][i % 3]};2026-09-01`)];
    return [['organisations', organisations], ['people', people], ['memberships', memberships]].map(([kind, lines]) => [kind, lines.length - 1, `${lines.join('\n')}\n`]);
}

async function people() {
    console.log('People: a year of the centre brought in by CSV, then the list');
    for (const engine of ['sqlite', 'pgsql']) {
        const server = await startServer({ engine, logFile: join(temporaryFolder('log'), 'log') });
        const staff = await signedIn(server, 'staff');
        const settled = async (path) => {
            for (;;) {
                const page = await staff.get(path);
                if (!page.html.querySelector('[data-progress-url]')) return page;
                await new Promise((next) => setTimeout(next, 100));
            }
        };
        const begun = performance.now();
        for (const [kind, count, text] of yearFiles()) {
            const from = performance.now();
            const sent = await staff.submit(await staff.get('/gestion/imports'), 'form[action="/gestion/imports"]', { sorte: kind, fichier: fileOf(text, `${kind}.csv`, 'text/csv') });
            const preview = await settled(sent.location);
            const looked = performance.now();
            const confirmed = await staff.submit(preview, 'form[action$="/importer"]');
            const done = await settled(confirmed.location);
            const words = done.words('.planche');
            row(`${engine}: ${count} ${kind}, looked through and brought in`, `${((looked - from) / 1000).toFixed(1)} s and ${((performance.now() - looked) / 1000).toFixed(1)} s (${words.slice(0, 60)})`);
        }
        const seconds = (performance.now() - begun) / 1000;
        row(`${engine}: 900 organisations, 16,000 people, 60,000 memberships`, `${seconds.toFixed(1)} s`, 'under 60 s', seconds < 60);
        const headers = { Cookie: staff.cookie() };
        for (const [what, query] of [['everyone', ''], ['search', '?q=prenom12+personne'], ['search and organisation', '?q=personne1&ou=felsi'], ['last page', '?page=300']]) {
            const url = `${server.url}/gestion/personnes${query}`;
            const { us, perSecond } = cost(server.process.pid, url, { headers, connections: 1, seconds: 3 });
            row(`${engine}: list of people, ${what}: CPU of the server, and time of one request with the engine's`, `${(us / 1000).toFixed(1)} ms; ${(1000 / perSecond).toFixed(1)} ms`, 'under 20 ms', us < 20_000 && (engine === 'sqlite' || perSecond > 50));
        }
        await server.stop();
    }
}

// One page after the other from one visitor, until told to stop: the time of each, in ms.
async function pageTimes(server, path, over) {
    const times = [];
    while (!over()) {
        const from = performance.now();
        await (await fetch(server.url + path)).arrayBuffer();
        times.push(performance.now() - from);
    }
    return times.sort((a, b) => a - b);
}

async function signIn() {
    const many = 200;
    console.log(`Sign-in: a page's latency, alone and beside ${many} who send their password at once`);
    for (const engine of ['sqlite', 'pgsql']) {
        const copy = await sampleCopy(engine);
        const people = makeCrowd(copy, many);
        const { email, password } = (await demoAccounts())[0];
        sql(copy, `UPDATE person SET password = (SELECT q.password FROM person q WHERE q.email = '${email}') WHERE email LIKE 'charge%'`);
        // each from an address of their own, as people are: one alone would stand in line
        const server = await serve({ data: copy.data, database: copy.database, settings: { trusted_proxy: '127.0.0.1' }, logFile: join(copy.data, '..', 'sign-in.log') });
        const token = csrfOf(await newVisitor(server).get('/connexion'));
        const enter = async ({ person }, i) => {
            const body = new URLSearchParams({ _csrf: token, email: `charge${person}@example.org`, password });
            const answer = await fetch(`${server.url}/connexion`, { method: 'POST', body, redirect: 'manual', headers: { 'x-forwarded-for': `10.1.${i >> 8}.${i & 255}` } });
            await answer.arrayBuffer();
            return answer.status;
        };
        const show = (what, times) => row(`${engine}: a page (/formations) ${what}: median, p99, longest`,
            `${[0.5, 0.99, 1].map((share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1)).join(', ')} ms of ${times.length}`,
            what === 'alone' ? '' : 'p99 under 100 ms', what === 'alone' ? undefined : times[Math.floor(times.length * 0.99)] < 100);
        const until = performance.now() + 4000;
        show('alone', await pageTimes(server, '/formations', () => performance.now() > until));
        let over = false;
        const begun = performance.now();
        const all = Promise.all(people.map(enter)).then((statuses) => { over = true; return statuses; });
        show(`beside ${many} sign-ins`, await pageTimes(server, '/formations', () => over));
        const statuses = await all;
        const seconds = (performance.now() - begun) / 1000;
        row(`${engine}: the ${many} sign-ins themselves`, `${seconds.toFixed(1)} s, ${statuses.filter((status) => status === 303).length} signed in`, 'all of them', statuses.every((status) => status === 303));
        await server.stop();
        copy.drop();
    }
}

// The home of the Web TV and its search, on a library of 20,000 videos with transcripts.
async function catalogue() {
    const many = 5000;
    console.log(`Catalogue: ${many} trainings`);
    const words = vocabulary();
    for (const engine of ['sqlite', 'pgsql']) {
        const copy = await sampleCopy(engine);
        makeOffer(copy, many);
        const server = await serve({ data: copy.data, database: copy.database, logFile: join(copy.data, '..', 'catalogue.log') });
        const begun = performance.now();
        await offerIndexed(copy);
        row(`${engine}: ${many} trainings indexed`, `${((performance.now() - begun) / 1000).toFixed(1)} s`);
        if (engine === 'pgsql') sql(copy, 'VACUUM ANALYZE');
        for (const [what, query] of [['no word', ''], ['a word', `q=${words[40]}`], ['two words', `q=${words[7]}+${words[3]}`], ['a beginning', `q=${words[30].slice(0, 3)}`], ['three filters', 'domaine=2&format=hybride&pour=secondaire'], ['a word, a filter, by date', `q=${words[7]}&format=hybride&tri=date`]]) {
            const page = await (await fetch(`${server.url}/formations?${query}`)).text();
            const total = /role="status"><b>([^<]+)</.exec(page)?.[1] ?? '?';
            const { us, perSecond } = cost(server.process.pid, `${server.url}/formations?${query}`, { connections: 1, seconds: 3 });
            row(`${engine}: search with ${what} (${total.replace(/\s/g, ' ')}): CPU of the server, and time of one request with the engine's`, `${(us / 1000).toFixed(2)} ms; ${(1000 / perSecond).toFixed(2)} ms`, 'CPU under 3 ms', us < 3000);
        }
        await server.stop();
        copy.drop();
    }
}

// Everybody follows every channel; everybody has twenty playlists of 25 videos, "watch later" among them.
function followAndKeep(copy) {
    sql(copy, `INSERT INTO channel_subscription (channel_id, person_id, since) SELECT c.id, p.id, 1 FROM tv_channel c, person p WHERE 1 = 1 ON CONFLICT DO NOTHING;
        DELETE FROM playlist_video; DELETE FROM playlist;
        INSERT INTO playlist (id, person_id, later, title, visibility, link_turn, created_at)
            SELECT 6900000000000000000 + row_number() OVER (ORDER BY p.id, v.id), p.id, CASE WHEN v.id = 7000000000000000000 THEN 1 ELSE 0 END, 'L', 'private', 0, 1 FROM person p, video v
            WHERE v.id >= 7000000000000000000 AND v.id < 7000000000000000020;
        INSERT INTO playlist_video (playlist_id, video_id, place, added_at) SELECT l.id, v.id, v.id - 7000000000000000000, 1 FROM playlist l, video v
            WHERE v.id >= 7000000000000000000 AND v.id < 7000000000000000025`);
}

// A new video of a channel that 7,000 people follow and want to hear of at once; pages are asked for meanwhile.
async function tellMany(copy, engine, many = 7000) {
    const now = Date.now();
    sql(copy, `INSERT INTO person (id, name, email, lang, created_at, confirmed_at) VALUES ${Array.from({ length: many }, (_, i) => `(${i + 1}, 'P ${i}', 'abo${i}@example.org', 'fr', 1, 1)`)};
        INSERT INTO channel_subscription (channel_id, person_id, since) SELECT 7000000000000000000, id, 1 FROM person WHERE id <= ${many};
        INSERT INTO subscription_choice (person_id, mail, chosen_at) SELECT id, 'now', 1 FROM person WHERE id <= ${many};
        UPDATE video SET shown_at = ${now - 3600_000} WHERE id = 7000000000000000000;
        DELETE FROM subscription_news;
        INSERT INTO work_job (id, kind, key, lane, payload, state, due_at, created_at) SELECT max(id) + 1, 'subscription.news', 'bench', 0, '{}', 0, 1, 1 FROM work_job`);
    const begun = performance.now();
    let slowest = 0;
    while (Number(sql(copy, "SELECT count(*) FROM work_mail WHERE recipient LIKE 'abo%'")) < many && performance.now() - begun < 300_000) {
        const asked = performance.now();
        await (await fetch(`${copy.url}/tv`)).arrayBuffer();
        slowest = Math.max(slowest, performance.now() - asked);
        await new Promise((next) => setTimeout(next, 50));
    }
    row(`${engine}: letters to ${many} followers written into the queue; slowest page meanwhile`, `${((performance.now() - begun) / 1000).toFixed(1)} s; ${slowest.toFixed(0)} ms`, 'pages under 500 ms', slowest < 500);
}

async function tv() {
    const many = 20_000;
    console.log(`Web TV: ${many} videos with transcripts`);
    const words = vocabulary();
    for (const engine of ['sqlite', 'pgsql']) {
        const copy = await sampleCopy(engine);
        makeLibrary(copy, many);
        const server = await serve({ data: copy.data, database: copy.database, logFile: join(copy.data, '..', 'tv.log') });
        const begun = performance.now();
        await libraryIndexed(copy);
        row(`${engine}: ${many} videos and their transcripts indexed`, `${((performance.now() - begun) / 1000).toFixed(0)} s`);
        if (engine === 'pgsql') sql(copy, 'VACUUM ANALYZE');
        const member = await signedIn(server);
        const show = (what, path, bar, headers = {}) => {
            const { us, perSecond } = cost(server.process.pid, server.url + path, { headers, connections: 1, seconds: 3 });
            row(`${engine}: ${what}: CPU of the server, and time of one request with the engine's`, `${(us / 1000).toFixed(1)} ms; ${(1000 / perSecond).toFixed(1)} ms`, `CPU under ${bar} ms`, us < bar * 1000);
        };
        const session = { Cookie: member.cookie() };
        followAndKeep(copy);
        copy.url = server.url;
        show('home of the TV, a visitor', '/tv', 10);
        show('home of the TV, a member with 15 channels and 20 playlists', '/tv', 10, session);
        show('list with two filters, page 20', '/tv/videos?theme=ia&niveau=secondaire&niveau=primaire&page=20', 10);
        for (const [what, q] of [['a word in nearly all', words[0]], ['a word in a tenth', words[40]], ['a rare word', words[4000]], ['two words', `${words[5]} ${words[90]}`], ['a beginning', words[30].slice(0, 4)]]) {
            const page = await (await fetch(`${server.url}/tv/videos?q=${encodeURIComponent(q)}`)).text();
            const total = /role="status"><b>([^<]+)</.exec(page)?.[1] ?? '?';
            show(`search for ${what} (${total.replace(/\s/g, ' ')})`, `/tv/videos?q=${encodeURIComponent(q)}`, 20);
        }
        await tellMany(copy, engine); // last: its letters are sent for a while
        await server.stop();
        copy.drop();
    }
}

// CPU of all threads of a process, in nanoseconds: a request is far below the clock's hundredth of a second.
const cpuNanoseconds = (pid) => readdirSync(`/proc/${pid}/task`).reduce((sum, task) => {
    try { return sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]); } catch { return sum; }
}, 0);

// A year of the centre, as `edulab demo --size year` makes it: every kind of page, for ever other people, groups and trainings. One
// request after the other, each with the CPU of the whole process.
async function year() {
    const base = 1_000_000_000_000_000n;
    const digits = '0123456789abcdefghjkmnpqrstvwxyz';
    const shown = (n) => (base + BigInt(n)).toString(32).padStart(13, '0').replace(/./g, (c) => digits[parseInt(c, 32)]);
    const MOST = 120;
    for (const engine of ['sqlite', 'pgsql']) {
        const begun = performance.now();
        let server = await startServer({ engine, demo: false, command: 'demo', args: ['--size', 'year'], wait: 400_000, logFile: join(temporaryFolder('year'), 'log') });
        row(`${engine}: a year is made`, `${((performance.now() - begun) / 1000).toFixed(0)} s`);
        server = await server.restart({ command: 'serve', args: [] });
        const count = (text) => Number(sql(server, text));
        const made = [['people', 16_000, 'person'], ['groups', 400, 'cohort'], ['enrolments', 60_000, 'enrolment'], ['records of activity', 2_000_000, 'completion']];
        for (const [what, bar, name] of made) {
            const n = count(`SELECT count(*) FROM ${name}`);
            row(`${engine}: ${what}`, n.toLocaleString('en'), `${bar.toLocaleString('en')} at least`, n >= bar);
        }
        sql(server, "DELETE FROM work_attempt; DELETE FROM work_job WHERE ended_at IS NULL AND lane = 1"); // the sample's videos would be made meanwhile
        if (engine === 'pgsql') sql(server, 'VACUUM ANALYZE');
        const staff = { Cookie: (await signedIn(server, 'staff')).cookie() };
        const learners = openSessions(server, Array.from({ length: MOST }, (_, i) => base + BigInt(i * 131))).map(({ cookie }) => ({ Cookie: cookie }));
        const nobody = () => ({});
        const by = (i) => learners[i % MOST];
        const desk = () => staff;
        const month = (i) => `date=${new Date(Date.now() + (i % 12 - 6) * 30 * 86400000).toISOString().slice(0, 10)}`;
        const kinds = [
            ['home', () => '/', nobody], ['catalogue', (i) => `/formations?page=${1 + i % 4}`, nobody], ['catalogue, searched', (i) => `/formations?q=formation+${i % 40}`, nobody],
            ['a training', (i) => `/formations/annee-${i % 40}`, nobody], ['a training, by who follows it', (i) => `/formations/annee-${i * 131 % 40}`, by],
            ['Référent·e IA', () => '/formations/referent-ia', nobody], ['form of enrolment', () => '/formations/personnes-relais/inscription', by],
            ['Mon espace', () => '/mon-espace', by], ['path with its map', (i) => `/mon-espace/parcours/annee-${i * 131 % 40}`, by],
            ['room of a module', (i) => `/mon-espace/modules/annee-m${i * 131 % 40 * 10 + i % 10}`, by], ['one\'s hours', () => '/mon-espace/heures', by],
            ['hours of a training', (i) => `/mon-espace/heures/annee-${i * 131 % 40}`, by], ['one\'s enrolments', () => '/mon-espace/inscriptions', by],
            ['one\'s attendance', () => '/mon-espace/presences', by], ['one\'s agenda, month', (i) => `/mon-espace/agenda?${month(i)}`, by],
            ['one\'s agenda, list', () => '/mon-espace/agenda?vue=liste', by], ['agenda, month', (i) => `/agenda?${month(i)}`, nobody],
            ['agenda, week', (i) => `/agenda?vue=semaine&${month(i)}`, nobody], ['agenda, list', (i) => `/agenda?vue=liste&${month(i)}`, nobody],
            ['agenda of a training', (i) => `/agenda?programme=annee-${i % 40}&${month(i)}`, nobody], ['agenda of a room', (i) => `/agenda?salle=${shown(i % 12)}&${month(i)}`, nobody],
            ['agenda of a trainer', (i) => `/agenda?formateur=${shown(i % 80 * 7)}&${month(i)}`, desk], ['badges', () => '/badges', nobody],
            ['staff\'s overview', () => '/gestion', desk], ['groups that are followed', () => '/gestion/suivi', desk], ['who is where in a group', (i) => `/gestion/suivi/${shown(i * 3 % 400)}`, desk],
            ['hours of a learner', (i) => `/gestion/suivi/personnes/${shown(i * 131)}/heures`, desk], ['meetings to take attendance of', () => '/gestion/presences', desk],
            ['list of a half-day', (i) => `/gestion/presences/${shown(i * 33 % 4000)}`, desk], ['attendance of a group', (i) => `/gestion/presences/groupes/${shown(i * 3 % 400)}`, desk],
            ['groups that are planned', () => '/gestion/cohortes', desk], ['planning of a group', (i) => `/gestion/cohortes/${shown(i * 3 % 400)}`, desk],
            ['a meeting', (i) => `/gestion/seances/${shown(i * 33 % 4000)}`, desk], ['who is in a group', (i) => `/gestion/cohortes/${shown(i * 3 % 400)}/inscriptions`, desk],
            ['rooms', () => '/gestion/salles', desk], ['trainings that are written', () => '/gestion/formations', desk], ['outline of a training', (i) => `/gestion/formations/${shown(i % 40)}`, desk],
            ['form of a module', (i) => `/gestion/formations/${shown(i % 40)}/elements/${shown(1_000_000 + i % 40 * 10)}`, desk], ['works to mark', () => '/gestion/depots', desk],
            ['people', (i) => `/gestion/personnes?page=${1 + i}`, desk], ['people, searched', (i) => `/gestion/personnes?q=${'aeiloprst'[i % 9]}${'aeiou'[i % 5]}`, desk], ['a person', (i) => `/gestion/personnes/${shown(i * 131)}`, desk],
        ];
        for (const [what, path, who] of kinds) {
            const costs = [];
            for (let i = -5; i < MOST; i++) {
                const before = cpuNanoseconds(server.process.pid);
                const answer = await fetch(server.url + path(Math.abs(i)), { headers: who(Math.abs(i)), redirect: 'manual' });
                await answer.arrayBuffer();
                if (answer.status !== 200) throw new Error(`${path(Math.abs(i))}: ${answer.status}`);
                if (i >= 0) costs.push((cpuNanoseconds(server.process.pid) - before) / 1e6);
            }
            costs.sort((a, b) => a - b);
            const [median, p99] = [costs[MOST >> 1], costs[Math.ceil(MOST * 0.99) - 1]];
            row(`${engine}: a year: ${what}: CPU of the server, half and p99`, `${median.toFixed(2)} ms; ${p99.toFixed(2)} ms`, 'p99 under 15 ms', p99 < 15);
        }
        await server.stop();
    }
}

function table() {
    const all = [['what', 'measured', 'bar', ''], ...rows];
    const width = all[0].map((_, i) => Math.max(...all.map((each) => each[i].length)));
    const line = (each) => `| ${each.map((cell, i) => cell.padEnd(width[i])).join(' | ')} |`;
    return [line(all[0]), `|${width.map((n) => '-'.repeat(n + 2)).join('|')}|`, ...rows.map(line)].join('\n');
}

const model = /^model name\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown processor';
for (const [name, part] of Object.entries({ pages, changes, people, scim: () => scim({ row, signedIn }), 'sign-in': signIn, catalogue, tv, year, viewers: () => viewers({ row, wrk, cpuSeconds, oneCore }), ladder: () => ladder({ row }), start, memory, weight, lighthouse })) {
    if (!chosen(name)) continue;
    try { await part(); } catch (error) { row(name, `could not be measured: ${String(error.message).split('\n')[0]}`); console.error(error); }
}
await stopPostgres();
const text = `${table()}\n`;
console.log(`\n${text}`);
writeFileSync(join(build, 'bench.md'), `# Measured on ${cpus().length} cores of ${model}, ${new Date().toISOString().slice(0, 10)}\n\n${text}`);
process.exit(0);
