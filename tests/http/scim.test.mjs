// SCIM 2.0: an organisation's directory brings its people in and withdraws them, as Entra ID and Okta really send it: users,
// groups, every operator of the filters, both forms of PATCH, pages, versions; and what may not be: another organisation's
// people, tokens without the right, hostile filters. On both engines.
// run: seconds=400, pgsql
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { admitPartner, newProgram, partnerProgram } from '../lib/api.mjs';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, newVisitor } from '../lib/http.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

const accounts = Object.fromEntries((await demoAccounts()).map((account) => [account.role, account]));
const right = 'people.provision';
const schema = (name) => `urn:ietf:params:scim:schemas:core:2.0:${name}`;
const operations = (...list) => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: list });
after(stopPostgres);

// A program that speaks SCIM: bodies and answers are application/scim+json.
function directory(program) {
    const send = (method) => async (path, body, headers = {}) => {
        const answer = await program.request(method, path.startsWith('/') ? path : `/scim/v2/${path}`, {
            body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
            headers: { ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }), ...headers },
        });
        if (answer.bytes.length) assert.equal(answer.type, 'application/scim+json', `${method} ${path}`);
        return answer;
    };
    return { get: (path, headers) => send('GET')(path, undefined, headers), post: send('POST'), put: send('PUT'), patch: send('PATCH'), delete: (path, headers) => send('DELETE')(path, undefined, headers) };
}

for (const engine of ['sqlite', 'pgsql'])
    describe(`SCIM on ${engine}`, () => {
        let server;
        let staff;
        let wbe; // the directory of a network
        let partner;
        const refused = async (answer, status, type) => {
            const a = await answer;
            assert.equal(a.status, status, a.text);
            const body = a.json();
            assert.deepEqual(body.schemas, ['urn:ietf:params:scim:api:messages:2.0:Error']);
            assert.equal(body.status, String(status));
            assert.ok(body.detail.length > 10, a.text);
            assert.equal(body.scimType, type);
            return body;
        };
        const made = async (body, at = 'Users') => {
            const answer = await wbe.post(at, body);
            assert.equal(answer.status, 201, answer.text);
            return answer.json();
        };
        const found = async (filter, more = '') => {
            const answer = await wbe.get(`Users?filter=${encodeURIComponent(filter)}${more}`);
            assert.equal(answer.status, 200, `${filter}: ${answer.text}`);
            return answer.json().Resources.map((each) => each.userName).sort();
        };
        const patched = async (at, ...list) => {
            const answer = await wbe.patch(at, operations(...list));
            assert.equal(answer.status, 200, answer.text);
            return answer.json();
        };
        const person = (email) => sql(server, `SELECT id FROM person WHERE email = '${email}'`);
        // Where somebody belongs now, as "School (role)".
        const belongs = (email) => sql(server, `SELECT o.name || ' (' || m.role || ')' FROM membership m JOIN organisation o ON o.id = m.organisation_id
            JOIN person p ON p.id = m.person_id WHERE p.email = '${email}' AND (m.ends_at IS NULL OR m.ends_at > ${Date.now()}) ORDER BY 1`).split('\n').filter(Boolean);
        const network = 'Wallonie-Bruxelles Enseignement (WBE)';
        const canal = "Athénée d'exemple du Canal";

        before(async () => {
            server = await startServer({ engine });
            staff = newVisitor(server);
            await staff.signIn(accounts.staff);
            partner = await admitPartner(staff, { name: 'Annuaire WBE', access: 'ecrire', rights: [right], organisation: network });
            wbe = directory(await partnerProgram(server, partner));
        });
        after(() => server?.stop());

        test('what is offered can be read without a token', async () => {
            const anyone = directory(newProgram(server));
            const config = (await anyone.get('ServiceProviderConfig')).json();
            assert.deepEqual([config.patch.supported, config.filter.supported, config.sort.supported, config.etag.supported, config.bulk.supported], [true, true, true, true, false]);
            assert.deepEqual(config.authenticationSchemes.map((each) => each.type), ['oauth2', 'oauthbearertoken']);
            assert.deepEqual((await anyone.get('ResourceTypes')).json().Resources.map((each) => each.endpoint), ['/Users', '/Groups']);
            const schemas = (await anyone.get('Schemas')).json();
            assert.equal(schemas.totalResults, 2);
            assert.equal((await anyone.get(`Schemas/${schema('User')}`)).json().attributes.find((each) => each.name === 'userName').required, true);
            assert.equal((await anyone.get('ResourceTypes/Group')).json().schema, schema('Group'));
            await refused(anyone.get('Schemas/urn:x'), 404);
        });

        test('the life of a user: brought in, found, replaced, withdrawn, taken back, gone', async () => {
            const answer = await wbe.post('Users', { schemas: [schema('User')], userName: 'Lise.Martin@wbe.exemple.be', externalId: 'L-1', name: { givenName: 'Lise', familyName: 'Martin' }, emails: [{ value: 'Lise.Martin@wbe.exemple.be', type: 'work', primary: true }], nickName: 'Lili', phoneNumbers: [{ value: '0' }], 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'x' } });
            assert.equal(answer.status, 201, answer.text);
            const lise = answer.json();
            assert.equal(answer.location, `${server.url}/scim/v2/Users/${lise.id}`);
            assert.equal(lise.meta.location, answer.location);
            assert.equal(answer.headers.get('etag'), lise.meta.version);
            assert.deepEqual([lise.active, lise.userName, lise.externalId, lise.emails[0].value], [true, 'Lise.Martin@wbe.exemple.be', 'L-1', 'lise.martin@wbe.exemple.be']);
            assert.equal(lise.nickName, undefined, 'what is not needed is not kept');
            assert.doesNotMatch(answer.text, /department|phone/);
            assert.deepEqual(belongs('lise.martin@wbe.exemple.be'), [`${network} (member)`]);
            assert.equal(sql(server, `SELECT name FROM person WHERE email = 'lise.martin@wbe.exemple.be'`), 'Lise Martin');
            assert.deepEqual((await wbe.get(`Users/${lise.id}`)).json(), lise);

            const put = await wbe.put(`Users/${lise.id}`, { userName: 'lise.martin@wbe.exemple.be', displayName: 'Lise M.', emails: [{ value: 'lise.martin@wbe.exemple.be' }] });
            assert.equal(put.status, 200, put.text);
            assert.equal(put.json().externalId, undefined, 'PUT replaces');
            assert.equal(put.json().name, undefined);
            assert.equal(put.json().active, true);
            assert.notEqual(put.json().meta.version, lise.meta.version);

            const gone = await patched(`Users/${lise.id}`, { op: 'Replace', path: 'active', value: 'False' });
            assert.equal(gone.active, false);
            assert.deepEqual(belongs('lise.martin@wbe.exemple.be'), []);
            assert.ok(person('lise.martin@wbe.exemple.be'), 'the account stays');
            assert.deepEqual(await found('active eq false'), ['lise.martin@wbe.exemple.be'], 'and the directory still finds it');
            await patched(`Users/${lise.id}`, { op: 'replace', value: { active: true } });
            assert.deepEqual(belongs('lise.martin@wbe.exemple.be'), [`${network} (member)`]);

            assert.equal((await wbe.delete(`Users/${lise.id}`)).status, 204);
            await refused(wbe.get(`Users/${lise.id}`), 404);
            await refused(wbe.delete(`Users/${lise.id}`), 404);
            assert.deepEqual(belongs('lise.martin@wbe.exemple.be'), []);
            assert.ok(person('lise.martin@wbe.exemple.be'), 'the account stays');
            const acts = sql(server, `SELECT act FROM audit WHERE kind = 'person' AND object = ${person('lise.martin@wbe.exemple.be')} ORDER BY id`).split('\n');
            assert.deepEqual(acts, ['provision.added', 'member.added', 'provision.changed', 'provision.withdrawn', 'member.ended', 'provision.changed', 'member.added', 'member.ended', 'provision.withdrawn']);
            assert.match(sql(server, `SELECT after FROM audit WHERE act = 'provision.added' ORDER BY id DESC LIMIT 1`), /"program":"Annuaire WBE"/);
            assert.equal(sql(server, "SELECT count(*) FROM audit WHERE COALESCE(before, '') LIKE '%lise%' OR COALESCE(after, '') LIKE '%lise%'"), '0', 'a name in the journal would outlive the account');
        });

        test('somebody known elsewhere keeps the account, what they say of themselves, and where else they belong', async () => {
            const learner = accounts.learner.email;
            const before = sql(server, `SELECT id, name, password FROM person WHERE email = '${learner}'`);
            const school = belongs(learner);
            assert.deepEqual(school, ["Athénée royal d'exemple des Tilleuls (member)"]);
            const other = await admitPartner(staff, { name: 'Annuaire UMONS', access: 'ecrire', rights: [right], organisation: 'UMONS' });
            const umons = directory(await partnerProgram(server, other));
            const answer = await umons.post('Users', { userName: 'etu-1', displayName: 'Autre Nom', emails: [{ value: learner }] });
            const stranger = await umons.post('Users', { userName: 'etu-2', displayName: 'Autre Nom', emails: [{ value: 'inconnue@umons.exemple.be' }] });
            assert.deepEqual([answer.status, Object.keys(answer.json())], [stranger.status, Object.keys(stranger.json())], 'no answer tells whether there was an account');
            assert.equal(answer.json().displayName, 'Autre Nom', 'only what the directory said itself comes back');
            assert.deepEqual(belongs(learner), [...school, 'UMONS (member)']);
            assert.equal((await umons.delete(`Users/${answer.json().id}`)).status, 204);
            assert.deepEqual(belongs(learner), school);
            assert.equal(sql(server, `SELECT id, name, password FROM person WHERE email = '${learner}'`), before);
            // roles for the organisation and what lies below end with it, those elsewhere do not
            const head = accounts.head.email;
            const user = await made({ userName: head, emails: [{ value: head }] });
            assert.deepEqual(belongs(head), ["Athénée royal d'exemple des Tilleuls (head)", `${network} (member)`]);
            await patched(`Users/${user.id}`, { op: 'Replace', path: 'active', value: false });
            assert.deepEqual(belongs(head), []);
            const manager = accounts.network.email;
            const roles = () => sql(server, `SELECT role FROM person_role WHERE scope_kind = 'organisation' AND person_id = ${person(manager)}`);
            assert.equal(roles(), 'network');
            const boss = await made({ userName: 'chef', emails: [{ value: manager }] });
            await wbe.delete(`Users/${boss.id}`);
            assert.equal(roles(), '');
        });

        test('a new address: an account in use keeps its own, one that nobody opened was meant for the other', async () => {
            const user = await made({ userName: 'faute', emails: [{ value: 'fotte@wbe.exemple.be' }] });
            await patched(`Users/${user.id}`, { op: 'replace', path: 'emails', value: [{ value: 'faute@wbe.exemple.be' }] });
            assert.deepEqual(belongs('fotte@wbe.exemple.be'), []);
            assert.deepEqual(belongs('faute@wbe.exemple.be'), [`${network} (member)`]);
            const used = await made({ userName: 'utilise', emails: [{ value: accounts.coach.email }] });
            await patched(`Users/${used.id}`, { op: 'replace', path: 'emails', value: [{ value: 'ailleurs@wbe.exemple.be' }] });
            assert.ok(belongs(accounts.coach.email).includes(`${network} (member)`));
            assert.equal(person('ailleurs@wbe.exemple.be'), '');
            await wbe.delete(`Users/${user.id}`);
            await wbe.delete(`Users/${used.id}`);
        });

        test('names and numbers are one in a directory, whatever their capitals', async () => {
            const one = await made({ userName: 'Unique', externalId: 'U-1', emails: [{ value: 'unique@wbe.exemple.be' }] });
            await refused(wbe.post('Users', { userName: 'uNIQUE', emails: [{ value: 'autre@wbe.exemple.be' }] }), 409, 'uniqueness');
            await refused(wbe.post('Users', { userName: 'deux', externalId: 'U-1', emails: [{ value: 'autre@wbe.exemple.be' }] }), 409, 'uniqueness');
            await refused(wbe.post('Users', { userName: 'deux', emails: [{ value: 'unique@wbe.exemple.be' }] }), 409, 'uniqueness');
            assert.equal(person('autre@wbe.exemple.be'), '', 'a refusal leaves no account behind');
            const two = await made({ userName: 'deux', externalId: 'u-1', emails: [{ value: 'deux@wbe.exemple.be' }] });
            await refused(wbe.put(`Users/${two.id}`, { userName: 'UNIQUE', emails: [{ value: 'deux@wbe.exemple.be' }] }), 409, 'uniqueness');
            await refused(wbe.patch(`Users/${two.id}`, operations({ op: 'add', path: 'externalId', value: 'U-1' })), 409, 'uniqueness');
            for (const each of [one, two]) assert.equal((await wbe.delete(`Users/${each.id}`)).status, 204);
        });

        test('what is wrong in a body is named', async () => {
            await refused(wbe.post('Users', '{"userName":'), 400, 'invalidSyntax');
            await refused(wbe.post('Users', '[]'), 400, 'invalidSyntax');
            await refused(wbe.post('Users', { userName: '' }), 400, 'invalidValue');
            await refused(wbe.post('Users', { userName: 'sans-adresse' }), 400, 'invalidValue');
            await refused(wbe.post('Users', { userName: 'x', emails: [{ value: 'pas une adresse' }] }), 400, 'invalidValue');
            await refused(wbe.post('Users', { userName: 'x', emails: { value: 'a@b.be' } }), 400, 'invalidValue');
            await refused(wbe.post('Users', { userName: 'x', emails: [{ value: 'a@b.be', primary: true }, { value: 'c@b.be', primary: true }] }), 400, 'invalidValue');
            await refused(wbe.post('Users', { userName: 'x'.repeat(201), emails: [{ value: 'a@b.be' }] }), 400, 'invalidValue');
            await refused(wbe.post('Users', { userName: 'x\u0007', emails: [{ value: 'a@b.be' }] }), 400, 'invalidValue');
            await refused(wbe.post('Users', { userName: 'x', active: 'peut-être', emails: [{ value: 'a@b.be' }] }), 400, 'invalidValue');
            await refused(wbe.post('Users', { userName: 'x', filler: 'y'.repeat(70_000) }), 413);
            await refused(wbe.get('Users/zz'), 404);
        });

        test('every operator of the filter', async () => {
            const people = [['anna@f.exemple.be', 'Été', 'A-1', 'work'], ['bruno@f.exemple.be', 'Étoile', 'b-2', 'home'], ['chloe@f.exemple.be', 'Zoé "la" %_', undefined, 'work']];
            const ids = [];
            for (const [email, name, externalId, type] of people) ids.push((await made({ userName: email, displayName: name, externalId, emails: [{ value: email, type, primary: type === 'work' }], active: type === 'work' })).id);
            const [anna, bruno, chloe] = people.map(([email]) => email);
            const ours = (filter) => found(`userName ew "@f.exemple.be" and (${filter})`);
            const cases = [
                [`userName eq "${anna.toUpperCase()}"`, [anna]], [`userName ne "${anna}"`, [bruno, chloe]],
                ['displayName co "TOI"', [bruno]], ['displayName sw "é"', [anna, bruno]], ['displayName ew "_"', [chloe]], ['displayName co "\\"la\\" %"', [chloe]],
                ['displayName co "%"', [chloe]], ['displayName sw "_"', []],
                [`userName gt "${anna}"`, [bruno, chloe]], [`userName ge "${bruno}"`, [bruno, chloe]], [`userName lt "${bruno}"`, [anna]], [`userName le "${bruno}"`, [anna, bruno]],
                ['externalId eq "A-1"', [anna]], ['externalId eq "a-1"', []], ['externalId sw "B"', []], ['externalId co "-"', [anna, bruno]], ['externalId gt "A-1"', [bruno]],
                ['externalId pr', [anna, bruno]], ['not (externalId pr)', [chloe]], ['externalId eq null', [chloe]], ['externalId ne "A-1"', [bruno, chloe]], ['not (externalId eq "A-1")', [bruno, chloe]],
                ['active eq true', [anna, chloe]], ['active ne true', [bruno]], ['active eq "False"', [bruno]],
                [`emails.value eq "${bruno}"`, [bruno]], [`emails eq "${bruno}"`, [bruno]], ['emails.type eq "WORK"', [anna, chloe]], ['emails[type eq "work" and primary eq true]', [anna, chloe]],
                [`emails[type eq "work"].value eq "${anna}"`, [anna]], ['emails[type eq "home" or value co "chloe"]', [bruno, chloe]], ['not (emails[type eq "work"])', [bruno]], ['emails pr', [anna, bruno, chloe]],
                ['meta.created gt "2020-01-01T00:00:00Z"', [anna, bruno, chloe]], ['meta.lastModified lt "2020-01-01T00:00:00+01:00"', []], ['meta.resourceType eq "User"', [anna, bruno, chloe]],
                [`id eq "${ids[0]}"`, [anna]], ['id eq "n’importe"', []], [`id ne "${ids[0]}"`, [bruno, chloe]],
                ['title pr', []], ['title eq "x"', []], ['title ne "x"', [anna, bruno, chloe]], ['not (title pr)', [anna, bruno, chloe]], ['phoneNumbers[type eq "work"].value eq "0"', []],
                [`urn:ietf:params:scim:schemas:core:2.0:User:userName eq "${chloe}"`, [chloe]], ['USERNAME SW "anna" OR DisplayName EQ "étoile"', [anna, bruno]],
                [`userName eq "${anna}" or userName eq "${bruno}" and active eq true`, [anna]], [`(userName eq "${anna}" or userName eq "${bruno}") and active eq false`, [bruno]],
                ['not (active eq true and not (userName sw "anna"))', [anna, bruno]], ["userName eq \"' OR 1=1 --\"", []],
            ];
            for (const [filter, expected] of cases) assert.deepEqual(await ours(filter), expected, filter);
            // the sides of an order, by both engines the same way
            const sorted = async (query) => (await wbe.get(`Users?filter=${encodeURIComponent('userName ew "@f.exemple.be"')}&${query}`)).json().Resources.map((each) => each.userName);
            assert.deepEqual(await sorted('sortBy=userName&sortOrder=descending'), [chloe, bruno, anna]);
            assert.deepEqual(await sorted(`sortBy=${schema('User')}:displayName`), [chloe, bruno, anna]); // by their bytes, accents behind letters
            assert.deepEqual(await sorted('sortBy=nonsense'), [anna, bruno, chloe]);
            for (const id of ids) await wbe.delete(`Users/${id}`);
        });

        test('filters that are none, or too much of one, are refused', async () => {
            for (const filter of ['userName', 'userName eq', 'userName eq bare', 'userName is "x"', 'userName eq "x', '(userName eq "x"', 'userName eq "x")', 'and', 'userName eq "x" and', 'unknown eq "x"', 'userName eq 5', 'active gt true', 'active eq "peut-être"', 'meta.created eq "hier"', 'meta.created co "2026"', 'id co "0"', 'userName[type eq "x"]', 'emails[type eq "x"', 'emails[emails[type eq "x"]]', 'emails[unknown eq "x"]', 'emails[value.x eq "x"]', 'userName.x eq "y"', 'userName eq "\\u0000"', 'userName gt null', '"x" eq userName', 'not userName pr', '..', 'userName  eq  "x"  extra'])
                await refused(wbe.get(`Users?filter=${encodeURIComponent(filter)}`), 400, 'invalidFilter');
            const deep = (n) => `${'('.repeat(n)}userName pr${')'.repeat(n)}`;
            assert.equal((await wbe.get(`Users?filter=${encodeURIComponent(deep(15))}`)).status, 200);
            await refused(wbe.get(`Users?filter=${encodeURIComponent(deep(16))}`), 400, 'invalidFilter');
            await refused(wbe.get(`Users?filter=${encodeURIComponent(`${'not ('.repeat(300)}userName pr${')'.repeat(300)}`)}`), 400, 'invalidFilter');
            const wide = (n, test) => Array(n).fill(test).join(' or ');
            assert.equal((await wbe.get(`Users?filter=${encodeURIComponent(wide(24, 'userName sw "zz"'))}`)).status, 200);
            await refused(wbe.get(`Users?filter=${encodeURIComponent(wide(25, 'active eq true'))}`), 400, 'invalidFilter');
            await refused(wbe.get(`Users?filter=${encodeURIComponent(wide(24, 'userName ew "zz"'))}`), 400, 'invalidFilter'); // three parameters each
            await refused(wbe.get(`Users?filter=${encodeURIComponent(`userName eq "${'x'.repeat(2100)}"`)}`), 400, 'invalidValue');
            assert.equal((await fetch(`${server.url}/scim/v2/Users?filter=${'x'.repeat(5000)}`)).status, 414);
        });

        test('pages, and only the attributes that were asked for', async () => {
            const ids = [];
            for (let i = 0; i < 5; i++) ids.push((await made({ userName: `page${i}@p.exemple.be`, name: { givenName: 'P', familyName: String(i) }, emails: [{ value: `page${i}@p.exemple.be`, type: 'work' }] })).id);
            const page = async (query) => (await wbe.get(`Users?filter=${encodeURIComponent('userName ew "@p.exemple.be"')}&${query}`)).json();
            const names = ({ Resources }) => Resources.map((each) => each.userName[4]).join('');
            const second = await page('startIndex=3&count=2');
            assert.deepEqual([second.totalResults, second.startIndex, second.itemsPerPage, names(second)], [5, 3, 2, '23']);
            assert.deepEqual([names(await page('startIndex=5&count=10')), names(await page('startIndex=6')), names(await page('startIndex=-3&count=1'))], ['4', '', '0']);
            const none = await page('count=0');
            assert.deepEqual([none.totalResults, none.Resources], [5, []]);
            assert.equal((await page('count=-1')).itemsPerPage, 0);
            assert.equal((await page('count=100000')).itemsPerPage, 5);
            await refused(wbe.get('Users?count=beaucoup'), 400, 'invalidValue');
            assert.deepEqual(Object.keys((await page('attributes=userName&count=1')).Resources[0]).sort(), ['id', 'schemas', 'userName']);
            assert.deepEqual((await page(`attributes=${schema('User')}:name.familyName,emails.value&count=1`)).Resources[0].name, { familyName: '0' });
            assert.deepEqual((await page('attributes=emails.value&count=1')).Resources[0].emails, [{ value: 'page0@p.exemple.be' }]);
            const without = (await page('excludedAttributes=emails,name.givenName,id&count=1')).Resources[0];
            assert.deepEqual([without.emails, without.name, without.id], [undefined, { familyName: '0' }, ids[0]]);
            assert.deepEqual(Object.keys((await wbe.get(`Users/${ids[0]}?attributes=active`)).json()).sort(), ['active', 'id', 'schemas']);
            for (const id of ids) await wbe.delete(`Users/${id}`);
        });

        test('PATCH as Entra ID sends it', async () => {
            const { id } = await made({ userName: 'entra@wbe.exemple.be', emails: [{ value: 'entra@wbe.exemple.be', type: 'work' }] });
            const user = await patched(`Users/${id}`,
                { op: 'Add', path: 'name.givenName', value: 'Élise' }, { op: 'Add', path: 'name.familyName', value: 'Dupont' },
                { op: 'Replace', path: 'emails[type eq "work"].value', value: 'elise.dupont@wbe.exemple.be' }, { op: 'Add', path: 'emails[type eq "other"].value', value: 'elise@maison.exemple.be' },
                { op: 'Replace', path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department', value: 'Langues' },
                { op: 'Add', path: 'addresses[type eq "work"].formatted', value: 'rue' }, { op: 'Add', path: 'title', value: 'Prof' }, { op: 'Add', path: 'externalId', value: 'guid-1' }, { op: 'Replace', path: 'active', value: 'True' });
            assert.deepEqual([user.name, user.emails.map(({ value, type }) => `${type} ${value}`), user.externalId, user.active, user.title],
                [{ familyName: 'Dupont', givenName: 'Élise' }, ['work elise.dupont@wbe.exemple.be', 'other elise@maison.exemple.be'], 'guid-1', true, undefined]);
            const more = await patched(`Users/${id}`, { op: 'replace', value: { 'name.givenName': 'Lise', displayName: 'Lise Dupont', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'x' }, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:division': 'y' } });
            assert.deepEqual([more.name.givenName, more.displayName], ['Lise', 'Lise Dupont']);
            const less = await patched(`Users/${id}`, { op: 'Remove', path: 'emails[type eq "other"]' }, { op: 'remove', path: 'externalId' }, { op: 'Remove', path: 'name.familyName' }, { op: 'remove', path: 'emails[value co "personne"]' });
            assert.deepEqual([less.emails.length, less.externalId, less.name], [1, undefined, { givenName: 'Lise' }]);
            await wbe.delete(`Users/${id}`);
        });

        test('PATCH as Okta sends it, and by the letter', async () => {
            const { id, meta } = await made({ userName: 'okta@wbe.exemple.be', emails: [{ value: 'okta@wbe.exemple.be', primary: true }] });
            const at = `Users/${id}`;
            assert.equal((await patched(at, { op: 'replace', value: { id, active: false } })).active, false);
            assert.equal((await patched(at, { op: 'replace', value: { active: true, name: { givenName: 'Oki', familyName: 'Ta' } } })).name.givenName, 'Oki');
            assert.deepEqual((await patched(at, { op: 'replace', path: 'name', value: { familyName: 'Tata' } })).name, { familyName: 'Tata', givenName: 'Oki' });
            const two = await patched(at, { op: 'add', path: 'emails', value: [{ value: 'deux@wbe.exemple.be', type: 'work', primary: true }, { value: 'OKTA@wbe.exemple.be' }] });
            assert.deepEqual(two.emails.map(({ value, primary }) => [value, primary]), [['okta@wbe.exemple.be', false], ['deux@wbe.exemple.be', true]], 'one primary address, none twice');
            const version = two.meta.version;
            await refused(wbe.patch(at, operations({ op: 'replace', path: 'emails[type eq "home"].value', value: 'x@y.be' })), 400, 'noTarget');
            await refused(wbe.patch(at, operations({ op: 'replace', path: 'unknown', value: 'x' })), 400, 'invalidPath');
            await refused(wbe.patch(at, operations({ op: 'remove', path: 'unknown' })), 400, 'noTarget');
            await refused(wbe.patch(at, operations({ op: 'remove' })), 400, 'noTarget');
            await refused(wbe.patch(at, operations({ op: 'replace', path: 'id', value: 'x' })), 400, 'mutability');
            await refused(wbe.patch(at, operations({ op: 'replace', path: 'meta.created', value: 'x' })), 400, 'mutability');
            await refused(wbe.patch(at, operations({ op: 'remove', path: 'userName' })), 400, 'invalidValue');
            await refused(wbe.patch(at, operations({ op: 'replace', path: 'userName.x', value: 'y' })), 400, 'invalidPath');
            await refused(wbe.patch(at, operations({ op: 'replace', path: 'emails[type eq', value: 'x' })), 400, 'invalidPath');
            await refused(wbe.patch(at, operations({ op: 'replace', path: 'active', value: 'oui' })), 400, 'invalidValue');
            await refused(wbe.patch(at, operations({ op: 'replace', path: 'displayName', value: { a: 1 } })), 400, 'invalidValue');
            await refused(wbe.patch(at, operations({ op: 'move', path: 'active', value: true })), 400, 'invalidSyntax');
            await refused(wbe.patch(at, operations(...Array(101).fill({ op: 'add', path: 'displayName', value: 'x' }))), 400, 'invalidSyntax');
            await refused(wbe.patch(at, {}), 400, 'invalidSyntax');
            await refused(wbe.patch(at, operations({ op: 'replace', path: 'displayName', value: 'Moitié' }, { op: 'replace', path: 'unknown', value: 'x' })), 400, 'invalidPath');
            const now = (await wbe.get(at)).json();
            assert.deepEqual([now.displayName, now.meta.version], [undefined, version], 'all of it or nothing');
            // versions
            await refused(wbe.patch(at, operations({ op: 'add', path: 'displayName', value: 'x' }), { 'if-match': meta.version }), 412);
            await refused(wbe.put(at, { userName: 'okta@wbe.exemple.be' }, { 'if-match': '"0"' }), 412);
            await refused(wbe.delete(at, { 'if-match': meta.version }), 412);
            assert.equal((await wbe.get(at, { 'if-none-match': version })).status, 304);
            assert.equal((await wbe.get(at, { 'if-none-match': meta.version })).status, 200);
            assert.equal((await wbe.delete(at, { 'if-match': `"x", ${version}` })).status, 204);
        });

        test('the life of a group: named like a school it stands for it, and who is in it belongs there', async () => {
            const users = [];
            for (const name of ['g1', 'g2', 'g3']) users.push(await made({ userName: name, emails: [{ value: `${name}@g.exemple.be` }] }));
            const at = async (name) => belongs(`${name}@g.exemple.be`).filter((place) => !place.startsWith(network));
            const value = (...list) => list.map((i) => ({ value: users[i].id }));
            const group = await made({ schemas: [schema('Group')], displayName: canal.toUpperCase(), members: value(0) }, 'Groups');
            assert.deepEqual(group.members.map((each) => [each.value, each.type, each.$ref]), [[users[0].id, 'User', `${server.url}/scim/v2/Users/${users[0].id}`]]);
            assert.deepEqual(await at('g1'), [`${canal} (member)`]);
            const path = `Groups/${group.id}`;
            const change = async (...list) => { const answer = await wbe.patch(path, operations(...list)); assert.equal(answer.status, 204, answer.text); };
            await change({ op: 'Add', path: 'members', value: value(1, 2) });
            assert.deepEqual([await at('g2'), await at('g3')], [[`${canal} (member)`], [`${canal} (member)`]]);
            await change({ op: 'Remove', path: 'members', value: value(1) });
            await change({ op: 'remove', path: `members[value eq "${users[2].id}"]` });
            assert.deepEqual([await at('g1'), await at('g2'), await at('g3')], [[`${canal} (member)`], [], []]);
            await change({ op: 'replace', value: { id: group.id, members: value(1) } });
            assert.deepEqual([await at('g1'), await at('g2')], [[], [`${canal} (member)`]]);
            // withdrawn: not there any more; back: there again
            await patched(`Users/${users[1].id}`, { op: 'Replace', path: 'active', value: 'False' });
            assert.deepEqual(await at('g2'), []);
            await patched(`Users/${users[1].id}`, { op: 'Replace', path: 'active', value: 'True' });
            assert.deepEqual(await at('g2'), [`${canal} (member)`]);
            // another name, another school; a name of none
            await change({ op: 'Replace', path: 'displayName', value: 'Équipe numérique' });
            assert.deepEqual(await at('g2'), []);
            await change({ op: 'Replace', path: 'externalId', value: 'EX-1004' });
            assert.deepEqual(await at('g2'), ["EAFC d'exemple des Deux-Rives (member)"]);
            await refused(wbe.patch(path, operations({ op: 'add', path: 'members', value: [{ value: group.id }] })), 400, 'invalidValue');
            await refused(wbe.patch(path, operations({ op: 'add', path: 'members', value: [{}] })), 400, 'invalidValue');
            await refused(wbe.patch(path, operations({ op: 'remove', path: 'members[display eq "x"]' })), 400, 'invalidPath');
            await refused(wbe.patch(path, operations({ op: 'replace', path: 'members.display', value: 'x' })), 400, 'mutability');
            await refused(wbe.patch(path, operations({ op: 'remove', path: 'displayName' })), 400, 'invalidValue');
            await refused(wbe.patch(path, operations({ op: 'replace', path: 'unknown', value: 'x' })), 400, 'invalidPath');
            await refused(wbe.post('Groups', { displayName: 'équipe NUMÉRIQUE' }), 409, 'uniqueness');
            await refused(wbe.post('Groups', { displayName: '' }), 400, 'invalidValue');
            // a school of another network is none of theirs
            const foreign = await made({ displayName: "Collège d'exemple Sainte-Aldegonde", externalId: 'EX-4001', members: value(0) }, 'Groups');
            assert.deepEqual(await at('g1'), []);
            const groups = async (filter, more = '') => (await wbe.get(`Groups?filter=${encodeURIComponent(filter)}${more}`)).json().Resources;
            assert.deepEqual((await groups(`members[value eq "${users[1].id}"]`)).map((each) => each.id), [group.id]);
            assert.deepEqual((await groups(`id eq "${group.id}" and members eq "${users[1].id}"`)).length, 1);
            assert.deepEqual((await groups('displayName eq "ÉQUIPE numérique"', '&excludedAttributes=members'))[0].members, undefined);
            assert.equal((await groups('externalId eq "EX-4001"'))[0].members.length, 1);
            const put = await wbe.put(path, { displayName: canal, members: value(0, 2) }, { 'if-match': '*' });
            assert.equal(put.status, 200, put.text);
            assert.deepEqual([await at('g1'), await at('g2'), await at('g3')], [[`${canal} (member)`], [], [`${canal} (member)`]]);
            // a user that goes leaves the groups; a group that goes ends what it stood for
            await wbe.delete(`Users/${users[2].id}`);
            assert.deepEqual((await wbe.get(path)).json().members.map((each) => each.value), [users[0].id]);
            await refused(wbe.delete(path, { 'if-match': group.meta.version }), 412);
            assert.equal((await wbe.delete(path)).status, 204);
            assert.deepEqual(await at('g1'), []);
            await refused(wbe.get(path), 404);
            await wbe.delete(`Groups/${foreign.id}`);
            for (const user of users.slice(0, 2)) await wbe.delete(`Users/${user.id}`);
        });

        test('a token sees one organisation, and only with the right', async () => {
            const mine = await made({ userName: 'chez-nous', emails: [{ value: 'nous@wbe.exemple.be' }] });
            const group = await made({ displayName: 'Chez nous' }, 'Groups');
            const segec = directory(await partnerProgram(server, await admitPartner(staff, { name: 'Annuaire SeGEC', access: 'ecrire', rights: [right], organisation: 'SeGEC' })));
            assert.equal((await segec.get('Users')).json().totalResults, 0);
            await refused(segec.get(`Users/${mine.id}`), 404);
            await refused(segec.patch(`Users/${mine.id}`, operations({ op: 'replace', path: 'active', value: false })), 404);
            await refused(segec.put(`Users/${mine.id}`, { userName: 'x', emails: [{ value: 'x@y.be' }] }), 404);
            await refused(segec.delete(`Users/${mine.id}`), 404);
            await refused(segec.delete(`Groups/${group.id}`), 404);
            await refused(segec.post('Groups', { displayName: 'G', members: [{ value: mine.id }] }), 400, 'invalidValue');
            const twin = await segec.post('Users', { userName: 'chez-nous', emails: [{ value: 'nous@segec.exemple.be' }] });
            assert.equal(twin.status, 201, 'each directory has its own names');
            // no token, a wrong one, a reader, one without the right, a person
            const nobody = directory(newProgram(server));
            await refused(nobody.get('Users'), 401);
            await refused(directory(newProgram(server, `eda_${'A'.repeat(43)}`)).get('Users'), 401);
            const reader = directory(await partnerProgram(server, await admitPartner(staff, { name: 'Lecteur', access: 'lire', rights: [right], organisation: network })));
            assert.equal((await reader.get('Users')).status, 200);
            await refused(reader.post('Users', { userName: 'z', emails: [{ value: 'z@z.be' }] }), 403);
            await refused(directory(await partnerProgram(server, partner, 'read write')).get('Users'), 403);
            const page = await staff.request('GET', '/scim/v2/Users');
            assert.equal(page.status, 403, 'no person, not even staff');
            // without an organisation there are no people to bring in
            const form = await staff.get('/gestion/partenaires');
            const loose = await staff.post('/gestion/partenaires', [['_csrf', csrfOf(form)], ['nom', 'Sans organisation'], ['acces', 'ecrire'], ['droits', right], ['organisation', '']]);
            assert.equal(loose.status, 422);
            assert.match(loose.words('main'), /pour quelle organisation/);
            for (const [at, id] of [['Users', mine.id], ['Groups', group.id]]) await wbe.delete(`${at}/${id}`);
        });

        test('a token for a year is shown once, works, and ends when it is revoked; the page says what the directory did', async () => {
            const path = `/gestion/partenaires/${partner.id}`;
            const shown = await staff.submit(await staff.get(path), `form[action="${path}/jeton"]`);
            assert.equal(shown.status, 200);
            const lasting = directory(newProgram(server, shown.html.getElementById('jeton').textContent.trim()));
            assert.equal((await lasting.get('Users')).status, 200);
            for (let i = 0; i < 55; i++) wbe = directory(await partnerProgram(server, partner)); // short ones come and go
            assert.equal((await lasting.get('Users')).status, 200);
            const page = await staff.get(path);
            const part = page.words('section[aria-labelledby="h-scim"]');
            assert.match(part, /\/scim\/v2/);
            const cells = page.html.querySelectorAll('section[aria-labelledby="h-scim"] tbody td').map((cell) => Number(cell.textContent.replace(/\D/g, '')));
            assert.ok(cells.length === 4 && cells.every((n) => n > 0), `added, changed, withdrawn, refused: ${cells}`);
            const revoke = page.html.querySelector('form[action$="/revoquer"]').getAttribute('action');
            assert.equal((await staff.submit(page, `form[action="${revoke}"]`)).status, 303);
            await refused(lasting.get('Users'), 401);
            assert.doesNotMatch(sql(server, "SELECT after FROM audit WHERE act = 'partner.token_made'"), /eda_/);
        });

        test('a page has the addresses of each of its people, in any order, and its number of all', async () => {
            const people = [];
            for (let i = 0; i < 5; i++) people.push(await made({ userName: `page-${i}`, name: { familyName: `Page${9 - i}` }, emails: [{ value: `b${i}@page.example`, type: 'work', primary: true }, { value: `a${i}@page.example`, type: 'home' }].slice(0, 1 + i % 2) }));
            const list = async (more) => (await wbe.get(`Users?filter=${encodeURIComponent('userName sw "PAGE-"')}${more}`)).json();
            for (const more of ['', '&sortBy=name.familyName', '&sortBy=userName&sortOrder=descending']) {
                const page = await list(more);
                assert.equal(page.totalResults, 5);
                for (const user of page.Resources) assert.deepEqual(user, people.find(({ id }) => id === user.id), more);
            }
            for (const [more, total, n] of [['&count=2', 5, 2], ['&count=5', 5, 5], ['&count=2&startIndex=5', 5, 1], ['&startIndex=6', 5, 0], ['&startIndex=60', 5, 0], ['&count=0', 5, 0]]) {
                const page = await list(more);
                assert.deepEqual([page.totalResults, page.Resources.length, page.itemsPerPage], [total, n, n], more);
            }
            assert.ok((await list('&attributes=userName')).Resources.every((user) => !user.emails));
            const patch = await patched(`Users/${people[1].id}`, { op: 'replace', path: 'name.familyName', value: 'Tournée' });
            assert.deepEqual(patch.emails, people[1].emails, 'what was not said stays');
        });

        test('a directory may ask 25 times a second, by all its tokens together', async () => {
            const own = await admitPartner(staff, { name: 'Pressée', access: 'ecrire', rights: [right], organisation: 'Wallonie-Bruxelles Enseignement (WBE)' });
            const programs = [await partnerProgram(server, own), await partnerProgram(server, own)];
            const statuses = [];
            const ask = async (n) => {
                for (let i = 0; i < n; i += 50) statuses.push(...(await Promise.all(Array.from({ length: 50 }, (_, k) => programs[k % 2].get('/scim/v2/Users?count=0')))).map(({ status }) => status));
            };
            await ask(800);
            assert.deepEqual([...new Set(statuses)], [200], 'half a minute of it at once');
            for (let i = 0; i < 40 && !statuses.includes(429); i++) await ask(100);
            assert.ok(statuses.includes(429), 'there is a limit');
        });

        test('a person sees what directories say of them, and it goes with their account', async () => {
            const learner = accounts.learner;
            const user = await made({ userName: 'vue-de-l-annuaire', name: { familyName: 'Vue' }, emails: [{ value: learner.email }] });
            const visitor = newVisitor(server);
            await visitor.signIn(learner);
            assert.match((await visitor.get('/compte/donnees')).words('main'), /vue-de-l-annuaire/);
            assert.equal((await wbe.delete(`Users/${user.id}`)).status, 204);
            assert.doesNotMatch((await visitor.get('/compte/donnees')).words('main'), /Nom de l’utilisateur.*vue-de-l-annuaire/);
        });
    });
