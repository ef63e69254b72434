// A square out of a picture, chosen with pointer or keyboard, before the form sends it. Without this the whole file is sent
// and cut around its middle by the server.
import { fill, texts } from './app';

const SIDE = 384;
const STEP = 16;

class Cropper extends HTMLElement {
  private picture: ImageBitmap | undefined;
  private zoom = 1;
  private x = 0; // of the picture's middle, from the square's middle, in its pixels
  private y = 0;

  connectedCallback(): void {
    const field = document.getElementById(this.dataset.field ?? '');
    const canvas = this.querySelector('canvas');
    const slider = this.querySelector<HTMLInputElement>('input[type=range]');
    const said = this.querySelector<HTMLElement>('[data-said]');
    const words = texts(this);
    const form = field instanceof HTMLInputElement ? field.form : null;
    if (!(field instanceof HTMLInputElement) || !canvas || !slider || !said || !form) return;
    canvas.setAttribute('aria-label', words.label ?? '');

    const show = (): void => {
      slider.value = String(Math.round(this.zoom * 100));
      this.draw(canvas);
    };
    const move = (x: number, y: number): void => {
      this.x += x;
      this.y += y;
      show();
    };
    const scale = (to: number): void => {
      const next = Math.min(4, Math.max(1, to));
      this.x *= next / this.zoom;
      this.y *= next / this.zoom;
      this.zoom = next;
      show();
      said.textContent = fill(words.zoom ?? '', Math.round(next * 100));
    };
    field.addEventListener('change', () => {
      const file = field.files?.[0];
      if (!file) return;
      void createImageBitmap(file).then(
        (picture) => {
          this.picture = picture;
          this.zoom = 1;
          this.x = this.y = 0;
          this.hidden = false;
          show();
        },
        () => {
          this.picture = undefined; // the server says what is wrong with it
          this.hidden = true;
        },
      );
    });
    slider.addEventListener('input', () => scale(Number(slider.value) / 100));
    canvas.addEventListener('keydown', (event) => {
      const steps: Record<string, [number, number]> = { ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };
      const step = steps[event.key];
      if (step) move(...step);
      else if (event.key === '+' || event.key === '=') scale(this.zoom * 1.1);
      else if (event.key === '-') scale(this.zoom / 1.1);
      else return;
      event.preventDefault();
    });
    canvas.addEventListener('pointerdown', (event) => canvas.setPointerCapture(event.pointerId));
    canvas.addEventListener('pointermove', (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      const ratio = SIDE / canvas.clientWidth;
      move(event.movementX * ratio, event.movementY * ratio);
    });
    form.addEventListener('submit', (event) => {
      if (!this.picture) return;
      event.preventDefault();
      canvas.toBlob(
        (blob) => {
          this.picture = undefined;
          if (blob) {
            const files = new DataTransfer();
            files.items.add(new File([blob], 'portrait.jpg', { type: 'image/jpeg' }));
            field.files = files.files;
          }
          form.submit();
        },
        'image/jpeg',
        0.92,
      );
    });
  }

  /** The picture covers the square, however it is moved. */
  private draw(canvas: HTMLCanvasElement): void {
    const drawing = canvas.getContext('2d');
    if (!drawing || !this.picture) return;
    const scale = (SIDE / Math.min(this.picture.width, this.picture.height)) * this.zoom;
    const width = this.picture.width * scale;
    const height = this.picture.height * scale;
    this.x = Math.max((SIDE - width) / 2, Math.min((width - SIDE) / 2, this.x));
    this.y = Math.max((SIDE - height) / 2, Math.min((height - SIDE) / 2, this.y));
    drawing.fillStyle = '#fff';
    drawing.fillRect(0, 0, SIDE, SIDE);
    drawing.drawImage(this.picture, (SIDE - width) / 2 + this.x, (SIDE - height) / 2 + this.y, width, height);
  }
}

customElements.define('edulab-crop', Cropper);
