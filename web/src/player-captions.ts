// Subtitles over the picture, drawn by us so that the person chooses their size and colours. The choices last as long as the
// page: nothing is kept on the device.

export const SIZES = ['small', 'normal', 'large', 'huge'] as const;
export const TONES = ['screen', 'yellow', 'paper'] as const;

export class Captions {
  readonly tracks: HTMLTrackElement[];
  shown: number;
  private heard: (() => void)[] = [];

  constructor(
    root: HTMLElement,
    private readonly video: HTMLVideoElement,
    private readonly line: HTMLParagraphElement,
  ) {
    this.tracks = [...root.querySelectorAll('track')];
    this.shown = this.tracks.findIndex((track) => track.default);
    this.tracks.forEach((track) => track.track.addEventListener('cuechange', () => this.paint()));
    // The small window shows the picture alone: there the browser must draw them.
    video.addEventListener('enterpictureinpicture', () => this.modes());
    video.addEventListener('leavepictureinpicture', () => this.modes());
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

  style(name: 'size' | 'tone', value: string): void {
    this.line.dataset[name] = value;
  }

  private modes(): void {
    const outside = document.pictureInPictureElement === this.video;
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
