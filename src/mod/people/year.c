/* The people of a whole year of the centre: the load of `edulab demo --size year`. */
#include "mod/people/pages.h"
#include "people_sql.h"

static bool add(struct db *db, void *context)
{
    const struct demo *demo = context;
    people_sql_year_people(db, DEMO_YEAR_ID, DEMO_YEAR_PEOPLE, demo->now);
    while (access_index_people(db, 4000) > 0) {
    }
    return true;
}

bool people_year(struct demo *demo)
{
    return db_change_run(demo->database, demo->arena, add, demo) == DB_COMMITTED;
}
