// Files over HTTP: ranges, conditions, compression, what must not be reachable; and what every page carries and never
// carries: headers that protect it, no address of anybody else.
// run: seconds=240
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { mediaOf, newVisitor, rawGet, rawRequest } from '../lib/http.mjs';
import { demoAccounts, edulab, startServer } from '../lib/server.mjs';

let server;
let accounts;
let video; // /media/v/<token>/<id> of a public one
let visitor;
before(async () => {
    server = await startServer();
    accounts = await demoAccounts();
    visitor = newVisitor(server);
    video = await mediaOf(visitor, '/tv/demarche-steam');
});
after(() => server?.stop());

// A request as it is, nothing added and nothing unpacked.
function plain(path, headers = {}, method = 'GET') {
    return new Promise((done, failed) => {
        const sent = request({ host: '127.0.0.1', port: server.port, path, method, headers, agent: false }, (answer) => {
            const parts = [];
            answer.on('data', (part) => parts.push(part));
            answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
        });
        sent.on('error', failed);
        sent.end();
    });
}

test('a playlist leads to its qualities, sound, subtitles and every piece, all from here', async () => {
    const seen = new Map();
    const waiting = [`${video}/master.m3u8`];
    while (waiting.length) {
        const path = waiting.shift();
        if (seen.has(path)) continue;
        const answer = await plain(path, {}, /\.m3u8$/.test(path) ? 'GET' : 'HEAD');
        assert.equal(answer.status, 200, path);
        seen.set(path, answer.headers['content-type']);
        assert.equal(answer.headers['x-content-type-options'], 'nosniff', path);
        if (!/\.m3u8$/.test(path)) continue;
        for (const line of answer.body.toString().split('\n')) {
            const target = /URI="([^"]+)"/.exec(line)?.[1] ?? (line && !line.startsWith('#') ? line : undefined);
            if (!target) continue;
            assert.ok(!/^[a-z]+:|^\/\//.test(target), `${path} names ${target}`);
            waiting.push(new URL(target, `http://x${path}`).pathname);
        }
    }
    const types = [...seen].map(([path, type]) => `${path.replace(/.*\./, '')} ${type}`);
    assert.ok(types.includes('m3u8 application/vnd.apple.mpegurl'), [...new Set(types)].join(', '));
    assert.ok(types.some((type) => /^(m4s|mp4) (video|audio)\//.test(type)), [...new Set(types)].join(', '));
    assert.ok(types.some((type) => /^vtt text\/vtt/.test(type)), [...new Set(types)].join(', '));
    assert.ok([...seen.keys()].filter((path) => /\.m3u8$/.test(path)).length >= 4, 'two qualities, sound, and what leads to them');
});

test('pieces of a file: each gets exactly what was asked', async () => {
    const path = `${video}/video.mp4`;
    const whole = await plain(path);
    assert.equal(whole.status, 200);
    assert.equal(whole.headers['accept-ranges'], 'bytes');
    const size = whole.body.length;
    assert.equal(Number(whole.headers['content-length']), size);
    assert.ok(size > 10_000);
    for (const [range, from, to] of [['bytes=0-0', 0, 0], ['bytes=0-99', 0, 99], ['bytes=100-', 100, size - 1], ['bytes=-50', size - 50, size - 1],
        [`bytes=${size - 1}-`, size - 1, size - 1], [`bytes=10-${size * 2}`, 10, size - 1], [`bytes=-${size * 2}`, 0, size - 1]]) {
        const answer = await plain(path, { range });
        assert.equal(answer.status, 206, range);
        assert.equal(answer.headers['content-range'], `bytes ${from}-${to}/${size}`, range);
        assert.ok(answer.body.equals(whole.body.subarray(from, to + 1)), range);
    }
    for (const range of [`bytes=${size}-`, `bytes=${size * 3}-${size * 4}`, 'bytes=-0']) {
        const answer = await plain(path, { range });
        assert.equal(answer.status, 416, range);
        assert.equal(answer.headers['content-range'], `bytes */${size}`, range);
        assert.equal(answer.body.length, 0);
    }
    for (const range of ['bytes=5-2', 'bytes=x-y', 'bytes=', 'pages=1-2', 'bytes=-', 'bytes=0-1,5-6', `bytes=${'9'.repeat(40)}-`]) {
        const answer = await plain(path, { range });
        assert.ok([200, 206, 416].includes(answer.status), `${range}: ${answer.status}`);
        if (answer.status === 200) assert.equal(answer.body.length, size, range);
    }
    const middle = Math.floor(size / 2);
    const halves = await Promise.all([plain(path, { range: `bytes=0-${middle}` }), plain(path, { range: `bytes=${middle + 1}-` })]);
    assert.ok(Buffer.concat(halves.map((half) => half.body)).equals(whole.body), 'the halves make the whole');
});

test('what has not changed is not sent again', async () => {
    const path = `${video}/video.mp4`;
    const { headers: { etag, 'last-modified': modified } } = await plain(path, {}, 'HEAD');
    assert.match(etag, /^"[^"]+"$/);
    assert.ok(!Number.isNaN(Date.parse(modified)));
    const same = await plain(path, { 'if-none-match': etag });
    assert.equal(same.status, 304);
    assert.equal(same.body.length, 0);
    assert.equal(same.headers.etag, etag);
    assert.equal((await plain(path, { 'if-none-match': '"other"' })).status, 200);
    assert.equal((await plain(path, { 'if-range': etag, range: 'bytes=0-9' })).status, 206);
    const changed = await plain(path, { 'if-range': '"other"', range: 'bytes=0-9' });
    assert.equal(changed.status, 200, 'changed in between: the whole, never a mixture');
    assert.ok(changed.body.length > 10);
    assert.equal((await plain(path, { 'if-range': `W/${etag}`, range: 'bytes=0-9' })).status, 200, 'a weak name is not good enough for pieces');
});

test('HEAD says what GET would, without the body', async () => {
    for (const path of ['/', '/formations', '/formations/steamagine1', '/nulle-part', '/badges/steam-decouverte/medaillon.png', `${video}/video.mp4`, `${video}/master.m3u8`,
        '/api/v1/formations', '/api/v1/badges/issuer', '/robots.txt']) {
        const [get, head] = [await plain(path), await plain(path, {}, 'HEAD')];
        assert.equal(head.status, get.status, path);
        assert.equal(head.headers['content-type'], get.headers['content-type'], path);
        assert.equal(head.headers['content-length'], get.headers['content-length'], path);
        assert.equal(head.body.length, 0, path);
    }
});

test('compressed for who can read it, and only then', async () => {
    const css = (await visitor.get('/')).html.querySelector('link[rel=stylesheet]').getAttribute('href');
    for (const path of ['/formations', '/api/v1/formations', css]) {
        const [raw, packed] = [await plain(path, { 'accept-language': 'fr' }), await plain(path, { 'accept-language': 'fr', 'accept-encoding': 'gzip, deflate, br' })];
        assert.equal(raw.headers['content-encoding'], undefined, path);
        assert.equal(packed.headers['content-encoding'], 'gzip', path);
        assert.ok(packed.body.length < raw.body.length * 0.6, `${path}: ${packed.body.length} of ${raw.body.length} bytes`);
        assert.equal(Number(packed.headers['content-length']), packed.body.length);
        const tokens = (text) => text.toString().replace(/[\w-]{43}(?=")/g, 'TOKEN');
        assert.equal(tokens(gunzipSync(packed.body)), tokens(raw.body), path);
        if (path !== '/api/v1/formations') assert.match(packed.headers.vary ?? '', /accept-encoding/i, `${path}: a cache must know`);
        for (const refusing of ['gzip;q=0', 'gzip; q=0', 'gzip;q=0.0', 'identity', 'br', 'deflate, br', ''])
            assert.equal((await plain(path, { 'accept-encoding': refusing })).headers['content-encoding'], undefined, `${path} for ${refusing || 'nothing'}`);
        assert.equal((await plain(path, { 'accept-encoding': 'br;q=1.0, gzip;q=0.8' })).headers['content-encoding'], 'gzip', path);
    }
    assert.equal((await plain(`${video}/video.mp4`, { 'accept-encoding': 'gzip' })).headers['content-encoding'], undefined, 'a video is packed already');
});

test('no path leads out of the public files', async () => {
    const id = video.split('/').at(-1);
    const tries = ['../edulab.db', '../../edulab.db', '..%2f..%2fedulab.db', '%2e%2e/%2e%2e/edulab.db', '%252e%252e%252fedulab.db', '....//....//edulab.db', '..;/edulab.db',
        '%c0%ae%c0%ae/edulab.db', '..%5c..%5cedulab.db', '.%00./edulab.db', 'video.mp4%00.txt', '.', './video.mp4', '//video.mp4', '../../../../../../etc/passwd', '..%2f..%2f..%2f..%2fetc%2fpasswd'];
    const prefixes = ['/media/v/', '/media/hls/', `${video}/`, '/assets/', '/badges/', '/tv/', '/formations/', '/'];
    for (const prefix of prefixes) {
        for (const end of tries) {
            const { status, text } = await rawRequest(server, rawGet(prefix + end));
            assert.ok([400, 404].includes(status) || (status === 403 && prefix === '/media/v/'), `${prefix}${end}: ${status}`);
            assert.ok(!/SQLite format 3|root:x:/.test(text), `${prefix}${end}`);
        }
    }
    for (const path of ['/media/hls', `/media/hls/${id}/master.m3u8`, '/media/v', '/media/v/', video, `${video}/`, `${video}/720`, `${video}/unknown.m3u8`, `${video}/x/y/z/index.m3u8`,
        `${video}/master.m3u8/x`, '/media/blobs', '/blobs', '/uploads', '/mail', '/secret', '/edulab.db',
        '/assets', '/assets/', '/assets/unknown.js', '/.git/config', '/var/edulab/edulab.db']) {
        const answer = await plain(path);
        const to = answer.status === 301 ? await plain(answer.headers.location) : answer;
        assert.equal(to.status, 404, path);
    }
});

test('a video that is taken off is gone from everywhere, its files within two seconds', async () => {
    const staff = newVisitor(server);
    await staff.signIn(accounts.find((account) => account.role === 'staff'));
    const slug = 'licences-ouvertes';
    const folder = `${await mediaOf(visitor, `/tv/${slug}`)}/`;
    const known = await plain(`${folder}video.mp4`, {}, 'HEAD');
    assert.equal(known.status, 200);
    const id = folder.split('/').at(-2);
    const learner = newVisitor(server);
    await learner.signIn(accounts.find((account) => account.role === 'learner'));
    const page = await staff.get(`/gestion/videos/${id}`);
    assert.equal((await learner.get(`/gestion/videos/${id}`)).status, 403);
    assert.equal((await staff.submit(page, 'form[action$="/retirer"]')).status, 303);
    for (const path of [`/tv/${slug}`, `/tv/${slug}/texte`, `/gestion/videos/${id}`]) assert.equal((await staff.get(path)).status, 404, path);
    await sleep(2500);
    for (const path of ['master.m3u8', 'video.mp4', 'poster.webp', 'subs/fr.vtt']) assert.equal((await staff.get(folder + path)).status, 403, path);
    assert.equal((await plain(`${folder}video.mp4`, { 'if-none-match': known.headers.etag })).status, 403, 'also for who has it in the cache');
    for (const path of ['/tv', '/', '/gestion/videos']) assert.ok(!(await staff.get(path)).text.includes(`/tv/${slug}"`), path);
});

// --- every page --------------------------------------------------------------------------------------------------

// All addresses in a page, and where they stand: resources are fetched, links only followed by people.
function addressesIn(html) {
    const found = [];
    for (const element of html.querySelectorAll('*')) {
        for (const [name, value] of Object.entries(element.attributes)) {
            if (/^(href|src|action|formaction|poster|data|cite|srcset|ping|manifest|background)$|^data-.*(url|hls|to|unfinished|next)$/.test(name)) found.push({ element, name, value });
            if (/^on/.test(name) || name === 'style') found.push({ element, name, value: `inline: ${value}` });
        }
    }
    return found;
}

function problemsOf(answer) {
    const problems = [];
    const want = (name, pattern) => { if (!pattern.test(answer.headers.get(name) ?? '')) problems.push(`${name}: ${answer.headers.get(name)}`); };
    want('x-content-type-options', /^nosniff$/);
    want('x-frame-options', /^DENY$/);
    want('referrer-policy', /^(strict-origin-when-cross-origin|same-origin|no-referrer)$/);
    want('cross-origin-opener-policy', /^same-origin$/);
    want('permissions-policy', /geolocation=\(\)/);
    want('content-type', /^text\/html; *charset=utf-8$/i);
    want('vary', /cookie/i);
    want('x-request-id', /^[0-9A-Z]{13}$/i);
    const policy = Object.fromEntries((answer.headers.get('content-security-policy') ?? '').split(';').map((part) => part.trim().split(/ (.*)/s)));
    if (policy['default-src'] !== "'none'" || policy['frame-ancestors'] !== "'none'" || policy['base-uri'] !== "'none'" || policy['form-action'] !== "'self'" || policy['script-src'] !== "'self'" || policy['style-src'] !== "'self'")
        problems.push(`policy: ${JSON.stringify(policy)}`);
    if (/unsafe-|https?:|\*/.test(answer.headers.get('content-security-policy'))) problems.push('policy: too open');
    if (answer.headers.get('server') || answer.headers.get('x-powered-by')) problems.push('tells which program answers');
    // A link that somebody chooses to follow, and which tells nobody where they come from, such as that to a framework's publisher.
    const chosen = new Set(answer.html.querySelectorAll('a[rel="noopener noreferrer"]').map((a) => a.getAttribute('href')));
    for (const { element, name, value } of addressesIn(answer.html)) {
        const what = `<${element.tagName.toLowerCase()} ${name}="${value.slice(0, 80)}">`;
        if (value.startsWith('inline: ')) { problems.push(`${what} cannot work under the policy`); continue; }
        if (value.startsWith('data:image/')) continue;
        let target;
        try { target = new URL(value, answer.url); } catch { problems.push(`${what} is no address`); continue; }
        if (target.origin !== server.url && target.protocol !== 'mailto:' && !(element.tagName === 'A' && chosen.has(value))) problems.push(`${what} leads elsewhere`);
    }
    for (const script of answer.html.querySelectorAll('script:not([src])'))
        if (!['application/json', 'application/ld+json'].includes(script.getAttribute('type'))) problems.push('a script stands in the page'); // data is not run
    if (answer.html.querySelector('style, iframe, object, embed, base')) problems.push('a style, frame, object or base stands in the page');
    for (const [address] of answer.text.matchAll(/https?:\/\/[\w[][^\s"'<>)]+/g)) {
        const { origin, hostname } = new URL(address);
        // what staff typed, such as the room of a video meeting, stands as text in the form where they change it
        const typed = hostname.endsWith('.exemple.be');
        // names of vocabularies, which nobody fetches
        const vocabulary = ['http://www.w3.org', 'https://schema.org'].includes(origin);
        if (!typed && !vocabulary && origin !== server.url && !chosen.has(address)) problems.push(`names ${address}`);
    }
    return problems;
}

test('every page, also of an error, is protected and names nobody else', async () => {
    const rows = JSON.parse((await edulab(['routes', '--json'])).stdout);
    const wrong = [];
    let count = 0;
    const check = (who, what, answer) => {
        // A document that is saved, such as the register of processing, is never shown as a page of this site.
        if (answer.type !== 'text/html' || (answer.headers.get('content-disposition') ?? '').startsWith('attachment')) return;
        count++;
        wrong.push(...problemsOf(answer).map((problem) => `${what} as ${who}: ${problem}`));
    };
    for (const role of ['visitor', 'learner', 'staff']) {
        const person = newVisitor(server);
        if (role !== 'visitor') await person.signIn(accounts.find((account) => account.role === role));
        const shape = (path) => rows.find((row) => row.method === 'GET' && new RegExp(`^${row.path.replace(/:\w+/g, '[^/]+').replace(/\*$/, '.+')}$`).test(path))?.path ?? path;
        const waiting = rows.filter((row) => row.method === 'GET' && !/[:*]/.test(row.path)).map((row) => row.path);
        const seen = new Map();
        while (waiting.length) {
            const path = waiting.shift();
            const kind = shape(decodeURI(path));
            if ((seen.get(kind) ?? 0) >= 2 || /^\/(media|assets)\//.test(path)) continue;
            seen.set(kind, (seen.get(kind) ?? 0) + 1);
            const answer = await person.get(path);
            check(role, path, answer);
            if (answer.type !== 'text/html') continue;
            for (const link of answer.html.querySelectorAll('a[href^="/"]')) waiting.push(link.getAttribute('href').replace(/[?#].*/, ''));
        }
        check(role, 'an unknown address', await person.get('/nulle-part'));
        check(role, 'a wrong method', await person.request('DELETE', '/formations'));
        check(role, 'a form without token', await person.post('/connexion', { email: 'x' }));
        check(role, 'a wrong form', await person.submit(await person.get('/inscription'), 'form[action^="/inscription"]', { email: 'x' }));
        check(role, 'a wrong type', await person.request('POST', '/connexion', { body: 'x', headers: { 'content-type': 'text/xml' } }));
        check(role, 'too large', await person.request('POST', '/connexion', { body: 'x'.repeat(70_000), headers: { 'content-type': 'application/x-www-form-urlencoded' } }));
    }
    assert.deepEqual([...new Set(wrong)].slice(0, 40), []);
    assert.ok(count > 50, `${count} pages looked at`);
});

test('styles and scripts come from here, for ever under their name', async () => {
    const pages = await Promise.all(['/', '/tv/demarche-steam'].map((path) => visitor.get(path)));
    const files = new Set(pages.flatMap((page) => page.html.querySelectorAll('link[href^="/assets/"], script[src]').map((element) => element.getAttribute('href') ?? element.getAttribute('src'))));
    assert.ok(files.size >= 5);
    for (const path of files) {
        const answer = await plain(path);
        assert.equal(answer.status, 200, path);
        assert.match(answer.headers['cache-control'], /max-age=31536000.*immutable/, path);
        assert.match(answer.headers['content-type'], /^(text\/css|text\/javascript|application\/javascript|font\/woff2|image\/svg\+xml)/, path);
        assert.equal(answer.headers['x-content-type-options'], 'nosniff', path);
        if (/\.css$/.test(path)) assert.ok(!/url\(\s*["']?(https?:)?\/\/|@import/.test(answer.body.toString()), `${path} fetches from elsewhere`);
        if (/\.m?js$/.test(path)) assert.ok(!/\bimport\s*\(?\s*["'`](https?:)?\/\//.test(answer.body.toString()), `${path} imports from elsewhere`);
    }
});
