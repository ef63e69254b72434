// Videos that come in without the page: by the command line, through a watched folder; prepared by another process that
// shares the database and the files; one file in the place of another.
// run: seconds=240
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { mediaOf, newVisitor } from '../lib/http.mjs';
import { demoAccounts, edulab, program, startServer, temporaryFolder } from '../lib/server.mjs';

const folder = temporaryFolder('films');
function film(name, tone) {
    const path = join(folder, name);
    execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25:d=2', '-f', 'lavfi', '-i', `sine=f=${tone}:d=2`,
        '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest', path]);
    return path;
}

async function staffOf(server) {
    const staff = newVisitor(server);
    await staff.signIn((await demoAccounts()).find((account) => account.role === 'staff'));
    return staff;
}

async function prepared(server, staff, title) {
    for (let i = 0; i < 400; i++) {
        const page = await staff.get('/gestion/videos');
        const link = page.html.querySelectorAll('th a[href^="/gestion/videos/"]').find((each) => each.textContent === title);
        const id = link?.getAttribute('href').split('/').pop();
        const state = id && (await staff.get(`/api/v1/videos/${id}/avancement`)).json();
        if (state?.over) return { id, ...state };
        await sleep(200);
    }
    throw new Error(`${title} was not prepared\n${server.log.slice(-2000)}`);
}

for (const engine of ['sqlite', 'pgsql']) {
    test(`a file of this machine is added by a command and prepared by another process (${engine})`, async () => {
        const server = await startServer({ engine, demo: true, settings: { media_runners: 0, quick_runners: 1 } });
        const environment = { ...process.env, ...(server.database ? { EDULAB_DB: server.database } : {}) };
        let worker;
        try {
            const staff = await staffOf(server);
            const added = await edulab(['tv', 'add', film('Atelier_sonore.mp4', 300), '--data', server.data], { database: server.database });
            assert.equal(added.status, 0, added.stderr);
            writeFileSync(join(folder, 'lettre.mp4'), 'Ceci est une lettre.\n'.repeat(50));
            const refused = await edulab(['tv', 'add', join(folder, 'lettre.mp4'), join(folder, 'absent.mp4'), '--data', server.data], { database: server.database });
            assert.equal(refused.status, 1);
            assert.match(refused.stderr, /lettre\.mp4: This file is not a video/);
            assert.match(refused.stderr, /absent\.mp4: No such file/);
            await sleep(2500);
            const page = await staff.get('/gestion/videos');
            assert.match(page.words('main'), /Atelier sonore/);
            assert.equal((await newVisitor(server).get('/tv/atelier-sonore')).status, 404, 'a server without media runners leaves it alone');
            worker = spawn(program, ['work', '--media', '--data', server.data], { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
            const state = await prepared(server, staff, 'Atelier sonore');
            assert.equal(state.state, 'ready', JSON.stringify(state));
            const visitor = newVisitor(server);
            assert.equal((await visitor.get(`${await mediaOf(visitor, '/tv/atelier-sonore')}/master.m3u8`)).status, 200);
        } finally {
            if (worker) { worker.kill('SIGTERM'); await new Promise((done) => worker.on('exit', done)); }
            await server.stop();
        }
    });
}

test('what is laid into the watched folder comes in once; half a film has time to arrive; what is no video is put aside with the reason', async () => {
    const inbox = join(folder, 'boite');
    mkdirSync(inbox);
    copyFileSync(film('Salle_vide.mp4', 500), join(inbox, 'Salle_vide.mp4'));
    writeFileSync(join(inbox, 'liste.mp4'), 'une liste\n'.repeat(100));
    // Half of a film that a slow line may still be sending, and half of one that nobody sends any more.
    const half = readFileSync(film('Moitie.mp4', 600)).subarray(0, 20_000);
    for (const [name, minutes] of [['Moitie_en_route.mp4', 1], ['Moitie_perdue.mp4', 30]]) {
        writeFileSync(join(inbox, name), half);
        utimesSync(join(inbox, name), new Date(), new Date(Date.now() - minutes * 60_000));
    }
    await sleep(16_000); // a file that changed lately may still be arriving
    const server = await startServer({ settings: { inbox } });
    try {
        const staff = await staffOf(server);
        const state = await prepared(server, staff, 'Salle vide');
        assert.equal(state.state, 'ready');
        assert.match(readFileSync(join(inbox, 'refused/liste.mp4.txt'), 'utf8'), /ni une vidéo|n’est pas|n'est pas/);
        for (let i = 0; i < 700 && !existsSync(join(inbox, 'brought/Salle_vide.mp4')); i++) await sleep(100);
        assert.deepEqual(readdirSync(inbox).sort(), ['Moitie_en_route.mp4', 'brought', 'refused']);
        assert.match(readFileSync(join(inbox, 'refused/Moitie_perdue.mp4.txt'), 'utf8'), /incomplet|coupé|s’arrête|s'arrête/);
        const titles = (await staff.get('/gestion/videos')).html.querySelectorAll('th a').filter((each) => each.textContent === 'Salle vide');
        assert.equal(titles.length, 1);
    } finally { await server.stop(); }
});
