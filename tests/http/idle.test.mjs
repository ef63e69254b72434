// Accounts that nobody uses: a letter after two years, the end three months later; who comes back keeps theirs, a legal hold
// keeps everything. And the firms that hold data for the centre, in the register. On both engines.
// run: seconds=240, pgsql
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '../lib/crowd.mjs';
import { newVisitor } from '../lib/http.mjs';
import { waitForMail } from '../lib/mail.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);
const accounts = Object.fromEntries((await demoAccounts()).map((account) => [account.role, account]));
const day = 86_400_000;
const top = '/gestion/donnees';

for (const engine of ['sqlite', 'pgsql'])
    describe(`idle accounts on ${engine}`, () => {
        let server;
        let staff;
        const one = (text) => sql(server, text);
        const due = async (rule) => Number((await staff.get(top)).html.querySelector(`tr[data-rule="${rule}"] td:last-child`).textContent.replace(/\D/g, ''));
        const apply = async () => {
            const before = Number(one("SELECT count(*) FROM work_job WHERE kind = 'privacy.retention' AND state = 2"));
            assert.equal((await staff.submit(await staff.get(top), `form[action="${top}/appliquer"]`)).status, 303);
            for (let i = 0; i < 200; i++) {
                if (Number(one("SELECT count(*) FROM work_job WHERE kind = 'privacy.retention' AND state = 2")) > before) return;
                await sleep(50);
            }
            throw new Error(`the rules were not applied: ${one("SELECT kind, state FROM work_job WHERE kind = 'privacy.retention'")}`);
        };
        const id = (email) => one(`SELECT id FROM person WHERE email = '${email}'`);
        const asleep = (email, days) => one(`UPDATE person SET seen_day = ${Math.floor(Date.now() / day) - days}, created_at = ${Date.now() - (days + 10) * day} WHERE email = '${email}'`);
        before(async () => {
            server = await startServer({ engine });
            staff = newVisitor(server);
            await staff.signIn(accounts.staff);
        });
        after(() => server?.stop());

        test('signing in, and each page on a later day, is noted by the day and not finer', async () => {
            const visitor = newVisitor(server);
            await visitor.signIn(accounts.coach);
            const today = String(Math.floor(Date.now() / day));
            assert.equal(one(`SELECT seen_day FROM person WHERE email = '${accounts.coach.email}'`), today);
            one(`UPDATE person SET seen_day = 1 WHERE email = '${accounts.coach.email}'`);
            one(`UPDATE session SET seen_at = 1 WHERE person_id = ${id(accounts.coach.email)}`);
            await visitor.get('/mon-espace');
            for (let i = 0; i < 100 && one(`SELECT seen_day FROM person WHERE email = '${accounts.coach.email}'`) !== today; i++) await sleep(20);
            assert.equal(one(`SELECT seen_day FROM person WHERE email = '${accounts.coach.email}'`), today);
            assert.match((await visitor.get('/compte/donnees')).words('main'), /Dernier jour ici/);
        });

        test('after two years a letter, three months later the end, unless somebody comes back', async () => {
            const [gone, back, held, fresh] = ['learner', 'trainer', 'head', 'contact'].map((role) => accounts[role].email);
            for (const email of [gone, back, held]) asleep(email, 735);
            asleep(fresh, 700);
            one(`INSERT INTO legal_hold (id, person_id, reason, set_by, set_at) VALUES (77, ${id(held)}, 'Enquête', 1, 1)`);
            assert.equal(await due('privacy.idle'), 2);
            assert.equal(await due('privacy.gone'), 0);
            await apply();
            const letter = await waitForMail(server.data, gone, /\/connexion/);
            assert.match(JSON.stringify(letter), /deux ans/);
            assert.equal(one('SELECT count(*) FROM inactivity_notice'), '2');
            assert.equal(await due('privacy.idle'), 0);
            await apply();
            assert.equal(one('SELECT count(*) FROM inactivity_notice'), '2', 'one letter each');
            assert.equal(one(`SELECT count(*) FROM work_mail WHERE subject = 'Votre compte est endormi'`), '2');
            const visitor = newVisitor(server);
            await visitor.signIn(accounts.trainer);
            one(`UPDATE inactivity_notice SET told_at = told_at - ${92 * day}`);
            assert.equal(await due('privacy.gone'), 1);
            const number = id(gone);
            await apply();
            assert.equal(id(gone), '');
            assert.equal(one(`SELECT count(*) FROM person WHERE id = ${number} AND closed_at IS NOT NULL`), '1', 'a number stays');
            assert.equal(one('SELECT count(*) FROM inactivity_notice'), '0');
            assert.notEqual(id(back), '');
            assert.notEqual(id(held), '');
            assert.equal(one("SELECT count(*) FROM audit WHERE act = 'account.expired'"), '1');
            assert.equal(one("SELECT rows FROM retention_log WHERE rule = 'privacy.gone'"), '1');
            assert.equal((await visitor.get('/mon-espace')).status, 200);
        });

        test('the firms that hold data stand on a page and in the register', async () => {
            const path = `${top}/sous-traitants`;
            const form = `form[action="${path}"]`;
            assert.match((await staff.get(`${top}/registre`)).text, /le centre garde tout lui-même/);
            const missing = await staff.submit(await staff.get(path), form, { nom: 'Courrier SA' });
            assert.equal(missing.status, 422);
            const dated = await staff.submit(await staff.get(path), form, { nom: 'Courrier SA', contrat: '2026-01-15' });
            assert.equal(dated.html.querySelector('[name=contrat]').getAttribute('value'), '2026-01-15', 'the day comes back too');
            const added = await staff.submit(await staff.get(path), form, { nom: 'Courrier & Co', tache: 'envoie nos courriels', donnees: 'noms, adresses', pays: 'Belgique', contrat: '2026-01-15' });
            assert.equal(added.status, 303);
            await staff.submit(await staff.get(path), form, { nom: 'Sondages <SA>', tache: 'sondages', donnees: 'réponses', pays: 'Suisse', base: 'décision d’adéquation' });
            const page = await staff.get(path);
            assert.match(page.words('table'), /Courrier & Co.*15 janvier 2026.*Sondages <SA>.*décision d’adéquation.*Manque/);
            const register = (await staff.get(`${top}/registre`)).text;
            assert.match(register, /Courrier &amp; Co/);
            assert.match(register, /Sondages &lt;SA>|Sondages &lt;SA&gt;/);
            assert.equal((await staff.submit(page, 'form[action$="/fin"]')).status, 303);
            assert.match((await staff.get(path)).words('table'), /Terminé/);
            assert.equal(one("SELECT count(*) FROM audit WHERE act IN ('processor.added', 'processor.ended')"), '3');
            const learner = newVisitor(server);
            await learner.signIn(accounts.coach);
            assert.equal((await learner.get(path)).status, 403);
        });

        test('who alone can give roles is neither warned nor erased, and cannot close the account; with a second one both are as others', async () => {
            const only = accounts.staff.email;
            asleep(only, 800);
            one(`INSERT INTO inactivity_notice (person_id, told_at) VALUES (${id(only)}, ${Date.now() - 92 * day})`);
            const seen = one(`SELECT seen_day FROM person WHERE email = '${only}'`);
            assert.equal(await due('privacy.gone'), 0);
            await apply();
            assert.notEqual(id(only), '');
            const close = () => staff.get('/compte/donnees/fermer').then((page) => staff.submit(page, 'form[action="/compte/donnees/fermer"]', { password: accounts.staff.password, sure: '1' }));
            const refused = await close();
            assert.equal(refused.status, 409);
            assert.match(refused.words('main'), /seule personne/);
            one(`DELETE FROM inactivity_notice`);
            assert.equal(await due('privacy.idle'), 0);
            one(`INSERT INTO person_role (person_id, role, scope_kind, scope_id, starts_at, granted_at) VALUES (${id(accounts.coach.email)}, 'staff', '', 0, 1, 1)`);
            asleep(accounts.coach.email, 800);
            one(`UPDATE person SET seen_day = ${seen} WHERE email = '${only}'`);
            one(`INSERT INTO inactivity_notice (person_id, told_at) VALUES (${id(only)}, ${Date.now() - 93 * day}), (${id(accounts.coach.email)}, ${Date.now() - 92 * day})`);
            const coach = id(accounts.coach.email);
            await newVisitor(server).get('/');
            assert.equal(await due('privacy.gone'), 2);
            one("INSERT INTO work_job (id, kind, key, lane, payload, state, due_at, created_at) VALUES (4242, 'privacy.retention', 'both', 0, '{}', 0, 1, 1)");
            for (let i = 0; i < 200 && one('SELECT state FROM work_job WHERE id = 4242') !== '2'; i++) await sleep(50);
            assert.equal(id(only), '', 'the one asleep for longer goes');
            assert.equal(one(`SELECT closed_at IS NULL FROM person WHERE id = ${coach}`).replace('t', '1'), '1', 'then the other is the last');
        });
    });
