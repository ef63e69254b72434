/* Reads gettext's .mo files (GNU gettext manual, "The Format of GNU MO Files") into a hash table. The built-in hash
 * of the format is not used: ours keeps both forms and their lengths beside the key. */
#include "html/lang_table.h"

enum { MO_HEADER = 28, MO_MAX_ENTRIES = 100000 };

/* Eight bytes a step; for tables of our own texts, not for what comes from outside. */
static uint64_t hash_text(struct str s)
{
    uint64_t h = s.n * UINT64_C(0x9E3779B97F4A7C15), v;
    const char *p = s.p;
    size_t n = s.n;
    for (; n >= 8; n -= 8, p += 8) {
        memcpy(&v, p, 8);
        h = (h ^ v) * UINT64_C(0xFF51AFD7ED558CCD);
        h ^= h >> 32;
    }
    v = 0;
    if (n) memcpy(&v, p, n);
    h = (h ^ v) * UINT64_C(0xFF51AFD7ED558CCD);
    return h ^ h >> 32;
}

static uint32_t word_at(struct str mo, size_t at)
{
    uint32_t v;
    memcpy(&v, mo.p + at, sizeof v);
    return v;
}

/* The i-th string of the table at `table`; false when it lies outside of the file. */
static bool string_at(struct str mo, size_t table, size_t i, struct str *ret)
{
    size_t n = word_at(mo, table + 8 * i), at = word_at(mo, table + 8 * i + 4);
    if (at > mo.n || n > mo.n - at) return false;
    *ret = (struct str){ mo.p + at, n };
    return true;
}

static void insert(struct lang_table *table, struct lang_entry entry)
{
    size_t at = entry.hash & table->mask;
    while (table->slots[at].msgid.p)
        at = (at + 1) & table->mask;
    table->slots[at] = entry;
}

static bool head_is_good(struct str mo, uint32_t *ret_count, uint32_t *ret_ids, uint32_t *ret_texts)
{
    if (mo.n < MO_HEADER || word_at(mo, 0) != 0x950412DE) return false;
    uint32_t count = word_at(mo, 8), ids = word_at(mo, 12), texts = word_at(mo, 16);
    if (count > MO_MAX_ENTRIES) return false;
    if (ids > mo.n || (mo.n - ids) / 8 < count || texts > mo.n || (mo.n - texts) / 8 < count)
        return false;
    *ret_count = count;
    *ret_ids = ids;
    *ret_texts = texts;
    return true;
}

/* Copies one form into the text block. */
static struct str keep(struct str form, size_t (*typography)(struct str, char *), char **at)
{
    struct str kept = { *at, form.n };
    if (typography) kept.n = typography(form, *at);
    else memcpy(*at, form.p, form.n);
    *at += kept.n;
    return kept;
}

static bool fill(struct str mo, size_t (*typography)(struct str, char *), struct lang_table *table)
{
    uint32_t count, ids, texts;
    if (!head_is_good(mo, &count, &ids, &texts)) return false;
    size_t size = 16;
    while (size < (size_t)count * 2)
        size *= 2;
    table->slots = calloc(size, sizeof *table->slots);
    table->text = malloc(3 * mo.n + 1);
    if (!table->slots || !table->text) abort();
    table->mask = size - 1;
    char *at = table->text;
    size_t room = mo.n; /* strings may overlap in a damaged file: never copy more than there is */
    for (uint32_t i = 0; i < count; i++) {
        struct str id, text;
        if (!string_at(mo, ids, i, &id) || !string_at(mo, texts, i, &text) || text.n > room)
            return false;
        room -= text.n;
        struct lang_entry entry = { .msgid = str_cut(&id, '\0') };
        if (entry.msgid.n == 0) continue; /* the catalogue's own header */
        entry.hash = hash_text(entry.msgid);
        for (size_t form = 0; form < LANG_FORMS; form++)
            entry.forms[form] =
                form && !text.n ? entry.forms[0] : keep(str_cut(&text, '\0'), typography, &at);
        insert(table, entry);
    }
    return true;
}

bool lang_table_read(struct str mo, size_t (*typography)(struct str text, char *ret),
                     struct lang_table *ret)
{
    *ret = (struct lang_table){ 0 };
    if (fill(mo, typography, ret)) return true;
    lang_table_finish(ret);
    return false;
}

void lang_table_finish(struct lang_table *table)
{
    free(table->slots);
    free(table->text);
    *table = (struct lang_table){ 0 };
}

const struct lang_entry *lang_table_find(const struct lang_table *table, struct str msgid)
{
    if (!table->slots) return NULL;
    uint64_t hash = hash_text(msgid);
    for (size_t at = hash & table->mask; table->slots[at].msgid.p; at = (at + 1) & table->mask)
        if (table->slots[at].hash == hash && str_eq(table->slots[at].msgid, msgid))
            return &table->slots[at];
    return NULL;
}
