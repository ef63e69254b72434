// The list of people, for staff: found by name, address, organisation and category whatever the accents, also those who
// came a second ago; paged; as a file; and a page about each. On both engines.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCrowd, sql } from '../lib/crowd.mjs';
import { newVisitor } from '../lib/http.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);
const accounts = Object.fromEntries((await demoAccounts()).map((account) => [account.role, account]));
const list = '/gestion/personnes';

for (const engine of ['sqlite', 'pgsql'])
    describe(`people on ${engine}`, () => {
        let server, staff;
        const ask = (query) => staff.get(`${list}?${new URLSearchParams(query)}`);
        const names = async (query) => (await ask(query)).html.querySelectorAll('tbody th a').map((link) => link.textContent);
        before(async () => {
            server = await startServer({ engine });
            staff = newVisitor(server);
            await staff.signIn(accounts.staff);
            // 502 opened an account just now: an old one that was never confirmed is swept away each hour
            sql(server, `INSERT INTO person (id, name, email, lang, created_at, confirmed_at) VALUES
                (501, 'Zoé Ève-Œuvrard', 'zoe@recherche.example', 'fr', 1, 1), (502, 'Ödön Ça', 'o.ca@recherche.example', 'fr', ${Date.now()}, NULL),
                (503, '=2+5', 'formule@recherche.example', 'fr', 1, 1), (504, 'Parti', 'parti@recherche.example', 'fr', 1, 1)`);
            sql(server, "UPDATE person SET closed_at = 2 WHERE id = 504");
            sql(server, "INSERT INTO profile (person_id, pronoun, category, levels, subjects, organisation, changed_at) VALUES (501, '', 'teacher', 0, 'Latin', '', 1)");
        });
        after(() => server?.stop());
        // The clock's job runs every few minutes; here it is asked for.
        let asked = 0;
        const indexed = async () => {
            sql(server, `INSERT INTO work_job (id, kind, key, lane, payload, due_at, created_at) VALUES (${700 + ++asked}, 'directory.index', 'test${asked}', 0, '{}', 1, 1)`);
            for (let i = 0; i < 200 && sql(server, "SELECT count(*) FROM person WHERE search = '' AND closed_at IS NULL") !== '0'; i++) await sleep(100);
        };
        const searches = async () => {
            assert.deepEqual(await names({ q: 'ZOE' }), ['Zoé Ève-Œuvrard']);
            assert.deepEqual(await names({ q: 'oeuvrard eve' }), ['Zoé Ève-Œuvrard'], 'words in any order');
            assert.deepEqual(await names({ q: 'odon ca' }), ['Ödön Ça']);
            assert.deepEqual(await names({ q: 'O.CA@recherche' }), ['Ödön Ça'], 'by address');
            assert.deepEqual(await names({ q: 'recherche.example', categorie: 'teacher' }), ['Zoé Ève-Œuvrard']);
            assert.deepEqual(await names({ q: '100%' }), []);
            assert.deepEqual(await names({ q: '_' }), []);
            assert.deepEqual(await names({ q: 'parti' }), [], 'a closed account is gone');
        };

        test('who came a second ago is found before any job has run', async () => {
            sql(server, "UPDATE person SET search = ''");
            await searches();
        });

        test('and the same once names are folded', async () => {
            await indexed();
            assert.equal(sql(server, "SELECT search FROM person WHERE id = 501"), 'zoe eve-oeuvrard zoe@recherche.example');
            await searches();
        });

        test('a new name is found at once, the old one no more', async () => {
            sql(server, "UPDATE person SET name = 'Zoé Nouvelle' WHERE id = 501");
            assert.equal(sql(server, "SELECT search FROM person WHERE id = 501"), '', 'the engine has emptied it');
            assert.deepEqual(await names({ q: 'nouvelle' }), ['Zoé Nouvelle']);
            assert.deepEqual(await names({ q: 'oeuvrard' }), []);
            sql(server, "UPDATE person SET lang = 'en' WHERE id = 502");
            assert.notEqual(sql(server, "SELECT search FROM person WHERE id = 502"), '', 'another change leaves it');
        });

        test('by organisation, with all below it', async () => {
            assert.deepEqual((await names({ ou: 'WBE' })).sort(), ['Contact G', 'Direction F', 'Enseignante J']);
            assert.deepEqual((await names({ ou: 'athenee tilleuls' })).sort(), ['Contact G', 'Direction F', 'Enseignante J']);
            assert.deepEqual(await names({ ou: 'tilleuls', q: 'direction' }), ['Direction F']);
            assert.deepEqual(await names({ ou: 'felsi' }), []);
        });

        test('the file has what the page has, and no formula', async () => {
            const page = await ask({ q: 'recherche.example' });
            const file = await staff.get(page.html.querySelector('a[href^="/gestion/personnes.csv"]').getAttribute('href').replaceAll('&amp;', '&'));
            assert.equal(file.type, 'text/csv');
            const lines = file.text.trim().split('\r\n');
            assert.equal(lines.length, 4);
            assert.match(file.text, /"'=2\+5";formule@recherche\.example/);
            // who took it along stands in the journal, and not whom they looked for
            const row = () => sql(server, "SELECT a.after, p.email, a.peer <> '' FROM audit a JOIN person p ON p.id = a.actor WHERE a.act = 'people.exported' ORDER BY a.id DESC LIMIT 1");
            for (let i = 0; i < 100 && !row(); i++) await new Promise((go) => setTimeout(go, 20));
            assert.equal(row().replace('|t', '|1'), `{"rows":3}|${accounts.staff.email}|1`);
            assert.match((await staff.get('/gestion/journal?acte=people.exported')).words('main table'), /Liste de personnes emportée/);
        });

        test('a page for each person: where they belong, roles, enrolments, journal', async () => {
            const link = (await ask({ q: 'direction' })).html.querySelector('tbody th a').getAttribute('href');
            const page = await staff.get(link);
            assert.match(page.words('main'), /Direction F.*Athénée royal d.exemple des Tilleuls.*Direction · Depuis.*Rôles.*Direction/);
            const trainer = await staff.get((await ask({ q: 'formateur' })).html.querySelector('tbody th a').getAttribute('href'));
            assert.match(trainer.words('main'), /Formateur·rice.*Partout.*Rôle donné.*La ligne de commande/);
            assert.equal((await staff.get(`${list}/0000000000001`)).status, 404);
            assert.equal((await staff.get((await ask({ q: 'nouvelle' })).html.querySelector('tbody th a').getAttribute('href'))).words('.chips'), 'Enseignant·eLatinPas encore de mot de passe');
        });

        test('many people come in pages, each once, in the order of names', async () => {
            makeCrowd(server, 130);
            await indexed();
            const seen = [];
            for (let page = 1; page <= 3; page++) seen.push(...await names({ q: 'charge', page }));
            assert.equal(new Set(seen).size, seen.length);
            assert.ok(seen.length >= 130, `${seen.length}`);
            assert.match((await ask({ q: 'charge' })).words('caption'), /130 personnes/);
        });

        test('nobody else sees any of it', async () => {
            for (const role of ['learner', 'trainer', 'coach', 'head', 'network']) {
                const visitor = newVisitor(server);
                await visitor.signIn(accounts[role]);
                for (const path of [list, `${list}.csv`, `${list}/0000000000001`]) assert.equal((await visitor.get(path)).status, 403, `${role} ${path}`);
            }
        });
    });
