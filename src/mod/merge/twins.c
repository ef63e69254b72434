/* Who is likely there twice: the same words in the name, in any order and whatever the accents; organisations of one kind. */
#include "base/utf8.h"
#include "mod/merge/pages.h"

enum { CHUNK = 50000, SHOWN = 30, WORDS = 8 };

struct candidate {
    struct str key, name, more;
    int64_t id;
};

static int by_key(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    int c = str_cmp(x->key, y->key);
    return c ? c : x->id < y->id ? -1 : x->id > y->id;
}

static int by_word(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* "Dupont-Petit, Zoé" → "dupont petit zoe" */
static struct str key_of(struct arena *a, struct str folded)
{
    char *text = arena_cstr(a, folded);
    struct str words[WORDS], rest = { text, folded.n }, key = STR_NONE;
    size_t n = 0;
    for (size_t i = 0; i < folded.n; i++)
        if (!((text[i] >= 'a' && text[i] <= 'z') || (text[i] >= '0' && text[i] <= '9')))
            text[i] = ' ';
    while (rest.n && n < WORDS) {
        struct str word = str_cut(&rest, ' ');
        if (word.n) words[n++] = word;
    }
    qsort(words, n, sizeof *words, by_word);
    for (size_t i = 0; i < n; i++)
        key = i ? arena_join(a, key, S(" "), words[i]) : words[i];
    return n > 1 || key.n > 12 ? key : STR_NONE; /* one short word says too little */
}

static size_t pairs(struct arena *a, struct candidate *all, size_t n, struct merge_twin **ret)
{
    size_t count = 0;
    if (n) qsort(all, n, sizeof *all, by_key);
    *ret = arena_array(a, struct merge_twin, SHOWN);
    for (size_t i = 1; i < n && count < SHOWN; i++)
        if (all[i].key.n && str_eq(all[i].key, all[i - 1].key))
            (*ret)[count++] = (struct merge_twin){ all[i - 1].id, all[i].id, all[i].name,
                                                   all[i - 1].more, all[i].more };
    return count;
}

size_t merge_twin_people(struct db *db, struct merge_twin **ret)
{
    struct arena *a = db_arena(db);
    struct merge_sql_all_people *rows;
    struct candidate *all = NULL;
    size_t count = 0, n;
    int64_t after = -1;
    while ((n = merge_sql_all_people(db, after, CHUNK, &rows)) > 0) {
        struct candidate *more = arena_array(a, struct candidate, count + n);
        if (count) memcpy(more, all, count * sizeof *all);
        all = more;
        for (size_t i = 0; i < n; i++) {
            /* the folded name stands in front of the address; a newcomer has none yet */
            struct str folded = str_ends(rows[i].search, rows[i].email)
                                    ? str_sub(rows[i].search, 0, rows[i].search.n - rows[i].email.n)
                                    : utf8_fold(a, rows[i].name);
            all[count++] =
                (struct candidate){ key_of(a, folded), rows[i].name, rows[i].email, rows[i].id };
        }
        after = rows[n - 1].id;
    }
    return pairs(a, all, count, ret);
}

size_t merge_twin_organisations(struct db *db, struct merge_twin **ret)
{
    struct arena *a = db_arena(db);
    struct merge_sql_all_organisations *rows;
    size_t n = merge_sql_all_organisations(db, -1, CHUNK, &rows);
    struct candidate *all = arena_array(a, struct candidate, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct str key = key_of(a, utf8_fold(a, rows[i].name));
        all[i] = (struct candidate){ key.n ? arena_join(a, rows[i].kind, S(" "), key) : STR_NONE,
                                     rows[i].name,
                                     arena_printf(a, "%.*s%s%.*s", STR(rows[i].place),
                                                  rows[i].code.n && rows[i].place.n ? " · " : "",
                                                  STR(rows[i].code)),
                                     rows[i].id };
    }
    return pairs(a, all, n, ret);
}
