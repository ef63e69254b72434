// Playlists: kept from cards and from the page of a video, ordered, shared, gone through, deleted and brought back; nobody learns of a
// video they may not see.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, newVisitor } from '../lib/http.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);
const accounts = await demoAccounts();
const hostile = '<img src=x onerror=alert(1)> ‮evil';

for (const engine of ['sqlite', 'pgsql'])
    describe(`playlists (${engine})`, () => {
        let server, owner, other, visitor;
        const own = (q) => `person_id = (SELECT id FROM person WHERE email = '${accounts.find(({ role }) => role === q).email}')`;
        before(async () => {
            server = await startServer({ engine });
            [owner, other, visitor] = [newVisitor(server), newVisitor(server), newVisitor(server)];
            await owner.signIn(accounts.find(({ role }) => role === 'coach'));
            await other.signIn(accounts.find(({ role }) => role === 'learner'));
        });
        after(() => server?.stop());
        const slugs = () => sql(server, "SELECT slug FROM video WHERE state = 'ready' AND audience = 'public' AND opens_at IS NULL AND closes_at IS NULL ORDER BY id").split('\n');
        const titles = (page) => page.html.querySelectorAll('ol.episodes h3 a').map((a) => a.getAttribute('href').replace(/^\/tv\/|\?.*/g, ''));
        const hrefOf = (page) => page.html.querySelector('#list-address').textContent.replace(server.url, '');
        let list; // path of the owner's list
        const page = () => owner.get(list);

        test('"watch later" on a card and on the page of a video: one press puts it in, the next takes it out', async () => {
            const home = await owner.get('/tv');
            const card = home.html.querySelector('form[action^="/compte/plus-tard/"]');
            const action = card.getAttribute('action');
            assert.equal(card.querySelector('button').getAttribute('aria-pressed'), 'false');
            const done = await owner.submit(home, `form[action="${action}"]`, { dans: '1' });
            assert.equal(done.status, 303);
            assert.equal(done.location, '/tv?fait=video-gardee');
            const now = await owner.get('/tv');
            const pressed = now.html.querySelector(`form[action="${action}"] button`);
            assert.deepEqual([pressed.getAttribute('aria-pressed'), pressed.getAttribute('value')], ['true', '0']);
            assert.match((await owner.get('/compte/listes')).words('table'), /À regarder plus tard\s*1/);
            assert.equal((await owner.submit(now, `form[action="${action}"]`, { dans: '0' })).status, 303);
            assert.equal((await owner.get('/tv')).html.querySelector(`form[action="${action}"] button`).getAttribute('aria-pressed'), 'false');
            assert.ok(!(await visitor.get('/tv')).text.includes('/compte/plus-tard/'), 'a visitor has no such button');
            assert.match((await visitor.get(`/tv/${slugs()[0]}`)).text, /\/connexion\?suite=\/tv\//);
        });

        test('a new list from the page of a video, then others into it, with a hostile name shown as it is', async () => {
            const [first, second, third] = slugs();
            const made = await owner.submit(await owner.get(`/tv/${first}`), 'form[action="/compte/listes"]', { nom: hostile });
            assert.equal(made.location, `/tv/${first}?fait=video-gardee`);
            const all = await owner.get('/compte/listes');
            const link = all.html.querySelectorAll('table a').find((a) => a.textContent.includes('evil'));
            assert.ok(link, 'the name is text');
            assert.ok(!all.text.includes('<img src=x'));
            list = link.getAttribute('href');
            for (const slug of [second, third]) {
                const video = await owner.get(`/tv/${slug}`);
                const form = `form[action^="/compte/listes/${list.split('/').pop()}/videos/"]`;
                assert.equal((await owner.submit(video, form, { dans: '1' })).status, 303);
                assert.equal((await owner.submit(video, form, { dans: '1' })).status, 303, 'twice is once');
            }
            assert.deepEqual(titles(await page()), [first, second, third]);
        });

        test('a video moves up and down by its buttons', async () => {
            const [first, second, third] = slugs();
            const move = async (slug, dir) => {
                const now = await page();
                const item = now.html.querySelectorAll('ol.episodes > li').find((li) => li.innerHTML.includes(`/tv/${slug}?`));
                const button = item.querySelectorAll('form[action$="/ordre"]').find((form) => form.querySelector('button').getAttribute('aria-label').startsWith(dir));
                const fields = Object.fromEntries(button.querySelectorAll('input').map((input) => [input.getAttribute('name'), input.getAttribute('value')]));
                assert.equal((await owner.post(button.getAttribute('action'), fields)).status, 303);
            };
            await move(third, 'Monter');
            assert.deepEqual(titles(await page()), [first, third, second]);
            await move(first, 'Descendre');
            assert.deepEqual(titles(await page()), [third, first, second]);
            const now = await page();
            const ids = now.html.querySelectorAll('ol.episodes > li').map((li) => li.getAttribute('data-id'));
            await owner.post(`/compte/listes/${list.split('/').pop()}/ordre`, { _csrf: csrfOf(now), video: ids[0], cible: ids[2] });
            assert.deepEqual(titles(await page()), [first, second, third], 'dragged over two');
            await owner.post(`/compte/listes/${list.split('/').pop()}/ordre`, { _csrf: csrfOf(now), video: ids[2], cible: ids[0] });
            assert.equal(titles(await page())[1], third);
            await owner.post(`/compte/listes/${list.split('/').pop()}/ordre`, { _csrf: csrfOf(now), video: ids[2], cible: ids[2] });
        });

        test('private: nobody else; by link: with the link; taken back: that link never again; public: everybody', async () => {
            const share = async (pour, nom = 'Pour mes collègues') => owner.submit(await page(), `form[action="/compte/listes/${list.split('/').pop()}"]`, { nom, pour });
            for (const who of [other, visitor]) assert.equal((await who.get(list)).status, 404);
            assert.equal((await share('link')).status, 303);
            const address = hrefOf(await page());
            assert.match(address, /\/lien\//);
            assert.equal((await visitor.get(address)).status, 200);
            assert.equal((await visitor.get(address)).headers.get('x-robots-tag'), 'noindex');
            assert.equal((await visitor.get(list)).status, 404, 'the address alone opens nothing');
            assert.equal((await visitor.get(`${list}/lien/faux`)).status, 404);
            await share('private');
            assert.equal((await visitor.get(address)).status, 404);
            await share('link');
            assert.equal((await visitor.get(address)).status, 404, 'the old link stays closed');
            assert.equal((await visitor.get(hrefOf(await page()))).status, 200);
            assert.equal((await share('everyone')).status, 422);
            await share('public');
            assert.equal((await visitor.get(list)).status, 200);
            assert.equal((await visitor.get(list)).html.querySelector('form[action$="/ordre"]'), null);
            assert.match((await owner.get('/compte/page')).text, /Pour mes collègues/, 'it can be shown on the public page');
        });

        test('going through: the next video, what comes, and only for who may see the list', async () => {
            const [first] = titles(await page());
            const video = await visitor.get(`/tv/${first}?liste=${list.split('/').pop()}`);
            assert.match(video.words('.queue'), /1/);
            assert.equal(video.html.querySelectorAll('.queue a').length, 3);
            const next = video.html.querySelector('edulab-queue').getAttribute('data-next');
            assert.equal(next, video.html.querySelectorAll('.queue a')[1].getAttribute('href'));
            assert.equal((await visitor.get(next)).status, 200);
            const last = await visitor.get(video.html.querySelectorAll('.queue a')[2].getAttribute('href'));
            assert.equal(last.html.querySelector('edulab-queue'), null);
            for (const wrong of ['zz', '0000000000001', `${list.split('/').pop()}.x`.repeat(1)]) assert.equal((await visitor.get(`/tv/${first}?liste=${wrong}`)).status, 200);
            sql(server, "UPDATE playlist SET visibility = 'link' WHERE title = 'Pour mes collègues'");
            assert.equal((await visitor.get(`/tv/${first}?liste=${list.split('/').pop()}`)).html.querySelector('.queue'), null);
            const [id, key] = hrefOf(await page()).replace('/tv/listes/', '').split('/lien/');
            assert.ok((await visitor.get(`/tv/${first}?liste=${id}.${key}`)).html.querySelector('.queue'));
            sql(server, "UPDATE playlist SET visibility = 'public' WHERE title = 'Pour mes collègues'");
        });

        test('a video that is hidden later: neither title nor address for others, a number for the owner', async () => {
            const slug = titles(await page())[1];
            const title = sql(server, `SELECT title FROM video WHERE slug = '${slug}'`);
            for (const [column, hidden, back] of [['audience', "'link'", "'public'"], ['state', "'withdrawn'", "'ready'"], ['opens_at', String(Date.now() + 86400000), 'NULL'], ['closes_at', '1', 'NULL']]) {
                sql(server, `UPDATE video SET ${column} = ${hidden} WHERE slug = '${slug}'`);
                for (const who of [visitor, other, owner]) {
                    const seen = await who.get(list);
                    assert.equal(titles(seen).length, 2, column);
                    assert.ok(!seen.text.includes(slug) && !seen.words().includes(title), `${column}: nothing of it`);
                    assert.equal(/n’est pas ouverte|ne vous est pas ouverte/.test(seen.words('main')), who === owner);
                }
                const refused = await owner.post(`/compte/plus-tard/${sql(server, `SELECT id FROM video WHERE slug = '${slug}'`)}`, { dans: '1', _csrf: csrfOf(await page()) });
                assert.ok(refused.status >= 400, `${column}: not to be put in`);
                sql(server, `UPDATE video SET ${column} = ${back} WHERE slug = '${slug}'`);
            }
            sql(server, `UPDATE video SET audience = 'members' WHERE slug = '${slug}'`);
            assert.equal(titles(await visitor.get(list)).length, 2);
            assert.equal(titles(await other.get(list)).length, 3);
            sql(server, `UPDATE video SET audience = 'public' WHERE slug = '${slug}'`);
        });

        test('what is not one’s own cannot be changed', async () => {
            const id = list.split('/').pop();
            const token = csrfOf(await other.get('/compte/listes'));
            const video = (await page()).html.querySelector('ol.episodes > li').getAttribute('data-id');
            for (const [path, fields] of [['', { nom: 'x', pour: 'public' }], ['/supprimer', {}], ['/retablir', {}], [`/videos/${video}`, { dans: '0' }], ['/ordre', { video, cible: video }]])
                assert.equal((await other.post(`/compte/listes/${id}${path}`, { ...fields, _csrf: token })).status, 404, path);
            const later = sql(server, `SELECT id FROM playlist WHERE later = 1 AND ${own('coach')}`);
            assert.ok(later);
            assert.equal(titles(await page()).length, 3);
        });

        test('deleted and brought back; after a month it is gone', async () => {
            const gone = await owner.submit(await page(), 'form[action$="/supprimer"]', {}, { follow: true });
            assert.match(gone.words('main'), /Supprimées récemment/);
            for (const who of [visitor, owner]) assert.equal((await who.get(list)).status, 404);
            await owner.submit(gone, 'form[action$="/retablir"]');
            assert.equal(titles(await page()).length, 3);
        });

        test('there is room for so many lists and so many videos', async () => {
            const person = sql(server, `SELECT id FROM person WHERE email = '${accounts.find(({ role }) => role === 'coach').email}'`);
            const [have, sample] = [Number(sql(server, `SELECT count(*) FROM playlist WHERE ${own('coach')} AND deleted_at IS NULL`)), sql(server, `SELECT id FROM playlist WHERE title = 'Pour mes collègues'`)];
            sql(server, `INSERT INTO playlist (id, person_id, later, title, visibility, link_turn, created_at) VALUES ${Array.from({ length: 100 - have }, (_, i) => `(${i + 1}, ${person}, 0, 'n${i}', 'private', 0, 1)`)}`);
            const make = async (nom) => owner.submit(await owner.get('/compte/listes'), 'form[action="/compte/listes"]', { nom });
            assert.equal((await make('encore')).status, 422);
            sql(server, 'UPDATE playlist SET deleted_at = 1 WHERE id = 1');
            assert.equal((await make('encore')).status, 303, 'deleted ones make room');
            const base = 8_000_000_000_000_000_000n;
            sql(server, `INSERT INTO video (id, slug, title, description, speaker, licence, kind, competences, state, blob, duration_ms, width, height, sample, created_at, audience)
                VALUES ${Array.from({ length: 497 }, (_, i) => `(${base + BigInt(i)}, 'plein-${i}', 'P', '', '', 'CC BY', 'tutorial', 0, 'ready', 'x', 1, 0, 0, 0, 1, 'public')`)}`);
            sql(server, `INSERT INTO playlist_video (playlist_id, video_id, place, added_at) VALUES ${Array.from({ length: 497 }, (_, i) => `(${sample}, ${base + BigInt(i)}, ${100 + i}, 1)`)}`);
            assert.equal(titles(await page()).length, 500);
            const video = await owner.get(`/tv/${slugs()[3]}`);
            const full = await owner.submit(video, `form[action^="/compte/listes/${list.split('/').pop()}/videos/"]`, { dans: '1' });
            assert.equal(full.status, 422);
            assert.match(full.words('main'), /500/);
        });
    });
