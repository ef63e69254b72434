// A person's picture (made anew, without what the camera wrote, cut around the middle, gone when they say so) and the page they
// may open to everyone: closed it answers like one that never was. On both engines.
// run: seconds=240, pgsql
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, newVisitor } from '../lib/http.mjs';
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
    const at = execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-i', 'pipe:0', '-vf', `crop=1:1:${x}:${y}`, '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'], { input: webp });
    return at[0] > 150 && at[2] < 100 ? 'red' : at[2] > 150 && at[0] < 100 ? 'blue' : [...at].join();
};

for (const engine of ['sqlite', 'pgsql'])
    describe(`picture and public page on ${engine}`, () => {
        let server;
        let me;
        let staff;
        let anyone;
        const send = async (bytes, type = 'image/jpeg') => {
            const form = new FormData();
            form.append('_csrf', csrfOf(await me.get('/compte/portrait')));
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
            assert.equal((await send(Buffer.alloc(13 * 1024 * 1024))).status, 413);
            assert.equal(sql(server, 'SELECT made_at FROM profile_picture ORDER BY size'), before);
        });

        test('the page is closed until it is opened, and then shows what was ticked', async () => {
            const form = 'form[action="/compte/page"]';
            const page = await me.get('/compte/page');
            const slug = page.html.querySelector('[name=adresse]').getAttribute('value');
            const nobody = await anyone.get('/personnes/zz-personne');
            const closed = async (at) => {
                const answer = await anyone.get(`/personnes/${at}`);
                assert.equal(answer.status, 404);
                assert.equal(answer.words('main').replace(/\w{13}/g, ''), nobody.words('main').replace(/\w{13}/g, ''), 'like one that never was');
                assert.equal((await anyone.get(`/personnes/${at}/portrait`)).status, 404);
            };
            await closed(slug);
            await staff.submit(await staff.get('/badges/numefa-cop'), 'form[action$="/remise"]', { email: accounts.learner.email });
            await me.submit(await me.get('/compte'), 'form[action="/compte"]', { subjects: 'sciences', pronoun: 'elle' });
            const badge = (await me.get('/compte/page')).html.querySelector('input[name=choix][value^="badge-"]').getAttribute('value');
            const fields = { adresse: 'Éloïse & Co', accroche: 'Le numérique en **classe**', texte: '# Moi\n\n<script>x</script>**gras** [mal](javascript:x)', liens: 'https://exemple.be/blog Mon carnet\n\nhttps://exemple.be/nu' };
            const fill = async (more) => me.submit(await me.get('/compte/page'), form, { ...fields, montre: ['portrait', 'subjects'], choix: [badge, 'badge-0000000000001'], ...more });
            assert.equal((await fill({})).status, 303);
            await closed('eloise-co');
            const preview = await me.get('/compte/page/apercu');
            assert.match(preview.words('main'), /verrait.*Le numérique en \*\*classe\*\*/);
            assert.equal((await fill({ ouverte: '1' })).status, 303);
            const open = await anyone.get('/personnes/eloise-co');
            assert.equal(open.status, 200);
            assert.match(open.headers.get('x-robots-tag'), /noindex/);
            const words = open.words('main');
            assert.match(words, /sciences/);
            assert.doesNotMatch(words, /elle\b|@/, 'nothing that was not ticked');
            assert.ok(open.html.querySelector('.prose strong'));
            assert.ok(!/javascript:|<script>x/.test(open.text));
            assert.deepEqual(open.html.querySelectorAll('main a[rel~=ugc]').map((a) => [a.getAttribute('href'), a.textContent]), [['https://exemple.be/blog', 'Mon carnet'], ['https://exemple.be/nu', 'https://exemple.be/nu']]);
            assert.equal(open.html.querySelectorAll('main a[href^="/badges/attestation/"]').length, 1);
            const portrait = await anyone.get(open.html.querySelector('main img.avatar').getAttribute('src'));
            assert.deepEqual([portrait.status, portrait.type], [200, 'image/webp']);
            await fill({ ouverte: '1', moteurs: '1', montre: ['pronoun'] });
            const seen = await anyone.get('/personnes/eloise-co');
            assert.equal(seen.headers.get('x-robots-tag'), null);
            assert.match(seen.words('main'), /elle/);
            assert.ok(seen.html.querySelector('main svg.avatar'), 'the picture only when it was ticked');
            assert.equal((await anyone.get('/personnes/eloise-co/portrait')).status, 404);
            // what is wrong is said, and what was typed stays
            for (const [more, why] of [[{ liens: 'javascript:alert(1) ici' }, /https/], [{ liens: 'https://a.be\n'.repeat(9) }, /huit/], [{ adresse: '--' }, /trois/]]) {
                const refused = await fill({ ouverte: '1', ...more });
                assert.equal(refused.status, 422);
                assert.match(refused.words('main'), why);
                assert.match(refused.html.querySelector('textarea[name=texte]').textContent, /gras/);
            }
            const other = newVisitor(server);
            await other.signIn(accounts.coach);
            assert.equal((await other.submit(await other.get('/compte/page'), form, { adresse: 'eloise co', ouverte: '1' })).status, 422, 'one address, one person');
            await fill({});
            await closed('eloise-co');
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
    });
