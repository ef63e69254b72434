/* Faceted search. Every entry carries its options as bits of four integers; a search reads id and bits of all entries from
 * a covering index, keeps those that have the words, counts in memory, then loads the twelve rows that are shown. */
#include "mod/catalogue/search.h"

#include <string.h>

#include "base/facets.h"
#include "db/words.h"
#include "mod/competence/competence.h"

#define FILTER struct catalogue_filter
const struct param catalogue_filter_params[] = {
    PARAM(FILTER, q, PARAM_TEXT, .max = 100),
    PARAM(FILTER, domaine, PARAM_LIST),
    PARAM(FILTER, sorte, PARAM_LIST),
    PARAM(FILTER, format, PARAM_LIST),
    PARAM(FILTER, duree, PARAM_LIST),
    PARAM(FILTER, pour, PARAM_LIST),
    PARAM(FILTER, mois, PARAM_LIST),
    PARAM(FILTER, lieu, PARAM_LIST),
    PARAM(FILTER, matiere, PARAM_LIST),
    PARAM(FILTER, reseau, PARAM_LIST),
    PARAM(FILTER, langue, PARAM_LIST),
    PARAM(FILTER, competence, PARAM_LIST),
    PARAM(FILTER, niveau, PARAM_LIST),
    PARAM(FILTER, tri, PARAM_TEXT, .max = 10),
    PARAM(FILTER, page, PARAM_INT, .min = 1, .max = 10000),
    { 0 },
};
#undef FILTER

const struct str_list *catalogue_asked(const struct catalogue_filter *f, enum facet_group group)
{
    const struct str_list *const lists[GROUP_COUNT] = {
        [GROUP_DOMAIN] = &f->domaine,
        [GROUP_KIND] = &f->sorte,
        [GROUP_FORMAT] = &f->format,
        [GROUP_DURATION] = &f->duree,
        [GROUP_AUDIENCE] = &f->pour,
        [GROUP_MONTH] = &f->mois,
        [GROUP_PLACE] = &f->lieu,
        [GROUP_SUBJECT] = &f->matiere,
        [GROUP_NETWORK] = &f->reseau,
        [GROUP_LANGUAGE] = &f->langue,
        [GROUP_COMPETENCE] = &f->competence,
        [GROUP_LEVEL] = &f->niveau,
    };
    return lists[group];
}

/* --- counting --------------------------------------------------------------------------------------------------------- */

struct counting {
    uint64_t asked[GROUP_COUNT]; /* 0: nothing of this group */
    int by_bit[WORD_COUNT][64];
};

static void choose(const struct catalogue_filter *f, struct catalogue_result *result,
                   struct counting *c)
{
    for (size_t i = 0; i < result->option_count; i++) {
        const struct facet_option *o = &result->options[i];
        result->chosen[i] = str_list_has(catalogue_asked(f, o->group), o->code);
        if (!result->chosen[i]) continue;
        c->asked[o->group] |= UINT64_C(1) << o->bit;
        result->chose[o->group] = true;
    }
}

/* Keeps the rows that pass every group. */
static size_t filter(struct catalogue_sql_facets *rows, size_t n, struct counting *c)
{
    uint64_t masks[GROUP_COUNT];
    int word_of[GROUP_COUNT];
    size_t kept = 0;
    for (int g = 0; g < GROUP_COUNT; g++) {
        masks[g] = facet_groups[g].bits;
        word_of[g] = (int)facet_groups[g].word;
    }
    for (size_t i = 0; i < n; i++) {
        const uint64_t words[WORD_COUNT] = {
            [WORD_FACETS] = (uint64_t)rows[i].facets,
            [WORD_COMPETENCES] = (uint64_t)rows[i].competences,
            [WORD_MONTHS] = (uint64_t)rows[i].months,
            [WORD_PLACES] = (uint64_t)rows[i].places,
        };
        if (facets_take(words, word_of, c->asked, masks, GROUP_COUNT, c->by_bit))
            rows[kept++] = rows[i];
    }
    return kept;
}

/* A group is shown when one of its options would leave something out; competences, once their area is chosen. */
static void tell(struct catalogue_result *result, const struct counting *c)
{
    for (size_t i = 0; i < result->option_count; i++) {
        const struct facet_option *o = &result->options[i];
        int count = c->by_bit[facet_groups[o->group].word][o->bit];
        if (o->group == GROUP_COMPETENCE &&
            !(c->asked[GROUP_DOMAIN] >> competence_area(o->bit) & 1))
            count = 0;
        result->counts[i] = count;
        if (result->chosen[i] || count > 0) result->any[o->group] = true;
        if (result->chosen[i] || (count > 0 && (size_t)count != result->total))
            result->tells[o->group] = true;
    }
}

/* --- rows ---------------------------------------------------------------------------------------------------------------- */

/* Where the words of a search stand, by entry. A table with open addressing, at most half full: ids are looked up for every
 * entry, and none is 0. */
enum place { PLACE_NONE, PLACE_ANYWHERE, PLACE_TITLE };

struct found {
    struct {
        int64_t id;
        enum place place;
    } * slots;
    uint64_t mask;
};

static uint64_t slot_of(const struct found *f, int64_t id)
{
    uint64_t at = (uint64_t)id * UINT64_C(0x9E3779B97F4A7C15) >> 32 & f->mask;
    while (f->slots[at].id && f->slots[at].id != id)
        at = (at + 1) & f->mask;
    return at;
}

static void note(struct found *f, const struct catalogue_sql_matching *rows, size_t n,
                 enum place place)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t at = slot_of(f, rows[i].id);
        f->slots[at].id = rows[i].id;
        f->slots[at].place = place;
    }
}

static struct found look_for(struct db *db, struct str query)
{
    struct catalogue_sql_matching *anywhere, *title;
    size_t n = catalogue_sql_matching(db, query, &anywhere), slots = 16;
    size_t m = catalogue_sql_matching_title(db, query, &title);
    while (slots < 2 * (n + m))
        slots *= 2;
    struct found f = { .mask = slots - 1 };
    f.slots = arena_alloc(db_arena(db), arena_bytes(sizeof *f.slots, slots));
    note(&f, anywhere, n, PLACE_ANYWHERE);
    note(&f, title, m, PLACE_TITLE);
    return f;
}

/* First what has the words in its title, then what has them elsewhere, each in the order of the catalogue. The bits of all
 * entries are read as without words: to join thousands that a typed beginning finds, or to rank them, would cost ten times as
 * much. */
static size_t candidates(struct db *db, const struct catalogue_filter *f,
                         struct catalogue_sql_facets **ret)
{
    struct str query = words_query(db, f->q);
    struct catalogue_sql_facets *all;
    size_t n = catalogue_sql_facets(db, &all), kept = 0, later = 0;
    *ret = all;
    if (!query.p) return n;
    struct found found = look_for(db, query);
    *ret = arena_array(db_arena(db), struct catalogue_sql_facets, n + 1);
    for (size_t i = 0; i < n; i++) {
        enum place place = found.slots[slot_of(&found, all[i].id)].place;
        if (place == PLACE_TITLE) (*ret)[kept++] = all[i];
        else if (place == PLACE_ANYWHERE) all[later++] = all[i];
    }
    memcpy(*ret + kept, all, later * sizeof *all);
    return kept + later;
}

/* The next date first; what has no date keeps its place behind. */
static int by_date(const void *pa, const void *pb)
{
    const struct catalogue_sql_facets *a = pa, *b = pb;
    bool na = a->starts_at == DB_NULL, nb = b->starts_at == DB_NULL;
    if (na || nb) return na - nb;
    return (a->starts_at > b->starts_at) - (a->starts_at < b->starts_at);
}

static void load_page(struct db *db, const struct catalogue_sql_facets *rows, size_t n,
                      struct catalogue_result *ret)
{
    int64_t id[CATALOGUE_PAGE] = { 0 };
    for (size_t i = 0; i < n; i++)
        id[i] = rows[i].id;
    const struct catalogue_sql_entries_in in = { id[0], id[1], id[2], id[3], id[4],  id[5],
                                                 id[6], id[7], id[8], id[9], id[10], id[11] };
    struct catalogue_sql_entries *found;
    size_t count = catalogue_sql_entries(db, &in, &found);
    ret->entries = arena_array(db_arena(db), struct catalogue_sql_entries, n + 1);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < count; k++)
            if (found[k].id == id[i]) ret->entries[ret->n++] = found[k];
}

void catalogue_search(struct db *db, const struct catalogue_filter *f, int64_t now,
                      struct catalogue_result *ret)
{
    struct arena *a = db_arena(db);
    struct counting c = { 0 };
    struct catalogue_sql_facets *rows;
    struct facet_option *options;
    *ret = (struct catalogue_result){ .option_count = facet_options(db, now, &options) };
    ret->options = options;
    ret->counts = arena_array(a, int, ret->option_count);
    ret->chosen = arena_array(a, bool, ret->option_count);
    choose(f, ret, &c);
    size_t n = candidates(db, f, &rows);
    ret->total = filter(rows, n, &c);
    tell(ret, &c);
    if (ret->total && str_is(f->tri, "date")) qsort(rows, ret->total, sizeof *rows, by_date);
    ret->pages = (int64_t)(ret->total + CATALOGUE_PAGE - 1) / CATALOGUE_PAGE;
    ret->page = f->page < 1 ? 1 : f->page > ret->pages ? (ret->pages ? ret->pages : 1) : f->page;
    size_t from = (size_t)(ret->page - 1) * CATALOGUE_PAGE;
    size_t shown = ret->total > from ? ret->total - from : 0;
    load_page(db, rows + from, shown > CATALOGUE_PAGE ? CATALOGUE_PAGE : shown, ret);
}

size_t catalogue_coming(struct db *db, int64_t now, struct catalogue_entry **ret)
{
    struct catalogue_sql_entries *rows;
    size_t n = catalogue_sql_featured(db, now, &rows);
    *ret = arena_array(db_arena(db), struct catalogue_entry, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] =
            (struct catalogue_entry){ .slug = rows[i].slug,
                                      .kind = rows[i].kind,
                                      .area = rows[i].area,
                                      .title = rows[i].title,
                                      .aim = rows[i].aim,
                                      .place = rows[i].place,
                                      .minutes = rows[i].minutes,
                                      .starts_at = rows[i].starts_at,
                                      .places = rows[i].places == DB_NULL ? 0 : rows[i].places,
                                      .taken = rows[i].taken,
                                      .sample = rows[i].sample };
    return n;
}
