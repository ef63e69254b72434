// Comments in the browser: a time leads the player there, an answer is written in its thread and one comes back to it; the same without
// JavaScript. The team's pages are looked at.
// run: seconds=300
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser } from '../lib/browser.mjs';
import { demoCookies } from '../lib/people.mjs';
import { startServer } from '../lib/server.mjs';

let server, browser;
let cookies;
before(async () => {
    server = await startServer();
    browser = await openBrowser(server);
    cookies = await demoCookies(server);
});
after(async () => { await browser?.close(); await server?.stop(); });

test('a time in a comment leads the player there, each time it is pressed', async () => {
    const page = await browser.newPage();
    await page.open('/tv/licences-ouvertes');
    const video = (script) => page.pw.evaluate(`document.querySelector('edulab-player video').${script}`);
    const time = page.pw.locator('.threads a[href="#t=20"]');
    for (let i = 0; i < 2; i++) {
        await time.click();
        await page.pw.waitForFunction(() => Math.abs(document.querySelector('edulab-player video').currentTime - 20) < 2);
        await video('pause()');
        await video('currentTime = 3');
        await page.pw.waitForFunction(() => document.querySelector('edulab-player video').currentTime < 5);
    }
    await page.look('comments-visitor');
    await page.close();
});

for (const javascript of [true, false])
    test(`an answer is written in its thread, and one comes back to it (${javascript ? 'with' : 'without'} JavaScript)`, async () => {
        const page = await browser.newPage({ cookies: cookies.learner, width: 390, javascript });
        const text = `Bien vu ${javascript}`;
        await page.open('/tv/licences-ouvertes');
        const thread = page.pw.locator('.threads > li').filter({ hasText: 'Vingt minutes' });
        await thread.locator('summary').focus();
        await page.pw.keyboard.press('Enter');
        await thread.locator('textarea').fill(text);
        await page.look('comments-answer');
        await thread.locator('button').filter({ hasText: 'Envoyer' }).click();
        await page.pw.waitForURL(/fait=commentaire-publie#commentaire-\w{13}$/);
        const mine = page.pw.locator(new URL(page.pw.url()).hash);
        assert.match(await mine.innerText(), new RegExp(text));
        assert.ok(await mine.evaluate((li) => { const { top } = li.getBoundingClientRect(); return top >= 0 && top < innerHeight; }), 'it is in sight');
        await page.close();
    });

test('the team’s pages', async () => {
    for (const width of [390, 1440]) {
        const page = await browser.newPage({ cookies: cookies.staff, width });
        await page.open('/gestion/commentaires');
        await page.pw.locator('.queue-list summary').first().click();
        await page.look('comments-queue');
        await page.pw.locator('.queue-list a[href^="/gestion/commentaires/"]').first().click();
        await page.look('comments-case');
        await page.close();
    }
});
