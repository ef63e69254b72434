/* Who trains when, and who planned what. */
#include "mod/cohort/pages.h"

#define ROW struct cohort_sql_held_trainings
static const struct privacy_column training_columns[] = {
    PRIVACY(TIME, ROW, starts_at, N_("Begins on")),
    PRIVACY(TEXT, ROW, label, N_("Group")),
    PRIVACY(TEXT, ROW, title, N_("Module")),
    { 0 },
};
#undef ROW
#define ROW struct cohort_sql_held_plans
static const struct privacy_column plan_columns[] = {
    PRIVACY(TEXT, ROW, label, N_("Group")),
    PRIVACY(TIME, ROW, created_at, N_("Planned on")),
    { 0 },
};
#undef ROW
PRIVACY_ROWS(trainings, cohort_sql_held_trainings)
PRIVACY_ROWS(plans, cohort_sql_held_plans)

static const struct privacy_section sections[] = {
    { "meetings", N_("Meetings where you train"), training_columns,
      sizeof(struct cohort_sql_held_trainings), trainings, NULL },
    { "plans", N_("Groups you planned"), plan_columns, sizeof(struct cohort_sql_held_plans), plans,
      NULL },
    { 0 },
};

static void erase(struct db *db, int64_t person_id, int64_t now)
{
    (void)now;
    cohort_sql_forget_trainer(db, person_id);
    cohort_sql_forget_planner(db, person_id);
}

static const char *const columns[] = { "meeting_trainer.person_id", "cohort_plan.created_by",
                                       NULL };

const struct privacy_source cohort_privacy[] = {
    { .name = "cohort",
      .label = N_("Groups"),
      .sections = sections,
      .columns = columns,
      .erase = erase },
    { 0 },
};
