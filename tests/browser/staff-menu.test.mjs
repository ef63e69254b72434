// The staff's menu: everything in it can be reached by keyboard, on a phone and without JavaScript, nothing sticks out, and it
// offers only what the person may open.
// run: seconds=200
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser } from '../lib/browser.mjs';
import { newVisitor } from '../lib/http.mjs';
import { demoAccounts, startServer } from '../lib/server.mjs';

let server;
let browser;
const cookies = {};
const people = {};
before(async () => {
    server = await startServer();
    browser = await openBrowser(server);
    for (const role of ['staff', 'trainer']) {
        people[role] = newVisitor(server);
        await people[role].signIn((await demoAccounts()).find((account) => account.role === role));
        cookies[role] = people[role].browserCookies();
    }
});
after(async () => { try { await browser?.close(); } finally { await server?.stop(); } });

const links = (page) => page.html.querySelectorAll('.staffnav a').map((a) => a.getAttribute('href'));

test('each entry opens for who sees it, and staff see more than trainers', async () => {
    const all = links(await people.staff.get('/gestion'));
    assert.ok(all.length >= 16, all.join());
    for (const path of all) assert.equal((await people.staff.get(path)).status, 200, path);
    const listed = (await people.staff.get('/gestion')).html.querySelectorAll('main nav a').map((a) => a.getAttribute('href'));
    assert.deepEqual(all.filter((path) => path !== '/gestion' && !listed.includes(path)), [], 'the overview lists them all');
    const own = links(await people.trainer.get('/gestion/suivi'));
    assert.ok(own.includes('/gestion/suivi') && !own.includes('/gestion/journal') && !own.includes('/gestion'), own.join());
    for (const path of own) assert.equal((await people.trainer.get(path)).status, 200, path);
});

for (const [width, javascript] of [[1440, true], [390, true], [390, false]])
    test(`each group unfolds, ${width} pixels wide${javascript ? '' : ', without JavaScript'}`, async () => {
        const page = await browser.newPage({ width, javascript, cookies: cookies.staff });
        await page.open('/gestion/journal');
        const groups = page.pw.locator('.staffnav summary');
        assert.ok(await groups.count() >= 4);
        assert.match(await page.pw.locator('.staffnav summary[aria-current]').innerText(), /Droits/);
        assert.equal(await page.pw.locator('.staffnav a[aria-current]').count(), 1);
        for (let i = 0; i < await groups.count(); i++) {
            await groups.nth(i).focus();
            await page.pw.keyboard.press('Enter');
            const open = page.pw.locator('.staffnav details[open] a');
            assert.ok(await open.count() >= 2);
            for (const a of await open.all()) {
                const box = await a.boundingBox();
                assert.ok(box.x >= 0 && box.x + box.width <= width && box.height >= 24, `${await a.innerText()} ${JSON.stringify(box)}`);
            }
            if (javascript) assert.equal(await page.pw.locator('.staffnav details[open]').count(), 1, 'one at a time');
        }
        await page.look(`staff-menu${javascript ? '' : '-no-script'}`);
        if (javascript) {
            await page.pw.keyboard.press('Tab');
            await page.pw.keyboard.press('Escape');
            assert.equal(await page.pw.locator('.staffnav details[open]').count(), 0);
            assert.equal(await page.pw.evaluate(() => document.activeElement.tagName), 'SUMMARY', 'back where one was');
        }
        const bar = await page.pw.locator('.staffnav').evaluate((nav) => [nav.scrollWidth, nav.clientWidth]);
        assert.ok(bar[0] <= bar[1], `${bar} nothing to scroll sideways`);
        await page.close();
    });
