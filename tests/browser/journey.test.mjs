// A newcomer's whole way in the browser: catalogue, account, enrolment, a video that really plays, a badge that others
// check and that staff revoke. Each test goes on where the one before stopped.
// run: seconds=300
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test as anyTest } from 'node:test';
import { bakedText, rebake } from '../lib/badge.mjs';
import { openBrowser } from '../lib/browser.mjs';
import { newVisitor } from '../lib/http.mjs';
import { linkIn, waitForMail } from '../lib/mail.mjs';
import { demoAccounts, edulab, startServer, temporaryFolder } from '../lib/server.mjs';
import { top } from '../lib/tree.mjs';

const programme = JSON.parse(readFileSync(join(top, 'demo/catalogue.json'), 'utf8')).programmes.find(({ slug }) => slug === 'steamagine1');
const me = { name: 'Zoé Nouvelle', email: 'zoe.nouvelle@example.org', password: 'trois-mots-en-rang' };

let server;
let browser;
let page; // the newcomer's
let pw;
let badge; // path of her badge
let picture; // of it
before(async () => {
    server = await startServer();
    browser = await openBrowser(server);
    page = await browser.newPage({ width: 1440 });
    pw = page.pw;
    pw.setDefaultTimeout(20_000);
});
after(async () => { await browser?.close(); await server?.stop(); });

// One step after the other: what follows a broken step would only tell the same once more.
let broken;
function test(name, run) {
    anyTest(name, async () => {
        if (broken) assert.fail(`not reached: “${broken}” failed`);
        broken = name;
        await run();
        broken = undefined;
    });
}

const words = async (locator) => (await locator.innerText()).replace(/\s+/g, ' ').trim();
const found = () => words(pw.locator('#results [role=status]'));
const until = (pattern) => pw.waitForFunction((source) => new RegExp(source).test(document.querySelector('#results [role=status]')?.textContent ?? ''), pattern.source);
const total = async (query) => (await newVisitor(server).get(`/api/v1/formations?${query}`)).json().total;
const arrived = (pathname, search = '') => pw.waitForURL((url) => (pathname instanceof RegExp ? pathname.test(url.pathname) : url.pathname === pathname) && url.search.startsWith(search));
const path = () => { const { pathname, search } = new URL(pw.url()); return pathname + search; };

test('from the home page to the catalogue: a word, with its accent or without', async () => {
    await page.open('/');
    await pw.locator('#nav a[href="/formations"]').click();
    await arrived('/formations');
    const all = await total('');
    assert.equal(await found(), `${all} formations`);
    assert.equal(await pw.locator('#results .grid3 > li').count(), Math.min(12, all));
    const titles = [];
    for (const word of ['évaluer', 'evaluer', 'ÉVALUER']) {
        await pw.fill('#f-q', word);
        const fitting = await total(`q=${encodeURIComponent(word)}`);
        assert.ok(fitting > 1 && fitting < all, `${word}: ${fitting}`);
        await until(new RegExp(`^${fitting} formations`));
        await pw.waitForURL((url) => url.searchParams.get('q') === word);
        titles.push(await pw.locator('#results .grid3 .ct').allInnerTexts());
    }
    assert.ok(titles[0].some((title) => /évaluer/i.test(title)), titles[0].join());
    assert.deepEqual(titles[1], titles[0]);
    assert.deepEqual(titles[2], titles[0]);
});

test('filters: the number beside each is what one gets, what is chosen can be taken off', async () => {
    await pw.fill('#f-q', '');
    await until(new RegExp(`^${await total('')} `));
    const number = (name, value) => pw.locator(`.facets input[name=${name}][value="${value}"]`).locator('xpath=..').locator('.n').textContent();
    const promised = Number(await number('sorte', 'webinar'));
    assert.equal(promised, await total('sorte=webinar'));
    await pw.check('.facets input[name=sorte][value=webinar]');
    await until(new RegExp(`^${promised} formations`));
    assert.equal(path(), '/formations?sorte=webinar');
    assert.ok(await pw.locator('.facets input[name=sorte][value=webinar]').evaluate((box) => box === document.activeElement), 'the box keeps the focus');
    // Every number that is shown now, beside what the catalogue answers to that choice.
    for (const box of await pw.locator('.facets fieldset input').all()) {
        const [name, value] = await box.evaluate((input) => [input.name, input.value]);
        const query = new URLSearchParams(name === 'sorte' ? [[name, value]] : [['sorte', 'webinar'], [name, value]]);
        assert.equal(Number(await number(name, value)), await total(query), `${name}=${value}`);
    }
    const nth = Number(await number('domaine', '2'));
    await pw.check('.facets input[name=domaine][value="2"]');
    await until(new RegExp(`^${nth} formation`));
    assert.equal(nth, await total('sorte=webinar&domaine=2'));
    await pw.locator('#results .chip[href]', { hasText: 'Webinaire' }).click();
    await until(new RegExp(`^${await total('domaine=2')} formations`));
    assert.ok(!await pw.isChecked('.facets input[name=sorte][value=webinar]'));
    assert.ok(await pw.isChecked('.facets input[name=domaine][value="2"]'));
});

test('nothing found is said, with a way on', async () => {
    await pw.fill('#f-q', 'zzzz');
    await until(/^0 formation/);
    assert.ok(await pw.locator('#results .empty').isVisible());
    await page.look('journey-rien');
    await pw.locator('#results .empty a').click();
    await until(new RegExp(`^${await total('')} `));
    await pw.goBack();
    assert.equal(await pw.inputValue('#f-q'), 'zzzz', 'the way back keeps what was asked');
});

test('the page of a programme: its modules, hours and competences, as the catalogue has them', async () => {
    await page.open('/formations?q=steamagine');
    await pw.locator('#results a[href="/formations/steamagine1"]').first().click();
    await arrived('/formations/steamagine1');
    assert.equal(await words(pw.locator('h1')), 'STEAMagine 1');
    const rows = pw.locator('#tableau tbody tr');
    assert.equal(await rows.count(), programme.modules.length);
    let hours = 0;
    for (const [i, module] of programme.modules.entries()) {
        const row = await words(rows.nth(i));
        const length = Object.values(module.hours).reduce((sum, one) => sum + one, 0);
        hours += length;
        assert.ok(row.startsWith(`${module.code} `), row);
        assert.ok(row.replaceAll('’', "'").includes(module.title.replaceAll('’', "'").replace(/ \?$/, '')), row);
        assert.match(row, new RegExp(`\\b${length} h\\b`));
        for (const code of module.competences) assert.ok(row.includes(code), `${code} in ${row}`);
    }
    const main = await words(pw.locator('main'));
    assert.match(main, new RegExp(`${programme.modules.length} modules`, 'i'));
    assert.match(main, new RegExp(`${hours} h au total`, 'i'));
    for (const code of new Set(programme.modules.flatMap((module) => module.competences))) assert.ok(main.includes(code), code);
    assert.ok(await pw.locator('a[href="/badges/steam-decouverte"]').count(), 'the badge it leads to');
});

test('opening an account: each mistake is told beside its field, what was typed stays, the password does not', async () => {
    await pw.locator('main a[href^="/inscription"]').first().click();
    await arrived('/inscription', '?suite=');
    // Browsers stop some of this themselves; the server must be right without them.
    await pw.locator('form[action="/inscription"]').evaluate((form) => { form.noValidate = true; });
    page.expect(/status of 422/);
    await pw.fill('[name=name]', 'Z');
    await pw.fill('[name=email]', 'zoe chez exemple');
    await pw.fill('[name=password]', 'court');
    await pw.locator('form[action="/inscription"] .btn[type=submit]').click();
    await pw.waitForSelector('.errors');
    for (const name of ['name', 'email', 'password', 'terms']) {
        const field = pw.locator(`#f-${name}`);
        assert.equal(await field.getAttribute('aria-invalid'), 'true', name);
        assert.ok((await field.getAttribute('aria-describedby')).split(' ').includes(`m-${name}`), name);
        const message = pw.locator(`#m-${name}`);
        assert.ok(await message.isVisible(), `the message of ${name}`);
        const [box, told] = [await field.boundingBox(), await message.boundingBox()];
        assert.ok(told.y >= box.y && told.y - (box.y + box.height) < 60, `the message of ${name} stands right below it`);
        assert.ok(await pw.locator(`.errors a[href="#f-${name}"]`).count(), `the list above leads to ${name}`);
    }
    assert.equal(await pw.inputValue('[name=name]'), 'Z');
    assert.equal(await pw.inputValue('[name=email]'), 'zoe chez exemple');
    assert.equal(await pw.inputValue('[name=password]'), '');
    assert.ok(!await pw.isChecked('[name=terms]'));
    assert.equal(await pw.inputValue('form[action="/inscription"] [name=suite]'), '/formations/steamagine1', 'and where it leads is not forgotten');
    await page.look('journey-inscription-erreurs');
    await pw.fill('[name=name]', me.name);
    await pw.fill('[name=email]', me.email);
    await pw.fill('[name=password]', 'azertyuiop');
    await pw.check('[name=terms]');
    await pw.locator('form[action="/inscription"] .btn[type=submit]').click();
    await pw.waitForFunction(() => document.querySelectorAll('.field.bad').length === 1);
    assert.ok(await pw.locator('#m-password').isVisible(), 'one of the first to be tried');
    assert.ok(await pw.isChecked('[name=terms]'));
    await pw.fill('[name=password]', me.password);
    await pw.locator('[data-reveal="f-password"]').click();
    assert.equal(await pw.getAttribute('[name=password]', 'type'), 'text');
    await pw.locator('[data-reveal="f-password"]').click();
    await pw.locator('form[action="/inscription"] .btn[type=submit]').click();
    await arrived('/inscription/merci');
});

test('the letter, its link, the button: signed in, and back where one wanted to be', async () => {
    const letter = await waitForMail(server.data, me.email);
    assert.match(letter.text, new RegExp(`Bonjour ${me.name}`));
    await page.open(linkIn(letter, '/inscription/confirmer'));
    assert.equal(await words(pw.locator('main .strong[translate=no]')), me.email);
    await pw.locator('form[action="/inscription/confirmer"] .btn').click();
    await arrived('/formations/steamagine1', '?fait=bienvenue');
    assert.ok(await pw.locator('.notice').isVisible());
    assert.ok(await pw.locator('header a[href="/mon-espace"]').isVisible());
});

test('enrolling: Mon espace shows the next step and the ring', async () => {
    await pw.locator('form[action="/formations/steamagine1/inscription"] button').click();
    await arrived('/mon-espace', '?fait=inscrit');
    assert.match(await words(pw.locator('.next-step')), /Zoé Nouvelle.*La démarche, et un premier défi/s);
    assert.match(await words(pw.locator('.rings')), /STEAMagine 1/);
    assert.ok(await pw.locator('.rings svg').isVisible());
    assert.match(await pw.locator('.rings').textContent(), /0\/5/);
    assert.match(await words(pw.locator('.agenda')), /STEAMagine 1/);
    await page.look('journey-mon-espace');
});

test('a page is read and finished; the next step follows', async () => {
    await pw.locator('.next-step .btn').click();
    await arrived(/^\/mon-espace\/modules\/steamagine1-a1-/);
    assert.ok((await words(pw.locator('.prose'))).length > 200, 'a page of Markdown');
    assert.equal(await pw.locator('.plan li.done').count(), 0);
    await pw.locator('form[action$="/terminer"] .btn').click();
    await arrived(/^\/mon-espace\/modules\/steamagine1-a1-/, '?fait=etape-faite');
    assert.equal(await pw.locator('.plan li.done').count(), 1);
    assert.equal(await pw.locator('edulab-player').count(), 1, 'the video is next');
});

test('the video really plays: adaptive stream, qualities, subtitles, transcript', async () => {
    const asked = [];
    pw.on('request', (request) => asked.push(new URL(request.url()).pathname));
    assert.ok(!asked.some((each) => each.startsWith('/media/') && !/poster|\.vtt/.test(each)), 'nothing is fetched before somebody wants to see it');
    await pw.locator('.big-play').click();
    await pw.waitForFunction(() => document.querySelector('video').currentTime > 3.2, undefined, { timeout: 60_000 });
    const state = await pw.evaluate(() => {
        const video = document.querySelector('video');
        const quality = video.getVideoPlaybackQuality();
        return { source: video.currentSrc, frames: quality.totalVideoFrames, sound: video.webkitAudioDecodedByteCount, width: video.videoWidth, duration: video.duration, error: video.error?.message };
    });
    assert.equal(state.error, undefined);
    assert.match(state.source, /^blob:/, 'hls.js feeds it');
    assert.ok(state.frames > 10 && state.sound > 1000 && state.width > 0, JSON.stringify(state));
    assert.ok(state.duration > 55 && state.duration < 70);
    assert.ok(asked.some((each) => /master\.m3u8$/.test(each)));
    assert.ok(asked.filter((each) => /\.m4s$/.test(each)).length >= 2, asked.join(' '));
    assert.ok(!asked.some((each) => /video\.mp4$/.test(each)), 'not the plain file beside it');
    const qualities = await pw.locator('select.qual option').allInnerTexts();
    assert.ok(qualities.length >= 3, `automatic and two more: ${qualities}`);
    assert.ok(qualities.slice(1, -1).every((each) => /^\d+p$/.test(each)), qualities.join());
    assert.equal(qualities.at(-1), 'Le son seul');
    await pw.locator('.ctl [aria-controls=player-settings]').click();
    await pw.selectOption('select.qual', { index: 1 });

    await pw.locator('summary', { hasText: 'Transcription' }).click();
    await pw.waitForFunction(() => document.querySelector('.cc').textContent.trim() && document.querySelector('.tr li.now'), undefined, { timeout: 20_000 });
    const [spoken, line] = await pw.evaluate(() => [document.querySelector('.cc').textContent, document.querySelector('.tr li.now p').textContent]);
    const letters = (text) => text.replace(/[^\p{L}]/gu, '');
    assert.ok(letters(line).includes(letters(spoken)) || letters(spoken).includes(letters(line)), `${spoken} | ${line}`);
    await page.look('journey-video');
    // A line of the transcript leads there.
    const target = pw.locator('.tr li').nth(4);
    const at = Number(await target.getAttribute('data-start'));
    await target.locator('a').click();
    await pw.waitForFunction((start) => Math.abs(document.querySelector('video').currentTime - start) < 3, at);
    await pw.waitForFunction(() => document.querySelector('.tr li.now') === document.querySelectorAll('.tr li')[4]);
    await pw.locator('[data-role=captions]').click();
    assert.equal(await pw.locator('[data-role=captions]').getAttribute('aria-pressed'), 'false');
    assert.equal(await pw.locator('.cc').textContent(), '');
});

test('jumping to the end does not count as watching; watching does, by itself', async () => {
    const room = pw.url();
    const posted = [];
    pw.on('response', (response) => { if (/\/activites\/\w+\/terminer$/.test(response.url())) posted.push(response.status()); });
    await pw.evaluate(() => { const video = document.querySelector('video'); video.currentTime = video.duration - 1.5; void video.play(); });
    await pw.waitForFunction(() => document.querySelector('video').ended, undefined, { timeout: 30_000 });
    assert.deepEqual(posted, []);
    assert.ok(await pw.locator('form[action$="/terminer"]').isVisible(), 'one may still say so oneself');
    // The rest, quickly but in full; again from the beginning should this machine have dropped a part.
    const counted = pw.waitForResponse((response) => /\/activites\/\w+\/terminer$/.test(response.url()), { timeout: 90_000 });
    await pw.evaluate(() => {
        const video = document.querySelector('video');
        const again = () => { video.currentTime = 0; video.playbackRate = 6; void video.play(); };
        video.addEventListener('ended', again);
        again();
    });
    const answer = await counted;
    assert.equal(answer.status(), 200);
    assert.equal(answer.request().method(), 'POST');
    await pw.waitForSelector('.toasts .toast');
    await pw.waitForFunction(() => document.querySelectorAll('.plan li.done').length === 2);
    assert.equal(await pw.locator('form[action$="/terminer"]').count(), 0, 'the button has gone');
    assert.equal(pw.url(), room, 'without leaving the page');
    assert.equal(posted.length, 1);
    assert.match(await words(pw.locator('.plan')), /Module terminé/i);
});

test('the second module, and within five seconds the badge', async () => {
    await pw.locator('.plan a[href="/mon-espace"]').click();
    await arrived('/mon-espace');
    assert.match(await pw.locator('.rings').textContent(), /1\/5/);
    assert.match(await words(pw.locator('.next-step')), /Deux défis à vivre/);
    await pw.locator('.next-step .btn').click();
    await pw.locator('form[action$="/terminer"] .btn').click();
    await arrived(/-a2-/, '?fait=module-fait');
    const visitor = newVisitor(server);
    for (const { name, value } of await page.context.cookies()) visitor.jar.set(name, value);
    const deadline = Date.now() + 5000;
    while (!badge && Date.now() < deadline) badge = (await visitor.get('/mon-espace')).html.querySelector('a[href^="/badges/attestation/"]')?.getAttribute('href');
    assert.ok(badge, 'the badge is there');
    await page.open('/mon-espace');
    const medal = pw.locator('.medals li', { has: pw.locator(`a[href="${badge}"]`) });
    assert.ok(await medal.locator('svg').isVisible());
    assert.match(await words(medal), /Découverte/);
    await waitForMail(server.data, me.email, /badge/i, 5);
});

test('its page, its picture, and what the picture carries', async () => {
    await pw.locator(`.medals a[href="${badge}"]`).click();
    await arrived(badge);
    assert.match(await words(pw.locator('main')), /Zoé Nouvelle/);
    assert.match(await words(pw.locator('.verdict')), /authentique/);
    await page.look('journey-attestation');
    const [download] = await Promise.all([pw.waitForEvent('download'), pw.locator('a[href$="/badge.png"]').click()]);
    assert.equal(download.suggestedFilename(), 'steam-decouverte.png');
    picture = readFileSync(await download.path());
    const assertion = JSON.parse(bakedText(picture));
    const published = await newVisitor(server).get(assertion.id);
    assert.equal(bakedText(picture), published.text);
    const { badge: classAddress } = published.json();
    const { issuer } = (await newVisitor(server).get(classAddress)).json();
    assert.equal((await newVisitor(server).get(issuer)).json().type, 'Issuer');
});

// Hands a picture to the verifier as somebody who has no account; returns what it says.
async function verify(file, name) {
    const stranger = await browser.newPage({ width: 390 });
    await stranger.open('/badges/verifier');
    await stranger.pw.setInputFiles('#f-fichier', { name: 'badge.png', mimeType: 'image/png', buffer: file });
    await stranger.pw.locator('form[action="/badges/verifier"] .btn[type=submit]').click();
    await stranger.pw.waitForSelector('.verdict');
    const said = `${await stranger.pw.locator('.verdict').getAttribute('class')} ${await words(stranger.pw.locator('.verdict'))}`;
    if (name) await stranger.look(name);
    await stranger.close();
    return said;
}

test('anyone can check it: true is true, altered is not', async () => {
    assert.match(await verify(picture, 'journey-verdict-vrai'), /\bok\b.*authentique/);
    const altered = rebake(picture, (text) => text.replace('steam-decouverte"', 'ia-referent"'));
    assert.match(await verify(altered, 'journey-verdict-faux'), /\bbad\b.*pas valable|\bbad\b.*pas valide/);
    const stranger = await browser.newPage({ width: 390 });
    await stranger.open(badge);
    assert.ok(!(await words(stranger.pw.locator('main'))).includes('Zoé'), 'the name is not shown to others');
    assert.match(await words(stranger.pw.locator('.verdict')), /authentique/);
    await stranger.close();
});

test('revoked by staff with a reason: page, JSON, verifier and command all say so', async () => {
    const reason = 'Remis par erreur pendant un essai';
    const staff = await browser.newPage({ width: 1440 });
    await staff.signIn((await demoAccounts()).find(({ role }) => role === 'staff'));
    await staff.open(badge);
    await staff.pw.fill('#f-motif', reason);
    await staff.pw.locator('form[action$="/retrait"] .btn').click();
    await staff.pw.waitForURL((url) => url.search === '?fait=badge-retire');
    await staff.close();
    await page.open(badge);
    const said = await words(pw.locator('main'));
    assert.match(said, /révoqué|retiré/i);
    assert.ok(said.includes(reason));
    assert.equal(await pw.locator('a[href$="/badge.png"]').count(), 0);
    await page.look('journey-attestation-retiree');
    const gone = await newVisitor(server).get(JSON.parse(bakedText(picture)).id);
    assert.equal(gone.status, 410);
    assert.equal(gone.json().revocationReason, reason);
    const verdict = await verify(picture, 'journey-verdict-retire');
    assert.match(verdict, /\bbad\b.*(révoqué|retiré)/i);
    assert.ok(verdict.includes(reason));
    const file = join(temporaryFolder('badge'), 'badge.png');
    writeFileSync(file, picture);
    const { status, stdout } = await edulab(['badge', 'verify', file, '--data', server.data]);
    assert.equal(status, 1);
    assert.match(stdout, /revoked/);
});

test('chapters lead through a video of the Web TV, and a link with a time begins there', async () => {
    await page.open('/tv/ia-generative-texte');
    const chapters = pw.locator('.chap li');
    assert.ok(await chapters.count() >= 3);
    const second = pw.locator('.chap li a').nth(1);
    const start = Number(await second.getAttribute('data-start'));
    await second.click();
    await pw.waitForFunction((at) => { const video = document.querySelector('video'); return !video.paused && video.currentTime >= at - 0.2 && video.currentTime < at + 8; }, start, { timeout: 60_000 });
    await pw.waitForFunction(() => document.querySelectorAll('.chap [data-start]')[1].getAttribute('aria-current') === 'true');
    await page.open('/formations');
    await page.open(`/tv/ia-generative-texte#t=${start}`);
    await pw.waitForFunction((at) => Math.abs(document.querySelector('video').currentTime - at) < 0.5, start);
    assert.ok(await pw.evaluate(() => document.querySelector('video').paused), 'it does not play unasked');
});

test('signing out closes the way back', async () => {
    await page.open('/mon-espace');
    await pw.locator('form[action="/deconnexion"] button').click();
    await arrived('/', '?fait=deconnecte');
    await page.open('/mon-espace');
    assert.equal(path(), '/connexion?suite=%2Fmon-espace');
});
