// A video in pages of other sites: the sites that are named may frame the player, Chromium really keeps the others out, nobody is
// known there, and nothing but public videos is shown.
// run: seconds=300
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openBrowser } from '../lib/browser.mjs';
import { sql } from '../lib/crowd.mjs';
import { newVisitor } from '../lib/http.mjs';
import { demoAccounts, startServer } from '../lib/server.mjs';

let server, browser, staff, learner, visitor, allowed, other;
const slug = 'licences-ouvertes';
const frame = `/tv/${slug}/lecteur`;
let setting; // of the video
// A site of somebody else: one page with what it was given.
function site() {
    return new Promise((done) => {
        const host = createServer((_, answer) => answer.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(`<!doctype html><title>Ailleurs</title>${host.html}`));
        host.html = '';
        host.listen(0, '127.0.0.1', () => { host.url = `http://127.0.0.1:${host.address().port}`; done(host); });
    });
}
before(async () => {
    server = await startServer();
    browser = await openBrowser(server);
    [staff, learner, visitor] = [newVisitor(server), newVisitor(server), newVisitor(server)];
    const accounts = await demoAccounts();
    await staff.signIn(accounts.find(({ role }) => role === 'staff'));
    await learner.signIn(accounts.find(({ role }) => role === 'learner'));
    [allowed, other] = [await site(), await site()];
    const id = (await staff.get('/gestion/videos')).html.querySelectorAll('th a').find((a) => /Licences ouvertes/.test(a.textContent)).getAttribute('href');
    setting = `${id}/integration`;
});
after(async () => { await browser?.close(); allowed?.close(); other?.close(); await server?.stop(); });

const set = async (mode, hosts = '', path = setting) => staff.submit(await staff.get(path), 'form[action$="/integration"]', { mode, hosts });
const policy = (answer) => /frame-ancestors ([^;]*)/.exec(answer.headers.get('content-security-policy'))?.[1];

test('without a setting no site; then the named ones, then every one; the rest of the site never', async () => {
    assert.equal((await visitor.get(frame)).status, 403);
    assert.equal((await visitor.get(`/tv/${slug}`)).html.querySelector('#integrer'), null);
    const link = `/oembed?url=${encodeURIComponent(`${server.url}/tv/${slug}`)}`;
    assert.equal((await visitor.get(link)).json().type, 'link');
    assert.equal((await set('hosts', 'https://École.be\n')).status, 422, 'no letters with accents');
    assert.equal((await set('hosts', 'Ecole.be\nhttps://reseau.be/page\n*.haute-ecole.be:8443')).status, 303);
    const page = await visitor.get(frame);
    assert.equal(policy(page), 'ecole.be reseau.be *.haute-ecole.be:8443');
    assert.equal(page.headers.get('x-frame-options'), null);
    assert.equal(page.headers.get('set-cookie'), null);
    assert.equal((await set('everyone')).status, 303);
    assert.equal(policy(await visitor.get(frame)), '*');
    for (const path of [`/tv/${slug}`, '/tv', '/connexion', '/tv/nulle-part/lecteur']) {
        const rest = await visitor.get(path);
        assert.equal(policy(rest), "'none'", path);
        assert.equal(rest.headers.get('x-frame-options'), 'DENY', path);
    }
    const card = (await visitor.get(link)).json();
    assert.equal(card.type, 'video');
    assert.match(card.html, new RegExp(`^<iframe src="${server.url}${frame}"`));
    assert.deepEqual([typeof card.width, typeof card.height], ['number', 'number']);
    assert.equal((await visitor.get(`${link}&maxwidth=400`)).json().width, 400);
    const low = (await visitor.get(`${link}&maxheight=400`)).json();
    assert.ok(low.height <= 400 && low.width < 960 && low.type === 'video', JSON.stringify(low));
    assert.equal((await visitor.get(`${link}&maxwidth=100`)).json().type, 'link', 'no player has room there');
});

test('names of sites that would add to the header are refused', async () => {
    for (const bad of ["a.be; script-src *", "'self'", '*', '*.', 'data:', 'a b.be', '-a.be', 'a..be', 'a.be:0', 'a.be:99999', 'a.be:x', '*.*.be', `${'a'.repeat(120)}.be`, '\u202Ea.be', ''])
        assert.equal((await set('hosts', bad)).status, 422, bad);
    assert.equal((await set('hosts', Array.from({ length: 21 }, (_, i) => `a${i}.be`).join('\n'))).status, 422, 'too many');
    assert.equal((await set('whoever')).status, 422);
    assert.equal((await learner.get(setting)).status, 403);
});

test('a channel says it for its videos, a video can say otherwise', async () => {
    assert.equal((await set('channel')).status, 303);
    assert.equal((await visitor.get(frame)).status, 403);
    const channel = (await staff.get('/gestion/chaines')).html.querySelectorAll('th a').find((a) => /Pas à pas/.test(a.textContent)).getAttribute('href');
    assert.equal((await set('everyone', '', `${channel}/integration`)).status, 303);
    assert.equal((await visitor.get(frame)).status, 200);
    await set('nobody');
    assert.equal((await visitor.get(frame)).status, 403);
    await set('everyone');
});

test('only what everybody may see now, whoever asks', async () => {
    for (const change of ["audience = 'members'", "audience = 'link'", `audience = 'public', opens_at = ${Date.now() + 3600_000}`, `opens_at = NULL, closes_at = ${Date.now() - 1000}`]) {
        sql(server, `UPDATE video SET ${change} WHERE slug = '${slug}'`);
        for (const who of [visitor, learner, staff]) assert.equal((await who.get(frame)).status, 404, change);
    }
    sql(server, `UPDATE video SET closes_at = NULL WHERE slug = '${slug}'`);
    const page = await learner.get(frame);
    assert.equal(page.status, 200);
    assert.ok(!page.text.includes('csrf'), 'nothing of a session');
    assert.equal(page.html.querySelector('[data-resume]'), null);
});

test('the code to copy, with the second to begin at', async () => {
    const page = await visitor.get(`/tv/${slug}?debut=12`);
    const code = page.html.querySelector('#embed-code').textContent;
    assert.match(code, new RegExp(`${frame}#t=12"`));
    assert.ok(!/<script|onload/.test(code));
    allowed.html = other.html = code;
});

test('Chromium shows it on the site that is allowed and plays it, counted for nobody; on another site it shows nothing', async () => {
    await set('hosts', new URL(allowed.url).host);
    const played = () => Number(sql(server, `SELECT coalesce(sum(played_ms), 0) FROM watch_view WHERE video_id = (SELECT id FROM video WHERE slug = '${slug}')`));
    const persons = () => sql(server, 'SELECT count(*) FROM watch_history');
    const [before, history] = [played(), persons()];
    const context = await browser.playwright.newContext({ locale: 'fr-BE' });
    const pw = await context.newPage();
    await pw.goto(allowed.url);
    const inside = pw.frameLocator('iframe');
    await inside.locator('edulab-player .big-play').waitFor();
    await inside.locator('edulab-player .big-play').click();
    const video = inside.locator('edulab-player video');
    for (let i = 0; i < 100 && await video.evaluate((v) => v.paused || v.currentTime < 13); i++) await sleep(100);
    assert.ok(await video.evaluate((v) => v.currentTime >= 13), 'it began at its second and plays');
    for (let i = 0; i < 200 && played() === before; i++) await sleep(100);
    assert.ok(played() > before, 'it is counted');
    assert.equal(persons(), history, 'for nobody');
    assert.deepEqual(await context.cookies(), [], 'no cookie');
    const refusals = [];
    pw.on('console', (message) => refusals.push(message.text()));
    await pw.goto(other.url);
    await sleep(1500);
    assert.equal(await pw.frames()[1].evaluate(() => document.querySelectorAll('edulab-player').length).catch(() => 0), 0);
    assert.ok(refusals.some((text) => /frame-ancestors/.test(text)), refusals.join('\n') || 'no complaint');
    await context.close();
});

test('the page in the frame and the settings, looked at', async () => {
    await set('everyone');
    for (const width of [390, 1440]) {
        const page = await browser.newPage({ width });
        await page.open(frame);
        await page.look('embed-frame');
        await page.open(`/tv/${slug}?debut=12`);
        await page.look('embed-offer');
        await page.close();
        const team = await browser.newPage({ width, cookies: staff.browserCookies() });
        await team.open(setting);
        await team.look('embed-setting');
        await team.close();
    }
});
