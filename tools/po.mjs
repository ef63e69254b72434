// Texts for translators. Finds every _("…"), _n("…", "…", n) and N_("…") of the C sources and the templates.
//
//   node tools/po.mjs HTMLGEN     brings locale/fr.po up to date: new texts come in (translated when a file of
//                                 locale/parts/ has them), texts no longer used go
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = resolve(fileURLToPath(import.meta.url), '../..');
export const languages = ['fr'];

const header = `msgid ""
msgstr ""
"Project-Id-Version: edulab\\n"
"Language: fr\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"
`;

function walk(folder) {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => {
        const path = join(folder, entry.name);
        return entry.isDirectory() ? walk(path) : [path];
    });
}

// The template catalogue (.pot) of all sources below `src`, as text. Templates are read as the C that htmlgen makes.
export function extract(htmlgen, src = join(top, 'src')) {
    const scratch = mkdtempSync(join(tmpdir(), 'po-'));
    try {
        const files = walk(src);
        const folders = [...new Set(files.filter((path) => path.endsWith('.html')).map(dirname))];
        // Named after the folder, so that the comment above a text says where it is used.
        const parts = folders.map((folder) => `${relative(src, folder).replaceAll('/', '_') || 'src'}=${folder}`);
        mkdirSync(join(scratch, 'templates'));
        if (parts.length) execFileSync(htmlgen, [join(scratch, 'templates'), ...parts], { stdio: ['ignore', 'inherit', 'inherit'] });
        const sources = files.filter((path) => /\.[ch]$/.test(path) && !/_test\.c$/.test(path))
            .concat(walk(join(scratch, 'templates')).filter((path) => path.endsWith('.c')));
        const list = join(scratch, 'list');
        writeFileSync(list, sources.join('\n') + '\n');
        const pot = join(scratch, 'all.pot');
        execFileSync('xgettext', ['--language=C', '--from-code=UTF-8', '-k', '-k_', '-k_n:1,2', '-kN_', '-klang_text:2', '-klang_plural:2,3',
            '--no-location', '--no-wrap', '--sort-output', '--force-po', `--files-from=${list}`, `--output=${pot}`]);
        // gettext takes "80 % done" for a format of printf; ours are {0}, which the tests compare
        return readFileSync(pot, 'utf8').replace('charset=CHARSET', 'charset=UTF-8').replace(/^#, (no-)?c-format\n/gm, '');
    } finally {
        rmSync(scratch, { recursive: true, force: true });
    }
}

const unquote = (text) => JSON.parse(text.replace(/\\([abfnrtv\\"]|[0-7]{1,3})/g, (all, c) => (/[nrtbf\\"]/.test(c) ? all : '\\u0000')));

// The entries of a .po file: { id, plural, texts, fuzzy, obsolete }.
export function readPo(text) {
    const entries = [];
    for (const block of text.split(/\n[ \t]*\n/)) {
        const entry = { id: null, plural: null, texts: [], fuzzy: /^#,.*\bfuzzy\b/m.test(block), obsolete: /^#~/m.test(block) };
        let add = null;
        for (const line of block.split('\n').map((each) => each.replace(/^#~ ?/, '').trim())) {
            const [, word, index, quoted] = /^(msgid_plural|msgid|msgstr)(?:\[(\d+)\])?\s+(".*")$/.exec(line) ?? [];
            if (word === 'msgid') add = (more) => { entry.id = (entry.id ?? '') + more; };
            if (word === 'msgid_plural') add = (more) => { entry.plural = (entry.plural ?? '') + more; };
            if (word === 'msgstr') {
                const at = Number(index ?? 0);
                add = (more) => { entry.texts[at] = (entry.texts[at] ?? '') + more; };
            }
            if (word) add(unquote(quoted));
            else if (/^".*"$/.test(line)) add?.(unquote(line));
        }
        if (entry.id) entries.push(entry); // the header's id is ""
    }
    return entries;
}

// All parts as one catalogue; the first wins where two say the same text differently.
function compendium(scratch) {
    const folder = join(top, 'locale/parts');
    if (!existsSync(folder)) return [];
    const parts = readdirSync(folder).filter((name) => name.endsWith('.po')).sort().map((name) => {
        const text = readFileSync(join(folder, name), 'utf8');
        const path = join(scratch, name);
        writeFileSync(path, /^msgid ""\nmsgstr ""\n"/m.test(text) ? text : `${header}\n${text}`);
        return path;
    });
    if (!parts.length) return [];
    const all = join(scratch, 'parts');
    execFileSync('msgcat', ['--use-first', '--no-wrap', `--output=${all}`, ...parts], { stdio: 'inherit' });
    return [`--compendium=${all}`];
}

function update(htmlgen) {
    const scratch = mkdtempSync(join(tmpdir(), 'po-'));
    try {
        const pot = join(scratch, 'all.pot');
        writeFileSync(pot, extract(htmlgen));
        const known = compendium(scratch);
        for (const language of languages) {
            const path = join(top, `locale/${language}.po`);
            const merged = join(scratch, 'merged');
            execFileSync('msgmerge', ['--quiet', '--no-fuzzy-matching', '--no-wrap', '--sort-output', `--output=${merged}`, ...known, path, pot], { stdio: 'inherit' });
            execFileSync('msgattrib', ['--no-obsolete', '--no-wrap', '--sort-output', `--output=${path}`, merged], { stdio: 'inherit' });
            const text = readFileSync(path, 'utf8').replace(/^"(POT-Creation-Date|Report-Msgid-Bugs-To):.*\n/gm, '');
            writeFileSync(path, text); // without lines that change with each run
            const entries = readPo(text);
            const open = entries.filter((entry) => !entry.texts.every(Boolean));
            console.log(`locale/${language}.po: ${entries.length} texts, ${open.length} to translate`);
            for (const entry of open) console.log(`  ${entry.id}`);
        }
    } finally {
        rmSync(scratch, { recursive: true, force: true });
    }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
    if (!process.argv[2]) {
        console.error('usage: node tools/po.mjs HTMLGEN');
        process.exit(2);
    }
    update(resolve(process.argv[2]));
}
