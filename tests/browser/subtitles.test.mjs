// The subtitles' editor: rows beside the video that plays, split, joined, shifted and saved; the viewer sees what was written; and the
// same page without a script.
// run: seconds=240
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser } from '../lib/browser.mjs';
import { mediaOf, newVisitor } from '../lib/http.mjs';
import { demoAccounts, startServer } from '../lib/server.mjs';

const watch = '/tv/demarche-steam';
let server;
let browser;
let staff;
let cookies;
let at;
before(async () => {
    server = await startServer();
    browser = await openBrowser(server);
    staff = newVisitor(server);
    await staff.signIn((await demoAccounts()).find((account) => account.role === 'staff'));
    cookies = staff.browserCookies();
    at = `/gestion/videos/${(await mediaOf(staff, watch)).split('/').pop()}/sous-titres`;
});
after(async () => { try { await browser?.close(); } finally { await server?.stop(); } });

const stored = async () => (await staff.get(`${at}/fr/fichier`)).text;

async function editor() {
    const page = await browser.newPage({ width: 1440, cookies });
    const { pw } = page;
    pw.setDefaultTimeout(20_000);
    await page.open(`${at}/fr`);
    const rows = pw.locator('.cues > li');
    return { page, pw, rows };
}

test('a line is played, split, joined, written and saved; viewers see it', async () => {
    const { page, pw, rows } = await editor();
    const count = await rows.count();
    assert.ok(count > 5);
    const before = await stored();
    assert.equal((await pw.locator('textarea[name=texte]').inputValue()).trim(), before.trim(), 'nothing changes by being shown');
    await pw.waitForSelector('[data-wave]:not([hidden])');
    await page.look('sous-titres-editeur');
    await pw.setViewportSize({ width: 390, height: 844 });
    await page.look('sous-titres-editeur-telephone');
    await pw.setViewportSize({ width: 1440, height: 900 });

    // plays the third line, shows it over the picture and stops behind it
    const third = rows.nth(2);
    const end = (text) => text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
    const [from, to] = await third.locator('input').evaluateAll((all) => all.map((each) => each.value));
    await third.locator('textarea').focus();
    await pw.keyboard.press('Control+Enter');
    await pw.waitForFunction(() => document.querySelector('.cc').textContent && !document.querySelector('video').paused);
    assert.equal(await third.getAttribute('class'), 'now');
    await pw.waitForFunction((stop) => { const video = document.querySelector('video'); return video.paused && video.currentTime >= stop; }, end(to));
    assert.ok(await pw.evaluate(() => document.querySelector('video').currentTime) < end(to) + 2);

    // split in the middle of its words, then joined again
    const words = (await third.locator('textarea').inputValue()).split(' ');
    const half = words.slice(0, 2).join(' ').length;
    await third.locator('textarea').evaluate((area, caret) => { area.focus(); area.setSelectionRange(caret, caret); }, half);
    await pw.keyboard.press('Control+Shift+Enter');
    assert.equal(await rows.count(), count + 1);
    assert.equal(await rows.nth(2).locator('textarea').inputValue(), words.slice(0, 2).join(' '));
    assert.equal(await rows.nth(2).locator('input').first().inputValue(), from);
    assert.equal(await rows.nth(3).locator('input').nth(1).inputValue(), to);
    await rows.nth(2).getByRole('button', { name: /^Joindre/ }).click();
    assert.equal(await rows.count(), count);

    // all of it half a second later, one text in other words
    await pw.getByRole('button', { name: 'Décaler toutes les lignes' }).click();
    assert.ok(Math.abs(end(await rows.nth(2).locator('input').first().inputValue()) - end(from) - 0.5) < 0.002);
    await rows.nth(2).locator('textarea').fill('Voici <nos> mots & rien d’autre');
    await Promise.all([pw.waitForURL(/sous-titres\/fr/), pw.getByRole('button', { name: 'Enregistrer les sous-titres' }).first().click()]);
    await pw.waitForSelector('.notice');
    const after = await stored();
    assert.match(after, /Voici &lt;nos&gt; mots &amp; rien d’autre/);
    assert.notEqual(after, before);

    const viewer = await browser.newPage({ width: 390 });
    for (let i = 0; ; i++) {
        const text = (await newVisitor(server).get(`${await mediaOf(newVisitor(server), watch)}/subs/fr.vtt`)).text;
        if (text.includes('rien d’autre')) break;
        assert.ok(i < 100, 'players do not get it');
        await new Promise((go) => setTimeout(go, 200));
    }
    await viewer.open(`${watch}#t=${end(from) + 0.7}`);
    await viewer.pw.locator('.big-play').click();
    await viewer.pw.waitForFunction(() => document.querySelector('.cc').textContent === 'Voici <nos> mots & rien d’autre', undefined, { timeout: 20_000 });
    await viewer.close();
    await page.close();
});

test('what was done is undone, step by step, by the button and by the key; typed letters are the browser’s to take back', async () => {
    const { page, pw, rows } = await editor();
    const field = pw.locator('textarea[name=texte]');
    const undo = pw.getByRole('button', { name: 'Annuler', exact: true });
    const area = (i) => rows.nth(i).locator('textarea');
    await rows.first().waitFor();
    const steps = [await field.inputValue()];
    const step = async () => { steps.push(await field.inputValue()); assert.notEqual(steps.at(-1), steps.at(-2), `step ${steps.length}`); };
    assert.ok(await undo.isDisabled(), 'nothing was done yet');

    // earlier, but no line before the beginning
    await pw.getByLabel(/^De combien de secondes/).fill('-100000');
    await pw.getByRole('button', { name: 'Décaler toutes les lignes' }).click();
    assert.equal(await rows.first().locator('input').first().inputValue(), '00:00:00.000');
    await step();
    await rows.nth(1).getByRole('button', { name: /^Joindre/ }).click();
    await step();
    await rows.nth(2).getByRole('button', { name: /^Retirer/ }).click();
    await step();
    await rows.nth(0).locator('input').nth(1).fill('0:01,5');
    await rows.nth(0).locator('input').nth(1).blur();
    await step();
    await area(0).focus();
    await pw.keyboard.type('Bon');
    await step();

    // the letters first, one way or the other: the key belongs to the browser here, the button takes them all back
    for (let i = 0; i < 3 && await field.inputValue() !== steps[4]; i++) await pw.keyboard.press('Control+z');
    assert.equal(await field.inputValue(), steps[4], 'the browser took the letters back');
    await undo.click();
    assert.equal(await field.inputValue(), steps[4]);
    await undo.click();
    assert.equal(await field.inputValue(), steps[3]);
    await area(2).focus();
    await pw.keyboard.press('Control+z');
    assert.equal(await field.inputValue(), steps[2]);
    assert.ok(await area(2).evaluate((element) => element === document.activeElement), 'the cursor stays where one works');
    await pw.keyboard.press('Control+z');
    assert.equal(await field.inputValue(), steps[1]);
    await undo.click();
    assert.equal(await field.inputValue(), steps[0]);
    assert.ok(await undo.isDisabled());
    await page.close();
});

test('without a script the file itself is written', async () => {
    const page = await browser.newPage({ width: 390, cookies, javascript: false });
    await page.open(`${at}/it`);
    await page.pw.fill('textarea[name=texte]', '1\n00:00:01,000 --> 00:00:03,000\nBuongiorno\n');
    await Promise.all([page.pw.waitForURL(/sous-titres\/it/), page.pw.locator('form[action$="/sous-titres/it"] button').click()]);
    assert.match((await staff.get(`${at}/it/fichier`)).text, /^WEBVTT\n\n1\n00:00:01\.000 --> 00:00:03\.000\nBuongiorno\n$/);
    await page.look('sous-titres-sans-script');
    await page.close();
});
