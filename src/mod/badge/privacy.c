/* Badges: what the holder takes along (each badge as picture and document), and what stays: the proof, without a name. */
#include "badge_sql.h"
#include "mod/badge/badge.h"
#include "mod/badge/inside.h"
#include "mod/badge/png.h"

#define ROW struct badge_sql_held_badges
static const struct privacy_column badge_columns[] = {
    PRIVACY(TEXT, ROW, name_fr, N_("Badge")),
    PRIVACY(TIME, ROW, issued_at, N_("Awarded on")),
    PRIVACY(TEXT, ROW, address, N_("Address")),
    PRIVACY(YES, ROW, show_name, N_("Shows your name")),
    PRIVACY(TIME, ROW, revoked_at, N_("Revoked on")),
    PRIVACY(TEXT, ROW, reason, N_("Reason")),
    { 0 },
};
#undef ROW
#define ROW struct badge_sql_held_progress
static const struct privacy_column progress_columns[] = {
    PRIVACY(TEXT, ROW, name_fr, N_("Badge")),
    PRIVACY(TEXT, ROW, name, N_("What counts towards it")),
    PRIVACY(TIME, ROW, at, N_("Done on")),
    { 0 },
};
#undef ROW
#define ROW struct badge_sql_held_revocations
static const struct privacy_column revocation_columns[] = {
    PRIVACY(TEXT, ROW, name_fr, N_("Badge")),
    PRIVACY(TIME, ROW, revoked_at, N_("Revoked on")),
    PRIVACY(TEXT, ROW, reason, N_("Reason")),
    { 0 },
};
#undef ROW

PRIVACY_ROWS(badges, badge_sql_held_badges)
PRIVACY_ROWS(progress, badge_sql_held_progress)
PRIVACY_ROWS(revocations, badge_sql_held_revocations)

static const struct privacy_section sections[] = {
    { "badges", N_("Badges"), badge_columns, sizeof(struct badge_sql_held_badges), badges,
      N_("A badge that was issued stays valid and can be checked for as long as it is of use; its "
         "page no longer shows a name, only a fingerprint of your address that is in the badge "
         "itself.") },
    { "progress", N_("On the way to badges"), progress_columns,
      sizeof(struct badge_sql_held_progress), progress, NULL },
    { "revocations", N_("Badges you revoked"), revocation_columns,
      sizeof(struct badge_sql_held_revocations), revocations,
      N_("Who revoked a badge stays as a number without a name.") },
    { 0 },
};

static size_t files(struct db *db, int64_t person_id, struct privacy_file **ret)
{
    struct arena *a = db_arena(db);
    struct badge_sql_held_badges *rows;
    size_t n = badge_sql_held_badges(db, person_id, &rows), count = 0;
    *ret = arena_array(a, struct privacy_file, 2 * n + 1);
    for (size_t i = 0; i < n; i++) {
        struct str png;
        (*ret)[count++] =
            (struct privacy_file){ .name = arena_printf(a, "%.*s.json", STR(rows[i].slug)),
                                   .data = rows[i].body };
        if (png_bake(a, rows[i].picture, rows[i].body, &png) == PNG_FINE)
            (*ret)[count++] =
                (struct privacy_file){ .name = arena_printf(a, "%.*s.png", STR(rows[i].slug)),
                                       .data = png };
    }
    return count;
}

static void erase(struct db *db, int64_t person_id, int64_t now)
{
    (void)now;
    badge_sql_forget_progress(db, person_id);
    badge_sql_hide_names(db, person_id);
}

static const char *const columns[] = { "badge_progress.person_id", "badge_assertion.person_id",
                                       "badge_revocation.revoked_by", NULL };

const struct privacy_source badge_privacy[] = {
    { .name = "badges",
      .label = N_("Badges"),
      .correct = "/badges",
      .sections = sections,
      .columns = columns,
      .files = files,
      .erase = erase },
    { 0 },
};
