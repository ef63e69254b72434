// What the bar would lead to: a small picture of the moment, its time and its chapter, above the pointer.
import { clock } from './player-clock';

interface Piece {
  from: number;
  to: number;
  image: string;
  box: [number, number, number, number];
}

const seconds = (text: string): number => text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);

function pieces(vtt: string, base: string): Piece[] {
  const found = vtt.matchAll(/([\d:.]+) --> ([\d:.]+)\s*\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)/g);
  return [...found].map(([, from = '', to = '', file = '', ...box]) => ({
    from: seconds(from),
    to: seconds(to),
    image: new URL(file, base).href,
    box: box.slice(0, 4).map(Number) as Piece['box'],
  }));
}

export function preview(line: HTMLElement, stream: () => string | undefined, length: () => number): void {
  const box = document.createElement('div');
  box.className = 'peek';
  box.hidden = true;
  box.setAttribute('aria-hidden', 'true'); // the slider says the time
  const picture = document.createElement('i');
  const words = document.createElement('span');
  box.append(picture, words);
  line.append(box);
  let found: Piece[] | undefined;
  let from: string | undefined; // the address changes when the page is old
  const load = async (): Promise<void> => {
    found = [];
    from = stream();
    if (!from) return;
    const address = new URL('storyboard.vtt', new URL(from, location.href)).href;
    const answer = await fetch(address).catch(() => undefined);
    if (answer?.ok) found = pieces(await answer.text(), address);
  };
  const chapter = (at: number): string => {
    const starts = [...document.querySelectorAll<HTMLElement>('[data-chapters] [data-start]')];
    return starts.filter((each) => Number(each.dataset.start) <= at).pop()?.lastElementChild?.textContent ?? '';
  };
  const show = (x: number): void => {
    const bar = line.querySelector('.tl-track')?.getBoundingClientRect();
    if (!bar) return;
    const part = Math.max(0, Math.min(1, (x - bar.left) / bar.width));
    const at = part * length();
    const piece = found?.find((each) => each.from <= at && at < each.to);
    picture.hidden = !piece;
    if (piece) {
      const [x, y, width, height] = piece.box;
      Object.assign(picture.style, {
        width: `${width}px`,
        height: `${height}px`,
        backgroundImage: `url("${piece.image}")`,
        backgroundPosition: `-${x}px -${y}px`,
      });
    }
    words.textContent = [clock(at), chapter(at)].filter(Boolean).join(' · ');
    box.hidden = false;
    const room = line.clientWidth - box.offsetWidth;
    box.style.left = `${Math.max(0, Math.min(room, bar.left - line.getBoundingClientRect().left + part * bar.width - box.offsetWidth / 2))}px`;
  };
  let last = 0;
  // A finger shows it while it lies on the bar.
  for (const name of ['pointerdown', 'pointermove'] as const) {
    line.addEventListener(name, (event) => {
      if (!length()) return;
      last = event.clientX;
      show(last);
      if (!found || from !== stream()) void load().then(() => !box.hidden && show(last));
    });
  }
  for (const name of ['pointerleave', 'pointercancel'] as const) line.addEventListener(name, () => (box.hidden = true));
}
