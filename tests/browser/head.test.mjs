// A head of a school, on a phone and by keyboard: a request is refused with a word that the person reads, asked for again and agreed
// to; then colleagues are enrolled, and the list shows who is where.
// run: seconds=200
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser } from '../lib/browser.mjs';
import { sql } from '../lib/crowd.mjs';
import { waitForMail } from '../lib/mail.mjs';
import { demoAccounts, startServer } from '../lib/server.mjs';

let server;
let browser;
let learner;
let head;
let account;
before(async () => {
    server = await startServer();
    browser = await openBrowser(server);
    account = (await demoAccounts()).find(({ role }) => role === 'learner');
    for (const role of ['learner', 'head']) {
        const page = await browser.newPage({ width: 390 });
        page.pw.setDefaultTimeout(20_000);
        await page.signIn((await demoAccounts()).find((each) => each.role === role));
        if (role === 'head') head = page;
        else learner = page;
    }
});
after(async () => { await browser?.close(); await server?.stop(); });

const words = async (locator) => (await locator.innerText()).replace(/\s+/g, ' ').trim();
async function ask() {
    await learner.open('/formations/personnes-relais/inscription');
    await learner.pw.getByRole('link', { name: 'Cohorte 3' }).click();
    await learner.pw.getByLabel('En voiture').check();
    await learner.pw.getByRole('button', { name: 'Demander l’accord' }).click();
    await learner.pw.waitForURL(/fait=demande/);
}
// Tab until the button has the focus, then Enter.
async function press(pw, name) {
    for (let i = 0; i < 200; i++) {
        await pw.keyboard.press('Tab');
        if ((await pw.evaluate(() => document.activeElement?.textContent.replace(/\s+/g, ' ').trim() ?? '')).startsWith(name)) return pw.keyboard.press('Enter');
    }
    assert.fail(`the keyboard does not reach “${name}”`);
}

test('a request is refused with a word; the person reads it and asks again; it is agreed to by keyboard', async () => {
    await ask();
    await head.open('/mon-espace');
    await head.pw.getByRole('link', { name: /demande attend votre accord/ }).click();
    await head.pw.waitForURL(/accords/);
    assert.match(await words(head.pw.locator('main')), /Enseignante J.*Cohorte 3.*En voiture/);
    await head.look('head-accords');
    await head.pw.getByLabel('Un mot à la personne').fill('Pas ce trimestre : parlons-en lundi.');
    await head.pw.getByRole('button', { name: 'Je ne donne pas mon accord Enseignante J' }).click();
    await head.pw.waitForURL(/accord-refuse/);
    assert.match(await words(head.pw.locator('main')), /Rien ne vous attend|Rien n’attend/i);
    await head.look('head-rien');
    assert.match((await waitForMail(server.data, account.email, /pas reçu d.accord/)).text, /parlons-en lundi/);
    await learner.open('/mon-espace/inscriptions');
    await learner.look('head-refus-lu');
    await ask();
    await head.open('/mon-espace/accords');
    await press(head.pw, 'Je donne mon accord');
    await head.pw.waitForURL(/accord-donne/);
    await learner.open('/mon-espace/inscriptions');
    assert.match(await words(learner.pw.locator('li', { hasText: 'Personnes relais' }).first()), /Inscription faite|place vous est gardée/);
});

test('a head enrols colleagues and sees who is where', async () => {
    await head.open('/mon-espace/equipe');
    await head.look('head-equipe');
    const { pw } = head;
    await pw.selectOption('[name=groupe]', { label: (await pw.locator('[name=groupe] option').allInnerTexts()).find((text) => /STEAMagine 2/.test(text)) });
    await pw.locator('label.check', { hasText: 'Contact G' }).first().click();
    await pw.locator('form[action="/mon-espace/equipe"] button').click();
    await pw.getByRole('heading', { level: 1, name: /1 personne inscrite/ }).waitFor();
    await pw.getByRole('link', { name: 'Retour à mon équipe' }).click();
    const list = await words(pw.locator('tbody').last());
    assert.match(list, /Contact G/);
    assert.match(list, /Enseignante J/);
    assert.equal(sql(server, "SELECT e.state FROM enrolment e JOIN person p ON p.id = e.person_id JOIN programme r ON r.id = e.programme_id WHERE p.name = 'Contact G' AND r.slug = 'steamagine2'").trim(), 'confirmed');
});
