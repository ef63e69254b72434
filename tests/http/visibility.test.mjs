// Who sees a video: each audience for each kind of visitor, on the pages, in the lists and at the files; schedule, end, private
// link; what was taken back. The table itself is tested in src/mod/tv/see_test.c.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '../lib/crowd.mjs';
import { mediaOf, newVisitor } from '../lib/http.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);
const accounts = await demoAccounts();
const slug = 'demarche-steam';
const page = `/tv/${slug}`;

for (const engine of ['sqlite', 'pgsql'])
    describe(`who sees a video (${engine})`, () => {
        let server;
        let studio; // the page of the video
        const who = { stranger: undefined, enrolled: 'learner', belongs: 'contact', staff: 'staff' };
        const person = (role) => `(SELECT id FROM person WHERE email = '${accounts.find((each) => each.role === role).email}')`;
        before(async () => {
            server = await startServer({ engine });
            for (const [name, role] of Object.entries(who)) {
                who[name] = newVisitor(server);
                if (role) await who[name].signIn(accounts.find((each) => each.role === role));
            }
            who.elsewhere = newVisitor(server); // with an account, and nothing else
            await who.elsewhere.signIn(accounts.find((each) => each.role === 'head'));
            sql(server, `DELETE FROM membership WHERE person_id <> ${person('contact')}; DELETE FROM enrolment WHERE person_id <> ${person('learner')}; DELETE FROM meeting_trainer;`);
            const id = (await mediaOf(who.stranger, page)).split('/').pop();
            studio = `/gestion/videos/${id}`;
        });
        after(() => server?.stop());

        async function set(audience, more = {}) {
            const answer = await who.staff.submit(await who.staff.get(studio), 'form[action$="/visibilite"]', { audience, sur: '', ouvre: '', ferme: '', annonce: undefined, ...more });
            assert.equal(answer.status, 303, answer.words('main').slice(0, 600));
            const now = await who.staff.get(studio);
            assert.equal(now.html.querySelector(`input[name=audience][checked]`).getAttribute('value'), audience);
            return now;
        }
        const listed = async (visitor, path) => (await visitor.get(path)).html.querySelectorAll(`a[href="${page}"]`).length > 0;
        // What each gets: 200 sees it, 303 is asked to sign in, 403 is told no, 404 knows nothing of it.
        async function expect(wanted) {
            for (const [name, status] of Object.entries(wanted)) {
                const answer = await who[name].get(page);
                assert.equal(answer.status, status, `${name}: the page`);
                if (status === 303) assert.match(answer.location, /^\/connexion\?suite=/);
                assert.equal((await who[name].get(`${page}/texte`)).status, status, `${name}: the text`);
                const inLists = name === 'staff' ? undefined : status === 200;
                for (const path of ['/tv', '/', '/tv/licences-ouvertes']) {
                    if (inLists !== undefined) assert.equal(await listed(who[name], path), inLists, `${name}: ${path}`);
                }
            }
        }
        const enrolment = (column) => sql(server, `SELECT ${column} FROM enrolment e JOIN programme p ON p.id = e.programme_id JOIN cohort c ON c.id = e.cohort_id
            WHERE e.person_id = ${person('learner')} AND e.state = 'confirmed' ORDER BY e.id LIMIT 1`);
        const programme = () => enrolment('p.id');

        test('everybody', async () => {
            await set('public');
            await expect({ stranger: 200, elsewhere: 200, enrolled: 200, belongs: 200, staff: 200 });
        });

        test('everybody with an account', async () => {
            const now = await set('members');
            assert.match(now.words('#seen-by'), /compte/);
            await expect({ stranger: 303, elsewhere: 200, enrolled: 200, belongs: 200, staff: 200 });
        });

        test('a network: its people, with those of everything below it', async () => {
            const [id, name] = sql(server, `SELECT a.above_id, o.name FROM membership m JOIN organisation_above a ON a.below_id = m.organisation_id
                JOIN organisation o ON o.id = a.above_id WHERE m.person_id = ${person('contact')} AND o.kind = 'network' AND a.depth > 0 ORDER BY a.depth DESC LIMIT 1`).split('|');
            assert.ok(id, 'the contact belongs to a school below a network');
            const now = await set('organisation', { sur: name });
            assert.match(now.words('#seen-by'), new RegExp(name.slice(0, 10)));
            await expect({ stranger: 303, elsewhere: 403, enrolled: 403, belongs: 200, staff: 200 });
            assert.match((await who.elsewhere.get(page)).words('main'), /autre groupe/);
            // a membership that is over opens nothing
            sql(server, `UPDATE membership SET ends_at = ${Date.now() - 1000} WHERE person_id = ${person('contact')}`);
            await expect({ belongs: 403 });
            sql(server, `UPDATE membership SET ends_at = NULL WHERE person_id = ${person('contact')}`);
        });

        test('a training, and one session of it: who is enrolled, and who trains there', async () => {
            const [title, label, cohort] = enrolment("p.slug, c.label, c.id").split('|');
            assert.ok(title && label && cohort);
            // by SQL: titles are the versions' affair
            sql(server, `UPDATE video SET audience = 'programme', organisation_id = NULL, programme_id = ${programme()} WHERE slug = '${slug}'`);
            await expect({ stranger: 303, elsewhere: 403, enrolled: 200, belongs: 403, staff: 200 });
            sql(server, `UPDATE video SET audience = 'cohort', programme_id = NULL, cohort_id = ${cohort} WHERE slug = '${slug}'`);
            await expect({ stranger: 303, elsewhere: 403, enrolled: 200, belongs: 403, staff: 200 });
            sql(server, `UPDATE enrolment SET state = 'waiting' WHERE person_id = ${person('learner')} AND cohort_id = ${cohort}`);
            await expect({ enrolled: 403 });
            sql(server, `UPDATE enrolment SET state = 'confirmed' WHERE person_id = ${person('learner')} AND cohort_id = ${cohort}`);
            const meeting = sql(server, `SELECT id FROM meeting WHERE cohort_id = ${cohort} ORDER BY id LIMIT 1`);
            assert.ok(meeting, 'the session has a meeting');
            sql(server, `INSERT INTO meeting_trainer (meeting_id, person_id) VALUES (${meeting}, ${person('head')})`);
            await expect({ elsewhere: 200 });
            sql(server, 'DELETE FROM meeting_trainer');
            // through the form: the name as the page shows it comes back the same
            const shown = await who.staff.get(studio);
            const name = shown.html.querySelector('input[name=sur]').getAttribute('value');
            assert.ok(name.includes(label), name);
            const again = await set('cohort', { sur: name });
            assert.ok(again.words('#seen-by').includes(label));
            await set('programme', { sur: name.slice(0, name.length - label.length - 2) });
            assert.equal(sql(server, `SELECT programme_id FROM video WHERE slug = '${slug}'`), programme());
            await expect({ stranger: 303, elsewhere: 403, enrolled: 200 });
        });

        test('announced: title and date before it opens, for the people of its audience and nowhere else; on air while it lasts', async () => {
            const local = (ms) => new Date(ms).toLocaleString('sv-SE', { timeZone: 'Europe/Brussels' }).slice(0, 16).replace(' ', 'T');
            const programme = async (visitor) => (await visitor.get('/tv')).html.querySelectorAll('.programme > li').find((each) => each.textContent.includes(title));
            const title = sql(server, `SELECT title FROM video WHERE slug = '${slug}'`).trim();
            const ouvre = local(Date.now() + 26 * 3600_000);
            const now = await set('public', { ouvre, annonce: '1' });
            assert.match(now.words('#seen-by'), /annoncée sur la Web TV/);
            assert.ok(now.html.querySelector('input[name=annonce][checked]'));
            await expect({ stranger: 404, elsewhere: 404, enrolled: 404, belongs: 404, staff: 200 });
            const coming = await programme(who.stranger);
            assert.ok(coming, 'it is announced');
            assert.equal(coming.querySelector('a'), null, 'and leads nowhere yet');
            for (const path of ['/tv/videos', '/tv/videos?q=steam', '/tv/plan', '/'])
                assert.ok(!(await who.stranger.get(path)).text.includes(slug), path);
            await set('members', { ouvre, annonce: '1' });
            assert.equal(await programme(who.stranger), undefined);
            assert.ok(await programme(who.elsewhere));
            await set('public', { ouvre });
            assert.equal(await programme(who.elsewhere), undefined, 'not announced any more');

            await set('public', { ouvre, annonce: '1' });
            const at = (ms) => sql(server, `UPDATE video SET opens_at = ${ms} WHERE slug = '${slug}'`);
            at(Date.now() - 20_000);
            const running = await programme(who.stranger);
            assert.match(running.textContent, /À l’antenne|À l'antenne/);
            const seconds = Number(/#t=(\d+)$/.exec(running.querySelectorAll('a').at(-1).getAttribute('href'))[1]);
            assert.ok(seconds >= 20 && seconds < 60, `${seconds} s`);
            at(Date.now() - 1000 - Number(sql(server, `SELECT duration_ms FROM video WHERE slug = '${slug}'`)));
            assert.equal(await programme(who.stranger), undefined, 'it is over');
            await expect({ stranger: 200, elsewhere: 200 });
            for (const path of ['/tv/videos', '/tv/videos?q=steam', '/'])
                assert.ok((await who.stranger.get(path)).text.includes(slug), `${path}, now that it is open`);

            for (const [fields, reason] of [[{ audience: 'public', ouvre: '' }, /à partir de quand/], [{ audience: 'link', ouvre }, /lien privé/]]) {
                const answer = await who.staff.submit(await who.staff.get(studio), 'form[action$="/visibilite"]', { sur: '', ferme: '', annonce: '1', ...fields });
                assert.equal(answer.status, 422);
                assert.match(answer.words('main'), reason);
            }
            await set('public');
        });

        test('lists follow each change at once, whoever makes it', async () => {
            const first = async (query = '') => (await who.stranger.get(`/tv/videos${query}`)).html.querySelector('#results h3 a')?.getAttribute('href');
            const [shown, facets] = sql(server, `SELECT shown_at, facets FROM video WHERE slug = '${slug}'`).trim().split('|');
            const change = (set) => sql(server, `UPDATE video SET ${set} WHERE slug = '${slug}'`);
            const brief = async () => (await who.stranger.get('/tv/videos?duree=10-minutes')).text.includes(`href="${page}"`);
            for (let round = 0; round < 3; round++) {
                change(`shown_at = ${Date.now() + round}`);
                assert.equal(await first(), page);
                change('shown_at = 1');
                assert.notEqual(await first(), page);
                assert.ok(await brief());
                change('facets = 0');
                assert.ok(!await brief());
                change(`facets = ${facets}`);
                change("state = 'withdrawn'");
                assert.ok(!await brief());
                change("state = 'ready'");
                assert.ok(await brief());
            }
            change(`shown_at = ${shown}`);
        });

        test('who has the private link, until it is made anew', async () => {
            const now = await set('link');
            await expect({ stranger: 404, elsewhere: 404, enrolled: 404, staff: 200 });
            const linkOf = (shown) => new URL(shown.html.querySelector('a[href*="/lien/"]').getAttribute('href')).pathname;
            const link = linkOf(now);
            for (const visitor of [who.stranger, who.elsewhere]) {
                const opened = await visitor.get(link);
                assert.equal(opened.status, 200);
                assert.equal(opened.headers.get('x-robots-tag'), 'noindex');
                assert.equal((await visitor.get(opened.html.querySelector('a[href$="/texte"]').getAttribute('href'))).status, 200);
            }
            assert.equal(await listed(who.elsewhere, '/tv'), false);
            for (const wrong of [`${link}x`, link.slice(0, -1), `/tv/licences-ouvertes/lien/${link.split('/').pop()}`]) assert.equal((await who.stranger.get(wrong)).status, 404, wrong);
            const media = await mediaOf(who.stranger, link);
            assert.equal((await who.stranger.get(`${media}/video.mp4`, { headers: { range: 'bytes=0-9' } })).status, 206);
            assert.equal((await who.staff.submit(now, 'form[action$="/lien"]')).status, 303);
            assert.equal((await who.stranger.get(link)).status, 404, 'the old one');
            const next = linkOf(await who.staff.get(studio));
            assert.notEqual(next, link);
            assert.equal((await who.stranger.get(next)).status, 200);
            await sleep(2500);
            assert.equal((await who.stranger.get(`${media}/video.mp4`)).status, 403, 'nor do its files play on');
            assert.equal((await who.stranger.get(`${await mediaOf(who.stranger, next)}/video.mp4`)).status, 200);
            await set('members');
            assert.equal((await who.elsewhere.get(next)).status, 200, 'who may see it anyway');
            assert.equal((await who.stranger.get(next)).status, 303);
        });

        test('not before it opens, not after it ends; the team sees it all the same', async () => {
            const local = (ms) => new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Brussels', dateStyle: 'short', timeStyle: 'short' }).format(ms).replace(' ', 'T');
            const now = await set('public', { ouvre: local(Date.now() + 3600_000) });
            assert.equal(now.html.querySelector('input[name=ouvre]').getAttribute('value'), local(Date.now() + 3600_000).slice(0, 16));
            assert.match(now.words('#seen-by'), /tout le monde.*ouvre/i);
            await expect({ stranger: 404, elsewhere: 404, staff: 200 });
            assert.match((await who.staff.get(page)).words('main'), /Seule l.équipe/);
            const media = await mediaOf(who.staff, page);
            assert.equal((await who.staff.get(`${media}/master.m3u8`)).status, 200);
            await set('public', { ouvre: local(Date.now() - 3600_000), ferme: local(Date.now() + 3600_000) });
            await expect({ stranger: 200 });
            await set('public', { ouvre: local(Date.now() - 7200_000), ferme: local(Date.now() - 3600_000) });
            await expect({ stranger: 404, elsewhere: 404, staff: 200 });
            // the clock opens and closes it, nobody has to be there; addresses end with it
            const from = Date.now() + 1500;
            sql(server, `UPDATE video SET opens_at = ${from}, closes_at = ${from + 4000} WHERE slug = '${slug}'`);
            await expect({ stranger: 404 });
            await sleep(from - Date.now() + 300);
            const playing = await mediaOf(who.stranger, page);
            assert.equal((await who.stranger.get(`${playing}/master.m3u8`)).status, 200);
            await sleep(from + 4300 - Date.now());
            assert.equal((await who.stranger.get(page)).status, 404);
            assert.equal((await who.stranger.get(`${playing}/master.m3u8`)).status, 403);
            for (const [ouvre, ferme] of [['demain', ''], ['2026-12-03', ''], ['2026-12-03T25:00', ''], ['2026-12-03T10:00', '2026-12-03T09:00']])
                assert.equal((await who.staff.submit(await who.staff.get(studio), 'form[action$="/visibilite"]', { audience: 'public', sur: '', ouvre, ferme })).status, 422, `${ouvre} ${ferme}`);
        });

        // Each way in to the video, and to each of its parts: what the stranger and the wrong member get there in every state.
        test('every state by every way in', async () => {
            await set('public');
            const title = sql(server, `SELECT title FROM video WHERE slug = '${slug}'`);
            const id = sql(server, `SELECT id FROM video WHERE slug = '${slug}'`); // too large for a number
            const old = await mediaOf(who.stranger, page);
            const parts = [page, `${page}/texte`, `${page}/fichier`, `${page}/affiche`, `${page}/texte/fr.vtt`, `${page}/chapitres.json`, `/api/v1/videos/${slug}/commentaires`];
            const files = ['master.m3u8', 'storyboard.vtt', 'storyboard.webp', 'waveform.bin', 'subs/fr.vtt', 'video.mp4', 'poster.webp', 'poster-large.webp'];
            const lists = ['/', '/tv', '/tv/videos', '/tv/videos?q=pailles', '/tv/chaines', '/tv/chaines/pas-a-pas', '/tv/series/bien-commencer', '/tv/licences-ouvertes', '/tv/chaines/pas-a-pas/flux', '/tv/plan/1', '/compte/listes'];
            sql(server, `INSERT INTO tv_video_embed (video_id, mode, hosts) VALUES (${id}, 'everyone', '')`);
            const card = `/oembed?url=${encodeURIComponent(`${server.url}${page}`)}`;
            const tells = (answer) => answer.text.includes(slug) || answer.text.includes(title) || answer.text.includes(title.replace(/'/g, '&#39;'));
            assert.ok(tells(await who.stranger.get('/tv/videos')), 'it would be seen');
            assert.equal((await who.stranger.get(`${page}/lecteur`)).status, 200);
            const [network, cohort] = [sql(server, "SELECT id FROM organisation WHERE kind = 'network' ORDER BY id LIMIT 1"), sql(server, 'SELECT id FROM cohort ORDER BY id LIMIT 1')];
            const states = { members: "audience = 'members'", network: `audience = 'organisation', organisation_id = ${network}`, cohort: `audience = 'cohort', cohort_id = ${cohort}`,
                link: "audience = 'link'", scheduled: `opens_at = ${Date.now() + 3600_000}`, over: `closes_at = ${Date.now() - 1000}`, withdrawn: "state = 'withdrawn'" };
            const calm = `UPDATE video SET state = 'ready', audience = 'public', organisation_id = NULL, programme_id = NULL, cohort_id = NULL, opens_at = NULL, closes_at = NULL WHERE id = ${id}`;
            for (const [state, change] of Object.entries(states)) {
                sql(server, `${calm}; UPDATE video SET ${change}, media_turn = media_turn + 1, turned_at = ${Date.now()} WHERE id = ${id}`);
                await sleep(2100);
                for (const [name, visitor] of [['stranger', who.stranger], ['elsewhere', who.elsewhere]]) {
                    if (name === 'elsewhere' && state === 'members') continue; // is one of them
                    for (const way of parts) {
                        const answer = await visitor.get(way);
                        assert.ok([303, 401, 403, 404].includes(answer.status), `${state}, ${name}: ${way} answers ${answer.status}`);
                        assert.doesNotMatch(answer.location ?? '', /\/media\//, `${state}, ${name}: ${way}`);
                        assert.ok(!answer.text.includes(title), `${state}, ${name}: ${way} says its title`);
                    }
                    for (const way of lists) assert.ok(!tells(await visitor.get(way)), `${state}, ${name}: ${way}`);
                    for (const way of [`${page}/lecteur`, card, `${card}&format=xml`]) assert.equal((await visitor.get(way)).status, 404, `${state}, ${name}: ${way}`);
                    for (const file of files) assert.equal((await visitor.get(`${old}/${file}`)).status, 403, `${state}, ${name}: ${file}`);
                    assert.ok([303, 403].includes((await visitor.get(`/gestion/audiences/videos/${studio.split('/').pop()}`)).status), `${state}, ${name}: figures`);
                }
            }
            sql(server, `${calm}; DELETE FROM tv_video_embed WHERE video_id = ${id}`);
            assert.equal((await who.stranger.get(page)).status, 200);
        });

        test('a form that says nothing clear comes back with what was typed', async () => {
            const send = (fields) => who.staff.get(studio).then((shown) => who.staff.submit(shown, 'form[action$="/visibilite"]', { ouvre: '', ferme: '', ...fields }));
            for (const [audience, sur, message] of [['organisation', '', /laquelle|lequel/i], ['organisation', 'Rien de tel nulle part', /Aucun/], ['cohort', 'e', /Plusieurs/], ['amis', '', /choix/]]) {
                const answer = await send({ audience, sur });
                assert.equal(answer.status, 422, audience);
                assert.match(answer.words('main'), message);
                assert.equal(answer.html.querySelector('input[name=sur]').getAttribute('value') ?? '', sur);
                assert.ok(answer.html.querySelector('input[name=title]').getAttribute('value'), 'the other form is whole');
            }
            assert.equal((await who.enrolled.post(`${studio}/visibilite`, { audience: 'public' })).status, 403);
        });

        test('a stranger with the address of a segment gets 403', async () => {
            await set('public');
            const media = await mediaOf(who.stranger, page);
            assert.equal(await mediaOf(who.enrolled, page), media, 'the same address for who comes again, for caches');
            const master = await who.stranger.get(`${media}/master.m3u8`);
            const first = master.text.split('\n').find((line) => line && !line.startsWith('#'));
            const list = await who.stranger.get(new URL(first, master.url));
            const segment = new URL(list.text.split('\n').find((line) => /\.m4s$/.test(line)), list.url).pathname;
            assert.ok(segment.startsWith(media), 'the token goes with relative addresses');
            const all = [segment, ...['master.m3u8', 'storyboard.vtt', 'storyboard.webp', 'subs/fr.vtt', 'video.mp4', 'poster.webp'].map((name) => `${media}/${name}`)];
            for (const path of all) assert.equal((await who.stranger.get(path)).status, 200, path);
            const token = media.split('/')[3];
            const other = (await mediaOf(who.stranger, '/tv/licences-ouvertes')).split('/')[3];
            for (const path of all) {
                for (const wrong of [other, 'x', `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`, `${token}A`])
                    assert.equal((await who.stranger.get(path.replace(token, wrong))).status, 403, `${wrong} ${path}`);
                assert.equal((await who.stranger.get(path.replace(`/v/${token}`, '/hls'))).status, 404, 'without a token there is no such address');
            }
            // who only gains is not interrupted; who loses it, is
            await set('public', { ouvre: '2026-01-01T09:00' });
            await sleep(2500);
            assert.equal((await who.stranger.get(segment)).status, 200);
            await set('members');
            await sleep(2500);
            for (const path of all) assert.equal((await who.stranger.get(path)).status, 403, path);
            const inside = await mediaOf(who.elsewhere, page);
            assert.equal((await who.elsewhere.get(segment.replace(media, inside))).status, 200);
            server = await server.restart();
            assert.equal((await newVisitor(server).get(segment)).status, 403, 'also after a restart');
            assert.equal((await newVisitor(server).get(segment.replace(media, inside))).status, 200);
        });
    });
