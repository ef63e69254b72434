// Newcomers: an account opened as a person opens one, through form, mail and button.
import { newVisitor } from './http.mjs';
import { linkIn, waitForMail } from './mail.mjs';

export const longPassword = (word) => `${word}-trois-mots-${word}`;

// Fills in the form to open an account: { visitor, page, answer }.
export async function signUp(server, { name = 'Nouvelle venue', email, password, suite }, visitor = newVisitor(server)) {
    const page = await visitor.get(`/inscription${suite ? `?suite=${encodeURIComponent(suite)}` : ''}`);
    const answer = await visitor.submit(page, 'form[action^="/inscription"]', { name, email, password, terms: '1' });
    return { visitor, page, answer };
}

// The same to its end: the link from the mail, and the button. Returns the visitor, signed in.
export async function newcomer(server, person) {
    const { visitor, answer } = await signUp(server, person);
    if (answer.status !== 303) throw new Error(`sign-up of ${person.email}: ${answer.status} ${answer.words('main').slice(0, 300)}`);
    const link = linkIn(await waitForMail(server.data, person.email, /\/inscription\/confirmer/), '/inscription/confirmer');
    const confirmed = await visitor.submit(await visitor.get(link), 'form[action^="/inscription/confirmer"]');
    if (confirmed.status !== 303) throw new Error(`confirming ${person.email}: ${confirmed.status}`);
    return visitor;
}
