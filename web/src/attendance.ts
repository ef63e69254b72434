// Attendance: the code on the screen of a room renews itself; the list of who trains waits for the connection when there is none.

/** The page once more, and the piece with this id in the place of the old one. */
function again(box: HTMLElement): void {
  const each = Number(box.dataset.again) * 1000;
  const ask = async (): Promise<void> => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const now = page.getElementById(box.id);
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

/** Sends the form by itself; without a connection it says so and tries until there is one. */
function keep(form: HTMLFormElement): void {
  const note = document.createElement('div');
  note.className = 'note bad';
  note.setAttribute('role', 'status');
  form.append(note);
  note.hidden = true;
  let waits = false;
  const leave = (event: BeforeUnloadEvent): void => event.preventDefault();
  const send = async (): Promise<void> => {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value);
    try {
      const answer = await fetch(form.action, { method: 'POST', body });
      window.removeEventListener('beforeunload', leave);
      if (answer.redirected) return location.assign(answer.url);
      // What is wrong stands beside its field, on the page that came back.
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const main = page.querySelector('main');
      if (main) document.querySelector('main')?.replaceWith(main);
      document.querySelectorAll<HTMLFormElement>('form[data-keep]').forEach(keep);
      document.querySelector<HTMLElement>('.errors a')?.focus();
    } catch {
      if (!waits) {
        waits = true;
        note.hidden = false;
        const text = document.createElement('p');
        text.textContent = form.dataset.keep ?? '';
        note.replaceChildren(text);
        window.addEventListener('beforeunload', leave);
      }
      window.setTimeout(() => void send(), RETRY);
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!waits) void send();
  });
}

document.querySelectorAll<HTMLElement>('[data-again]').forEach(again);
document.querySelectorAll<HTMLFormElement>('form[data-keep]').forEach(keep);

export {};
