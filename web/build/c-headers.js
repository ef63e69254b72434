// Writes what C needs to know of the build into dist/c:
//   asset_names.h   #define ASSET_APP_CSS "/assets/app-1a2b3c4d.css", one line a file
//   icon_rows.h    ICON(name, markup) rows, sorted by name, for the icons listed in icons.txt
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const iconFolder = join(dirname(require.resolve('lucide-static/package.json')), 'icons');

/** A value of an SVG attribute as a number, 0 when absent. */
const number = (attributes, name) => Number(attributes[name] ?? 0);

/** The path data of one element of an icon: every shape becomes a path, so that an icon is one element. */
function pathOf(tag, a) {
  if (tag === 'path') return a.d;
  if (tag === 'line') return `M${a.x1} ${a.y1}L${a.x2} ${a.y2}`;
  if (tag === 'polyline' || tag === 'polygon') {
    return 'M' + a.points.trim().split(/[\s,]+/).join(' ') + (tag === 'polygon' ? 'z' : '');
  }
  if (tag === 'circle' || tag === 'ellipse') {
    const rx = number(a, tag === 'circle' ? 'r' : 'rx');
    const ry = number(a, tag === 'circle' ? 'r' : 'ry');
    return `M${number(a, 'cx') - rx} ${a.cy}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0z`;
  }
  if (tag === 'rect') {
    // Drawn with square corners: in this language only the areas' shapes are round.
    return `M${number(a, 'x')} ${number(a, 'y')}h${a.width}v${a.height}h-${a.width}z`;
  }
  throw new Error(`an icon holds <${tag}>, which the build cannot turn into a path`);
}

/** "m 1 2 3 4" at the start of a path means "M 1 2 l 3 4": said so, it can follow another path. */
function absoluteStart(d) {
  const number = '(-?(?:\\d+\\.?\\d*|\\.\\d+))';
  const start = new RegExp(`^m\\s*${number}[\\s,]*${number}([\\s,]*)(.?)`);
  return d.replace(start, (whole, x, y, space, next) => `M${x} ${y}${/[-.\d]/.test(next) ? 'l' : ''}${next}`);
}

/** One <path> with the whole icon. */
export function iconPath(name) {
  const source = readFileSync(join(iconFolder, `${name}.svg`), 'utf8');
  const body = source.slice(source.indexOf('>', source.indexOf('<svg')) + 1);
  let d = '';
  for (const [, tag, text] of body.matchAll(/<([a-z]+)([^>]*?)\/?>/g)) {
    if (tag === 'svg') continue;
    const attributes = Object.fromEntries([...text.matchAll(/([\w-]+)="([^"]*)"/g)].map((m) => [m[1], m[2]]));
    d += absoluteStart(pathOf(tag, attributes).trim()).replace(/\s+/g, ' ');
  }
  return `<path d="${d}"/>`;
}

/** The names in icons.txt: one a line, '#' begins a comment. */
export function iconNames(file) {
  const lines = readFileSync(file, 'utf8').split('\n').map((line) => line.replace(/#.*/, '').trim());
  return [...new Set(lines.filter(Boolean))].sort();
}

const macro = (name) => 'ASSET_' + name.toUpperCase().replace(/[^A-Z0-9]+/g, '_');

export function cHeaders({ icons }) {
  return {
    name: 'edulab-c-headers',
    apply: 'build',
    buildStart() {
      this.addWatchFile(icons);
    },
    writeBundle(options, bundle) {
      const assets = {};
      for (const part of Object.values(bundle)) {
        if (part.type === 'chunk' && part.isEntry) assets[`${part.name}.js`] = part.fileName;
        if (part.type === 'asset') {
          const original = part.names?.[0] ?? part.name ?? part.fileName;
          assets[original.replace(/^.*\//, '').replace(/\.css\.css$/, '.css')] = part.fileName;
        }
      }
      const folder = join(options.dir, 'c');
      mkdirSync(folder, { recursive: true });
      const head = '/* Made by web/build/c-headers.js. */\n';
      const defines = Object.keys(assets).sort().map((name) => `#define ${macro(name)} "/${assets[name]}"\n`);
      writeFileSync(join(folder, 'asset_names.h'),
        `${head}#ifndef EDULAB_ASSET_NAMES_H\n#define EDULAB_ASSET_NAMES_H\n\n${defines.join('')}\n#endif\n`);
      const rows = iconNames(icons).map((name) => `ICON("${name}", ${JSON.stringify(iconPath(name))})\n`);
      writeFileSync(join(folder, 'icon_rows.h'), head + rows.join(''));
    },
  };
}
