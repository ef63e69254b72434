// Choosing the square of one's picture in Chromium: by keyboard and by dragging, with only that square sent; without JavaScript the
// server cuts the same square. The pages are looked at on a phone and a desk.
// run: seconds=200
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openBrowser } from '../lib/browser.mjs';
import { newVisitor } from '../lib/http.mjs';
import { demoAccounts, startServer, temporaryFolder } from '../lib/server.mjs';

let server;
let browser;
let cookies;
let me;
const file = join(temporaryFolder('portrait-browser'), 'wide.png');

before(async () => {
    // four bands of 400 × 400: red, green, blue, white
    execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i',
        'color=white:s=1600x400,drawbox=x=0:w=400:h=ih:color=red:t=fill,drawbox=x=400:w=400:h=ih:color=lime:t=fill,drawbox=x=800:w=400:h=ih:color=blue:t=fill', '-frames:v', '1', '-update', '1', file]);
    server = await startServer();
    browser = await openBrowser(server);
    me = newVisitor(server);
    await me.signIn((await demoAccounts()).find(({ role }) => role === 'learner'));
    cookies = me.browserCookies();
});
after(async () => { try { await browser?.close(); } finally { await server?.stop(); } });

const colour = (bytes, x) => {
    const [r, g, b] = execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-i', 'pipe:0', '-vf', `format=rgb24,crop=1:1:${x}:192:exact=1`, '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'], { input: bytes });
    return [r, g, b].map((v) => (v > 128 ? 1 : 0)).join('');
};
const kept = async () => { const { bytes } = await me.get('/compte/portrait/384'); return [colour(bytes, 10), colour(bytes, 374)]; };
const [RED, GREEN, WHITE] = ['100', '010', '111'];

test('by keyboard: the slider to the end keeps the right end, and only a small square leaves the device', async () => {
    const page = await browser.newPage({ width: 1440, cookies });
    await page.open('/compte/portrait');
    await page.look('portrait-empty');
    assert.ok(!await page.pw.locator('edulab-crop').isVisible(), 'nothing to show before a picture is chosen');
    await page.pw.setInputFiles('[name=portrait]', file);
    await page.pw.locator('edulab-crop canvas').waitFor();
    await page.pw.focus('[name=zoom]');
    await page.pw.keyboard.press('Tab');
    await page.pw.keyboard.press('End');
    await page.look('portrait-chosen');
    const [request] = await Promise.all([page.pw.waitForRequest((each) => each.method() === 'POST'), page.pw.keyboard.press('Enter')]);
    await page.pw.waitForURL(/\/compte\/portrait/);
    await page.pw.locator('.notice').waitFor();
    assert.ok(!(request.postDataBuffer() ?? Buffer.alloc(0)).includes('wide.png'), 'the file itself stays where it is');
    assert.deepEqual(await kept(), [WHITE, WHITE]);
    await page.close();
});

test('by dragging on a phone', async () => {
    const page = await browser.newPage({ width: 390, cookies });
    await page.open('/compte/portrait');
    await page.pw.setInputFiles('[name=portrait]', file);
    const canvas = page.pw.locator('edulab-crop canvas');
    await canvas.scrollIntoViewIfNeeded();
    const box = await canvas.boundingBox();
    await page.pw.mouse.move(box.x + 10, box.y + box.height / 2);
    await page.pw.mouse.down();
    await page.pw.mouse.move(box.x + 10 + box.width / 2, box.y + box.height / 2, { steps: 8 });
    await page.pw.mouse.up();
    await page.look('portrait-phone');
    await page.pw.locator('form[enctype] button').click();
    await page.pw.locator('.notice').waitFor();
    assert.deepEqual(await kept(), [GREEN, GREEN], 'half a square further left than the middle: the second band alone');
    await page.close();
});

test('without JavaScript the sliders are still the form’s', async () => {
    const page = await browser.newPage({ width: 390, cookies, javascript: false });
    await page.open('/compte/portrait');
    await page.pw.setInputFiles('[name=portrait]', file);
    await page.pw.focus('[name=x]');
    await page.pw.keyboard.press('Home');
    await page.look('portrait-no-script');
    await page.pw.locator('form[enctype] button').click();
    await page.pw.waitForURL((url) => url.pathname === '/compte/portrait');
    assert.deepEqual(await kept(), [RED, RED]);
    await page.close();
});
