// Figures that are true: what is told counts once, within the clock and the video; it survives kills; a person's history is theirs.
// run: seconds=240, pgsql
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '../lib/crowd.mjs';
import { idText, newVisitor } from '../lib/http.mjs';
import { readZip } from '../lib/zip.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);
const learnerAccount = (await demoAccounts()).find(({ role }) => role === 'learner');
const slug = 'demarche-steam';

for (const engine of ['sqlite', 'pgsql']) {
    describe(engine, () => {
        let server;
        const number = (text) => Number(sql(server, text) || 0);
        const video = () => `(SELECT id FROM video WHERE slug = '${slug}')`;
        const played = () => number(`SELECT sum(played_ms) FROM watch_day WHERE video_id = ${video()} AND day >= ${today()}`);
        const uniquely = () => number(`SELECT sum(unique_ms) FROM watch_day WHERE video_id = ${video()} AND day >= ${today()}`);
        const today = () => Number(new Date(Date.now() - 2 * 3600_000).toISOString().slice(0, 10).replaceAll('-', ''));
        async function open(visitor) {
            const page = await visitor.get(`/tv/${slug}`);
            return page.html.querySelector('edulab-watch').getAttribute('data-page');
        }
        const beat = async (page, n, stretches) => (await newVisitor(server).post('/tv/battement', { page, n, played: stretches })).status;
        async function until(look, wanted, what) {
            for (let i = 0; i < 90 && look() !== wanted; i++) await sleep(100);
            assert.equal(look(), wanted, what);
        }
        after(() => server?.stop());

        test(`a heartbeat counts once, within the clock and the video (${engine})`, async () => {
            server = await startServer({ engine, settings: { media_runners: 0 } });
            const [before, seenBefore] = [played(), uniquely()];
            const length = number(`SELECT duration_ms FROM video WHERE slug = '${slug}'`);
            const page = await open(newVisitor(server));
            await sleep(2100);
            assert.equal(await beat(page, 1, '0-1000,5000-6000'), 204);
            assert.equal(await beat(page, 1, '0-1000,5000-6000'), 204, 'sent again');
            assert.equal(await beat(page, 2, '500-1500'), 204);
            await until(() => played() - before, 3000, 'the repetition did not count');
            await until(() => uniquely() - seenBefore, 2500, 'each moment once');
            // an hour in one second
            const forged = await open(newVisitor(server));
            const [now, asked] = [played(), Date.now()];
            assert.equal(await beat(forged, 1, `0-${length}`), 204);
            assert.equal(await beat(forged, 2, `0-${length}`), 204);
            assert.equal(await beat(forged, 3, `${length + 1000}-${length + 9000}`), 204, 'beyond the end nothing counts');
            await sleep(6000);
            const took = played() - now;
            assert.ok(took <= 2 * (Date.now() - asked), `${took} ms of video`);
            assert.ok(took < 4000, `${took} ms of video in a moment`);
            // what is no heartbeat
            assert.equal(await beat(`${page.slice(0, 20)}${page[20] === 'A' ? 'B' : 'A'}${page.slice(21)}`, 9, '0-1000'), 403);
            assert.equal(await beat(page, 9, '1000-0'), 422);
            assert.equal(await beat(page, 9, 'tout'), 422);
            assert.equal(await beat(page, 0, '0-1000'), 422);
            assert.equal(await beat(page.slice(1), 9, '0-1000'), 403);
            assert.equal(await beat('', 9, '0-1000'), 403);
        });

        test(`an hour keeps the most players at once, and those that went are not among them (${engine})`, async () => {
            const hour = Math.floor(Date.now() / 3_600_000);
            sql(server, `DELETE FROM watch_view; DELETE FROM watch_hour WHERE hour >= ${hour}`);
            const atOnce = () => number(`SELECT max(at_once) FROM watch_hour WHERE hour >= ${hour}`);
            const pages = await Promise.all([1, 2, 3].map(() => open(newVisitor(server))));
            await sleep(1500);
            for (const page of pages) assert.equal(await beat(page, 1, '0-1000'), 204);
            await until(atOnce, 3, 'three pages');
            sql(server, 'UPDATE watch_view SET last_at = last_at - 20000');
            const later = await Promise.all([1, 2].map(() => open(newVisitor(server))));
            await sleep(1500);
            for (const page of later) assert.equal(await beat(page, 1, '0-1000'), 204);
            await until(() => number('SELECT count(*) FROM watch_view'), 5, 'written');
            assert.equal(atOnce(), 3);
        });

        test(`of videos whose sizes are still being made, the one that is watched goes first (${engine})`, async () => {
            const wanted = sql(server, `SELECT id FROM video WHERE slug = '${slug}'`);
            const rows = sql(server, `SELECT id FROM video WHERE slug <> '${slug}' AND state = 'ready' AND opens_at IS NULL ORDER BY id LIMIT 1`).split('\n').concat(wanted);
            const job = (i) => 4_000_000 + i;
            rows.forEach((id, i) => sql(server, `UPDATE video_source SET done = 500, step = 7 WHERE video_id = ${id};
                INSERT INTO work_job (id, kind, key, lane, payload, due_at, created_at) VALUES (${job(i)}, 'tv.transcode', '${idText(id)}.7', 1, '{}', ${1000 + i}, 1)`));
            const first = () => sql(server, 'SELECT id FROM work_job WHERE lane = 1 AND state = 0 ORDER BY due_at, id LIMIT 1');
            assert.equal(first(), String(job(0)), 'in the order of arrival');
            const page = await open(newVisitor(server));
            await sleep(1100);
            assert.equal(await beat(page, 1, '0-1000'), 204);
            await until(first, String(job(rows.length - 1)), 'somebody watches it');
            sql(server, `DELETE FROM work_job WHERE id >= ${job(0)} AND id <= ${job(9)}; UPDATE video_source SET done = 1000`);
        });

        test(`a stop keeps what was told, and the same heartbeat does not count again after it (${engine})`, async () => {
            const page = await open(newVisitor(server));
            await sleep(6000); // nothing is fresh any more
            const before = played();
            assert.equal(await beat(page, 1, '2000-5000'), 204);
            server = await server.restart();
            assert.equal(played() - before, 3000, 'written by the graceful stop');
            assert.equal(await beat(page, 1, '2000-5000'), 204);
            assert.equal(await beat(page, 2, '2000-4000'), 204);
            await until(() => played() - before, 5000, 'only the new one');
        });

        test(`a person finds what they watched, finishes once, forgets, and keeps nothing when they wish (${engine})`, async () => {
            const learner = newVisitor(server);
            await learner.signIn(learnerAccount);
            const person = `(SELECT id FROM person WHERE email = '${learnerAccount.email}')`;
            const length = number(`SELECT duration_ms FROM video WHERE slug = '${slug}'`);
            const one = await open(learner);
            await sleep(3000);
            // two pages, one person: one clock, and what was seen on both
            const other = await open(learner);
            assert.equal(await beat(one, 1, '0-2000'), 204);
            await sleep(20);
            assert.equal(await beat(other, 1, '1000-3000'), 204);
            await until(() => number(`SELECT seen_ms FROM watch_history WHERE person_id = ${person} AND video_id = ${video()}`), 3000, 'seen on two pages');
            const listed = await learner.get('/compte/historique');
            assert.match(listed.words('main'), /démarche/i);
            assert.ok(listed.html.querySelector(`a[href="/tv/${slug}#t=3"]`), 'goes on where they left');
            assert.equal(number(`SELECT count(*) FROM watch_history WHERE person_id = ${person} AND finished_at IS NOT NULL`), 0);
            // all but the last part was seen earlier
            sql(server, `UPDATE watch_history SET spans = '0-${Math.floor(length * 0.9) - 500}' WHERE person_id = ${person} AND video_id = ${video()}`);
            for (const n of [2, 3]) assert.equal(await beat(one, n, `${Math.floor(length * 0.9) - 1000}-${Math.floor(length * 0.9) + 200}`), 204);
            await until(() => number(`SELECT count(*) FROM watch_history WHERE person_id = ${person} AND finished_at IS NOT NULL`), 1, 'finished');
            const page = await learner.get('/compte/historique');
            assert.match(page.words('main'), /jusqu.au bout/);
            assert.equal((await learner.submit(page, 'form[action$="/arreter"]')).status, 303);
            const everything = () => number(`SELECT (SELECT count(*) FROM watch_history WHERE person_id = ${person}) + (SELECT count(*) FROM watch_month WHERE person_id = ${person})`);
            assert.equal(everything(), 0, 'emptied');
            const before = played();
            const third = await open(learner);
            await sleep(1500);
            assert.equal(await beat(third, 1, '0-1000'), 204);
            await until(() => played() - before, 1000, 'counts for nobody');
            assert.equal(everything(), 0, 'nothing is kept');
            const off = await learner.get('/compte/historique');
            assert.equal((await learner.submit(off, 'form[action$="/reprendre"]')).status, 303);
            await sleep(1500);
            assert.equal(await beat(third, 2, '0-1000'), 204);
            await until(() => number(`SELECT count(*) FROM watch_history WHERE person_id = ${person}`), 1, 'kept again');
            assert.equal((await learner.submit(await learner.get('/compte/historique'), 'form[action*="/historique/"][action$="/effacer"]')).status, 303);
            assert.equal(everything(), 0);
        });

        test(`the reports add up, go into files, and hide what fewer than five did (${engine})`, async () => {
            const accounts = await demoAccounts();
            const staff = newVisitor(server);
            await staff.signIn(accounts.find(({ role }) => role === 'staff'));
            // what the team looks at while it works on a video counts nowhere
            const studio = `/gestion/videos/${idText(sql(server, `SELECT id FROM video WHERE slug = '${slug}'`))}`;
            for (const work of ['affiche', 'chapitres', 'decoupe', 'ressources', 'sous-titres/fr']) {
                const page = await staff.get(`${studio}/${work}`);
                assert.ok(page.html.querySelector('edulab-player'), work);
                assert.equal(page.html.querySelector('edulab-watch'), null, work);
            }
            const report = await staff.get('/gestion/audiences');
            assert.equal(report.status, 200);
            assert.equal(report.html.querySelectorAll('svg.plot .col').length > 0, true);
            const year = new Date().getFullYear();
            // of the centre: followers, each counted once, and the most players at once
            sql(server, `DELETE FROM channel_subscription; INSERT INTO channel_subscription (channel_id, person_id, since)
                SELECT c.id, p.id, CASE WHEN p.id IN (SELECT id FROM person ORDER BY id LIMIT 3) THEN ${Date.now() - 1000} ELSE 1 END FROM tv_channel c, person p WHERE 1 = 1 ON CONFLICT DO NOTHING`);
            sql(server, `INSERT INTO watch_hour (hour, views, played_ms, at_once) VALUES (${Math.floor(Date.UTC(year, 0, 10, 12) / 3_600_000)}, 0, 0, 1234)`);
            const facts = (await staff.get('/gestion/audiences')).words('.planche');
            const [followers, fresh] = [number('SELECT count(DISTINCT person_id) FROM channel_subscription'), number('SELECT count(DISTINCT person_id) FROM channel_subscription WHERE since > 1')];
            assert.ok(followers > fresh && fresh > 0, `${followers} ${fresh}`);
            assert.match(facts, new RegExp(`${followers} personnes suivent une chaîne aujourd.hui\\s*dont ${fresh} depuis ${year}`));
            assert.match(facts, /1\s234 lectures en même temps, au plus\s*\S+ 10 janvier/);
            const followed = (await staff.get(`/gestion/audiences/export?an=${year}&quoi=chaines&format=csv`)).text.trim().split('\r\n').slice(1);
            for (const line of followed) assert.equal(Number(line.split(';').at(-1)), followers, line);
            const csv = await staff.get(`/gestion/audiences/export?an=${year}&quoi=videos&format=csv`);
            const lines = csv.text.replace('\uFEFF', '').trim().split('\r\n').slice(1).map((line) => line.split(';'));
            const hours = lines.reduce((sum, line) => sum + Number(line[2]), 0);
            assert.ok(Math.abs(hours - number(`SELECT sum(played_ms) FROM watch_day WHERE day > ${year}0000`) / 3_600_000) < 0.01, csv.text);
            const book = readZip((await staff.get(`/gestion/audiences/export?an=${year}&quoi=videos&format=xlsx`)).bytes);
            const cells = [...book.get('xl/worksheets/sheet1.xml').toString().matchAll(/<v>([^<]*)<\/v>/g)].map(([, value]) => Number(value));
            assert.equal(cells.length, lines.length * 4);
            assert.equal(cells[1], Number(lines[0][2]));
            for (const part of ['[Content_Types].xml', '_rels/.rels', 'xl/workbook.xml', 'xl/_rels/workbook.xml.rels']) assert.ok(book.has(part), part);
            const detail = await staff.get(report.html.querySelector('a[href^="/gestion/audiences/videos/"]').getAttribute('href'));
            assert.ok(detail.html.querySelector('svg.plot .area'), 'the retention curve');
            // the parts of a channel, its series and its videos, make up the channel
            const sums = (what, id) => number(`SELECT coalesce(sum(d.played_ms), 0) FROM watch_day d JOIN video v ON v.id = d.video_id WHERE v.${what}_id = ${id} AND d.day > ${year}0000`) / 3_600_000;
            const lines2 = async (path) => (await staff.get(path)).text.replace('\uFEFF', '').trim().split('\r\n').slice(1).map((line) => line.split(';'));
            for (const [what, kind] of [['channel', 'chaines'], ['series', 'series']]) {
                const total = await lines2(`/gestion/audiences/export?an=${year}&quoi=${kind}&format=csv`);
                assert.ok(total.length > 0, kind);
                const links = report.html.querySelectorAll(`a[href^="/gestion/audiences/${kind}/"]`);
                assert.equal(links.length, total.length);
                for (const [i, link] of links.entries()) {
                    assert.equal((await staff.get(link.getAttribute('href'))).status, 200);
                    const id = sql(server, what === 'channel' ? `SELECT id FROM tv_channel WHERE name = '${total[i][0].replace(/'/g, "''")}'` : `SELECT id FROM tv_series WHERE title = '${total[i][0].replace(/'/g, "''")}'`);
                    assert.ok(Math.abs(Number(total[i][2]) - sums(what, id)) < 0.01, total[i].join(';'));
                    const videos = await lines2(`${link.getAttribute('href')}/export?an=${year}&quoi=videos&format=csv`);
                    assert.ok(Math.abs(videos.reduce((sum, line) => sum + Number(line[2]), 0) - sums(what, id)) < 0.01);
                    const months = await lines2(`${link.getAttribute('href')}/export?an=${year}&quoi=mois&format=csv`);
                    assert.equal(months.length, 12);
                    assert.ok(Math.abs(months.reduce((sum, line) => sum + Number(line[2]), 0) - sums(what, id)) < 0.01);
                }
            }
            assert.equal((await staff.get('/gestion/audiences/chaines/0000000000000')).status, 404);
            // four people of a network are not shown, five are
            const [network] = sql(server, "SELECT id FROM organisation WHERE kind = 'network' ORDER BY id LIMIT 1").split('\n');
            const people = sql(server, 'SELECT id FROM person ORDER BY id LIMIT 5').split('\n');
            assert.equal(people.length, 5);
            sql(server, 'DELETE FROM watch_month; DELETE FROM membership');
            people.forEach((person, i) => sql(server, `INSERT INTO membership (id, organisation_id, person_id, role, starts_at) VALUES (${i + 1}, ${network}, ${person}, 'member', 1)`));
            const month = new Date().getFullYear() * 100 + new Date().getMonth() + 1;
            const watched = (person) => sql(server, `INSERT INTO watch_month VALUES (${person}, ${video()}, ${month}, 7200000)`);
            people.slice(0, 4).forEach(watched);
            const rows = async () => (await staff.get(`/gestion/audiences/export?quoi=reseaux&format=csv`)).text.trim().split('\r\n').slice(1);
            assert.match((await rows())[0], /trop peu de personnes/);
            assert.doesNotMatch((await rows())[0], /;[48];/);
            watched(people[4]);
            assert.match((await rows())[0], /;5;10$/);
            const link = (await staff.get('/gestion/audiences')).html.querySelector('a[href^="/gestion/audiences/reseaux/"]').getAttribute('href');
            assert.match((await staff.get(link)).words('main'), /10 h/);
            // one hidden line alone could be worked out from the months: that with the fewest people beside it is hidden too
            const others = sql(server, 'SELECT id FROM video ORDER BY id LIMIT 3').split('\n');
            sql(server, 'DELETE FROM watch_month');
            [5, 4, 5].forEach((viewers, i) => people.slice(0, viewers).forEach((person) => sql(server, `INSERT INTO watch_month VALUES (${person}, ${others[i]}, ${month}, ${3_600_000 * (i + 1)})`)));
            const lines3 = (await lines2(`${link}/export?quoi=videos&format=csv`)).map((line) => line.slice(1).join(' '));
            assert.deepEqual(lines3.filter((line) => /trop peu/.test(line)).length, 2, lines3.join('; '));
            assert.equal(lines3.filter((line) => /^5 (5|15)$/.test(line)).length, 1, lines3.join('; '));
            const stranger = newVisitor(server);
            await stranger.signIn(learnerAccount);
            for (const path of ['/gestion/audiences', link, `${link}/export`]) assert.equal((await stranger.get(path)).status, 403, path);
        });
    });
}
