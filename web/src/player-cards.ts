// What goes with a moment of the video, and where to go at its end: cards over the picture, made from the lists of the page, which
// stand there without this script too. A card can be closed and says itself politely; it never stops the video.
const LAST = 12; // seconds before the end in which the last cards are shown
const SHARE = 0.2; // of a short video, at most

interface Card {
  key: string;
  label: string;
  links: HTMLAnchorElement[];
}

type Text = (name: string) => string;

/** The entry of a list as a link of a card; from a frame, and to another site, into a tab of its own. */
function linkOf(item: Element, text: Text): HTMLAnchorElement | undefined {
  const link = item.querySelector<HTMLAnchorElement>('[data-what]')?.cloneNode(true);
  if (!(link instanceof HTMLAnchorElement)) return undefined;
  link.removeAttribute('data-what');
  link.querySelectorAll('svg').forEach((icon) => icon.remove());
  const stays = window.top === window && link.host === location.host && !link.pathname.includes('/ressources/');
  if (stays) return link;
  link.target = '_blank';
  link.rel = 'noopener';
  const hint = document.createElement('span');
  hint.className = 'vh';
  hint.textContent = ` ${text('newTab')}`;
  link.append(hint);
  return link;
}

function draw(card: Card, text: Text, close: () => void): HTMLElement {
  const box = document.createElement('div');
  box.setAttribute('role', 'group');
  box.setAttribute('aria-label', card.label);
  const head = document.createElement('h3');
  head.textContent = card.label;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'card-close';
  button.textContent = '×';
  button.setAttribute('aria-label', `${text('close')}: ${card.label}`);
  button.addEventListener('click', close);
  const list = document.createElement('ul');
  for (const link of card.links) list.appendChild(document.createElement('li')).append(link);
  box.append(head, button, list);
  return box;
}

export function followCards(player: HTMLElement, screen: HTMLElement, video: HTMLVideoElement, length: () => number, text: Text, focus: () => void): void {
  const id = player.dataset.around;
  if (!id) return;
  const entries = (name: string): HTMLElement[] => [...(document.getElementById(`${name}-${id}`)?.querySelectorAll<HTMLElement>('li') ?? [])];
  const resources = entries('res');
  const ends = entries('end').map((item) => linkOf(item, text)).filter((link): link is HTMLAnchorElement => link !== undefined);
  const place = document.createElement('div');
  place.className = 'cards';
  place.setAttribute('aria-live', 'polite');
  screen.append(place);
  const closed = new Set<string>();
  let begun = false;
  let shown = '';

  const wanted = (at: number): Card[] => {
    const cards: Card[] = [];
    const end = length();
    resources.forEach((item, i) => {
      const here = begun && at >= Number(item.dataset.from) && at < Number(item.dataset.to);
      item.classList.toggle('now', here);
      const link = here ? linkOf(item, text) : undefined;
      if (link) cards.push({ key: `r${i}`, label: text('atMoment'), links: [link] });
    });
    const left = end - at;
    if (begun && ends.length && end > 0 && (video.ended || left <= Math.min(LAST, end * SHARE))) cards.push({ key: 'end', label: text('afterwards'), links: ends });
    return cards;
  };
  const show = (): void => {
    const all = wanted(video.currentTime);
    // Gone from its moment, a card may come again with it.
    for (const key of closed) if (!all.some((card) => card.key === key)) closed.delete(key);
    const cards = all.filter((card) => !closed.has(card.key));
    const now = cards.map((card) => card.key).join(' ');
    if (now === shown) return;
    const held = place.contains(document.activeElement);
    shown = now;
    place.replaceChildren(...cards.map((card) => draw(card, text, () => {
      closed.add(card.key);
      show();
    })));
    if (held) focus(); // what had the focus is gone: back to the player, not to the top of the page
  };
  video.addEventListener('play', () => { begun = true; show(); });
  for (const name of ['timeupdate', 'seeked', 'ended'] as const) video.addEventListener(name, show);
  for (const item of resources) {
    item.querySelector<HTMLAnchorElement>('a[href^="#t="]')?.addEventListener('click', (event) => {
      event.preventDefault();
      video.currentTime = Number((event.currentTarget as HTMLAnchorElement).hash.slice(3));
      void video.play().catch(() => undefined);
      player.scrollIntoView({ block: 'nearest' });
    });
  }
}
