// A trainer's day in a browser, at a desk and on a phone: Mon espace with the group, who is stuck and a letter to them, the list of who is
// there with the code on the screen, a work marked with its rubric and returned with a remark on a passage.
// run: seconds=200
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser } from '../lib/browser.mjs';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, fileOf, idText } from '../lib/http.mjs';
import { waitForMail } from '../lib/mail.mjs';
import { longPassword, newcomer } from '../lib/people.mjs';
import { demoAccounts, startServer } from '../lib/server.mjs';

const DAY = 24 * 60 * 60000;
const MINUTE = 60000;
const people = ['Aline Arrêtée', 'Basile Bientôt'].map((name, i) => ({ name, email: `groupe${i}@example.org`, password: longPassword(`groupe-${i}`) }));

let server;
let browser;
let page;
let cohort;
let half;
let meeting;
before(async () => {
    server = await startServer();
    browser = await openBrowser(server);
    const one = (text) => sql(server, text).trim();
    const visitors = [];
    for (const who of people) {
        const visitor = await newcomer(server, who);
        await visitor.post('/formations/steamagine1/inscription', [['_csrf', csrfOf(await visitor.get('/formations'))]]);
        visitors.push(visitor);
    }
    const trainer = (await demoAccounts()).find(({ role }) => role === 'trainer').email;
    cohort = one(`SELECT e.cohort_id FROM enrolment e JOIN person p ON p.id = e.person_id WHERE p.email = '${people[0].email}'`);
    assert.match(cohort, /^\d+$/, 'the group they are in');
    // Their group has begun a month ago and meets now; one of them has done nothing since.
    half = one(`SELECT h.id FROM meeting_half h JOIN meeting m ON m.id = h.meeting_id JOIN meeting_trainer t ON t.meeting_id = m.id JOIN person p ON p.id = t.person_id
        WHERE m.cohort_id = ${cohort} AND p.email = '${trainer}' ORDER BY m.starts_at, h.position LIMIT 1`);
    meeting = one(`SELECT meeting_id FROM meeting_half WHERE id = ${half}`);
    one(`UPDATE cohort SET starts_at = ${Date.now() - 30 * DAY} WHERE id = ${cohort};
        UPDATE meeting SET starts_at = ${Date.now() - 5 * MINUTE}, ends_at = ${Date.now() + 175 * MINUTE} WHERE id = ${meeting};
        UPDATE meeting_half SET removed_at = 1 WHERE meeting_id = ${meeting} AND id <> ${half};
        UPDATE meeting_half SET starts_at = ${Date.now() - 5 * MINUTE}, ends_at = ${Date.now() + 175 * MINUTE} WHERE id = ${half};
        UPDATE enrolment SET created_at = ${Date.now() - 30 * DAY}, active_at = NULL WHERE cohort_id = ${cohort} AND person_id = (SELECT id FROM person WHERE email = '${people[0].email}');`);
    // The other one hands a work in, in another training.
    await visitors[1].post('/formations/referent-ia/inscription', [['_csrf', csrfOf(await visitors[1].get('/formations'))]]);
    const work = one("SELECT n.node_id FROM programme_node n JOIN programme p ON p.version_id = n.version_id WHERE p.slug = 'referent-ia' AND n.kind = 'deposit' AND n.settings LIKE '%rubric%' ORDER BY n.position LIMIT 1");
    const body = new FormData();
    for (const [name, value] of [['_csrf', csrfOf(await visitors[1].get('/formations'))], ['texte', 'Ma capsule dure deux minutes. Un élève y raconte sa ville.'], ['acte', 'remettre']]) body.set(name, value);
    body.set('fichier', fileOf('Plan de la capsule', 'plan.txt', 'text/plain'), 'plan.txt');
    const handed = await visitors[1].request('POST', `/mon-espace/depots/${idText(work)}`, { body });
    assert.equal(handed.status, 303, handed.words('main').slice(0, 300));
    page = await browser.newPage({ width: 1440 });
    page.pw.setDefaultTimeout(20_000);
    await page.signIn((await demoAccounts()).find(({ role }) => role === 'trainer'));
});
after(async () => { await browser?.close(); await server?.stop(); });

const words = async (locator) => (await locator.innerText()).replace(/\s+/g, ' ').trim();

test('from Mon espace to the group: who is where, who is stuck, and a letter in one click', async () => {
    await page.open('/mon-espace');
    assert.match(await words(page.pw.locator('.next-step')), /Vos groupes vous attendent.*Voir mes groupes.*Présences/);
    const own = page.pw.locator('section[aria-labelledby=mes-groupes]');
    assert.match(await words(own.locator('li', { hasText: 'STEAMagine 1' })), /personnes.* 1 à l’arrêt/i);
    await page.look('trainer-mon-espace');
    await own.locator(`h3 a[href="/gestion/suivi/${idText(cohort)}"]`).click();
    await page.pw.waitForURL(/\/gestion\/suivi\//);
    const [stuck, fresh] = people.map(({ name }) => page.pw.locator('tr', { hasText: name }));
    assert.match(await words(stuck), /À l’arrêt/i);
    assert.doesNotMatch(await words(fresh), /À l’arrêt/i);
    await page.look('trainer-groupe');
    await stuck.getByRole('link', { name: `Écrire ${people[0].name}` }).click();
    await page.pw.waitForURL(/ecrire/);
    assert.ok((await page.pw.inputValue('[name=texte]')).length > 20, 'a beginning is there');
    await page.look('trainer-lettre');
    await page.pw.fill('[name=texte]', 'Bonjour Aline, on se voit demain à midi pour le premier défi ?');
    await page.pw.getByRole('button', { name: 'Envoyer' }).click();
    await page.pw.waitForURL(/fait=lettre-partie/);
    const letter = await waitForMail(server.data, people[0].email, /premier défi/);
    assert.match(letter.text, /STEAMagine|mon-espace\/parcours\/steamagine1/);
});

test('the list of who is there: half-days are marked, the code on the screen changes', async () => {
    await page.open('/gestion/presences');
    await page.pw.locator(`a[href^="/gestion/presences/seances/"]`).first().waitFor();
    await page.look('trainer-presences');
    await page.pw.locator('section[aria-labelledby=h-today] h3 a').and(page.pw.locator(`[href="/gestion/presences/seances/${idText(meeting)}"]`)).click();
    await page.pw.waitForURL(new RegExp(`/gestion/presences/${idText(half)}`));
    const row = (name) => page.pw.locator('tr', { hasText: name });
    await row(people[0].name).locator('select').selectOption({ label: 'Excusé·e' });
    await row(people[1].name).locator('select').selectOption({ label: 'Présent·e' });
    await page.look('trainer-liste');
    await page.pw.getByRole('button', { name: 'Enregistrer la liste' }).click();
    await page.pw.waitForURL(/fait=liste-gardee/);
    const state = (i) => sql(server, `SELECT state FROM attendance_mark k JOIN person p ON p.id = k.person_id WHERE k.half_id = ${half} AND p.email = '${people[i].email}' ORDER BY k.id DESC LIMIT 1`).trim();
    assert.deepEqual([state(0), state(1)], ['excused', 'present']);
    assert.equal(sql(server, `SELECT sum(minutes) FROM hours_entry h JOIN person p ON p.id = h.person_id WHERE p.email = '${people[1].email}' AND h.kind = 'presence'`).trim(), '180', 'the hours follow at once');
    await page.pw.getByRole('link', { name: 'Afficher le code' }).click();
    await page.pw.locator('.code-big').waitFor();
    const shown = await words(page.pw.locator('.code-big'));
    assert.match(shown, /\d/);
    await page.look('trainer-code');
    await page.pw.waitForFunction((old) => document.querySelector('.code-big').textContent.replace(/\s+/g, ' ').trim() !== old, shown, { timeout: 70_000 });
});

test('a work is marked with its rubric, a remark stands at its passage, and it is returned; on a phone', async () => {
    const phone = await browser.newPage({ width: 390 });
    phone.pw.setDefaultTimeout(20_000);
    await phone.signIn((await demoAccounts()).find(({ role }) => role === 'trainer'));
    await phone.open('/gestion/depots');
    await phone.look('trainer-depots');
    await phone.pw.getByRole('link', { name: people[1].name }).click();
    await phone.pw.waitForURL(/\/gestion\/depots\/./);
    await phone.look('trainer-depot');
    const points = phone.pw.locator('input[name^=points]');
    assert.ok(await points.count() >= 2, 'a rubric of several criteria');
    for (const field of await points.all()) await field.fill('2');
    await phone.pw.locator('input[name=mots0]').fill('Le son est net.');
    await phone.pw.locator('summary', { hasText: 'Remarque sur un passage' }).click();
    await phone.pw.fill('[name=passage]', 'raconte sa ville');
    await phone.pw.fill('[name=remarque]', 'Quelle ville ? Une phrase de plus.');
    await phone.pw.getByRole('button', { name: 'Ajouter la remarque' }).click();
    await phone.pw.waitForURL(/depot-marque/);
    assert.match(await words(phone.pw.locator('.deposit-text')), /raconte sa ville/);
    assert.equal(await phone.pw.locator('.deposit-text mark').count(), 1, 'the remark stands at its passage');
    await phone.pw.fill('[name=comment]', 'Un beau début : essayez avec un second élève.');
    await phone.pw.getByRole('button', { name: 'Rendre' }).click();
    await phone.pw.waitForURL(/depot-rendu/);
    await phone.close();
    // Who handed it in has word of it and reads it in the room.
    await waitForMail(server.data, people[1].email, /depots|rendu|parcours/i);
    const learner = await browser.newPage({ width: 390 });
    await learner.signIn(people[1]);
    const slug = sql(server, "SELECT m.slug FROM programme_node n JOIN programme p ON p.version_id = n.version_id JOIN module m ON m.id = n.parent_id WHERE p.slug = 'referent-ia' AND n.kind = 'deposit' AND n.settings LIKE '%rubric%' ORDER BY n.position LIMIT 1").trim();
    await learner.open(`/mon-espace/modules/${slug}`);
    await learner.look('trainer-retour-lu');
    const main = await words(learner.pw.locator('main'));
    for (const said of [/Le son est net/, /Quelle ville/, /essayez avec un second élève/]) assert.match(main, said);
    await learner.close();
});
