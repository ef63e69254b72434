// Two accounts that are one person, two entries that are one school: suggested, side by side, made one, parted again. Every
// column that names a person is filled for both, so that a table of a later module that is forgotten is found here.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, idText, newVisitor } from '../lib/http.mjs';
import { waitForMail } from '../lib/mail.mjs';
import { longPassword, newcomer } from '../lib/people.mjs';
import { demoAccounts, edulab, startServer, stopPostgres } from '../lib/server.mjs';
import { top as tree, tracked } from '../lib/tree.mjs';

after(stopPostgres);
const accounts = Object.fromEntries((await demoAccounts()).map((account) => [account.role, account]));
const top = '/gestion/fusions';

// What a column lets in, where its table says so: "table.column" → the first value of CHECK (column IN (…)).
const allowed = new Map(tracked('src').filter((path) => /\/schema\/.*\.sql$/.test(path)).flatMap((path) =>
    [...readFileSync(join(tree, path), 'utf8').matchAll(/CREATE TABLE (\w+) \(([\s\S]*?)\) STRICT/g)].flatMap(([, table, body]) =>
        [...body.matchAll(/CHECK \(\s*(\w+) IN \(\s*('[^']*'|\d+)/g)].map(([, column, value]) => [`${table}.${column}`, value]))));

for (const engine of ['sqlite', 'pgsql'])
    describe(`merging on ${engine}`, () => {
        let server, staff;
        const one = (text) => sql(server, text);
        const idOf = (email) => one(`SELECT id FROM person WHERE email = '${email}'`);
        before(async () => {
            server = await startServer({ engine });
            staff = newVisitor(server);
            await staff.signIn(accounts.staff);
        });
        after(() => server?.stop());
        const person = (id, name, email) => one(`INSERT INTO person (id, name, email, lang, created_at, confirmed_at) VALUES (${id}, '${name}', '${email}', 'fr', 1, 1)`);
        const pair = (kept, gone) => staff.get(`${top}/personnes?garde=${idText(kept)}&part=${idText(gone)}`);
        const merge = async (kept, gone) => staff.submit(await pair(kept, gone), `form[action="${top}/personnes"]`);
        const undo = async () => staff.submit(await staff.get(top), 'form[action$="/annuler"]');

        // The integer columns of the privacy records that name a person.
        async function places() {
            const { stdout } = await edulab(['privacy', 'columns', '--data', server.data], { database: server.database });
            const numbers = new Set(one(server.database
                ? "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'bigint'"
                : "SELECT m.name || '.' || c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.type = 'INTEGER'").split('\n'));
            return stdout.trim().split('\n').map((line) => line.split('\t')[0]).filter((name) => numbers.has(name) && !/^(person|merge_run)\./.test(name));
        }
        // Table → [[column, type], …], read once.
        const columns = () => {
            const found = new Map();
            for (const line of one(server.database
                ? "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"
                : "SELECT m.name, c.name, c.type FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table'").split('\n')) {
                const [table, name, type] = line.split('|');
                found.set(table, [...found.get(table) ?? [], [name, type]]);
            }
            return found;
        };
        // A row of the table in which every number is `id`, whatever it refers to: keys of other tables are not checked here.
        let made = 0;
        const insertion = (known, table, column, id) => {
            made++;
            const values = known.get(table).map(([name, type]) => {
                if (name === column) return id;
                if (table === 'audit' && name === 'kind') return "'person'";
                if (allowed.has(`${table}.${name}`)) return allowed.get(`${table}.${name}`);
                if (/INTEGER|bigint/.test(type)) return String(900_000 + made);
                if (/BLOB|bytea/.test(type)) return server.database ? `'\\x${String(made).padStart(4, '0')}'::bytea` : `x'${String(made).padStart(4, '0')}'`;
                if (/REAL|double/.test(type)) return '1';
                return `'t${made}'`;
            });
            return `INSERT INTO ${table} (${known.get(table).map(([name]) => name).join(', ')}) VALUES (${values.join(', ')});`;
        };

        test('every row that names the one names the other afterwards, but what is never changed or opens an account; undo restores all of it', async () => {
            const [kept, gone] = ['31', '32'];
            person(kept, 'Zoé Fusion', 'zoe.a@fusion.example');
            person(gone, 'Fusion Zoé', 'zoe.b@fusion.example');
            const all = await places();
            assert.ok(all.length > 20, all.join());
            const known = columns();
            const free = server.database ? 'SET session_replication_role = replica;' : 'PRAGMA foreign_keys = OFF;'; // a row of its own for each place
            one(`${free}\n${all.map((place) => insertion(known, ...place.split('.'), gone)).join('\n')}`);
            const naming = (id) => one(all.map((place) => `SELECT '${place}' WHERE EXISTS (SELECT 1 FROM ${place.split('.')[0]} WHERE ${place.split('.')[1]} = ${id})`).join('\nUNION ALL ')).split('\n').filter(Boolean).sort();
            const before = naming(gone);
            assert.deepEqual(before, [...all].sort());
            const answer = await merge(kept, gone);
            assert.equal(answer.status, 303, answer.words('.errors'));
            const stays = ['session', 'half_session', 'mail_token', 'second_factor', 'recovery_code', 'email_change', 'passkey', 'passkey_owner', 'passkey_challenge', 'api_token'].map((table) => `${table}.person_id`).concat('audit.actor', 'audit.object', 'consent.person_id');
            const left = naming(gone).filter((place) => !stays.includes(place) && !['badge_assertion.person_id', 'badge_revocation.revoked_by'].includes(place));
            assert.deepEqual(left, [], 'these rows stayed with the account that was closed: why?');
            assert.equal(one(`SELECT count(*) FROM session WHERE person_id = ${gone}`), '0', 'signed out');
            assert.equal(one(`SELECT email, closed_at IS NULL FROM person WHERE id = ${gone}`).replace(/\|(0|f)$/, ''), 'fusion-32@compte.invalid');
            assert.match(one("SELECT after FROM audit WHERE act = 'person.merged'"), /^\{"number":"\w{13}"\}$/, 'no name, which would outlive the account');
            assert.equal((await undo()).status, 303);
            assert.deepEqual(naming(gone), before.filter((place) => !/^(half_)?session\./.test(place) || naming(gone).includes(place)));
            assert.equal(one(`SELECT email FROM person WHERE id = ${gone} AND closed_at IS NULL`), 'zoe.b@fusion.example');
            assert.equal(one('SELECT count(*) FROM merge_row'), '0');
            assert.equal((await staff.post(`${top}/${idText(one('SELECT max(id) FROM merge_run'))}/annuler`, { _csrf: csrfOf(await staff.get(top)) })).status, 409, 'once');
            one(`${free}\n${all.filter((place) => !/^(audit|consent)\./.test(place)).map((place) => `DELETE FROM ${place.split('.')[0]} WHERE ${place.split('.')[1]} = ${gone};`).join('\n')}`);
        });

        test('what both have stays with the closed one, is said beforehand, and is shown and erased with the one that is kept', async () => {
            const [a, b] = [{ name: 'Ada Double', email: `ada1-${engine}@fusion.example`, password: longPassword('ada') }, { name: 'Double Ada', email: `ada2-${engine}@fusion.example`, password: longPassword('adada') }];
            const first = await newcomer(server, a);
            const second = await newcomer(server, b);
            for (const each of [first, second]) assert.equal((await each.post('/formations/steamagine1/inscription', { _csrf: csrfOf(await each.get('/compte')) })).status, 303);
            await second.submit(await second.get('/compte'), 'form[action="/compte"]', { subjects: 'latin' });
            const [kept, gone] = [idOf(a.email), idOf(b.email)];
            const list = await staff.get(top);
            assert.match(list.words('main'), /Ada Double|Double Ada/, 'the same words in another order');
            assert.ok(list.html.querySelectorAll('a[href*="/personnes?"]').some((link) => link.getAttribute('href').includes(idText(kept)) && link.getAttribute('href').includes(idText(gone))));
            const preview = await pair(kept, gone);
            assert.match(preview.words('main'), /ada1.*ada2/);
            assert.match(preview.words('table'), /Inscriptions|Formation/);
            assert.equal((await merge(kept, gone)).status, 303);
            assert.equal((await second.get('/compte')).status, 303, 'signed out');
            for (const [to, other] of [[a, b], [b, a]]) {
                const letter = await waitForMail(server.data, to.email, /comptes/);
                assert.ok(!JSON.stringify(letter).includes(other.email), 'a letter names the other address');
            }
            await assert.rejects(newVisitor(server).signIn(b), /422/);
            assert.equal(one(`SELECT count(*) FROM enrolment WHERE person_id = ${kept}`), '1');
            assert.equal(one(`SELECT count(*) FROM enrolment WHERE person_id = ${gone}`), '1', 'would stand twice');
            const mine = await first.get('/compte/donnees');
            assert.equal(mine.words('main').match(/Groupe de décembre(?!\s*:)/g)?.length, 2, 'both are shown to the owner; a letter names it before a colon');
            person('51', 'Autre Personne', b.email);
            assert.equal((await undo()).status, 409, 'the address is taken by somebody else');
        });

        test('nobody merges an account that may do more than they; unknown and equal ones are refused', async () => {
            const me = idOf(accounts.staff.email);
            person('41', 'Équipe Double', 'equipe2@fusion.example');
            assert.equal((await merge('41', me)).status, 422, 'the account one is signed in with');
            one(`INSERT INTO legal_hold (id, person_id, reason, set_by, set_at) VALUES (71, 41, 'tribunal', 1, 1)`);
            assert.equal((await merge(me, '41')).status, 422, 'under a hold');
            assert.equal((await staff.get(`${top}/personnes?garde=${idText(me)}&part=${idText(me)}`)).status, 404);
            assert.equal((await staff.get(`${top}?un=rien&deux=rien`)).status, 422);
            assert.equal((await staff.get(`${top}?un=${accounts.staff.email}&deux=equipe2%40fusion.example`)).status, 303);
            const learner = newVisitor(server);
            await learner.signIn(accounts.learner);
            assert.equal((await learner.get(top)).status, 403);
        });

        test('two entries of one school: people, roles and what lies below move; parted again as before', async () => {
            const id = (name) => one(`SELECT id FROM organisation WHERE name = '${name}'`);
            const add = async (fields) => staff.submit(await staff.get('/gestion/organisations/ajouter'), 'form[action="/gestion/organisations/ajouter"]', fields);
            await add({ sorte: 'authority', nom: 'PO Fusion', code: 'FU-1', parent: 'FELSI' });
            await add({ sorte: 'authority', nom: 'Fusion, PO', code: 'FU-2', parent: 'CECP' });
            await add({ sorte: 'school', nom: 'École Fusionnée', code: 'FU-3', parent: 'FU-2' });
            const [kept, gone, school] = [id('PO Fusion'), id('Fusion, PO'), id('École Fusionnée')];
            const learner = idOf(accounts.learner.email);
            one(`INSERT INTO membership (id, organisation_id, person_id, role, starts_at) VALUES (81, ${gone}, ${learner}, 'head', 1), (82, ${gone}, ${learner}, 'coach', 1), (83, ${kept}, ${learner}, 'coach', 1)`);
            one(`INSERT INTO person_role (person_id, role, scope_kind, scope_id, starts_at, granted_at) VALUES (${learner}, 'network', 'organisation', ${gone}, 1, 1)`);
            assert.match((await staff.get(top)).words('main'), /PO Fusion|Fusion, PO/);
            const whole = () => {
                const parent = new Map(one('SELECT id, coalesce(parent_id, 0) FROM organisation').split('\n').map((line) => line.split('|')));
                const expected = [...parent.keys()].flatMap((each) => { const found = []; for (let at = each, depth = 0; at && at !== '0'; at = parent.get(at), depth++) found.push(`${each}|${at}|${depth}`); return found; }).sort();
                assert.deepEqual(one('SELECT below_id, above_id, depth FROM organisation_above').split('\n').sort(), expected);
            };
            const page = await staff.get(`${top}/organisations?garde=${idText(kept)}&part=${idText(gone)}`);
            assert.equal((await staff.submit(page, `form[action="${top}/organisations"]`)).status, 303);
            assert.equal(one(`SELECT parent_id FROM organisation WHERE id = ${school}`), kept);
            assert.equal(one(`SELECT organisation_id FROM membership WHERE id IN (81, 82, 83) ORDER BY id`), `${kept}\n${gone}\n${kept}`);
            assert.equal(one(`SELECT scope_id FROM person_role WHERE role = 'network' AND person_id = ${learner}`), kept);
            assert.equal((await staff.get(`/gestion/organisations/${idText(gone)}`)).status, 404);
            whole();
            assert.equal((await undo()).status, 303);
            assert.equal(one(`SELECT parent_id FROM organisation WHERE id = ${school}`), gone);
            assert.equal(one(`SELECT organisation_id FROM membership WHERE id IN (81, 82, 83) ORDER BY id`), `${gone}\n${gone}\n${kept}`);
            assert.equal(one(`SELECT code FROM organisation WHERE id = ${gone}`), 'FU-2');
            assert.equal(one(`SELECT scope_id FROM person_role WHERE role = 'network' AND person_id = ${learner}`), gone);
            whole();
        });
    });
