// A programme with few places and many who want them, all at once; what follows when somebody leaves; and who may finish
// what. On both engines.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCrowd, sql } from '../lib/crowd.mjs';
import { csrfOf, newVisitor } from '../lib/http.mjs';
import { mails, waitForMail } from '../lib/mail.mjs';
import { sampleCopy, serve, stopPostgres } from '../lib/server.mjs';

const PLACES = 5;
const PEOPLE = 24;
const slug = 'steamagine1';
after(stopPostgres);

for (const engine of ['sqlite', 'pgsql']) {
    describe(engine, () => {
        const check = (name, run) => test(`${name} (${engine})`, run);
        let server;
        let crowd;
        let programme; // its id

        const rows = (text) => sql(server, text).split('\n').filter(Boolean).map((line) => line.split('|'));
        const one = (text) => sql(server, text);
        const states = () => Object.fromEntries(rows(`SELECT state, count(*) FROM enrolment WHERE programme_id = ${programme} AND person_id >= ${crowd[0].person} GROUP BY state`));
        const taken = () => Number(one(`SELECT taken FROM cohort WHERE programme_id = ${programme} AND module_id IS NULL`));
        const post = async ({ visitor }, path, fields = {}, options = {}) => visitor.post(path, { _csrf: csrfOf(await visitor.get('/formations')), ...fields }, options);
        const rankOf = async ({ visitor }) => Number(/position (\d+)/.exec((await visitor.get(`/formations/${slug}`)).words('main'))?.[1]);
        const emitted = (name, { person }) => rows(`SELECT payload FROM work_event WHERE name = '${name}' ORDER BY id`).map(([text]) => text).filter((text) => text.includes(`"person":${person}`));
        // All that was asked for has been done: no job waits or runs.
        async function quiet() {
            for (let i = 0; i < 200; i++) {
                if (one(`SELECT count(*) FROM work_job WHERE state IN (0, 1) AND kind <> 'subscription.news'`) === '0') return; // that waits ten minutes after a video came
                await sleep(50);
            }
            assert.fail(`jobs do not end: ${sql(server, 'SELECT kind, key, state, error FROM work_job WHERE state IN (0, 1)')}`);
        }

        async function begin() {
            if (server) return;
            const copy = await sampleCopy(engine);
            crowd = makeCrowd(copy, PEOPLE);
            sql(copy, `UPDATE cohort SET taken = 0, places = ${PLACES} WHERE module_id IS NULL AND programme_id = (SELECT id FROM programme WHERE slug = '${slug}')`);
            sql(copy, 'DELETE FROM enrolment_step');
            sql(copy, `DELETE FROM enrolment WHERE programme_id = (SELECT id FROM programme WHERE slug = '${slug}')`);
            server = await serve({ data: copy.data, database: copy.database });
            server.drop = copy.drop;
            programme = one(`SELECT id FROM programme WHERE slug = '${slug}'`);
            for (const each of crowd) {
                each.visitor = newVisitor(server);
                each.visitor.jar.set('edulab', each.cookie.split('=')[1]);
            }
        }
        after(async () => { await server?.stop(); server?.drop(); });

        check('of many at once as many are in as there are places, the others wait in a line', async () => {
            await begin();
            // Each presses twice, as people do.
            const answers = await Promise.all(crowd.flatMap((each) => [post(each, `/formations/${slug}/inscription`), post(each, `/formations/${slug}/inscription`)]));
            for (const answer of answers) assert.equal(answer.status, 303, answer.words('main'));
            assert.deepEqual(states(), { confirmed: String(PLACES), waiting: String(PEOPLE - PLACES) });
            assert.equal(taken(), PLACES);
            const places = answers.map((answer) => new URL(answer.location, server.url).searchParams.get('fait'));
            assert.equal(places.filter((fait) => fait === 'inscrit').length, PLACES);
            assert.equal(places.filter((fait) => fait === 'en-attente').length, PEOPLE - PLACES);
            assert.equal(places.filter((fait) => fait === 'deja-inscrit').length, PEOPLE);
            for (const each of crowd) assert.equal(emitted('learning.moved', each).length, 1);
            // Even of those who came in the same millisecond.
            sql(server, `UPDATE enrolment SET changed_at = created_at - created_at % 1000 WHERE programme_id = ${programme} AND state = 'waiting'`);
            const ranks = [];
            for (const each of crowd) ranks.push(await rankOf(each));
            const waiting = ranks.filter(Boolean).sort((a, b) => a - b);
            assert.deepEqual(waiting, Array.from({ length: PEOPLE - PLACES }, (_, i) => i + 1), 'each has a place of their own in the line');
        });

        check('enrolling again changes nothing', async () => {
            await begin();
            const before = sql(server, `SELECT * FROM enrolment WHERE programme_id = ${programme} ORDER BY id`);
            for (const each of [crowd[0], crowd.at(-1)]) {
                const answer = await post(each, `/formations/${slug}/inscription`);
                assert.equal(answer.location, `/formations/${slug}?fait=deja-inscrit`);
            }
            assert.equal(sql(server, `SELECT * FROM enrolment WHERE programme_id = ${programme} ORDER BY id`), before);
            assert.equal(taken(), PLACES);
        });

        check('who leaves gives the place to the first in line, and a letter tells', async () => {
            await begin();
            const line = (await Promise.all(crowd.map(async (each) => ({ each, rank: await rankOf(each) })))).filter(({ rank }) => rank).sort((a, b) => a.rank - b.rank).map(({ each }) => each);
            const inside = crowd.filter((each) => !line.includes(each));
            assert.equal(inside.length, PLACES);
            const letters = () => mails(server.data).filter((mail) => /^Une place s.est libérée/.test(mail.subject));
            const left = await Promise.all([post(inside[0], `/formations/${slug}/desinscription`), post(inside[0], `/formations/${slug}/desinscription`)]);
            for (const answer of left) assert.ok([303, 404].includes(answer.status));
            assert.equal(taken(), PLACES);
            assert.deepEqual(states(), { confirmed: String(PLACES), waiting: String(PEOPLE - PLACES - 1), cancelled: '1' });
            const email = `charge${line[0].person}@example.org`;
            const letter = await waitForMail(server.data, email, /place/i);
            assert.match(letter.text, /STEAMagine 1/);
            assert.match(letter.text, /\/mon-espace/);
            assert.match((await line[0].visitor.get('/mon-espace')).words('main'), /STEAMagine 1/);
            assert.equal(await rankOf(line[1]), 1, 'the others move up');
            await quiet();
            assert.equal(letters().length, 1, 'one letter, to one person');

            // Somebody who only waits frees no place.
            assert.equal((await post(line[5], `/formations/${slug}/desinscription`)).status, 303);
            assert.equal(await rankOf(line[6]), 5);
            assert.equal(taken(), PLACES);
            // Who comes back stands at the end.
            assert.equal((await post(inside[0], `/formations/${slug}/inscription`)).location, `/formations/${slug}?fait=en-attente`);
            assert.equal(await rankOf(inside[0]), PEOPLE - PLACES - 1);
            // All leave at once: the line is served in order, nobody twice.
            await Promise.all([inside[1], inside[2], inside[3], inside[4], line[0]].map((each) => post(each, `/formations/${slug}/desinscription`)));
            await quiet();
            assert.equal(taken(), PLACES);
            assert.deepEqual(letters().slice(1).map((mail) => mail.to.replace(/^<|>$/g, '')).sort(),
                [1, 2, 3, 4, 6].map((i) => `charge${line[i].person}@example.org`).sort());
        });

        check('a letter about a state that has passed is not sent', async () => {
            await begin();
            const [id, person] = rows(`SELECT id, person_id FROM enrolment WHERE programme_id = ${programme} AND state = 'confirmed' AND person_id >= ${crowd[0].person} ORDER BY id`)[0];
            const letters = () => mails(server.data).filter((mail) => mail.to.includes(`charge${person}@`)).length;
            const before = letters();
            for (const [i, state, expected] of [[1, 'waiting', 0], [2, 'confirmed', 1]]) {
                sql(server, `INSERT INTO work_job (id, kind, key, lane, payload, due_at, created_at)
                    VALUES (${i}, 'learning.letter', 'again ${state}', 0, '{"enrolment":${id},"state":"${state}","way":0}', ${Date.now()}, ${Date.now()})`);
                await quiet();
                assert.equal(letters() - before, expected, state);
            }
        });

        check('without an account, and where enrolment is closed, nothing happens', async () => {
            await begin();
            const visitor = newVisitor(server);
            const token = csrfOf(await visitor.get(`/formations/${slug}`));
            assert.equal((await visitor.post(`/formations/${slug}/inscription`, { _csrf: token })).status, 401);
            const closed = await post(crowd[0], '/formations/mallette-pedagogique/inscription');
            assert.equal(closed.status, 409);
            assert.equal((await post(crowd[0], '/formations/nulle-part/inscription')).status, 404);
            assert.equal((await post(crowd[0], '/formations/numefa/desinscription')).status, 404, 'leaving what one is not in');
        });

        check('only who is in a programme finishes its steps', async () => {
            await begin();
            const [me, waiting] = [crowd[1], crowd[2]];
            sql(server, `UPDATE enrolment SET state = 'cancelled' WHERE person_id = ${me.person}`);
            assert.equal((await post(me, '/formations/referent-ia/inscription')).status, 303, 'in another programme');
            const room = '/mon-espace/modules/steamagine1-a1-qu-est-ce-qu-une-demarche-steam';
            const learner = await enrolledIn(slug, crowd[3]);
            sql(server, `UPDATE enrolment SET state = 'waiting' WHERE person_id = ${waiting.person}`);
            // no place is left, so that the line is not served meanwhile
            sql(server, `UPDATE cohort SET places = taken WHERE programme_id = ${programme}`);
            const action = (await learner.visitor.get(room)).html.querySelector('form[action*="/mon-espace/activites/"]').getAttribute('action');
            const api = action.replace('/mon-espace/', '/api/v1/');
            for (const each of [me, waiting]) {
                const answer = await each.visitor.get(room);
                assert.equal(answer.status, 303);
                assert.equal(answer.location, `/formations/${slug}?fait=inscrivez-vous`);
                assert.equal((await post(each, action)).status, 403);
                assert.equal((await post(each, api)).status, 403);
                assert.equal(one(`SELECT count(*) FROM completion WHERE person_id = ${each.person}`), '0');
            }
            assert.equal((await learner.visitor.post(action)).status, 403, 'without the token');
            assert.equal((await post(learner, '/mon-espace/activites/0000000000000/terminer')).status, 404);
            assert.equal((await post(learner, '/mon-espace/activites/x/terminer')).status, 404);
            assert.equal(one(`SELECT count(*) FROM completion WHERE person_id = ${learner.person}`), '0');
        });

        async function enrolledIn(wanted, each) {
            sql(server, `UPDATE cohort SET places = 100 WHERE programme_id = ${programme}`);
            await post(each, `/formations/${wanted}/desinscription`);
            assert.equal((await post(each, `/formations/${wanted}/inscription`)).location, '/mon-espace?fait=inscrit');
            return each;
        }

        check('finishing twice counts once: one event, one badge, one letter', async () => {
            await begin();
            const me = await enrolledIn(slug, crowd[4]);
            for (const module of ['steamagine1-a1-qu-est-ce-qu-une-demarche-steam', 'steamagine1-a2-vivre-deux-defis-steam-comme-un-eleve']) {
                const room = await me.visitor.get(`/mon-espace/modules/${module}`);
                for (const link of room.html.querySelectorAll('.plan a[href*="etape="]')) {
                    const step = await me.visitor.get(link.getAttribute('href'));
                    const action = step.html.querySelector('form[action*="/mon-espace/activites/"]').getAttribute('action');
                    const answers = await Promise.all([post(me, action), post(me, action), post(me, action.replace('/mon-espace/', '/api/v1/')), post(me, action.replace('/mon-espace/', '/api/v1/'))]);
                    assert.deepEqual(answers.map((answer) => answer.status), [303, 303, 200, 200]);
                }
            }
            assert.deepEqual(emitted('learning.completed', me).map((text) => JSON.parse(text).code).sort(), ['steamagine1/A1', 'steamagine1/A2']);
            await waitForMail(server.data, `charge${me.person}@example.org`, /badge/i, 5);
            await quiet();
            assert.equal(emitted('badge.awarded', me).length, 1);
            assert.equal(one(`SELECT count(*) FROM badge_assertion WHERE person_id = ${me.person}`), '1');
            const letters = mails(server.data).filter((mail) => mail.to.includes(`charge${me.person}@`) && /badge/i.test(mail.subject));
            assert.equal(letters.length, 1);
            assert.match(letters[0].text, /\/badges\/attestation\/[0-9A-Z]{13}/i);
            assert.match((await me.visitor.get('/mon-espace')).words('main'), /Démarche STEAM|STEAM/);
        });
    });
}
