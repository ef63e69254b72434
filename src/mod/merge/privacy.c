/* That accounts were merged: shown to whom it concerns, without names once they leave. */
#include "mod/merge/pages.h"

#define ROW struct merge_sql_held_merges
static const struct privacy_column merge_columns[] = {
    PRIVACY(TEXT, ROW, kept_name, N_("Kept")),
    PRIVACY(TEXT, ROW, gone_name, N_("Merged into it")),
    PRIVACY(TEXT, ROW, gone_email, N_("Its address")),
    PRIVACY(TIME, ROW, merged_at, N_("When")),
    PRIVACY(TIME, ROW, undone_at, N_("Undone on")),
    { 0 },
};
#undef ROW

PRIVACY_ROWS(merges, merge_sql_held_merges)

static const struct privacy_section sections[] = {
    { "merges", N_("Accounts made one"), merge_columns, sizeof(struct merge_sql_held_merges),
      merges, N_("That two accounts were made one is kept, without names.") },
    { 0 },
};

static void erase(struct db *db, int64_t person_id, int64_t now)
{
    (void)now;
    merge_sql_forget_merger(db, person_id);
    merge_sql_forget_names(db, person_id);
}

static const char *const columns[] = { "merge_run.merged_by", "merge_run.gone_email", NULL };

const struct privacy_source merge_privacy[] = {
    { .name = "merge",
      .label = N_("Accounts made one"),
      .sections = sections,
      .columns = columns,
      .erase = erase },
    { 0 },
};
