// make bench ONLY=ladder: the processor time of the smaller sizes of a 1080p30 file, beside one ffmpeg command by hand that makes the same
// sizes with the same settings from the same file. What else is made (posters, storyboard, waveform, download) is told beside it.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '../lib/crowd.mjs';
import { edulab, startServer, temporaryFolder } from '../lib/server.mjs';

const seconds = 40;
const sizes = [[1280, 720, 22, 2800], [854, 480, 22, 1406], [426, 240, 24, 432]];

// H.264 as most files are: its own size is kept as it is.
function film(folder) {
    const path = join(folder, 'film.mp4');
    execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=s=1920x1080:r=30:d=${seconds}`, '-f', 'lavfi', '-i', `sine=f=440:d=${seconds}`,
        '-vf', 'noise=alls=6:allf=t', '-c:v', 'libx264', '-preset', 'veryfast', '-g', '60', '-pix_fmt', 'yuv420p', '-c:a', 'aac', path]);
    return path;
}

function byHand(path, folder) {
    const graph = `[0:v]yadif=deint=interlaced,fps=30,split=${sizes.length}${sizes.map((_, i) => `[s${i}]`).join('')};`
        + sizes.map(([width, height], i) => `[s${i}]scale=${width}:${height}:flags=bicubic,setsar=1,format=yuv420p[v${i}]`).join(';');
    const rates = sizes.flatMap(([, , crf, kbit], i) => [`-crf:v:${i}`, crf, `-maxrate:v:${i}`, `${kbit}k`, `-bufsize:v:${i}`, `${2 * kbit}k`]);
    const args = ['-nostdin', '-v', 'error', '-y', '-i', path, '-filter_complex', graph, ...sizes.flatMap((_, i) => ['-map', `[v${i}]`]),
        '-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high', '-sc_threshold', '0', '-g', '600', '-force_key_frames', 'expr:gte(t,n_forced*4)', ...rates,
        '-f', 'hls', '-hls_time', '4', '-hls_playlist_type', 'vod', '-hls_segment_type', 'fmp4',
        '-hls_fmp4_init_filename', 'init.mp4', '-hls_segment_filename', join(folder, '%v/seg_%05d.m4s'),
        '-var_stream_map', `${sizes.map((_, i) => `v:${i}`).join(' ')}`, join(folder, '%v/index.m3u8')].map(String);
    const time = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$@"', 'bash', 'ffmpeg', ...args], { encoding: 'utf8' });
    if (time.status !== 0) throw new Error(`ffmpeg by hand: ${time.stderr}`);
    return time.stderr.trim().split(/\s+/).slice(-2).map(Number).reduce((a, b) => a + b);
}

// Of the process and of what it has waited for, in seconds.
function spent(pid) {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ').map(Number);
    return { own: (fields[11] + fields[12]) / 100, children: (fields[13] + fields[14]) / 100 };
}

// The processor time of every ffmpeg, by what it was told, looked at often: a moment of each may be missed at its end.
function watchFfmpeg() {
    const seen = new Map();
    const look = () => {
        for (const child of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
            try {
                const stat = readFileSync(`/proc/${child}/stat`, 'utf8').replace(/^.*\) /, '').split(' ').map(Number);
                const told = readFileSync(`/proc/${child}/cmdline`, 'utf8');
                if (told.startsWith('ffmpeg\0')) seen.set(child, { told, cpu: (stat[11] + stat[12]) / 100 });
            } catch { /* it has ended */ }
        }
    };
    const timer = setInterval(look, 20);
    return () => { clearInterval(timer); return [...seen.values()]; };
}

export async function ladder({ row }) {
    console.log(`Ladder: a film of ${seconds} s, 1080p30, made playable`);
    const folder = temporaryFolder('ladder');
    const path = film(folder);
    const first = byHand(path, folder);
    const server = await startServer({ settings: { media_runners: 1 } });
    const done = () => sql(server, "SELECT count(*) FROM video_source s JOIN video v ON v.id = s.video_id AND v.edition = s.edition WHERE v.title LIKE 'film%' AND s.done = 1000 AND s.state = 'live'").trim();
    const ended = watchFfmpeg();
    const before = spent(server.process.pid);
    const added = await edulab(['tv', 'add', path, '--data', server.data], { database: server.database });
    if (added.status !== 0) throw new Error(added.stderr);
    for (let i = 0; done() !== '1'; i++) {
        if (i > 1500) throw new Error('the film was not prepared');
        await sleep(200);
    }
    const after = spent(server.process.pid);
    const passes = ended();
    const hand = (first + byHand(path, folder)) / 2; // before and after: a machine warms up, and others come and go
    const made = passes.filter(({ told }) => told.includes('libx264')).reduce((sum, { cpu }) => sum + cpu, 0);
    const all = after.children - before.children + after.own - before.own;
    row('by hand: one ffmpeg command, three sizes', `${hand.toFixed(1)} s of CPU`);
    row('ours: the same sizes; and the share of by hand', `${made.toFixed(1)} s, ${(made / hand).toFixed(3)}`, 'at most 1.03', made > 0 && made / hand <= 1.03);
    row('ours: all there is to do, with posters, storyboard, waveform, download; of it edulab itself', `${all.toFixed(1)} s, ${(after.own - before.own).toFixed(2)} s`);
    await server.stop();
}
