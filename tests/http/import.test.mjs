// Files of people, organisations and memberships: a preview that writes nothing, each wrong line told, bringing in once and
// going on after a kill, taking back what nobody has used since; hostile files are refused with a sentence. On both engines.
// run: seconds=400, pgsql
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, fileOf, newVisitor, rawRequest } from '../lib/http.mjs';
import { demoAccounts, serve, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);
const accounts = Object.fromEntries((await demoAccounts()).map((account) => [account.role, account]));
const top = '/gestion/imports';

for (const engine of ['sqlite', 'pgsql'])
    describe(`imports on ${engine}`, () => {
        let server, staff;
        const one = (text) => sql(server, text);
        const signIn = async () => { staff = newVisitor(server); await staff.signIn(accounts.staff); };
        before(async () => { server = await startServer({ engine }); await signIn(); });
        after(() => server?.stop());

        const send = async (sorte, text, name = 'fichier.csv') =>
            staff.submit(await staff.get(top), `form[action="${top}"]`, { sorte, fichier: fileOf(Buffer.isBuffer(text) ? text : Buffer.from(text), name, 'text/csv') });
        // The page once no job works on the file any more.
        const settled = async (path) => {
            for (let i = 0; i < 1200; i++) {
                const page = await staff.get(path);
                assert.equal(page.status, 200);
                if (!page.html.querySelector('[data-progress-url]')) return page;
                await sleep(50);
            }
            throw new Error(`${path} is not done`);
        };
        const look = async (sorte, text, name) => {
            const answer = await send(sorte, text, name);
            assert.equal(answer.status, 303, answer.words('.errors'));
            return settled(answer.location);
        };
        const press = async (page, end) => {
            const answer = await staff.submit(page, `form[action$="/${end}"]`);
            return answer.status === 303 ? settled(answer.location) : answer;
        };
        const bring = async (sorte, text) => press(await look(sorte, text), 'importer');
        const numbers = (page) => page.html.querySelectorAll('.facts-row .n, .fact .n, .fact b, .fact .num').map((each) => each.textContent.trim());
        const counts = (page) => one(`SELECT total, adds, changes, same, wrong FROM import_run ORDER BY id DESC LIMIT 1`) || numbers(page);
        const problems = (page) => page.html.querySelectorAll('[aria-labelledby=h-problems] tbody tr').map((row) => row.querySelectorAll('th, td').map((cell) => cell.textContent.trim()));

        test('a preview writes nothing and says what is known, new and wrong', async () => {
            const before = one('SELECT count(*) FROM person');
            const page = await look('people', `\uFEFFNom;Prénom;Courriel;Catégorie;Âge\r\nÈve;Zoé;Zoe.Import@ecole.example;Enseignant·e;33\r\n"D""Arc, Jeanne";;jeanne@ecole.example;;\r\nConnue;;${accounts.learner.email};;\r\nSans adresse;;;;\r\nDouble;;zoe.import@ecole.example;;\r\nFaux;;pas-une-adresse;Roi;\r\n`);
            assert.equal(counts(), '6|2|0|1|3');
            assert.equal(one('SELECT count(*) FROM person'), before);
            assert.deepEqual(problems(page).map(([line, column]) => [line, column]), [['5', 'email'], ['6', 'email'], ['7', 'email'], ['7', 'catégorie']]);
            assert.match(page.words('dl.facts'), /Colonnes laissées de côté\s*Âge/);
            assert.match(page.words('table'), /D"Arc, Jeanne.*jeanne@ecole\.example/);
            const file = await staff.get(page.html.querySelector('a[href$="erreurs.csv"]').getAttribute('href'));
            assert.equal(file.type, 'text/csv');
            assert.equal(file.text.trim().split('\r\n').length, 5);
            assert.match(file.text, /7;catégorie;Roi;/);
            const done = await press(page, 'importer');
            assert.equal(counts(), '6|2|0|1|3');
            assert.equal(one("SELECT name, lang, search FROM person WHERE email = 'zoe.import@ecole.example'"), 'Zoé Ève|fr|zoe eve zoe.import@ecole.example');
            assert.equal(one("SELECT category FROM profile WHERE person_id = (SELECT id FROM person WHERE email = 'zoe.import@ecole.example')"), 'teacher');
            assert.match(one("SELECT after FROM audit WHERE act = 'import.confirmed'"), /"file":"fichier.csv"/);
            assert.equal(one(`SELECT name FROM person WHERE email = '${accounts.learner.email}'`), accounts.learner.name, 'the account is its owner’s');
            assert.equal((await staff.post(`${done.url.pathname}/importer`, { _csrf: csrfOf(done) })).status, 409, 'once');
        });

        test('organisations: parents in the file, in any order; rules of the tree; known ones change', async () => {
            const page = await look('organisations', ['Type,Nom,Code,Ville,Dépend de,Site', 'École,École importée A,IM-1,Huy,PO importé,', 'PO,PO importé,IM-0,Huy,FELSI', 'school,École importée B,IM-2,Huy,IM-0,https://b.example',
                'Réseau,Réseau sous un autre,,,WBE', 'École,Perdue,,,nulle part', 'Château,Fort,,,', "École,École d'exemple La Clairière,EX-5001,Verviers,"].join('\n').replace('WBE', 'IM-0'));
            assert.equal(counts(), '7|3|1|0|3', JSON.stringify(problems(page)));
            await press(page, 'importer');
            const above = (code) => one(`SELECT p.name FROM organisation o JOIN organisation p ON p.id = o.parent_id WHERE o.code = '${code}'`);
            assert.equal(above('IM-1'), 'PO importé');
            assert.equal(above('IM-2'), 'PO importé');
            assert.match(above('IM-0'), /FELSI/);
            assert.equal(one("SELECT place FROM organisation WHERE code = 'EX-5001'"), 'Verviers');
            assert.equal(one("SELECT count(*) FROM organisation_above a JOIN organisation o ON o.id = a.below_id WHERE o.code = 'IM-1'"), '3');
            await look('organisations', 'sorte;nom;code\nÉcole;École importée A;IM-1\n');
            assert.equal(counts(), '1|0|0|1|0', 'the same file again changes nothing');
        });

        test('memberships: by code or name, roles and days in both languages', async () => {
            await bring('memberships', `E-mail\tÉcole\tRôle\tDu\tAu\nzoe.import@ecole.example\tIM-1\tDirection\t01/09/2026\t31/08/2027\njeanne@ecole.example\tÉcole importée B\tcoach\t2026-09-01\t\n${accounts.learner.email}\tEX-1001\tmember\t\t2030-01-01\nzoe.import@ecole.example\tnulle\t\t\t\npersonne@ecole.example\tIM-1\t\t\t\njeanne@ecole.example\tIM-1\troi\t32/01/2026\t\njeanne@ecole.example\tIM-1\t\t2026-05-02\t2026-05-01\n`);
            assert.equal(counts(), '7|2|1|0|4');
            const dates = one("SELECT m.role, m.starts_at, m.ends_at FROM membership m JOIN person p ON p.id = m.person_id WHERE p.email = 'zoe.import@ecole.example'").split('|');
            assert.equal(dates[0], 'head');
            assert.equal(new Date(Number(dates[1])).toISOString(), '2026-08-31T22:00:00.000Z');
            assert.equal(new Date(Number(dates[2])).toISOString(), '2027-08-31T22:00:00.000Z', 'the last day is included');
        });

        test('taking back: last first; what was used since stays and is named', async () => {
            const pages = one("SELECT id FROM import_run WHERE state = 'done' ORDER BY id").split('\n').map(base32);
            const undo = async (id) => press(await staff.get(`${top}/${id}`), 'annuler');
            const [people, organisations, members] = pages;
            const early = await undo(people);
            assert.equal(one("SELECT count(*) FROM person WHERE email LIKE '%@ecole.example' AND closed_at IS NULL"), '2', 'they belong to schools by now');
            assert.match(early.words('[aria-labelledby=h-problems]'), /a été utilisé/);
            await undo(members);
            assert.equal(one("SELECT count(*) FROM membership m JOIN person p ON p.id = m.person_id WHERE p.email LIKE '%@ecole.example'"), '0');
            assert.equal(one(`SELECT ends_at IS NULL FROM membership WHERE person_id = (SELECT id FROM person WHERE email = '${accounts.learner.email}') AND role = 'member' ORDER BY 1 LIMIT 1`).replace('t', '1'), '1', 'the dates are as before');
            one("UPDATE organisation SET name = 'Rebaptisée' WHERE code = 'IM-2'");
            const kept = await undo(organisations);
            assert.equal(one("SELECT count(*) FROM organisation WHERE code LIKE 'IM-%' AND closed_at IS NULL"), '2', 'what was renamed, and what it lies below');
            assert.equal(one("SELECT place FROM organisation WHERE code = 'EX-5001'"), 'Liège');
            assert.match(kept.words('[aria-labelledby=h-problems]'), /elle a changé|a changé depuis/);
            assert.equal(one('SELECT count(*) FROM import_change'), '0');
            assert.equal((await staff.post(`${top}/${people}/annuler`, { _csrf: csrfOf(kept) })).status, 409, 'once');
        });

        test('an unused account goes without a trace; after seven days nothing is taken back', async () => {
            const page = await bring('people', 'nom;email\nPassagère;passagere@ecole.example\n');
            await press(page, 'annuler');
            assert.equal(one("SELECT count(*) FROM person WHERE email = 'passagere@ecole.example'"), '0');
            const late = await bring('people', 'nom;email\nTardive;tardive@ecole.example\n');
            one(`UPDATE import_run SET done_at = ${Date.now() - 8 * 86400000} WHERE id = (SELECT max(id) FROM import_run)`);
            assert.equal((await staff.get(late.url.pathname)).html.querySelector('form[action$="/annuler"]'), null);
            assert.equal((await staff.post(`${late.url.pathname}/annuler`, { _csrf: csrfOf(late) })).status, 409);
        });

        test('a run that is cut off goes on where it was, and does nothing twice', async () => {
            const lines = Array.from({ length: 1500 }, (_, i) => `Foule ${i};foule${i}@ecole.example`);
            const page = await look('people', `nom;email\n${lines.join('\n')}\n`);
            const answer = await staff.submit(page, 'form[action$="/importer"]');
            assert.equal(answer.status, 303);
            for (let i = 0; i < 2000 && Number(one('SELECT position FROM import_run ORDER BY id DESC LIMIT 1')) < 500; i++) await sleep(5);
            await server.kill('SIGKILL');
            const reached = Number(one('SELECT position FROM import_run ORDER BY id DESC LIMIT 1'));
            assert.equal(Number(one("SELECT count(*) FROM person WHERE email LIKE 'foule%'")), reached, 'the place and what was done agree');
            await restart();
            one("UPDATE work_job SET due_at = 1 WHERE kind = 'import.run' AND state = 1");
            for (let i = 0; i < 800 && one('SELECT state FROM import_run ORDER BY id DESC LIMIT 1') !== 'done'; i++) await sleep(50);
            assert.equal(one("SELECT count(*) FROM person WHERE email LIKE 'foule%'"), '1500');
            assert.equal(counts(), '1500|1500|0|0|0');
            const undone = await press(await staff.get(answer.location), 'annuler');
            assert.equal(one("SELECT count(*) FROM person WHERE email LIKE 'foule%'"), '0');
            assert.match(undone.words('.chips'), /Annulé/);
        });
        async function restart() {
            const { data, database } = server;
            server = Object.assign(await serve({ data, database }), { engine });
            await signIn();
        }

        test('hostile files: each gets a sentence, none does harm', async () => {
            const refused = async (text, words) => {
                const page = await look('people', text, 'louche.csv');
                assert.match(page.words('.note.bad'), words);
                assert.equal(one('SELECT state FROM import_run ORDER BY id DESC LIMIT 1'), 'refused');
                assert.equal(one('SELECT count(*) FROM import_file WHERE run_id = (SELECT max(id) FROM import_run)'), '0');
            };
            await refused(Buffer.from('nom;email\0\n'), /n.est pas du texte/);
            await refused(Buffer.concat([Buffer.from([0xFF, 0xFE]), Buffer.from('nom;email\nA;a@b.be\n', 'utf16le')]), /n.est pas du texte/);
            await refused(Buffer.from('PK\x03\x04\x00\x00classeur', 'latin1'), /n.est pas du texte/);
            await refused('nom;email\n', /aucune ligne/);
            await refused('couleur;taille\nrouge;3\n', /pas de colonne.*Nom/);
            await refused('nom;email;courriel\nA;a@b.be;c@d.be\n', /même sens/);
            await refused('nom;email\nA;a@b.be\n"Ouvert;b@c.be\n', /guillemet.*ligne 3/);
            const latin = await look('people', Buffer.from('nom;email\nHélène Lefèvre;helene@ecole.example\n', 'latin1'), 'latin.csv');
            assert.match(latin.words('main'), /Hélène Lefèvre/);
            assert.match(latin.words('dl.facts'), /Windows-1252/);
            const odd = await look('people', `nom;email\n=HYPERLINK("http://x");formule@ecole.example\n"<script>alert(1)</script>";xss@ecole.example\nCloche\x07;cloche@ecole.example\n${'x'.repeat(300)};long@ecole.example\nA;a b@c.be\n"a"b;bc@ecole.example\nDrop;'; DROP TABLE person;--@x\n`, '../../<b>.csv');
            assert.equal(odd.html.querySelectorAll('main script:not([type=module])').length, 0);
            assert.equal(counts(), '7|2|0|0|5', JSON.stringify(problems(odd)));
            const file = await staff.get(odd.html.querySelector('a[href$="erreurs.csv"]').getAttribute('href'));
            assert.ok(!/(^|;|\n)"?[=+@]/m.test(file.text.slice(1)), file.text);
            await press(odd, 'jeter');
            const headers = `POST ${top} HTTP/1.1\r\nHost: x\r\nCookie: ${staff.cookie()}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 104857600\r\n\r\n`;
            const large = await rawRequest(server, headers, { enough: (text) => /<\/html>/.test(text) });
            assert.equal(large.status, 413, '100 MB are refused by their head');
            assert.equal((await send('people', '')).status, 422);
            assert.equal((await send('châteaux', 'a;b\n1;2\n')).status, 422);
        });

        test('a model for each kind can be handed in as it is', async () => {
            for (const kind of ['organisations', 'people', 'memberships']) {
                const model = await staff.get(`${top}/modele/${kind}.csv`);
                assert.equal(model.status, 200);
                const page = await look(kind, model.bytes);
                assert.ok(['ready'].includes(one('SELECT state FROM import_run ORDER BY id DESC LIMIT 1')), page.words('main'));
                if (kind !== 'memberships') assert.equal(counts(), '1|1|0|0|0', JSON.stringify(problems(page)));
                await press(page, kind === 'memberships' ? 'jeter' : 'importer');
            }
        });

        test('staff only; files go after their term', async () => {
            for (const role of ['learner', 'trainer', 'head', 'network']) {
                const visitor = newVisitor(server);
                await visitor.signIn(accounts[role]);
                assert.equal((await visitor.get(top)).status, 403, role);
                const token = csrfOf(await visitor.get('/mon-espace'));
                assert.equal((await visitor.post(`${top}/0000000000001/importer`, { _csrf: token })).status, 403, role);
            }
            assert.equal((await staff.get(`${top}/0000000000001`)).status, 404);
        });
    });

function base32(id) {
    const digits = '0123456789abcdefghjkmnpqrstvwxyz';
    let text = '';
    for (let value = BigInt(id), i = 0; i < 13; i++, value >>= 5n) text = digits[Number(value & 31n)] + text;
    return text;
}
