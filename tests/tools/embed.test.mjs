// embed: files become bytes in a C program, each findable by its path.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { build, top } from '../lib/tree.mjs';

const tool = [join(build, 'tools/embed'), join(build, 'embed')].find((path) => existsSync(path));
const scratch = mkdtempSync(join(tmpdir(), 'embed-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const put = (path, bytes) => {
    mkdirSync(join(scratch, path, '..'), { recursive: true });
    writeFileSync(join(scratch, path), bytes);
};
const embed = (...args) => spawnSync(tool, args, { cwd: scratch, encoding: 'utf8' });

// Prints every asset as one JSON line, looking each up by its path.
const printer = `
#include <stdio.h>
#include "out.h"
static void hex(struct str s) { for (size_t i = 0; i < s.n; i++) printf("%02x", (unsigned char)s.p[i]); }
int main(void)
{
    for (size_t i = 0; i < x_asset_count; i++) {
        const struct asset *a = asset_find(x_assets, x_asset_count, str_from(x_assets[i].path));
        printf("{\\"path\\":\\"%s\\",\\"type\\":\\"%s\\",\\"etag\\":%s,\\"immutable\\":%s,\\"data\\":\\"", a->path, a->type, a->etag,
               a->immutable ? "true" : "false");
        hex(a->data);
        printf("\\",\\"gzip\\":\\"");
        hex(a->gzip);
        printf("\\"}\\n");
    }
}
`;

function compileAndRead() {
    put('print.c', printer);
    const cc = spawnSync(process.env.CC || 'cc', ['-std=gnu11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', `-I${top}/src`, '-o', 'print',
        'print.c', 'out.c', `${top}/src/html/asset.c`, `${top}/src/base/str.c`], { cwd: scratch, encoding: 'utf8' });
    assert.equal(cc.status, 0, cc.stderr);
    const run = spawnSync(join(scratch, 'print'), { encoding: 'utf8', maxBuffer: 1 << 28 });
    return run.stdout.trim().split('\n').map((line) => JSON.parse(line))
        .map((a) => ({ ...a, data: Buffer.from(a.data, 'hex'), gzip: Buffer.from(a.gzip, 'hex') }));
}

test('every byte arrives, with type, ETag and packed bytes', () => {
    // all pairs of bytes: escapes must not run into the digit behind them
    const pairs = Buffer.alloc(256 * 256 * 2 + 256 * 3, '??');
    for (let i = 0; i < 256 * 256; i++) pairs.writeUInt16BE(i, i * 2);
    for (let i = 0; i < 256; i++) pairs[256 * 256 * 2 + 3 * i + 2] = i; // with ?? before, some are trigraphs
    const css = 'body { color: red }\n'.repeat(200);
    put('in/pairs.png', pairs);
    put('in/deep/er/a.css', css);
    put('in/empty.txt', '');
    put('in/.hidden', 'no');
    put('in2/app-1a2b.js', 'x');
    const run = embed('--depfile', 'd', 'out.c', 'out.h', 'x', 'in', 'in2');
    assert.equal(run.status, 0, run.stderr);
    const assets = compileAndRead();
    assert.deepEqual(assets.map((a) => a.path), ['app-1a2b.js', 'deep/er/a.css', 'empty.txt', 'pairs.png']);
    const [js, style, empty, png] = assets;
    assert.ok(png.data.equals(pairs));
    assert.equal(png.gzip.length, 0);
    assert.equal(png.type, 'image/png');
    assert.equal(style.data.toString(), css);
    assert.equal(gunzipSync(style.gzip).toString(), css);
    assert.ok(style.gzip.length < css.length / 5);
    assert.equal(style.type, 'text/css; charset=utf-8');
    assert.equal(empty.data.length, 0);
    assert.equal(js.gzip.length, 0, 'packing one byte does not pay');
    assert.ok(assets.every((a) => !a.immutable));
    assert.equal(new Set(assets.map((a) => a.etag)).size, 4);
    assert.match(readFileSync(join(scratch, 'd'), 'utf8'), /^out\.c out\.h: .*in\/deep\/er\/a\.css/);
});

test('files whose names change with their content, and single files', () => {
    put('one.txt', '1');
    assert.equal(embed('--immutable', 'out.c', 'out.h', 'x', 'in2', 'one.txt').status, 0);
    assert.deepEqual(compileAndRead().map((a) => [a.path, a.immutable]), [['app-1a2b.js', true], ['one.txt', true]]);
});

test('the same input gives the same output', () => {
    const digest = () => createHash('sha256').update(readFileSync(join(scratch, 'out.c'))).digest('hex');
    embed('out.c', 'out.h', 'x', 'in');
    const first = digest();
    embed('out.c', 'out.h', 'x', 'in');
    assert.equal(digest(), first);
});

test('what cannot be embedded is told', () => {
    put('odd/a.xyz', 'x');
    for (const [args, said] of [
        [['out.c', 'out.h', 'x', 'odd'], /^embed: odd\/a\.xyz: its extension has no content type/],
        [['out.c', 'out.h', 'x', 'missing'], /^embed: missing: No such file/],
        [['out.c', 'out.h', 'x', 'in', 'in'], /is there twice/],
    ]) {
        const run = embed(...args);
        assert.equal(run.status, 1);
        assert.match(run.stderr, said);
    }
    assert.equal(embed().status, 2);
});

test('an empty folder gives an empty table', () => {
    mkdirSync(join(scratch, 'nothing'));
    assert.equal(embed('out.c', 'out.h', 'x', 'nothing').status, 0);
    assert.match(readFileSync(join(scratch, 'out.c'), 'utf8'), /x_asset_count = 0/);
});
