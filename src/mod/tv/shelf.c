/* The shelf: what a person may see, newest first, as ids and tags alone. The home and the list go through it whole (most of it is
 * kept in memory), filter and count there, and load only the few rows that they show. */
#include "db/words.h"
#include "mod/tv/library.h"
#include "tv_html.h"

enum {
    HOME_NEWEST = 5,
    HOME_BRIEF = 3,
    HOME_SERIES = 3,
    HOME_PROGRAMME = 4,
    HOME_ON_AIR = 2, /* of them */
    PROGRAMME_READ = 60,
    FOUND_MOST = 3000, /* of a word that everybody says, the newest */
    SLOTS = 8192,      /* more than twice as many */
};

#define FILTER struct tv_filter
const struct param tv_filter_params[] = {
    PARAM(FILTER, q, PARAM_TEXT, .max = 100),
    PARAM(FILTER, theme, PARAM_LIST),
    PARAM(FILTER, niveau, PARAM_LIST),
    PARAM(FILTER, duree, PARAM_LIST),
    PARAM(FILTER, sorte, PARAM_LIST),
    PARAM(FILTER, competence, PARAM_LIST),
    PARAM(FILTER, page, PARAM_INT, .min = 1, .max = 10000),
    { 0 },
};
#undef FILTER

static int newest_first(const void *pa, const void *pb)
{
    const struct tv_sql_shelf *a = pa, *b = pb;
    if (a->shown_at != b->shown_at) return a->shown_at < b->shown_at ? 1 : -1;
    return (a->id < b->id) - (a->id > b->id);
}

/* The same rule as tv_sight(). Three lists in order become one: sorting them again would cost more than reading them. */
static size_t shelf_of(struct request *r, const struct tv_viewer *who, struct tv_sql_shelf **ret)
{
    const struct tv_shelf *kept = tv_kept_shelf(r->db);
    struct tv_sql_shelf *own = NULL;
    size_t own_count = who->member ? tv_sql_shelf_of(r->db, who->circles, who->now, &own) : 0;
    if (own_count) qsort(own, own_count, sizeof *own, newest_first);
    const struct tv_sql_shelf *parts[] = { kept->rows[0], kept->rows[1], own };
    size_t n[] = { kept->n[0], who->member ? kept->n[1] : 0, own_count }, at[3] = { 0 }, count = 0;
    struct tv_sql_shelf *all = arena_array(r->arena, struct tv_sql_shelf, n[0] + n[1] + n[2] + 1);
    for (;;) {
        size_t from = COUNT(parts);
        for (size_t i = 0; i < COUNT(parts); i++)
            if (at[i] < n[i] && (from == COUNT(parts) ||
                                 newest_first(&parts[i][at[i]], &parts[from][at[from]]) < 0))
                from = i;
        if (from == COUNT(parts)) break;
        const struct tv_sql_shelf *next = &parts[from][at[from]++];
        if (tv_open_at(next->opens_at, next->closes_at, who->now)) all[count++] = *next;
    }
    *ret = all;
    return count;
}

/* Chunks of TV_PAGE, because that many are asked for by one statement. */
size_t tv_some_of(struct request *r, const int64_t *ids, size_t n, struct tv_video **ret)
{
    struct tv_sql_video_by_slug *found,
        *kept = arena_array(r->arena, struct tv_sql_video_by_slug, n + 1);
    struct tv_viewer who;
    size_t count = 0;
    tv_viewer(r, &who);
    who.staff = false; /* in lists the team finds what the audience alone opens */
    for (size_t from = 0; from < n; from += TV_PAGE) {
        int64_t id[TV_PAGE] = { 0 };
        size_t some = n - from < TV_PAGE ? n - from : TV_PAGE;
        memcpy(id, ids + from, some * sizeof *id);
        const struct tv_sql_cards_in in = { id[0], id[1], id[2], id[3], id[4],  id[5],
                                            id[6], id[7], id[8], id[9], id[10], id[11] };
        size_t m = tv_sql_cards(r->db, &in, &found);
        for (size_t i = 0; i < some; i++)
            for (size_t k = 0; k < m; k++) {
                const struct tv_rule rule = tv_rule_of(&found[k]);
                if (found[k].id == id[i] && tv_sight(r->arena, &rule, &who, false) == TV_SEEN)
                    kept[count++] = found[k];
            }
    }
    *ret = tv_cards(r, kept, count);
    return count;
}

/* The rows of at most TV_PAGE of them, in their order. */
static struct tv_video *load(struct request *r, const struct tv_sql_shelf *rows, size_t n)
{
    int64_t id[TV_PAGE] = { 0 };
    struct tv_sql_video_by_slug *found,
        *ordered = arena_array(r->arena, struct tv_sql_video_by_slug, TV_PAGE);
    for (size_t i = 0; i < n; i++)
        id[i] = rows[i].id;
    const struct tv_sql_cards_in in = { id[0], id[1], id[2], id[3], id[4],  id[5],
                                        id[6], id[7], id[8], id[9], id[10], id[11] };
    size_t count = n ? tv_sql_cards(r->db, &in, &found) : 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < count; k++)
            if (found[k].id == id[i]) ordered[i] = found[k];
    return tv_cards(r, ordered, n);
}

/* --- filters -------------------------------------------------------------------------------------------------------------------- */

static const struct str_list *list_of(const struct tv_filter *f, int group)
{
    const struct str_list *lists[TV_GROUPS] = { [TV_THEME] = &f->theme,
                                                [TV_LEVEL] = &f->niveau,
                                                [TV_LENGTH] = &f->duree,
                                                [TV_KIND] = &f->sorte,
                                                [TV_COMPETENCE] = &f->competence };
    return lists[group];
}

static void masks_of(uint64_t masks[TV_GROUPS])
{
    memset(masks, 0, TV_GROUPS * sizeof *masks);
    for (size_t i = 0; i < tv_tag_count(); i++)
        masks[tv_tag(i).group] |= UINT64_C(1) << tv_tag(i).bit;
}

/* Those that pass stay, in front; returns their number. */
static size_t filter(struct tv_sql_shelf *rows, size_t n, const uint64_t asked[TV_GROUPS],
                     int by_bit[64])
{
    uint64_t masks[TV_GROUPS];
    size_t kept = 0;
    masks_of(masks);
    for (size_t i = 0; i < n; i++)
        if (facets_take(&(uint64_t){ (uint64_t)rows[i].facets }, NULL, asked, masks, TV_GROUPS,
                        (int(*)[64])by_bit))
            rows[kept++] = rows[i];
    return kept;
}

/* Ids of videos, to be asked about twenty thousand times. */
struct ids {
    int64_t *slots; /* 0: free */
    size_t mask;
};

static size_t slot_of(const struct ids *set, int64_t id)
{
    size_t at = (size_t)(((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & set->mask;
    while (set->slots[at] && set->slots[at] != id)
        at = (at + 1) & set->mask;
    return at;
}

static struct ids ids_of(struct arena *a, const struct tv_sql_found *rows, size_t n)
{
    struct ids set = { arena_array(a, int64_t, SLOTS), SLOTS - 1 };
    for (size_t i = 0; i < n; i++)
        set.slots[slot_of(&set, rows[i].id)] = rows[i].id;
    return set;
}

/* Of the shelf, what holds the words: first those that have them in the title, each time the newest first. */
static size_t keep_found(struct request *r, struct str query, struct tv_sql_shelf *rows, size_t n,
                         bool *ret_capped)
{
    struct tv_sql_found *found, *titles;
    size_t count = tv_sql_found(r->db, query, FOUND_MOST, &found), kept = 0;
    size_t titled = tv_sql_found_by_title(r->db, query, FOUND_MOST, &titles);
    const struct ids all = ids_of(r->arena, found, count), first = ids_of(r->arena, titles, titled);
    struct tv_sql_shelf *ordered = arena_array(r->arena, struct tv_sql_shelf, count + titled + 1);
    for (size_t i = 0; i < n; i++)
        if (first.slots[slot_of(&first, rows[i].id)]) ordered[kept++] = rows[i];
    for (size_t i = 0; i < n; i++)
        if (all.slots[slot_of(&all, rows[i].id)] && !first.slots[slot_of(&first, rows[i].id)])
            ordered[kept++] = rows[i];
    memcpy(rows, ordered, kept * sizeof *rows);
    *ret_capped = count == FOUND_MOST;
    return kept;
}

static void search(struct request *r, const struct tv_filter *f, struct tv_result *ret)
{
    struct str query = words_query(r->db, f->q);
    uint64_t asked[TV_GROUPS];
    struct tv_viewer who;
    struct tv_sql_shelf *rows;
    *ret = (struct tv_result){ 0 };
    for (int g = 0; g < TV_GROUPS; g++)
        ret->chosen |= asked[g] = tv_tag_bits((enum tv_group)g, list_of(f, g));
    tv_viewer(r, &who);
    size_t n = shelf_of(r, &who, &rows);
    ret->searched = query.p != NULL;
    if (ret->searched) n = keep_found(r, query, rows, n, &ret->capped);
    ret->total = filter(rows, n, asked, ret->by_bit);
    ret->pages = (int64_t)(ret->total + TV_PAGE - 1) / TV_PAGE;
    ret->page = f->page < 1 ? 1 : f->page > ret->pages ? (ret->pages ? ret->pages : 1) : f->page;
    size_t from = (size_t)(ret->page - 1) * TV_PAGE;
    ret->n = ret->total - from < TV_PAGE ? ret->total - from : TV_PAGE;
    ret->videos = load(r, rows + from, ret->n);
    if (ret->searched) ret->moments = tv_moments(r, f->q, ret->videos, ret->n);
}

void tv_list_get(struct request *r)
{
    struct tv_result result;
    search(r, r->form, &result);
    tv_list(http_page(r), r->form, &result);
}

struct str tv_list_address(struct arena *a, const struct tv_filter *f, const struct tv_tag *without)
{
    struct buf b = BUF_INIT(8 * KIB);
    struct page pg = { .out = &b, .arena = a };
    if (f->q.n) page_put_query(&pg, "q", f->q);
    for (int g = 0; g < TV_GROUPS; g++) {
        const struct str_list *list = list_of(f, g);
        for (size_t i = 0; i < list->n; i++)
            if (!without || (int)without->group != g || !str_is(list->items[i], without->code))
                page_put_query(&pg, tv_group_names[g], list->items[i]);
    }
    struct str address = arena_printf(a, "/tv/videos%.*s", STR(buf_view(&b)));
    buf_finish(&b);
    return address;
}

/* --- the home ------------------------------------------------------------------------------------------------------------------ */

/* The newest, then short ones among the rest: one statement loads both. */
static void pick(struct request *r, const struct tv_sql_shelf *rows, size_t n, struct tv_home *ret)
{
    const uint64_t brief =
        tv_tag_bits(TV_LENGTH, &(const struct str_list){ (struct str[]){ S("10-minutes") }, 1 });
    struct tv_sql_shelf picked[HOME_NEWEST + HOME_BRIEF];
    _Static_assert(COUNT(picked) <= TV_PAGE, "one statement loads them");
    size_t some = n < HOME_NEWEST ? n : HOME_NEWEST, count = some;
    if (some) memcpy(picked, rows, some * sizeof *picked);
    for (size_t i = some; i < n && count < COUNT(picked); i++)
        if ((uint64_t)rows[i].facets & brief) picked[count++] = rows[i];
    ret->newest = load(r, picked, count);
    ret->newest_count = some;
    ret->brief = ret->newest + some;
    ret->brief_count = count - some;
}

/* What was announced: on air from its opening for as long as it lasts, as a programme is; coming before. */
static void pick_programme(struct request *r, const struct tv_viewer *who, struct tv_home *ret)
{
    struct tv_sql_programme *rows;
    size_t n = tv_sql_programme(r->db, who->circles, who->now - PROBE_DURATION_MAX, who->now,
                                PROGRAMME_READ, &rows);
    ret->airing = rows;
    for (size_t i = 0; i < n && ret->airing_count < HOME_PROGRAMME; i++) {
        bool begun = rows[i].opens_at <= who->now;
        if (begun && ret->begun == HOME_ON_AIR) continue; /* leaves room for what is coming */
        ret->begun += begun;
        rows[ret->airing_count++] = rows[i];
    }
}

void tv_home_get(struct request *r)
{
    static const uint64_t nothing[TV_GROUPS];
    struct tv_home home = { 0 };
    struct tv_viewer who;
    struct tv_sql_shelf *rows;
    tv_viewer(r, &who);
    home.total = shelf_of(r, &who, &rows);
    filter(rows, home.total, nothing, home.by_bit);
    pick(r, rows, home.total, &home);
    pick_programme(r, &who, &home);
    home.series_count =
        tv_sql_listed_series(r->db, 0, who.circles, who.now, HOME_SERIES, &home.series);
    home.channel_count = tv_sql_channels(r->db, &home.channels);
    tv_home(http_page(r), r, &home);
}
