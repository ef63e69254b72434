// Files that no style sheet or script mentions, given to the build as they are: they get a hashed name too.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

export function files(paths) {
  return {
    name: 'edulab-files',
    apply: 'build',
    generateBundle() {
      for (const path of paths) this.emitFile({ type: 'asset', name: basename(path), source: readFileSync(path) });
    },
  };
}
