// Personal access tokens, as a person makes them and as an attacker would use them: shown once, stored hashed, less than
// the person may do, for the API only, and gone when revoked. On both engines.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { makeToken, newProgram } from '../lib/api.mjs';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, newVisitor } from '../lib/http.mjs';
import { waitForMail } from '../lib/mail.mjs';
import { longPassword, newcomer } from '../lib/people.mjs';
import { demoAccounts, filesBelow, startServer, stopPostgres } from '../lib/server.mjs';

const [learner, trainer] = await demoAccounts();
after(stopPostgres);

const readRow = '/api/v1/uploads'; // MAY("tv.upload"), GET
const doneRow = '/api/v1/activites/0000000000000/terminer'; // MEMBER, POST: 404 for an unknown activity, once let in

for (const engine of ['sqlite', 'pgsql']) {
    describe(engine, () => {
        let server;
        const check = (name, run) => test(`${name} (${engine})`, run);
        const person = async (account, options) => {
            server ??= await startServer({ engine, settings: { log_level: 'debug' } });
            const visitor = newVisitor(server, options);
            await visitor.signIn(account);
            return visitor;
        };
        after(() => server?.stop());

        check('a token is shown once, and stored only as a hash', async () => {
            const visitor = await person(trainer);
            const token = await makeToken(visitor, { name: 'Tableur', rights: ['tv.upload'] });
            assert.match(token, /^edp_[\w-]{43}$/);
            const letter = await waitForMail(server.data, trainer.email, /Tableur[^]*compte\/jetons/);
            assert.ok(!JSON.stringify(letter).includes(token), 'the owner is told, not the token');
            const list = await visitor.get('/compte/jetons');
            assert.match(list.words('main table'), /Tableur/);
            assert.match(list.words('main table'), /Jamais/);
            assert.ok(!list.text.includes(token));
            assert.equal((await newProgram(server, token).get(readRow)).status, 200);
            await server.stop({ keep: true });
            for (const file of filesBelow(server.data)) assert.ok(!readFileSync(file).includes(token), `${file} holds the token`);
            assert.ok(!server.log.includes(token), 'nor does the log');
            Object.assign(server, await server.restart());
        });

        check('an open session alone makes none: it asks for the password', async () => {
            await person(trainer);
            const visitor = await newcomer(server, { name: 'Ouverte', email: `session-${engine}@example.org`, password: longPassword('session') });
            for (const wrong of ['', 'pas celui-là'])
                await assert.rejects(makeToken(visitor, { password: wrong }), /422/);
            assert.match((await visitor.get('/compte/jetons')).text, /name="actuel"/);
        });

        check('it does what it was made for and no more: scope, right, kind of row', async () => {
            const visitor = await person(trainer);
            const plain = newProgram(server, await makeToken(visitor));
            const reading = newProgram(server, await makeToken(visitor, { rights: ['tv.upload'] }));
            const writing = newProgram(server, await makeToken(visitor, { access: 'ecrire' }));
            assert.equal((await plain.get(readRow)).status, 403, 'without the right');
            assert.equal((await reading.get(readRow)).status, 200);
            const refused = await reading.post(doneRow, {});
            assert.equal(refused.status, 403);
            assert.match(refused.headers.get('www-authenticate'), /insufficient_scope.*scope="write"/);
            assert.equal(refused.type, 'application/problem+json');
            assert.match(refused.json().detail, /seulement de lire/);
            assert.equal((await writing.post(doneRow, {})).status, 404, 'no CSRF token needed with a bearer');
            for (const path of ['/mon-espace', '/compte/jetons', '/gestion/videos'])
                assert.equal((await reading.get(path)).status, 303, `${path} is no row of the API`);
            assert.equal((await writing.request('POST', '/preferences/theme', { body: new URLSearchParams({ theme: 'dark' }) })).status, 403);
        });

        check('a token is never more than its person', async () => {
            const visitor = await person(trainer);
            const program = newProgram(server, await makeToken(visitor, { rights: ['tv.upload'] }));
            const id = sql(server, `SELECT id FROM person WHERE email = '${trainer.email}'`);
            assert.equal((await program.get(readRow)).status, 200);
            sql(server, `DELETE FROM person_role WHERE person_id = ${id}`);
            assert.equal((await program.get(readRow)).status, 403, 'the role is gone, so is the right');
            sql(server, `INSERT INTO person_role (person_id, role, scope_kind, scope_id, starts_at, granted_at) VALUES (${id}, 'trainer', '', 0, 1, 1)`);
            assert.equal((await program.get(readRow)).status, 200);
            sql(server, `UPDATE person SET closed_at = 1 WHERE id = ${id}`);
            assert.equal((await program.get(readRow)).status, 401, 'a closed account has no programs');
            sql(server, `UPDATE person SET closed_at = NULL WHERE id = ${id}`);
            const other = await person(learner);
            const page = await other.get('/compte/jetons');
            const answer = await other.post('/compte/jetons', { _csrf: csrfOf(page), nom: 'plus', acces: 'lire', duree: '30', droits: 'tv.upload' });
            assert.equal(answer.status, 422, 'a right one does not hold cannot be given');
        });

        check('revoked and expired tokens open nothing, and say so', async () => {
            const visitor = await person(learner);
            const program = newProgram(server, await makeToken(visitor, { name: 'À reprendre', access: 'ecrire' }));
            assert.equal((await program.post(doneRow, {})).status, 404);
            const id = sql(server, "SELECT id FROM api_token WHERE name = 'À reprendre'");
            sql(server, `UPDATE api_token SET expires_at = ${Date.now() - 1} WHERE id = ${id}`);
            const late = await program.post(doneRow, {});
            assert.equal(late.status, 401);
            assert.match(late.headers.get('www-authenticate'), /^Bearer .*invalid_token/);
            assert.match((await visitor.get('/compte/jetons')).words('main table'), /Expiré/);
            sql(server, `UPDATE api_token SET expires_at = ${Date.now() + 60_000} WHERE id = ${id}`);
            assert.equal((await program.post(doneRow, {})).status, 404);
            const page = await visitor.get('/compte/jetons');
            const stranger = await person(trainer);
            const action = page.html.querySelectorAll('form[action$="/revoquer"]').map((form) => form.getAttribute('action'))[0];
            assert.equal((await stranger.post(action, { _csrf: csrfOf(await stranger.get('/compte/jetons')) })).status, 404, "another person's token");
            assert.equal((await program.post(doneRow, {})).status, 404, 'is still good');
            assert.equal((await visitor.submit(page, `form[action="${action}"]`)).status, 303);
            assert.equal((await program.post(doneRow, {})).status, 401);
        });

        check('a bearer beside a cookie: only the bearer counts', async () => {
            const visitor = await person(trainer);
            const token = await makeToken(visitor);
            const both = (authorization) => visitor.get(readRow, { headers: { authorization } });
            assert.equal((await visitor.get(readRow)).status, 200, 'the cookie alone may');
            assert.equal((await both(`Bearer ${token}`)).status, 403, 'the token may not, whatever the cookie');
            assert.equal((await both('Bearer edp_wrong')).status, 401);
            assert.equal((await both('Bearer')).status, 401);
            assert.equal((await both('Basic YTpi')).status, 200, 'another scheme is none of ours');
            const post = await visitor.request('POST', doneRow, { headers: { authorization: 'Bearer edp_wrong' } });
            assert.equal(post.status, 401, 'a wrong bearer does not fall back to the cookie');
        });

        check('without a token an operation asks for one; with a wrong one even open operations refuse', async () => {
            await person(learner);
            const nobody = newProgram(server);
            const asked = await nobody.get(readRow);
            assert.equal(asked.status, 401);
            assert.equal(asked.headers.get('www-authenticate'), 'Bearer realm="edulab"');
            assert.equal((await nobody.get('/api/v1/formations')).status, 200);
            for (const token of ['edp_' + 'A'.repeat(43), 'x', 'é'.repeat(2), 'A'.repeat(5000)])
                assert.equal((await newProgram(server, encodeURI(token)).get('/api/v1/formations')).status, 401, token.slice(0, 20));
        });

        check('errors come in the language of the account', async () => {
            const visitor = await person(learner);
            const token = await makeToken(visitor);
            const french = (await newProgram(server, token).post(doneRow, {})).json();
            assert.equal(french.status, 403);
            assert.match(french.detail, /jeton/);
            sql(server, `UPDATE person SET lang = 'en' WHERE email = '${learner.email}'`);
            assert.match((await newProgram(server, token).post(doneRow, {})).json().detail, /only read/);
            sql(server, `UPDATE person SET lang = 'fr' WHERE email = '${learner.email}'`);
        });

        check('the last use is noted, but not at every request', async () => {
            const visitor = await person(trainer);
            const program = newProgram(server, await makeToken(visitor, { name: 'Souvent', rights: ['tv.upload'] }));
            const used = () => sql(server, "SELECT coalesce(last_used_at, 0) FROM api_token WHERE name = 'Souvent'");
            assert.equal(used(), '0');
            await program.get(readRow);
            let first;
            for (let i = 0; i < 100 && (first = used()) === '0'; i++) await new Promise((next) => setTimeout(next, 50));
            assert.notEqual(first, '0');
            for (let i = 0; i < 5; i++) await program.get(readRow);
            await new Promise((next) => setTimeout(next, 200));
            assert.equal(used(), first, 'the next minutes write nothing');
            assert.doesNotMatch((await visitor.get('/compte/jetons')).words('main table'), /Souvent.{0,60}Jamais/);
        });

        check('a program that asks too much is told to wait', async () => {
            const visitor = await person(learner);
            const program = newProgram(server, await makeToken(visitor));
            const calm = newProgram(server, await makeToken(visitor));
            let limited;
            for (let i = 0; i < 600 && !limited; i += 30) {
                const answers = await Promise.all(Array.from({ length: 30 }, () => program.get('/api/v1/formations')));
                limited = answers.find((answer) => answer.status === 429);
            }
            assert.ok(limited, 'there is a limit');
            assert.ok(Number(limited.headers.get('retry-after')) > 0);
            assert.equal((await calm.get('/api/v1/formations')).status, 200, 'another token is not slowed');
            assert.equal((await newProgram(server).get('/api/v1/formations')).status, 200);
        });

        check('the form says what is wrong, and there is a most', async () => {
            const visitor = await person(learner);
            const csrf = csrfOf(await visitor.get('/compte/jetons'));
            const send = (fields) => visitor.post('/compte/jetons', { _csrf: csrf, nom: 'x', acces: 'lire', duree: '30', actuel: learner.password, ...fields });
            for (const wrong of [{ nom: '' }, { nom: 'x'.repeat(81) }, { acces: 'tout' }, { duree: '100000' }, { duree: '' }, { droits: 'catalogue.edit' }, { droits: 'read' }]) {
                const answer = await send(wrong);
                assert.equal(answer.status, 422, JSON.stringify(wrong));
                assert.equal(answer.html.getElementById('jeton'), null);
            }
            const id = sql(server, `SELECT id FROM person WHERE email = '${learner.email}'`);
            const have = Number(sql(server, `SELECT count(*) FROM api_token WHERE person_id = ${id}`));
            for (let i = have; i < 50; i++) assert.equal((await send({ nom: `n${i}` })).status, 200);
            assert.equal((await send({})).status, 422);
        });
    });
}
