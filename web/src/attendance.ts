// Attendance: the code on the screen of a room renews itself; the list of who trains waits for the connection when there is none.

const parse = async (answer: Response): Promise<Document> => new DOMParser().parseFromString(await answer.text(), 'text/html');

/** The page once more, and the piece with this id in the place of the old one. */
function again(box: HTMLElement): void {
  const each = Number(box.dataset.again) * 1000;
  const ask = async (): Promise<void> => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
      if (!answer.ok) throw new Error(String(answer.status));
      const now = (await parse(answer)).getElementById(box.id);
      // The half-day is over, or somebody signed out: the page itself says so.
      if (!now) return location.reload();
      box.replaceChildren(...Array.from(now.childNodes));
    } catch {
      // No connection: the code that stands there counts a while longer.
    }
    window.setTimeout(() => void ask(), each);
  };
  window.setTimeout(() => void ask(), each);
}

const RETRY = 5000;

const token = (place: ParentNode): HTMLInputElement | null => place.querySelector('form[data-keep] input[name="_csrf"]');

/** Signed out meanwhile, and in again in another tab: the form takes that session's token. False while nobody is signed in. */
async function renew(): Promise<boolean> {
  const mine = token(document);
  const fresh = token(await parse(await fetch(location.href)));
  if (!mine || !fresh || mine.value === fresh.value) return false;
  mine.value = fresh.value;
  return true;
}

/** Sends the form by itself. What cannot be sent now stays on the page, which says why and tries again. */
function keep(form: HTMLFormElement): void {
  const note = document.createElement('div');
  note.className = 'note bad';
  note.setAttribute('role', 'status');
  note.hidden = true;
  form.append(note);
  const stay = (event: BeforeUnloadEvent): void => event.preventDefault();
  const wait = (why: string | undefined): void => {
    if (note.hidden) window.addEventListener('beforeunload', stay);
    note.hidden = false;
    if (note.textContent !== why) {
      const text = document.createElement('p');
      text.textContent = why ?? '';
      note.replaceChildren(text);
    }
    window.setTimeout(() => void send(), RETRY);
  };
  const send = async (): Promise<void> => {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value);
    try {
      const answer = await fetch(form.action, { method: 'POST', body });
      if (answer.status === 401 || answer.status === 403) return (await renew()) ? void send() : wait(form.dataset.out);
      if (answer.status >= 500 || answer.status === 429) return wait(form.dataset.keep);
      window.removeEventListener('beforeunload', stay);
      if (answer.redirected) return location.assign(answer.url);
      // What is wrong stands beside its field, on the page that came back.
      const main = (await parse(answer)).querySelector('main');
      if (main) document.querySelector('main')?.replaceWith(main);
      document.querySelectorAll<HTMLFormElement>('form[data-keep]').forEach(keep);
      document.querySelector<HTMLElement>('.errors a')?.focus();
    } catch {
      wait(form.dataset.keep);
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (note.hidden) void send();
  });
}

document.querySelectorAll<HTMLElement>('[data-again]').forEach(again);
document.querySelectorAll<HTMLFormElement>('form[data-keep]').forEach(keep);

export {};
