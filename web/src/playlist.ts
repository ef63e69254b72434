// Playlists: a list ordered by dragging; the next video when one ends. Each has a form or a link that works without this.
import { csrf, toast } from './app';
import { send } from './toggle';

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
