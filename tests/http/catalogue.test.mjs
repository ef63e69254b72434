// The catalogue's search: words as French bends them, every filter with a true count, dates that pass by themselves. On both engines.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { sql } from '../lib/crowd.mjs';
import { newVisitor } from '../lib/http.mjs';
import { startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);

for (const engine of ['sqlite', 'pgsql'])
    describe(`catalogue on ${engine}`, () => {
        let server;
        let visitor;
        const check = (name, run) => test(`${name} (${engine})`, run);
        after(() => server?.stop());
        async function begin() {
            server ??= await startServer({ engine });
            visitor ??= newVisitor(server);
        }
        const find = async (query) => {
            const { status, text } = await visitor.get(`/api/v1/formations?${query}`);
            assert.equal(status, 200);
            return JSON.parse(text);
        };
        const slugs = async (query) => (await find(query)).items.map(({ slug }) => slug);
        const page = async (query) => (await visitor.get(`/formations?${query}`)).html;
        const options = (html) => html.querySelectorAll('.facets fieldset:not([hidden]) label.check').map((label) => ({
            name: label.querySelector('input').getAttribute('name'),
            value: label.querySelector('input').getAttribute('value'),
            count: Number(label.querySelector('.n').textContent),
        }));

        check('words are found as French bends them, without accents, and while they are being typed', async () => {
            await begin();
            const all = (await find('')).total;
            for (const [one, other] of [['évaluer', 'EVALUATION'], ['formations', 'formation'], ['defi', 'défis']]) {
                const [a, b] = [await slugs(`q=${encodeURIComponent(one)}`), await slugs(`q=${encodeURIComponent(other)}`)];
                assert.ok(a.length > 0, one);
                assert.deepEqual(a.sort(), b.sort(), `${one} and ${other}`);
                assert.ok((await find(`q=${encodeURIComponent(one)}`)).total < all, `${one} tells trainings apart`);
            }
            assert.ok((await slugs('q=prom')).length > 0, 'typed so far: prompt');
            assert.equal((await find('q=xylophonique')).total, 0);
            assert.equal((await find('q=%27%22%29%2A+OR+xylophonique')).total, 0, 'what an engine would take for an operator is a word');
            assert.equal((await slugs('q=steamagine'))[0], 'steamagine1', 'the title counts most');
        });

        check('a word of a text, a module or a place is found too', async () => {
            await begin();
            assert.ok((await slugs('q=mallette')).includes('steamagine1'), 'of the summary');
            assert.ok((await slugs('q=défis+élève')).length > 0, 'of a module');
            const place = sql(server, "SELECT name FROM catalogue_place ORDER BY bit LIMIT 1");
            assert.ok((await find(`q=${encodeURIComponent(place)}`)).total > 0, place);
        });

        check('the number beside every option is what one sees after ticking it', async () => {
            await begin();
            for (const query of ['', 'domaine=2&', 'q=formation&format=hybride&']) {
                const shown = options(await page(query));
                assert.ok(shown.length > 8, `${shown.length} options`);
                for (const { name, value, count } of shown) {
                    const alone = new URLSearchParams(query); // within its group an option counts by itself
                    alone.set(name, value);
                    assert.equal((await find(alone)).total, count, `${query}${name}=${value}`);
                }
            }
        });

        check('filters by competence, subject, month and place; groups that tell nothing apart are not shown', async () => {
            await begin();
            const shown = options(await page(''));
            const names = new Set(shown.map(({ name }) => name));
            for (const name of ['domaine', 'sorte', 'format', 'duree', 'pour', 'mois', 'lieu', 'matiere']) assert.ok(names.has(name), name);
            assert.ok(!names.has('competence'), 'competences come with their area');
            const ofArea = options(await page('domaine=2')).filter(({ name }) => name === 'competence');
            assert.ok(ofArea.length > 0 && ofArea.every(({ value }) => value.startsWith('2.')), JSON.stringify(ofArea));
            for (const name of ['langue', 'reseau']) assert.ok(!names.has(name), `all is in French, for all networks: ${name}`);
            const withSubject = await slugs('matiere=arts');
            assert.ok(withSubject.includes('steamagine1'));
            const { value } = shown.find(({ name }) => name === 'mois');
            const html = await page(`mois=${value}`);
            assert.match(html.querySelector('.cat-bar .chip').textContent, new RegExp(value.slice(0, 4)));
            assert.equal(html.querySelector('.cat-bar .chip').getAttribute('href'), '/formations');
            assert.ok(html.querySelector('.facets details[open] input[checked]'), 'the group of what is chosen is open');
        });

        check('the level that a training leads to is a filter: the highest counts as much as the lowest', async () => {
            await begin();
            const levels = (slug) => sql(server, `SELECT DISTINCT t.level FROM programme_target t JOIN programme p ON p.version_id = t.version_id WHERE p.slug = '${slug}' AND t.framework = 'digcompedu' ORDER BY 1`).trim().split(/\s+/).map(Number);
            const codes = ['A1', 'A2', 'B1', 'B2', 'C1', 'C2'];
            assert.ok(levels('personnes-relais').length > 2);
            for (const [i, code] of codes.entries()) {
                const found = await slugs(`niveau=${code}&sorte=path&sorte=certificate`);
                for (const slug of ['personnes-relais', 'numefa', 'referent-ia']) assert.equal(found.includes(slug), levels(slug).includes(i + 1), `${slug} ${code}`);
            }
            const ap1 = await find('niveau=B1&q=AP1');
            assert.equal(ap1.items[0].slug, 'ap1-prendre-en-main-une-ia-generative-de-texte', 'a module by its own levels');
            assert.equal((await slugs('niveau=C1&q=AP1')).includes(ap1.items[0].slug), false);
            const chip = (await visitor.get('/formations?niveau=B2')).words('.cat-bar');
            assert.match(chip, /B2 Expert/);
        });

        check('a date that has passed is replaced by the next one, by the job of the hour', async () => {
            await begin();
            const at = (slug) => sql(server, `SELECT starts_at FROM catalogue_entry WHERE slug = '${slug}'`);
            const slug = sql(server, `SELECT e.slug FROM catalogue_entry e WHERE e.module_id IS NULL AND e.starts_at IS NOT NULL
                AND (SELECT count(*) FROM cohort c WHERE c.programme_id = e.programme_id AND c.module_id IS NULL AND c.starts_at > e.starts_at) > 0 ORDER BY e.position LIMIT 1`);
            const before = at(slug);
            sql(server, `UPDATE cohort SET starts_at = 1000 WHERE id = (SELECT cohort_id FROM catalogue_entry WHERE slug = '${slug}');
                UPDATE catalogue_entry SET starts_at = 1000 WHERE slug = '${slug}';
                INSERT INTO work_job (id, kind, key, lane, payload, due_at, created_at) VALUES (9, 'catalogue.refresh', 'essai', 0, '{}', 1, 1)`);
            for (let i = 0; i < 200 && at(slug) === '1000'; i++) await new Promise((done) => setTimeout(done, 100));
            assert.ok(Number(at(slug)) > Number(before), `${at(slug)} after ${before}`);
        });
    });
