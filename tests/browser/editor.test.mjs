// Writing a training in a browser, at a desk and on a phone; and looking for one with its filters.
// run: seconds=300
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser } from '../lib/browser.mjs';
import { demoAccounts, startServer } from '../lib/server.mjs';

let server;
let browser;
before(async () => {
    server = await startServer();
    browser = await openBrowser(server);
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

test('staff begin a draft, add a module, say where it stands in the models, look at what differs and publish', async () => {
    for (const width of [1440, 390]) {
        const page = await browser.newPage({ width });
        await page.signIn((await demoAccounts()).find(({ role }) => role === 'staff'));
        await page.open('/gestion/formations');
        await page.look('formations-liste');
        await page.pw.getByRole('link', { name: 'Parcours Référent·e IA' }).click();
        const outline = page.pw.url();
        await page.look('formation-plan');
        await page.pw.locator('details.add', { hasText: 'Ajouter un module' }).first().locator('summary').click();
        await page.pw.locator('details.add[open]').getByLabel('Titre').fill(`Module du soir ${width}`);
        await page.pw.locator('details.add[open]').getByRole('button', { name: 'Ajouter' }).click();
        await page.pw.waitForURL(/element-ajoute/);
        await page.look('formation-module');
        await page.pw.locator('#f-presence').fill('180');
        await page.pw.getByRole('button', { name: 'Enregistrer' }).click();
        await page.pw.waitForURL(/element-garde/);
        await page.pw.getByRole('link', { name: `Module du soir ${width}` }).click();
        await page.pw.getByRole('link', { name: 'Choisir, pas à pas' }).click();
        await page.look('formation-modeles');
        await page.pw.getByLabel(/Redéfinition/).check();
        await page.pw.getByRole('button', { name: 'Enregistrer' }).click();
        await page.pw.waitForURL(/element-garde/);
        await page.pw.goto(outline);
        await page.pw.getByRole('link', { name: 'Voir les différences' }).click();
        await page.look('formation-differences');
        assert.match(await page.pw.innerText('main'), new RegExp(`Module du soir ${width}`));
        await page.pw.goto(outline);
        await page.pw.getByRole('link', { name: 'La formation elle-même' }).click();
        await page.look('formation-elle-meme');
        await page.pw.goto(outline);
        await page.pw.getByLabel('Les nouveautés').fill('Un module de plus');
        await page.pw.getByRole('button', { name: 'Publier' }).click();
        await page.pw.waitForURL(/version-publiee/);
        await page.close();
    }
});

test('the catalogue is narrowed down filter by filter', async () => {
    for (const width of [390, 1440]) {
        const page = await browser.newPage({ width });
        await page.open('/formations?matiere=arts');
        await page.look('formations-filtres');
        assert.match(await page.pw.innerText('#results'), /STEAMagine 1/);
        await page.pw.getByRole('link', { name: /Retirer le filtre.*Arts/ }).click();
        await page.pw.waitForURL(/formations$/);
        await page.close();
    }
});
