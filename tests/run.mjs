// Runs every test suite and ends with the line "N passed, N failed".
//
//   node tests/run.mjs [word…]     only the suites whose name holds one of the words
//   EDULAB_BUILD=build-asan        the build to test (default: build)
//   JOBS=4                         suites at the same time (default: the number of cores)
//
// A suite is a cmocka executable of the build (*_test) or a node:test file (*.test.mjs) below tests/. A suite that
// crashes, takes too long or runs no test counts as one failed test. A suite's file may say in a comment
// "run: alone" (nothing beside it), "run: seconds=300" (its time limit) or both.
import { spawn } from 'node:child_process';
import { cpus, tmpdir } from 'node:os';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres } from './lib/pg.mjs';

const top = resolve(fileURLToPath(import.meta.url), '../..');
const build = resolve(top, process.env.EDULAB_BUILD || 'build');
const testsFolder = resolve(top, process.env.EDULAB_TESTS || 'tests'); // another folder to test this program itself
const slower = /asan|tsan/.test(basename(build)) ? 5 : 1;
const tint = (code, text) => (process.stdout.isTTY ? `\x1b[${code}m${text}\x1b[0m` : text);

function walk(folder, wanted, skipped = /^(node_modules|lib|\..*|.*\.p)$/) {
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return skipped.test(entry.name) ? [] : walk(path, wanted, skipped);
        return wanted(path) ? [path] : [];
    });
}

// The words a suite's file says about how to run it.
function manners(source) {
    const text = existsSync(source) ? readFileSync(source, 'utf8') : '';
    return {
        alone: /^\s*(?:\/\/|\/?\*).*\brun: .*\balone\b/m.test(text),
        seconds: Number(/^\s*(?:\/\/|\/?\*).*\brun: .*\bseconds=(\d+)/m.exec(text)?.[1] ?? 300) * slower,
        postgres: /pgsql|EDULAB_TEST_PG/.test(text) && source.endsWith('.mjs'),
        sample: /\b(startServer|sampleCopy)\b/.test(text) && source.endsWith('.mjs'),
    };
}

function findSuites() {
    const scripts = walk(testsFolder, (path) => path.endsWith('.test.mjs'));
    const sources = new Map(walk(join(top, 'src'), (path) => path.endsWith('_test.c'))
        .concat(walk(join(top, 'tools'), (path) => path.endsWith('_test.c')))
        .concat(walk(join(top, 'tests'), (path) => path.endsWith('_test.c')))
        .concat(walk(join(top, 'tests/fuzz'), (path) => /fuzz_\w+\.c$/.test(path)))
        .map((path) => [basename(path, '.c').replace(/^fuzz_(\w+)$/, '$1_fuzz_test'), path]));
    // A program whose source is gone is left over in the build folder and counts no more.
    const programs = walk(build, (path) => /_test$/.test(path) && (statSync(path).mode & 0o111) !== 0)
        .filter((path) => sources.has(basename(path)) || process.env.EDULAB_TESTS);
    return [
        ...programs.map((path) => ({
            name: `c/${basename(path)}`,
            command: [path],
            ...manners(sources.get(basename(path)) ?? ''),
        })),
        ...scripts.map((path) => ({
            name: relative(testsFolder, path).replace(/\.test\.mjs$/, ''),
            script: true,
            command: [path],
            ...manners(path),
        })),
    ].sort((a, b) => a.name.localeCompare(b.name));
}

// cmocka speaks TAP when asked: "ok 3 - name", "not ok 4 - name", "ok 5 - name # SKIP".
function readTap(text) {
    return [...text.matchAll(/^(not )?ok \d+(?: - (.*?))?(?: # (SKIP.*))?$/gm)]
        .map(([, bad, name, skip]) => ({ name: name ?? '?', ok: !bad, skip }));
}

function readLines(path) {
    if (!existsSync(path)) return [];
    return readFileSync(path, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

function runSuite(suite, env, scratch) {
    const results = join(scratch, `${suite.name.replaceAll('/', '_')}.jsonl`);
    const argv = suite.script
        ? [process.execPath, `--test-reporter=${join(top, 'tests/lib/reporter.mjs')}`,
            `--test-reporter-destination=${results}`, ...suite.command]
        : suite.command;
    return new Promise((done) => {
        const started = Date.now();
        // Its own process group, so that a suite that hangs takes its servers and browsers along.
        const child = spawn(argv[0], argv.slice(1), {
            cwd: top, detached: true, stdio: ['ignore', 'pipe', 'pipe'],
            env: { ...env, CMOCKA_MESSAGE_OUTPUT: 'TAP' },
        });
        let out = '';
        let err = '';
        let late = false;
        child.stdout.on('data', (data) => { out += data; });
        child.stderr.on('data', (data) => { err += data; });
        const kill = (signal) => { try { process.kill(-child.pid, signal); } catch { /* already gone */ } };
        const timer = setTimeout(() => { late = true; kill('SIGKILL'); }, suite.seconds * 1000);
        child.on('error', (error) => { err += error; });
        child.on('exit', () => kill('SIGKILL')); // a server left behind would hold the pipes open for ever
        child.on('close', (code, signal) => {
            clearTimeout(timer);
            const tests = suite.script ? readLines(results) : readTap(out);
            const trouble = [];
            if (late) trouble.push(`took longer than ${suite.seconds} s`);
            else if (signal) trouble.push(`ended by ${signal}`);
            else if (code !== 0 && !tests.some((test) => !test.ok)) trouble.push(`ended with code ${code}`);
            if (!late && tests.every((test) => test.ok && test.skip !== undefined))
                trouble.push(tests.length ? 'skipped every test' : 'ran no test');
            done({ suite, tests, trouble, out, err, ms: Date.now() - started });
        });
    });
}

async function runAll(suites, env, scratch) {
    const jobs = Number(process.env.JOBS) || cpus().length;
    const waiting = [...suites.filter((suite) => !suite.alone), ...suites.filter((suite) => suite.alone)];
    const results = [];
    const running = new Set();
    while (waiting.length || running.size) {
        const next = waiting[0];
        const room = next && (next.alone ? running.size === 0
            : running.size < jobs && ![...running].some((job) => job.suite.alone));
        if (!room) {
            await Promise.race([...running].map((job) => job.promise));
            continue;
        }
        waiting.shift();
        const job = { suite: next };
        job.promise = runSuite(next, env, scratch).then((result) => {
            running.delete(job);
            results.push(result);
            printSuite(result);
        });
        running.add(job);
    }
    return results;
}

const passed = (result) => result.tests.filter((test) => test.ok && test.skip === undefined).length;
const failed = (result) => result.tests.filter((test) => !test.ok).length + (result.trouble.length ? 1 : 0);

function printSuite(result) {
    const bad = failed(result);
    const mark = bad ? tint(31, 'FAIL') : tint(32, ' ok ');
    const count = `${passed(result)}${bad ? ` and ${bad} failed` : ''}`;
    console.log(`${mark} ${result.suite.name.padEnd(34)} ${count.padStart(5)}  ${(result.ms / 1000).toFixed(1)} s`);
}

const clip = (text, lines) => {
    const all = text.trimEnd().split('\n');
    return all.length <= lines ? all.join('\n') : `… ${all.length - lines} lines left out\n${all.slice(-lines).join('\n')}`;
};
const head = (text, lines) => {
    const all = text.trimEnd().split('\n');
    return all.length <= lines ? all.join('\n') : `${all.slice(0, lines).join('\n')}\n… ${all.length - lines} more lines`;
};
const indent = (text) => text.split('\n').map((line) => `    ${line}`).join('\n');

function printFailures(results) {
    for (const result of results.filter(failed)) {
        console.log(`\n${tint(31, `--- ${result.suite.name}`)}`);
        for (const test of result.tests.filter((each) => !each.ok)) {
            console.log(`  not ok: ${test.name}`);
            if (test.error) console.log(indent(head(test.error, 60)));
        }
        for (const trouble of result.trouble) console.log(`  the suite ${trouble}`);
        const said = [result.suite.script ? result.out : '', result.err].join('\n').trim();
        if (said) console.log(indent(clip(said, 60)));
    }
}

function printSummary(results) {
    const skipped = results.flatMap((result) => result.tests.filter((test) => test.skip !== undefined)
        .map((test) => `  ${result.suite.name}: ${test.name} (${test.skip})`));
    if (skipped.length) console.log(`\nSkipped:\n${skipped.join('\n')}`);
    const slowest = [...results].sort((a, b) => b.ms - a.ms).slice(0, 5);
    console.log(`\nSlowest: ${slowest.map((r) => `${r.suite.name} ${(r.ms / 1000).toFixed(1)} s`).join(', ')}`);
}

async function main() {
    const words = process.argv.slice(2);
    const suites = findSuites().filter((suite) => !words.length || words.some((word) => suite.name.includes(word)));
    const scratch = mkdtempSync(join(tmpdir(), 'edulab-test-'));
    chmodSync(scratch, 0o755); // the private PostgreSQL runs as another user
    const env = {
        ...process.env, EDULAB_BUILD: build, EDULAB_TEST_RUN: scratch,
        UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
        LSAN_OPTIONS: `suppressions=${join(top, 'tests/lib/leaks.txt')}:print_suppressions=0`,
        TSAN_OPTIONS: `suppressions=${join(top, 'tests/lib/races.txt')}:exitcode=98`,
    };
    delete env.NODE_OPTIONS;
    let postgres;
    const stop = () => { postgres?.kill(); rmSync(scratch, { recursive: true, force: true }); };
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { stop(); process.exit(130); });
    let results;
    try {
        if (suites.some((suite) => suite.postgres)) {
            postgres = await startPostgres(join(scratch, 'pg'));
            env.EDULAB_TEST_PG = postgres.url;
        }
        if (suites.some((suite) => suite.sample) && existsSync(join(build, 'edulab'))) {
            // Videos are encoded: once for a program, and not while something with a time limit runs.
            Object.assign(process.env, { EDULAB_TEST_RUN: scratch, EDULAB_BUILD: build }, postgres && { EDULAB_TEST_PG: postgres.url });
            const { prepareSamples } = await import('./lib/server.mjs');
            await prepareSamples(['sqlite', ...(suites.some((suite) => suite.postgres && suite.sample) ? ['pgsql'] : [])]);
        }
        results = await runAll(suites, env, scratch);
    } finally {
        await postgres?.stop();
        stop();
    }
    printFailures(results);
    if (results.length) printSummary(results);
    else console.log('No suite has such a name.');
    const good = results.reduce((sum, result) => sum + passed(result), 0);
    const bad = results.reduce((sum, result) => sum + failed(result), 0) + (results.length ? 0 : 1);
    process.exitCode = bad ? 1 : 0;
    console.log(`${good} passed, ${bad} failed`);
}

await main();
