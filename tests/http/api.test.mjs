// The description of the API and the API itself: the document is valid OpenAPI 3.1, and every operation it describes is
// called, by someone who may and by someone who may not; each answer is checked against the schema it promises.
// run: seconds=300
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import addFormats from 'ajv-formats';
import Ajv2020 from 'ajv/dist/2020.js';
import { admitPartner, makeToken, newProgram, partnerProgram } from '../lib/api.mjs';
import { newVisitor } from '../lib/http.mjs';
import { demoAccounts, edulab, startServer } from '../lib/server.mjs';

let server;
let document;
let operations; // [{ method, path, operation }]
let ajv;
let staff; // a program with every right of the staff
let learner; // a program of the learner, with read and write
let badge; // an awarded badge
let activity; // an activity of the learner's programme
let upload;
let partner; // a partner's program, as staff admitted it
let provisioner; // the directory of an organisation
const scim = {}; // a user and a group of it

const schemaAt = (schema) => ajv.compile({ ...schema, components: document.components });
function mustFit(schema, value, what) {
    const fits = schemaAt(schema);
    assert.ok(fits(value), `${what}: ${JSON.stringify(fits.errors?.slice(0, 3))}\n${JSON.stringify(value).slice(0, 600)}`);
}

before(async () => {
    server = await startServer();
    const accounts = await demoAccounts();
    document = (await newProgram(server).get('/api/openapi.json?lang=en')).json();
    operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })));
    ajv = new Ajv2020({ strict: false, allErrors: false });
    addFormats.default(ajv);
    const visitors = {};
    for (const account of accounts.filter(({ role }) => ['staff', 'learner'].includes(role))) {
        visitors[account.role] = newVisitor(server);
        await visitors[account.role].signIn(account);
    }
    const rights = async (visitor) => (await visitor.get('/compte/jetons')).html.querySelectorAll('input[name=droits]').map((box) => box.getAttribute('value'));
    staff = newProgram(server, await makeToken(visitors.staff, { access: 'ecrire', rights: await rights(visitors.staff) }));
    learner = newProgram(server, await makeToken(visitors.learner, { access: 'ecrire', rights: ['learning.enrol'] }));
    partner = await admitPartner(visitors.staff, { name: 'Annuaire' });
    provisioner = await partnerProgram(server, await admitPartner(visitors.staff, { name: 'Annuaire UMONS', access: 'ecrire', rights: ['people.provision'], organisation: 'UMONS' }));
    scim.Users = (await provisioner.post('/scim/v2/Users', { userName: 'zoe@umons.exemple.be' })).json().id;
    scim.Groups = (await provisioner.post('/scim/v2/Groups', { displayName: 'Zone' })).json().id;
    const space = await visitors.learner.get('/mon-espace');
    const form = await visitors.staff.get('/badges/numefa-cop');
    const awarded = await visitors.staff.submit(form, 'form[action$="/remise"]', { email: 'apprenante@exemple.be' });
    assert.equal(awarded.status, 303);
    badge = /\/badges\/attestation\/(\w{13})/.exec((await visitors.learner.get('/mon-espace')).text)[1];
    const room = await visitors.learner.get(/href="(\/mon-espace\/modules\/[\w-]+)/.exec(space.text)[1]);
    activity = /activites\/(\w{13})\/terminer/.exec(room.text)?.[1];
    const made = await staff.request('POST', '/api/v1/uploads', { headers: { 'tus-resumable': '1.0.0', 'upload-length': '1000', 'upload-metadata': `filename ${Buffer.from('x.mp4').toString('base64')}` } });
    assert.equal(made.status, 201, made.text);
    upload = made.location.split('/').pop();
});
after(() => server?.stop());

test('the document is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(structuredClone(document));
    assert.deepEqual(result.errors ?? [], []);
    assert.ok(result.valid);
    assert.equal(document.openapi, '3.1.0');
});

test('it has every row of the API and no other, with words, who may, and an answer', async () => {
    const rows = JSON.parse((await edulab(['routes', '--json'])).stdout).filter((row) => row.api);
    const described = operations.map(({ method, path }) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`).sort();
    assert.deepEqual(described, rows.map((row) => `${row.method} ${row.path}`).sort());
    const ids = new Set();
    for (const { method, path, operation } of operations) {
        const name = `${method} ${path}`;
        assert.match(operation.summary, /^\S.{8,}\.$/, name);
        assert.ok(!ids.has(operation.operationId), name);
        ids.add(operation.operationId);
        assert.ok(Object.keys(operation.responses).some((status) => /^2/.test(status)), name);
        assert.ok(operation.responses.default, name);
        for (const [, inPath] of path.matchAll(/\{(\w+)\}/g))
            assert.ok(operation.parameters.some((each) => each.in === 'path' && each.name === inPath), `${name}: {${inPath}}`);
        for (const parameter of operation.parameters) {
            const { schema } = parameter;
            if (schema.type === 'string') assert.ok(schema.maxLength || schema.pattern || schema.format, `${name}: ${parameter.name} has no bound`);
            if (schema.type === 'integer') assert.ok('maximum' in schema, `${name}: ${parameter.name} has no bound`);
        }
    }
});

test('its words come in both languages', async () => {
    const french = (await newProgram(server).get('/api/openapi.json?lang=fr')).json();
    const same = operations.filter(({ method, path, operation }) => french.paths[path][method.toLowerCase()].summary === operation.summary);
    assert.deepEqual(same.map(({ path, operation }) => `${path}: ${operation.summary}`), []);
    assert.notEqual(french.info.description, document.info.description);
});

// What to fill in so that the call works: values by operationId or by parameter name.
function callOf({ method, path, operation }) {
    const values = { slug: 'referent-ia', id: '0000000000000' };
    const special = {
        'GET /api/v1/badges/assertions/{id}': { id: badge },
        'GET /api/v1/badges/classes/{slug}': { slug: 'numefa-cop' },
        'POST /api/v1/activites/{id}/terminer': { id: activity },
        'GET /api/v1/uploads/{id}': { id: upload },
        'GET /api/v1/videos/{slug}/commentaires': { slug: 'licences-ouvertes' },
        'POST /api/v1/videos/{slug}/commentaires': { slug: 'licences-ouvertes' },
        'DELETE /api/v1/uploads/{id}': { id: upload },
    }[`${method} ${path}`] ?? (path.startsWith('/scim/') ? { id: scim[path.split('/')[3]], name: path.includes('/Schemas/') ? 'urn:ietf:params:scim:schemas:core:2.0:User' : 'User' } : {});
    const query = new URLSearchParams(operation.parameters.filter((each) => each.in === 'query' && each.required).map((each) => [each.name, 'a']));
    return { path: `${path.replace(/\{(\w+)\}/g, (all, name) => special[name] ?? values[name] ?? 'zz')}${query.size ?? [...query].length ? `?${query}` : ''}` };
}

// Bodies of operations that need one, and who sends them when it is not a person's program.
const bodyOf = (name) => ({
    'POST /oauth/token': { grant_type: 'client_credentials', client_id: partner.client, client_secret: partner.secret },
    'POST /api/v1/videos/{slug}/commentaires': { texte: 'Merci !' },
    'POST /scim/v2/Users': { userName: 'autre@umons.exemple.be' },
    'PUT /scim/v2/Users/{id}': { userName: 'zoe@umons.exemple.be', displayName: 'Zoé' },
    'PATCH /scim/v2/Users/{id}': { Operations: [{ op: 'replace', path: 'active', value: false }] },
    'POST /scim/v2/Groups': { displayName: 'Autre' },
    'PUT /scim/v2/Groups/{id}': { displayName: 'Zone', members: [] },
    'PATCH /scim/v2/Groups/{id}': { Operations: [{ op: 'replace', path: 'displayName', value: 'Zones' }] },
}[name] ?? {});
const nobodys = new Set(['POST /oauth/token']);

// Operations whose good answer is shown elsewhere, and why.
const elsewhere = {
    'PATCH /api/v1/uploads/{id}': 'tus pieces: tests/http/uploads',
    'POST /api/v1/uploads': 'tus headers: in before()',
    'GET /api/v1/videos/{id}/avancement': 'needs a video on its way: tests/http/uploads',
    'GET /api/v1/videos/{id}/reconnaissance/{lang}': 'needs the id of a video: tests/http/recognition',
    'GET /api/v1/videos/{id}/chapitres': 'needs the id of a video: tests/http/chapters',
    'GET /api/v1/videos/{id}/decoupe': 'needs the id of a video: tests/http/cut',
    'GET /api/v1/videos/{id}/affiche': 'needs the id of a video: tests/http/poster',
};

function answerOf(operation, answer) {
    const promised = operation.responses[answer.status] ?? operation.responses.default;
    const content = promised.$ref ? document.components.responses[promised.$ref.split('/').pop()].content : promised.content;
    return { content, ok: operation.responses[answer.status] !== undefined };
}

test('every operation answers as it promises to whom it may', async () => {
    const order = ['GET', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];
    const failed = [];
    for (const each of [...operations].sort((a, b) => order.indexOf(a.method) - order.indexOf(b.method))) {
        const { method, path, operation } = each;
        const name = `${method} ${path}`;
        const mine = /activites/.test(path);
        const answer = await (nobodys.has(name) ? newProgram(server) : path.startsWith('/scim/') ? provisioner : mine ? learner : staff).request(method, callOf(each).path, { headers: { 'tus-resumable': '1.0.0' }, body: ['POST', 'PUT', 'PATCH'].includes(method) ? bodyOf(name) : undefined });
        const { content, ok } = answerOf(operation, answer);
        assert.ok(answer.status < 500, `${name}: ${answer.status} ${answer.text}`);
        if (!ok && !elsewhere[name]) failed.push(`${name}: ${answer.status} ${answer.text.slice(0, 200)}`);
        if (!content) assert.equal(answer.bytes.length, 0, `${name}: no body was promised`);
        else if (answer.status !== 304) {
            assert.ok(content[answer.type], `${name}: ${answer.type} was not promised`);
            mustFit(content[answer.type].schema, answer.json(), name);
        }
        if (answer.status < 300 && answer.type === 'application/json' && !/openapi|well-known/.test(path))
            assert.doesNotMatch(answer.text, /"[a-z_]+[A-Z]\w*":/, `${name}: names are snake_case`);
    }
    assert.deepEqual(failed, []);
});

test('every operation that asks for something refuses who has not got it', async () => {
    const nobody = newProgram(server);
    const wrong = newProgram(server, `edp_${'A'.repeat(43)}`);
    for (const each of operations) {
        const { method, path, operation } = each;
        const body = ['POST', 'PUT', 'PATCH'].includes(method) ? {} : undefined;
        const call = (program) => program.request(method, callOf(each).path, { body });
        const name = `${method} ${path}`;
        const refused = await call(wrong);
        const fits = (answer) => mustFit(Object.values(answerOf(operation, answer).content)[0].schema, answer.json(), name);
        if (path !== '/api/openapi.json') assert.equal(refused.status, 401, `${name} with a wrong token`);
        if (refused.bytes.length) fits(refused);
        if (operation.security.length === 0 || operation.security.some((one) => Object.keys(one).length === 0)) continue;
        const answer = await call(nobody);
        assert.ok([401, 403].includes(answer.status), `${name} without a token: ${answer.status}`);
        fits(answer);
        const asked = operation.security.find((one) => one.token)?.token ?? [];
        if (asked.some((scope) => scope.includes('.') && scope !== 'learning.enrol')) assert.equal((await call(learner)).status, 403, `${name} without the right`);
    }
});

test('what has not changed is not sent again', async () => {
    const nobody = newProgram(server);
    for (const { path } of operations.filter(({ method, path, operation }) => method === 'GET' && !/\{/.test(path) && operation.security.length === 0)) {
        const first = await nobody.get(path);
        const etag = first.headers.get('etag');
        assert.match(etag, /^W\/"[0-9a-f]{32}"$/, path);
        const again = await nobody.get(path, { headers: { 'if-none-match': `"x", ${etag}` } });
        assert.equal(again.status, 304, path);
        assert.equal(again.bytes.length, 0);
        assert.equal((await nobody.get(path, { headers: { 'if-none-match': '"x"' } })).status, 200, path);
    }
});

test('the page for people says the same', async () => {
    const page = await newVisitor(server).get('/api');
    assert.equal(page.status, 200);
    for (const { path } of operations) assert.ok(page.text.includes(path), path);
    assert.ok(page.html.querySelector('a[href="/api/openapi.json"]'));
});
