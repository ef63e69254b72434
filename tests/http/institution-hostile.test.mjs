// An OpenID provider that lies, and people who bring back what is not theirs: nobody is signed in, the person reads a
// clear sentence, the log says why.
// run: seconds=300
import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '../lib/crowd.mjs';
import { newVisitor } from '../lib/http.mjs';
import { connect, newKey, rogueIdp, signHs256, signRs256, through } from '../lib/idp.mjs';
import { demoAccounts, startServer, temporaryFolder } from '../lib/server.mjs';

const staffAccount = (await demoAccounts()).find(({ role }) => role === 'staff');
let server;
let staff;
let idp;
let id;
before(async () => {
    server = await startServer();
    idp = await rogueIdp();
    staff = newVisitor(server);
    await staff.signIn(staffAccount);
    id = await connect(staff, { name: 'École de Loin', issuer: idp.issuer, domains: 'ecole.example' });
});
after(async () => { await idp?.close(); await server?.stop(); });

const there = (changes) => (address) => idp.back(address, changes);
// The line of a request is written after its answer has left.
async function why(answer) {
    const line = new RegExp(`"id":"${answer.headers.get('x-request-id')}".*"why":"([^"]*)"`);
    for (let i = 0; i < 200 && !line.test(server.log); i++) await sleep(10);
    return line.exec(server.log)?.[1];
}
const forget = () => sql(server, 'DELETE FROM federation_arrival');

async function come(says = {}, { visitor = newVisitor(server), back = {}, provider = id } = {}) {
    idp.says = says;
    try { return { visitor, answer: await through(visitor, provider, there(back)) }; } finally { idp.says = {}; }
}

async function refused(says, reason, options) {
    const { visitor, answer } = await come(says, options);
    assert.equal(answer.status, 403, `${reason}: ${answer.status} ${answer.location ?? ''}`);
    assert.match(answer.words('main'), /n’a pas pu être vérifié|a été commencée ailleurs/);
    assert.equal(await why(answer), `oidc: ${reason}`);
    assert.equal((await visitor.get('/mon-espace')).status, 303);
    assert.equal(sql(server, 'SELECT count(*) FROM federation_arrival'), '0');
}

test('an honest token comes through: what follows differs by one lie each', async () => {
    const { answer } = await come();
    assert.match(answer.location, /arrivee\?jeton=/);
    forget();
});

const claims = {
    issuer: [(c) => ({ ...c, iss: 'https://un-autre.example' }), (c) => ({ ...c, iss: `${c.iss}/` }), ({ iss, ...c }) => c],
    audience: [(c) => ({ ...c, aud: 'un-autre' }), (c) => ({ ...c, aud: ['un-autre', 'encore'] }), (c) => ({ ...c, aud: [] }), ({ aud, ...c }) => c, (c) => ({ ...c, aud: { edulab: true } })],
    azp: [(c) => ({ ...c, azp: 'un-autre' }), (c) => ({ ...c, azp: 7 }), (c) => ({ ...c, aud: ['edulab', 'un-autre'], azp: 'un-autre' })],
    'azp missing': [(c) => ({ ...c, aud: ['edulab', 'un-autre'] })],
    nonce: [(c) => ({ ...c, nonce: 'un-autre' }), ({ nonce, ...c }) => c, (c) => ({ ...c, nonce: '' })],
    expired: [(c) => ({ ...c, exp: c.iat - 600 }), ({ exp, ...c }) => c, (c) => ({ ...c, exp: '99999999999' })],
    'issued in the future': [(c) => ({ ...c, iat: c.iat + 3600, exp: c.exp + 7200 })],
    'iat missing': [({ iat, ...c }) => c],
    'too old': [(c) => ({ ...c, iat: c.iat - 7200 })],
    'not yet valid': [(c) => ({ ...c, nbf: c.iat + 3600 })],
    subject: [(c) => ({ ...c, sub: '' }), (c) => ({ ...c, sub: 'x'.repeat(300) }), ({ sub, ...c }) => c, (c) => ({ ...c, sub: 12 })],
};
for (const [reason, lies] of Object.entries(claims)) {
    test(`claims: ${reason}`, async () => {
        for (const lie of lies) await refused({ claims: lie }, reason);
    });
}

test('alg none, HS256 with the public key, unknown algorithms, critical headers, broken tokens', async () => {
    const pem = (key) => key.public.export({ format: 'pem', type: 'spki' });
    const none = (c) => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(c)).toString('base64url')}.`;
    for (const token of [
        none, (c) => `${none(c)}AAAA`, (c) => none(c).replace(/\.$/, ''),
        (c, key) => signHs256({ alg: 'HS256', kid: key.kid }, c, pem(key)),
        (c, key) => signHs256({ alg: 'HS256', kid: key.kid }, c, JSON.stringify(key.jwk)),
        (c, key) => signHs256({ alg: 'HS256' }, c, 'tres-secret'),
        (c, key) => signRs256({ alg: 'RS1', kid: key.kid }, c, key),
        (c, key) => signRs256({ alg: 'RS256', kid: key.kid, crit: ['exp'] }, c, key),
        (c, key) => signRs256({ kid: key.kid }, c, key),
        () => '', () => 'a.b.c', () => '....', () => 'x'.repeat(20_000), () => 7,
        (c, key) => `${signRs256({ alg: 'RS256', kid: key.kid }, c, key)}.more`,
    ]) await refused({ token }, 'no acceptable id_token');
});

test('a signature of somebody else, of other claims, or with a key too small', async () => {
    const other = newKey('k1');
    await refused({ token: (c) => signRs256({ alg: 'RS256', kid: 'k1' }, c, other) }, 'signature');
    await refused({ token: (c, key) => {
        const [head, , signature] = signRs256({ alg: 'RS256', kid: key.kid }, c, key).split('.');
        return `${head}.${Buffer.from(JSON.stringify({ ...c, sub: 'admin' })).toString('base64url')}.${signature}`;
    } }, 'signature');
    await refused({ token: (c) => signRs256({ alg: 'RS256', kid: 'k1', jwk: other.jwk }, c, other) }, 'signature');
});

test('keys: an unknown one makes us ask once, a new one is then taken, and nobody can make us ask all the time', async () => {
    const asked = () => idp.calls.filter(({ path }) => path === '/jwks').length;
    const fresh = newKey('k2');
    const start = asked();
    const small = newKey('small', 1024);
    idp.says = { keys: { keys: [idp.key.jwk, fresh.jwk, small.jwk, { kty: 'oct', k: 'AAAA', kid: 'oct' }] }, token: (c) => signRs256({ alg: 'RS256', kid: 'k2' }, c, fresh) };
    const { answer } = await come(idp.says);
    assert.match(answer.location, /arrivee/, 'rotated: the new key counts at once');
    forget();
    assert.equal(asked(), start + 1);
    for (let i = 0; i < 5; i++) await refused({ token: (c) => signRs256({ alg: 'RS256', kid: `unknown-${i}` }, c, fresh) }, 'unknown key');
    await refused({ token: (c) => signRs256({ alg: 'RS256', kid: 'small' }, c, small) }, 'unknown key');
    assert.equal(asked(), start + 1, 'once a minute');
    const { answer: again } = await come({ token: (c) => signRs256({ alg: 'RS256', kid: 'k2' }, c, fresh) });
    assert.match(again.location, /arrivee/, 'the new key was kept');
    forget();
    await refused({ token: (c) => signRs256({ alg: 'RS256' }, c, fresh) }, 'unknown key'); // no kid, and two keys that fit
});

test('a code and state count once, in the browser that left, for the institution it left for', async () => {
    idp.says = {};
    const visitor = newVisitor(server);
    const back = idp.back((await visitor.get(`/connexion/institution/${id}`)).location);
    const page = await visitor.get(back.pathname + back.search);
    assert.match((await visitor.submit(page, 'form[data-go]')).location, /arrivee/);
    forget();
    const again = await visitor.submit(page, 'form[data-go]');
    assert.equal(again.status, 403);
    assert.equal(await why(again), 'oidc: state used');

    const victim = newVisitor(server);
    const mine = newVisitor(server);
    const stolen = idp.back((await mine.get(`/connexion/institution/${id}`)).location);
    await victim.get(`/connexion/institution/${id}`);
    const foreign = await victim.submit(await victim.get(stolen.pathname + stolen.search), 'form[data-go]');
    assert.equal(foreign.status, 403, 'somebody else’s sign-in');
    assert.equal(await why(foreign), 'oidc: another browser');
    const nobody = newVisitor(server);
    assert.equal((await nobody.submit(await nobody.get(stolen.pathname + stolen.search), 'form[data-go]')).status, 403);

    await refused({}, 'state', { back: { state: 'x'.repeat(86) } });
    await refused({}, 'state', { back: { state: '' } });
    const state = new URL((await visitor.get(`/connexion/institution/${id}?suite=/badges`)).location).searchParams.get('state');
    await refused({}, 'state', { back: { state: `${state.split('.')[0]}.${Buffer.from('/ailleurs').toString('base64url')}` } });

    const second = await rogueIdp();
    try {
        const other = await connect(staff, { name: 'Une autre', issuer: second.issuer });
        const wanderer = newVisitor(server);
        const mixed = idp.back((await wanderer.get(`/connexion/institution/${id}`)).location);
        mixed.pathname = `/connexion/institution/${other}/retour`;
        const answer = await wanderer.submit(await wanderer.get(mixed.pathname + mixed.search), 'form[data-go]');
        assert.equal(answer.status, 403);
        assert.equal(await why(answer), 'oidc: state of another provider');
        assert.equal(second.calls.filter(({ path }) => path === '/token').length, 0, 'the code is not handed to the other');
    } finally { await second.close(); }
    await refused({}, 'iss of the answer', { back: { iss: 'https://un-autre.example' } });
});

test('a code without its verifier is worth nothing, and the form counts only from here', async () => {
    const visitor = newVisitor(server);
    const back = idp.back((await visitor.get(`/connexion/institution/${id}`)).location, { code: 'invented' });
    const answer = await visitor.submit(await visitor.get(back.pathname + back.search), 'form[data-go]');
    assert.equal(answer.status, 403);
    assert.equal(await why(answer), 'oidc: code refused');
    const { pathname, searchParams } = idp.back((await visitor.get(`/connexion/institution/${id}`)).location);
    assert.equal((await visitor.post(pathname, Object.fromEntries(searchParams))).status, 403, 'no CSRF token');
});

test('what an institution answers is bounded; it is left alone for a while when it fails', async () => {
    const huge = { status: 200, body: `{"id_token":"${'x'.repeat(300_000)}"}` };
    const { answer } = await come({ answer: (path) => (path === '/token' ? huge : undefined) });
    assert.equal(answer.status, 503);
    assert.match(answer.words('main'), /ne parvenons pas à joindre/);
    const calls = idp.calls.length;
    const { answer: resting } = await come();
    assert.equal(resting.status, 503, 'resting');
    assert.equal(idp.calls.length, calls, 'not asked meanwhile');
    assert.equal(await why(resting), 'oidc: provider resting');
});

test('staff are told in plain words what is wrong with an institution', async () => {
    const other = await rogueIdp();
    const attempt = async (says, fields = {}) => {
        other.says = says;
        const answer = await staff.submit(await staff.get('/gestion/connexions/nouvelle'), 'form[action="/gestion/connexions"]', { name: 'Essai', issuer: other.issuer, client_id: 'x', inside: '1', ...fields });
        assert.equal(answer.status, 422);
        return answer.words('.errors');
    };
    const file = (body, status = 200) => ({ answer: (path) => (path.includes('well-known') ? { body, status } : undefined) });
    try {
        assert.match(await attempt({ document: { issuer: 'https://un-autre.example' } }), /autre émetteur/);
        assert.match(await attempt({ document: { token_endpoint: undefined } }), /manque à la description/);
        assert.match(await attempt({ document: { jwks_uri: 'file:///etc/passwd' } }), /manque à la description/);
        assert.match(await attempt({ document: { authorization_endpoint: 'javascript:alert(1)' } }), /manque à la description/);
        assert.match(await attempt({ document: { code_challenge_methods_supported: ['plain'] } }), /PKCE/);
        assert.match(await attempt({ document: { response_types_supported: ['id_token'] } }), /authorization code/);
        assert.match(await attempt({ keys: { keys: [] } }), /aucune clé/);
        assert.match(await attempt({ keys: [] }), /aucune clé/);
        assert.match(await attempt(file('<html>')), /pas la description/);
        assert.match(await attempt(file(`${'['.repeat(30_000)}`)), /pas la description/);
        assert.match(await attempt(file('x'.repeat(200_000))), /bien trop longue/);
        assert.match(await attempt(file('{}', 404)), /pas de description/);
        assert.match(await attempt({ answer: () => ({ status: 302, body: '', headers: { location: `${idp.issuer}/.well-known/openid-configuration` } }) }), /pas de description/, 'no redirect is followed');
        for (const issuer of ['ftp://x.example', 'https://', 'https://a@b.example', 'https://x.example/#a', 'x', 'https://x.example/ /'])
            assert.match(await attempt({}, { issuer }), /adresse entière/, issuer);
        assert.match(await attempt({}, { domains: 'umons.be <script>' }), /domaine/);
    } finally { await other.close(); }
});

test('private addresses, plain http and unverified TLS are refused unless staff allow the network', async () => {
    const attempt = async (issuer) => {
        const answer = await staff.submit(await staff.get('/gestion/connexions/nouvelle'), 'form[action="/gestion/connexions"]', { name: 'Essai', issuer, client_id: 'x', inside: undefined });
        assert.equal(answer.status, 422);
        return answer.words('.errors');
    };
    const before = idp.calls.length;
    assert.match(await attempt(idp.issuer), /https:\/\//, 'http');
    const folder = temporaryFolder('tls');
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-days', '2', '-keyout', join(folder, 'key'), '-out', join(folder, 'cert')], { stdio: 'ignore' });
    let asked = 0;
    const secure = createServer({ key: readFileSync(join(folder, 'key')), cert: readFileSync(join(folder, 'cert')) }, (request, response) => { asked++; response.end('{}'); });
    secure.listen(0, '127.0.0.1');
    await once(secure, 'listening');
    try {
        assert.match(await attempt(`https://127.0.0.1:${secure.address().port}`), /Personne n’y a répondu/);
        assert.match(await attempt(`https://localhost:${secure.address().port}`), /Personne n’y a répondu/, 'a name that leads inside');
        const answer = await staff.submit(await staff.get('/gestion/connexions/nouvelle'), 'form[action="/gestion/connexions"]', { name: 'Essai', issuer: `https://localhost:${secure.address().port}`, client_id: 'x', inside: '1' });
        assert.match(answer.words('.errors'), /Personne n’y a répondu/, 'a certificate nobody vouches for');
        assert.equal(asked, 0);
    } finally { secure.close(); }
    assert.equal(idp.calls.length, before);
});
