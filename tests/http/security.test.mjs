// The security page: sign-in and password by mailed links, a new address and its way back, sessions closed one by one,
// passwords that are refused. On both engines.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, newVisitor } from '../lib/http.mjs';
import { linkIn, mails, waitForMail } from '../lib/mail.mjs';
import { addSecondStep, longPassword, newcomer, signUp } from '../lib/people.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);
const [learner] = await demoAccounts();
const form = (path) => `form[action="${path}"]`;
const signedIn = async (visitor) => (await visitor.get('/mon-espace')).status === 200;

// An answer without what differs each time.
const plain = (answer) => answer.text.replaceAll(csrfOf(answer) ?? '\0', 'TOKEN').replaceAll(answer.headers.get('x-request-id'), 'REQUEST');

async function ask(server, path, email, suite = '') {
    const visitor = newVisitor(server);
    const page = await visitor.get(`${path}${suite ? `?suite=${encodeURIComponent(suite)}` : ''}`);
    const answer = await visitor.submit(page, form(path), { email });
    return { visitor, answer };
}

for (const engine of ['sqlite', 'pgsql']) {
    describe(engine, () => {
        let server;
        let count = 0;
        const check = (name, run) => test(`${name} (${engine})`, run);
        after(() => server?.stop());
        async function person(word) {
            server ??= await startServer({ engine, demo: false });
            const account = { name: 'Élodie', email: `${word}${count++}@example.org`, password: longPassword(word) };
            return { ...account, visitor: await newcomer(server, account) };
        }

        check('a mailed link signs in, once, by a button, and goes where the person wanted to', async () => {
            const { email } = await person('lien');
            const { answer } = await ask(server, '/connexion/lien', email, '/compte?a=b&c');
            assert.equal(answer.location, '/connexion/courrier');
            const link = linkIn(await waitForMail(server.data, email, /lien pour vous connecter|link to sign in/), '/connexion/entrer');
            assert.equal((await newVisitor(server).get(link)).status, 200, 'looking does not use it up');
            const [one, two] = [newVisitor(server), newVisitor(server)];
            const pages = await Promise.all([one.get(link), two.get(link)]);
            const both = await Promise.all([one.submit(pages[0], form('/connexion/entrer')), two.submit(pages[1], form('/connexion/entrer'))]);
            assert.deepEqual(both.map(({ status }) => status).sort(), [303, 410]);
            const [won, lost] = both[0].status === 303 ? [one, two] : [two, one];
            assert.match(both.find(({ status }) => status === 303).location, /^\/compte\?a=b&c&fait=/);
            assert.ok(await signedIn(won));
            assert.ok(!await signedIn(lost));
            assert.equal((await newVisitor(server).get(link)).status, 410);
        });

        check('asking says the same for every address, and every address gets a letter', async () => {
            const { email } = await person('connue');
            await signUp(server, { email: 'jamais-confirme@example.org', password: longPassword('jamais') });
            for (const path of ['/connexion/lien', '/connexion/oubli']) {
                const seen = [];
                for (const who of [email, 'personne-ici@example.org', 'jamais-confirme@example.org']) {
                    const { visitor, answer } = await ask(server, path, who);
                    seen.push({ status: answer.status, location: answer.location, heads: [...answer.headers.keys()].sort(), jar: [...visitor.jar], page: plain(await visitor.get(answer.location)) });
                }
                assert.deepEqual(seen[0], seen[1]);
                assert.deepEqual(seen[0], seen[2]);
            }
            const unknown = await waitForMail(server.data, 'personne-ici@example.org');
            assert.ok(linkIn(unknown, '/inscription'));
            assert.throws(() => linkIn(unknown, '/connexion'));
            assert.throws(() => linkIn(mails(server.data).filter((mail) => mail.to.includes('jamais-confirme')).at(-1), '/connexion/entrer'));
        });

        check('one address is not flooded with letters, and the answer stays the same', async () => {
            await person('flots');
            for (let i = 0; i < 8; i++) assert.equal((await ask(server, '/connexion/lien', 'inondee@example.org')).answer.location, '/connexion/courrier');
            await waitForMail(server.data, 'inondee@example.org');
            for (let i = 0; i < 50 && mails(server.data).filter((mail) => mail.to.includes('inondee')).length < 5; i++) await sleep(100);
            await sleep(500);
            assert.equal(mails(server.data).filter((mail) => mail.to.includes('inondee')).length, 5);
        });

        check('a forgotten password is chosen anew by a link: everybody is signed out, the owner is told', async () => {
            const { email, password, visitor } = await person('oubli');
            await ask(server, '/connexion/oubli', email);
            const link = linkIn(await waitForMail(server.data, email, /nouveau mot de passe pour|new password/), '/connexion/mot-de-passe');
            const other = newVisitor(server);
            for (const [nouveau, why] of [['court', 'short'], ['Password2026!', 'a common word with a year'], ['azertyuiop', 'a row of keys'], ['abcabcabcabc', 'repeats'], ['0123456789', 'a run'], [email, 'the address']]) {
                const refused = await other.submit(await other.get(link), form('/connexion/mot-de-passe'), { nouveau });
                assert.equal(refused.status, 422, why);
                assert.ok(refused.html.querySelector('#m-nouveau'), why);
            }
            const done = await other.submit(await other.get(link), form('/connexion/mot-de-passe'), { nouveau: longPassword('neuf') });
            assert.match(done.location, /^\/compte\/securite\?fait=mot-de-passe/);
            assert.ok(await signedIn(other));
            assert.ok(!await signedIn(visitor), 'the session of before is over');
            await assert.rejects(newVisitor(server).signIn({ email, password }), /422/);
            await newVisitor(server).signIn({ email, password: longPassword('neuf') });
            assert.equal((await newVisitor(server).get(link)).status, 410);
            assert.ok(linkIn(await waitForMail(server.data, email, /vient de changer|just been changed/), '/connexion/oubli'));
        });

        check('who sits at an open session gets no key out of the letters that "Mes données" shows', async () => {
            const { email, visitor } = await person('lettres');
            const token = csrfOf(await visitor.get('/compte/securite/mot-de-passe'));
            assert.equal((await visitor.post('/compte/securite/mot-de-passe/lien', { _csrf: token })).status, 303);
            const link = linkIn(await waitForMail(server.data, email, /nouveau mot de passe pour|new password/), '/connexion/mot-de-passe');
            const key = new URL(link, server.url).searchParams.get('jeton');
            assert.equal((await newVisitor(server).get(link)).status, 200, 'it opens something');
            const page = await visitor.get('/compte/donnees');
            assert.match(page.words('main'), /mot-de-passe\?jeton=…/, 'the letter is shown');
            assert.ok(!page.text.includes(key));
        });

        check('a letter that one asks for oneself, or to a new address, is sent a few times at most', async () => {
            const { password, visitor } = await person('lettres');
            const token = csrfOf(await visitor.get('/compte/securite/mot-de-passe'));
            const own = () => visitor.post('/compte/securite/mot-de-passe/lien', { _csrf: token });
            // the sign-up wrote one
            for (let i = 0; i < 4; i++) assert.equal((await own()).status, 303);
            assert.equal((await own()).status, 429);
            const move = () => visitor.post('/compte/securite/adresse', { _csrf: token, email: 'visee-de-loin@example.org', actuel: password });
            for (let i = 0; i < 5; i++) assert.equal((await move()).status, 303);
            const last = await move();
            assert.equal(last.status, 422);
            assert.ok(last.html.querySelector('#m-email'));
        });

        check('a new password ends the links and half sessions that the old one had begun', async () => {
            const { email, password, visitor } = await person('suites');
            await ask(server, '/connexion/lien', email);
            const link = linkIn(await waitForMail(server.data, email, /lien pour vous connecter|link to sign in/), '/connexion/entrer');
            await addSecondStep(visitor);
            const half = newVisitor(server);
            await half.submit(await half.get('/connexion'), form('/connexion'), { email, password });
            assert.equal((await half.get('/connexion/code')).status, 200);
            const path = '/compte/securite/mot-de-passe';
            assert.equal((await visitor.submit(await visitor.get(path), form(path), { actuel: password, nouveau: longPassword('autre') })).status, 303);
            assert.equal((await half.get('/connexion/code')).location, '/connexion');
            assert.equal((await newVisitor(server).get(link)).status, 410);
        });

        check('closing the account guesses no faster than signing in', async () => {
            const { visitor } = await person('fermeture');
            const page = await visitor.get('/compte/donnees/fermer');
            const guess = (signal) => visitor.submit(page, form('/compte/donnees/fermer'), { password: 'rien-de-tel-du-tout', sure: '1' }, { signal });
            for (let i = 0; i < 5; i++) assert.equal((await guess()).status, 422);
            const leave = new AbortController();
            const many = Array.from({ length: 10 }, () => guess(leave.signal).then(({ status }) => status, () => 'left'));
            assert.equal(await Promise.any(many.map((one) => one.then((status) => { if (status !== 429) throw new Error(status); return status; }))), 429);
            leave.abort();
        });

        check('the password changes with the one of now; the other sessions end', async () => {
            const { email, password, visitor } = await person('change');
            const elsewhere = newVisitor(server);
            await elsewhere.signIn({ email, password });
            const path = '/compte/securite/mot-de-passe';
            const wrong = await visitor.submit(await visitor.get(path), form(path), { actuel: 'pas-celui-la', nouveau: longPassword('autre') });
            assert.equal(wrong.status, 422);
            assert.ok(wrong.html.querySelector('#m-actuel'));
            const common = await visitor.submit(await visitor.get(path), form(path), { actuel: password, nouveau: 'motdepasse2026' });
            assert.equal(common.status, 422);
            assert.ok(common.html.querySelector('#m-nouveau'));
            const done = await visitor.submit(await visitor.get(path), form(path), { actuel: password, nouveau: longPassword('autre') });
            assert.equal(done.status, 303);
            assert.ok(await signedIn(visitor));
            assert.ok(!await signedIn(elsewhere));
            await newVisitor(server).signIn({ email, password: longPassword('autre') });
        });

        check('sessions are listed with device and place, and close one by one or all but this', async () => {
            const { email, password, visitor } = await person('seances');
            const phone = newVisitor(server);
            phone.headers['user-agent'] = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile Safari/604.1';
            await phone.signIn({ email, password });
            const desk = newVisitor(server);
            desk.headers['user-agent'] = 'Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0';
            await desk.signIn({ email, password });
            sql(server, "UPDATE session SET peer = '203.0.113.9' WHERE agent LIKE '%iPhone%'");
            let page = await visitor.get('/compte/securite');
            const items = page.html.querySelectorAll('section[aria-labelledby=h-open] li.lock');
            assert.equal(items.length, 3);
            const line = (pattern) => items.find((item) => pattern.test(item.textContent));
            assert.match(line(/Safari, iPhone/).textContent, /ailleurs/);
            assert.match(line(/Firefox, Windows/).textContent, /ici/);
            assert.equal(items.filter((item) => /cet appareil/.test(item.textContent)).length, 1);
            const stranger = (await person('inconnue')).visitor;
            const action = line(/iPhone/).querySelector('form').getAttribute('action');
            const token = csrfOf(await stranger.get('/mon-espace'));
            assert.equal((await stranger.post(action, { _csrf: token })).status, 404, "nobody closes another's");
            assert.ok(await signedIn(phone));
            assert.equal((await visitor.submit(page, form(action))).location, '/compte/securite?fait=seance-fermee');
            assert.ok(!await signedIn(phone));
            assert.ok(await signedIn(desk));
            page = await visitor.get('/compte/securite');
            await visitor.submit(page, form('/compte/securite/seances/fermer'));
            assert.ok(!await signedIn(desk));
            assert.ok(await signedIn(visitor));
        });

        check('when a session is used is noted, a quarter of an hour apart', async () => {
            const { email, visitor } = await person('vue');
            const where = `person_id = (SELECT id FROM person WHERE email = '${email}')`;
            sql(server, `UPDATE session SET seen_at = 5 WHERE ${where}`);
            await visitor.get('/mon-espace');
            const seen = () => Number(sql(server, `SELECT seen_at FROM session WHERE ${where}`));
            for (let i = 0; i < 50 && seen() === 5; i++) await sleep(100);
            const first = seen();
            assert.ok(first > Date.now() - 60_000);
            await visitor.get('/mon-espace');
            await sleep(200);
            assert.equal(seen(), first);
        });

        const moveTo = (visitor, email, actuel) => visitor.get('/compte/securite/adresse').then((page) => visitor.submit(page, form('/compte/securite/adresse'), { email, actuel }));

        check('a new address counts once its link is followed; the old one is told and can take it back', async () => {
            const { email, password, visitor } = await person('ancienne');
            const fresh = `nouvelle-${email}`;
            assert.equal((await moveTo(visitor, fresh, 'faux-mot-de-passe')).status, 422);
            assert.equal((await moveTo(visitor, email, password)).status, 422, 'the same address');
            assert.equal((await moveTo(visitor, fresh, password)).location, '/compte/securite?fait=adresse-demandee');
            assert.match((await visitor.get('/compte/securite')).words('main'), new RegExp(fresh));
            await newVisitor(server).signIn({ email, password }); // not yet
            const link = linkIn(await waitForMail(server.data, fresh), '/adresse/confirmer');
            const open = newVisitor(server);
            assert.equal((await open.submit(await open.get(link), form('/adresse/confirmer'))).status, 303);
            assert.equal((await open.get(link)).status, 410);
            await newVisitor(server).signIn({ email: fresh, password });
            await assert.rejects(newVisitor(server).signIn({ email, password }), /422/);
            const undo = linkIn(await waitForMail(server.data, email, /annule le changement|takes the change back/), '/adresse/annuler');
            const owner = newVisitor(server);
            const page = await owner.get(undo);
            assert.ok(await signedIn(visitor), 'a look changes nothing');
            assert.equal((await owner.submit(page, form('/adresse/annuler'))).location, '/connexion?fait=adresse-annulee');
            assert.ok(!await signedIn(visitor), 'whoever did it is out');
            await assert.rejects(newVisitor(server).signIn({ email, password }), /422/, 'and so is the password they knew');
            const reset = linkIn(await waitForMail(server.data, email, /nouveau mot de passe pour|new password/), '/connexion/mot-de-passe');
            await owner.submit(await owner.get(reset), form('/connexion/mot-de-passe'), { nouveau: longPassword('sauve') });
            await newVisitor(server).signIn({ email, password: longPassword('sauve') });
            assert.equal((await owner.get(undo)).status, 410);
        });

        check("nobody learns whether a new address is somebody else's, and nobody takes it", async () => {
            const { email: taken } = await person('prise');
            const { password, visitor, email } = await person('curieux');
            const answers = [];
            for (const to of [taken, `libre-${email}`]) answers.push((await moveTo(visitor, to, password)).location);
            assert.equal(answers[0], answers[1]);
            const letter = await waitForMail(server.data, taken, /appartient déjà|belongs to another/);
            assert.throws(() => linkIn(letter, '/adresse'));
            // taken between the asking and the button
            const link = linkIn(await waitForMail(server.data, `libre-${email}`), '/adresse/confirmer');
            await newcomer(server, { email: `libre-${email}`, password: longPassword('rapide') });
            const open = newVisitor(server);
            const page = await open.get(link);
            assert.equal((await open.submit(page, form('/adresse/confirmer'))).status, 410);
            assert.equal(sql(server, `SELECT count(*) FROM person WHERE email = '${email}'`), '1');
        });

        check('guesses at one account come slower and slower, from where they are made', async () => {
            const { email, password } = await person('devinee');
            const attempt = { email, password: 'rien-de-tel-du-tout' };
            for (let i = 0; i < 5; i++) await assert.rejects(newVisitor(server).signIn(attempt), /422/);
            // Those who stand in line are not waited for.
            const visitor = newVisitor(server);
            const page = await visitor.get('/connexion');
            const leave = new AbortController();
            const many = Array.from({ length: 10 }, () => visitor.submit(page, 'form[action="/connexion"]', attempt, { signal: leave.signal }).then(({ status }) => status, () => 'left'));
            assert.equal(await Promise.any(many.map((one) => one.then((status) => { if (status !== 429) throw new Error(status); return status; }))), 429, 'who stands in line for a minute is sent away');
            leave.abort();
            const unknown = newVisitor(server);
            assert.equal((await unknown.submit(await unknown.get('/connexion'), 'form[action="/connexion"]', { email: 'autre@example.org', password })).status, 422, 'others are not held up');
        });
    });
}

test('the sample people meet the page from their account', async () => {
    const server = await startServer();
    try {
        const visitor = newVisitor(server);
        await visitor.signIn(learner);
        const page = await visitor.get('/compte');
        assert.ok(page.html.querySelector('.account-nav a[href="/compte/securite"]'));
    } finally { await server.stop(); }
});
