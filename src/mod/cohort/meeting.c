/* Meetings: their moments on the wall clock, half-days, trainers, and what stands against them. */
#include "base/id.h"
#include "base/time.h"
#include "mod/cohort/pages.h"

enum { LONGEST_DAYS = 2 }; /* of one meeting: bounds the search for clashes */

/* --- moments ----------------------------------------------------------------------------------------------------------- */

void cohort_series(int64_t first, int hour, int minute, int64_t minutes, int every_days,
                   size_t count, struct cohort_span *ret)
{
    struct civil day = time_civil(first);
    for (size_t i = 0; i < count; i++) {
        /* a day too many in a month is the next month's: time_from_civil counts on */
        int64_t starts =
            time_from_civil(day.year, day.month, day.day + (int)i * every_days, hour, minute);
        ret[i] = (struct cohort_span){ starts, starts + minutes * MINUTE_MS };
    }
}

static int64_t on_its_day(int64_t moment, int hour, int minute)
{
    struct civil c = time_civil(moment);
    return time_from_civil(c.year, c.month, c.day, hour, minute);
}

size_t cohort_split(int64_t starts_at, int64_t ends_at, struct cohort_span ret[COHORT_HALVES])
{
    ret[0] = (struct cohort_span){ starts_at, ends_at };
    if (starts_at > on_its_day(starts_at, 11, 0) || ends_at < on_its_day(starts_at, 15, 0))
        return 1;
    ret[0].ends_at = on_its_day(starts_at, 12, 30);
    ret[1] = (struct cohort_span){ on_its_day(starts_at, 13, 30), ends_at };
    return 2;
}

/* --- reading ------------------------------------------------------------------------------------------------------------ */

static struct str shown_title(struct str own, struct str node, struct str label)
{
    return own.n ? own : node.n ? node : label;
}

static struct cohort_meeting exported(struct db *db, const struct cohort_sql_meetings *m)
{
    struct str place = m->place;
    if (m->room.n)
        place = m->room_place.n
                    ? arena_printf(db_arena(db), "%.*s, %.*s", STR(m->room), STR(m->room_place))
                    : m->room;
    return (struct cohort_meeting){ .id = m->id,
                                    .cohort_id = m->cohort_id,
                                    .module_id = m->module_id,
                                    .title = shown_title(m->title, m->node_title, m->label),
                                    .mode = m->mode,
                                    .starts_at = m->starts_at,
                                    .ends_at = m->ends_at,
                                    .room_id = m->room_id,
                                    .place = place,
                                    .link = m->link,
                                    .sequence = m->sequence,
                                    .changed_at = m->changed_at,
                                    .cancelled_at = m->cancelled_at };
}

size_t cohort_meetings(struct db *db, int64_t cohort_id, struct cohort_meeting **ret)
{
    struct cohort_sql_meetings *rows;
    size_t n = cohort_sql_meetings(db, cohort_id, &rows);
    *ret = arena_array(db_arena(db), struct cohort_meeting, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = exported(db, &rows[i]);
    return n;
}

bool cohort_meeting_find(struct db *db, int64_t id, struct cohort_meeting *ret)
{
    struct cohort_sql_meetings m;
    if (!cohort_sql_meeting(db, id, &m)) return false;
    *ret = exported(db, &m);
    return true;
}

size_t cohort_halves(struct db *db, int64_t cohort_id, struct cohort_half **ret)
{
    struct cohort_sql_halves *rows;
    size_t n = cohort_sql_halves(db, cohort_id, &rows);
    *ret = arena_array(db_arena(db), struct cohort_half, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = (struct cohort_half){ rows[i].id, rows[i].meeting_id, rows[i].starts_at,
                                          rows[i].ends_at };
    return n;
}

bool cohort_half_find(struct db *db, int64_t id, struct cohort_half *ret)
{
    struct cohort_sql_halves h;
    if (!cohort_sql_half(db, id, &h)) return false;
    *ret = (struct cohort_half){ h.id, h.meeting_id, h.starts_at, h.ends_at };
    return true;
}

size_t cohort_trainers(struct db *db, int64_t cohort_id, struct cohort_trainer **ret)
{
    struct cohort_sql_trainers *rows;
    size_t n = cohort_sql_trainers(db, cohort_id, &rows);
    *ret = arena_array(db_arena(db), struct cohort_trainer, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = (struct cohort_trainer){ rows[i].meeting_id, rows[i].person_id, rows[i].name };
    return n;
}

bool cohort_has_trainer(struct db *db, int64_t cohort_id, int64_t person_id)
{
    struct cohort_sql_has_trainer row;
    return cohort_sql_has_trainer(db, cohort_id, person_id, &row) && row.n > 0;
}

/* --- planning ------------------------------------------------------------------------------------------------------------- */

static struct str or_empty(struct str s)
{
    return s.p ? s : S("");
}

static void tell(struct db *db, int64_t meeting_id, int64_t cohort_id, const char *what)
{
    event_emit(db, "cohort.meeting",
               json_pack("{s:I, s:I, s:s}", "meeting", (json_int_t)meeting_id, "cohort",
                         (json_int_t)cohort_id, "what", what));
}

static void set_halves(struct db *db, int64_t meeting_id, int64_t starts_at, int64_t ends_at,
                       int64_t now)
{
    struct cohort_span halves[COHORT_HALVES];
    size_t n = cohort_split(starts_at, ends_at, halves);
    for (size_t i = 0; i < COHORT_HALVES; i++)
        if (i < n)
            cohort_sql_set_half(db, id_new(), meeting_id, (int64_t)i, halves[i].starts_at,
                                halves[i].ends_at);
        else cohort_sql_drop_half(db, meeting_id, (int64_t)i, now);
}

static void follow_span(struct db *db, int64_t cohort_id)
{
    struct cohort_sql_span span;
    if (cohort_sql_span(db, cohort_id, &span) && span.starts_at != DB_NULL)
        catalogue_cohort_span(db, cohort_id, span.starts_at, span.ends_at);
}

static void set_trainers(struct db *db, int64_t meeting_id, const struct cohort_meeting_in *in)
{
    cohort_sql_drop_trainers(db, meeting_id);
    for (size_t i = 0; i < in->trainer_count; i++)
        cohort_sql_add_trainer(db, meeting_id, in->trainers[i]);
}

int64_t cohort_meeting_add(struct db *db, const struct cohort_meeting_in *in, int64_t now)
{
    int64_t id = id_new();
    cohort_sql_add_meeting(db, &(struct cohort_sql_add_meeting_in){ .id = id,
                                                                    .cohort = in->cohort_id,
                                                                    .module = in->module_id,
                                                                    .title = or_empty(in->title),
                                                                    .mode = in->mode,
                                                                    .starts = in->starts_at,
                                                                    .ends = in->ends_at,
                                                                    .room = in->room_id,
                                                                    .place = or_empty(in->place),
                                                                    .link = or_empty(in->link),
                                                                    .sample = in->sample,
                                                                    .now = now });
    set_halves(db, id, in->starts_at, in->ends_at, now);
    set_trainers(db, id, in);
    follow_span(db, in->cohort_id);
    if (!in->sample)
        tell(db, id, in->cohort_id, "added"); /* nobody waits for a letter about an example */
    return id;
}

static bool same_trainers(struct db *db, int64_t id, const struct cohort_meeting_in *in)
{
    struct cohort_sql_meeting_trainers *rows;
    size_t n = cohort_sql_meeting_trainers(db, id, &rows), found = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < in->trainer_count; k++)
            found += rows[i].person_id == in->trainers[k];
    return n == in->trainer_count && found == n;
}

bool cohort_meeting_change(struct db *db, int64_t id, const struct cohort_meeting_in *in,
                           int64_t now)
{
    struct cohort_sql_raw_meeting m;
    if (!cohort_sql_raw_meeting(db, id, &m) || m.cancelled_at != DB_NULL) return false;
    bool same = m.module_id == in->module_id && str_eq(m.title, or_empty(in->title)) &&
                str_eq(m.mode, in->mode) && m.starts_at == in->starts_at &&
                m.ends_at == in->ends_at && m.room_id == in->room_id &&
                str_eq(m.place, or_empty(in->place)) && str_eq(m.link, or_empty(in->link)) &&
                same_trainers(db, id, in);
    if (same) return false;
    cohort_sql_change_meeting(db,
                              &(struct cohort_sql_change_meeting_in){ .id = id,
                                                                      .module = in->module_id,
                                                                      .title = or_empty(in->title),
                                                                      .mode = in->mode,
                                                                      .starts = in->starts_at,
                                                                      .ends = in->ends_at,
                                                                      .room = in->room_id,
                                                                      .place = or_empty(in->place),
                                                                      .link = or_empty(in->link),
                                                                      .now = now });
    set_halves(db, id, in->starts_at, in->ends_at, now);
    set_trainers(db, id, in);
    follow_span(db, m.cohort_id);
    tell(db, id, m.cohort_id, "changed");
    return true;
}

bool cohort_meeting_cancel(struct db *db, int64_t id, int64_t now)
{
    struct cohort_sql_raw_meeting m;
    if (!cohort_sql_raw_meeting(db, id, &m) || cohort_sql_cancel_meeting(db, id, now) != 1)
        return false;
    follow_span(db, m.cohort_id);
    tell(db, id, m.cohort_id, "cancelled");
    return true;
}

/* --- clashes ---------------------------------------------------------------------------------------------------------------- */

struct clashes {
    struct cohort_clash *list;
    size_t n, most;
};

static void collect(struct clashes *to, int kind, const struct cohort_sql_clash_room *rows,
                    size_t n)
{
    for (size_t i = 0; i < n && to->n < to->most; i++)
        to->list[to->n++] = (struct cohort_clash){
            .kind = kind,
            .meeting_id = rows[i].id,
            .starts_at = rows[i].starts_at,
            .ends_at = rows[i].ends_at,
            .who = rows[i].who,
            .title = shown_title(rows[i].title, rows[i].node_title, rows[i].label),
        };
}

size_t cohort_clashes(struct db *db, const struct cohort_meeting_in *in, int64_t except,
                      struct cohort_clash **ret)
{
    enum { MOST = 40 };
    struct clashes to = { .list = arena_array(db_arena(db), struct cohort_clash, MOST),
                          .most = MOST };
    struct cohort_sql_clash_room *rows;
    int64_t from = in->starts_at, until = in->ends_at, since = from - LONGEST_DAYS * DAY_MS;
    size_t n;
    if (in->room_id != DB_NULL) {
        n = cohort_sql_clash_room(db, in->room_id, from, until, since, except, &rows);
        collect(&to, CLASH_ROOM, rows, n);
    }
    for (size_t i = 0; i < in->trainer_count; i++) {
        n = cohort_sql_clash_trainer(db, in->trainers[i], from, until, since, except, &rows);
        collect(&to, CLASH_TRAINER, rows, n);
    }
    if (in->cohort_id) {
        n = cohort_sql_clash_cohort(db, in->cohort_id, from, until, since, except, &rows);
        collect(&to, CLASH_COHORT, rows, n);
    }
    *ret = to.list;
    return to.n;
}
