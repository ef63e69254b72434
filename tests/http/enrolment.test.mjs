// Getting into a group through the pages: questions, the head's agreement, the waiting list with a place kept until an answer,
// two meetings at once, taking back, and what programs get. On both engines.
// run: seconds=400, pgsql
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { makeToken, newProgram } from '../lib/api.mjs';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, newVisitor } from '../lib/http.mjs';
import { mails, waitForMail } from '../lib/mail.mjs';
import { longPassword, newcomer } from '../lib/people.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);

for (const engine of ['sqlite', 'pgsql'])
    describe(`enrolment on ${engine}`, () => {
        let server;
        let lou;
        let sam;
        let head;
        let staff;
        const check = (name, run) => test(`${name} (${engine})`, run);
        after(() => server?.stop());
        const one = (text) => sql(server, text);
        const idOf = (email) => one(`SELECT id FROM person WHERE email = '${email}'`);
        const post = async (visitor, path, fields = {}) => visitor.post(path, { _csrf: csrfOf(await visitor.get('/formations')), ...fields });
        const stateOf = (email, slug) => one(`SELECT state FROM enrolment WHERE person_id = ${idOf(email)} AND programme_id = (SELECT id FROM programme WHERE slug = '${slug}')`);
        const group = (label) => one(`SELECT id FROM cohort WHERE label = '${label}'`);
        const shown = (id) => BigInt(id).toString(32).padStart(13, '0').replace(/[a-v]/g, (c) => '0123456789abcdefghjkmnpqrstvwxyz'[parseInt(c, 32)]);

        async function begin() {
            if (server) return;
            server = await startServer({ engine });
            lou = await newcomer(server, { name: 'Lou Demande', email: 'lou@example.org', password: longPassword('demander') });
            sam = await newcomer(server, { name: 'Sam Attend', email: 'sam@example.org', password: longPassword('attendre') });
            const accounts = await demoAccounts();
            head = newVisitor(server);
            await head.signIn(accounts.find(({ role }) => role === 'head'));
            staff = newVisitor(server);
            await staff.signIn(accounts.find(({ role }) => role === 'staff'));
            // Lou teaches in the head's school.
            sql(server, `INSERT INTO membership (id, organisation_id, person_id, role, starts_at) SELECT 77, id, ${idOf('lou@example.org')}, 'member', 0 FROM organisation WHERE code = 'EX-1001'`);
        }

        check('one chooses a group, answers its questions, and the head is asked', async () => {
            await begin();
            const programme = await lou.get('/formations/personnes-relais');
            assert.ok(programme.html.querySelector('a[href="/formations/personnes-relais/inscription"]'), 'there is more to say than yes');
            const page = await lou.get('/formations/personnes-relais/inscription');
            const groups = page.html.querySelectorAll('a[href*="?groupe="]');
            assert.ok(groups.length >= 3, 'several groups');
            assert.match(page.words('main'), /direction de votre école doit donner son accord/);
            const second = await lou.get(groups[1].getAttribute('href'));
            const form = 'form[action="/formations/personnes-relais/inscription"]';
            const wrong = await lou.submit(second, form, { r1: 'À cheval' });
            assert.equal(wrong.status, 422);
            assert.match(wrong.words('.errors'), /Choisissez une des réponses/);
            const sent = await lou.submit(second, form, { r0: 'Mieux accompagner mes collègues', r1: 'En train' });
            assert.equal(sent.location, '/formations/personnes-relais?fait=demande');
            assert.equal(stateOf('lou@example.org', 'personnes-relais'), 'asked');
            assert.equal(one(`SELECT c.label FROM enrolment e JOIN cohort c ON c.id = e.cohort_id WHERE e.person_id = ${idOf('lou@example.org')}`), groups[1].textContent.trim());
            assert.match((await lou.get('/formations/personnes-relais')).words('main'), /attend l’accord de la direction/);
            assert.match((await lou.get('/mon-espace')).words('main'), /Attend l’accord/);
            assert.match((await waitForMail(server.data, 'lou@example.org', /Votre demande/)).text, /direction de votre école/);
            assert.match((await waitForMail(server.data, 'direction@exemple.be', /Lou Demande/)).text, /\/mon-espace\/accords/);
        });

        check('the head sees the answers and agrees; nobody else may', async () => {
            await begin();
            const path = `/mon-espace/accords/${shown(one(`SELECT id FROM enrolment WHERE state = 'asked'`))}`;
            assert.equal((await post(sam, path, { acte: 'oui' })).status, 404);
            assert.equal((await post(lou, path, { acte: 'oui' })).status, 404);
            assert.doesNotMatch((await sam.get('/mon-espace/accords')).words('main'), /Lou/);
            assert.match((await head.get('/mon-espace')).words('main'), /1 demande attend votre accord/);
            const page = await head.get('/mon-espace/accords');
            assert.match(page.words('main'), /Lou Demande.*Mieux accompagner mes collègues.*En train/);
            const taken = one(`SELECT taken FROM cohort WHERE id = (SELECT cohort_id FROM enrolment WHERE state = 'asked')`);
            assert.equal((await head.submit(page, `form[action="${path}"]`, { acte: 'peut-être' })).status, 422);
            assert.equal((await head.submit(page, `form[action="${path}"]`, { acte: 'oui' })).location, '/mon-espace/accords?fait=accord-donne');
            assert.equal(stateOf('lou@example.org', 'personnes-relais'), 'confirmed');
            assert.equal(one(`SELECT taken FROM cohort WHERE id = (SELECT cohort_id FROM enrolment WHERE person_id = ${idOf('lou@example.org')})`), String(Number(taken) + 1));
            assert.equal(one(`SELECT state FROM enrolment_step WHERE enrolment_id = (SELECT id FROM enrolment WHERE person_id = ${idOf('lou@example.org')}) ORDER BY id`), 'asked\napproved\nconfirmed');
            assert.match((await waitForMail(server.data, 'lou@example.org', /Accord donné/)).text, /confirmée/);
            assert.equal((await post(head, path, { acte: 'oui' })).location, '/mon-espace/accords?fait=accord-trop-tard');
        });

        check('a no comes with a word, and the person can ask again', async () => {
            await begin();
            sql(server, `INSERT INTO membership (id, organisation_id, person_id, role, starts_at) SELECT 78, id, ${idOf('sam@example.org')}, 'member', 0 FROM organisation WHERE code = 'EX-1001'`);
            await post(sam, '/formations/personnes-relais/inscription');
            const path = `/mon-espace/accords/${shown(one(`SELECT id FROM enrolment WHERE state = 'asked'`))}`;
            assert.equal((await post(head, path, { acte: 'non', mot: 'Parlons-en lundi.' })).location, '/mon-espace/accords?fait=accord-refuse');
            assert.match((await waitForMail(server.data, 'sam@example.org', /pas reçu d.accord/)).text, /Parlons-en lundi/);
            assert.equal(stateOf('sam@example.org', 'personnes-relais'), 'cancelled');
            assert.equal((await post(sam, '/formations/personnes-relais/inscription')).location, '/formations/personnes-relais?fait=demande');
            await post(sam, '/formations/personnes-relais/desinscription');
        });

        check('who would be in two places at once is told, and may go on knowingly', async () => {
            await begin();
            const mine = one(`SELECT m.id FROM meeting m JOIN enrolment e ON e.cohort_id = m.cohort_id WHERE e.person_id = ${idOf('lou@example.org')} ORDER BY m.starts_at LIMIT 1`);
            const other = one(`SELECT id FROM meeting WHERE cohort_id = ${group('Groupe de décembre')} ORDER BY starts_at LIMIT 1`);
            sql(server, `UPDATE meeting SET starts_at = (SELECT starts_at + 3600000 FROM meeting WHERE id = ${mine}), ends_at = (SELECT ends_at + 3600000 FROM meeting WHERE id = ${mine}) WHERE id = ${other}`);
            const told = await lou.submit(await lou.get('/formations/steamagine1'), 'form[action$="/inscription"]');
            assert.equal(told.status, 422);
            assert.match(told.words('main'), /deux endroits en même temps.*Personnes relais|deux endroits en même temps.*relais/i);
            assert.equal(stateOf('lou@example.org', 'steamagine1'), '');
            const knowingly = await lou.submit(told, 'form[action$="/inscription"]', { sais: '1' });
            assert.equal(knowingly.location, '/mon-espace?fait=inscrit');
            assert.match((await waitForMail(server.data, 'lou@example.org', /inscription à .*STEAMagine/)).text, /on vous attend aussi à/);
        });

        check('a place that is kept is taken up or given on; without an answer it goes on by the clock', async () => {
            await begin();
            const cohort = group('Promotion suivante');
            sql(server, `UPDATE cohort SET places = 1, taken = 0 WHERE id = ${cohort}`);
            const people = [];
            for (const i of [0, 1, 2, 3]) {
                people.push(await newcomer(server, { name: `File ${i}`, email: `file${i}@example.org`, password: longPassword(`file-${i}`) }));
                await post(people[i], '/formations/numefa/inscription');
            }
            const states = () => [0, 1, 2, 3].map((i) => stateOf(`file${i}@example.org`, 'numefa'));
            assert.deepEqual(states(), ['confirmed', 'waiting', 'waiting', 'waiting']);
            await post(people[0], '/formations/numefa/desinscription');
            assert.deepEqual(states(), ['cancelled', 'approved', 'waiting', 'waiting']);
            assert.match((await waitForMail(server.data, 'file1@example.org', /libérée/)).text, /jusqu.au/);
            assert.match((await people[1].get('/formations/numefa')).words('main'), /gardée pour vous jusqu’au/);
            assert.match((await people[1].get('/mon-espace')).words('main'), /place est gardée/);
            // Not theirs to answer.
            const kept = `/mon-espace/inscriptions/${shown(one(`SELECT id FROM enrolment WHERE state = 'approved'`))}/repondre`;
            assert.equal((await post(people[2], kept, { acte: 'oui' })).status, 404);
            const page = await people[1].get('/mon-espace/inscriptions');
            assert.equal((await people[1].submit(page, `form[action="${kept}"]`, { acte: 'non' })).status, 303);
            assert.deepEqual(states(), ['cancelled', 'cancelled', 'approved', 'waiting']);
            assert.equal((await post(people[1], kept, { acte: 'oui' })).location, '/mon-espace/inscriptions?fait=place-partie');
            // The clock: the time to answer is over.
            sql(server, `UPDATE enrolment SET kept_until = 1 WHERE state = 'approved'`);
            sql(server, `INSERT INTO work_job (id, kind, key, lane, payload, due_at, created_at) VALUES (5, 'learning.places', 'essai', 0, '{}', 1, 1)`);
            for (let i = 0; i < 200 && states()[2] === 'approved'; i++) await new Promise((go) => { setTimeout(go, 100); });
            assert.deepEqual(states(), ['cancelled', 'cancelled', 'cancelled', 'approved']);
            assert.equal(one(`SELECT taken FROM cohort WHERE id = ${cohort}`), '1');
            const last = await people[3].get('/mon-espace/inscriptions');
            assert.equal((await people[3].submit(last, 'form[action$="/repondre"]', { acte: 'oui' })).location, '/mon-espace?fait=inscrit');
            assert.deepEqual(states(), ['cancelled', 'cancelled', 'cancelled', 'confirmed']);
            assert.match((await waitForMail(server.data, 'file2@example.org', /quelqu.un d.autre/)).text, /réinscrire/);
        });

        check('leaving can be taken back from the page', async () => {
            await begin();
            const sheet = await lou.get('/formations/steamagine1');
            const left = await lou.submit(sheet, 'form[action$="/desinscription"]');
            assert.equal(left.location, '/mon-espace/inscriptions?fait=desinscrit');
            const page = await lou.get('/mon-espace/inscriptions');
            assert.equal((await lou.submit(page, 'form[action$="/reprendre"]')).location, '/mon-espace/inscriptions?fait=inscrit');
            assert.equal(stateOf('lou@example.org', 'steamagine1'), 'confirmed');
            const mine = `/mon-espace/inscriptions/${shown(one(`SELECT e.id FROM enrolment e WHERE e.person_id = ${idOf('lou@example.org')} AND e.state = 'confirmed' ORDER BY e.id LIMIT 1`))}/reprendre`;
            assert.equal((await post(lou, mine)).status, 409);
            assert.equal((await post(sam, mine)).status, 404);
        });

        check('closed groups take nobody', async () => {
            await begin();
            const cohort = group('Groupe de février');
            sql(server, `INSERT INTO cohort_plan (cohort_id, closes_at, approval, answer_hours, note, created_at, changed_at) VALUES (${cohort}, 1, 0, 0, '', 1, 1) ON CONFLICT (cohort_id) DO UPDATE SET closes_at = 1`);
            assert.match((await sam.get('/formations/steamagine2')).words('main'), /Aucun groupe n’est ouvert/);
            assert.equal((await post(sam, '/formations/steamagine2/inscription')).status, 409);
            assert.equal((await post(sam, '/formations/steamagine1/inscription', { groupe: shown(cohort) })).status, 409, 'the group of another programme');
        });

        check('a program sees and asks the same', async () => {
            await begin();
            const program = newProgram(server, await makeToken(lou, { access: 'ecrire', rights: ['learning.enrol'] }));
            const list = await program.get('/api/v1/inscriptions');
            assert.equal(list.status, 200);
            assert.deepEqual(list.json().items.map(({ slug, state }) => `${slug} ${state}`).sort(), ['personnes-relais confirmed', 'steamagine1 confirmed']);
            const asked = await program.post('/api/v1/formations/referent-ia/inscription', {});
            assert.equal(asked.status, 200, JSON.stringify(asked.json()));
            assert.equal(asked.json().state, 'confirmed');
        });

        check('who is erased leaves no answers, and their place goes on', async () => {
            await begin();
            assert.ok(Number(one('SELECT count(*) FROM enrolment_answer')) > 0);
            const page = await lou.get('/compte/donnees');
            assert.equal(page.status, 200);
            assert.match(page.words('main'), /Réponses à l’inscription/);
            assert.ok(mails(server.data).length > 0);
        });
    });
