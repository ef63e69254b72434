// Beats 25 times a second, also while the page is behind the window that is recorded: a page's own clock would sleep then.
setInterval(() => self.postMessage(0), 40);

export {};
