// On every page. Each page can be read and sent without this; nothing is kept on the device.
import { csrf, toast } from './page';

// The other islands take these from here: the page has this file already.
export { csrf, fill, texts, toast } from './page';

const root = document.documentElement;
root.classList.add('js');

function all<T extends HTMLElement>(selector: string, from: ParentNode = document): T[] {
  return [...from.querySelectorAll<T>(selector)];
}

/** Light, dark or the system's wish: at once here, and kept with the account when there is one. */
function theme(button: HTMLButtonElement): void {
  const wanted = button.dataset.themeSet ?? '';
  if (wanted) root.dataset.theme = wanted;
  else delete root.dataset.theme;
  for (const other of all<HTMLButtonElement>('[data-theme-set]')) {
    other.setAttribute('aria-pressed', String(other === button));
  }
  const form = button.form;
  if (!form) return;
  const body = new URLSearchParams({ theme: wanted, _csrf: csrf() });
  void fetch(form.action, { method: 'POST', body, redirect: 'manual' });
}

/** Rows of tabs: arrows move, Home and End jump, one tab stop. */
function tabs(box: HTMLElement): void {
  const row = all('[role=tab]', box);
  const choose = (at: number, focus: boolean): void => {
    row.forEach((tab, i) => {
      tab.setAttribute('aria-selected', String(i === at));
      tab.tabIndex = i === at ? 0 : -1;
      const panel = document.getElementById(tab.getAttribute('aria-controls') ?? '');
      if (panel) panel.hidden = i !== at;
    });
    if (focus) row[at]?.focus();
  };
  row.forEach((tab, i) => {
    tab.addEventListener('click', () => choose(i, false));
    tab.addEventListener('keydown', (event) => {
      const to = { ArrowRight: i + 1, ArrowLeft: i - 1 + row.length, Home: 0, End: row.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      choose(to % row.length, true);
    });
  });
  // A link to something inside a panel opens that panel.
  const target = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  const named = row.findIndex((tab) => {
    const panel = document.getElementById(tab.getAttribute('aria-controls') ?? '');
    return target !== null && panel !== null && panel.contains(target);
  });
  choose(Math.max(0, named < 0 ? row.findIndex((tab) => tab.getAttribute('aria-selected') === 'true') : named), false);
}

/** How many each choice would find, from the page that came back: the form itself stays, with its focus. */
function recount(form: HTMLFormElement, page: Document): void {
  for (const input of form.querySelectorAll('input')) {
    const same = `input[name="${CSS.escape(input.name)}"][value="${CSS.escape(input.value)}"]`;
    const now = page.querySelector(same)?.closest('.check')?.querySelector('.n');
    const shown = input.closest('.check')?.querySelector('.n');
    if (shown) shown.textContent = now?.textContent ?? '0'; // the page leaves out what finds nothing
  }
  // A group of which no choice would leave anything out is hidden.
  for (const group of form.querySelectorAll<HTMLElement>('[data-group]'))
    group.hidden = page.querySelector<HTMLElement>(`[data-group="${CSS.escape(group.dataset.group ?? '')}"]`)?.hidden ?? true;
}

/** A search form whose results are replaced as one chooses: <form data-live="results">. */
function live(form: HTMLFormElement): void {
  // Read aloud after each change: a region that is replaced itself would stay silent.
  const said = document.createElement('p');
  said.className = 'vh';
  said.setAttribute('role', 'status');
  form.after(said);
  let under: AbortController | undefined;
  let timer = 0;
  const run = async (): Promise<void> => {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === 'string' && value) query.append(name, value);
    const address = new URL(form.action);
    address.search = query.toString();
    under?.abort();
    under = new AbortController();
    const old = document.getElementById(form.dataset.live ?? '');
    try {
      old?.setAttribute('aria-busy', 'true');
      const answer = await fetch(address, { signal: under.signal });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.getElementById(form.dataset.live ?? '');
      if (!answer.ok || !old || !fresh) throw new Error('no results in the answer');
      said.textContent = fresh.querySelector('[role=status]')?.textContent ?? '';
      old.replaceWith(fresh);
      recount(form, page);
      history.replaceState(null, '', address);
    } catch (error) {
      // Stopped by a newer choice: nothing to do. Anything else: the plain way, with its own error page.
      if (!(error instanceof DOMException && error.name === 'AbortError')) form.submit();
    }
  };
  form.addEventListener('input', (event) => {
    window.clearTimeout(timer);
    const typed = event.target instanceof HTMLInputElement && /^(search|text)$/.test(event.target.type);
    timer = window.setTimeout(() => void run(), typed ? 350 : 0);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    window.clearTimeout(timer);
    void run();
  });
}

document.addEventListener('click', (event) => {
  const from = event.target instanceof Element ? event.target : null;
  const button = from?.closest<HTMLElement>('[data-theme-set],[data-dismiss],[data-dialog],[data-copy],[data-print],[data-reveal]');
  if (!button) return;
  const data = button.dataset;
  if (data.themeSet !== undefined && button instanceof HTMLButtonElement) {
    event.preventDefault();
    theme(button);
  } else if (data.dismiss !== undefined) {
    button.closest('.notice,.toast')?.remove();
  } else if (data.dialog !== undefined) {
    const dialog = document.getElementById(data.dialog);
    if (!(dialog instanceof HTMLDialogElement)) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else dialog.showModal();
  } else if (data.copy !== undefined) {
    const text = document.getElementById(data.copy)?.textContent?.trim() ?? '';
    void navigator.clipboard.writeText(text).then(() => toast(data.done ?? text));
  } else if (data.print !== undefined) {
    window.print();
  } else if (data.reveal !== undefined) {
    const input = document.getElementById(data.reveal);
    if (!(input instanceof HTMLInputElement)) return;
    const shown = input.type === 'text';
    input.type = shown ? 'password' : 'text';
    button.setAttribute('aria-pressed', String(!shown));
  }
});

// A form is sent once, however often the button is pressed.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== 'post' || event.defaultPrevented) return;
  if (form.dataset.download !== undefined) return; // the page stays, and a second file may be wanted
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = '1';
  (event.submitter as HTMLElement | null)?.setAttribute('aria-busy', 'true');
});
addEventListener('pageshow', () => {
  for (const form of all('form[data-sent]')) delete form.dataset.sent;
  for (const button of all('button[aria-busy]')) button.removeAttribute('aria-busy');
});

// Groups of the staff's menu close by Escape and by a press elsewhere.
const unfolded = (): HTMLDetailsElement[] => all('.staffnav details[open]');
addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const group of unfolded()) {
    const inside = group.contains(document.activeElement);
    group.open = false;
    if (inside) group.querySelector('summary')?.focus();
  }
});
addEventListener('click', (event) => {
  for (const group of unfolded()) if (!group.contains(event.target as Node)) group.open = false;
});

// The menu on narrow screens is a popover; a wide window has none open.
matchMedia('(min-width:1120px)').addEventListener('change', () => {
  const nav = document.getElementById('nav');
  if (nav && 'popover' in nav && nav.matches(':popover-open')) nav.hidePopover();
});

all('.tabs').forEach(tabs);
all<HTMLFormElement>('form[data-live]').forEach(live);

// A page between two sites: its form goes on by itself, its button is for those without a script.
all<HTMLFormElement>('form[data-go]').forEach((form) => form.requestSubmit());
