// The studio beside its first page: chapters, resources at a moment, what follows, cutting; what viewers then get from the player; and
// the same without a script.
// run: seconds=400
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, openBrowser } from '../lib/browser.mjs';
import { sql } from '../lib/crowd.mjs';
import { mediaOf, newVisitor } from '../lib/http.mjs';
import { demoAccounts, startServer, temporaryFolder } from '../lib/server.mjs';

const watch = '/tv/demarche-steam';
let server;
let browser;
let staff;
let cookies;
let video; // /gestion/videos/<id>
before(async () => {
    server = await startServer();
    browser = await openBrowser(server);
    staff = newVisitor(server);
    await staff.signIn((await demoAccounts()).find((account) => account.role === 'staff'));
    cookies = staff.browserCookies();
    sql(server, 'DELETE FROM tv_resource; DELETE FROM tv_end_card;'); // the sample has some
    video = `/gestion/videos/${(await mediaOf(staff, watch)).split('/').pop()}`;
});
after(async () => { try { await browser?.close(); } finally { await server?.stop(); } });

async function open(path, options = {}) {
    const page = await browser.newPage({ width: 1440, cookies, ...options });
    page.pw.setDefaultTimeout(20_000);
    await page.open(`${video}${path}`);
    return page;
}
async function both(page, name) {
    await page.look(name);
    await page.pw.setViewportSize({ width: 390, height: 844 });
    await page.look(`${name}-telephone`);
    await page.pw.setViewportSize({ width: 1440, height: 900 });
}
const seek = (pw, at) => pw.evaluate((to) => { document.querySelector('video').currentTime = to; }, at);

test('chapters are rows beside the video: now, play, in the order of time, proposals among them', async () => {
    const page = await open('/chapitres');
    const { pw } = page;
    const rows = pw.locator('.moments > li');
    const field = pw.locator('textarea[name=texte]');
    const count = await rows.count();
    assert.ok(count > 3);
    const before = await field.inputValue();
    assert.match(before, /^0:00 /);
    await both(page, 'chapitres');

    // plays from the third, which is then the one marked
    await rows.nth(2).getByRole('button', { name: /Lire à partir d.ici/ }).click();
    await pw.waitForFunction(() => !document.querySelector('video').paused && document.querySelectorAll('.moments > li')[2].classList.contains('now'));
    await pw.evaluate(() => document.querySelector('video').pause());

    // a new one where the video is; its title has the focus
    await seek(pw, 30);
    await pw.getByRole('button', { name: 'En ajouter un là où est la vidéo' }).click();
    assert.equal(await rows.count(), count + 1);
    await pw.keyboard.type('Au milieu');
    assert.match(await field.inputValue(), /\n0:30 Au milieu\n/);
    // typed to another time, it stands in another place, with the focus where one goes on
    const at = (await field.inputValue()).split('\n').findIndex((line) => line.includes('Au milieu'));
    await rows.nth(at).locator('.at').fill('1');
    await rows.nth(at).locator('.at').blur();
    assert.match(await field.inputValue(), /^0:00 [^\n]*\n0:01 Au milieu\n/);
    // half a second after the one above: said at once
    await rows.nth(1).locator('.at').fill('0:00,5');
    await rows.nth(1).locator('.at').blur();
    assert.match(await rows.nth(1).innerText(), /moins d.une seconde/);
    await seek(pw, 12.34);
    await rows.nth(1).getByRole('button', { name: /^Maintenant/ }).click();
    assert.match(await field.inputValue(), /\n0:12\.3 Au milieu\n/);
    await page.look('chapitres-avec-un-de-plus');

    // removed: all but the first, then saved, and the slides are looked for
    for (let i = await rows.count(); i > 1; i--) await rows.nth(1).getByRole('button', { name: /^Retirer/ }).click();
    await Promise.all([pw.waitForNavigation(), pw.getByRole('button', { name: 'Enregistrer les chapitres' }).first().click()]);
    await Promise.all([pw.waitForNavigation(), pw.getByRole('button', { name: 'Proposer d’après les changements de diapositive' }).or(pw.getByRole('button', { name: /^Proposer d/ })).first().click()]);
    await pw.waitForSelector('.tiles li');
    await both(page, 'chapitres-proposes');
    const found = await pw.locator('.tiles li').count();
    assert.ok(await pw.locator('.tile image').first().evaluate((image) => image.getBBox().width > 100));
    await pw.locator('.tiles input').first().uncheck();
    await pw.getByRole('button', { name: /Ajouter les moments choisis/ }).click();
    // they stand among the rows, unsaved; what was not chosen stays to be
    assert.equal(await rows.count(), found);
    assert.equal(await pw.locator('.tiles li').count(), 1);
    await rows.nth(1).locator('input:not(.at)').fill('Trouvé par l’image');
    await Promise.all([pw.waitForNavigation(), pw.getByRole('button', { name: 'Enregistrer les chapitres' }).first().click()]);
    await page.close();

    const viewer = await browser.newPage({ width: 1440 });
    await viewer.open(watch);
    const shown = await viewer.pw.locator('[data-chapters] li').allInnerTexts();
    assert.equal(shown.length, found);
    assert.match(shown[1], /Trouvé par l’image/);
    await viewer.close();
});

test('without a script chapters are lines', async () => {
    const page = await open('/chapitres', { width: 390, javascript: false });
    await page.pw.fill('textarea[name=texte]', '0:00 Début\n0:20 Suite\n');
    await Promise.all([page.pw.waitForNavigation(), page.pw.locator('#f-chap button').click()]);
    assert.equal((await page.pw.locator('textarea[name=texte]').inputValue()).trim(), '0:00 Début\n0:20 Suite');
    await page.look('chapitres-sans-script');
    await page.close();
});

test('a resource is placed with the video’s own time, shown at its moment, closed, and said politely', async () => {
    const page = await open('/ressources');
    const { pw } = page;
    await pw.fill('#f-titre', 'La fiche du défi');
    await seek(pw, 7.04);
    await pw.getByRole('button', { name: /^Maintenant \(Montrée de/ }).click();
    assert.equal(await pw.inputValue('#f-debut'), '0:07');
    await pw.fill('#f-fin', '0:14');
    await pw.fill('#f-adresse', 'https://exemple.be/fiche');
    await page.look('ressources-vide');
    await Promise.all([pw.waitForNavigation(), pw.getByRole('button', { name: 'Ajouter', exact: true }).click()]);
    await pw.fill('#f-titre', 'Le dossier');
    await pw.fill('#f-debut', '10');
    await pw.setInputFiles('#f-fichier', { name: 'dossier.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') });
    await Promise.all([pw.waitForNavigation(), pw.getByRole('button', { name: 'Ajouter', exact: true }).click()]);
    assert.equal(await pw.locator('.res li').count(), 2);
    await both(page, 'ressources');
    await Promise.all([pw.waitForNavigation(), pw.locator('.res a.btn').first().click()]);
    await page.look('ressources-modifier');
    await page.close();

    const viewer = await browser.newPage({ width: 1440 });
    const w = viewer.pw;
    w.setDefaultTimeout(20_000);
    await viewer.open(watch);
    assert.equal(await w.locator('.cards > div').count(), 0, 'nothing before one plays');
    await w.locator('.big-play').click();
    await w.evaluate(() => { document.querySelector('video').currentTime = 6; });
    const card = w.locator('.cards > div');
    await card.first().waitFor();
    assert.equal(await w.locator('.cards').getAttribute('aria-live'), 'polite');
    assert.match(await card.first().innerText(), /La fiche du défi/);
    assert.ok(await w.evaluate(() => document.querySelector('video').currentTime >= 7 && document.querySelector('.res li').classList.contains('now')));
    assert.equal(await card.first().locator('a').getAttribute('target'), '_blank');
    await w.evaluate(() => document.querySelector('video').pause());
    await viewer.look('lecteur-ressource');
    // closed by keyboard: it stays closed, and the focus is in the player
    await card.first().getByRole('button', { name: /^Fermer/ }).focus();
    await w.keyboard.press('Enter');
    assert.equal(await w.locator('.cards > div', { hasText: 'fiche' }).count(), 0);
    assert.equal(await w.evaluate(() => document.activeElement.dataset.role), 'play');
    await w.evaluate(() => document.querySelector('video').play());
    await card.first().waitFor();
    assert.match(await card.first().innerText(), /Le dossier/, 'the next one comes');
    await w.evaluate(() => { document.querySelector('video').currentTime = 40; });
    await w.waitForFunction(() => !document.querySelector('.cards > div'));
    // the list leads to the moment
    await w.locator('.res a.num').first().click();
    await card.first().waitFor();
    await w.setViewportSize({ width: 390, height: 844 });
    await w.evaluate(() => document.querySelector('video').pause());
    await viewer.look('lecteur-ressource-telephone');
    await viewer.close();
});

test('at its end the video leads on; without a script the same stands below it', async () => {
    const page = await open('/suite');
    const { pw } = page;
    await both(page, 'suite-vide');
    const suggested = await pw.locator('input[name=adresse][type=hidden]').first().getAttribute('value');
    await Promise.all([pw.waitForNavigation(), pw.getByRole('button', { name: /^Ajouter ./ }).first().click()]);
    await pw.fill('#f-adresse', 'https://exemple.be/suite');
    await pw.fill('#f-titre', 'Un autre site');
    await Promise.all([pw.waitForNavigation(), pw.getByRole('button', { name: 'Ajouter', exact: true }).click()]);
    await both(page, 'suite');
    await page.close();

    const viewer = await browser.newPage({ width: 1440 });
    const w = viewer.pw;
    w.setDefaultTimeout(20_000);
    await viewer.open(watch);
    await w.locator('.big-play').click();
    await w.waitForFunction(() => document.querySelector('video').duration > 20 && document.querySelector('video').currentTime > 0);
    const end = await w.evaluate(() => document.querySelector('video').duration);
    await w.evaluate((at) => { document.querySelector('video').currentTime = at; }, end - 15);
    assert.equal(await w.locator('.cards > div').count(), 0, 'not yet');
    await w.locator('.cards a').first().waitFor();
    assert.ok(await w.evaluate(() => { const v = document.querySelector('video'); return v.duration - v.currentTime <= 12.5; }));
    assert.equal(await w.locator('.cards a').count(), 2);
    assert.equal(await w.locator('.cards a').first().getAttribute('href'), suggested);
    await w.evaluate((at) => { document.querySelector('video').currentTime = at; }, end - 0.5);
    await w.waitForFunction(() => document.querySelector('video').ended);
    assert.equal(await w.locator('.cards a').count(), 2, 'and after the end');
    await viewer.look('lecteur-suite');
    await w.locator('.cards a').first().click();
    await w.waitForURL((url) => url.pathname === suggested);
    await viewer.close();

    const plain = await browser.newPage({ width: 390, javascript: false });
    await plain.open(watch);
    assert.equal(await plain.pw.locator('.ends a').count(), 2);
    assert.equal(await plain.pw.locator('.res [data-what]').count(), 2);
    await plain.look('suite-sans-script');
    await plain.close();
});

test('cut: pieces are rows beside the video, looked at first, made, and taken back', async () => {
    const page = await open('/decoupe');
    const { pw } = page;
    await both(page, 'decoupe');
    await seek(pw, 3.2);
    await pw.getByRole('button', { name: /^Maintenant \(Nouveau début/ }).click();
    assert.equal(await pw.inputValue('#f-debut'), '0:03.2');
    await seek(pw, 30);
    await pw.getByRole('button', { name: 'En ajouter un là où est la vidéo' }).click();
    const field = pw.locator('textarea[name=sans]');
    assert.equal(await field.inputValue(), '0:30-0:35\n');
    await seek(pw, 41);
    await pw.locator('.moments li .btn').nth(1).click(); // now, of the end
    assert.equal(await field.inputValue(), '0:30-0:41\n');
    await Promise.all([pw.waitForNavigation(), pw.getByRole('button', { name: 'Voir ce que cela donne' }).click()]);
    await pw.locator('#h-plan').waitFor();
    assert.match(await pw.locator('[aria-labelledby=h-plan]').innerText(), /Sans réencodage, il commence à l’image clé la plus proche, \d+,\d\ss plus (tôt|tard)/);
    await both(page, 'decoupe-projet');
    const lasts = await pw.evaluate(() => document.querySelector('video').duration || Number(document.querySelector('edulab-player').dataset.duration));
    await Promise.all([pw.waitForNavigation(), pw.getByRole('button', { name: 'Couper sans réencodage' }).click()]);
    await pw.getByRole('button', { name: 'Revenir à l’original' }).waitFor({ timeout: 60_000 });
    await page.look('decoupe-faite');

    const viewer = await browser.newPage({ width: 1440 });
    await viewer.open(watch);
    const length = Number(await viewer.pw.locator('edulab-player').getAttribute('data-duration'));
    assert.ok(length < lasts - 5, `${length} of ${lasts}`);
    await viewer.pw.locator('.big-play').click();
    await viewer.pw.waitForFunction(() => document.querySelector('video').currentTime > 1);
    await viewer.pw.evaluate(() => { document.querySelector('video').currentTime = 27; }); // over the seam
    await viewer.pw.waitForFunction(() => document.querySelector('video').currentTime > 32, undefined, { timeout: 30_000 });
    await viewer.close();

    await Promise.all([pw.waitForNavigation(), pw.getByRole('button', { name: 'Revenir à l’original' }).click()]);
    await pw.waitForFunction((wanted) => Math.abs(Number(document.querySelector('edulab-player')?.dataset.duration) - wanted) < 0.1, lasts, { timeout: 60_000 });
    await page.close();
});

test('the poster: one of the pictures, the moment where the video is, a picture of one’s own; viewers see it', async () => {
    const page = await open('/affiche');
    const { pw } = page;
    await both(page, 'affiche');
    const poster = async () => createHash('sha256').update(Buffer.from(await (await fetch(`${server.url}${await mediaOf(newVisitor(server), watch)}/poster.webp`)).arrayBuffer())).digest('hex');
    const seen = [await poster()];
    const drawn = async (name) => { await eventually(poster, (now) => !seen.includes(now), 60); seen.push(await poster()); await page.open(`${video}/affiche`); await page.look(name); };
    await pw.locator('input[name=choix]').nth(3).check();
    await Promise.all([pw.waitForNavigation(), pw.getByRole('button', { name: 'Prendre celle-ci' }).click()]);
    await drawn('affiche-choisie');
    await seek(pw, 33.4);
    await pw.getByRole('button', { name: /^Maintenant \(Moment/ }).click();
    assert.equal(await pw.inputValue('#f-moment'), '0:33.4');
    await Promise.all([pw.waitForNavigation(), pw.getByRole('button', { name: 'Prendre ce moment' }).click()]);
    await drawn('affiche-moment');
    const own = await pw.evaluate(() => { const canvas = document.createElement('canvas'); canvas.width = 640; canvas.height = 480; const ink = canvas.getContext('2d'); ink.fillStyle = 'teal'; ink.fillRect(0, 0, 640, 480); return canvas.toDataURL('image/png').split(',')[1]; });
    await pw.setInputFiles('#f-fichier', { name: 'a-moi.png', mimeType: 'image/png', buffer: Buffer.from(own, 'base64') });
    await Promise.all([pw.waitForNavigation(), pw.getByRole('button', { name: 'Utiliser cette image' }).click()]);
    await drawn('affiche-a-soi');
    await page.close();
    const viewer = await browser.newPage({ width: 390 });
    await viewer.open(watch);
    assert.deepEqual(await viewer.pw.locator('video').evaluate(async (video) => { const image = new Image(); image.src = video.poster; await image.decode(); return image.naturalWidth > 300 && Math.abs(image.naturalWidth / image.naturalHeight - 16 / 9) < 0.02; }), true);
    await viewer.look('affiche-vue');
    await viewer.close();
});

test('without a script a cut is fields and lines', async () => {
    const page = await open('/decoupe', { width: 390, javascript: false });
    await page.pw.fill('#f-fin', '0:50');
    await page.pw.fill('textarea[name=sans]', '0:10 – 0:12');
    await Promise.all([page.pw.waitForNavigation(), page.pw.locator('#f-cut button[type=submit]').click()]);
    for (let i = 0; i < 50 && !(await page.pw.locator('#h-plan').count()); i++) await page.pw.reload();
    assert.match(await page.pw.locator('[aria-labelledby=h-plan]').innerText(), /0:12 – 0:50/);
    await page.look('decoupe-sans-script');
    await page.close();
});

test('another file in the place of the one that is watched is sent in the page, and plays at the same address', async () => {
    const path = join(temporaryFolder('films'), 'nouvelle version.mp4');
    execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=25:d=21', '-f', 'lavfi', '-i', 'sine=d=21', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', path]);
    const page = await open('/fichier');
    const { pw } = page;
    await both(page, 'remplacer');
    const chapters = sql(server, 'SELECT count(*) FROM video_chapter');
    await pw.setInputFiles('#f-files', path);
    await eventually(() => newVisitor(server).get(watch).then((answer) => Number(answer.html.querySelector('edulab-player').getAttribute('data-duration'))), (lasts) => Math.abs(lasts - 21) < 0.5, 90);
    await page.open(video);
    await page.look('remplace');
    await page.close();
    assert.equal(sql(server, 'SELECT count(*) FROM video_chapter'), chapters);
    const viewer = await browser.newPage({ width: 390 });
    await viewer.open(watch);
    await viewer.pw.locator('.big-play').click();
    await viewer.pw.waitForFunction(() => document.querySelector('video').currentTime > 1 && Math.abs(document.querySelector('video').duration - 21) < 0.5);
    await viewer.close();
});
