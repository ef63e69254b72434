// Every kind of page through the strict browser: phone and desktop, light and dark, keyboard, 320 pixels, without
// JavaScript. The pages come from the table of routes and the first link that fits a ":value". Pictures: build/shots/.
// run: seconds=900
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser } from '../lib/browser.mjs';
import { newVisitor } from '../lib/http.mjs';
import { demoAccounts, edulab, startServer } from '../lib/server.mjs';

let server;
let browser;
const pages = {}; // role: [{ name, path }]
const sessions = {}; // role: cookies for the browser

const nameOf = (route) => route.replace(/^\//, '').replace(/[/:*]+/g, '-') || 'accueil';

// An address for each GET row that shows a page to this person.
async function pagesOf(person, rows) {
    const found = new Map();
    const waiting = rows.filter((row) => !/[:*]/.test(row.path)).map((row) => row.path);
    const seen = new Set(waiting);
    while (waiting.length) {
        const path = waiting.shift();
        const answer = await person.get(path);
        // A document to take along, such as the register of processing, is no page to look at.
        const taken = (answer.headers.get('content-disposition') ?? '').startsWith('attachment');
        if (answer.status !== 200 || answer.type !== 'text/html' || taken) continue;
        const row = rows.find((each) => new RegExp(`^${each.path.replace(/:\w+/g, '[^/]+')}$`).test(path));
        if (!row || found.has(row.path)) continue;
        found.set(row.path, path);
        for (const link of answer.html.querySelectorAll('a[href^="/"]')) {
            const next = link.getAttribute('href').replace(/[?#].*/, '');
            if (!seen.has(next)) { seen.add(next); waiting.push(next); }
        }
    }
    return [...found].map(([route, path]) => ({ name: nameOf(route), path }));
}

before(async () => {
    server = await startServer();
    browser = await openBrowser(server);
    const rows = JSON.parse((await edulab(['routes', '--json'])).stdout)
        .filter((row) => row.method === 'GET' && !row.path.includes('*') && !/^\/(api|healthz|metrics|assets|robots)/.test(row.path));
    const open = newVisitor(server);
    pages.visitor = await pagesOf(open, rows.filter((row) => row.access === 'public' || row.access === 'object'));
    pages.visitor.push({ name: 'introuvable', path: '/nulle-part', status: 404 });
    for (const role of ['learner', 'staff']) {
        const person = newVisitor(server);
        await person.signIn((await demoAccounts()).find((account) => account.role === role));
        sessions[role] = person.browserCookies();
        const known = new Set([...pages.visitor, ...(pages.learner ?? [])].map(({ name }) => name));
        pages[role] = (await pagesOf(person, rows)).filter(({ name }) => !known.has(name));
    }
});
after(async () => {
    try { await browser?.close(); } finally { await server?.stop(); }
});

for (const role of ['visitor', 'learner', 'staff']) {
    for (const width of [390, 1440]) {
        test(`pages as ${role}, ${width} pixels wide`, async () => {
            const page = await browser.newPage({ width, cookies: sessions[role] });
            const problems = [];
            for (const { name, path, status = 200 } of pages[role]) {
                if (status !== 200) page.expect(new RegExp(`status of ${status}`));
                try {
                    assert.equal((await page.open(path)).status(), status);
                    // contrast hardly depends on the width: dark is judged once
                    await page.look(`${role}-${name}`, { schemesJudged: width === 390 ? ['light', 'dark'] : ['light'] });
                } catch (error) { problems.push(error.message); }
            }
            await page.close();
            assert.ok(pages[role].length >= 2, `${pages[role].length} pages found`);
            if (problems.length) assert.fail(problems.join('\n').slice(0, 12_000));
        });
    }
}

test('320 pixels and 400 % zoom scroll in one direction only', async () => {
    const page = await browser.newPage({ width: 1280, height: 1024, zoom: 4 });
    for (const { path, status = 200 } of pages.visitor) {
        if (status !== 200) page.expect(new RegExp(`status of ${status}`));
        await page.open(path);
        const [inner, outer] = await page.pw.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
        assert.ok(inner <= outer, `${path}: ${inner} px in a window of ${outer}`);
    }
    await page.close();
});

test('the keyboard reaches the content first and always shows where it is', async () => {
    const page = await browser.newPage({ width: 1440 });
    await page.open('/formations');
    await page.pw.keyboard.press('Tab');
    const first = await page.pw.evaluate(() => document.activeElement.getAttribute('href'));
    assert.match(first ?? '', /^#/, 'the first stop is the link to the content');
    await page.pw.keyboard.press('Enter');
    for (let i = 0; i < 25; i++) {
        await page.pw.keyboard.press('Tab');
        const focus = await page.pw.evaluate(() => {
            const element = document.activeElement;
            if (!element || element === document.body) return null;
            const style = getComputedStyle(element);
            const box = element.getBoundingClientRect();
            const label = element.closest('label');
            const visible = (each) => { const s = getComputedStyle(each); return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none'; };
            return { what: element.outerHTML.slice(0, 90), shown: visible(element) || (label && visible(label)) || (element.nextElementSibling && visible(element.nextElementSibling)), seen: box.width > 0 && box.height > 0 && style.visibility !== 'hidden' };
        });
        if (!focus) break;
        assert.ok(focus.shown && focus.seen, `focus is not visible on ${focus.what}`);
    }
    await page.close();
});

test('reading works without JavaScript', async () => {
    const page = await browser.newPage({ width: 390, javascript: false });
    for (const { name, path, status = 200 } of pages.visitor) {
        if (status !== 200) page.expect(new RegExp(`status of ${status}`));
        const answer = await page.open(path);
        assert.equal(answer.status(), status, path);
        assert.ok((await page.pw.locator('main').innerText()).trim().length > 20, `${path} says something`);
        if (['accueil', 'formations', 'tv-slug'].includes(name)) await page.shot(`visitor-${name}-390-nojs`);
    }
    await page.close();
});
