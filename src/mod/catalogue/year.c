/* What the centre offers in a whole year: forty programmes of ten modules with five activities each, ten cohorts each. Ids are
 * numbers in a row from DEMO_YEAR_ID (module.h), so that the load of other modules knows them. */
#include "mod/catalogue/pages.h"
#include "mod/catalogue/version.h"

static bool add(struct db *db, void *context)
{
    const struct demo *demo = context;
    int64_t now = demo->now, base = DEMO_YEAR_ID;
    catalogue_sql_year_programmes(db, base, DEMO_YEAR_PROGRAMMES, now);
    catalogue_sql_year_versions(db, base, DEMO_YEAR_PROGRAMMES, now);
    catalogue_sql_year_publish(db, base, DEMO_YEAR_PROGRAMMES);
    catalogue_sql_year_roots(db, base, DEMO_YEAR_PROGRAMMES, DEMO_YEAR_MODULES);
    catalogue_sql_year_modules(db, base, DEMO_YEAR_PROGRAMMES * DEMO_YEAR_MODULES,
                               DEMO_YEAR_MODULES);
    catalogue_sql_year_module_nodes(db, base, DEMO_YEAR_PROGRAMMES * DEMO_YEAR_MODULES,
                                    DEMO_YEAR_MODULES, DEMO_YEAR_STEPS);
    int64_t steps = DEMO_YEAR_PROGRAMMES * DEMO_YEAR_MODULES * DEMO_YEAR_STEPS;
    catalogue_sql_year_activities(db, base, steps, DEMO_YEAR_STEPS);
    catalogue_sql_year_activity_nodes(db, base, steps, DEMO_YEAR_MODULES, DEMO_YEAR_STEPS);
    catalogue_sql_year_cohorts(db, base, DEMO_YEAR_PROGRAMMES * DEMO_YEAR_COHORTS,
                               DEMO_YEAR_COHORTS, now);
    catalogue_index(db, now);
    return true;
}

bool catalogue_year(struct demo *demo)
{
    return db_change_run(demo->database, demo->arena, add, demo) == DB_COMMITTED;
}
