// Programs that use the API: tokens made as a person makes them, and requests with nothing but a bearer.
import { Answer } from './http.mjs';

// Makes a token through the page; `rights` are names of permissions. Returns the token as it is shown once.
export async function makeToken(visitor, { name = 'un programme', access = 'lire', rights = [], days = '90', password = visitor.password } = {}) {
    const page = await visitor.get('/compte/jetons');
    const csrf = page.html.querySelector('form[action="/compte/jetons"] input[name=_csrf]').getAttribute('value');
    const answer = await visitor.post('/compte/jetons', [['_csrf', csrf], ['nom', name], ['acces', access], ['duree', days], ['actuel', password ?? ''], ...rights.map((right) => ['droits', right])]);
    if (answer.status !== 200) throw new Error(`making a token: ${answer.status} ${answer.words('main').slice(0, 300)}`);
    return answer.html.getElementById('jeton').textContent.trim();
}

// A program: no cookies, JSON in and out.
export function newProgram(server, token) {
    const program = {
        token,
        async request(method, path, { body, headers = {} } = {}) {
            const url = new URL(path, server.url);
            const sent = { ...headers };
            if (program.token) sent.authorization ??= `Bearer ${program.token}`;
            let payload = body;
            if (body !== undefined && !(body instanceof URLSearchParams) && typeof body !== 'string') {
                payload = JSON.stringify(body);
                sent['content-type'] ??= 'application/json';
            }
            const response = await fetch(url, { method, body: payload, headers: sent, redirect: 'manual' });
            return new Answer(response, Buffer.from(await response.arrayBuffer()), url);
        },
        get: (path, options) => program.request('GET', path, options),
        post: (path, body, options) => program.request('POST', path, { body, ...options }),
    };
    return program;
}

// Staff admit a partner's program through the pages: { id, client, secret }.
export async function admitPartner(staff, { name = 'Annuaire', access = 'lire', rights = [], organisation = '' } = {}) {
    const page = await staff.get('/gestion/partenaires');
    const csrf = page.html.querySelector('form[action="/gestion/partenaires"] input[name=_csrf]').getAttribute('value');
    const answer = await staff.post('/gestion/partenaires', [['_csrf', csrf], ['nom', name], ['acces', access], ['organisation', organisation], ...rights.map((right) => ['droits', right])]);
    if (answer.status !== 200) throw new Error(`admitting ${name}: ${answer.status} ${answer.words('main').slice(0, 300)}`);
    const client = answer.html.getElementById('client').textContent.trim();
    return { id: client, client, secret: answer.html.getElementById('jeton').textContent.trim(), page: answer };
}

// Asks /oauth/token; `fields` are laid over the usual ones (undefined takes one away).
export async function askForToken(server, { client, secret }, fields = {}, { basic = true, headers = {} } = {}) {
    const all = { grant_type: 'client_credentials', ...(basic ? {} : { client_id: client, client_secret: secret }), ...fields };
    const body = new URLSearchParams(Object.entries(all).filter(([, value]) => value !== undefined));
    const authorization = basic && client !== undefined ? { authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}` } : {};
    return newProgram(server).request('POST', '/oauth/token', { body, headers: { ...authorization, ...headers } });
}

// The program of a partner, with a token.
export async function partnerProgram(server, partner, scope) {
    const answer = await askForToken(server, partner, { scope });
    if (answer.status !== 200) throw new Error(`a token for a partner: ${answer.status} ${answer.text}`);
    return newProgram(server, answer.json().access_token);
}
