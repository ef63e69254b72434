/* Where somebody was, shown to them; the words about it go with the account, that they were there stays with the hours. */
#include "mod/attendance/pages.h"

#define ROW struct attendance_sql_held
static const struct privacy_column mark_columns[] = {
    PRIVACY(TIME, ROW, starts_at, N_("Half-day")), PRIVACY(TEXT, ROW, programme, N_("Programme")),
    PRIVACY(TEXT, ROW, label, N_("Group")),        PRIVACY(TEXT, ROW, title, N_("Module")),
    PRIVACY(CODE, ROW, state, N_("State")),        PRIVACY(CODE, ROW, way, N_("Signed by")),
    PRIVACY(INT, ROW, minutes, N_("Minutes")),     PRIVACY(TEXT, ROW, reason, N_("Reason")),
    PRIVACY(TIME, ROW, at, N_("Written on")),      { 0 },
};
#undef ROW
PRIVACY_ROWS(marks, attendance_sql_held)

static const struct privacy_section sections[] = {
    { "attendance", N_("Your attendance"), mark_columns, sizeof(struct attendance_sql_held), marks,
      NULL },
    { 0 },
};

static void erase(struct db *db, int64_t person_id, int64_t now)
{
    (void)now;
    attendance_sql_forget_words(db, person_id);
    attendance_sql_forget_writer(db, person_id);
}

static const char *const columns[] = { "attendance_mark.person_id", "attendance_mark.by_id", NULL };

const struct privacy_source attendance_privacy[] = {
    { .name = "attendance",
      .label = N_("Attendance"),
      .correct = "/mon-espace/presences",
      .sections = sections,
      .columns = columns,
      .erase = erase },
    { 0 },
};
