// Mon espace: the next meetings with their link, and what must be done by a day. On both engines.
// run: pgsql
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { sql } from '../lib/crowd.mjs';
import { newVisitor } from '../lib/http.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);

const DAY = 24 * 60 * 60000;
const dayText = (days) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);

for (const engine of ['sqlite', 'pgsql'])
    describe(`my space on ${engine}`, () => {
        let server;
        let learner;
        const check = (name, run) => test(`${name} (${engine})`, run);
        after(() => server?.stop());
        const one = (text) => sql(server, text);
        const section = async (id) => (await learner.get('/mon-espace')).html.getElementById(id)?.closest('section').textContent.replace(/\s+/g, ' ') ?? '';

        async function begin() {
            if (server) return;
            server = await startServer({ engine });
            learner = newVisitor(server);
            await learner.signIn((await demoAccounts()).find(({ role }) => role === 'learner'));
        }

        check('the next meeting stands with its link, until it is over or cancelled', async () => {
            await begin();
            const cohort = one("SELECT e.cohort_id FROM enrolment e JOIN person w ON w.id = e.person_id WHERE w.email = 'apprenante@exemple.be' AND e.cohort_id IS NOT NULL");
            const meeting = one(`SELECT id FROM meeting WHERE cohort_id = ${cohort} ORDER BY starts_at LIMIT 1`);
            one(`UPDATE meeting SET title = 'Séance témoin', link = 'https://visio.exemple.be/temoin', starts_at = ${Date.now() - 60000}, ends_at = ${Date.now() + 3600000} WHERE id = ${meeting}`);
            assert.match(await section('h-ag'), /maintenant ?Séance témoin.*Rejoindre en ligne/);
            one(`UPDATE meeting SET cancelled_at = 1 WHERE id = ${meeting}`);
            assert.doesNotMatch(await section('h-ag'), /Séance témoin/);
            one(`UPDATE meeting SET cancelled_at = NULL, ends_at = ${Date.now() - 1000} WHERE id = ${meeting}`);
            assert.doesNotMatch(await section('h-ag'), /Séance témoin/);
        });

        check('a work that is asked for by a day stands there until it is handed in', async () => {
            await begin();
            assert.equal(await section('h-due'), '', 'none without a day');
            const work = one("SELECT n.node_id FROM programme_node n JOIN programme p ON p.version_id = n.version_id WHERE p.slug = 'referent-ia' AND n.kind = 'deposit' ORDER BY n.position LIMIT 1");
            const title = one(`SELECT title FROM programme_node WHERE node_id = ${work} LIMIT 1`);
            const due = (days) => one(`UPDATE programme_node SET settings = '{"due":"${dayText(days)}"}' WHERE node_id = ${work}`);
            due(3);
            assert.ok((await section('h-due')).includes(title));
            assert.match(await section('h-due'), /Travail à remettre.*prochaine/);
            due(-3);
            assert.match(await section('h-due'), /en retard/);
            one(`INSERT INTO deposit (id, person_id, activity_id, programme_id, version_id, attempt, state, text, comment, created_at, changed_at, handed_at)
                 SELECT 77, w.id, ${work}, p.id, p.version_id, 1, 'handed', '', '', 1, 1, 1 FROM person w, programme p WHERE w.email = 'apprenante@exemple.be' AND p.slug = 'referent-ia'`);
            assert.equal(await section('h-due'), '');
        });
    });
