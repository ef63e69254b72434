// <edulab-moments>: what is said of the moments of a video, beside it. Lines of a field become rows (chapters, or pieces to leave
// out); the field stays what is sent, and without this script one writes in it. [data-now="id"] puts the time of the video into a
// field, [data-go="id"] plays from there. Proposals ([data-proposals]) join the rows that are not saved yet.
import { fill, texts } from './app';

interface Row {
  from: number; // seconds
  to: number; // pieces only
  text: string; // chapters only
}

/** "75", "1:15", "1:02:03.5"; undefined for anything else. */
function seconds(text: string): number | undefined {
  const found = /^(?:(?:(\d{1,5}):)?(\d{1,5}):)?(\d{1,5})(?:[.,](\d{1,3}))?$/.exec(text.trim());
  if (!found) return undefined;
  const [, hours = '0', minutes = '0', whole = '0', part = '0'] = found;
  if ((found[2] !== undefined && Number(whole) > 59) || (found[1] !== undefined && Number(minutes) > 59)) return undefined;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(whole) + Number(`0.${part}`);
}

function stamp(at: number): string {
  const ms = Math.max(0, Math.round(at * 1000));
  const two = (n: number): string => String(Math.floor(n)).padStart(2, '0');
  const end = ms % 1000 ? `.${String(ms % 1000).padStart(3, '0').replace(/0+$/, '')}` : '';
  const minutes = Math.floor(ms / 60000);
  return minutes >= 60 ? `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two((ms / 1000) % 60)}${end}` : `${minutes}:${two((ms / 1000) % 60)}${end}`;
}

/** A tenth of a second is as near as a hand comes. */
const near = (at: number): number => Math.round(at * 10) / 10;

class Moments extends HTMLElement {
  private words: Record<string, string> = {};
  private rows: Row[] = [];
  private pieces = false;
  private field: HTMLTextAreaElement | null = null;
  private list: HTMLOListElement | undefined;
  private video: HTMLVideoElement | null = null;

  connectedCallback(): void {
    if (this.list) return;
    const own = this.querySelector(':scope > script[data-texts]'); // the player inside has texts of its own
    this.words = own ? (JSON.parse(own.textContent ?? '{}') as Record<string, string>) : texts(this);
    this.video = this.querySelector('video');
    this.pieces = this.dataset.kind === 'pieces';
    this.wire();
    this.field = this.querySelector<HTMLTextAreaElement>('[data-plain] textarea');
    const home = this.querySelector<HTMLElement>('[data-rows]');
    // A text that did not fit stays as it was typed, with the reason beside it.
    if (!this.field || !home || this.field.getAttribute('aria-invalid')) return;
    const read = this.parse(this.field.value);
    if (!read) return;
    this.rows = read;
    this.build(home);
  }

  private text(name: string): string {
    return this.words[name] ?? '';
  }

  private input(id: string | undefined): HTMLInputElement | null {
    const found = document.getElementById(id ?? '');
    return found instanceof HTMLInputElement ? found : null;
  }

  private wire(): void {
    this.addEventListener('click', (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-now], [data-go]') : null;
      const field = this.input(button?.dataset.now ?? button?.dataset.go);
      if (!button || !field || !this.video) return;
      if (button.dataset.now !== undefined) field.value = stamp(near(this.video.currentTime));
      else this.play(seconds(field.value));
    });
    this.querySelector<HTMLFormElement>('[data-proposals]')?.addEventListener('submit', (event) => {
      if (!this.list) return; // the field is written by hand: the server adds them
      event.preventDefault();
      this.take(event.currentTarget as HTMLFormElement);
    });
  }

  private play(at: number | undefined): void {
    if (at === undefined || !this.video) return;
    this.video.currentTime = at;
    void this.video.play().catch(() => undefined);
  }

  // --- the field ---------------------------------------------------------------------------------------------------------

  /** Undefined when a line is not understood: nothing of it may be lost. */
  private parse(text: string): Row[] | undefined {
    const rows: Row[] = [];
    for (const line of text.split('\n').map((each) => each.trim()).filter(Boolean)) {
      const at = line.search(this.pieces ? /[-–—]/ : /\s/);
      const from = seconds(at < 0 ? line : line.slice(0, at));
      const rest = at < 0 ? '' : line.slice(at + 1).trim();
      const to = this.pieces ? seconds(rest) : 0;
      if (from === undefined || to === undefined) return undefined;
      rows.push({ from, to, text: this.pieces ? '' : rest.replace(/^[-–—]\s*/, '') });
    }
    return rows;
  }

  private save(): void {
    if (!this.field) return;
    this.field.value = this.rows.map((row) => `${stamp(row.from)}${this.pieces ? `-${stamp(row.to)}` : ` ${row.text.trim()}`}\n`).join('');
  }

  // --- rows --------------------------------------------------------------------------------------------------------------

  private build(home: HTMLElement): void {
    const bar = document.createElement('div');
    bar.className = 'row';
    bar.append(
      this.button('add', () => this.add(near(this.video?.currentTime ?? 0))),
      this.button('plain', () => this.toPlain()),
    );
    this.list = document.createElement('ol');
    this.list.className = 'moments';
    home.append(bar, this.list);
    const plain = this.querySelector<HTMLElement>('[data-plain]');
    if (plain) plain.hidden = true;
    this.draw();
    this.video?.addEventListener('timeupdate', () => this.follow());
    this.video?.addEventListener('seeked', () => this.follow());
  }

  private button(name: string, act: () => void, about = ''): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn line small';
    const words = document.createElement('span');
    words.textContent = this.text(name);
    button.append(words);
    if (about) button.setAttribute('aria-label', `${this.text(name)}, ${about}`);
    button.addEventListener('click', act);
    return button;
  }

  /** Rows stand in the order of time, whatever was typed last. */
  private draw(focus?: Row): void {
    this.rows.sort((a, b) => a.from - b.from);
    this.list?.replaceChildren(...this.rows.map((row, i) => this.row(row, i)));
    this.judge();
    this.save();
    this.follow();
    const at = focus ? this.rows.indexOf(focus) : -1;
    this.list?.children[at]?.querySelector<HTMLInputElement>(this.pieces ? '.at' : 'input:not(.at)')?.focus();
  }

  private stampField(row: Row, key: 'from' | 'to', about: string): HTMLInputElement {
    const input = document.createElement('input');
    input.className = 'input mono at';
    input.value = stamp(row[key]);
    input.setAttribute('aria-label', `${about}, ${this.text(key === 'from' ? 'time' : 'until')}`);
    input.addEventListener('change', () => {
      const at = seconds(input.value);
      if (at !== undefined) row[key] = at;
      input.value = stamp(row[key]);
      // Moved to its place; what has the focus next keeps it.
      if (key === 'from' && this.rows.some((each, i) => i && (this.rows[i - 1]?.from ?? 0) > each.from)) return this.draw(row);
      this.judge();
      this.save();
    });
    return input;
  }

  private row(row: Row, i: number): HTMLLIElement {
    const item = document.createElement('li');
    const about = fill(this.text(this.pieces ? 'piece' : 'chapter'), i + 1);
    const acts = document.createElement('div');
    acts.className = 'acts';
    const remove = (): void => {
      this.rows.splice(this.rows.indexOf(row), 1);
      this.draw(this.rows[Math.min(i, this.rows.length - 1)]);
      if (!this.rows.length) this.querySelector<HTMLElement>('[data-rows] button')?.focus();
    };
    const now = (key: 'from' | 'to'): HTMLButtonElement =>
      this.button('now', () => {
        row[key] = near(this.video?.currentTime ?? row[key]);
        this.draw(row);
      }, `${about}, ${this.text(key === 'from' ? 'time' : 'until')}`);
    if (this.pieces) {
      const pair = document.createElement('div');
      pair.className = 'pair';
      pair.append(this.stampField(row, 'from', about), now('from'), '–', this.stampField(row, 'to', about), now('to'));
      item.append(pair);
    } else {
      const title = document.createElement('input');
      title.className = 'input';
      title.maxLength = 140;
      title.value = row.text;
      title.setAttribute('aria-label', `${about}, ${this.text('title')}`);
      title.addEventListener('input', () => {
        row.text = title.value;
        this.judge();
        this.save();
      });
      item.append(this.stampField(row, 'from', about), title);
      acts.append(now('from'));
    }
    acts.append(this.button('play', () => this.play(row.from), about), this.button('remove', remove, about));
    item.append(acts, document.createElement('p'));
    return item;
  }

  /** What the server would refuse, said beside the row already. */
  private wrong(row: Row, i: number): string {
    const before = this.rows[i - 1];
    const end = this.video?.duration ?? NaN;
    if (Number.isFinite(end) && row.from >= end) return 'late';
    if (this.pieces) return row.to <= row.from ? 'order' : '';
    if (!before && row.from !== 0) return 'first';
    if (before && row.from - before.from < 1) return 'close';
    return row.text.trim() ? '' : 'empty';
  }

  private judge(): void {
    this.rows.forEach((row, i) => {
      const item = this.list?.children[i];
      const wrong = this.wrong(row, i);
      item?.classList.toggle('bad', wrong !== '');
      const line = item?.querySelector('p');
      if (line) line.textContent = wrong ? this.text(wrong) : '';
    });
  }

  private add(at: number, text = ''): Row {
    const row = { from: at, to: at + 5, text };
    this.rows.push(row);
    this.draw(row);
    return row;
  }

  private take(form: HTMLFormElement): void {
    let first: Row | undefined;
    for (const box of form.querySelectorAll<HTMLInputElement>('input[name=garder]:checked')) {
      const at = Number(box.value) / 1000;
      if (!this.rows.some((row) => Math.abs(row.from - at) < 1)) {
        if (!this.rows.length) this.add(0, fill(this.text('part'), 1));
        const row = this.add(at, fill(this.text('part'), this.rows.filter((each) => each.from < at).length + 1));
        first ??= row;
      }
      box.closest('li')?.remove();
    }
    if (first) this.draw(first);
    if (!form.querySelector('input[name=garder]')) form.hidden = true;
  }

  private toPlain(): void {
    this.list = undefined;
    this.querySelector<HTMLElement>('[data-rows]')?.replaceChildren();
    const plain = this.querySelector<HTMLElement>('[data-plain]');
    if (plain) plain.hidden = false;
    this.field?.focus();
  }

  private follow(): void {
    const at = this.video?.currentTime ?? 0;
    let here = -1;
    this.rows.forEach((row, i) => { if (row.from <= at + 0.05 && (!this.pieces || at < row.to)) here = i; });
    [...(this.list?.children ?? [])].forEach((item, i) => item.classList.toggle('now', i === here));
  }
}

customElements.define('edulab-moments', Moments);
