// Staff bring videos in through the page: piece by piece (tus), with progress, resumed after a break, refused with a
// reason when the file is no video; and the video then plays for everyone.
// run: alone seconds=300
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, openBrowser } from '../lib/browser.mjs';
import { csrfOf, newVisitor } from '../lib/http.mjs';
import { demoAccounts, startServer, temporaryFolder } from '../lib/server.mjs';

let server;
let browser;
let folder;
const sessions = {};
before(async () => {
    server = await startServer();
    browser = await openBrowser(server);
    folder = temporaryFolder('films');
    for (const account of await demoAccounts()) {
        const visitor = newVisitor(server);
        await visitor.signIn(account);
        sessions[account.role] = visitor;
    }
});
after(async () => { await browser?.close(); await server?.stop(); });

const cookiesOf = (role) => sessions[role].browserCookies();
const words = async (locator) => (await locator.innerText()).replace(/\s+/g, ' ').trim();

// A small video with sound. Its index stands at the end, as most cameras write it, or at the beginning.
function film(name, seconds = 10, { atBeginning = false, size = '640x360' } = {}) {
    const path = join(folder, name);
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25:duration=${seconds}`, '-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`,
        '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest', ...(atBeginning ? ['-movflags', '+faststart'] : []), path]);
    return path;
}

// The same film made longer by a box that players skip: large, and yet nothing to encode.
function pad(path, bytes) {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(bytes);
    head.write('free', 4, 'latin1');
    appendFileSync(path, head);
    truncateSync(path, statSync(path).size + bytes - 8);
    return path;
}

async function studio(role = 'staff', options = {}) {
    const page = await browser.newPage({ width: 1440, cookies: cookiesOf(role), ...options });
    page.expect(/status of 423/); // the piece that was cut may still be held for a moment; the page asks again
    page.pw.setDefaultTimeout(20_000);
    await page.open('/gestion/videos');
    return page;
}
// The line of this page: so many bytes a second upwards (-1: as fast as it goes). Gives the same for later.
async function slowLine(page, uploadThroughput) {
    const cdp = await page.context.newCDPSession(page.pw);
    await cdp.send('Network.enable');
    const set = (upload) => cdp.send('Network.emulateNetworkConditions', { offline: false, latency: upload < 0 ? 0 : 5, downloadThroughput: -1, uploadThroughput: upload });
    await set(uploadThroughput);
    return set;
}
// What the person's uploads are on the server, by the name of their file.
const underWay = async () => Object.fromEntries((await sessions.staff.get('/api/v1/uploads', { headers: { accept: 'application/json' } })).json().map((each) => [each.name, each]));
const rowOf = (page, title) => page.pw.locator('table tbody tr', { has: page.pw.locator('th', { hasText: title }) });
const sentRow = (page, name) => page.pw.locator('.files li', { hasText: name });

// What the page showed of a job while it ran: distinct percentages, in order.
async function watchJob(page, title, seconds = 120) {
    const seen = [];
    for (let i = 0; i < seconds * 5; i++) {
        const text = await page.pw.evaluate((wanted) => [...document.querySelectorAll('table tbody tr')].find((row) => row.querySelector('th')?.textContent.includes(wanted))?.querySelector('td')?.textContent ?? '', title).catch(() => '');
        const percent = /(\d+)\s*%/.exec(text)?.[1];
        if (percent !== undefined && seen.at(-1) !== Number(percent)) seen.push(Number(percent));
        if (/Échec/.test(text) || (/Publiée/.test(text) && percent === undefined)) return { seen, text };
        await sleep(200);
    }
    throw new Error(`${title} is not ready after ${seconds} s: ${seen.join(' ')} %`);
}

test('a file is chosen, sent, prepared and published, and each of it is seen on the page', async () => {
    const path = pad(film('Mon_essai (final).mp4', 15, { size: '1280x720' }), 3_000_000);
    const page = await studio();
    const sent = [];
    page.pw.on('request', (request) => { if (/\/api\/v1\/uploads/.test(request.url())) sent.push(request); });
    // Slow enough for the bar to be seen.
    const line = await slowLine(page, 1_500_000);
    await page.pw.setInputFiles('#f-files', path);
    const bar = sentRow(page, 'Mon_essai').locator('progress');
    const values = new Set();
    while (values.size < 3) { values.add(await bar.evaluate((element) => element.value)); await sleep(50); }
    assert.match(await words(sentRow(page, 'Mon_essai')), /\d+ ?%/);
    await line(-1);
    await rowOf(page, 'Mon essai (final)').waitFor({ timeout: 15_000 });
    const { seen, text } = await watchJob(page, 'Mon essai (final)');
    assert.match(text, /Publiée/);
    assert.deepEqual(seen, [...seen].sort((a, b) => a - b), 'it only ever rises');
    assert.ok(seen.some((percent) => percent > 0 && percent < 100), `progress is seen: ${seen.join(' ')}`);
    assert.equal(sent.filter((request) => request.method() === 'POST').length, 1);
    assert.ok(sent.filter((request) => request.method() === 'PATCH').every((request) => request.headers()['tus-resumable'] === '1.0.0'));
    await page.look('upload-gestion');

    await rowOf(page, 'Mon essai (final)').locator('a[href^="/tv/"]').click();
    await page.pw.waitForURL((url) => url.pathname === '/tv/mon-essai-final');
    await page.pw.locator('.big-play').click();
    await page.pw.waitForFunction(() => document.querySelector('video').currentTime > 3.2, undefined, { timeout: 60_000 });
    const video = await page.pw.evaluate(() => { const each = document.querySelector('video'); return { duration: each.duration, ratio: each.videoWidth / each.videoHeight, sound: each.webkitAudioDecodedByteCount, source: each.currentSrc }; });
    assert.ok(Math.abs(video.duration - 15) < 0.6, `${video.duration} s`);
    assert.ok(Math.abs(video.ratio - 16 / 9) < 0.02 && video.sound > 1000 && video.source.startsWith('blob:'), JSON.stringify(video));
    await page.look('upload-tv');
    await page.close();
    const visitor = newVisitor(server);
    assert.match((await visitor.get('/tv')).words('main'), /Mon essai \(final\)/);
});

test('what is no video is refused, and the page says why', async () => {
    const cases = { 'vide.mp4': /vide|0 octet|rien/i, 'texte.mp4': /ni une vidéo|pas une vidéo|n.est pas|ne contient/i, 'coupe.mp4': /coupé|incomplet|manque|endommagé/i, 'coupe-debut.mp4': /coupé|incomplet|manque|endommagé/i };
    writeFileSync(join(folder, 'vide.mp4'), '');
    writeFileSync(join(folder, 'texte.mp4'), 'Ceci est une lettre, pas un film.\n'.repeat(400));
    for (const [name, early] of [['coupe.mp4', false], ['coupe-debut.mp4', true]]) {
        const path = film(name, 8, { atBeginning: early });
        truncateSync(path, Math.floor(statSync(path).size * 0.6));
    }
    const page = await studio();
    page.expect(/status of 422/);
    // The empty one never leaves the page.
    await page.pw.setInputFiles('#f-files', join(folder, 'vide.mp4'));
    await page.pw.waitForSelector('.files li[data-bad]');
    assert.match(await words(sentRow(page, 'vide.mp4')), cases['vide.mp4']);
    await page.look('upload-refus');
    // All at once, with the empty one among them: its reason must not vanish when the others have arrived.
    await page.pw.setInputFiles('#f-files', Object.keys(cases).map((name) => join(folder, name)));
    await page.pw.waitForFunction(() => document.querySelectorAll('.files li[data-done]').length === 3);
    await sleep(2500);
    assert.match(await words(sentRow(page, 'vide.mp4').last()), cases['vide.mp4'], 'still there to be read');
    await page.open('/gestion/videos');
    for (const [name, reason] of Object.entries(cases).slice(1)) {
        const title = name.replace('.mp4', '');
        const row = page.pw.locator('table tbody tr').filter({ has: page.pw.locator('th a', { hasText: new RegExp(`^${title}$`) }) });
        await page.pw.waitForFunction((wanted) => [...document.querySelectorAll('table tbody tr')].some((each) => each.querySelector('th a')?.textContent === wanted && /Échec/.test(each.textContent)), title, { timeout: 60_000 });
        assert.match(await words(row), reason, name);
        assert.equal(await row.locator('a[href^="/tv/"]').count(), 0);
        assert.equal((await newVisitor(server).get(`/tv/${title}`)).status, 404, `${name} is nowhere public`);
    }
    await page.close();
});

test('a broken upload goes on where it stopped when the same file is chosen again, and the device keeps nothing', async () => {
    const path = pad(film('longue.mp4', 6), 24_000_000);
    const size = statSync(path).size;
    const first = await studio();
    await slowLine(first, 6_000_000);
    await first.pw.setInputFiles('#f-files', path);
    const open = async () => (await underWay())['longue.mp4'];
    let before;
    for (let i = 0; i < 300 && !(before?.offset > 8_500_000); i++) { before = await open(); await sleep(50); }
    assert.ok(before.offset > 8_500_000 && before.offset < size, `${before.offset} of ${size} bytes have arrived`);
    await first.look('upload-en-cours'); // with what it keeps: nothing
    await first.close(); // in the middle of a piece
    await sleep(300);
    const kept = await open();
    assert.ok(kept.offset >= before.offset, 'what had arrived is kept');

    const second = await studio();
    const sent = [];
    second.pw.on('request', (request) => { if (/\/api\/v1\/uploads/.test(request.url())) sent.push(request); });
    await second.pw.waitForSelector('.files li');
    assert.match(await words(sentRow(second, 'longue.mp4')), /même fichier.*\d+ ?%/i);
    await second.look('upload-reprise');
    await second.pw.setInputFiles('#f-files', path);
    await rowOf(second, 'longue').waitFor({ timeout: 30_000 });
    assert.equal(sent.filter((request) => request.method() === 'POST').length, 0, 'nothing begins anew');
    const pieces = sent.filter((request) => request.method() === 'PATCH');
    assert.equal(Number(pieces[0].headers()['upload-offset']), kept.offset, 'the first piece begins where the server stopped');
    assert.equal(await open(), undefined);
    assert.match((await watchJob(second, 'longue')).text, /Publiée/);
    // Byte for byte: the server's copy is the file.
    const stored = execFileSync('sh', ['-c', 'find "$1" -type f -size "$2"c', 'sh', join(server.data, 'blobs'), String(size)], { encoding: 'utf8' }).trim().split('\n');
    assert.equal(stored.length, 1);
    assert.ok(readFileSync(stored[0]).equals(readFileSync(path)), 'the copy is the file, byte for byte');
    await second.close();
});

test('the same name with another content begins anew; giving up removes what had arrived', async () => {
    const path = pad(film('rendue.mp4', 2), 20_000_000);
    const page = await studio();
    await slowLine(page, 3_000_000);
    await page.pw.setInputFiles('#f-files', path);
    const open = async () => (await sessions.staff.get('/api/v1/uploads', { headers: { accept: 'application/json' } })).json().filter((each) => each.name === 'rendue.mp4');
    for (let i = 0; i < 200 && !((await open())[0]?.offset > 0); i++) await sleep(50);
    const row = sentRow(page, 'rendue.mp4');
    await row.locator('button', { hasText: 'Pause' }).click();
    await page.pw.waitForFunction(() => /pause/i.test(document.querySelector('.files .state').textContent));
    const [{ offset, id }] = await open();
    await sleep(400);
    assert.equal((await open())[0].offset, offset, 'a pause is one');
    await page.close();
    // Another film under the same name, as long to the byte: it differs by the time of its last change.
    utimesSync(path, new Date(), new Date(Date.now() - 5000));
    const again = await studio();
    const sent = [];
    again.pw.on('request', (request) => { if (/\/api\/v1\/uploads/.test(request.url())) sent.push(request); });
    await again.pw.waitForSelector('.files li');
    await again.pw.setInputFiles('#f-files', path);
    await rowOf(again, 'rendue').waitFor({ timeout: 30_000 });
    assert.equal(sent.filter((request) => request.method() === 'POST').length, 1);
    assert.equal(Number(sent.find((request) => request.method() === 'PATCH').headers()['upload-offset']), 0);
    assert.ok(readdirSync(join(server.data, 'uploads')).includes(id));
    assert.equal((await open())[0].offset, offset, 'the one begun before is untouched');
    await sentRow(again, 'rendue.mp4').locator('button').click();
    await again.pw.waitForFunction(() => !document.querySelector('.files li'));
    assert.deepEqual(await open(), []);
    assert.ok(!readdirSync(join(server.data, 'uploads')).includes(id), 'its bytes are gone too');
    await again.close();
});

test('two are sent at once; one that is paused leaves its place to the next, and goes on when told to', async () => {
    const names = ['premiere.mp4', 'deuxieme.mp4', 'troisieme.mp4'];
    const paths = names.map((name, i) => pad(film(name, 2 + i), 9_000_000));
    const page = await studio();
    const begun = [];
    page.pw.on('request', (request) => { if (request.method() === 'POST' && /\/api\/v1\/uploads/.test(request.url())) begun.push(request); });
    const line = await slowLine(page, 1_000_000);
    const states = () => Promise.all(names.map((name) => words(sentRow(page, name))));
    await page.pw.setInputFiles('#f-files', paths);
    await eventually(states, ([one, two]) => /\d ?% envoyé/.test(one) && /\d ?% envoyé/.test(two));
    assert.match((await states())[2], /En attente/);
    assert.deepEqual(Object.keys(await underWay()).filter((name) => names.includes(name)).sort(), ['deuxieme.mp4', 'premiere.mp4'], 'the third waits its turn');
    await page.look('upload-file');
    await sentRow(page, names[0]).locator('button', { hasText: 'pause' }).click();
    const [one, , three] = await eventually(states, (all) => /\d ?% envoyé/.test(all[2]));
    assert.match(one, /En pause à \d+ ?%/);
    assert.match(three, /envoyé/);
    await sentRow(page, names[0]).locator('button', { hasText: 'Continuer' }).click();
    await eventually(states, ([first]) => /\d ?% envoyé/.test(first));
    await line(-1);
    for (const title of ['premiere', 'deuxieme', 'troisieme']) await rowOf(page, title).waitFor({ timeout: 30_000 });
    assert.equal(begun.length, 3, 'none began anew');
    for (const title of ['premiere', 'deuxieme', 'troisieme']) assert.match((await watchJob(page, title)).text, /Publiée/);
    await page.close();
});

test('the line goes and comes back: the page says so, and goes on by itself from where the server stopped, two at once', async () => {
    const path = pad(film('ligne.mp4', 2), 20_000_000);
    const others = ['retour-b.mp4', 'retour-c.mp4', 'retour-d.mp4'].map((name, i) => pad(film(name, 3 + i), 9_000_000));
    const page = await studio();
    page.expect(/ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|ERR_CONNECTION/);
    let now = 0;
    let most = 0;
    await page.pw.route('**/api/v1/uploads/*', async (route) => { // each piece takes its time
        if (route.request().method() === 'PATCH') most = Math.max(most, ++now);
        await sleep(700);
        await route.continue();
        if (route.request().method() === 'PATCH') now--;
    });
    const sent = [];
    page.pw.on('request', (request) => { if (/\/api\/v1\/uploads/.test(request.url())) sent.push(request); });
    await page.pw.setInputFiles('#f-files', [path, ...others]);
    await eventually(async () => (await underWay())['ligne.mp4']?.offset ?? 0, (offset) => offset > 8_000_000);
    await page.context.setOffline(true);
    const row = sentRow(page, 'ligne.mp4');
    await eventually(() => words(page.pw.locator('.files')), (text) => text.match(/La connexion est perdue/g)?.length === 4);
    await row.locator('button', { hasText: 'Continuer' }).waitFor();
    await page.look('upload-sans-ligne');
    const { offset, id } = (await underWay())['ligne.mp4'];
    sent.length = 0;
    await page.context.setOffline(false);
    await rowOf(page, 'ligne').waitFor({ timeout: 30_000 });
    const ofLine = sent.filter((request) => request.method() === 'PATCH' && request.url().includes(id)).map((request) => Number(request.headers()['upload-offset']));
    assert.ok(ofLine[0] >= offset, `the first piece begins at ${ofLine[0]}, the server had ${offset}`);
    assert.ok(most <= 2, `${most} pieces at once`);
    for (const title of ['retour-b', 'retour-c', 'retour-d']) await rowOf(page, title).waitFor();
    await page.close();
});

test('without the permission there is neither page nor address', async () => {
    assert.equal((await sessions.learner.get('/gestion/videos')).status, 403);
    assert.equal((await newVisitor(server).get('/gestion/videos')).location, '/connexion?suite=%2Fgestion%2Fvideos');
    const begin = async (visitor, headers = {}) => visitor.request('POST', '/api/v1/uploads', { headers: { 'tus-resumable': '1.0.0', 'upload-length': '10', 'upload-metadata': `filename ${Buffer.from('x.mp4').toString('base64')}`,
        'x-csrf-token': csrfOf(await visitor.get('/')), ...headers } });
    assert.equal((await begin(newVisitor(server))).status, 401);
    assert.equal((await begin(sessions.learner)).status, 403);
    assert.equal((await begin(sessions.coach)).status, 403);
    assert.equal((await begin(sessions.staff, { 'x-csrf-token': '' })).status, 403);
    const mine = await begin(sessions.staff);
    assert.equal(mine.status, 201);
    const address = mine.location;
    const piece = async (visitor) => visitor.request('PATCH', address, { body: Buffer.from('0123456789'), headers: { 'tus-resumable': '1.0.0', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream', 'x-csrf-token': csrfOf(await visitor.get('/')) } });
    assert.equal((await piece(sessions.trainer)).status, 404, "somebody else's upload is nobody's business");
    assert.equal((await sessions.trainer.request('DELETE', address, { headers: { 'tus-resumable': '1.0.0', 'x-csrf-token': csrfOf(await sessions.trainer.get('/')) } })).status, 404);
    assert.equal((await piece(sessions.learner)).status, 403);
    assert.equal((await piece(sessions.staff)).status, 204);
});
