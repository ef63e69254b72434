// The panel below the player's bar: speed, quality, sound, subtitles, a passage that is repeated, a link to this moment, the keys.
import { fill, toast } from './app';
import { SIZES, TONES, type Captions } from './player-captions';
import { clock } from './player-clock';

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

const SOUND_ONLY = 'sound';

type Text = (name: string) => string;

/** What the panel asks of the stream that plays. */
export interface Stream {
  quality: (level: number | 'sound') => void;
  sound: (track: number) => void;
}

/** 1.25 → "1,25×" */
export function spoken(speed: number): string {
  return `${new Intl.NumberFormat(document.documentElement.lang).format(speed)}×`;
}

/** The select of speeds: one in the bar, one in the panel for small windows. */
export function speeds(select: HTMLSelectElement, video: HTMLVideoElement): void {
  for (const speed of SPEEDS) select.add(new Option(spoken(speed), String(speed), speed === 1, speed === 1));
  select.addEventListener('change', () => (video.playbackRate = Number(select.value)));
  video.addEventListener('ratechange', () => (select.value = String(video.playbackRate)));
}

/** A passage between two moments, played over and over. */
export class Passage {
  private from: number | undefined;
  private to: number | undefined;

  constructor(
    private readonly button: HTMLButtonElement,
    private readonly video: HTMLVideoElement,
    private readonly text: Text,
  ) {
    button.addEventListener('click', () => this.next());
    video.addEventListener('timeupdate', () => {
      if (this.from !== undefined && this.to !== undefined && video.currentTime >= this.to) video.currentTime = this.from;
    });
    video.addEventListener('ended', () => {
      if (this.from === undefined || this.to === undefined) return;
      video.currentTime = this.from;
      void video.play().catch(() => undefined);
    });
    this.say();
  }

  /** Its beginning, its end, no passage. */
  next(): void {
    const at = this.video.currentTime;
    if (this.from === undefined) this.from = at;
    else if (this.to === undefined && at > this.from + 0.5) this.to = at;
    else this.from = this.to = undefined;
    this.say();
  }

  said(): string {
    return this.button.textContent ?? '';
  }

  private say(): void {
    const { from, to } = this;
    if (from === undefined) this.button.textContent = this.text('repeat');
    else if (to === undefined) this.button.textContent = fill(this.text('repeatTo'), clock(from));
    else this.button.textContent = fill(this.text('repeatEnd'), clock(from), clock(to));
    this.button.setAttribute('aria-pressed', String(to !== undefined));
  }
}

export class Settings {
  readonly panel = document.createElement('div');
  readonly passage: Passage;
  private gear: HTMLButtonElement | undefined;

  constructor(
    private readonly video: HTMLVideoElement,
    captions: Captions,
    private readonly text: Text,
    file: HTMLElement | null,
  ) {
    this.panel.className = 'set';
    this.panel.id = 'player-settings';
    this.panel.hidden = true;
    this.panel.setAttribute('role', 'group');
    this.panel.setAttribute('aria-label', text('settings'));
    speeds(this.select('speed', 'small-only'), video);
    if (captions.tracks.length) this.subtitles(captions);
    this.passage = new Passage(this.action(), video, text);
    const share = this.action();
    share.textContent = text('share');
    share.addEventListener('click', () => void this.share());
    if (file) this.panel.append(file); // stands below the plain video until then
    this.keys();
  }

  opens(gear: HTMLButtonElement): void {
    this.gear = gear;
    gear.setAttribute('aria-controls', this.panel.id);
    gear.addEventListener('click', () => this.show(this.panel.hidden));
    this.show(false);
  }

  close(): void {
    if (this.panel.contains(document.activeElement)) this.gear?.focus();
    this.show(false);
  }

  private show(open: boolean): void {
    this.panel.hidden = !open;
    this.gear?.setAttribute('aria-expanded', String(open));
  }

  private select(name: string, cls = ''): HTMLSelectElement {
    const box = document.createElement('div');
    box.className = cls;
    const label = document.createElement('label');
    label.textContent = this.text(name);
    const select = document.createElement('select');
    select.id = label.htmlFor = `player-${name}`;
    box.append(label, select);
    this.panel.append(box);
    return select;
  }

  private action(): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    this.panel.append(button);
    return button;
  }

  private subtitles(captions: Captions): void {
    const which = this.select('captions');
    which.add(new Option(this.text('off'), '-1'));
    captions.tracks.forEach((track, i) => which.add(new Option(track.label, String(i))));
    which.addEventListener('change', () => captions.choose(Number(which.value)));
    captions.changed(() => (which.value = String(captions.shown)));
    const style = (name: 'size' | 'tone', values: readonly string[], first: string): void => {
      const select = this.select(name);
      const now = captions.styled(name) ?? first;
      for (const value of values) select.add(new Option(this.text(value), value, value === now, value === now));
      select.addEventListener('change', () => captions.style(name, select.value));
    };
    style('size', SIZES, 'normal');
    style('tone', TONES, 'screen');
  }

  /** Once the stream is known: its sizes, "sound only", and its sounds when there are several. */
  stream(heights: number[], sounds: string[], act: Stream): void {
    if (this.panel.querySelector('.qual')) return;
    const options: [string, string][] = heights.map((height, i) => [`${height}p`, String(i)]);
    if (heights.length < 2) options.splice(0);
    if (sounds.length) options.push([this.text('soundOnly'), SOUND_ONLY]);
    if (options.length) {
      const select = this.select('quality');
      select.className = 'qual';
      for (const [label, value] of [[this.text('auto'), '-1'], ...options] as [string, string][]) select.add(new Option(label, value));
      select.addEventListener('change', () => act.quality(select.value === SOUND_ONLY ? 'sound' : Number(select.value)));
      this.panel.prepend(select.parentElement as HTMLElement);
    }
    if (sounds.length < 2) return;
    const select = this.select('sound');
    sounds.forEach((name, i) => select.add(new Option(name, String(i))));
    select.addEventListener('change', () => act.sound(Number(select.value)));
    this.panel.prepend(select.parentElement as HTMLElement);
  }

  private async share(): Promise<void> {
    const at = Math.floor(this.video.currentTime);
    // In a frame of another site the page with all its words is meant; so it is where a page says its own address.
    const own = document.querySelector<HTMLLinkElement>('link[rel=canonical]')?.href;
    const address = new URL(location.href);
    if (own && new URL(own).pathname !== address.pathname) address.pathname = new URL(own).pathname;
    address.hash = `t=${at}`;
    if (address.pathname === location.pathname) history.replaceState(null, '', address);
    // Without https the browser lets nobody write to the clipboard: the address bar has it then.
    const copied = await navigator.clipboard?.writeText(address.href).then(() => true, () => false);
    toast(fill(this.text(copied ? 'copied' : 'shared'), clock(at)));
  }

  private keys(): void {
    const details = document.createElement('details');
    const summary = document.createElement('summary');
    summary.textContent = this.text('keys');
    const list = document.createElement('p');
    list.textContent = this.text('keyList');
    details.append(summary, list);
    this.panel.append(details);
  }
}
