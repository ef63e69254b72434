// <edulab-player>: enriches a plain <video controls>. Without this script, or when it fails, the browser's own player
// plays the MP4. Texts and chapters come from the page; nothing is stored.
import { csrf, fill, texts, toast } from './app';
import { Captions } from './player-captions';
import { followCards } from './player-cards';
import { cast } from './player-cast';
import { clock } from './player-clock';
import { icons } from './player-icons';
import { followLines } from './player-lines';
import { preview } from './player-preview';
import { Settings, SPEEDS, speeds, spoken } from './player-settings';
import type Hls from 'hls.js';
import type { MediaPlaylist } from 'hls.js';

/** How long the picture shows what a key has done. */
const TOLD = 1500;

/** Seen when this part of the seconds was really played. */
const ENOUGH = 0.9;

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
  private captions!: Captions;
  private settings!: Settings;
  private state!: HTMLParagraphElement;
  private seek!: HTMLInputElement;
  private time!: HTMLSpanElement;
  private pieces: { from: number; to: number; done: HTMLElement; loaded: HTMLElement }[] = [];
  private track!: HTMLDivElement;
  private bar!: HTMLDivElement;
  private screens!: HTMLButtonElement;
  private told!: HTMLParagraphElement;
  private toldUntil = 0;
  private sounds: string[] = []; // beside the master playlist
  private sound = 0;
  private level = -1;
  private alone = false; // the sound without the picture
  private renewing: Promise<boolean> | undefined;

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
    cast(this.screens, video, () => this.plain ?? video.currentSrc, () => this.hls && this.fallBack());
    if (!this.hash() && !this.begin()) this.resume();
    followLines(this, video, (at) => this.go(at, true));
    const home = (): void => this.bar.querySelector<HTMLElement>('[data-role=play]')?.focus();
    followCards(this, this.querySelector<HTMLElement>('.screen') ?? this, video, () => this.length(), (name) => this.text(name), home);
  }

  // --- the parts ------------------------------------------------------------------------------------------------

  private build(): void {
    const screen = make('div', 'screen');
    this.video.replaceWith(screen);
    screen.append(this.video);
    this.captions = new Captions(this, this.video, make('p', 'cc', screen));
    this.told = make('p', 'told', screen);
    this.told.setAttribute('role', 'status');
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
    if (this.captions.tracks.length) {
      const captions = this.button('captions', 'captions', () => this.captions.toggle());
      captions.dataset.role = 'captions';
      this.captions.changed(() => {
        const label = this.captions.label();
        captions.setAttribute('aria-pressed', String(this.captions.shown >= 0));
        captions.setAttribute('aria-label', label ? `${this.text('captions')} (${label})` : this.text('captions'));
      });
    }
    const speed = make('select', 'opt', this.bar);
    speed.setAttribute('aria-label', this.text('speed'));
    speeds(speed, this.video);
    this.settings = new Settings(this.video, this.captions, (name) => this.text(name), this.querySelector<HTMLElement>('.player-file'));
    this.append(this.settings.panel);
    this.settings.opens(this.button('settings', 'settings', () => undefined));
    if (document.pictureInPictureEnabled) this.button('window', 'small', () => void this.small()).classList.add('opt');
    if (this.closest('.watch')) {
      const theatre = this.button('theatre', 'theatre', () => this.theatre());
      theatre.classList.add('wide-only');
      theatre.dataset.role = 'theatre';
    }
    this.screens = this.button('cast', 'cast', () => undefined);
    this.button('full', 'full', () => void this.fullscreen()).dataset.role = 'full';
    preview(line, () => this.dataset.hls, () => this.length());
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
    video.addEventListener('error', () => void this.failed());
    video.addEventListener('playing', () => (this.state.textContent = ''));
    this.addEventListener('keydown', (event) => this.key(event));
    document.addEventListener('fullscreenchange', () => {
      const full = document.fullscreenElement === this;
      this.face('full', full ? 'leave' : 'full', full ? 'leave' : 'full');
    });
    addEventListener('hashchange', () => this.hash());
  }

  /** An address ending in #t=12.5 begins there. */
  private hash(): boolean {
    const at = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash)?.[1];
    if (at) this.go(Number(at));
    return at !== undefined;
  }

  /** An address with ?debut=12 too: search engines name moments so. */
  private begin(): boolean {
    const at = Number(this.dataset.start);
    if (at) this.go(at);
    return at > 0;
  }

  /** Where this person left, on whichever device; the server knows it. */
  private resume(): void {
    const at = Number(this.dataset.resume);
    if (!at) return;
    this.go(at);
    const line = make('p', 'resume');
    line.append(`${fill(this.text('resumed'), clock(at))} `);
    const again = make('button', '', line);
    again.type = 'button';
    again.textContent = this.text('again');
    again.addEventListener('click', () => {
      line.remove();
      this.bar.querySelector<HTMLElement>('[data-role=play]')?.focus();
      this.go(0, true);
    });
    this.bar.before(line);
    const gone = (): void => {
      if (this.video.currentTime < at + 10 || line.contains(document.activeElement)) return;
      line.remove();
      this.video.removeEventListener('timeupdate', gone);
    };
    this.video.addEventListener('timeupdate', gone);
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
    this.attach(HlsClass, address);
  }

  /** From where the video is now; it plays on if it played. */
  private attach(HlsClass: typeof Hls, address: string): void {
    const at = this.video.currentTime;
    const plays = !this.video.paused;
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
    this.hls?.destroy();
    this.hls = hls;
    const rate = this.video.playbackRate;
    hls.on(HlsClass.Events.MANIFEST_PARSED, (_event, data) => {
      if (address === this.dataset.hls) this.offer(HlsClass, hls, data.audioTracks);
      this.video.playbackRate = rate; // a new source begins at the usual speed
      if (plays) void this.video.play().catch(() => undefined);
    });
    hls.on(HlsClass.Events.ERROR, (_event, data) => {
      if (this.hls !== hls) return;
      if (data.response?.code === 403) return void this.freshen(HlsClass);
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

  private base(): string {
    return new URL('.', new URL(this.dataset.hls ?? '', location.href)).href;
  }

  /** The whole stream, or its sound. */
  private stream(): string {
    const sound = this.alone ? this.sounds[this.sound] : undefined;
    return sound ? new URL(sound, this.base()).href : (this.dataset.hls ?? '');
  }

  /** What this stream lets the person choose. Sound alone is a stream of its own. */
  private offer(HlsClass: typeof Hls, hls: Hls, sounds: MediaPlaylist[]): void {
    const base = this.base();
    this.sounds = sounds.map((each) => (each.url.startsWith(base) ? each.url.slice(base.length) : each.url));
    if (this.level >= 0) hls.nextLevel = this.level;
    if (this.sound > 0) hls.once(HlsClass.Events.AUDIO_TRACKS_UPDATED, () => (hls.audioTrack = this.sound));
    this.settings.stream(hls.levels.map((level) => level.height), sounds.map((each) => each.name), {
      quality: (level) => {
        const before = this.alone;
        this.alone = level === 'sound';
        if (level !== 'sound') this.level = level;
        if (this.alone !== before) this.attach(HlsClass, this.stream());
        else if (this.hls && level !== 'sound') this.hls.nextLevel = level;
      },
      sound: (track) => {
        this.sound = track;
        if (this.alone) this.attach(HlsClass, this.stream());
        else if (this.hls) this.hls.audioTrack = track;
      },
    });
  }

  // --- addresses end after some hours, and a page may be open for days ---------------------------------------------

  /** Takes the addresses of the page as it is now; false when it has no others. */
  private renew(): Promise<boolean> {
    this.renewing ??= this.fresh().finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  private async fresh(): Promise<boolean> {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' } }).catch(() => undefined);
    const page = new DOMParser().parseFromString((await answer?.text()) ?? '', 'text/html');
    const now = page.querySelector<HTMLElement>('edulab-player[data-hls]');
    if (!now?.dataset.hls || now.dataset.hls === this.dataset.hls) return false;
    this.dataset.hls = now.dataset.hls;
    this.plain = now.querySelector<HTMLSourceElement>('source[type="video/mp4"]')?.src;
    const take = <E extends HTMLElement>(selector: string, act: (old: E, fresh: E) => void, from: ParentNode = this, to: ParentNode = now): void => {
      const fresh = to.querySelectorAll<E>(selector);
      from.querySelectorAll<E>(selector).forEach((old, i) => fresh[i] && act(old, fresh[i]));
    };
    take<HTMLTrackElement>('track', (old, track) => {
      if (old.readyState !== HTMLTrackElement.LOADED) old.src = track.src;
    });
    take<HTMLAnchorElement>('.player-file a', (old, link) => (old.href = link.href));
    take<HTMLAnchorElement>('.res [data-what]', (old, link) => (old.href = link.href), document, page);
    take<HTMLElement>('edulab-watch', (old, watch) => (old.dataset.page = watch.dataset.page), document, page);
    return true;
  }

  private async freshen(HlsClass: typeof Hls): Promise<void> {
    const hls = this.hls;
    const fresh = await this.renew();
    if (this.hls !== hls) return; // another error of the same moment has seen to it
    if (fresh) this.attach(HlsClass, this.stream());
    else this.fallBack();
  }

  /** The plain file cannot be played. */
  private async failed(): Promise<void> {
    if (this.hls) return; // its own errors say more
    const at = this.video.currentTime;
    if (!(await this.renew()) || !this.plain) return this.say('broken');
    this.fallBack(at);
  }

  /** The stream cannot be played: the plain file from the same place on. */
  private fallBack(at = this.video.currentTime): void {
    this.hls?.destroy();
    this.hls = undefined;
    if (!this.plain) return this.say('broken');
    this.video.src = this.plain;
    this.video.currentTime = at;
    void this.video.play().catch(() => undefined); // an error says itself
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

  private async small(): Promise<void> {
    if (document.pictureInPictureElement === this.video) await document.exitPictureInPicture();
    else await this.video.requestPictureInPicture().catch(() => undefined); // before anything of it is loaded
  }

  /** As wide as the page: what stands beside goes below. */
  private theatre(): void {
    const on = this.closest('.watch')?.classList.toggle('theatre') ?? false;
    this.bar.querySelector('[data-role=theatre]')?.setAttribute('aria-pressed', String(on));
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target instanceof HTMLElement ? event.target.tagName : '';
    if (event.key === 'Escape' && !this.settings.panel.hidden) return this.settings.close();
    if (target === 'SELECT' || target === 'SUMMARY') return;
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
      p: () => void this.small(),
      t: () => this.theatre(),
      r: () => this.settings.passage.next(),
      Home: () => this.go(0),
      End: () => this.go(this.length()),
      '<': () => speed(-1),
      '>': () => speed(1),
    };
    // A button keeps its own space bar, the volume its own arrows.
    if (target !== 'BUTTON') acts[' '] = acts.k as () => void;
    const slider = event.target instanceof HTMLElement && event.target.classList.contains('vol');
    const louder = (by: number): void => {
      this.video.volume = Math.max(0, Math.min(1, this.video.volume + by));
      this.video.muted = false;
    };
    if (!slider) {
      Object.assign(acts, { ArrowLeft: () => this.skip(-5), ArrowRight: () => this.skip(5) });
      Object.assign(acts, { ArrowUp: () => louder(0.1), ArrowDown: () => louder(-0.1) });
    }
    for (let tenth = 0; tenth < 10; tenth++) acts[tenth] = () => this.go((this.length() * tenth) / 10);
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const act = acts[key];
    if (!act) return;
    event.preventDefault();
    act();
    if (event.target !== this.seek || !/^(Arrow(Left|Right)|[0-9jl]|Home|End)$/.test(key)) this.tell(key);
  }

  /** What a key has done, for who hears the page and for who sees it: no button shows where one's finger is. */
  private tell(key: string): void {
    const video = this.video;
    const percent = new Intl.NumberFormat(document.documentElement.lang, { style: 'percent' });
    const volume = (): string => `${this.text('volume')} ${percent.format(video.muted ? 0 : video.volume)}`;
    const place = (): string => fill(this.text('at'), clock(video.currentTime), clock(this.length()));
    const play = (): string => this.text(video.paused ? 'paused' : 'playing');
    const speed = (): string => `${this.text('speed')} ${spoken(video.playbackRate)}`;
    const said: Record<string, () => string> = {
      k: play, ' ': play, m: volume, ArrowUp: volume, ArrowDown: volume, '<': speed, '>': speed,
      c: () => `${this.text('captions')}: ${this.captions.label() || this.text('off')}`,
      r: () => this.settings.passage.said(),
      f: () => '', p: () => '', t: () => '', // the picture itself changes
    };
    const text = (said[key] ?? place)();
    if (!text) return;
    this.told.textContent = text;
    this.toldUntil = Date.now() + TOLD;
    window.setTimeout(() => {
      if (Date.now() >= this.toldUntil) this.told.textContent = '';
    }, TOLD);
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
