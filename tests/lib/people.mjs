// Newcomers: an account opened as a person opens one, through form, mail and button.
import { createHmac } from 'node:crypto';
import { newVisitor } from './http.mjs';
import { demoAccounts } from './server.mjs';
import { linkIn, waitForMail } from './mail.mjs';

export const longPassword = (word) => `${word}-trois-mots-${word}`;

// Fills in the form to open an account: { visitor, page, answer }.
export async function signUp(server, { name = 'Nouvelle venue', email, password, suite }, visitor = newVisitor(server)) {
    const page = await visitor.get(`/inscription${suite ? `?suite=${encodeURIComponent(suite)}` : ''}`);
    const answer = await visitor.submit(page, 'form[action^="/inscription"]', { name, email, password, terms: '1' });
    return { visitor, page, answer };
}

// The same to its end: the link from the mail, and the button. Returns the visitor, signed in.
export async function newcomer(server, person) {
    const { visitor, answer } = await signUp(server, person);
    if (answer.status !== 303) throw new Error(`sign-up of ${person.email}: ${answer.status} ${answer.words('main').slice(0, 300)}`);
    const link = linkIn(await waitForMail(server.data, person.email, /\/inscription\/confirmer/), '/inscription/confirmer');
    const confirmed = await visitor.submit(await visitor.get(link), 'form[action^="/inscription/confirmer"]');
    if (confirmed.status !== 303) throw new Error(`confirming ${person.email}: ${confirmed.status}`);
    visitor.password = person.password;
    return visitor;
}

// A session of each account of the sample data, as a browser's cookies: { staff: […], learner: […], … }.
export async function demoCookies(server) {
    const cookies = {};
    for (const account of await demoAccounts()) {
        const person = newVisitor(server);
        await person.signIn(account);
        cookies[account.role] = person.browserCookies();
    }
    return cookies;
}

const base32 = 'abcdefghijklmnopqrstuvwxyz234567';

// The code an application shows for a key (RFC 6238), `steps` half minutes from now.
export function totp(key, steps = 0, now = Date.now()) {
    const bits = [...key.toLowerCase().replace(/\s/g, '')].map((letter) => base32.indexOf(letter).toString(2).padStart(5, '0')).join('');
    const bytes = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000) + steps));
    const mac = createHmac('sha1', bytes).update(counter).digest();
    return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

// Sets a second step up, as a person does: { key, codes }.
export async function addSecondStep(visitor, password = visitor.password) {
    const form = (path) => `form[action="${path}"]`;
    const path = '/compte/securite/application';
    await visitor.submit(await visitor.get(path), form(`${path}/commencer`), { actuel: password });
    const page = await visitor.get(path);
    const key = page.words('#cle');
    const done = await visitor.submit(page, form(path), { code: totp(key) });
    if (done.status !== 200) throw new Error(`second step: ${done.status} ${done.words('main').slice(0, 300)}`);
    return { key, codes: done.html.querySelector('#codes').textContent.trim().split(/\s+/) };
}
