// What would be lost if the page went away now: a recording, a file on its way. Leaving is asked about, and what shows the page anew by
// itself waits.
const held: (() => boolean)[] = [];

export function hold(busy: () => boolean): void {
  held.push(busy);
  addEventListener('beforeunload', (event) => {
    if (busy()) event.preventDefault();
  });
}

export const free = (): boolean => !held.some((busy) => busy());
