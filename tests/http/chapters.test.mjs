// Chapters of a video: typed as lines, refused with the line, seen by viewers and found by the search; never written over by who
// comes second; proposed from where the picture changes, kept or put aside, with nothing lost of what was there.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { mediaOf, newVisitor } from '../lib/http.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);
const accounts = await demoAccounts();
const page = '/tv/demarche-steam';

for (const engine of ['sqlite', 'pgsql'])
    describe(`chapters (${engine})`, () => {
        let server;
        let staff;
        let slides; // where the sample video's own chapters begin: with its slides
        let at; // /gestion/videos/<id>/chapitres
        before(async () => {
            server = await startServer({ engine });
            staff = newVisitor(server);
            await staff.signIn(accounts.find((each) => each.role === 'staff'));
            at = `/gestion/videos/${(await mediaOf(staff, page)).split('/').pop()}/chapitres`;
        });
        after(() => server?.stop());

        const typed = (answer) => answer.html.querySelector('textarea[name=texte]').textContent.replace(/^\n/, '');
        const save = async (texte, from = undefined) => staff.submit(from ?? await staff.get(at), `form[action="${at}"]`, { texte });
        const watched = async () => (await newVisitor(server).get(page)).html.querySelectorAll('[data-chapters] li').map((each) => each.words?.() ?? each.textContent.trim().replace(/\s+/g, ' '));

        test('what stands there is shown, and saving it changes nothing', async () => {
            const first = await staff.get(at);
            assert.equal(first.status, 200);
            const text = typed(first);
            assert.match(text, /^0:00 /);
            slides = (await newVisitor(server).get(`${page}/chapitres.json`)).json().chapters.map((each) => each.startTime * 1000).slice(1);
            const before = await watched();
            assert.ok(before.length > 2);
            assert.equal((await save(text)).status, 303);
            assert.equal(typed(await staff.get(at)), text);
            assert.deepEqual(await watched(), before);
        });

        test('typed lines are what viewers, feeds and the search have', async () => {
            assert.equal((await save('0:00 Pour commencer\n0:12,5 Le grand zigzag\n0:30 – La fin\n')).status, 303);
            assert.deepEqual((await newVisitor(server).get(page)).html.querySelectorAll('[data-chapters] li').map((each) => [each.querySelector('a').getAttribute('data-start'), each.querySelector('a').lastElementChild?.textContent ?? each.querySelectorAll('span')[1].textContent]),
                [['0.000', 'Pour commencer'], ['12.500', 'Le grand zigzag'], ['30.000', 'La fin']]);
            assert.deepEqual((await newVisitor(server).get(`${page}/chapitres.json`)).json().chapters.map((each) => each.startTime), [0, 12.5, 30]);
            assert.match((await newVisitor(server).get('/tv/videos?q=zigzag')).text, /t=12\.5/);
        });

        test('what does not fit is refused with its line, stays typed, and changes nothing', async () => {
            const before = typed(await staff.get(at));
            for (const [text, reason] of [
                ['0:00 Un\n0:10 Deux\n0:10 Trois', /Ligne 3 : /],
                ['0:05 Un', /Ligne 1 : .*0:00/],
                ['0:00 Un\n0:00,4 Deux', /Ligne 2 : .*seconde/],
                ['0:00 Un\n9:59:00 Loin', /Ligne 2 : .*fin de la vidéo/],
                ['0:00 Un\nbientôt', /Ligne 2 : /],
                [`0:00 ${'x'.repeat(141)}`, /Ligne 1 : .*140/],
            ]) {
                const answer = await save(text);
                assert.equal(answer.status, 422, text);
                assert.match(answer.words('main'), reason);
                assert.equal(typed(answer).trim(), text, 'what was typed is still there');
                const again = await save(before, answer);
                assert.equal(again.status, 303, 'the form that came back can be corrected and sent');
            }
            assert.equal(typed(await staff.get(at)), before);
        });

        test('who saves second does not write over the first', async () => {
            const [one, two] = [await staff.get(at), await staff.get(at)];
            assert.equal((await save('0:00 Premier\n0:20 Suite', one)).status, 303);
            const late = await save('0:00 Second', two);
            assert.equal(late.status, 422);
            assert.match(typed(await staff.get(at)), /Premier/);
            assert.match((await staff.get('/gestion/journal')).text, /Chapitres d.une vidéo/);
        });

        test('slides that change are found, with a picture each, and join what is there', async () => {
            assert.equal((await save('0:00 Tout\n')).status, 303);
            const before = await staff.get(at);
            assert.equal(before.html.querySelectorAll('input[name=garder]').length, 0);
            assert.equal((await staff.submit(before, `form[action="${at}/proposer"]`)).status, 303);
            // asked twice, it is looked for once
            const twice = await staff.get(at);
            if (twice.html.querySelector(`form[action="${at}/proposer"]`)) assert.equal((await staff.submit(twice, `form[action="${at}/proposer"]`)).status, 303);
            const progress = [];
            for (let i = 0; ; i++) {
                const answer = await staff.get(`/api/v1${at.slice('/gestion'.length)}`);
                assert.equal(answer.status, 200);
                progress.push(answer.json().progress);
                if (answer.json().over) break;
                assert.ok(i < 300, `still looking: ${progress}`);
                await sleep(200);
            }
            assert.deepEqual(progress, [...progress].sort((a, b) => a - b), 'progress only rises');
            const found = await staff.get(at);
            const boxes = found.html.querySelectorAll('input[name=garder]');
            const moments = boxes.map((each) => Number(each.getAttribute('value')));
            assert.equal(moments.length, slides.length, `${moments} for ${slides}`);
            assert.ok(moments.every((each, i) => Math.abs(each - slides[i]) <= 1000), `${moments} for ${slides}`);
            const tiles = found.html.querySelectorAll('svg.tile');
            assert.equal(tiles.length, moments.length, 'a picture each');
            assert.equal((await staff.get(tiles[0].querySelector('image').getAttribute('href'))).status, 200);
            const nothing = await staff.submit(found, `form[action="${at}/propositions"]`, { garder: [] });
            assert.equal(nothing.status, 422);

            assert.equal((await staff.submit(found, `form[action="${at}/propositions"]`, { garder: [String(moments[1]), '123'] })).status, 303);
            const kept = await staff.get(at);
            assert.match(typed(kept), /^0:00 Tout\n/);
            const lines = typed(kept).trim().split('\n');
            assert.equal(lines.length, 2, 'what was not proposed is not taken');
            assert.match(lines[1], /Partie 2$/);
            assert.equal(kept.html.querySelectorAll('input[name=garder]').length, 0, 'the others are put aside');
        });

        test('kept without any chapter before, the first begins at 0', async () => {
            assert.equal((await save('')).status, 303);
            assert.equal((await staff.submit(await staff.get(at), `form[action="${at}/proposer"]`)).status, 303);
            for (let i = 0; !(await staff.get(`/api/v1${at.slice('/gestion'.length)}`)).json().over; i++) {
                assert.ok(i < 300);
                await sleep(200);
            }
            const found = await staff.get(at);
            const all = found.html.querySelectorAll('input[name=garder]').map((each) => each.getAttribute('value'));
            assert.equal((await staff.submit(found, `form[action="${at}/propositions"]`, { garder: all })).status, 303);
            assert.match(typed(await staff.get(at)), /^0:00 Partie 1\n.* Partie 2\n/);
        });

        test('put aside, they are gone and the chapters as before; only the team may', async () => {
            const before = typed(await staff.get(at));
            assert.equal((await staff.submit(await staff.get(at), `form[action="${at}/proposer"]`)).status, 303);
            for (let i = 0; !(await staff.get(`/api/v1${at.slice('/gestion'.length)}`)).json().over; i++) {
                assert.ok(i < 300);
                await sleep(200);
            }
            const page2 = await staff.get(at);
            // every change has its chapter: none is proposed a second time
            assert.equal(page2.html.querySelectorAll('input[name=garder]').length, 0);
            assert.match(page2.words('main'), /Aucun changement/);
            assert.equal(typed(page2), before);
            const learner = newVisitor(server);
            await learner.signIn(accounts.find((each) => each.role === 'learner'));
            assert.equal((await learner.get(at)).status, 403);
            assert.equal((await learner.get(`/api/v1${at.slice('/gestion'.length)}`)).status, 403);
        });
    });
