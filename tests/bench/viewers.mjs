// make bench ONLY=viewers: files of videos beside plain nginx, and 5,000 people who watch at once through nginx.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { sql } from '../lib/crowd.mjs';
import { newVisitor } from '../lib/http.mjs';
import { startNginx } from '../lib/nginx.mjs';
import { freePort, startServer, temporaryFolder } from '../lib/server.mjs';
import { build } from '../lib/tree.mjs';

const slug = 'demarche-steam';
const segmentBytes = 250_000;
const people = 5000;

// The folder of the sample video's sizes as its page names it, with a segment of just this size put into it.
async function sample(server) {
    const page = await newVisitor(server).get(`/tv/${slug}`);
    const [, base, folder] = /(\/media\/v\/[^"/]+\/([^"/]+))\/master\.m3u8/.exec(page.text);
    const size = ['720p', '480p', '240p'].find((name) => existsSync(join(server.data, 'hls', folder, name, 'index.m3u8')));
    writeFileSync(join(server.data, 'hls', folder, size, 'seg_99999.m4s'), Buffer.alloc(segmentBytes, 'edulab'));
    return { playlist: `${base}/${size}/index.m3u8`, segment: `${base}/${size}/seg_99999.m4s`, file: `${folder}/${size}/seg_99999.m4s` };
}

// As packaging/nginx/edulab.conf sends videos, without TLS: what is compared is the way of a file.
const site = (port, server, socket) => `sendfile on; tcp_nopush on; keepalive_requests 1000000; keepalive_timeout 75s;
upstream edulab { server unix:${socket}; keepalive 64; keepalive_timeout 25s; }
server {
    listen 127.0.0.1:${port} backlog=4096;
    proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $remote_addr;
    proxy_buffers 16 16k; proxy_buffer_size 16k;
    open_file_cache max=4096 inactive=30s; open_file_cache_valid 10s;
    location / { proxy_pass http://edulab; }
    location /_files/ { internal; alias ${server.data}/; }
    location /plain/ { alias ${server.data}/hls/; }
}`;

// The best of three, since the machine may be disturbed but never hurried.
const best = (run) => Math.max(run(), run(), run());

async function files({ row, wrk, oneCore, server, nginx, port, paths }) {
    const beside = (path, at = port) => best(() => wrk(`http://127.0.0.1:${at}${path}`, { seconds: 3, connections: 16 }).perSecond);
    const plain = beside(`/plain/${paths.file}`);
    const through = beside(paths.segment);
    const alone = beside(paths.direct, server.port);
    const rate = (perSecond) => `${perSecond.toFixed(0)}/s, ${(perSecond / plain).toFixed(2)}`;
    row(`segments of 250 KB${oneCore.length ? ', each server on one core' : ''}: plain nginx`, `${plain.toFixed(0)}/s`);
    row('through nginx after our yes (X-Accel): a second, and the share of plain nginx', rate(through), 'at least 0.9', through / plain >= 0.9);
    row('from us alone: a second, and the share of plain nginx', rate(alone), 'at least 0.5', alone / plain >= 0.5);
    if (nginx.log) console.log(nginx.log.slice(0, 500));
}

async function crowd({ port, seconds, paths, media }) {
    const argv = [port, people, seconds, `/tv/${slug}`, media ? paths.playlist : '-', paths.segment].map(String);
    const { stdout } = await promisify(execFile)(join(build, 'tests/bench/viewers'), argv);
    return JSON.parse(stdout);
}

export async function viewers({ row, wrk, cpuSeconds, oneCore }) {
    console.log(`Viewers: ${people} at once through nginx, each a playlist and a segment of 250 KB every 4 s, a heartbeat every 10 s`);
    const one = oneCore.length ? { threads: 1 } : {}; // as nginx has one worker
    const socket = join(temporaryFolder('socket'), 'edulab.sock');
    const server = await startServer({ wrap: oneCore, logFile: join(temporaryFolder('log'), 'log'), settings: { socket, accel: '/_files', ...one } });
    const direct = await startServer({ wrap: oneCore, logFile: join(temporaryFolder('log'), 'log'), settings: one });
    const folder = temporaryFolder('nginx');
    const port = await freePort();
    mkdirSync(folder, { recursive: true });
    const nginx = await startNginx({ folder, port, site: site(port, server, socket), connections: 8000, main: oneCore.length ? 'worker_cpu_affinity 01;' : '' });
    const paths = await sample(server);
    const other = await sample(direct);
    await files({ row, wrk, oneCore, server: { port: direct.port }, nginx, port, paths: { ...paths, direct: other.segment } });
    await direct.stop();

    // heartbeats alone: what they cost
    const played = () => Number(sql(server, 'SELECT coalesce(sum(played_ms), 0) FROM watch_day'));
    const before = played();
    let cpu = cpuSeconds(server.process.pid);
    const beats = await crowd({ port, seconds: 0, paths, media: false });
    const arrival = cpuSeconds(server.process.pid) - cpu;
    cpu = cpuSeconds(server.process.pid);
    const told = await crowd({ port, seconds: 40, paths, media: false });
    const used = (cpuSeconds(server.process.pid) - cpu - arrival) / 40;
    row(`heartbeats of ${people}: CPU of edulab, writing included`, `${used.toFixed(3)} cores`, 'at most 0.2', used <= 0.2);
    for (let i = 0; i < 100 && played() - before < (told.beat.n + beats.beat.n) * 10_000; i++) await sleep(200);
    const counted = (played() - before) / 10_000, sent = told.beat.n + beats.beat.n;
    row('heartbeats answered, and counted in the database', `${sent}, ${counted}`, 'all', counted === sent);

    const all = await crowd({ port, seconds: 40, paths, media: true });
    const errors = ['page', 'playlist', 'segment', 'beat'].reduce((sum, kind) => sum + all[kind].errors, 0);
    const slowest = Math.max(...['playlist', 'segment', 'beat'].map((kind) => all[kind].p99_us)) / 1000;
    row(`${people} viewers: pages, playlists, segments, heartbeats`, ['page', 'playlist', 'segment', 'beat'].map((kind) => all[kind].n).join(', '));
    row(`${people} viewers: errors`, `${errors}${all.last_error && ` (${all.last_error})`}`, 'none', errors === 0);
    row(`${people} viewers: requests still open at the end that were due over a second before`, `${all.late}`, 'none', all.late === 0);
    row(`${people} viewers: p99 of playlist, segment, heartbeat`, ['playlist', 'segment', 'beat'].map((kind) => `${(all[kind].p99_us / 1000).toFixed(1)} ms`).join(', '),
        'each under 250 ms', slowest < 250);
    row(`${people} viewers: sent by nginx`, `${(all.bytes / 1e6 / all.seconds).toFixed(0)} MB/s`);
    await nginx.stop();
    await server.stop();
}
