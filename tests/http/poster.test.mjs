// The poster of a video: one of the pictures of the film, any other moment, or a picture of one's own, which also stays when another
// file takes the place of the one that is watched; and that other file, which keeps the address and all that belongs to the video.
// run: seconds=600, pgsql
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, fileOf, mediaOf, newVisitor } from '../lib/http.mjs';
import { demoAccounts, edulab, startServer, stopPostgres, temporaryFolder } from '../lib/server.mjs';

after(stopPostgres);
const accounts = await demoAccounts();
const folder = temporaryFolder('films');

function ffmpeg(name, ...args) {
    const path = join(folder, name);
    execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args, path]);
    return path;
}
// A film of one colour, and of another from the middle on.
const film = (name, one, two, seconds, ...more) => ffmpeg(name, '-f', 'lavfi', '-i', `color=${one}:s=320x180:r=25:d=${seconds}`, '-f', 'lavfi', '-i', `sine=d=${seconds}`, ...more,
    '-vf', `drawbox=c=${two}:t=fill:enable='gte(t,${seconds / 2})'`, '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest');
// "red", "lime", "blue": what a picture shows most of.
function colour(bytes) {
    const [r, g, b] = execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-i', 'pipe:0', '-vf', 'scale=1:1,format=rgb24', '-f', 'rawvideo', 'pipe:1'], { input: bytes });
    return r > 150 && g < 100 ? 'red' : g > 150 && r < 100 ? 'lime' : b > 150 && r < 100 ? 'blue' : `${r} ${g} ${b}`;
}

for (const engine of ['sqlite', 'pgsql'])
    describe(`poster and file (${engine})`, () => {
        let server;
        let staff;
        let id;
        let studio;
        before(async () => {
            server = await startServer({ engine });
            staff = newVisitor(server);
            await staff.signIn(accounts.find((each) => each.role === 'staff'));
            // Chapters as a file may hold them: not from the beginning, two at nearly the same moment, one without a title.
            const meta = join(folder, 'chapitres');
            execFileSync('sh', ['-c', `printf ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=500\nEND=2000\ntitle=Un\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=2000\nEND=2200\ntitle=Deux\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=2200\nEND=4000\ntitle=Trois\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=4000\nEND=6000\n' > "$1"`, 'sh', meta]);
            film('Essai d affiche.mp4', 'red', 'lime', 6, '-i', meta, '-map_metadata', '2', '-map', '0:v', '-map', '1:a');
            const added = await edulab(['tv', 'add', join(folder, 'Essai d affiche.mp4'), '--data', server.data], { database: server.database });
            assert.equal(added.status, 0, added.stderr);
            studio = /\/gestion\/videos\/\S+/.exec(added.stdout)[0];
            id = studio.split('/').pop();
            await whole();
        });
        after(() => server?.stop());

        async function whole() {
            for (let i = 0; i < 600; i++) {
                const state = (await staff.get(`/api/v1/videos/${id}/avancement`)).json();
                if (state.over && !/class="work"/.test((await staff.get(studio)).text)) return state;
                await sleep(100);
            }
            throw new Error(`not prepared\n${server.log.slice(-2000)}`);
        }
        async function drawn() {
            for (let i = 0; i < 300 && !(await staff.get(`/api/v1/videos/${id}/affiche`)).json().over; i++) await sleep(100);
            const visitor = newVisitor(server);
            const page = await visitor.get('/tv/essai-d-affiche');
            assert.equal(page.status, 200);
            return colour(await (await fetch(`${server.url}${await mediaOf(visitor, '/tv/essai-d-affiche')}/poster-large.webp`)).arrayBuffer().then(Buffer.from));
        }
        const choose = async (fields) => {
            const page = await staff.get(`${studio}/affiche`);
            return staff.submit(page, `form[action="${studio}/affiche"]`, fields);
        };

        test('what the file says of chapters is taken over as the page takes them: saving it changes nothing', async () => {
            const page = await staff.get(`${studio}/chapitres`);
            const text = page.html.querySelector('textarea[name=texte]').textContent.trim();
            assert.equal(text, '0:00 Un\n0:02 Deux');
            assert.equal((await staff.submit(page, `form[action="${studio}/chapitres"]`, { texte: text })).status, 303);
        });

        test('a picture of the film, any moment, a picture of one’s own', async () => {
            assert.equal(await drawn(), 'red');
            const page = await staff.get(`${studio}/affiche`);
            assert.equal(page.html.querySelectorAll('input[name=choix]').length, 5);
            const pictures = page.html.querySelectorAll('.tiles img').map((each) => each.getAttribute('src'));
            for (const [i, wanted] of ['red', 'red', , 'lime', 'lime'].entries())
                if (wanted) assert.equal(colour(Buffer.from(await (await fetch(server.url + pictures[i])).arrayBuffer())), wanted, pictures[i]);
            assert.equal((await choose({ choix: '5', moment: '', fichier: undefined })).status, 303);
            assert.equal(await drawn(), 'lime');
            assert.equal((await staff.get(`${studio}/affiche`)).html.querySelector('input[name=choix][checked]').getAttribute('value'), '5');
            assert.equal((await choose({ choix: '', moment: '0:01,5', fichier: undefined })).status, 303);
            assert.equal(await drawn(), 'red');
            assert.equal((await choose({ fichier: fileOf(readFileSync(ffmpeg('bleu.png', '-f', 'lavfi', '-i', 'color=blue:s=400x400', '-frames:v', '1')), 'bleu.png') })).status, 303);
            assert.equal(await drawn(), 'blue');
        });

        test('what is no picture, no moment or no choice is refused with the reason, and the poster stays', async () => {
            for (const [fields, reason] of [
                [{ choix: '', moment: '', fichier: undefined }, /Choisissez une des images/], [{ choix: '', moment: '0:59', fichier: undefined }, /après la fin/],
                [{ choix: '', moment: 'tôt', fichier: undefined }, /temps/], [{ fichier: fileOf('%PDF-1.4 rien', 'a.png') }, /PNG, JPEG ou WebP/]]) {
                const answer = await choose(fields);
                assert.equal(answer.status, 422);
                assert.match(answer.words('main'), reason);
            }
            // It begins as a picture does: only drawing it shows that it is none.
            assert.equal((await choose({ fichier: fileOf(Buffer.concat([readFileSync(join(folder, 'bleu.png')).subarray(0, 40), Buffer.alloc(400)]), 'faux.png') })).status, 303);
            assert.equal(await drawn(), 'blue');
            assert.match((await staff.get(`${studio}/affiche`)).words('main'), /n’a pas pu être lue|n'a pas pu être lue/);
            assert.equal((await choose({ fichier: fileOf(readFileSync(join(folder, 'bleu.png')), 'bleu.png') })).status, 303);
            assert.equal(await drawn(), 'blue');
            const learner = newVisitor(server);
            await learner.signIn(accounts.find((each) => each.role === 'learner'));
            assert.equal((await learner.get(`${studio}/affiche`)).status, 403);
            assert.equal((await learner.get(`${studio}/fichier`)).status, 403);
        });

        // As the page sends it: the purpose says which video.
        async function send(path, purpose, as = staff) {
            const bytes = readFileSync(path);
            const base64 = (text) => Buffer.from(text).toString('base64');
            const headers = { 'tus-resumable': '1.0.0', 'x-csrf-token': csrfOf(await as.get(studio)) };
            const made = await as.request('POST', '/api/v1/uploads', { headers: { ...headers, 'upload-length': String(bytes.length), 'upload-metadata': `filename ${base64('nouveau.mp4')},purpose ${base64(purpose)}` } });
            assert.equal(made.status, 201, made.text);
            const at = made.headers.get?.('location') ?? made.location;
            assert.equal((await as.get(at, { headers: { accept: 'application/json' } })).json().purpose, purpose);
            const piece = await as.request('PATCH', new URL(at, server.url).pathname, { headers: { ...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }, body: bytes });
            assert.equal(piece.status, 204, piece.text);
        }

        test('another file takes its place: address, chapters, subtitles, comments, figures and the poster of one’s own stay', async () => {
            assert.match((await staff.get(`${studio}/fichier`)).text, new RegExp(`data-purpose="video-${id}"`));
            const number = sql(server, "SELECT id FROM video WHERE slug = 'essai-d-affiche'").trim();
            sql(server, `INSERT INTO video_text (video_id, lang, label, vtt) VALUES (${number}, 'fr', 'Français', 'WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nBonjour\n')`);
            const kept = () => [sql(server, `SELECT start_ms, title FROM video_chapter WHERE video_id = ${number} ORDER BY 1`), sql(server, `SELECT vtt FROM video_text WHERE video_id = ${number}`),
                sql(server, `SELECT slug, published_at FROM video WHERE id = ${number}`), sql(server, 'SELECT count(*) FROM video')].join('\n');
            // what a cut had put aside means nothing in another file; a resource comes back whole
            sql(server, `INSERT INTO tv_aside (video_id, lang, start_ms, end_ms, text) VALUES (${number}, 'fr', 5000, 5500, 'Coupée');
                INSERT INTO tv_resource (id, video_id, from_ms, to_ms, kind, title, address, name, type, size, aside_from, aside_to) VALUES (77, ${number}, 0, 0, 'link', 'Plus loin', 'https://exemple.be/', '', '', 0, 3000, 4000)`);
            const before = kept();
            const old = await mediaOf(newVisitor(server), '/tv/essai-d-affiche');
            await send(film('autre.mp4', 'lime', 'red', 8), `video-${id}`);
            for (let i = 0; i < 600 && sql(server, `SELECT edition FROM video WHERE id = ${number}`).trim() !== '1'; i++) await sleep(100);
            await whole();
            assert.equal(kept(), before);
            const now = await mediaOf(newVisitor(server), '/tv/essai-d-affiche');
            assert.notEqual(now, old);
            assert.equal(await drawn(), 'blue');
            assert.match(sql(server, `SELECT duration_ms FROM video WHERE id = ${number}`), /^(79|80)\d\d/);
            assert.equal(sql(server, `SELECT count(*) FROM tv_aside WHERE video_id = ${number}`).trim(), '0');
            assert.match(sql(server, "SELECT from_ms || ' ' || to_ms || ' ' || coalesce(aside_from, -1) FROM tv_resource WHERE id = 77"), /^3000 4000 -1/);
            // Somebody in the middle of the old one goes on watching it.
            assert.equal((await newVisitor(server).get(`${old}/master.m3u8`)).status, 200);
            assert.equal(sql(server, `SELECT count(*) FROM audit WHERE act = 'video.replaced' AND object = ${number}`).trim(), '1');
        });

        test('a file for a video that is gone, or for none, becomes a video of its own', async () => {
            const count = () => Number(sql(server, 'SELECT count(*) FROM video'));
            const before = count();
            await send(film('seul.mp4', 'blue', 'red', 2), 'video-zzzzzzzzzzzzz');
            for (let i = 0; i < 300 && count() === before; i++) await sleep(100);
            assert.equal(count(), before + 1);
        });
    });
