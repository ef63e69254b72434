// The islands on the real pages: the player with its keys, its subtitles and what it reports; uploads that are cut and go
// on; filters that answer at once; the menu and the theme without and with a script.
// run: alone seconds=300
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, openBrowser } from '../lib/browser.mjs';
import { demoCookies } from '../lib/people.mjs';
import { startServer, temporaryFolder } from '../lib/server.mjs';

let server;
let browser;
let cookies;

before(async () => {
    server = await startServer();
    browser = await openBrowser(server);
    cookies = await demoCookies(server);
});
after(async () => { await browser?.close(); await server?.stop(); });

const firstVideo = async (page) => {
    await page.open('/tv');
    return page.pw.locator('.vcard h3 a, .vcard h2 a').first().getAttribute('href');
};
const state = (pw) => pw.evaluate(() => {
    const video = document.querySelector('edulab-player video');
    return { at: video.currentTime, paused: video.paused, muted: video.muted, rate: video.playbackRate, source: video.currentSrc,
        caption: document.querySelector('.cc').textContent, length: video.duration };
});

test('the player fetches nothing before play, then plays the stream with subtitles', async () => {
    const page = await browser.newPage({ width: 1280 });
    const path = await firstVideo(page);
    const asked = [];
    page.pw.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.open(path);
    await page.pw.waitForSelector('.ctl button');
    assert.deepEqual(asked.filter((each) => /\.(m3u8|m4s|mp4)$|\/hls-/.test(each)), []);
    await page.pw.locator('.big-play').click();
    await eventually(() => state(page.pw), (now) => now.at > 1 && now.source.startsWith('blob:'));
    assert.ok(asked.some((each) => each.endsWith('.m4s')));
    await eventually(() => state(page.pw), (now) => now.caption.length > 0);
    await eventually(() => page.pw.locator('.tr li.now').count(), (n) => n === 1); // it follows the clock of the video
    await page.close();
});

test('every key of the player does its work', async () => {
    const page = await browser.newPage({ width: 1280 });
    await page.open(await firstVideo(page));
    await page.pw.locator('.big-play').click();
    await eventually(() => state(page.pw), (now) => now.at > 0.5);
    await page.pw.locator('[data-role=play]').focus();
    const press = (key) => page.pw.keyboard.press(key);
    await press('k');
    assert.equal((await eventually(() => state(page.pw), (now) => now.paused)).paused, true);
    const before = (await state(page.pw)).at;
    await press('l');
    await eventually(() => state(page.pw), (now) => Math.abs(now.at - before - 10) < 1);
    await press('j');
    await eventually(() => state(page.pw), (now) => Math.abs(now.at - before) < 1);
    await press('ArrowRight');
    await eventually(() => state(page.pw), (now) => Math.abs(now.at - before - 5) < 1);
    await press('m');
    assert.equal((await state(page.pw)).muted, true);
    await press('>');
    assert.equal((await state(page.pw)).rate, 1.25);
    await press('<');
    assert.equal((await state(page.pw)).rate, 1);
    const captions = page.pw.locator('[data-role=captions]');
    assert.equal(await captions.getAttribute('aria-pressed'), 'true');
    await press('c');
    assert.equal(await captions.getAttribute('aria-pressed'), 'false');
    await press('5');
    await eventually(() => state(page.pw), (now) => Math.abs(now.at - now.length / 2) < 1);
    await press('Home');
    await eventually(() => state(page.pw), (now) => now.at < 1);
    const loud = () => page.pw.evaluate(() => document.querySelector('video').volume);
    await press('ArrowDown');
    assert.ok(Math.abs(await loud() - 0.9) < 0.01);
    await press('ArrowUp');
    assert.equal(await loud(), 1);
    await press('t');
    assert.equal(await page.pw.locator('[data-role=theatre]').getAttribute('aria-pressed'), 'true');
    await press('t');
    assert.equal(await page.pw.locator('[data-role=theatre]').getAttribute('aria-pressed'), 'false');
    await press('k');
    await eventually(() => state(page.pw), (now) => !now.paused);
    await page.close();
});

test('chapters and the transcript lead into the video, and can be searched', async () => {
    const page = await browser.newPage({ width: 1280 });
    await page.open(await firstVideo(page));
    const second = page.pw.locator('[data-chapters] a').nth(1);
    const start = Number(await second.getAttribute('data-start'));
    assert.ok(start > 0);
    await second.click();
    await eventually(() => state(page.pw), (now) => now.at >= start && now.at < start + 5);
    await eventually(() => second.getAttribute('aria-current'), (now) => now === 'true');
    const tab = page.pw.locator('[role=tab][aria-controls=transcription]');
    if (await tab.count()) await tab.click(); // the tab of the transcript, beside that of the chapters
    const lines = page.pw.locator('[data-transcript] li');
    const word = (await lines.nth(2).locator('p').innerText()).split(' ').find((each) => each.length > 5);
    await page.pw.fill('[data-transcript-search]', word.toUpperCase());
    assert.ok(await lines.nth(2).isVisible());
    assert.ok(await page.pw.locator('[data-transcript] li[hidden]').count() > 0);
    const left = page.pw.locator('[data-transcript] li:not([hidden])');
    const said = await page.pw.locator('[data-transcript-found]').innerText();
    assert.match(said, await left.count() === 1 ? /^Une ligne/ : new RegExp(`^${await left.count()} lignes`));
    const first = Number(await left.first().getAttribute('data-start'));
    await page.pw.keyboard.press('Enter');
    await eventually(() => state(page.pw), (now) => now.at >= first && now.at < first + 5);
    await page.pw.fill('[data-transcript-search]', 'xylophone');
    assert.match(await page.pw.locator('[data-transcript-found]').innerText(), /^Aucune/);
    await page.close();
});

test('another screen: a button where the browser has one, and the plain file goes there', async () => {
    const page = await browser.newPage({ width: 1440 });
    const path = await firstVideo(page);
    const button = page.pw.getByRole('button', { name: 'Sur un autre écran' });
    await page.open(path);
    await page.pw.waitForTimeout(500);
    assert.equal(await button.isVisible(), false, 'this machine has no such screen');
    // a screen in the next room: what Chromium says when it has found one
    await page.context.addInitScript(() => {
        window.chosen = [];
        RemotePlayback.prototype.watchAvailability = (tell) => { tell(true); return Promise.resolve(1); };
        RemotePlayback.prototype.prompt = function () { window.chosen.push(document.querySelector('video').currentSrc); return Promise.resolve(); };
    });
    await page.open(path);
    await page.pw.locator('.big-play').click();
    await eventually(() => state(page.pw), (now) => now.at > 0.5);
    const at = (await state(page.pw)).at;
    await button.click();
    await eventually(() => page.pw.evaluate(() => document.querySelector('video').currentSrc), (source) => source.endsWith('/video.mp4'));
    assert.equal(await page.pw.evaluate(() => window.chosen.length), 1);
    await eventually(() => state(page.pw), (now) => now.at >= at && now.at < at + 10);
    await page.close();
});

test('subtitles as one wishes, quality, sound alone, a passage over and over, a link to this moment', async () => {
    const page = await browser.newPage({ width: 390 });
    await page.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.open(await firstVideo(page));
    const gear = page.pw.locator('.ctl [aria-controls=player-settings]');
    await gear.click();
    assert.equal(await gear.getAttribute('aria-expanded'), 'true');
    await page.pw.locator('.big-play').click();
    const caption = () => page.pw.evaluate(() => {
        const style = getComputedStyle(document.querySelector('.cc'));
        return { size: parseFloat(style.fontSize), colour: style.color, ground: style.backgroundColor, text: document.querySelector('.cc').textContent };
    });
    const before = await eventually(caption, (now) => now.text.length > 0);
    const choose = (label, option) => page.pw.locator('.set').getByLabel(label, { exact: true }).selectOption(option);
    await choose('Taille des sous-titres', 'huge');
    await choose('Couleurs des sous-titres', 'yellow');
    const after = await eventually(caption, (now) => now.text.length > 0);
    assert.ok(after.size > before.size * 1.5, `${before.size} → ${after.size}`);
    assert.equal(after.colour, 'rgb(255, 255, 0)');
    assert.equal(after.ground, 'rgb(0, 0, 0)');
    await choose('Sous-titres', '-1');
    assert.equal((await state(page.pw)).caption, '');

    // another size of the picture, then its sound alone: the clock goes on where it was
    const height = () => page.pw.evaluate(() => document.querySelector('video').videoHeight);
    await choose(/^Qualité de l.image$/, '240p');
    await eventually(height, (now) => now === 240);
    await choose(/^Qualité de l.image$/, 'sound');
    const at = (await state(page.pw)).at;
    await eventually(height, (now) => now === 0);
    await eventually(() => state(page.pw), (now) => now.at > at && now.at < at + 8 && !now.paused);
    await choose(/^Qualité de l.image$/, '720p');
    await eventually(height, (now) => now === 720);

    // a passage: its beginning, its end a good second later
    const again = page.pw.getByRole('button', { name: /Répéter|répéter/ });
    const from = (await state(page.pw)).at;
    await again.click();
    await eventually(() => state(page.pw), (now) => now.at > from + 1.2);
    await again.click();
    const to = (await state(page.pw)).at;
    assert.equal(await again.getAttribute('aria-pressed'), 'true');
    await eventually(() => state(page.pw), (now) => now.at < from + 0.6);
    await eventually(() => state(page.pw), (now) => now.at > from + 0.8 && now.at <= to + 0.5);
    await again.click();

    await page.pw.getByRole('button', { name: 'Copier un lien vers ce moment' }).click();
    const link = await page.pw.evaluate(() => navigator.clipboard.readText());
    const second = Number(/#t=(\d+)$/.exec(link)[1]);
    await page.open('/tv');
    await page.open(link);
    assert.ok(Math.abs((await state(page.pw)).at - second) < 0.1);
    await page.close();
});

test('the bar shows where it would lead; a person goes on where they left', async () => {
    const page = await browser.newPage({ width: 1280, cookies: cookies.contact ?? cookies.learner });
    const path = await firstVideo(page);
    await page.open(path);
    await page.pw.waitForSelector('.ctl button');
    const bar = await page.pw.locator('.tl').boundingBox();
    await page.pw.mouse.move(bar.x + bar.width / 2, bar.y + bar.height / 2);
    await eventually(() => page.pw.evaluate(() => {
        const peek = document.querySelector('.peek');
        return [peek.hidden, peek.textContent, peek.querySelector('i').style.backgroundImage].join(' ');
    }), (now) => /^false 0:\d\d · \S+.*storyboard\.webp/.test(now));
    await page.pw.mouse.move(0, 0);
    const wasAt = () => page.pw.evaluate(() => Number(document.querySelector('edulab-player').dataset.resume ?? 0));
    const old = await wasAt();
    await page.pw.locator('.big-play').click();
    await page.pw.evaluate(() => { document.querySelector('video').currentTime = 20; });
    await eventually(() => state(page.pw), (now) => now.at > 23 && now.at < 40);
    await page.pw.locator('[data-role=play]').click();
    // the heartbeat that leaves with the page is written within some seconds
    await page.open('/tv');
    await eventually(async () => { await page.open(path); return wasAt(); }, (now) => now !== old && now >= 22 && now < 40, 30);
    assert.match(await page.pw.locator('.resume').innerText(), /^Vous reprenez/);
    assert.ok((await state(page.pw)).at >= 22);
    await page.pw.getByRole('button', { name: 'Reprendre du début' }).click();
    await eventually(() => state(page.pw), (now) => now.at > 0.3 && now.at < 15 && !now.paused);
    assert.equal(await page.pw.locator('.resume').count(), 0);
    await page.close();
});

test('a video that was really watched is reported once; jumping to the end is not', async () => {
    const page = await browser.newPage({ width: 1280, cookies: cookies.learner });
    await page.open('/mon-espace');
    const modules = await page.pw.locator('main a[href*="/mon-espace/modules/"]').evaluateAll((all) => [...new Set(all.map((a) => a.getAttribute('href').split('?')[0]))]);
    let found = false;
    for (const path of modules) {
        for (let step = 1; step <= 4 && !found; step++) {
            await page.open(`${path}?etape=${step}`);
            found = await page.pw.locator('edulab-player[data-complete-url]').count() > 0;
        }
        if (found) break;
    }
    assert.ok(found, 'a module with a video to watch');
    const posts = [];
    // Beats of what is watched go their own way: they report no activity as done.
    page.pw.on('request', (request) => { if (request.method() === 'POST' && !request.url().endsWith('/tv/battement')) posts.push(request.url()); });
    await page.pw.locator('.big-play').click();
    const { length } = await eventually(() => state(page.pw), (now) => now.at > 0.5 && now.length > 5);
    await page.pw.evaluate((to) => { document.querySelector('video').currentTime = to; }, length - 1);
    await eventually(() => state(page.pw), (now) => now.at > length - 0.6);
    assert.deepEqual(posts, []);
    await page.pw.evaluate(() => {
        const video = document.querySelector('video');
        video.currentTime = 0;
        video.muted = true;
        video.playbackRate = 8;
        return video.play();
    });
    await eventually(() => page.pw.locator('.toast').count(), (n) => n > 0, 60);
    await page.pw.waitForTimeout(1500);
    assert.equal(posts.length, 1, posts.join(' '));
    await page.pw.reload();
    assert.equal(await page.pw.locator('edulab-player[data-complete-url]').count(), 0, 'done stays done');
    await page.close();
});

test('a video file is sent, paused, resumed after a reload and arrives whole', async () => {
    const file = join(temporaryFolder('film'), 'essai.mp4');
    execFileSync('ffmpeg', ['-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=25:d=8', '-c:v', 'libx264', '-preset', 'ultrafast',
        '-b:v', '16M', '-minrate', '16M', '-bufsize', '16M', '-pix_fmt', 'yuv420p', '-x264-params', 'nal-hrd=cbr', file]);
    const page = await browser.newPage({ width: 1280, cookies: cookies.staff });
    page.expect(/status of 423/); // the piece that was cut may still be held for a moment
    const network = await page.context.newCDPSession(page.pw);
    await network.send('Network.enable');
    const speed = (bytes) => network.send('Network.emulateNetworkConditions', { offline: false, latency: 5, downloadThroughput: -1, uploadThroughput: bytes });
    const words = () => page.pw.locator('.files .state').allInnerTexts();
    await page.open('/gestion/videos');
    await speed(3 * 1024 * 1024);
    await page.pw.setInputFiles('#f-files', file);
    await eventually(words, (now) => Number(/^(\d+)/.exec(now[0] ?? '')?.[1]) >= 15);
    await page.pw.locator('.files button').first().click();
    await eventually(words, (now) => /pause/i.test(now[0] ?? ''));
    page.pw.on('dialog', (dialog) => dialog.accept());
    await page.pw.reload();
    const [unfinished] = await eventually(words, (now) => now.length === 1);
    assert.match(unfinished, /\d+\s*%/);
    await speed(-1);
    const arrived = page.pw.waitForEvent('framenavigated', { timeout: 60_000 });
    await page.pw.setInputFiles('#f-files', file);
    assert.equal((await words()).length, 1, 'the same file takes the place of its reminder');
    await arrived;
    await eventually(() => page.pw.locator('table').innerText(), (text) => /essai/.test(text), 20);
    assert.deepEqual(await words(), []);
    await page.close();
});

test('filters answer at once, keep the focus and can be shared', async () => {
    const page = await browser.newPage({ width: 1440 });
    await page.open('/formations');
    const count = () => page.pw.locator('#results [role=status]').innerText();
    const all = await count();
    const box = page.pw.locator('form[data-live] input[type=checkbox]').nth(3);
    await box.check();
    await eventually(count, (now) => now !== all);
    assert.ok(await box.evaluate((element) => element === document.activeElement));
    const address = page.pw.url();
    assert.match(address, /\?.+=/);
    const filtered = await count();
    await page.open(address);
    assert.equal(await count(), filtered);
    assert.ok(await page.pw.locator('form[data-live] input[type=checkbox]').nth(3).isChecked());
    await page.close();
});

test('the menu of a phone opens, closes on Escape and gives the focus back, also without a script', async () => {
    for (const javascript of [true, false]) {
        const page = await browser.newPage({ width: 390, javascript });
        await page.open('/');
        const nav = page.pw.locator('#nav');
        const button = page.pw.locator('.menu-btn');
        assert.equal(await nav.isVisible(), false);
        await button.click();
        assert.equal(await nav.isVisible(), true);
        assert.ok(await nav.locator('a').count() >= 3);
        await page.pw.keyboard.press('Escape');
        assert.equal(await nav.isVisible(), false);
        if (javascript) assert.ok(await button.evaluate((element) => element === document.activeElement));
        await page.close();
    }
});

test('the theme of an account is kept, that of a visitor lasts as long as the page', async () => {
    const visitor = await browser.newPage({ width: 1280 });
    await visitor.open('/');
    await visitor.pw.locator('[data-theme-set=dark]').click();
    const theme = (page) => page.pw.evaluate(() => document.documentElement.dataset.theme ?? '');
    assert.equal(await theme(visitor), 'dark');
    await visitor.open('/');
    assert.equal(await theme(visitor), '');
    await visitor.close();

    const trainer = await browser.newPage({ width: 1280, cookies: cookies.trainer });
    await trainer.open('/mon-espace');
    await Promise.all([
        trainer.pw.waitForResponse((response) => response.url().endsWith('/preferences/theme')),
        trainer.pw.locator('[data-theme-set=dark]').click(),
    ]);
    await trainer.open('/mon-espace');
    assert.equal(await theme(trainer), 'dark');
    await trainer.close();
});
