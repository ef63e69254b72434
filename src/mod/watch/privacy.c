/* What a person watched is theirs: shown to them, taken along, erased, and gone after three years. The counters name nobody. */
#include "base/time.h"
#include "mod/watch/inside.h"

enum { KEPT_DAYS = 3 * 365 };

#define ROW struct watch_sql_held_history
static const struct privacy_column history_columns[] = {
    PRIVACY(TEXT, ROW, title, N_("Video")),
    PRIVACY(INT, ROW, seen_ms, N_("Seen, in milliseconds")),
    PRIVACY(INT, ROW, played_ms, N_("Played, in milliseconds")),
    PRIVACY(INT, ROW, position_ms, N_("Where you left, in milliseconds")),
    PRIVACY(TIME, ROW, first_at, N_("First watched on")),
    PRIVACY(TIME, ROW, last_at, N_("Last watched on")),
    PRIVACY(TIME, ROW, finished_at, N_("Finished on")),
    { 0 },
};
#undef ROW
#define ROW struct watch_sql_held_months
static const struct privacy_column month_columns[] = {
    PRIVACY(TEXT, ROW, title, N_("Video")),
    PRIVACY(INT, ROW, month, N_("Month")),
    PRIVACY(INT, ROW, played_ms, N_("Played, in milliseconds")),
    { 0 },
};
#undef ROW
#define ROW struct watch_sql_held_private
static const struct privacy_column private_columns[] = {
    PRIVACY(TIME, ROW, since, N_("Since")),
    { 0 },
};
#undef ROW
#define ROW struct watch_sql_held_reading
static const struct privacy_column reading_columns[] = {
    PRIVACY(CODE, ROW, size, N_("Size of the subtitles")),
    PRIVACY(CODE, ROW, tone, N_("Colours of the subtitles")),
    { 0 },
};
#undef ROW
PRIVACY_ROWS(history, watch_sql_held_history)
PRIVACY_ROWS(months, watch_sql_held_months)
PRIVACY_ROWS(no_history, watch_sql_held_private)
PRIVACY_ROWS(reading, watch_sql_held_reading)

static const struct privacy_section sections[] = {
    { "history", N_("Videos you watched"), history_columns, sizeof(struct watch_sql_held_history),
      history, NULL },
    { "months", N_("What you watched, by month"), month_columns,
      sizeof(struct watch_sql_held_months), months, NULL },
    { "no-history", N_("Your wish to keep no history"), private_columns,
      sizeof(struct watch_sql_held_private), no_history, NULL },
    { "reading", N_("How you read subtitles"), reading_columns,
      sizeof(struct watch_sql_held_reading), reading, NULL },
    { 0 },
};

static void erase(struct db *db, int64_t person_id, int64_t now)
{
    (void)now;
    watch_sql_forget_history(db, person_id);
    watch_sql_forget_months(db, person_id);
    watch_sql_unset_private(db, person_id);
    watch_sql_forget_reading(db, person_id);
}

static int64_t count_old(struct db *db, int64_t before)
{
    struct watch_sql_count_old_history row = { 0 };
    watch_sql_count_old_history(db, before, &row);
    return row.n;
}

static int64_t drop_old(struct db *db, int64_t before, int64_t now)
{
    (void)now;
    watch_sql_drop_old_months(db, watch_day_of(before) / 100);
    return watch_sql_drop_old_history(db, before);
}

static const struct retention_rule retention[] = {
    { "watch.history", N_("Videos a person watched"),
      N_("To go on where one left, and to count hours by network"), N_("Legitimate interest"),
      N_("Deleted"), KEPT_DAYS, count_old, drop_old },
    { 0 },
};

static const char *const columns[] = { "watch_history.person_id", "watch_month.person_id",
                                       "watch_private.person_id", "watch_reading.person_id", NULL };

const struct privacy_source watch_privacy[] = {
    { .name = "watch",
      .label = N_("Videos you watched"),
      .correct = "/compte/historique",
      .sections = sections,
      .columns = columns,
      .erase = erase,
      .retention = retention },
    { 0 },
};
