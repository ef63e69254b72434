// Many people at once, signed in: written straight into the database of a server that is not running, because signing in
// through the page costs 50 ms of password hashing each, on purpose. For load and fault tests only.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { csrfOf, fieldsOf, newVisitor } from './http.mjs';
import { attachPostgres } from './pg.mjs';
import { temporaryFolder } from './server.mjs';

// BLAKE2b-256 of each text, by coreutils: Node has only the 512-bit one.
function blake2b(texts) {
    const folder = temporaryFolder('tokens');
    texts.forEach((text, i) => writeFileSync(join(folder, String(i).padStart(6, '0')), text));
    const out = execFileSync('sh', ['-c', 'cd "$1" && find . -type f | sort | xargs b2sum -l 256', 'sh', folder], { encoding: 'utf8', maxBuffer: 1 << 26 });
    rmSync(folder, { recursive: true });
    return out.trim().split('\n').map((line) => line.slice(0, 64));
}

// The SQLite file of a data folder.
export function databaseFile(data) {
    const found = readdirSync(data).filter((name) => /\.(db|sqlite3?)$/.test(name));
    if (found.length !== 1) throw new Error(`one database expected in ${data}, found: ${found.join(' ') || 'none'}`);
    return join(data, found[0]);
}

// Runs SQL in the server's database, whichever engine. Returns the output: fields by |, rows by line.
export function sql(server, text) {
    if (server.database) {
        const cluster = attachPostgres(server.database);
        return cluster.psql(text, new URL(server.database.replace('postgres://postgres@/', 'http://x/')).pathname.slice(1)).trim();
    }
    return execFileSync('sqlite3', ['-batch', '-cmd', '.timeout 20000', databaseFile(server.data)], { input: text, encoding: 'utf8', maxBuffer: 1 << 28 }).trim();
}

// Sessions of people who are there already: [{ person, cookie }].
export function openSessions(server, people) {
    const tokens = people.map(() => randomBytes(32).toString('base64url'));
    const hashes = blake2b(tokens);
    const now = Date.now();
    const blob = server.database ? (hex) => `'\\x${hex}'::bytea` : (hex) => `x'${hex}'`;
    const id = 7_000_000_000_000_000_000n + BigInt(now % 1e9) * 1_000_000_000n;
    sql(server, `INSERT INTO session (id, token_hash, person_id, created_at, expires_at, peer, agent) VALUES ${people.map((person, i) =>
        `(${id + BigInt(i)}, ${blob(hashes[i])}, ${person}, ${now}, ${now + 86400000}, '127.0.0.1', 'load')`).join(',\n')}`);
    return people.map((person, i) => ({ person, cookie: `edulab=${tokens[i]}` }));
}

// n people with a session each: [{ person, cookie }].
export function makeCrowd(server, n) {
    const base = 8_000_000_000_000_000_000n + BigInt(Date.now() % 1e9) * 1_000_000_000n;
    const tokens = Array.from({ length: n }, () => randomBytes(32).toString('base64url'));
    const hashes = blake2b(tokens);
    const now = Date.now();
    const blob = server.database ? (hex) => `'\\x${hex}'::bytea` : (hex) => `x'${hex}'`;
    const people = tokens.map((token, i) => ({ person: base + BigInt(i), cookie: `edulab=${token}` }));
    for (let i = 0; i < n; i += 500) {
        const part = people.slice(i, i + 500);
        const list = (make) => part.map((each, k) => make(each, i + k)).join(',\n');
        sql(server, `BEGIN;
INSERT INTO person (id, name, email, lang, created_at, confirmed_at) VALUES ${list(({ person }, k) => `(${person}, 'Charge ${k}', 'charge${person}@example.org', 'fr', ${now}, ${now})`)};
INSERT INTO session (id, token_hash, person_id, created_at, expires_at, peer, agent) VALUES ${list(({ person }, k) => `(${person}, ${blob(hashes[k])}, ${person}, ${now}, ${now + 86400000}, '127.0.0.1', 'load')`)};
COMMIT;`);
    }
    return people;
}

// The programmes one can enrol in, one after the other, with the form's fields beside the token: [{ path, action, fields }].
// The person given tries them all and is enrolled afterwards: a form that wants more than a press, because a question is
// asked or a meeting lies across another, is left out.
export async function enrolmentForms(server, person) {
    const visitor = newVisitor(server);
    visitor.headers.cookie = person.cookie;
    const slugs = new Set();
    for (let page = 1; page < 10; page++) {
        const catalogue = await visitor.get(`/formations?page=${page}`);
        const before = slugs.size;
        for (const link of catalogue.html.querySelectorAll('a[href^="/formations/"]')) {
            const path = new URL(link.getAttribute('href'), server.url).pathname;
            if (path.split('/').length === 3) slugs.add(path);
        }
        if (slugs.size === before) break;
    }
    const forms = [];
    for (const path of slugs) {
        const programme = await visitor.get(path);
        const form = programme.html.querySelector('form[action$="/inscription"]');
        if (!form || forms.some(({ action }) => action === form.getAttribute('action'))) continue;
        const { status } = await visitor.submit(programme, 'form[action$="/inscription"]');
        if (status === 303) forms.push({ path, action: form.getAttribute('action'), fields: fieldsOf(form).filter(([name]) => name !== '_csrf') });
    }
    return forms;
}

// A raw enrolment request for each person and form: [{ person, form, text }]. Person by person, so that clients enrol in
// different programmes at the same moment; `rush` sends everybody to one after the other.
export async function enrolmentRequests(server, people, forms, { rush = false } = {}) {
    const tokens = [];
    for (let i = 0; i < people.length; i += 32) {
        tokens.push(...await Promise.all(people.slice(i, i + 32).map(async ({ cookie }) => {
            const visitor = newVisitor(server);
            visitor.headers.cookie = cookie;
            const token = csrfOf(await visitor.get('/mon-espace'));
            if (!token) throw new Error('no CSRF token on /mon-espace: is the crowd signed in?');
            return token;
        })));
    }
    const requests = people.flatMap((person, i) => forms.map((form) => {
        const body = new URLSearchParams([...form.fields, ['_csrf', tokens[i]]]).toString();
        return { person, form, text: `POST ${form.action} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nCookie: ${person.cookie}\r\n`
            + `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}` };
    }));
    return rush ? forms.flatMap((form) => requests.filter((request) => request.form === form)) : requests;
}

// Writes requests in the form tests/bench/load.c reads.
export function writeLoad(path, texts) {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, texts.map((text) => `${Buffer.byteLength(text)}\n${text}`).join(''));
}
