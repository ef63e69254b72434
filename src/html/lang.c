/* Which language, and its texts. The catalogues are part of the program (locale_assets, made by tools/embed). */
#include "html/lang.h"

#include <pthread.h>

#include "html/asset.h"
#include "html/lang_table.h"
#include "locale_assets.h"

static const struct {
    const char *code;
    const char *catalogue; /* NULL: the language of the source */
    size_t (*typography)(struct str text, char *ret);
} languages[LANG_COUNT] = {
    [LANG_FR] = { "fr", "fr.mo", lang_typography_fr },
    [LANG_EN] = { "en", NULL, NULL },
};

static struct lang_table tables[LANG_COUNT];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void read_tables(void)
{
    for (enum lang l = 0; l < LANG_COUNT; l++) {
        if (!languages[l].catalogue) continue;
        const struct asset *mo =
            asset_find(locale_assets, locale_asset_count, str_from(languages[l].catalogue));
        /* built in by our own build: damage here is a broken program */
        if (!mo || !lang_table_read(mo->data, languages[l].typography, &tables[l])) {
            fprintf(stderr, "edulab: the catalogue %s is missing or damaged\n",
                    languages[l].catalogue);
            abort();
        }
    }
}

const char *lang_code(enum lang lang)
{
    return languages[lang].code;
}

bool lang_from_code(struct str code, enum lang *ret)
{
    for (enum lang l = 0; l < LANG_COUNT; l++) {
        if (!str_eq_nocase(code, str_from(languages[l].code))) continue;
        *ret = l;
        return true;
    }
    return false;
}

/* "q=0.8" in thousandths; what cannot be read counts as 1, as if it were not there. */
static int quality(struct str parameter)
{
    struct str s = str_trim(parameter);
    if (!str_starts(s, S("q=")) || s.n < 3) return 1000;
    int q = s.p[2] == '1' ? 1000 : 0, unit = 100;
    for (size_t i = 4; s.p[2] == '0' && i < s.n && i < 7 && s.p[i] >= '0' && s.p[i] <= '9'; i++) {
        q += (s.p[i] - '0') * unit;
        unit /= 10;
    }
    return q;
}

enum lang lang_negotiate(struct str accept_language)
{
    enum lang best = LANG_FR, lang;
    int best_quality = 0;
    for (struct str rest = accept_language; rest.n;) {
        struct str range = str_cut(&rest, ',');
        struct str tag = str_trim(str_cut(&range, ';'));
        int q = range.n ? quality(range) : 1000;
        if (!lang_from_code(str_cut(&tag, '-'), &lang) || q <= best_quality) continue;
        best = lang;
        best_quality = q;
    }
    return best;
}

/* What a thread found last, by where the msgid stands: a page asks for the same two hundred texts each time. */
enum { SEEN = 1024 };
static _Thread_local struct {
    const char *msgid;
    const struct lang_entry *entry;
} seen[LANG_COUNT][SEEN];

struct str lang_text(enum lang lang, const char *msgid)
{
    uintptr_t address = (uintptr_t)msgid;
    size_t at = (address ^ address >> 10) % SEEN;
    struct str id = str_from(msgid);
    const struct lang_entry *entry = seen[lang][at].entry;
    /* the bytes too: other words may stand there now */
    if (seen[lang][at].msgid == msgid && entry && str_eq(entry->msgid, id)) return entry->forms[0];
    pthread_once(&once, read_tables);
    entry = lang_table_find(&tables[lang], id);
    seen[lang][at].msgid = msgid;
    seen[lang][at].entry = entry;
    return entry ? entry->forms[0] : id;
}

struct str lang_text_find(enum lang lang, const char *msgid, struct lang_place *place)
{
    pthread_once(&once, read_tables);
    struct str id = str_from(msgid);
    const struct lang_entry *entry = lang_table_find(&tables[lang], id);
    if (!entry) return id;
    atomic_store_explicit(&place->text[lang], &entry->forms[0], memory_order_release);
    return entry->forms[0];
}

struct str lang_plural(enum lang lang, const char *one, const char *many, int64_t n)
{
    pthread_once(&once, read_tables);
    /* French counts 0 and 1 as one, English only 1 */
    bool plural = lang == LANG_FR ? n > 1 || n < -1 : n != 1;
    const struct lang_entry *entry = lang_table_find(&tables[lang], str_from(one));
    if (entry) return entry->forms[plural];
    return str_from(plural ? many : one);
}
