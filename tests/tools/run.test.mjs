// The runner itself: what it counts, and that nothing bad can look good.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { top } from '../lib/tree.mjs';

const folder = mkdtempSync(join(tmpdir(), 'edulab-run-'));
after(() => rmSync(folder, { recursive: true, force: true }));

// Runs the runner over made-up suites: { "a.test.mjs": source, "b_test": shell script }.
let round = 0;
function run(suites, ...words) {
    const tests = join(folder, `${round}`, 'tests');
    const build = join(folder, `${round++}`, 'build');
    mkdirSync(tests, { recursive: true });
    mkdirSync(join(build, 'tests'), { recursive: true });
    for (const [name, source] of Object.entries(suites)) {
        const program = name.endsWith('_test');
        const path = join(program ? join(build, 'tests') : tests, name);
        writeFileSync(path, program ? `#!/bin/sh\n${source}\n` : `import { test, describe, before } from 'node:test';\n${source}\n`);
        if (program) chmodSync(path, 0o755);
    }
    const env = { ...process.env, EDULAB_TESTS: tests, EDULAB_BUILD: build, JOBS: '2' };
    delete env.NODE_TEST_CONTEXT;
    delete env.EDULAB_TEST_RUN;
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(top, 'tests/run.mjs'), ...words], { env, encoding: 'utf8' });
    const last = stdout.trimEnd().split('\n').at(-1);
    const [, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(last) ?? assert.fail(`last line: ${last}\n${stderr}`);
    assert.equal(status, Number(failed) ? 1 : 0);
    return { passed: Number(passed), failed: Number(failed), stdout };
}
const count = ({ passed, failed }) => [passed, failed];

test('tests are counted one by one, whatever their nesting', () => {
    assert.deepEqual(count(run({
        'a.test.mjs': `test('one', () => {}); describe('d', () => { test('two', () => {}); test('three', () => {}); });`,
        'c_test': `printf '1..2\\nok 1 - x\\nok 2 - y\\n'; printf '1..1\\nok 1 - second group\\n'`,
    })), [6, 0]);
});

test('a failing test is shown with its reason', () => {
    const result = run({
        'a.test.mjs': `test('good', () => {}); test('bad', () => { throw new Error('the reason'); });
            test('parent', async (t) => { await t.test('bad child', () => { throw new Error('childish'); }); });`,
        'c_test': `echo 'ok 1 - fine'; echo 'not ok 2 - broken'; echo 'c says why' >&2; exit 1`,
    });
    assert.deepEqual(count(result), [2, 3]);
    for (const words of ['the reason', 'childish', 'not ok: broken', 'c says why']) assert.ok(result.stdout.includes(words), words);
});

test('a crash, a silent suite, a bad exit code and a broken file are failures', () => {
    assert.deepEqual(count(run({ 'c_test': 'echo "ok 1 - x"; kill -SEGV $$' })), [1, 1]);
    assert.deepEqual(count(run({ 'c_test': 'exit 0' })), [0, 1]);
    assert.deepEqual(count(run({ 'c_test': 'echo "ok 1 - x"; exit 23' })), [1, 1]);
    assert.deepEqual(count(run({ 'a.test.mjs': '' })), [0, 1]);
    assert.deepEqual(count(run({ 'a.test.mjs': 'this is no JavaScript' })), [0, 1]);
    assert.deepEqual(count(run({ 'a.test.mjs': `test('x', () => {}); process.exitCode = 3;` })), [1, 1]);
    assert.equal(run({ 'a.test.mjs': `describe('d', () => { before(() => { throw new Error('no server'); }); test('x', () => {}); });` }).passed, 0);
});

test('a suite that hangs is ended with everything it started', () => {
    const result = run({ 'slow.test.mjs': `// run: seconds=1\nimport { spawn } from 'node:child_process';
        test('x', () => new Promise(() => { const c = spawn('sleep', ['987']); setTimeout(() => {}, 1e6); console.log('pid', c.pid); }));` });
    assert.deepEqual(count(result), [0, 1]);
    assert.match(result.stdout, /took longer than 1 s/);
    const pid = Number(/pid (\d+)/.exec(result.stdout)[1]);
    const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : 'Z';
    assert.match(stat, /(^|\) )Z/); // gone, or dead and not yet collected
});

test('a skipped test is no passed test', () => {
    const result = run({ 'a.test.mjs': `test('x', () => {}); test('y', { skip: 'no root' }, () => {});` });
    assert.deepEqual(count(result), [1, 0]);
    assert.match(result.stdout, /a: y \(no root\)/);
    assert.deepEqual(count(run({ 'c_test': `printf '1..2\\nok 1 - x\\nnot ok 2 # SKIP y\\n'` })), [1, 0]);
    assert.deepEqual(count(run({ 'a.test.mjs': `test('y', { skip: true }, () => {});` })), [0, 1]);
});

test('words choose the suites, and no suite is a failure', () => {
    const suites = { 'red.test.mjs': `test('r', () => {});`, 'blue.test.mjs': `test('b', () => {}); test('c', () => {});` };
    assert.deepEqual(count(run(suites, 'blue')), [2, 0]);
    assert.deepEqual(count(run(suites, 'green')), [0, 1]);
});
