// <edulab-subtitles>: the lines of the field "texte" as rows beside the video. The field stays what is sent: without this script one
// writes in it. Keys in a row: Ctrl+Enter plays it, Ctrl+↑ ↓ goes to the row above or below, Ctrl+Shift+Enter splits at the cursor,
// Ctrl+Z takes the last change back.
import { fill } from './app';
import { hold } from './hold';

interface Cue {
  from: number;
  to: number;
  text: string;
}

const EASY = 21; // characters a second
const WINDOW = 20; // seconds of sound that are drawn
const RATE = 10; // bytes a second in waveform.dat
const UNDO_MOST = 100;
const time = /^(?:(\d+):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,3}))?$/; // as people type it: 1:30, 0:01:30,5

function seconds(text: string): number | undefined {
  const found = time.exec(text.trim());
  if (!found) return undefined;
  const [, hours = '0', minutes, whole, part = '0'] = found;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(whole) + Number(`0.${part}`);
}

function stamp(at: number): string {
  const ms = Math.max(0, Math.round(at * 1000));
  const two = (n: number): string => String(Math.floor(n)).padStart(2, '0');
  return `${two(ms / 3600000)}:${two((ms / 60000) % 60)}:${two((ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`;
}

function plain(html: string): string {
  return new DOMParser().parseFromString(html, 'text/html').documentElement.textContent ?? '';
}

function parse(text: string): Cue[] {
  const cues: Cue[] = [];
  for (const block of text.replace(/\r/g, '').split(/\n{2,}/)) {
    const lines = block.split('\n');
    const at = lines.findIndex((line) => line.includes('-->'));
    const [first = '', second = ''] = (lines[at] ?? '').split('-->');
    const from = seconds(first);
    const to = seconds(second.trim().split(/\s/)[0] ?? '');
    if (from === undefined || to === undefined) continue;
    cues.push({ from, to, text: plain(lines.slice(at + 1).join('\n')) });
  }
  return cues.sort((a, b) => a.from - b.from);
}

function write(cues: Cue[]): string {
  const safe = (text: string): string =>
    text.trim().replace(/\n{2,}/g, '\n').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return `WEBVTT\n${cues.map((cue, i) => `\n${i + 1}\n${stamp(cue.from)} --> ${stamp(cue.to)}\n${safe(cue.text)}\n`).join('')}`;
}

class Subtitles extends HTMLElement {
  private words: Record<string, string> = {};
  private cues: Cue[] = [];
  private field!: HTMLTextAreaElement;
  private list!: HTMLOListElement;
  private video: HTMLVideoElement | null = null;
  private wave: Uint8Array = new Uint8Array(0);
  private until = -1; // where playing one row stops
  private past: Cue[][] = []; // what there was before each change
  private back!: HTMLButtonElement;

  connectedCallback(): void {
    const field = this.querySelector<HTMLTextAreaElement>('textarea[name=texte]');
    const rows = this.querySelector<HTMLElement>('[data-rows]');
    if (!field || !rows || this.list) return;
    // The player inside has texts of its own, before these.
    const own = this.querySelector(':scope > script[data-texts]');
    this.words = JSON.parse(own?.textContent ?? '{}') as Record<string, string>;
    this.field = field;
    this.video = this.querySelector('video');
    // A text that did not fit stays as it was typed, with the reason beside it.
    if (field.getAttribute('aria-invalid')) return;
    this.cues = parse(field.value);
    const bar = document.createElement('div');
    bar.className = 'row';
    bar.append(
      this.button('add', () => this.add()),
      (this.back = this.button('undo', () => this.undo())),
      this.shifter(),
      this.button('plain', () => this.toPlain()),
    );
    this.list = document.createElement('ol');
    this.list.className = 'cues';
    rows.append(bar, this.list);
    this.querySelector<HTMLElement>('[data-plain]')!.hidden = true;
    this.back.disabled = true;
    const keys = document.createElement('p');
    keys.className = 'small muted';
    keys.textContent = this.text('keys');
    bar.after(keys);
    // What was changed and not saved would be lost with the page.
    let sending = false;
    field.form?.addEventListener('submit', () => (sending = true));
    hold(() => !sending && this.past.length > 0);
    this.draw();
    this.video?.addEventListener('timeupdate', () => this.follow());
    this.video?.addEventListener('seeked', () => this.follow());
    void this.loadWave();
  }

  private text(name: string): string {
    return this.words[name] ?? '';
  }

  private button(name: string, act: () => void, label = ''): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn line small';
    const words = document.createElement('span');
    words.textContent = this.text(name);
    button.append(words);
    if (label) button.setAttribute('aria-label', `${this.text(name)} ${label}`);
    button.addEventListener('click', act);
    return button;
  }

  // --- rows ------------------------------------------------------------------------------------------------------------------

  private draw(focus = -1, caret = 0): void {
    this.list.replaceChildren(...this.cues.map((cue, i) => this.row(cue, i)));
    this.save();
    const area = this.area(focus);
    area?.focus();
    area?.setSelectionRange(caret, caret);
  }

  private area(at: number): HTMLTextAreaElement | null {
    return this.list.children[at]?.querySelector('textarea') ?? null;
  }

  private save(): void {
    this.field.value = write(this.cues);
    this.follow();
  }

  /** Before a change: what there is. */
  private remember(): void {
    this.past.push(this.cues.map((cue) => ({ ...cue })));
    if (this.past.length > UNDO_MOST) this.past.shift();
    this.back.disabled = false;
  }

  private undo(focus = -1): void {
    const before = this.past.pop();
    if (!before) return;
    this.cues = before;
    this.draw(Math.min(focus, before.length - 1));
    this.back.disabled = this.past.length === 0;
  }

  private row(cue: Cue, i: number): HTMLLIElement {
    const row = document.createElement('li');
    const which = fill(this.text('line'), i + 1);
    const speed = document.createElement('span');
    speed.className = 'small';
    const judge = (): void => {
      const rate = Math.round(cue.text.replace(/\n/g, '').length / Math.max(0.001, cue.to - cue.from));
      const before = this.cues[i - 1];
      const over = before !== undefined && cue.from < before.to;
      speed.textContent = over ? this.text('overlaps') : fill(this.text('speed'), rate);
      row.classList.toggle('bad', over || rate > EASY || cue.to <= cue.from);
    };
    const stampField = (key: 'from' | 'to'): HTMLInputElement => {
      const input = document.createElement('input');
      input.className = 'input mono';
      input.value = stamp(cue[key]);
      input.setAttribute('aria-label', `${which}, ${this.text(key)}`);
      input.addEventListener('change', () => {
        const at = seconds(input.value);
        // What is no time stays to be put right, and says so.
        input.setAttribute('aria-invalid', String(at === undefined));
        if (at === undefined) return;
        this.remember();
        cue[key] = at;
        input.value = stamp(at);
        judge();
        this.save();
      });
      return input;
    };
    const area = document.createElement('textarea');
    area.className = 'input';
    area.rows = 2;
    area.value = cue.text;
    area.setAttribute('aria-label', which);
    let fresh = true; // nothing was typed since it has the cursor
    area.addEventListener('focus', () => (fresh = true));
    area.addEventListener('input', () => {
      if (fresh) this.remember();
      fresh = false;
      cue.text = area.value;
      judge();
      this.save();
    });
    area.addEventListener('keydown', (event) => this.key(event, i, area, fresh));
    const times = document.createElement('div');
    times.className = 'cue-times';
    times.append(stampField('from'), stampField('to'), speed);
    const acts = document.createElement('div');
    acts.className = 'cue-acts';
    acts.append(
      this.button('play', () => this.play(i), which),
      this.button('split', () => this.split(i, area.selectionStart || Math.ceil(area.value.length / 2)), which),
      this.button('join', () => this.join(i), which),
      this.button('remove', () => this.drop(i), which),
    );
    row.append(times, area, acts);
    judge();
    return row;
  }

  private key(event: KeyboardEvent, i: number, area: HTMLTextAreaElement, fresh: boolean): void {
    if (!event.ctrlKey && !event.metaKey) return;
    const acts: Record<string, () => void> = {
      Enter: () => (event.shiftKey ? this.split(i, area.selectionStart) : this.play(i)),
      ArrowDown: () => this.area(i + 1)?.focus(),
      ArrowUp: () => this.area(i - 1)?.focus(),
    };
    // Letters that were just typed are the browser's to take back.
    if (fresh && !event.shiftKey) acts.z = () => this.undo(i);
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  private drop(i: number): void {
    this.remember();
    this.cues.splice(i, 1);
    this.draw(Math.min(i, this.cues.length - 1));
  }

  private play(i: number): void {
    const cue = this.cues[i];
    if (!cue || !this.video) return;
    this.video.currentTime = cue.from;
    this.until = cue.to;
    void this.video.play().catch(() => undefined);
  }

  /** The time is shared as the letters are. */
  private split(i: number, caret: number): void {
    const cue = this.cues[i];
    if (!cue) return;
    const first = cue.text.slice(0, caret).trim();
    const second = cue.text.slice(caret).trim();
    if (!first || !second) return;
    this.remember();
    const middle = cue.from + ((cue.to - cue.from) * first.length) / (first.length + second.length);
    this.cues.splice(i, 1, { from: cue.from, to: middle, text: first }, { from: middle, to: cue.to, text: second });
    this.draw(i + 1);
  }

  private join(i: number): void {
    const cue = this.cues[i];
    const next = this.cues[i + 1];
    if (!cue || !next) return;
    this.remember();
    const text = `${cue.text.trim()}\n${next.text.trim()}`;
    this.cues.splice(i, 2, { from: cue.from, to: Math.max(cue.to, next.to), text });
    this.draw(i, text.length);
  }

  /** A new row where the video is. */
  private add(): void {
    const at = this.video?.currentTime ?? this.cues[this.cues.length - 1]?.to ?? 0;
    const cue = { from: at, to: at + 3, text: '' };
    this.remember();
    this.cues.push(cue);
    this.cues.sort((a, b) => a.from - b.from);
    this.draw(this.cues.indexOf(cue));
  }

  /** All rows by some seconds. */
  private shifter(): HTMLElement {
    const box = document.createElement('span');
    box.className = 'row tight';
    const input = document.createElement('input');
    Object.assign(input, { type: 'number', step: '0.1', value: '0.5', className: 'input short' });
    input.setAttribute('aria-label', this.text('by'));
    const shift = this.button('shift', () => {
      // Not before the beginning: rows would run into each other there.
      const by = Math.max(Number(input.value), -(this.cues[0]?.from ?? 0));
      if (!Number.isFinite(by) || by === 0) return;
      this.remember();
      for (const cue of this.cues) {
        cue.from += by;
        cue.to += by;
      }
      this.draw();
    });
    box.append(input, shift);
    return box;
  }

  private toPlain(): void {
    this.querySelector<HTMLElement>('[data-rows]')!.replaceChildren();
    this.querySelector<HTMLElement>('[data-plain]')!.hidden = false;
    this.field.focus();
  }

  // --- the video ---------------------------------------------------------------------------------------------------------------

  private follow(): void {
    const video = this.video;
    if (!video) return;
    const at = video.currentTime;
    if (this.until >= 0 && at >= this.until) {
      this.until = -1;
      video.pause();
    }
    const here = this.cues.findIndex((cue) => cue.from <= at && at < cue.to);
    [...this.list.children].forEach((row, i) => row.classList.toggle('now', i === here));
    const line = this.querySelector('.cc');
    if (line) line.textContent = this.cues[here]?.text ?? '';
    this.drawWave(at);
  }

  private async loadWave(): Promise<void> {
    const canvas = this.querySelector<HTMLCanvasElement>('[data-wave]');
    if (!canvas || !this.dataset.waveform) return;
    const answer = await fetch(this.dataset.waveform).catch(() => undefined);
    if (!answer?.ok) return;
    this.wave = new Uint8Array(await answer.arrayBuffer());
    canvas.hidden = false;
    canvas.setAttribute('aria-hidden', 'true'); // a picture of the sound, for the eye and the pointer
    canvas.addEventListener('click', (event) => {
      if (!this.video) return;
      const part = event.offsetX / canvas.clientWidth - 0.5;
      this.video.currentTime = Math.max(0, this.video.currentTime + part * WINDOW);
    });
    this.drawWave(this.video?.currentTime ?? 0);
  }

  private drawWave(at: number): void {
    const canvas = this.querySelector<HTMLCanvasElement>('[data-wave]');
    const ink = canvas?.getContext('2d');
    if (!canvas || !ink || !this.wave.length) return;
    const { width, height } = canvas;
    const style = getComputedStyle(this);
    const x = (second: number): number => ((second - at) / WINDOW + 0.5) * width;
    ink.clearRect(0, 0, width, height);
    ink.fillStyle = style.getPropertyValue('--accent-tint');
    for (const cue of this.cues) ink.fillRect(x(cue.from), 0, x(cue.to) - x(cue.from) - 1, height);
    ink.fillStyle = style.color;
    const first = Math.max(0, Math.floor((at - WINDOW / 2) * RATE));
    for (let i = first; i < Math.min(this.wave.length, first + WINDOW * RATE + 1); i++) {
      const tall = Math.max(1, ((this.wave[i] ?? 0) / 255) * height);
      ink.fillRect(x(i / RATE), (height - tall) / 2, Math.max(1, width / WINDOW / RATE - 1), tall);
    }
    ink.fillRect(width / 2, 0, 2, height);
  }
}

customElements.define('edulab-subtitles', Subtitles);
