// Frameworks of competences from a file: shown line by line with what is wrong, brought in when all is right, chosen in the
// editor, and not taken away while a training refers to them. On both engines.
// run: seconds=200, pgsql
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, newVisitor } from '../lib/http.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';
import { problemsOf } from '../lib/validate.mjs';

after(stopPostgres);

const at = '/gestion/referentiels';
const good = 'Code;Nom;Domaine;Niveaux\r\nA.1;Chercher;Information;Base | Avancé\r\n"A.2";"Évaluer ; trier";Information;Base|Avancé\r\nB;<script>alert(1)</script>;;\r\n';

for (const engine of ['sqlite', 'pgsql'])
    describe(`frameworks on ${engine}`, () => {
        let server;
        let staff;
        const check = (name, run) => test(`${name} (${engine})`, run);
        after(() => server?.stop());
        const one = (text) => sql(server, text).trim();
        const signedIn = async (role) => {
            const visitor = newVisitor(server);
            await visitor.signIn((await demoAccounts()).find((each) => each.role === role));
            return visitor;
        };
        async function begin() {
            server ??= await startServer({ engine });
            staff ??= await signedIn('staff');
        }
        const hand = async (titre, text, visitor = staff, source = '') => {
            const body = new FormData();
            body.set('_csrf', csrfOf(await staff.get(at)));
            body.set('titre', titre);
            body.set('source', source);
            body.set('fichier', new Blob([text], { type: 'text/csv' }), 'referentiel.csv');
            return visitor.request('POST', at, { body });
        };

        check('a file is shown line by line, then brought in; everybody reads it', async () => {
            await begin();
            const preview = await hand('Mon référentiel', `\uFEFF${good}`, staff, 'https://example.org/ref');
            assert.equal(preview.status, 200);
            assert.deepEqual(await problemsOf(preview.text), []);
            const rows = preview.html.querySelectorAll('tbody tr').map((each) => each.textContent.replace(/\s+/g, ' ').trim());
            assert.equal(rows.length, 3);
            assert.match(rows[0], /^2 ?A\.1 ?Chercher ?Information ?Base, Avancé$/);
            assert.match(rows[1], /Évaluer ; trier/);
            assert.match(rows[2], /<script>alert\(1\)<\/script>/, 'it is text');
            assert.equal(one("SELECT count(*) FROM framework WHERE slug = 'mon-referentiel'"), '0', 'nothing is kept before one says so');
            const added = await staff.submit(preview, `form[action="${at}/ajouter"]`);
            assert.equal(added.location, '/referentiels/mon-referentiel?fait=referentiel-ajoute');
            assert.equal(one("SELECT c.levels FROM framework f JOIN framework_competence c ON c.framework_id = f.id WHERE f.slug = 'mon-referentiel' AND c.code = 'A.1'"), 'Base|Avancé');
            const page = await newVisitor(server).get('/referentiels/mon-referentiel');
            assert.equal(page.status, 200);
            assert.equal(page.html.querySelectorAll('tbody tr').length, 3);
            assert.ok(page.html.querySelector('a[href="https://example.org/ref"]'));
            assert.match((await staff.get(at)).words('table'), /Mon référentiel/);
            assert.equal((await newVisitor(server).get('/referentiels/digcompedu')).html.querySelectorAll('main dt').length, 28);
            assert.equal((await newVisitor(server).get('/referentiels/nulle-part')).status, 404);
        });

        check('what is wrong is said at its line, and nothing is brought in', async () => {
            await begin();
            const wrong = await hand('Fautif', 'code;nom;niveaux\nA;Un;\nA;Deux;\n;Trois;\nC;;\nD;Quatre;a||b\nE;Cinq;1|2|3|4|5|6|7|8|9|10|11\nF;Six;x|y\n');
            assert.equal(wrong.status, 200);
            const said = wrong.html.querySelectorAll('tbody tr').map((each) => each.querySelector('.chip')?.textContent.trim() ?? '');
            assert.deepEqual(said.map((each) => each !== ''), [false, true, true, true, true, true, false]);
            assert.match(said[1], /deux fois/);
            assert.equal(wrong.html.querySelector(`form[action="${at}/ajouter"]`), null, 'no button');
            // Who sends it nevertheless gets the same.
            const forced = await staff.post(`${at}/ajouter`, [['_csrf', csrfOf(await staff.get(at))], ['titre', 'Fautif'], ['texte', 'code;nom\nA;Un\nA;Deux\n']]);
            assert.equal(forced.status, 200);
            assert.equal(one("SELECT count(*) FROM framework WHERE slug = 'fautif'"), '0');
        });

        check('files that are none, names that are taken, addresses that are none', async () => {
            await begin();
            const many = `code;nom\n${Array.from({ length: 201 }, (_, i) => `C${i};Nom ${i}`).join('\n')}\n`;
            for (const text of ['', 'code;nom\n', 'intitule;domaine\nA;B\n', 'code;nom\nA;"jamais fermé', many, 'PK\u0003\u0004\u0000\u0000'])
                assert.equal((await hand('Un essai', text)).status, 422, text.slice(0, 30));
            for (const title of ['DigCompEdu', 'Mon référentiel', '¿¿¿']) assert.equal((await hand(title, good)).status, 422, title);
            assert.equal((await hand('Un essai', good, staff, 'javascript:alert(1)')).status, 422);
            assert.equal(one("SELECT count(*) FROM framework"), '2');
        });

        check('only those who write trainings; what is referred to stays', async () => {
            await begin();
            for (const role of ['learner', 'trainer', 'head']) {
                const other = await signedIn(role);
                assert.equal((await other.get(at)).status, 403, role);
                assert.equal((await other.post(`${at}/mon-referentiel/retirer`, [['_csrf', csrfOf(await other.get('/formations'))]])).status, 403, role);
            }
            const drop = async (slug) => staff.post(`${at}/${slug}/retirer`, [['_csrf', csrfOf(await staff.get(at))]]);
            assert.equal((await drop('ia-enseignantes-et-enseignants')).status, 409);
            assert.equal((await drop('mon-referentiel')).location, `${at}?fait=referentiel-retire`);
            assert.equal((await drop('mon-referentiel')).status, 404);
            assert.equal(one("SELECT count(*) FROM framework_competence"), '5');
            assert.equal(one("SELECT count(*) FROM audit WHERE act LIKE 'framework.%'"), '2');
        });
    });
