// Subtitles that a machine writes: by an endpoint that speaks OpenAI's interface, by a command on this machine, and not at all
// when neither is set. What a person wrote stays.
// run: seconds=300
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync, chmodSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '../lib/crowd.mjs';
import { csrfOf, idText, newVisitor } from '../lib/http.mjs';
import { demoAccounts, sampleCopy, serve, temporaryFolder } from '../lib/server.mjs';
import { top } from '../lib/tree.mjs';

const key = 'sk-essai';
const calls = [];
let answer; // (call) => [status, text]
let endpoint;
// What an endpoint of OpenAI's kind does with a request: multipart with the file and three words, the key in a header.
before(async () => {
    endpoint = createServer((request, response) => {
        const parts = [];
        request.on('data', (data) => parts.push(data));
        request.on('end', () => {
            const body = Buffer.concat(parts);
            const boundary = /boundary=(\S+)/.exec(request.headers['content-type'])[1];
            const fields = {};
            for (const piece of body.toString('latin1').split(`--${boundary}`).slice(1, -1)) {
                const [head, ...rest] = piece.replace(/^\r\n/, '').split('\r\n\r\n');
                fields[/name="([^"]+)"/.exec(head)[1]] = Buffer.from(rest.join('\r\n\r\n').replace(/\r\n$/, ''), 'latin1');
            }
            const call = { path: request.url, key: request.headers.authorization, fields };
            calls.push(call);
            const [status, text] = answer(call);
            response.writeHead(status, { 'content-type': 'text/vtt' }).end(text);
        });
    });
    await new Promise((done) => endpoint.listen(0, '127.0.0.1', done));
});
after(() => endpoint.close());

const servers = [];
after(async () => { for (const each of servers) { await each.stop(); each.drop(); } });
async function begin(settings) {
    const copy = await sampleCopy('sqlite');
    const server = await serve({ data: copy.data, settings });
    server.drop = copy.drop;
    servers.push(server);
    const staff = newVisitor(server);
    await staff.signIn((await demoAccounts()).find(({ role }) => role === 'staff'));
    const [id, slug] = sql(server, "SELECT id, slug FROM video WHERE state = 'ready' AND opens_at IS NULL ORDER BY duration_ms LIMIT 1").split('|');
    const page = `/gestion/videos/${idText(id)}/sous-titres`;
    const ask = async (lang) => staff.post(`${page}/reconnaissance`, { _csrf: csrfOf(await staff.get(page)), lang });
    const state = async (lang) => (await staff.get(`/api/v1/videos/${idText(id)}/reconnaissance/${lang}`)).json();
    async function over(lang) {
        for (let i = 0; i < 300; i++) {
            const now = await state(lang);
            if (now.over) return now;
            await sleep(100);
        }
        assert.fail(JSON.stringify(await state(lang)));
    }
    return { server, staff, id, slug, page, ask, state, over, text: (lang) => sql(server, `SELECT label, vtt FROM video_text WHERE video_id = ${id} AND lang = '${lang}'`) };
}
function keyFile() {
    const file = join(temporaryFolder('key'), 'key');
    writeFileSync(file, key);
    chmodSync(file, 0o600);
    return file;
}

test('without an endpoint or a command nothing is offered', async () => {
    const { staff, page, ask } = await begin({});
    assert.doesNotMatch((await staff.get(page)).words('main'), /machine/i);
    assert.equal((await ask('fr')).status, 404);
});

test('an endpoint hears real sound and its words become automatic subtitles, searchable, until somebody saves them', async () => {
    const { server, staff, id, slug, page, ask, over, text } = await begin({ recognition_url: `http://127.0.0.1:${endpoint.address().port}/v1`, recognition_key: keyFile(), recognition_model: 'essai-1' });
    assert.match((await staff.get(page)).words('main'), /machine/i);
    const visitor = newVisitor(server);
    assert.notEqual((await visitor.post(`${page}/reconnaissance`, { lang: 'nl', _csrf: csrfOf(await visitor.get('/formations')) })).status, 303);
    answer = () => [200, 'WEBVTT\n\n00:00:00.500 --> 00:00:03.000\nGoedemorgen <b>zeepaardje</b> & co\n'];
    assert.match((await ask('nl')).location, /fait=machine-ecoute/);
    assert.deepEqual(await over('nl'), { state: 'done', progress: 1000, over: true, text: '' });
    const [call] = calls;
    assert.equal(call.path, '/v1/audio/transcriptions');
    assert.equal(call.key, `Bearer ${key}`);
    assert.deepEqual([call.fields.model, call.fields.language, call.fields.response_format].map(String), ['essai-1', 'nl', 'vtt']);
    const file = join(temporaryFolder('heard'), 'sound.ogg');
    writeFileSync(file, call.fields.file);
    const heard = JSON.parse(execFileSync('ffprobe', ['-v', 'error', '-of', 'json', '-show_streams', '-show_format', file], { encoding: 'utf8' }));
    assert.equal(heard.streams[0].codec_name, 'opus');
    const seconds = Number(sql(server, `SELECT duration_ms FROM video WHERE id = ${id}`)) / 1000;
    assert.ok(Math.abs(Number(heard.format.duration) - seconds) < 1.5, `${heard.format.duration} of ${seconds}`);
    assert.match(text('nl'), /^Nederlands \(automatisch\)\|WEBVTT/);
    assert.match((await newVisitor(server).get('/tv/videos?q=zeepaardje')).words('main'), /1 vidéo/);
    assert.equal(sql(server, "SELECT count(*) FROM audit WHERE act = 'video.recognition'"), '1');
    for (let i = 0; i < 100 && !/NAME="Nederlands \(automatisch\)"/.test((await staff.get(`/tv/${slug}`)).text); i++) {
        if ((await staff.get(`/tv/${slug}`)).text.includes('Nederlands (automatisch)')) break;
        await sleep(100);
    }
    assert.ok((await staff.get(`/tv/${slug}`)).text.includes('Nederlands (automatisch)'), 'the player says so');
    // asked again it is written anew; once a person has saved it, never
    answer = () => [200, 'WEBVTT\n\n00:00.500 --> 00:03.000\nTweede keer\n'];
    await ask('nl');
    await over('nl');
    assert.match(text('nl'), /Tweede keer/);
    const editor = await staff.get(`${page}/nl`);
    assert.equal((await staff.submit(editor, '#f-subs', { texte: 'WEBVTT\n\n00:00.500 --> 00:03.000\nVan mij\n' })).status, 303);
    assert.match(text('nl'), /^Nederlands\|[^]*Van mij/);
    assert.equal((await ask('nl')).status, 409);
});

test('what an endpoint answers is checked: refusals and rubbish come to nothing, with a sentence', async () => {
    const { server, staff, page, ask, over, state, text } = await begin({ recognition_url: `http://127.0.0.1:${endpoint.address().port}/v1` });
    answer = () => [200, 'WEBVTT\n\n'];
    await ask('es');
    const nothing = await over('es');
    assert.equal(nothing.state, 'failed');
    assert.match(nothing.text, /rien compris/);
    assert.match((await staff.get(page)).words('main'), /rien compris/);
    for (const [status, body] of [[401, '{"error":"key"}'], [500, ''], [200, 'not a file of subtitles'], [200, Buffer.from([0xff, 0xfe, 0x00])]]) {
        answer = () => [status, body];
        const before = calls.length;
        sql(server, 'DELETE FROM work_attempt; DELETE FROM work_job; DELETE FROM video_recognition');
        await ask('it');
        for (let i = 0; i < 200 && sql(server, "SELECT coalesce(max(attempt), 0) FROM work_job WHERE kind = 'tv.recognise' AND error IS NOT NULL") === '0'; i++) await sleep(50);
        assert.match(sql(server, "SELECT error FROM work_job WHERE kind = 'tv.recognise'"), /answered/, `${status}`);
        assert.equal((await state('it')).over, false, 'it is tried again');
        assert.ok(calls.length > before);
        sql(server, "UPDATE work_job SET state = 3 WHERE kind = 'tv.recognise'");
        assert.match((await state('it')).text, /pas répondu/);
        assert.equal(text('it'), '');
    }
});

test('a command on this machine works in the sandbox, with what it may read', async () => {
    const command = join(temporaryFolder('whisper'), 'whisper');
    writeFileSync(command, readFileSync(join(top, 'tests/lib/whisper.py')));
    chmodSync(command, 0o755);
    const { ask, over, text } = await begin({ recognition_command: `/usr/bin/python3 ${command} {file} --language {lang} --output_dir .`, recognition_files: join(command, '..') });
    await ask('de');
    assert.equal((await over('de')).state, 'done');
    assert.match(text('de'), /^Deutsch \(automatisch\)\|WEBVTT[^]*\[de\]/);
    assert.ok(text('de').match(/-->/g).length >= 2, 'the sample video speaks more than once');
});
