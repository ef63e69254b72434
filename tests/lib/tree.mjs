// The project's own files, as git knows them (or will: untracked files that are not ignored count too).
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const top = resolve(fileURLToPath(import.meta.url), '../../..');
export const build = resolve(top, process.env.EDULAB_BUILD || 'build');

// Paths relative to the top, below `folder` when given.
export function tracked(folder = '.') {
    return execFileSync('git', ['-c', `safe.directory=${top}`, 'ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', folder],
        { cwd: top, encoding: 'utf8', maxBuffer: 1 << 26 })
        .split('\0').filter((path) => path && existsSync(join(top, path)));
}
