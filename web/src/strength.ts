// <edulab-strength data-for="f-password">: how hard a password is to guess, below its field, as one types. What it knows of
// words is heavy, so it is fetched when the field is first used; without it the field and the server's own rules stay.
import { texts } from './app';

const LEAST = 10; // characters, as the server asks
const MOST = 64; // what is judged: more only takes longer
const PAUSE = 250; // ms without a key before it is said: a screen reader is not interrupted at each one

type Judge = (password: string, own: string[]) => number;

class Strength extends HTMLElement {
  private judge: Promise<Judge> | undefined;

  connectedCallback(): void {
    const field = document.getElementById(this.dataset.for ?? '');
    const bar = this.querySelector<HTMLElement>('[data-bar]');
    const said = this.querySelector<HTMLElement>('[data-said]');
    if (!(field instanceof HTMLInputElement) || !bar || !said) return;
    const words = texts(this);
    let timer = 0;
    const show = async (): Promise<void> => {
      let judge: Judge;
      try {
        judge = await (this.judge ??= import('./strength-words').then(({ judge: it }) => it));
      } catch {
        this.judge = undefined; // not reached: tried again at the next key
        return;
      }
      const password = field.value;
      bar.hidden = password === '';
      const short = [...password].length < LEAST;
      const score = Math.min(judge(password.slice(0, MOST), this.own(field)), short ? 1 : 4);
      bar.dataset.bar = String(score);
      said.textContent = password === '' ? '' : ((short ? words.short : words[String(score)]) ?? '');
    };
    const soon = (): void => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => void show(), PAUSE);
    };
    field.addEventListener('focus', () => void show(), { once: true });
    field.addEventListener('input', soon);
    if (document.activeElement === field) void show();
  }

  /** The person's name and address stand in the same form: whoever guesses begins with them. */
  private own(field: HTMLInputElement): string[] {
    const others = field.form?.querySelectorAll<HTMLInputElement>('input[type=text], input[type=email]') ?? [];
    return [...others].flatMap(({ value }) => [value, ...value.split(/[^\p{L}\p{N}]+/u)]).filter((each) => each.length > 2);
  }
}

customElements.define('edulab-strength', Strength);
