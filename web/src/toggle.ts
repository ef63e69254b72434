// form[data-toggle]: a button that is pressed or not, without leaving the page. By itself it is a plain form.
import { toast } from './app';

/** Sends a change as its form would; false when the answer is not the redirect that follows one. */
export async function send(action: string, body: FormData): Promise<boolean> {
  try {
    const answer = await fetch(action, { method: 'POST', body: new URLSearchParams(body as unknown as Record<string, string>), redirect: 'manual' });
    return answer.type === 'opaqueredirect';
  } catch {
    return false; // no connection: the caller sends the form the plain way, which says so
  }
}

/** The server answers a change with a redirect; anything else is for the plain way, with its own page of explanation. */
async function toggle(form: HTMLFormElement, button: HTMLButtonElement): Promise<void> {
  const body = new FormData(form);
  body.set(button.name, button.value);
  const on = button.value === '1';
  button.setAttribute('aria-busy', 'true');
  const done = await send(form.action, body);
  button.removeAttribute('aria-busy');
  if (!done) {
    form.dataset.plain = '1';
    return form.requestSubmit(button);
  }
  // The same video may stand twice on a page.
  for (const same of document.querySelectorAll<HTMLFormElement>('form[data-toggle]')) {
    const other = same.querySelector('button');
    if (same.action !== form.action || !other) continue;
    other.value = on ? '0' : '1';
    other.setAttribute('aria-pressed', String(on));
  }
  toast((on ? form.dataset.on : form.dataset.off) ?? '');
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.dataset.toggle === undefined || form.dataset.plain) return;
  const button = form.querySelector('button');
  if (!button) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (button.getAttribute('aria-busy')) return;
  void toggle(form, button);
}, true);
