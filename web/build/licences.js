// Ships the licences of what the bundles contain: assets/licences-<hash>.txt, and those of the fonts.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const fonts = fileURLToPath(new URL('../fonts/', import.meta.url));

/** The folder of an installed package, also of one that does not export its package.json. */
function folderOf(name) {
  for (const base of require.resolve.paths(name)) {
    if (existsSync(join(base, name, 'package.json'))) return join(base, name);
  }
  throw new Error(`${name} is not installed`);
}

function licenceOf(name) {
  const folder = folderOf(name);
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} has no licence file`);
  return `${name} ${about.version} (${about.license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}

export function licences(packages) {
  return {
    name: 'edulab-licences',
    apply: 'build',
    generateBundle() {
      const texts = packages.map(licenceOf);
      for (const file of readdirSync(fonts).filter((entry) => entry.endsWith('.txt')).sort()) {
        texts.push(readFileSync(join(fonts, file), 'utf8').trim() + '\n');
      }
      this.emitFile({ type: 'asset', name: 'licences.txt', source: texts.join(`\n${'-'.repeat(80)}\n\n`) });
    },
  };
}
