/* A year of meetings: ten for each group, in twelve rooms, with a trainer and a half-day each. */
#include "mod/cohort/plan.h"

static bool add(struct db *db, void *context)
{
    const struct demo *demo = context;
    int64_t base = DEMO_YEAR_ID, groups = DEMO_YEAR_PROGRAMMES * DEMO_YEAR_COHORTS;
    int64_t meetings = groups * DEMO_YEAR_MEETINGS;
    cohort_sql_year_rooms(db, base, 12);
    cohort_sql_year_meetings(db, base, meetings, DEMO_YEAR_MEETINGS, demo->now);
    cohort_sql_year_halves(db, base, meetings);
    cohort_sql_year_trainers(db, base, meetings, DEMO_YEAR_MEETINGS);
    return true;
}

bool cohort_year(struct demo *demo)
{
    return db_change_run(demo->database, demo->arena, add, demo) == DB_COMMITTED;
}
