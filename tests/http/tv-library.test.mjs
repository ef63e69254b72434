// The library of the Web TV: channels and series in order, the home, filters in the address, the search at the second; and that no
// way of looking shows what the person may not see. On both engines.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from '../lib/crowd.mjs';
import { mediaOf, newVisitor } from '../lib/http.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);
const accounts = Object.fromEntries((await demoAccounts()).map((account) => [account.role, account]));
const order = ['licences-ouvertes', 'demarche-steam', 'ia-generative-texte']; // the sample series

for (const engine of ['sqlite', 'pgsql'])
    describe(`the library of the Web TV (${engine})`, () => {
        let server;
        let visitor;
        const people = {};
        before(async () => {
            server = await startServer({ engine });
            visitor = newVisitor(server);
            for (const role of ['learner', 'trainer', 'staff']) {
                people[role] = newVisitor(server);
                await people[role].signIn(accounts[role]);
            }
        });
        after(() => server?.stop());
        const check = (name, run) => test(`${name} (${engine})`, run);

        const links = (page, selector = 'main') => page.html.querySelectorAll(`${selector} a[href^="/tv/"]`).map((each) => each.getAttribute('href').replace(/[?#].*/, ''));
        const videosIn = (page, selector) => [...new Set(links(page, selector).filter((href) => /^\/tv\/[^/]+$/.test(href) && !['/tv/videos', '/tv/chaines'].includes(href)))].map((href) => href.slice(4));
        const studioOf = async (slug) => `/gestion/videos/${(await mediaOf(people.staff, `/tv/${slug}`)).split('/').pop()}`;
        const found = async (q, more = '') => visitor.get(`/tv/videos?q=${encodeURIComponent(q)}${more}`);
        const hits = async (q, more) => videosIn(await found(q, more), '#results');

        check('a series is watched in order, and each episode knows its neighbours', async () => {
            const page = await visitor.get('/tv/series/bien-commencer');
            assert.equal(page.status, 200);
            assert.deepEqual(videosIn(page, '.episodes'), order);
            for (const [i, slug] of order.entries()) {
                const watch = await visitor.get(`/tv/${slug}`);
                const panel = watch.html.querySelector('section[aria-labelledby=h-series]');
                assert.match(panel.textContent, new RegExp(`Épisode ${i + 1} sur 3`));
                assert.deepEqual(videosIn(watch, 'section[aria-labelledby=h-series]'), [order[i - 1], order[i + 1]].filter(Boolean));
                assert.ok(links(watch).includes('/tv/chaines/pas-a-pas'));
            }
            const channel = await visitor.get('/tv/chaines/pas-a-pas');
            assert.deepEqual(videosIn(channel, 'section[aria-labelledby=h-videos]').sort(), [...order].sort());
            assert.ok(links(channel).includes('/tv/series/bien-commencer'));
            assert.match((await visitor.get('/tv/chaines/labo-steam')).words('main'), /Pas encore de vidéo|Aucune vidéo/);
            for (const path of ['/tv/chaines/rien', '/tv/series/rien']) assert.equal((await visitor.get(path)).status, 404);
            const all = links(await visitor.get('/tv/chaines'));
            for (const path of ['/tv/chaines/pas-a-pas', '/tv/chaines/labo-steam', '/tv/series/evaluer-autrement']) assert.ok(all.includes(path), path);
        });

        check('the home leads everywhere, and each of its numbers is what one then sees', async () => {
            const home = await visitor.get('/tv');
            assert.equal(home.status, 200);
            assert.equal(videosIn(home, 'section[aria-labelledby=h-new]').length, 4);
            const ways = home.html.querySelectorAll('.ways a').map((each) => [each.getAttribute('href'), Number(each.querySelector('.n').textContent.match(/\d+/)[0])]);
            assert.ok(ways.length > 10, String(ways.length));
            assert.ok(ways.some(([href]) => href.endsWith('?duree=10-minutes')));
            for (const [href, count] of ways) {
                const list = await visitor.get(href);
                assert.equal(videosIn(list, '#results').length, count, href);
                assert.match(list.words('#results [role=status]'), new RegExp(`^${count} vidéo`));
            }
            assert.deepEqual(links(home, 'section[aria-labelledby=h-series]').sort(), ['/tv/chaines', '/tv/series/bien-commencer', '/tv/series/evaluer-autrement'].sort());
        });

        check('filters stand in the address: one of a group, all of the groups', async () => {
            const list = async (query) => videosIn(await visitor.get(`/tv/videos${query}`), '#results').sort();
            assert.deepEqual(await list('?theme=ia'), ['ia-generative-texte']);
            assert.deepEqual(await list('?theme=ia&theme=steam'), ['demarche-steam', 'ia-generative-texte']);
            assert.deepEqual(await list('?theme=ia&theme=steam&niveau=primaire'), ['demarche-steam']);
            assert.deepEqual(await list('?competence=4.3'), ['retour-sans-crouler']);
            assert.deepEqual(await list('?sorte=webinar'), ['retour-sans-crouler']);
            assert.deepEqual(await list('?theme=ia&sorte=webinar'), []);
            assert.equal((await list('?theme=inconnu')).length, 4, 'what nobody knows filters nothing');
            assert.match((await visitor.get('/tv/videos?duree=plus')).words('#results'), /0 vidéo/);
            // ticking a box gives what stands beside it
            const page = await visitor.get('/tv/videos?theme=steam');
            for (const label of page.html.querySelectorAll('.facets label.check')) {
                const box = label.querySelector('input');
                const [name, value, count] = [box.getAttribute('name'), box.getAttribute('value'), Number(label.querySelector('.n').textContent)];
                const other = name === 'theme' ? '' : '&theme=steam';
                assert.equal((await list(`?${name}=${value}${other}`)).length, count, `${name}=${value}`);
            }
            assert.equal(page.html.querySelector('#results a.chip').getAttribute('href'), '/tv/videos');
            assert.equal((await visitor.get('/tv/videos?page=99')).status, 200);
            assert.equal((await visitor.get('/tv/videos?page=0')).status, 400);
        });

        check('what is said is found at its second, with its sentence', async () => {
            const page = await found('paille');
            assert.deepEqual(videosIn(page, '#results'), ['demarche-steam']);
            const moment = page.html.querySelector('.moments a');
            assert.equal(moment.querySelector('mark').textContent, 'pailles');
            assert.match(moment.textContent, /vingt pailles, du papier et une petite balle/);
            const at = Number(moment.getAttribute('href').match(/^\/tv\/demarche-steam#t=([\d.]+)$/)[1]);
            const vtt = await visitor.get(`${await mediaOf(visitor, '/tv/demarche-steam')}/subs/fr.vtt`);
            const cue = vtt.text.split('\n\n').find((each) => each.includes('pailles'));
            const [h, m, s] = cue.match(/(\d+):(\d+):([\d.]+) -->/).slice(1).map(Number);
            const begin = h * 3600 + m * 60 + s;
            assert.ok(at <= begin && at > begin - 20, `${at} for ${begin}`);
        });

        check('stems, accents, beginnings, words of different places; the title first', async () => {
            for (const q of ['surlignage', 'surlignages', 'SURLIGN', 'le surlignage']) assert.deepEqual(await hits(q), ['retour-sans-crouler'], q);
            for (const q of ['evaluation', 'évaluer']) assert.ok((await hits(q)).includes('retour-sans-crouler'), q);
            assert.deepEqual(await hits('steam pailles'), ['demarche-steam'], 'one in the title, one in the transcript');
            assert.deepEqual(await hits('licence pailles'), []);
            assert.equal((await hits('licence'))[0], 'licences-ouvertes');
            assert.deepEqual(await hits('question', '&theme=ia'), ['ia-generative-texte']);
            assert.match((await found('zzyzx')).words('#results'), /Rien ne correspond/);
            assert.equal((await hits('!!!')).length, 4, 'no word in it: nothing was asked');
            for (const hostile of ['" OR 1', "'", ':*', 'a & | !', 'NEAR(', '<b>é</b>', '%', 'x'.repeat(100)]) assert.equal((await found(hostile)).status, 200, hostile);
            assert.equal((await found('<b>é</b>')).html.querySelector('input[name=q]').getAttribute('value'), '<b>é</b>');
        });

        check('subtitles that are saved are found at once, and what they said before is not', async () => {
            const at = `${await studioOf('demarche-steam')}/sous-titres/fr`;
            const editor = await people.staff.get(at);
            const before = editor.html.querySelector('textarea').textContent.trim();
            const save = async (texte) => assert.equal((await people.staff.submit(await people.staff.get(at), `form[action="${at}"]`, { texte })).status, 303);
            await save('WEBVTT\n\n00:00:03.000 --> 00:00:06.000\nUn hippopotame\n\n00:00:06.000 --> 00:00:09.000\ntraverse la cour.\n\n00:00:10.000 --> 00:00:12.000\nEncore un hippopotame !\n');
            const page = await found('hippopotames');
            assert.deepEqual(page.html.querySelectorAll('.moments a').map((each) => each.getAttribute('href')), ['/tv/demarche-steam#t=3.000', '/tv/demarche-steam#t=10.000']);
            assert.match(page.words('.moments li'), /Un hippopotame traverse la cour\./);
            assert.equal((await found('hippopotame cour')).html.querySelectorAll('.moments a').length, 1, 'the sentence with both');
            assert.deepEqual(await hits('pailles'), []);
            await save(before);
            assert.deepEqual(await hits('hippopotame'), []);
            assert.deepEqual(await hits('pailles'), ['demarche-steam']);
        });

        check('no way of looking shows what this person may not see', async () => {
            const slug = 'ia-generative-texte';
            const ways = ['/tv', '/tv/videos', '/tv/videos?theme=ia', '/tv/videos?q=consigne', '/tv/chaines/pas-a-pas', '/tv/series/bien-commencer', '/tv/demarche-steam'];
            const sees = async (who) => (await Promise.all(ways.map(async (way) => videosIn(await who.get(way)).includes(slug)))).map(Number).join('');
            const set = (text) => sql(server, `UPDATE video SET audience = 'public', organisation_id = NULL, programme_id = NULL, opens_at = NULL, closes_at = NULL WHERE slug = '${slug}';
                UPDATE video SET ${text} WHERE slug = '${slug}'`);
            const [all, none] = ['1'.repeat(ways.length), '0'.repeat(ways.length)];
            const programme = sql(server, `SELECT e.programme_id FROM enrolment e JOIN person p ON p.id = e.person_id WHERE p.email = '${accounts.learner.email}' AND e.state = 'confirmed' LIMIT 1`);
            assert.ok(programme);
            for (const [text, stranger, learner, staff] of [["audience = 'public'", all, all, all], ["audience = 'members'", none, all, all], ["audience = 'link'", none, none, none],
                [`audience = 'programme', programme_id = ${programme}`, none, all, none], [`opens_at = ${Date.now() + 3600_000}`, none, none, none],
                [`closes_at = ${Date.now() - 1000}`, none, none, none], ["state = 'withdrawn'", none, none, none], ["state = 'failed'", none, none, none]]) {
                set(text);
                assert.equal(await sees(visitor), stranger, `a stranger: ${text}`);
                assert.equal(await sees(people.learner), learner, `who is enrolled: ${text}`);
                assert.equal(await sees(people.staff), staff, `the team, in lists: ${text}`);
            }
            const watch = await visitor.get('/tv/demarche-steam');
            assert.match(watch.words('section[aria-labelledby=h-series]'), /Épisode 2 sur 2/, 'numbers count what one sees');
            assert.equal((await visitor.get('/tv/videos')).words('#results [role=status]'), '3 vidéos', 'nor do numbers tell');
            set("state = 'ready'");
            assert.equal(await sees(visitor), all);
        });

        check('the team makes channels and series, places videos and sets their order', async () => {
            const { trainer } = people;
            const made = await trainer.submit(await trainer.get('/gestion/chaines'), 'form[action="/gestion/chaines"]', { name: 'Chaîne d’essai', description: 'Pour *essayer*.' });
            assert.equal(made.status, 303, made.words('main').slice(0, 400));
            const channel = new URL(made.location, server.url).pathname;
            assert.match((await visitor.get('/tv/chaines/chaine-d-essai')).words('main'), /Pour essayer/);
            const again = await trainer.submit(await trainer.get('/gestion/chaines'), 'form[action="/gestion/chaines"]', { name: 'Chaîne d’essai' });
            assert.equal(again.status, 303);
            assert.match((await trainer.get(new URL(again.location, server.url).pathname)).html.querySelector('a[href^="/tv/chaines/"]').getAttribute('href'), /^\/tv\/chaines\/chaine-d-essai-\w{5}$/);
            const serie = await trainer.submit(await trainer.get(channel), `form[action="${channel}/series"]`, { title: 'Série d’essai' });
            assert.equal(serie.status, 303);
            const series = new URL(serie.location, server.url).pathname;
            for (const slug of ['demarche-steam', 'retour-sans-crouler', 'licences-ouvertes']) {
                const studio = await studioOf(slug);
                const saved = await trainer.submit(await trainer.get(studio), `form[action="${studio}/rangement"]`, { place: 'chaine-d-essai/serie-d-essai' });
                assert.equal(saved.status, 303, saved.words('main').slice(0, 400));
            }
            const shown = async () => videosIn(await visitor.get('/tv/series/serie-d-essai'), '.episodes');
            assert.deepEqual(await shown(), ['demarche-steam', 'retour-sans-crouler', 'licences-ouvertes']);
            assert.deepEqual(videosIn(await visitor.get('/tv/series/bien-commencer'), '.episodes'), ['ia-generative-texte'], 'and no longer there');
            const move = async (i, sens) => {
                const page = await trainer.get(series);
                const form = page.html.querySelectorAll('.ordered > li')[i].querySelector(`form[action$="/${sens}"]`);
                assert.equal((await trainer.submit(page, `form[action="${form.getAttribute('action')}"]`)).status, 303);
            };
            await move(2, 'haut');
            await move(0, 'bas');
            assert.deepEqual(await shown(), ['licences-ouvertes', 'demarche-steam', 'retour-sans-crouler']);
            // tags
            const studio = await studioOf('retour-sans-crouler');
            const tagged = await trainer.submit(await trainer.get(studio), `form[action="${studio}/rangement"]`, { theme: 'jeu', competence: '5.3' });
            assert.equal(tagged.status, 303);
            assert.ok(videosIn(await visitor.get('/tv/videos?theme=jeu'), '#results').includes('retour-sans-crouler'));
            assert.ok((await hits('jouer pour apprendre')).includes('retour-sans-crouler'), 'a theme is found by its name');
            // what does not fit comes back beside its field
            const wrong = await trainer.submit(await trainer.get(studio), `form[action="${studio}/rangement"]`, { place: 'nulle-part' });
            assert.equal(wrong.status, 422);
            assert.match(wrong.words('#m-place'), /choix/);
            const short = await trainer.submit(await trainer.get(channel), `form[action="${channel}"]`, { name: 'x' });
            assert.equal(short.status, 422);
            assert.ok(short.html.querySelector('#m-name'));
            const empty = await trainer.post(`${channel}/series`, { title: '', _csrf: (await trainer.get(channel)).html.querySelector('[name=_csrf]').getAttribute('value') });
            assert.equal(empty.status, 422);
            assert.ok(empty.html.querySelector('#m-title'));
            // taken away: the videos stay
            const full = await trainer.submit(await trainer.get(channel), `form[action="${channel}/supprimer"]`);
            assert.equal(full.status, 409);
            assert.equal((await trainer.submit(await trainer.get(series), `form[action="${series}/supprimer"]`)).status, 303);
            assert.equal((await visitor.get('/tv/series/serie-d-essai')).status, 404);
            assert.equal((await visitor.get('/tv/demarche-steam')).status, 200);
            assert.equal((await people.learner.get('/gestion/chaines')).status, 403);
            const acts = sql(server, "SELECT DISTINCT act FROM audit WHERE act LIKE 'channel.%' OR act LIKE 'series.%' OR act = 'video.placed' ORDER BY act").split('\n');
            assert.deepEqual(acts, ['channel.changed', 'series.changed', 'series.removed', 'video.placed']);
        });

        check('a channel for some: nobody else publishes in it, edits it or takes a video out of it', async () => {
            const { trainer, staff } = people;
            const form = { name: 'Fermée à clé', qui: 'nommes', adresses: `${accounts.trainer.email}\n` };
            const unknown = await trainer.submit(await trainer.get('/gestion/chaines'), 'form[action="/gestion/chaines"]', { ...form, adresses: 'personne@example.org' });
            assert.equal(unknown.status, 422);
            assert.match(unknown.words('#m-adresses'), /personne@example\.org/);
            assert.equal(unknown.html.querySelector('input[name=name]').getAttribute('value'), 'Fermée à clé', 'what was typed is kept');
            const made = await trainer.submit(await trainer.get('/gestion/chaines'), 'form[action="/gestion/chaines"]', form);
            assert.equal(made.status, 303);
            const channel = new URL(made.location, server.url).pathname;
            const studio = await studioOf('ia-generative-texte');
            const place = async (who, where) => who.submit(await who.get(studio), `form[action="${studio}/rangement"]`, { place: where });
            assert.equal((await staff.get(channel)).status, 403);
            assert.ok(!(await staff.get(studio)).html.querySelector('option[value="fermee-a-cle"]'));
            assert.equal((await place(staff, 'fermee-a-cle')).status, 403);
            assert.equal((await place(trainer, 'fermee-a-cle')).status, 303);
            assert.equal((await place(staff, '')).status, 403, 'nor takes it out');
            assert.equal((await place(staff, 'fermee-a-cle')).status, 303, 'its tags are the whole team’s');
            const token = (await staff.get(studio)).html.querySelector('[name=_csrf]').getAttribute('value');
            for (const path of [channel, `${channel}/series`, `${channel}/supprimer`]) assert.equal((await staff.post(path, { _csrf: token, name: 'Prise', langue: 'fr', qui: 'equipe', title: 'Prise' })).status, 403, path);
            const held = await trainer.get('/mon-espace/donnees');
            if (held.status === 200) assert.match(held.text, /Fermée à clé/);
            assert.equal((await trainer.submit(await trainer.get(channel), `form[action="${channel}"]`, { qui: 'equipe' })).status, 303);
            assert.equal((await staff.get(channel)).status, 200);
        });
    });
