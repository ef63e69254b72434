/* Cohorts: the record, and what others may ask of a cohort. */
#include "mod/cohort/cohort.h"

#include "mod/cohort/plan.h"

static struct cohort exported(const struct cohort_sql_find *c)
{
    return (struct cohort){ .id = c->id,
                            .programme_id = c->programme_id,
                            .version_id = c->version_id,
                            .module_id = c->module_id,
                            .programme_slug = c->programme_slug,
                            .programme_title = c->programme_title,
                            .area = c->area,
                            .label = c->label,
                            .place = c->place,
                            .starts_at = c->starts_at,
                            .ends_at = c->ends_at,
                            .places = c->places,
                            .taken = c->taken,
                            .opens_at = c->opens_at,
                            .closes_at = c->closes_at,
                            .cancelled_at = c->cancelled_at,
                            .answer_hours = c->answer_hours,
                            .approval = c->approval != 0,
                            .sample = c->sample != 0,
                            .note = c->note };
}

bool cohort_find(struct db *db, int64_t id, struct cohort *ret)
{
    struct cohort_sql_find c;
    if (!cohort_sql_find(db, id, &c)) return false;
    *ret = exported(&c);
    return true;
}

bool cohort_is_open(const struct cohort *c, int64_t now)
{
    if (c->cancelled_at != DB_NULL || now >= c->ends_at) return false;
    if (c->opens_at != DB_NULL && now < c->opens_at) return false;
    return now < (c->closes_at == DB_NULL ? c->starts_at : c->closes_at);
}

size_t cohort_enrolling(struct db *db, int64_t programme_id, int64_t now, struct cohort **ret)
{
    struct cohort_sql_find *rows;
    size_t n = cohort_sql_enrolling(db, programme_id, now, &rows);
    *ret = arena_array(db_arena(db), struct cohort, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = exported(&rows[i]);
    return n;
}

bool cohort_is_planned(struct db *db, int64_t programme_id, int64_t now)
{
    struct cohort_sql_planned count;
    return cohort_sql_planned(db, programme_id, now, &count) && count.n > 0;
}

size_t cohort_questions(struct db *db, int64_t cohort_id, struct cohort_question **ret)
{
    struct cohort_sql_questions *rows;
    size_t n = cohort_sql_questions(db, cohort_id, &rows);
    *ret = arena_array(db_arena(db), struct cohort_question, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = (struct cohort_question){ rows[i].id, rows[i].label, rows[i].choices,
                                              rows[i].required != 0 };
    return n;
}

bool cohort_may_plan(struct request *r, int64_t cohort_id)
{
    return access_holds_for(r, "cohort.plan", "cohort", cohort_id);
}

const struct module cohort_module = {
    .name = "cohort",
    .routes = cohort_routes,
    .notices = cohort_notices,
    .menu = cohort_menu,
    .db = &cohort_db,
    .privacy = cohort_privacy,
    .demo = cohort_demo,
    .year = cohort_year,
};
