// What staff do about data: the rules of retention with a rehearsal and a log, the register as a document, requests and
// reported obstacles with a day to answer by, legal holds; and what every public page keeps on a device. On both engines.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, newVisitor, setCookies } from '../lib/http.mjs';
import { waitForMail } from '../lib/mail.mjs';
import { demoAccounts, edulab, startServer, stopPostgres } from '../lib/server.mjs';
import { problemsOf } from '../lib/validate.mjs';

after(stopPostgres);
const accounts = Object.fromEntries((await demoAccounts()).map((account) => [account.role, account]));
const top = '/gestion/donnees';
const day = 86400000;

for (const engine of ['sqlite', 'pgsql'])
    describe(`data protection on ${engine}`, () => {
        let server, staff, learner;
        const one = (text) => sql(server, text);
        const idOf = (role) => one(`SELECT id FROM person WHERE email = '${accounts[role].email}'`);
        before(async () => {
            server = await startServer({ engine });
            [staff, learner] = [newVisitor(server), newVisitor(server)];
            await staff.signIn(accounts.staff);
            await learner.signIn(accounts.learner);
        });
        after(() => server?.stop());
        const due = async (rule) => Number((await staff.get(top)).html.querySelector(`[data-rule="${rule}"] .num`).textContent.replace(/\D/g, ''));

        test('a rehearsal counts and clears nothing; applying clears what is due, and only that, with a line in the log', async () => {
            const old = Date.now() - 800 * day;
            assert.equal(await due('access.journal'), 0);
            const row = (id, at) => `(${id}, ${at}, NULL, NULL, '', '', 'job.retried', 'job', 1, NULL, NULL)`;
            one(`INSERT INTO audit (id, at, actor, session, peer, request, act, kind, object, before, after) VALUES ${[row(11, old), row(12, old), row(13, Date.now())].join(',')}`);
            assert.equal(await due('access.journal'), 2);
            assert.equal(await due('access.journal'), 2, 'looking clears nothing');
            assert.equal(one('SELECT count(*) FROM audit WHERE id < 20'), '3');
            one(`INSERT INTO legal_hold (id, person_id, reason, set_by, set_at) VALUES (5, ${idOf('coach')}, 'tribunal', 1, 1)`);
            one(`UPDATE audit SET actor = NULL WHERE id = 0`);
            one(`INSERT INTO audit (id, at, actor, session, peer, request, act, kind, object, before, after) VALUES (14, ${old}, ${idOf('coach')}, NULL, '', '', 'job.retried', 'job', 1, NULL, NULL)`);
            assert.equal(await due('access.journal'), 2, 'a hold keeps its rows');
            const answer = await staff.submit(await staff.get(top), `form[action="${top}/appliquer"]`);
            assert.equal(answer.status, 303);
            for (let i = 0; i < 200 && one("SELECT count(*) FROM retention_log WHERE rule = 'access.journal'") !== '1'; i++) await sleep(50);
            assert.equal(one("SELECT days, rows FROM retention_log WHERE rule = 'access.journal'"), '730|2');
            assert.equal(one('SELECT id FROM audit WHERE id < 20 ORDER BY id'), '13\n14');
            assert.match((await staff.get(top)).words('main'), /Journal des actes/);
            assert.equal(one("SELECT count(*) FROM audit WHERE act = 'retention.started'"), '1');
            assert.equal(one("SELECT count(*) FROM work_job WHERE state = 3 AND kind LIKE 'privacy%'"), '0');
        });

        test('a hold keeps devices, links, keys for programs and changes of address as well', async () => {
            const [held, free] = [idOf('coach'), idOf('contact')]; // the coach is held since the test above
            const bytes = (text) => (server.database ? `'\\x${text}'::bytea` : `x'${text}'`);
            const tables = ['session', 'mail_token', 'api_token', 'email_change', 'consent'];
            one([held, free].map((person, i) => `
                INSERT INTO session (id, token_hash, person_id, created_at, expires_at, peer, agent) VALUES (${i + 71}, ${bytes(`0${i}`)}, ${person}, 1, 2, '203.0.113.9', 'x');
                INSERT INTO mail_token (token_hash, person_id, purpose, created_at, expires_at) VALUES (${bytes(`1${i}`)}, ${person}, 'reset', 1, 2);
                INSERT INTO api_token (id, token_hash, person_id, name, scopes, created_at, expires_at) VALUES (${i + 71}, ${bytes(`2${i}`)}, ${person}, 'x', 'read', 1, 2);
                INSERT INTO email_change (id, person_id, old_email, new_email, confirm_hash, asked_at) VALUES (${i + 71}, ${person}, 'a@example.org', 'b@example.org', ${bytes(`3${i}`)}, 1);
                INSERT INTO consent_text (sha256, purpose, version, locale, text, first_shown_at) VALUES ('t${i}', 'images', 0, 'fr', 'x', 1);
                INSERT INTO consent (id, person_id, purpose, version, given, text_sha256, locale, method, source_page, at) VALUES (${i + 71}, ${person}, 'images', 0, 0, 't${i}', 'fr', 'switch', '/', 1);`).join('\n'));
            await newVisitor(server).signIn(accounts.learner); // clears sessions that ended
            assert.equal(one('SELECT person_id FROM session WHERE expires_at = 2'), held);
            await staff.submit(await staff.get(top), `form[action="${top}/appliquer"]`);
            const left = (person) => tables.filter((table) => one(`SELECT count(*) FROM ${table} WHERE person_id = ${person} AND ${table === 'email_change' ? 'asked_at' : table === 'consent' ? 'at' : 'created_at'} = 1`) !== '0');
            for (let i = 0; i < 200 && left(free).length; i++) await sleep(50);
            assert.deepEqual(left(free), []);
            assert.deepEqual(left(held), tables);
        });

        test('every rule says what, what for, on which basis and for how long; the nightly job is in the schedule', async () => {
            const page = await staff.get(top);
            const rows = page.html.querySelectorAll('[data-rule]');
            assert.ok(rows.length >= 12, `${rows.length}`);
            for (const line of rows) for (const cell of line.querySelectorAll('th, td')) assert.ok(cell.textContent.trim(), line.getAttribute('data-rule'));
            for (let i = 0; i < 100 && one("SELECT count(*) FROM work_job WHERE kind = 'privacy.retention' AND key LIKE 'privacy.retention@%'") === '0'; i++) await sleep(100);
            assert.ok(Number(one("SELECT count(*) FROM work_job WHERE kind = 'privacy.retention' AND key LIKE 'privacy.retention@%'")) >= 1);
        });

        test('the register is a document that says what each part of the program holds', async () => {
            const page = await staff.get(`${top}/registre`);
            assert.equal(page.status, 200);
            assert.match(page.headers.get('content-disposition'), /registre-des-traitements\.html/);
            assert.deepEqual(await problemsOf(page.text), []);
            const parts = new Set((await edulab(['privacy', 'columns', '--data', server.data], { database: server.database })).stdout.trim().split('\n').map((line) => line.split('\t')[1]));
            assert.ok(page.html.querySelectorAll('h2').length >= parts.size);
            for (const word of ['Article 30', 'TechnofuturTIC', 'Obligation légale', 'Adresse réseau']) assert.ok(page.text.includes(word), word);
            assert.doesNotMatch(page.text, /<script|https?:\/\//);
        });

        test('a request gets a number of days, an answer by mail, and a longer term once', async () => {
            const form = await learner.get('/compte/donnees/demande');
            assert.equal((await learner.submit(form, 'form[action="/compte/donnees/demande"]', { sorte: 'limit', texte: 'x' })).status, 422);
            assert.equal((await learner.submit(form, 'form[action="/compte/donnees/demande"]', { sorte: 'king', texte: 'Une demande' })).status, 422);
            assert.equal((await learner.submit(form, 'form[action="/compte/donnees/demande"]', { sorte: 'limit', texte: 'Ne montrez pas mes points, <b>svp</b>' })).status, 303);
            assert.equal(one('SELECT (due_at - asked_at) / 86400000 FROM rights_request'), '30');
            let list = await staff.get(`${top}/demandes`);
            assert.match(list.words('article'), /Limiter.*Ne montrez pas mes points, <b>svp<\/b>/);
            const longer = await staff.submit(list, 'form[action$="/prolonger"]');
            assert.equal(longer.status, 303);
            assert.equal(one('SELECT (due_at - asked_at) / 86400000 FROM rights_request'), '90');
            await waitForMail(server.data, accounts.learner.email, /plus de travail/);
            assert.equal((await staff.submit(list, 'form[action$="/prolonger"]')).status, 409, 'once');
            list = await staff.get(`${top}/demandes`);
            assert.equal((await staff.submit(list, 'form[action$="/repondre"]', { texte: '' })).status, 422);
            assert.equal((await staff.submit(list, 'form[action$="/repondre"]', { texte: 'C’est fait.' })).status, 303);
            await waitForMail(server.data, accounts.learner.email, /C’est fait\./);
            assert.equal((await staff.submit(list, 'form[action$="/repondre"]', { texte: 'Encore' })).status, 409);
            assert.match((await learner.get('/compte/donnees/demande')).words('main'), /C’est fait/);
        });

        test('anybody can report an obstacle; a robot that fills every field is not heard', async () => {
            const visitor = newVisitor(server);
            const page = await visitor.get('/accessibilite/signaler');
            const send = (fields) => visitor.submit(page, 'form[action="/accessibilite/signaler"]', { email: 'lecteur@exemple.be', texte: 'Le menu ne se lit pas', page: '/formations', ...fields });
            assert.equal((await send({ email: 'rien' })).status, 422);
            assert.equal((await send({ website: 'http://pub.example' })).status, 303);
            assert.equal(one("SELECT count(*) FROM rights_request WHERE kind = 'obstacle'"), '0');
            assert.equal((await send({})).status, 303);
            assert.equal(one("SELECT (due_at - asked_at) / 86400000, page FROM rights_request WHERE kind = 'obstacle'"), '14|/formations');
            assert.ok((await visitor.get('/accessibilite')).html.querySelector('main a[href="/accessibilite/signaler"]'));
        });

        test('a hold is set and lifted, with two rows in the journal', async () => {
            const page = await staff.get(`${top}/gels`);
            const set = (fields) => staff.submit(page, `form[action="${top}/gels"]`, { email: accounts.trainer.email, motif: 'Demande du tribunal', ...fields });
            assert.equal((await set({ email: 'personne@exemple.org' })).status, 422);
            assert.equal((await set({})).status, 303);
            assert.equal((await set({})).status, 422, 'held already');
            const list = await staff.get(`${top}/gels`);
            assert.match(list.words('main'), /Formateur D.*Demande du tribunal/);
            const lift = list.html.querySelectorAll('li').find((line) => /Formateur D/.test(line.textContent)).querySelector('form').getAttribute('action');
            assert.equal((await staff.post(lift, { _csrf: csrfOf(list) })).status, 303);
            assert.equal((await staff.post(lift, { _csrf: csrfOf(list) })).status, 409);
            assert.equal(one("SELECT act FROM audit WHERE act LIKE 'hold.%' ORDER BY id"), 'hold.set\nhold.lifted');
        });

        test('nobody else gets to any of it', async () => {
            const rows = JSON.parse((await edulab(['routes', '--json'])).stdout).filter((row) => row.path.startsWith(top));
            assert.ok(rows.length >= 8);
            for (const row of rows) assert.equal(row.access, 'privacy.manage', row.path);
            assert.equal((await learner.get(top)).status, 403);
        });

        if (engine === 'sqlite')
            test('public pages set no cookie but session and language, and name nothing of another host', async () => {
                const rows = JSON.parse((await edulab(['routes', '--json'])).stdout).filter((row) => row.method === 'GET' && row.access === 'public');
                const waiting = rows.filter((row) => !/[:*]/.test(row.path)).map((row) => row.path).concat('/?lang=en', '/nulle-part');
                const seen = new Set();
                const wrong = [];
                while (waiting.length && seen.size < 150) {
                    const path = waiting.shift();
                    if (seen.has(path)) continue;
                    seen.add(path);
                    const response = await fetch(server.url + path, { redirect: 'manual' });
                    for (const line of setCookies(response.headers)) if (!/^((__Host-)?edulab|lang)=/.test(line)) wrong.push(`${path} sets ${line}`);
                    const text = await response.text();
                    if (!/text\/html/.test(response.headers.get('content-type') ?? '')) continue;
                    const policy = response.headers.get('content-security-policy') ?? '';
                    if (!/default-src '(self|none)'/.test(policy) || /https?:/.test(policy)) wrong.push(`${path}: policy ${policy}`);
                    for (const [, address] of text.matchAll(/<(?:script|img|link|iframe|video|audio|source|track|object|embed)\b[^>]*\s(?:src|href|data)="([^"]*)"/g))
                        if (/^(https?:)?\/\//.test(address) && new URL(address, server.url).origin !== server.url) wrong.push(`${path} loads ${address}`);
                    for (const [, next] of text.matchAll(/<a\b[^>]*\shref="(\/[^"?#]*)/g)) if (!/deconnexion|^\/api/.test(next)) waiting.push(next);
                }
                assert.ok(seen.size > 30, `${seen.size} pages`);
                assert.deepEqual(wrong, []);
            });
    });
