// A newcomer's whole way without a browser, on both engines: account, enrolment, steps, badge, check, revocation.
// tests/browser/journey.test.mjs walks it on the pages.
// run: seconds=240, pgsql
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { bakedText, chunksOf, pngOf, rebake } from '../lib/badge.mjs';
import { fileOf, newVisitor } from '../lib/http.mjs';
import { mails, waitForMail } from '../lib/mail.mjs';
import { longPassword, newcomer } from '../lib/people.mjs';
import { demoAccounts, edulab, startServer, stopPostgres, temporaryFolder } from '../lib/server.mjs';

after(stopPostgres);
const modules = ['steamagine1-a1-qu-est-ce-qu-une-demarche-steam', 'steamagine1-a2-vivre-deux-defis-steam-comme-un-eleve'];

// Finishes every open step of a module through its pages; returns how many there were.
async function finish(person, module) {
    for (let n = 0; ; n++) {
        const room = await person.get(`/mon-espace/modules/${module}`);
        assert.equal(room.status, 200);
        if (!room.html.querySelector('form[action*="/mon-espace/activites/"]')) return n;
        assert.equal((await person.submit(room, 'form[action*="/mon-espace/activites/"]')).status, 303);
    }
}

// What events bring arrives a moment later: within five seconds.
async function until(look, what) {
    for (let i = 0; i < 50; i++) {
        const found = await look();
        if (found) return found;
        await sleep(100);
    }
    throw new Error(`not within five seconds: ${what}`);
}

const badgeOf = (person) => until(async () => (await person.get('/mon-espace')).html.querySelector('a[href^="/badges/attestation/"]')?.getAttribute('href'), 'a badge');

const check = async (visitor, file, fields = {}) => visitor.submit(await visitor.get('/badges/verifier'), 'form[action="/badges/verifier"]',
    { ...fields, fichier: file && fileOf(file, 'badge.png', 'image/png') });
const verdict = (answer) => `${answer.html.querySelector('.verdict')?.getAttribute('class')}: ${answer.words('.verdict')}`;

for (const engine of ['sqlite', 'pgsql']) {
    test(`from nobody to a badge that is checked, and revoked (${engine})`, async () => {
        const server = await startServer({ engine });
        try {
            const visitor = newVisitor(server);
            const email = 'parcours@example.org';
            const person = await newcomer(server, { name: 'Noé Parcours', email, password: longPassword('parcours'), suite: '/formations/steamagine1' });
            const programme = await person.get('/formations/steamagine1');
            assert.equal((await person.submit(programme, 'form[action$="/inscription"]')).location, '/mon-espace?fait=inscrit');
            assert.match((await person.get('/mon-espace')).words('.next-step'), /La démarche, et un premier défi/);
            assert.equal(await finish(person, modules[0]), 2);
            await until(async () => /1 sur 2/.test((await person.get('/mon-espace')).words('main')), 'one module of the two that the badge needs');
            assert.equal(await finish(person, modules[1]), 1);

            const path = await badgeOf(person);
            const id = path.split('/').at(-1);
            const letter = await waitForMail(server.data, email, /badge/i, 5);
            assert.ok(letter.text.toLowerCase().includes(path.toLowerCase()));
            const page = await visitor.get(path);
            assert.equal(page.status, 200);
            assert.ok(!page.text.includes('Noé'), 'nobody sees the name before its holder says so');
            assert.match(page.html.querySelector('.verdict').getAttribute('class'), /\bok\b/);
            assert.equal((await person.submit(await person.get(path), 'form[action$="/nom"]')).status, 303);
            assert.ok((await visitor.get(path)).text.includes('Noé Parcours'));
            assert.equal((await visitor.post(`${path}/nom`, { montrer: '0', _csrf: 'x' })).status, 403);

            // What stands in the picture is what the addresses publish, and they lead to each other.
            const picture = await visitor.get(`${path}/badge.png`);
            assert.equal(picture.type, 'image/png');
            assert.match(picture.headers.get('content-disposition'), /attachment.*steam-decouverte\.png/);
            const published = await visitor.get(`/api/v1/badges/assertions/${id}`);
            assert.equal(published.status, 200);
            assert.equal(bakedText(picture.bytes), published.text);
            const assertion = published.json();
            assert.equal(assertion.id.toLowerCase(), `${server.url}/api/v1/badges/assertions/${id}`.toLowerCase());
            assert.equal(assertion['@context'], 'https://w3id.org/openbadges/v2');
            assert.ok(!published.text.includes(email), 'the address stands there only as a hash');
            assert.ok(Math.abs(Date.parse(assertion.issuedOn) - Date.now()) < 120_000);
            const badge = (await visitor.get(assertion.badge)).json();
            assert.equal(badge.id, assertion.badge);
            assert.equal(badge.type, 'BadgeClass');
            assert.deepEqual(badge.alignment.map((each) => each.targetCode), [...badge.alignment.map((each) => each.targetCode)].sort());
            const issuer = (await visitor.get(badge.issuer)).json();
            assert.equal(issuer.id, badge.issuer);
            assert.equal((await visitor.get(issuer.revocationList)).json().revokedAssertions.length, 0);
            for (const address of [badge.image, badge.criteria.id, assertion.image]) assert.equal((await visitor.get(address)).status, 200, address);
            for (const address of [assertion.id, assertion.badge, badge.issuer]) assert.equal((await visitor.get(address)).headers.get('access-control-allow-origin'), '*');

            // True, not true, somebody else's.
            assert.match(verdict(await check(visitor, picture.bytes)), /\bok\b.*authentique/);
            assert.match(verdict(await check(visitor, picture.bytes, { email: 'Parcours@Example.org' })), /\bok\b/);
            assert.match(verdict(await check(visitor, picture.bytes, { email: 'autre@example.org' })), /\bbad\b/);
            assert.match(verdict(await check(visitor, undefined, { adresse: assertion.id })), /\bok\b/);
            const lies = {
                'another date': rebake(picture.bytes, (text) => text.replace(/"issuedOn":"\d{4}/, '"issuedOn":"2019')),
                'another badge': rebake(picture.bytes, (text) => text.replace(/steam-decouverte"/, 'ia-referent"')),
                'another address of the holder': rebake(picture.bytes, (text) => text.replace(/sha256\$[0-9a-f]{4}/, 'sha256$0000')),
                'an assertion that was never made': rebake(picture.bytes, (text) => text.replaceAll(assertion.id.split('/').at(-1), '0000000000000')),
                'a flipped bit': (() => { const copy = Buffer.from(picture.bytes); copy[copy.length >> 1] ^= 1; return copy; })(),
                'a cut file': picture.bytes.subarray(0, picture.bytes.length - 30),
                'two badges': pngOf(chunksOf(picture.bytes).flatMap((chunk) => (chunk.type === 'iTXt' ? [chunk, chunk] : [chunk]))),
                'no badge': (await visitor.get(badge.image)).bytes,
                'no picture': Buffer.from('bonjour'),
            };
            const folder = temporaryFolder('badges');
            const command = (file, ...more) => edulab(['badge', 'verify', file, ...more, '--data', server.data], { database: server.database });
            for (const [name, file] of Object.entries(lies)) {
                const answer = await check(visitor, file);
                assert.equal(answer.status, 200, name);
                assert.match(verdict(answer), /\bbad\b/, name);
                const path = join(folder, `${name}.png`);
                writeFileSync(path, file);
                const { status, stdout } = await command(path);
                assert.equal(status, 1, `${name}: ${stdout}`);
            }
            const file = join(folder, 'badge.png');
            writeFileSync(file, picture.bytes);
            const good = await command(file, '--email', email);
            assert.equal(good.status, 0, good.stdout + good.stderr);
            assert.match(good.stdout, /genuine/);

            // Withdrawn, with a reason.
            const [learner, staff] = [newVisitor(server), newVisitor(server)];
            for (const [someone, role] of [[learner, 'learner'], [staff, 'staff']]) await someone.signIn((await demoAccounts()).find((account) => account.role === role));
            assert.equal((await learner.get(path)).html.querySelector('form[action$="/retrait"]'), null);
            const reason = 'Remis par erreur pendant un essai';
            const token = (await learner.get(path)).html.querySelector('meta[name=csrf]').getAttribute('content');
            assert.equal((await learner.post(`${path}/retrait`, { motif: reason, _csrf: token })).status, 403);
            const form = await staff.get(path);
            assert.equal((await staff.submit(form, 'form[action$="/retrait"]', { motif: '' })).status, 422, 'not without a reason');
            assert.equal((await staff.submit(form, 'form[action$="/retrait"]', { motif: reason })).status, 303);
            assert.equal((await staff.submit(form, 'form[action$="/retrait"]', { motif: 'encore une fois' })).status, 409);
            const gone = await visitor.get(`/api/v1/badges/assertions/${id}`);
            assert.equal(gone.status, 410);
            assert.equal(gone.json().revoked, true);
            assert.equal(gone.json().revocationReason, reason);
            assert.equal(gone.json().id, assertion.id);
            assert.deepEqual((await visitor.get(issuer.revocationList)).json().revokedAssertions.map((each) => each.id), [assertion.id]);
            assert.equal((await visitor.get(`${path}/badge.png`)).status, 410);
            const after = await visitor.get(path);
            assert.equal(after.status, 200);
            assert.match(after.words('main'), /Révoqué|Retiré/i);
            assert.ok(after.text.includes(reason));
            for (const answer of [await check(visitor, picture.bytes), await check(visitor, undefined, { adresse: assertion.id })]) {
                assert.match(verdict(answer), /\bbad\b/);
                assert.ok(verdict(answer).includes(reason));
            }
            const bad = await command(file);
            assert.equal(bad.status, 1);
            assert.match(bad.stdout, /revoked/);
            assert.ok(bad.stdout.includes(reason));
            assert.match((await person.get('/mon-espace')).words('main'), /Révoqué|Retiré/i);
            assert.equal(mails(server.data).filter((mail) => mail.to.includes(email) && /Votre badge/.test(mail.subject)).length, 1);
        } finally { await server.stop(); }
    });
}
