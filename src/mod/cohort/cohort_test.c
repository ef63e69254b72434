/* Meetings on both engines, with the sample catalogue: the wall clock across summer time, half-days that keep their ids,
 * clashes, dates that follow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sodium.h>

#include "access/access.h"
#include "base/log.h"
#include "base/time.h"
#include "mod/cohort/pages.h"
#include "work/work_fixture.h"

#define NOW time_from_civil(2027, 1, 15, 12, 0)

static const struct job_kind *const no_kinds[] = { NULL };
static const struct subscription *const no_subscriptions[] = { NULL };

static void quiet(const char *text, ...)
{
    (void)text;
}

static int setup(void **state)
{
    int failed = fixture_setup(state);
    if (failed) return failed;
    struct fixture *f = *state;
    struct demo demo = {
        .database = f->database, .arena = f->arena, .data = f->folder, .now = NOW, .say = quiet
    };
    bool well = people_module.demo(&demo) && organisation_module.demo(&demo) &&
                catalogue_module.demo(&demo) && cohort_demo(&demo);
    return well ? 0 : -1;
}

static int64_t cohort_named(struct db *db, const char *label)
{
    struct cohort_sql_to_plan *rows;
    size_t n = cohort_sql_to_plan(db, &rows);
    for (size_t i = 0; i < n; i++)
        if (str_is(rows[i].label, label)) return rows[i].id;
    return 0;
}

/* --- the clock --------------------------------------------------------------------------------------------------------- */

static void wall_clock_stays_when_the_clocks_change(void **state)
{
    (void)state;
    static const struct {
        int year, month, day;
        int offsets[4]; /* from UTC, of four weekly meetings */
    } rows[] = {
        { 2027, 3, 16, { 60, 60, 120, 120 } },  /* summer time begins on 28 March */
        { 2027, 10, 19, { 120, 120, 60, 60 } }, /* and ends on 31 October */
        { 2028, 12, 27, { 60, 60, 60, 60 } },   /* into the next year */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cohort_span spans[4];
        int64_t first = time_from_civil(rows[i].year, rows[i].month, rows[i].day, 23, 30);
        cohort_series(first, 9, 15, 180, 7, 4, spans);
        for (size_t k = 0; k < 4; k++) {
            struct civil c = time_civil(spans[k].starts_at);
            assert_int_equal(c.hour * 60 + c.minute, 9 * 60 + 15);
            assert_int_equal(c.offset_minutes, rows[i].offsets[k]);
            assert_int_equal(c.weekday, time_civil(first).weekday);
            assert_int_equal(spans[k].ends_at - spans[k].starts_at, 180 * MINUTE_MS);
        }
    }
}

static void half_days(void **state)
{
    (void)state;
    static const struct {
        int from[2], until[2];
        size_t n;
    } rows[] = {
        { { 9, 0 }, { 16, 0 }, 2 },  { { 11, 0 }, { 15, 0 }, 2 }, { { 11, 1 }, { 16, 0 }, 1 },
        { { 9, 0 }, { 14, 59 }, 1 }, { { 9, 0 }, { 12, 0 }, 1 },  { { 18, 0 }, { 20, 0 }, 1 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cohort_span halves[COHORT_HALVES];
        int64_t from = time_from_civil(2027, 3, 28, rows[i].from[0], rows[i].from[1]);
        int64_t until = time_from_civil(2027, 3, 28, rows[i].until[0], rows[i].until[1]);
        assert_int_equal(cohort_split(from, until, halves), rows[i].n);
        assert_true(halves[0].starts_at == from && halves[rows[i].n - 1].ends_at == until);
        if (rows[i].n == 2) assert_true(halves[0].ends_at < halves[1].starts_at);
    }
}

/* --- the sample cohorts ---------------------------------------------------------------------------------------------------- */

static bool looks_right(struct db *db, void *context)
{
    (void)context;
    struct cohort c;
    struct cohort_meeting *meetings;
    struct cohort_half *halves;
    struct cohort_trainer *trainers;
    assert_true(cohort_find(db, cohort_named(db, "Cohorte 1"), &c));
    size_t n = cohort_meetings(db, c.id, &meetings);
    assert_int_equal(n, 22); /* each of the 11 modules meets twice */
    assert_true(c.starts_at == meetings[0].starts_at && c.ends_at == meetings[n - 1].ends_at);
    bool winter = false, summer = false;
    for (size_t i = 0; i < n; i++) {
        struct civil at = time_civil(meetings[i].starts_at);
        assert_int_equal(at.hour, str_is(meetings[i].mode, "onsite") ? 9 : 13);
        assert_true(meetings[i].title.n > 0);
        *(at.offset_minutes == 60 ? &winter : &summer) = true;
    }
    assert_true(winter && summer);
    assert_true(str_is(meetings[0].place, "Salle Atelier, TechnofuturTIC, Gosselies"));
    assert_int_equal(cohort_halves(db, c.id, &halves), 33); /* 11 days and 11 afternoons */
    assert_int_equal(cohort_trainers(db, c.id, &trainers), 22);
    assert_true(cohort_has_trainer(db, c.id, trainers[0].person_id));
    assert_false(cohort_has_trainer(db, c.id, c.id));
    assert_true(c.approval && cohort_is_open(&c, NOW) && !cohort_is_open(&c, c.ends_at));
    return true;
}

static void sample_cohorts_meet(void **state)
{
    fixture_change(*state, looks_right, NULL);
}

static bool move_and_cancel(struct db *db, void *context)
{
    (void)context;
    struct cohort c, after;
    struct cohort_meeting *m, moved;
    struct cohort_half *before, *now;
    assert_true(cohort_find(db, cohort_named(db, "Cohorte 2"), &c));
    size_t n = cohort_meetings(db, c.id, &m), last = n - 1;
    size_t halves = cohort_halves(db, c.id, &before);
    struct cohort_meeting_in in = { .cohort_id = c.id,
                                    .module_id = m[0].module_id,
                                    .mode = m[0].mode,
                                    .room_id = m[0].room_id,
                                    .starts_at = m[0].starts_at - DAY_MS,
                                    .ends_at = m[0].ends_at - DAY_MS };
    assert_true(cohort_meeting_change(db, m[0].id, &in, NOW));
    assert_false(cohort_meeting_change(db, m[0].id, &in, NOW)); /* nothing is different */
    assert_true(cohort_meeting_find(db, m[0].id, &moved) && moved.sequence == 1);
    assert_true(cohort_find(db, c.id, &after) && after.starts_at == in.starts_at);
    assert_int_equal(cohort_halves(db, c.id, &now), halves);
    assert_int_equal(now[0].id, before[0].id);
    assert_int_equal(now[1].id, before[1].id);
    assert_int_equal(now[0].starts_at, before[0].starts_at - DAY_MS);
    in.ends_at = in.starts_at + 2 * HOUR_MS; /* a morning only */
    assert_true(cohort_meeting_change(db, m[0].id, &in, NOW));
    assert_int_equal(cohort_halves(db, c.id, &now), halves - 1);
    assert_true(cohort_meeting_cancel(db, m[last].id, NOW));
    assert_false(cohort_meeting_cancel(db, m[last].id, NOW));
    assert_false(cohort_meeting_change(db, m[last].id, &in, NOW));
    assert_true(cohort_find(db, c.id, &after) && after.ends_at == m[last - 1].ends_at);
    return true;
}

static void a_moved_meeting_keeps_its_half_days(void **state)
{
    fixture_change(*state, move_and_cancel, NULL);
}

static size_t of_kind(const struct cohort_clash *list, size_t n, int kind)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        found += (int)list[i].kind == kind;
    return found;
}

static bool clash(struct db *db, void *context)
{
    (void)context;
    struct cohort_meeting *m;
    struct cohort_trainer *t;
    struct cohort_clash *list;
    int64_t id = cohort_named(db, "Cohorte 3");
    cohort_meetings(db, id, &m);
    cohort_trainers(db, id, &t);
    struct cohort_meeting_in in = { .cohort_id = 0,
                                    .module_id = DB_NULL,
                                    .mode = S("onsite"),
                                    .room_id = m[0].room_id,
                                    .starts_at = m[0].ends_at - MINUTE_MS,
                                    .ends_at = m[0].ends_at + HOUR_MS,
                                    .trainers = &t[0].person_id,
                                    .trainer_count = 1 };
    size_t n = cohort_clashes(db, &in, 0, &list);
    assert_true(of_kind(list, n, CLASH_ROOM) == 1 && of_kind(list, n, CLASH_TRAINER) == 1);
    assert_int_equal(of_kind(list, n, CLASH_COHORT), 0);
    in.cohort_id = id;
    assert_int_equal(of_kind(list, cohort_clashes(db, &in, 0, &list), CLASH_COHORT), 1);
    assert_int_equal(cohort_clashes(db, &in, m[0].id, &list), 0); /* not with itself */
    in.starts_at = m[0].ends_at; /* one after the other is no clash */
    assert_int_equal(cohort_clashes(db, &in, 0, &list), 0);
    in.starts_at = m[0].starts_at - HOUR_MS;
    in.ends_at = m[0].starts_at;
    assert_int_equal(cohort_clashes(db, &in, 0, &list), 0);
    in.ends_at = m[0].ends_at + HOUR_MS; /* around it */
    assert_int_equal(cohort_clashes(db, &in, 0, &list), 3);
    cohort_meeting_cancel(db, m[0].id, NOW);
    assert_int_equal(cohort_clashes(db, &in, 0, &list), 0);
    return true;
}

static void clashes_are_told(void **state)
{
    fixture_change(*state, clash, NULL);
}

static int run_group(const char *name)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wall_clock_stays_when_the_clocks_change),
        cmocka_unit_test(half_days),
        TEST(sample_cohorts_meet),
        TEST(a_moved_meeting_keeps_its_half_days),
        TEST(clashes_are_told),
    };
    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

int main(void)
{
    const struct db_part *const parts[] = {
        &work_db,   &access_db, people_module.db, organisation_module.db, catalogue_module.db,
        &cohort_db, NULL
    };
    if (sodium_init() < 0) return 1;
    log_set_level(LOG_ERROR + 1);
    fixture_parts = parts;
    work_register(no_subscriptions, no_kinds);
    int failed = run_group("sqlite");
    if (fixture_use_pgsql()) failed += run_group("pgsql");
    else failed += 1;
    fixture_stop_pgsql();
    return failed;
}
