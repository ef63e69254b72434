// The map of a path for any programme, the flexible path that is completed by "n of", and the models of integration. On both engines.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, newVisitor } from '../lib/http.mjs';
import { longPassword, newcomer } from '../lib/people.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);

const digits = '0123456789abcdefghjkmnpqrstvwxyz';
const shown = (id) => BigInt(id).toString(32).padStart(13, '0').replace(/./g, (c) => digits[parseInt(c, 32)]);
const at = '/gestion/formations';
const done = 'form[action^="/mon-espace/activites/"]';
const plain = (text) => text.replace(/\s+/g, ' ').trim();

for (const engine of ['sqlite', 'pgsql'])
    describe(`paths on ${engine}`, () => {
        let server;
        let staff;
        let learner;
        const slug = 'parcours-souple';
        const check = (name, run) => test(`${name} (${engine})`, run);
        after(() => server?.stop());
        const one = (text) => sql(server, text).trim();
        async function begin() {
            if (server) return;
            server = await startServer({ engine });
            staff = newVisitor(server);
            await staff.signIn((await demoAccounts()).find(({ role }) => role === 'staff'));
            learner = await newcomer(server, { name: 'Pas à Pas', email: 'pas@example.org', password: longPassword('chemin') });
        }
        const post = async (path, fields = []) => staff.post(path, [['_csrf', csrfOf(await staff.get(at))], ...fields]);
        const id = () => shown(one(`SELECT id FROM programme WHERE slug = '${slug}'`));
        const node = (title) => shown(one(`SELECT n.node_id FROM programme_node n JOIN programme_version v ON v.id = n.version_id JOIN programme p ON p.id = v.programme_id
            WHERE p.slug = '${slug}' AND n.title = '${title}' ORDER BY v.number IS NOT NULL, v.number DESC LIMIT 1`));
        const add = (parent, level, title, kind = 'page') => post(`${at}/${id()}/elements`, [['parent', parent], ['niveau', level], ['titre', title], ['genre', kind]]);
        const keep = async (title, changes) => {
            const path = `${at}/${id()}/elements/${title ? node(title) : id()}`;
            const answer = await staff.submit(await staff.get(path), `form[action="${path}"]`, changes);
            assert.equal(answer.status, 303, answer.words?.('main')?.slice(0, 400));
        };
        // Station by station: what is drawn, said aloud and linked, in one of the two drawings.
        const stations = (page, drawing) => page.html.querySelectorAll(`svg.${drawing} > a`).map((a) => ({
            state: a.getAttribute('class') ?? '', href: a.getAttribute('href'), said: a.getAttribute('aria-description') }));

        check('every training of the sample with several modules has a map whose stations lead to the lines that say the same', async () => {
            await begin();
            const visitor = newVisitor(server);
            const rows = one(`SELECT p.slug, count(*) FROM programme p JOIN programme_node n ON n.version_id = p.version_id AND n.level = 2
                WHERE p.slug NOT LIKE 'annee-%' GROUP BY p.slug HAVING count(*) > 1 ORDER BY p.slug`).split('\n').map((line) => line.split('|'));
            assert.ok(rows.length >= 5, rows.join(' '));
            for (const [programme, count] of rows) {
                const page = await visitor.get(`/formations/${programme}`);
                for (const drawing of ['map-wide', 'map-tall']) {
                    const found = stations(page, drawing);
                    assert.equal(found.length, Number(count), `${programme} ${drawing}`);
                    for (const { href, said } of found) {
                        assert.ok(page.html.getElementById(decodeURIComponent(href.slice(1))), `${programme}: ${href}`);
                        assert.ok(said.length > 10);
                    }
                }
                assert.equal(page.html.querySelectorAll('#tableau tbody tr').length, Number(count));
            }
            const flexible = await visitor.get('/formations/referent-ia');
            assert.match(plain(flexible.html.querySelector('svg.map-tall').textContent), /Ateliers pratiques.*3 au choix sur 8.*Modules exploratoires.*2 au choix sur 5.*Modules spécialisés.*2 au choix sur 7/);
            assert.equal(stations(flexible, 'map-wide').filter(({ said }) => /Obligatoire/.test(said)).length, 2, 'ME2 and MS7');
        });

        check('a path with a unit of which two are enough, one obligatory, one that needs another: all of it is drawn and said', async () => {
            await begin();
            await post(at, [['titre', 'Parcours souple'], ['genre', 'path']]);
            await add(id(), 1, 'Au choix');
            for (const title of ['Alpha', 'Bravo', 'Charlie']) {
                await add(node('Au choix'), 2, title);
                await add(node(title), 3, `Lire ${title}`);
                await keep(`Lire ${title}`, { champ0: 'À lire.', seul: 10 });
            }
            await keep('Au choix', { exiges: 2, tous: false });
            await keep('Alpha', { code: 'A' });
            await keep('Bravo', { code: 'B', besoins: [node('Alpha')] });
            await keep('Charlie', { obligatoire: true });
            const models = `${at}/${id()}/elements/${node('Alpha')}/modeles`;
            assert.equal((await staff.submit(await staff.get(models), 'main form.stack-l', { samr: 'M', aspid: 'P', technologie: true })).status, 303);
            await keep(null, { resultat: 'Choisir son chemin.', ouvert: true });
            assert.match((await post(`${at}/${id()}/publier`)).location, /version-publiee/);
            const page = await newVisitor(server).get(`/formations/${slug}`);
            assert.equal(page.html.querySelectorAll('svg.map-wide .need').length, 1, 'one arrow');
            assert.match(stations(page, 'map-tall').find(({ href }) => href === '#t-B').said, /Bravo.*après A$/);
            assert.match(plain(page.html.getElementById('t-B').textContent), /Bravo après A/);
            assert.match(plain(page.html.getElementById('t-3').textContent), /Charlie Obligatoire/, 'a module without a code has its number');
            assert.match(page.words('#modeles'), /SAMR.*Modification A.*ASPID.*Progrès A/);
            assert.match(page.words('#modeles'), /TPACK.*Connaissances technologiques A/);
        });

        check('the learner sees what is done, next, locked and left by the rules; any order within them completes it', async () => {
            await begin();
            const path = `/mon-espace/parcours/${slug}`;
            assert.match((await learner.submit(await learner.get(`/formations/${slug}`), 'form[action$="/inscription"]')).location, /inscrit/);
            let page = await learner.get(path);
            const states = () => Object.fromEntries(stations(page, 'map-tall').map(({ href, state }) => [href.replace('/mon-espace/modules/parcours-souple-', ''), state]));
            assert.deepEqual(states(), { alpha: 'next', bravo: 'shut', charlie: '' });
            assert.match(page.words('#h-left ~ .left'), /Au choix encore 2 modules au choix \(0 faits? sur 2\), dont, obligatoire : 3 Charlie/);
            const room = await learner.get('/mon-espace/modules/parcours-souple-alpha');
            assert.match(room.words('.models-of'), /SAMR Modification.*ASPID/, 'the room says where the module stands in the models');
            const finish = async (module) => assert.equal((await learner.submit(await learner.get(`/mon-espace/modules/parcours-souple-${module}`), done)).status, 303);
            await finish('charlie');
            page = await learner.get(path);
            assert.deepEqual(states(), { alpha: 'next', bravo: 'shut', charlie: 'done' });
            assert.match(page.words('#h-left ~ .left'), /encore 1 module au choix \(1 fait sur 2\)$/);
            assert.equal(one(`SELECT count(*) FROM programme_completion f JOIN programme p ON p.id = f.programme_id WHERE p.slug = '${slug}'`), '0');
            await finish('alpha');
            page = await learner.get(path);
            assert.equal(one(`SELECT count(*) FROM programme_completion f JOIN programme p ON p.id = f.programme_id WHERE p.slug = '${slug}'`), '1', 'two of three, with the obligatory one');
            assert.deepEqual(states(), { alpha: 'done', bravo: '', charlie: 'done' }, 'what is open stays open');
            assert.match(page.words('#h-left ~ .left'), /Au choix 2 sur 2 faits$/);
        });
    });
