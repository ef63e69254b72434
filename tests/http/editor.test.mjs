// Writing trainings: drafts, versions and what differs, undo, two who write at once. On both engines.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, fileOf, newVisitor } from '../lib/http.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);

const digits = '0123456789abcdefghjkmnpqrstvwxyz';
const shown = (id) => BigInt(id).toString(32).padStart(13, '0').replace(/./g, (c) => digits[parseInt(c, 32)]);
const at = '/gestion/formations';

for (const engine of ['sqlite', 'pgsql'])
    describe(`writing trainings on ${engine}`, () => {
        let server;
        let staff;
        const check = (name, run) => test(`${name} (${engine})`, run);
        after(() => server?.stop());
        const one = (text) => sql(server, text).trim();
        const signedIn = async (role) => {
            const visitor = newVisitor(server);
            await visitor.signIn((await demoAccounts()).find((each) => each.role === role));
            return visitor;
        };
        async function begin() {
            server ??= await startServer({ engine });
            staff ??= await signedIn('staff');
        }
        const post = async (path, fields = [], visitor = staff) => visitor.post(path, [['_csrf', csrfOf(await visitor.get(at))], ...fields]);
        const programme = (slug) => shown(one(`SELECT id FROM programme WHERE slug = '${slug}'`));
        const node = (slug, title) => shown(one(`SELECT n.node_id FROM programme_node n JOIN programme_version v ON v.id = n.version_id JOIN programme p ON p.id = v.programme_id
            WHERE p.slug = '${slug}' AND n.title = '${title}' ORDER BY v.number IS NOT NULL, v.number DESC LIMIT 1`));
        const outline = async (slug) => (await staff.get(`${at}/${programme(slug)}`)).html.querySelectorAll('.outline .node a').map((a) => a.textContent.replace(/\s+/g, ' ').trim());
        // The form of a part as it is shown, with some fields another.
        const keep = async (slug, title, changes) => {
            const path = `${at}/${programme(slug)}/elements/${node(slug, title)}`;
            return staff.submit(await staff.get(path), `form[action="${path}"]`, changes);
        };

        check('a training begins empty, grows, and is published', async () => {
            await begin();
            assert.equal((await post(at, [['titre', 'Essai du soir'], ['genre', 'nonsense']])).status, 422);
            const made = await post(at, [['titre', 'Essai du soir'], ['genre', 'path']]);
            assert.equal(made.location, `${at}/${programme('essai-du-soir')}?fait=formation-creee`);
            const id = programme('essai-du-soir');
            assert.equal((await newVisitor(server).get('/formations/essai-du-soir')).status, 404, 'a draft is nobody else\'s');
            const added = await post(`${at}/${id}/elements`, [['parent', id], ['niveau', 2], ['titre', 'Premiers pas']]);
            assert.match(added.location, /fait=element-ajoute$/);
            await post(`${at}/${id}/elements`, [['parent', id], ['niveau', 1], ['titre', 'Une unité']]);
            await post(`${at}/${id}/elements`, [['parent', node('essai-du-soir', 'Une unité')], ['niveau', 2], ['titre', 'Deuxième pas']]);
            await post(`${at}/${id}/elements`, [['parent', node('essai-du-soir', 'Premiers pas')], ['niveau', 3], ['titre', 'À lire'], ['genre', 'page']]);
            assert.equal((await post(`${at}/${id}/elements`, [['parent', id], ['niveau', 3], ['titre', 'Perdue'], ['genre', 'page']])).status, 409, 'an activity stands in a module');
            assert.deepEqual(await outline('essai-du-soir'), ['Premiers pas', 'À lire', 'Une unité', 'Deuxième pas']);
            assert.equal((await keep('essai-du-soir', 'À lire', { champ0: '' })).status, 422, 'a page has a text');
            assert.equal((await keep('essai-du-soir', 'À lire', { champ0: 'Bonjour **toi**', seul: 20 })).location, `${at}/${id}?la=${node('essai-du-soir', 'À lire')}&fait=element-garde`);
            assert.equal((await keep('essai-du-soir', 'Deuxième pas', { regle: 'from nowhere' })).status, 422);
            assert.match((await keep('essai-du-soir', 'Deuxième pas', { regle: 'terminé "Premiers pas"', presence: 180, modalite: 'presentiel', 'cibles[]': ['digcompedu/2.1/3', 'digcompedu/4.2/0'] })).location, /element-garde/);
            assert.equal((await post(`${at}/${id}/publier`)).status, 422, 'no sentence for the card yet');
            const root = `${at}/${id}/elements/${id}`;
            const saved = await staff.submit(await staff.get(root), `form[action="${root}"]`, { resultat: 'Oser, un soir de pluie.', ouvert: true });
            assert.match(saved.location, /element-garde/);
            assert.equal((await post(`${at}/${id}/publier`, [['note', 'Première']])).location, `${at}/${id}?fait=version-publiee`);
            const page = await newVisitor(server).get('/formations/essai-du-soir');
            assert.equal(page.status, 200);
            assert.match(page.words('main'), /Deuxième pas/);
            assert.match((await newVisitor(server).get('/formations?q=pluie')).words('#results'), /Essai du soir/);
        });

        check('what is published and its groups stay as they are while a draft is written; the difference is shown', async () => {
            await begin();
            const slug = 'personnes-relais';
            const learner = await signedIn('learner');
            const title = one(`SELECT n.title FROM programme p JOIN programme_node n ON n.version_id = p.version_id AND n.level = 2 WHERE p.slug = '${slug}' ORDER BY n.position LIMIT 1`).replaceAll("'", "''");
            const followed = one(`SELECT count(*) FROM cohort c JOIN programme p ON p.id = c.programme_id WHERE p.slug = '${slug}' AND c.version_id = p.version_id`);
            assert.ok(Number(followed) > 0);
            assert.match((await keep(slug, title, { titre: 'Un autre départ', presence: 777 })).location, /element-garde/);
            assert.doesNotMatch((await learner.get(`/formations/${slug}`)).words('main'), /Un autre départ/);
            const diff = (await staff.get(`${at}/${programme(slug)}/versions/2`)).html;
            assert.equal(diff.querySelectorAll('.diff').length, 1);
            assert.match(diff.querySelector('.diff ins').textContent, /Un autre départ/);
            assert.match(diff.querySelector('.diff del').textContent, new RegExp(title.slice(0, 10)));
            await post(`${at}/${programme(slug)}/publier`, [['note', 'Le départ change']]);
            assert.equal(one(`SELECT count(*) FROM cohort c JOIN programme p ON p.id = c.programme_id JOIN programme_version v ON v.id = c.version_id WHERE p.slug = '${slug}' AND v.number = 1`), followed, 'groups stay on theirs');
            assert.match((await newVisitor(server).get(`/formations/${slug}`)).words('main'), /Un autre départ/);
            const versions = (await staff.get(`${at}/${programme(slug)}`)).words('main');
            assert.match(versions, /Version 2 .*Le départ change/);
            assert.equal((await post(`${at}/${programme(slug)}/versions/1/reprendre`)).location, `${at}/${programme(slug)}?fait=version-reprise`);
            assert.ok((await outline(slug)).some((each) => each.includes(title.replaceAll("''", "'").replace(/\s+/g, ' '))));
            assert.equal((await post(`${at}/${programme(slug)}/abandonner`)).location, `${at}/${programme(slug)}?fait=brouillon-abandonne`);
            assert.ok((await outline(slug)).some((each) => each.includes('Un autre départ')));
        });

        check('parts move, go and come back', async () => {
            await begin();
            const slug = 'essai-du-soir';
            const id = programme(slug);
            await post(`${at}/${id}/elements`, [['parent', id], ['niveau', 2], ['titre', 'Troisième pas']]);
            assert.deepEqual(await outline(slug), ['Premiers pas', 'À lire', 'Troisième pas', 'Une unité', 'Deuxième pas']);
            await post(`${at}/${id}/elements/${node(slug, 'Troisième pas')}/monter`);
            assert.deepEqual(await outline(slug), ['Troisième pas', 'Premiers pas', 'À lire', 'Une unité', 'Deuxième pas']);
            await post(`${at}/${id}/elements/${node(slug, 'Troisième pas')}/monter`);
            assert.deepEqual((await outline(slug))[0], 'Troisième pas', 'the first stays the first');
            await post(`${at}/${id}/elements/${node(slug, 'Premiers pas')}/retirer`);
            assert.deepEqual(await outline(slug), ['Troisième pas', 'Une unité', 'Deuxième pas'], 'with all below it');
            assert.equal((await post(`${at}/${id}/elements/${node(slug, 'À lire')}/remettre`)).status, 409);
            await post(`${at}/${id}/elements/${node(slug, 'Premiers pas')}/remettre`);
            assert.deepEqual(await outline(slug), ['Troisième pas', 'Premiers pas', 'À lire', 'Une unité', 'Deuxième pas']);
        });

        check('two who write the same part do not write over each other; a module cannot need itself', async () => {
            await begin();
            const slug = 'essai-du-soir';
            const path = `${at}/${programme(slug)}/elements/${node(slug, 'Premiers pas')}`;
            const [mine, theirs] = [await staff.get(path), await staff.get(path)];
            assert.match((await staff.submit(theirs, `form[action="${path}"]`, { resultat: 'Le leur' })).location, /element-garde/);
            const refused = await staff.submit(mine, `form[action="${path}"]`, { resultat: 'Le mien' });
            assert.equal(refused.status, 422);
            assert.match(refused.words('main'), /entre-temps/);
            assert.equal(refused.html.querySelector('[name=resultat]').getAttribute('value'), 'Le mien', 'what was typed stands there');
            const [a, b] = [node(slug, 'Premiers pas'), node(slug, 'Troisième pas')];
            assert.match((await keep(slug, 'Premiers pas', { besoins: [b] })).location, /element-garde/);
            assert.equal((await keep(slug, 'Troisième pas', { besoins: [a] })).status, 422);
        });

        check('the models are chosen with their questions, and shown on the form', async () => {
            await begin();
            const slug = 'essai-du-soir';
            const path = `${at}/${programme(slug)}/elements/${node(slug, 'Premiers pas')}`;
            assert.match((await staff.get(`${path}/modeles`)).words('main'), /Cette tâche était-elle réalisable auparavant/);
            assert.equal((await post(`${path}/modeles`, [['samr', 'Z']])).status, 422);
            assert.match((await post(`${path}/modeles`, [['samr', 'M'], ['aspid', 'P'], ['technologie', 1], ['pedagogie', 1]])).location, /element-garde/);
            assert.equal(one(`SELECT samr || aspid || tpack FROM programme_node n JOIN programme_version v ON v.id = n.version_id WHERE v.number IS NULL AND n.title = 'Premiers pas'`), 'MPTPK');
        });

        check('what a module aims at has a level, of DigCompEdu and of a framework that was brought in', async () => {
            await begin();
            const slug = 'essai-du-soir';
            const other = 'ia-enseignantes-et-enseignants';
            const kept = await keep(slug, 'Premiers pas', { objectifs: 'Lire une **carte**', prerequis: 'Une boussole', 'cibles[]': ['digcompedu/1.3/4', 'digcompedu/2.2/0', `${other}/2/2`] });
            assert.match(kept.location, /element-garde/);
            const path = `${at}/${programme(slug)}/elements/${node(slug, 'Premiers pas')}`;
            const chosen = (await staff.get(path)).html.querySelectorAll('[name="cibles[]"] option[selected]').map((each) => each.getAttribute('value'));
            assert.deepEqual(chosen, ['digcompedu/1.3/4', 'digcompedu/2.2/0', `${other}/2/2`]);
            for (const wrong of ['digcompedu/1.3/7', 'digcompedu/9.9/1', 'ailleurs/1/1', `${other}/2/4`, `${other}/22/1`, 'x', '1.3'])
                assert.equal((await keep(slug, 'Premiers pas', { 'cibles[]': [wrong] })).status, 422, wrong);
            const versions = Number(one(`SELECT count(*) FROM programme_version v JOIN programme p ON p.id = v.programme_id WHERE p.slug = '${slug}' AND v.number IS NOT NULL`));
            const diff = (await staff.get(`${at}/${programme(slug)}/versions/${versions + 1}`)).html.querySelectorAll('.diff').find((each) => each.textContent.includes('Premiers pas'));
            assert.match(diff.textContent.replaceAll('\u00a0', ' '), /1\.3 B2 · 2\.2/);
            assert.match(diff.textContent, /UNESCO.*: 2 Approfondir/);
            assert.doesNotMatch((await newVisitor(server).get(`/formations/${slug}`)).words('main'), /B2 Expert/, 'a draft is nobody else\'s');
            assert.match((await post(`${at}/${programme(slug)}/publier`, [['note', 'Des cibles']])).location, /version-publiee/);
            const page = await newVisitor(server).get(`/formations/${slug}`);
            assert.match(page.words('.goals'), /1\.3 .* B2 Expert/);
            assert.equal(page.html.querySelectorAll(`main a[href="/referentiels/${other}"]`).length, 1);
            assert.match(page.words('#tableau'), /1\.3\s?B2 · 2\.2/);
            assert.match(page.words('#tableau .aims'), /Premiers pas.*Objectifs.*Lire une carte.*Une boussole/);
            assert.match((await newVisitor(server).get('/formations/ap1-prendre-en-main-une-ia-generative-de-texte')).words('main'), /Objectifs.*première requête/);
            // Another level begins another draft; the version that is published keeps its own.
            await keep(slug, 'Premiers pas', { 'cibles[]': ['digcompedu/1.3/5'] });
            const later = (await staff.get(`${at}/${programme(slug)}/versions/${versions + 2}`)).html.querySelector('.diff');
            assert.match(later.querySelector('del').textContent.replaceAll('\u00a0', ' '), /1\.3 B2/);
            assert.match(later.querySelector('ins').textContent.replaceAll('\u00a0', ' '), /1\.3 C1/);
            assert.match((await newVisitor(server).get(`/formations/${slug}`)).words('.goals'), /B2 Expert/);
            // A copy aims at the same.
            await post(at, [['titre', 'Essai du matin'], ['modele', slug]]);
            assert.equal(one(`SELECT count(*) FROM programme_target t JOIN programme_version v ON v.id = t.version_id JOIN programme p ON p.id = v.programme_id WHERE p.slug = 'essai-du-matin'`), '3');
            await post(`${at}/${programme('essai-du-matin')}/abandonner`);
            assert.equal(one("SELECT count(*) FROM programme_target t WHERE NOT EXISTS (SELECT 1 FROM programme_version v WHERE v.id = t.version_id)"), '0');
        });

        check('videos and files are chosen from a list of what one may see, with a word to look for', async () => {
            await begin();
            const slug = 'essai-du-soir';
            await post(`${at}/${programme(slug)}/elements`, [['parent', node(slug, 'Premiers pas')], ['niveau', 3], ['titre', 'À voir'], ['genre', 'video']]);
            await post(`${at}/${programme(slug)}/elements`, [['parent', node(slug, 'Premiers pas')], ['niveau', 3], ['titre', 'À prendre'], ['genre', 'file']]);
            const path = `${at}/${programme(slug)}/elements/${node(slug, 'À voir')}`;
            const values = (page) => page.html.querySelectorAll('#f-champ0 option').map((each) => each.getAttribute('value'));
            const all = values(await staff.get(path));
            assert.ok(all.length > 3 && all[0] === '', String(all));
            const [video, title] = one("SELECT slug || '|' || title FROM video WHERE state = 'ready' AND opens_at IS NULL ORDER BY title LIMIT 1").split('|');
            const found = await staff.submit(await staff.get(path), `form[action="${path}"]`, { titre: 'À revoir', cherche: title.toUpperCase().slice(0, 12), chercher: 1 });
            assert.equal(found.status, 200);
            assert.ok(values(found).includes(video) && values(found).length < all.length, String(values(found)));
            assert.equal(found.html.querySelector('[name=titre]').getAttribute('value'), 'À revoir', 'what was typed stands there');
            assert.equal(node(slug, 'À voir').length, 13, 'and nothing was kept');
            const none = await staff.submit(await staff.get(path), `form[action="${path}"]`, { cherche: 'xylophonique', chercher: 1 });
            assert.deepEqual(values(none), ['']);
            assert.equal((await keep(slug, 'À voir', { champ0: '' })).status, 422);
            assert.equal((await keep(slug, 'À voir', { champ0: 'nulle-part' })).status, 422, 'one that is not there');
            assert.match((await keep(slug, 'À voir', { champ0: video })).location, /element-garde/);
            assert.equal((await staff.get(path)).html.querySelector('#f-champ0 option[selected]').getAttribute('value'), video);
            one(`UPDATE video SET state = 'withdrawn' WHERE slug = '${video}'`);
            assert.ok(!values(await staff.get(`${at}/${programme(slug)}/elements/${node(slug, 'À voir')}`)).slice(1).includes(video));
            assert.match((await keep(slug, 'À voir', { titre: 'À voir' })).location, /element-garde/, 'what stood there may stay');
            one(`UPDATE video SET state = 'ready' WHERE slug = '${video}'`);
            const file = `${at}/${programme(slug)}/elements/${node(slug, 'À prendre')}`;
            const body = new FormData();
            body.set('_csrf', csrfOf(await staff.get(at)));
            body.set('fichier', fileOf('Un plan', 'plan.txt', 'text/plain'), 'plan.txt');
            assert.equal((await staff.request('POST', '/gestion/supports', { body })).status, 303);
            const files = values(await staff.get(file));
            assert.ok(files.length > 1, 'the file is there to choose');
            assert.match((await keep(slug, 'À prendre', { champ0: files[1] })).location, /element-garde/);
            assert.equal((await keep(slug, 'À prendre', { champ0: shown(12345) })).status, 422);
            // Who writes one training and may add neither videos nor files: what lists show them, and no files.
            one(`INSERT INTO person_role (person_id, role, scope_kind, scope_id, starts_at, granted_at) SELECT p.id, 'staff', 'programme', pr.id, 1, 1 FROM person p, programme pr WHERE p.email = '${(await demoAccounts()).find((each) => each.role === 'learner').email}' AND pr.slug = '${slug}'`);
            const writer = await signedIn('learner');
            one("UPDATE video SET audience = 'link' WHERE id = (SELECT max(id) FROM video WHERE state = 'ready')");
            const hidden = one("SELECT slug FROM video WHERE audience = 'link' ORDER BY id DESC LIMIT 1");
            const theirs = await writer.get(path);
            assert.equal(theirs.status, 200);
            assert.ok(values(theirs).length > 2 && !values(theirs).includes(hidden), 'not what is shown by link alone');
            assert.ok(values(await staff.get(path)).includes(hidden));
            assert.equal((await writer.submit(theirs, `form[action="${path}"]`, { champ0: hidden })).status, 422);
            assert.deepEqual(values(await writer.get(file)).filter((each) => each && each !== files[1]), []);
            one("DELETE FROM person_role WHERE scope_kind = 'programme' AND starts_at = 1 AND granted_at = 1");
        });

        check('a large training has its modules folded, but the one where one is', async () => {
            await begin();
            const id = programme('referent-ia');
            const open = (page) => page.html.querySelectorAll('.outline details[open] > ol').map((each) => each.textContent.replace(/\s+/g, ' ').trim());
            const folded = await staff.get(`${at}/${id}`);
            assert.ok(folded.html.querySelectorAll('.outline details:not(.add)').length >= 5);
            assert.deepEqual(open(folded), []);
            const kept = await keep('referent-ia', 'La démonstration', { seul: 3 });
            const there = open(await staff.get(kept.location));
            assert.equal(there.length, 1);
            assert.match(there[0], /La démonstration/);
            assert.ok(open(await staff.get(`${at}/${programme('essai-du-soir')}`)).length >= 1, 'a small one stands open');
            await post(`${at}/${id}/abandonner`);
        });

        check('a draft is tried out as learners would see it; nothing is kept, and nobody else sees it', async () => {
            await begin();
            const id = programme('referent-ia');
            const code = (module) => shown(one(`SELECT n.node_id FROM programme_node n JOIN programme p ON p.version_id = n.version_id WHERE p.slug = 'referent-ia' AND n.code = '${module}'`));
            const slug = one("SELECT m.slug FROM module m JOIN programme_node n ON n.node_id = m.id JOIN programme p ON p.version_id = n.version_id WHERE p.slug = 'referent-ia' AND n.code = 'AP1'");
            const before = await staff.get(`${at}/${id}/apercu`);
            assert.match(before.words('#apercu'), /Aperçu de la version publiée/);
            await keep('referent-ia', 'Prendre en main une IA générative de texte', { titre: 'Une IA domptée', regle: 'from 2099-01-15' });
            for (const [titre, genre] of [['Qu’en pensez-vous ?', 'prompt'], ['Votre travail', 'deposit']])
                await post(`${at}/${id}/elements`, [['parent', code('AP1')], ['niveau', 3], ['titre', titre], ['genre', genre]]);
            const page = await staff.get(`${at}/${id}/apercu`);
            assert.match(page.words('#apercu'), /Aperçu du brouillon/);
            assert.match(page.words('main'), /Une IA domptée/);
            assert.equal(page.html.querySelectorAll('main form').length, 0, 'nothing can be sent');
            assert.doesNotMatch((await newVisitor(server).get('/formations/referent-ia')).words('main'), /IA domptée/);
            const link = page.html.querySelectorAll('#tableau a').find((each) => each.textContent.includes('IA domptée')).getAttribute('href');
            assert.equal(link, `${at}/${id}/apercu/${slug}`);
            const tables = ['completion', 'hours_entry', 'watch_view', 'deposit', 'enrolment'].filter((table) => { try { one(`SELECT count(*) FROM ${table}`); return true; } catch { return false; } });
            assert.ok(tables.length >= 4, String(tables));
            const count = () => tables.map((table) => one(`SELECT count(*) FROM ${table}`)).join();
            const counted = count();
            const kinds = [];
            for (let step = 1; step <= 5; step++) {
                const room = await staff.get(`${link}?etape=${step}`);
                assert.equal(room.status, 200);
                assert.match(room.words('#apercu'), /Aperçu du brouillon/);
                assert.match(room.words('#manque'), /Qui vient de s.inscrire.*15 janvier 2099/);
                assert.equal(room.html.querySelectorAll('main form').filter((form) => !form.closest('fieldset[disabled]')).length, 0, `step ${step} sends nothing`);
                assert.equal(room.html.querySelectorAll('edulab-watch, [data-complete-url]').filter((each) => each.tagName === 'EDULAB-WATCH' || each.getAttribute('data-complete-url')).length, 0, 'no watching is counted');
                if (room.html.querySelector('edulab-player')) kinds.push('video');
                if (room.html.querySelector('fieldset[disabled] textarea')) kinds.push('form');
            }
            assert.deepEqual(kinds, ['video', 'form', 'form']);
            assert.equal(count(), counted);
            assert.equal((await staff.get(`${at}/${id}/apercu/${one("SELECT m.slug FROM module m JOIN programme p ON p.id = m.programme_id WHERE p.slug = 'numefa' LIMIT 1")}`)).status, 404, 'of another training');
            for (const role of ['learner', 'trainer']) {
                const other = await signedIn(role);
                assert.equal((await other.get(`${at}/${id}/apercu`)).status, 403, role);
                assert.equal((await other.get(link)).status, 403, role);
            }
            await post(`${at}/${id}/abandonner`);
        });

        check('a copy has everything but the people; others may not write', async () => {
            await begin();
            const made = await post(at, [['titre', 'STEAM pour toutes'], ['modele', 'steamagine1']]);
            assert.match(made.location, /formation-creee/);
            assert.deepEqual(await outline('steam-pour-toutes'), await outline('steamagine1'));
            assert.equal((await post(`${at}/${programme('steam-pour-toutes')}/abandonner`)).location, `${at}?fait=formation-retiree`);
            assert.equal(one("SELECT count(*) FROM programme WHERE slug = 'steam-pour-toutes'"), '0');
            assert.equal(one("SELECT count(*) FROM module WHERE slug LIKE 'steam-pour-toutes%'"), '0');
            for (const role of ['learner', 'trainer', 'coach']) {
                const other = await signedIn(role);
                assert.equal((await other.get(at)).status, 403, role);
                assert.equal((await other.get(`${at}/${programme('essai-du-soir')}`)).status, 403, role);
                assert.equal((await other.post(`${at}/${programme('essai-du-soir')}/publier`, [['_csrf', csrfOf(await other.get('/formations'))]])).status, 403, role);
            }
            assert.equal((await staff.get(`${at}/${shown(12345)}`)).status, 404);
            assert.match((await staff.get(`${at}?q=SOIR`)).words('tbody'), /^Essai du soir/);
            assert.match((await staff.get(`${at}?q=été`)).words('main'), /Aucune formation trouvée/);
        });
    });
