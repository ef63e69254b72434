// make bench ONLY=scim: a network's directory of 16,000 people: brought in, read page by page, asked for one after the other, changed.
import { join } from 'node:path';
import { admitPartner, partnerProgram } from '../lib/api.mjs';
import { startServer, temporaryFolder } from '../lib/server.mjs';

export async function scim({ row, signedIn }) {
    const many = 16_000;
    console.log(`SCIM: a directory of ${many} people`);
    for (const engine of ['sqlite', 'pgsql']) {
        const server = await startServer({ engine, logFile: join(temporaryFolder('log'), 'log') });
        const staff = await signedIn(server, 'staff');
        const admit = () => admitPartner(staff, { name: 'Annuaire', access: 'ecrire', rights: ['people.provision'], organisation: 'Wallonie-Bruxelles Enseignement (WBE)' });
        let program;
        const ask = async (method, path, body, good = 200) => {
            const answer = await program.request(method, `/scim/v2/${path}`, { body: body && JSON.stringify(body), headers: body ? { 'content-type': 'application/scim+json' } : {} });
            if (answer.status !== good) throw new Error(`${method} ${path}: ${answer.status} ${answer.text.slice(0, 200)}`);
            return answer.json();
        };
        // n requests, as many at once as `beside`: the times, sorted, in ms
        const timed = async (n, beside, one) => {
            const times = [];
            for (let next = 0, end = 0; end < n;) {
                program = await partnerProgram(server, await admit()); // a program may ask 900 times at once
                end = Math.min(n, end + 850);
                await Promise.all(Array.from({ length: beside }, async () => {
                    while (next < end) {
                        const i = next++;
                        const from = performance.now();
                        await one(i);
                        times.push(performance.now() - from);
                    }
                }));
            }
            return times.sort((a, b) => a - b);
        };
        const show = (what, times, bar) => {
            const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
            row(`${engine}: ${what}: median, p99, longest`, `${[0.5, 0.99, 1].map((share) => at(share).toFixed(1)).join(', ')} ms of ${times.length}`, bar ? `p99 under ${bar} ms` : '', bar ? at(0.99) < bar : undefined);
        };
        const ids = [];
        const begun = performance.now();
        show('a user brought in, 8 at once', await timed(many, 8, async (i) => {
            ids[i] = (await ask('POST', 'Users', { userName: `a${i}@annuaire.example`, externalId: `x${i}`, name: { givenName: `Prénom${i % 997}`, familyName: `Nom${i}` } }, 201)).id;
        }));
        row(`${engine}: ${many} users brought in`, `${((performance.now() - begun) / 1000).toFixed(1)} s`);
        const seen = new Set();
        show('a page of 200, from the first to the last', await timed(many / 200, 1, async (i) => {
            const page = await ask('GET', `Users?startIndex=${i * 200 + 1}&count=200`);
            if (page.totalResults !== many || page.Resources.length !== 200) throw new Error(`page ${i}: ${page.Resources.length} of ${page.totalResults}`);
            for (const { id } of page.Resources) seen.add(id);
        }), 200);
        if (seen.size !== many) throw new Error(`the pages hold ${seen.size} people`);
        const filter = (text) => `Users?filter=${encodeURIComponent(text)}`;
        show('one found by userName', await timed(1000, 1, async (i) => { if ((await ask('GET', filter(`userName eq "A${i * 16}@annuaire.example"`))).totalResults !== 1) throw new Error(`user ${i}`); }), 20);
        show('found by a part of the name, 100 a page', await timed(50, 1, (i) => ask('GET', `${filter(`name.familyName co "om${i}"`)}&count=100`)), 200);
        show('one changed (PATCH active)', await timed(500, 1, (i) => ask('PATCH', `Users/${ids[i]}`, { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [{ op: 'replace', value: { active: false } }] })), 50);
        await server.stop();
    }
}
