// <edulab-watch>: tells the server which stretches of the video beside it were really played, each ten seconds. Paused, hidden and
// jumped-over time is left out. What could not be sent is sent again under the same number, so that it counts once.

const EVERY = 10_000;
/** Two looks at the clock further apart than this are not one stretch: the machine slept. */
const LONGEST = 2;
/** So many stretches fit into one message. */
const MOST = 40;

interface Message {
  n: number;
  played: string;
}

class Watch extends HTMLElement {
  private video: HTMLVideoElement | null = null;
  private stretches: [number, number][] = [];
  private last = -1;
  private n = 0;
  private unsent: Message | undefined;
  private refused: string | undefined;

  connectedCallback(): void {
    this.video = this.parentElement?.querySelector('video') ?? null;
    const video = this.video;
    if (!video) return;
    video.addEventListener('timeupdate', () => this.look());
    for (const name of ['pause', 'seeking', 'waiting', 'ended', 'emptied'] as const) {
      video.addEventListener(name, () => (this.last = -1));
    }
    document.addEventListener('visibilitychange', () => {
      this.last = -1;
      if (document.hidden) this.leave();
    });
    addEventListener('pagehide', () => this.leave());
    video.addEventListener('ended', () => void this.send());
    window.setInterval(() => void this.send(), EVERY);
  }

  /** Somebody can see it: in this page, or in its own small window. */
  private seen(): boolean {
    return !document.hidden || document.pictureInPictureElement === this.video;
  }

  private look(): void {
    const video = this.video;
    if (!video || video.seeking || !this.seen()) return;
    // The last piece arrives with the video already at rest.
    if (video.paused && !video.ended) return;
    const at = video.currentTime;
    if (this.last >= 0 && at > this.last && at - this.last < LONGEST * Math.max(1, video.playbackRate)) {
      const before = this.stretches[this.stretches.length - 1];
      if (before && before[1] === this.last) before[1] = at;
      else this.stretches.push([this.last, at]);
    }
    this.last = at;
  }

  /** Nothing more is counted with this ticket. The player brings another when it renews the page's addresses. */
  private over(): boolean {
    return this.refused !== undefined && this.refused === this.dataset.page;
  }

  private next(): Message | undefined {
    if (this.unsent) return this.unsent;
    const ms = (seconds: number): number => Math.round(seconds * 1000);
    const played = this.stretches
      .splice(0, MOST)
      .filter(([from, to]) => ms(to) > ms(from))
      .map(([from, to]) => `${ms(from)}-${ms(to)}`)
      .join(',');
    if (played) this.unsent = { n: ++this.n, played };
    return this.unsent;
  }

  private body(message: Message): URLSearchParams {
    return new URLSearchParams({ page: this.dataset.page ?? '', n: String(message.n), played: message.played });
  }

  private async send(): Promise<void> {
    const message = this.over() ? undefined : this.next();
    const { page } = this.dataset;
    if (!message) return;
    try {
      const answer = await fetch(this.dataset.url ?? '', { method: 'POST', body: this.body(message), keepalive: true });
      // This page is too old, or we said something wrong: saying it again would not help.
      if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) this.refused = page;
      else if (!answer.ok) return;
    } catch {
      return;
    }
    if (this.unsent === message) this.unsent = undefined;
  }

  /** The page goes: no answer will be seen. */
  private leave(): void {
    for (let message = this.over() ? undefined : this.next(); message; message = this.next()) {
      if (!navigator.sendBeacon(this.dataset.url ?? '', this.body(message))) return;
      this.unsent = undefined;
    }
  }
}

customElements.define('edulab-watch', Watch);
