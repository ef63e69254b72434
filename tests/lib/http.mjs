// A visitor of the site: keeps cookies, follows redirects when told to, reads forms out of pages and sends them back
// as a browser would, with the CSRF token that stands in them.
//
//   const visitor = newVisitor(server);
//   const page = await visitor.get('/connexion');            // { status, headers, text, html, json() }
//   const next = await visitor.submit(page, 'form[action="/connexion"]', { email, password });
import { connect } from 'node:net';
import { parse } from 'node-html-parser';

export class Answer {
    constructor(response, body, url) {
        this.status = response.status;
        this.headers = response.headers;
        this.bytes = body;
        this.url = url;
    }
    get text() { return this.bytes.toString('utf8'); }
    get html() { return (this.parsed ??= parse(this.text, { comment: false })); }
    get location() { return this.headers.get('location'); }
    get type() { return (this.headers.get('content-type') ?? '').split(';')[0]; }
    json() { return JSON.parse(this.text); }
    // What a person reads, in one line.
    words(selector = 'body') {
        const element = this.html.querySelector(selector);
        return element ? element.textContent.replace(/\s+/g, ' ').trim() : '';
    }
}

// A file for a form's file field. (Node 18 has no File of its own.)
export const fileOf = (bytes, name, type = 'application/octet-stream') => Object.assign(new Blob([bytes], { type }), { name });

// Every Set-Cookie of an answer. Debian's Node 18 has only the joined form; ours hold no date with a comma.
export function setCookies(headers) {
    if (headers.getSetCookie) return headers.getSetCookie();
    return (headers.get('set-cookie') ?? '').split(/,\s*(?=[\w!#$%&'*+.^`|~-]+=)/).filter(Boolean);
}

// The fields a browser would send for a form element (a node-html-parser element).
export function fieldsOf(form) {
    const fields = [];
    for (const element of form.querySelectorAll('input, select, textarea')) {
        const name = element.getAttribute('name');
        if (!name || element.hasAttribute('disabled')) continue;
        if (element.tagName === 'TEXTAREA') fields.push([name, element.textContent.replace(/^\n/, '')]);
        else if (element.tagName === 'SELECT') {
            const options = element.querySelectorAll('option');
            const chosen = options.filter((option) => option.hasAttribute('selected'));
            for (const option of chosen.length ? chosen : element.hasAttribute('multiple') ? [] : options.slice(0, 1))
                fields.push([name, option.getAttribute('value') ?? option.textContent.trim()]);
        } else {
            const type = (element.getAttribute('type') ?? 'text').toLowerCase();
            if (['submit', 'button', 'image', 'reset', 'file'].includes(type)) continue;
            if (['checkbox', 'radio'].includes(type) && !element.hasAttribute('checked')) continue;
            fields.push([name, element.getAttribute('value') ?? (['checkbox', 'radio'].includes(type) ? 'on' : '')]);
        }
    }
    return fields;
}

// Where a video's files are for this visitor, from its page: "/media/v/<token>/<folder>".
export async function mediaOf(visitor, path) {
    const page = await visitor.get(path);
    const player = page.html.querySelector('[data-hls]');
    if (!player) throw new Error(`no player in ${path}: ${page.status} ${page.words('main').slice(0, 200)}`);
    return player.getAttribute('data-hls').replace(/\/master\.m3u8$/, '');
}

export function newVisitor(server, { language = 'fr' } = {}) {
    const jar = new Map();
    const visitor = {
        jar,
        headers: { 'accept-language': language },
        cookie: () => [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
        // The same for a browser's context.
        browserCookies: () => [...jar].map(([name, value]) => ({ name, value, url: server.url })),
        async request(method, path, { body, headers = {}, follow = false, signal } = {}) {
            const url = new URL(path, server.url);
            const sent = { ...visitor.headers, ...headers };
            if (jar.size) sent.cookie ??= visitor.cookie();
            const response = await fetch(url, { method, body, headers: sent, redirect: 'manual', signal });
            for (const line of setCookies(response.headers)) {
                const [pair, ...attributes] = line.split(';').map((part) => part.trim());
                const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
                const gone = attributes.some((each) => /^max-age=0$/i.test(each)) || value === '';
                if (gone) jar.delete(name); else jar.set(name, value);
            }
            const answer = new Answer(response, Buffer.from(await response.arrayBuffer()), url);
            if (follow && answer.status >= 300 && answer.status < 400 && answer.location)
                return visitor.request('GET', new URL(answer.location, url), { follow });
            return answer;
        },
        get: (path, options) => visitor.request('GET', path, options),
        // fields: an object or a list of pairs; sent urlencoded.
        post(path, fields = {}, options = {}) {
            const body = new URLSearchParams(Array.isArray(fields) ? fields : Object.entries(fields));
            return visitor.request('POST', path, { ...options, body });
        },
        // Sends the page's form (CSS selector) with `changes` laid over what stands in it.
        submit(page, selector, changes = {}, options = {}) {
            const form = page.html.querySelector(selector);
            if (!form) throw new Error(`no ${selector} in ${page.url.pathname}:\n${page.words().slice(0, 400)}`);
            const rest = { ...changes };
            // several of one name: all of them anew
            const several = Object.entries(rest).filter(([, value]) => Array.isArray(value));
            for (const [name] of several) delete rest[name];
            const fields = fieldsOf(form).filter(([name]) => !several.some(([other]) => other === name)).map(([name, value]) => {
                if (!(name in rest)) return [name, value];
                const changed = rest[name];
                delete rest[name];
                return [name, changed];
            }).filter(([, value]) => value !== undefined && value !== null);
            fields.push(...Object.entries(rest).filter(([, value]) => value !== undefined && value !== null));
            fields.push(...several.flatMap(([name, values]) => values.map((value) => [name, value])));
            const action = new URL(form.getAttribute('action') ?? page.url, page.url);
            if ((form.getAttribute('method') ?? 'get').toLowerCase() === 'get') {
                action.search = new URLSearchParams(fields);
                return visitor.get(action, options);
            }
            if ((form.getAttribute('enctype') ?? '').startsWith('multipart/')) {
                const body = new FormData();
                for (const [name, value] of fields) {
                    if (value instanceof Blob) body.append(name, value, value.name ?? 'file');
                    else body.append(name, value);
                }
                return visitor.request('POST', action, { ...options, body });
            }
            return visitor.post(action, fields, options);
        },
        // Signs in through the page, as a person does; throws when it does not work.
        async signIn({ email, password }) {
            const page = await visitor.get('/connexion');
            const answer = await visitor.submit(page, 'form[action^="/connexion"]', { email, password });
            if (answer.status !== 303) throw new Error(`sign-in of ${email}: ${answer.status} ${answer.words('main').slice(0, 300)}`);
            visitor.password = password;
            return answer;
        },
    };
    return visitor;
}

export function csrfOf(page) {
    return page.html.querySelector('input[name="_csrf"]')?.getAttribute('value')
        ?? page.html.querySelector('meta[name="csrf"]')?.getAttribute('content');
}

// Sends bytes as they are and returns all that comes back until the server closes, `enough(text)` is true, or the time
// is over. For requests that no HTTP library would send. `pieces` with `pause` milliseconds between them are a slow client.
export function rawRequest(server, pieces, { pause = 0, timeout = 5000, enough = () => false } = {}) {
    const list = (Array.isArray(pieces) ? pieces : [pieces]).map((piece) => Buffer.from(piece, 'latin1'));
    return new Promise((done) => {
        let text = '';
        let ended = false;
        const socket = connect(server.port, '127.0.0.1');
        const finish = (why) => {
            if (ended) return;
            ended = true;
            clearTimeout(timer);
            socket.destroy();
            const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0);
            done({ status, text, why });
        };
        const timer = setTimeout(() => finish('timeout'), timeout);
        socket.on('connect', async () => {
            for (const piece of list) {
                if (ended) return;
                socket.write(piece);
                if (pause) await new Promise((next) => setTimeout(next, pause));
            }
        });
        socket.on('data', (data) => { text += data.toString('latin1'); if (enough(text)) finish('enough'); });
        socket.on('error', (error) => finish(error.code));
        socket.on('close', () => finish('closed'));
    });
}

export const rawGet = (path, extra = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${extra}\r\n`;

// An id of the database as pages show it: base32 in 13 digits.
const digits = '0123456789abcdefghjkmnpqrstvwxyz';
export const idText = (id) => BigInt(id).toString(32).padStart(13, '0').replace(/./g, (c) => digits[parseInt(c, 32)]);
