// Who is there, in a browser: the code on the screen of the room, a phone that signs, a trainer's list that outlives the connection and the
// session.
// run: seconds=300
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { openBrowser } from '../lib/browser.mjs';
import { sql } from '../lib/crowd.mjs';
import { csrfOf } from '../lib/http.mjs';
import { longPassword, newcomer } from '../lib/people.mjs';
import { demoAccounts, startServer } from '../lib/server.mjs';

const digits = '0123456789abcdefghjkmnpqrstvwxyz';
const shown = (id) => BigInt(id).toString(32).padStart(13, '0').replace(/./g, (c) => digits[parseInt(c, 32)]);
const MINUTE = 60000;
const people = [0, 1, 2].map((i) => ({ name: `Présence ${i}`, email: `presence${i}@example.org`, password: longPassword(`presence-${i}`) }));

let server;
let browser;
let trainer;
let half;
before(async () => {
    server = await startServer();
    browser = await openBrowser(server);
    for (const who of people) {
        const visitor = await newcomer(server, who);
        await visitor.post('/formations/referent-ia/inscription', [['_csrf', csrfOf(await visitor.get('/formations'))]]);
    }
    half = sql(server, "SELECT h.id FROM meeting_half h JOIN meeting m ON m.id = h.meeting_id JOIN cohort c ON c.id = m.cohort_id WHERE c.label LIKE 'Atelier d%aujourd%' ORDER BY h.position LIMIT 1");
    const meeting = sql(server, `SELECT meeting_id FROM meeting_half WHERE id = ${half}`);
    sql(server, `UPDATE meeting SET starts_at = ${Date.now() - 300 * MINUTE}, ends_at = ${Date.now() + 300 * MINUTE} WHERE id = ${meeting};
        UPDATE meeting_half SET removed_at = 1 WHERE meeting_id = ${meeting} AND id <> ${half};
        UPDATE meeting_half SET starts_at = ${Date.now() - 5 * MINUTE}, ends_at = ${Date.now() + 175 * MINUTE} WHERE id = ${half};`);
    sql(server, `INSERT INTO date_place (cohort_id, person_id, state, steps, changed_at)
        SELECT m.cohort_id, p.id, 'confirmed', 1, 1 FROM meeting m, person p WHERE m.id = ${meeting} AND p.email IN (${people.map(({ email }) => `'${email}'`)})`);
    trainer = await browser.newPage();
    await trainer.signIn((await demoAccounts()).find(({ role }) => role === 'trainer'));
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

const list = () => `/gestion/presences/${shown(half)}`;
const line = (page, name) => page.pw.locator('tr', { hasText: name });
const choose = (page, name, label) => line(page, name).locator('select').selectOption({ label });
const keepIt = (page) => page.pw.getByRole('button', { name: 'Enregistrer la liste' }).click();
const kept = (page) => page.pw.waitForURL(/fait=liste-gardee/);

test('the code on the screen is read by a phone, which signs; the screen counts along', async () => {
    await trainer.open('/gestion/presences');
    await trainer.look('presences');
    await trainer.open(`${list()}/code`);
    await trainer.look('presence-code');
    const code = (await trainer.pw.locator('.code-big').innerText()).trim();

    const phone = await browser.newPage({ width: 390 });
    await phone.signIn(people[0]);
    await phone.open('/mon-espace');
    await phone.pw.getByRole('link', { name: /Signez votre présence/ }).click();
    await phone.look('presence-signer');
    await phone.pw.getByLabel('Code affiché').fill(code);
    await phone.pw.getByRole('button', { name: 'Je suis là' }).click();
    await phone.pw.getByText(/Signé à/).waitFor();
    await phone.look('presence-signee');
    await phone.open('/mon-espace/presences');
    await phone.look('mes-presences');
    const [file] = await Promise.all([phone.pw.waitForEvent('download'), phone.pw.getByRole('button', { name: /attestation \(PDF\)/ }).click()]);
    assert.match(execFileSync('pdftotext', [await file.path(), '-'], { encoding: 'utf8' }), /Présence 0/);
    await phone.close();
    await trainer.pw.getByText(/^1 personne sur/).waitFor({ timeout: 20000 });
});

test('a list that cannot be sent stays on the page, and goes when the connection is back', async () => {
    await trainer.open(list());
    await trainer.look('presence-liste');
    await choose(trainer, 'Présence 1', 'Excusé·e');
    trainer.expect(/ERR_INTERNET_DISCONNECTED|Failed to load resource/);
    await trainer.context.setOffline(true);
    await keepIt(trainer);
    await trainer.pw.getByText(/Vous êtes hors ligne/).waitFor();
    assert.equal(sql(server, `SELECT count(*) FROM attendance_mark WHERE half_id = ${half} AND state = 'excused'`), '0');
    await trainer.context.setOffline(false);
    await kept(trainer);
    assert.equal(sql(server, `SELECT count(*) FROM attendance_mark WHERE half_id = ${half} AND state = 'excused'`), '1');
});

test('a list outlives the session: it goes when one has signed in again in another tab', async () => {
    await trainer.open(list());
    await choose(trainer, 'Présence 2', 'Absent·e');
    sql(server, "UPDATE session SET expires_at = 1 WHERE person_id = (SELECT id FROM person WHERE email LIKE 'formatrice%' OR email LIKE 'formateur%' LIMIT 1)");
    await keepIt(trainer);
    await trainer.pw.getByText(/Vous n’êtes plus connecté·e/).waitFor();
    const other = await trainer.context.newPage();
    const { email, password } = (await demoAccounts()).find(({ role }) => role === 'trainer');
    await other.goto('/connexion');
    await other.fill('[name=email]', email);
    await other.fill('[name=password]', password);
    await Promise.all([other.waitForURL((url) => url.pathname !== '/connexion'), other.locator('form[action^="/connexion"] button:not([type=button])').first().click()]);
    await kept(trainer);
    assert.equal(sql(server, `SELECT count(*) FROM attendance_mark WHERE half_id = ${half} AND state = 'absent'`), '1');
});

test('a group, its sheet and its attestations', async () => {
    const cohort = sql(server, `SELECT m.cohort_id FROM meeting m JOIN meeting_half h ON h.meeting_id = m.id WHERE h.id = ${half}`);
    await trainer.open(`/gestion/presences/groupes/${shown(cohort)}`);
    await trainer.look('presence-groupe');
    for (const name of ['Feuille de présence (PDF)', 'Attestations de toutes et tous (PDF)']) {
        const [file] = await Promise.all([trainer.pw.waitForEvent('download'), trainer.pw.getByRole('button', { name }).click()]);
        assert.match(execFileSync('pdftotext', [await file.path(), '-'], { encoding: 'utf8' }), /Présence 0/);
    }
});
