/* Who handed files in, and how long files are kept. */
#include "mod/import/pages.h"

#define ROW struct import_sql_held_runs
static const struct privacy_column run_columns[] = {
    PRIVACY(CODE, ROW, kind, N_("Kind")),           PRIVACY(TEXT, ROW, name, N_("File")),
    PRIVACY(TIME, ROW, asked_at, N_("Asked on")),   PRIVACY(TIME, ROW, done_at, N_("Done on")),
    PRIVACY(TIME, ROW, undone_at, N_("Undone on")), { 0 },
};
#undef ROW

PRIVACY_ROWS(runs, import_sql_held_runs)

static const struct privacy_section sections[] = {
    { "files", N_("Files you brought in"), run_columns, sizeof(struct import_sql_held_runs), runs,
      N_("That a file was brought in is kept, without your name.") },
    { 0 },
};

static void erase(struct db *db, int64_t person_id, int64_t now)
{
    (void)now;
    import_sql_forget_asker(db, person_id);
    import_sql_forget_changes(db, person_id);
}

static int64_t count_files(struct db *db, int64_t before)
{
    struct import_sql_count_old c;
    return import_sql_count_old(db, before, &c) ? c.files + c.changes + c.problems : 0;
}

static int64_t drop_files(struct db *db, int64_t before, int64_t now)
{
    (void)now;
    import_sql_forget_previews(db, before);
    return import_sql_drop_old_problems(db, before) + import_sql_drop_old_changes(db, before) +
           import_sql_drop_old_files(db, before);
}

static const struct retention_rule retention[] = {
    { "import.file", N_("Files with people and organisations that were brought in, and their undo"),
      N_("To put right what a file did wrong"), N_("Legitimate interest"), N_("Deleted"), 7,
      count_files, drop_files },
    { 0 },
};

static const char *const columns[] = { "import_run.asked_by", "import_change.person", NULL };

const struct privacy_source import_privacy[] = {
    { .name = "import",
      .label = N_("Files brought in"),
      .sections = sections,
      .columns = columns,
      .erase = erase,
      .retention = retention },
    { 0 },
};
