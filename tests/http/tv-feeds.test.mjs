// Feeds, sitemaps, oEmbed and what pages say of their video to machines: well-formed, read by an independent reader, nothing but what
// is public, and addresses that lead to the file whenever they are used. On both engines.
// run: seconds=300, pgsql
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { sql } from '../lib/crowd.mjs';
import { newVisitor } from '../lib/http.mjs';
import { startServer, stopPostgres } from '../lib/server.mjs';

after(stopPostgres);
const wellFormed = (text) => execFileSync('xmllint', ['--noout', '--nonet', '-'], { input: text, encoding: 'utf8' });
// Debian's python3-feedparser, which knows nothing of us.
const reader = 'import feedparser, json, sys; f = feedparser.parse(sys.stdin.buffer.read()); json.dump({"bad": str(f.get("bozo_exception", "")), "feed": f.feed, "entries": f.entries}, sys.stdout, default=str)';
// And python3-podcastparser, the one of gPodder.
const second = 'import podcastparser, json, sys, io; json.dump(podcastparser.parse("https://example.org/flux", io.BytesIO(sys.stdin.buffer.read())), sys.stdout, default=str)';
const readPodcast = (bytes) => JSON.parse(execFileSync('/usr/bin/python3', ['-c', second], { input: bytes, encoding: 'utf8', maxBuffer: 1 << 26 }));
const readFeed = (bytes) => JSON.parse(execFileSync('/usr/bin/python3', ['-c', reader], { input: bytes, encoding: 'utf8', maxBuffer: 1 << 26 }));

for (const engine of ['sqlite', 'pgsql'])
    describe(`feeds of the Web TV (${engine})`, () => {
        let server;
        let visitor;
        before(async () => { server = await startServer({ engine }); visitor = newVisitor(server); });
        after(() => server?.stop());
        const path = (address) => { assert.ok(address.startsWith(server.url), address); return address.slice(server.url.length); };
        const feedOf = async (slug) => {
            const answer = await visitor.get(`/tv/chaines/${slug}/flux`);
            assert.equal(answer.status, 200);
            assert.equal(answer.type, 'application/rss+xml');
            wellFormed(answer.text);
            return { text: answer.text, ...readFeed(answer.bytes) };
        };

        test('a channel as a podcast: titles, dates, files, transcripts, chapters', async () => {
            const page = await visitor.get('/tv/chaines/pas-a-pas');
            assert.equal(page.html.querySelector('head link[type="application/rss+xml"]').getAttribute('href'), '/tv/chaines/pas-a-pas/flux');
            const { bad, feed, entries, text } = await feedOf('pas-a-pas');
            assert.equal(bad, '');
            assert.equal(feed.title, 'Pas à pas');
            assert.equal(feed.language, 'fr');
            assert.equal(path(feed.link), '/tv/chaines/pas-a-pas');
            assert.equal(entries.length, 3);
            const dates = entries.map((each) => Date.parse(each.published));
            assert.deepEqual(dates, [...dates].sort((a, b) => b - a), 'the newest first');
            assert.equal(new Set(entries.map((each) => each.id)).size, 3);
            const entry = entries.find((each) => each.link.endsWith('/tv/demarche-steam'));
            assert.match(entry.title, /^Qu.est-ce qu.une démarche STEAM/);
            assert.ok(Number(entry.itunes_duration) > 20, entry.itunes_duration);
            const [enclosure] = entry.links.filter((each) => each.rel === 'enclosure');
            assert.equal(enclosure.type, 'video/mp4');
            const moved = await visitor.get(path(enclosure.href));
            assert.equal(moved.status, 303);
            const file = await visitor.get(moved.location);
            assert.equal(file.status, 200);
            assert.equal(file.bytes.length, Number(enclosure.length));
            assert.equal(file.bytes.subarray(4, 8).toString(), 'ftyp');
            const item = text.split('<item>').find((each) => each.includes('/tv/demarche-steam<'));
            const transcript = await visitor.get(path(/<podcast:transcript url="([^"]+)" type="text\/vtt" language="fr"/.exec(item)[1]));
            assert.equal(transcript.type, 'text/vtt');
            assert.match(transcript.text, /^WEBVTT\n[\s\S]*vingt pailles/);
            const chapters = await visitor.get(path(/<podcast:chapters url="([^"]+)" type="application\/json\+chapters"/.exec(item)[1]));
            assert.equal(chapters.type, 'application/json+chapters');
            const { version, chapters: list } = chapters.json();
            assert.equal(version, '1.2.0');
            assert.ok(list.length > 2 && list[0].startTime === 0 && list[1].startTime > 1 && list[1].title, JSON.stringify(list));
            for (const wrong of ['/tv/demarche-steam/texte/xx.vtt', '/tv/demarche-steam/texte/fr.srt', '/tv/demarche-steam/texte/vtt', '/tv/rien/fichier', '/tv/chaines/rien/flux'])
                assert.equal((await visitor.get(wrong)).status, 404, wrong);
        });

        test('a second reader, which knows podcasts, finds the same; who has it already is told so', async () => {
            const address = '/tv/chaines/pas-a-pas/flux';
            const answer = await visitor.get(address);
            const { entries } = readFeed(answer.bytes);
            const podcast = readPodcast(answer.bytes);
            assert.equal(podcast.title, 'Pas à pas');
            assert.equal((await visitor.get((await visitor.get(path(podcast.cover_url))).location)).type, 'image/webp');
            assert.equal(podcast.explicit, false);
            assert.deepEqual(podcast.episodes.map((each) => each.guid).sort(), entries.map((each) => each.id).sort());
            for (const each of podcast.episodes) {
                assert.equal(each.enclosures.length, 1);
                assert.equal(each.enclosures[0].mime_type, 'video/mp4');
                const file = await visitor.get((await visitor.get(path(each.enclosures[0].url))).location, { headers: { range: 'bytes=0-1' } });
                assert.equal(Number(file.headers.get('content-range').split('/')[1]), each.enclosures[0].file_size, each.title);
                assert.ok(each.total_time > 20 && each.published > 0 && each.episode_art_url);
            }
            for (const tagged of [address, '/tv/plan', '/tv/plan/1']) {
                const tag = (await visitor.get(tagged)).headers.get('etag');
                assert.ok(tag, tagged);
                const again = await visitor.get(tagged, { headers: { 'if-none-match': tag } });
                assert.deepEqual([again.status, again.bytes.length], [304, 0], tagged);
                const old = sql(server, "SELECT title FROM video WHERE slug = 'demarche-steam'");
                sql(server, "UPDATE video SET title = 'Un autre titre' WHERE slug = 'demarche-steam'");
                if (tagged !== '/tv/plan') assert.equal((await visitor.get(tagged, { headers: { 'if-none-match': tag } })).status, 200, `${tagged} has changed`);
                sql(server, `UPDATE video SET title = '${old.replace(/'/g, "''")}' WHERE slug = 'demarche-steam'`);
            }
        });

        test('an empty channel is a feed too, and odd titles break none', async () => {
            assert.equal((await feedOf('labo-steam')).entries.length, 0);
            const title = 'Été <b>&amp; "hiver"</b> ]]> 😀';
            const old = sql(server, "SELECT title FROM video WHERE slug = 'demarche-steam'");
            sql(server, `UPDATE video SET title = '${title}' WHERE slug = 'demarche-steam'`);
            const { bad, text } = await feedOf('pas-a-pas');
            assert.equal(bad, '');
            assert.ok(text.includes('Été &lt;b&gt;&amp;amp; &quot;hiver&quot;&lt;/b&gt; ]]&gt; 😀') || text.includes('Été &lt;b&gt;&amp;amp; &#34;hiver&#34;&lt;/b&gt; ]]&gt; 😀'), text.slice(0, 3000));
            wellFormed((await visitor.get('/tv/plan/1')).text);
            const object = JSON.parse((await visitor.get('/tv/demarche-steam')).html.querySelector('script[type="application/ld+json"]').textContent);
            assert.equal(object.name, title);
            sql(server, `UPDATE video SET title = '${old.replace(/'/g, "''")}' WHERE slug = 'demarche-steam'`);
        });

        test('search engines: sitemap, VideoObject, Open Graph; other sites: oEmbed', async () => {
            const robots = await visitor.get('/robots.txt');
            const index = await visitor.get(path(/^Sitemap: (.+)$/m.exec(robots.text)[1]));
            wellFormed(index.text);
            const pages = [...index.text.matchAll(/<loc>([^<]+)<\/loc>/g)].map((match) => path(match[1]));
            assert.deepEqual(pages, ['/tv/plan/1']);
            const map = await visitor.get(pages[0]);
            wellFormed(map.text);
            const places = [...map.text.matchAll(/<url><loc>([^<]+)<\/loc>/g)].map((match) => path(match[1]));
            assert.equal(places.length, 4);
            for (const place of places) assert.equal((await visitor.get(place)).status, 200, place);
            assert.equal((map.text.match(/<video:duration>\d+</g) ?? []).length, 4);
            assert.equal((await visitor.get('/tv/plan/2')).status, 404);
            const watch = await visitor.get('/tv/retour-sans-crouler');
            const object = JSON.parse(watch.html.querySelector('head script[type="application/ld+json"]').textContent);
            assert.equal(object['@type'], 'VideoObject');
            assert.equal(object.name, watch.words('h1'));
            assert.match(object.duration, /^PT\d+S$/);
            assert.ok(!Number.isNaN(Date.parse(object.uploadDate)));
            for (const { url, startOffset } of object.hasPart) {
                assert.equal(path(url), `/tv/retour-sans-crouler?debut=${startOffset}`, 'by the query, as search engines ask');
                const there = (await visitor.get(path(url))).html.querySelector('edulab-player').getAttribute('data-start');
                assert.equal(Number(there ?? 0), startOffset);
            }
            sql(server, "CREATE TABLE kept AS SELECT * FROM video_chapter; DELETE FROM video_chapter; UPDATE video SET description = '' WHERE slug = 'retour-sans-crouler'");
            const bare = JSON.parse((await visitor.get('/tv/retour-sans-crouler')).html.querySelector('head script[type="application/ld+json"]').textContent);
            sql(server, 'INSERT INTO video_chapter SELECT * FROM kept; DROP TABLE kept');
            assert.equal(bare.hasPart, undefined);
            assert.equal(bare.potentialAction['@type'], 'SeekToAction');
            assert.match(path(bare.potentialAction.target), /^\/tv\/retour-sans-crouler\?debut=\{seek_to_second_number\}$/);
            assert.equal(bare.description, object.name, 'never empty');
            assert.ok(object.hasPart.length > 1 && object.hasPart.every((each) => each['@type'] === 'Clip' && each.endOffset >= each.startOffset));
            assert.equal((await visitor.get((await visitor.get(path(object.thumbnailUrl))).location)).type, 'image/webp');
            const meta = (property) => watch.html.querySelector(`head meta[property="${property}"]`).getAttribute('content');
            assert.equal(path(meta('og:url')), '/tv/retour-sans-crouler');
            assert.match(meta('og:description'), /^Trois façons de faire un retour/);
            const link = watch.html.querySelector('head link[type="application/json+oembed"]').getAttribute('href');
            const card = (await visitor.get(link)).json();
            assert.deepEqual([card.version, card.type, card.title], ['1.0', 'link', object.name]);
            for (const url of ['https://example.org/tv/demarche-steam', `${server.url}/tv/rien`, `${server.url}/formations`]) assert.equal((await visitor.get(`/oembed?url=${encodeURIComponent(url)}`)).status, 404, url);
            const about = `url=${encodeURIComponent(`${server.url}/tv/demarche-steam`)}`;
            assert.equal((await visitor.get(`/oembed?format=yaml&${about}`)).status, 501);
            const xml = await visitor.get(`/oembed?format=xml&${about}`);
            assert.equal(xml.type, 'text/xml');
            wellFormed(xml.text);
            const json = (await visitor.get(`/oembed?format=json&${about}`)).json();
            assert.deepEqual([...xml.text.matchAll(/^<(\w+)>/gm)].map(([, name]) => name).filter((name) => name !== 'oembed').sort(), Object.keys(json).sort());
            assert.equal(json.thumbnail_width, 1280);
            for (const small of ['maxwidth=400', 'maxheight=300']) assert.equal((await visitor.get(`/oembed?${about}&${small}`)).json().thumbnail_url, undefined, small);
        });

        test('nothing of them tells of what is not public', async () => {
            const slug = 'ia-generative-texte';
            for (const change of ["audience = 'members'", "audience = 'link'", `audience = 'public', opens_at = ${Date.now() + 3600_000}`, `opens_at = NULL, closes_at = ${Date.now() - 1000}`]) {
                sql(server, `UPDATE video SET ${change} WHERE slug = '${slug}'`);
                assert.equal((await feedOf('pas-a-pas')).entries.length, 2, change);
                assert.ok(!(await visitor.get('/tv/plan/1')).text.includes(slug), change);
                assert.equal((await visitor.get(`/oembed?url=${encodeURIComponent(`${server.url}/tv/${slug}`)}`)).status, 404, change);
                for (const part of ['fichier', 'affiche', 'texte/fr.vtt', 'chapitres.json']) assert.ok([303, 404].includes((await visitor.get(`/tv/${slug}/${part}`)).status), part);
                assert.doesNotMatch((await visitor.get(`/tv/${slug}/fichier`)).location ?? '', /^\/media\//, change);
            }
            sql(server, `UPDATE video SET closes_at = NULL WHERE slug = '${slug}'`);
            assert.equal((await feedOf('pas-a-pas')).entries.length, 3);
        });
    });
