// The journal: each privileged act leaves one row with who, what, on whom, before, after and from where; what was
// refused leaves none; nothing can be changed or read without the right; no secret gets in. On both engines.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, newVisitor } from '../lib/http.mjs';
import { demoAccounts, edulab, startServer, stopPostgres } from '../lib/server.mjs';
import { top, tracked } from '../lib/tree.mjs';

after(stopPostgres);
const accounts = Object.fromEntries((await demoAccounts()).map((account) => [account.role, account]));

test('every act that the sources write has words for people', () => {
    const known = new Set([...readFileSync(join(top, 'src/access/acts.h'), 'utf8').matchAll(/X\("([\w.]+)"/g)].map((match) => match[1]));
    const written = tracked('src').filter((path) => path.endsWith('.c') && !path.endsWith('_test.c'))
        .flatMap((path) => [...readFileSync(join(top, path), 'utf8').matchAll(/\b(?:audit_write(?:_as)?|audit_taken|scim_audit)\(\s*[^,]+,(?:\s*[^,"]+,)?\s*"([^"]+)"/g)].map((match) => match[1]));
    assert.ok(written.length >= 7, written.join());
    assert.deepEqual(written.filter((act) => !known.has(act)), []);
    assert.deepEqual([...known].filter((act) => !written.includes(act)), [], 'in acts.h, written by nobody');
});

for (const engine of ['sqlite', 'pgsql'])
    describe(`the journal on ${engine}`, () => {
        let server;
        const people = {};
        const acts = (what = 'act') => sql(server, `SELECT ${what} FROM audit WHERE actor IS NOT NULL ORDER BY id`).split('\n').filter(Boolean);
        before(async () => {
            server = await startServer({ engine });
            for (const role of ['learner', 'trainer', 'staff']) {
                people[role] = newVisitor(server);
                await people[role].signIn(accounts[role]);
            }
        });
        after(() => server?.stop());
        const award = async (email) => people.staff.submit(await people.staff.get('/badges/ia-referent'), 'form[action$="/remise"]', { email, preuve: 'Vu en classe' });

        test('what the command line and the sample data did stands there, without a person', async () => {
            const page = await people.staff.get('/gestion/journal');
            assert.equal(page.status, 200);
            assert.match(page.words('main'), /La ligne de commande.*Rôle donné.*Équipe eduLAB/);
        });

        test('awarding and revoking a badge leave a row each, on the person', async () => {
            assert.equal((await award(accounts.trainer.email)).status, 303);
            const page = await people.staff.get('/gestion/journal?sur=formateur');
            assert.match(page.words('tbody'), /Équipe eduLAB.*Badge remis à la main.*Formateur D.*ia-referent.*127\.0\.0\.1/);
            const id = sql(server, "SELECT after FROM audit WHERE act = 'badge.awarded'").match(/"assertion":"(\w+)"/)[1];
            const sheet = await people.staff.get(`/badges/attestation/${id}`);
            const request = await people.staff.submit(sheet, 'form[action$="/retrait"]', { motif: 'Remis par erreur' });
            assert.equal(request.status, 303);
            const row = sql(server, `SELECT actor = (SELECT id FROM person WHERE email = '${accounts.staff.email}'), object = (SELECT id FROM person WHERE email = '${accounts.trainer.email}'),
                session IS NOT NULL, peer, request, after FROM audit WHERE act = 'badge.revoked'`).split('|');
            assert.ok(row.slice(0, 3).every((each) => ['1', 't'].includes(each)), row.join());
            assert.equal(row[3], '127.0.0.1');
            assert.equal(row[4], request.headers.get('x-request-id'));
            assert.deepEqual(JSON.parse(row[5]), { badge: 'ia-referent', assertion: id, reason: 'Remis par erreur' });
        });

        test('what is refused leaves nothing', async () => {
            const count = acts().length;
            assert.equal((await award(accounts.trainer.email)).status, 422, 'had it revoked');
            const token = csrfOf(await people.learner.get('/mon-espace'));
            assert.equal((await people.learner.post('/badges/ia-referent/remise', { email: accounts.learner.email, _csrf: token })).status, 403);
            assert.equal(acts().length, count);
        });

        test('describing a video says what was and what is', async () => {
            const list = await people.trainer.get('/gestion/videos');
            const path = list.html.querySelectorAll('main a[href^="/gestion/videos/"]').map((link) => link.getAttribute('href'))[0];
            const page = await people.trainer.get(path);
            const old = page.html.querySelector('[name=title]').getAttribute('value');
            assert.equal((await people.trainer.submit(page, `form[action="${path}"]`, { title: '=1+1 & "guillemets"' })).status, 303);
            const row = (await people.staff.get('/gestion/journal?acte=video.described')).html.querySelector('tbody tr');
            assert.equal(row.querySelector('del').textContent, `avant\u00a0: ${old}`.replace('\u00a0', row.querySelector('del').textContent.includes('\u00a0') ? '\u00a0' : '\u202f'));
            assert.match(row.querySelector('ins').textContent, /=1\+1 & "guillemets"/);
            await people.trainer.submit(await people.trainer.get(path), `form[action="${path}"]`, { title: old });
        });

        test('filters: who, what, on whom, days; all of them go along to the file', async () => {
            const rowsOf = async (query) => (await people.staff.get(`/gestion/journal?${query}`)).html.querySelectorAll('tbody tr').length;
            assert.equal(await rowsOf('qui=formateur'), 2);
            assert.equal(await rowsOf('qui=FORMATEUR%40exemple.be&acte=video.described'), 2);
            assert.equal(await rowsOf('qui=formateur&acte=badge.awarded'), 0);
            assert.equal(await rowsOf('sur=formateur&acte=badge.awarded'), 1);
            assert.equal(await rowsOf('qui=%25'), 0, 'a % is a %');
            const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Brussels' }).format();
            assert.equal(await rowsOf(`qui=formateur&du=${today}&au=${today}`), 2, 'both days included');
            assert.equal(await rowsOf('au=2020-01-01'), 0);
            assert.equal(await rowsOf('du=2999-01-01'), 0);
            const page = await people.staff.get(`/gestion/journal?qui=formateur&du=${today}`);
            const link = page.html.querySelector('a[href^="/gestion/journal.csv"]').getAttribute('href');
            const file = await people.staff.get(link.replaceAll('&amp;', '&'));
            assert.equal(file.type, 'text/csv');
            assert.match(file.headers.get('content-disposition'), /attachment/);
            assert.equal(file.text.split('\r\n').length, 2 + 2);
            assert.ok(file.text.startsWith('\ufeff'));
        });

        test('a formula in a name stays a text in the file', async () => {
            sql(server, `UPDATE person SET name = '=HYPERLINK("http://x";"y")' WHERE email = '${accounts.trainer.email}'`);
            const file = await people.staff.get('/gestion/journal.csv?qui=formateur');
            assert.ok(file.text.includes(`"'=HYPERLINK(""http://x"";""y"")"`), file.text);
            assert.ok(!/(^|;|\n)"?[=+@-]/m.test(file.text.slice(1)), file.text);
            sql(server, `UPDATE person SET name = '${accounts.trainer.name}' WHERE email = '${accounts.trainer.email}'`);
        });

        test('pages: the newest fifty, then older ones, each row once', async () => {
            const now = Date.now();
            const rows = Array.from({ length: 120 }, (_, i) => `(${1000 + i}, ${now - 1e9 + i}, NULL, NULL, '', '', 'job.retried', 'job', ${i}, NULL, NULL)`);
            sql(server, `INSERT INTO audit (id, at, actor, session, peer, request, act, kind, object, before, after) VALUES ${rows.join(',')}`);
            const seen = [];
            let next = '/gestion/journal?acte=job.retried';
            for (let i = 0; next && i < 5; i++) {
                const page = await people.staff.get(next);
                seen.push(...page.html.querySelectorAll('tbody tr td:nth-of-type(3)').map((cell) => cell.textContent));
                next = page.html.querySelectorAll('main nav a').map((link) => link.getAttribute('href').replaceAll('&amp;', '&')).find((href) => /avant=/.test(href));
            }
            assert.equal(seen.length, 120);
            assert.equal(new Set(seen).size, 120);
        });

        test('a row cannot be changed, not even with SQL', () => {
            assert.throws(() => sql(server, "UPDATE audit SET act = 'x' WHERE act = 'badge.revoked'"), /never changed/);
        });

        test('only who may read it does', async () => {
            for (const path of ['/gestion/journal', '/gestion/journal.csv'])
                for (const [role, status] of [['learner', 403], ['trainer', 403], ['staff', 200]])
                    assert.equal((await people[role].get(path)).status, status, `${role} ${path}`);
            assert.equal((await newVisitor(server).get('/gestion/journal.csv')).status, 303);
        });

        test('a user added on the command line is in the journal, the password is not', async () => {
            const added = await edulab(['user', 'add', 'journal@example.org', 'Au Journal', 'coach', '--data', server.data], { database: server.database, input: 'mot-introuvable-ici\n' });
            assert.equal(added.status, 0, added.stderr);
            const file = (await people.staff.get('/gestion/journal.csv?sur=journal%40example.org')).text;
            assert.match(file, /role\.granted/);
            assert.doesNotMatch(file, /introuvable|argon2/);
        });

        test('the command line takes an address in any capitals, but no bad one and no common password', async () => {
            const add = (email, password) => edulab(['user', 'add', email, 'Par la Ligne', 'learner', '--data', server.data], { database: server.database, input: `${password}\n` });
            assert.equal((await add('LIGNE@Example.org', 'trois-mots-en-ligne')).status, 0);
            await newVisitor(server).signIn({ email: 'ligne@example.org', password: 'trois-mots-en-ligne' });
            assert.match((await add('pas-une-adresse', 'trois-mots-en-ligne')).stderr, /no e-mail address/);
            assert.match((await add('commune@example.org', 'Password2026!')).stderr, /first that are tried/);
            assert.equal(sql(server, "SELECT count(*) FROM person WHERE email IN ('pas-une-adresse', 'commune@example.org')"), '0');
        });
    });
