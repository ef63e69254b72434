// Another screen, where the browser knows one (Remote Playback, AirPlay). What a script feeds into the video cannot be sent there: a second
// element with the plain file asks whether there is a screen, and that file takes the stream's place when one is chosen.

interface AirPlayVideo extends HTMLVideoElement {
  webkitShowPlaybackTargetPicker?: () => void;
}

/** Shows the button as long as there is a screen. `plain` gives the address of the file; `take` puts it in the stream's place. */
export function cast(button: HTMLButtonElement, video: AirPlayVideo, plain: () => string | undefined, take: () => void): void {
  button.hidden = true;
  if (video.webkitShowPlaybackTargetPicker) {
    video.addEventListener('webkitplaybacktargetavailabilitychanged', (event) => {
      button.hidden = (event as Event & { availability?: string }).availability !== 'available';
    });
    button.addEventListener('click', () => {
      take();
      video.webkitShowPlaybackTargetPicker?.();
    });
    return;
  }
  if (!('remote' in video)) return;
  const asked = document.createElement('video');
  asked.preload = 'none';
  const address = plain();
  if (!address) return;
  asked.src = address;
  // Refused where the browser cannot keep watching: then there is no button.
  void asked.remote.watchAvailability((here) => (button.hidden = !here)).catch(() => undefined);
  button.addEventListener('click', () => {
    take();
    void video.remote.prompt().catch(() => undefined); // the person chose none
  });
  const say = (): void => button.setAttribute('aria-pressed', String(video.remote.state !== 'disconnected'));
  for (const name of ['connecting', 'connect', 'disconnect']) video.remote.addEventListener(name, say);
}
