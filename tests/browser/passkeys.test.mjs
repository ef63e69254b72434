// A person's way with a passkey, in Chromium with an authenticator of its own (CDP): added, used to sign in by the button and by
// the field, used as the second step, removed; and how strong a new password is, shown as one types.
// run: seconds=300
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser } from '../lib/browser.mjs';
import { newcomer } from '../lib/people.mjs';
import { freePort, startServer } from '../lib/server.mjs';

const me = { name: 'Inès Clé', email: 'ines.cle@example.org', password: 'trois-mots-en-rang' };
let server;
let browser;
let page;
let pw;
let device; // its protocol

before(async () => {
    const port = await freePort();
    server = await startServer({ demo: false, port, settings: { public_url: `http://localhost:${port}` } });
    await newcomer(server, me);
    server.url = `http://localhost:${port}`; // browsers know no passkeys at an address of numbers
    browser = await openBrowser(server);
    page = await browser.newPage({ width: 1440 });
    pw = page.pw;
    pw.setDefaultTimeout(20_000);
    page.expect(/status of 422/); // what a wrong password answers
    device = await page.context.newCDPSession(pw);
    await device.send('WebAuthn.enable', { enableUI: false });
});
after(async () => { await browser?.close(); await server?.stop(); });

const arrived = (path) => pw.waitForURL((url) => url.pathname === path);
const plug = async (more = {}) => (await device.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal',
    hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true, ...more } })).authenticatorId;
const leave = async () => {
    await page.context.clearCookies();
    await page.open('/connexion');
};
let authenticator;
// The same on a phone.
async function narrow(name) {
    await pw.setViewportSize({ width: 390, height: 844 });
    await page.look(name);
    await pw.setViewportSize({ width: 1440, height: 900 });
}
// The page to sign in, past what the field offers: a virtual finger taps only what is asked for after it came.
async function openQuietly(path) {
    await finger(false);
    const offered = pw.waitForResponse((answer) => new URL(answer.url()).pathname === '/connexion/cle/defi');
    await page.open(path);
    await (await offered).finished();
    await new Promise((go) => setTimeout(go, 500));
    await finger(true);
}
const finger = (enabled) => device.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: authenticator, enabled });

test('without an authenticator nothing is lost: it says so beside the form, and the page looks well', async () => {
    await page.signIn(me);
    await page.open('/compte/securite');
    await page.look('securite');
    await narrow('securite-etroit');
    await pw.locator('a[href="/compte/securite/cles"]').first().click();
    await arrived('/compte/securite/cles');
    await page.look('cles-vide');
    await pw.fill('[name=actuel]', 'un-autre-mot-de-passe');
    await pw.locator('form[data-passkey] button[type=submit]').click();
    await pw.waitForSelector('form[data-passkey] [data-said]:not([hidden])');
    assert.match(await pw.locator('[data-said]').innerText(), /mot de passe/);
});

test('added: the name is suggested, the password asked for, the key stands in the list', async () => {
    authenticator = await plug();
    await page.open('/compte/securite/cles');
    assert.match(await pw.inputValue('[name=nom]'), /Chrom/);
    await pw.fill('[name=nom]', 'Portable de la classe');
    await pw.fill('[name=actuel]', me.password);
    await pw.locator('form[data-passkey] button[type=submit]').click();
    await pw.waitForURL(/fait=cle-ajoutee/);
    assert.match(await pw.locator('.locks').innerText(), /Portable de la classe/);
    const { credentials } = await device.send('WebAuthn.getCredentials', { authenticatorId: authenticator });
    assert.equal(credentials.length, 1);
    assert.equal(credentials[0].rpId, 'localhost');
    await page.look('cles');
    await narrow('cles-etroit');
});

test('a second one on the same device is refused by it, in words', async () => {
    await pw.locator('form[data-passkey] button[type=submit]').click();
    await pw.waitForSelector('form[data-passkey] [data-said]:not([hidden])');
    assert.match(await pw.locator('[data-said]').innerText(), /déjà une clé/);
});

test('signed in by the button, to where one wanted to go', async () => {
    await finger(false);
    await leave();
    await page.look('connexion');
    await narrow('connexion-etroit');
    await openQuietly('/connexion?suite=%2Fcompte%2Fsecurite');
    await pw.locator('form[data-passkey] button[type=submit]').click();
    await arrived('/compte/securite');
    assert.match(await pw.locator('main').innerText(), /Avec une clé d’accès/);
});

test('signed in from the field for the address: what a browser offers there needs no button', async () => {
    await page.context.clearCookies();
    await pw.goto('/connexion', { waitUntil: 'commit' }); // a virtual finger taps what is offered at once
    await arrived('/mon-espace');
});

test('removed in the account, it opens nothing any more', async () => {
    await page.open('/compte/securite/cles');
    await pw.locator('form[action$="/retirer"] button').click();
    await pw.waitForURL(/fait=cle-retiree/);
    await page.context.clearCookies();
    await openQuietly('/connexion');
    await pw.locator('form[data-passkey] button[type=submit]').click();
    await pw.waitForURL(/fait=cle-refusee/);
    assert.match(await pw.locator('body').innerText(), /n’a pas ouvert le compte/);
    // its virtual finger taps what the field offers again and again: take it away before going on
    await device.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: authenticator });
    await pw.waitForLoadState('networkidle');
    await page.open('/mon-espace');
    assert.match(pw.url(), /\/connexion\?suite/, 'still a visitor');
});

test('how strong a new password is: fetched at the first use of the field, said in words and squares', async () => {
    const asked = [];
    pw.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.open('/inscription');
    assert.ok(asked.some((path) => /\/strength-[^w]/.test(path)), asked.join());
    assert.ok(!asked.some((path) => path.includes('strength-words')), 'nothing heavy before it is needed');
    const bar = () => pw.locator('.strength-bar').getAttribute('data-bar');
    const said = pw.locator('.strength [data-said]');
    assert.equal(await said.getAttribute('aria-live'), 'polite');
    await pw.fill('[name=name]', 'Maximilienne Vandenbroucke');
    for (const [password, score, words] of [['abc', /[01]/, /Encore trop court/], ['bonjour1234', /[01]/, /devine|Deviné/], ['Maximilienne1', /[012]/, /./],
        ['correcte-agrafe-cheval', /4/, /Très bon/]]) {
        await pw.fill('[name=password]', password);
        await pw.waitForFunction((pattern) => new RegExp(pattern).test(document.querySelector('.strength [data-said]').textContent), words.source);
        assert.match(await bar(), score, password);
    }
    assert.ok(asked.some((path) => path.includes('strength-words')));
    await page.look('inscription-force');
    await narrow('inscription-force-etroit');
    await pw.fill('[name=password]', '');
    await pw.waitForSelector('.strength-bar', { state: 'hidden' });
});
