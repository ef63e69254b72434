// What no browser sends, and what people send wrongly: each gets a clear answer with the right status in the person's
// language, and the server goes on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { csrfOf, newVisitor, rawGet, rawRequest } from '../lib/http.mjs';
import { demoAccounts, startServer } from '../lib/server.mjs';

let server;
let visitor;
before(async () => {
    server = await startServer();
    visitor = newVisitor(server);
});
after(() => server?.stop());

const status = async (request, options) => (await rawRequest(server, request, options)).status;
const form = (body, extra = '') => `POST /connexion HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n`
    + `Content-Type: application/x-www-form-urlencoded\r\n${extra}Content-Length: ${Buffer.byteLength(body, 'latin1')}\r\n\r\n${body}`;

test('a request that is none', async () => {
    for (const text of ['\r\n\r\n\r\n', 'hello\r\n\r\n', 'GET\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', `${'A'.repeat(100_000)}\r\n\r\n`, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'])
        assert.ok([0, 400, 405, 414, 431, 501, 505].includes(await status(text, { timeout: 2000 })), JSON.stringify(text.slice(0, 20)));
    assert.equal((await visitor.get('/healthz')).status, 200);
});

test('a head that is too large is 431, an address that is too long 414', async () => {
    assert.equal(await status(rawGet('/', `X-Big: ${'x'.repeat(17_000)}\r\n`)), 431);
    assert.equal(await status(rawGet('/', Array.from({ length: 300 }, (_, i) => `X-${i}: ${'y'.repeat(60)}\r\n`).join(''))), 431);
    assert.equal(await status(rawGet(`/formations/${'x'.repeat(2000)}`)), 414);
    assert.equal(await status(rawGet(`/formations?q=${'x'.repeat(6000)}`)), 414);
});

test('an address that cannot be read is 400 and leads nowhere else', async () => {
    for (const path of ['/%ff%fe', '/%c3', '/formations/%00', '/..%2f..%2fetc/passwd', '/assets/..%2f..%2fedulab.db', '/assets/../../edulab.db',
        '/media/v/x/..%2f..%2fedulab.db', '/media/v/../../secret', '/%5c..%5csecret', '//example.org', '/formations//x', '/%zz', '/formations?q=%ff']) {
        const { status: given, text } = await rawRequest(server, rawGet(path));
        assert.ok([400, 404].includes(given), `${path}: ${given}`);
        assert.ok(!/SQLite format 3|root:/.test(text), path);
    }
});

test('a method that an address does not have is 405 and says which it has', async () => {
    const answer = await visitor.request('DELETE', '/formations');
    assert.equal(answer.status, 405);
    assert.match(answer.headers.get('allow'), /GET/);
    assert.ok([405, 501].includes(await status(`BREW /formations HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)));
    assert.equal((await visitor.request('OPTIONS', '/formations')).status, 204);
    assert.equal((await visitor.request('HEAD', '/formations')).status, 200);
});

test('a body that is too large is 413 before it is read', async () => {
    const head = `POST /connexion HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000000\r\n\r\n`;
    assert.equal(await status(head, { timeout: 3000 }), 413);
    assert.equal(await status(`POST /connexion HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n`
        + `Transfer-Encoding: chunked\r\n\r\n${`10000\r\n${'a'.repeat(65536)}\r\n`.repeat(3)}0\r\n\r\n`), 413);
    assert.ok([0, 400].includes(await status(`POST /connexion HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n`, { timeout: 2000 })));
    assert.ok([0, 400, 413].includes(await status(`POST /connexion HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n`, { timeout: 2000 })));
});

test('a type of content that no form has is 415', async () => {
    const answer = await visitor.request('POST', '/connexion', { body: '<x/>', headers: { 'content-type': 'application/xml' } });
    assert.equal(answer.status, 415);
});

test('a form without its token, or from elsewhere, is 403', async () => {
    const page = await visitor.get('/connexion');
    const token = csrfOf(page);
    const fields = { email: 'a@example.org', password: 'x' };
    assert.equal((await visitor.post('/connexion', fields)).status, 403);
    assert.equal((await visitor.post('/connexion', { ...fields, _csrf: `${token.slice(0, -4)}AAAA` })).status, 403);
    assert.equal((await visitor.post('/connexion', { ...fields, _csrf: token }, { headers: { origin: 'https://example.org' } })).status, 403);
    assert.equal((await visitor.post('/connexion', { ...fields, _csrf: token }, { headers: { 'sec-fetch-site': 'cross-site' } })).status, 403);
    assert.equal((await visitor.post('/connexion', { ...fields, _csrf: token })).status, 422);
});

test("a member's token is of no use to another", async () => {
    const [one, two] = await demoAccounts();
    const [a, b] = [newVisitor(server), newVisitor(server)];
    await a.signIn(one);
    await b.signIn(two);
    const token = csrfOf(await a.get('/mon-espace'));
    assert.equal((await b.post('/preferences/theme', { theme: 'dark', _csrf: token })).status, 403);
    assert.ok([204, 303].includes((await a.post('/preferences/theme', { theme: 'dark', _csrf: token })).status));
});

test('bytes that are no text are refused, odd text is kept as it is', async () => {
    const token = csrfOf(await visitor.get('/connexion'));
    assert.ok([400, 422].includes(await status(form(`_csrf=${token}&email=%ff%fe&password=x`))));
    assert.ok([400, 422].includes(await status(form(`_csrf=${token}&email=a%00b@example.org&password=x`))));
    const answer = await visitor.post('/connexion', { _csrf: token, email: `"><script>alert(1)</script>@example.org`, password: 'x' });
    assert.equal(answer.status, 422);
    assert.ok(!answer.text.includes('<script>alert'), 'what was typed is shown escaped');
    assert.equal((await visitor.get(`/formations?q=${encodeURIComponent(`'"><script>x</script> é 🎓 % _ \\ ; DROP`)}`)).status, 200);
});

test('too many fields are refused', async () => {
    const many = Array.from({ length: 500 }, (_, i) => `f${i}=1`).join('&');
    assert.ok([400, 413, 422].includes(await status(form(many))));
    assert.ok([400, 200].includes(await status(rawGet(`/formations?${many.slice(0, 3900)}`))));
});

test('a visitor at a member page is led to sign in and back, never elsewhere', async () => {
    const answer = await visitor.get('/mon-espace');
    assert.equal(answer.status, 303);
    assert.match(answer.location, /^\/connexion\?suite=/);
    const [account] = await demoAccounts();
    for (const suite of ['//example.org/', 'https://example.org/', '/\\example.org', 'javascript:alert(1)']) {
        const someone = newVisitor(server);
        const page = await someone.get(`/connexion?suite=${encodeURIComponent(suite)}`);
        const next = await someone.submit(page, 'form[action^="/connexion"]', { ...account, suite });
        assert.ok(next.status === 422 || (/^\/(?![\\/])/.test(next.location) && new URL(next.location, server.url).origin === server.url), `${suite} → ${next.location}`);
    }
});

test('a session that is not known any more is that of a visitor', async () => {
    const someone = newVisitor(server);
    someone.jar.set('edulab', 'A'.repeat(43));
    assert.equal((await someone.get('/')).status, 200);
    assert.equal((await someone.get('/mon-espace')).status, 303);
    for (const odd of ['', 'x', 'A'.repeat(5000), '%00', '"quoted"']) {
        someone.jar.set('edulab', odd);
        assert.equal((await someone.get('/')).status, 200, odd.slice(0, 10));
    }
});

test('errors speak the language of the person, and name the request', async () => {
    const french = await visitor.get('/nulle-part');
    assert.equal(french.status, 404);
    assert.equal(french.headers.get('content-language'), 'fr');
    assert.match(french.words('main'), /adresse|n’existe|introuvable/i);
    assert.ok(french.text.includes(french.headers.get('x-request-id')));
    const english = await newVisitor(server, { language: 'en' }).get('/nowhere');
    assert.match(english.words('main'), /address/i);
    const json = await visitor.get('/api/v1/nothing');
    assert.equal(json.status, 404);
    assert.equal(json.type, 'application/problem+json');
    assert.equal(json.json().status, 404);
});

test('every page carries the headers that protect it', async () => {
    const page = await visitor.get('/');
    const policy = page.headers.get('content-security-policy');
    assert.match(policy, /default-src 'none'/);
    assert.ok(!/unsafe-(inline|eval)|https?:|\*/.test(policy), policy);
    assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(page.headers.get('x-frame-options'), 'DENY');
    assert.equal(page.headers.get('server'), null);
});

test('after all of this the server is well', async () => {
    assert.equal((await visitor.get('/healthz')).status, 200);
});
