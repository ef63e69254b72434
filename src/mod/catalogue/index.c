/* catalogue_entry, rewritten from what it is derived from. */
#include "base/id.h"
#include "base/utf8.h"
#include "mod/catalogue/search.h"
#include "mod/competence/competence.h"

/* Programmes come first, then the modules that can be taken by themselves. */
enum { MODULES_AFTER = 1000000 };

static struct str search_text(struct arena *a, struct str title, struct str more, struct str extra,
                              int64_t mask)
{
    struct str all = arena_printf(a, "%.*s %.*s %.*s %.*s", STR(title), STR(more), STR(extra),
                                  STR(competence_codes(a, mask)));
    return utf8_fold(a, all);
}

static void index_modules(struct db *db, const struct catalogue_sql_index_programme *p, int64_t now)
{
    struct arena *a = db_arena(db);
    struct catalogue_sql_index_modules *m;
    size_t n = catalogue_sql_index_modules(db, p->id, now, &m);
    for (size_t i = 0; i < n; i++, m++) {
        struct str kind = m->lane.n ? m->lane : S("module");
        int64_t minutes =
            m->minutes_remote + m->minutes_onsite + m->minutes_own + m->minutes_creation;
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
            .minutes = minutes,
            .competences = m->competences,
            .modules = 0,
            .starts = m->starts_at,
            .facets = facets_of(kind, m->modality, minutes, p->audience, m->competences),
            .search = search_text(a, m->title, p->title, m->code, m->competences),
            .sample = m->sample,
            .position = MODULES_AFTER + p->position * 1000 + (int64_t)i,
        };
        catalogue_sql_add_entry(db, &in);
    }
}

void catalogue_index_programme(struct db *db, int64_t programme_id, int64_t now)
{
    struct catalogue_sql_index_programme p;
    catalogue_sql_clear_entries(db, programme_id);
    if (!catalogue_sql_index_programme(db, programme_id, now, &p)) return;
    const struct catalogue_sql_add_entry_in in = {
        .id = id_new(),
        .slug = p.slug,
        .programme = p.id,
        .module = DB_NULL,
        .cohort = p.cohort_id,
        .kind = p.kind,
        .area = p.area,
        .title = p.title,
        .aim = p.aim,
        .modality = p.modality,
        .minutes = p.minutes,
        .competences = p.competences,
        .modules = p.modules,
        .starts = p.starts_at,
        .facets = facets_of(p.kind, p.modality, p.minutes, p.audience, p.competences),
        .search = search_text(db_arena(db), p.title, p.aim, p.subtitle, p.competences),
        .sample = p.sample,
        .position = p.position,
    };
    catalogue_sql_add_entry(db, &in);
    index_modules(db, &p, now);
}

void catalogue_index(struct db *db, int64_t now)
{
    struct catalogue_sql_indexed_programmes *rows;
    size_t n = catalogue_sql_indexed_programmes(db, &rows);
    for (size_t i = 0; i < n; i++)
        catalogue_index_programme(db, rows[i].id, now);
}
