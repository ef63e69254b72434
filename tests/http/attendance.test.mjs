// Who was there: signed by the code on the screen, written on the trainer's list, corrected with a reason; the hours follow. On both
// engines.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, idText, newVisitor } from '../lib/http.mjs';
import { longPassword, newcomer } from '../lib/people.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);

const MINUTE = 60000;

for (const engine of ['sqlite', 'pgsql'])
    describe(`attendance on ${engine}`, () => {
        let server;
        let people;
        let trainer;
        let half; // of today, begun a while ago
        const check = (name, run) => test(`${name} (${engine})`, run);
        after(() => server?.stop());
        const one = (text) => sql(server, text);
        const idOf = (i) => one(`SELECT id FROM person WHERE email = 'presence${i}@example.org'`);
        const post = async (visitor, path, fields = []) => visitor.post(path, [['_csrf', csrfOf(await visitor.get('/formations'))], ...fields]);
        const begins = (minutesAgo) => one(`UPDATE meeting_half SET starts_at = ${Date.now() - minutesAgo * MINUTE}, ends_at = ${Date.now() + (180 - minutesAgo) * MINUTE} WHERE id = ${half}`);
        const codeNow = async () => (await trainer.get(`/gestion/presences/${idText(half)}/code`)).html.querySelector('.code-big').textContent.trim();
        const hours = (i) => one(`SELECT coalesce(sum(minutes), 0) FROM hours_entry WHERE person_id = ${idOf(i)} AND key LIKE '%attendance/%'`);
        const marks = (i) => one(`SELECT state, way, minutes, reason FROM attendance_mark WHERE person_id = ${idOf(i)} AND half_id = ${half} ORDER BY id`);

        async function begin() {
            if (server) return;
            server = await startServer({ engine });
            people = [];
            for (const i of [0, 1, 2, 3]) {
                people.push(await newcomer(server, { name: `Présence ${i}`, email: `presence${i}@example.org`, password: longPassword(`presence-${i}`) }));
                if (i < 3) await post(people[i], '/formations/referent-ia/inscription');
            }
            trainer = newVisitor(server);
            await trainer.signIn((await demoAccounts()).find(({ role }) => role === 'trainer'));
            half = one("SELECT h.id FROM meeting_half h JOIN meeting m ON m.id = h.meeting_id JOIN cohort c ON c.id = m.cohort_id WHERE c.label LIKE 'Atelier d%aujourd%' ORDER BY h.position LIMIT 1");
            one(`UPDATE meeting SET starts_at = ${Date.now() - 300 * MINUTE}, ends_at = ${Date.now() + 300 * MINUTE} WHERE id = (SELECT meeting_id FROM meeting_half WHERE id = ${half})`);
            one(`UPDATE meeting_half SET removed_at = 1 WHERE meeting_id = (SELECT meeting_id FROM meeting_half WHERE id = ${half}) AND id <> ${half}`);
            for (const i of [0, 1, 2])
                one(`INSERT INTO date_place (cohort_id, person_id, state, steps, changed_at) SELECT m.cohort_id, ${idOf(i)}, 'confirmed', 1, 1 FROM meeting m JOIN meeting_half h ON h.meeting_id = m.id WHERE h.id = ${half}`);
            begins(5);
        }

        check('who is in the room signs by the code, once, and the hours follow', async () => {
            await begin();
            assert.match((await people[0].get('/mon-espace')).words('main'), /Signez votre présence/);
            const page = await people[0].get('/presence');
            assert.match(page.words('main'), /Code affiché/);
            assert.equal((await people[0].submit(page, 'form[action="/presence"]', { code: '12 34' })).status, 422);
            const signed = await people[0].submit(page, 'form[action="/presence"]', { code: await codeNow() });
            assert.equal(signed.location, `/presence?seance=${idText(half)}&fait=presence-signee`);
            assert.match((await people[0].get(signed.location)).words('main'), /Signé à .*Présent/);
            assert.equal(marks(0), 'present|code|180|');
            assert.equal(hours(0), '180');
            assert.equal((await post(people[0], '/presence', [['seance', idText(half)], ['code', await codeNow()]])).location, `/presence?seance=${idText(half)}&fait=deja-signee`);
            assert.equal(marks(0), 'present|code|180|', 'still one word');
            assert.doesNotMatch((await people[0].get('/mon-espace')).words('main'), /Signez votre présence/);
            assert.match((await people[0].get('/mon-espace/presences')).words('tbody'), /Présent·e.*3 h/);
            assert.match((await people[0].get('/mon-espace/heures/referent-ia')).words('main'), /Signée? sur la liste|3 h/);
        });

        check('who comes late is late, and what was missed does not count', async () => {
            await begin();
            begins(40);
            await post(people[1], '/presence', [['seance', idText(half)], ['code', await codeNow()]]);
            assert.match(marks(1), /^late\|code\|1(39|40)\|$/);
        });

        check('the code is of this half-day, for who is expected, while it can be signed', async () => {
            await begin();
            assert.equal((await post(people[3], '/presence', [['seance', idText(half)], ['code', await codeNow()]])).status, 404, 'not enrolled');
            assert.equal((await people[3].get(`/gestion/presences/${idText(half)}/code`)).status, 403);
            assert.equal((await newVisitor(server).get('/presence')).location, '/connexion?suite=%2Fpresence');
            const code = await codeNow();
            begins(240);
            assert.equal((await post(people[2], '/presence', [['seance', idText(half)], ['code', code]])).status, 409, 'over');
            assert.match((await trainer.get(`/gestion/presences/${idText(half)}/code`)).words('main'), /ne peut pas être signée/);
            begins(40);
            const answers = [];
            for (let i = 0; i < 9; i++) answers.push((await post(people[2], '/presence', [['seance', idText(half)], ['code', '000000']])).status);
            assert.equal(answers[0], 422);
            assert.equal(answers.at(-1), 429, 'nobody tries them all');
            assert.equal(marks(2), '');
        });

        check('the trainer keeps the list; a correction says why, and everything stays to read', async () => {
            await begin();
            const path = `/gestion/presences/${idText(half)}`;
            const page = await trainer.get(path);
            assert.match(page.words('tbody'), /Présence 0.*par le code/);
            const vus = page.html.querySelector('[name=vus]').getAttribute('value');
            const word = (i, state) => ['marques', `${idText(idOf(i))}.${state}`];
            const save = (...fields) => post(trainer, path, [['vus', vus], ...fields]);
            assert.equal((await save(word(0, 'present'), word(2, 'excused'), ['motif', 'Malade'])).location, `${path}?fait=liste-gardee`);
            assert.equal(marks(0), 'present|code|180|', 'as it was shown: no word');
            assert.equal(marks(2), 'excused|list|0|Malade');
            // What was shown changes: a reason is asked for.
            assert.equal((await save(word(0, 'late.30'))).status, 422);
            assert.equal((await save(word(0, 'late.30'), ['motif', 'Parti à 11 h 30'])).status, 303);
            assert.equal(marks(0), 'present|code|180|\nlate|list|150|Parti à 11 h 30');
            assert.equal(hours(0), '150', 'the ledger took back and added');
            assert.equal(one(`SELECT count(*) FROM hours_entry WHERE person_id = ${idOf(0)} AND origin = 'taken-back'`), '1');
            // The same once more, as a phone does that was not sure: it counts once.
            assert.equal((await save(word(0, 'late.30'), ['motif', 'Parti à 11 h 30'])).location, `${path}?fait=liste-pareille`);
            const history = (await trainer.get(path)).words('details tbody');
            assert.match(history, /En retard.*Parti à 11 h 30.*Présent/s);
            assert.match((await people[0].get('/mon-espace/presences')).words('tbody'), /En retard.*Parti à 11 h 30/);
            // Nonsense is left out; another's half-day is not theirs to write.
            assert.equal((await save(['marques', 'x.present'], ['marques', `${idText(idOf(3))}.present`], word(1, 'gone'))).location, `${path}?fait=liste-pareille`);
            assert.equal((await post(people[0], path, [word(0, 'present')])).status, 403);
        });

        check('who signs while the list is open is left in peace; all the others at once', async () => {
            await begin();
            const path = `/gestion/presences/${idText(half)}`;
            one(`DELETE FROM attendance_mark WHERE half_id = ${half} AND person_id = ${idOf(1)}`);
            const page = await trainer.get(path);
            const row = page.html.querySelectorAll('tbody tr').find((tr) => /Présence 1/.test(tr.textContent));
            assert.equal(row.querySelector('option[selected]').getAttribute('value'), '', 'nothing said yet');
            begins(5);
            assert.equal((await post(people[1], '/presence', [['seance', idText(half)], ['code', await codeNow()]])).status, 303);
            assert.equal((await trainer.submit(page, `form[action="${path}"]`, { reste: '1' })).status, 303);
            assert.equal(marks(1), 'present|code|180|');
            const counts = (await trainer.get(path)).html.querySelectorAll('table.list option[selected]').map((option) => option.getAttribute('value')).filter((value) => !value);
            assert.equal(counts.length, 0, 'everyone has a word');
        });

        check('a whole group as a grid and as a table; being there does the step of the module', async () => {
            await begin();
            const group = one(`SELECT m.cohort_id FROM meeting m JOIN meeting_half h ON h.meeting_id = m.id WHERE h.id = ${half}`);
            const path = `/gestion/presences/groupes/${idText(group)}`;
            const grid = await trainer.get(path);
            const row = grid.html.querySelectorAll('table.grid tbody tr').find((tr) => /Présence 0/.test(tr.textContent));
            assert.match(row.textContent.replace(/\s+/g, ' '), /En retard.*1.*2 h 30/);
            const csv = await trainer.get(`${path}/tableau.csv`);
            assert.match(csv.text, /Présence 0;En retard;1;150/);
            assert.equal((await people[0].get(path)).status, 403);
            // On paper: a page for the group, and one for each person who took part.
            const pages = (answer) => (answer.bytes.toString('latin1').match(/\/Type \/Page\b/g) ?? []).length;
            const sheet = await post(trainer, `${path}/feuille.pdf`);
            assert.deepEqual([sheet.status, sheet.type, pages(sheet)], [200, 'application/pdf', 1]);
            const attended = one(`SELECT count(DISTINCT person_id) FROM attendance_mark WHERE half_id = ${half} AND minutes > 0`);
            assert.equal(pages(await post(trainer, `${path}/attestations.pdf`)), Number(attended));
            assert.equal((await post(people[0], `${path}/attestations.pdf`)).status, 403);
            const own = `/mon-espace/presences/${idText(group)}/attestation.pdf`;
            assert.equal(pages(await post(people[0], own)), 1);
            assert.equal((await post(people[3], own)).status, 404, 'who was not there has none');
            assert.match((await trainer.get('/gestion/presences')).words('main'), /Atelier d’il y a deux semaines|Atelier d’aujourd’hui/);
            assert.equal((await trainer.get(`/gestion/presences/seances/${idText(one(`SELECT meeting_id FROM meeting_half WHERE id = ${half}`))}`)).location, `/gestion/presences/${idText(half)}`);
            assert.equal(one(`SELECT count(*) FROM completion d JOIN programme_node n ON n.node_id = d.activity_id WHERE d.person_id = ${idOf(0)} AND n.kind = 'meeting'`), '1');
        });
    });
