// A private PostgreSQL in a temporary folder: unix socket only, trusts everyone who can reach that folder, touches no
// other cluster. Not durable on purpose (fsync off): the tests of durability start their own.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

function binaries() {
    const base = '/usr/lib/postgresql';
    const versions = existsSync(base) ? readdirSync(base).map(Number).filter(Boolean).sort((a, b) => b - a) : [];
    if (!versions.length) throw new Error('PostgreSQL is not installed: apt-get install postgresql');
    return join(base, String(versions[0]), 'bin');
}

// PostgreSQL refuses to run as root: then as postgres, or nobody.
function asUser() {
    if (process.getuid() !== 0) return { prefix: [], uid: process.getuid(), gid: process.getgid() };
    const rows = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'));
    const row = rows.find(([name]) => name === 'postgres') ?? rows.find(([name]) => name === 'nobody');
    const [uid, gid] = [Number(row[2]), Number(row[3])];
    return { prefix: ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--'], uid, gid };
}

// Starts a cluster in `folder` (made here; its parents must be open to all). Settings are postgresql.conf lines.
export async function startPostgres(folder, { settings = ['fsync=off', 'full_page_writes=off'] } = {}) {
    const bin = binaries();
    const { prefix, uid, gid } = asUser();
    const data = join(folder, 'data');
    const run = (program, args, options = {}) => {
        const argv = [...prefix, join(bin, program), ...args];
        return execFileSync(argv[0], argv.slice(1), { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'],
            env: { ...process.env, LC_ALL: 'C.UTF-8', PGHOST: folder }, ...options });
    };
    if (!existsSync(data)) {
        mkdirSync(folder, { recursive: true });
        chownSync(folder, uid, gid);
        chmodSync(folder, 0o755);
        run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync',
            '--no-instructions']);
    }
    const argv = [...prefix, join(bin, 'postgres'), '-D', data, '-k', folder, '-c', 'listen_addresses=',
        '-c', 'max_connections=200', '-c', 'unix_socket_permissions=0777', ...settings.flatMap((line) => ['-c', line])];
    // Into a file: a pipe that nobody reads while we wait for something would stop it.
    const logFile = join(folder, 'log');
    const child = spawn(argv[0], argv.slice(1), { cwd: folder, stdio: ['ignore', 'ignore', openSync(logFile, 'a')] });
    let gone = false;
    child.on('exit', () => { gone = true; });
    for (let i = 0; ; i++) {
        if (gone || i > 600) throw new Error(`PostgreSQL did not start:\n${readFileSync(logFile, 'utf8').slice(-4000)}`);
        try { run('pg_isready', ['-q', '-h', folder]); break; } catch { await sleep(50); }
    }
    const psql = (sql, database = 'postgres') =>
        run('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', folder, '-U', 'postgres', '-d', database],
            { input: sql, stdio: ['pipe', 'pipe', 'pipe'] });
    const url = databaseUrl(folder, 'postgres');
    return {
        folder, url, psql,
        urlOf: (database) => databaseUrl(folder, database),
        kill: (signal = 'SIGQUIT') => { if (!gone) child.kill(signal); },
        async stop() {
            if (!gone) child.kill('SIGINT'); // fast shutdown
            for (let i = 0; !gone && i < 200; i++) await sleep(25);
            if (!gone) child.kill('SIGKILL');
            rmSync(folder, { recursive: true, force: true });
        },
    };
}

export const databaseUrl = (folder, database) => `postgres://postgres@/${database}?host=${encodeURIComponent(folder)}`;

// A cluster that someone else started (run.mjs), known by its address.
export function attachPostgres(url) {
    const folder = decodeURIComponent(/[?&]host=([^&]*)/.exec(url)[1]);
    const psql = (sql, database = 'postgres') => execFileSync('psql',
        ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', folder, '-U', 'postgres', '-d', database],
        { encoding: 'utf8', input: sql, stdio: ['pipe', 'pipe', 'pipe'], maxBuffer: 1 << 28 });
    return { folder, url, psql, urlOf: (database) => databaseUrl(folder, database), async stop() {}, kill() {} };
}
