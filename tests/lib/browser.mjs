// Debian's Chromium on our pages, strict by default: an error in the console, a request to another host or anything
// kept on the device besides the session and language cookies makes the test fail when the page is looked at.
//
//   const browser = await openBrowser(server);
//   const page = await browser.newPage({ width: 390 });
//   await page.open('/formations');                 // page.pw is the Playwright page
//   await page.look('catalogue');                   // axe in light and dark, storage, pictures in build/shots/
//   await browser.close();                          // fails on what was complained about since the last look
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { build } from './tree.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const shots = join(build, 'shots');

// Every rule for A and AA, European and French sets, and the good practices. AAA is not asked.
const axeTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice', 'EN-301-549', 'RGAAv4'];
const allowedCookie = /^((__Host-)?edulab|lang)$/;

export const chromiumFlags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required', '--disable-dev-shm-usage'];

// Fails with all of them: Node 18 shows no difference beside a message of one's own.
const none = (found, where) => { if (found.length) assert.fail(`${where}:\n${found.join('\n')}`); };

// Complaints of axe about the page as it stands: "rule: help (selector)" each.
async function axe(pw) {
    await pw.evaluate(axeSource);
    return pw.evaluate(async (tags) => {
        const result = await globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
        return result.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${rule.help} (${node.target.join(' ')}) ${
            node.any.concat(node.all, node.none).map((check) => check.message).join('; ')}`));
    }, axeTags);
}

// Light or dark, with every colour arrived: axe would measure a colour on its way.
async function wear(pw, colorScheme) {
    await pw.emulateMedia({ colorScheme });
    await pw.evaluate(() => {
        getComputedStyle(document.documentElement).color; // the change begins its transitions now
        for (const animation of document.getAnimations()) {
            try { animation.finish(); } catch { animation.cancel(); } // one without end cannot be finished
        }
    });
}

// Asks until the answer is good, and gives it.
export async function eventually(what, good, seconds = 20) {
    let last;
    for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
        last = await what();
        if (good(last)) return last;
        await new Promise((go) => setTimeout(go, 100));
    }
    return assert.fail(`waited ${seconds} s in vain: ${JSON.stringify(last)}`);
}

// What the page keeps on the device.
const stored = (pw) => pw.evaluate(async () => {
    const names = [];
    for (const [kind, storage] of [['localStorage', localStorage], ['sessionStorage', sessionStorage]])
        for (const key of Object.keys(storage)) names.push(`${kind} ${key}`);
    for (const { name } of await indexedDB.databases()) names.push(`indexedDB ${name}`);
    // Cache storage exists on https and loopback only.
    if (globalThis.caches) for (const name of await caches.keys()) names.push(`cache ${name}`);
    return names;
});

// Elements that stick out of the window to the right: a page must never scroll sideways.
const tooWide = (pw) => pw.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.body.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > width + 1)
        .slice(0, 3).map((element) => `${element.tagName.toLowerCase()}.${element.className?.baseVal ?? element.className} is ${
            Math.round(element.getBoundingClientRect().right)} px wide in a window of ${width}`);
});

// flags: more of Chromium's own, such as cameras that do not exist.
export async function openBrowser(server, { flags = [] } = {}) {
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: [...chromiumFlags, ...flags] });
    mkdirSync(shots, { recursive: true });
    const complaints = [];
    const settle = (where) => {
        none(complaints.splice(0), where);
    };

    async function newPage({ width = 1440, height = width < 700 ? 844 : 900, dark = false, language = 'fr-BE', javascript = true, cookies, zoom = 1 } = {}) {
        const context = await browser.newContext({
            viewport: { width: Math.round(width / zoom), height: Math.round(height / zoom) }, deviceScaleFactor: zoom,
            colorScheme: dark ? 'dark' : 'light', locale: language, javaScriptEnabled: javascript, reducedMotion: 'reduce',
            baseURL: server.url, serviceWorkers: 'block',
        });
        if (cookies) await context.addCookies(cookies);
        const expected = [];
        const complain = (text) => { if (!expected.some((pattern) => pattern.test(text))) complaints.push(text); };
        context.on('request', (request) => {
            const url = new URL(request.url());
            if (/^https?:|^wss?:/.test(url.protocol) && url.host !== new URL(server.url).host) complain(`request to another host: ${url.href}`);
        });
        const watch = (pw) => {
            pw.on('console', (message) => {
                if (['error', 'warning'].includes(message.type())) complain(`console ${message.type()}: ${message.text()} (${message.location().url})`);
            });
            pw.on('pageerror', (error) => complain(`script error: ${error.stack ?? error}`));
            pw.on('crash', () => complain('the page crashed'));
        };
        context.on('page', watch);
        const pw = await context.newPage();
        const page = {
            pw, context,
            // Errors that the test brings about on purpose.
            expect: (pattern) => expected.push(pattern),
            async open(path) {
                const response = await pw.goto(path, { waitUntil: 'load' });
                return response;
            },
            async signIn({ email, password }) {
                await pw.goto('/connexion');
                await pw.fill('[name=email]', email);
                await pw.fill('[name=password]', password);
                await Promise.all([pw.waitForURL((url) => url.pathname !== '/connexion'), pw.locator('form[action^="/connexion"] [type=submit], form[action^="/connexion"] button:not([type=button])').first().click()]);
            },
            async shot(name, options = {}) {
                const path = join(shots, `${name}.png`);
                await pw.screenshot({ path, fullPage: true, animations: 'disabled', ...options });
                return path;
            },
            // Everything that is asked of every page. axe judges the schemes named. SHOTS=1 also takes
            // pictures, into build/shots/.
            async look(name, { schemesJudged = ['light', 'dark'] } = {}) {
                const problems = [];
                const schemes = dark ? ['dark'] : ['light', 'dark'];
                for (const scheme of schemes) {
                    await wear(pw, scheme);
                    if (javascript && schemesJudged.includes(scheme)) problems.push(...(await axe(pw)).map((text) => `axe, ${scheme}: ${text}`));
                    if (process.env.SHOTS) await page.shot(`${name}-${width}${scheme === 'dark' ? '-dark' : ''}`);
                }
                await wear(pw, dark ? 'dark' : 'light');
                problems.push(...await tooWide(pw));
                problems.push(...(await stored(pw)).map((text) => `kept on the device: ${text}`));
                for (const cookie of await context.cookies())
                    if (!allowedCookie.test(cookie.name)) problems.push(`cookie kept: ${cookie.name}`);
                none([...problems, ...complaints.splice(0)], `${name} (${pw.url()})`);
            },
            close: () => context.close(),
        };
        return page;
    }

    return {
        newPage, settle, playwright: browser,
        async close() {
            await browser.close();
            settle('complaints of the pages');
        },
    };
}
