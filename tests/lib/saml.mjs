// A SAML identity provider to sign in through: saml_idp.py, built on lasso, in a process of its own; and what an attacker does
// to its answers.
import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { temporaryFolder } from './server.mjs';
import { top } from './tree.mjs';

// { entity, metadata, answer(address, changes) → base64 }; `sp` is our metadata.
export async function openSamlIdp(address, { bits = 2048 } = {}) {
    const folder = temporaryFolder('saml-idp');
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync('openssl', ['req', '-x509', '-newkey', `rsa:${bits}`, '-nodes', '-subj', '/CN=idp', '-days', '2', '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    const child = spawn('/usr/bin/python3', [join(top, 'tests/lib/saml_idp.py'), address, key, certificate], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    let before = Promise.resolve();
    const ask = (what) => {
        const mine = before.then(async () => {
            child.stdin.write(`${JSON.stringify(what)}\n`);
            const { value } = await lines.next();
            const said = JSON.parse(value);
            if (said.error) throw new Error(said.error);
            return said;
        });
        before = mine.catch(() => {});
        return mine;
    };
    const { metadata } = await ask({ do: 'metadata' });
    return {
        entity: `${address}/idp`, address, metadata,
        answer: (asked, sp, says) => ask({ do: 'answer', query: new URL(asked).search.slice(1), sp, ...says }),
        close: () => new Promise((done) => { child.on('exit', done); child.stdin.end(); }),
    };
}

export const xmlOf = (base64) => Buffer.from(base64, 'base64').toString('utf8');
export const base64Of = (xml) => Buffer.from(xml, 'utf8').toString('base64');

// The pieces of an answer: { xml, assertion, signature (the assertion's), id }.
export function piecesOf(base64) {
    const xml = xmlOf(base64);
    const assertion = /<(\w+:)?Assertion\b[\s\S]*<\/\1?Assertion>/.exec(xml)[0];
    const signature = /<(\w+:)?Signature\b[\s\S]*?<\/\1?Signature>/.exec(assertion)[0];
    const id = /\bID="([^"]+)"/.exec(assertion)[1];
    return { xml, assertion, signature, id };
}

// Signature wrapping: the signed assertion stays somewhere, another one (somebody else) stands where one looks. `forged` is
// the same with another subject; the eight are those of Somorovsky et al. and a few of their kin.
export function wrappings(base64, { from, to }) {
    const { xml, assertion, signature, id } = piecesOf(base64);
    const bare = assertion.replace(signature, '');
    const evil = (fresh = '_evil') => bare.replace(from, to).replace(`ID="${id}"`, `ID="${fresh}"`);
    const put = (text) => xml.replace(assertion, () => text);
    const inside = (outer, inner) => outer.replace(/<\/(\w+:)?Assertion>$/, (end) => inner + end);
    const signedEvil = (content) => evil().replace(/(<(\w+:)?Issuer\b[\s\S]*?<\/\2?Issuer>)/, (all) => all + content);
    const object = (content) => signature.replace(/<\/((\w+:)?)Signature>$/, (end, prefix) => `<${prefix}Object>${content}</${prefix}Object>${end}`);
    return {
        'forged beside, before': put(evil() + assertion),
        'forged beside, behind': put(assertion + evil()),
        'the signed one within the forged': put(inside(evil(), assertion)),
        'the signed one, unsigned, within the signature of the forged': put(signedEvil(object(bare))),
        'the signature moved to the forged, the signed one within': put(inside(signedEvil(signature), bare)),
        'the signature moved to the forged, the signed one behind': put(signedEvil(signature) + bare),
        'the same id twice': put(evil(id) + assertion),
        'the same id, the signature moved': put(inside(evil(id).replace(/(<(\w+:)?Issuer\b[\s\S]*?<\/\2?Issuer>)/, (all) => all + signature), bare)),
        'in extensions': xml.replace(assertion, () => evil()).replace(/(<(\w+:)?Status\b)/, (all) => `<samlp:Extensions xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">${assertion}</samlp:Extensions>${all}`),
        'an answer within the answer': put(`${evil()}<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">${assertion}</samlp:Response>`),
        'in advice': put(evil().replace(/(<(\w+:)?Conditions\b)/, (all) => `<saml:Advice xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${assertion}</saml:Advice>${all}`)),
    };
}
