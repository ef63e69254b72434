// Likes, followed channels, letters about new videos: only to who asked and who may see, once, and ended by one press.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '../lib/crowd.mjs';
import { newVisitor } from '../lib/http.mjs';
import { mails, waitForMail } from '../lib/mail.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);
const accounts = await demoAccounts();
const email = (role) => accounts.find((each) => each.role === role).email;

for (const engine of ['sqlite', 'pgsql'])
    describe(`subscriptions (${engine})`, () => {
        let server, visitor;
        const people = {};
        const id = (role) => sql(server, `SELECT id FROM person WHERE email = '${email(role)}'`);
        before(async () => {
            server = await startServer({ engine });
            visitor = newVisitor(server);
            sql(server, 'DELETE FROM channel_subscription; DELETE FROM video_like');
            for (const role of ['learner', 'coach', 'head', 'contact']) {
                people[role] = newVisitor(server);
                await people[role].signIn(accounts.find((each) => each.role === role));
            }
        });
        after(() => server?.stop());
        const video = '/tv/licences-ouvertes';
        const likes = (page) => Number(/J’aime \((\d+)\)/.exec(page.words('.acts'))?.[1] ?? 0);
        let channel; // its address
        const news = () => sql(server, `INSERT INTO work_job (id, kind, key, lane, payload, state, due_at, created_at) SELECT max(id) + 1, 'subscription.news', 'essai-' || max(id), 0, '{}', 0, 1, 1 FROM work_job`);
        const digest = () => sql(server, `INSERT INTO work_job (id, kind, key, lane, payload, state, due_at, created_at) SELECT max(id) + 1, 'subscription.digest', 'essai-' || max(id), 0, '{}', 0, 1, 1 FROM work_job`);
        let made = 0;
        // A video in the channel, ready a quarter of an hour ago.
        function publish({ audience = 'public', target = 'NULL', age = 15 * 60000 } = {}) {
            const [slug, at] = [`nouvelle-${++made}`, Date.now() - age];
            sql(server, `INSERT INTO video (id, slug, title, description, speaker, licence, kind, competences, state, blob, duration_ms, width, height, sample, created_at, published_at, shown_at, audience, organisation_id, channel_id)
                SELECT max(id) + 1, '${slug}', 'Vidéo toute neuve ${made}.', '', '', 'CC BY', 'tutorial', 0, 'ready', 'x', 60000, 0, 0, 0, ${at}, ${at}, ${at}, '${audience}', ${target}, (SELECT id FROM tv_channel WHERE slug = '${channel.split('/').pop()}') FROM video`);
            return `Vidéo toute neuve ${made}.`;
        }
        const letters = (role, title) => mails(server.data).filter((mail) => mail.to.includes(email(role)) && `${mail.subject} ${mail.text}`.includes(title));
        const quiet = async () => { for (let i = 0; i < 150; i++) { if (sql(server, `SELECT count(*) FROM work_job WHERE state IN (0, 1) AND due_at <= ${Date.now()}`) === '0') return; await sleep(100); } throw new Error('jobs are still waiting'); };

        test('one like a person, counted without a name, and taken back', async () => {
            assert.equal(likes(await visitor.get(video)), 0);
            for (const role of ['learner', 'coach']) {
                for (let i = 0; i < 2; i++) assert.equal((await people[role].submit(await people[role].get(video), 'form[action^="/compte/aime/"]', { dans: '1' })).status, 303);
            }
            assert.equal(likes(await visitor.get(video)), 2);
            assert.ok(!(await visitor.get(video)).words('.acts').includes('Exemple'));
            assert.equal((await people.coach.submit(await people.coach.get(video), 'form[action^="/compte/aime/"]', { dans: '0' })).status, 303);
            assert.equal(likes(await visitor.get(video)), 1);
            assert.equal((await people.learner.get(video)).html.querySelector('form[action^="/compte/aime/"] button').getAttribute('aria-pressed'), 'true');
        });

        test('a hidden video cannot be liked', async () => {
            const page = await people.coach.get(video);
            const action = page.html.querySelector('form[action^="/compte/aime/"]').getAttribute('action');
            sql(server, "UPDATE video SET audience = 'link' WHERE slug = 'licences-ouvertes'");
            assert.equal((await people.coach.submit(page, `form[action="${action}"]`, { dans: '1' })).status, 404);
            sql(server, "UPDATE video SET audience = 'public' WHERE slug = 'licences-ouvertes'");
        });

        test('a channel is followed from the page of a video and from its own; its videos stand on the home', async () => {
            const page = await people.learner.get(video);
            channel = page.html.querySelector('a[href^="/tv/chaines/"]').getAttribute('href');
            assert.equal((await people.learner.get('/tv')).html.querySelector('#h-subscriptions'), null);
            await people.learner.submit(page, 'form[action^="/compte/abonnements/"]', { dans: '1' });
            await people.coach.submit(await people.coach.get(channel), 'form[action^="/compte/abonnements/"]', { dans: '1' });
            assert.equal((await people.coach.get(channel)).html.querySelector('form[action^="/compte/abonnements/"] button').getAttribute('aria-pressed'), 'true');
            assert.ok((await people.learner.get('/tv')).html.querySelector('#h-subscriptions'));
            assert.equal((await visitor.get('/tv')).html.querySelector('#h-subscriptions'), null);
            assert.match((await people.learner.get('/compte/abonnements')).words('table'), /Suivre la chaîne/);
        });

        const choose = async (role, envoi) => people[role].submit(await people[role].get('/compte/abonnements'), 'form[action="/compte/abonnements"]', { envoi });

        test('letters: to nobody who did not ask, at once to who wants it so, a list header of one press', async () => {
            await people.contact.submit(await people.contact.get(channel), 'form[action^="/compte/abonnements/"]', { dans: '1' });
            assert.equal((await choose('learner', 'often')).status, 422);
            assert.equal((await choose('learner', 'now')).status, 303);
            assert.equal((await choose('contact', 'daily')).status, 303);
            await quiet();
            const title = publish();
            news();
            const letter = await waitForMail(server.data, email('learner'), /toute neuve/);
            assert.match(letter.subject, new RegExp(title));
            assert.match(letter.text, /\/tv\/nouvelle-1/);
            assert.equal(letter.headers['list-unsubscribe-post'], 'List-Unsubscribe=One-Click');
            assert.match(letter.headers['list-unsubscribe'], /^<https?:\/\/[^>]+\/tv\/abonnements\/arret\/[^>]+>$/);
            news();
            await quiet();
            assert.equal(letters('learner', title).length, 1, 'told of once');
            for (const role of ['coach', 'contact']) assert.equal(letters(role, title).length, 0, role);
        });

        test('one letter a day with all that is new', async () => {
            const second = publish();
            news();
            await quiet();
            digest();
            const letter = await waitForMail(server.data, email('contact'), /toute neuve/);
            assert.match(letter.text, /toute neuve 1\.[\s\S]*toute neuve 2\./);
            digest();
            await quiet();
            assert.equal(letters('contact', second).length, 1);
        });

        test('what one may not see is not told of; what is too new or too old neither', async () => {
            const network = sql(server, `SELECT a.above_id FROM membership m JOIN organisation_above a ON a.below_id = m.organisation_id JOIN organisation o ON o.id = a.above_id WHERE m.person_id = ${id('contact')} AND o.kind = 'network' LIMIT 1`);
            sql(server, `DELETE FROM membership WHERE person_id = ${id('learner')}`);
            await choose('contact', 'now');
            const theirs = publish({ audience: 'organisation', target: network });
            const secret = publish({ audience: 'link' });
            const [fresh, old] = [publish({ age: 60000 }), publish({ age: 8 * 86400000 })];
            const members = publish({ audience: 'members' });
            news();
            await waitForMail(server.data, email('contact'), new RegExp(theirs));
            await waitForMail(server.data, email('learner'), new RegExp(members));
            await quiet();
            assert.equal(letters('learner', theirs).length, 0);
            for (const title of [secret, fresh, old]) for (const role of ['learner', 'contact']) assert.equal(letters(role, title).length, 0, title);
        });

        test('the link of a letter: asks by GET, ends by one POST without a session; another one ends nothing', async () => {
            const [letter] = letters('learner', 'toute neuve');
            const path = new URL(letter.headers['list-unsubscribe'].slice(1, -1)).pathname;
            const stranger = newVisitor(server);
            assert.equal((await stranger.get(path)).status, 200);
            const choice = () => sql(server, `SELECT mail FROM subscription_choice WHERE person_id = ${id('learner')}`);
            assert.equal(choice(), 'now');
            const forged = path.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A'));
            assert.equal((await stranger.post(forged, { 'List-Unsubscribe': 'One-Click' })).status, 403);
            assert.equal(choice(), 'now');
            assert.equal((await newVisitor(server).post(path, { 'List-Unsubscribe': 'One-Click' })).status, 200);
            assert.equal(choice(), 'none');
            const title = publish();
            news();
            await quiet();
            assert.equal(letters('learner', title).length, 0);
        });

        test('a channel that goes takes its followers along', async () => {
            sql(server, `INSERT INTO tv_channel (id, slug, name, description, lang, named, sample, created_at) VALUES (77, 'essai-vide', 'Vide', '', 'fr', 0, 0, 1); INSERT INTO channel_subscription (channel_id, person_id, since) VALUES (77, ${id('coach')}, 1)`);
            const staff = newVisitor(server);
            await staff.signIn(accounts.find((each) => each.role === 'staff'));
            const all = await staff.get('/gestion/chaines');
            const edit = all.html.querySelectorAll('a[href^="/gestion/chaines/"]').find((a) => a.textContent.includes('Vide')).getAttribute('href');
            assert.equal((await staff.submit(await staff.get(edit), 'form[action$="/supprimer"]')).status, 303);
            assert.equal(sql(server, 'SELECT count(*) FROM channel_subscription WHERE channel_id = 77'), '0');
        });
    });
