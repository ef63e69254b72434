/* Who wrote and published which version of a programme. The programmes themselves are the centre's. */
#include "catalogue_sql.h"
#include "mod/catalogue/pages.h"

#define ROW struct catalogue_sql_held_versions
static const struct privacy_column version_columns[] = {
    PRIVACY(TEXT, ROW, title, N_("Training")),
    PRIVACY(TIME, ROW, created_at, N_("Begun on")),
    PRIVACY(TIME, ROW, published_at, N_("Published on")),
    PRIVACY(YES, ROW, published, N_("Published by you")),
    { 0 },
};
#undef ROW
PRIVACY_ROWS(versions, catalogue_sql_held_versions)

static const struct privacy_section sections[] = {
    { "versions", N_("Programmes you wrote"), version_columns,
      sizeof(struct catalogue_sql_held_versions), versions,
      N_("The programmes stay, they are the centre's; that you wrote them is forgotten.") },
    { 0 },
};

static void erase(struct db *db, int64_t person_id, int64_t now)
{
    (void)now;
    catalogue_sql_forget_editor(db, person_id);
}

static const char *const columns[] = { "programme_version.created_by",
                                       "programme_version.published_by", NULL };

const struct privacy_source catalogue_privacy[] = {
    { .name = "catalogue",
      .label = N_("Programmes"),
      .sections = sections,
      .columns = columns,
      .erase = erase },
    { 0 },
};
