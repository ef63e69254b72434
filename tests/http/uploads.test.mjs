// A video's way in: sent in pieces by tus, cut and resumed, made playable by a job, served with ranges; and files that
// are no videos, refused with the reason in the person's language.
// run: seconds=240
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { csrfOf, mediaOf, newVisitor, rawRequest } from '../lib/http.mjs';
import { demoAccounts, startServer, temporaryFolder } from '../lib/server.mjs';

let server;
let staff;
let token;
before(async () => {
    server = await startServer();
    staff = newVisitor(server);
    await staff.signIn((await demoAccounts()).find((account) => account.role === 'staff'));
    token = csrfOf(await staff.get('/gestion/videos'));
});
after(() => server?.stop());

const tus = (method, path, headers = {}, body = undefined) =>
    staff.request(method, path, { body, headers: { 'Tus-Resumable': '1.0.0', 'X-CSRF-Token': token, ...headers } });
const base64 = (text) => Buffer.from(text).toString('base64');

async function create(name, size) {
    const answer = await tus('POST', '/api/v1/uploads', {
        'Upload-Length': String(size), 'Upload-Metadata': `filename ${base64(name)},fingerprint ${base64(`${name}-${size}`)}`,
    });
    assert.equal(answer.status, 201, answer.text);
    return answer.location;
}

const piece = (upload, offset, body, more = {}) =>
    tus('PATCH', upload, { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(offset), ...more }, body);
const offsetOf = async (upload) => Number((await tus('HEAD', upload)).headers.get('upload-offset'));

// The upload's row in the studio, once its preparation is over.
async function prepared(title) {
    for (let i = 0; i < 600; i++) {
        const page = await staff.get('/gestion/videos');
        const link = page.html.querySelectorAll('a[href^="/gestion/videos/"]').find((each) => each.textContent.includes(title));
        const id = link?.getAttribute('href').split('/').pop();
        const state = id && (await staff.get(`/api/v1/videos/${id}/avancement`)).json();
        if (state?.over) return { id, ...state };
        await sleep(200);
    }
    throw new Error(`${title} was not prepared`);
}

function makeVideo() {
    const file = join(temporaryFolder('video'), 'Essai_de_classe.mp4');
    execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=25:d=5', '-f', 'lavfi', '-i', 'sine=d=5',
        '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest', file]);
    return { file, bytes: readFileSync(file) };
}

test('a video sent in pieces, cut and resumed, plays', async () => {
    const { bytes } = makeVideo();
    const upload = await create('Essai_de_classe.mp4', bytes.length);
    const third = Math.floor(bytes.length / 3);
    const sum = createHash('sha256').update(bytes.subarray(0, third)).digest('base64');
    assert.equal((await piece(upload, 0, bytes.subarray(0, third), { 'Upload-Checksum': `sha256 ${sum}` })).status, 204);

    // a connection that breaks in the middle of a piece
    const head = `PATCH ${upload} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nCookie: ${staff.cookie()}\r\nX-CSRF-Token: ${token}\r\n`
        + `Tus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream\r\nUpload-Offset: ${third}\r\nContent-Length: ${bytes.length - third}\r\n\r\n`;
    await rawRequest(server, [head, bytes.subarray(third, 2 * third).toString('latin1')], { timeout: 700 });
    let reached = await offsetOf(upload);
    assert.ok(reached >= third && reached <= 2 * third, `${reached}`);

    const [unfinished] = (await staff.get('/api/v1/uploads')).json();
    assert.equal(unfinished.name, 'Essai_de_classe.mp4');
    assert.equal(unfinished.url, upload);
    let answer;
    for (let i = 0; i < 50 && answer?.status !== 204; i++) {
        reached = await offsetOf(upload);
        answer = await piece(upload, reached, bytes.subarray(reached));
        if (answer.status !== 204) await sleep(100);
    }
    assert.equal(answer.status, 204, answer.text);
    assert.deepEqual((await staff.get('/api/v1/uploads')).json(), []);

    const state = await prepared('Essai de classe');
    assert.equal(state.state, 'ready', JSON.stringify(state));
    const visitor = newVisitor(server);
    const folder = await mediaOf(visitor, '/tv/essai-de-classe');
    assert.ok(folder.endsWith(`/${state.id}`), folder);
    const playlist = await visitor.get(`${folder}/master.m3u8`);
    assert.equal(playlist.status, 200);
    assert.equal(playlist.type, 'application/vnd.apple.mpegurl');
    assert.match(playlist.text, /RESOLUTION=640x360/);
    assert.match(playlist.text, /RESOLUTION=426x240/);
    assert.equal((await visitor.get(`${folder}/storyboard.vtt`)).status, 200);
    for (const wrong of [`${state.id}-1`, `${state.id}-0`, `${state.id}-x`, `${state.id}-`])
        assert.equal((await visitor.get(`${folder.replace(/[^/]+$/, wrong)}/master.m3u8`)).status, 403, wrong);
    const part = await visitor.get(`${folder}/video.mp4`, { headers: { range: 'bytes=0-99' } });
    assert.equal(part.status, 206);
    assert.equal(part.bytes.length, 100);
    // ffprobe as a second client: the whole way over HTTP
    const seen = JSON.parse(execFileSync('ffprobe', ['-v', 'error', '-of', 'json', '-show_entries', 'stream=codec_type,codec_name', '-count_packets',
        `${server.url}${folder}/master.m3u8`], { encoding: 'utf8' }));
    assert.deepEqual([...new Set(seen.streams.map((stream) => stream.codec_name))].sort(), ['aac', 'h264']);

    // GStreamer has its own reader of playlists and of fragments: the third
    const gst = spawnSync('gst-discoverer-1.0', ['-t', '60', '-v', `${server.url}${folder}/master.m3u8`], { encoding: 'utf8', env: { ...process.env, GST_REGISTRY: join(temporaryFolder('gst'), 'registry') } });
    assert.equal(gst.status, 0, gst.stdout + gst.stderr);
    assert.match(gst.stdout, /Duration: 0:00:0\d\.\d+/);
    assert.match(gst.stdout, /video.*H\.264/i);
    assert.match(gst.stdout, /audio.*AAC/i);
    // and mpv plays it from the first to the last picture
    const log = join(temporaryFolder('mpv'), 'log');
    const mpv = spawnSync('mpv', ['--no-config', '--vo=null', '--ao=null', '--untimed', '--no-terminal', `--log-file=${log}`, '--hls-bitrate=max', `${server.url}${folder}/master.m3u8`], { encoding: 'utf8', timeout: 60_000 });
    const played = readFileSync(log, 'utf8');
    assert.equal(mpv.status, 0, played.slice(-2000) + mpv.stderr);
    assert.match(played, /VO: \[null\] 640x360/);
    assert.match(played, /finished playback, success \(reason 0\)/, 'reason 0: to its end');
    assert.doesNotMatch(played, /\]\[[ef]\]\[/, 'no error on the way');
});

test('what is no video is refused with the reason', async () => {
    const empty = await tus('POST', '/api/v1/uploads', { 'Upload-Length': '0' });
    assert.equal(empty.status, 422);
    assert.match(empty.json().detail, /vide/);

    const text = Buffer.from('Ceci est un texte.\n'.repeat(50));
    const upload = await create('Faux_film.mp4', text.length);
    assert.equal((await piece(upload, 0, text)).status, 204);
    const state = await prepared('Faux film');
    assert.equal(state.state, 'failed');
    assert.match(state.text, /ni une vidéo ni un son/);
});

test('who may not upload is told so', async () => {
    const learner = newVisitor(server);
    const headers = { 'Tus-Resumable': '1.0.0', 'Upload-Length': '10' };
    assert.equal((await learner.request('POST', '/api/v1/uploads', { headers: { ...headers, 'X-CSRF-Token': 'x' } })).status, 403);
    await learner.signIn((await demoAccounts()).find((account) => account.role === 'learner'));
    const page = await learner.get('/mon-espace');
    const given = csrfOf(page);
    assert.equal((await learner.request('POST', '/api/v1/uploads', { headers: { ...headers, 'X-CSRF-Token': given } })).status, 403);
    assert.equal((await staff.request('POST', '/api/v1/uploads', { headers })).status, 403); // without the token
});
