// The dates of single modules: places, the line, changing, giving back, letters with calendar files, clashes, who is expected,
// and what becomes of them when somebody leaves. On both engines.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCrowd, sql } from '../lib/crowd.mjs';
import { csrfOf, idText, newVisitor } from '../lib/http.mjs';
import { mails, waitForMail } from '../lib/mail.mjs';
import { demoAccounts, sampleCopy, serve, stopPostgres } from '../lib/server.mjs';

const PLACES = 3;
const PEOPLE = 8;
const DAY = 86400_000;
const slug = 'ap1-prendre-en-main-une-ia-generative-de-texte';
const room = `/mon-espace/modules/${slug}`;
after(stopPostgres);

for (const engine of ['sqlite', 'pgsql'])
    describe(engine, () => {
        const check = (name, run) => test(`${name} (${engine})`, run);
        let server;
        let crowd;
        let staff;
        let date; // its id
        let dates; // how many the module has
        let second; // another date of the same module
        const one = (text) => sql(server, text);
        const at = (id) => `/mon-espace/dates/${idText(id)}`;
        const act = async ({ visitor }, id, acte, more = {}) => visitor.post(at(id), { _csrf: csrfOf(await visitor.get('/formations')), acte, ...more });
        const states = (id) => Object.fromEntries(one(`SELECT state, count(*) FROM date_place WHERE cohort_id = ${id} AND person_id >= ${crowd[0].person} GROUP BY state`).split('\n').filter(Boolean).map((line) => line.split('|')).map(([state, n]) => [state, Number(n)]));
        const taken = (id) => Number(one(`SELECT taken FROM cohort WHERE id = ${id}`));
        const lettersTo = ({ person }) => mails(server.data).filter((mail) => mail.to.includes(`charge${person}@`));
        const stateOf = (id, { person }) => one(`SELECT state FROM date_place WHERE cohort_id = ${id} AND person_id = ${person}`);
        async function quiet() {
            for (let i = 0; i < 200; i++) {
                if (one(`SELECT count(*) FROM work_job WHERE state IN (0, 1) AND due_at <= ${Date.now()}`) === '0') return;
                await sleep(50);
            }
            assert.fail('jobs do not end');
        }
        // A person's events in the calendar files of their letters, the last word about each.
        const words = (who) => lettersTo(who).flatMap((mail) => mail.parts ?? []).filter((part) => /calendar/.test(part.headers['content-type'])).map(({ text }) => ({ method: /METHOD:(\w+)/.exec(text)?.[1], sequence: Number(/SEQUENCE:(\d+)/.exec(text)?.[1]) }));

        async function begin() {
            if (server) return;
            const copy = await sampleCopy(engine);
            crowd = makeCrowd(copy, PEOPLE);
            server = await serve({ data: copy.data, database: copy.database });
            server.drop = copy.drop;
            for (const each of crowd) {
                each.visitor = newVisitor(server);
                each.visitor.jar.set('edulab', each.cookie.split('=')[1]);
                assert.equal((await each.visitor.post('/formations/referent-ia/inscription', { _csrf: csrfOf(await each.visitor.get('/formations')) })).status, 303);
            }
            staff = newVisitor(server);
            await staff.signIn((await demoAccounts()).find(({ role }) => role === 'staff'));
            date = one(`SELECT c.id FROM cohort c JOIN module m ON m.id = c.module_id WHERE m.slug = '${slug}' AND c.starts_at > ${Date.now()} ORDER BY c.starts_at LIMIT 1`);
            one(`UPDATE cohort SET taken = 0, places = ${PLACES} WHERE id = ${date}`);
        }
        after(async () => { await server?.stop(); server?.drop(); });

        check('staff plan a second date of one module, with a meeting that is about it', async () => {
            await begin();
            const page = await staff.get('/gestion/cohortes/ajouter?choix=referent-ia');
            const option = page.html.querySelectorAll('select[name="module"] option').find((each) => /Prendre en main/.test(each.textContent));
            const day = (n) => new Date(Date.now() + n * DAY).toISOString().slice(0, 10);
            const answer = await staff.submit(page, 'form[action="/gestion/cohortes/ajouter"][method="post"]', { module: option.getAttribute('value'), nom: 'Prendre en main, le soir', lieu: 'Charleroi', places: 2, du: day(30), au: day(30) });
            assert.equal(answer.status, 303, answer.words('main').slice(0, 300));
            second = one(`SELECT id FROM cohort WHERE label = 'Prendre en main, le soir'`);
            assert.equal(one(`SELECT m.slug FROM cohort c JOIN module m ON m.id = c.module_id WHERE c.id = ${second}`), slug);
            dates = Number(one(`SELECT count(*) FROM cohort c JOIN module m ON m.id = c.module_id WHERE m.slug = '${slug}' AND c.ends_at > ${Date.now()}`));
            const form = await staff.get(`/gestion/cohortes/${idText(second)}/seances`);
            assert.equal((await staff.submit(form, 'form[method="post"][action$="/seances"]', { jour: day(30), de: '18:00', a: '20:00', endroit: 'Charleroi' })).status, 303);
            assert.equal(one(`SELECT count(*) FROM meeting t JOIN cohort c ON c.id = t.cohort_id WHERE c.id = ${second} AND t.module_id = c.module_id`), '1');
            // a module of another programme is none of this one
            const wrong = await staff.submit(page, 'form[action="/gestion/cohortes/ajouter"][method="post"]', { module: idText(one(`SELECT id FROM module WHERE slug LIKE 'steamagine1-a1%'`)), nom: 'Non', du: day(3), au: day(3) });
            assert.equal(wrong.status, 422);
        });

        check('the room offers the dates; only who follows the programme may choose', async () => {
            await begin();
            const page = await crowd[0].visitor.get(room);
            assert.equal(page.html.querySelectorAll('#dates li').length, dates);
            assert.match(page.words('#dates'), /Choisissez votre date.*Charleroi/s);
            const stranger = newVisitor(server);
            assert.equal((await stranger.post(at(date), { acte: 'prendre', _csrf: csrfOf(await stranger.get('/formations')) })).status, 401);
            assert.equal((await act({ visitor: staff }, date, 'prendre')).status, 403, 'not enrolled');
            const whole = one('SELECT id FROM cohort WHERE module_id IS NULL LIMIT 1');
            assert.equal((await act(crowd[0], whole, 'prendre')).status, 404, 'a group of a whole programme is no date');
            assert.equal((await act(crowd[0], date, 'autre')).status, 422);
        });

        check('of many at once as many have a place as there are, the others wait in order; twice is once', async () => {
            await begin();
            const answers = await Promise.all(crowd.flatMap((each) => [act(each, date, 'prendre'), act(each, date, 'prendre')]));
            assert.ok(answers.every(({ status }) => status === 303), answers.map(({ status }) => status).join());
            assert.deepEqual(states(date), { confirmed: PLACES, waiting: PEOPLE - PLACES });
            assert.equal(taken(date), PLACES);
            assert.deepEqual(one(`SELECT rank FROM date_place WHERE cohort_id = ${date} AND rank IS NOT NULL ORDER BY rank`).split('\n').map(Number).length, PEOPLE - PLACES);
            await quiet();
            for (const each of crowd) assert.equal(lettersTo(each).filter((mail) => /votre place|liste d.attente/i.test(mail.subject)).length, 1);
            const waits = crowd.find((each) => stateOf(date, each) === 'waiting');
            assert.match((await waits.visitor.get(room)).words('#dates'), /Liste d.attente, numéro \d/);
        });

        check('who holds a place finds it in the agenda and on the list of who trains, who waits does not', async () => {
            const [has, waits] = ['confirmed', 'waiting'].map((state) => crowd.find((each) => stateOf(date, each) === state));
            assert.match((await has.visitor.get('/mon-espace')).words('main'), /Prendre en main une IA/);
            const mine = async (who) => (await who.visitor.get('/mon-espace/agenda?vue=liste')).words('main');
            assert.match(await mine(has), /Prendre en main/);
            assert.doesNotMatch(await mine(waits), /Prendre en main/);
            const half = one(`SELECT h.id FROM meeting_half h JOIN meeting m ON m.id = h.meeting_id WHERE m.cohort_id = ${date} ORDER BY h.id LIMIT 1`);
            const list = (await staff.get(`/gestion/presences/${idText(half)}`)).words('main');
            const nameOf = ({ person }) => one(`SELECT name FROM person WHERE id = ${person}`);
            assert.ok(list.includes(nameOf(has)) && !list.includes(nameOf(waits)));
            assert.match((await staff.get(`/gestion/cohortes/${idText(date)}/inscriptions`)).words('main'), /numéro 1/);
        });

        check('giving back serves the line, and calendars are told: a request, then a cancellation with a higher number', async () => {
            const has = crowd.find((each) => stateOf(date, each) === 'confirmed');
            const next = crowd.find((each) => one(`SELECT count(*) FROM date_place WHERE cohort_id = ${date} AND person_id = ${each.person} AND rank = (SELECT min(rank) FROM date_place WHERE cohort_id = ${date})`) === '1');
            assert.match((await act(has, date, 'rendre')).location, /fait=date-rendue/);
            assert.equal(stateOf(date, next), 'confirmed');
            assert.equal(taken(date), PLACES);
            await waitForMail(server.data, `charge${next.person}@example.org`, /libérée|libre/i, 5);
            await quiet();
            const [first, last] = words(has);
            assert.deepEqual([first.method, last.method], ['REQUEST', 'CANCEL']);
            assert.ok(last.sequence > first.sequence, `${first.sequence} ${last.sequence}`);
            assert.equal(words(next).at(-1).method, 'REQUEST');
            // who comes back stands at the end
            await act(has, date, 'prendre');
            assert.equal(one(`SELECT count(*) FROM date_place WHERE cohort_id = ${date} AND rank > (SELECT rank FROM date_place WHERE cohort_id = ${date} AND person_id = ${has.person})`), '0');
            assert.equal(stateOf(date, has), 'waiting');
        });

        check('another date of the same module takes the place of the one before', async () => {
            const has = crowd.find((each) => stateOf(date, each) === 'confirmed');
            assert.match((await act(has, second, 'prendre')).location, /fait=date-prise/);
            assert.equal(stateOf(date, has), 'cancelled');
            assert.equal(stateOf(second, has), 'confirmed');
            assert.equal(taken(date), PLACES, 'the next one has it');
            assert.equal(taken(second), 1);
        });

        check('two places at once are told first', async () => {
            const other = one(`SELECT c.id FROM cohort c JOIN module m ON m.id = c.module_id WHERE m.slug LIKE 'ap4-%' AND c.starts_at > ${Date.now()} ORDER BY c.starts_at LIMIT 1`);
            one(`UPDATE meeting SET starts_at = (SELECT min(starts_at) FROM meeting WHERE cohort_id = ${date}), ends_at = (SELECT min(ends_at) FROM meeting WHERE cohort_id = ${date}) WHERE cohort_id = ${other}`);
            const has = crowd.find((each) => stateOf(date, each) === 'confirmed');
            const told = await act(has, other, 'prendre');
            assert.equal(told.status, 422);
            assert.match(told.words('main'), /deux endroits en même temps/);
            assert.equal(stateOf(other, has), '');
            const knowing = await has.visitor.submit(told, 'form[action^="/mon-espace/dates/"]', { sais: 'on', acte: 'prendre' });
            assert.match(knowing.location, /fait=date-prise/);
            assert.equal(stateOf(other, has), 'confirmed');
        });

        check('who leaves the programme leaves its dates; a date that is cancelled tells everybody', async () => {
            const has = crowd.find((each) => stateOf(date, each) === 'confirmed');
            await has.visitor.post('/formations/referent-ia/desinscription', { _csrf: csrfOf(await has.visitor.get('/formations')) });
            assert.equal(stateOf(date, has), 'cancelled');
            assert.equal(taken(date), PLACES);
            assert.equal((await act(has, date, 'prendre')).status, 403);
            const alive = crowd.filter((each) => ['confirmed', 'waiting'].includes(stateOf(date, each)));
            assert.ok(alive.length >= PLACES);
            const group = `/gestion/cohortes/${idText(date)}`;
            assert.equal((await staff.submit(await staff.get(group), `form[action="${group}/annuler"]`)).status, 303);
            for (const each of alive) await waitForMail(server.data, `charge${each.person}@example.org`, /n.a pas lieu/i, 10);
            assert.equal(states(date).confirmed, undefined);
            assert.equal((await act(alive[0], date, 'prendre')).status, 409);
            assert.equal((await alive[0].visitor.get(room)).html.querySelectorAll('#dates li').length, dates - 1, 'the others stand there still');
        });

        check('what a person had is in their data', async () => {
            const who = crowd.find((each) => one(`SELECT count(*) FROM date_place WHERE person_id = ${each.person}`) !== '0');
            assert.match((await who.visitor.get('/compte/donnees')).words('main'), /Places à des dates/);
        });
    });
