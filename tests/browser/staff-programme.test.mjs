// Staff and a training that runs: the draft is written and tried out by keyboard, published as a version with its differences; the group
// that runs stays on its version, a new group gets the new one and is planned around what stands against it.
// run: seconds=200
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser } from '../lib/browser.mjs';
import { sql } from '../lib/crowd.mjs';
import { csrfOf } from '../lib/http.mjs';
import { longPassword, newcomer } from '../lib/people.mjs';
import { demoAccounts, startServer } from '../lib/server.mjs';

const title = 'Un défi, tout de suite';
let server;
let browser;
let page;
let early; // in the group that runs
let old; // the first module's title
let outline;
before(async () => {
    server = await startServer();
    browser = await openBrowser(server);
    early = await newcomer(server, { name: 'Tôt Venue', email: 'tot@example.org', password: longPassword('tot') });
    await early.post('/formations/steamagine1/inscription', [['_csrf', csrfOf(await early.get('/formations'))]]);
    old = sql(server, "SELECT n.title FROM programme_node n JOIN programme p ON p.version_id = n.version_id WHERE p.slug = 'steamagine1' AND n.level = 2 ORDER BY n.position LIMIT 1").replace(/\s+/g, ' ').trim();
    page = await browser.newPage({ width: 1440 });
    page.pw.setDefaultTimeout(20_000);
    await page.signIn((await demoAccounts()).find(({ role }) => role === 'staff'));
});
after(async () => { await browser?.close(); await server?.stop(); });

const words = async (locator) => (await locator.innerText()).replace(/\s+/g, ' ').trim();
// Tab until the link has the focus, then Enter: nothing but the keyboard.
async function press(pw, name, most = 200) {
    for (let i = 0; i < most; i++) {
        await pw.keyboard.press('Tab');
        const focused = await pw.evaluate(() => document.activeElement?.textContent.replace(/\s+/g, ' ').trim() ?? '');
        if (focused.includes(name)) { await pw.keyboard.press('Enter'); return; }
    }
    assert.fail(`the keyboard does not reach “${name}”`);
}

test('a module is written in a draft: title, level of a competence, a video from the list', async () => {
    const { pw } = page;
    await page.open('/gestion/formations?q=steamagine');
    await pw.getByRole('link', { name: 'STEAMagine 1' }).click();
    outline = new URL(pw.url()).pathname;
    await pw.locator('.outline .l2 .node a').first().click();
    await pw.fill('[name=titre]', title);
    await pw.getByLabel(/^1\.3 /).selectOption({ label: 'C1 Leader' });
    await page.look('staff-module');
    await pw.getByRole('button', { name: 'Enregistrer' }).click();
    await pw.waitForURL(/element-garde/);
    assert.match(await words(pw.locator('.outline').first()), new RegExp(title));
    await pw.locator('details.add', { hasText: 'Ajouter une activité' }).first().locator('summary').click();
    await pw.locator('details.add[open] select[name=genre]').selectOption('video');
    await pw.locator('details.add[open]').getByLabel('Titre').fill('À regarder ensemble');
    await pw.locator('details.add[open]').getByRole('button', { name: 'Ajouter' }).click();
    await pw.waitForURL(/element-ajoute/);
    await pw.fill('[name=cherche]', 'licences');
    await pw.getByRole('button', { name: 'Chercher' }).click();
    await pw.getByText(/1 trouvé/).waitFor();
    await page.look('staff-video');
    const video = (await pw.locator('#f-champ0 option').allInnerTexts()).find((text) => /licences/i.test(text));
    await pw.selectOption('#f-champ0', { label: video });
    await pw.getByRole('button', { name: 'Enregistrer' }).click();
    await pw.waitForURL(/element-garde/);
});

test('the draft is tried out by keyboard; nobody else sees it', async () => {
    const { pw } = page;
    await page.open(outline);
    await press(pw, 'Aperçu du brouillon');
    await pw.waitForURL(/apercu$/);
    assert.match(await words(pw.locator('#apercu')), /Aperçu du brouillon/);
    assert.match(await words(pw.locator('#tableau')), new RegExp(title));
    await page.look('staff-apercu');
    await press(pw, title);
    await pw.waitForURL(/apercu\/./);
    await press(pw, 'À regarder ensemble');
    await pw.waitForURL(/etape=/);
    assert.equal(await pw.locator('edulab-player').count(), 1);
    assert.ok(await pw.getByRole('button', { name: 'J’ai regardé la vidéo' }).isDisabled());
    await page.look('staff-apercu-etape');
    const visitor = await browser.newPage({ width: 390 });
    await visitor.open('/formations/steamagine1');
    assert.doesNotMatch(await words(visitor.pw.locator('main')), new RegExp(title));
    await visitor.close();
});

test('published as a version, with what differs; the group that runs stays on its own', async () => {
    const { pw } = page;
    await page.open(outline);
    await pw.getByRole('link', { name: 'Voir les différences' }).click();
    const differs = await words(pw.locator('main'));
    assert.ok(differs.includes(title) && /C1/.test(differs) && /À regarder ensemble/.test(differs), differs);
    await page.look('staff-differences');
    await page.open(outline);
    await pw.getByLabel('Les nouveautés').fill('On commence par un défi');
    await pw.getByRole('button', { name: 'Publier' }).click();
    await pw.waitForURL(/version-publiee/);
    assert.match(await words(pw.locator('section[aria-labelledby=h-ver]')), /Version 2 au catalogue .*On commence par un défi.*Version 1/);
    assert.ok((await early.get('/mon-espace/parcours/steamagine1')).words('main').includes(old), 'the group that runs reads what it read');
    assert.ok(!(await early.get('/mon-espace/parcours/steamagine1')).words('main').includes(title));
    assert.match((await early.get('/formations/steamagine1')).words('#tableau'), new RegExp(old.slice(0, 12)));
});

test('a new group is planned with its meetings, around what stands against them, and follows the new version', async () => {
    const { pw } = page;
    const busy = JSON.parse(sql(server, `SELECT json_object('at', m.starts_at, 'room', r.name, 'trainer', p.name) FROM meeting m JOIN room r ON r.id = m.room_id
        JOIN meeting_trainer t ON t.meeting_id = m.id JOIN person p ON p.id = t.person_id WHERE m.cancelled_at IS NULL AND m.starts_at > ${Date.now() + 20 * 86400000} ORDER BY m.starts_at LIMIT 1`));
    const day = new Date(busy.at).toISOString().slice(0, 10);
    await page.open('/gestion/cohortes/ajouter');
    await pw.selectOption('[name=programme]', { label: 'STEAMagine 1' });
    await pw.fill('[name=nom]', 'Groupe neuf');
    await pw.fill('[name=places]', '12');
    await pw.fill('[name=du]', day);
    await pw.fill('[name=au]', day);
    await pw.getByRole('button', { name: 'Planifier' }).click();
    await pw.getByRole('heading', { level: 1, name: 'Groupe neuf' }).waitFor();
    await pw.getByRole('link', { name: 'Planifier des séances' }).click();
    await pw.fill('[name=jour]', day);
    await pw.fill('[name=de]', '10:00');
    await pw.fill('[name=a]', '12:00');
    await pw.selectOption('[name=salle]', { label: (await pw.locator('[name=salle] option').allInnerTexts()).find((text) => text.startsWith(busy.room)) });
    await pw.getByLabel(busy.trainer, { exact: true }).check();
    page.expect(/422/);
    const submit = () => pw.locator('form[action$="/seances"] button[type=submit]').click();
    await submit();
    await pw.getByText('Il y a un conflit :').waitFor();
    const said = await words(pw.locator('.note.bad'));
    assert.match(said, new RegExp(`La salle ${busy.room} est prise`));
    assert.match(said, new RegExp(`${busy.trainer} anime ailleurs`));
    await page.look('staff-conflit');
    // Another room does not free the trainer: an evening does both.
    await pw.fill('[name=de]', '19:00');
    await pw.fill('[name=a]', '21:00');
    await submit();
    await pw.waitForURL(/seance-planifiee/);
    assert.equal(await pw.locator('.chip.warn').count(), 0, 'nothing stands against it');
    // Room and trainer lead to their agendas.
    await pw.locator('tbody a', { hasText: busy.trainer }).click();
    await pw.waitForURL(/\/agenda\?formateur=/);
    assert.match(await words(pw.locator('main')), /STEAMagine 1/);
    await pw.goBack();
    await pw.locator('tbody a', { hasText: busy.room }).click();
    await pw.waitForURL(/\/agenda\?salle=/);
    assert.match(await words(pw.locator('main')), /STEAMagine 1/);
    const late = { name: 'Tard Venue', email: 'tard@example.org', password: longPassword('tard') };
    await newcomer(server, late);
    const learner = await browser.newPage({ width: 390 });
    learner.pw.setDefaultTimeout(20_000);
    await learner.signIn(late);
    await learner.open('/formations/steamagine1/inscription');
    await learner.pw.getByRole('link', { name: 'Groupe neuf' }).click();
    await learner.pw.locator('main form[action$="/inscription"] button[type=submit], main form[action*="/inscription"] button[type=submit]').first().click();
    await learner.pw.waitForURL(/fait=inscrit/);
    await learner.open('/mon-espace/parcours/steamagine1');
    assert.match(await words(learner.pw.locator('main')), new RegExp(title));
    await learner.look('staff-nouveau-groupe');
    await learner.close();
});
