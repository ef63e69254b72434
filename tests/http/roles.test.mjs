// Roles: the matrix that the page shows is what happens; roles for one thing count there and below, while they last; they
// are given and withdrawn with a row in the journal; nobody gives more than they hold. On both engines.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, idText, newVisitor } from '../lib/http.mjs';
import { demoAccounts, edulab, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);
const accounts = Object.fromEntries((await demoAccounts()).map((account) => [account.role, account]));
const password = 'trois-mots-en-rang';

for (const engine of ['sqlite', 'pgsql'])
    describe(`roles on ${engine}`, () => {
        let server, staff, matrix, roles;
        const people = {}; // a visitor for each role, holding it everywhere
        const idOf = (email) => sql(server, `SELECT id FROM person WHERE email = '${email}'`);
        const sheetOf = async (email) => staff.get((await staff.get(`/gestion/roles?email=${encodeURIComponent(email)}`)).location);
        const give = async (email, fields, page) => staff.submit(page ?? await sheetOf(email), 'form[action$="/donner"]', fields);
        const journal = (act) => sql(server, `SELECT object, before, after FROM audit WHERE act = '${act}' ORDER BY id DESC LIMIT 1`).split('|');

        before(async () => {
            server = await startServer({ engine });
            staff = newVisitor(server);
            await staff.signIn(accounts.staff);
            const page = await staff.get('/gestion/roles');
            assert.equal(page.status, 200);
            roles = page.html.querySelectorAll('.matrix thead th[data-role]').map((cell) => cell.getAttribute('data-role'));
            matrix = Object.fromEntries(page.html.querySelectorAll('.matrix tbody tr').map((row) => [row.getAttribute('data-permission'),
                row.querySelectorAll('td').map((cell) => cell.classList.contains('yes'))]));
            for (const role of roles) {
                const email = `${role}@roles.example`;
                const added = await edulab(['user', 'add', email, `Avec ${role}`, role, '--data', server.data], { database: server.database, input: `${password}\n` });
                assert.equal(added.status, 0, added.stderr);
                people[role] = newVisitor(server);
                await people[role].signIn({ email, password });
            }
        });
        after(() => server?.stop());

        test('the matrix is whole, and each row of the table of routes asks for a row of it', async () => {
            assert.deepEqual(roles, ['learner', 'trainer', 'coach', 'contact', 'head', 'network', 'staff']);
            assert.ok(Object.keys(matrix).length >= 12);
            const rows = JSON.parse((await edulab(['routes', '--json'])).stdout);
            for (const { access } of rows) if (!['public', 'member', 'object', 'scrape'].includes(access)) assert.ok(matrix[access], access);
            const nobodys = Object.keys(matrix).filter((permission) => !matrix[permission].some(Boolean));
            assert.deepEqual(nobodys, ['people.provision'], 'permissions that no role holds: for programs only');
        });

        test('what the matrix says is what happens: every row with a permission, as every role', async () => {
            const rows = JSON.parse((await edulab(['routes', '--json'])).stdout).filter(({ access }) => matrix[access]);
            assert.ok(rows.length > 15);
            const wrong = [];
            for (const [i, role] of roles.entries()) {
                const token = csrfOf(await people[role].get('/mon-espace'));
                for (const row of rows) {
                    // nothing that exists, so that nothing is changed
                    const path = row.path.replace(/:\w+/g, '0000000000001').replace(/\*$/, 'zz');
                    const answer = row.method === 'GET' ? await people[role].get(path)
                        : await people[role].request(row.method, path, { headers: { 'x-csrf-token': token }, body: new URLSearchParams({ zz: '1' }) });
                    const refused = answer.status === 403;
                    if (refused === matrix[row.access][i]) wrong.push(`${role}: ${row.method} ${path} wants ${row.access}: ${answer.status}`);
                }
            }
            assert.deepEqual(wrong, []);
        });

        test('a role is given and withdrawn; it counts at once, and the journal says so', async () => {
            const email = 'learner@roles.example';
            assert.equal((await people.learner.get('/gestion/videos')).status, 403);
            const answer = await give(email, { role: 'trainer', portee: '' });
            assert.equal(answer.status, 303);
            assert.equal((await people.learner.get('/gestion/videos')).status, 200);
            const [object, , given] = journal('role.granted');
            assert.equal(object, idOf(email));
            assert.equal(JSON.parse(given).role, 'trainer');
            const page = await staff.get(answer.location);
            assert.match(page.words('table'), /Formateur·rice.*Partout.*Sans fin.*Équipe eduLAB/);
            assert.equal((await staff.submit(page, 'form[action$="/retirer"]')).status, 303);
            assert.equal((await people.learner.get('/gestion/videos')).status, 403);
            const [, before] = journal('role.withdrawn');
            assert.equal(JSON.parse(before).role, 'trainer');
            assert.equal((await staff.submit(page, 'form[action$="/retirer"]')).status, 409, 'twice');
        });

        test('it begins and ends with its days', async () => {
            const email = 'learner@roles.example';
            const day = (days) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Brussels' }).format(Date.now() + days * 864e5);
            await give(email, { role: 'trainer', portee: '', du: day(1), au: day(2) });
            assert.equal((await people.learner.get('/gestion/videos')).status, 403, 'tomorrow');
            assert.match((await sheetOf(email)).words('table'), /À venir/);
            await give(email, { role: 'trainer', portee: '', du: day(-2), au: day(0) });
            assert.equal((await people.learner.get('/gestion/videos')).status, 200, 'the last day counts');
            assert.ok(JSON.parse(journal('role.granted')[1]).until, 'what it was before');
            sql(server, `UPDATE person_role SET ends_at = ${Date.now() - 1} WHERE person_id = ${idOf(email)}`);
            assert.equal((await people.learner.get('/gestion/videos')).status, 403, 'over');
            assert.match((await sheetOf(email)).words('table'), /Terminé/);
            assert.equal((await give(email, { role: 'trainer', portee: '', du: day(3), au: day(2) })).status, 422);
            assert.equal((await give(email, { role: 'trainer', portee: '', au: day(-1) })).status, 422);
            await staff.submit(await sheetOf(email), 'form[action$="/retirer"]');
        });

        test('a role for one programme is not a role everywhere', async () => {
            const email = 'learner@roles.example';
            const answer = await give(email, { role: 'trainer', portee: 'programme', sur: 'numefa' });
            assert.equal(answer.status, 303);
            assert.match((await staff.get(answer.location)).words('table'), /Formateur·rice\s*Certificat NUMEFA/);
            assert.equal((await people.learner.get('/gestion/videos')).status, 403);
            assert.equal(sql(server, `SELECT count(*) FROM person_role WHERE person_id = ${idOf(email)} AND scope_kind = 'programme'
                AND scope_id = (SELECT id FROM programme WHERE slug = 'numefa')`), '1');
            await staff.submit(await staff.get(answer.location), 'form[action$="/retirer"]');
        });

        test('a role for one group opens that group, and no other of the same programme', async () => {
            const email = 'learner@roles.example';
            const [one, other] = sql(server, `SELECT c.id, g.title, c.label FROM cohort c JOIN programme g ON g.id = c.programme_id
                WHERE g.slug = 'personnes-relais' ORDER BY c.id LIMIT 2`).split('\n').map((line) => line.split('|'));
            const answer = await give(email, { role: 'trainer', portee: 'cohort', sur: `${one[1]}, ${one[2]}` });
            assert.equal(answer.status, 303, answer.words('.errors'));
            const open = async (id) => (await people.learner.get(`/gestion/suivi/${idText(id)}`)).status;
            assert.deepEqual([await open(one[0]), await open(other[0])], [200, 403]);
            const hours = async (who) => (await people.learner.get(`/gestion/suivi/personnes/${idText(who)}/heures`)).status;
            const inside = (id) => sql(server, `SELECT person_id FROM enrolment WHERE cohort_id = ${id} AND state = 'confirmed' LIMIT 1`);
            if (inside(one[0])) assert.equal(await hours(inside(one[0])), 200);
            assert.equal(await hours(idOf(accounts.staff.email)), 403, 'who learns in none of these groups');
            const list = (await people.learner.get('/mon-espace')).text;
            assert.deepEqual([list.includes(idText(one[0])), list.includes(idText(other[0]))], [true, false]);
            await staff.submit(await staff.get(answer.location), 'form[action$="/retirer"]');
            assert.equal(await open(one[0]), 403);
        });

        test('a name that fits several things, or none, is asked again', async () => {
            const several = await give('learner@roles.example', { role: 'coach', portee: 'programme', sur: 'e' + 'n' });
            assert.equal(several.status, 422);
            assert.match(several.words('.errors'), /Plusieurs|Rien/);
            const none = await give('learner@roles.example', { role: 'coach', portee: 'programme', sur: 'introuvable' });
            assert.equal(none.status, 422);
            assert.match(none.words('.errors'), /Rien ne porte ce nom/);
            assert.equal(none.html.querySelector('[name=sur]').getAttribute('value'), 'introuvable', 'what was typed stays');
            assert.equal((await give('learner@roles.example', { role: 'coach', portee: 'planete', sur: 'x' })).status, 422);
            assert.equal((await give('learner@roles.example', { role: 'king', portee: '' })).status, 422);
            assert.equal((await give('learner@roles.example', { role: 'head', portee: '' })).status, 422, 'a head is the head of something');
        });

        test('nobody withdraws their own roles', async () => {
            const page = await sheetOf(accounts.staff.email);
            assert.equal(page.html.querySelector('form[action$="/retirer"]'), null);
            const answer = await staff.post(`${page.url.pathname}/retirer`, { role: 'staff', portee: '', _csrf: csrfOf(page) });
            assert.equal(answer.status, 409);
            assert.equal((await staff.get('/gestion/roles')).status, 200);
        });

        test('an address nobody has, a person nobody is', async () => {
            assert.match((await staff.get('/gestion/roles?email=personne%40example.org')).words('.errors'), /Aucun compte/);
            assert.equal((await staff.get('/gestion/roles/zzzzzzzzzzzzz')).status, 404);
        });
    });
