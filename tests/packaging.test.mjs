// The systemd unit as shipped: systemd accepts it, it is closed enough, and the command it starts works.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { get } from 'node:http';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort, program, serve, temporaryFolder } from './lib/server.mjs';
import { top } from './lib/tree.mjs';

const unit = readFileSync(join(top, 'packaging/edulab.service'), 'utf8');
const execStart = /^ExecStart=(.*)$/m.exec(unit)[1].split(' ');

// The unit with the program where this build left it.
function unitHere() {
    const folder = temporaryFolder('unit');
    const path = join(folder, 'edulab.service');
    writeFileSync(path, unit.replace('/usr/bin/edulab', program).replace(/^Documentation=.*\n/m, ''));
    return path;
}

test('systemd accepts the unit', () => {
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', unitHere()], { encoding: 'utf8' });
    assert.equal(stderr, '');
    assert.equal(status, 0);
});

test('the unit leaves the service little to harm', () => {
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['security', '--offline=yes', '--threshold=20', unitHere()], { encoding: 'utf8' });
    assert.equal(status, 0, stdout + stderr);
});

const askAt = (socketPath, path, forwarded) => new Promise((done, failed) => {
    get({ socketPath, path, headers: forwarded ? { 'x-forwarded-for': forwarded } : {} }, (answer) => { answer.resume(); done(answer.statusCode); }).on('error', failed);
});

test('the command of the unit serves and ends cleanly on SIGTERM', async () => {
    assert.deepEqual(execStart.slice(0, 2), ['/usr/bin/edulab', 'serve']);
    const data = temporaryFolder('service');
    mkdirSync(data, { recursive: true });
    assert.deepEqual(execStart.slice(2), ['--data', '/var/lib/edulab']);
    const socket = join(data, 'edulab.sock');
    const server = await serve({ command: execStart[1], data, port: await freePort(), settings: { socket } });
    try {
        assert.equal(statSync(socket).mode & 0o777, 0o660, 'for the owner and the group only');
        // Who tries to listen where another one does is told so, and the other one stays.
        const other = join(data, 'other');
        mkdirSync(other);
        await assert.rejects(async () => serve({ command: execStart[1], data: other, port: await freePort(), settings: { socket } }), /another program listens/);
        assert.equal(await askAt(socket, '/healthz'), 200);
        // What nginx says of the visitor's address is believed at the socket, and only there.
        assert.equal(await askAt(socket, '/metrics', '127.0.0.1'), 200);
        assert.notEqual(await askAt(socket, '/metrics', '203.0.113.9'), 200);
        assert.equal((await fetch(`${server.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.9' } })).status, 200, 'at the port nobody is believed');
    } finally { await server.stop(); }
    // A socket that a killed run left behind is no hindrance; a file of another kind is never put away.
    assert.ok(existsSync(socket));
    await (await serve({ command: execStart[1], data, port: await freePort(), settings: { socket } })).stop();
    const letter = join(data, 'lettre');
    writeFileSync(letter, 'un mot');
    await assert.rejects(async () => serve({ command: execStart[1], data, port: await freePort(), settings: { socket: letter } }), /cannot listen/);
    assert.equal(readFileSync(letter, 'utf8'), 'un mot');
    rmSync(data, { recursive: true });
});

test('what the documents of packaging name exists', () => {
    const text = readFileSync(join(top, 'packaging/README.md'), 'utf8');
    for (const [, path] of text.matchAll(/`(packaging\/[\w./-]+)`/g)) assert.ok(existsSync(join(top, path)), path);
});
