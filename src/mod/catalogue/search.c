/* Faceted search. Every entry carries its facets as bits of one integer; a search reads id and bits of all entries that
 * have the words (one statement, a covering index when there are no words), counts in memory, then loads the twelve
 * rows that are shown. */
#include "mod/catalogue/search.h"

#include "base/facets.h"
#include "base/utf8.h"
#include "mod/competence/competence.h"

enum { BIT_DOMAIN = 0, BIT_KIND = 8, BIT_FORMAT = 20, BIT_DURATION = 28, BIT_AUDIENCE = 34 };

const char *const facet_group_labels[GROUP_COUNT] = {
    [GROUP_DOMAIN] = N_("DigCompEdu area"), [GROUP_KIND] = N_("Kind"),
    [GROUP_FORMAT] = N_("Format"),          [GROUP_DURATION] = N_("Duration"),
    [GROUP_AUDIENCE] = N_("For whom"),
};
const char *const facet_group_names[GROUP_COUNT] = { "domaine", "sorte", "format", "duree",
                                                     "pour" };

const struct facet_option facet_options[FACET_OPTIONS] = {
    { GROUP_DOMAIN, "1", N_("Professional Engagement"), BIT_DOMAIN + 0 },
    { GROUP_DOMAIN, "2", N_("Digital Resources"), BIT_DOMAIN + 1 },
    { GROUP_DOMAIN, "3", N_("Teaching and Learning"), BIT_DOMAIN + 2 },
    { GROUP_DOMAIN, "4", N_("Assessment"), BIT_DOMAIN + 3 },
    { GROUP_DOMAIN, "5", N_("Empowering Learners"), BIT_DOMAIN + 4 },
    { GROUP_DOMAIN, "6", N_("Facilitating Learners' Digital Competence"), BIT_DOMAIN + 5 },
    { GROUP_KIND, "path", N_("Path"), BIT_KIND + 0 },
    { GROUP_KIND, "certificate", N_("Certificate"), BIT_KIND + 1 },
    { GROUP_KIND, "project", N_("STEAM project"), BIT_KIND + 2 },
    { GROUP_KIND, "webinar", N_("Webinar"), BIT_KIND + 3 },
    { GROUP_KIND, "event", N_("Event"), BIT_KIND + 4 },
    { GROUP_KIND, "kit", N_("Teaching kit"), BIT_KIND + 5 },
    { GROUP_KIND, "atelier_pratique", N_("Practical workshop"), BIT_KIND + 6 },
    { GROUP_KIND, "module_exploratoire", N_("Exploratory module"), BIT_KIND + 7 },
    { GROUP_KIND, "module_specialise", N_("Specialised module"), BIT_KIND + 8 },
    { GROUP_KIND, "module", N_("Module"), BIT_KIND + 9 },
    { GROUP_FORMAT, "presentiel", N_("In person"), BIT_FORMAT + 0 },
    { GROUP_FORMAT, "visioconference", N_("Videoconference"), BIT_FORMAT + 1 },
    { GROUP_FORMAT, "hybride", N_("Hybrid"), BIT_FORMAT + 2 },
    { GROUP_FORMAT, "creation", N_("Creation time"), BIT_FORMAT + 3 },
    { GROUP_FORMAT, "en_ligne_libre", N_("At one's own pace"), BIT_FORMAT + 4 },
    { GROUP_DURATION, "demi-jour", N_("Up to half a day"), BIT_DURATION + 0 },
    { GROUP_DURATION, "jour", N_("Two half-days"), BIT_DURATION + 1 },
    { GROUP_DURATION, "jours", N_("Two to five days"), BIT_DURATION + 2 },
    { GROUP_DURATION, "parcours", N_("A long path"), BIT_DURATION + 3 },
    { GROUP_AUDIENCE, "fondamental", N_("Primary education"), BIT_AUDIENCE + 0 },
    { GROUP_AUDIENCE, "secondaire", N_("Secondary education"), BIT_AUDIENCE + 1 },
    { GROUP_AUDIENCE, "superieur", N_("Higher education"), BIT_AUDIENCE + 2 },
    { GROUP_AUDIENCE, "formation_adultes", N_("Adult training"), BIT_AUDIENCE + 3 },
    { GROUP_AUDIENCE, "jeunesse", N_("Youth work"), BIT_AUDIENCE + 4 },
    { GROUP_AUDIENCE, "conseil_technopedagogique", N_("Advice to schools"), BIT_AUDIENCE + 5 },
};

#define FILTER struct catalogue_filter
const struct param catalogue_filter_params[] = {
    PARAM(FILTER, q, PARAM_TEXT, .max = 100),
    PARAM(FILTER, domaine, PARAM_LIST),
    PARAM(FILTER, sorte, PARAM_LIST),
    PARAM(FILTER, format, PARAM_LIST),
    PARAM(FILTER, duree, PARAM_LIST),
    PARAM(FILTER, pour, PARAM_LIST),
    PARAM(FILTER, tri, PARAM_TEXT, .max = 10),
    PARAM(FILTER, page, PARAM_INT, .min = 1, .max = 10000),
    { 0 },
};
#undef FILTER

static int64_t option_bits(enum facet_group group, struct str code)
{
    for (size_t i = 0; i < FACET_OPTIONS; i++)
        if (facet_options[i].group == group && str_is(code, facet_options[i].code))
            return INT64_C(1) << facet_options[i].bit;
    return 0;
}

int64_t audience_bit(struct str code)
{
    if (str_is(code, "promotion_sociale")) code = S("formation_adultes");
    if (str_is(code, "direction")) code = S("conseil_technopedagogique");
    return option_bits(GROUP_AUDIENCE, code) >> BIT_AUDIENCE;
}

/* Half a day is up to four hours, as the sector counts half-days. */
static int duration_class(int64_t minutes)
{
    return minutes <= 4 * 60 ? 0 : minutes <= 8 * 60 ? 1 : minutes <= 40 * 60 ? 2 : 3;
}

int64_t facets_of(struct str kind, struct str modality, int64_t minutes, int64_t audience,
                  int64_t mask)
{
    int64_t bits = (int64_t)competence_areas_of(mask) << BIT_DOMAIN | audience << BIT_AUDIENCE;
    bits |= option_bits(GROUP_KIND, kind) | option_bits(GROUP_FORMAT, modality);
    if (minutes) bits |= INT64_C(1) << (BIT_DURATION + duration_class(minutes));
    return bits;
}

static uint64_t chosen_bits(const struct catalogue_filter *f, uint64_t groups[GROUP_COUNT])
{
    const struct str_list *lists[GROUP_COUNT] = { &f->domaine, &f->sorte, &f->format, &f->duree,
                                                  &f->pour };
    uint64_t all = 0;
    for (int g = 0; g < GROUP_COUNT; g++) {
        groups[g] = 0;
        for (size_t i = 0; i < lists[g]->n; i++)
            groups[g] |= (uint64_t)option_bits((enum facet_group)g, lists[g]->items[i]);
        all |= groups[g];
    }
    return all;
}

/* Up to four words of the query as LIKE patterns on folded text. */
static size_t patterns(struct arena *a, struct str q, struct str ret[4])
{
    struct str rest = utf8_fold(a, q);
    size_t n = 0;
    for (int i = 0; i < 4; i++)
        ret[i] = S("%");
    while (rest.n && n < 4) {
        struct str word = str_cut(&rest, ' ');
        if (word.n == 0) continue;
        struct buf b = BUF_INIT(1024);
        buf_putc(&b, '%');
        for (size_t i = 0; i < word.n; i++) {
            if (strchr("%_\\", word.p[i])) buf_putc(&b, '\\');
            buf_putc(&b, word.p[i]);
        }
        buf_putc(&b, '%');
        ret[n++] = arena_dup(a, buf_view(&b));
        buf_finish(&b);
    }
    return n;
}

static size_t candidates(struct db *db, const struct catalogue_filter *f,
                         struct catalogue_sql_facets **ret)
{
    struct str w[4];
    if (patterns(db_arena(db), f->q, w) == 0) return catalogue_sql_facets(db, ret);
    return catalogue_sql_facets_matching(db, w[0], w[1], w[2], w[3], ret);
}

static size_t filter(struct catalogue_sql_facets *rows, size_t n,
                     const uint64_t groups[GROUP_COUNT], int counts[FACET_OPTIONS])
{
    static const uint64_t group_bits[GROUP_COUNT] = {
        [GROUP_DOMAIN] = UINT64_C(0x3F) << BIT_DOMAIN,
        [GROUP_KIND] = UINT64_C(0x3FF) << BIT_KIND,
        [GROUP_FORMAT] = UINT64_C(0x1F) << BIT_FORMAT,
        [GROUP_DURATION] = UINT64_C(0xF) << BIT_DURATION,
        [GROUP_AUDIENCE] = UINT64_C(0x3F) << BIT_AUDIENCE,
    };
    int by_bit[64] = { 0 };
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (facets_take((uint64_t)rows[i].facets, groups, group_bits, GROUP_COUNT, by_bit))
            rows[kept++] = rows[i];
    for (size_t i = 0; i < FACET_OPTIONS; i++)
        counts[i] = by_bit[facet_options[i].bit];
    return kept;
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

void catalogue_search(struct db *db, const struct catalogue_filter *f, struct catalogue_result *ret)
{
    uint64_t groups[GROUP_COUNT];
    struct catalogue_sql_facets *rows;
    *ret = (struct catalogue_result){ .chosen = chosen_bits(f, groups) };
    size_t n = candidates(db, f, &rows);
    ret->total = filter(rows, n, groups, ret->counts);
    if (str_is(f->tri, "date")) qsort(rows, ret->total, sizeof *rows, by_date);
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
