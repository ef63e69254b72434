/* A year of attendance: a word about everyone in each half-day that is over, in batches of people. */
#include "mod/attendance/pages.h"

enum { PEOPLE_A_BATCH = 2000 };

struct batch {
    int64_t from, to, now; /* people, by number */
};

static bool add(struct db *db, void *context)
{
    const struct batch *b = context;
    attendance_sql_year_marks(db, DEMO_YEAR_ID, b->from, b->to, b->now);
    return true;
}

bool attendance_year(struct demo *demo)
{
    for (int64_t from = 0; from < DEMO_YEAR_PEOPLE; from += PEOPLE_A_BATCH) {
        struct batch b = { from, from + PEOPLE_A_BATCH, demo->now };
        if (db_change_run(demo->database, demo->arena, add, &b) != DB_COMMITTED) return false;
    }
    return true;
}
