// Partners' programs: staff admit them, they get tokens with OAuth 2.0 client credentials, and everything an attacker would
// try with a secret or a token that is wrong, old, too wide or somebody else's. On both engines.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { admitPartner, askForToken, makeToken, newProgram, partnerProgram } from '../lib/api.mjs';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, newVisitor } from '../lib/http.mjs';
import { demoAccounts, filesBelow, startServer, stopPostgres } from '../lib/server.mjs';

const accounts = Object.fromEntries((await demoAccounts()).map((account) => [account.role, account]));
const readRow = '/api/v1/formations';
const writeRow = '/api/v1/activites/0000000000000/terminer'; // MEMBER, POST: no partner's program is let in
after(stopPostgres);

for (const engine of ['sqlite', 'pgsql']) {
    describe(engine, () => {
        let server;
        let staff;
        const check = (name, run) => test(`${name} (${engine})`, async () => {
            if (!server) {
                server = await startServer({ engine, settings: { log_level: 'debug' } });
                staff = newVisitor(server);
                await staff.signIn(accounts.staff);
            }
            await run();
        });
        after(() => server?.stop());
        const granted = async (partner, fields, options) => {
            const answer = await askForToken(server, partner, fields, options);
            assert.equal(answer.status, 200, answer.text);
            assert.match(answer.headers.get('cache-control'), /no-store/);
            return answer.json();
        };
        const refused = async (partner, fields, options, [status, error]) => {
            const answer = await askForToken(server, partner, fields, options);
            assert.equal(answer.status, status, answer.text);
            assert.equal(answer.type, 'application/json');
            assert.equal(answer.json().error, error);
            assert.ok(answer.json().error_description);
            assert.equal(answer.json().access_token, undefined);
            return answer;
        };

        check('a program is admitted, its secret shown once and stored as a hash, and its token opens the API', async () => {
            const partner = await admitPartner(staff, { name: 'Annuaire SeGEC', organisation: 'SeGEC' });
            assert.match(partner.secret, /^eds_[\w-]{43}$/);
            for (const basic of [true, false]) {
                const token = await granted(partner, {}, { basic });
                assert.match(token.access_token, /^eda_[\w-]{43}$/);
                assert.equal(token.token_type, 'Bearer');
                assert.equal(token.expires_in, 3600);
                assert.equal(token.scope, 'read');
                assert.equal((await newProgram(server, token.access_token).get(readRow)).status, 200);
                assert.equal((await newProgram(server, token.access_token).get(readRow)).status, 200, 'as often as it likes until it ends');
            }
            const list = await staff.get('/gestion/partenaires');
            assert.match(list.words('main table'), /Annuaire SeGEC/);
            const page = await staff.get(`/gestion/partenaires/${partner.id}`);
            assert.match(page.words('main'), /2 jetons sont en vigueur/);
            const token = (await granted(partner)).access_token;
            await server.stop({ keep: true });
            for (const secret of [partner.secret, token]) {
                for (const file of filesBelow(server.data)) assert.ok(!readFileSync(file).includes(secret), `${file} holds a secret`);
                assert.ok(!server.log.includes(secret), 'nor does the log');
            }
            Object.assign(server, await server.restart());
        });

        check('wrong, missing, doubled and foreign secrets get nothing', async () => {
            const partner = await admitPartner(staff, { name: 'A' });
            const other = await admitPartner(staff, { name: 'B' });
            const asked = await refused({ ...partner, secret: 'eds_' + 'A'.repeat(43) }, {}, {}, [401, 'invalid_client']);
            assert.match(asked.headers.get('www-authenticate'), /^Basic/);
            for (const wrong of [{ ...partner, secret: other.secret }, { ...partner, secret: '' }, { ...partner, secret: `${partner.secret}x` }, { client: 'zzzzzzzzzzzzz', secret: partner.secret }, { client: '', secret: '' }, { client: "' OR 1=1 --", secret: 'x' }])
                for (const basic of [true, false]) await refused(wrong, {}, { basic }, [401, 'invalid_client']);
            await refused({}, {}, { basic: false }, [401, 'invalid_client']);
            await refused(partner, { client_secret: partner.secret }, {}, [400, 'invalid_request']);
            await refused(partner, { client_id: other.client }, {}, [400, 'invalid_request']);
            assert.equal((await askForToken(server, partner, {}, { headers: { authorization: 'Basic ***' } })).status, 401);
            assert.equal((await askForToken(server, partner, { client_secret: 'x'.repeat(300) }, { basic: false })).status, 422);
        });

        check('only client_credentials, and no wider scope than the program has', async () => {
            const reader = await admitPartner(staff, { name: 'Lecture' });
            const writer = await admitPartner(staff, { name: 'Ecriture', access: 'ecrire' });
            await refused(reader, { grant_type: undefined }, {}, [400, 'invalid_request']);
            for (const grant_type of ['password', 'authorization_code', 'refresh_token', 'CLIENT_CREDENTIALS'])
                await refused(reader, { grant_type }, {}, [400, 'unsupported_grant_type']);
            for (const scope of ['write', 'read write', 'people.read', 'read people.read', 'partner.manage', 'all', '*', 'read\twrite'])
                await refused(reader, { scope }, {}, [400, 'invalid_scope']);
            assert.equal((await granted(writer)).scope, 'read write');
            assert.equal((await granted(writer, { scope: ' read ' })).scope, 'read');
            const narrow = newProgram(server, (await granted(writer, { scope: 'write' })).access_token);
            const answer = await narrow.get(readRow);
            assert.equal(answer.status, 403, 'a token to write alone does not read');
            assert.match(answer.headers.get('www-authenticate'), /insufficient_scope/);
        });

        check('a program acts for nobody: rows of people, pages and other rights stay closed', async () => {
            const program = await partnerProgram(server, await admitPartner(staff, { name: 'Tout', access: 'ecrire' }));
            for (const path of ['/api/v1/uploads']) assert.equal((await program.get(path)).status, 403, path);
            assert.equal((await program.post(writeRow, {})).status, 403);
            for (const path of ['/mon-espace', '/gestion', '/compte/jetons']) assert.equal((await program.get(path)).status, 303, path);
            assert.equal((await program.request('POST', '/gestion/partenaires', { body: new URLSearchParams({ nom: 'x', acces: 'lire' }) })).status, 403);
        });

        check('an expired token, and one of a program withdrawn or with a new secret, opens nothing', async () => {
            const partner = await admitPartner(staff, { name: 'Fin' });
            const late = await partnerProgram(server, partner);
            sql(server, `UPDATE api_token SET expires_at = ${Date.now() - 1} WHERE client_id IN (SELECT id FROM api_client WHERE name = 'Fin')`);
            const answer = await late.get(readRow);
            assert.equal(answer.status, 401);
            assert.match(answer.headers.get('www-authenticate'), /invalid_token/);

            const before = await partnerProgram(server, partner);
            const page = await staff.get(`/gestion/partenaires/${partner.id}`);
            const rotated = await staff.submit(page, 'form[action$="/secret"]');
            const secret = rotated.html.getElementById('jeton').textContent.trim();
            assert.notEqual(secret, partner.secret);
            assert.equal((await before.get(readRow)).status, 401, 'whoever had the old secret has no token left');
            await refused(partner, {}, {}, [401, 'invalid_client']);
            const fresh = await partnerProgram(server, { ...partner, secret });
            assert.equal((await fresh.get(readRow)).status, 200);

            await staff.submit(await staff.get(`/gestion/partenaires/${partner.id}`), 'form[action$="/retirer"]');
            assert.equal((await fresh.get(readRow)).status, 401);
            await refused({ ...partner, secret }, {}, {}, [401, 'invalid_client']);
            const closed = await staff.get(`/gestion/partenaires/${partner.id}`);
            assert.match(closed.words('main'), /Retiré le/);
            const csrf = csrfOf(closed);
            assert.equal((await staff.post(`/gestion/partenaires/${partner.id}`, { _csrf: csrf, nom: 'x', acces: 'lire' })).status, 409);
            assert.equal((await staff.post(`/gestion/partenaires/${partner.id}/secret`, { _csrf: csrf })).status, 409, 'a new secret does not bring it back');
        });

        check('what staff take away is gone from tokens in force', async () => {
            const partner = await admitPartner(staff, { name: 'Moins', access: 'ecrire' });
            const program = await partnerProgram(server, partner, 'read write');
            assert.equal((await program.post(writeRow, {})).status, 403);
            assert.doesNotMatch((await program.post(writeRow, {})).text, /seulement de lire/);
            await staff.submit(await staff.get(`/gestion/partenaires/${partner.id}`), `form[action$="/${partner.id}"]`, { acces: 'lire' });
            assert.match((await program.post(writeRow, {})).json().detail, /seulement de lire/);
        });

        check('a program that asks for tokens again and again keeps the newest only', async () => {
            const partner = await admitPartner(staff, { name: 'Souvent' });
            const first = await partnerProgram(server, partner);
            const blob = (hex) => (server.database ? `'\\x${hex}'::bytea` : `x'${hex}'`);
            const more = Array.from({ length: 49 }, (_, i) => `SELECT id + ${i + 1}, ${blob(randomBytes(32).toString('hex'))}, client_id, name, scopes, created_at, expires_at FROM api_token WHERE client_id = (SELECT id FROM api_client WHERE name = 'Souvent') AND id = (SELECT min(id) FROM api_token WHERE client_id = (SELECT id FROM api_client WHERE name = 'Souvent'))`);
            for (const one of more) sql(server, `INSERT INTO api_token (id, token_hash, client_id, name, scopes, created_at, expires_at) ${one}`);
            assert.equal((await first.get(readRow)).status, 200, 'fifty are fine');
            await granted(partner);
            assert.equal((await first.get(readRow)).status, 401);
            assert.equal(sql(server, "SELECT count(*) FROM api_token WHERE client_id IN (SELECT id FROM api_client WHERE name = 'Souvent')"), '50');
        });

        check('the form keeps what was typed and says what is wrong; only staff see it', async () => {
            const csrf = csrfOf(await staff.get('/gestion/partenaires'));
            const send = (fields) => staff.post('/gestion/partenaires', { _csrf: csrf, nom: 'Un nom gardé', acces: 'lire', organisation: '', ...fields });
            for (const wrong of [{ nom: '' }, { nom: 'x'.repeat(81) }, { acces: 'tout' }, { droits: 'role.grant' }, { droits: 'read' }, { organisation: 'Introuvable nulle part' }, { organisation: 'école' }]) {
                const answer = await send(wrong);
                assert.equal(answer.status, 422, JSON.stringify(wrong));
                assert.equal(answer.html.getElementById('jeton'), null);
                if (!('nom' in wrong)) assert.equal(answer.html.querySelector('[name=nom]').getAttribute('value'), 'Un nom gardé');
            }
            const learner = newVisitor(server);
            await learner.signIn(accounts.learner);
            assert.equal((await learner.get('/gestion/partenaires')).status, 403);
            const personal = newProgram(server, await makeToken(learner));
            assert.equal((await personal.get('/gestion/partenaires')).status, 303);
        });

        check('the journal tells it all, and no secret', async () => {
            const acts = sql(server, "SELECT DISTINCT act FROM audit WHERE act LIKE 'partner.%' ORDER BY act").split('\n');
            assert.deepEqual(acts, ['added', 'changed', 'rotated', 'withdrawn'].map((act) => `partner.${act}`));
            assert.equal(sql(server, "SELECT count(*) FROM audit WHERE after LIKE '%eds_%' OR after LIKE '%eda_%'"), '0');
            assert.match((await staff.get('/gestion/journal')).words('main'), /Programme d’un partenaire/);
        });

        check('where to ask is published', async () => {
            const document = (await newProgram(server).get('/.well-known/oauth-authorization-server')).json();
            assert.equal(document.token_endpoint, `${document.issuer}/oauth/token`);
            assert.deepEqual(document.grant_types_supported, ['client_credentials']);
        });

        check('guessing is slowed, then refused', async () => {
            const guess = () => askForToken(server, { client: 'zzzzzzzzzzzzz', secret: 'eds_x' });
            const limited = await new Promise((found, failed) => {
                const all = Array.from({ length: 300 }, () => guess().then((answer) => { if (answer.status === 429) found(answer); }).catch(() => {}));
                Promise.all(all).then(() => failed(new Error('there is no limit')));
            });
            assert.equal(limited.json().error, 'slow_down');
            assert.ok(Number(limited.headers.get('retry-after')) > 0);
        });
    });
}
