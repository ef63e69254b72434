// Trimming: planned and looked at before anything happens, copied from key picture to key picture or encoded exactly, published as a new
// edition of the same video; chapters, subtitles and resources move with it, and all of it comes back with the original.
// run: seconds=500, pgsql
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '../lib/crowd.mjs';
import { mediaOf, newVisitor } from '../lib/http.mjs';
import { demoAccounts, edulab, serve, startServer, stopPostgres, temporaryFolder } from '../lib/server.mjs';

after(stopPostgres);
const accounts = await demoAccounts();

for (const engine of ['sqlite', 'pgsql'])
    describe(`cutting (${engine})`, () => {
        let server;
        let staff;
        let studio; // /gestion/videos/<id>
        let slug;
        let id;
        let blob; // of the file
        before(async () => {
            server = await startServer({ engine });
            staff = newVisitor(server);
            await staff.signIn(accounts.find((each) => each.role === 'staff'));
            // 24 s, a key picture each two seconds
            const film = join(temporaryFolder('film'), 'Essai de coupe.mp4');
            execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=24', '-f', 'lavfi', '-i', 'sine=frequency=440:duration=24',
                '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '50', '-keyint_min', '50', '-sc_threshold', '0', '-c:a', 'aac', '-shortest', film]);
            const added = await edulab(['tv', 'add', film, '--data', server.data], { database: server.database });
            assert.equal(added.status, 0, added.stderr);
            for (let i = 0; ; i++) {
                const [found, state] = sql(server, "SELECT id, state FROM video WHERE title = 'Essai de coupe'").split('|');
                if (state?.trim() === 'ready') { id = found; break; }
                assert.ok(i < 300, state);
                await sleep(200);
            }
            slug = sql(server, `SELECT slug FROM video WHERE id = ${id}`).trim();
            blob = sql(server, `SELECT blob FROM video WHERE id = ${id}`).trim();
            studio = `/gestion/videos/${(await mediaOf(staff, `/tv/${slug}`)).split('/').pop()}`;
            await whole();
        });
        after(() => server?.stop());

        // Nothing is left to prepare.
        async function whole() {
            for (let i = 0; sql(server, `SELECT count(*) FROM video_source WHERE video_id = ${id} AND (state = 'waiting' OR (state = 'live' AND done < 1000))`).trim() !== '0'; i++) {
                assert.ok(i < 500, sql(server, `SELECT edition, state, done FROM video_source WHERE video_id = ${id}`));
                await sleep(200);
            }
        }
        const at = () => `${studio}/decoupe`;
        const plan = async (fields) => staff.submit(await staff.get(at()), `form#f-cut`, fields);
        async function looked() {
            for (let i = 0; ; i++) {
                const answer = (await staff.get(`/api/v1${at().slice('/gestion'.length)}`)).json();
                if (answer.over) return staff.get(at());
                assert.ok(i < 300, 'still under way');
                await sleep(100);
            }
        }
        const edition = () => Number(sql(server, `SELECT edition FROM video WHERE id = ${id}`));
        async function live(after_) {
            for (let i = 0; edition() === after_; i++) {
                assert.ok(i < 500, `no new edition: ${sql(server, `SELECT state, nearest FROM tv_cut WHERE video_id = ${id}`)}`);
                await sleep(200);
            }
            await whole();
        }
        // What viewers get, as ffprobe counts its packets.
        async function watched() {
            const file = join(temporaryFolder('cut'), 'video.mp4');
            writeFileSync(file, (await newVisitor(server).get(`${await mediaOf(newVisitor(server), `/tv/${slug}`)}/video.mp4`)).bytes);
            const seconds = (kind) => {
                const lines = execFileSync('ffprobe', ['-v', 'error', '-select_streams', `${kind}:0`, '-show_entries', 'packet=pts_time,duration_time', '-of', 'csv=p=0', file], { encoding: 'utf8' }).trim().split('\n').map((line) => line.split(',').map(Number));
                return Math.max(...lines.map(([pts, length]) => pts + (length || 0))) - Math.min(...lines.map(([pts]) => pts));
            };
            return { picture: seconds('v'), sound: seconds('a') };
        }
        const near = (is, wanted, most) => assert.ok(Math.abs(is - wanted) <= most, `${is} instead of ${wanted}`);
        const chapters = async () => (await newVisitor(server).get(`/tv/${slug}/chapitres.json`)).json().chapters.map((each) => [each.startTime, each.title]);
        const lines = async () => (await newVisitor(server).get(`/tv/${slug}/texte/fr.vtt`)).text.split('\n\n').slice(1).map((each) => each.trim().split('\n').slice(1).join(' '));
        const resources = async () => (await newVisitor(server).get(`/tv/${slug}`)).html.querySelectorAll('.res li').map((each) => [each.getAttribute('data-from'), each.getAttribute('data-to'), each.querySelector('[data-what]').textContent]);
        let original;

        test('what stands at moments of it', async () => {
            assert.equal((await staff.submit(await staff.get(`${studio}/chapitres`), `form[action="${studio}/chapitres"]`, { texte: '0:00 Un\n0:06 Deux\n0:11 Trois\n0:20 Quatre' })).status, 303);
            assert.equal((await staff.submit(await staff.get(`${studio}/sous-titres/fr`), `form[action="${studio}/sous-titres/fr"]`, {
                texte: 'WEBVTT\n\n00:01.000 --> 00:03.000\nA\n\n00:04.000 --> 00:05.000\nB\n\n00:07.500 --> 00:09.500\nC\n\n00:13.000 --> 00:14.000\nD\n\n00:22.000 --> 00:23.500\nE\n' })).status, 303);
            for (const [titre, debut, fin] of [['dedans', '0:14', '0:16'], ['dehors', '0:08,5', '0:09,5'], ['à moitié', '0:06', '0:09']])
                assert.equal((await staff.submit(await staff.get(`${studio}/ressources`), `form[action="${studio}/ressources"]`, { titre, debut, fin, adresse: 'https://exemple.be/' })).status, 303);
            original = { chapters: await chapters(), lines: await lines(), resources: await resources() };
            assert.equal(original.lines.length, 5);
            assert.equal(original.resources.length, 3);
        });

        test('what cannot be cut is refused with the reason, and nothing is planned', async () => {
            for (const [fields, field, reason] of [
                [{ debut: '', fin: '', sans: '' }, 'debut', /Rien ne serait coupé/], [{ debut: 'x', fin: '', sans: '' }, 'debut', /temps/], [{ debut: '', fin: '1:2:3:4', sans: '' }, 'fin', /temps/],
                [{ debut: '0:20', fin: '0:10', sans: '' }, 'fin', /Il ne resterait rien/], [{ debut: '', fin: '', sans: '0:05' }, 'sans', /Ligne 1/], [{ debut: '', fin: '', sans: '0:01-0:02\n0:09-0:05' }, 'sans', /Ligne 2/],
                [{ debut: '', fin: '', sans: '0:00-1:00' }, 'fin', /Il ne resterait rien/],
            ]) {
                const answer = await plan(fields);
                assert.equal(answer.status, 422, JSON.stringify(fields));
                assert.match(answer.html.querySelector(`#m-${field}`)?.textContent ?? '', reason, JSON.stringify(fields));
            }
            assert.equal(sql(server, 'SELECT count(*) FROM tv_cut').trim(), '0');
            const make = await staff.get(at());
            assert.equal((await staff.post(`${at()}/faire`, { _csrf: make.html.querySelector('input[name=_csrf]').getAttribute('value') })).status, 409, 'nothing was planned');
        });

        test('looked at first: by how much a copy moves each beginning is said, and nothing has happened', async () => {
            assert.equal((await plan({ debut: '2,8', fin: '', sans: '0:08 – 0:12' })).status, 303);
            const planned = await looked();
            const words = planned.words('[aria-labelledby=h-plan]');
            assert.match(words, /0:02\.8 – 0:08/);
            assert.match(words, /Sans réencodage, il commence à l.image clé la plus proche, 0,8 s plus tôt\. Il se termine exactement là\./);
            assert.match(words, /0:12 – 0:24\s*Sans réencodage, il commence exactement là/);
            assert.match(words, /au lieu de 0:24/);
            assert.equal(edition(), 0);
            assert.equal((await staff.submit(planned, `form[action="${at()}/abandonner"]`)).status, 303);
            assert.ok(!(await staff.get(at())).html.querySelector('[aria-labelledby=h-plan]'));
        });

        test('copied: as long as was said, the same address, and everything moved with it', async () => {
            assert.equal((await plan({ debut: '2,8', fin: '', sans: '0:08-0:12' })).status, 303);
            const planned = await looked();
            assert.equal((await staff.submit(planned, `form[action="${at()}/faire"]`)).status, 303); // the first: without encoding
            await live(0);
            // 2 … 8 and 12 … 24: the beginning moved to the key picture at 2
            const { picture, sound } = await watched();
            near(picture, 18, 0.041);
            near(sound, 18, 0.2);
            assert.deepEqual(await chapters(), [[0, 'Un'], [4, 'Deux'], [6, 'Trois'], [14, 'Quatre']]);
            assert.deepEqual(await lines(), ['00:00:00.000 --> 00:00:01.000 A', '00:00:02.000 --> 00:00:03.000 B', '00:00:05.500 --> 00:00:06.000 C', '00:00:07.000 --> 00:00:08.000 D', '00:00:16.000 --> 00:00:17.500 E']);
            assert.deepEqual(await resources(), [['4.000', '6.000', 'à moitié'], ['8.000', '10.000', 'dedans']]);
            // players get the moved lines
            for (let i = 0; ; i++) {
                if (/00:00:05\.500/.test((await newVisitor(server).get(`${await mediaOf(newVisitor(server), `/tv/${slug}`)}/subs/fr.vtt`)).text)) break;
                assert.ok(i < 100);
                await sleep(200);
            }
            assert.match((await staff.get(at())).words('main'), /Cette vidéo est coupée/);
        });

        test('cut once more, exactly: a cut of the cut is one of the file, and is encoded only once', async () => {
            const before = edition();
            assert.equal((await plan({ debut: '0:01,2', fin: '0:15', sans: '' })).status, 303);
            const planned = await looked();
            const form = planned.html.querySelectorAll(`form[action="${at()}/faire"]`).find((each) => each.querySelector('input[name=exact]'));
            assert.equal((await staff.post(`${at()}/faire`, { _csrf: form.querySelector('input[name=_csrf]').getAttribute('value'), exact: '1' })).status, 303);
            await live(before);
            const { picture, sound } = await watched();
            near(picture, 13.8, 0.05);
            near(sound, 13.8, 0.1);
            // of the file: 3.2 … 8 and 12 … 21, up to the rounding of a key picture
            const kept = sql(server, `SELECT kept FROM tv_cut WHERE video_id = ${id}`).trim().split(' ').map((each) => each.split('-').map(Number));
            assert.equal(kept.length, 2);
            near(kept[0][0], 3200, 3);
            near(kept[1][1], 21000, 10);
            assert.equal(sql(server, `SELECT blob FROM tv_cut WHERE video_id = ${id}`).trim(), blob);
            const now = await chapters();
            assert.deepEqual(now.map(([, title]) => title), ['Un', 'Deux', 'Trois', 'Quatre']);
            near(now[1][0], 2.8, 0.01);
            assert.equal((await lines()).length, 3, 'A and E are cut out wholly or nearly');
        });

        test('the file is kept, also when it is asked to go; back to the original, everything is as it was', async () => {
            sql(server, `DELETE FROM media_upload; UPDATE video_source SET changed_at = 1 WHERE state = 'past';`);
            sql(server, `INSERT INTO media_loose (blob, since) VALUES ('${blob}', 1)`);
            const path = join(server.data, 'blobs', blob.slice(0, 2), blob.slice(2, 4), blob);
            assert.ok(existsSync(path));
            const before = edition();
            assert.equal((await staff.submit(await staff.get(at()), `form[action="${at()}/original"]`)).status, 303);
            await live(before);
            near((await watched()).picture, 24, 0.05);
            assert.deepEqual(await chapters(), original.chapters);
            assert.deepEqual(await lines(), original.lines);
            assert.deepEqual(await resources(), original.resources);
            assert.equal(sql(server, 'SELECT count(*) FROM tv_aside').trim(), '0');
            assert.ok(!(await staff.get(at())).html.querySelector('form[action$="/original"]'));
            const csrf = (await staff.get(at())).html.querySelector('input[name=_csrf]').getAttribute('value');
            assert.equal((await staff.post(`${at()}/original`, { _csrf: csrf })).status, 409);
            assert.match(sql(server, "SELECT count(*) FROM audit WHERE act = 'video.cut'").trim(), /^3$/);
            const learner = newVisitor(server);
            await learner.signIn(accounts.find((each) => each.role === 'learner'));
            assert.equal((await learner.get(at())).status, 403);
        });

        if (engine === 'sqlite') test('killed in the middle, it is made once, and nothing of it stays behind', async () => {
            const before = edition();
            const blobs = () => execFileSync('find', [join(server.data, 'blobs'), '-type', 'f', '-size', '+0'], { encoding: 'utf8' }).trim().split('\n');
            const heap = blobs().length;
            assert.equal((await plan({ debut: '0:05', fin: '', sans: '' })).status, 303);
            const planned = await looked();
            const csrf = planned.html.querySelector('input[name=_csrf]').getAttribute('value');
            assert.equal((await staff.post(`${at()}/faire`, { _csrf: csrf, exact: '1' })).status, 303);
            for (let i = 0; i < 3; i++) {
                await sleep(150);
                const { data, port, database } = server;
                await server.kill();
                server = await serve({ data, port, database });
            }
            await live(before);
            near((await watched()).picture, 19, 0.05);
            assert.equal(sql(server, `SELECT count(*) FROM tv_cut WHERE video_id = ${id}`).trim(), '1');
            const left = execFileSync('find', [join(server.data, 'hls'), '-maxdepth', '1', '-name', '.tmp-*'], { encoding: 'utf8' });
            assert.equal(left, '');
            assert.equal(blobs().length - heap, 1, 'one blob more, however often it was begun');
        });
    });
