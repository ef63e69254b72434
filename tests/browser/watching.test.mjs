// Watching a video as people do: a page left open until its addresses have ended, a page without a script, a finger on the bar, keys
// whose work is said, subtitles as one reads them on every video, a series to its next episode, a phone.
// run: alone seconds=300
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, openBrowser } from '../lib/browser.mjs';
import { sql } from '../lib/crowd.mjs';
import { newVisitor } from '../lib/http.mjs';
import { demoCookies } from '../lib/people.mjs';
import { startServer } from '../lib/server.mjs';

let server;
let browser;
let cookies;
const path = '/tv/demarche-steam';

before(async () => {
    server = await startServer();
    browser = await openBrowser(server);
    cookies = await demoCookies(server);
});
after(async () => { await browser?.close(); await server?.stop(); });

const state = (pw) => pw.evaluate(() => {
    const video = document.querySelector('edulab-player video');
    return { at: video.currentTime, paused: video.paused, height: video.videoHeight, source: video.currentSrc, ended: video.ended, ahead: video.buffered.length ? video.buffered.end(video.buffered.length - 1) : 0 };
});
// All addresses that were given out until now are over, as they are after a night.
const night = async (media) => {
    sql(server, `UPDATE video SET media_turn = media_turn + 1, turned_at = ${Date.now()} WHERE slug = 'demarche-steam'`);
    await eventually(async () => (await newVisitor(server).get(`${media}/video.mp4`, { headers: { range: 'bytes=0-9' } })).status, (status) => status === 403);
};
const mediaIn = async (page) => (await page.pw.locator('edulab-player').getAttribute('data-hls')).replace(/\/master\.m3u8$/, '');
const open = async (options = {}) => {
    const page = await browser.newPage({ width: 1280, ...options });
    page.expect(/status of 403/);
    await page.open(path);
    await page.pw.waitForSelector('.ctl button');
    return page;
};
const choose = (page, label, option) => page.pw.locator('.set').getByLabel(label, { exact: true }).selectOption(option);

test('paused until its addresses have ended, the video plays on where it was, and all links of the page are fresh', async () => {
    const page = await open();
    await page.pw.locator('.ctl [aria-controls=player-settings]').click();
    await page.pw.locator('.big-play').click();
    await eventually(() => state(page.pw), (now) => now.at > 1 && now.source.startsWith('blob:'));
    await page.pw.locator('select.qual').selectOption('240p');
    await eventually(() => state(page.pw), (now) => now.height === 240);
    await page.pw.locator('[data-role=play]').click();
    const media = await mediaIn(page);
    const ticket = await page.pw.locator('edulab-watch').getAttribute('data-page');
    await night(media);
    const left = (await state(page.pw)).at;
    await page.pw.locator('select.qual').selectOption('720p'); // of which nothing is here yet
    await eventually(() => mediaIn(page), (now) => now !== media);
    assert.ok((await state(page.pw)).paused, 'it does not begin by itself');
    await page.pw.locator('[data-role=play]').click();
    const now = await eventually(() => state(page.pw), (now) => now.at > left + 1 && !now.paused && now.height === 720);
    assert.ok(now.at < left + 15, 'from where it was');
    assert.ok(now.source.startsWith('blob:'), 'the stream, not the plain file');
    assert.equal(await page.pw.locator('.state-line').textContent(), '');
    assert.notEqual(await page.pw.locator('edulab-watch').getAttribute('data-page'), ticket, 'and it is counted');
    const file = await page.pw.locator('.player-file a').getAttribute('href');
    assert.equal((await newVisitor(server).get(new URL(file, server.url).pathname, { headers: { range: 'bytes=0-9' } })).status, 206);
    await page.close();
});

test('the same before the first play, with the sound alone, and for the plain file', async () => {
    const page = await open();
    await night(await mediaIn(page));
    await page.pw.locator('.big-play').click();
    await eventually(() => state(page.pw), (now) => now.at > 1 && now.source.startsWith('blob:'));
    await page.pw.locator('.ctl [aria-controls=player-settings]').click();
    await page.pw.locator('select.qual').selectOption('sound');
    await eventually(() => state(page.pw), (now) => now.height === 0 && now.ahead > 5);
    await night(await mediaIn(page));
    await page.pw.evaluate(() => { document.querySelector('video').currentTime = 55; });
    await eventually(() => state(page.pw), (now) => now.at > 55.5 && now.height === 0 && !now.paused);
    await page.close();

    // a browser whose stream fails plays the plain file
    const plain = await browser.newPage({ width: 1280 });
    plain.expect(/status of 403|net::ERR_FAILED/);
    await plain.pw.route('**/master.m3u8', (route) => route.abort());
    await plain.open(path);
    await plain.pw.waitForSelector('.ctl button');
    const media = await mediaIn(plain);
    await night(media);
    await plain.pw.locator('.big-play').click();
    const now = await eventually(() => state(plain.pw), (each) => each.at > 1, 60);
    assert.match(now.source, /video\.mp4$/);
    assert.ok(!now.source.includes(media));
    await plain.close();
});

test('without a script: the browser’s own player, the file to take along, and an address with a second begins there', async () => {
    const page = await browser.newPage({ width: 390, javascript: false });
    await page.open(`${path}?debut=12`);
    assert.equal(await page.pw.locator('video').getAttribute('controls'), '');
    assert.match(await page.pw.locator('video source[type="video/mp4"]').getAttribute('src'), /video\.mp4#t=12/);
    const link = page.pw.getByRole('link', { name: 'Télécharger la vidéo' });
    assert.ok(await link.isVisible());
    assert.equal(await link.getAttribute('download'), 'demarche-steam.mp4');
    const answer = await newVisitor(server).get(await link.getAttribute('href'));
    assert.equal(answer.status, 200);
    assert.equal(answer.type, 'video/mp4');
    await page.look('watching-plain');
    await page.close();
    const scripted = await browser.newPage({ width: 1280 });
    await scripted.open(`${path}?debut=12`);
    await scripted.pw.waitForSelector('.ctl button');
    assert.ok(Math.abs((await state(scripted.pw)).at - 12) < 0.1);
    assert.equal(await scripted.pw.locator('.set .player-file a').count(), 1, 'among the settings then');
    await scripted.close();
});

test('a finger on the bar shows where it would lead, as the mouse does', async () => {
    const page = await open({ width: 390 });
    const touch = await page.context.newCDPSession(page.pw);
    await touch.send('Emulation.setTouchEmulationEnabled', { enabled: true });
    const bar = await page.pw.locator('.tl').boundingBox();
    const at = (part) => [{ x: bar.x + bar.width * part, y: bar.y + bar.height / 2 }];
    const peek = () => page.pw.evaluate(() => {
        const box = document.querySelector('.peek');
        return box.hidden ? '' : `${box.textContent} ${box.querySelector('i').style.backgroundImage}`;
    });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0.3) });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(0.5) });
    await eventually(peek, (now) => /^0:[23]\d · \S+.*storyboard\.webp/.test(now));
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await eventually(peek, (now) => now === '');
    await page.close();
});

test('what a key does is said, seen in the picture and gone again; Escape closes the settings', async () => {
    const page = await open();
    await page.pw.locator('.big-play').click();
    await eventually(() => state(page.pw), (now) => now.at > 0.5);
    await page.pw.locator('[data-role=play]').focus();
    const told = page.pw.locator('.told[role=status]');
    for (const [key, words] of [['k', /^En pause$/], ['>', /^Vitesse 1,25×$/], ['<', /^Vitesse 1×$/], ['ArrowDown', /^Volume 90/], ['m', /^Volume 0/], ['m', /^Volume 90/],
        ['c', /^Sous-titres ?: Aucun/], ['c', /^Sous-titres ?: Français/], ['5', /^0:3\d sur 1:0\d/], ['l', /^0:4\d sur/], ['Home', /^0:00 sur/], ['r', /^Répéter à partir de 0:00|^Répéter/]]) {
        await page.pw.keyboard.press(key);
        assert.match(await told.textContent(), words, key);
        assert.ok(await told.isVisible(), key);
    }
    await eventually(() => told.textContent(), (now) => now === '');
    const gear = page.pw.locator('.ctl [aria-controls=player-settings]');
    await gear.click();
    await page.pw.locator('.set select').first().focus();
    await page.pw.keyboard.press('Escape');
    assert.equal(await gear.getAttribute('aria-expanded'), 'false');
    assert.ok(await gear.evaluate((button) => button === document.activeElement), 'the focus is where one came from');
    await page.close();
});

test('subtitles as one reads them are so on every video and every device of the account', async () => {
    const page = await open({ cookies: cookies.learner });
    await page.pw.locator('.ctl [aria-controls=player-settings]').click();
    for (const [label, option] of [['Taille des sous-titres', 'huge'], ['Couleurs des sous-titres', 'yellow']])
        await Promise.all([page.pw.waitForResponse((answer) => answer.url().endsWith('/preferences/sous-titres') && answer.status() === 204), choose(page, label, option)]);
    await page.close();
    const elsewhere = await browser.newPage({ width: 390, cookies: cookies.learner });
    await elsewhere.open('/tv/licences-ouvertes');
    await elsewhere.pw.locator('.ctl [aria-controls=player-settings]').click();
    assert.equal(await elsewhere.pw.locator('.set').getByLabel('Taille des sous-titres').inputValue(), 'huge');
    await elsewhere.pw.locator('.big-play').click();
    const style = await eventually(() => elsewhere.pw.evaluate(() => {
        const line = document.querySelector('.cc');
        return { text: line.textContent, colour: getComputedStyle(line).color, size: parseFloat(getComputedStyle(line).fontSize) };
    }), (now) => now.text.length > 0);
    assert.equal(style.colour, 'rgb(255, 255, 0)');
    assert.ok(style.size > 28, String(style.size));
    await elsewhere.close();
    const other = await open({ cookies: cookies.trainer });
    assert.equal(await other.pw.locator('.set').getByLabel('Taille des sous-titres').inputValue(), 'normal', 'of nobody else');
    await other.close();
    const person = newVisitor(server);
    for (const { name, value } of cookies.learner) person.jar.set(name, value);
    const csrf = (await person.get(path)).html.querySelector('meta[name=csrf]').getAttribute('content');
    for (const [taille, couleurs] of [['enorme', 'yellow'], ['huge', '"><b>'], ['', '']]) assert.equal((await person.post('/preferences/sous-titres', { _csrf: csrf, taille, couleurs })).status, 422);
    assert.equal(sql(server, "SELECT size || ' ' || tone FROM watch_reading"), 'huge yellow');
});

test('an episode offers the next one at its end', async () => {
    const page = await open();
    await page.pw.locator('.big-play').click();
    await eventually(() => state(page.pw), (now) => now.at > 0.5);
    await page.pw.evaluate(() => { const video = document.querySelector('video'); video.currentTime = video.duration - 3; });
    const first = page.pw.locator('.cards > :last-child li a').first(); // a resource of this moment may stand above
    await first.waitFor();
    assert.match(await first.textContent(), /Épisode suivant\s+Prendre en main une IA/);
    assert.equal(await page.pw.locator('.cards a[href="/tv/ia-generative-texte"]').count(), 1, 'offered once, also where the team names it');
    await Promise.all([page.pw.waitForURL((url) => url.pathname === '/tv/ia-generative-texte'), first.click()]);
    await page.close();
});

test('on a phone chapters come before what people say; beside the video where there is room', async () => {
    for (const [width, zoom] of [[390, 1], [1440, 2], [1440, 1]]) {
        const page = await browser.newPage({ width, zoom });
        await page.open('/tv/ia-generative-texte');
        const [chapters, comments, title] = await Promise.all(['[data-chapters]', '.voices', 'h1'].map((each) => page.pw.locator(each).boundingBox()));
        if (width / zoom < 1040) assert.ok(chapters.y > title.y && chapters.y < comments.y, `${width} ${zoom}`);
        else assert.ok(chapters.x > title.x + title.width / 2 && comments.x === title.x);
        await page.look(`watching-${width}-${zoom}`);
        await page.close();
    }
});
