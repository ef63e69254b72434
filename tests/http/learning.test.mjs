// Kinds of activity, conditions, the ledger of hours, works handed in and returned, the trainer's view: through the pages, on both
// engines.
// run: seconds=400, pgsql
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, fileOf, idText, newVisitor } from '../lib/http.mjs';
import { waitForMail } from '../lib/mail.mjs';
import { longPassword, newcomer } from '../lib/people.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

const ms4 = '/mon-espace/modules/ms4-l-ia-en-mathematiques-sciences-et-steam';
const ap4 = '/mon-espace/modules/ap4-creer-du-son-et-de-la-video-avec-l-ia';
const email = 'apprendre@example.org';
const done = 'form[action^="/mon-espace/activites/"]';

after(stopPostgres);

for (const engine of ['sqlite', 'pgsql'])
    describe(`learning on ${engine}`, () => {
        let server;
        let learner;
        let other;
        let trainer;
        const check = (name, run) => test(`${name} (${engine})`, run);
        after(() => server?.stop());

        async function begin() {
            if (server) return;
            server = await startServer({ engine });
            learner = await newcomer(server, { name: 'Lou Apprend', email, password: longPassword('apprendre') });
            other = await newcomer(server, { name: 'Sam Ailleurs', email: 'ailleurs@example.org', password: longPassword('ailleurs') });
            trainer = newVisitor(server);
            await trainer.signIn((await demoAccounts()).find(({ role }) => role === 'trainer'));
            const enrolled = await learner.submit(await learner.get('/formations/referent-ia'), 'form[action$="/inscription"]');
            assert.match(enrolled.location, /fait=inscrit$/);
        }

        check('a page with a formula, code and boxes is shown; a step whose condition is not met says what is missing', async () => {
            await begin();
            const page = await learner.get(ms4);
            assert.equal(page.status, 200);
            assert.equal(page.html.querySelectorAll('blockquote.box').length, 2, page.words('main'));
            assert.match(page.words('blockquote.box.ok'), /^Astuce/);
            assert.match(page.text, /<code class="language-python">/);
            assert.match(page.text, /<code class="language-math">/);
            assert.ok(page.html.querySelector('script[src*="/math-"]'), 'the island that writes formulas');
            const prompt = await learner.get(`${ms4}?etape=3`);
            assert.match(prompt.words('#manque'), /Terminez Une moyenne qui ment/);
            assert.equal(prompt.html.querySelector('textarea'), null);
            const path = await learner.get('/mon-espace/parcours/referent-ia');
            assert.match(path.words('main'), /Votre exemple de classe Terminez Une moyenne qui ment/);
        });

        check('what is not open cannot be worked on; it opens in the same second as the step before is done', async () => {
            const page = await learner.get(`${ms4}?etape=1`);
            assert.equal((await learner.submit(page, done)).status, 303);
            const open = await learner.get(`${ms4}?etape=3`);
            assert.equal(open.html.querySelector('#manque'), null);
            const form = open.html.querySelector('form#reponse').getAttribute('action');
            // Somebody who has not met the condition sends the same form.
            assert.match((await other.submit(await other.get('/formations/referent-ia'), 'form[action$="/inscription"]')).location, /inscrit/);
            const refused = await other.post(form, { _csrf: csrfOf(await other.get('/formations')), body: 'Trop tôt, mais bien écrit.' });
            assert.equal(refused.status, 409, refused.words('main'));
            assert.equal(sql(server, 'SELECT count(*) FROM discussion_post'), '0');
            // By hand it cannot be said to be done.
            const hand = await learner.post(form.replace('/discussions/', '/activites/') + '/terminer', { _csrf: csrfOf(open) });
            assert.equal(hand.status, 409);
        });

        check('an answer to a question counts, comes back when it is refused, and is read by who has answered', async () => {
            const page = await learner.get(`${ms4}?etape=3`);
            const short = await learner.submit(page, 'form#reponse', { body: 'x' });
            assert.equal(short.status, 422);
            assert.equal(short.html.querySelector('form#reponse textarea').textContent.trim(), 'x');
            assert.equal((await learner.submit(page, 'form#reponse', { body: 'Un **graphique** sans axe.' })).status, 303);
            const after = await learner.get(`${ms4}?etape=3`);
            assert.match(after.words('article'), /Lou Apprend.*Un graphique sans axe/);
            assert.match(after.words('article .ph'), /Fait/);
            const seen = await trainer.get(`${ms4}?etape=3`);
            assert.match(seen.words('article'), /Un graphique sans axe/);
            assert.equal(seen.html.querySelector('form#reponse'), null);
        });

        check('content of another site is framed only once it is asked for, and only from there', async () => {
            const before = await learner.get(`${ms4}?etape=4`);
            assert.equal(before.html.querySelector('iframe'), null);
            assert.doesNotMatch(before.headers.get('content-security-policy'), /frame-src/);
            const shown = await learner.get(`${ms4}?etape=4&montrer=1`);
            assert.match(shown.html.querySelector('iframe').getAttribute('src'), /^https:\/\/www\.geogebra\.org\//);
            assert.match(shown.headers.get('content-security-policy'), /; frame-src https:\/\/www\.geogebra\.org$/);
        });

        check('hours are written by what was done, once, and add up by kind and area', async () => {
            const page = await learner.get('/mon-espace/heures/referent-ia');
            assert.equal(page.status, 200);
            assert.match(page.words('main'), /35 min prouvées? sur/, page.words('main').slice(0, 500)); // 20 for the page, 15 for the answer
            assert.equal(sql(server, "SELECT count(*), sum(minutes) FROM hours_entry WHERE origin = 'measured' AND person_id = (SELECT id FROM person WHERE email = '" + email + "')"), '2|35');
            const csv = await learner.get('/mon-espace/heures/referent-ia/tableau.csv');
            assert.equal(csv.type, 'text/csv');
            assert.match(csv.text, /MS4;Travail en autonomie;[^;]*;20;5\.3 · 6\.5/);
        });

        check('declared hours are bounded, written once for one form, and can be taken back without changing what was written', async () => {
            const page = await learner.get('/mon-espace/heures/referent-ia');
            const form = 'form[action="/mon-espace/heures/referent-ia"]';
            const today = page.html.querySelector('#f-date').getAttribute('value');
            const typed = { minutes: '700', date: today, note: 'Relu mes supports' };
            for (let twice = 0; twice < 2; twice++) assert.equal((await learner.submit(page, form, typed)).status, 303);
            const entries = () => sql(server, "SELECT minutes, origin FROM hours_entry WHERE key LIKE '%declared/%' ORDER BY id");
            assert.equal(entries(), '700|declared');
            const again = await learner.submit(await learner.get('/mon-espace/heures/referent-ia'), form, { ...typed, minutes: '60' });
            assert.equal(again.status, 422);
            assert.match(again.words('.errors'), /douze heures/);
            assert.equal(again.html.querySelector('#f-minutes').getAttribute('value'), '60');
            for (const wrong of [{ minutes: '1' }, { date: '2001-01-01' }, { note: '' }, { sorte: 'presence' }, { module: '0000000000000' }]) {
                const refused = await learner.submit(await learner.get('/mon-espace/heures/referent-ia'), form, { ...typed, minutes: '5', ...wrong });
                assert.equal(refused.status, 422, JSON.stringify(wrong));
            }
            const full = await learner.get('/mon-espace/heures/referent-ia');
            assert.equal((await learner.submit(full, 'form[action$="/reprendre"]')).status, 303);
            assert.equal(entries(), '700|declared\n-700|taken-back');
            assert.match((await learner.get('/mon-espace/heures/referent-ia')).words('main'), /35 min prouvées? sur/);
            assert.equal((await other.post(full.html.querySelector('form[action$="/reprendre"]').getAttribute('action'), { _csrf: csrfOf(await other.get('/formations')) })).status, 404);
        });

        check('hours of others are for those who follow them', async () => {
            const id = (await trainer.get('/gestion/suivi')).html.querySelector('main a[href^="/gestion/suivi/0"]');
            assert.ok(id, 'a group');
            const groups = (await trainer.get('/gestion/suivi')).html.querySelectorAll('main a.chip[href^="/gestion/suivi/0"]').map((a) => a.getAttribute('href'));
            let mine;
            for (const group of groups) {
                const page = await trainer.get(group);
                if (/Lou Apprend/.test(page.words('main'))) mine = { group, page };
            }
            assert.ok(mine, 'the group of the newcomer');
            const row = mine.page.html.querySelectorAll('tbody tr').find((tr) => /Lou Apprend/.test(tr.textContent));
            assert.match(row.textContent, /2 sur \d+/);
            assert.match(row.textContent, /MS4/);
            const hours = row.querySelector('th a').getAttribute('href');
            assert.match((await trainer.get(hours)).words('main'), /35 min prouvées? sur/);
            assert.equal((await other.get(hours)).status, 403);
            assert.equal((await trainer.get(`${mine.group}/tableau.csv`)).type, 'text/csv');
            // One click, one letter.
            const letter = await trainer.get(row.querySelector('td a').getAttribute('href'));
            assert.equal((await trainer.submit(letter, 'form[method=post]', { texte: 'Avez-vous besoin d’un coup de main ?' })).status, 303);
            const mail = await waitForMail(server.data, email, /À propos/);
            assert.match(mail.text ?? mail.body, /coup de main/);
        });

        check('a work is kept, handed in, marked by criteria, returned with remarks, and done again', async () => {
            const room = await learner.get(ap4);
            const form = 'form#depot';
            const empty = await learner.submit(room, form, { acte: 'remettre' });
            assert.equal(empty.status, 422, empty.words('main').slice(0, 300));
            const kept = await learner.submit(room, form, { texte: 'Une capsule de deux minutes, avec générique.', fichier: fileOf(Buffer.from('RIFF'), 'notes.txt', 'text/plain') });
            assert.equal(kept.status, 303, kept.words('main').slice(0, 300));
            const draft = await learner.get(ap4);
            assert.match(draft.html.querySelector('#f-texte').textContent, /capsule de deux minutes/);
            const file = draft.html.querySelector('a[href^="/depots/fichiers/"]').getAttribute('href');
            assert.equal((await learner.get(file)).bytes.toString(), 'RIFF');
            assert.match((await learner.get(file)).headers.get('content-disposition'), /^attachment/);
            assert.equal((await other.get(file)).status, 404);
            assert.equal((await trainer.get(file)).status, 200);
            assert.doesNotMatch((await trainer.get('/gestion/depots')).words('main'), /Lou Apprend/, 'a draft is its owner\'s');
            // handed in, taken back, handed in
            assert.equal((await learner.submit(draft, form, { acte: 'remettre' })).status, 303);
            assert.equal((await learner.submit(draft, form, { texte: 'trop tard' })).status, 409);
            assert.equal((await learner.submit(await learner.get(ap4), 'form[action$="/reprendre"]')).status, 303);
            assert.equal((await learner.submit(await learner.get(ap4), form, { acte: 'remettre' })).status, 303);
            assert.doesNotMatch((await learner.get(ap4)).words('article .ph'), /Fait/, 'a mark is to be reached first');
            // marked
            const list = await trainer.get('/gestion/depots');
            const link = list.html.querySelectorAll('tbody a').find((a) => /Lou Apprend/.test(a.textContent)).getAttribute('href');
            const mark = await trainer.get(link);
            const points = { points0: '8', mots0: 'On suit sans effort.', points1: '4', points2: '5', comment: 'Bravo pour le **rythme**.' };
            const tooMany = await trainer.submit(mark, `form[action="${link}"]`, { ...points, points0: '99', acte: 'rendre' });
            assert.equal(tooMany.status, 422);
            assert.equal(tooMany.html.querySelector('#f-points1').getAttribute('value'), '4');
            assert.equal((await trainer.submit(mark, `form[action="${link}"]`, { ...points, passage: 'avec générique', remarque: 'Citez la source de la musique.', acte: 'garder' })).status, 303);
            const annotated = await trainer.get(link);
            assert.equal(annotated.words('mark'), 'avec générique');
            assert.equal((await trainer.submit(annotated, `form[action="${link}"]`, { acte: 'rendre' })).status, 303);
            assert.equal((await trainer.submit(annotated, `form[action="${link}"]`, { acte: 'rendre' })).status, 409);
            await waitForMail(server.data, email, /rendu/);
            const back = await learner.get(ap4);
            assert.match(back.words('article'), /85 %.*Bravo pour le rythme.*On suit sans effort.*Citez la source/);
            assert.match(back.words('article .ph'), /Fait/);
            assert.equal(sql(server, "SELECT percent FROM activity_mark"), '85');
            // again: the one before stays
            assert.equal((await learner.submit(back, 'form[action$="/refaire"]')).status, 303);
            const second = await learner.get(ap4);
            assert.match(second.html.querySelector('#f-texte').textContent, /capsule de deux minutes/);
            assert.match(second.words('article'), /1 essai précédent.*85 %/);
            assert.equal(sql(server, "SELECT attempt, state FROM deposit WHERE text LIKE 'Une capsule de deux%' ORDER BY attempt"), '1|returned\n2|draft');
        });

        check('materials are looked at, not believed, and shown without power over the site', async () => {
            const page = await trainer.get('/gestion/supports');
            const html = '<!DOCTYPE html><title>Essai</title><script>document.title = "x"</script>';
            assert.equal((await trainer.submit(page, 'form[action="/gestion/supports"]', { fichier: fileOf(Buffer.from(html), 'image.png', 'image/png') })).status, 303);
            assert.equal((await trainer.submit(page, 'form[action="/gestion/supports"]', { fichier: fileOf(Buffer.alloc(0), 'vide.txt', 'text/plain') })).status, 422);
            const link = (await trainer.get('/gestion/supports')).html.querySelector('tbody a').getAttribute('href');
            const shown = await learner.get(link);
            assert.equal(shown.type, 'text/html');
            assert.match(shown.headers.get('content-security-policy'), /^sandbox allow-scripts; default-src 'none'/);
            assert.equal((await newVisitor(server).get(link)).status, 303, 'visitors sign in first');
            assert.equal((await learner.get('/gestion/supports')).status, 403);
        });

        check('minutes of creation count as creation; the recording of a meeting, really watched, as replay for who was not there', async () => {
            const kinds = (who) => sql(server, `SELECT h.kind, h.origin, h.minutes FROM hours_entry h JOIN person p ON p.id = h.person_id WHERE p.email = '${who}' AND (h.kind IN ('creation', 'replay')) ORDER BY h.id`).trim();
            const staff = newVisitor(server);
            await staff.signIn((await demoAccounts()).find(({ role }) => role === 'staff'));
            const ids = sql(server, "SELECT n.node_id || ' ' || p.id FROM programme_node n JOIN programme p ON p.version_id = n.version_id WHERE p.slug = 'referent-ia' AND n.title = 'Cinq questions, un cas'").trim().split(' ');
            const [activity, programme] = ids.map(idText);
            const path = `/gestion/formations/${programme}/elements/${activity}`;
            assert.match((await staff.submit(await staff.get(path), `form[action="${path}"]`, { seul: 5, creation: 40 })).location, /element-garde/);
            assert.match((await staff.post(`/gestion/formations/${programme}/publier`, [['_csrf', csrfOf(await staff.get('/gestion/formations'))]])).location, /version-publiee/);
            assert.equal((await learner.post(`/mon-espace/activites/${activity}/terminer`, { _csrf: csrfOf(await learner.get('/formations')) })).status, 303);
            assert.equal(kinds(email), 'creation|measured|40');
            // The recording, short enough for a test; a page tells which stretches were played.
            const video = 'demarche-steam';
            sql(server, `UPDATE video SET duration_ms = 3000 WHERE slug = '${video}'`);
            sql(server, `UPDATE programme_node SET settings = '{"recording":"${video}"}' WHERE kind = 'meeting' AND version_id = (SELECT version_id FROM programme WHERE slug = 'referent-ia') AND title = 'Atelier en visioconférence'`);
            const meeting = sql(server, "SELECT node_id FROM programme_node n JOIN programme p ON p.version_id = n.version_id WHERE p.slug = 'referent-ia' AND n.title = 'Atelier en visioconférence'").trim();
            const watch = async (visitor, stretch) => {
                const page = (await visitor.get(`/tv/${video}`)).html.querySelector('edulab-watch').getAttribute('data-page');
                await sleep(1700);
                assert.equal((await newVisitor(server).post('/tv/battement', { page, n: 1, played: stretch })).status, 204);
            };
            const present = 'ailleurs@example.org'; // the other one was there
            sql(server, `INSERT INTO completion (person_id, activity_id, module_id, completed_at) SELECT p.id, ${meeting}, n.parent_id, 1 FROM person p, programme_node n WHERE p.email = '${present}' AND n.node_id = ${meeting} AND n.version_id = (SELECT version_id FROM programme WHERE slug = 'referent-ia')`);
            await watch(learner, '0-1200');
            await watch(other, '0-3000');
            await sleep(7000);
            assert.equal(kinds(email), 'creation|measured|40', 'less than nine tenths');
            await watch(learner, '1200-3000');
            for (let i = 0; i < 100 && !kinds(email).includes('replay'); i++) await sleep(100);
            assert.equal(kinds(email).replaceAll('\n', ' '), 'creation|measured|40 replay|watched|1');
            assert.equal(sql(server, `SELECT count(*) FROM completion d JOIN person p ON p.id = d.person_id WHERE p.email = '${email}' AND d.activity_id = ${meeting}`).trim(), '1');
            assert.doesNotMatch(kinds(present), /replay/, 'who was there has nothing twice');
            const proved = (await learner.get('/mon-espace/heures/referent-ia')).words('main');
            assert.match(proved, /Rediffusion|Regardé/i, proved.slice(0, 600));
            assert.match((await learner.get('/mon-espace/heures/referent-ia/tableau.csv')).text, /Web TV/);
            // They were there after all, says the list: the meeting counts once.
            const half = sql(server, `SELECT h.id FROM meeting_half h JOIN meeting m ON m.id = h.meeting_id JOIN cohort c ON c.id = m.cohort_id
                WHERE c.module_id = (SELECT n.parent_id FROM programme_node n JOIN programme p ON p.version_id = n.version_id WHERE n.node_id = ${meeting} AND p.slug = 'referent-ia') ORDER BY h.starts_at LIMIT 1`).trim();
            sql(server, `UPDATE cohort SET version_id = (SELECT version_id FROM programme WHERE slug = 'referent-ia') WHERE id = (SELECT m.cohort_id FROM meeting m JOIN meeting_half h ON h.meeting_id = m.id WHERE h.id = ${half});
                INSERT INTO date_place (cohort_id, person_id, state, steps, changed_at) SELECT m.cohort_id, p.id, 'confirmed', 1, 1 FROM meeting m JOIN meeting_half h ON h.meeting_id = m.id, person p WHERE h.id = ${half} AND p.email = '${email}'`);
            const list = `/gestion/presences/${idText(half)}`;
            const me = idText(sql(server, `SELECT id FROM person WHERE email = '${email}'`).trim());
            const page = await staff.get(list);
            assert.equal((await staff.post(list, [['_csrf', csrfOf(page)], ['marques', `${me}.present`]])).status, 303);
            assert.equal(kinds(email).replaceAll('\n', ' '), 'creation|measured|40 replay|watched|1 replay|taken-back|-1');
        });
    });
