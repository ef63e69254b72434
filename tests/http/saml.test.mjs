// Sign-in through SAML 2.0, against an identity provider built on lasso: staff connect it, people join and come back; and the
// answers of one that errs or lies, or that somebody on the way has changed. On both engines.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { after, describe, test } from 'node:test';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, fileOf, newVisitor } from '../lib/http.mjs';
import { newcomer } from '../lib/people.mjs';
import { base64Of, openSamlIdp, piecesOf, wrappings, xmlOf } from '../lib/saml.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

const staffAccount = (await demoAccounts()).find(({ role }) => role === 'staff');
const mail = 'urn:oid:0.9.2342.19200300.100.1.3';
const ana = { subject: 'ana-1234', attributes: { [mail]: ['ana@umons.example'], 'urn:oid:2.16.840.1.113730.3.1.241': ['Ana Dubois'], 'urn:oid:1.3.6.1.4.1.25178.1.2.9': ['umons.example'], groups: ['staff', 'maths'] } };
const [idp, other] = await Promise.all([openSamlIdp('http://127.0.0.1:1'), openSamlIdp('http://127.0.0.1:1')]); // the same name, another key
after(async () => { await stopPostgres(); await idp.close(); await other.close(); });

for (const engine of ['sqlite', 'pgsql']) {
    describe(engine, () => {
        let server;
        let staff;
        let id;
        let sp;
        const form = 'form[action="/gestion/connexions/saml"]';
        const add = async (fields) => staff.submit(await staff.get('/gestion/connexions/nouvelle-saml'), form, { name: 'Université de Mons', domains: 'umons.example', inside: '1', ...fields });
        const check = (name, run) => test(`${name} (${engine})`, async () => {
            if (!server) {
                server = await startServer({ engine });
                staff = newVisitor(server);
                await staff.signIn(staffAccount);
                sp = (await newVisitor(server).get('/saml/metadata')).text;
                const answer = await add({ metadata: idp.metadata });
                assert.equal(answer.status, 303, answer.words('main'));
                id = /connexions\/(\w{13})/.exec(answer.location)[1];
                await staff.submit(await staff.get(`/gestion/connexions/${id}`), 'form[action$="/allumer"]');
            }
            await run();
        });
        after(() => server?.stop());

        // Leaves for the institution; its answer for the way back.
        const leave = async (visitor, { suite = '', says = ana, from = idp, ours = (xml) => xml } = {}) => {
            const door = await visitor.get(`/connexion/institution/${id}?suite=${encodeURIComponent(suite)}`);
            assert.equal(door.status, 303, door.words('main'));
            return { door, ...(await from.answer(door.location, ours(sp), says)) };
        };
        // A browser sends no cookie of ours with the institution's form.
        const post = (response, relay) => newVisitor(server).post('/saml/acs', { SAMLResponse: response, ...(relay ? { RelayState: relay } : {}) });
        const finish = async (visitor, response, relay) => {
            const answer = await post(response, relay);
            if (answer.status !== 303) return answer;
            const page = await visitor.get(answer.location);
            return page.html.querySelector('form[data-go]') ? visitor.submit(page, 'form[data-go]') : page;
        };
        // The log comes through a pipe: a moment after the answer.
        const logged = async (told) => {
            for (let i = 0; i < 100 && !told.test(server.log); i++) await new Promise((next) => setTimeout(next, 50));
            assert.match(server.log, told);
        };
        const mustRefuse = async (change, why, { visitor = newVisitor(server), ...options } = {}) => {
            const sent = await leave(visitor, options);
            const answer = await post(await change(sent.response, sent));
            assert.equal(answer.status, 403, `${why}: ${answer.status} ${answer.location ?? ''}`);
            await logged(new RegExp(`saml: ${why}`));
            assert.equal((await visitor.get('/mon-espace')).status, 303, 'nobody is signed in');
        };
        const says = (more) => ({ says: { ...ana, ...more } });
        const same = (response) => response;

        check('our metadata name us, our address, and ask for signed assertions', async () => {
            const answer = await newVisitor(server).get('/saml/metadata');
            assert.equal(answer.type, 'application/samlmetadata+xml');
            assert.ok(sp.includes(`entityID="${server.url}/saml/metadata"`));
            assert.ok(sp.includes(`Location="${server.url}/saml/acs"`));
            assert.ok(sp.includes('WantAssertionsSigned="true"'));
        });

        check('leaving sends a request with an id of its own, and the browser keeps nothing new', async () => {
            const visitor = newVisitor(server);
            const asked = new URL((await visitor.get(`/connexion/institution/${id}?suite=/badges`)).location);
            assert.equal(`${asked.origin}${asked.pathname}`, 'http://127.0.0.1:1/sso');
            assert.equal(asked.searchParams.get('RelayState'), '/badges');
            const request = inflateRawSync(Buffer.from(asked.searchParams.get('SAMLRequest'), 'base64')).toString();
            assert.match(request, /AuthnRequest[^>]* ID="_[0-9a-f]{128}"/);
            assert.match(request, /ProtocolBinding="[^"]*HTTP-POST"/);
            assert.deepEqual([...visitor.jar.keys()], ['edulab']);
            const again = await newVisitor(server).get(`/connexion/institution/${id}`);
            assert.notEqual(new URL(again.location).searchParams.get('SAMLRequest'), asked.searchParams.get('SAMLRequest'));
        });

        check('a newcomer of a trusted domain joins, and the next time the button is enough', async () => {
            const visitor = newVisitor(server);
            const { response, relay } = await leave(visitor, { suite: '/badges' });
            const page = await finish(visitor, response, relay);
            assert.match(page.words('main'), /ana@umons\.example/);
            const joined = await visitor.submit(page, 'form[action="/connexion/institution/arrivee"]', { terms: '1' });
            assert.equal(joined.location, '/badges?fait=institution-bienvenue');
            assert.match((await visitor.get('/mon-espace')).words('main'), /Ana Dubois/);
            const second = newVisitor(server);
            const back = await leave(second);
            assert.equal((await finish(second, back.response)).location, '/mon-espace?fait=connecte');
            assert.equal((await second.get('/mon-espace')).status, 200);
        });

        check('attributes become organisations and roles by the rules, by their usual names', async () => {
            for (const fields of [{ claim: 'schacHomeOrganization', value: '*', organisation: '*', role: 'member' }, { claim: 'groups', value: 'maths', organisation: 'UMONS-MATHS', role: 'trainer' }])
                assert.equal((await staff.submit(await staff.get(`/gestion/connexions/${id}`), 'form[action$="/regles"]', fields)).status, 303);
            const visitor = newVisitor(server);
            await finish(visitor, (await leave(visitor)).response);
            assert.equal(sql(server, "SELECT organisation, role FROM identity_affiliation a JOIN identity i ON i.id = a.identity_id WHERE i.subject = 'ana-1234' ORDER BY organisation"), 'UMONS-MATHS|trainer\numons.example|member');
            assert.equal((await visitor.get('/gestion')).status, 403);
        });

        check('an address elsewhere opens nothing; who is signed in links by a yes', async () => {
            const bob = { subject: 'bob', attributes: { [mail]: ['bob@ailleurs.example'], displayName: ['Bob'] } };
            const visitor = newVisitor(server);
            assert.match((await finish(visitor, (await leave(visitor, { says: bob })).response)).location, /\/inconnu$/);
            const owner = await newcomer(server, { name: 'Bob', email: 'bob@ailleurs.example', password: 'mot-de-passe-de-bob' });
            const page = await finish(owner, (await leave(owner, { says: bob })).response);
            assert.match(page.words('main'), /bob@ailleurs\.example/);
            assert.equal((await owner.submit(page, 'form[action="/connexion/institution/arrivee"]')).location, '/compte/institutions?fait=institution-liee');
        });

        check('an answer counts once, for the browser that left', async () => {
            const visitor = newVisitor(server);
            const { response } = await leave(visitor);
            const answer = await post(response);
            assert.equal(answer.status, 303);
            assert.equal((await newVisitor(server).get(answer.location)).status, 410, 'another browser');
            const victim = newVisitor(server);
            await leave(victim); // it has a visit of its own
            assert.equal((await victim.get(answer.location)).status, 410, 'a browser that left too');
            assert.equal((await post(response)).status, 403, 'a second time');
            await logged(/saml: request used/);
            assert.equal((await visitor.submit(await visitor.get(answer.location), 'form[data-go]')).status, 303);
            assert.equal((await post(response)).status, 403, 'and after the sign-in');
        });

        check('at the same moment twice: once', async () => {
            const { response } = await leave(newVisitor(server));
            const statuses = (await Promise.all([1, 2, 3, 4].map(() => post(response)))).map((answer) => answer.status).sort();
            assert.deepEqual(statuses, [303, 403, 403, 403]);
        });

        check('wrong signatures: changed, of another key, taken away, weak', async () => {
            await mustRefuse((response) => base64Of(xmlOf(response).replace(/ana@umons/g, 'eva@umons')), 'signature');
            await mustRefuse((response) => base64Of(xmlOf(response).replace('ana-1234', 'eva-1234')), 'signature');
            await mustRefuse((response) => base64Of(xmlOf(response).replace(/(SignatureValue>\s*)([A-Za-z0-9+/])/g, (all, tag, letter) => tag + (letter === 'A' ? 'B' : 'A'))), 'signature');
            await mustRefuse(same, 'signature', { from: other });
            await mustRefuse((response) => { const { xml, signature } = piecesOf(response); return base64Of(xml.replace(signature, '')); }, 'the assertion is not signed');
            await mustRefuse((response) => base64Of(xmlOf(response).replace(/<(\w+:)?Signature\b[\s\S]*?<\/\1?Signature>/g, '')), 'the assertion is not signed');
            await mustRefuse(same, 'signature method', says({ sha1: true }));
            await mustRefuse((response) => base64Of(xmlOf(response).replaceAll('xmldsig-more#rsa-sha256', 'xmldsig-more#hmac-sha256')), 'signature method');
            await mustRefuse((response) => base64Of(xmlOf(response).replaceAll('xml-exc-c14n#', 'xml-exc-c14n#WithComments')), '(canonicalization|a transform)');
        });

        check('only the assertion is signed: fine; only the answer around it: refused', async () => {
            const visitor = newVisitor(server);
            const { response } = await leave(visitor);
            const { xml, assertion } = piecesOf(response);
            const outer = xml.replace(assertion, '<A/>').replace(/<(\w+:)?Signature\b[\s\S]*?<\/\1?Signature>/, '').replace('<A/>', () => assertion);
            assert.equal((await finish(visitor, base64Of(outer))).location, '/mon-espace?fait=connecte');
        });

        check('wrapped assertions, in every way known', async () => {
            const names = Object.keys(wrappings((await leave(newVisitor(server))).response, { from: 'ana-1234', to: 'eva-1234' }));
            assert.ok(names.length >= 8);
            for (const name of names) {
                const visitor = newVisitor(server);
                const { response } = await leave(visitor);
                const evil = wrappings(response, { from: 'ana-1234', to: 'eva-1234' })[name];
                assert.notEqual(evil, xmlOf(response), name);
                assert.ok(evil.includes('eva-1234'), name);
                const answer = await finish(visitor, base64Of(evil));
                assert.equal(answer.status, 403, name);
            }
            assert.equal(sql(server, "SELECT count(*) FROM federation_arrival WHERE subject = 'eva-1234'"), '0');
        });

        check('meant for somebody else, by somebody else, or for another request', async () => {
            await mustRefuse(same, 'audience', says({ audience: 'https://ailleurs.example/sp' }));
            // lasso writes the address of our metadata: so it is given others. Without the outer signature the assertion's own counts.
            const elsewhere = (xml) => xml.replaceAll('/saml/acs', '/saml/ailleurs');
            const bare = (response) => { const { xml, assertion } = piecesOf(response); return xml.replace(assertion, '<A/>').replace(/<(\w+:)?Signature\b[\s\S]*?<\/\1?Signature>/, '').replace(/ Destination="[^"]+"/, '').replace('<A/>', () => assertion); };
            await mustRefuse((response) => base64Of(bare(response)), 'recipient', { ours: elsewhere });
            await mustRefuse(same, 'destination', { ours: elsewhere });
            await mustRefuse(same, 'in response to', says({ inResponseTo: '_autre' }));
            await mustRefuse(same, '(issuer of the assertion|signature)', says({ issuer: 'https://ailleurs.example/idp' }));
            await mustRefuse((response) => base64Of(xmlOf(response).replace(/InResponseTo="_[0-9a-f]+"/g, '')), '(request|signature)');
            await mustRefuse((response) => base64Of(xmlOf(response).replace(/Destination="[^"]+"/, 'Destination="https://ailleurs.example/acs"')), '(destination|signature)');
        });

        check('clocks: a minute apart is fine, five are not', async () => {
            await mustRefuse(same, 'confirmation expired', says({ shift: -500 }));
            await mustRefuse(same, '(not yet valid|issued in the future)', says({ shift: 300 }));
            for (const shift of [-60, 60]) {
                const visitor = newVisitor(server);
                assert.equal((await finish(visitor, (await leave(visitor, says({ shift }))).response)).location, '/mon-espace?fait=connecte', `${shift} s`);
            }
        });

        check('a request that is not ours is refused, and one of an institution switched off meanwhile', async () => {
            const strange = (address) => { const url = new URL(address); const request = inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest'), 'base64')).toString().replace(/ID="_[0-9a-f]{8}/, 'ID="_00000000'); url.searchParams.set('SAMLRequest', deflateRawSync(request).toString('base64')); return url.href; };
            await mustRefuse(same, 'request', { from: { answer: (asked, ours, what) => idp.answer(strange(asked), ours, what) } });
            const { response } = await leave(newVisitor(server));
            await staff.submit(await staff.get(`/gestion/connexions/${id}`), 'form[action$="/eteindre"]');
            assert.equal((await post(response)).status, 403, 'switched off meanwhile');
            await staff.submit(await staff.get(`/gestion/connexions/${id}`), 'form[action$="/allumer"]');
        });

        check('a name that changes each time is no name', async () => {
            const transient = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient';
            await mustRefuse(same, 'no lasting name', says({ format: transient }));
            const visitor = newVisitor(server);
            const with_id = { ...ana, format: transient, attributes: { ...ana.attributes, 'urn:oasis:names:tc:SAML:attribute:subject-id': ['ana-1234'] } };
            assert.equal((await finish(visitor, (await leave(visitor, { says: with_id })).response)).location, '/mon-espace?fait=connecte');
        });

        check('document types, entities, bombs, comments and other oddities are refused before they are parsed', async () => {
            const laughs = `<!DOCTYPE x [<!ENTITY a "ha">${Array.from({ length: 9 }, (_, i) => `<!ENTITY ${String.fromCharCode(98 + i)} "${`&${String.fromCharCode(97 + i)};`.repeat(10)}">`).join('')}]>`;
            const started = (xml, more) => base64Of(xml.replace(/^(<\?xml[^>]*\?>)?/, (head) => head + more));
            const tries = {
                bomb: (response) => started(xmlOf(response).replace('ana-1234', '&j;'), laughs),
                doctype: (response) => started(xmlOf(response), '<!DOCTYPE Response SYSTEM "file:///etc/passwd">'),
                external: (response) => started(xmlOf(response).replace('ana-1234', '&x;'), '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
                comment: (response) => base64Of(xmlOf(response).replace('ana-1234', 'ana<!-- -->-1234')),
                cdata: (response) => base64Of(xmlOf(response).replace('ana-1234', '<![CDATA[ana-1234]]>')),
                instruction: (response) => base64Of(xmlOf(response).replace('ana-1234', 'ana<?x y?>-1234')),
                utf16: (response) => Buffer.from(`\uFEFF${xmlOf(response)}`, 'utf16le').toString('base64'),
                utf7: (response) => base64Of(`<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-${xmlOf(response)}`),
                deep: () => base64Of(`${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}`),
                cut: (response) => base64Of(xmlOf(response).slice(0, -40)),
                nul: (response) => base64Of(xmlOf(response).replace('ana-1234', 'ana\0-1234')),
                rubbish: () => base64Of('rien du tout'),
                'no base64': () => '%%%',
                empty: () => base64Of(' '),
            };
            for (const [name, change] of Object.entries(tries)) {
                const { response } = await leave(newVisitor(server));
                const begun = process.hrtime.bigint();
                const answer = await post(change(response));
                assert.equal(answer.status, 403, `${name}: ${answer.status}`);
                assert.ok(process.hrtime.bigint() - begun < 20_000_000_000n, name);
            }
            assert.equal((await post('A'.repeat(190_000))).status, 403, 'long');
            assert.equal((await post('A'.repeat(600_000))).status, 413, 'far too long');
            assert.equal((await post('')).status, 422);
            assert.equal((await newVisitor(server).get('/healthz')).status, 200, 'it still stands');
        });

        check('an institution that refuses is told apart, and who sends rubbish gets a page', async () => {
            const xml = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_a" Version="2.0"><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"/></samlp:Status></samlp:Response>`;
            const answer = await post(base64Of(xml));
            assert.equal(answer.status, 403);
            assert.match(answer.words('main'), /Rien n’a changé/);
        });

        check('metadata of staff: what is wrong is said, what was typed stays', async () => {
            const weak = await openSamlIdp('http://127.0.0.1:2', { bits: 1024 });
            const wrong = [
                ['', /Donnez les métadonnées/],
                ['<a/>', /fournisseur d’identité/],
                [sp, /fournisseur d’identité/],
                [idp.metadata.replace('<EntityDescriptor', '<!DOCTYPE x [<!ENTITY e "x">]><EntityDescriptor'), /type de document/],
                [idp.metadata.slice(0, 300), /coupé/],
                [`<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">${idp.metadata.replace(/^<\?xml.*\?>/, '')}</EntitiesDescriptor>`, /toute une fédération/],
                [idp.metadata.replace(/<KeyDescriptor[\s\S]*<\/KeyDescriptor>/, ''), /certificat/],
                [weak.metadata, /certificat/],
                [idp.metadata.replace('http://127.0.0.1:1/sso', 'javascript:alert(1)'), /https/],
                [idp.metadata.replace('HTTP-Redirect', 'HTTP-POST'), /redirection/],
            ];
            await weak.close();
            for (const [metadata, why] of wrong) {
                const answer = await add({ name: 'Un nom gardé', metadata });
                assert.equal(answer.status, 422, metadata.slice(0, 80));
                assert.match(answer.words('.errors'), why);
                assert.equal(answer.html.querySelector('[name=name]').getAttribute('value'), 'Un nom gardé');
                if (metadata) assert.ok(answer.html.querySelector('textarea').textContent.includes(metadata.trim().slice(-30).replace(/&/g, '&amp;')) || answer.text.length > 1000);
            }
            assert.equal((await add({ metadata: idp.metadata })).status, 422, 'twice');
            assert.equal((await add({ metadata: idp.metadata, inside: undefined })).status, 422, 'plain http is for inside');
            assert.equal((await add({ metadata: idp.metadata, address: 'https://x.example/metadata' })).status, 422, 'in two ways');
            assert.match((await add({ address: 'http://127.0.0.1:1/metadata', inside: undefined })).words('.errors'), /adresse entière/);
        });

        check('as a file, and by an address that is asked again', async () => {
            let served = idp.metadata.replaceAll('127.0.0.1:1', '127.0.0.1:3');
            const host = createServer((request, response) => response.end(served));
            host.listen(0, '127.0.0.1');
            await once(host, 'listening');
            try {
                const file = await add({ name: 'Par fichier', fichier: fileOf(idp.metadata.replaceAll('127.0.0.1:1', '127.0.0.1:4'), 'idp.xml', 'text/xml') });
                assert.equal(file.status, 303, file.words('.errors'));
                const address = `http://127.0.0.1:${host.address().port}/metadata`;
                const answer = await add({ name: 'Par adresse', address });
                assert.equal(answer.status, 303, answer.words('.errors'));
                const page = () => staff.get(new URL(answer.location, server.url).pathname);
                served = other.metadata.replaceAll('127.0.0.1:1', '127.0.0.1:3');
                assert.match((await staff.submit(await page(), 'form[action$="/tester"]')).location, /connexion-bonne/);
                assert.ok(sql(server, "SELECT document FROM identity_provider WHERE name = 'Par adresse'").includes(other.metadata.slice(600, 900)), 'the new key has come');
                served = idp.metadata;
                assert.match((await staff.submit(await page(), 'form[action$="/tester"]')).location, /connexion-muette/);
                assert.match((await page()).words('main'), /un autre fournisseur/);
                const edited = await staff.submit(await page(), 'form[action$="/saml"]', { name: 'Par adresse, rebaptisée', address: '' });
                assert.equal(edited.status, 303, edited.words('.errors'));
                assert.match((await page()).words('h1'), /rebaptisée/);
            } finally { host.close(); }
        });

        check('the journal and the log hold no assertion', async () => {
            const acts = sql(server, "SELECT DISTINCT act FROM audit WHERE act LIKE 'institution.%' ORDER BY act").split('\n');
            for (const act of ['added', 'changed', 'entered', 'linked', 'rule_added', 'switched']) assert.ok(acts.includes(`institution.${act}`), act);
            assert.ok(!/Assertion|ana@umons|ana-1234/.test(server.log));
            assert.ok(csrfOf(await staff.get('/gestion')));
        });
    });
}
