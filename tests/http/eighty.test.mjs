// The 80 hours of the "personnes relais", proved from the ledger: each half-day signed on the trainer's list, each hour of own work and
// of creation declared, and the sum by way of working, by module and by area of competence. On both engines.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, idText, newVisitor } from '../lib/http.mjs';
import { longPassword, newcomer } from '../lib/people.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);
const MINUTE = 60_000;
const email = 'quatre-vingts@example.org';
const slug = 'personnes-relais';

for (const engine of ['sqlite', 'pgsql'])
    describe(engine, () => {
        let server;
        after(() => server?.stop());
        const rows = (text) => sql(server, text).trim().split('\n').filter(Boolean).map((line) => line.split('|'));

        test(`eighty hours, by competence and by modality (${engine})`, async () => {
            server = await startServer({ engine });
            const learner = await newcomer(server, { name: 'Quatre Vingts', email, password: longPassword('heures') });
            const trainer = newVisitor(server);
            await trainer.signIn((await demoAccounts()).find(({ role }) => role === 'staff'));
            const [[person], [cohort]] = [...rows(`SELECT id FROM person WHERE email = '${email}'`), ...rows(`SELECT c.id FROM cohort c JOIN programme p ON p.id = c.programme_id WHERE p.slug = '${slug}' ORDER BY c.starts_at LIMIT 1`)];
            sql(server, `INSERT INTO enrolment (id, person_id, programme_id, cohort_id, state, created_at, changed_at)
                SELECT 77, ${person}, programme_id, id, 'confirmed', 1, 1 FROM cohort WHERE id = ${cohort}`);
            const modules = rows(`SELECT n.node_id, n.code, n.minutes_remote, n.minutes_onsite, n.minutes_own, n.minutes_creation, n.competences FROM cohort c JOIN programme_node n ON n.version_id = c.version_id
                WHERE c.id = ${cohort} AND n.level = 2 ORDER BY n.position`).map(([id, code, ...numbers]) => ({ id, code, remote: +numbers[0], onsite: +numbers[1], own: +numbers[2], creation: +numbers[3], competences: BigInt(numbers[4]) }));
            assert.equal(modules.length, 11);
            const planned = (kind) => modules.reduce((sum, each) => sum + each[kind], 0);
            assert.equal(planned('remote') + planned('onsite') + planned('own') + planned('creation'), 80 * 60, 'eighty hours are planned');

            // The half-days have taken place, as long as the plan says.
            const halves = rows(`SELECT h.id, m.module_id, m.mode, (SELECT count(*) FROM meeting_half o WHERE o.meeting_id = m.id) FROM meeting m JOIN meeting_half h ON h.meeting_id = m.id WHERE m.cohort_id = ${cohort} ORDER BY h.starts_at`);
            const long = Date.now() - 20 * 86400_000;
            halves.forEach(([half, module, mode, of], i) => {
                const each = modules.find(({ id }) => id === module);
                const minutes = (mode === 'remote' ? each.remote : each.onsite) / of;
                sql(server, `UPDATE meeting_half SET starts_at = ${long + i * 300 * MINUTE}, ends_at = ${long + (i * 300 + minutes) * MINUTE} WHERE id = ${half}`);
            });
            for (const [half] of halves) {
                const path = `/gestion/presences/${idText(half)}`;
                const page = await trainer.get(path);
                const answer = await trainer.post(path, [['_csrf', csrfOf(page)], ['marques', `${idText(person)}.present`]]);
                assert.equal(answer.status, 303, answer.words('main').slice(0, 300));
            }
            const form = `form[action="/mon-espace/heures/${slug}"]`;
            let day = 1;
            for (const each of modules) for (const kind of ['own', 'creation']) {
                const page = await learner.get(`/mon-espace/heures/${slug}`);
                const answer = await learner.submit(page, form, { minutes: each[kind], date: new Date(Date.now() - day++ * 86400_000).toISOString().slice(0, 10), note: `${each.code}, mon travail`, sorte: kind, module: idText(each.id) });
                assert.equal(answer.status, 303, answer.words('main').slice(0, 500));
            }

            const page = await learner.get(`/mon-espace/heures/${slug}`);
            assert.match(page.words('main'), /80 h prouvées? sur 80 h/, page.words('main').slice(0, 400));
            const hours = (minutes) => (minutes % 60 ? `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')}` : `${minutes / 60} h`);
            const table = (heading) => Object.fromEntries(page.html.querySelectorAll(`section[aria-labelledby=${heading}] tbody tr`).map((tr) => [tr.querySelector('th').textContent.trim(), tr.querySelector('td').textContent.replace(/\s+/g, ' ').trim()]));
            const ways = table('h-kind');
            for (const [name, kind] of [[/présence/i, 'onsite'], [/direct|visio/i, 'remote'], [/autonom/i, 'own'], [/création/i, 'creation']])
                assert.equal(ways[Object.keys(ways).find((each) => name.test(each))], hours(planned(kind)), `${kind}: ${JSON.stringify(ways)}`);
            // An hour counts in each area that its module works on.
            const starts = [4, 3, 4, 3, 3, 5].map((n, i, all) => [all.slice(0, i).reduce((a, b) => a + b, 0), n]);
            const areas = Object.values(table('h-comp'));
            starts.forEach(([from, n], i) => {
                const mask = ((1n << BigInt(n)) - 1n) << BigInt(from);
                const expected = modules.filter(({ competences }) => competences & mask).reduce((sum, each) => sum + each.remote + each.onsite + each.own + each.creation, 0);
                assert.equal(areas[i], hours(expected), `area ${i + 1}`);
            });
            // and module by module in the file
            const lines = (await learner.get(`/mon-espace/heures/${slug}/tableau.csv`)).text.trim().split(/\r?\n/);
            const head = lines[0].replace('\uFEFF', '').split(';');
            const [code, minutes] = [head.findIndex((each) => /module/i.test(each)), head.findIndex((each) => /minutes/i.test(each))];
            for (const each of modules)
                assert.equal(lines.slice(1).map((line) => line.split(';')).filter((line) => line[code] === each.code).reduce((sum, line) => sum + Number(line[minutes]), 0), each.remote + each.onsite + each.own + each.creation, each.code);
        });
    });
