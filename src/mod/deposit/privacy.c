/* What somebody handed in, shown to them, handed over with the files, and erased with the account. */
#include "media/media.h"
#include "mod/deposit/pages.h"

#define ROW struct deposit_sql_held
static const struct privacy_column work_columns[] = {
    PRIVACY(TEXT, ROW, title, N_("Activity")),
    PRIVACY(INT, ROW, attempt, N_("Attempt")),
    PRIVACY(CODE, ROW, state, N_("State")),
    PRIVACY(TEXT, ROW, text, N_("Text")),
    PRIVACY(TEXT, ROW, comment, N_("Comment")),
    PRIVACY(INT, ROW, percent, N_("Percent")),
    PRIVACY(TIME, ROW, handed_at, N_("Handed in on")),
    PRIVACY(TIME, ROW, returned_at, N_("Returned on")),
    { 0 },
};
#undef ROW
#define ROW struct deposit_sql_held_files
static const struct privacy_column file_columns[] = {
    PRIVACY(TEXT, ROW, name, N_("File")),
    PRIVACY(INT, ROW, size, N_("Size")),
    { 0 },
};
#undef ROW
PRIVACY_ROWS(works, deposit_sql_held)
PRIVACY_ROWS(work_files, deposit_sql_held_files)

static const struct privacy_section sections[] = {
    { "works", N_("Works handed in"), work_columns, sizeof(struct deposit_sql_held), works, NULL },
    { "files", N_("Files of your works"), file_columns, sizeof(struct deposit_sql_held_files),
      work_files, NULL },
    { 0 },
};

static void erase(struct db *db, int64_t person_id, int64_t now)
{
    struct deposit_sql_held_files *files;
    size_t n = deposit_sql_held_files(db, person_id, &files);
    (void)now;
    deposit_sql_forget_files(db, person_id);
    for (size_t i = 0; i < n; i++)
        media_let_go(db, files[i].blob);
    deposit_sql_forget_marks(db, person_id);
    deposit_sql_forget_notes(db, person_id);
    deposit_sql_forget(db, person_id);
    deposit_sql_forget_marker(db, person_id);
}

static const char *const columns[] = { "deposit.person_id", "deposit.returned_by", NULL };

const struct privacy_source deposit_privacy[] = {
    { .name = "deposit",
      .label = N_("Works"),
      .sections = sections,
      .columns = columns,
      .erase = erase },
    { 0 },
};
