// The strict browser of the tests: each thing it must not let pass is tried on a page made for it.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { openBrowser } from '../lib/browser.mjs';

const page = (body, head = '') => `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Essai</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">${head}</head><body><main><h1>Essai</h1>${body}</main></body></html>`;
const pages = {
    '/good': page('<p>Bonjour</p>'),
    '/axe': page('<p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></p>'),
    '/console': page('<script>console.error("oh")</script>'),
    '/throw': page('<script>throw new Error("oh")</script>'),
    '/foreign': page('<img alt="" src="http://127.0.0.2:9/x.png">'),
    '/storage': page('<script>localStorage.setItem("a", "b")</script>'),
    '/cookie': page('<script>document.cookie = "tracker=1"</script>'),
    '/wide': page('<p class="w">x</p>', '<style>.w { width: 3000px }</style>'),
    '/dark': page('<p class="d">Peu lisible</p>', '<style>@media (prefers-color-scheme: dark) { .d { color: #eee; background: #fff } }</style>'),
};
let http;
let browser;

before(async () => {
    http = createServer((request, response) => response.setHeader('content-type', 'text/html').end(pages[request.url] ?? ''));
    await new Promise((ready) => http.listen(0, '127.0.0.1', ready));
    browser = await openBrowser({ url: `http://127.0.0.1:${http.address().port}` });
});
after(async () => {
    try { await browser?.close(); } finally { http.closeAllConnections(); http.close(); }
});

async function look(path) {
    const visitor = await browser.newPage({ width: 800 });
    await visitor.open(path);
    try { await visitor.look(`harness${path.replace('/', '-')}`); } finally { await visitor.close(); }
}

test('a good page passes', () => look('/good'));

for (const [path, reason] of [['/axe', /image-alt/], ['/console', /console error: oh/], ['/throw', /script error/],
    ['/foreign', /another host/], ['/storage', /localStorage a/], ['/cookie', /cookie kept: tracker/], ['/wide', /3\d\d\d px wide/],
    ['/dark', /axe, dark: color-contrast/]])
    test(`${path} is refused`, () => assert.rejects(look(path), reason));
