// How people get into a group, in a browser, on a phone and at a desk: a learner asks, the head agrees, a contact enrols colleagues,
// staff plan, a trainer looks at the agenda.
// run: seconds=400
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser } from '../lib/browser.mjs';
import { sql } from '../lib/crowd.mjs';
import { demoAccounts, startServer } from '../lib/server.mjs';

let server;
let browser;
let accounts;
before(async () => {
    server = await startServer();
    browser = await openBrowser(server);
    accounts = await demoAccounts();
});
after(async () => {
    await browser?.close();
    await server?.stop();
});

async function signedIn(role, options) {
    const page = await browser.newPage(options);
    await page.signIn(accounts.find((each) => each.role === role));
    return page;
}
const arrived = (page, pattern) => page.pw.waitForURL(pattern);

test('a learner chooses a group, answers and asks; the head agrees from a phone', async () => {
    const learner = await signedIn('learner', { width: 390 });
    await learner.open('/formations/personnes-relais');
    await learner.pw.locator('main a[href$="/inscription"]').first().click();
    await arrived(learner, /inscription$/);
    await learner.look('inscription');
    await learner.pw.getByRole('link', { name: 'Cohorte 2' }).click();
    await learner.pw.getByLabel('En train').check();
    await learner.pw.getByRole('button', { name: 'Demander l’accord' }).click();
    await arrived(learner, /fait=demande/);
    await learner.open('/mon-espace/inscriptions');
    await learner.look('mes-inscriptions');

    const head = await signedIn('head', { width: 390 });
    await head.open('/mon-espace');
    await head.pw.getByRole('link', { name: /demande attend votre accord/ }).click();
    await head.look('accords');
    assert.match(await head.pw.innerText('main'), /Enseignante J[^]*En train/);
    await head.pw.getByRole('button', { name: 'Je donne mon accord Enseignante J' }).click();
    await arrived(head, /accord-donne/);
    await learner.open('/mon-espace/inscriptions');
    const mine = learner.pw.locator('li', { hasText: 'Personnes relais' });
    assert.match(await mine.innerText(), /Inscription faite/);
    // Leaving, and taking it back.
    await mine.locator('summary').click();
    await mine.locator('form[action$="/desinscription"] button').click();
    await arrived(learner, /desinscrit/);
    await learner.pw.getByRole('button', { name: /Annuler : je reste/ }).click();
    await arrived(learner, /fait=/);
    assert.match(await mine.innerText(), /Inscription faite|Attend l’accord/);
    await learner.close();
    await head.close();
});

test('a contact enrols colleagues and replaces one', async () => {
    for (const width of [390, 1440]) {
        const page = await signedIn('contact', { width });
        await page.open('/mon-espace/equipe');
        await page.look('equipe');
        if (width === 1440) {
            await page.pw.selectOption('[name=groupe]', { label: (await page.pw.locator('[name=groupe] option').allInnerTexts()).find((text) => /STEAMagine 2/.test(text)) });
            await page.pw.locator('label.check', { hasText: 'Direction F' }).first().click();
            await page.pw.fill('[name=adresses]', 'personne@ailleurs.example');
            await page.pw.locator('form[action="/mon-espace/equipe"] button').click();
            await page.pw.getByRole('heading', { level: 1, name: /1 personne inscrite/ }).waitFor();
            await page.look('equipe-resultat');
            await page.pw.getByRole('link', { name: 'Retour à mon équipe' }).click();
            await page.pw.getByRole('link', { name: 'Remplacer Direction F' }).click();
            await page.look('remplacer');
            await page.pw.selectOption('[name=par]', { label: 'Contact G' });
            await page.pw.getByRole('button', { name: 'Remplacer' }).click();
            await arrived(page, /fait=remplace/);
            assert.match(await page.pw.innerText('tbody'), /Contact G/);
        }
        await page.close();
    }
});

test('staff plan a series, and are told of what stands against it', async () => {
    const page = await signedIn('staff', { width: 1440 });
    await page.open('/gestion/cohortes');
    await page.look('planification');
    await page.pw.getByRole('link', { name: 'Cohorte 3' }).first().click();
    await page.look('groupe');
    const label = await page.pw.locator('tbody th').first().innerText();
    assert.ok(label);
    await page.pw.getByRole('link', { name: 'Planifier des séances' }).click();
    await page.look('seances');
    const at = Number(sql(server, "SELECT min(m.starts_at) FROM meeting m JOIN cohort c ON c.id = m.cohort_id WHERE c.label = 'Cohorte 3'"));
    await page.pw.fill('[name=jour]', new Date(at).toISOString().slice(0, 10));
    await page.pw.fill('[name=de]', '10:00');
    await page.pw.fill('[name=a]', '11:00');
    await page.pw.selectOption('[name=salle]', { label: (await page.pw.locator('[name=salle] option').allInnerTexts()).find((text) => /Salle Atelier/.test(text)) });
    page.expect(/422/);
    await page.pw.locator('form[action$="/seances"] button[type=submit]').click();
    await page.pw.getByText('Il y a un conflit :').waitFor();
    await page.look('seances-conflit');
    await page.pw.getByLabel('C’est voulu').check();
    await page.pw.locator('form[action$="/seances"] button[type=submit]').click();
    await arrived(page, /seance-planifiee/);
    await page.pw.getByRole('link', { name: 'Inscriptions', exact: true }).first().click();
    await page.look('liste-inscriptions');
    await page.open('/gestion/salles');
    await page.look('salles');
    await page.close();
    const phone = await signedIn('staff', { width: 390 });
    await phone.open('/gestion/cohortes');
    await phone.look('planification');
    await phone.pw.getByRole('link', { name: 'Cohorte 3' }).first().click();
    await phone.look('groupe');
    await phone.close();
});

test('the agenda: month, week and list, with the keyboard and on a phone; a trainer sees theirs and makes an address', async () => {
    for (const width of [390, 1440]) {
        const page = await signedIn('trainer', { width });
        await page.open('/agenda?date=2027-01-15');
        await page.look('agenda-mois');
        const day = page.pw.locator('table.cal .dn a', { hasText: /^15 / });
        await day.focus();
        await page.pw.keyboard.press('Enter');
        await arrived(page, /vue=liste/);
        await page.look('agenda-liste');
        await page.open('/agenda?vue=semaine&date=2027-01-15');
        await page.look('agenda-semaine');
        await page.open('/mon-espace/agenda?date=2027-01-15');
        assert.ok((await page.pw.locator('.agenda li').count()) > 0, 'meetings where they train');
        await page.pw.locator('form[action="/mon-espace/agenda/flux"] button').click();
        await page.pw.locator('#flux').waitFor();
        await page.look('agenda-adresse');
        await page.close();
    }
    const visitor = await browser.newPage({ width: 390, javascript: false });
    await visitor.open('/agenda');
    await visitor.look('agenda-sans-script');
    await visitor.close();
});
