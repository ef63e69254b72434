// House rules that a machine can check: size of files, unfinished marks, paths of one machine, documents that must
// exist, and clang-format.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { test } from 'node:test';
import { top, tracked } from './lib/tree.mjs';

const textual = new Set(['', '.c', '.h', '.css', '.html', '.js', '.json', '.md', '.mjs', '.po', '.sh', '.sql', '.ts', '.txt', '.conf',
    '.service', '.build', '.yml', '.svg', '.vtt']);
const files = tracked().filter((path) => textual.has(extname(path)) && path !== 'package-lock.json' && path !== 'LICENSE');
const read = (path) => readFileSync(join(top, path), 'utf8');

// "path:line: text" for every line of `paths` that matches.
function lines(paths, pattern) {
    return paths.flatMap((path) => read(path).split('\n')
        .flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1}: ${line.trim().slice(0, 100)}`] : [])));
}

test('no unfinished marks', () => {
    const marks = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`);
    assert.deepEqual(lines(files, marks), []);
});

test('no absolute path of one machine, no name of a private host', () => {
    const paths = new RegExp(`(^|[\\s"'=(:])/(${['work', 'home/[a-z]', 'Users'].join('|')})/`);
    assert.deepEqual(lines(files, paths), []);
    // Lock files name the registry they came from unless told not to.
    if (existsSync(join(top, 'package-lock.json')))
        assert.deepEqual(lines(['package-lock.json'], /"resolved": "https?:/).slice(0, 3), []);
});

test('C files stay under 1,000 lines and say on top what they are for', () => {
    const sources = files.filter((path) => /^(src|tools)\/.*\.[ch]$/.test(path));
    // A .c file may leave the word to its header.
    const says = (path) => files.includes(path) && /^\/[*/]/.test(read(path));
    assert.deepEqual(sources.filter((path) => read(path).split('\n').length > 1001), []);
    assert.deepEqual(sources.filter((path) => !says(path) && !(path.endsWith('.c') && says(path.replace(/c$/, 'h')))), []);
});

test('scripts are sound', () => {
    const shell = files.filter((path) => /^#!.*\b(sh|bash)\b/.test(read(path).slice(0, 40)));
    for (const path of shell) execFileSync('bash', ['-n', path], { cwd: top });
});

test('every module has its README, and ARCHITECTURE.md names every folder of src/', () => {
    const folders = new Set(tracked('src').map((path) => path.split('/').slice(1, -1)).filter((parts) => parts.length)
        .map((parts) => (parts[0] === 'mod' ? `mod/${parts[1]}` : parts[0])));
    const architecture = read('ARCHITECTURE.md');
    for (const folder of folders) {
        const name = folder.startsWith('mod/') ? folder.slice(4) : `src/${folder}`;
        assert.match(architecture, new RegExp(`\\b${name}\\b`), `ARCHITECTURE.md does not name ${folder}`);
        if (folder.startsWith('mod/')) assert.ok(existsSync(join(top, 'src', folder, 'README.md')), `src/${folder} has no README.md`);
    }
});

test('the documents exist, and their links to files lead somewhere', () => {
    for (const path of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'LICENSE', 'docs/glossary.md', 'docs/dependencies.md'])
        assert.ok(existsSync(join(top, path)), `${path} is missing`);
    const broken = [];
    for (const path of files.filter((each) => each.endsWith('.md') && !each.startsWith('demo/'))) {
        const prose = read(path).replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
        for (const [, target] of prose.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
            if (/^[a-z]+:|^\//.test(target)) continue;
            if (!existsSync(join(top, path, '..', decodeURIComponent(target)))) broken.push(`${path} → ${target}`);
        }
    }
    assert.deepEqual(broken, []);
});

test('every Debian library the build asks for is in the list of packages', () => {
    const list = read('packaging/debian-packages.txt').split('\n').map((line) => line.replace(/#.*/, '').trim()).filter(Boolean);
    assert.deepEqual(list.filter((name, i) => list.indexOf(name) !== i), []);
    const provides = { libcurl: 'libcurl4-openssl-dev', libpq: 'libpq-dev', sqlite3: 'libsqlite3-dev', zlib: 'zlib1g-dev',
        openssl: 'libssl-dev', libcrypto: 'libssl-dev', jansson: 'libjansson-dev', cairo: 'libcairo2-dev', 'cairo-svg': 'libcairo2-dev',
        pango: 'libpango1.0-dev', pangocairo: 'libpango1.0-dev', pangoft2: 'libpango1.0-dev', fontconfig: 'libpango1.0-dev',
        'librsvg-2.0': 'librsvg2-dev', lasso: 'liblasso3-dev', 'libxml-2.0': 'libxml2-dev', cmocka: 'libcmocka-dev', 'libcmark-gfm-extensions': 'libcmark-gfm-extensions-dev' };
    const builds = files.filter((path) => /(^|\/)meson\.build$/.test(path));
    for (const path of builds) {
        for (const [, name] of read(path).matchAll(/\bdependency\('([^']+)'/g)) {
            const package_ = provides[name] ?? [`${name}-dev`, `lib${name}-dev`, `lib${name.replace(/^lib/, '')}-dev`].find((each) => list.includes(each));
            if (name !== 'threads') assert.ok(package_ && list.includes(package_), `${path}: dependency('${name}') is in no package of the list`);
        }
    }
});

test('every library of the list is asked for by the build', () => {
    const asked = files.filter((path) => /(^|\/)meson\.build$/.test(path)).map(read).join('\n');
    const names = { 'libpango1.0-dev': 'pango', 'libcairo2-dev': 'cairo', 'libssl-dev': 'libcrypto', 'libcurl4-openssl-dev': 'libcurl', 'librsvg2-dev': 'librsvg', 'liblasso3-dev': 'lasso', 'libxml2-dev': 'libxml-2.0',
        'libcmark-gfm-extensions-dev': 'cmark-gfm-extensions' };
    const libraries = read('packaging/debian-packages.txt').split('\n').map((line) => line.replace(/[#\s].*/, '')).filter((name) => /^lib.*-dev$/.test(name) && !/clang-rt/.test(name));
    const unused = libraries.filter((name) => !asked.includes(names[name] ?? name.replace(/-dev$/, '')) && !asked.includes(`'${name.replace(/^lib|-dev$/g, '')}'`));
    assert.deepEqual(unused, []);
});

test('clang-format has nothing to change', () => {
    const sources = files.filter((path) => /^(src|tools|tests)\/.*\.[ch]$/.test(path));
    if (!sources.length) return;
    const { status, stderr } = spawnSync('clang-format', ['--dry-run', '-Werror', ...sources], { cwd: top, encoding: 'utf8' });
    const where = [...new Set(stderr.split('\n').filter((line) => /: error:/.test(line)).map((line) => line.replace(/:\d+:\d+:.*/, '')))];
    assert.equal(status, 0, `run "make format" for: ${where.join(' ')}`);
});
