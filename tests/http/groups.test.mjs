// A school enrols its people, one takes another's place, staff keep the list; letters bring calendar files that follow what changes,
// read here by another library; planning with its clashes; the agenda and the secret address. On both engines.
// run: seconds=400, pgsql
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeToken, newProgram } from '../lib/api.mjs';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, newVisitor } from '../lib/http.mjs';
import { calendarOf, readCalendar } from '../lib/ical.mjs';
import { mails, waitForMail } from '../lib/mail.mjs';
import { longPassword, newcomer } from '../lib/people.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);

const digits = '0123456789abcdefghjkmnpqrstvwxyz';
const shown = (id) => BigInt(id).toString(32).padStart(13, '0').replace(/./g, (c) => digits[parseInt(c, 32)]);

for (const engine of ['sqlite', 'pgsql'])
    describe(`groups on ${engine}`, () => {
        let server;
        let people;
        let contact;
        let head;
        let staff;
        let trainer;
        const check = (name, run) => test(`${name} (${engine})`, run);
        after(() => server?.stop());
        const one = (text) => sql(server, text);
        const idOf = (email) => one(`SELECT id FROM person WHERE email = '${email}'`);
        const post = async (visitor, path, fields = {}) => visitor.post(path, Array.isArray(fields)
            ? [['_csrf', csrfOf(await visitor.get('/formations'))], ...fields] : { _csrf: csrfOf(await visitor.get('/formations')), ...fields });
        const group = (label) => one(`SELECT id FROM cohort WHERE label = '${label}'`);
        const stateOf = (i, slug) => one(`SELECT state FROM enrolment WHERE person_id = ${idOf(`equipe${i}@example.org`)} AND programme_id = (SELECT id FROM programme WHERE slug = '${slug}')`);

        async function begin() {
            if (server) return;
            server = await startServer({ engine });
            one(`UPDATE cohort_question SET required = 1 WHERE choices <> '' AND cohort_id = ${group('Cohorte 1')}`);
            people = [];
            for (const i of [0, 1, 2, 3]) {
                people.push(await newcomer(server, { name: `Équipe ${i}`, email: `equipe${i}@example.org`, password: longPassword(`equipe-${i}`) }));
                if (i < 3) one(`INSERT INTO membership (id, organisation_id, person_id, role, starts_at) SELECT ${900 + i}, id, ${idOf(`equipe${i}@example.org`)}, 'member', 0 FROM organisation WHERE code = 'EX-1001'`);
            }
            const accounts = await demoAccounts();
            const signedIn = async (role) => { const visitor = newVisitor(server); await visitor.signIn(accounts.find((each) => each.role === role)); return visitor; };
            [contact, head, staff, trainer] = [await signedIn('contact'), await signedIn('head'), await signedIn('staff'), await signedIn('trainer')];
        }

        check('the contact of a school enrols people of theirs, with an answer for each line', async () => {
            await begin();
            assert.match((await contact.get('/mon-espace')).words('main'), /Mon équipe/);
            const page = await contact.get('/mon-espace/equipe');
            const form = page.html.querySelector('form[action="/mon-espace/equipe"]');
            const organisation = form.querySelector('[name=organisation]').getAttribute('value');
            const december = shown(group('Groupe de décembre'));
            const fields = [['organisation', organisation], ['groupe', december], ['personnes', shown(idOf('equipe0@example.org'))],
                ['adresses', 'Équipe Un <equipe1@example.org>;\n\nequipe3@example.org\nnulle.part@example.org\nequipe1@example.org']];
            const result = await post(contact, '/mon-espace/equipe', fields);
            assert.equal(result.status, 200, result.words('main'));
            assert.match(result.words('h1'), /2 personnes inscrites/);
            const lines = result.html.querySelectorAll('tbody tr').map((tr) => tr.textContent.replace(/\s+/g, ' ').trim());
            assert.equal(lines.length, 5);
            assert.match(lines[0], /Équipe 0.*Inscription faite|Équipe 0.*Inscrit/);
            assert.match(lines[2], /equipe3@example\.org.*Introuvable/, 'of another organisation');
            assert.match(lines[3], /nulle\.part@example\.org.*Introuvable/);
            assert.match(lines[4], /Équipe 1.*déjà/);
            assert.deepEqual([0, 1].map((i) => stateOf(i, 'steamagine1')), ['confirmed', 'confirmed']);
            assert.equal(one(`SELECT count(*) FROM enrolment WHERE person_id = ${idOf('equipe3@example.org')}`), '0');
            assert.match((await waitForMail(server.data, 'equipe0@example.org', /inscri/)).subject, /Contact G/);
            // Not for others: of no organisation, or not theirs.
            assert.equal((await post(people[3], '/mon-espace/equipe', fields)).status, 404);
            assert.equal((await post(contact, '/mon-espace/equipe', [['organisation', shown(one("SELECT id FROM organisation WHERE code = 'EX-2001'"))], ...fields.slice(1)])).status, 404);
            assert.equal((await post(contact, '/mon-espace/equipe', fields.slice(0, 2))).status, 422);
            // Where the head must agree, the contact's word is a request; the head's is not.
            const relais = shown(group('Cohorte 1'));
            await post(contact, '/mon-espace/equipe', [['organisation', organisation], ['groupe', relais], ['personnes', shown(idOf('equipe0@example.org'))]]);
            assert.equal(stateOf(0, 'personnes-relais'), 'asked');
            await post(head, '/mon-espace/equipe', [['organisation', organisation], ['groupe', relais], ['personnes', shown(idOf('equipe1@example.org'))]]);
            assert.equal(stateOf(1, 'personnes-relais'), 'confirmed');
        });

        check('programs read the groups that take people', async () => {
            await begin();
            const open = async () => JSON.parse((await newVisitor(server).get('/api/v1/groupes')).text).items;
            const relais = shown(group('Cohorte 1'));
            const found = (await open()).find(({ id }) => id === relais);
            assert.deepEqual([found.slug, found.label, found.taken <= found.places], ['personnes-relais', 'Cohorte 1', true]);
            one(`UPDATE cohort_plan SET closes_at = 1 WHERE cohort_id = ${group('Cohorte 1')}`);
            assert.equal((await open()).find(({ id }) => id === relais), undefined, 'enrolment is over');
            one(`UPDATE cohort_plan SET closes_at = NULL WHERE cohort_id = ${group('Cohorte 1')}`);
        });

        check('who was enrolled by their school answers the questions of the group later', async () => {
            await begin();
            const id = shown(one(`SELECT id FROM enrolment WHERE person_id = ${idOf('equipe1@example.org')} AND cohort_id = ${group('Cohorte 1')}`));
            const path = `/mon-espace/inscriptions/${id}/reponses`;
            assert.ok((await waitForMail(server.data, 'equipe1@example.org', /inscri.*[Rr]elais/)).text.includes(path), 'the letter leads there');
            const list = `/gestion/cohortes/${shown(group('Cohorte 1'))}/inscriptions`;
            const row = async () => (await staff.get(list)).html.querySelectorAll('tbody tr').find((tr) => /Équipe 1/.test(tr.textContent)).textContent;
            assert.match(await row(), /À compléter/);
            assert.match((await contact.get('/mon-espace/equipe')).words('#h-rows ~ div'), /Équipe 1.*réponses manquent/);
            assert.match((await people[1].get('/mon-espace')).words('main'), /1 question de votre groupe attend votre réponse/);
            assert.match((await people[1].get('/mon-espace/inscriptions')).words('main'), /manque encore vos propres réponses/);
            const page = await people[1].get(path);
            assert.equal((await people[0].get(path)).status, 404, 'of somebody else');
            assert.equal((await people[1].submit(page, `form[action="${path}"]`)).status, 422, 'required');
            assert.equal((await people[1].submit(page, `form[action="${path}"]`, { r1: 'À dos de chameau' })).status, 422, 'not a choice');
            const kept = await people[1].submit(page, `form[action="${path}"]`, { r0: 'Des idées', r1: 'En train' });
            assert.equal(kept.location, '/mon-espace/inscriptions?fait=reponses-gardees');
            assert.match(await row(), /Des idées.*En train/s);
            assert.doesNotMatch(await row(), /À compléter/);
            assert.doesNotMatch((await people[1].get('/mon-espace')).words('main'), /attend votre réponse/);
            // Changed later: the page knows the answers, and what is emptied is gone.
            const again = await people[1].get(path);
            assert.match(again.html.querySelector('[name=r0]').textContent, /Des idées/);
            assert.equal((await people[1].submit(again, `form[action="${path}"]`, { r0: '', r1: 'En voiture' })).status, 303);
            assert.match(await row(), /En voiture/);
            assert.doesNotMatch(await row(), /Des idées/);
        });

        check('somebody expected elsewhere is not enrolled unless the contact says so', async () => {
            await begin();
            const organisation = shown(one("SELECT id FROM organisation WHERE code = 'EX-1001'"));
            one(`UPDATE meeting SET starts_at = (SELECT min(starts_at) FROM meeting WHERE cohort_id = ${group('Groupe de décembre')}) + 60000, ends_at = (SELECT min(ends_at) FROM meeting WHERE cohort_id = ${group('Groupe de décembre')}) WHERE id = (SELECT min(id) FROM meeting WHERE cohort_id = ${group('Promotion suivante')})`);
            const fields = [['organisation', organisation], ['groupe', shown(group('Promotion suivante'))], ['personnes', shown(idOf('equipe0@example.org'))]];
            const told = await post(contact, '/mon-espace/equipe', fields);
            assert.match(told.words('tbody'), /deux endroits.*STEAMagine 1/);
            assert.equal(stateOf(0, 'numefa'), '');
            await post(contact, '/mon-espace/equipe', [...fields, ['malgre', '1']]);
            assert.equal(stateOf(0, 'numefa'), 'confirmed');
        });

        // The first letter whose subject says so.
        const letter = async (address, pattern) => {
            await waitForMail(server.data, address, pattern);
            return mails(server.data).find((mail) => mail.to.includes(address) && pattern.test(mail.subject));
        };

        check('the letter brings the meetings for the calendar, as another library reads them', async () => {
            await begin();
            const calendar = calendarOf(await letter('equipe0@example.org', /inscrit.*STEAMagine 1/));
            assert.equal(calendar.version, '2.0');
            assert.equal(calendar.method, 'PUBLISH', 'several meetings: RFC 5546');
            assert.deepEqual(calendar.zones, ['Europe/Brussels']);
            assert.ok(calendar.longest <= 75);
            const meetings = one(`SELECT starts_at, ends_at FROM meeting WHERE cohort_id = ${group('Groupe de décembre')} ORDER BY starts_at`).split('\n').map((line) => line.split('|').map(Number));
            assert.deepEqual(calendar.events.map(({ start, end }) => [start, end]), meetings);
            for (const event of calendar.events) {
                assert.equal(event.tzid, 'Europe/Brussels');
                assert.equal(event.status, 'CONFIRMED');
                assert.match(event.wall, /T09:00$/, 'in winter as in summer');
                assert.match(event.summary, /^STEAMagine 1/);
                assert.match(event.location, /Salle Horizon, TechnofuturTIC, Gosselies/);
            }
            assert.equal(new Set(calendar.events.map(({ uid }) => uid)).size, meetings.length);
        });

        // A word is said two minutes later: the clock is put forward.
        async function told(address, pattern) {
            for (let i = 0; i < 100; i++) {
                one("UPDATE work_job SET due_at = 1 WHERE kind = 'learning.meeting' AND state = 0");
                const found = mails(server.data).filter((mail) => mail.to.includes(address) && pattern.test(mail.subject));
                if (found.length) return found.at(-1);
                await sleep(100);
            }
            return assert.fail(`no letter to ${address}: ${mails(server.data).map(({ subject }) => subject).join('; ')}`);
        }

        check('a meeting that moves across the change of clocks asks the calendar anew, one that is cancelled leaves it', async () => {
            await begin();
            const ids = one(`SELECT id FROM meeting WHERE cohort_id = ${group('Groupe de décembre')} ORDER BY starts_at`).split('\n');
            const before = calendarOf(await letter('equipe1@example.org', /inscrit.*STEAMagine 1/)).events.find(({ uid }) => uid.startsWith(shown(ids[0])));
            const page = await staff.get(`/gestion/seances/${shown(ids[0])}`);
            // From Saturday evening, through the night in which summer time begins, is one meeting of a day; here: Sunday from 1 to 9.
            const moved = await staff.submit(page, `form[action="/gestion/seances/${shown(ids[0])}"]`, { jour: '2027-03-28', de: '01:00', a: '09:00' });
            assert.match(moved.location ?? moved.words('main'), /seance-changee/);
            const change = calendarOf(await told('equipe1@example.org', /modifiée/));
            assert.equal(change.method, 'REQUEST');
            assert.match(change.type, /method=REQUEST/);
            assert.equal(change.events.length, 1);
            const [event] = change.events;
            assert.equal(event.uid, before.uid);
            assert.ok(event.sequence > before.sequence);
            assert.equal(event.wall, '2027-03-28T01:00');
            assert.equal(event.start, Date.UTC(2027, 2, 28, 0, 0), 'winter time');
            assert.equal(event.end, Date.UTC(2027, 2, 28, 7, 0), 'summer time: seven hours later, not eight');
            assert.ok(event.people.some((who) => who.includes('equipe1@example.org')) && event.people.length === 2);
            assert.equal((await post(staff, `/gestion/seances/${shown(ids[0])}/annuler`)).status, 303);
            const end = calendarOf(await told('equipe1@example.org', /annulée/));
            assert.equal(end.method, 'CANCEL');
            assert.equal(end.events[0].uid, before.uid);
            assert.equal(end.events[0].status, 'CANCELLED');
            assert.ok(end.events[0].sequence > event.sequence);
            assert.equal((await post(trainer, `/gestion/seances/${shown(ids[1])}/annuler`)).status, 403);
        });

        check('one person takes over the place of another; both calendars follow', async () => {
            await begin();
            const enrolment = one(`SELECT id FROM enrolment WHERE person_id = ${idOf('equipe0@example.org')} AND cohort_id = ${group('Groupe de décembre')}`);
            const path = `/mon-espace/equipe/${shown(enrolment)}/remplacer`;
            const taken = () => one(`SELECT taken FROM cohort WHERE id = ${group('Groupe de décembre')}`);
            const before = taken();
            const page = await contact.get(path);
            assert.match(page.words('h1'), /Remplacer Équipe 0/);
            assert.equal((await people[3].get(path)).status, 404);
            assert.equal((await contact.submit(page, `form[action="${path}"]`, { adresse: 'equipe3@example.org' })).status, 422, 'not of the school');
            assert.equal((await contact.submit(page, `form[action="${path}"]`, { par: shown(idOf('equipe1@example.org')) })).status, 422, 'in already');
            assert.equal((await contact.submit(page, `form[action="${path}"]`, { par: shown(idOf('equipe2@example.org')) })).location, '/mon-espace/equipe?fait=remplace');
            assert.deepEqual([0, 2].map((i) => stateOf(i, 'steamagine1')), ['replaced', 'confirmed']);
            assert.equal(taken(), before);
            assert.equal(one(`SELECT replaces_id FROM enrolment WHERE person_id = ${idOf('equipe2@example.org')}`), enrolment);
            const gone = calendarOf(await waitForMail(server.data, 'equipe0@example.org', /prend votre place/));
            assert.ok(gone.events.length > 0 && gone.events.every(({ status }) => status === 'CANCELLED'));
            assert.ok(calendarOf(await letter('equipe2@example.org', /inscrit.*STEAMagine 1/)).events.length > 0);
        });

        check('staff keep the list of a group, and take it along as a table', async () => {
            await begin();
            const path = `/gestion/cohortes/${shown(group('Groupe de décembre'))}/inscriptions`;
            assert.equal((await trainer.get(path)).status, 403);
            const page = await staff.get(path);
            assert.match(page.words('tbody'), /Équipe 1.*Athénée royal/);
            assert.equal((await staff.get(`${path}?etat=replaced`)).html.querySelectorAll('tbody tr').length, 1);
            const csv = await staff.get(`${path}.csv`);
            assert.equal(csv.type, 'text/csv');
            assert.match(csv.text, /Équipe 2;equipe2@example\.org;"?Athénée royal[^;]*;/);
            assert.equal(csv.text.trim().split('\n').length, 1 + page.html.querySelectorAll('tbody tr').length);
            // Past the line: only while there is a place.
            one(`UPDATE cohort SET places = taken WHERE id = ${group('Groupe de décembre')}`);
            await post(people[3], '/formations/steamagine1/inscription');
            const waiting = `/gestion/inscriptions/${shown(one(`SELECT id FROM enrolment WHERE person_id = ${idOf('equipe3@example.org')}`))}`;
            assert.equal((await post(people[3], waiting, { acte: 'place' })).status, 404);
            assert.equal((await post(staff, waiting, { acte: 'place' })).status, 409);
            one(`UPDATE cohort SET places = taken + 1 WHERE id = ${group('Groupe de décembre')}`);
            assert.equal((await post(staff, waiting, { acte: 'place' })).status, 303);
            assert.equal(stateOf(3, 'steamagine1'), 'confirmed');
            assert.equal((await post(staff, `/mon-espace/equipe/${waiting.split('/').at(-1)}/annuler`, { mot: 'Le groupe est complet.' })).status, 303);
            assert.match((await waitForMail(server.data, 'equipe3@example.org', /a pris fin/)).text, /groupe est complet/);
        });

        check('staff plan a group and a series; what stands against it is told first', async () => {
            await begin();
            assert.equal((await trainer.get('/gestion/cohortes')).status, 403);
            assert.equal((await staff.get('/gestion/cohortes?q=Relais')).status, 200);
            const added = await post(staff, '/gestion/cohortes/ajouter', { programme: 'numefa', nom: 'Groupe du soir', lieu: 'Liège', du: '2027-03-16', au: '2027-05-01', places: '12', heures: '48', accord: '1', quota0: '3', questions: '* Pourquoi ? : Curiosité ; Métier\nUn régime ?' });
            assert.match(added.location ?? added.words('main'), /groupe-planifie/);
            const id = group('Groupe du soir');
            const path = `/gestion/cohortes/${shown(id)}`;
            assert.equal(one(`SELECT label, choices, required FROM cohort_question WHERE cohort_id = ${id} ORDER BY position`), 'Pourquoi ?|Curiosité\nMétier|1\nUn régime ?||0');
            assert.equal(one(`SELECT places FROM cohort_quota WHERE cohort_id = ${id}`), '3');
            const series = { mode: 'onsite', jour: '2027-03-16', de: '18:00', a: '20:00', fois: '3', tous: '7', salle: shown(one("SELECT id FROM room WHERE name = 'Salle Atelier'")), formateurs: shown(idOf('formateur@exemple.be')) };
            assert.match((await post(staff, `${path}/seances`, series)).location, /seance-planifiee/);
            // Always at six, also after the night of 28 March.
            assert.equal(one(`SELECT starts_at FROM meeting WHERE cohort_id = ${id} ORDER BY starts_at`), [Date.UTC(2027, 2, 16, 17), Date.UTC(2027, 2, 23, 17), Date.UTC(2027, 2, 30, 16)].join('\n'));
            // The same room, trainer and group once more.
            const again = await post(staff, `${path}/seances`, { ...series, de: '19:00', a: '21:00', fois: '1' });
            assert.equal(again.status, 422);
            assert.match(again.words('.note.bad'), /Salle Atelier.*Formateur D.*groupe/s);
            assert.equal(one(`SELECT count(*) FROM meeting WHERE cohort_id = ${id}`), '3');
            assert.equal((await staff.submit(again, `form[action="${path}/seances"]`, { malgre: '1' })).status, 303);
            assert.equal(one(`SELECT count(*) FROM meeting WHERE cohort_id = ${id}`), '4');
            assert.match((await staff.get(path)).words('tbody'), /La salle Salle Atelier est prise|Salle Atelier/);
            for (const wrong of [{ de: '25:00' }, { a: '17:00' }, { mode: 'volant' }, { lien: 'javascript:alert(1)' }])
                assert.equal((await post(staff, `${path}/seances`, { ...series, ...wrong })).status, 422, JSON.stringify(wrong));
            // Questions that stay keep their answers.
            const kept = one(`SELECT id FROM cohort_question WHERE cohort_id = ${id} AND label = 'Un régime ?'`);
            const sheet = await staff.get(path);
            assert.equal((await staff.submit(sheet, `form[action="${path}"]`, { nom: 'Groupe du jeudi soir', questions: 'Un régime ?\nDepuis quand ?' })).status, 303);
            assert.equal(one(`SELECT id FROM cohort_question WHERE cohort_id = ${id} AND removed_at IS NULL ORDER BY position`).split('\n')[0], kept);
            assert.equal((await post(staff, '/gestion/salles', { nom: 'Salle Neuve', lieu: 'Mons', places: '8' })).status, 303);
            assert.equal((await post(staff, '/gestion/salles', { nom: 'Salle Neuve' })).status, 422);
            // The group does not take place: who had asked is told, the meetings are off.
            await post(people[2], '/formations/numefa/inscription', { groupe: shown(id), r0: 'Non' });
            assert.equal(stateOf(2, 'numefa'), 'asked');
            assert.equal((await post(staff, `${path}/annuler`)).status, 303);
            assert.match((await waitForMail(server.data, 'equipe2@example.org', /a pris fin/)).subject, /NUMEFA/);
            assert.equal(one(`SELECT count(*) FROM meeting WHERE cohort_id = ${id} AND cancelled_at IS NULL`), '0');
        });

        check('the agenda shows what meets: to all, to one person, for a room, for a trainer', async () => {
            await begin();
            const visitor = newVisitor(server);
            const first = new Date(Number(one(`SELECT min(starts_at) FROM meeting WHERE cohort_id = ${group('Groupe de décembre')} AND cancelled_at IS NULL`))).toISOString().slice(0, 10);
            for (const view of ['mois', 'semaine', 'liste']) {
                const page = await visitor.get(`/agenda?vue=${view}&date=${first}`);
                assert.equal(page.status, 200);
                assert.equal(page.html.querySelectorAll('main table.cal').length, view === 'liste' ? 0 : 1);
                assert.ok(page.html.querySelectorAll('.agenda li').length > 0, view);
                assert.doesNotMatch(page.text, /visio\.exemple\.be/, 'no link for whoever passes');
            }
            const march = await visitor.get('/agenda?vue=mois&date=2027-03-10');
            const days = march.html.querySelectorAll('table.cal td .dn a').map((a) => parseInt(a.textContent, 10));
            assert.deepEqual(days, [...Array.from({ length: 31 }, (_, i) => i + 1), 1, 2, 3, 4], 'a month with 31 days, one of them of 23 hours');
            const mine = await people[2].get(`/mon-espace/agenda?vue=liste&date=${first}`);
            const titles = mine.html.querySelectorAll('.agenda li').map((li) => li.textContent);
            assert.ok(titles.length > 0 && titles.every((text) => /STEAMagine 1/.test(text)));
            const room = await visitor.get(`/agenda?vue=liste&date=${first}&salle=${shown(one("SELECT id FROM room WHERE name = 'Salle des Tilleuls'"))}`);
            assert.ok(room.html.querySelectorAll('.agenda li').every((li) => /Salle des Tilleuls/.test(li.textContent)));
            assert.equal((await visitor.get('/agenda')).html.querySelector('[name=formateur]'), null);
            assert.ok((await staff.get('/agenda')).html.querySelector('[name=formateur]'));
            assert.equal((await visitor.get('/agenda?programme=nulle-part')).status, 404);
            const program = newProgram(server, await makeToken(people[2]));
            const list = await program.get(`/api/v1/agenda?date=${first}`);
            assert.ok(list.json().items.length > 0 && list.json().items.every(({ programme }) => programme === 'steamagine1'));
        });

        check('a secret address gives a calendar to a program, until a new one is made', async () => {
            await begin();
            const page = await people[2].get('/mon-espace/agenda');
            const made = await people[2].submit(page, 'form[action="/mon-espace/agenda/flux"]');
            const address = new URL(made.html.getElementById('flux').textContent.trim());
            assert.match(address.pathname, /^\/agenda\/flux\/[\w-]{43}\.ics$/);
            assert.doesNotMatch((await people[2].get('/mon-espace/agenda')).text, /\/agenda\/flux\/[\w-]{43}/, 'shown once');
            const feed = await newVisitor(server).get(address.pathname);
            assert.equal(feed.status, 200);
            assert.equal(feed.type, 'text/calendar');
            const calendar = readCalendar(feed.text);
            assert.equal(calendar.method, 'None', 'a word to nobody');
            assert.ok(calendar.events.length > 1);
            assert.ok(calendar.events.some(({ status }) => status === 'CANCELLED'), 'what was cancelled says so');
            assert.ok(calendar.events.every(({ people: who }) => who.length === 0), 'names nobody');
            // The same meeting as in the letter: the same id, and no older word.
            const told = calendarOf(await letter('equipe2@example.org', /inscrit.*STEAMagine 1/)).events;
            for (const event of told) assert.ok(calendar.events.find(({ uid }) => uid === event.uid).sequence >= event.sequence);
            await people[2].submit(await people[2].get('/mon-espace/agenda'), 'form[action="/mon-espace/agenda/flux"]');
            assert.equal((await newVisitor(server).get(address.pathname)).status, 404, 'the old one has ended');
            assert.equal((await newVisitor(server).get('/agenda/flux/x.ics')).status, 404);
        });
    });
