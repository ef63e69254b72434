// Passkeys with an authenticator in software, ES256, EdDSA and RS256: adding, signing in, the second step, and everything that must be
// refused, each for its own reason (the log says which; people are told the same every time). On both engines.
// run: seconds=400, pgsql
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { flags, newAuthenticator, newKey } from '../lib/authenticator.mjs';
import { makeToken, newProgram } from '../lib/api.mjs';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, newVisitor } from '../lib/http.mjs';
import { linkIn, waitForMail } from '../lib/mail.mjs';
import { addSecondStep, longPassword, newcomer } from '../lib/people.mjs';
import { edulab, freePort, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);
const path = '/compte/securite/cles';
const form = (action) => `form[action="${action}"]`;
const signedIn = async (visitor) => (await visitor.get('/mon-espace')).status === 200;
// Why an answer was a refusal, from its line in the log, which is written behind the answer.
async function whyOf(server, answer) {
    const id = answer.headers.get('x-request-id');
    for (let i = 0; i < 200; i++) {
        const line = server.log.split('\n').find((each) => each.includes(id));
        if (line) return /passkey: ([\w -]+)/.exec(line)?.[1].trim();
        await new Promise((go) => setTimeout(go, 10));
    }
    return 'no line in the log';
}

for (const engine of ['sqlite', 'pgsql']) {
    describe(engine, () => {
        let server;
        let origin;
        let count = 0;
        const check = (name, run) => test(`${name} (${engine})`, run);
        before(async () => {
            const port = await freePort();
            origin = `http://localhost:${port}`;
            server = await startServer({ engine, demo: false, port, settings: { public_url: origin } });
        });
        after(() => server?.stop());

        async function person(word) {
            const account = { name: 'Ada', email: `${word}${count++}@example.org`, password: longPassword(word) };
            return { ...account, visitor: await newcomer(server, account) };
        }
        async function ask(visitor, where, fields = {}) {
            const page = await visitor.get('/confidentialite');
            const answer = await visitor.post(`${where}/defi`, { ...fields, _csrf: csrfOf(page) });
            return { status: answer.status, options: answer.type === 'application/json' ? answer.json() : undefined, answer };
        }
        const send = async (visitor, where, fields) => visitor.post(where, { ...fields, _csrf: csrfOf(await visitor.get('/confidentialite')) });
        // An account with a passkey on `device`.
        async function withKey(word, settings = {}) {
            const me = await person(word);
            me.device = newAuthenticator({ origin, ...settings });
            const { options } = await ask(me.visitor, path, { actuel: me.password });
            const done = await send(me.visitor, path, { ...me.device.make(options), nom: `Clé de ${word}` });
            assert.equal(done.location, `${path}?fait=cle-ajoutee`, await whyOf(server, done));
            return me;
        }
        async function enter(device, wrong, visitor = newVisitor(server), suite = '') {
            const { options } = await ask(visitor, '/connexion/cle');
            const fields = device.answer(options, wrong);
            return { visitor, options, fields, answer: await send(visitor, '/connexion/cle', { ...fields, suite }) };
        }
        async function refused(device, wrong, why) {
            const { visitor, answer } = await enter(device, wrong);
            assert.equal(answer.location, '/connexion?fait=cle-refusee', why);
            assert.equal(await whyOf(server, answer), why);
            assert.ok(!await signedIn(visitor));
        }

        // Sends it and says why it was refused.
        async function sentInVain(visitor, where, fields, notice = /cle-refusee/) {
            const answer = await send(visitor, where, fields);
            assert.match(answer.location, notice);
            return whyOf(server, answer);
        }
        for (const algorithm of ['ES256', 'EdDSA', 'RS256']) {
            check(`${algorithm}: added with the password, told by mail and to the journal; it signs in with both proofs and goes where one wanted to`, async () => {
                const me = await withKey('ada', { algorithm, counts: true });
                assert.match((await waitForMail(server.data, me.email, /compte\/securite\/cles/)).text, /Clé de ada/);
                assert.match(sql(server, "SELECT after FROM audit WHERE act = 'passkey.added' ORDER BY id DESC LIMIT 1"), /^$/, 'no name, which would outlive the account');
                const page = await me.visitor.get(path);
                assert.match(page.words('.locks'), /Clé de ada.*sur un seul appareil.*Jamais utilisée/);
                const { visitor, answer } = await enter(me.device, {}, undefined, '/compte?x=1');
                assert.equal(answer.location, '/compte?x=1&fait=connecte', await whyOf(server, answer));
                assert.ok(await signedIn(visitor));
                assert.match((await visitor.get('/compte/securite')).words('main'), /Avec une clé d’accès/);
                assert.match((await visitor.get(path)).words('.locks'), /Dernière utilisation/);
                assert.equal(sql(server, `SELECT strong FROM session WHERE way = 'passkey' ORDER BY id DESC LIMIT 1`).trim(), '1');
            });
        }

        check('what is asked of authenticators: recognising the person, no attestation, three algorithms, a random owner', async () => {
            const me = await person('options');
            const { options } = await ask(me.visitor, path, { actuel: me.password });
            assert.deepEqual(options.pubKeyCredParams.map(({ alg }) => alg), [-8, -7, -257]);
            assert.equal(options.attestation, 'none');
            assert.deepEqual(options.rp, { id: 'localhost', name: 'eduLAB' });
            assert.deepEqual(options.authenticatorSelection, { residentKey: 'required', requireResidentKey: true, userVerification: 'required' });
            assert.equal(Buffer.from(options.user.id, 'base64url').length, 32);
            assert.equal(Buffer.from(options.challenge, 'base64url').length, 32);
            const again = await ask(me.visitor, path, { actuel: me.password });
            assert.equal(again.options.user.id, options.user.id, 'one owner for all keys of a person');
            assert.notEqual(again.options.challenge, options.challenge);
            const open = await ask(newVisitor(server), '/connexion/cle');
            assert.deepEqual(open.options.allowCredentials, []);
            assert.equal(open.options.userVerification, 'required');
            assert.ok(!JSON.stringify(open.options).includes(me.email));
        });

        check('a session with one proof needs the password for a new key; guesses come slower; one by link without password does not', async () => {
            const me = await person('mdp');
            const wrong = await ask(me.visitor, path, { actuel: 'pas-le-bon-mot' });
            assert.equal(wrong.status, 422);
            assert.match(wrong.options.error, /mot de passe/);
            assert.equal((await ask(me.visitor, path)).status, 422);
            const { visitor } = await withKey('fort');
            assert.equal((await ask(visitor, path)).status, 200, 'this session has seen a passkey');
            const old = await person('sans');
            sql(server, `UPDATE person SET password = NULL WHERE email = '${old.email}'`);
            assert.equal((await ask(old.visitor, path)).status, 200);
        });

        check('a challenge counts once, in its own browser, for its own act, for five minutes', async () => {
            const me = await withKey('defi');
            const first = await enter(me.device);
            assert.match(first.answer.location, /connecte/);
            const again = await send(first.visitor, '/connexion/cle', first.fields);
            assert.match(again.location, /cle-refusee/);
            assert.equal(await whyOf(server, again), 'challenge unknown or used');
            // the same when the first answer was wrong: a challenge is not there for trying
            const bad = await enter(me.device, { origin: 'https://evil.example', challenge: undefined });
            assert.match(bad.answer.location, /cle-refusee/);
            const tried = await enter(me.device, { signature: (s) => { s[s.length - 1] ^= 1; return s; } });
            const right = me.device.answer(tried.options);
            assert.equal(await sentInVain(tried.visitor, '/connexion/cle', right), 'challenge unknown or used');
            const { options } = await ask(newVisitor(server), '/connexion/cle');
            const thief = newVisitor(server);
            await ask(thief, '/connexion/cle');
            assert.equal(await sentInVain(thief, '/connexion/cle', me.device.answer(options)), 'challenge of a browser');
            const late = newVisitor(server);
            const old = await ask(late, '/connexion/cle');
            sql(server, 'UPDATE passkey_challenge SET expires_at = expires_at - 300000');
            assert.equal(await sentInVain(late, '/connexion/cle', me.device.answer(old.options)), 'challenge too old');
            const other = await ask(me.visitor, path);
            assert.equal(await sentInVain(me.visitor, '/connexion/cle', me.device.answer(other.options)), 'challenge for another act');
            assert.ok(!sql(server, 'SELECT * FROM passkey_challenge').includes(options.challenge), 'stored as its hash');
            assert.equal(sql(server, `SELECT count(*) FROM passkey_challenge WHERE expires_at < ${Date.now() - 1000}`).trim(), '0', 'what is over is cleared away');
        });

        check('of two that send the same answer at once one comes in', async () => {
            const me = await withKey('course');
            const visitor = newVisitor(server);
            const { options } = await ask(visitor, '/connexion/cle');
            const fields = me.device.answer(options);
            const token = csrfOf(await visitor.get('/connexion'));
            const answers = await Promise.all([1, 2].map(() => visitor.post('/connexion/cle', { ...fields, _csrf: token })));
            assert.deepEqual(answers.map(({ location }) => /connecte/.test(location)).sort(), [false, true]);
        });

        check('wrong site, act, flags, signature, key or owner: refused, and always told the same', async () => {
            for (const algorithm of ['ES256', 'EdDSA', 'RS256']) {
                const me = await withKey('faux', { algorithm });
                const other = await withKey('autre', { algorithm });
                const flip = (at) => (bytes) => { bytes[at < 0 ? bytes.length + at : at] ^= 1; return bytes; };
                await refused(me.device, { origin: 'https://evil.example' }, 'client data of another origin');
                await refused(me.device, { origin: `${origin}.evil.example` }, 'client data of another origin');
                await refused(me.device, { crossOrigin: true }, 'client data of a frame');
                await refused(me.device, { rpId: 'evil.example' }, 'authenticator data of another site');
                await refused(me.device, { type: 'webauthn.create' }, 'client data of another act');
                await refused(me.device, { flags: flags.verified }, 'nobody was there');
                await refused(me.device, { flags: flags.present }, 'the authenticator did not recognise anybody');
                await refused(me.device, { flags: flags.present | flags.verified | flags.synced }, 'flags contradict each other');
                await refused(me.device, { signature: flip(-1) }, 'the signature does not fit');
                await refused(me.device, { signature: (s) => s.subarray(0, s.length - 1) }, 'the signature does not fit');
                await refused(me.device, { signature: () => Buffer.alloc(300) }, 'the signature does not fit');
                await refused(me.device, { key: newKey(algorithm) }, 'the signature does not fit');
                await refused(me.device, { key: newKey(algorithm === 'ES256' ? 'EdDSA' : 'ES256') }, 'the signature does not fit');
                await refused(me.device, { sentData: flip(36) }, 'the signature does not fit');
                await refused(me.device, { data: (d) => Buffer.concat([d, Buffer.from([0xa0])]), flags: flags.present | flags.verified | 0x80 }, 'authenticator data cut or too long');
                await refused(me.device, { data: (d) => d.subarray(0, 36) }, 'authenticator data cut or too long');
                await refused(me.device, { credential: Buffer.alloc(32, 7) }, 'key unknown');
                await refused(me.device, { handle: other.device.handle }, 'key of another owner');
                await refused(me.device, { handle: '' }, 'key of another owner');
                await refused(me.device, { credential: other.device.credential, handle: other.device.handle }, 'the signature does not fit');
                await refused(me.device, { client: 'null' }, 'client data is no JSON object');
                await refused(me.device, { client: '{"type":"webauthn.get","type":"webauthn.get"}' }, 'client data is no JSON object');
                await refused(me.device, { client: `{"type":"webauthn.get","origin":"${origin}"}` }, 'client data without a challenge');
                assert.match((await enter(me.device)).answer.location, /connecte/, 'and rightly it still opens');
            }
            const empty = newVisitor(server);
            assert.equal((await send(empty, '/connexion/cle', {})).location, '/connexion?fait=cle-refusee');
            assert.equal((await send(empty, '/connexion/cle', { client: '*', cle: 'a' })).location, '/connexion?fait=cle-refusee');
        });

        check('a counter that stands still or falls is refused; one that never counts is not', async () => {
            const me = await withKey('compteur', { counts: true });
            assert.match((await enter(me.device)).answer.location, /connecte/);
            await refused(me.device, { count: me.device.count }, 'counter too low');
            await refused(me.device, { count: 0 }, 'counter too low');
            assert.match((await enter(me.device, { count: 4_000_000_000 })).answer.location, /connecte/);
            const still = await withKey('zero');
            for (let i = 0; i < 2; i++) assert.match((await enter(still.device)).answer.location, /connecte/);
        });

        check('a key of an account that is closed or was never confirmed opens nothing', async () => {
            const me = await withKey('ferme');
            sql(server, `UPDATE person SET closed_at = 1 WHERE email = '${me.email}'`);
            await refused(me.device, {}, 'key unknown');
            sql(server, `UPDATE person SET closed_at = NULL, confirmed_at = NULL WHERE email = '${me.email}'`);
            await refused(me.device, {}, 'key unknown');
        });

        check('keys that cannot be kept: cut anywhere, of other kinds, beside the curve, without recognising, twice', async () => {
            const me = await person('mauvaise');
            await ask(me.visitor, path, { actuel: me.password });
            const add = async (wrong, why, device = newAuthenticator({ origin })) => {
                const { options, answer } = await ask(me.visitor, path, { actuel: me.password });
                assert.ok(options, answer.text);
                const done = await send(me.visitor, path, { ...device.make(options, wrong), nom: 'Clé' });
                assert.equal(done.location, `${path}?fait=${why ? 'cle-non' : 'cle-ajoutee'}`, `${why} ${JSON.stringify(wrong)}`);
                if (why) assert.equal(await whyOf(server, done), why);
                return device;
            };
            const es = newKey('ES256').cose;
            const ed = newKey('EdDSA').cose;
            for (let n = 9; n < 132; n += n < 54 ? 9 : 6)
                await add({ data: (d) => d.subarray(0, n) }, n < 37 ? 'authenticator data cut or too long' : 'the key cannot be read');
            for (let n = 87; n < 129; n += 5) await add({ cose: ed, data: (d) => d.subarray(0, n) }, 'the key cannot be read');
            await add({ noKey: true }, 'no key in the authenticator data');
            await add({ flags: flags.present }, 'the authenticator did not recognise anybody');
            await add({ flags: flags.verified }, 'nobody was there');
            await add({ rpId: 'evil.example' }, 'authenticator data of another site');
            await add({ origin: 'https://evil.example' }, 'client data of another origin');
            await add({ type: 'webauthn.get' }, 'client data of another act');
            await add({ idLength: 2000 }, 'the key cannot be read');
            await add({ idLength: 0, credential: Buffer.alloc(0) }, 'the key cannot be read');
            const rs = newKey('RS256').cose; // 11 bytes, the modulus, 5 bytes
            const altered = (at, change) => Buffer.from(rs.map((byte, i) => (i === at ? change(byte) : byte)));
            for (const cose of [newKey('RS256', 1024).cose, newKey('RS256', 3072).cose, rs.subarray(0, 271), altered(11, (b) => b & 0x7f), altered(266, (b) => b & 0xfe), altered(271, () => 3), altered(4, () => 0x38)])
                await add({ cose }, 'the key cannot be read');
            await add({ cose: Buffer.from(es.map((byte, i) => (i === 30 ? byte ^ 1 : byte))) }, 'the key cannot be read');
            await add({ cose: Buffer.concat([Buffer.from([0xa5, 1, 2, 3, 0x27]), es.subarray(5)]) }, 'the key cannot be read'); // says EdDSA, is P-256
            await add({ cose: Buffer.concat([es, Buffer.from([0])]) }, 'the key cannot be read');
            await add({ cose: Buffer.concat([Buffer.from([0xbf]), es.subarray(1), Buffer.from([0xff])]) }, 'the key cannot be read'); // not canonical
            await add({ cose: Buffer.concat([ed.subarray(0, 10), Buffer.from([1]), Buffer.alloc(31)]) }, 'the key cannot be read'); // a point of small order
            await add({ cose: Buffer.alloc(77, 0x9f) }, 'the key cannot be read');
            // what an authenticator adds unasked is let through
            await add({ flags: flags.present | flags.verified | 0x80, cose: Buffer.concat([es, Buffer.from([0xa1, 0x6b]), Buffer.from('credProtect'), Buffer.from([2])]) });
            const kept = await add({});
            await add({}, 'key known already', kept);
            const twin = await person('jumelle');
            const { options } = await ask(twin.visitor, path, { actuel: twin.password });
            assert.match((await send(twin.visitor, path, { ...newAuthenticator({ origin }).make(options, { credential: kept.credential }), nom: 'Clé' })).location, /cle-non/, "another's credential cannot be taken over");
            assert.deepEqual((await ask(twin.visitor, path, { actuel: twin.password })).options.excludeCredentials, []);
            const other = await ask(me.visitor, path);
            assert.equal(other.options.excludeCredentials.at(-1).id, kept.credential.toString('base64url'));
            assert.equal(await sentInVain(twin.visitor, path, { ...newAuthenticator({ origin }).make(other.options), nom: 'Clé' }, /cle-non/), 'challenge of a browser');
        });

        check('a key has a name that can be changed, and is removed with a letter and a row; nobody reaches those of others', async () => {
            const me = await withKey('nom', { synced: true });
            const thief = await person('voleur');
            const page = await me.visitor.get(path);
            assert.match(page.words('.locks'), /sur plusieurs appareils/);
            const action = page.html.querySelector(`form[action^="${path}/"]`).getAttribute('action');
            assert.equal((await send(thief.visitor, action, { nom: 'À moi' })).status, 404);
            assert.equal((await send(thief.visitor, `${action}/retirer`, {})).status, 404);
            assert.equal((await send(me.visitor, action, { nom: '' })).status, 422);
            assert.equal((await send(me.visitor, action, { nom: '<b>Bleue</b>' })).location, `${path}?fait=cle-renommee`);
            assert.match((await me.visitor.get(path)).words('.locks'), /<b>Bleue<\/b>/);
            assert.match((await me.visitor.get('/compte/securite')).words('main'), /1 clé d’accès/);
            assert.equal((await send(me.visitor, `${action}/retirer`, {})).location, `${path}?fait=cle-retiree`);
            await waitForMail(server.data, me.email, /n’ouvre plus|no longer opens/);
            assert.equal(sql(server, "SELECT before IS NULL AND after IS NULL FROM audit WHERE act = 'passkey.removed' ORDER BY id DESC LIMIT 1").replace('t', '1'), '1', 'no name, which would outlive the account');
            await refused(me.device, {}, 'key unknown');
            assert.equal((await send(me.visitor, `${action}/retirer`, {})).status, 404);
        });

        check('as the second step after a password: only one’s own, and the authenticator need not recognise one again', async () => {
            const me = await withKey('deux');
            const other = await withKey('tiers');
            await addSecondStep(me.visitor);
            const half = async () => {
                const visitor = newVisitor(server);
                const answer = await visitor.submit(await visitor.get('/connexion?suite=%2Fcompte'), form('/connexion'), { email: me.email, password: me.password });
                assert.equal(answer.location, '/connexion/code?suite=%2Fcompte');
                return visitor;
            };
            const step = '/connexion/code/cle';
            const visitor = await half();
            assert.ok((await visitor.get('/connexion/code')).html.querySelector(form(step)));
            const { options } = await ask(visitor, step);
            assert.deepEqual(options.allowCredentials.map(({ id }) => id), [me.device.credential.toString('base64url')]);
            assert.equal(await sentInVain(visitor, step, { ...other.device.answer(options), suite: '/compte' }, /^\/connexion\/code\?suite=%2Fcompte&fait=cle-refusee$/), 'key of another person');
            assert.ok(!await signedIn(visitor));
            const again = (await ask(visitor, step)).options;
            assert.equal((await send(visitor, step, { ...me.device.answer(again, { flags: flags.present, handle: '' }), suite: '/compte' })).location, '/compte?fait=connecte');
            assert.ok(await signedIn(visitor));
            // a challenge of somebody else's half is none
            const mine = await half();
            const stolen = (await ask(mine, step)).options;
            assert.match((await send(await half(), step, me.device.answer(stolen))).location, /cle-refusee/);
            assert.equal((await ask(newVisitor(server), step)).status, 410);
            assert.match((await send(newVisitor(server), step, {})).location, /code-ancien/);
            assert.match((await enter(me.device)).answer.location, /mon-espace/, 'alone it is both steps: no code besides');
        });

        check('a role that asks for a second step counts with a passkey; who came by password may show it afterwards', async () => {
            const me = await withKey('role');
            const id = sql(server, `SELECT id FROM person WHERE email = '${me.email}'`).trim();
            sql(server, `INSERT INTO person_role (person_id, role, scope_kind, scope_id, starts_at, granted_at) VALUES (${id}, 'staff', '', 0, 0, 0)`);
            sql(server, "INSERT INTO second_factor_rule (role, from_at, set_by, set_at) VALUES ('staff', 5, 0, 0)");
            try {
                const strong = await enter(me.device);
                assert.match(strong.answer.location, /^\/mon-espace/, 'not led to set anything up');
                const staff = await strong.visitor.get('/gestion/securite');
                assert.equal(staff.status, 200);
                assert.match(staff.words('main'), /1 personne, 1 avec/);
                assert.equal((await me.visitor.get('/gestion/securite')).status, 200, 'adding the key was a second proof');
                const visitor = newVisitor(server);
                const answer = await visitor.signIn(me);
                assert.match(answer.location, /^\/compte\/securite\/exigence/);
                assert.equal((await visitor.get('/gestion/securite')).status, 403);
                assert.ok((await visitor.get(answer.location)).html.querySelector(form('/connexion/code/cle')));
                const { options } = await ask(visitor, '/connexion/code/cle');
                assert.equal((await send(visitor, '/connexion/code/cle', { ...me.device.answer(options), suite: '/gestion/securite' })).location, '/gestion/securite?fait=connecte');
                assert.equal((await visitor.get('/gestion/securite')).status, 200);
            } finally { sql(server, 'DELETE FROM second_factor_rule'); }
        });

        check('who takes a change of address back ends what was let in since it was asked for (keys, tokens, institutions), and keeps the rest', async () => {
            const me = await withKey('avant');
            const move = '/compte/securite/adresse';
            const mine = newProgram(server, await makeToken(me.visitor, { name: 'À moi' }));
            await me.visitor.submit(await me.visitor.get(move), form(move), { email: `nouvelle-${me.email}`, actuel: me.password });
            const thief = newAuthenticator({ origin });
            const { options } = await ask(me.visitor, path);
            assert.match((await send(me.visitor, path, { ...thief.make(options), nom: 'Clé de trop' })).location, /cle-ajoutee/);
            const confirm = linkIn(await waitForMail(server.data, `nouvelle-${me.email}`), '/adresse/confirmer');
            await me.visitor.submit(await me.visitor.get(confirm), form('/adresse/confirmer'));
            assert.match((await enter(thief)).answer.location, /connecte/);
            const theirs = newProgram(server, await makeToken(me.visitor, { name: 'De trop' }));
            const id = sql(server, `SELECT id FROM person WHERE email = 'nouvelle-${me.email}'`);
            sql(server, `INSERT INTO identity_provider (id, kind, name, issuer, client_id, scopes, domains, inside, state, document, keys, problem, created_by, created_at)
                VALUES (5, 'oidc', 'U', 'https://u.example', 'c', '', '', 0, 'on', '{}', '{}', '', 1, 1);
                INSERT INTO identity VALUES (6, 5, 'avant', ${id}, 'avant', 1, 1), (7, 5, 'voleur', ${id}, 'voleur', ${Date.now()}, 1);
                INSERT INTO identity_affiliation VALUES (7, 'X', 'member')`);
            assert.equal((await theirs.get('/api/v1/inscriptions')).status, 200);
            const undo = linkIn(await waitForMail(server.data, me.email, /annule le changement|takes the change back/), '/adresse/annuler');
            const owner = newVisitor(server);
            assert.match((await owner.submit(await owner.get(undo), form('/adresse/annuler'))).location, /adresse-annulee/);
            await refused(thief, {}, 'key unknown');
            assert.match((await enter(me.device)).answer.location, /connecte/);
            assert.deepEqual([(await mine.get('/api/v1/inscriptions')).status, (await theirs.get('/api/v1/inscriptions')).status], [200, 401]);
            assert.equal(sql(server, `SELECT subject FROM identity WHERE person_id = ${id}`), 'avant');
            assert.equal(sql(server, 'SELECT count(*) FROM identity_affiliation'), '0');
        });

        check('the command for who lost everything ends the keys as well', async () => {
            const me = await withKey('perdu');
            const run = await edulab(['user', 'reset-second-step', me.email, '--data', server.data], { database: server.database });
            assert.equal(run.status, 0, run.stderr);
            await refused(me.device, {}, 'key unknown');
        });

        check('the data of a person holds their keys, by name and without their bytes', async () => {
            const me = await withKey('donnees');
            const page = await me.visitor.get('/compte/donnees');
            assert.match(page.text, /Clé de donnees/);
            assert.ok(!page.text.includes(me.device.credential.toString('base64url')));
        });
    });
}

test('at an address of numbers, or without https, nothing about passkeys is offered', async () => {
    for (const settings of [{}, { public_url: 'http://edulab.example' }]) {
        const server = await startServer({ demo: false, settings });
        try {
            const visitor = newVisitor(server);
            const page = await visitor.get('/connexion');
            assert.ok(!page.html.querySelector('[data-passkey]'));
            assert.equal((await visitor.post('/connexion/cle/defi', { _csrf: csrfOf(page) })).status, 404);
        } finally { await server.stop(); }
    }
});
