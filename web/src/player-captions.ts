// Subtitles over the picture, drawn by us so that the person chooses their size and colours. An account keeps the choices; without one
// they last as long as the page, since nothing is kept on the device.
import { csrf } from './page';

export const SIZES = ['small', 'normal', 'large', 'huge'] as const;
export const TONES = ['screen', 'yellow', 'paper'] as const;

export class Captions {
  readonly tracks: HTMLTrackElement[];
  shown: number;
  private readonly place: HTMLElement;
  private heard: (() => void)[] = [];

  constructor(
    root: HTMLElement,
    private readonly video: HTMLVideoElement,
    private readonly line: HTMLParagraphElement,
  ) {
    this.place = root;
    for (const name of ['size', 'tone'] as const) if (root.dataset[name]) line.dataset[name] = root.dataset[name];
    this.tracks = [...root.querySelectorAll('track')];
    this.shown = this.tracks.findIndex((track) => track.default);
    this.tracks.forEach((track) => track.track.addEventListener('cuechange', () => this.paint()));
    // The small window shows the picture alone: there the browser must draw them.
    video.addEventListener('enterpictureinpicture', () => this.modes());
    video.addEventListener('leavepictureinpicture', () => this.modes());
    // So does the full screen of an iPhone.
    video.addEventListener('webkitbeginfullscreen', () => this.modes(true));
    video.addEventListener('webkitendfullscreen', () => this.modes());
    this.modes();
  }

  /** -1: none */
  choose(at: number): void {
    this.shown = at;
    this.modes();
    for (const tell of this.heard) tell();
  }

  toggle(): void {
    this.choose(this.shown < 0 ? 0 : -1);
  }

  label(): string {
    return this.tracks[this.shown]?.label ?? '';
  }

  changed(tell: () => void): void {
    this.heard.push(tell);
    tell();
  }

  styled(name: 'size' | 'tone'): string | undefined {
    return this.line.dataset[name];
  }

  style(name: 'size' | 'tone', value: string): void {
    this.line.dataset[name] = value;
    const { keep } = this.place.dataset;
    if (!keep) return;
    const { size = 'normal', tone = 'screen' } = this.line.dataset;
    const body = new URLSearchParams({ _csrf: csrf(), taille: size, couleurs: tone });
    // Without a line the choice lasts as long as the page.
    void fetch(keep, { method: 'POST', body }).catch(() => undefined);
  }

  private modes(outside = document.pictureInPictureElement === this.video): void {
    this.tracks.forEach((track, i) => (track.track.mode = i !== this.shown ? 'disabled' : outside ? 'showing' : 'hidden'));
    this.paint();
  }

  private paint(): void {
    const cues = this.tracks[this.shown]?.track.activeCues;
    const lines = [...(cues ?? [])].map((cue) => (cue as VTTCue).getCueAsHTML().textContent ?? '');
    this.line.textContent = lines.join('\n');
    this.line.lang = this.tracks[this.shown]?.srclang ?? '';
  }
}
