// What stands around a player on the page: chapters and the transcript. They show where the video is, and lead there.
import { fill } from './app';

function follow(list: HTMLElement, at: number, mark: (line: HTMLElement, here: boolean) => void): HTMLElement | null {
  let here: HTMLElement | null = null;
  const lines = [...list.querySelectorAll<HTMLElement>('[data-start]')];
  for (const line of lines) if (Number(line.dataset.start) <= at + 0.05) here = line;
  for (const line of lines) mark(line, line === here);
  return here;
}

/** Lines without the words go away; Enter leads to the first that is left. How many there are is said. */
function search(box: HTMLElement, go: (at: number) => void): void {
  const field = box.querySelector<HTMLInputElement>('[data-transcript-search]');
  const said = box.querySelector<HTMLElement>('[data-transcript-found]');
  const lines = [...box.querySelectorAll<HTMLElement>('[data-start]')];
  const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  field?.addEventListener('input', () => {
    const wanted = plain(field.value.trim());
    for (const line of lines) line.hidden = wanted !== '' && !plain(line.lastElementChild?.textContent ?? '').includes(wanted);
    const found = lines.filter((line) => !line.hidden).length;
    const text = (found === 1 ? said?.dataset.one : found ? said?.dataset.many : said?.dataset.none) ?? '';
    if (said) said.textContent = wanted ? fill(text, found) : '';
  });
  field?.addEventListener('keydown', (event) => {
    const first = lines.find((line) => !line.hidden);
    if (event.key === 'Enter' && field.value.trim() && first) go(Number(first.dataset.start));
  });
}

export function followLines(player: HTMLElement, video: HTMLVideoElement, go: (at: number) => void): void {
  const chapters = document.querySelector<HTMLElement>('[data-chapters]');
  const transcript = document.querySelector<HTMLElement>('[data-transcript]');
  for (const list of [chapters, transcript, document.querySelector<HTMLElement>('[data-moments]')]) {
    list?.addEventListener('click', (event) => {
      const link = event.target instanceof Element ? event.target.closest('a[href^="#t="]') : null;
      if (!link) return;
      event.preventDefault();
      go(Number(link.getAttribute('href')?.slice(3)));
      player.scrollIntoView({ block: 'nearest' });
    });
  }
  if (transcript) search(transcript, go);
  let spoken: HTMLElement | null = null;
  const show = (): void => {
    const at = video.currentTime;
    if (chapters) {
      follow(chapters, at, (line, here) => {
        if (here) line.setAttribute('aria-current', 'true');
        else line.removeAttribute('aria-current');
      });
    }
    if (!transcript) return;
    const now = follow(transcript, at, (line, here) => line.classList.toggle('now', here && at > 0));
    const box = now?.parentElement;
    // The list follows by itself, unless somebody is reading in it.
    if (now && box && now !== spoken && !transcript.contains(document.activeElement)) {
      box.scrollTop = now.offsetTop - box.offsetTop - box.clientHeight / 3;
    }
    spoken = now;
  };
  video.addEventListener('timeupdate', show);
  video.addEventListener('seeked', show);
  show();
}
