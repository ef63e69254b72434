/* catalogue_entry, rewritten from what it is derived from: when that changes, and once a day, since the next date passes by
 * itself. */
#include "base/id.h"
#include "base/time.h"
#include "db/words.h"
#include "mod/catalogue/search.h"
#include "mod/competence/competence.h"

enum {
    MODULES_AFTER =
        1000000, /* programmes come first, then the modules that can be taken by themselves */
    REFRESH_AT_ONCE = 50,
    REFRESH_EVERY = 60, /* minutes */
};

/* What an entry says of its groups: all that are to come, of the programme or of one module. */
struct ahead {
    int64_t months, places;
    struct buf names;
};

struct indexing {
    struct db *db;
    const struct catalogue_sql_index_programme *p;
    struct catalogue_sql_cohorts_ahead *cohorts;
    size_t cohort_count;
    int64_t now;
};

static int64_t place_bits(struct db *db, struct str name)
{
    struct catalogue_sql_place place;
    if (!name.n) return 0;
    if (!catalogue_sql_place(db, name, &place)) {
        catalogue_sql_add_place(db, name, CATALOGUE_PLACES);
        if (!catalogue_sql_place(db, name, &place)) return 0; /* the list is full */
    }
    return INT64_C(1) << place.bit;
}

static struct ahead look_ahead(const struct indexing *x, int64_t module_id)
{
    struct ahead a = { .names = BUF_INIT(4 * KIB) };
    for (size_t i = 0; i < x->cohort_count; i++) {
        const struct catalogue_sql_cohorts_ahead *c = &x->cohorts[i];
        if (c->module_id != module_id) continue;
        a.months |= facet_month(c->starts_at);
        a.places |= place_bits(x->db, c->place);
        buf_str(&a.names, c->place);
        buf_putc(&a.names, ' ');
    }
    return a;
}

/* What has a word in its title is found first. */
static void index_words(struct db *db, int64_t id, struct str title, struct str more,
                        struct str body)
{
    catalogue_sql_add_words(db, id, words_index(db, title), words_index(db, more),
                            words_index(db, body));
}

static void index_module(const struct indexing *x, const struct catalogue_sql_index_modules *m,
                         int64_t place)
{
    struct arena *a = db_arena(x->db);
    const struct catalogue_sql_index_programme *p = x->p;
    struct str kind = m->lane.n ? m->lane : S("module");
    struct ahead ahead = look_ahead(x, m->id);
    const struct facet_facts facts = {
        .kind = kind,
        .modality = m->modality,
        .minutes = m->minutes_remote + m->minutes_onsite + m->minutes_own + m->minutes_creation,
        .audience = p->audience,
        .competences = m->competences,
        .subjects = m->subjects ? m->subjects : p->subjects,
        .networks = p->networks,
        .languages = p->languages,
    };
    const struct catalogue_sql_add_entry_in in = {
        .id = id_new(),
        .slug = m->slug,
        .programme = p->id,
        .module = m->id,
        .cohort = m->cohort_id,
        .kind = kind,
        .area = p->area,
        .title = m->title,
        .aim = m->outcome,
        .modality = m->modality,
        .minutes = facts.minutes,
        .competences = m->competences,
        .modules = 0,
        .starts = m->starts_at,
        .facets = facets_of(&facts),
        .months = ahead.months,
        .places = ahead.places,
        .sample = m->sample,
        .position = MODULES_AFTER + p->position * 1000 + place,
        .now = x->now,
    };
    catalogue_sql_add_entry(x->db, &in);
    index_words(x->db, in.id, m->title,
                arena_printf(a, "%.*s %.*s %.*s %.*s %.*s", STR(m->outcome), STR(p->title),
                             STR(m->code), STR(buf_view(&ahead.names)),
                             STR(competence_codes(a, m->competences))),
                arena_printf(a, "%.*s %.*s", STR(m->objectives), STR(m->requirements)));
    buf_finish(&ahead.names);
}

static void index_whole(const struct indexing *x, struct str module_titles)
{
    struct arena *a = db_arena(x->db);
    const struct catalogue_sql_index_programme *p = x->p;
    struct ahead ahead = look_ahead(x, DB_NULL);
    const struct facet_facts facts = { .kind = p->kind,
                                       .modality = p->modality,
                                       .minutes = p->minutes,
                                       .audience = p->audience,
                                       .competences = p->competences,
                                       .subjects = p->subjects,
                                       .networks = p->networks,
                                       .languages = p->languages };
    const struct catalogue_sql_add_entry_in in = {
        .id = id_new(),
        .slug = p->slug,
        .programme = p->id,
        .module = DB_NULL,
        .cohort = p->cohort_id,
        .kind = p->kind,
        .area = p->area,
        .title = p->title,
        .aim = p->aim,
        .modality = p->modality,
        .minutes = p->minutes,
        .competences = p->competences,
        .modules = p->modules,
        .starts = p->starts_at,
        .facets = facets_of(&facts),
        .months = ahead.months,
        .places = ahead.places,
        .sample = p->sample,
        .position = p->position,
        .now = x->now,
    };
    catalogue_sql_add_entry(x->db, &in);
    index_words(x->db, in.id, p->title,
                arena_printf(a, "%.*s %.*s %.*s %.*s", STR(p->aim), STR(p->subtitle),
                             STR(buf_view(&ahead.names)), STR(competence_codes(a, p->competences))),
                arena_printf(a, "%.*s %.*s %.*s %.*s", STR(p->summary), STR(p->objectives),
                             STR(p->requirements), STR(module_titles)));
    buf_finish(&ahead.names);
}

void catalogue_index_programme(struct db *db, int64_t programme_id, int64_t now)
{
    struct catalogue_sql_index_programme p;
    struct catalogue_sql_index_modules *m;
    struct indexing x = { .db = db, .p = &p, .now = now };
    struct buf titles = BUF_INIT(64 * KIB);
    catalogue_sql_clear_words(db, programme_id);
    catalogue_sql_clear_entries(db, programme_id);
    if (!catalogue_sql_index_programme(db, programme_id, now, &p)) return;
    x.cohort_count = catalogue_sql_cohorts_ahead(db, programme_id, now, &x.cohorts);
    size_t n = catalogue_sql_index_modules(db, programme_id, now, &m);
    for (size_t i = 0; i < n; i++) {
        buf_str(&titles, m[i].title);
        buf_putc(&titles, ' ');
    }
    index_whole(&x, buf_view(&titles));
    buf_finish(&titles);
    for (size_t i = 0; i < n; i++)
        if (m[i].listed) index_module(&x, &m[i], (int64_t)i);
}

void catalogue_index(struct db *db, int64_t now)
{
    struct catalogue_sql_indexed_programmes *rows;
    size_t n = catalogue_sql_indexed_programmes(db, &rows);
    for (size_t i = 0; i < n; i++)
        catalogue_index_programme(db, rows[i].id, now);
}

/* --- by the clock --------------------------------------------------------------------------------------------------------- */

static int64_t midnight(int64_t now)
{
    struct civil c = time_civil(now);
    return time_from_civil(c.year, c.month, c.day, 0, 0);
}

/* Those whose next date has passed, and those not looked at today; what is left, an event of its own, so that no change is
 * long. */
static bool refresh(struct db *db, struct job *job)
{
    int64_t now = time_now();
    struct catalogue_sql_stale *rows;
    size_t n = catalogue_sql_stale(db, midnight(now), now, REFRESH_AT_ONCE, &rows);
    for (size_t i = 0; i < n; i++)
        catalogue_index_programme(db, rows[i].id, now);
    if (n == REFRESH_AT_ONCE) job_add(db, "catalogue.refresh", STR_NONE, NULL, 0);
    (void)job;
    return true;
}

const struct job_kind catalogue_jobs[] = { { .name = "catalogue.refresh", .apply = refresh },
                                           { 0 } };
const struct schedule catalogue_schedules[] = { { "catalogue.refresh", REFRESH_EVERY }, { 0 } };
