// form[data-passkey]: asks the server for a challenge, lets the authenticator answer it ("get") or make a key ("create"), and
// sends the form with what it said. With data-autofill the keys are also offered in the field for the address, where the
// browser can do that. The form is shown only where there are passkeys.
import { csrf, texts } from './app';

/** A challenge lives five minutes on the server. */
const RENEW = 4 * 60_000;

interface Options {
  challenge: string;
  user?: { id: string; name: string; displayName: string };
  allowCredentials?: { id: string; type: 'public-key' }[];
  excludeCredentials?: { id: string; type: 'public-key' }[];
  [other: string]: unknown;
}

/** What went wrong, in the page's own words already. */
class Said extends Error {}

const bytes = (text: string): ArrayBuffer =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0)).buffer;

const base64 = (buffer: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');

async function ask(form: HTMLFormElement): Promise<PublicKeyCredentialRequestOptions & PublicKeyCredentialCreationOptions> {
  const body = new URLSearchParams({ _csrf: csrf() });
  const secret = form.querySelector<HTMLInputElement>('[name=actuel]');
  if (secret) body.set('actuel', secret.value);
  const answer = await fetch(form.dataset.options ?? '', { method: 'POST', body });
  if (answer.status === 422) throw new Said(((await answer.json()) as { error: string }).error);
  if (!answer.ok) throw new Error(String(answer.status));
  const options = (await answer.json()) as Options;
  const keys = (list?: { id: string; type: 'public-key' }[]) => list?.map((key) => ({ ...key, id: bytes(key.id) }));
  const ready = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: keys(options.allowCredentials),
    excludeCredentials: keys(options.excludeCredentials),
    ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
  };
  return ready as unknown as PublicKeyCredentialRequestOptions & PublicKeyCredentialCreationOptions;
}

function send(form: HTMLFormElement, made: PublicKeyCredential): void {
  const { response } = made;
  const set = (name: string, value: ArrayBuffer | null): void => {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = value ? base64(value) : '';
  };
  set('cle', made.rawId);
  set('client', response.clientDataJSON);
  if (response instanceof AuthenticatorAssertionResponse) {
    set('donnees', response.authenticatorData);
    set('signature', response.signature);
    set('personne', response.userHandle);
  } else if (response instanceof AuthenticatorAttestationResponse) {
    set('donnees', response.getAuthenticatorData());
  }
  const secret = form.querySelector<HTMLInputElement>('[name=actuel]');
  if (secret) secret.disabled = true; // it was asked for with the challenge: once is enough
  form.submit();
}

const can = (): boolean =>
  typeof PublicKeyCredential !== 'undefined' && 'getAuthenticatorData' in AuthenticatorAttestationResponse.prototype;

async function offer(form: HTMLFormElement, signal: AbortSignal): Promise<void> {
  const options = await ask(form);
  const renew = window.setTimeout(() => void (signal.aborted ? undefined : restart(form)), RENEW);
  signal.addEventListener('abort', () => window.clearTimeout(renew));
  const made = await navigator.credentials.get({ publicKey: options, mediation: 'conditional', signal });
  window.clearTimeout(renew);
  if (made instanceof PublicKeyCredential) send(form, made);
}

let waiting: AbortController | undefined;

/** Keys in the field for the address: what fails here was not asked for, so nothing is said. */
function restart(form: HTMLFormElement): void {
  waiting?.abort();
  waiting = new AbortController();
  offer(form, waiting.signal).catch(() => undefined);
}

function prepare(form: HTMLFormElement): void {
  const words = texts(form);
  const said = form.querySelector<HTMLElement>('[data-said]');
  const say = (text = ''): void => {
    if (!said) return;
    said.textContent = text;
    said.hidden = text === '';
  };
  const run = async (): Promise<void> => {
    waiting?.abort();
    say();
    try {
      const options = await ask(form);
      const made = await (form.dataset.passkey === 'create' ? navigator.credentials.create({ publicKey: options }) : navigator.credentials.get({ publicKey: options }));
      if (made instanceof PublicKeyCredential) send(form, made);
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      if (error instanceof Said) say(error.message);
      else say(name === 'NotAllowedError' ? words.stopped : name === 'InvalidStateError' ? words.known : words.failed);
    } finally {
      form.querySelector('button[type=submit]')?.removeAttribute('aria-busy');
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    form.querySelector('button[type=submit]')?.setAttribute('aria-busy', 'true');
    void run();
  });
  form.hidden = false;
  if (form.dataset.autofill === undefined || !PublicKeyCredential.isConditionalMediationAvailable) return;
  void PublicKeyCredential.isConditionalMediationAvailable().then((yes) => yes && restart(form));
}

const forms = document.querySelectorAll<HTMLFormElement>('form[data-passkey]');
if (can()) forms.forEach(prepare);
else document.querySelectorAll<HTMLElement>('[data-passkey-missing]').forEach((line) => { line.hidden = false; });
