// A person's picture: made anew, without what the camera wrote, cut where they say, taken along with their data, gone when they
// say so. On both engines.
// run: seconds=240, pgsql
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sql } from '../lib/crowd.mjs';
import { setTimeout as sleep } from 'node:timers/promises';
import { csrfOf, newVisitor, rawRequest } from '../lib/http.mjs';
import { readZip } from '../lib/zip.mjs';
import { demoAccounts, filesBelow, startServer, stopPostgres, temporaryFolder } from '../lib/server.mjs';

after(stopPostgres);
const accounts = Object.fromEntries((await demoAccounts()).map((account) => [account.role, account]));
const folder = temporaryFolder('portraits');
// A picture twice as wide as high: blue at both ends, red in its middle.
function picture(name, size = '800x400') {
    const path = join(folder, name);
    execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', `color=blue:s=${size},drawbox=x=iw/4:w=iw/2:h=ih:color=red:t=fill`, '-frames:v', '1', '-update', '1', path]);
    return readFileSync(path);
}
// A JPEG with what a camera writes: orientation 6 (to be turned) and a secret.
function photo() {
    const jpeg = picture('photo.jpg', '400x800');
    const ascii = Buffer.from('Charleroi 50.41N\0');
    const tiff = Buffer.alloc(8 + 2 + 24 + 4 + ascii.length);
    tiff.write('II*\0', 0, 'latin1'); tiff.writeUInt32LE(8, 4); tiff.writeUInt16LE(2, 8);
    tiff.writeUInt16LE(0x010e, 10); tiff.writeUInt16LE(2, 12); tiff.writeUInt32LE(ascii.length, 14); tiff.writeUInt32LE(38, 18);
    tiff.writeUInt16LE(0x0112, 22); tiff.writeUInt16LE(3, 24); tiff.writeUInt32LE(1, 26); tiff.writeUInt32LE(6, 30);
    ascii.copy(tiff, 38);
    const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
    const head = Buffer.from([0xff, 0xe1, 0, 0]);
    head.writeUInt16BE(body.length + 2, 2);
    return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}
const pixel = (webp, x, y) => {
    const at = execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-i', 'pipe:0', '-vf', `format=rgb24,crop=1:1:${x}:${y}:exact=1`, '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'], { input: webp });
    return at[0] > 150 && at[2] < 100 ? 'red' : at[2] > 150 && at[0] < 100 ? 'blue' : [...at].join();
};

for (const engine of ['sqlite', 'pgsql'])
    describe(`picture on ${engine}`, () => {
        let server;
        let me;
        let staff;
        let anyone;
        const send = async (bytes, type = 'image/jpeg', square = {}) => {
            const form = new FormData();
            form.append('_csrf', csrfOf(await me.get('/compte/portrait')));
            for (const [name, value] of Object.entries(square)) form.append(name, value);
            form.append('portrait', new Blob([bytes], { type }), 'moi.jpg');
            return me.request('POST', '/compte/portrait', { body: form });
        };
        before(async () => {
            server = await startServer({ engine });
            [me, staff, anyone] = [newVisitor(server), newVisitor(server), newVisitor(server)];
            await me.signIn(accounts.learner);
            await staff.signIn(accounts.staff);
        });
        after(() => server?.stop());

        test('a picture is cut around its middle and made anew in two sizes', async () => {
            assert.ok((await me.get('/compte/portrait')).html.querySelector('main svg.avatar'), 'drawn, to begin with');
            assert.equal((await me.get('/compte/portrait/384')).status, 404);
            const sent = await send(picture('large.png'), 'image/png');
            assert.equal(sent.status, 303, sent.text.slice(0, 500));
            for (const size of [384, 96]) {
                const made = await me.get(`/compte/portrait/${size}`);
                assert.equal(made.type, 'image/webp');
                assert.deepEqual([pixel(made.bytes, 3, 3), pixel(made.bytes, size / 2, size / 2), pixel(made.bytes, size - 4, size - 4)], ['red', 'red', 'red'], 'the ends are cut off');
            }
            assert.equal(sql(server, 'SELECT count(*) FROM profile_picture'), '2');
            assert.deepEqual(filesBelow(join(server.data, 'hls')).filter((path) => /portrait/.test(path)), [], 'what was given is kept nowhere');
        });

        test('another square is kept when the sliders say so, without JavaScript too', async () => {
            const corners = async (square) => {
                assert.equal((await send(picture('large.png'), 'image/png', square)).status, 303);
                const made = (await me.get('/compte/portrait/384')).bytes;
                return [pixel(made, 3, 3), pixel(made, 380, 3), pixel(made, 100, 380)];
            };
            assert.deepEqual(await corners({ zoom: 100, x: -100, y: 0 }), ['blue', 'red', 'blue'], 'as far left as can be');
            assert.deepEqual(await corners({ zoom: 200, x: -100, y: 100 }), ['blue', 'blue', 'blue'], 'a quarter of it');
            assert.deepEqual(await corners({ zoom: 400, x: 0, y: 0 }), ['red', 'red', 'red']);
            for (const square of [{ zoom: 401 }, { zoom: 99 }, { x: -101 }, { y: '1:w=iw' }]) assert.equal((await send(picture('large.png'), 'image/png', square)).status, 422, JSON.stringify(square));
        });

        test('a photo is turned as the camera held it, and tells no more', async () => {
            assert.equal((await send(photo())).status, 303);
            const made = (await me.get('/compte/portrait/384')).bytes;
            assert.ok(!made.includes('Charleroi') && !made.includes('Exif'));
            // upright it was blue left and right; turned by a quarter the middle band lies across
            assert.deepEqual([pixel(made, 192, 192), pixel(made, 192, 40), pixel(made, 40, 192)], ['red', 'blue', 'red']);
        });

        test('what is no picture is refused with a word, and changes nothing', async () => {
            const before = sql(server, 'SELECT made_at FROM profile_picture ORDER BY size');
            for (const bytes of ['bonjour', '<svg xmlns="http://www.w3.org/2000/svg"/>', '#EXTM3U\n/etc/passwd', '\xff\xd8\xff', 'RIFF1234WEBPxxxx', '']) {
                const answer = await send(Buffer.from(bytes, 'latin1'));
                assert.equal(answer.status, 422, bytes);
                if (bytes) assert.match(answer.words('main'), /JPEG, PNG ou WebP/);
            }
            const kept = (await send('bonjour', 'image/jpeg', { zoom: '180', x: '30', y: '-12' })).html;
            assert.deepEqual(['zoom', 'x', 'y'].map((name) => kept.querySelector(`[name=${name}]`).getAttribute('value')), ['180', '30', '-12'], 'what was chosen stays');
            const head = `POST /compte/portrait HTTP/1.1\r\nHost: x\r\nCookie: ${me.cookie()}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 13631488\r\n\r\n`;
            assert.equal((await rawRequest(server, head, { enough: (text) => /<\/html>/.test(text) })).status, 413, 'refused by its head');
            assert.equal(sql(server, 'SELECT made_at FROM profile_picture ORDER BY size'), before);
        });

        test('it is among what the person takes along', async () => {
            await me.submit(await me.get('/compte/donnees'), 'form[action="/compte/donnees/export"]');
            let link;
            for (let i = 0; i < 200 && !link; i++) {
                link = (await me.get('/compte/donnees')).html.querySelector('a[href$=".zip"]')?.getAttribute('href');
                if (!link) await sleep(100);
            }
            const files = readZip((await me.get(link)).bytes);
            const found = [...files].find(([name]) => name.endsWith('portrait-384.webp'));
            assert.deepEqual(found[1], (await me.get('/compte/portrait/384')).bytes);
        });

        test('staff see the picture on the person’s page, others do not; it goes when its owner says so', async () => {
            const id = /\/gestion\/personnes\/(\w{13})/.exec((await staff.get(`/gestion/personnes?q=${accounts.learner.email}`)).text)[1];
            const page = await staff.get(`/gestion/personnes/${id}`);
            const src = page.html.querySelector('main img.avatar').getAttribute('src');
            assert.equal((await staff.get(src)).type, 'image/webp');
            assert.equal((await me.get(src)).status, 403);
            assert.equal((await anyone.get(src)).status, 303);
            assert.equal((await me.submit(await me.get('/compte/portrait'), 'form[action="/compte/portrait/retirer"]')).status, 303);
            assert.equal((await me.get('/compte/portrait/384')).status, 404);
            assert.ok((await staff.get(`/gestion/personnes/${id}`)).html.querySelector('main svg.avatar'));
            assert.equal((await staff.get(src)).status, 404);
        });

        test('many pictures at once are slowed down', async () => {
            let answer;
            for (let i = 0; i < 21; i++) answer = await send(Buffer.from('x'));
            assert.equal(answer.status, 422);
            assert.match(answer.words('main'), /Attendez une minute/);
        });
    });
