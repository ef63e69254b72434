// Programs that use the API: tokens made as a person makes them, and requests with nothing but a bearer.
import { Answer } from './http.mjs';

// Makes a token through the page; `rights` are names of permissions. Returns the token as it is shown once.
export async function makeToken(visitor, { name = 'un programme', access = 'lire', rights = [], days = '90' } = {}) {
    const page = await visitor.get('/compte/jetons');
    const csrf = page.html.querySelector('form[action="/compte/jetons"] input[name=_csrf]').getAttribute('value');
    const answer = await visitor.post('/compte/jetons', [['_csrf', csrf], ['nom', name], ['acces', access], ['duree', days], ...rights.map((right) => ['droits', right])]);
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
