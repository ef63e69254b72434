// Subtitles: brought in as WebVTT and SRT, written in the page, refused with the reason, given to viewers, taken out and removed.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileOf, mediaOf, newVisitor } from '../lib/http.mjs';
import { demoAccounts, startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);
const accounts = await demoAccounts();
const page = '/tv/demarche-steam';

for (const engine of ['sqlite', 'pgsql'])
    describe(`subtitles (${engine})`, () => {
        let server;
        let staff;
        let at; // /gestion/videos/<id>/sous-titres
        before(async () => {
            server = await startServer({ engine });
            staff = newVisitor(server);
            await staff.signIn(accounts.find((each) => each.role === 'staff'));
            at = `/gestion/videos/${(await mediaOf(staff, page)).split('/').pop()}/sous-titres`;
        });
        after(() => server?.stop());

        const bring = async (lang, bytes, name = 'texte.srt') => staff.submit(await staff.get(at), `form[action="${at}"]`, { lang, fichier: fileOf(bytes, name) });
        const editor = (lang) => staff.get(`${at}/${lang}`);
        const save = async (lang, texte, from = undefined) => staff.submit(from ?? await editor(lang), `form[action="${at}/${lang}"]`, { texte });
        // What a player gets, once the job has put it there.
        async function played(lang, good) {
            let last;
            for (let i = 0; i < 150; i++) {
                last = await newVisitor(server).get(`${await mediaOf(newVisitor(server), page)}/subs/${lang}.vtt`);
                if (last.status === 200 && good(last.text)) return last.text;
                await sleep(200);
            }
            return assert.fail(`${last.status} ${last.text.slice(0, 300)}`);
        }

        test('an SRT file of an old program becomes WebVTT that players get', async () => {
            const srt = '1\r\n00:00:01,500 --> 00:00:04,000\r\nDe ervaring \xE9\xE9n\r\n\r\n2\r\n0:00:05,000 --> 0:00:08,250\r\nTwee <i>rijen</i>\r\nvan tekst\r\n';
            const answer = await bring('nl', Buffer.from(srt, 'latin1'));
            assert.equal(answer.status, 303, answer.words('main').slice(0, 500));
            assert.equal(answer.location, `${at}/nl?fait=sous-titres-recus`);
            const text = await played('nl', (now) => now.includes('Twee'));
            assert.equal(text, 'WEBVTT\n\n1\n00:00:01.500 --> 00:00:04.000\nDe ervaring één\n\n2\n00:00:05.000 --> 00:00:08.250\nTwee rijen\nvan tekst\n');
            const media = await mediaOf(newVisitor(server), page);
            const master = await newVisitor(server).get(`${media}/master.m3u8`);
            assert.match(master.text, /TYPE=SUBTITLES[^\n]*NAME="Nederlands",LANGUAGE="nl"/);
            const watch = await newVisitor(server).get(page);
            assert.deepEqual(watch.html.querySelectorAll('track').map((each) => each.getAttribute('srclang')), ['fr', 'nl']);
        });

        test('out again as WebVTT and as SRT, and in again: nothing is lost', async () => {
            const vtt = await staff.get(`${at}/fr/fichier`);
            assert.equal(vtt.type, 'text/vtt');
            assert.match(vtt.headers.get('content-disposition'), /filename="demarche-steam\.fr\.vtt"/);
            const srt = await staff.get(`${at}/fr/fichier?forme=srt`);
            assert.equal(srt.type, 'application/x-subrip');
            assert.match(srt.text, /^1\n00:00:\d\d,\d{3} --> 00:00:\d\d,\d{3}\n/);
            assert.equal((await bring('en', srt.text)).status, 303);
            assert.equal((await staff.get(`${at}/en/fichier`)).text, vtt.text);
            assert.equal((await staff.get(`${at}/de/fichier`)).status, 404);
        });

        test('written in the page, with remarks on what is hard to read', async () => {
            const empty = await editor('es');
            assert.equal(empty.status, 200);
            assert.match(empty.html.querySelector('textarea').textContent, /^\s*WEBVTT/);
            const lines = ['00:00:01.000 --> 00:00:01.300', 'Corta', '', '00:00:02.000 --> 00:00:03.000', 'Demasiadas letras para un segundo de texto', '',
                '00:00:02.500 --> 00:00:06.000', 'Empieza antes', '', '00:59:00.000 --> 00:59:03.000', 'Después del final', ''];
            const answer = await save('es', `WEBVTT\n\n${lines.join('\n')}`);
            assert.equal(answer.status, 303, answer.words('main').slice(0, 500));
            const again = await editor('es');
            const remarks = again.html.querySelectorAll('section[aria-labelledby=h-rem] li').map((each) => each.textContent.replace(/\s+/g, ' ').trim());
            assert.equal(remarks.length, 4, remarks.join(' | '));
            assert.match(remarks[0], /^Ligne 1\b.*trop court/i);
            assert.match(remarks[1], /^Ligne 2\b.*42 caractères/);
            assert.match(remarks[2], /^Ligne 3\b.*commence avant/i);
            assert.match(remarks[3], /^Ligne 4\b.*fin de la vidéo/i);
            const row = (await staff.get(at)).html.querySelectorAll('tbody tr').find((each) => each.textContent.includes('Español'));
            assert.deepEqual(row.querySelectorAll('td.num').map((each) => each.textContent.trim()), ['4', '4']);
        });

        test('what cannot be read is refused with its line, and nothing changes', async () => {
            const before = (await staff.get(`${at}/fr/fichier`)).text;
            for (const [bytes, reason] of [
                ['WEBVTT\n\n00:00:02.000 --> 00:00:01.000\nfaux\n', /Ligne 3 : Ces temps/],
                ['Bonjour, ceci est une lettre.', /ne sont pas des sous-titres/i],
                [Buffer.from([0, 1, 2, 3, 0]), /pas du texte/i],
            ]) {
                const answer = await bring('fr', bytes);
                assert.equal(answer.status, 422);
                assert.match(answer.words('main'), reason);
            }
            const typed = await save('fr', 'WEBVTT\n\n00:00:02.000 --> jamais\nfaux\n');
            assert.equal(typed.status, 422);
            assert.match(typed.html.querySelector('textarea').textContent, /jamais/, 'what was typed is still there');
            assert.equal((await editor('xx')).status, 404);
            assert.equal((await staff.get(`${at}/fr/fichier`)).text, before);
        });

        test('who saves second does not write over the first', async () => {
            const [one, two] = [await editor('en'), await editor('en')];
            assert.equal((await save('en', 'WEBVTT\n\n00:01.000 --> 00:02.000\nFirst\n', one)).status, 303);
            const late = await save('en', 'WEBVTT\n\n00:01.000 --> 00:02.000\nSecond\n', two);
            assert.equal(late.status, 422);
            assert.match((await staff.get(`${at}/en/fichier`)).text, /First/);
        });

        test('removed, they are on no page and in no playlist; only the team may', async () => {
            const list = await staff.get(at);
            assert.equal((await staff.submit(list, `form[action="${at}/nl/retirer"]`, {})).status, 303);
            const watch = await newVisitor(server).get(page);
            assert.ok(!watch.html.querySelectorAll('track').some((each) => each.getAttribute('srclang') === 'nl'));
            for (let i = 0; ; i++) {
                const master = await newVisitor(server).get(`${await mediaOf(newVisitor(server), page)}/master.m3u8`);
                if (!/LANGUAGE="nl"/.test(master.text)) break;
                assert.ok(i < 100, 'the playlist still names it');
                await sleep(200);
            }
            const learner = newVisitor(server);
            await learner.signIn(accounts.find((each) => each.role === 'learner'));
            assert.equal((await learner.get(at)).status, 403);
            assert.equal((await learner.get(`${at}/fr`)).status, 403);
        });
    });
