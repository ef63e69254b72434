// Debian's nginx with a configuration of ours, in its own folder, in the foreground.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

// `site` is what stands inside http { }. `port` is one it listens on.
export async function startNginx({ folder, site, port, workers = 1, connections = 4096, main = '' }) {
    mkdirSync(join(folder, 'temp'), { recursive: true });
    const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/temp/${name};`).join('\n');
    const path = join(folder, 'nginx.conf');
    writeFileSync(path, `daemon off;
${process.getuid() === 0 ? 'user root;' : ''}
worker_processes ${workers};
worker_rlimit_nofile 16384;
${main}
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections ${connections}; }
http {
include /etc/nginx/mime.types;
default_type application/octet-stream;
access_log off;
${temp}
${site}
}
`);
    const check = spawnSync('nginx', ['-t', '-q', '-e', 'stderr', '-p', folder, '-c', path], { encoding: 'utf8' });
    if (check.status !== 0) throw new Error(`nginx refuses its configuration:\n${check.stderr}`);
    const child = spawn('nginx', ['-e', 'stderr', '-p', folder, '-c', path], { stdio: ['ignore', 'ignore', 'pipe'] });
    const nginx = { process: child, log: '' };
    child.stderr.on('data', (text) => { nginx.log += text; });
    const ended = new Promise((done) => { child.on('exit', done); });
    const onExit = () => child.kill('SIGKILL');
    process.on('exit', onExit);
    nginx.stop = async () => { child.kill('SIGQUIT'); setTimeout(() => child.kill('SIGKILL'), 3000).unref(); await ended; process.off('exit', onExit); };
    for (let i = 0; i < 200; i++) {
        const open = await new Promise((done) => {
            const socket = connect(port, '127.0.0.1', () => { socket.destroy(); done(true); });
            socket.on('error', () => done(false));
        });
        if (open) return nginx;
        if (child.exitCode !== null) break;
        await sleep(20);
    }
    throw new Error(`nginx did not start:\n${nginx.log}`);
}

// The shipped site with the ports, folders and certificate of a test. Every replacement must find its text, so that
// the test cannot drift away from the file.
export function siteHere(text, changes) {
    let site = text;
    for (const [from, to] of changes) {
        if (!site.includes(from)) throw new Error(`packaging/nginx/edulab.conf has no "${from}"`);
        site = site.replaceAll(from, to);
    }
    return site;
}
