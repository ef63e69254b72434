// Sound or picture recorded in the browser, put into the form's file field: it is then sent like any file.
import { fill, texts } from './app';

const LONGEST = 10 * 60; // seconds
const types = {
  audio: ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'],
  video: ['video/webm;codecs=vp8,opus', 'video/webm', 'video/mp4'],
};

class Recorder extends HTMLElement {
  connectedCallback(): void {
    const words = texts(this);
    const said = this.querySelector<HTMLElement>('[data-said]');
    const preview = this.querySelector<HTMLElement>('[data-preview]');
    const stop = this.querySelector<HTMLButtonElement>('[data-stop]');
    const field = document.getElementById(this.dataset.field ?? '');
    const starts = [...this.querySelectorAll<HTMLButtonElement>('[data-record]')];
    if (!said || !preview || !stop || !(field instanceof HTMLInputElement)) return;
    if (typeof MediaRecorder === 'undefined' || !navigator.mediaDevices) {
      said.textContent = words.missing ?? '';
      starts.forEach((button) => { button.hidden = true; });
      return;
    }
    const running = (on: boolean): void => {
      stop.hidden = !on;
      starts.forEach((button) => { button.hidden = on; });
      (on ? stop : starts[0])?.focus();
    };
    const record = async (kind: 'audio' | 'video'): Promise<void> => {
      let stream: MediaStream;
      try {
        stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: kind === 'video' ? { width: 640 } : false });
      } catch {
        said.textContent = words.refused ?? '';
        return;
      }
      const mimeType = types[kind].find((type) => MediaRecorder.isTypeSupported(type));
      const recorder = new MediaRecorder(stream, { mimeType, videoBitsPerSecond: 600_000, audioBitsPerSecond: 48_000 });
      const pieces: Blob[] = [];
      let seconds = 0;
      if (kind === 'video') {
        const picture = document.createElement('video');
        picture.muted = true;
        picture.srcObject = stream;
        picture.className = 'deposit-media';
        preview.replaceChildren(picture);
        void picture.play();
      }
      const clock = window.setInterval(() => {
        seconds += 1;
        // Read aloud once a minute, shown each second.
        said.setAttribute('aria-live', seconds % 60 ? 'off' : 'polite');
        said.textContent = fill(words.running ?? '', `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`);
        if (seconds >= LONGEST) recorder.stop();
      }, 1000);
      recorder.addEventListener('dataavailable', (event) => { if (event.data.size) pieces.push(event.data); });
      recorder.addEventListener('stop', () => {
        window.clearInterval(clock);
        stream.getTracks().forEach((track) => { track.stop(); });
        running(false);
        const type = (recorder.mimeType || `${kind}/webm`).split(';')[0] ?? `${kind}/webm`;
        const file = new File(pieces, `${words.name ?? 'enregistrement'}.${type.split('/')[1] ?? 'webm'}`, { type });
        const files = new DataTransfer();
        files.items.add(file);
        field.files = files.files;
        const player = document.createElement(kind);
        player.controls = true;
        player.src = URL.createObjectURL(file);
        player.setAttribute('aria-label', words.listen ?? '');
        if (kind === 'video') player.className = 'deposit-media';
        preview.replaceChildren(player);
        said.setAttribute('aria-live', 'polite');
        said.textContent = words.ready ?? '';
      });
      stop.onclick = (): void => { if (recorder.state !== 'inactive') recorder.stop(); };
      recorder.start(1000);
      running(true);
      said.textContent = fill(words.running ?? '', '0:00');
    };
    for (const button of starts) button.addEventListener('click', () => void record(button.dataset.record === 'video' ? 'video' : 'audio'));
  }
}

customElements.define('edulab-record', Recorder);
