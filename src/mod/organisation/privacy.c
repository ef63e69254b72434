/* Where a person belongs: theirs to see, gone when they leave. */
#include "mod/organisation/pages.h"

#define ROW struct organisation_sql_held_memberships
static const struct privacy_column columns_shown[] = {
    PRIVACY(TEXT, ROW, name, N_("School or organisation")),
    PRIVACY(CODE, ROW, role, N_("Role")),
    PRIVACY(TIME, ROW, starts_at, N_("Since")),
    PRIVACY(TIME, ROW, ends_at, N_("Until")),
    { 0 },
};
#undef ROW

PRIVACY_ROWS(memberships, organisation_sql_held_memberships)

static const struct privacy_section sections[] = {
    { "memberships", N_("Organisations"), columns_shown,
      sizeof(struct organisation_sql_held_memberships), memberships, NULL },
    { 0 },
};

static void erase(struct db *db, int64_t person_id, int64_t now)
{
    (void)now;
    organisation_sql_forget_memberships(db, person_id);
}

static const char *const columns[] = { "membership.person_id", NULL };

const struct privacy_source organisation_privacy[] = {
    { .name = "organisation",
      .label = N_("Organisations"),
      .sections = sections,
      .columns = columns,
      .erase = erase },
    { 0 },
};
