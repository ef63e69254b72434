// <edulab-player>: enriches a plain <video controls>. Without this script, or when it fails, the browser's own player
// plays the MP4. Texts and chapters come from the page; nothing is stored.
import { csrf, fill, texts, toast } from './app';
import { icons } from './player-icons';
import { followLines } from './player-lines';
import type Hls from 'hls.js';

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
/** Seen when this part of the seconds was really played. */
const ENOUGH = 0.9;

/** 3723 → "1:02:03" */
export function clock(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const two = (n: number): string => String(n).padStart(2, '0');
  const minutes = Math.floor(s / 60) % 60;
  return s >= 3600 ? `${Math.floor(s / 3600)}:${two(minutes)}:${two(s % 60)}` : `${minutes}:${two(s % 60)}`;
}

function make<K extends keyof HTMLElementTagNameMap>(tag: K, cls = '', parent?: ParentNode): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (cls) element.className = cls;
  parent?.append(element);
  return element;
}

class Player extends HTMLElement {
  private video!: HTMLVideoElement;
  private words: Record<string, string> = {};
  private chapters: number[] = [];
  private hls: Hls | undefined;
  private plain: string | undefined; // the MP4, when the stream takes its place
  private loaded = false;
  private seen = new Uint8Array(0);
  private last = -1;
  private reported = false;
  private caption!: HTMLParagraphElement;
  private state!: HTMLParagraphElement;
  private seek!: HTMLInputElement;
  private time!: HTMLSpanElement;
  private pieces: { from: number; to: number; done: HTMLElement; loaded: HTMLElement }[] = [];
  private track!: HTMLDivElement;
  private bar!: HTMLDivElement;

  connectedCallback(): void {
    const video = this.querySelector('video');
    if (!video || this.bar) return;
    this.video = video;
    this.words = texts(this);
    this.chapters = this.text('chapters').split(' ').map(Number);
    this.build();
    this.listen();
    video.controls = false;
    // Nothing of the video is fetched before somebody wants to see it.
    if (this.dataset.hls) video.preload = 'none';
    this.takeSources();
    this.hash();
    followLines(this, video, (at) => this.go(at, true));
  }

  // --- the parts ------------------------------------------------------------------------------------------------

  private build(): void {
    const screen = make('div', 'screen');
    this.video.replaceWith(screen);
    screen.append(this.video);
    this.caption = make('p', 'cc', screen);
    const big = make('button', 'big-play', screen);
    big.type = 'button';
    big.innerHTML = '<svg viewBox="0 0 20 22" aria-hidden="true" focusable="false"><path d="M0 0 20 11 0 22z"/></svg>';
    big.setAttribute('aria-label', this.text('play'));
    big.addEventListener('click', () => this.toggle());
    this.video.addEventListener('play', () => big.remove(), { once: true });

    const line = make('div', 'tl', this);
    this.track = make('div', 'tl-track', line);
    this.seek = make('input', '', line);
    Object.assign(this.seek, { type: 'range', min: '0', max: '1', step: '0.1', value: '0' });
    this.seek.setAttribute('aria-label', this.text('seek'));
    this.seek.addEventListener('input', () => this.go(Number(this.seek.value)));

    this.bar = make('div', 'ctl', this);
    this.state = make('p', 'state-line', this);
    this.state.setAttribute('role', 'alert');
    this.button('play', 'play', () => this.toggle()).dataset.role = 'play';
    this.button('back', 'back', () => this.skip(-10));
    this.button('forward', 'forward', () => this.skip(10)).classList.add('opt');
    this.button('mute', 'sound', () => (this.video.muted = !this.video.muted)).dataset.role = 'mute';
    this.volume();
    this.time = make('span', 'time', this.bar);
    make('span', 'sp', this.bar);
    this.captions();
    this.speeds();
    const full = this.button('full', 'full', () => void this.fullscreen());
    full.dataset.role = 'full';
    this.layPieces(Number(this.dataset.duration) || 0);
    this.show();
  }

  private text(name: string): string {
    return this.words[name] ?? '';
  }

  private button(name: string, icon: keyof typeof icons, act: () => void): HTMLButtonElement {
    const button = make('button', '', this.bar);
    button.type = 'button';
    button.setAttribute('aria-label', this.text(name));
    button.innerHTML = icons[icon];
    button.addEventListener('click', act);
    return button;
  }

  private face(role: string, name: string, icon: keyof typeof icons): void {
    const button = this.bar.querySelector<HTMLButtonElement>(`[data-role=${role}]`);
    if (!button || button.dataset.shown === icon) return;
    button.dataset.shown = icon;
    button.innerHTML = icons[icon];
    button.setAttribute('aria-label', this.text(name));
  }

  private volume(): void {
    const slider = make('input', 'vol opt', this.bar);
    Object.assign(slider, { type: 'range', min: '0', max: '1', step: '0.05', value: String(this.video.volume) });
    slider.setAttribute('aria-label', this.text('volume'));
    slider.addEventListener('input', () => {
      this.video.volume = Number(slider.value);
      this.video.muted = this.video.volume === 0;
    });
    this.video.addEventListener('volumechange', () => {
      const silent = this.video.muted || this.video.volume === 0;
      slider.value = String(silent ? 0 : this.video.volume);
      this.face('mute', silent ? 'unmute' : 'mute', silent ? 'silent' : 'sound');
    });
  }

  private captions(): void {
    const tracks = [...this.querySelectorAll('track')];
    if (!tracks.length) return;
    let shown = tracks.findIndex((track) => track.default);
    const button = this.button('captions', 'captions', () => choose(shown < 0 ? 0 : shown + 1 < tracks.length ? shown + 1 : -1));
    button.dataset.role = 'captions';
    const paint = (): void => {
      const cues = shown < 0 ? null : (tracks[shown]?.track.activeCues ?? null);
      const lines = [...(cues ?? [])].map((cue) => (cue as VTTCue).getCueAsHTML().textContent ?? '');
      this.caption.textContent = lines.join('\n');
      this.caption.lang = tracks[shown]?.srclang ?? '';
    };
    const choose = (at: number): void => {
      shown = at;
      tracks.forEach((track, i) => (track.track.mode = i === at ? 'hidden' : 'disabled'));
      button.setAttribute('aria-pressed', String(at >= 0));
      const label = tracks[at]?.label;
      button.setAttribute('aria-label', label ? `${this.text('captions')} (${label})` : this.text('captions'));
      paint();
    };
    tracks.forEach((track) => track.track.addEventListener('cuechange', paint));
    choose(shown);
  }

  private choice(name: string, cls: string): HTMLSelectElement {
    const select = make('select', cls, this.bar);
    select.setAttribute('aria-label', this.text(name));
    return select;
  }

  private speeds(): void {
    const select = this.choice('speed', 'opt');
    const number = new Intl.NumberFormat(document.documentElement.lang);
    for (const speed of SPEEDS) select.add(new Option(`${number.format(speed)}×`, String(speed), speed === 1, speed === 1));
    select.addEventListener('change', () => (this.video.playbackRate = Number(select.value)));
    this.video.addEventListener('ratechange', () => (select.value = String(this.video.playbackRate)));
  }

  private qualities(hls: Hls): void {
    if (hls.levels.length < 2 || this.bar.querySelector('.qual')) return;
    const select = this.choice('quality', 'opt qual');
    select.add(new Option(this.text('auto'), '-1'));
    hls.levels.forEach((level, i) => select.add(new Option(`${level.height}p`, String(i))));
    select.addEventListener('change', () => (hls.nextLevel = Number(select.value)));
    this.bar.insertBefore(select, this.bar.querySelector('[data-role=full]'));
  }

  /** The bar in one piece for each chapter. */
  private layPieces(duration: number): void {
    if (!duration || (this.pieces.length && this.pieces[this.pieces.length - 1]?.to === duration)) return;
    const starts = this.chapters.filter((at) => at > 0 && at < duration);
    const edges = [0, ...starts, duration];
    this.track.replaceChildren();
    this.pieces = edges.slice(0, -1).map((from, i) => {
      const to = edges[i + 1] ?? duration;
      const piece = make('i', '', this.track);
      piece.style.flexGrow = String(to - from);
      return { from, to, loaded: make('u', '', piece), done: make('b', '', piece) };
    });
    this.seek.max = String(duration);
  }

  // --- what it does ---------------------------------------------------------------------------------------------

  private listen(): void {
    const video = this.video;
    for (const name of ['play', 'pause', 'ended', 'timeupdate', 'durationchange', 'progress', 'seeking'] as const) {
      video.addEventListener(name, () => this.show());
    }
    video.addEventListener('play', () => void this.load());
    video.addEventListener('timeupdate', () => this.count());
    video.addEventListener('seeking', () => (this.last = -1));
    video.addEventListener('click', () => this.toggle());
    video.addEventListener('error', () => this.say('broken'));
    video.addEventListener('playing', () => (this.state.textContent = ''));
    this.addEventListener('keydown', (event) => this.key(event));
    document.addEventListener('fullscreenchange', () => {
      const full = document.fullscreenElement === this;
      this.face('full', full ? 'leave' : 'full', full ? 'leave' : 'full');
    });
    addEventListener('hashchange', () => this.hash());
  }

  /** An address ending in #t=12.5 begins there. */
  private hash(): void {
    const at = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash)?.[1];
    if (at) this.go(Number(at));
  }

  private say(name: string): void {
    this.state.textContent = this.text(name);
  }

  /** Where hls.js can feed the video, the browser must not fetch the plain file beside it. */
  private takeSources(): void {
    if (!this.dataset.hls || !('MediaSource' in window || 'ManagedMediaSource' in window)) return;
    this.plain = this.video.querySelector<HTMLSourceElement>('source[type="video/mp4"]')?.src;
    this.video.querySelectorAll('source').forEach((source) => source.remove());
    this.video.load(); // forgets the one it had chosen
  }

  /** The adaptive stream, when somebody presses play for the first time. */
  private async load(): Promise<void> {
    const address = this.dataset.hls;
    if (this.loaded || !address) return;
    this.loaded = true;
    const HlsClass = await import('hls.js').then((found) => found.default, () => undefined);
    if (!HlsClass?.isSupported()) {
      if (this.plain) this.fallBack();
      return;
    }
    const at = this.video.currentTime;
    const hls = new HlsClass({
      enableWorker: false,
      capLevelToPlayerSize: true,
      startPosition: at > 0 ? at : -1,
      backBufferLength: 60,
      // Subtitles are <track> elements of ours; hls.js would empty them to make room for its own.
      timelineController: undefined,
      subtitleTrackController: undefined,
      subtitleStreamController: undefined,
    });
    this.hls = hls;
    hls.on(HlsClass.Events.MANIFEST_PARSED, () => {
      this.qualities(hls);
      void this.video.play().catch(() => undefined);
    });
    hls.on(HlsClass.Events.ERROR, (_event, data) => {
      if (!data.fatal) return;
      if (data.type === HlsClass.ErrorTypes.MEDIA_ERROR) return hls.recoverMediaError();
      if (data.type === HlsClass.ErrorTypes.NETWORK_ERROR && !navigator.onLine) {
        this.say('offline');
        addEventListener('online', () => hls.startLoad(), { once: true });
        return;
      }
      this.fallBack();
    });
    hls.loadSource(address);
    hls.attachMedia(this.video);
  }

  /** The stream cannot be played: the plain file from the same place on. */
  private fallBack(): void {
    const at = this.video.currentTime;
    this.hls?.destroy();
    this.hls = undefined;
    if (!this.plain) return this.say('broken');
    this.video.src = this.plain;
    this.video.currentTime = at;
    void this.video.play().catch(() => this.say('broken'));
  }

  private toggle(): void {
    if (this.video.paused) void this.video.play().catch(() => undefined);
    else this.video.pause();
  }

  private length(): number {
    return Number.isFinite(this.video.duration) ? this.video.duration : Number(this.dataset.duration) || 0;
  }

  private go(at: number, play = false): void {
    this.video.currentTime = Math.max(0, Math.min(at, this.length() || at));
    if (play) void this.video.play().catch(() => undefined);
    this.show();
  }

  private skip(seconds: number): void {
    this.go(this.video.currentTime + seconds);
  }

  private async fullscreen(): Promise<void> {
    const video = this.video as HTMLVideoElement & { webkitEnterFullscreen?: () => void };
    if (document.fullscreenElement) await document.exitFullscreen();
    else if (this.requestFullscreen) await this.requestFullscreen();
    else video.webkitEnterFullscreen?.();
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target instanceof HTMLElement ? event.target.tagName : '';
    if (target === 'SELECT') return;
    const speed = (by: number): void => {
      const at = SPEEDS.indexOf(this.video.playbackRate) + by;
      this.video.playbackRate = SPEEDS[at] ?? this.video.playbackRate;
    };
    const acts: Record<string, () => void> = {
      k: () => this.toggle(),
      j: () => this.skip(-10),
      l: () => this.skip(10),
      m: () => (this.video.muted = !this.video.muted),
      c: () => this.bar.querySelector<HTMLElement>('[data-role=captions]')?.click(),
      f: () => void this.fullscreen(),
      '<': () => speed(-1),
      '>': () => speed(1),
    };
    // A button keeps its own space bar, the volume its own arrows.
    if (target !== 'BUTTON') acts[' '] = acts.k as () => void;
    const slider = event.target instanceof HTMLElement && event.target.classList.contains('vol');
    if (!slider) Object.assign(acts, { ArrowLeft: () => this.skip(-5), ArrowRight: () => this.skip(5) });
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  private show(): void {
    const duration = this.length();
    const at = this.video.currentTime;
    this.layPieces(duration);
    const buffered = this.video.buffered;
    const ready = buffered.length ? buffered.end(buffered.length - 1) : 0;
    const part = (piece: { from: number; to: number }, upTo: number): string =>
      `${Math.max(0, Math.min(1, (upTo - piece.from) / (piece.to - piece.from))) * 100}%`;
    for (const piece of this.pieces) {
      piece.done.style.width = part(piece, at);
      piece.loaded.style.width = part(piece, ready);
    }
    this.seek.value = String(at);
    const spoken = fill(this.text('at'), clock(at), clock(duration));
    this.seek.setAttribute('aria-valuetext', spoken);
    this.time.textContent = `${clock(at)} / ${clock(duration)}`;
    const paused = this.video.paused;
    this.face('play', paused ? 'play' : 'pause', paused ? 'play' : 'pause');
  }

  // --- really watched ----------------------------------------------------------------------------------------------

  /** Marks the seconds that went by while playing; jumping over them does not count. */
  private count(): void {
    const at = this.video.currentTime;
    const duration = Math.floor(this.length());
    if (duration < 1 || this.video.paused) return;
    if (this.seen.length !== duration) {
      const grown = new Uint8Array(duration);
      grown.set(this.seen.subarray(0, duration));
      this.seen = grown;
    }
    const from = this.last >= 0 && at > this.last && at - this.last < 3 ? Math.floor(this.last) : Math.floor(at);
    for (let second = from; second <= at && second < duration; second++) this.seen[second] = 1;
    this.last = at;
    const watched = this.seen.reduce((sum, one) => sum + one, 0);
    if (!this.reported && watched >= duration * ENOUGH) void this.report();
  }

  private async report(): Promise<void> {
    const address = this.dataset.completeUrl;
    if (!address) return;
    this.reported = true;
    try {
      const answer = await fetch(address, {
        method: 'POST',
        headers: { 'X-CSRF-Token': csrf() },
        body: new URLSearchParams({ _csrf: csrf() }),
        keepalive: true,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      // This page as it is now: take over what has changed.
      const fresh = await fetch(location.href, { headers: { Accept: 'text/html' } });
      const page = new DOMParser().parseFromString(await fresh.text(), 'text/html');
      for (const old of document.querySelectorAll('[data-refresh][id]')) {
        const now = page.getElementById(old.id);
        if (now) old.replaceWith(now);
      }
      for (const form of document.querySelectorAll<HTMLElement>('form[data-complete]')) form.hidden = true;
      toast(this.text('done'));
    } catch {
      this.reported = false;
      this.last = -1;
      toast(this.text('unsaved'), true);
    }
  }
}

customElements.define('edulab-player', Player);
