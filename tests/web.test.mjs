// What a machine can check of web/: both dark themes agree, every icon and class that a page names exists, the weight of
// what every page loads, and that no markup of ours brings its own styles.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { top, tracked } from './lib/tree.mjs';

const read = (path) => readFileSync(join(top, path), 'utf8');
const sources = tracked('src').filter((path) => /\.(html|c|h)$/.test(path) && !/_test\.c$/.test(path));
const styles = tracked('web/css').map(read).join('\n').replace(/\/\*[\s\S]*?\*\//g, '');
const assets = join(top, 'web/dist/assets');

test('dark by the system and dark by choice are the same', () => {
    const css = read('web/css/tokens.css');
    const block = (start) => {
        const from = css.indexOf('{', css.indexOf(start) + start.length - 1) + 1;
        return css.slice(from, css.indexOf('}', from)).replace(/\s+/g, ' ').trim();
    };
    const system = block(":root:not([data-theme='light']) {");
    const chosen = block(":root[data-theme='dark'] {");
    assert.match(system, /--bg: #/);
    assert.equal(system, chosen);
});

test('light and dark name the same tokens', () => {
    const css = read('web/css/tokens.css');
    const names = (start) => {
        const from = css.indexOf(start);
        return [...css.slice(from, css.indexOf('}', from)).matchAll(/(--[\w-]+):/g)].map((match) => match[1]).sort();
    };
    assert.deepEqual(names(":root[data-theme='light'] {"), names(":root[data-theme='dark'] {"));
});

test('every icon that the sources name is in web/icons.txt, which is sorted', () => {
    const lines = read('web/icons.txt').split('\n').map((line) => line.replace(/#.*/, '').trim()).filter(Boolean);
    assert.deepEqual(lines, [...new Set(lines)].sort());
    const known = new Set(lines);
    const missing = [];
    for (const path of sources) {
        const text = read(path);
        const calls = [...text.matchAll(/\bicon\(([^)]*)\)|\bui_(?:link|submit|act)\(([^;{}]*)\)/g)];
        for (const [call, first, second] of calls) {
            const strings = [...(first ?? '').matchAll(/"([a-z0-9-]+)"/g)].map((match) => match[1]);
            // The last argument of a button is its icon, as a literal or NULL.
            const last = /,\s*"([a-z0-9-]+)"\s*$/.exec(second ?? '')?.[1];
            for (const name of [...strings, last].filter(Boolean))
                if (!known.has(name) && !/strcmp/.test(call)) missing.push(`${path}: ${name}`);
        }
    }
    assert.deepEqual(missing, []);
});

test('every class in a template has a style', () => {
    // Hooks without a look of their own.
    const hooks = new Set(['card-cover', 'todo', 'open', 'leave']);
    const missing = new Set();
    for (const path of sources.filter((each) => each.endsWith('.html'))) {
        for (const [, value] of read(path).matchAll(/\sclass="((?:[^"{]|\{\{[\s\S]*?\}\})*)"/g)) {
            for (const name of value.replace(/\S*\{\{[\s\S]*?\}\}\S*/g, ' ').split(/\s+/).filter(Boolean))
                if (!hooks.has(name) && !new RegExp(`\\.${name}(?![\\w-])`).test(styles)) missing.add(`${path}: ${name}`);
        }
    }
    assert.deepEqual([...missing], []);
});

test('no style attribute and no inline script in what we write', () => {
    const found = sources.filter((path) => /\.(html|c)$/.test(path)).filter((path) => /\sstyle=\\?"/.test(read(path)));
    assert.deepEqual(found.filter((path) => !/htmlgen/.test(path)), []);
    for (const path of tracked('web/src')) assert.doesNotMatch(read(path), /style="|eval\(|new Function|localStorage|sessionStorage|indexedDB/, path);
});

test('what every page loads is light', () => {
    const weight = (pattern) => {
        const [name] = readdirSync(assets).filter((each) => pattern.test(each));
        return gzipSync(readFileSync(join(assets, name)), { level: 9 }).length;
    };
    assert.ok(weight(/^app-.*\.css$/) < 12.5 * 1024);
    assert.ok(weight(/^app-.*\.js$/) < 4 * 1024);
    const fonts = readdirSync(assets).filter((each) => each.endsWith('.woff2'));
    assert.equal(fonts.length, 2);
    assert.ok(fonts.reduce((sum, name) => sum + readFileSync(join(assets, name)).length, 0) < 56 * 1024);
});

test('no file names another host for something it fetches', () => {
    for (const name of readdirSync(assets).filter((each) => each.endsWith('.css')))
        assert.doesNotMatch(readFileSync(join(assets, name), 'utf8'), /url\((?!\/assets\/)/, name);
});
