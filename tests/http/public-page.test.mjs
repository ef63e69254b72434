// The page that a person may open to everyone: closed it answers like one that never was, open it shows what was ticked and
// nothing else, and it goes with the account. On both engines.
// run: seconds=240, pgsql
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, newVisitor } from '../lib/http.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);
const accounts = Object.fromEntries((await demoAccounts()).map((account) => [account.role, account]));
const picture = () => execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', 'color=blue:s=64x64', '-frames:v', '1', '-f', 'image2pipe', '-c:v', 'png', 'pipe:1']);

for (const engine of ['sqlite', 'pgsql'])
    describe(`public page on ${engine}`, () => {
        let server;
        let me;
        let staff;
        let anyone;
        before(async () => {
            server = await startServer({ engine });
            [me, staff, anyone] = [newVisitor(server), newVisitor(server), newVisitor(server)];
            await me.signIn(accounts.learner);
            await staff.signIn(accounts.staff);
        });
        after(() => server?.stop());

        test('the page is closed until it is opened, and then shows what was ticked', async () => {
            const form = 'form[action="/compte/page"]';
            const page = await me.get('/compte/page');
            assert.equal(page.html.querySelectorAll('input[type=checkbox][checked]').length, 0, 'nothing is ticked beforehand');
            const slug = page.html.querySelector('[name=adresse]').getAttribute('value');
            const nobody = await anyone.get('/personnes/zz-personne');
            const closed = async (at) => {
                const answer = await anyone.get(`/personnes/${at}`);
                assert.equal(answer.status, 404);
                assert.equal(answer.words('main').replace(/\w{13}/g, ''), nobody.words('main').replace(/\w{13}/g, ''), 'like one that never was');
                assert.equal((await anyone.get(`/personnes/${at}/portrait`)).status, 404);
            };
            await closed(slug);
            await staff.submit(await staff.get('/badges/numefa-cop'), 'form[action$="/remise"]', { email: accounts.learner.email });
            await me.submit(await me.get('/compte'), 'form[action="/compte"]', { name: 'Jeanne Exemple', subjects: 'sciences', pronoun: 'elle' });
            const photo = new FormData();
            photo.append('_csrf', csrfOf(await me.get('/compte/portrait')));
            photo.append('portrait', new Blob([picture()], { type: 'image/png' }), 'moi.png');
            assert.equal((await me.request('POST', '/compte/portrait', { body: photo })).status, 303);
            const badge = (await me.get('/compte/page')).html.querySelector('input[name=choix][value^="badge-"]').getAttribute('value');
            const fields = { adresse: 'Éloïse & Co', accroche: 'Le numérique en **classe**', texte: '# Moi\n\n<script>x</script>\n\n**gras** [mal](javascript:x)', liens: 'https://exemple.be/blog Mon carnet\n\nhttps://exemple.be/nu' };
            const fill = async (more) => me.post('/compte/page', Object.entries({ _csrf: csrfOf(await me.get('/compte/page')), ...fields, montre: ['portrait', 'subjects'], choix: [badge, 'badge-0000000000001'], ...more }).flatMap(([name, value]) => [value].flat().map((each) => [name, each])));
            assert.equal((await fill({})).status, 303);
            await closed('eloise-co');
            const preview = await me.get('/compte/page/apercu');
            assert.match(preview.words('main'), /verrait.*Le numérique en \*\*classe\*\*/);
            assert.equal((await fill({ ouverte: '1' })).status, 303);
            const open = await anyone.get('/personnes/eloise-co');
            assert.equal(open.status, 200);
            assert.match(open.headers.get('x-robots-tag'), /noindex/);
            const words = open.words('main');
            assert.match(words, /sciences/);
            assert.doesNotMatch(words, /elle\b|@/, 'nothing that was not ticked');
            assert.ok(open.html.querySelector('.prose strong'));
            assert.ok(!/javascript:|<script>x/.test(open.text));
            assert.deepEqual(open.html.querySelectorAll('main a[rel~=ugc]').map((a) => [a.getAttribute('href'), a.textContent]), [['https://exemple.be/blog', 'Mon carnet'], ['https://exemple.be/nu', 'https://exemple.be/nu']]);
            assert.equal(open.html.querySelectorAll('main a[href^="/badges/attestation/"]').length, 1);
            const portrait = await anyone.get(open.html.querySelector('main img.avatar').getAttribute('src'));
            assert.deepEqual([portrait.status, portrait.type, portrait.headers.get('x-robots-tag')], [200, 'image/webp', 'noindex, nofollow']);
            await fill({ ouverte: '1', moteurs: '1', montre: ['pronoun'] });
            const seen = await anyone.get('/personnes/eloise-co');
            assert.equal(seen.headers.get('x-robots-tag'), null);
            assert.match(seen.words('main'), /elle/);
            assert.ok(seen.html.querySelector('main svg.avatar'), 'the picture only when it was ticked');
            assert.equal((await anyone.get('/personnes/eloise-co/portrait')).status, 404);
            // what is wrong is said, and what was typed stays
            for (const [more, why] of [[{ liens: 'javascript:alert(1) ici' }, /https/], [{ liens: 'https://a.be\n'.repeat(9) }, /huit/], [{ adresse: '--' }, /trois/]]) {
                const refused = await fill({ ouverte: '1', ...more });
                assert.equal(refused.status, 422);
                assert.match(refused.words('main'), why);
                assert.match(refused.html.querySelector('textarea[name=texte]').textContent, /gras/);
            }
            const other = newVisitor(server);
            await other.signIn(accounts.coach);
            assert.equal((await other.submit(await other.get('/compte/page'), form, { adresse: 'eloise co', ouverte: '1' })).status, 422, 'one address, one person');
            await fill({});
            await closed('eloise-co');
        });

        test('of a closed account nothing is open, and what was shown is among what the person takes along', async () => {
            const form = 'form[action="/compte/page"]';
            const held = await me.get('/compte/donnees');
            for (const word of ['eloise-co', 'Le numérique en **classe**', 'Mon carnet']) assert.ok(held.words('main').includes(word), word);
            await me.submit(await me.get('/compte/page'), form, { adresse: 'eloise-co', ouverte: '1' });
            assert.equal((await anyone.get('/personnes/eloise-co')).status, 200);
            sql(server, `UPDATE person SET closed_at = 1 WHERE email = '${accounts.learner.email}'`);
            assert.equal((await anyone.get('/personnes/eloise-co')).status, 404);
        });
    });
