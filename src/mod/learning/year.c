/* Who learnt what in a whole year: 60,000 enrolments and two million activities done, in batches of people. Each person has
 * three or four programmes, and did some thirty steps of each, the same in every load. */
#include "mod/learning/pages.h"

enum { PEOPLE_A_BATCH = 1000 };

struct batch {
    const struct demo *demo;
    int64_t from, to; /* people, by number */
};

static bool add(struct db *db, void *context)
{
    const struct batch *b = context;
    int64_t base = DEMO_YEAR_ID, now = b->demo->now;
    learning_sql_year_enrolments(db, base, b->from, b->to, now);
    learning_sql_year_completions(db, base, b->from, b->to, now);
    learning_sql_year_module_completions(db, base, b->from, b->to, now);
    learning_sql_year_programme_completions(db, base, b->from, b->to, now);
    learning_sql_year_hours(db, base, b->from, b->to, now);
    return true;
}

bool learning_year(struct demo *demo)
{
    for (int64_t from = 0; from < DEMO_YEAR_PEOPLE; from += PEOPLE_A_BATCH) {
        struct batch b = { demo, from, from + PEOPLE_A_BATCH };
        if (db_change_run(demo->database, demo->arena, add, &b) != DB_COMMITTED) return false;
        if ((from / PEOPLE_A_BATCH + 1) % 4 == 0)
            demo->say("%lld people of %d", (long long)b.to, DEMO_YEAR_PEOPLE);
    }
    return true;
}
