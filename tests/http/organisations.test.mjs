// Organisations: the tree and its rules, moving with everything below, who belongs where and what they may there: a head
// and a contact see their own, a network manager changes their part of the tree, nobody else gets in. On both engines.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, newVisitor } from '../lib/http.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);
const accounts = Object.fromEntries((await demoAccounts()).map((account) => [account.role, account]));
const top = '/gestion/organisations';

for (const engine of ['sqlite', 'pgsql'])
    describe(`organisations on ${engine}`, () => {
        let server;
        const people = {};
        before(async () => {
            server = await startServer({ engine });
            for (const role of ['learner', 'contact', 'head', 'network', 'staff']) {
                people[role] = newVisitor(server);
                await people[role].signIn(accounts[role]);
            }
        });
        after(() => server?.stop());

        // The address of the one whose name is found by these words.
        const pathOf = async (q) => {
            const links = (await people.staff.get(`${top}?q=${encodeURIComponent(q)}`)).html.querySelectorAll('tbody th a');
            assert.ok(links.length, q);
            return links[0].getAttribute('href');
        };
        const add = async (fields) => people.staff.submit(await people.staff.get(`${top}/ajouter`), `form[action="${top}/ajouter"]`, fields);
        // The closure says exactly what parent_id says.
        const whole = () => {
            const lines = (text) => sql(server, text).split('\n').filter(Boolean).sort();
            const rows = lines('SELECT id, coalesce(parent_id, 0) FROM organisation').map((line) => line.split('|'));
            const parent = new Map(rows);
            const expected = rows.flatMap(([id]) => {
                const found = [];
                for (let at = id, depth = 0; at && at !== '0'; at = parent.get(at), depth++) found.push(`${id}|${at}|${depth}`);
                return found;
            }).sort();
            assert.deepEqual(lines('SELECT below_id, above_id, depth FROM organisation_above'), expected);
        };

        test('the networks stand at the top, with how many lie below', async () => {
            const page = await people.staff.get(top);
            assert.equal(page.status, 200);
            const words = page.words('.tree');
            for (const name of ['WBE', 'CECP', 'CPEONS', 'SeGEC', 'FELSI', 'UMONS']) assert.match(words, new RegExp(name));
            const wbe = page.html.querySelectorAll('.tree > li').find((line) => /WBE/.test(line.querySelector('a').textContent));
            assert.match(wbe.querySelector('.node').textContent, /Réseau.*Bruxelles.*3 appartenances/);
            assert.match(wbe.querySelector('summary').textContent, /6 en dessous/);
            assert.equal(wbe.querySelectorAll('li').length, 6, 'all of them, at their place');
            assert.equal(wbe.querySelectorAll('li li').length, 4, 'schools below their authority');
            whole();
        });

        test('search folds accents and capitals, by name, town and code', async () => {
            const names = async (q, more = '') => (await people.staff.get(`${top}?q=${encodeURIComponent(q)}${more}`)).html.querySelectorAll('tbody th a').map((link) => link.textContent);
            assert.deepEqual(await names('ATHENEE tilleuls'), ["Athénée royal d'exemple des Tilleuls"].map((name) => name));
            assert.deepEqual(await names('ex-1002'), ["École d'exemple du Petit-Bois"]);
            assert.ok((await names('etienne')).includes("École d'exemple du Petit-Bois"), 'the town');
            assert.deepEqual(await names('%'), []);
            assert.deepEqual(await names('', '&sorte=university'), ['UMONS', 'Université de Lille']);
        });

        test('a school is added below its authority, seen there, with a row in the journal', async () => {
            const answer = await add({ sorte: 'school', nom: 'École de la Nacelle', code: 'T-1', lieu: 'Huy', parent: 'Commune de Valmont'.replace('de', "d'exemple de") });
            assert.equal(answer.status, 303, answer.words('.errors'));
            const page = await people.staff.get(answer.location);
            assert.match(page.words('.crumb'), /CECP.*Valmont.*Nacelle/);
            assert.match(sql(server, "SELECT after FROM audit WHERE act = 'organisation.added'"), /Nacelle/);
            whole();
        });

        test('the rules of the tree, the code that is taken, the address that is none', async () => {
            const refused = async (fields, field) => {
                const answer = await add({ nom: 'Refusée', ...fields });
                assert.equal(answer.status, 422, JSON.stringify(fields));
                assert.ok(answer.html.querySelector(`#m-${field}`), `${JSON.stringify(fields)} says it at ${field}: ${answer.words('.errors')}`);
                assert.equal(answer.html.querySelector('[name=nom]').getAttribute('value'), 'Refusée');
            };
            await refused({ sorte: 'network', parent: 'UMONS' }, 'parent');
            await refused({ sorte: 'school', parent: 'UMONS' }, 'parent');
            await refused({ sorte: 'authority', parent: 'T-1' }, 'parent');
            await refused({ sorte: 'castle' }, 'parent');
            await refused({ sorte: 'school', parent: 'exemple' }, 'parent');
            await refused({ sorte: 'school', parent: 'introuvable' }, 'parent');
            await refused({ sorte: 'school', code: 'T-1' }, 'code');
            await refused({ sorte: 'school', site: 'javascript:alert(1)' }, 'site');
            assert.equal(sql(server, "SELECT count(*) FROM organisation WHERE name = 'Refusée'"), '0');
        });

        test('an authority moves with its schools; nothing moves below itself', async () => {
            const authority = await pathOf('zone collines');
            const move = async (path, parent) => people.staff.submit(await people.staff.get(`${path}/modifier`), 'form[action$="/deplacer"]', { parent });
            assert.equal((await move(authority, 'FELSI')).status, 303);
            whole();
            assert.match((await people.staff.get(await pathOf('tilleuls'))).words('.crumb'), /FELSI.*Collines.*Tilleuls/);
            assert.match(sql(server, "SELECT before || after FROM audit WHERE act = 'organisation.moved'"), /WBE.*FELSI/);
            assert.equal((await move(authority, 'tilleuls')).status, 422);
            assert.equal((await move(await pathOf('WBE'), 'FELSI')).status, 422);
            assert.equal((await move(authority, 'WBE')).status, 303);
            whole();
        });

        test('changing keeps what was typed when something is wrong', async () => {
            const path = await pathOf('petit-bois');
            const change = async (fields) => people.staff.submit(await people.staff.get(`${path}/modifier`), 'form[action$="/modifier"]', fields);
            const wrong = await change({ nom: 'École du Grand-Bois', site: 'ftp://x' });
            assert.equal(wrong.status, 422);
            assert.equal(wrong.html.querySelector('[name=nom]').getAttribute('value'), 'École du Grand-Bois');
            assert.equal((await change({ nom: 'École du Grand-Bois', site: 'https://ecole.example' })).status, 303);
            assert.equal(await pathOf('grand bois'), path, 'found by the new name');
            assert.match(sql(server, "SELECT before || after FROM audit WHERE act = 'organisation.changed'"), /Petit-Bois.*Grand-Bois/);
            await change({ nom: "École d'exemple du Petit-Bois", site: '' });
        });

        test('a head and a contact see their own school, from Mon espace, and no other; they change nothing', async () => {
            const [own, other] = [await pathOf('tilleuls'), await pathOf('petit-bois')];
            for (const role of ['head', 'contact']) {
                const space = await people[role].get('/mon-espace');
                assert.equal(space.html.querySelector(`a[href="${own}"]`)?.textContent.trim(), "Athénée royal d'exemple des Tilleuls", role);
                const page = await people[role].get(own);
                assert.equal(page.status, 200);
                assert.match(page.words('main'), /Direction F.*Contact G.*Enseignante J/);
                assert.equal(page.html.querySelectorAll('main form[method=post]').length, 0);
                for (const path of [other, `${own}/modifier`, top, `${top}/ajouter`]) assert.equal((await people[role].get(path)).status, 403, `${role} ${path}`);
                const token = csrfOf(space);
                for (const [path, fields] of [[`${own}/modifier`, { nom: 'Pris' }], [`${own}/deplacer`, {}], [`${own}/membres`, { email: accounts.learner.email, role: 'head' }]])
                    assert.equal((await people[role].post(path, { ...fields, _csrf: token })).status, 403, `${role} ${path}`);
            }
            assert.equal((await people.learner.get(own)).status, 403);
            assert.equal((await newVisitor(server).get(own)).status, 303);
            assert.equal((await people.learner.get('/mon-espace')).html.querySelector(`a[href^="${top}"]`), null);
        });

        test('a network manager changes what lies below, and nothing beside', async () => {
            const [school, outside] = [await pathOf('petit-bois'), await pathOf('pre-vert')];
            const page = await people.network.get(school);
            assert.equal(page.status, 200);
            const answer = await people.network.submit(page, 'form[action$="/membres"]', { email: accounts.learner.email, role: 'coach' });
            assert.equal(answer.status, 303);
            assert.match((await people.network.get(school)).words('table'), /Enseignante J.*Coach/);
            assert.equal((await people.network.get(outside)).status, 403);
            const away = await people.network.submit(await people.network.get(`${school}/modifier`), 'form[action$="/deplacer"]', { parent: 'Valmont commune' });
            assert.equal(away.status, 422, 'not into another network');
            assert.match(away.words('#m-parent'), /équipe/);
            const root = await people.network.submit(await people.network.get(`${school}/modifier`), 'form[action$="/deplacer"]', { parent: '' });
            assert.equal(root.status, 422, 'nor out of it');
        });

        test('a network manager asks for a colleague, not for a list of addresses', async () => {
            const page = await people.network.get(await pathOf('petit-bois'));
            const guess = (i) => people.network.submit(page, 'form[action$="/membres"]', { email: `devine${i}@example.org`, role: 'member' });
            const statuses = [];
            for (let i = 0; i < 62 && !statuses.includes(429); i++) statuses.push((await guess(i)).status);
            assert.ok(statuses.indexOf(429) > 50, statuses.join());
        });

        test('what follows from a membership ends with it', async () => {
            const school = await pathOf('pre-vert');
            const join = async (fields) => people.staff.submit(await people.staff.get(school), 'form[action$="/membres"]', { email: accounts.learner.email, ...fields });
            assert.equal((await people.learner.get(school)).status, 403);
            assert.equal((await join({ role: 'member' })).status, 303);
            assert.equal((await people.learner.get(school)).status, 403, 'a member is no contact');
            assert.equal((await join({ role: 'contact' })).status, 303);
            assert.equal((await people.learner.get(school)).status, 200);
            const page = await people.staff.get(`/gestion/roles?email=${accounts.learner.email}`);
            assert.match((await people.staff.get(page.location)).words('table'), /Personne de contact.*Pré-Vert.*Découle de l.appartenance/);
            const list = await people.staff.get(school);
            assert.equal((await people.staff.submit(list, 'form[action$="/fin"]')).status, 303);
            assert.equal((await people.learner.get(school)).status, 403);
            assert.match((await people.staff.get(school)).words('table'), /Terminé/);
            assert.equal((await people.staff.submit(list, 'form[action$="/fin"]')).status, 409);
            assert.match(sql(server, "SELECT before FROM audit WHERE act = 'member.ended'"), /Pré-Vert/);
            assert.equal((await join({ role: 'king' })).status, 422);
            assert.equal((await join({ role: 'member', du: '2026-05-02', au: '2026-05-01' })).status, 422);
            assert.equal((await join({ role: 'member', email: 'personne@example.org' })).status, 422);
        });

        test("a membership of another organisation cannot be ended through one's own", async () => {
            const school = await pathOf('petit-bois');
            const id = sql(server, `SELECT m.id FROM membership m JOIN organisation o ON o.id = m.organisation_id WHERE o.code = 'EX-1001' AND m.role = 'head'`);
            const digits = '0123456789abcdefghjkmnpqrstvwxyz';
            let text = '';
            for (let value = BigInt(id), i = 0; i < 13; i++, value >>= 5n) text = digits[Number(value & 31n)] + text;
            const answer = await people.network.post(`${school}/membres/${text}/fin`, { _csrf: csrfOf(await people.network.get('/mon-espace')) });
            assert.equal(answer.status, 404);
            assert.equal((await people.head.get(await pathOf('tilleuls'))).status, 200);
        });
    });
