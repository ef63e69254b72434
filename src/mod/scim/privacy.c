/* What directories said of a person: theirs to see, gone when they leave. */
#include "mod/scim/pages.h"

#define ROW struct scim_sql_held_users
static const struct privacy_column user_columns[] = {
    PRIVACY(TEXT, ROW, name, N_("Directory of")),
    PRIVACY(TEXT, ROW, user_name, N_("Name of the user there")),
    PRIVACY(TEXT, ROW, external_id, N_("Number there")),
    PRIVACY(TEXT, ROW, display_name, N_("Name")),
    PRIVACY(TEXT, ROW, formatted, N_("Whole name")),
    PRIVACY(TEXT, ROW, given_name, N_("First name")),
    PRIVACY(TEXT, ROW, family_name, N_("Family name")),
    PRIVACY(TEXT, ROW, lang, N_("Language")),
    PRIVACY(YES, ROW, active, N_("Active")),
    PRIVACY(TIME, ROW, created_at, N_("Since")),
    PRIVACY(TIME, ROW, changed_at, N_("Changed on")),
    { 0 },
};
#undef ROW
#define ROW struct scim_sql_held_emails
static const struct privacy_column email_columns[] = {
    PRIVACY(TEXT, ROW, value, N_("E-mail address")), PRIVACY(TEXT, ROW, type, N_("Kind")), { 0 }
};
#undef ROW
#define ROW struct scim_sql_held_groups
static const struct privacy_column group_columns[] = { PRIVACY(TEXT, ROW, display_name,
                                                               N_("Group")),
                                                       PRIVACY(TEXT, ROW, name, N_("Directory of")),
                                                       { 0 } };
#undef ROW

PRIVACY_ROWS(users, scim_sql_held_users)
PRIVACY_ROWS(emails, scim_sql_held_emails)
PRIVACY_ROWS(groups, scim_sql_held_groups)

static const struct privacy_section sections[] = {
    { "directories", N_("What directories say of me"), user_columns,
      sizeof(struct scim_sql_held_users), users, NULL },
    { "directory_addresses", N_("Addresses in directories"), email_columns,
      sizeof(struct scim_sql_held_emails), emails, NULL },
    { "directory_groups", N_("Groups of directories"), group_columns,
      sizeof(struct scim_sql_held_groups), groups, NULL },
    { 0 },
};

static void erase(struct db *db, int64_t person_id, int64_t now)
{
    (void)now;
    scim_sql_forget_members(db, person_id);
    scim_sql_forget_emails(db, person_id);
    scim_sql_forget_users(db, person_id);
}

static int64_t count_days(struct db *db, int64_t before)
{
    struct scim_sql_count_old_days c;
    return scim_sql_count_old_days(db, before, &c) ? c.n : 0;
}

static int64_t drop_days(struct db *db, int64_t before, int64_t now)
{
    (void)now;
    return scim_sql_drop_old_days(db, before);
}

static const struct retention_rule retention[] = {
    { "scim.day", N_("What directories did each day, as counts"),
      N_("To see whether a directory works"), N_("Legitimate interest"), N_("Deleted"), 180,
      count_days, drop_days },
    { 0 },
};

static const char *const columns[] = { "scim_user.person_id",    "scim_user.user_name",
                                       "scim_user.given_name",   "scim_user.family_name",
                                       "scim_user.display_name", NULL };

const struct privacy_source scim_privacy[] = {
    { .name = "scim",
      .label = N_("Directories of organisations"),
      .sections = sections,
      .columns = columns,
      .erase = erase,
      .retention = retention },
    { 0 },
};
