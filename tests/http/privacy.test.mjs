// Each person master of their data: nothing held is forgotten, agreements are kept to the letter, the file has everything
// and goes to its owner only, and an erased account leaves no name behind. On both engines.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { databaseFile, sql } from '../lib/crowd.mjs';
import { csrfOf, newVisitor } from '../lib/http.mjs';
import { linkIn, waitForMail } from '../lib/mail.mjs';
import { longPassword, newcomer } from '../lib/people.mjs';
import { demoAccounts, edulab, startServer, stopPostgres } from '../lib/server.mjs';
import { readZip } from '../lib/zip.mjs';

after(stopPostgres);
const accounts = Object.fromEntries((await demoAccounts()).map((account) => [account.role, account]));

async function until(look, what) {
    for (let i = 0; i < 200; i++) {
        const found = await look();
        if (found) return found;
        await sleep(50);
    }
    throw new Error(`not within ten seconds: ${what}`);
}

for (const engine of ['sqlite', 'pgsql']) {
    describe(engine, () => {
        const check = (name, run) => test(`${name} (${engine})`, run);
        let server;
        let learner;
        let staff;
        async function begin() {
            if (server) return;
            server = await startServer({ engine });
            [learner, staff] = [newVisitor(server), newVisitor(server)];
            await learner.signIn(accounts.learner);
            await staff.signIn(accounts.staff);
        }
        after(() => server?.stop());
        const one = (text) => sql(server, text);
        const idOf = (email) => one(`SELECT id FROM person WHERE email = '${email}'`);
        let jobs = 0;
        // Runs a job of the program now.
        async function run(kind) {
            const key = `test-${jobs++}`;
            one(`INSERT INTO work_job (id, kind, key, lane, payload, state, due_at, created_at) VALUES (${Date.now()}${jobs}, '${kind}', '${key}', 0, '{}', 0, 1, 1)`);
            await until(() => ['2', '3'].includes(one(`SELECT state FROM work_job WHERE kind = '${kind}' AND key = '${key}'`)), kind);
            assert.equal(one(`SELECT state FROM work_job WHERE kind = '${kind}' AND key = '${key}'`), '2', one(`SELECT error FROM work_job WHERE key = '${key}'`));
        }

        check('every column that names a person is answered for', async () => {
            await begin();
            const answered = new Map((await edulab(['privacy', 'columns', '--data', server.data], { database: server.database })).stdout.trim().split('\n').map((line) => line.split('\t')));
            assert.ok(answered.size > 15);
            const all = one(server.database
                ? "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'"
                : "SELECT m.name || '.' || c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'").split('\n');
            const foreign = one(server.database
                ? `SELECT k.table_name || '.' || k.column_name FROM information_schema.key_column_usage k
                   JOIN information_schema.referential_constraints r USING (constraint_name)
                   JOIN information_schema.table_constraints t ON t.constraint_name = r.unique_constraint_name WHERE t.table_name = 'person'`
                : "SELECT m.name || '.' || f.\"from\" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f.\"table\" = 'person'").split('\n');
            const named = all.filter((column) => /\.(\w+_)?(person|person_id|email|recipient|actor|peer|\w+_by)$/.test(column));
            const wanted = [...new Set([...named, ...foreign])].filter(Boolean);
            assert.ok(wanted.length > 15, wanted.join());
            assert.deepEqual(wanted.filter((column) => !answered.has(column)), [], 'name them in the privacy record of their module');
            assert.deepEqual([...answered.keys()].filter((column) => !all.includes(column)), [], 'there is no such column');
        });

        check('nothing is agreed to beforehand; a yes is kept with the words, a no is another row, and neither can be rewritten', async () => {
            await begin();
            const page = await learner.get('/compte/accords');
            const switches = page.html.querySelectorAll('[role=switch]');
            assert.ok(switches.length >= 3);
            for (const each of switches) assert.equal(each.getAttribute('aria-checked'), 'false');
            assert.equal(one('SELECT count(*) FROM consent'), '0');
            const form = (given) => ({ _csrf: csrfOf(page), purpose: 'newsletter', version: '1', given });
            assert.equal((await learner.post('/compte/accords', form('1'))).status, 303);
            const shown = page.html.querySelector('#t-newsletter').textContent;
            const sha = createHash('sha256').update(shown).digest('hex');
            assert.equal(one('SELECT purpose, version, given, text_sha256, locale, method, source_page FROM consent'), `newsletter|1|1|${sha}|fr|switch|/compte/accords`);
            assert.equal(one('SELECT text FROM consent_text'), shown);
            const checked = async () => (await learner.get('/compte/accords')).html.querySelector('[aria-labelledby="h-newsletter"][role=switch]').getAttribute('aria-checked');
            assert.equal(await checked(), 'true');
            assert.equal((await learner.post('/compte/accords', form('0'))).status, 303);
            assert.equal(await checked(), 'false');
            assert.equal(one('SELECT given FROM consent ORDER BY id'), '1\n0');
            assert.throws(() => one('UPDATE consent SET given = 1'), /never changed/);
            assert.throws(() => one("UPDATE consent_text SET text = 'x'"), /never changed/);
            assert.equal((await learner.post('/compte/accords', { ...form('1'), purpose: 'everything' })).status, 404);
        });

        check('words of another version are not agreed to, and who agreed to earlier ones is asked again', async () => {
            await begin();
            const page = await learner.get('/compte/accords');
            const before = one('SELECT count(*) FROM consent');
            assert.equal((await learner.post('/compte/accords', { _csrf: csrfOf(page), purpose: 'images', version: '9', given: '1' })).status, 409);
            assert.equal(one('SELECT count(*) FROM consent'), before);
            one(`INSERT INTO consent_text VALUES ('${'a'.repeat(64)}', 'images', 0, 'fr', 'Autrefois', 1);
                 INSERT INTO consent VALUES (${Date.now()}, ${idOf(accounts.learner.email)}, 'images', 0, 1, '${'a'.repeat(64)}', 'fr', 'switch', '/', 1)`);
            const again = await learner.get('/compte/accords');
            assert.equal(again.html.querySelector('[aria-labelledby="h-images"][role=switch]').getAttribute('aria-checked'), 'false', 'an old yes is none');
            assert.match(again.words('main'), /Le texte a changé/);
            assert.ok((await learner.get('/mon-espace')).html.querySelector('main a[href="/compte/accords"]'), 'said where one passes by');
            await learner.post('/compte/accords', { _csrf: csrfOf(again), purpose: 'images', version: '1', given: '1' });
            assert.ok(!(await learner.get('/mon-espace')).html.querySelector('main a[href="/compte/accords"]'));
        });

        check('the page shows what is held, and nothing of others', async () => {
            await begin();
            const page = await learner.get('/compte/donnees');
            const words = page.words('main');
            for (const held of [accounts.learner.email, accounts.learner.name, 'STEAMagine 1', 'La lettre de l’atelier']) assert.ok(words.includes(held), held);
            for (const other of [accounts.staff.email, accounts.trainer.email, accounts.coach.name]) assert.ok(!words.includes(other), other);
        });

        check('the file: everything, readable by people and programs, for its owner alone, for seven days', async () => {
            await begin();
            await learner.post('/compte/securite/mot-de-passe/lien', { _csrf: csrfOf(await learner.get('/compte/securite/mot-de-passe')) });
            const asked = await learner.submit(await learner.get('/compte/donnees'), 'form[action="/compte/donnees/export"]');
            assert.equal(asked.status, 303);
            const link = await until(async () => (await learner.get('/compte/donnees')).html.querySelector('a[href$=".zip"]')?.getAttribute('href'), 'the file');
            const answer = await learner.get(link);
            assert.equal(answer.status, 200);
            assert.equal(answer.type, 'application/zip');
            assert.match(answer.headers.get('content-disposition'), /attachment/);
            const files = readZip(answer.bytes);
            const top = 'mes-donnees-edulab/';
            const data = JSON.parse(files.get(`${top}donnees.json`));
            assert.equal(data.people.account[0].email, accounts.learner.email);
            assert.ok(data.learning.enrolments.some(({ title }) => title === 'STEAMagine 1'));
            assert.equal(data.privacy.consents.filter(({ purpose }) => purpose === 'newsletter').length, 2);
            assert.match(data.people.account[0].created_at, /^\d{4}-\d\d-\d\dT/);
            assert.ok(data.access.mails.some(({ body }) => body.includes('/connexion/mot-de-passe?jeton=…')));
            for (const [name, bytes] of files) assert.ok(!/jeton=[\w-]{20}/.test(bytes.toString('latin1')), `${name}: no key that opens something`);
            const page = files.get(`${top}index.html`).toString();
            assert.ok(page.includes(accounts.learner.email) && page.includes('STEAMagine 1'));
            assert.doesNotMatch(page, /<script|https?:\/\/(?!127\.0\.0\.1|localhost)[^\s"<]*\.(js|css)/);
            const sheet = files.get(`${top}csv/learning-enrolments.csv`).toString();
            assert.ok(sheet.startsWith('\uFEFF'), 'Excel sees UTF-8');
            assert.match(sheet, /STEAMagine 1;/);
            assert.equal(sheet.trim().split('\r\n').length, data.learning.enrolments.length + 1);
            for (const other of [staff, newVisitor(server)]) {
                const refused = await other.get(link);
                assert.ok([303, 404].includes(refused.status), String(refused.status));
                assert.ok(!refused.bytes.subarray(0, 2).equals(Buffer.from('PK')));
            }
            assert.equal((await staff.get(link.replace(/[^/]+$/, '').replace(/\/$/, '') + '/avancement')).status, 404);
            // Seven days later.
            const file = join(server.data, 'exports', readdirSync(join(server.data, 'exports')).find((name) => name.endsWith('.zip')));
            one('UPDATE data_export SET expires_at = 1');
            assert.equal((await learner.get(link)).status, 410);
            await run('privacy.sweep');
            assert.ok(!existsSync(file), 'the file is gone');
            assert.equal(one('SELECT count(*) FROM data_export'), '0');
        });

        check('holders of badges take each along as picture and document', async () => {
            await begin();
            const badge = one('SELECT person_id FROM badge_assertion LIMIT 1');
            if (!badge) await staff.submit(await staff.get('/badges/ia-referent'), 'form[action$="/remise"]', { email: accounts.learner.email, preuve: 'Vu en classe' });
            await learner.submit(await learner.get('/compte/donnees'), 'form[action="/compte/donnees/export"]');
            const link = await until(async () => (await learner.get('/compte/donnees')).html.querySelector('a[href$=".zip"]')?.getAttribute('href'), 'the file');
            const files = readZip((await learner.get(link)).bytes);
            const [png] = [...files].filter(([name]) => /fichiers\/badges\/.+\.png$/.test(name));
            assert.ok(png, [...files.keys()].join());
            assert.ok(png[1].includes('openbadges'));
            assert.equal(JSON.parse(files.get(png[0].replace('.png', '.json'))).type, 'Assertion');
        });

        const person = { name: 'Zénobie Partante', email: `partante-${engine}@example.org`, password: longPassword('partante') };
        let leaving;
        const close = async (fields) => leaving.submit(await leaving.get('/compte/donnees/fermer'), 'form[action="/compte/donnees/fermer"]', fields);

        check('closing asks for the password, says what stays, and can be taken back by a link', async () => {
            await begin();
            leaving = await newcomer(server, person);
            await leaving.submit(await leaving.get('/compte'), 'form[action="/compte"]', { subjects: 'zénobiologie', organisation: 'École Zénobie' });
            assert.equal((await leaving.post('/formations/steamagine1/inscription', { _csrf: csrfOf(await leaving.get('/compte')) })).status, 303);
            const page = await leaving.get('/compte/donnees/fermer');
            assert.match(page.words('main'), /Inscriptions.*financent/);
            assert.equal((await close({ password: 'pas-le-bon-mot', sure: '1' })).status, 422);
            assert.equal((await close({ password: person.password })).status, 422, 'without the tick');
            assert.equal(one('SELECT count(*) FROM closure'), '0');
            assert.equal((await close({ password: person.password, sure: '1' })).status, 303);
            const link = linkIn(await waitForMail(server.data, person.email, /Zénobie[^]*annuler/), '/fermeture/annuler');
            assert.match((await leaving.get('/compte/donnees')).words('main'), /sera effacé/);
            const stranger = newVisitor(server);
            const cancel = await stranger.get(link);
            assert.equal(cancel.status, 200);
            assert.equal(one('SELECT count(*) FROM closure WHERE cancelled_at IS NULL'), '1', 'looking changes nothing');
            assert.equal((await stranger.submit(cancel, 'form[action="/fermeture/annuler"]')).status, 303);
            assert.equal(one('SELECT count(*) FROM closure WHERE cancelled_at IS NULL'), '0');
            assert.equal((await stranger.get(link)).status, 410, 'once');
            one(`UPDATE work_job SET due_at = 1 WHERE kind = 'privacy.erase'`);
            await until(() => one("SELECT count(*) FROM work_job WHERE kind = 'privacy.erase' AND state = 2") === '1', 'the job of the cancelled closing');
            assert.equal(one(`SELECT name FROM person WHERE email = '${person.email}'`), person.name, 'nothing was erased');
        });

        check('under a legal hold nothing is erased', async () => {
            await begin();
            const id = idOf(person.email);
            assert.equal((await close({ password: person.password, sure: '1' })).status, 303);
            one(`INSERT INTO legal_hold (id, person_id, reason, set_by, set_at) VALUES (7, ${id}, 'tribunal', ${id}, 1)`);
            one(`UPDATE closure SET due_at = 1 WHERE cancelled_at IS NULL`);
            one(`UPDATE work_job SET due_at = 1 WHERE kind = 'privacy.erase' AND state = 0`);
            await until(() => one("SELECT count(*) FROM work_job WHERE kind = 'privacy.erase' AND state = 2") === '2', 'the job');
            assert.equal(one(`SELECT name FROM person WHERE id = ${id}`), person.name);
            one('UPDATE legal_hold SET lifted_at = 2, lifted_by = 1');
        });

        check('an erased account leaves no name, the place goes to the next, and what must stay stays', async () => {
            await begin();
            const id = idOf(person.email);
            const taken = () => Number(one("SELECT taken FROM cohort WHERE module_id IS NULL AND programme_id = (SELECT id FROM programme WHERE slug = 'steamagine1')"));
            const before = taken();
            one(`INSERT INTO module_completion (person_id, module_id, programme_id, completed_at) SELECT ${id}, id, programme_id, 1 FROM module LIMIT 1`);
            const bytes = server.database ? "'\\x01'::bytea" : "x'01'";
            one(`INSERT INTO passkey (id, person_id, credential, algorithm, public_key, sign_count, synced, name, made_at) VALUES (1, ${id}, ${bytes}, -8, ${bytes}, 0, 0, 'École Zénobie', 1)`);
            one(`INSERT INTO passkey_owner (person_id, handle) VALUES (${id}, ${bytes})`);
            one(`INSERT INTO profile_picture (person_id, size, picture, made_at) VALUES (${id}, 96, ${bytes}, 1)`);
            one(`INSERT INTO profile_page (person_id, slug, is_open, searchable, shown, about, changed_at) VALUES (${id}, 'zenobie', 1, 1, 1, '${person.name}', 1)`);
            one(`INSERT INTO profile_page_item (person_id, part, item) VALUES (${id}, 'badge', 1)`);
            await leaving.post('/compte/accords', { _csrf: csrfOf(await leaving.get('/compte/accords')), purpose: 'followup', version: '1', given: '1' });
            one(`INSERT INTO work_mail (id, recipient, subject, body, created_at) VALUES (5, '${person.email}', 'Jamais partie', '${person.name}', 1)`);
            one(`UPDATE work_job SET state = 0, due_at = 1 WHERE kind = 'privacy.erase' AND id = (SELECT max(id) FROM work_job WHERE kind = 'privacy.erase')`);
            await until(() => one(`SELECT count(*) FROM person WHERE id = ${id} AND closed_at IS NOT NULL`) === '1', 'the erasing');
            await waitForMail(server.data, person.email, /est effacé/);
            assert.equal(one(`SELECT count(*) FROM work_mail WHERE recipient = '${person.email}'`), '1', 'the farewell; what never left is gone too');
            assert.equal(one(`SELECT count(*) FROM session WHERE person_id = ${id}`), '0');
            for (const table of ['passkey', 'passkey_owner', 'profile_picture', 'profile_page', 'profile_page_item']) assert.equal(one(`SELECT count(*) FROM ${table} WHERE person_id = ${id}`), '0', table);
            assert.equal((await leaving.get('/compte/donnees')).status, 303, 'signed out everywhere');
            await assert.rejects(newVisitor(server).signIn(person), /422/);
            assert.equal(one(`SELECT count(*) FROM module_completion WHERE person_id = ${id}`), '1', 'counted for the funder');
            assert.equal(one(`SELECT count(*) FROM enrolment WHERE person_id = ${id}`), '0', 'a training that never began is forgotten');
            assert.equal(taken(), before - 1);
            assert.equal(one(`SELECT count(*) FROM consent WHERE person_id = ${id}`), '1', 'the proof stays');
            assert.equal(one(`SELECT act FROM audit WHERE kind = 'person' AND object = ${id} ORDER BY id DESC LIMIT 1`), 'account.erased');
            // What is left of the letters is the farewell; it goes with the others after a week.
            one(`DELETE FROM work_mail WHERE recipient = '${person.email}'`);
            if (!server.database) {
                const dump = execFileSync('sqlite3', ['-batch', databaseFile(server.data), '.dump'], { encoding: 'utf8', maxBuffer: 1 << 28 });
                for (const word of [person.name, person.email, 'zénobiologie', 'École Zénobie'])
                    assert.deepEqual(dump.split('\n').filter((line) => line.includes(word)).map((line) => line.slice(0, 200)), [], word);
            }
            assert.equal(one("SELECT count(*) FROM work_job WHERE state = 3"), '0', one("SELECT kind || error FROM work_job WHERE state = 3"));
        });
    });
}
