// A library of the Web TV as it may be in ten years: n videos with tags, series, chapters and transcripts, written straight into the
// database of a server that is not running. The words are invented and their frequencies are those of speech: the most
// frequent is in nearly every video, most are in a few. For bench only: there are no files behind the videos.
import { sql } from './crowd.mjs';

// Always the same numbers: mulberry32.
function randomNumbers(seed) {
    return () => {
        seed = (seed + 0x6D2B79F5) | 0;
        let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
}

// 5,000 words: the k-th is said k times less often than the first.
export function vocabulary() {
    const [heads, middles, tails] = [['ba', 'cho', 'dé', 'fi', 'gra', 'jou', 'lu', 'mo', 'né', 'pa', 'qui', 'ré', 'sou', 'tri', 'vo', 'zé', 'cla', 'pro', 'sta', 'blo'],
        ['lan', 'mi', 'pel', 'ron', 'sa', 'tu', 'vi', 'ber', 'go', 'len'], ['ger', 'tion', 'teur', 'ment', 'ble', 'rie', 'sage', 'tude', 'lon', 'ver', 'dine', 'phe', 'gue', 'che', 'toire', 'quet', 'nier', 'sson', 'lard', 'mie', 'tage', 'ture', 'rance', 'boule', 'drin']];
    return Array.from({ length: 5000 }, (_, i) => heads[i % 20] + middles[Math.floor(i / 20) % 10] + tails[Math.floor(i / 200)]);
}

const clock = (ms) => new Date(ms).toISOString().slice(11, 23);

export function makeLibrary(server, n, { cues = 40, wordsInCue = 10 } = {}) {
    const random = randomNumbers(5);
    const words = vocabulary();
    const word = () => words[Math.min(words.length - 1, Math.floor(Math.exp(random() * Math.log(words.length))) - 1)];
    const sentence = (length) => { const s = Array.from({ length }, word).join(' '); return `${s[0].toUpperCase()}${s.slice(1)}.`; };
    const bits = (most, of) => { let mask = 0; for (let i = 0; i < 1 + random() * most; i++) mask |= 1 << Math.floor(random() * of); return mask; };
    const [base, now] = [7_000_000_000_000_000_000n, Date.now()];
    const id = (i) => base + BigInt(i);
    sql(server, `BEGIN;
INSERT INTO tv_channel (id, slug, name, description, lang, named, sample, created_at) VALUES ${Array.from({ length: 12 }, (_, i) => `(${id(i)}, 'charge-${i}', 'Chaîne ${i}', 'Essai', 'fr', 0, 1, ${now})`)};
INSERT INTO tv_series (id, channel_id, slug, title, description, sample, created_at, changed_at) VALUES ${Array.from({ length: 400 }, (_, i) => `(${id(i)}, ${id(i % 12)}, 'charge-${i}', 'Série ${i}', 'Essai', 1, ${now}, ${now - i})`)};
COMMIT;`);
    for (let from = 0; from < n; from += 250) {
        const [videos, texts, chapters] = [[], [], []];
        for (let i = from; i < Math.min(n, from + 250); i++) {
            const minutes = 2 + Math.floor(random() * random() * 100);
            const audience = random() < 0.85 ? 'public' : random() < 0.8 ? 'members' : 'link';
            const at = now - Math.floor(random() * 6 * 365) * 86400000 - i;
            const series = i % 4 === 0 ? id(i % 400) : 'NULL';
            videos.push(`(${id(i)}, 'charge-${i}', '${sentence(5)}', '${sentence(30)}', '${word()}', 'CC BY-SA', '${random() < 0.3 ? 'webinar' : 'tutorial'}', ${bits(2, 22)}, 'ready', 'charge', ${minutes * 60000},
                1920, 1080, 1, ${at}, ${at}, '${audience}', ${id(i % 12)}, ${series}, ${i}, ${bits(1, 10)}, ${bits(2, 6)})`);
            const step = Math.floor((minutes * 60000) / cues);
            const vtt = Array.from({ length: cues }, (_, k) => `${clock(k * step)} --> ${clock(k * step + Math.min(step, 6000))}\n${sentence(wordsInCue)}\n`);
            texts.push(`(${id(i)}, 'fr', 'Français', 'WEBVTT\n\n${vtt.join('\n')}')`);
            for (let k = 0; k < 4; k++) chapters.push(`(${id(i)}, ${k * step * 10}, '${sentence(4)}')`);
        }
        sql(server, `BEGIN;
INSERT INTO video (id, slug, title, description, speaker, licence, kind, competences, state, blob, duration_ms, width, height, sample, created_at, published_at, audience, channel_id, series_id, episode, themes, levels) VALUES ${videos};
INSERT INTO video_text (video_id, lang, label, vtt) VALUES ${texts};
INSERT INTO video_chapter (video_id, start_ms, title) VALUES ${chapters};
INSERT INTO work_job (id, kind, key, lane, payload, state, due_at, created_at) SELECT ${now}${from}, 'tv.index', 'charge-${from}', 0, '{}', 0, 1, 1 WHERE ${from} = 0;
COMMIT;`);
    }
}

// Waits until the program, which is running now, has indexed them.
export async function libraryIndexed(server, seconds = 900) {
    for (let i = 0; i < seconds; i++) {
        if (sql(server, "SELECT count(*) FROM video v WHERE v.settled = 0") === '0') return;
        await new Promise((next) => setTimeout(next, 1000));
    }
    throw new Error(`not indexed within ${seconds} s`);
}
