// A badge's whole life over HTTP, on both engines: earned by completing, told by mail, shown, downloaded, checked by page
// and by command, altered, revoked.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { newVisitor } from '../lib/http.mjs';
import { linkIn, mails, waitForMail } from '../lib/mail.mjs';
import { demoAccounts, edulab, startServer, stopPostgres, temporaryFolder } from '../lib/server.mjs';

const lastModule = 'ap3-generer-des-images-pour-la-classe-usages-droits-credits';

// zlib.crc32 is newer than Node 18.
function checksum(bytes) {
    let sum = 0xffffffff;
    for (const byte of bytes) {
        sum ^= byte;
        for (let i = 0; i < 8; i++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
    }
    return (sum ^ 0xffffffff) >>> 0;
}

// The picture with the text of its badge changed, and every checksum right again.
function rebaked(png, change) {
    const pieces = [png.subarray(0, 8)];
    for (let at = 8; at < png.length;) {
        const size = png.readUInt32BE(at);
        let body = png.subarray(at + 4, at + 8 + size);
        if (body.subarray(0, 4).toString() === 'iTXt') body = Buffer.from(change(body.toString('latin1')), 'latin1');
        const frame = Buffer.alloc(4), sum = Buffer.alloc(4);
        frame.writeUInt32BE(body.length - 4);
        sum.writeUInt32BE(checksum(body));
        pieces.push(frame, body, sum);
        at += 12 + size;
    }
    return Buffer.concat(pieces);
}

async function check(visitor, bytes, fields = {}) {
    const page = await visitor.get('/badges/verifier');
    const file = new File([bytes], 'badge.png', { type: 'image/png' });
    return visitor.submit(page, 'form[action="/badges/verifier"]', { fichier: file, ...fields });
}

after(stopPostgres);

for (const engine of ['sqlite', 'pgsql'])
    describe(`badges on ${engine}`, async () => {
        let server, learner, staff, visitor, page, path, picture;
        after(() => server?.stop());

        const command = async (...args) => edulab(['badge', 'verify', ...args, '--data', server.data], { database: server.database });
        const verify = async (bytes) => {
            const file = join(temporaryFolder('badge'), 'badge.png');
            writeFileSync(file, bytes);
            return command(file);
        };

        test('the last module of three earns the badge, once, and a mail says so', async () => {
            server = await startServer({ engine });
            const accounts = await demoAccounts();
            [learner, staff, visitor] = [newVisitor(server), newVisitor(server), newVisitor(server)];
            await learner.signIn(accounts.find((account) => account.role === 'learner'));
            await staff.signIn(accounts.find((account) => account.role === 'staff'));
            for (let step = 1; step <= 2; step++) {
                const lesson = await learner.get(`/mon-espace/modules/${lastModule}?etape=${step}`);
                assert.equal(lesson.status, 200);
                const form = 'form[action^="/mon-espace/activites/"]';
                for (let twice = 0; twice < 2; twice++) assert.equal((await learner.submit(lesson, form)).status, 303);
            }
            const mail = await waitForMail(server.data, 'apprenante@exemple.be', /Pratiques de classe/);
            assert.match(mail.subject, /^Votre badge\s: IA · Pratiques de classe$/);
            path = linkIn(mail, '/badges/attestation/');
            assert.equal(mails(server.data).filter((each) => /Pratiques de classe/.test(each.subject)).length, 1);
        });

        test('its page is public, without the name until its holder shows it', async () => {
            page = await visitor.get(path);
            assert.equal(page.status, 200);
            assert.match(page.words('main'), /Ce badge est authentique/);
            assert.doesNotMatch(page.text, /Enseignante J/);
            assert.equal((await staff.submit(await learner.get(path), 'form[action$="/nom"]')).status, 403, 'another person, a foreign token');
            const shown = await learner.submit(await learner.get(path), 'form[action$="/nom"]', {}, { follow: true });
            assert.equal(shown.status, 200);
            assert.match((await visitor.get(path)).words('main'), /Enseignante J/);
            await learner.submit(await learner.get(path), 'form[action$="/nom"]');
            assert.doesNotMatch((await visitor.get(path)).text, /Enseignante J/);
        });

        test('its documents lead from one to the next, and other sites may read them', async () => {
            const assertion = await visitor.get(path.replace('/badges/attestation/', '/api/v1/badges/assertions/'));
            assert.equal(assertion.status, 200);
            assert.equal(assertion.type, 'application/ld+json');
            assert.equal(assertion.headers.get('access-control-allow-origin'), '*');
            const { recipient, badge, id } = assertion.json();
            assert.match(recipient.identity, /^sha256\$[0-9a-f]{64}$/);
            assert.doesNotMatch(assertion.text, /exemple\.be/);
            assert.ok(id.endsWith(assertion.url.pathname));
            const badgeClass = (await visitor.get(new URL(badge).pathname)).json();
            assert.equal(badgeClass.name, 'IA · Pratiques de classe');
            assert.deepEqual(badgeClass.alignment.map((each) => each.targetCode), ['2.1', '2.2', '3.1']);
            const issuer = (await visitor.get(new URL(badgeClass.issuer).pathname)).json();
            assert.equal(issuer.name, 'eduLAB');
            assert.equal((await visitor.get(new URL(badgeClass.image).pathname)).type, 'image/png');
        });

        test('the picture is genuine, to the page and to the command', async () => {
            const answer = await visitor.get(`${path}/badge.png`);
            assert.equal(answer.type, 'image/png');
            picture = answer.bytes;
            const result = await check(visitor, picture, { email: 'apprenante@exemple.be' });
            assert.match(result.words('main'), /Ce badge est authentique.*Oui, mot pour mot/);
            assert.match((await check(visitor, picture, { email: 'formateur@exemple.be' })).words('main'), /n.est pas valable/);
            const told = await verify(picture);
            assert.equal(told.status, 0, told.stdout + told.stderr);
            assert.match(told.stdout, /This badge is genuine/);
        });

        test('every altered picture is told', async () => {
            const changes = [
                (text) => text.replace('ia-pratique', 'ia-referent'),
                (text) => text.replace(/"issuedOn":"\d{4}/, '"issuedOn":"2020'),
                (text) => text.replace(/sha256\$./, (hash) => `sha256$${hash.at(-1) === 'a' ? 'b' : 'a'}`),
                (text) => text.replace('"hashed":true', '"hashed":false'),
                (text) => text.replace('{', '{"more":1,'),
            ];
            for (const change of changes) {
                const altered = rebaked(picture, change);
                assert.notDeepEqual(altered, picture);
                assert.match((await check(visitor, altered)).words('main'), /n.est pas valable/);
                assert.equal((await verify(altered)).status, 1, String(change));
            }
            const flipped = Buffer.from(picture);
            flipped[flipped.length >> 1] ^= 4;
            assert.equal((await verify(flipped)).status, 1);
            assert.match((await check(visitor, flipped)).words('main'), /abîmée/);
        });

        test('what is no badge gets a clear answer', async () => {
            assert.match((await check(visitor, Buffer.from('bonjour'))).words('main'), /ni image de badge ni attestation/);
            const form = await visitor.get('/badges/verifier');
            assert.equal((await visitor.submit(form, 'form[action="/badges/verifier"]')).status, 422);
            const inside = await visitor.submit(form, 'form[action="/badges/verifier"]', { adresse: `${server.url}/healthz` });
            assert.doesNotMatch(inside.words('main'), /authentique\./);
            assert.equal((await command('/nowhere/badge.png')).status, 2);
            assert.equal((await command()).status, 2);
        });

        test('only who may award revokes; then everybody sees it', async () => {
            assert.equal((await learner.get(path)).html.querySelector('form[action$="/retrait"]'), null);
            const token = (await learner.get(path)).html.querySelector('input[name="_csrf"]').getAttribute('value');
            assert.equal((await learner.post(`${path}/retrait`, { _csrf: token, motif: 'Parce que' })).status, 403);
            const form = await staff.get(path);
            assert.equal((await staff.submit(form, 'form[action$="/retrait"]', { motif: '' })).status, 422);
            assert.equal((await staff.submit(form, 'form[action$="/retrait"]', { motif: 'Remis par erreur' })).status, 303);
            assert.equal((await staff.submit(form, 'form[action$="/retrait"]', { motif: 'Encore une fois' })).status, 409);
            const assertion = await visitor.get(path.replace('/badges/attestation/', '/api/v1/badges/assertions/'));
            assert.equal(assertion.status, 410);
            assert.equal(assertion.json().revocationReason, 'Remis par erreur');
            assert.match((await check(visitor, picture)).words('main'), /a été révoqué.*Remis par erreur/);
            assert.equal((await verify(picture)).status, 1);
            assert.equal((await visitor.get(`${path}/badge.png`)).status, 410);
            assert.equal((await visitor.get('/api/v1/badges/revocations')).json().revokedAssertions.length, 1);
        });

        test('the team awards by hand, to an account only, and once', async () => {
            const form = await staff.get('/badges/numefa-cop');
            const award = (email) => staff.submit(form, 'form[action$="/remise"]', { email, preuve: '- Cycle « capsule »' });
            assert.equal((await award('personne@exemple.be')).status, 422);
            assert.equal((await award('coach@exemple.be')).status, 303);
            assert.equal((await award('coach@exemple.be')).status, 422);
            await waitForMail(server.data, 'coach@exemple.be', /CoP/);
            assert.equal((await visitor.get('/badges/numefa-cop')).html.querySelector('form[action$="/remise"]'), null);
        });
    });
