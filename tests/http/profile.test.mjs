// What a person says about themselves: kept as typed, refused where it is not ours, shown to nobody else. On both engines.
// run: pgsql
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { sql } from '../lib/crowd.mjs';
import { newVisitor } from '../lib/http.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);

for (const engine of ['sqlite', 'pgsql']) {
    describe(engine, () => {
        const check = (name, run) => test(`${name} (${engine})`, run);
        let server;
        let me;
        async function begin() {
            if (server) return;
            server = await startServer({ engine });
            me = newVisitor(server);
            await me.signIn((await demoAccounts()).find(({ role }) => role === 'learner'));
        }
        after(() => server?.stop());
        const form = 'form[action="/compte"]';

        check('what is filled in comes back, choice by choice', async () => {
            await begin();
            const saved = await me.submit(await me.get('/compte'), form, {
                name: 'Éloïse d’Ath', pronoun: 'elle', category: 'teacher', subjects: 'maths & <sciences>', organisation: 'École "du Parc"', lang: 'fr', theme: 'dark' });
            assert.equal(saved.status, 303, saved.words('main'));
            const page = await me.get(saved.location);
            assert.match(page.words('.notice'), /à jour/);
            assert.equal(page.html.querySelector('html').getAttribute('data-theme'), 'dark');
            const field = (name) => page.html.querySelector(`[name=${name}]`).getAttribute('value');
            assert.equal(field('name'), 'Éloïse d’Ath');
            assert.equal(field('pronoun'), 'elle');
            assert.equal(field('subjects').replaceAll('&amp;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>'), 'maths & <sciences>');
            assert.ok(page.html.querySelector('option[value=teacher]').hasAttribute('selected'));
        });

        check('several levels are kept, and none when none is ticked', async () => {
            await begin();
            const page = await me.get('/compte');
            const fields = [['_csrf', page.html.querySelector('input[name=_csrf]').getAttribute('value')], ['name', 'Éloïse'], ['lang', 'fr']];
            const ticked = async () => (await me.get('/compte')).html.querySelectorAll('[name=levels][checked]').map((box) => box.getAttribute('value'));
            assert.equal((await me.post('/compte', [...fields, ['levels', 'primaire'], ['levels', 'jeunesse']])).status, 303);
            assert.deepEqual(await ticked(), ['primaire', 'jeunesse']);
            assert.equal((await me.post('/compte', fields)).status, 303);
            assert.deepEqual(await ticked(), []);
            assert.equal(sql(server, 'SELECT count(*) FROM profile'), '1', 'changed, not added');
        });

        check('what is not ours is refused beside its field, and what was typed stays', async () => {
            await begin();
            const before = sql(server, 'SELECT * FROM profile');
            for (const [name, value] of [['category', 'emperor'], ['lang', 'de'], ['theme', 'pink'], ['levels', 'lycee'], ['name', 'x'], ['pronoun', 'p'.repeat(31)], ['subjects', 's'.repeat(201)]]) {
                const answer = await me.submit(await me.get('/compte'), form, { organisation: 'ce qui reste', [name]: value });
                assert.equal(answer.status, 422, name);
                assert.ok(answer.html.querySelector(`#m-${name}`), `a message beside ${name}`);
                assert.equal(answer.html.querySelector('[name=organisation]').getAttribute('value'), 'ce qui reste');
            }
            assert.equal(sql(server, 'SELECT * FROM profile'), before);
        });

        check('the language of the account wins over the one chosen on the device before', async () => {
            await begin();
            await me.get('/?lang=fr');
            const saved = await me.submit(await me.get('/compte'), form, { lang: 'en' });
            const page = await me.get(saved.location);
            assert.equal(page.html.querySelector('html').getAttribute('lang'), 'en');
            assert.equal((await me.get('/formations')).html.querySelector('html').getAttribute('lang'), 'en');
        });
    });
}
