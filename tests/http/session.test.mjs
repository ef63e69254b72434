// Accounts and sessions as an attacker tries them: fixation, replay, forged forms, guessed addresses, redirects, too
// many attempts; and passwords, which must be found nowhere. On both engines.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, newVisitor, setCookies } from '../lib/http.mjs';
import { linkIn, mails, waitForMail } from '../lib/mail.mjs';
import { longPassword, newcomer, signUp } from '../lib/people.mjs';
import { demoAccounts, edulab, filesBelow, startServer, stopPostgres } from '../lib/server.mjs';

const [learner, trainer] = await demoAccounts();
after(stopPostgres);

const form = (path) => `form[action^="${path}"]`;
const signedIn = async (visitor) => (await visitor.get('/mon-espace')).status === 200;

// A second browser that holds the same cookies: what a thief would have.
function thiefOf(server, visitor) {
    const thief = newVisitor(server);
    for (const [name, value] of visitor.jar) thief.jar.set(name, value);
    return thief;
}

// A page or answer without what differs each time: tokens, the request's number.
function plain(answer) {
    return answer.text.replaceAll(csrfOf(answer) ?? '\0', 'TOKEN').replace(/[\w-]{43}(?=")/g, 'TOKEN')
        .replaceAll(answer.headers.get('x-request-id'), 'REQUEST');
}
function headNames(answer) {
    return [...answer.headers].map(([name]) => name).filter((name) => !['date', 'content-length', 'x-request-id'].includes(name)).sort();
}

for (const engine of ['sqlite', 'pgsql']) {
    describe(engine, () => {
        let server;
        const check = (name, run) => test(`${name} (${engine})`, run);
        const serve = async () => (server ??= await startServer({ engine, settings: { log_level: 'debug' } }));
        after(() => server?.stop());

        check('a cookie brought along is never the session: it changes at sign-in, and the one before dies', async () => {
            await serve();
            const planted = randomBytes(32).toString('base64url');
            const visitor = newVisitor(server);
            visitor.jar.set('edulab', planted);
            await visitor.signIn(learner);
            const first = visitor.jar.get('edulab');
            assert.notEqual(first, planted);
            assert.match(first, /^[\w-]{43}$/);
            const attacker = newVisitor(server);
            attacker.jar.set('edulab', planted);
            assert.ok(!await signedIn(attacker), 'the planted cookie opens nothing');

            await visitor.submit(await visitor.get('/mon-espace'), form('/deconnexion'));
            visitor.jar.set('edulab', first);
            await visitor.signIn(learner);
            assert.notEqual(visitor.jar.get('edulab'), first, 'nor is one that was good before');
        });

        check('signing in over a session closes that session', async () => {
            await serve();
            const visitor = newVisitor(server);
            await visitor.signIn(learner);
            const thief = thiefOf(server, visitor);
            assert.ok(await signedIn(thief));
            const token = csrfOf(await visitor.get('/mon-espace'));
            const answer = await visitor.post('/connexion', { ...trainer, _csrf: token });
            assert.equal(answer.status, 303);
            assert.ok(!await signedIn(thief), 'the session before is over');
            assert.match((await visitor.get('/mon-espace')).words('main'), new RegExp(trainer.name));
        });

        check('signing out ends the session on the server, not only in the browser', async () => {
            await serve();
            const visitor = newVisitor(server);
            await visitor.signIn(learner);
            const thief = thiefOf(server, visitor);
            const page = await visitor.get('/mon-espace');
            const kept = csrfOf(page);
            assert.equal((await visitor.get('/deconnexion')).status, 405, 'a link or a picture cannot sign out');
            const answer = await visitor.submit(page, form('/deconnexion'));
            assert.equal(answer.status, 303);
            assert.equal(answer.location, '/?fait=deconnecte');
            assert.match(answer.headers.get('set-cookie'), /edulab=;.*Max-Age=0/);
            assert.ok(!await signedIn(thief));
            assert.equal((await thief.post('/preferences/theme', { theme: 'dark', _csrf: kept })).status, 403);
        });

        check('a session past its end is that of a visitor, and its row goes at the next sign-in', async () => {
            await serve();
            const visitor = newVisitor(server);
            await visitor.signIn(learner);
            assert.ok(await signedIn(visitor));
            const token = csrfOf(await visitor.get('/mon-espace'));
            const newest = '(SELECT id FROM session ORDER BY created_at DESC, id DESC LIMIT 1)';
            const id = sql(server, `SELECT id FROM session ORDER BY created_at DESC, id DESC LIMIT 1`);
            sql(server, `UPDATE session SET expires_at = ${Date.now() - 1000} WHERE id = ${newest}`);
            const answer = await visitor.get('/mon-espace?x=1');
            assert.equal(answer.status, 303);
            assert.equal(answer.location, '/connexion?suite=%2Fmon-espace%3Fx%3D1');
            assert.equal((await visitor.post('/preferences/theme', { theme: 'dark', _csrf: token })).status, 403);
            await newVisitor(server).signIn(trainer);
            assert.equal(sql(server, `SELECT count(*) FROM session WHERE id = ${id}`), '0');
        });

        check('a form counts only with the token of this very session, sent from here', async () => {
            await serve();
            const [mine, elsewhere, other] = [newVisitor(server), newVisitor(server), newVisitor(server)];
            for (const [visitor, account] of [[mine, learner], [elsewhere, learner], [other, trainer]]) await visitor.signIn(account);
            const token = csrfOf(await mine.get('/mon-espace'));
            const theme = () => sql(server, `SELECT theme FROM person WHERE email = '${learner.email}'`);
            const send = async (_csrf, headers = {}) => (await mine.post('/preferences/theme', { theme: 'dark', ...(_csrf === undefined ? {} : { _csrf }) }, { headers })).status;
            assert.equal(await send(undefined), 403, 'none');
            assert.equal(await send(''), 403, 'an empty one');
            assert.equal(await send('A'.repeat(43)), 403, 'an invented one');
            assert.equal(await send(`${token.slice(0, -2)}AA`), 403, 'an altered one');
            assert.equal(await send(csrfOf(await other.get('/mon-espace'))), 403, "another person's");
            assert.equal(await send(csrfOf(await elsewhere.get('/mon-espace'))), 403, 'that of the same person in another browser');
            assert.equal(await send(csrfOf(await newVisitor(server).get('/'))), 403, "a visitor's");
            for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { origin: `${server.url}.evil.example` }, { origin: 'http://127.0.0.1:1' },
                { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }])
                assert.equal(await send(token, headers), 403, JSON.stringify(headers));
            assert.equal((await newVisitor(server).post('/preferences/theme', { theme: 'dark', _csrf: token })).status, 403, 'without the session');
            assert.equal(theme(), '', 'nothing was changed');
            assert.equal(await send(token, { origin: server.url, 'sec-fetch-site': 'same-origin' }), 303);
            assert.equal(theme(), 'dark');
        });

        check('the cookie is out of reach of scripts and of other sites, and closed to plain http behind https', async () => {
            await serve();
            const flags = async (at, account) => setCookies((await newVisitor(at).signIn(account)).headers).find((line) => /edulab=/.test(line)).split('; ');
            const [pair, ...rest] = await flags(server, learner);
            assert.match(pair, /^edulab=[\w-]{43}$/);
            assert.deepEqual(rest.sort(), ['HttpOnly', 'Max-Age=2592000', 'Path=/', 'SameSite=Lax']);
            const account = { email: 'https@example.org', password: longPassword('https') };
            const https = await startServer({ engine, demo: false, settings: { public_url: 'https://edulab.example' } });
            try {
                const added = await edulab(['user', 'add', account.email, 'Sous https', 'learner', '--data', https.data], { database: https.database, input: `${account.password}\n` });
                assert.equal(added.status, 0, added.stderr);
                const [first, ...others] = await flags(https, account);
                assert.match(first, /^__Host-edulab=/);
                assert.deepEqual(others.sort(), ['HttpOnly', 'Max-Age=2592000', 'Path=/', 'SameSite=Lax', 'Secure']);
                const plainCookie = newVisitor(https);
                plainCookie.jar.set('edulab', first.slice(first.indexOf('=') + 1));
                assert.ok(!await signedIn(plainCookie), 'a cookie without the prefix could come from another host');
            } finally { await https.stop(); }
        });

        check('signing in says the same of an unknown address, a wrong password and an unconfirmed account', async () => {
            await serve();
            const password = longPassword('attente');
            await signUp(server, { email: 'attente@example.org', password });
            const answers = [];
            for (const fields of [{ email: 'personne@example.org', password }, { email: learner.email, password }, { email: 'attente@example.org', password }]) {
                const visitor = newVisitor(server);
                const answer = await visitor.submit(await visitor.get('/connexion'), form('/connexion'), fields);
                assert.equal(answer.status, 422);
                assert.equal(answer.html.querySelector('[name=email]').getAttribute('value'), fields.email, 'the address typed is kept');
                assert.equal(answer.html.querySelector('[name=password]').getAttribute('value') ?? '', '', 'the password is not');
                assert.equal(visitor.jar.get('edulab'), undefined);
                answers.push({ text: plain(answer).replaceAll(fields.email, 'ADDRESS'), heads: headNames(answer) });
            }
            assert.deepEqual(answers[0], answers[1]);
            assert.deepEqual(answers[0], answers[2]);
        });

        check('signing up says the same of a known address; only the letter tells', async () => {
            await serve();
            const password = longPassword('identique');
            const results = [];
            for (const email of ['tout-neuf@example.org', learner.email]) {
                const { visitor, answer } = await signUp(server, { email, password });
                const next = await visitor.get(answer.location);
                results.push({ status: answer.status, location: answer.location, heads: headNames(answer), jar: [...visitor.jar.keys()], page: plain(next) });
            }
            assert.deepEqual(results[0], results[1]);
            const [fresh, known] = [await waitForMail(server.data, 'tout-neuf@example.org'), await waitForMail(server.data, learner.email)];
            assert.ok(linkIn(fresh, '/inscription/confirmer'));
            assert.throws(() => linkIn(known, '/inscription/confirmer'));
            assert.ok(linkIn(known, '/connexion'));
            await newVisitor(server).signIn(learner); // with the password of before
        });

        check('the link of the mail opens the account once; looking at it does not use it up', async () => {
            await serve();
            const person = { email: 'une-fois@example.org', password: longPassword('unefois') };
            const { visitor } = await signUp(server, person);
            const link = linkIn(await waitForMail(server.data, person.email), '/inscription/confirmer');
            assert.equal((await newVisitor(server).get(link)).status, 200, 'a mail scanner looks first');
            const page = await visitor.get(link);
            assert.match(page.words('main'), /une-fois@example\.org/);
            await assert.rejects(newVisitor(server).signIn(person), /422/, 'not open before the button');
            const two = newVisitor(server);
            const second = await two.get(link);
            const both = await Promise.all([visitor.submit(page, form('/inscription/confirmer')),
                two.submit(second, form('/inscription/confirmer'), { password: person.password })]);
            assert.deepEqual(both.map((answer) => answer.status).sort(), [303, 410], 'of two at once one wins');
            assert.equal((await newVisitor(server).get(link)).status, 410);
            const late = await visitor.post('/inscription/confirmer', { jeton: new URL(link, server.url).searchParams.get('jeton'), _csrf: csrfOf(await visitor.get('/')) });
            assert.equal(late.status, 410);
            await newVisitor(server).signIn(person);
        });

        check('nobody opens an account with the password of a stranger who signed up in between', async () => {
            await serve();
            const owner = { email: 'convoitee@example.org', password: longPassword('proprietaire') };
            const thief = { ...owner, password: longPassword('voleuse') };
            const letters = async (n) => {
                const all = () => mails(server.data).filter((mail) => mail.to.includes(owner.email)).map((mail) => linkIn(mail, '/inscription/confirmer'));
                for (let i = 0; i < 100 && all().length < n; i++) await new Promise((next) => setTimeout(next, 100));
                return all();
            };
            const { visitor } = await signUp(server, owner);
            const [first] = await letters(1);
            await signUp(server, thief);
            const second = (await letters(2)).find((link) => link !== first);
            const page = await visitor.get(second);
            assert.ok(page.html.querySelector('form[action="/inscription/confirmer"] [name=password]'), 'asked for in another browser');
            for (const password of [undefined, '', owner.password]) {
                const refused = await visitor.submit(page, form('/inscription/confirmer'), { password });
                assert.equal(refused.status, 422);
                assert.ok(refused.html.querySelector('#m-password'));
            }
            await assert.rejects(newVisitor(server).signIn(thief), /422/, 'nothing was opened');
            await signUp(server, owner, visitor);
            const third = (await letters(3)).find((link) => link !== first && link !== second);
            const phone = newVisitor(server);
            const there = await phone.get(third);
            assert.equal((await phone.submit(there, form('/inscription/confirmer'), { password: thief.password })).status, 422);
            const own = await visitor.get(third);
            assert.ok(!own.html.querySelector('form[action="/inscription/confirmer"] [name=password]'), 'the browser that signed up needs nothing else');
            assert.equal((await phone.submit(there, form('/inscription/confirmer'), { password: owner.password })).status, 303);
            await newVisitor(server).signIn(owner);
            await assert.rejects(newVisitor(server).signIn(thief), /422/);
        });

        check('signing up again and again floods no mailbox, and the answer stays the same', async () => {
            await serve();
            const person = { email: 'submergee@example.org', password: longPassword('submergee') };
            for (let i = 0; i < 8; i++) assert.equal((await signUp(server, person)).answer.location, '/inscription/merci');
            const count = () => mails(server.data).filter((mail) => mail.to.includes(person.email)).length;
            for (let i = 0; i < 50 && count() < 5; i++) await new Promise((next) => setTimeout(next, 100));
            await new Promise((next) => setTimeout(next, 500));
            assert.equal(count(), 5);
        });

        check('a link dies after two days, and when a newer one is asked for', async () => {
            await serve();
            const person = { email: 'tardif@example.org', password: longPassword('tardif') };
            await signUp(server, person);
            const first = linkIn(await waitForMail(server.data, person.email), '/inscription/confirmer');
            await signUp(server, person);
            assert.equal((await newVisitor(server).get(first)).status, 410, 'the newest link counts');
            for (let i = 0; i < 100 && mails(server.data).filter((mail) => mail.to.includes(person.email)).length < 2; i++) await new Promise((next) => setTimeout(next, 100));
            const second = mails(server.data).filter((mail) => mail.to.includes(person.email)).map((mail) => linkIn(mail, '/inscription/confirmer')).find((link) => link !== first);
            assert.equal((await newVisitor(server).get(second)).status, 200);
            sql(server, `UPDATE mail_token SET expires_at = ${Date.now() - 1} WHERE person_id = (SELECT id FROM person WHERE email = '${person.email}')`);
            const stale = await newVisitor(server).get(second);
            assert.equal(stale.status, 410);
            assert.ok(stale.html.querySelector('a[href="/inscription"]'), 'it says how to go on');
        });

        check('no address leads away from here', async () => {
            await serve();
            const away = ['//evil.example', 'https://evil.example/', '/\\evil.example', '\\\\evil.example', '/\t/evil.example', '/\r\n//evil.example', 'javascript:alert(1)', '///evil.example', ' //evil.example'];
            const stays = (answer, what) => {
                assert.equal(answer.status, 303, what);
                assert.equal(new URL(answer.location, server.url).origin, server.url, `${what} → ${answer.location}`);
                assert.ok(!/[\r\n\\]|^\/\//.test(answer.location), `${what} → ${JSON.stringify(answer.location)}`);
            };
            const member = newVisitor(server);
            await member.signIn(trainer);
            for (const suite of away) {
                const visitor = newVisitor(server);
                const page = await visitor.get(`/connexion?suite=${encodeURIComponent(suite)}`);
                for (const link of page.html.querySelectorAll('main a[href]')) assert.equal(new URL(link.getAttribute('href'), page.url).origin, server.url);
                stays(await visitor.submit(page, form('/connexion'), { ...learner, suite }), `sign-in with ${JSON.stringify(suite)}`);
                stays(await member.get(`/connexion?suite=${encodeURIComponent(suite)}`), `signed in already, ${JSON.stringify(suite)}`);
            }
            const person = { email: 'ailleurs@example.org', password: longPassword('ailleurs'), suite: '//evil.example' };
            const { visitor } = await signUp(server, person);
            const link = linkIn(await waitForMail(server.data, person.email), '/inscription/confirmer');
            stays(await visitor.submit(await visitor.get(link), form('/inscription/confirmer')), 'confirming');
        });

        check('a password stands nowhere: not in pages, letters, logs, nor in the data', async () => {
            await serve();
            const password = `introuvable-${randomBytes(6).toString('hex')}`;
            const wrong = `${password}-faux`;
            const person = { email: 'secret@example.org', name: 'X', password };
            const visitor = newVisitor(server);
            const refused = await visitor.submit(await visitor.get('/inscription'), form('/inscription'), { ...person, terms: '1' });
            assert.equal(refused.status, 422);
            assert.ok(!refused.text.includes(password));
            const other = await newcomer(server, { ...person, name: 'Secrète' });
            assert.ok(!(await other.get('/mon-espace')).text.includes(password));
            const mistaken = await visitor.submit(await visitor.get('/connexion'), form('/connexion'), { email: person.email, password: wrong });
            assert.ok(!mistaken.text.includes(password));
            await visitor.get(`/nulle-part?x=1`);
            assert.ok(!server.log.includes(password), 'in the log');
            assert.ok(mails(server.data).length > 0);
            for (const mail of mails(server.data)) assert.ok(!mail.text.includes(password) && !mail.raw.includes(password), `in the letter “${mail.subject}”`);
            for (const file of filesBelow(server.data).filter((path) => !/\/(hls|blobs)\//.test(path))) assert.ok(!readFileSync(file).includes(password), file);
            assert.match(sql(server, `SELECT password FROM person WHERE email = '${person.email}'`), /^\$argon2id\$/);
            const session = other.jar.get('edulab');
            assert.ok(!server.log.includes(session), 'the session is not in the log');
            for (const file of filesBelow(server.data).filter((path) => !/\/(hls|blobs)\//.test(path))) assert.ok(!readFileSync(file).includes(session), `the session is in ${file}`);
        });
    });
}

test('many wrong attempts from one address meet 429 with Retry-After, a class that signs in does not', async () => {
    const server = await startServer({ demo: false });
    try {
        const visitor = newVisitor(server);
        const page = await visitor.get('/connexion');
        // Nothing typed as password: counted like any other, without the cost of hashing.
        const leave = new AbortController();
        const answers = [];
        const attempts = Array.from({ length: 260 }, (_, i) => visitor.submit(page, form('/connexion'), { email: `a${i}@example.org`, password: '' }, { headers: { 'x-forwarded-for': `192.0.2.${i}` }, signal: leave.signal })
            .then((answer) => answers.push(answer), () => {}));
        const of = (status) => answers.filter((answer) => answer.status === status);
        while (of(429).length === 0 || of(422).length < 100) await Promise.race([...attempts.splice(0, 1), new Promise((next) => setTimeout(next, 50))]);
        const refused = of(429);
        assert.equal(refused.length + of(422).length, answers.length, 'four classes at once are let in, and there is an end, whatever X-Forwarded-For says');
        leave.abort(); // the others stand in line
        assert.ok(Number(refused[0].headers.get('retry-after')) > 0);
        assert.match(refused[0].words('main'), /minute/);
        assert.equal((await visitor.get('/connexion')).status, 200, 'reading goes on');
        assert.equal((await visitor.submit(await visitor.get('/inscription'), form('/inscription'), { email: 'x' })).status, 422, 'and so do other forms');
    } finally { await server.stop(); }
});
