// htmlgen: what it makes of good templates, and that each bad one is refused with file, line and a sentence.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { build, top } from '../lib/tree.mjs';

const tool = [join(build, 'tools/htmlgen'), join(build, 'htmlgen')].find((path) => existsSync(path));
const scratch = mkdtempSync(join(tmpdir(), 'htmlgen-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
let count = 0;

// Runs htmlgen on one part "x" with the files given; they lie in the folder `in`, what is made in `out`.
function generate(files) {
    const folder = join(scratch, String(++count));
    mkdirSync(join(folder, 'in'), { recursive: true });
    mkdirSync(join(folder, 'out'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'in', name), text);
    const run = spawnSync(tool, ['out', 'x=in'], { cwd: folder, encoding: 'utf8' });
    const read = (name) => (existsSync(join(folder, 'out', name)) ? readFileSync(join(folder, 'out', name), 'utf8') : '');
    return { folder, status: run.status, stderr: run.stderr, header: read('x_html.h'), source: read('x_html.c') };
}

const template = (body, parameters = 'struct str s, int n') => `{% template t(${parameters}) %}\n${body}\n{% end template %}\n`;

// The calls of a template, without #line.
function calls(body, parameters) {
    const { status, stderr, source } = generate({ 'a.html': template(body, parameters) });
    assert.equal(status, 0, stderr);
    return source.split('\n').filter((line) => /^ {4}/.test(line)).map((line) => line.trim()).join('\n');
}

function compile({ folder }) {
    return spawnSync(process.env.CC || 'cc', ['-std=gnu11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', '-fsyntax-only', `-I${top}/src`,
        'out/x_html.c'], { cwd: folder, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
}

test('text is translated and escaped, parts of addresses are encoded', () => {
    assert.equal(calls('<p>{{ _("Hello") }} <a href="/p/{{ s }}?n={{ n }}" title="{{ s }}">{{ n }}</a></p>'), [
        'page_raw(pg, "<p>");', 'page_put(pg, _("Hello"));', 'page_raw(pg, " <a href=\\"/p/");', 'page_put_part(pg, s);',
        'page_raw(pg, "\\?n=");', 'page_put_part(pg, n);', 'page_raw(pg, "\\" title=\\"");', 'page_put_attr(pg, s);',
        'page_raw(pg, "\\">");', 'page_put(pg, n);', 'page_raw(pg, "</a></p>");'].join('\n'));
    assert.match(calls('<a href="{{ url(s) }}">{{ n }}</a>'), /page_put_url\(pg, url\(s\)\);/);
    assert.match(calls('<script type="application/json">{{ json(v) }}</script>', 'const json_t *v'), /page_put\(pg, json\(v\)\);/);
});

test('white space that would not show is left out, the rest stays', () => {
    assert.equal(calls('<ul>\n  <li>\n <b>1</b>\n  <i>2</i>3\n </li>\n</ul>'), 'page_raw(pg, "<ul><li><b>1</b> <i>2</i>3</li></ul>");');
    assert.equal(calls('<pre>1\n  2</pre>'), 'page_raw(pg, "<pre>\\n1\\n  2</pre>");');
    assert.equal(calls('<p>1\n{% if (n) { %}\n<b>2</b>\n{% } %}\n3</p>'),
        'page_raw(pg, "<p>1 ");\nif (n) {\npage_raw(pg, " <b>2</b> ");\n}\npage_raw(pg, " 3</p>");');
    assert.equal(calls('<ul>\n{% for (;;) { %}\n<li>1</li>\n{% } %}\n</ul>'),
        'page_raw(pg, "<ul>");\nfor (;;) {\npage_raw(pg, "<li>1</li>");\n}\npage_raw(pg, "</ul>");');
});

test('conditional attributes', () => {
    assert.equal(calls('<input name="a" checked?="{{ n > 1 }}" aria-current?="{{ n }}page">').replace(/\n/g, ' '),
        'page_raw(pg, "<input name=\\"a\\""); if (n > 1) { page_raw(pg, " checked"); } if (n) { '
        + 'page_raw(pg, " aria-current=\\"page\\""); } page_raw(pg, ">");');
});

test('a template with {% body %} becomes a beginning and an end', () => {
    const { header, source, status } = generate({ 'a.html': template('<main>{{ s }}{% body %}</main>') });
    assert.equal(status, 0);
    assert.match(header, /void t_begin\(struct page \*pg, struct str s, int n\);\nvoid t_end\(struct page \*pg\);/);
    assert.match(source, /void t_end\(struct page \*pg\)\n\{\n#line \d+ "in\/a.html"\n {4}page_raw\(pg, "<\/main>"\);\n\}/);
});

test('braces in strings and comments do not count, nor do marks inside them', () => {
    assert.match(calls('<p>{{ "}}" }}{% n = \'{\'; /* } */ %}{{ (int[]){ 1 }[0] }}</p>'), /page_put\(pg, "\}\}"\);/);
});

test('includes go to the header once; a folder without templates gives empty files', () => {
    const { header } = generate({ 'a.html': '{% include <time.h> %}\n', 'b.html': '{% include <time.h> %}{# nothing #}' });
    assert.equal(header.match(/#include <time.h>/g).length, 1);
    const empty = generate({});
    assert.equal(empty.status, 0);
    assert.equal(compile(empty).status, 0);
});

test('unchanged files are not written again', () => {
    const { folder } = generate({ 'a.html': template('<p>1</p>') });
    const made = join(folder, 'out/x_html.c');
    utimesSync(made, 1000, 1000);
    spawnSync(tool, ['out', 'x=in'], { cwd: folder });
    assert.equal(statSync(made).mtimeMs, 1000 * 1000);
});

test('all bad files of a run are told', () => {
    const { status, stderr } = generate({ 'a.html': template('<p>'), 'b.html': template('<p>one</p>').replace('t(', 'u(') });
    assert.equal(status, 1);
    assert.match(stderr, /^in\/a.html:2: error: .*\nin\/b.html:2: error: .*\n$/);
});

// what, the body (line 2 of the file on), the line, the sentence
const refused = [
    ['unquoted attribute', '<p class={{ s }}>1</p>', 2, /the value of class needs quotes: class="\{\{ … \}\}"/],
    ['unquoted fixed attribute', '<p\nclass=a>1</p>', 3, /the value of class needs quotes/],
    ['raw text', '<p>\n\nSign in</p>', 4, /"Sign in" is text that people read: write \{\{ _\("Sign in"\) \}\}/],
    ['raw text with accents', '<p>é</p>', 2, /"é" is text that people read/],
    ['raw text after an entity', '<p>&nbsp;ok</p>', 2, /is text that people read/],
    ['raw alt', '<img src="/a.png" alt="A cat">', 2, /alt is read by people: write alt="\{\{ _\("A cat"\) \}\}"/],
    ['raw submit', '<input type="submit" value="Go">', 2, /value is read by people/],
    ['raw submit, value first', '<input value="Go" type="submit">', 2, /value is read by people/],
    ['raw aria-label', '<nav aria-label="Menu"></nav>', 2, /aria-label is read by people/],
    ['javascript: in a link', '<a href="javascript:alert(1)">1</a>', 2, /href="javascript:alert\(1\)…" is refused/],
    ['data: in a link', '<a href="data:text/html,x">1</a>', 2, /is refused/],
    ['another site', '<img src="https://a.example/x.png" alt="">', 2, /begin with \/ \? or #/],
    ['protocol-relative', '<a href="//a.example">1</a>', 2, /is refused/],
    ['backslash', '<a href="/\\a.example">1</a>', 2, /is refused/],
    ['relative', '<a href="a/{{ n }}">1</a>', 2, /is refused/],
    ['first step from data', '<a href="/{{ s }}/x">1</a>', 2, /could name another site/],
    ['data as an address', '<a href="{{ s }}">1</a>', 2, /begins with data: write href="\{\{ url\(…\) \}\}" alone/],
    ['data before an address', '<a href="{{ url(s) }}/x">1</a>', 2, /url\(\) gives a whole address|begins with data/],
    ['url() inside an address', '<a href="/x/{{ url(s) }}">1</a>', 2, /url\(\) gives a whole address/],
    ['url() in text', '<p>{{ url(s) }}</p>', 2, /url\(\) is for attributes that hold an address/],
    ['url() in a plain attribute', '<p title="{{ url (s) }}">1</p>', 2, /url\(\) gives a whole address/],
    ['url() in a larger expression', '<a href="{{ n ? url(s) : url(s) }}">1</a>', 2, /begins with data/],
    ['empty address', '<a href="">1</a>', 2, /href is empty/],
    ['json() in text', '<p>{{ json(v) }}</p>', 2, /json\(\) is for <script/],
    ['event attribute', '<p onclick="x()">1</p>', 2, /onclick is refused: script belongs in web\//],
    ['htmx script attribute', '<p hx-on:click="x()">1</p>', 2, /hx-on:click is refused/],
    ['htmx values as script', '<p hx-vals="js:{a:1}">1</p>', 2, /script in hx-vals is refused/],
    ['htmx values from data', '<p hx-vals="{{ s }}">1</p>', 2, /hx-vals must be written out/],
    ['style attribute', '<p style="color:red">1</p>', 2, /style is refused: inline styles are forbidden/],
    ['style element', '<style>a{}</style>', 2, /<style> is forbidden/],
    ['inline script', '<script>1</script>', 2, /inline script is forbidden/],
    ['inline module', '<script type="module">1</script>', 2, /inline script is forbidden/],
    ['data script without json()', '<script type="application/json">{{ s }}</script>', 2, /holds exactly one \{\{ json/],
    ['data script with two values', '<script type="application/json">{{ json(v) }}{{ json(v) }}</script>', 2, /more in <script>/],
    ['script with content beside src', '<script src="/a.js">1</script>', 2, /more in <script>/],
    ['unknown element', '<foo>1</foo>', 2, /<foo> is not an element of HTML/],
    ['capitals', '<P>1</P>', 2, /<P> is not an element/],
    ['unclosed element', '<div>\n<p>1</p>', 2, /<div> is not closed/],
    ['mismatch', '<div>\n<b>1</div>', 3, /<\/div> stands where <\/b> must: <b> was opened on line 3/],
    ['end without beginning', '</p>', 2, /<\/p> closes nothing/],
    ['end of a void element', '<br></br>', 2, /<br> has no end tag/],
    ['self-closing HTML', '<p/>', 2, /<p\/> does not close/],
    ['element across a block', '<p>{% if (n) { %}</p>{% } %}', 2, /<\/p> closes an element that was opened before the block/],
    ['block across an element', '{% if (n) { %}<p>{% } %}</p>', 2, /<p> opened on line 2 is not closed before this \}/],
    ['unclosed block', '<p>1</p>\n{% if (n) { %}\n<p>2</p>', 3, /unclosed block opened at line 3/],
    ['block never opened', '{% } %}', 2, /this \} closes nothing/],
    ['div in p', '<p>\n<div>1</div></p>', 3, /<div> cannot stand in the <p> of line 2/],
    ['link in link', '<a href="/a"><b><a href="/b">1</a></b></a>', 2, /<a> cannot stand in the <a>/],
    ['element in title', '<title><b>1</b></title>', 2, /holds text only/],
    ['unclosed expression', '<p>{{ s </p>\n{{ n }}', 2, /\{\{ is not closed by \}\}/],
    ['unclosed statement', '<p>1</p>{% n++\n<p>{% n++; %}', 2, /\{% is not closed by %\}/],
    ['unclosed comment', '\n{# x', 3, /\{# is not closed/],
    ['stray end', '<p>}}</p>', 2, /\}\} closes nothing/],
    ['empty expression', '<p>{{ }}</p>', 2, /nothing stands between/],
    ['semicolon in an expression', '<p>{{ n; }}</p>', 2, /without ';'/],
    ['line comment in an expression', '<p>{{ n // x\n }}</p>', 2, /a \/\/ comment cannot stand/],
    ['unclosed tag', '<p class="a"\n', 2, /<p is not closed by >/],
    ['unclosed value', '<p class="a>1</p>', 2, /the value of class is not closed/],
    ['expression as element', '<{{ s }}>1</p>', 2, /an expression cannot be the name of an element/],
    ['expression in an element', '<h{{ n }}>1</h1>', 2, /an expression cannot be the name of an element/],
    ['expression as attribute', '<p {{ s }}>1</p>', 2, /an expression cannot be the name of an attribute/],
    ['expression in an attribute name', '<p data-{{ s }}="1">1</p>', 2, /an expression cannot be the name of an attribute/],
    ['expression in a comment', '<!-- {{ s }} -->', 2, /a comment holds an expression/],
    ['statement in a tag', '<p {% if (n) { %}hidden{% } %}>1</p>', 2, /a statement cannot stand in a tag/],
    ['statement in a value', '<p class="{% if (n) { %}a{% } %}">1</p>', 2, /a statement cannot stand in a tag/],
    ['condition without one', '<p hidden?="yes">1</p>', 2, /hidden\?= begins with its condition/],
    ['attribute twice', '<p id="a" id="b">1</p>', 2, /id is given twice/],
    ['no space between attributes', '<p id="a"class="b">1</p>', 2, /a space is missing/],
    ['image without alt', '<p>\n<img src="/a.png"></p>', 3, /<img> has no alt/],
    ['form without token', '<form method="post" action="/a">\n</form>', 2, /this form posts without its token/],
    ['token in a form that gets', '<form method="get" action="/a">{{ csrf(pg) }}</form>', 2, /elsewhere it would leak/],
    ['method from data', '<form method="{{ s }}" action="/a"></form>', 2, /method must be written out/],
    ['unknown method', '<form method="put" action="/a"></form>', 2, /method is get, post or dialog/],
    ['bare ampersand', '<p>1 & 2</p>', 2, /a bare & in text: write &amp;/],
    ['bare ampersand in an attribute', '<a href="/a?b=1&c=2">1</a>', 2, /a bare & in href/],
    ['bare <', '<p>1 < 2</p>', 2, /a bare < in text/],
    ['preprocessor', '{% #define X %}', 2, /the preprocessor has no place/],
    ['two bodies', '{% body %}{% body %}', 2, /a template has one \{% body %\}/],
    ['body in a block', '{% if (n) { %}{% body %}{% } %}', 2, /cannot stand in a block of C/],
];

for (const [what, body, line, sentence] of refused) {
    test(`refused: ${what}`, () => {
        const { status, stderr, source } = generate({ 'a.html': template(body) });
        assert.equal(status, 1, source);
        const [, where, said] = /^in\/a\.html:(\d+): error: (.*)\n$/.exec(stderr) ?? [];
        assert.match(said ?? stderr, sentence);
        assert.equal(Number(where), line, stderr);
        assert.equal(source, '', 'nothing is written for a bad template');
    });
}

const refusedFiles = [
    ['template not ended', '{% template t() %}\n<p>1</p>\n', 1, /the template t is not ended/],
    ['template in a template', '{% template t() %}\n{% template u() %}\n{% end template %}', 2, /the template t is not ended/],
    ['text outside', '\nhello', 2, /stand outside of templates/],
    ['statement outside', '{% n++ %}', 1, /outside of any template/],
    ['bad head', '{% template t %}{% end template %}', 1, /write \{% template name\(C parameters\) %\}/],
    ['bad include', '{% include x.h %}', 1, /write \{% include "mod\/x\/x.h" %\}/],
    ['name twice', '{% template t() %}{% end template %}\n{% template t() %}{% end template %}', 2, /there is already a template t/],
    ['not UTF-8', Buffer.from([0x7b, 0x23, 0xff, 0x23, 0x7d]), 1, /not valid UTF-8/],
    ['NUL', '{# \0 #}', 1, /not valid UTF-8/],
];

for (const [what, text, line, sentence] of refusedFiles) {
    test(`refused file: ${what}`, () => {
        const { status, stderr } = generate({ 'a.html': text });
        assert.equal(status, 1);
        assert.match(stderr, new RegExp(`^in/a\\.html:${line}: error: .*${sentence.source}`));
    });
}

test('accepted: what is close to the above and harmless', () => {
    for (const body of ['<p>1 · 2 / 3 × &times; — → ★</p>', '<p translate="no">eduLAB</p>', '<img src="/a.png" alt="eduLAB" translate="no">', '<p translate="no"><b>DigCompEdu</b></p>',
        '<a href="https://a.example/">1</a>', '<a href="mailto:a@b.example">1</a>', '<a href="?q={{ s }}">1</a>', '<a href="#{{ s }}">1</a>',
        '<img src="/a.png" alt="">', '<form method="post" action="/a">{{ csrf(pg) }}</form>', '<form action="/a"></form>',
        '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>', '<edulab-player data-hls="/x"></edulab-player>', '<input type="hidden" value="go">',
        '<textarea name="a">{{ s }}</textarea>', '<script src="/a.js" type="module"></script>', '<!-- for us -->', '<br/>',
        '<p title=\'{{ "a" }}\'>1</p>', '<a href?="{{ n }}/a/{{ n }}">1</a>', '{% switch (n) { case 1: %}<p>1</p>{% } %}'])
        assert.equal(generate({ 'a.html': template(body) }).status, 0, body);
});

test('good templates compile; wrong types do not, and the compiler names the template', () => {
    const good = generate({ 'a.html': template('<p title="{{ c }}">??= {{ s }}{{ n }}{{ c }}{{ h }}{{ fmt(_("{0}"), n) }}</p>', 'struct str s, int n, const char *c, struct html h') });
    const made = compile(good);
    assert.equal(made.status, 0, made.stderr);
    for (const [body, parameters] of [['<p>\n{{ x }}</p>', 'struct civil x'], ['<p>\n{{ x }}</p>', 'bool x'], ['<p>\n{{ x }}</p>', 'struct url x'],
        ['<p>\n{{ missing }}</p>', ''], ['<a\nhref="/x/{{ x }}">1</a>', 'struct html x']]) {
        const bad = generate({ 'a.html': `{% include "base/time.h" %}${template(body, parameters)}` });
        assert.equal(bad.status, 0, bad.stderr);
        const { status, stderr } = compile(bad);
        assert.notEqual(status, 0, body);
        assert.match(stderr, /in\/a\.html:3:/);
    }
});

test('the command says how it is used, and what it cannot read', () => {
    const usage = spawnSync(tool, [], { encoding: 'utf8' });
    assert.equal(usage.status, 2);
    assert.match(usage.stderr, /usage: htmlgen/);
    const missing = spawnSync(tool, [scratch, 'x=/nowhere'], { encoding: 'utf8' });
    assert.equal(missing.status, 1);
    assert.match(missing.stderr, /^htmlgen: \/nowhere: No such file or directory/);
});
