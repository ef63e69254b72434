// The shipped nginx site in front of edulab: pages over TLS and HTTP/2, videos through X-Accel-Redirect, kept assets,
// a large upload, and what must not be reachable.
// run: seconds=240
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { newVisitor } from '../lib/http.mjs';
import { siteHere, startNginx } from '../lib/nginx.mjs';
import { demoAccounts, filesBelow, freePort, startServer, temporaryFolder } from '../lib/server.mjs';
import { top } from '../lib/tree.mjs';

process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'; // the certificate is made here
let server;
let nginx;
let site;
let plain;

before(async () => {
    const [port, tls] = [await freePort(), await freePort()];
    site = { url: `https://127.0.0.1:${tls}` };
    plain = `http://127.0.0.1:${port}`;
    const socket = join(temporaryFolder('socket'), 'edulab.sock');
    server = await startServer({ settings: { public_url: site.url, socket, accel: '/_files' } });
    const folder = temporaryFolder('nginx');
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
        '-subj', '/CN=edulab.example', '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')], { stdio: 'ignore' });
    nginx = await startNginx({ folder, port: tls, site: siteHere(readFileSync(join(top, 'packaging/nginx/edulab.conf'), 'utf8'), [
        ['unix:/run/edulab/edulab.sock', `unix:${socket}`],
        ['listen 80;', `listen 127.0.0.1:${port};`], ['    listen [::]:80;\n', ''],
        ['listen 443 ssl http2;', `listen 127.0.0.1:${tls} ssl http2;`], ['    listen [::]:443 ssl http2;\n', ''],
        ['/etc/letsencrypt/live/edulab.example/fullchain.pem', join(folder, 'cert.pem')],
        ['/etc/letsencrypt/live/edulab.example/privkey.pem', join(folder, 'key.pem')],
        ['/var/cache/nginx/edulab', join(folder, 'cache')], ['/var/lib/edulab/', `${server.data}/`],
    ]) });
});
after(async () => { await nginx?.stop(); await server?.stop(); });

test('plain HTTP leads to HTTPS', async () => {
    const answer = await fetch(`${plain}/formations?q=ia`, { redirect: 'manual' });
    assert.equal(answer.status, 301);
    assert.match(answer.headers.get('location'), /^https:\/\/127\.0\.0\.1\/formations\?q=ia$/);
});

test('pages come through, and a person can sign in', async () => {
    const visitor = newVisitor(site);
    const home = await visitor.get('/', { headers: { 'accept-encoding': 'gzip' } });
    assert.equal(home.status, 200);
    assert.match(home.headers.get('strict-transport-security') ?? '', /max-age/);
    assert.equal(home.headers.get('server'), 'nginx');
    const [account] = await demoAccounts();
    await visitor.signIn(account);
    assert.deepEqual([...visitor.jar.keys()].filter((name) => name.startsWith('__Host-')).length, 1);
    assert.equal((await visitor.get('/mon-espace')).status, 200);
});

test('HTTP/2 is spoken', async () => {
    const session = connectHttp2(site.url);
    const status = await new Promise((done, failed) => {
        session.on('error', failed);
        session.request({ ':path': '/healthz' }).on('response', (headers) => done(headers[':status'])).on('error', failed).resume();
    });
    session.close();
    assert.equal(status, 200);
});

test('assets are asked of edulab once', async () => {
    const visitor = newVisitor(site);
    const home = await visitor.get('/');
    const css = home.html.querySelector('link[rel=stylesheet]').getAttribute('href');
    const first = await visitor.get(css);
    const again = await visitor.get(css);
    assert.deepEqual([first.status, again.status], [200, 200]);
    assert.equal(again.headers.get('x-cache'), 'HIT');
    assert.ok(again.bytes.equals(first.bytes));
});

test('a video is sent by nginx, in ranges, with the right type', async () => {
    const visitor = newVisitor(site);
    const [account] = await demoAccounts();
    await visitor.signIn(account);
    const list = await visitor.get('/tv');
    const slug = list.html.querySelectorAll('.vcard h3 a[href^="/tv/"]').map((link) => link.getAttribute('href'))[0];
    const watch = await visitor.get(slug);
    const master = /[^"'\s]+\.m3u8/.exec(watch.text)[0];
    const playlist = await visitor.get(master);
    assert.equal(playlist.status, 200);
    assert.match(playlist.text, /^#EXTM3U/);
    const variant = await visitor.get(new URL(playlist.text.split('\n').find((line) => line && !line.startsWith('#')), playlist.url));
    assert.equal(variant.status, 200);
    const map = /#EXT-X-MAP:URI="([^"]+)"/.exec(variant.text)[1];
    const piece = await visitor.get(new URL(map, variant.url), { headers: { range: 'bytes=4-7' } });
    assert.equal(piece.status, 206);
    assert.equal(piece.bytes.toString(), 'ftyp');
    assert.equal(piece.headers.get('x-accel-redirect'), null);
    assert.equal(piece.headers.get('x-content-type-options'), 'nosniff');
    assert.ok(filesBelow(server.data).some((path) => path.endsWith('.m3u8')));
});

test('nothing of the data folder is reachable by guessing', async () => {
    for (const path of ['/_files/edulab.db', '/_files/hls/', '/_files/blobs/../edulab.db', '/_files/../edulab.db', '/metrics'])
        assert.equal((await fetch(site.url + path)).status, 404, path);
});

test('a body over the limit of the site is refused', async () => {
    const answer = await fetch(`${site.url}/connexion`, { method: 'POST', body: new Uint8Array(4 * 1024 * 1024) });
    assert.equal(answer.status, 413);
});

test('a large upload goes through in pieces', async () => {
    const visitor = newVisitor(site);
    const staff = (await demoAccounts()).find(({ role }) => role === 'staff');
    await visitor.signIn(staff);
    const page = await visitor.get('/mon-espace');
    const token = page.html.querySelector('meta[name="csrf"]').getAttribute('content');
    const size = 20 * 1024 * 1024;
    const piece = 8 * 1024 * 1024;
    const tus = { 'tus-resumable': '1.0.0', 'x-csrf-token': token };
    const name = Buffer.from('grande.mp4').toString('base64');
    const made = await visitor.request('POST', '/api/v1/uploads', { headers: { ...tus, 'upload-length': String(size), 'upload-metadata': `filename ${name}` } });
    assert.equal(made.status, 201, made.text);
    const address = new URL(made.location, site.url);
    for (let offset = 0; offset < size; offset += piece) {
        const sent = await visitor.request('PATCH', address, { body: new Uint8Array(Math.min(piece, size - offset)).fill(7),
            headers: { ...tus, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' } });
        assert.equal(sent.status, 204, sent.text);
        assert.equal(sent.headers.get('upload-offset'), String(Math.min(offset + piece, size)));
    }
});
