/* Files brought in: the list of them, not what was made of them. */
#include "media/media.h"
#include "media_sql.h"
#include "work/privacy_source.h"

#define ROW struct media_sql_held_uploads
static const struct privacy_column upload_columns[] = {
    PRIVACY(TEXT, ROW, name, N_("Name of the file")),
    PRIVACY(INT, ROW, size, N_("Size in bytes")),
    PRIVACY(CODE, ROW, state, N_("State")),
    PRIVACY(TIME, ROW, created_at, N_("Begun on")),
    { 0 },
};
#undef ROW
PRIVACY_ROWS(uploads, media_sql_held_uploads)

static const struct privacy_section sections[] = {
    { "uploads", N_("Files you brought in"), upload_columns, sizeof(struct media_sql_held_uploads),
      uploads, NULL },
    { 0 },
};

static void erase(struct db *db, int64_t person_id, int64_t now)
{
    media_sql_forget_person(db, person_id, now);
}

static int64_t count_old(struct db *db, int64_t before)
{
    struct media_sql_count_old c;
    return media_sql_count_old(db, before, &c) ? c.n : 0;
}

static const struct retention_rule retention[] = {
    { "media.upload", N_("Who brought in which file"),
      N_("To go on with an upload that was cut, and to see what was brought in"),
      N_("Legitimate interest"), N_("Deleted each hour by the media layer itself"), 30, count_old,
      NULL },
    { 0 },
};

static const char *const columns[] = { "media_upload.person_id", NULL };

const struct privacy_source media_privacy[] = {
    { .name = "uploads",
      .label = N_("Files brought in"),
      .sections = sections,
      .columns = columns,
      .erase = erase,
      .retention = retention },
    { 0 },
};
