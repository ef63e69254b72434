// Playlists: buttons that are pressed or not, without leaving the page; a list ordered by dragging; the next video when one
// ends. Each is a form or a link that works without this.
import { csrf, toast } from './app';

async function send(action: string, body: FormData): Promise<boolean> {
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

/** Dragging an item to another place; the buttons stay for the keyboard and for touch. */
function ordered(list: HTMLElement): void {
  let dragged: HTMLElement | undefined;
  let before: Element | null = null;
  for (const item of list.querySelectorAll<HTMLElement>(':scope > li')) {
    item.draggable = true;
    // A link or a picture would be dragged by itself.
    for (const inner of item.querySelectorAll<HTMLElement>('a, img')) inner.draggable = false;
    item.addEventListener('dragstart', () => {
      dragged = item;
      before = item.nextElementSibling;
      item.classList.add('dragged');
    });
    item.addEventListener('dragover', (event) => {
      if (!dragged || dragged === item) return;
      event.preventDefault();
      const box = item.getBoundingClientRect();
      list.insertBefore(dragged, event.clientY > box.top + box.height / 2 ? item.nextSibling : item);
    });
    item.addEventListener('dragend', () => {
      item.classList.remove('dragged');
      void moved(item);
    });
  }
  list.addEventListener('dragover', (event) => event.preventDefault());

  async function moved(item: HTMLElement): Promise<void> {
    const was = before;
    if (item.nextElementSibling === was) return;
    // It takes the place of the one it now stands before, or behind when it went down.
    const items = [...list.children];
    const down = was === null ? false : items.indexOf(was) < items.indexOf(item);
    const target = down ? item.previousElementSibling : item.nextElementSibling ?? item.previousElementSibling;
    const body = new FormData();
    body.set('_csrf', csrf());
    body.set('video', item.dataset.id ?? '');
    body.set('cible', (target as HTMLElement | null)?.dataset.id ?? '');
    if (await send(list.dataset.order ?? '', body)) {
      toast(list.dataset.moved ?? '');
      // The buttons of the items name their neighbours.
      const fresh = await fetch(location.href).then((answer) => answer.text());
      const now = new DOMParser().parseFromString(fresh, 'text/html').querySelector<HTMLElement>('ol[data-order]');
      if (!now) return location.reload();
      list.replaceWith(now);
      ordered(now);
    } else {
      list.insertBefore(item, was);
      toast(list.dataset.failed ?? '', true);
    }
  }
}
document.querySelectorAll<HTMLElement>('ol[data-order]').forEach(ordered);

/** The next video of the list follows, unless one wants to stop. */
class Queue extends HTMLElement {
  connectedCallback(): void {
    const video = document.querySelector('edulab-player video');
    if (!(video instanceof HTMLVideoElement)) return;
    video.addEventListener('ended', () => {
      const next = this.dataset.next;
      if (!next || this.querySelector('input')?.checked) return;
      toast(this.dataset.said ?? '');
      location.assign(`${next}#suite`);
    });
    // Came from the one before: begins by itself, where the browser lets it.
    if (location.hash === '#suite') void begin(video);
  }
}
async function begin(video: HTMLVideoElement): Promise<void> {
  await customElements.whenDefined('edulab-player');
  await video.play().catch(() => undefined);
}
customElements.define('edulab-queue', Queue);
