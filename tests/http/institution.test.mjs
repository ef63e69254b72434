// Sign-in through an institution with OpenID Connect, against the certified oidc-provider: staff connect it, people join,
// come back, link what exists, and leave. On both engines.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { databaseFile, sql } from '../lib/crowd.mjs';
import { newVisitor } from '../lib/http.mjs';
import { connect, openIdp, signInThere, through } from '../lib/idp.mjs';
import { waitForMail } from '../lib/mail.mjs';
import { newcomer, signUp } from '../lib/people.mjs';
import { demoAccounts, freePort, startServer, stopPostgres } from '../lib/server.mjs';

const accounts = await demoAccounts();
const staffAccount = accounts.find(({ role }) => role === 'staff');
const learner = accounts.find(({ role }) => role === 'learner');
after(stopPostgres);

const people = {
    ana: { email: 'ana@umons.example', email_verified: true, name: 'Ana Dubois', groups: ['staff', 'maths'], schacHomeOrganization: 'UMONS' },
    bob: { email: 'bob@ailleurs.example', email_verified: true, name: 'Bob Ailleurs' },
    cleo: { email: 'cleo@umons.example', email_verified: false, name: 'Cléo Incertaine' },
    dora: { email: 'dora@umons.example', email_verified: true, name: 'Dora Déjà' },
    eve: { email: 'eve@umons.example', email_verified: true, name: 'Ève Avant' },
    gil: { email: 'gil@umons.example', email_verified: true, name: 'Gil Deux' },
};

for (const engine of ['sqlite', 'pgsql']) {
    describe(engine, () => {
        let server;
        let idp;
        let staff;
        let id;
        const check = (name, run) => test(`${name} (${engine})`, async () => { await begin(); await run(); });
        const begin = async () => {
            if (id) return;
            const port = await freePort();
            // The return address is known only once it is connected: the client learns it then.
            const clients = [];
            server = await startServer({ engine, port });
            idp = await openIdp(people, { clients });
            staff = newVisitor(server);
            await staff.signIn(staffAccount);
            id = await connect(staff, { name: 'Université de Mons', issuer: idp.issuer, domains: 'umons.example' });
            await idp.close();
            const redirect = `${server.url}/connexion/institution/${id}/retour`;
            const again = await openIdp(people, { clients: [{ client_id: 'edulab', client_secret: 'tres-secret', redirect_uris: [redirect] }] });
            idp = again;
            sql(server, `UPDATE identity_provider SET issuer = '${idp.issuer}' WHERE issuer <> '${idp.issuer}'`);
            await staff.submit(await staff.get(`/gestion/connexions/${id}`), 'form[action$="/tester"]');
        };
        const arrive = (login, visitor = newVisitor(server), options) => through(visitor, id, (address) => signInThere(address, login), options).then((answer) => ({ visitor, answer }));
        after(async () => { await idp?.close(); await server?.stop(); });

        check('the sign-in page shows the institution only while it is on', async () => {
            const shown = async () => (await newVisitor(server).get('/connexion')).words('main').includes('Université de Mons');
            assert.ok(await shown());
            const page = () => staff.get(`/gestion/connexions/${id}`);
            await staff.submit(await page(), 'form[action$="/eteindre"]');
            assert.ok(!await shown());
            assert.equal((await newVisitor(server).get(`/connexion/institution/${id}`)).status, 404);
            await staff.submit(await page(), 'form[action$="/allumer"]');
            assert.ok(await shown());
        });

        check('leaving asks for a code with PKCE, state and nonce, and the browser keeps nothing new', async () => {
            const visitor = newVisitor(server);
            const door = await visitor.get(`/connexion/institution/${id}?suite=/badges`);
            const asked = new URL(door.location);
            assert.equal(asked.origin, idp.issuer);
            const query = asked.searchParams;
            assert.equal(query.get('response_type'), 'code');
            assert.equal(query.get('code_challenge_method'), 'S256');
            assert.match(query.get('code_challenge'), /^[\w-]{43}$/);
            assert.match(query.get('nonce'), /^[\w-]{43}$/);
            assert.ok(query.get('scope').split(' ').includes('openid'));
            assert.deepEqual([...visitor.jar.keys()], ['edulab'], 'only the cookie that a session has');
            const other = new URL((await newVisitor(server).get(`/connexion/institution/${id}`)).location).searchParams;
            for (const name of ['state', 'nonce', 'code_challenge']) assert.notEqual(query.get(name), other.get(name));
        });

        check('a newcomer says a name and yes, and has an account without password; the next time the button is enough', async () => {
            const { visitor, answer } = await arrive('ana', undefined, { suite: '/badges' });
            assert.equal(answer.status, 303);
            const page = await visitor.get(answer.location);
            assert.match(page.words('main'), /ana@umons\.example/);
            const refused = await visitor.submit(page, 'form[action="/connexion/institution/arrivee"]', { terms: undefined });
            assert.equal(refused.status, 422, 'not without having read how data is used');
            const joined = await visitor.submit(page, 'form[action="/connexion/institution/arrivee"]', { name: 'Ana D.', terms: '1' });
            assert.equal(joined.location, '/badges?fait=institution-bienvenue');
            assert.match((await visitor.get('/mon-espace')).words('main'), /Ana D\./);
            assert.equal(sql(server, "SELECT password IS NULL, confirmed_at IS NOT NULL FROM person WHERE email = 'ana@umons.example'").replace(/t/g, '1'), '1|1');

            const second = await arrive('ana');
            assert.equal(second.answer.location, '/mon-espace?fait=connecte');
            assert.equal((await second.visitor.get('/mon-espace')).status, 200);
            assert.equal((await second.visitor.submit(await second.visitor.get('/mon-espace'), 'form[action^="/deconnexion"]')).status, 303);
            assert.equal((await second.visitor.get('/mon-espace')).status, 303, 'signed out');
        });

        check('an account that exists is linked at once when the institution is trusted for its domain, and its owner gets a mail', async () => {
            await newcomer(server, { name: 'Dora', email: 'dora@umons.example', password: 'mot-de-passe-de-dora' });
            const { visitor, answer } = await arrive('dora');
            assert.equal(answer.location, '/mon-espace?fait=institution-liee');
            assert.match((await visitor.get('/mon-espace')).words('main'), /Dora/);
            await waitForMail(server.data, 'dora@umons.example', /Université de Mons/);
            await newVisitor(server).signIn({ email: 'dora@umons.example', password: 'mot-de-passe-de-dora' });
        });

        check('an account opened by somebody else with the address, and never confirmed, loses its password', async () => {
            const thief = { name: 'Voleur', email: 'eve@umons.example', password: 'le-mot-du-voleur-ici' };
            await signUp(server, thief);
            const { visitor, answer } = await arrive('eve');
            const joined = await visitor.submit(await visitor.get(answer.location), 'form[action="/connexion/institution/arrivee"]', { terms: '1' });
            assert.equal(joined.status, 303);
            assert.match((await visitor.get('/mon-espace')).words('main'), /Ève Avant/);
            await assert.rejects(newVisitor(server).signIn(thief));
        });

        check('an address elsewhere, or not verified, links nothing and opens nothing', async () => {
            await newcomer(server, { name: 'Bob', email: 'bob@ailleurs.example', password: 'mot-de-passe-de-bob' });
            for (const login of ['bob', 'cleo']) {
                const { visitor, answer } = await arrive(login);
                assert.match(answer.location, /\/inconnu$/, login);
                const page = await visitor.get(answer.location);
                assert.equal(page.status, 200);
                assert.equal((await visitor.get('/mon-espace')).status, 303, `${login} is not signed in`);
            }
            assert.equal(sql(server, "SELECT count(*) FROM person WHERE email = 'cleo@umons.example'"), '0');
            assert.equal(sql(server, "SELECT count(*) FROM identity WHERE subject IN ('bob', 'cleo')"), '0');
        });

        check('whoever is signed in links by a yes to a page that names both, and can take the link away', async () => {
            const bob = newVisitor(server);
            await bob.signIn({ email: 'bob@ailleurs.example', password: 'mot-de-passe-de-bob' });
            const { answer } = await arrive('bob', bob);
            const page = await bob.get(answer.location);
            assert.match(page.words('main'), /bob@ailleurs\.example/);
            assert.equal(sql(server, "SELECT count(*) FROM identity WHERE subject = 'bob'"), '0', 'not before the yes');
            const linked = await bob.submit(page, 'form[action="/connexion/institution/arrivee"]');
            assert.equal(linked.location, '/compte/institutions?fait=institution-liee');
            await waitForMail(server.data, 'bob@ailleurs.example', /Université de Mons[^]*compte\/institutions/);

            const alone = await arrive('bob');
            assert.equal(alone.answer.location, '/mon-espace?fait=connecte');

            const mine = await bob.get('/compte/institutions');
            assert.match(mine.words('main'), /Université de Mons.*bob@ailleurs\.example/);
            const other = newVisitor(server);
            await other.signIn(learner);
            const action = mine.html.querySelector('form[action$="/delier"]').getAttribute('action');
            const csrf = (await other.get('/compte/institutions')).html.querySelector('meta[name=csrf]').getAttribute('content');
            assert.equal((await other.post(action, { _csrf: csrf })).status, 404, "another's link cannot be taken away");
            await bob.submit(mine, 'form[action$="/delier"]');
            assert.match((await arrive('bob')).answer.location, /\/inconnu$/);
        });

        check('an institution account of one person is not handed to another who is signed in', async () => {
            const other = newVisitor(server);
            await other.signIn(learner);
            const { answer } = await arrive('ana', other);
            assert.equal(answer.status, 403);
            assert.match(answer.words('main'), /autre compte/);
        });

        check('the page that waits for a yes belongs to its browser, and counts once', async () => {
            const { visitor, answer } = await arrive('gil');
            assert.equal((await newVisitor(server).get(answer.location)).status, 410, 'another browser');
            const thief = newVisitor(server);
            await thief.signIn(learner);
            assert.equal((await thief.get(answer.location)).status, 410, 'somebody signed in');
            const page = await visitor.get(answer.location);
            assert.equal((await visitor.submit(page, 'form[action="/connexion/institution/arrivee"]', { terms: '1' })).status, 303);
            assert.equal((await visitor.get(answer.location)).status, 410, 'a second time');
        });

        check('claims become organisations and roles by the rules of staff, anew at each sign-in', async () => {
            const rule = async (fields) => {
                const answer = await staff.submit(await staff.get(`/gestion/connexions/${id}`), 'form[action$="/regles"]', fields);
                assert.equal(answer.status, 303, answer.words('main'));
            };
            await rule({ claim: 'schacHomeOrganization', value: '*', organisation: '*', role: 'member' });
            await rule({ claim: 'groups', value: 'maths', organisation: 'UMONS-MATHS', role: 'trainer' });
            await rule({ claim: 'groups', value: 'direction', organisation: 'UMONS-DIR', role: 'head' });
            const bad = await staff.submit(await staff.get(`/gestion/connexions/${id}`), 'form[action$="/regles"]', { claim: 'groups', value: 'x', organisation: 'X', role: 'staff' });
            assert.equal(bad.status, 422, 'a claim makes nobody staff');
            const held = () => sql(server, "SELECT organisation, role FROM identity_affiliation a JOIN identity i ON i.id = a.identity_id WHERE i.subject = 'ana' ORDER BY organisation");
            const { visitor } = await arrive('ana');
            assert.equal(held(), 'UMONS|member\nUMONS-MATHS|trainer');
            assert.match((await visitor.get('/compte/institutions')).words('main'), /UMONS-MATHS/);
            assert.equal((await visitor.get('/gestion')).status, 403);
            const before = people.ana;
            people.ana = { ...before, groups: ['direction'] };
            await arrive('ana');
            people.ana = before;
            assert.equal(held(), 'UMONS|member\nUMONS-DIR|head');
        });

        check('the secret is sealed: it stands in no file, no page and no log', async () => {
            const page = await staff.get(`/gestion/connexions/${id}`);
            assert.ok(!page.text.includes('tres-secret'));
            assert.ok(!server.log.includes('tres-secret'));
            if (engine === 'sqlite') for (const end of ['', '-wal']) {
                let bytes = '';
                try { bytes = readFileSync(databaseFile(server.data) + end).toString('latin1'); } catch { continue; }
                assert.ok(!bytes.includes('tres-secret'));
            }
            const kept = await staff.submit(page, `form[action$="/connexions/${id}"]`, { name: 'UMONS' });
            assert.equal(kept.status, 303);
            assert.equal((await arrive('ana')).answer.location, '/mon-espace?fait=connecte', 'an empty field keeps the secret');
            await staff.submit(await staff.get(`/gestion/connexions/${id}`), `form[action$="/connexions/${id}"]`, { name: 'Université de Mons', secret: 'un-autre' });
            assert.equal((await arrive('ana')).answer.status, 403, 'a wrong one is noticed');
            await staff.submit(await staff.get(`/gestion/connexions/${id}`), `form[action$="/connexions/${id}"]`, { secret: 'tres-secret' });
        });

        check('people who say no there are told that nothing changed', async () => {
            const answer = await newVisitor(server).get(`/connexion/institution/${id}/retour?error=access_denied&state=x`);
            assert.equal(answer.status, 403);
            assert.match(answer.words('main'), /Rien n’a changé/);
        });

        check('the journal has a row for each change and each way in, and no secret', async () => {
            const acts = sql(server, "SELECT DISTINCT act FROM audit WHERE act LIKE 'institution.%' ORDER BY act").split('\n');
            assert.deepEqual(acts, ['added', 'changed', 'entered', 'linked', 'rule_added', 'switched', 'unlinked'].map((act) => `institution.${act}`));
            assert.equal(sql(server, "SELECT count(*) FROM audit WHERE before LIKE '%tres-secret%' OR after LIKE '%tres-secret%' OR after LIKE '%un-autre%'"), '0');
            assert.equal(sql(server, "SELECT count(*) FROM audit WHERE act = 'institution.entered' AND object = (SELECT id FROM person WHERE email = 'dora@umons.example')"), '1');
            const page = await staff.get(`/gestion/connexions/${id}`);
            await staff.submit(page, 'form[action*="/regles/"]');
            assert.equal(sql(server, "SELECT count(*) FROM audit WHERE act = 'institution.rule_removed'"), '1');
        });

        check('only staff see the institutions', async () => {
            const visitor = newVisitor(server);
            await visitor.signIn(learner);
            for (const path of ['/gestion/connexions', `/gestion/connexions/${id}`]) assert.equal((await visitor.get(path)).status, 403);
        });
    });
}
