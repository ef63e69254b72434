// What stands around a player on the page: chapters and the transcript. They show where the video is, and lead there.

function follow(list: HTMLElement, at: number, mark: (line: HTMLElement, here: boolean) => void): HTMLElement | null {
  let here: HTMLElement | null = null;
  const lines = [...list.querySelectorAll<HTMLElement>('[data-start]')];
  for (const line of lines) if (Number(line.dataset.start) <= at + 0.05) here = line;
  for (const line of lines) mark(line, line === here);
  return here;
}

function search(box: HTMLElement): void {
  const field = box.querySelector<HTMLInputElement>('[data-transcript-search]');
  field?.addEventListener('input', () => {
    const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
    const wanted = plain(field.value.trim());
    for (const line of box.querySelectorAll<HTMLElement>('[data-start]')) {
      line.hidden = wanted !== '' && !plain(line.textContent ?? '').includes(wanted);
    }
  });
}

export function followLines(player: HTMLElement, video: HTMLVideoElement, go: (at: number) => void): void {
  const chapters = document.querySelector<HTMLElement>('[data-chapters]');
  const transcript = document.querySelector<HTMLElement>('[data-transcript]');
  for (const list of [chapters, transcript]) {
    list?.addEventListener('click', (event) => {
      const link = event.target instanceof Element ? event.target.closest('a[href^="#t="]') : null;
      if (!link) return;
      event.preventDefault();
      go(Number(link.getAttribute('href')?.slice(3)));
      player.scrollIntoView({ block: 'nearest' });
    });
  }
  if (transcript) search(transcript);
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
