// A learner on a flexible path, by keyboard and on a phone: the map of the training, enrolling, what is left by the rules, a module from
// the map, where it stands in the models.
// run: seconds=300
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser } from '../lib/browser.mjs';
import { longPassword, newcomer } from '../lib/people.mjs';
import { startServer } from '../lib/server.mjs';

let server;
let browser;
const password = longPassword('chemin');
before(async () => {
    server = await startServer();
    await newcomer(server, { name: 'Pas à Pas', email: 'pas@example.org', password });
    browser = await openBrowser(server);
});
after(async () => { await browser?.close(); await server?.stop(); });

async function enter(page) {
    await page.open('/connexion');
    await page.pw.fill('main input[name=email]', 'pas@example.org');
    await page.pw.fill('main input[name=password]', password);
    await page.pw.click('main form:has(input[name=password]) button[type=submit]');
    await page.pw.waitForURL((url) => url.pathname !== '/connexion');
}

test('the maps of three trainings are looked at, wide and tall; the tall one is large enough to read', async () => {
    for (const width of [1440, 390]) {
        const page = await browser.newPage({ width });
        for (const slug of ['referent-ia', 'personnes-relais', 'numefa']) {
            await page.open(`/formations/${slug}`);
            await page.look(`carte-${slug}-${width}`);
            const map = page.pw.locator(width > 1000 ? '#carte .map-wide' : '#carte .map-tall');
            const size = await map.locator('.ti').first().evaluate((text) => text.getBoundingClientRect().height);
            assert.ok(size >= (width > 1000 ? 13 : 15), `${slug} at ${width}: letters ${size} px high`);
            await map.screenshot({ path: `build/shots/carte-${slug}-${width}-seule.png` });
            await page.pw.emulateMedia({ colorScheme: 'dark' });
            await map.screenshot({ path: `build/shots/carte-${slug}-${width}-sombre.png` });
            await page.pw.emulateMedia({ colorScheme: 'light' });
        }
        await page.close?.();
    }
});

test('by keyboard from the map to its line in the table; enrolled, from the map of Mon espace into a room', async () => {
    const page = await browser.newPage({ width: 390 });
    await page.open('/formations/referent-ia');
    await page.pw.locator('#carte .map-tall a').nth(9).focus();
    await page.pw.keyboard.press('Enter');
    await page.pw.waitForURL(/#t-ME2$/);
    await enter(page);
    await page.open('/formations/referent-ia');
    await page.pw.click('main form[action$="/inscription"] button');
    await page.pw.waitForURL(/mon-espace/);
    await page.open('/mon-espace/parcours/referent-ia');
    assert.match(await page.pw.locator('.left').innerText(), /Ateliers pratiques.*3 modules au choix/s);
    await page.look('parcours-390');
    await page.pw.locator('.map-tall a.next').focus();
    await page.pw.keyboard.press('Enter');
    await page.pw.waitForURL(/\/mon-espace\/modules\/ap1-/);
    await page.pw.click('.models-of summary');
    assert.match(await page.pw.locator('.models-of').innerText(), /SAMR/);
    await page.look('salle-modeles-390');
});
