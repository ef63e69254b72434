/* Programmes and cohorts as things that a role can be given for. */
#include "base/utf8.h"
#include "mod/learning/learning.h"
#include "mod/rights/pages.h"
#include "rights_html.h"

static struct str programme_title(struct db *db, int64_t id)
{
    struct rights_sql_programme_title row;
    return rights_sql_programme_title(db, id, &row) ? row.title : STR_NONE;
}

static struct str cohort_title(struct db *db, int64_t id)
{
    struct rights_sql_cohort_title row;
    if (!rights_sql_cohort_title(db, id, &row)) return STR_NONE;
    return arena_printf(db_arena(db), "%.*s, %.*s", STR(row.title), STR(row.label));
}

static size_t cohort_above(struct db *db, int64_t id, struct access_scope **ret)
{
    struct rights_sql_cohort_title row;
    if (!rights_sql_cohort_title(db, id, &row)) return 0;
    *ret = arena_new(db_arena(db), struct access_scope);
    **ret = (struct access_scope){ S("programme"), row.programme_id };
    return 1;
}

/* They are few: folded and compared here, the same on both engines. */
static bool holds_text(struct arena *a, struct str title, struct str folded)
{
    struct str own = utf8_fold(a, title);
    return str_search(own, folded) < own.n;
}

static size_t programme_find(struct db *db, struct str text, size_t most, int64_t **ret)
{
    struct arena *a = db_arena(db);
    struct rights_sql_programmes *rows;
    size_t n = rights_sql_programmes(db, &rows), kept = 0;
    struct str folded = utf8_fold(a, text);
    *ret = arena_array(a, int64_t, most);
    for (size_t i = 0; i < n && kept < most; i++)
        if (holds_text(a, rows[i].title, folded)) (*ret)[kept++] = rows[i].id;
    return kept;
}

static size_t cohort_find(struct db *db, struct str text, size_t most, int64_t **ret)
{
    struct arena *a = db_arena(db);
    struct rights_sql_cohorts *rows;
    size_t n = rights_sql_cohorts(db, &rows), kept = 0;
    struct str folded = utf8_fold(a, text);
    *ret = arena_array(a, int64_t, most);
    for (size_t i = 0; i < n && kept < most; i++)
        if (holds_text(a, arena_printf(a, "%.*s, %.*s", STR(rows[i].title), STR(rows[i].label)),
                       folded))
            (*ret)[kept++] = rows[i].id;
    return kept;
}

/* The organisations that the person looks after, in Mon espace. */
static void in_my_space(struct page *pg, struct request *r)
{
    int64_t *ids;
    size_t n = access_scopes(r, "organisation.read", "organisation", &ids);
    struct organisation *own = arena_array(r->arena, struct organisation, n + 1);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        kept += organisation_find(r->db, ids[i], &own[kept]);
    if (kept) rights_my_organisations(pg, own, kept);
}

void rights_start(struct settings *settings)
{
    static const struct access_scope_kind programme = { .name = "programme",
                                                        .label =
                                                            N_("A programme, with its sessions"),
                                                        .title = programme_title,
                                                        .find = programme_find },
                                          cohort = { .name = "cohort",
                                                     .label = N_("A session of a programme"),
                                                     .above = cohort_above,
                                                     .title = cohort_title,
                                                     .find = cohort_find };
    (void)settings;
    access_add_scope_kind(&programme);
    access_add_scope_kind(&cohort);
    learning_add_extra(in_my_space);
}
