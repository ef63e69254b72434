// Work under way on the server: asks each second how far it is, shows it, and shows the page anew when it is over.
import { free } from './hold';

interface Answer {
  progress: number; // thousandths
  over: boolean;
  text: string;
}

const EACH = 1000;
const SLOWEST = 15000;

function watch(box: HTMLElement): void {
  const bar = box.querySelector('progress');
  const percent = box.querySelector<HTMLElement>('[data-percent]');
  const message = box.querySelector<HTMLElement>('[data-message]');
  const address = box.dataset.progressUrl ?? '';
  const form = new Intl.NumberFormat(document.documentElement.lang, { style: 'percent' });
  let wait = EACH;
  const ask = async (): Promise<void> => {
    try {
      const answer = await fetch(address, { headers: { Accept: 'application/json' } });
      if (!answer.ok) throw new Error(String(answer.status));
      const now = (await answer.json()) as Answer;
      wait = EACH;
      if (bar) bar.value = now.progress;
      if (percent) percent.textContent = form.format(Math.floor(now.progress / 10) / 100);
      if (message) message.textContent = now.text;
      if (now.over && free()) return location.reload();
    } catch {
      // The server is away or restarting: ask less often, the work goes on without us.
      wait = Math.min(SLOWEST, wait * 2);
    }
    window.setTimeout(() => void ask(), wait);
  };
  window.setTimeout(() => void ask(), wait);
}

document.querySelectorAll<HTMLElement>('[data-progress-url]').forEach(watch);
