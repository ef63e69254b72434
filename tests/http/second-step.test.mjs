// The second step of signing in: codes of an application, recovery codes, replay, guessing, and roles that ask for it.
// On both engines.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, newVisitor } from '../lib/http.mjs';
import { linkIn, waitForMail } from '../lib/mail.mjs';
import { addSecondStep, longPassword, newcomer, totp } from '../lib/people.mjs';
import { edulab, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);
const form = (path) => `form[action="${path}"]`;
const signedIn = async (visitor) => (await visitor.get('/mon-espace')).status === 200;

test('the codes are those of RFC 6238', () => {
    const key = 'gezdgnbvgy3tqojqgezdgnbvgy3tqojq'; // "12345678901234567890"
    for (const [seconds, code] of [[59, '287082'], [1111111109, '081804'], [1234567890, '005924'], [20000000000, '353130']])
        assert.equal(totp(key, 0, seconds * 1000), code);
});

for (const engine of ['sqlite', 'pgsql']) {
    describe(engine, () => {
        let server;
        let count = 0;
        const check = (name, run) => test(`${name} (${engine})`, run);
        after(() => server?.stop());
        async function person(word, step = true) {
            server ??= await startServer({ engine, demo: false });
            const account = { name: 'Élodie', email: `${word}${count++}@example.org`, password: longPassword(word) };
            const visitor = await newcomer(server, account);
            return { ...account, visitor, ...(step ? await addSecondStep(visitor) : {}) };
        }
        // The half of signing in that the password does.
        async function half({ email, password }, suite = '') {
            const visitor = newVisitor(server);
            const page = await visitor.get(`/connexion${suite}`);
            const answer = await visitor.submit(page, 'form[action="/connexion"]', { email, password });
            return { visitor, answer };
        }
        const give = async (visitor, code, path = '/connexion/code') => visitor.submit(await visitor.get(path), form('/connexion/code'), { code });
        // As if the last code had been used long ago.
        const forget = ({ email }) => sql(server, `UPDATE second_factor SET last_step = 0 WHERE person_id = (SELECT id FROM person WHERE email = '${email}')`);

        check('with it the password opens half a session only; a code opens the rest, and goes where one wanted to', async () => {
            const me = await person('etape');
            const { visitor, answer } = await half(me, '?suite=%2Fcompte%3Fx%3D1');
            assert.equal(answer.location, '/connexion/code?suite=%2Fcompte%3Fx%3D1');
            assert.ok(!await signedIn(visitor), 'a visitor so far');
            const before = visitor.jar.get('edulab');
            forget(me);
            const done = await give(visitor, totp(me.key), answer.location);
            assert.match(done.location, /^\/compte\?x=1&fait=connecte$/);
            assert.ok(await signedIn(visitor));
            assert.notEqual(visitor.jar.get('edulab'), before, 'the half is not the whole');
            const thief = newVisitor(server);
            thief.jar.set('edulab', before);
            assert.equal((await thief.get('/connexion/code')).location, '/connexion');
        });

        check('a code counts once, also in another window; the one that set it up does not count again', async () => {
            const me = await person('rejeu');
            const first = await half(me);
            assert.match((await give(first.visitor, totp(me.key))).location, /code-faux/, 'the code of the setting up');
            forget(me);
            const code = totp(me.key);
            assert.match((await give(first.visitor, code)).location, /connecte/);
            const second = await half(me);
            assert.match((await give(second.visitor, code)).location, /code-faux/);
            assert.ok(!await signedIn(second.visitor));
        });

        check('of two that give the same code at once one comes in', async () => {
            const me = await person('course');
            forget(me);
            const code = totp(me.key);
            const both = [await half(me), await half(me)];
            const pages = [];
            for (const { visitor } of both) pages.push(await visitor.get('/connexion/code'));
            const answers = await Promise.all(both.map(({ visitor }, i) => visitor.submit(pages[i], form('/connexion/code'), { code })));
            assert.equal(answers.filter(({ location }) => /connecte/.test(location ?? '')).length, 1);
        });

        check('codes of other moments and other forms are refused; a clock half a minute off is not', async () => {
            const me = await person('horloge');
            const { visitor } = await half(me);
            for (const code of [totp(me.key, -5), totp(me.key, 5), '12345']) assert.match((await give(visitor, code)).location, /code-faux/);
            forget(me);
            const code = totp(me.key, -1);
            assert.match((await give(visitor, ` ${code.slice(0, 3)} ${code.slice(3)} `)).location, /connecte/);
        });

        check('five wrong codes close the half, and the owner is told', async () => {
            const me = await person('essais');
            const { visitor } = await half(me);
            for (let i = 0; i < 4; i++) assert.match((await give(visitor, '000000')).location, /code-faux/);
            assert.match((await give(visitor, '000000')).location, /code-trop/);
            assert.equal((await visitor.get('/connexion/code')).location, '/connexion');
            await waitForMail(server.data, me.email, /cinq codes faux|five times/);
            // and however many halves are opened, guessing goes on slowly
            const next = await half(me);
            let status = 0;
            for (let i = 0; i < 4; i++) ({ status } = await give(next.visitor, '000000'));
            const third = await half(me);
            const answers = [];
            for (let i = 0; i < 3; i++) answers.push((await give(third.visitor, '000000')).status);
            assert.ok(answers.includes(429), `${status} ${answers}`);
        });

        check('a recovery code opens once, however it is typed; new ones end the old', async () => {
            const me = await person('secours');
            assert.equal(me.codes.length, 10);
            const { visitor } = await half(me);
            assert.match((await give(visitor, me.codes[0].toUpperCase().replaceAll('-', ' '))).location, /connecte/);
            assert.match((await visitor.get('/compte/securite')).words('main'), /9 codes de secours/);
            const again = await half(me);
            assert.match((await give(again.visitor, me.codes[0])).location, /code-faux/);
            const other = await person('autre');
            assert.match((await give(again.visitor, other.codes[1])).location, /code-faux/, "another's");
            const path = '/compte/securite/application';
            const renewed = await visitor.submit(await visitor.get(path), form('/compte/securite/codes'), { code: me.codes[1] });
            const fresh = renewed.html.querySelector('#codes').textContent.trim().split(/\s+/);
            assert.equal(new Set([...fresh, ...me.codes]).size, 20);
            assert.match((await give(again.visitor, me.codes[2])).location, /code-faux/);
            assert.match((await give(again.visitor, fresh[0])).location, /connecte/);
            const dump = sql(server, 'SELECT * FROM recovery_code');
            assert.ok(!dump.includes(fresh[1].replaceAll('-', '')));
        });

        check('every way in owes the second step: a mailed link, a new password, a confirmed address', async () => {
            const me = await person('voies');
            const visitor = newVisitor(server);
            await visitor.submit(await visitor.get('/connexion/lien'), form('/connexion/lien'), { email: me.email });
            const link = linkIn(await waitForMail(server.data, me.email, /connexion\/entrer/), '/connexion/entrer');
            assert.match((await visitor.submit(await visitor.get(link), form('/connexion/entrer'))).location, /^\/connexion\/code/);
            assert.ok(!await signedIn(visitor));
            await visitor.submit(await visitor.get('/connexion/oubli'), form('/connexion/oubli'), { email: me.email });
            const reset = linkIn(await waitForMail(server.data, me.email, /connexion\/mot-de-passe/), '/connexion/mot-de-passe');
            assert.match((await visitor.submit(await visitor.get(reset), form('/connexion/mot-de-passe'), { nouveau: longPassword('voie') })).location, /^\/connexion\/code/);
            assert.ok(!await signedIn(visitor));
        });

        check('taking it away needs a code; the owner is told', async () => {
            const me = await person('retrait');
            const path = '/compte/securite/application';
            const page = await me.visitor.get(path);
            const drop = (code) => me.visitor.post(`${path}/retirer`, { code, _csrf: csrfOf(page) });
            assert.equal((await drop('000000')).status, 422);
            assert.equal((await drop(me.codes[3])).location, '/compte/securite?fait=application-retiree');
            await waitForMail(server.data, me.email, /ne demande plus|no longer asks/);
            assert.match((await half(me)).answer.location, /mon-espace/);
        });

        check('setting it up asks for the password: an open session alone locks nobody out and proves nothing more', async () => {
            const me = await person('ouverte', false);
            const path = '/compte/securite/application';
            for (const actuel of [undefined, '', 'pas-celui-la']) {
                const refused = await me.visitor.submit(await me.visitor.get(path), form(`${path}/commencer`), { actuel });
                assert.equal(refused.status, 422);
                assert.ok(refused.html.querySelector('#m-actuel'));
            }
            assert.equal(sql(server, `SELECT count(*) FROM second_factor WHERE person_id = (SELECT id FROM person WHERE email = '${me.email}')`), '0');
            sql(server, `UPDATE person SET password = NULL WHERE email = '${me.email}'`); // came through an institution
            const page = await me.visitor.get(path);
            assert.ok(!page.html.querySelector('[name=actuel]'));
            assert.equal((await me.visitor.submit(page, form(`${path}/commencer`))).status, 303);
        });

        check('a wrong first code sets nothing up, and beginning again never replaces one that works', async () => {
            const me = await person('debut', false);
            const path = '/compte/securite/application';
            await me.visitor.submit(await me.visitor.get(path), form(`${path}/commencer`), { actuel: me.password });
            const page = await me.visitor.get(path);
            const key = page.words('#cle');
            assert.ok(page.html.querySelector('svg.qr path'));
            const wrong = await me.visitor.submit(page, form(path), { code: totp(key, 7) });
            assert.equal(wrong.status, 422);
            assert.ok(wrong.html.querySelector('#m-code'));
            assert.match((await half(me)).answer.location, /mon-espace/, 'not asked before it is proved');
            const done = await me.visitor.submit(page, form(path), { code: totp(key) });
            assert.equal(done.status, 200);
            assert.equal((await me.visitor.post(`${path}/commencer`, { _csrf: csrfOf(page) })).status, 303, 'two proofs were given: no password');
            const { visitor } = await half(me);
            forget(me);
            assert.match((await give(visitor, totp(key))).location, /connecte/);
            const stored = sql(server, `SELECT * FROM second_factor`);
            assert.ok(!stored.includes(key.replace(/\s/g, '')));
        });

        check('a role can ask for it: with grace one is led to it, then the role counts only with it', async () => {
            const boss = await person('equipe', false);
            const trainer = await person('formatrice', false);
            const role = async ({ email }, name) => sql(server, `INSERT INTO person_role (person_id, role, scope_kind, scope_id, starts_at, granted_at) SELECT id, '${name}', '', 0, 0, 0 FROM person WHERE email = '${email}'`);
            await role(boss, 'staff');
            await role(trainer, 'trainer');
            assert.equal((await trainer.visitor.get('/gestion/securite')).status, 403);
            const page = await boss.visitor.get('/gestion/securite');
            const rule = (asked) => boss.visitor.post('/gestion/securite', { role: 'trainer', asked, _csrf: csrfOf(page) });
            assert.equal((await rule(1)).location, '/gestion/securite?fait=exigence-posee');
            assert.match(sql(server, "SELECT act FROM audit WHERE act LIKE 'second%'"), /second_factor.required/);
            assert.equal((await boss.visitor.post('/gestion/securite', { role: 'learner', asked: 1, _csrf: csrfOf(page) })).status, 422);
            const led = await half(trainer);
            assert.match(led.answer.location, /^\/compte\/securite\/exigence\?suite=/);
            assert.match((await led.visitor.get(led.answer.location)).words('main'), /Plus tard/);
            assert.equal((await led.visitor.get('/gestion/videos')).status === 403, false, 'the role still counts');
            sql(server, 'UPDATE second_factor_rule SET from_at = 5');
            assert.equal((await led.visitor.get('/gestion/videos')).status, 403, 'not after the grace');
            assert.equal((await led.visitor.get('/mon-espace')).status, 200, 'still a learner');
            const step = await addSecondStep(led.visitor, trainer.password);
            assert.equal((await led.visitor.get('/gestion/videos')).status === 403, false, 'and back at once');
            const again = await half(trainer);
            await give(again.visitor, step.codes[0]);
            assert.equal((await again.visitor.get('/gestion/videos')).status === 403, false);
            assert.equal((await rule(0)).location, '/gestion/securite?fait=exigence-levee');
        });

        check('the command takes it away from somebody who lost everything, and the journal knows', async () => {
            const me = await person('perdu');
            const run = (email) => edulab(['user', 'reset-second-step', email, '--data', server.data], { database: server.database });
            assert.equal((await run('personne@example.org')).status, 1);
            const done = await run(me.email);
            assert.equal(done.status, 0, done.stderr);
            assert.ok(!await signedIn(me.visitor), 'sessions end');
            assert.match((await half(me)).answer.location, /mon-espace/);
            assert.match(sql(server, "SELECT act FROM audit WHERE act LIKE 'second%'"), /second_factor.removed/);
        });
    });
}
