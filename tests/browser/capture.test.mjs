// Recording in the browser, with Chromium's own unreal camera, microphone and screen: watched before it is sent, sent by the upload
// of the page (also over a line that breaks), published; and a recording in the work of a training arrives.
// run: alone seconds=300
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openBrowser } from '../lib/browser.mjs';
import { sql } from '../lib/crowd.mjs';
import { mediaOf, newVisitor } from '../lib/http.mjs';
import { newcomer } from '../lib/people.mjs';
import { demoAccounts, startServer, temporaryFolder } from '../lib/server.mjs';

let server;
let browser;
const sessions = {};
before(async () => {
    server = await startServer();
    browser = await openBrowser(server, { flags: ['--use-fake-device-for-media-stream=display-media-type=monitor', '--use-fake-ui-for-media-stream'] });
    for (const account of await demoAccounts()) {
        sessions[account.role] = newVisitor(server);
        await sessions[account.role].signIn(account);
    }
});
after(async () => { try { await browser?.close(); } finally { await server?.stop(); } });

const cookiesOf = (role) => sessions[role].browserCookies();
const said = (pw) => pw.locator('[data-said]').innerText();

async function studio() {
    const page = await browser.newPage({ width: 1440, cookies: cookiesOf('staff') });
    page.pw.setDefaultTimeout(20_000);
    await page.open('/gestion/videos');
    return page;
}

// Records `seconds` of one source and leaves it to be looked at.
async function record(pw, source, seconds) {
    await pw.locator(`input[name=source][value=${source}]`).check();
    await pw.getByRole('button', { name: 'Commencer l’enregistrement' }).or(pw.locator('[data-act=start]')).first().click();
    await pw.locator('[data-running]').waitFor();
    await pw.waitForFunction((least) => { const at = /(\d+):(\d+)/.exec(document.querySelector('[data-said]').textContent); return at && Number(at[1]) * 60 + Number(at[2]) >= least; }, seconds);
}

// What ffprobe says of the published video.
async function published(title) {
    for (let i = 0; ; i++) {
        const list = await sessions.staff.get('/gestion/videos');
        const row = list.html.querySelectorAll('tbody tr').find((each) => each.querySelector('th')?.textContent.trim() === title);
        const link = row?.querySelectorAll('a').map((each) => each.getAttribute('href')).find((href) => href.startsWith('/tv/'));
        if (link) {
            const file = join(temporaryFolder('film'), 'video.mp4');
            writeFileSync(file, (await newVisitor(server).get(`${await mediaOf(newVisitor(server), link)}/video.mp4`)).bytes);
            return JSON.parse(execFileSync('ffprobe', ['-v', 'error', '-of', 'json', '-show_streams', '-show_format', file], { encoding: 'utf8' }));
        }
        assert.ok(i < 300, `${title} is not published: ${row?.textContent}`);
        await sleep(300);
    }
}

test('the camera is recorded, paused, watched, thrown away, recorded again, sent and published', async () => {
    const page = await studio();
    const { pw } = page;
    await page.look('enregistrer');
    await record(pw, 'camera', 2);
    assert.match(await said(pw), /^Enregistrement\s: 0:0\d, [1-9][\d,]*\s[kM]o/);
    await pw.locator('[data-act=pause]').click();
    const paused = await said(pw);
    assert.match(paused, /^En pause/);
    await sleep(1500);
    assert.equal(await said(pw), paused, 'a pause is one');
    await pw.locator('[data-act=pause]').click();
    await pw.waitForFunction(() => /^Enregistrement/.test(document.querySelector('[data-said]').textContent));
    await page.look('enregistrer-en-cours');
    await pw.locator('[data-act=stop]').click();
    await pw.locator('[data-ready]').waitFor();
    assert.equal(await pw.evaluate(() => document.activeElement.dataset.act), 'send');
    // it plays, before anything was sent
    await pw.evaluate(() => document.querySelector('[data-view] video').play());
    await pw.waitForFunction(() => document.querySelector('[data-view] video').currentTime > 0.5);
    assert.equal(await pw.locator('.files li').count(), 0);
    await pw.evaluate(() => document.querySelector('[data-view] video').pause());
    await page.look('enregistrer-pret');
    await pw.setViewportSize({ width: 390, height: 844 });
    await page.look('enregistrer-pret-telephone');
    await pw.setViewportSize({ width: 1440, height: 900 });
    await pw.locator('[data-act=again]').click();
    assert.equal(await pw.locator('[data-view] video').count(), 0);

    await record(pw, 'camera', 4);
    await pw.locator('[data-act=stop]').click();
    await pw.fill('input[name=titre]', 'Ma caméra à moi');
    // the line is gone while it is sent, and comes back
    await page.context.setOffline(true);
    page.expect(/ERR_INTERNET_DISCONNECTED|net::/);
    await pw.locator('[data-act=send]').click();
    await pw.locator('.files li').waitFor();
    await sleep(1500);
    await page.context.setOffline(false);
    const film = await published('Ma caméra à moi');
    assert.ok(Number(film.format.duration) > 3 && Number(film.format.duration) < 8, film.format.duration);
    assert.deepEqual(film.streams.map((each) => each.codec_type).sort(), ['audio', 'video']);
    await page.close();
});

test('the screen alone, and the screen with the camera in its corner', async () => {
    for (const source of ['screen', 'both']) {
        const page = await studio();
        const { pw } = page;
        await record(pw, source, 3);
        await pw.locator('[data-act=stop]').click();
        await pw.locator('[data-ready]').waitFor();
        await pw.fill('input[name=titre]', `Essai ${source}`);
        await pw.locator('[data-act=send]').click();
        const film = await published(`Essai ${source}`);
        assert.ok(Number(film.format.duration) > 2 && Number(film.format.duration) < 7, film.format.duration);
        assert.ok(film.streams.some((each) => each.codec_type === 'video' && each.width >= 320));
        assert.ok(film.streams.some((each) => each.codec_type === 'audio'));
        await page.close();
    }
});

test('sound and picture recorded in the work of a training are heard, handed in, and reach who marks it', async () => {
    // "whatever suits": both kinds of recording
    sql(server, `UPDATE programme_node SET settings = replace(settings, '"form":"audio"', '"form":"all"') WHERE kind = 'deposit'`);
    sql(server, `UPDATE programme_node SET settings = replace(settings, '"form": "audio"', '"form": "all"') WHERE kind = 'deposit'`);
    const learner = await newcomer(server, { name: 'Lou Apprend', email: 'capsule@example.org', password: 'une longue phrase pour apprendre 42' });
    assert.equal((await learner.submit(await learner.get('/formations/referent-ia'), 'form[action$="/inscription"]')).status, 303);
    const page = await browser.newPage({ width: 1440, cookies: learner.browserCookies() });
    const { pw } = page;
    pw.setDefaultTimeout(20_000);
    await page.open('/mon-espace/modules/ap4-creer-du-son-et-de-la-video-avec-l-ia');
    for (const [kind, index] of [['audio', 1], ['video', 2]]) {
        await pw.locator(`[data-record=${kind}]`).click();
        await pw.waitForFunction(() => /0:0[2-9]/.test(document.querySelector('[data-said]').textContent));
        await pw.locator('[data-stop]').click();
        await pw.locator(`[data-preview] ${kind}`).waitFor();
        await pw.evaluate((name) => document.querySelector(`[data-preview] ${name}`).play(), kind);
        await pw.waitForFunction((name) => document.querySelector(`[data-preview] ${name}`).currentTime > 0.3, kind);
        await page.look(`depot-enregistre-${kind}`);
        await pw.fill('#f-texte', 'Voici ma capsule.');
        await Promise.all([pw.waitForNavigation(), pw.getByRole('button', { name: 'Garder en brouillon' }).or(pw.locator('button[value=garder]')).first().click()]);
        assert.equal(await pw.locator('a[href^="/depots/fichiers/"]').count(), index);
    }
    await Promise.all([pw.waitForNavigation(), pw.locator('button[value=remettre]').click()]);
    await page.close();

    const list = await sessions.trainer.get('/gestion/depots');
    const work = list.html.querySelectorAll('tbody a').map((each) => each.getAttribute('href')).find((href) => href.startsWith('/gestion/depots/'));
    const mark = await sessions.trainer.get(work);
    const files = [...new Set(mark.html.querySelectorAll('[href^="/depots/fichiers/"], [src^="/depots/fichiers/"]').map((each) => each.getAttribute('href') ?? each.getAttribute('src')))];
    assert.equal(files.length, 2);
    const kinds = [];
    for (const file of files) {
        const path = join(temporaryFolder('depot'), 'film');
        writeFileSync(path, (await sessions.trainer.get(file)).bytes);
        const streams = JSON.parse(execFileSync('ffprobe', ['-v', 'error', '-of', 'json', '-show_streams', '-count_packets', path], { encoding: 'utf8' })).streams;
        assert.ok(streams.every((each) => Number(each.nb_read_packets) > 5), JSON.stringify(streams.map((each) => each.nb_read_packets)));
        kinds.push(streams.map((each) => each.codec_type).sort().join('+'));
    }
    assert.deepEqual(kinds.sort(), ['audio', 'audio+video']);
});
