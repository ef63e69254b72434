// What several islands need of the page around them.

/** The token every change must carry; empty for a page that has none. */
export function csrf(): string {
  return document.querySelector<HTMLMetaElement>('meta[name=csrf]')?.content ?? '';
}

/** Says something once in the corner. The markup comes from the page, in its language: <template id="toast">. */
export function toast(text: string, bad = false): void {
  const pattern = document.getElementById('toast');
  const place = document.querySelector('.toasts');
  if (!(pattern instanceof HTMLTemplateElement) || !place) return;
  const made = pattern.content.cloneNode(true) as DocumentFragment;
  const box = made.firstElementChild;
  const line = made.querySelector('p');
  if (!box || !line) return;
  line.textContent = text;
  box.classList.toggle('err', bad);
  place.append(made);
}

/** The texts of an island: JSON that the server wrote into it, in the page's language. */
export function texts(from: ParentNode): Record<string, string> {
  const source = from.querySelector('script[type="application/json"][data-texts]');
  return source?.textContent ? (JSON.parse(source.textContent) as Record<string, string>) : {};
}

/** "{0} of {1}" with its places filled. */
export function fill(text: string, ...values: (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (whole, at: string) => String(values[Number(at)] ?? whole));
}
