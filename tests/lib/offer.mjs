// A catalogue of n trainings: programmes of nine modules that can be taken by themselves, each with groups to come, written
// straight into the database of a server that is not running; the program's own job indexes them. For bench only.
import { sql } from './crowd.mjs';
import { vocabulary } from './library.mjs';

const MODULES = 9;

export function makeOffer(server, n) {
    const words = vocabulary();
    const [base, now] = [6_000_000_000_000_000_000n, Date.now()];
    const kinds = ['path', 'certificate', 'project', 'webinar', 'event', 'kit'];
    const formats = ['presentiel', 'visioconference', 'hybride', 'creation', 'en_ligne_libre'];
    const places = Array.from({ length: 40 }, (_, i) => `Salle ${words[i * 7]}`);
    const sentence = (i, length) => Array.from({ length }, (_, k) => words[(i * 31 + k * k * 7) % words.length]).join(' ');
    const programmes = Math.ceil(n / (MODULES + 1));
    const [rows, versions, roots, modules, nodes, cohorts] = [[], [], [], [], [], []];
    for (let i = 0; i < programmes; i++) {
        const id = base + BigInt(i);
        rows.push(`(${id}, 'offre-${i}', '${kinds[i % 6]}', 'form', '${sentence(i, 4)}', '', '${sentence(i, 40)}', '${sentence(i + 3, 12)}', '${formats[i % 5]}', ${60 * (1 + i % 90)}, ${1 + i % 63}, ${1 + i % 4000000}, '', NULL, 1, 1, ${2000 + i}, NULL)`);
        versions.push(`(${id}, ${id}, 1, NULL, '', '${kinds[i % 6]}', 'form', ${1 + i % 63}, ${i % 32}, ${1 + i % 3}, '', NULL, 1, ${now}, NULL, ${now}, ${now}, NULL)`);
        const node = (at, parent, level, k) => `(${id}, ${at}, ${parent}, ${level}, ${k}, 0, 0, 'M${k}', '', '', '${sentence(i * 13 + k, 5)}', '', '${sentence(i + k, 12)}', '${sentence(i + 2 * k, 30)}', '', '', '', '${formats[(i + k) % 5]}', 60, 60, ${30 * k}, 0, ${1 + (i * 7 + k) % 4000000}, ${(i + k) % 1023}, 0, 0, 1, 9, 1, '', '', '', 1)`;
        roots.push(node(id, 0, 0, 0));
        for (let k = 1; k <= MODULES; k++) {
            const module = base + 1_000_000n + BigInt(i * MODULES + k);
            modules.push(`(${module}, ${id}, 'offre-${i}-${k}')`);
            nodes.push(node(module, id, 2, k));
            cohorts.push(`(${base + 2_000_000n + BigInt(i * MODULES + k)}, ${id}, ${id}, ${module}, 'Groupe', ${now + (1 + (i * 17 + k * 29) % 360) * 86400000}, ${now + 400 * 86400000}, '${places[(i + k) % 40]}', 20, ${k}, 1)`);
        }
    }
    const fields = 'version_id, node_id, parent_id, level, position, removed_at, changed_at, code, lane, kind, title, brief, outcome, objectives, requirements, body, video, modality, minutes_remote, minutes_onsite, minutes_own, minutes_creation, competences, subjects, places, required, listed, needed, whole, samr, aspid, tpack, sample';
    sql(server, `BEGIN;
INSERT INTO programme (id, slug, kind, area, title, subtitle, summary, aim, modality, minutes, audience, competences, partners, year, open_enrolment, sample, position, version_id) VALUES ${rows};
INSERT INTO programme_version (id, programme_id, number, base, note, kind, area, audience, networks, languages, partners, year, open_enrolment, created_at, created_by, changed_at, published_at, published_by) VALUES ${versions};
UPDATE programme SET version_id = id WHERE id >= ${base};
INSERT INTO programme_node (${fields}) VALUES ${roots};
INSERT INTO module (id, programme_id, slug) VALUES ${modules};
INSERT INTO programme_node (${fields}) VALUES ${nodes};
INSERT INTO cohort (id, programme_id, version_id, module_id, label, starts_at, ends_at, place, places, taken, sample) VALUES ${cohorts};
INSERT INTO work_job (id, kind, key, lane, payload, due_at, created_at) VALUES (8, 'catalogue.refresh', 'offre', 0, '{}', 1, 1);
COMMIT;`);
}

// Waits until the program, which is running now, has indexed them.
export async function offerIndexed(server, seconds = 120) {
    const left = () => sql(server, 'SELECT count(*) FROM programme p WHERE p.version_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM catalogue_entry e WHERE e.programme_id = p.id)');
    for (let i = 0; i < 10 * seconds; i++) {
        if (left() === '0') return;
        await new Promise((next) => setTimeout(next, 100));
    }
    throw new Error(`not indexed within ${seconds} s: ${left()} left`);
}
