// Institutions to sign in through. openIdp: the certified oidc-provider package, running for real. rogueIdp: a small
// OpenID provider that says whatever a test tells it to.
import { createServer } from 'node:http';
import { createHash, createHmac, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { freePort } from './server.mjs';

const listen = async (handler) => {
    const server = createServer(handler);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { server, url: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }) };
};

// people: { login: claims }. Whoever types a login at its own sign-in page is that person.
export async function openIdp(people, { clients, ...more } = {}) {
    const quiet = console.warn;
    console.warn = () => {}; // it warns of its own development pages, which are what is wanted here
    const info = console.info;
    console.info = () => {};
    const { default: Provider } = await import('oidc-provider');
    const port = await freePort();
    const issuer = `http://127.0.0.1:${port}`;
    const provider = new Provider(issuer, {
        clients,
        claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'given_name', 'family_name', 'groups', 'schacHomeOrganization'] },
        findAccount: (ctx, id) => (people[id] ? { accountId: id, claims: () => ({ sub: id, ...people[id] }) } : undefined),
        pkce: { required: () => true, methods: ['S256'] },
        features: { rpInitiatedLogout: { enabled: true } },
        cookies: { keys: ['test'] },
        jwks: { keys: [{ ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }] },
        ...more,
    });
    const handle = provider.callback();
    const server = createServer(handle);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    console.warn = quiet;
    console.info = info;
    return { issuer, provider, close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }) };
}

// A browser's part at openIdp's pages: cookies of its own, its sign-in form, its consent. Returns the address back to us.
export async function signInThere(address, login) {
    const jar = new Map();
    let next = new URL(address);
    const origin = next.origin;
    for (let step = 0; step < 12; step++) {
        if (next.origin !== origin) return next;
        let response = await fetch(next, { headers: { cookie: [...jar].map((pair) => pair.join('=')).join('; ') }, redirect: 'manual' });
        const keep = () => { for (const line of response.headers.getSetCookie?.() ?? (response.headers.get('set-cookie') ?? '').split(/,\s*(?=[\w.]+=)/)) { const [name, value] = line.split(';')[0].split(/=(.*)/); if (name) jar.set(name, value); } };
        keep();
        if (response.status === 200) {
            const page = await response.text();
            const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1];
            const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
            if (!action) throw new Error(`no form at ${next}: ${page.slice(0, 500)}`);
            response = await fetch(new URL(action, next), {
                method: 'POST', redirect: 'manual', headers: { cookie: [...jar].map((pair) => pair.join('=')).join('; ') },
                body: new URLSearchParams({ prompt, login, password: 'x' }),
            });
            keep();
        }
        const to = response.headers.get('location');
        if (!to) throw new Error(`${response.status} at ${next}: ${(await response.text()).slice(0, 500)}`);
        next = new URL(to, next);
    }
    throw new Error('the institution never sent us back');
}

const b64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export const newKey = (kid, bits = 2048) => {
    const pair = generateKeyPairSync('rsa', { modulusLength: bits });
    return { kid, private: pair.privateKey, public: pair.publicKey, jwk: { ...pair.publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' } };
};
export const signRs256 = (head, claims, key) => {
    const text = `${b64(head)}.${b64(claims)}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(key.private).toString('base64url')}`;
};
export const signHs256 = (head, claims, secret) => {
    const text = `${b64(head)}.${b64(claims)}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
};

// `says` is changed by the tests: claims(base) → claims, token(claims, key) → id_token, keys, document, answer(path) → raw.
export async function rogueIdp() {
    const key = newKey('k1');
    const idp = { key, says: {}, calls: [], codes: new Map() };
    const started = await listen(async (request, response) => {
        const url = new URL(request.url, idp.issuer);
        let body = '';
        for await (const piece of request) body += piece;
        idp.calls.push({ path: url.pathname, body: new URLSearchParams(body), headers: request.headers });
        const send = (status, value, headers = {}) => {
            const text = typeof value === 'string' ? value : JSON.stringify(value);
            response.writeHead(status, { 'content-type': 'application/json', ...headers });
            response.end(text);
        };
        const raw = idp.says.answer?.(url.pathname);
        if (raw) return raw.hang ? undefined : send(raw.status ?? 200, raw.body, raw.headers);
        switch (url.pathname) {
        case '/.well-known/openid-configuration':
            return send(200, {
                issuer: idp.issuer, authorization_endpoint: `${idp.issuer}/authorize`, token_endpoint: `${idp.issuer}/token`, jwks_uri: `${idp.issuer}/jwks`,
                response_types_supported: ['code'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'],
                code_challenge_methods_supported: ['S256'], ...idp.says.document,
            });
        case '/jwks': return send(200, idp.says.keys ?? { keys: [idp.key.jwk] });
        case '/token': {
            const sent = new URLSearchParams(body);
            const flow = idp.codes.get(sent.get('code'));
            idp.codes.delete(sent.get('code'));
            const challenge = createHash('sha256').update(sent.get('code_verifier') ?? '').digest('base64url');
            if (!flow || challenge !== flow.get('code_challenge')) return send(400, { error: 'invalid_grant' });
            const now = Math.floor(Date.now() / 1000);
            const base = { iss: idp.issuer, aud: flow.get('client_id'), sub: 'someone', nonce: flow.get('nonce'), iat: now, exp: now + 300, name: 'Personne de Loin', email: 'loin@ecole.example', email_verified: true };
            const claims = idp.says.claims ? idp.says.claims(base) : base;
            const token = idp.says.token ? idp.says.token(claims, idp.key) : signRs256({ alg: 'RS256', kid: idp.key.kid }, claims, idp.key);
            return send(200, { access_token: 'at', token_type: 'Bearer', expires_in: 60, id_token: token });
        }
        default: return send(404, { error: 'not here' });
        }
    });
    Object.assign(idp, { issuer: started.url, close: started.close });
    // What its authorize page would do at once: the address back, for the address we were sent to.
    idp.back = (address, changes = {}) => {
        const asked = new URL(address).searchParams;
        const code = randomBytes(12).toString('base64url');
        idp.codes.set(code, asked);
        const back = new URL(asked.get('redirect_uri'));
        for (const [name, value] of Object.entries({ code, state: asked.get('state'), ...changes })) if (value !== undefined) back.searchParams.set(name, value);
        return back;
    };
    return idp;
}

// Staff connect an institution through the pages; returns its id. `on`: switched on as well.
export async function connect(staff, { name, issuer, client_id = 'edulab', secret = 'tres-secret', domains = '', on = true, inside = '1', scopes = 'email profile' }) {
    const page = await staff.get('/gestion/connexions/nouvelle');
    const answer = await staff.submit(page, 'form[action="/gestion/connexions"]', { name, issuer, client_id, secret, domains, inside, scopes });
    if (answer.status !== 303) throw new Error(`connecting ${name}: ${answer.status} ${answer.words('main')}`);
    const id = /connexions\/(\w{13})/.exec(answer.location)[1];
    if (on) await staff.submit(await staff.get(`/gestion/connexions/${id}`), `form[action$="/${id}/allumer"]`);
    return id;
}

// A visitor goes through an institution: the door, the address back (`there` makes it), and the form that sends itself.
export async function through(visitor, id, there, { suite = '' } = {}) {
    const door = await visitor.get(`/connexion/institution/${id}?suite=${encodeURIComponent(suite)}`);
    if (door.status !== 303) return door;
    const back = await there(door.location);
    const page = await visitor.get(back.pathname + back.search);
    if (page.status !== 200) return page;
    return visitor.submit(page, 'form[data-go]');
}
