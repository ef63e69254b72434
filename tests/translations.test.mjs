// Every text of the interface is in every language: none missing, none unsure, none left over, and what stands in
// {0} places or at the edges of a text is the same in both.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { extract, languages, readPo } from '../tools/po.mjs';
import { build, top } from './lib/tree.mjs';

const htmlgen = [join(build, 'tools/htmlgen'), join(build, 'htmlgen')].find((path) => existsSync(path));

const places = (text) => [...text.matchAll(/\{\d\}/g)].map(([place]) => place).sort().filter((place, i, all) => place !== all[i - 1]).join(' ');
const edges = (text) => /^\s*/.exec(text)[0] + '|' + /\s*$/.exec(text)[0];

// What is wrong with the entries of a catalogue, given the texts that the sources use.
function faults(entries, used) {
    const found = [];
    const byId = new Map(entries.map((entry) => [entry.id, entry]));
    for (const { id, plural } of used) {
        const entry = byId.get(id);
        if (!entry || entry.obsolete) found.push(`missing: ${id}`);
        else if ((entry.plural ?? null) !== (plural ?? null)) found.push(`plural differs: ${id}`);
    }
    const wanted = new Set(used.map((each) => each.id));
    for (const entry of entries) {
        const { id, plural, texts } = entry;
        if (entry.obsolete || !wanted.has(id)) found.push(`no longer used: ${id}`);
        if (entry.fuzzy) found.push(`fuzzy: ${id}`);
        if (texts.length < (plural ? 2 : 1) || !texts.every(Boolean)) found.push(`not translated: ${id}`);
        for (const [i, text] of texts.entries()) {
            const source = i ? plural : id;
            // "one place" may leave out its number
            if (places(text) !== places(source) && !(plural && i === 0 && places(text) === places(plural))) found.push(`places differ: ${id}`);
            if (edges(text) !== edges(source)) found.push(`white space at an end differs: ${id}`);
        }
    }
    return found;
}

const used = readPo(extract(htmlgen));

for (const language of languages) {
    test(`${language} is complete`, () => {
        const path = join(top, `locale/${language}.po`);
        execFileSync('msgfmt', ['--check-format', '--output=/dev/null', path], { stdio: 'pipe' });
        const found = faults(readPo(readFileSync(path, 'utf8')), used);
        assert.deepEqual(found, [], `run "make po" and translate what it lists; it knows locale/parts/ too`);
    });
}

test('the same text is not translated in two ways', () => {
    const folder = join(top, 'locale/parts');
    const seen = new Map();
    const differs = [];
    for (const name of existsSync(folder) ? readdirSync(folder).filter((each) => each.endsWith('.po')).sort() : []) {
        for (const { id, texts } of readPo(readFileSync(join(folder, name), 'utf8'))) {
            const before = seen.get(id);
            if (before && before.texts.join('\n') !== texts.join('\n')) differs.push(`${id}: ${before.name}, ${name}`);
            seen.set(id, before ?? { name, texts });
        }
    }
    assert.deepEqual(differs, []);
});

test('this check finds each kind of fault', () => {
    const catalogue = `msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "A"
msgstr "a"

#, fuzzy
msgid "B"
msgstr "b"

msgid "C {0}"
msgstr "c"

msgid "One"
msgid_plural "{0} many"
msgstr[0] "Un"
msgstr[1] "{0} beaucoup"

msgid "D "
msgstr ""
"d"

msgid "E"
msgstr ""

#~ msgid "F"
#~ msgstr "f"
`;
    const uses = ['A', 'B', 'C {0}', 'D ', 'E', 'G'].map((id) => ({ id })).concat({ id: 'One', plural: '{0} many' });
    assert.deepEqual(faults(readPo(catalogue), uses).sort(), ['fuzzy: B', 'missing: G', 'no longer used: F', 'not translated: E',
        'places differ: C {0}', 'white space at an end differs: D ']);
});

test('texts are found in C, in marks, in plurals and in templates', () => {
    const folder = mkdtempSync(join(tmpdir(), 'texts-'));
    try {
        mkdirSync(join(folder, 'mod/x'), { recursive: true });
        writeFileSync(join(folder, 'a.c'), 'f(_("in C")); static const char *l = N_("a " "mark"); _n("one", "many", 2); lang_text(l, "by name"); g("not this");');
        writeFileSync(join(folder, 'b_test.c'), '_("in a test");');
        writeFileSync(join(folder, 'mod/x/a.html'), '{% template x_a(int n) %}<p title="{{ _("80 % \\"é\\"") }}">{{ fmt(_("{0} of"), n) }}</p>{% end template %}');
        const found = readPo(extract(htmlgen, folder)).map(({ id, plural }) => (plural ? `${id}/${plural}` : id));
        assert.deepEqual(found.sort(), ['80 % "é"', 'a mark', 'by name', 'in C', 'one/many', '{0} of'].sort());
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
});
