// Goes through the table of routes, so that a new row is tested by existing: every row has help and says who may, no
// unsafe row works without a token, nobody gets further than the row says, and every page of every role is valid HTML.
// run: seconds=300
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '../lib/browser.mjs';
import { csrfOf, newVisitor } from '../lib/http.mjs';
import { demoAccounts, edulab, startServer } from '../lib/server.mjs';
import { problemsOf } from '../lib/validate.mjs';

let server;
let rows;
const people = {}; // by role; "visitor" is nobody
before(async () => {
    server = await startServer();
    rows = JSON.parse((await edulab(['routes', '--json'])).stdout);
    people.visitor = newVisitor(server);
    for (const account of await demoAccounts()) {
        people[account.role] = newVisitor(server);
        await people[account.role].signIn(account);
    }
});
after(() => server?.stop());

// A path with something in the place of each ":value".
const filled = (path) => path.replace(/:\w+/g, 'zzzzzzzzzzzzz').replace(/\*$/, 'zz');
const unsafe = (row) => !['GET', 'HEAD', 'OPTIONS'].includes(row.method);

test('the table has rows, each with help and with a word on who may', () => {
    assert.ok(rows.length > 20);
    for (const row of rows) {
        assert.match(row.help, /^\S.{8,}\.$/, `${row.method} ${row.path}: help is a sentence`);
        assert.ok(row.access && row.access !== 'refused', `${row.method} ${row.path}`);
    }
});

// Rows whose proof stands in the request: a secret or a signature, instead of a session or a CSRF token; without it nothing is read.
const ownProof = new Set(['/oauth/token', '/saml/acs', '/tv/battement', '/media/v/*', '/tv/abonnements/arret/:cle', '/tv/reponses/arret/:arret']);

test('no unsafe row works without a token', async () => {
    for (const row of rows.filter(unsafe)) {
        for (const [role, person] of Object.entries(people)) {
            const answer = await person.request(row.method, filled(row.path), { body: new URLSearchParams({ a: '1' }) });
            const refusals = ownProof.has(row.path) ? [400, 401, 403, 422] : [401, 403, 404, 415];
            assert.ok(refusals.includes(answer.status), `${role}: ${row.method} ${row.path} without token: ${answer.status}`);
        }
    }
});

test('an address that is itself a secret stands in no log', async () => {
    const secret = /:(cle|secret|arret)\b|:jeton$|^\/media\/v\//;
    const own = rows.filter((row) => secret.test(row.path));
    assert.ok(own.length >= 9, `${own.length} rows`);
    for (const row of own)
        for (const [method, more] of [['GET', '/'], ['GET', '/plus'], ['DELETE', ''], ['OPTIONS', '']])
            await people.visitor.request(method, row.path.replace(/:\w+|\*$/g, 'gardepoursoi') + more);
    for (const row of own)
        await people.visitor.request(row.method, row.path.replace(/:\w+|\*$/g, 'gardepoursoi'), { body: unsafe(row) ? new URLSearchParams({ a: '1' }) : undefined });
    await eventually(() => own.filter((row) => !server.log.includes(`"path":"${row.path}"`)), (missing) => missing.length === 0);
    assert.ok(!server.log.includes('gardepoursoi'));
});

test('a visitor gets no further than the public rows, even with a token', async () => {
    const { visitor } = people;
    for (const row of rows.filter((each) => !['public', 'object', 'scrape'].includes(each.access))) {
        const headers = unsafe(row) ? { 'x-csrf-token': csrfOf(await visitor.get('/connexion')) } : {};
        const answer = await visitor.request(row.method, filled(row.path), { headers, body: unsafe(row) ? new URLSearchParams({ a: '1' }) : undefined });
        const asked = answer.status === 303 && answer.location.startsWith('/connexion');
        assert.ok(asked || [401, 403, 404].includes(answer.status), `${row.method} ${row.path}: ${answer.status} ${answer.location ?? ''}`);
    }
});

// Every row × every role: allowed or refused as the row's word and the matrix say. Nothing that is named exists, and no
// form is filled in, so nothing is changed; what ends a session is tried last.
test('every row answers every role as its access says', async () => {
    const matrixPage = await people.staff.get('/gestion/roles');
    const columns = matrixPage.html.querySelectorAll('.matrix thead th[data-role]').map((cell) => cell.getAttribute('data-role'));
    const matrix = Object.fromEntries(matrixPage.html.querySelectorAll('.matrix tbody tr').map((line) => [line.getAttribute('data-permission'),
        new Set(line.querySelectorAll('td').flatMap((cell, i) => (cell.classList.contains('yes') ? [columns[i]] : [])))]));
    // Of the sample people these have their role for one organisation only: everywhere they are learners.
    const everywhere = (role) => (['head', 'contact', 'network'].includes(role) ? 'learner' : role);
    const may = (row, role) => {
        if (['public', 'scrape'].includes(row.access)) return true;
        if (role === 'visitor') return false;
        return row.access === 'member' || matrix[row.access].has(everywhere(role));
    };
    const path = (row) => row.path.replace(/:\w+/g, '0000000000001').replace(/\*$/, 'zz');
    const ends = (row) => /deconnexion|seances|compte|securite/.test(row.path) && unsafe(row);
    const wrong = [];
    const answers = async (role, row) => {
        const person = people[role];
        const token = unsafe(row) ? csrfOf(await person.get(role === 'visitor' ? '/connexion' : '/mon-espace')) : undefined;
        return person.request(row.method, path(row), unsafe(row) ? { headers: { 'x-csrf-token': token }, body: new URLSearchParams({ zz: '1' }) } : {});
    };
    let called = 0;
    for (const [role, person] of Object.entries(people)) {
        for (const row of rows.filter((each) => !ends(each))) {
            const answer = await answers(role, row);
            called++;
            const refused = [401, 403].includes(answer.status) || (answer.status === 303 && /^\/connexion\?suite/.test(answer.location ?? ''));
            if (answer.status >= 500 && answer.status !== 503) wrong.push(`${role}: ${row.method} ${path(row)}: ${answer.status}`);
            if (row.access !== 'object' && !ownProof.has(row.path) && refused === may(row, role))
                wrong.push(`${role}: ${row.method} ${path(row)} (${row.access}): ${answer.status} ${answer.location ?? ''}`);
            // The object does not exist, so nobody gets anything; and no visitor learns of the staff's pages what exists there.
            if (row.access === 'object' && row.path.includes(':') && answer.status < 300) wrong.push(`${role}: ${row.method} ${path(row)}: ${answer.status} for what is not there`);
            if (row.access === 'object' && role === 'visitor' && row.path.startsWith('/gestion') && !refused) wrong.push(`a visitor: ${row.method} ${path(row)}: ${answer.status}`);
        }
        assert.ok(person.jar);
    }
    assert.deepEqual(wrong, []);
    assert.ok(called >= 8 * 60, `${called} calls`);
});

test('what staff may, a learner may not', async () => {
    const staffOnly = rows.filter((row) => row.method === 'GET' && row.path.startsWith('/gestion') && !row.path.includes(':'));
    assert.ok(staffOnly.length);
    for (const row of staffOnly) {
        assert.equal((await people.learner.get(row.path)).status, 403, row.path);
        // A page that compares two things asks for both: 400 says so to those who may.
        assert.ok([200, 400].includes((await people.staff.get(row.path)).status), row.path);
    }
});

// Every page that can be reached by links from the rows without ":", as each role, is valid; links lead somewhere.
for (const role of ['visitor', 'learner', 'trainer', 'coach', 'head', 'network', 'staff']) {
    test(`pages as ${role}: valid, linked, without surprise`, async () => {
        const person = people[role];
        const shapes = new Map(); // "/formations/:slug" is looked at a few times, not a hundred
        const shape = (path) => rows.find((row) => row.method === 'GET' && new RegExp(`^${row.path.replace(/:\w+/g, '[^/]+').replace(/\*$/, '.+')}$`).test(path))?.path;
        const waiting = rows.filter((row) => row.method === 'GET' && !/[:*]/.test(row.path)).map((row) => [row.path, 'the table']);
        const seen = new Set();
        const wrong = [];
        while (waiting.length) {
            const [address, from] = waiting.shift();
            const path = address.replace(/[?#].*/, '');
            const kind = `${shape(decodeURI(path)) ?? path}${address.includes('?') ? '?' : ''}`;
            if (seen.has(address) || (shapes.get(kind) ?? 0) >= 3) continue;
            seen.add(address);
            shapes.set(kind, (shapes.get(kind) ?? 0) + 1);
            const answer = await person.get(address);
            if (answer.status >= 500) wrong.push(`${address}: ${answer.status}`);
            if (from !== 'the table' && ![200, 303, 301].includes(answer.status)) wrong.push(`${address}, linked on ${from}: ${answer.status}`);
            if (answer.status !== 200 || answer.type !== 'text/html') continue;
            wrong.push(...(await problemsOf(answer.text)).map((problem) => `${address}: ${problem}`));
            for (const link of answer.html.querySelectorAll('a[href]')) {
                const target = new URL(link.getAttribute('href'), answer.url);
                if (target.origin === server.url && !/\/deconnexion/.test(target.pathname)) waiting.push([target.pathname + target.search, address]);
                const anchor = target.hash.slice(1);
                if (anchor && !/^t=[\d.,]+$/.test(anchor) && target.pathname === answer.url.pathname && !answer.html.getElementById(decodeURIComponent(anchor))) wrong.push(`${address}: no #${anchor}`);
            }
        }
        assert.deepEqual([...new Set(wrong)].slice(0, 40), []);
        assert.ok(seen.size > 10, `${seen.size} pages seen`);
    });
}
