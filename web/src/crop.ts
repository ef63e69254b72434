// Shows which square of a chosen picture the form's three sliders keep, lets the pointer drag it, and sends only that square.
// The sliders are the form's own: without this the server cuts the same square out of the whole file.
const SIDE = 384;

class Cropper extends HTMLElement {
  private picture: ImageBitmap | undefined;

  connectedCallback(): void {
    const form = this.closest('form');
    const canvas = this.querySelector('canvas');
    const field = form?.querySelector<HTMLInputElement>('input[type=file]');
    const [zoom, x, y] = ['zoom', 'x', 'y'].map((name) => form?.querySelector<HTMLInputElement>(`input[name=${name}]`));
    if (!form || !canvas || !field || !zoom || !x || !y) return;
    const sliders = [zoom, x, y];

    const draw = (): void => {
      const drawing = canvas.getContext('2d');
      if (!drawing || !this.picture) return;
      const { width, height } = this.picture;
      const side = (Math.min(width, height) * 100) / Number(zoom.value);
      const left = ((width - side) * (100 + Number(x.value))) / 200;
      const top = ((height - side) * (100 + Number(y.value))) / 200;
      drawing.fillStyle = '#fff';
      drawing.fillRect(0, 0, SIDE, SIDE);
      drawing.drawImage(this.picture, left, top, side, side, 0, 0, SIDE, SIDE);
    };
    // The picture follows the pointer from where both began: a way across the square is so many hundredths of what lies
    // outside of it.
    let from = { left: 0, top: 0, x: 0, y: 0 };
    const drag = (slider: HTMLInputElement, begun: number, length: number, moved: number): void => {
      if (!this.picture) return;
      const side = (Math.min(this.picture.width, this.picture.height) * 100) / Number(zoom.value);
      const outside = length - side;
      if (outside > 0) slider.value = String(begun - ((moved / canvas.clientWidth) * side * 200) / outside);
    };
    const begin = (): void => {
      const file = field.files?.[0];
      if (!file) return;
      void createImageBitmap(file).then(
        (picture) => {
          this.picture = picture;
          sliders.forEach((slider) => (slider.value = slider.defaultValue));
          this.hidden = false;
          draw();
        },
        () => {
          this.picture = undefined; // the server says what is wrong with it
          this.hidden = true;
        },
      );
    };

    field.addEventListener('change', begin);
    sliders.forEach((slider) => slider.addEventListener('input', draw));
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      from = { left: event.clientX, top: event.clientY, x: Number(x.value), y: Number(y.value) };
    });
    canvas.addEventListener('pointermove', (event) => {
      if (!this.picture || !canvas.hasPointerCapture(event.pointerId)) return;
      drag(x, from.x, this.picture.width, event.clientX - from.left);
      drag(y, from.y, this.picture.height, event.clientY - from.top);
      draw();
    });
    form.addEventListener('submit', (event) => {
      if (!this.picture) return;
      event.preventDefault();
      this.picture = undefined;
      canvas.toBlob((blob) => this.send(form, field, sliders, blob), 'image/jpeg', 0.92);
    });
    begin(); // a file the browser kept through a reload
  }

  private send(form: HTMLFormElement, field: HTMLInputElement, sliders: HTMLInputElement[], square: Blob | null): void {
    if (square) {
      const files = new DataTransfer();
      files.items.add(new File([square], 'portrait.jpg', { type: 'image/jpeg' }));
      field.files = files.files;
      sliders.forEach((slider) => (slider.disabled = true)); // it is cut already
    }
    form.submit();
  }
}

customElements.define('edulab-crop', Cropper);
