// Formulas in a text: $`a^2`$ within a line, a block of code named "math" for one of its own. Written as MathML, which
// browsers draw and screen readers speak; without this they stand as they were typed.
import temml from 'temml';

function write(code: HTMLElement, display: boolean): void {
  const source = code.textContent ?? '';
  const place = document.createElement(display ? 'div' : 'span');
  place.className = 'formula';
  try {
    temml.render(source, place, { displayMode: display, throwOnError: true, trust: false, maxExpand: 200 });
  } catch {
    return; // stays as it was typed
  }
  (display ? (code.closest('pre') ?? code) : code).replaceWith(place);
}

for (const code of document.querySelectorAll<HTMLElement>('.prose pre > code.language-math')) write(code, true);
for (const code of document.querySelectorAll<HTMLElement>('.prose code:not(pre code)')) {
  const [before, after] = [code.previousSibling, code.nextSibling];
  if (!(before instanceof Text) || !(after instanceof Text)) continue;
  if (!before.data.endsWith('$') || !after.data.startsWith('$')) continue;
  before.data = before.data.slice(0, -1);
  after.data = after.data.slice(1);
  write(code, false);
}
