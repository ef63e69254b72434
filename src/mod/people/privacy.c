/* The account and the profile, as their owner sees them, and how they end. Erased last of all: other sources still ask
 * for the address. */
#include "mod/people/pages.h"
#include "people_sql.h"

#define ROW struct people_sql_held_account
static const struct privacy_column account_columns[] = {
    PRIVACY(TEXT, ROW, name, N_("Name")),
    PRIVACY(TEXT, ROW, email, N_("E-mail address")),
    PRIVACY(TEXT, ROW, lang, N_("Language")),
    PRIVACY(CODE, ROW, theme, N_("Appearance")),
    PRIVACY(TIME, ROW, created_at, N_("Opened on")),
    PRIVACY(TIME, ROW, confirmed_at, N_("Address confirmed on")),
    PRIVACY(TIME, ROW, seen_at, N_("Last day here")),
    { 0 },
};
#undef ROW
#define ROW struct people_sql_held_profile
static const struct privacy_column profile_columns[] = {
    PRIVACY(TEXT, ROW, pronoun, N_("Pronoun")),
    PRIVACY(CODE, ROW, category, N_("I am")),
    PRIVACY(INT, ROW, levels, N_("With whom I work")),
    PRIVACY(TEXT, ROW, subjects, N_("Subjects")),
    PRIVACY(TEXT, ROW, organisation, N_("School or organisation")),
    PRIVACY(TIME, ROW, changed_at, N_("Changed on")),
    { 0 },
};
#undef ROW
#define ROW struct people_sql_held_page
static const struct privacy_column page_columns[] = {
    PRIVACY(TEXT, ROW, slug, N_("Address")),
    PRIVACY(YES, ROW, is_open, N_("Open to everyone")),
    PRIVACY(YES, ROW, searchable, N_("Listed by search engines")),
    PRIVACY(TEXT, ROW, headline, N_("In one line")),
    PRIVACY(TEXT, ROW, about, N_("Text")),
    PRIVACY(TEXT, ROW, links, N_("Links")),
    PRIVACY(TIME, ROW, changed_at, N_("Changed on")),
    { 0 },
};
#undef ROW

#define ROW struct people_sql_held_page_items
static const struct privacy_column item_columns[] = { PRIVACY(CODE, ROW, part, N_("Kind")),
                                                      PRIVACY(INT, ROW, item, N_("Number there")),
                                                      { 0 } };
#undef ROW

#define ROW struct people_sql_held_changes
static const struct privacy_column change_columns[] = {
    PRIVACY(TEXT, ROW, old_email, N_("Before")),  PRIVACY(TEXT, ROW, new_email, N_("After")),
    PRIVACY(TIME, ROW, asked_at, N_("Asked on")), PRIVACY(TIME, ROW, changed_at, N_("Changed on")),
    PRIVACY(TIME, ROW, ended_at, N_("Ended on")), { 0 },
};
#undef ROW

PRIVACY_ROWS(account, people_sql_held_account)
PRIVACY_ROWS(profile, people_sql_held_profile)
PRIVACY_ROWS(public_page, people_sql_held_page)
PRIVACY_ROWS(page_items, people_sql_held_page_items)
PRIVACY_ROWS(changes, people_sql_held_changes)

static const struct privacy_section sections[] = {
    { "account", N_("Account"), account_columns, sizeof(struct people_sql_held_account), account,
      N_("A number stays in the place of your account, without name, address or password, so that "
         "what must be kept does not hang in the air.") },
    { "profile", N_("Profile"), profile_columns, sizeof(struct people_sql_held_profile), profile,
      NULL },
    { "page", N_("Public page"), page_columns, sizeof(struct people_sql_held_page), public_page,
      NULL },
    { "page_items", N_("Shown on the public page"), item_columns,
      sizeof(struct people_sql_held_page_items), page_items, NULL },
    { "addresses", N_("Changes of address"), change_columns, sizeof(struct people_sql_held_changes),
      changes, NULL },
    { 0 },
};

static size_t files(struct db *db, int64_t person_id, struct privacy_file **ret)
{
    struct people_sql_held_pictures *rows;
    size_t n = people_sql_held_pictures(db, person_id, &rows);
    *ret = arena_array(db_arena(db), struct privacy_file, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = (struct privacy_file){
            .name = arena_printf(db_arena(db), "portrait-%lld.webp", (long long)rows[i].size),
            .data = rows[i].picture,
        };
    return n;
}

static void erase(struct db *db, int64_t person_id, int64_t now)
{
    struct str email =
        arena_printf(db_arena(db), "efface-%lld@compte.invalid", (long long)person_id);
    people_sql_forget_profile(db, person_id);
    people_sql_forget_page_items(db, person_id);
    people_sql_forget_page(db, person_id);
    people_sql_forget_pictures(db, person_id);
    people_sql_forget_changes(db, person_id);
    people_sql_forget_account(db, person_id, S("Compte effacé"), email, now);
}

static int64_t count_unconfirmed(struct db *db, int64_t before)
{
    struct people_sql_count_unconfirmed c;
    return people_sql_count_unconfirmed(db, before, &c) ? c.n : 0;
}

static int64_t drop_unconfirmed(struct db *db, int64_t before, int64_t now)
{
    (void)now;
    return people_sql_drop_unconfirmed(db, before);
}

static int64_t count_changes(struct db *db, int64_t before)
{
    struct people_sql_count_old_changes c;
    return people_sql_count_old_changes(db, before, &c) ? c.n : 0;
}

static int64_t drop_changes(struct db *db, int64_t before, int64_t now)
{
    (void)now;
    return people_sql_drop_old_changes(db, before);
}

static const struct retention_rule retention[] = {
    { "people.unconfirmed", N_("Accounts whose address was never confirmed"),
      N_("To open an account once its address is proved"), N_("Contract"), N_("Deleted"), 31,
      count_unconfirmed, drop_unconfirmed },
    { "people.address", N_("Changes of address"),
      N_("To take a change back that the person did not want"), N_("Legitimate interest"),
      N_("Deleted"), 60, count_changes, drop_changes },
    { 0 },
};

static const char *const columns[] = { "person.name",
                                       "person.email",
                                       "profile.person_id",
                                       "profile_page.person_id",
                                       "profile_page_item.person_id",
                                       "profile_picture.person_id",
                                       "email_change.person_id",
                                       "email_change.old_email",
                                       "email_change.new_email",
                                       NULL };

const struct privacy_source people_privacy[] = {
    { .name = "people",
      .label = N_("Account and profile"),
      .correct = "/compte",
      .sections = sections,
      .columns = columns,
      .files = files,
      .erase = erase,
      .retention = retention },
    { 0 },
};
