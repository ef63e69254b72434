// Playlists in the browser: kept without leaving the page, ordered by dragging and by the keyboard, the next video follows unless
// one stops; without JavaScript the same by forms.
// run: seconds=300
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser } from '../lib/browser.mjs';
import { newVisitor } from '../lib/http.mjs';
import { demoAccounts, startServer } from '../lib/server.mjs';

let server, browser, page, pw, cookies, list;
before(async () => {
    server = await startServer();
    browser = await openBrowser(server);
    const person = newVisitor(server);
    await person.signIn((await demoAccounts()).find(({ role }) => role === 'learner'));
    cookies = person.browserCookies();
    page = await browser.newPage({ cookies });
    pw = page.pw;
    pw.setDefaultTimeout(15_000);
    const own = await person.get('/compte/listes');
    list = own.html.querySelectorAll('table a').find((a) => a.textContent.includes('Pour la salle des profs')).getAttribute('href');
});
after(async () => { await browser?.close(); await server?.stop(); });

const titles = () => pw.locator('ol.episodes h3 a').allInnerTexts();
const settled = (at, title) => pw.waitForFunction(([i, wanted]) => document.querySelectorAll('ol.episodes h3 a')[i]?.innerText === wanted && document.querySelector('.toasts')?.textContent.includes('Déplacée'), [at, title]);

test('kept for later at once, on the page', async () => {
    await page.open('/tv');
    const button = pw.locator('.vcard button.keep').first();
    const before = await button.getAttribute('aria-pressed');
    await button.click();
    await pw.waitForFunction((was) => document.querySelector('.vcard button.keep').getAttribute('aria-pressed') !== was, before);
    assert.equal(new URL(pw.url()).search, '', 'the page stayed');
    await pw.locator('.toast').first().waitFor();
    await pw.reload();
    assert.notEqual(await button.getAttribute('aria-pressed'), before, 'the server knows it');
    await page.look('playlist-tv', { schemesJudged: ['light', 'dark'] });
});

test('into a list from the page of a video', async () => {
    await page.open('/tv/licences-ouvertes');
    await pw.locator('.pick summary').click();
    const tick = pw.locator('.pick button.tick').first();
    const before = await tick.getAttribute('aria-pressed');
    await tick.click();
    await pw.waitForFunction((was) => document.querySelector('.pick button.tick').getAttribute('aria-pressed') !== was, before);
    await page.look('playlist-video');
    await tick.click();
    await pw.waitForFunction((was) => document.querySelector('.pick button.tick').getAttribute('aria-pressed') === was, before);
});

test('ordered by dragging, kept after a reload; by the buttons with the keyboard', async () => {
    await page.open(list);
    await page.look('playlist-list');
    const [a, b, c] = await titles();
    await pw.locator('ol.episodes > li').nth(0).dragTo(pw.locator('ol.episodes > li').nth(2), { sourcePosition: { x: 60, y: 20 }, targetPosition: { x: 60, y: 100 } });
    await settled(2, a);
    assert.deepEqual(await titles(), [b, c, a]);
    await pw.reload();
    assert.deepEqual(await titles(), [b, c, a]);
    await pw.locator('ol.episodes > li').nth(2).dragTo(pw.locator('ol.episodes > li').nth(0), { sourcePosition: { x: 60, y: 20 }, targetPosition: { x: 60, y: 8 } });
    await settled(0, a);
    await pw.reload();
    assert.deepEqual(await titles(), [a, b, c]);
    const down = pw.locator('ol.episodes > li').nth(0).locator('form[action$="/ordre"] button').first();
    await down.focus();
    await pw.keyboard.press('Enter');
    await pw.waitForURL(/#v-/);
    assert.deepEqual(await titles(), [b, a, c]);
});

test('the next video begins when one ends, unless one wants to stop', async () => {
    await page.open(list);
    await pw.locator('ol.episodes h3 a').first().click();
    await pw.locator('edulab-queue').waitFor();
    await page.look('playlist-queue');
    const first = new URL(pw.url()).pathname;
    const end = () => pw.evaluate(() => document.querySelector('edulab-player video').dispatchEvent(new Event('ended')));
    await pw.locator('edulab-queue input').check();
    await end();
    await pw.waitForTimeout(500);
    assert.equal(new URL(pw.url()).pathname, first, 'it stopped');
    await pw.locator('edulab-queue input').uncheck();
    await end();
    await pw.waitForURL((url) => url.pathname !== first && url.hash === '#suite');
    await pw.waitForFunction(() => { const video = document.querySelector('edulab-player video'); return video && !video.paused && video.currentTime > 0; });
});

test('without JavaScript the same buttons are forms', async () => {
    const plain = await browser.newPage({ javascript: false, cookies, width: 390 });
    await plain.open('/tv');
    const button = plain.pw.locator('.vcard button.keep').last();
    const before = await button.getAttribute('aria-pressed');
    await button.click();
    await plain.pw.waitForURL(/fait=video-/);
    assert.notEqual(await button.getAttribute('aria-pressed'), before);
    await plain.close();
    for (const [name, path] of [['playlists', '/compte/listes'], ['playlist-list', list], ['playlist-tv', '/tv']]) {
        const phone = await browser.newPage({ cookies, width: 390 });
        await phone.open(path);
        await phone.look(name);
        await phone.close();
    }
});
