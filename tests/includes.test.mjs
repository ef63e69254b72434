// The one direction: a file includes its own layer and lower ones, a module sees another only through mod/x/x.h, and
// nothing goes in circles. Reads every #include "…" in src/ and every {% include "…" %} of the templates.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { test } from 'node:test';
import { tracked, top } from './lib/tree.mjs';

const lower = {
    base: ['base'],
    db: ['base', 'db'],
    html: ['base', 'html'],
    http: ['base', 'db', 'html', 'http'],
    work: ['base', 'db', 'html', 'http', 'work'],
    media: ['base', 'db', 'html', 'http', 'work', 'media'],
    access: ['base', 'db', 'html', 'http', 'work', 'media', 'access'],
};
const everyLayer = Object.keys(lower);

// A library's header, and the folders of src/ that may see it.
const libraries = {
    'microhttpd.h': ['http'],
    'sqlite3.h': ['db'],
    'libpq-fe.h': ['db'],
    'wslay/wslay.h': ['http'],
    'cmark-gfm.h': ['html'],
    'seccomp.h': ['media'],
};

// "src/mod/badge/png.c" → "mod/badge"; "src/http/http.h" → "http"; "src/main.c" → "top".
export function unit(path) {
    const parts = path.split('/').slice(1);
    if (parts.length < 2) return 'top';
    return parts[0] === 'mod' ? `mod/${parts[1]}` : parts[0];
}

// Why `from` may not include `to` (both paths of the tree), or null. Files made by the build are "generated/NAME".
export function objection(from, to) {
    const mine = unit(from);
    if (mine === 'top' || mine === 'command') return null; // main, the registry and the subcommands see everything
    const generated = /^generated\/(.+)_(sql|html)\.h$/.exec(to);
    if (generated) {
        const [, part, kind] = generated;
        if (part === mine.replace(/^mod\//, '') || from.includes('/test/')) return null;
        // The layout and the components are templates that every page uses.
        if (kind === 'html' && (part === 'html' || part === 'layout') && (mine.startsWith('mod/') || lower[mine]?.includes('html'))) return null;
        return `${kind === 'sql' ? 'statements' : 'templates'} of ${part} belong to ${part}`;
    }
    if (to.startsWith('generated/')) return null;
    if (to.startsWith('tests/')) return /_test\.c$/.test(from) ? null : 'only tests include from tests/';
    const theirs = unit(to);
    if (theirs === mine) return null;
    if (mine.startsWith('mod/')) {
        if (theirs === 'top' || everyLayer.includes(theirs)) return null;
        if (!theirs.startsWith('mod/')) return `${mine} is below ${theirs}`;
        const name = theirs.slice('mod/'.length);
        return to === `src/mod/${name}/${name}.h` ? null : `${mine} sees ${theirs} only through mod/${name}/${name}.h`;
    }
    if (!lower[mine]) return `src/${mine} is no layer known to this test`;
    if (lower[mine].includes(theirs)) return null;
    return `${mine} is below ${theirs}`;
}

function includesOf(path) {
    const text = readFileSync(join(top, path), 'utf8');
    const pattern = path.endsWith('.html') ? /^\{%\s*include\s+(["<])([^">]+)[">]\s*%\}/gm : /^\s*#\s*include\s+(["<])([^">]+)[">]/gm;
    return [...text.matchAll(pattern)].map((match) => ({
        own: match[1] === '"', name: match[2], line: text.slice(0, match.index).split('\n').length + (match[0].match(/^\s*\n/) ? 1 : 0),
    }));
}

// Where a quoted include leads: beside the file, below src/, the root, or made by the build. Null: nowhere.
function resolveInclude(from, name) {
    const choices = [posix.join(dirname(from), name), `src/${name}`, name];
    const found = choices.find((path) => existsSync(join(top, path)));
    if (found) return found;
    return /_(sql|html|embedded|assets|icons|names|rows)\.h$/.test(name) ? `generated/${posix.basename(name)}` : null;
}

const files = tracked('src').filter((path) => /\.(c|h|html)$/.test(path));

test('every include follows the direction of the layers', () => {
    const wrong = [];
    for (const path of files) {
        for (const { own, name, line } of includesOf(path)) {
            if (!own) {
                const allowed = libraries[name];
                if (allowed && !allowed.includes(unit(path)) && !/_test\.c$/.test(path))
                    wrong.push(`${path}:${line}: <${name}> is only for ${allowed.join(', ')}`);
                continue;
            }
            const to = resolveInclude(path, name);
            if (!to) wrong.push(`${path}:${line}: "${name}" names no file`);
            else if (objection(path, to)) wrong.push(`${path}:${line}: "${name}": ${objection(path, to)}`);
        }
    }
    assert.deepEqual(wrong, []);
});

// The first circle found in a graph (Map of name → Set of names), or null.
export function circle(graph) {
    const state = new Map();
    const way = [];
    const visit = (node) => {
        if (state.get(node) === 'done') return null;
        if (state.get(node) === 'open') return [...way.slice(way.indexOf(node)), node];
        state.set(node, 'open');
        way.push(node);
        for (const next of graph.get(node) ?? []) {
            const found = visit(next);
            if (found) return found;
        }
        way.pop();
        state.set(node, 'done');
        return null;
    };
    for (const node of graph.keys()) {
        const found = visit(node);
        if (found) return found;
    }
    return null;
}

function graphOf(node) {
    const graph = new Map();
    for (const path of files) {
        const from = node(path);
        if (from === null || /_test\.c$/.test(path)) continue;
        if (!graph.has(from)) graph.set(from, new Set());
        for (const { own, name } of includesOf(path)) {
            const to = own && resolveInclude(path, name);
            if (to && to.startsWith('src/') && node(to) !== null && node(to) !== from) graph.get(from).add(node(to));
        }
    }
    return graph;
}

test('modules do not include each other in circles', () => {
    assert.equal(circle(graphOf((path) => (unit(path).startsWith('mod/') ? unit(path) : null))), null);
});

test('headers do not include each other in circles', () => {
    assert.equal(circle(graphOf((path) => (path.endsWith('.h') ? path : null))), null);
});

test('the rule refuses what it should', () => {
    assert.equal(objection('src/mod/badge/badge.c', 'src/mod/people/people.h'), null);
    assert.equal(objection('src/http/server.c', 'src/base/str.h'), null);
    assert.equal(objection('src/main.c', 'src/mod/badge/png.h'), null);
    assert.equal(objection('src/mod/badge/badge.c', 'generated/badge_sql.h'), null);
    assert.equal(objection('src/mod/badge/pages.c', 'generated/html_html.h'), null);
    for (const [from, to] of [
        ['src/base/str.c', 'src/db/db.h'], ['src/html/page.c', 'src/http/http.h'], ['src/db/db.c', 'src/html/html.h'],
        ['src/http/server.c', 'src/access/access.h'], ['src/work/jobs.c', 'src/media/blob.h'],
        ['src/mod/badge/badge.c', 'src/mod/people/session.h'], ['src/mod/badge/badge.c', 'generated/people_sql.h'],
        ['src/mod/badge/pages.c', 'generated/people_html.h'], ['src/base/str.c', 'src/mod/badge/badge.h'],
        ['src/base/str.c', 'generated/html_html.h'], ['src/newlayer/x.c', 'src/base/str.h'],
        ['src/mod/badge/badge.c', 'src/command/app.h'], ['src/work/jobs.c', 'src/command/app.h'],
    ]) assert.notEqual(objection(from, to), null, `${from} → ${to}`);
    assert.deepEqual(circle(new Map([['a', new Set(['b'])], ['b', new Set(['c'])], ['c', new Set(['b'])]])), ['b', 'c', 'b']);
    assert.equal(circle(new Map([['a', new Set(['b', 'c'])], ['b', new Set(['c'])]])), null);
});
