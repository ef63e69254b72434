// The command line itself: help for everything, one clear line for what is wrong, and the words scripts rely on.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { edulab, temporaryFolder } from '../lib/server.mjs';
import { top } from '../lib/tree.mjs';

// The names as `edulab help` lists them: "  edulab NAME USAGE", with the help below.
async function commands() {
    const { status, stdout } = await edulab(['help']);
    assert.equal(status, 0);
    return [...stdout.matchAll(/^ {2}edulab ([a-z]+(?: [a-z][a-z-]*)?)(.*)\n {6}(.*)$/gm)].map(([, name, usage, help]) => ({ name, usage, help }));
}

// Ends with 2 and one line, and does nothing.
async function refused(args, pattern, options) {
    const { status, stdout, stderr } = await edulab(args, options);
    assert.equal(status, 2, `${args.join(' ')}: ${stderr}`);
    assert.match(stderr, /^[^\n]+\n$/, args.join(' '));
    assert.match(stderr, pattern);
    assert.equal(stdout, '');
}

test('every command has help, by --help, -h and help', async () => {
    const list = await commands();
    for (const name of ['serve', 'work', 'demo', 'migrate', 'routes', 'backup', 'restore', 'check', 'help', 'user add', 'user list', 'badge verify'])
        assert.ok(list.some((each) => each.name === name), name);
    for (const { name, help } of list) {
        assert.match(help, /^[A-Z].*\.$/, `${name}: a sentence`);
        for (const args of [[...name.split(' '), '--help'], [...name.split(' '), '-h'], ['help', ...name.split(' ')]]) {
            const { status, stdout, stderr } = await edulab(args);
            assert.deepEqual([status, stderr], [0, ''], args.join(' '));
            assert.ok(stdout.includes(`edulab ${name}`), args.join(' '));
        }
    }
    for (const args of [[], ['--help'], ['help', 'settings']]) assert.equal((await edulab(args)).status, 0);
});

test('--version says which', async () => {
    const { status, stdout } = await edulab(['--version']);
    assert.equal(status, 0);
    const version = /version: '([^']+)'/.exec(readFileSync(join(top, 'meson.build'), 'utf8'))[1];
    assert.equal(stdout, `edulab ${version}\n`);
});

test('what is not known is refused in one line, and leaves nothing', async () => {
    const data = temporaryFolder('untouched');
    await refused(['dance'], /no command "dance"/);
    await refused(['dance', '--help'], /no command "dance"/);
    await refused(['help', 'dance'], /no command "dance"/);
    await refused(['ser'], /no command "ser"/);
    await refused(['badge'], /no command "badge"/);
    await refused(['--loud'], /no command "--loud"/);
    for (const { name } of await commands()) await refused([...name.split(' '), '--loud', '--data', data], /has no option --loud/);
    for (const name of ['serve', 'work', 'demo', 'migrate', 'routes', 'check']) await refused([name, 'now', '--data', data], /takes/);
    await refused(['serve', '--threads', 'many'], /threads must be a number/);
    await refused(['serve', '--data'], /--data wants a value/);
    await refused(['serve', '--config', '/nowhere'], /cannot read \/nowhere/);
    await refused(['serve', '--data', data], /cannot read|can be read by others/, { settings: { smtp_password: '/nowhere' } });
    assert.deepEqual(readdirSync(data), []);
});

test('demo --accounts is JSON: every role, each with what it takes to sign in', async () => {
    const { status, stdout } = await edulab(['demo', '--accounts']);
    assert.equal(status, 0);
    const accounts = JSON.parse(stdout);
    assert.deepEqual(accounts.map(({ role }) => role).sort(), ['coach', 'contact', 'head', 'learner', 'network', 'staff', 'trainer']);
    for (const account of accounts) {
        assert.match(account.email, /^[^@\s]+@[^@\s]+\.[a-z]+$/);
        assert.ok(account.password.length >= 10 && account.name);
    }
});

test('routes --json lists method, path, access and help of each row; without it, the same for people', async () => {
    const rows = JSON.parse((await edulab(['routes', '--json'])).stdout);
    for (const row of rows) {
        for (const key of ['access', 'help', 'method', 'path']) assert.equal(typeof row[key], 'string', `${key} of ${row.path}`);
        assert.equal(typeof row.api, 'boolean', `whether ${row.path} is of the API`);
        assert.match(row.method, /^(GET|HEAD|POST|PATCH|PUT|DELETE|OPTIONS)$/);
        assert.match(row.path, /^\//);
        assert.ok(row.access && row.help);
    }
    assert.equal(new Set(rows.map(({ method, path }) => `${method} ${path}`)).size, rows.length);
    for (const path of ['/', '/formations', '/formations/:slug', '/tv/:slug', '/badges', '/badges/verifier', '/mon-espace', '/healthz', '/metrics'])
        assert.ok(rows.some((row) => row.method === 'GET' && row.path === path), path);
    const lines = (await edulab(['routes'])).stdout.trim().split('\n');
    assert.equal(lines.length, rows.length);
});

test('help settings shows every key with its default; a key goes by dash and underscore', async () => {
    const { stdout } = await edulab(['help', 'settings']);
    for (const key of ['data', 'db', 'listen', 'public_url', 'metrics_token', 'smtp_url']) assert.match(stdout, new RegExp(`^${key} = `, 'm'));
    const dash = JSON.parse((await edulab(['check', '--json', '--data', join(temporaryFolder('x'), 'd'), '--public-url', 'https://a.example'])).stdout);
    assert.ok(dash.findings.some(({ says }) => says === 'public_url = https://a.example (command line)'));
});
