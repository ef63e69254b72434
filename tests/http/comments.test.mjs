// Comments below videos: who reads and writes, hostile text, corrected, taken back, held, hidden, reported, silenced, letters, erasure.
// run: seconds=400, pgsql
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeToken, newProgram } from '../lib/api.mjs';
import { openSessions, sql } from '../lib/crowd.mjs';
import { csrfOf, idText, newVisitor } from '../lib/http.mjs';
import { linkIn, mails, waitForMail } from '../lib/mail.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);
const accounts = await demoAccounts();
const email = (role) => accounts.find((each) => each.role === role).email;

for (const engine of ['sqlite', 'pgsql'])
    describe(`comments (${engine})`, () => {
        let server, visitor;
        const people = {};
        const id = (role) => sql(server, `SELECT id FROM person WHERE email = '${email(role)}'`);
        const path = '/tv/licences-ouvertes';
        const acts = (act) => Number(sql(server, `SELECT count(*) FROM audit WHERE act = '${act}' AND actor = ${id('staff')}`));
        const quiet = async () => { for (let i = 0; i < 150; i++) { if (sql(server, `SELECT count(*) FROM work_job WHERE state IN (0, 1) AND due_at <= ${Date.now()}`) === '0') return; await sleep(100); } throw new Error('jobs are still waiting'); };
        before(async () => {
            server = await startServer({ engine });
            visitor = newVisitor(server);
            sql(server, 'UPDATE video_comment SET thread_id = id; DELETE FROM video_comment');
            for (const role of ['learner', 'coach', 'head', 'contact', 'trainer', 'staff']) {
                people[role] = newVisitor(server);
                await people[role].signIn(accounts.find((each) => each.role === role));
            }
        });
        after(() => server?.stop());
        // Whatever a test that failed left behind.
        beforeEach(() => sql(server, "UPDATE video SET audience = 'public', organisation_id = NULL, state = 'ready', closes_at = NULL WHERE slug = 'licences-ouvertes'; DELETE FROM comment_video; DELETE FROM comment_channel"));
        // Somebody new each time, so that nobody waits for the next minute.
        let made = 0;
        function somebody(name = `Personne ${++made}`) {
            const person = 6_000_000_000_000_000_000n + BigInt(++made);
            sql(server, `INSERT INTO person (id, name, email, lang, created_at, confirmed_at) VALUES (${person}, '${name}', 'p${made}@example.org', 'fr', 1, 1)`);
            const one = newVisitor(server);
            one.headers.cookie = openSessions(server, [person])[0].cookie;
            return Object.assign(one, { id: person, email: `p${made}@example.org`, person: name });
        }
        const box = 'form.write';
        async function say(who, texte, { at = path, more = {} } = {}) {
            const answer = await who.submit(await who.get(at), box, { texte, ...more });
            assert.equal(answer.status, 303, answer.words('main').slice(0, 300));
            return { location: answer.location, anchor: answer.location.split('#')[1], id: answer.location.split('#commentaire-')[1] };
        }
        async function reply(who, thread, texte, at = path) {
            const page = await who.get(`${at}?fil=${thread}`);
            const answer = await who.submit(page, `#commentaire-${thread} details ${box}`, { texte });
            assert.equal(answer.status, 303, answer.words('main').slice(0, 300));
            return answer.location.split('#commentaire-')[1];
        }
        const number = (textId) => [...textId].reduce((sum, c) => sum * 32n + BigInt('0123456789abcdefghjkmnpqrstvwxyz'.indexOf(c)), 0n);
        const typed = (page) => page.html.querySelector('main textarea').textContent.replace(/^\n/, '');
        const words = async (who, anchor, at = path) => (await who.get(at)).html.getElementById(anchor)?.textContent.replace(/\s+/g, ' ').trim();
        const decide = (comment, act, fields = {}) => people.staff.get(`/gestion/commentaires/${comment}`).then((page) => people.staff.submit(page, `form[action$="/${act}"]`, fields));

        test('a visitor reads and is asked to sign in; who has an account writes, and comes back to what they wrote', async () => {
            const page = await visitor.get(path);
            assert.equal(page.html.querySelector(box), null);
            assert.match(page.words('#commentaires'), /Se connecter pour commenter/);
            const who = somebody('Anne Essai');
            const { location, anchor } = await say(who, 'Merci **beaucoup**.');
            assert.match(location, /^\/tv\/licences-ouvertes\?fait=commentaire-publie#commentaire-\w{13}$/);
            const seen = await visitor.get(path);
            const mine = seen.html.getElementById(anchor);
            assert.match(mine.textContent, /Anne Essai/);
            assert.equal(mine.querySelector('.prose').innerHTML, '<p>Merci <strong>beaucoup</strong>.</p>\n');
            assert.match(seen.words('#h-comments'), /^1 commentaire$/);
            assert.equal((await visitor.post('/tv/licences-ouvertes/commentaires', { texte: 'x', _csrf: csrfOf(seen) })).status, 401);
            assert.equal(sql(server, 'SELECT count(*) FROM video_comment'), '1');
        });

        test('hostile text is text; headings, pictures and tables do not exist; a time within the video is a link', async () => {
            const { anchor } = await say(somebody(), '# Titre\n\n<script>alert(1)</script><img src=x onerror=alert(1)> [clic](javascript:alert(1)) ![vu](https://exemple.be/p.png)\n\nÀ 0:20 et à 16:30, voir https://exemple.be/x');
            const html = (await visitor.get(path)).html.getElementById(anchor).querySelector('.prose');
            assert.equal(html.querySelectorAll('script, img, h1, h2, h3').length, 0);
            assert.ok(!/javascript:|onerror/.test(html.innerHTML), html.innerHTML);
            assert.equal(html.querySelector('a[href="#t=20"]').textContent, '0:20');
            assert.equal(html.querySelectorAll('a').length, 2, 'half past four is no moment of a short video');
            assert.match(html.querySelector('a[href^="https:"]').getAttribute('rel'), /nofollow/);
            const quoted = somebody('<b>Nom "rusé"');
            const hostile = await say(quoted, 'a');
            assert.ok((await visitor.get(path)).html.getElementById(hostile.anchor).textContent.includes('<b>Nom "rusé"'));
        });

        test('answers stand in the thread, also an answer to an answer; order and pages', async () => {
            sql(server, 'UPDATE video_comment SET thread_id = id; DELETE FROM video_comment');
            const first = await say(somebody(), 'Premier fil');
            const answer = await reply(somebody(), first.id, 'Première réponse');
            const who = somebody();
            const page = await who.get(path);
            const again = await who.post(`${path}/commentaires`, { _csrf: csrfOf(page), texte: 'Réponse à la réponse', fil: answer });
            assert.equal(again.status, 303);
            assert.equal(sql(server, `SELECT count(*) FROM video_comment WHERE thread_id = ${number(first.id)}`), '3');
            const person = somebody().id;
            const base = 9_000_000_000_000_000_000n;
            sql(server, `INSERT INTO video_comment (id, video_id, thread_id, person_id, team, body, search, state, created_at) VALUES ${Array.from({ length: 25 }, (_, i) =>
                `(${base + BigInt(i)}, (SELECT id FROM video WHERE slug = 'licences-ouvertes'), ${base + BigInt(i)}, ${person}, 0, 'Fil ${i + 1}', 'fil', 'shown', 1)`).join(', ')}`);
            const texts = (page) => page.html.querySelectorAll('.threads > li').map((li) => li.querySelector('.prose').textContent.trim());
            const newest = await visitor.get(path);
            assert.deepEqual([texts(newest)[0], texts(newest).length], ['Fil 25', 20]);
            const next = await visitor.get(newest.html.querySelector('#commentaires a[rel=next]').getAttribute('href'));
            assert.deepEqual([texts(next)[0], texts(next).at(-1), texts(next).length], ['Fil 5', 'Premier fil', 6]);
            const oldest = await visitor.get(newest.html.querySelectorAll('#commentaires .chips a').at(-1).getAttribute('href'));
            assert.deepEqual(texts(oldest).slice(0, 2), ['Premier fil', 'Fil 1']);
            assert.match(newest.words('#h-comments'), /^28 commentaires$/);
            const far = await visitor.get(`${path}?page=999`);
            assert.equal(texts(far).length, 6, 'a page behind the last is the last');
            // the link of a comment finds it, whatever page it stands on
            const alone = await visitor.get(`${path}?fil=${first.id}`);
            assert.equal(alone.html.querySelectorAll('.threads > li').length, 1);
            assert.ok(alone.html.getElementById(`commentaire-${answer}`));
            assert.ok((await visitor.get('/tv/demarche-steam?fil=' + first.id)).html.getElementById(first.anchor) == null, 'not below another video');
            sql(server, `DELETE FROM video_comment WHERE id >= ${base}`);
        });

        test('ten answers are shown, the others in the thread alone; a full thread takes no more', async () => {
            const thread = await say(somebody(), 'Long fil');
            const person = somebody().id;
            const many = (n, from) => sql(server, `INSERT INTO video_comment (id, video_id, thread_id, person_id, team, body, search, state, created_at) VALUES ${Array.from({ length: n }, (_, i) =>
                `(${9_100_000_000_000_000_000n + BigInt(from + i)}, (SELECT id FROM video WHERE slug = 'licences-ouvertes'), ${number(thread.id)}, ${person}, 0, 'r', 'r', 'shown', 1)`).join(', ')}`);
            many(12, 0);
            const li = (await visitor.get(path)).html.getElementById(thread.anchor);
            assert.equal(li.querySelectorAll('.answers > li').length, 10);
            assert.match(li.querySelector('.below .more').textContent, /2 autres réponses/);
            assert.equal((await visitor.get(li.querySelector('.below .more').getAttribute('href'))).html.querySelectorAll('.answers > li').length, 12);
            many(188, 12);
            const who = somebody();
            const full = await who.submit(await who.get(`${path}?fil=${thread.id}`), `details ${box}`, { texte: 'encore' });
            assert.equal(full.status, 422);
            assert.match(full.words('main'), /Ce fil est complet/);
            assert.equal(typed(full), 'encore', 'what was typed is still there');
            sql(server, `DELETE FROM video_comment WHERE thread_id = ${number(thread.id)} AND id <> thread_id`);
        });

        test('limits: empty, too long, too often; what was typed comes back', async () => {
            const who = somebody();
            for (const texte of ['', '   \n ', 'a'.repeat(4001)]) {
                const answer = await who.submit(await who.get(path), box, { texte });
                assert.equal(answer.status, 422, texte.slice(0, 10));
            }
            const quick = somebody();
            const page = await quick.get(path);
            for (let i = 0; i < 5; i++) assert.equal((await quick.submit(page, box, { texte: `no ${i}` })).status, 303);
            const sixth = await quick.submit(page, box, { texte: 'le sixième' });
            assert.equal(sixth.status, 422);
            assert.match(sixth.words('main'), /Attendez une minute/);
            assert.equal(typed(sixth), 'le sixième');
            assert.equal(sql(server, `SELECT count(*) FROM video_comment WHERE person_id = ${quick.id}`), '5');
        });

        test('who may not see the video learns nothing: every address is 404, nothing is written', async () => {
            const network = sql(server, `SELECT a.above_id FROM membership m JOIN organisation_above a ON a.below_id = m.organisation_id JOIN organisation o ON o.id = a.above_id WHERE m.person_id = ${id('contact')} AND o.kind = 'network' LIMIT 1`);
            const comment = await say(people.contact, 'Entre nous');
            const stranger = somebody();
            const token = csrfOf(await stranger.get('/compte/commentaires'));
            const program = newProgram(server);
            const before = sql(server, 'SELECT count(*) FROM video_comment');
            for (const [audience, target] of [['organisation', network], ['link', 'NULL']]) {
                sql(server, `UPDATE video SET audience = '${audience}', organisation_id = ${target} WHERE slug = 'licences-ouvertes'`);
                for (const who of [visitor, stranger]) assert.ok(![200].includes((await who.get(path)).status), audience);
                for (const [method, at, body] of [['POST', `${path}/commentaires`, { texte: 'x' }], ['GET', `/tv/commentaires/${comment.id}/signaler`], ['POST', `/tv/commentaires/${comment.id}/signaler`, { texte: 'raison' }],
                    ['GET', '/api/v1/videos/licences-ouvertes/commentaires']]) {
                    const answer = method === 'GET' ? await stranger.get(at) : await stranger.post(at, { ...body, _csrf: token });
                    assert.equal(answer.status, 404, `${audience} ${method} ${at}`);
                    assert.ok(!answer.text.includes('Entre nous'));
                }
                const open = await program.get('/api/v1/videos/licences-ouvertes/commentaires');
                assert.ok([401, 404].includes(open.status), `${audience}: ${open.status}`);
                assert.ok(!open.text.includes('Entre nous'));
            }
            sql(server, `UPDATE video SET audience = 'members', organisation_id = NULL WHERE slug = 'licences-ouvertes'`);
            assert.equal((await program.get('/api/v1/videos/licences-ouvertes/commentaires')).status, 401);
            assert.equal((await visitor.get(path)).location.startsWith('/connexion'), true);
            assert.match(await words(stranger, comment.anchor), /Entre nous/);
            assert.equal(sql(server, 'SELECT count(*) FROM video_comment'), before);
            sql(server, `UPDATE video SET audience = 'public' WHERE slug = 'licences-ouvertes'`);
        });

        test('by the private link one reads and writes; without it neither, nor with an old one', async () => {
            sql(server, "UPDATE video SET audience = 'link' WHERE slug = 'licences-ouvertes'");
            const edit = await people.staff.get(`/gestion/videos/${idText(sql(server, "SELECT id FROM video WHERE slug = 'licences-ouvertes'"))}`);
            const link = new URL(edit.html.querySelector('a[href*="/lien/"]').getAttribute('href')).pathname;
            const [who, other] = [somebody(), somebody()];
            const { location, anchor, id: comment } = await say(who, 'Par le lien', { at: link });
            assert.ok(location.startsWith(`${link}?`), location);
            assert.match(await words(visitor, anchor, link), /Par le lien/);
            const page = await other.get(link);
            assert.equal(page.html.querySelector(`${box} [name=prevenir]`), null, 'no letters: the link may be over');
            const report = page.html.querySelector(`#${anchor} a[href*="/signaler"]`).getAttribute('href');
            assert.equal((await other.submit(await other.get(report), 'form[action$="/signaler"]', { texte: 'une raison' })).status, 303);
            assert.equal((await other.get(`/tv/commentaires/${comment}/signaler`)).status, 404);
            const correct = (await who.get(link)).html.querySelector(`#${anchor} a[href*="/corriger"]`).getAttribute('href');
            const corrected = await who.submit(await who.get(correct), 'form[action$="/corriger"]', { texte: 'Par le lien, corrigé' });
            assert.ok(corrected.location.startsWith(`${link}?`), corrected.location);
            const back = await who.submit(await who.get(link), `#${anchor} form[action$="/reprendre"]`);
            assert.ok(back.location.startsWith(`${link}?`), back.location);
            const token = csrfOf(page);
            sql(server, "UPDATE video SET link_turn = link_turn + 1 WHERE slug = 'licences-ouvertes'");
            assert.equal((await other.post(`${link}/commentaires`, { texte: 'x', _csrf: token })).status, 404);
            sql(server, "UPDATE video SET audience = 'public' WHERE slug = 'licences-ouvertes'");
        });

        test('one corrects and takes back one’s own, and nobody else’s; taken back can be undone for a day', async () => {
            const [who, other] = [somebody(), somebody()];
            const { anchor, id: comment } = await say(who, 'Fote de frappe');
            const page = await who.get(path);
            const form = await who.get(page.html.querySelector(`#${anchor} a[href*="/corriger"]`).getAttribute('href'));
            assert.equal(typed(form), 'Fote de frappe');
            assert.equal((await who.submit(form, 'form[action$="/corriger"]', { texte: ' ' })).status, 422);
            assert.equal((await who.submit(form, 'form[action$="/corriger"]', { texte: 'Faute de frappe' })).status, 303);
            assert.match(await words(visitor, anchor), /modifié.*Faute de frappe/);
            const token = csrfOf(await other.get(path));
            assert.equal((await other.get(`/tv/commentaires/${comment}/corriger`)).status, 404);
            for (const act of ['corriger', 'reprendre', 'retablir']) assert.equal((await other.post(`/tv/commentaires/${comment}/${act}`, { texte: 'volé', _csrf: token })).status, 404, act);
            assert.equal((await who.submit(await who.get(path), `#${anchor} form[action$="/reprendre"]`)).status, 303);
            assert.equal((await visitor.get(path)).html.getElementById(anchor), null);
            assert.equal((await people.staff.get(path)).html.getElementById(anchor), null, 'what is taken back is nobody’s to read');
            const mine = await who.get(path);
            assert.match(mine.html.getElementById(anchor).textContent, /Vous avez repris/);
            assert.equal((await who.submit(mine, `#${anchor} form[action$="/retablir"]`)).status, 303);
            assert.match(await words(visitor, anchor), /Faute de frappe/);
            await who.submit(await who.get(path), `#${anchor} form[action$="/reprendre"]`);
            sql(server, `UPDATE video_comment SET removed_at = ${Date.now() - 25 * 3600000} WHERE id = ${number(comment)}`);
            assert.equal((await who.get(path)).html.getElementById(anchor), null);
            assert.equal((await who.post(`/tv/commentaires/${comment}/retablir`, { _csrf: csrfOf(mine) })).status, 404, 'a day is over');
        });

        test('taken back with answers: the place stays, without words and name', async () => {
            const who = somebody('Partie Reprise');
            const { anchor, id: comment } = await say(who, 'Question reprise');
            const answer = await reply(somebody(), comment, 'Réponse qui reste');
            await who.submit(await who.get(path), `#${anchor} form[action$="/reprendre"]`);
            const text = await words(visitor, anchor);
            assert.match(text, /Ce commentaire n’est plus là|Ce commentaire n'est plus là/);
            assert.ok(!/Question reprise|Partie Reprise/.test(text), text);
            assert.ok((await visitor.get(path)).html.getElementById(`commentaire-${answer}`));
            const late = somebody();
            const page = await late.get(path);
            assert.equal(page.html.querySelector(`#${anchor} details`), null);
            assert.equal((await late.post(`${path}/commentaires`, { _csrf: csrfOf(page), texte: 'x', fil: comment })).status, 422);
        });

        const video = () => idText(sql(server, "SELECT id FROM video WHERE slug = 'licences-ouvertes'"));
        const setMode = async (mode) => assert.equal((await people.staff.submit(await people.staff.get(path), 'form[action^="/gestion/commentaires/videos/"]', { mode })).status, 303);

        test('read first: only the author and the team see it, until the team lets it through', async () => {
            const before = acts('comment.settings');
            await setMode('held');
            assert.equal(acts('comment.settings'), before + 1);
            const who = somebody();
            const { location, anchor, id: comment } = await say(who, 'À lire d’abord');
            assert.match(location, /fait=commentaire-attend/);
            for (const other of [visitor, somebody(), people.trainer]) assert.equal((await other.get(path)).html.getElementById(anchor), null);
            for (const one of [who, people.staff]) assert.match(await words(one, anchor), /Pas encore publié/);
            assert.match((await people.staff.get('/gestion')).words('main'), /commentaires? (vous attend|vous attendent)/);
            const queue = await people.staff.get('/gestion/commentaires');
            assert.match(queue.words('.queue-list'), /À lire d’abord/);
            const done = acts('comment.kept');
            assert.equal((await people.staff.submit(queue, `form[action="/gestion/commentaires/${comment}/publier"]`)).status, 303);
            assert.equal(acts('comment.kept'), done + 1);
            assert.match(await words(visitor, anchor), /À lire d’abord/);
            assert.match((await visitor.get(linkIn(await waitForMail(server.data, who.email, /lu votre commentaire/), '/tv/'))).words('#commentaires'), /À lire d’abord/);
            // corrected, it is read again: otherwise a harmless first version would open the door
            const form = await who.get(`/tv/commentaires/${comment}/corriger`);
            assert.match((await who.submit(form, 'form[action$="/corriger"]', { texte: 'Autre chose' })).location, /commentaire-attend/);
            assert.equal((await visitor.get(path)).html.getElementById(anchor), null);
            // with an answer its place stays, empty for everybody else, on the page and for programs
            const asked = await say(people.staff, 'Déjà lu');
            const writer = somebody();
            sql(server, `UPDATE video_comment SET person_id = ${writer.id}, team = 0 WHERE id = ${number(asked.id)}`);
            await reply(people.trainer, asked.id, 'Réponse montrée');
            await writer.submit(await writer.get(`/tv/commentaires/${asked.id}/corriger`), 'form[action$="/corriger"]', { texte: 'Glissé après coup' });
            assert.match(await words(visitor, asked.anchor), /n.est plus là.*Réponse montrée/);
            for (const who of [visitor, newProgram(server)]) assert.ok(!(await who.get(who.jar ? path : '/api/v1/videos/licences-ouvertes/commentaires')).text.includes('Glissé après coup'));
            assert.match(await words(writer, asked.anchor), /Glissé après coup/);
            const own = await say(people.trainer, 'Un mot de l’équipe');
            assert.match(await words(visitor, own.anchor), /Équipe.*Un mot de l’équipe/);
        });

        test('closed: what was said stays, nothing is added; a channel’s choice counts where the video has none', async () => {
            await setMode('closed');
            const who = somebody();
            const page = await who.get(path);
            assert.equal(page.html.querySelector(box), null);
            assert.match(page.words('#commentaires'), /fermés/);
            const tried = await who.post(`${path}/commentaires`, { _csrf: csrfOf(page), texte: 'quand même' });
            assert.equal(tried.status, 422);
            await setMode('');
            const channel = idText(sql(server, "SELECT channel_id FROM video WHERE slug = 'licences-ouvertes'"));
            const set = async (mode) => assert.equal((await people.staff.submit(await people.staff.get('/gestion/commentaires/reglages'), `form[action$="/chaines/${channel}"]`, { mode })).status, 303);
            await set('closed');
            assert.equal((await who.get(path)).html.querySelector(box), null);
            await setMode('open');
            assert.ok((await who.get(path)).html.querySelector(box), 'the video’s own choice is stronger');
            await setMode('');
            await set('open');
            assert.ok((await who.get(path)).html.querySelector(box));
            const token = csrfOf(await people.staff.get('/gestion/commentaires'));
            assert.equal((await people.staff.post(`/gestion/commentaires/videos/${video()}`, { mode: 'nimporte', _csrf: token })).status, 404);
        });

        test('hidden with a reason: its author is told by mail, the place stays when it has answers, it can be shown again', async () => {
            const who = somebody('Vive Humeur');
            const { anchor, id: comment } = await say(who, 'Propos blessant');
            await reply(somebody(), comment, 'Restons calmes');
            const page = await people.staff.get(`/gestion/commentaires/${comment}`);
            const short = await people.staff.submit(page, 'form[action$="/retirer"]', { raison: 'no' });
            assert.deepEqual([short.status, short.html.querySelector('#f-raison').textContent.trim()], [422, 'no']);
            assert.equal((await people.staff.submit(page, 'form[action$="/retirer"]', { raison: 'Nous ne visons jamais une personne.' })).status, 303);
            assert.equal(acts('comment.hidden'), 1);
            const letter = await waitForMail(server.data, who.email, /jamais une personne/);
            assert.match(letter.text, /Propos blessant/);
            const text = await words(visitor, anchor);
            assert.match(text, /L'équipe a retiré ce commentaire|L’équipe a retiré ce commentaire/);
            assert.ok(!/Propos blessant|Vive Humeur|jamais une personne/.test(text), text);
            assert.match(await words(who, anchor), /Retiré par l.équipe.*Propos blessant.*Nous ne visons jamais une personne/);
            assert.equal((await who.get(`/tv/commentaires/${comment}/corriger`)).status, 404, 'no way around the decision');
            assert.equal((await decide(comment, 'publier')).status, 303);
            assert.match(await words(visitor, anchor), /Propos blessant/);
            const api = (await newProgram(server).get('/api/v1/videos/licences-ouvertes/commentaires')).json();
            assert.ok(api.items.some((each) => each.text === 'Propos blessant'));
        });

        test('reported: once a person, not one’s own; the team sees why and by whom, and decides', async () => {
            const [who, a, b] = [somebody(), somebody('Lanceuse Dalerte'), somebody()];
            const { anchor, id: comment } = await say(who, 'Publicité pour ma chaîne');
            const page = await a.get(path);
            const at = page.html.querySelector(`#${anchor} a[href*="/signaler"]`).getAttribute('href');
            assert.equal((await who.get(path)).html.querySelector(`#${anchor} a[href*="/signaler"]`), null);
            assert.equal((await who.get(at)).status, 404);
            const sheet = await a.get(at);
            assert.equal((await a.submit(sheet, 'form[action$="/signaler"]', { texte: '' })).status, 422);
            assert.match((await a.submit(sheet, 'form[action$="/signaler"]', { texte: 'C’est de la publicité.' })).location, /commentaire-signale/);
            assert.match((await a.submit(sheet, 'form[action$="/signaler"]', { texte: 'Encore moi.' })).location, /deja-signale/);
            await b.submit(await b.get(at), 'form[action$="/signaler"]', { texte: 'Hors sujet.' });
            assert.match((await people.staff.get('/gestion/commentaires?file=signales')).words('.queue-list'), /2 signalements/);
            const one = await people.staff.get(`/gestion/commentaires/${comment}`);
            assert.match(one.words('main'), /C’est de la publicité\..*Lanceuse Dalerte.*Hors sujet\./);
            assert.ok(!one.text.includes('Encore moi.'));
            assert.ok(!(await who.get(path)).text.includes('Lanceuse Dalerte'));
            assert.equal((await people.staff.submit(one, 'form[action$="/publier"]')).status, 303);
            assert.ok(!(await people.staff.get('/gestion/commentaires?file=signales')).text.includes('Publicité pour ma chaîne'));
            assert.match(await words(visitor, anchor), /Publicité/);
        });

        test('silenced for a while, with a reason and a letter; given back; not the team', async () => {
            const who = somebody();
            const { id: comment } = await say(who, 'Trop, c’est trop');
            assert.equal((await decide(comment, 'silence', { jours: '7', raison: 'Trois rappels déjà.' })).status, 303);
            assert.equal(acts('comment.muted'), 1);
            await waitForMail(server.data, who.email, /Trois rappels déjà/);
            const page = await who.get(path);
            assert.equal(page.html.querySelector(box), null);
            assert.match(page.words('#commentaires'), /Vous ne pouvez pas commenter avant.*Trois rappels déjà/);
            assert.equal((await who.post(`${path}/commentaires`, { _csrf: csrfOf(page), texte: 'encore' })).status, 422);
            assert.equal((await who.post(`/tv/commentaires/${comment}/corriger`, { _csrf: csrfOf(page), texte: 'encore' })).status, 422);
            sql(server, `UPDATE comment_mute SET until_at = 5 WHERE person_id = ${who.id}`);
            assert.ok((await who.get(path)).html.querySelector(box), 'the week is over');
            sql(server, `UPDATE comment_mute SET until_at = NULL WHERE person_id = ${who.id}`);
            assert.equal((await who.get(path)).html.querySelector(box), null);
            // also when nothing of theirs is there any more
            const list = await people.staff.get('/gestion/commentaires/reglages');
            assert.match(list.words('main'), new RegExp(`${who.person}.*Trois rappels déjà`));
            assert.equal((await decide(comment, 'parole')).status, 303);
            assert.equal(acts('comment.unmuted'), 1);
            assert.equal((await people.staff.submit(list, 'form[action$="/parole"]')).status, 404, 'given back already');
            assert.ok((await who.get(path)).html.querySelector(box));
            const team = await say(people.trainer, 'De l’équipe');
            const token = csrfOf(await people.staff.get('/gestion/commentaires'));
            assert.equal((await people.staff.post(`/gestion/commentaires/${team.id}/silence`, { jours: '7', raison: 'essai', _csrf: token })).status, 422);
        });

        test('only the team decides; its search finds words and names', async () => {
            const { id: comment } = await say(somebody('Zoé Unique'), 'Un hippopotame à 100 %');
            for (const role of ['learner', 'trainer', 'head']) {
                assert.equal((await people[role].get('/gestion/commentaires')).status, 403, role);
                const token = csrfOf(await people[role].get(path));
                for (const act of [`${comment}/publier`, `${comment}/retirer`, `${comment}/silence`, `personnes/${comment}/parole`]) assert.equal((await people[role].post(`/gestion/commentaires/${act}`, { raison: 'raison', jours: '1', _csrf: token })).status, 403, `${role} ${act}`);
            }
            const found = async (q) => (await people.staff.get(`/gestion/commentaires?file=tous&q=${encodeURIComponent(q)}`)).html.querySelectorAll('.queue-list > li').length;
            assert.equal(await found('HIPPOPOTAME'), 1);
            assert.equal(await found('100 %'), 1);
            assert.equal(await found('hippo%tame'), 0);
            assert.equal(await found('girafe'), 0);
            sql(server, `UPDATE person SET search = 'zoe unique' WHERE name = 'Zoé Unique'`);
            assert.equal(await found('zoe'), 1);
        });

        test('answers by mail: to who asked and still sees the video, once, ended by one press', async () => {
            const [wants, wantsNot, writer] = [somebody('Veut Savoir'), somebody(), somebody('Répond Ici')];
            const { id: comment } = await say(wants, 'Qui l’a essayé ?', { more: { prevenir: '1' } });
            assert.equal(sql(server, `SELECT answers FROM comment_choice WHERE person_id = ${wants.id}`), '1');
            await reply(wantsNot, comment, 'Pas moi');
            const due = async () => { sql(server, "UPDATE work_job SET due_at = 1 WHERE kind = 'comment.tell' AND state = 0"); await sleep(1200); await quiet(); };
            const letters = (who, text) => mails(server.data).filter((mail) => mail.to.includes(who.email) && mail.text.includes(text));
            await due();
            await waitForMail(server.data, wants.email, /Pas moi/);
            await reply(writer, comment, 'Moi, en troisième.');
            await due();
            const letter = await waitForMail(server.data, wants.email, /Moi, en troisième/);
            assert.match(letter.text, /Répond Ici/);
            assert.match(letter.headers['list-unsubscribe-post'], /One-Click/);
            const seen = await visitor.get(linkIn(letter, '/tv/licences-ouvertes'));
            assert.match(seen.words('#commentaires'), /Moi, en troisième/);
            for (const who of [wantsNot, writer]) assert.equal(mails(server.data).filter((mail) => mail.to.includes(who.email)).length, 0);
            assert.equal(letters(wants, 'Moi, en troisième').length, 1);
            // not who cannot see the video any more
            sql(server, "UPDATE video SET closes_at = 5 WHERE slug = 'licences-ouvertes'");
            const thread = number(comment);
            sql(server, `INSERT INTO video_comment (id, video_id, thread_id, person_id, team, body, search, state, created_at) VALUES (9200000000000000001, (SELECT id FROM video WHERE slug = 'licences-ouvertes'), ${thread}, ${writer.id}, 0, 'Après la fin', 'x', 'shown', 1);
                INSERT INTO work_job (id, kind, key, lane, payload, state, due_at, created_at) SELECT max(id) + 1, 'comment.tell', 'essai-fin', 0, '{"comment":9200000000000000001}', 0, 1, 1 FROM work_job`);
            await due();
            assert.equal(letters(wants, 'Après la fin').length, 0);
            sql(server, "UPDATE video SET closes_at = NULL WHERE slug = 'licences-ouvertes'");
            // an answer taken back in time is told to nobody
            const gone = await reply(writer, comment, 'Oublié aussitôt');
            await writer.submit(await writer.get(`${path}?fil=${comment}`), `#commentaire-${gone} form[action$="/reprendre"]`);
            await due();
            assert.equal(letters(wants, 'Oublié aussitôt').length, 0);
            const stop = new URL(letter.headers['list-unsubscribe'].slice(1, -1)).pathname;
            assert.equal((await newVisitor(server).get(stop)).status, 200);
            assert.equal(sql(server, `SELECT answers FROM comment_choice WHERE person_id = ${wants.id}`), '1', 'a program that follows links ends nothing');
            assert.equal((await newVisitor(server).post(stop.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')), {})).status, 403);
            assert.equal((await newVisitor(server).post(stop, { 'List-Unsubscribe': 'One-Click' })).status, 200);
            assert.equal(sql(server, `SELECT answers FROM comment_choice WHERE person_id = ${wants.id}`), '0');
            const page = await wants.get('/compte/commentaires');
            assert.match(page.words('main'), /Qui l’a essayé/);
            assert.equal((await wants.submit(page, 'form[action="/compte/commentaires"]', { reponses: '1' })).status, 303);
            assert.equal(sql(server, `SELECT answers FROM comment_choice WHERE person_id = ${wants.id}`), '1');
        });

        test('programs list by pages and write; they see what their person sees', async () => {
            sql(server, 'DELETE FROM comment_report; UPDATE video_comment SET thread_id = id; DELETE FROM video_comment');
            const thread = await say(people.coach, 'Par la page');
            const program = newProgram(server, await makeToken(people.learner, { access: 'ecrire' }));
            const at = '/api/v1/videos/licences-ouvertes/commentaires';
            const written = await program.post(at, { texte: 'Par un programme', fil: thread.id });
            assert.equal(written.status, 201, written.text);
            assert.equal(written.json().state, 'shown');
            const held = await program.post(at, { texte: '' });
            assert.equal(held.status, 422);
            const list = (await newProgram(server).get(at)).json();
            assert.deepEqual(list.items.map((each) => [each.text, each.answers.map((answer) => answer.text)]), [['Par la page', ['Par un programme']]]);
            assert.equal(list.next_cursor, null);
            const person = somebody().id;
            sql(server, `INSERT INTO video_comment (id, video_id, thread_id, person_id, team, body, search, state, created_at) VALUES ${Array.from({ length: 45 }, (_, i) => {
                const own = 9_150_000_000_000_000_000n + BigInt(i);
                return `(${own}, (SELECT id FROM video WHERE slug = 'licences-ouvertes'), ${own}, ${person}, 0, 'n${i}', 'n', '${i === 44 ? 'held' : 'shown'}', 1)`;
            }).join(', ')}`);
            const seen = [];
            for (let next = ''; next !== null;) {
                const page = (await newProgram(server).get(`${at}${next && `?cursor=${next}`}`)).json();
                seen.push(...page.items.map((each) => each.text));
                next = page.next_cursor;
            }
            assert.deepEqual([seen.length, new Set(seen).size, seen[0], seen.at(-1)], [45, 45, 'n43', 'Par la page']);
            assert.equal((await newProgram(server).get(`${at}?cursor=xyz`)).status, 400);
            sql(server, 'DELETE FROM video_comment WHERE id >= 9150000000000000000');
        });

        test('another file keeps the comments; a withdrawn video shows none', async () => {
            sql(server, "UPDATE video SET edition = edition WHERE slug = 'licences-ouvertes'");
            const { anchor } = await say(somebody(), 'Je reste');
            sql(server, "UPDATE video SET blob = 'autre' WHERE slug = 'licences-ouvertes'");
            assert.match(await words(visitor, anchor), /Je reste/);
            sql(server, "UPDATE video SET state = 'withdrawn' WHERE slug = 'licences-ouvertes'");
            assert.equal((await newProgram(server).get('/api/v1/videos/licences-ouvertes/commentaires')).status, 404);
            sql(server, "UPDATE video SET state = 'ready' WHERE slug = 'licences-ouvertes'");
        });

        test('one’s data: all of it in the export; erased, the words go and the place with answers stays', async () => {
            const { id: alone } = await say(people.head, 'Ce que dit la direction');
            const { anchor, id: answered } = await say(people.head, 'Question de la direction');
            const answer = await reply(somebody(), answered, 'Réponse à la direction');
            const other = await say(somebody(), 'D’une autre personne');
            await people.head.submit(await people.head.get(`/tv/commentaires/${other.id}/signaler`), 'form[action$="/signaler"]', { texte: 'Un signalement' });
            const data = await people.head.get('/compte/donnees');
            for (const text of ['Ce que dit la direction', 'Question de la direction', 'Un signalement']) assert.ok(data.text.includes(text), text);
            const head = id('head');
            const page = await people.head.get('/compte/donnees/fermer');
            const end = await people.head.submit(page, 'form[action="/compte/donnees/fermer"]', { password: people.head.password, sure: '1' });
            assert.equal(end.status, 303, end.words('main').slice(0, 300));
            sql(server, "UPDATE closure SET due_at = 1; UPDATE work_job SET due_at = 1 WHERE kind = 'privacy.erase'");
            for (let i = 0; i < 200 && sql(server, `SELECT count(*) FROM person WHERE id = ${head} AND closed_at IS NOT NULL`) === '0'; i++) await sleep(100);
            assert.equal(sql(server, `SELECT count(*) FROM video_comment WHERE person_id = ${head} OR id = ${number(answered)} AND body || search <> ''`), '0');
            assert.equal(sql(server, `SELECT count(*) FROM comment_report WHERE person_id = ${head}`), '0');
            assert.equal((await visitor.get(path)).html.getElementById(`commentaire-${alone}`), null);
            const text = await words(visitor, anchor);
            assert.match(text, /n.est plus là/);
            assert.ok((await visitor.get(path)).html.getElementById(`commentaire-${answer}`));
        });

        test('in time the words that were taken back go, and old hidden ones; not those under a legal hold', async () => {
            const [who, held] = [somebody(), somebody()];
            const [one, two, hidden] = [await say(who, 'Repris hier'), await say(held, 'Retenu'), await say(who, 'Caché il y a un an')];
            const fresh = await say(who, 'Repris ce matin');
            const old = Date.now() - 400 * 86400000;
            sql(server, `UPDATE video_comment SET removed_at = ${Date.now() - 30 * 3600000} WHERE id IN (${number(one.id)}, ${number(two.id)});
                UPDATE video_comment SET removed_at = ${Date.now() - 3600000} WHERE id = ${number(fresh.id)};
                UPDATE video_comment SET state = 'hidden', judged_at = ${old} WHERE id = ${number(hidden.id)};
                INSERT INTO legal_hold (id, person_id, reason, set_by, set_at) VALUES (77, ${held.id}, 'tribunal', ${held.id}, 1)`);
            const token = csrfOf(await people.staff.get('/gestion/commentaires'));
            assert.equal((await people.staff.post('/gestion/donnees/appliquer', { _csrf: token })).status, 303);
            const left = () => sql(server, `SELECT count(*) FROM video_comment WHERE id IN (${[one, two, hidden, fresh].map((each) => number(each.id)).join(', ')})`);
            for (let i = 0; i < 200 && left() !== '2'; i++) await sleep(100);
            assert.equal(sql(server, `SELECT count(*) FROM video_comment WHERE id IN (${number(two.id)}, ${number(fresh.id)})`), '2');
            assert.equal(left(), '2');
        });
    });
