// The player's buttons change their faces, so it needs these icons as text.
import back from 'lucide-static/icons/rotate-ccw.svg?raw';
import captions from 'lucide-static/icons/captions.svg?raw';
import cast from 'lucide-static/icons/cast.svg?raw';
import forward from 'lucide-static/icons/rotate-cw.svg?raw';
import full from 'lucide-static/icons/maximize.svg?raw';
import leave from 'lucide-static/icons/minimize.svg?raw';
import pause from 'lucide-static/icons/pause.svg?raw';
import play from 'lucide-static/icons/play.svg?raw';
import settings from 'lucide-static/icons/settings.svg?raw';
import silent from 'lucide-static/icons/volume-x.svg?raw';
import small from 'lucide-static/icons/picture-in-picture-2.svg?raw';
import sound from 'lucide-static/icons/volume-2.svg?raw';
import theatre from 'lucide-static/icons/rectangle-horizontal.svg?raw';

/** Ours: sized by .ic, hidden from screen readers. */
function ours(svg: string): string {
  return svg
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<svg[\s\S]*?>/, '<svg class="ic" viewBox="0 0 24 24" aria-hidden="true" focusable="false">')
    .trim();
}

export const icons = {
  cast: ours(cast),
  back: ours(back),
  captions: ours(captions),
  forward: ours(forward),
  full: ours(full),
  leave: ours(leave),
  pause: ours(pause),
  play: ours(play),
  settings: ours(settings),
  silent: ours(silent),
  small: ours(small),
  sound: ours(sound),
  theatre: ours(theatre),
};
