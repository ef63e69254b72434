// <edulab-upload>: sends videos piece by piece (tus). What is unfinished is known by the server, not by the device: after
// a reload, choosing the same file again goes on where it stopped.
import { Upload, type PreviousUpload, type UrlStorage } from 'tus-js-client';
import { csrf, fill, texts } from './app';
import { hold } from './hold';

const PIECE = 8 * 1024 * 1024;
const AT_ONCE = 2; // more only share the same line
const LINE_AGAIN = 30_000; // ms: not every line that comes back is announced
const RETRIES = [0, 1000, 3000, 5000, 10000, 20000, 30000];

/** An unfinished upload, as the server lists it. */
interface Unfinished {
  id: string;
  name: string;
  size: number;
  offset: number;
  url: string;
  fingerprint: string;
  purpose: string;
  state: string;
}

/** The same file for the same purpose gives the same word, in any browser of the same person. */
function fingerprint(file: File, purpose: string): string {
  let hash = 2166136261;
  for (const c of file.name) hash = Math.imul(hash ^ (c.codePointAt(0) ?? 0), 16777619) >>> 0;
  const print = [file.size, file.lastModified, hash].map((n) => n.toString(36)).join('-');
  return purpose ? `${print}-${purpose}` : print;
}

async function listUnfinished(address: string, purpose: string): Promise<Unfinished[]> {
  const answer = await fetch(address, { headers: { Accept: 'application/json' } });
  if (!answer.ok) return [];
  return ((await answer.json()) as Unfinished[]).filter((one) => one.state === 'open' && one.purpose === purpose);
}

const pause = (ms: number): Promise<void> => new Promise((go) => window.setTimeout(go, ms));

/** Waits until the server has looked at a whole file and put it in its place; not for ever. */
async function stored(address: string): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    const answer = await fetch(address, { headers: { Accept: 'application/json' } }).catch(() => null);
    if (answer && !answer.ok) return;
    const state = answer ? ((await answer.json()) as Unfinished).state : 'received';
    if (state !== 'open' && state !== 'received') return pause(1000);
    await pause(1000);
  }
}

/** The memory of tus-js-client, kept by the server. */
class ServerMemory implements UrlStorage {
  constructor(
    private readonly address: string,
    private readonly purpose: string,
  ) {}

  private async all(): Promise<(PreviousUpload & { fingerprint: string })[]> {
    // Without a line nothing is known of earlier: what is sent begins anew, as soon as there is one.
    return (await listUnfinished(this.address, this.purpose).catch(() => [])).map((one) => ({
      size: one.size,
      metadata: { filename: one.name },
      creationTime: '',
      urlStorageKey: one.id,
      uploadUrl: one.url,
      parallelUploadUrls: null,
      fingerprint: one.fingerprint,
    }));
  }

  findAllUploads(): Promise<PreviousUpload[]> {
    return this.all();
  }

  async findUploadsByFingerprint(wanted: string): Promise<PreviousUpload[]> {
    return (await this.all()).filter((one) => one.fingerprint === wanted);
  }

  // The server notes and forgets uploads by itself.
  removeUpload(): Promise<void> {
    return Promise.resolve();
  }

  addUpload(mark: string): Promise<string> {
    return Promise.resolve(mark);
  }
}

class Sender extends HTMLElement {
  private words: Record<string, string> = {};
  private list!: HTMLUListElement;
  private queue: Row[] = [];
  private readonly under = new Set<Row>();

  connectedCallback(): void {
    const list = this.querySelector<HTMLUListElement>('.files');
    const input = this.querySelector<HTMLInputElement>('input[type=file]');
    const drop = this.querySelector<HTMLElement>('.drop');
    if (!list || !input || !drop) return;
    this.words = texts(this);
    this.list = list;
    input.addEventListener('change', () => {
      this.add([...(input.files ?? [])]);
      input.value = '';
    });
    drop.addEventListener('dragover', (event) => {
      event.preventDefault();
      drop.classList.add('over');
    });
    drop.addEventListener('dragleave', () => drop.classList.remove('over'));
    drop.addEventListener('drop', (event) => {
      event.preventDefault();
      drop.classList.remove('over');
      this.add([...(event.dataTransfer?.files ?? [])]);
    });
    // What another part of the page made, such as a recording.
    document.addEventListener('edulab-files', (event) => this.add((event as CustomEvent<File[]>).detail));
    // Also what is paused or waits its turn: the page knows the file, after a reload somebody has to choose it again.
    hold(() => this.list.querySelector('[data-going]') !== null);
    void this.remind();
  }

  text(name: string, ...values: (string | number)[]): string {
    return fill(this.words[name] ?? '', ...values);
  }

  size(bytes: number): string {
    const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
    const step = bytes < 1 ? 0 : Math.min(3, Math.floor(Math.log(bytes) / Math.log(1000)));
    const form = { style: 'unit', unit: units[step], maximumFractionDigits: step > 1 ? 1 : 0 } as const;
    return new Intl.NumberFormat(document.documentElement.lang, form).format(bytes / 1000 ** step);
  }

  get target(): { to: string; unfinished: string; max: number; purpose: string } {
    const { to = '', unfinished = '', max, purpose = '' } = this.dataset;
    return { to, unfinished, max: Number(max) || Infinity, purpose };
  }

  /** What was begun and not finished, from this device or another. */
  private async remind(): Promise<void> {
    for (const one of await listUnfinished(this.target.unfinished, this.target.purpose).catch(() => [])) {
      const row = new Row(this, this.list, one.name, one.size);
      row.waitForFile(one);
    }
  }

  private add(files: File[]): void {
    // In the place of a video there is room for one.
    for (const file of this.target.purpose ? files.slice(0, 1) : files) {
      const mark = fingerprint(file, this.target.purpose);
      const known = this.list.querySelector(`[data-mark="${CSS.escape(mark)}"]`);
      if (known?.hasAttribute('data-going')) continue; // chosen twice
      known?.remove();
      const row = new Row(this, this.list, file.name, file.size);
      if (file.size > this.target.max) {
        row.fail(this.text('large', this.size(this.target.max)));
        continue;
      }
      row.take(file, mark);
      this.queue.push(row);
    }
    this.next();
  }

  /** Those whose turn it is begin. What is paused, or waits for the line, leaves its place to the next. */
  next(): void {
    while (this.under.size < AT_ONCE) {
      const row = this.queue.shift();
      if (!row) break;
      this.under.add(row);
      void row.start();
    }
  }

  /** Goes on with a row that gave its place away: now, whoever else is on the way. */
  again(row: Row): void {
    this.queue = this.queue.filter((one) => one !== row);
    this.under.add(row);
  }

  /** The line is back for a row that waited for it: it takes its turn again. */
  back(row: Row): void {
    this.queue.push(row);
    this.next();
  }

  /** The row is not on its way: paused, sent, refused or given up. */
  leave(row: Row): void {
    this.under.delete(row);
    this.queue = this.queue.filter((one) => one !== row);
    this.next();
  }

  /** One has arrived. When nothing is left to do here, one goes on where all are seen. */
  async arrived(): Promise<void> {
    const sent = [...this.list.querySelectorAll<HTMLElement>('[data-done]')].map((item) => item.dataset.done ?? '');
    const busy = (): boolean => this.list.querySelector('[data-going], [data-bad]') !== null; // why one was refused stays to be read
    if (busy() || !this.dataset.next) return;
    for (const address of sent) await stored(address);
    if (!busy()) location.assign(this.dataset.next);
  }
}

/** A file in the list, with its bar and its buttons. */
class Row {
  private readonly item: HTMLLIElement;
  private readonly bar: HTMLProgressElement;
  private readonly state: HTMLParagraphElement;
  private readonly acts: HTMLDivElement;
  private file: File | undefined;
  private upload: Upload | undefined;
  private sent = 0;

  constructor(private readonly home: Sender, list: HTMLUListElement, private readonly name: string, private readonly bytes: number) {
    this.item = document.createElement('li');
    const title = document.createElement('span');
    title.className = 'name';
    title.textContent = name;
    this.acts = document.createElement('div');
    this.acts.className = 'row tight';
    this.bar = document.createElement('progress');
    this.bar.max = Math.max(1, bytes);
    this.bar.value = 0;
    this.bar.setAttribute('aria-label', name);
    this.state = document.createElement('p');
    this.state.className = 'state small';
    this.state.textContent = home.text('waiting');
    this.item.append(title, this.acts, this.bar, this.state);
    list.append(this.item);
  }

  private percent(): number {
    return this.bytes ? Math.floor((this.sent / this.bytes) * 100) : 0;
  }

  private button(text: string, act: () => void): void {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn line small';
    const label = document.createElement('span');
    label.textContent = text;
    const about = document.createElement('span');
    about.className = 'vh';
    about.textContent = ` ${this.name}`;
    label.append(about);
    button.append(label);
    button.addEventListener('click', act);
    this.acts.append(button);
  }

  /** Begun earlier: the server has a part, the file must be chosen again. */
  waitForFile(one: Unfinished): void {
    this.sent = one.offset;
    this.bar.value = one.offset;
    this.item.dataset.mark = one.fingerprint;
    this.state.textContent = this.home.text('resume', this.percent());
    this.button(this.home.text('cancel'), () => {
      void Upload.terminate(one.url, { headers: { 'X-CSRF-Token': csrf() } }).then(() => this.item.remove());
    });
  }

  take(file: File, mark: string): void {
    this.file = file;
    this.item.dataset.mark = mark;
    this.item.dataset.going = '1';
    this.button(this.home.text('cancel'), () => this.cancel());
  }

  /** Nothing more is to be done with it here. */
  private over(): void {
    this.deaf();
    delete this.item.dataset.going;
    this.acts.replaceChildren();
  }

  fail(text: string): void {
    this.over();
    this.item.dataset.bad = '1';
    this.bar.hidden = true;
    this.state.textContent = this.home.text('failed', text);
  }

  async start(): Promise<void> {
    const file = this.file;
    if (this.upload) return this.go();
    if (!file) return;
    const { to, unfinished, purpose } = this.home.target;
    const mark = fingerprint(file, purpose);
    const upload = new Upload(file, {
      endpoint: to,
      chunkSize: PIECE,
      retryDelays: RETRIES,
      urlStorage: new ServerMemory(unfinished, purpose),
      fingerprint: () => Promise.resolve(mark),
      metadata: { filename: file.name, filetype: file.type, fingerprint: mark, ...(purpose ? { purpose } : {}) },
      headers: { 'X-CSRF-Token': csrf() },
      onProgress: (sent) => this.progress(sent),
      onSuccess: () => this.done(),
      onError: (error) => this.broke(error),
      onShouldRetry: (error) => {
        const status = error.originalResponse?.getStatus() ?? 0;
        if (status === 0) this.state.textContent = this.home.text('lost');
        // Without a line there is nothing to try: broke() waits for it.
        if (status === 0) return navigator.onLine;
        return status >= 500 ? status !== 507 : status === 409 || status === 423 || status === 460;
      },
    });
    this.upload = upload;
    const earlier = (await upload.findPreviousUploads())[0];
    if (!this.item.dataset.going) return; // given up meanwhile
    if (earlier) upload.resumeFromPreviousUpload(earlier);
    this.go();
  }

  private go(): void {
    this.deaf();
    this.home.again(this);
    this.acts.replaceChildren();
    this.button(this.home.text('pause'), () => this.pause());
    this.upload?.start();
  }

  /** It stands still, and can go on or be given up. */
  private still(text: string): void {
    this.state.textContent = text;
    this.acts.replaceChildren();
    this.button(this.home.text('go'), () => this.go());
    this.button(this.home.text('cancel'), () => this.cancel());
    this.home.leave(this);
  }

  private pause(): void {
    void this.upload?.abort().then(() => this.still(this.home.text('paused', this.percent())));
  }

  private cancel(): void {
    this.over();
    void (this.upload?.abort(true) ?? Promise.resolve()).catch(() => undefined).finally(() => {
      this.item.remove();
      this.home.leave(this);
    });
  }

  private progress(sent: number): void {
    this.sent = sent;
    this.bar.value = sent;
    this.state.textContent = this.home.text('sending', this.percent(), this.home.size(sent), this.home.size(this.bytes));
  }

  private done(): void {
    this.over();
    this.item.dataset.done = this.upload?.url ?? '';
    this.bar.value = this.bar.max;
    this.state.textContent = this.home.text('done');
    this.home.leave(this);
    void this.home.arrived();
  }

  private readonly hear = (): void => {
    this.deaf();
    this.state.textContent = this.home.text('waiting');
    this.home.back(this);
  };
  private timer = 0;

  /** It no longer waits for the line. */
  private deaf(): void {
    removeEventListener('online', this.hear);
    clearTimeout(this.timer);
  }

  /** Tried often enough: it goes on when the line is back, or when the person says so. Nothing of it is lost meanwhile. */
  private waitForLine(): void {
    this.still(this.home.text('lost'));
    addEventListener('online', this.hear);
    this.timer = window.setTimeout(this.hear, LINE_AGAIN);
  }

  private broke(error: Error): void {
    const answer = 'originalResponse' in error ? (error.originalResponse as { getStatus(): number; getBody(): string } | null) : null;
    const status = answer?.getStatus() ?? 0;
    if (status === 0) return this.waitForLine();
    let reason = this.home.text(status === 507 ? 'space' : 'refused');
    try {
      // Errors of the server are JSON with a sentence in the person's language (RFC 9457).
      const said = JSON.parse(answer?.getBody() ?? '') as { detail?: string };
      if (said.detail) reason = said.detail;
    } catch {
      // Not JSON: our own sentence stays.
    }
    this.fail(reason);
    this.home.leave(this);
  }
}

customElements.define('edulab-upload', Sender);
