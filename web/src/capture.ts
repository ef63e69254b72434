// <edulab-capture>: records the camera, the screen, or both (the camera small in a corner of the screen), shows time and size, plays
// it before it is sent, and hands it to the <edulab-upload> of the page, which survives a bad connection. Nothing is sent before.
import { fill, texts } from './app';
import { hold } from './hold';
import { clock } from './player-clock';

const LONGEST = 3 * 3600; // seconds
const SIZE = { width: 1920, height: 1080 };
const types = ['video/webm;codecs=vp9,opus', 'video/webm;codecs=vp8,opus', 'video/webm', 'video/mp4'];

type Source = 'camera' | 'screen' | 'both';

const stopAll = (stream: MediaStream): void => stream.getTracks().forEach((track) => track.stop());

async function playing(stream: MediaStream): Promise<HTMLVideoElement> {
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = stream;
  await video.play();
  return video;
}

/** All sounds of both as one track: the voice, and what the screen plays when the person shares it. */
function mixed(streams: MediaStream[]): { track: MediaStreamTrack | undefined; end: () => void } {
  const heard = streams.filter((stream) => stream.getAudioTracks().length);
  if (heard.length < 2) return { track: heard[0]?.getAudioTracks()[0], end: () => undefined };
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  for (const stream of heard) context.createMediaStreamSource(stream).connect(out);
  return { track: out.stream.getAudioTracks()[0], end: () => void context.close() };
}

/** The screen with the camera in its corner, drawn 25 times a second. */
async function together(screen: MediaStream, camera: MediaStream): Promise<{ stream: MediaStream; end: () => void }> {
  const [large, small] = [await playing(screen), await playing(camera)];
  const canvas = document.createElement('canvas');
  const ink = canvas.getContext('2d');
  const draw = (): void => {
    if (!large.videoWidth || !ink) return;
    const scale = Math.min(1, SIZE.width / large.videoWidth, SIZE.height / large.videoHeight);
    // Even numbers: encoders want them. Setting a size empties the picture, so only when it changes.
    const [width, height] = [large.videoWidth, large.videoHeight].map((side) => 2 * Math.round((side * scale) / 2)) as [number, number];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    ink.drawImage(large, 0, 0, width, height);
    const w = Math.round(width * 0.22);
    const h = Math.round((w * small.videoHeight) / (small.videoWidth || 1));
    ink.drawImage(small, width - w - 24, height - h - 24, w, h);
  };
  draw();
  const beat = new Worker(new URL('./capture-tick.ts', import.meta.url), { type: 'module' });
  beat.onmessage = draw;
  return { stream: canvas.captureStream(25), end: () => beat.terminate() };
}

class Capture extends HTMLElement {
  private words: Record<string, string> = {};
  private asking = false; // which screen, which camera
  private recorder: MediaRecorder | undefined;
  private ends: (() => void)[] = [];
  private pieces: Blob[] = [];
  private bytes = 0;
  private seconds = 0;
  private ticking = 0;
  private file: File | undefined;

  connectedCallback(): void {
    if (Object.keys(this.words).length) return;
    this.words = texts(this);
    if (typeof MediaRecorder === 'undefined' || !navigator.mediaDevices) {
      this.say('missing');
      this.piece('[data-begin]').hidden = true;
      return;
    }
    // A telephone has no screen to share.
    if (!('getDisplayMedia' in navigator.mediaDevices)) {
      this.querySelectorAll<HTMLInputElement>('input[value=screen], input[value=both]').forEach((choice) => { choice.closest<HTMLElement>('label')!.hidden = true; });
    }
    const on = (name: string, act: () => void): void => this.piece(`[data-act=${name}]`).addEventListener('click', act);
    on('start', () => void this.start());
    on('pause', () => this.pause());
    on('stop', () => this.stop());
    on('again', () => this.reset());
    on('send', () => this.send());
    hold(() => this.asking || this.recorder !== undefined || this.file !== undefined);
  }

  private piece(selector: string): HTMLElement {
    return this.querySelector<HTMLElement>(selector) ?? (this as HTMLElement);
  }

  private say(name: string, ...values: string[]): void {
    this.piece('[data-said]').textContent = fill(this.words[name] ?? '', ...values);
  }

  /** Which of the three groups of controls is there: to begin, while it runs, to look and send. */
  private phase(now: 'begin' | 'running' | 'ready', focus: string): void {
    for (const each of ['begin', 'running', 'ready']) this.piece(`[data-${each}]`).hidden = each !== now;
    this.piece(`[data-act=${focus}]`).focus();
  }

  private size(): string {
    const large = this.bytes >= 1e6;
    const form = { style: 'unit', unit: large ? 'megabyte' : 'kilobyte', maximumFractionDigits: large ? 1 : 0 } as const;
    return new Intl.NumberFormat(document.documentElement.lang, form).format(this.bytes / (large ? 1e6 : 1e3));
  }

  private async streams(source: Source): Promise<MediaStream[]> {
    const screen = source === 'camera' ? undefined : await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: 25 }, audio: true });
    const voice = { echoCancellation: true, noiseSuppression: true };
    try {
      const camera = source === 'screen'
        ? await navigator.mediaDevices.getUserMedia({ audio: voice }).catch(() => undefined) // a screen without a voice is a film too
        : await navigator.mediaDevices.getUserMedia({ audio: voice, video: { width: 1280, height: 720 } });
      return [screen, camera].filter((stream): stream is MediaStream => stream !== undefined);
    } catch (error) {
      if (screen) stopAll(screen);
      throw error;
    }
  }

  private async start(): Promise<void> {
    this.asking = true;
    await this.begin().finally(() => (this.asking = false));
  }

  private async begin(): Promise<void> {
    const source = (this.querySelector<HTMLInputElement>('input[name=source]:checked')?.value ?? 'camera') as Source;
    let streams: MediaStream[];
    try {
      streams = await this.streams(source);
    } catch {
      this.say('refused');
      return;
    }
    this.ends = [() => streams.forEach(stopAll)];
    const first = streams[0];
    if (!first) return;
    let picture = first;
    if (source === 'both' && streams[1]) {
      const drawn = await together(first, streams[1]);
      picture = drawn.stream;
      this.ends.push(drawn.end);
    }
    const sound = mixed(streams);
    this.ends.push(sound.end);
    const film = new MediaStream([...picture.getVideoTracks(), ...(sound.track ? [sound.track] : [])]);
    // The bar of the browser ends the sharing: so ends the recording.
    streams.forEach((stream) => stream.getVideoTracks()[0]?.addEventListener('ended', () => this.stop()));
    const view = await playing(film);
    view.setAttribute('aria-hidden', 'true'); // what one sees anyway
    this.piece('[data-view]').replaceChildren(view);
    this.record(film);
  }

  private record(film: MediaStream): void {
    const mimeType = types.find((type) => MediaRecorder.isTypeSupported(type));
    const recorder = new MediaRecorder(film, { mimeType, videoBitsPerSecond: 2_500_000, audioBitsPerSecond: 96_000 });
    this.recorder = recorder;
    this.pieces = [];
    this.bytes = this.seconds = 0;
    recorder.addEventListener('dataavailable', (event) => {
      if (!event.data.size) return;
      this.pieces.push(event.data);
      this.bytes += event.data.size;
    });
    recorder.addEventListener('stop', () => this.stopped(recorder.mimeType));
    recorder.start(1000);
    this.ticking = window.setInterval(() => this.tick(), 1000);
    this.phase('running', 'stop');
    this.tick(0);
  }

  private tick(step = 1): void {
    const said = this.piece('[data-said]');
    if (this.recorder?.state === 'paused') return;
    this.seconds += step;
    // Read aloud once a minute, shown each second.
    said.setAttribute('aria-live', this.seconds % 60 ? 'off' : 'polite');
    this.say('running', clock(this.seconds), this.size());
    if (this.seconds >= LONGEST) this.stop();
  }

  private pause(): void {
    const recorder = this.recorder;
    if (!recorder) return;
    const running = recorder.state === 'recording';
    if (running) recorder.pause();
    else recorder.resume();
    this.piece('[data-act=pause] span').textContent = this.words[running ? 'resume' : 'pause'] ?? '';
    if (running) this.say('paused', clock(this.seconds), this.size());
  }

  private stop(): void {
    if (this.recorder && this.recorder.state !== 'inactive') this.recorder.stop();
  }

  private stopped(mimeType: string): void {
    window.clearInterval(this.ticking);
    this.ends.splice(0).forEach((end) => end());
    this.recorder = undefined;
    this.piece('[data-act=pause] span').textContent = this.words.pause ?? '';
    const type = (mimeType || 'video/webm').split(';')[0] ?? 'video/webm';
    this.file = new File(this.pieces, `video.${type.split('/')[1] ?? 'webm'}`, { type });
    const film = document.createElement('video');
    film.controls = true;
    film.src = URL.createObjectURL(this.file);
    film.setAttribute('aria-label', this.words.watch ?? '');
    this.piece('[data-view]').replaceChildren(film);
    const copy = this.querySelector<HTMLAnchorElement>('[data-copy-file]');
    if (copy) Object.assign(copy, { href: film.src, download: this.file.name });
    this.piece('[data-said]').setAttribute('aria-live', 'polite');
    this.phase('ready', 'send');
    this.say('ready', clock(this.seconds), this.size());
  }

  private reset(): void {
    const film = this.querySelector<HTMLVideoElement>('[data-view] video');
    if (film?.src) URL.revokeObjectURL(film.src);
    this.file = undefined;
    this.pieces = [];
    this.piece('[data-view]').replaceChildren();
    this.piece('[data-said]').textContent = '';
    this.phase('begin', 'start');
  }

  private send(): void {
    const file = this.file;
    if (!file) return;
    const title = this.querySelector<HTMLInputElement>('input[name=titre]')?.value.trim().replace(/[/\\]/g, '-') || (this.words.name ?? 'video');
    const named = new File([file], `${title}.${file.name.split('.').pop() ?? 'webm'}`, { type: file.type });
    document.dispatchEvent(new CustomEvent('edulab-files', { detail: [named] }));
    this.reset();
    this.say('sent');
  }
}

customElements.define('edulab-capture', Capture);
