// What goes with a moment of a video (links and files) and where to go at its end: written in the studio, listed for viewers without
// a script, files opened only by who sees the video, kept as long as they are needed, and refused with the reason.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sql } from '../lib/crowd.mjs';
import { fileOf, mediaOf, newVisitor } from '../lib/http.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);
const accounts = await demoAccounts();
const page = '/tv/demarche-steam';

for (const engine of ['sqlite', 'pgsql'])
    describe(`moments and what follows (${engine})`, () => {
        let server;
        let staff;
        let studio; // /gestion/videos/<id>
        before(async () => {
            server = await startServer({ engine });
            staff = newVisitor(server);
            await staff.signIn(accounts.find((each) => each.role === 'staff'));
            studio = `/gestion/videos/${(await mediaOf(staff, page)).split('/').pop()}`;
            sql(server, 'DELETE FROM tv_resource; DELETE FROM tv_end_card;');
        });
        after(() => server?.stop());

        const add = async (fields) => staff.submit(await staff.get(`${studio}/ressources`), `form[action="${studio}/ressources"]`, fields);
        const listed = async (visitor = newVisitor(server), at = page) => (await visitor.get(at)).html.querySelectorAll('.res li').map((each) => ({
            from: each.getAttribute('data-from'), to: each.getAttribute('data-to'), href: each.querySelector('[data-what]').getAttribute('href'), title: each.querySelector('[data-what]').textContent }));

        test('a link stands in the list beside the video, in the order of time', async () => {
            assert.deepEqual(await listed(), []);
            assert.equal((await add({ titre: 'La fiche du défi', debut: '0:20', fin: '0:31,5', adresse: 'https://exemple.be/fiche?a=1&b=2' })).status, 303);
            assert.equal((await add({ titre: 'Une page d’ici', debut: '5', fin: '', adresse: '/formations' })).status, 303);
            assert.deepEqual(await listed(), [
                { from: '5.000', to: '20.000', href: '/formations', title: 'Une page d’ici' },
                { from: '20.000', to: '31.500', href: 'https://exemple.be/fiche?a=1&b=2', title: 'La fiche du défi' }]);
        });

        test('what does not fit is said beside its field, and nothing is added', async () => {
            const good = { titre: 'Un lien', debut: '0:10', fin: '0:20', adresse: 'https://exemple.be/' };
            for (const [change, field, reason] of [
                [{ debut: 'bientôt' }, 'debut', /temps/], [{ debut: '9:00:00' }, 'debut', /fin de la vidéo/], [{ fin: '0:10' }, 'fin', /avant de commencer/],
                [{ fin: 'x' }, 'fin', /temps/], [{ adresse: 'javascript:alert(1)' }, 'adresse', /adresse/i], [{ adresse: '//ailleurs.be/x' }, 'adresse', /adresse/i],
                [{ adresse: '' }, 'adresse', /fichier/], [{ titre: '' }, 'titre', /./], [{ fichier: fileOf('abc', 'a.txt') }, 'adresse', /pas les deux/],
            ]) {
                const answer = await add({ ...good, ...change });
                assert.equal(answer.status, 422, JSON.stringify(change));
                assert.match(answer.html.querySelector(`#m-${field}`)?.textContent ?? '', reason, JSON.stringify(change));
                if (!('debut' in change)) assert.equal(answer.html.querySelector('#f-debut').getAttribute('value'), '0:10', 'what was typed stays');
            }
            assert.equal((await listed()).length, 2);
        });

        test('a file is opened by who sees the video, at an address that is signed', async () => {
            const bytes = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');
            assert.equal((await add({ titre: 'Le dossier', debut: '0:40', fin: '', adresse: '', fichier: fileOf(bytes, 'dossier à lire.pdf') })).status, 303);
            const { href } = (await listed()).pop();
            const file = await newVisitor(server).get(href);
            assert.equal(file.status, 200);
            assert.deepEqual(file.bytes, bytes);
            assert.equal(file.type, 'application/pdf');
            assert.match(file.headers.get('content-security-policy'), /sandbox/);
            assert.match(file.headers.get('cache-control'), /private|no-cache|no-store/);

            // for members only: the bare address asks to sign in, and the address from before no longer counts once it was taken back
            const bare = href.split('/').slice(0, -1).join('/');
            assert.equal((await newVisitor(server).get(bare)).status, 200);
            assert.equal((await staff.submit(await staff.get(studio), 'form[action$="/visibilite"]', { audience: 'members', sur: '', ouvre: '', ferme: '' })).status, 303);
            assert.match((await newVisitor(server).get(bare)).location ?? '', /^\/connexion/);
            assert.match((await newVisitor(server).get(href)).location ?? '', /^\/connexion/, 'an old signature');
            assert.match((await newVisitor(server).get(`${bare}/${'a'.repeat(32)}`)).location ?? '', /^\/connexion/);
            const learner = newVisitor(server);
            await learner.signIn(accounts.find((each) => each.role === 'learner'));
            assert.equal((await learner.get(bare)).status, 200);
            const signed = (await listed(learner)).pop().href;
            assert.equal((await newVisitor(server).get(signed)).status, 200, 'signed for half a day, like the video itself');
            // the token of one video opens no file of another
            const other = signed.replace('demarche-steam', 'licences-ouvertes');
            assert.notEqual((await newVisitor(server).get(other)).status, 200);
            // by the private link alone
            assert.equal((await staff.submit(await staff.get(studio), 'form[action$="/visibilite"]', { audience: 'link', sur: '', ouvre: '', ferme: '' })).status, 303);
            assert.equal((await learner.get(bare)).status, 404);
            const link = (await staff.get(studio)).html.querySelector('a.mono').getAttribute('href');
            assert.equal((await newVisitor(server).get((await listed(newVisitor(server), new URL(link, server.url).pathname)).pop().href)).status, 200);
            assert.equal((await staff.submit(await staff.get(studio), 'form[action$="/visibilite"]', { audience: 'public', sur: '', ouvre: '', ferme: '' })).status, 303);
        });

        test('HTML that somebody gives can do nothing to the site', async () => {
            assert.equal((await add({ titre: 'Une page', debut: '0:50', adresse: '', fichier: fileOf('<!doctype html><script>fetch("/mon-espace")</script>', 'p.html', 'text/html') })).status, 303);
            const file = await newVisitor(server).get((await listed()).pop().href);
            assert.match(file.headers.get('content-security-policy'), /sandbox allow-scripts; default-src 'none'/);
        });

        test('changed, taken away; its file is kept as long as it is needed', async () => {
            const list = await staff.get(`${studio}/ressources`);
            const one = list.html.querySelectorAll('.res li').find((each) => each.textContent.includes('Le dossier')).querySelector('a.btn').getAttribute('href');
            const edit = await staff.get(one);
            assert.equal(edit.html.querySelector('#f-titre').getAttribute('value'), 'Le dossier');
            assert.ok(!edit.html.querySelector('#f-adresse'), 'a file has no address');
            assert.equal((await staff.submit(edit, `form[action="${one}"]`, { titre: 'Le dossier, revu', debut: '0:01', fin: '0:02' })).status, 303);
            assert.deepEqual((await listed()).map((each) => each.title)[0], 'Le dossier, revu');
            const blob = sql(server, `SELECT blob FROM tv_resource WHERE title = 'Le dossier, revu'`).trim();
            const path = join(server.data, 'blobs', blob.slice(0, 2), blob.slice(2, 4), blob);
            assert.ok(existsSync(path));
            // asked to let go, a file in use stays
            sql(server, `INSERT INTO media_loose (blob, since) VALUES ('${blob}', 1)`);
            assert.equal((await staff.submit(await staff.get(`${studio}/ressources`), `form[action="${one}/retirer"]`)).status, 303);
            assert.ok(!(await listed()).some((each) => /dossier/.test(each.title)));
            assert.equal(sql(server, `SELECT count(*) FROM media_loose WHERE blob = '${blob}'`).trim(), '1', 'and is let go with its resource');
            assert.equal((await staff.get(one)).status, 404);
            // of another video it cannot be touched
            const rest = (await staff.get(`${studio}/ressources`)).html.querySelector('.res a.btn').getAttribute('href').split('/').pop();
            const elsewhere = `/gestion/videos/${(await mediaOf(staff, '/tv/licences-ouvertes')).split('/').pop()}`;
            assert.equal((await staff.get(`${elsewhere}/ressources/${rest}`)).status, 404);
        });

        const offered = async (visitor = newVisitor(server)) => (await visitor.get(page)).html.querySelectorAll('.ends a').map((each) => [each.getAttribute('href'), each.querySelector('b').textContent, each.querySelector('.small').textContent]);
        // What the team chose; the next of the series stands before it by itself.
        const ends = async (visitor) => (await offered(visitor)).filter(([, , kind]) => kind !== 'Épisode suivant').map(([href, title]) => [href, title]);
        const addEnd = async (adresse, titre = '') => staff.submit(await staff.get(`${studio}/suite`), 'form[action$="/suite"].stack', { adresse, titre });

        test('at the end: what is ours shows its own title, what is elsewhere the one it was given', async () => {
            assert.deepEqual(await ends(), []);
            assert.deepEqual((await offered()).map(([href]) => href), ['/tv/ia-generative-texte'], 'the next of the series');
            assert.equal((await addEnd(`${page}`)).status, 422, 'not the video itself');
            assert.equal((await addEnd('https://exemple.be/suite')).status, 422, 'elsewhere needs a title');
            assert.equal((await addEnd('javascript:alert(1)', 'x')).status, 422);
            assert.equal((await addEnd(`${server.url}/tv/licences-ouvertes?liste=x`)).status, 303);
            assert.equal((await addEnd('https://exemple.be/suite', 'Un autre site')).status, 303);
            const programme = (await newVisitor(server).get('/formations')).html.querySelectorAll('main a[href^="/formations/"]').map((each) => each.getAttribute('href')).find((each) => sql(server, `SELECT count(*) FROM programme WHERE slug = '${each.split('/')[2]}' AND version_id IS NOT NULL`).trim() === '1');
            assert.equal((await addEnd(programme)).status, 303);
            const shown = await ends();
            assert.deepEqual(shown.map(([href]) => href), ['/tv/licences-ouvertes', 'https://exemple.be/suite', programme]);
            assert.equal(shown[0][1], sql(server, `SELECT title FROM video WHERE slug = 'licences-ouvertes'`).trim());
            const full = await staff.get(`${studio}/suite`);
            assert.ok(!full.html.querySelector('#f-adresse'), 'three are enough');
        });

        test('a video that a person may not see is not offered to them', async () => {
            const other = `/gestion/videos/${(await mediaOf(staff, '/tv/licences-ouvertes')).split('/').pop()}`;
            assert.equal((await staff.submit(await staff.get(other), 'form[action$="/visibilite"]', { audience: 'members', sur: '', ouvre: '', ferme: '' })).status, 303);
            assert.ok(!(await ends()).some(([href]) => href === '/tv/licences-ouvertes'));
            assert.ok((await ends(staff)).some(([href]) => href === '/tv/licences-ouvertes'));
            assert.equal((await staff.submit(await staff.get(other), `form[action="${other}/retirer"]`)).status, 303);
            assert.ok(!(await ends(staff)).some(([href]) => href === '/tv/licences-ouvertes'), 'withdrawn');
            assert.match((await staff.get(`${studio}/suite`)).words('main'), /N.existe plus/);
        });

        test('taken away, room for what is suggested: the next of the series', async () => {
            for (const form of (await staff.get(`${studio}/suite`)).html.querySelectorAll('form[action$="/retirer"]'))
                assert.equal((await staff.submit(await staff.get(`${studio}/suite`), `form[action="${form.getAttribute('action')}"]`)).status, 303);
            assert.deepEqual(await ends(), []);
            const series = sql(server, `SELECT series_id FROM video WHERE slug = 'demarche-steam'`).trim();
            const offers = (await staff.get(`${studio}/suite`)).html.querySelectorAll('form input[name=adresse][type=hidden]').map((each) => each.getAttribute('value'));
            assert.ok(offers.length, 'the sample video stands in a channel');
            if (series) {
                const next = sql(server, `SELECT n.slug FROM video v JOIN video n ON n.series_id = v.series_id AND n.episode > v.episode AND n.state <> 'withdrawn' WHERE v.slug = 'demarche-steam' ORDER BY n.episode LIMIT 1`).trim();
                if (next) assert.equal(offers[0], `/tv/${next}`);
            }
            const suggestions = await staff.get(`${studio}/suite`);
            assert.equal((await staff.post(`${studio}/suite`, { _csrf: suggestions.html.querySelector('input[name=_csrf]').getAttribute('value'), adresse: offers[0] })).status, 303);
            assert.deepEqual((await offered()).map(([href]) => href), [offers[0]], 'once, though it is the next of the series too');
            const learner = newVisitor(server);
            await learner.signIn(accounts.find((each) => each.role === 'learner'));
            for (const at of ['/ressources', '/suite']) assert.equal((await learner.get(`${studio}${at}`)).status, 403);
        });
    });
