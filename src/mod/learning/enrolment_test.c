/* Enrolment on both engines: the table of states, what each act makes of each state, ten thousand who come for the last places,
 * the line, quotas, deadlines, taking back. run: seconds=400, pgsql */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include <pthread.h>
#include <sodium.h>

#include "access/access.h"
#include "base/log.h"
#include "base/time.h"
#include "mod/learning/enrolment.h"
#include "mod/organisation/organisation.h"
#include "mod/people/people.h"
#include "work/work_fixture.h"

#define NOW time_from_civil(2027, 1, 15, 12, 0)

static const struct job_kind letters[] = { { .name = ENROLMENT_LETTER, .apply = enrolment_letter },
                                           { 0 } };
static const struct job_kind *const kinds[] = { letters, NULL };
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
                catalogue_module.demo(&demo) && cohort_module.demo(&demo);
    return well ? 0 : -1;
}

/* --- states ------------------------------------------------------------------------------------------------------------ */

/* The table of the README, line by line: "| `asked` | approved, cancelled, replaced |". */
static void every_pair_is_as_the_readme_says(void **state)
{
    (void)state;
    FILE *file = fopen("src/mod/learning/README.md", "r");
    if (!file) file = fopen("../src/mod/learning/README.md", "r");
    assert_non_null(file);
    bool may[ENROLMENT_STATES][ENROLMENT_STATES] = { 0 }, said[ENROLMENT_STATES] = { 0 };
    char line[400];
    while (fgets(line, sizeof line, file)) {
        struct str rest = str_from(line), cell;
        if (!str_starts(rest, S("| `"))) continue;
        str_cut(&rest, '`');
        struct str from = str_cut(&rest, '`');
        str_cut(&rest, '|');
        cell = str_trim(str_cut(&rest, '|'));
        enum enrolment_state a = enrolment_state_of(from);
        if (a == ENROLMENT_NONE && !str_is(from, "new")) continue;
        said[a] = true;
        while (cell.n) {
            struct str to = str_trim(str_cut(&cell, ','));
            if (str_is(to, "–")) continue;
            assert_true(enrolment_state_of(to) != ENROLMENT_NONE);
            may[a][enrolment_state_of(to)] = true;
        }
    }
    fclose(file);
    for (int a = 0; a < ENROLMENT_STATES; a++) {
        assert_true(said[a]);
        for (int b = 0; b < ENROLMENT_STATES; b++)
            assert_int_equal(enrolment_may_become((enum enrolment_state)a, (enum enrolment_state)b),
                             may[a][b]);
    }
}

static int64_t person(struct db *db, int i)
{
    struct str email = arena_printf(db_arena(db), "personne%d@essai.exemple.be", i);
    int64_t id = people_add(db, email, email, STR_NONE, LANG_FR);
    assert_true(id != 0);
    return id;
}

static int64_t programme(struct db *db)
{
    struct catalogue_programme p;
    assert_true(catalogue_programme_find(db, S("numefa"), &p));
    return p.id;
}

/* The module cohort writes these from its pages. */
#define PLAN                                                                                       \
    "INSERT INTO cohort_plan (cohort_id, approval, answer_hours, note, created_at, changed_at) "   \
    "VALUES "
#define SET_QUOTA "INSERT INTO cohort_quota (cohort_id, organisation_id, places) VALUES "

static int64_t group(struct db *db, int64_t places, int64_t answer_hours, bool approval)
{
    int64_t id =
        catalogue_cohort_write(db, &(struct catalogue_cohort_in){ .programme_id = programme(db),
                                                                  .module_id = DB_NULL,
                                                                  .label = S("Essai"),
                                                                  .place = S("Mons"),
                                                                  .starts_at = NOW + 30 * DAY_MS,
                                                                  .ends_at = NOW + 60 * DAY_MS,
                                                                  .places = places });
    static const enum db_type types[] = { DB_INT, DB_INT, DB_INT };
    static const struct db_statement set_plan = {
        .name = "test.plan",
        .sqlite = PLAN "(?1, ?2, ?3, '', 1, 1)",
        .pgsql = PLAN "($1, $2, $3, '', 1, 1)",
        .params = types,
        .param_count = 3,
        .once = true,
    };
    db_exec(db, &set_plan,
            (const struct db_value[]){
                { .integer = id }, { .integer = approval }, { .integer = answer_hours } });
    return id;
}

static enum learning_enrolled ask(struct db *db, int64_t person_id, int64_t cohort_id,
                                  enrolment_row *ret)
{
    int64_t id;
    enum learning_enrolled became =
        enrolment_ask(db,
                      &(const struct enrolment_ask){ .person_id = person_id,
                                                     .programme_id = programme(db),
                                                     .cohort_id = cohort_id,
                                                     .act = { .by = person_id } },
                      NOW, &id);
    assert_true(id != 0 && learning_sql_enrolment_by_id(db, id, ret));
    return became;
}

static int64_t taken(struct db *db, int64_t cohort_id)
{
    struct cohort c;
    assert_true(cohort_find(db, cohort_id, &c));
    return c.taken;
}

/* Acts and what they make of each state; NULL: they say no and change nothing. */
enum { AGREE, TAKE, CANCEL, COMPLETE, ASK, ACTS };
static const char *const becomes[ACTS][ENROLMENT_STATES] = {
    [AGREE] = { [ENROLMENT_ASKED] = "confirmed" },
    [TAKE] = { [ENROLMENT_APPROVED] = "confirmed" },
    [CANCEL] = { [ENROLMENT_ASKED] = "cancelled",
                 [ENROLMENT_APPROVED] = "cancelled",
                 [ENROLMENT_WAITING] = "cancelled",
                 [ENROLMENT_CONFIRMED] = "cancelled" },
    [COMPLETE] = { [ENROLMENT_CONFIRMED] = "completed" },
    [ASK] = { [ENROLMENT_CANCELLED] = "confirmed", [ENROLMENT_REPLACED] = "confirmed" },
};

static bool holds(struct str state)
{
    return str_is(state, "approved") || str_is(state, "confirmed") || str_is(state, "completed");
}

static bool act_on(struct db *db, int act, enrolment_row *e)
{
    const struct enrolment_act by = { .by = e->person_id };
    int64_t id;
    switch (act) {
    case AGREE: return enrolment_agree(db, e, &by, NOW);
    case TAKE: return enrolment_take(db, e, &by, NOW);
    case CANCEL: return enrolment_cancel(db, e, &by, NOW);
    case COMPLETE: return enrolment_complete(db, e, NOW);
    default:
        return enrolment_ask(db,
                             &(const struct enrolment_ask){ .person_id = e->person_id,
                                                            .programme_id = e->programme_id,
                                                            .cohort_id = e->cohort_id },
                             NOW, &id) == LEARNING_CONFIRMED;
    }
}

static bool every_act(struct db *db, void *context)
{
    (void)context;
    for (int act = 0; act < ACTS; act++)
        for (int s = ENROLMENT_ASKED; s < ENROLMENT_STATES; s++) {
            enrolment_row e;
            struct str from = enrolment_code((enum enrolment_state)s);
            int64_t who = person(db, act * 100 + s), count = 0;
            int64_t cohort = group(db, 0, 24, false); /* no limit: every place is free */
            learning_sql_enrol(db, &(const struct learning_sql_enrol_in){
                                       .id = who,
                                       .person = who,
                                       .programme = programme(db),
                                       .cohort = cohort,
                                       .organisation = DB_NULL,
                                       .network = DB_NULL,
                                       .state = from,
                                       .rank = s == ENROLMENT_WAITING ? who : DB_NULL,
                                       .kept_until = s == ENROLMENT_APPROVED ? NOW + 1 : DB_NULL,
                                       .now = NOW });
            if (holds(from)) count += catalogue_take_place(db, cohort);
            assert_true(learning_sql_enrolment_by_id(db, who, &e));
            const char *wanted = becomes[act][s];
            assert_int_equal(act_on(db, act, &e), wanted != NULL);
            assert_true(learning_sql_enrolment_by_id(db, who, &e));
            assert_string_equal(arena_cstr(db_arena(db), e.state),
                                wanted ? wanted : arena_cstr(db_arena(db), from));
            count += holds(e.state) - holds(from);
            assert_int_equal(taken(db, cohort), count); /* places and states agree */
            assert_int_equal(e.rank != DB_NULL, str_is(e.state, "waiting"));
        }
    return true;
}

static void each_act_makes_of_each_state_what_it_should(void **state)
{
    fixture_change(*state, every_act, NULL);
}

/* --- the rush ------------------------------------------------------------------------------------------------------------- */

enum { PEOPLE = 10000, PLACES = 20 };

struct visitor {
    struct db_change change;
    int64_t person_id;
    enum learning_enrolled became;
    struct rush *rush;
};
struct rush {
    int64_t programme_id, cohort_id, *people;
    struct visitor *visitors;
    pthread_mutex_t lock;
    pthread_cond_t over;
    int left;
};

static bool rush_begin(struct db *db, void *context)
{
    struct rush *rush = context;
    for (int i = 0; i < PEOPLE; i++)
        rush->people[i] = person(db, i);
    rush->programme_id = programme(db);
    rush->cohort_id = group(db, PLACES + 3, 0, false);
    for (int i = 0; i < 3; i++) /* not the first who come */
        assert_true(catalogue_take_place(db, rush->cohort_id));
    return true;
}

static bool rush_apply(struct db *db, struct db_change *change)
{
    struct visitor *v = change->context;
    int64_t id;
    v->became = enrolment_ask(db,
                              &(const struct enrolment_ask){ .person_id = v->person_id,
                                                             .programme_id = v->rush->programme_id,
                                                             .cohort_id = v->rush->cohort_id,
                                                             .act = { .by = v->person_id } },
                              NOW, &id);
    return id != 0;
}

static void rush_done(struct db_change *change, enum db_outcome outcome)
{
    struct visitor *v = change->context;
    struct rush *rush = v->rush;
    if (outcome != DB_COMMITTED) v->became = LEARNING_CLOSED;
    arena_destroy(change->arena);
    pthread_mutex_lock(&rush->lock);
    if (--rush->left == 0) pthread_cond_signal(&rush->over);
    pthread_mutex_unlock(&rush->lock);
}

static bool rush_look(struct db *db, void *context)
{
    struct rush *rush = context;
    enrolment_row e;
    assert_int_equal(taken(db, rush->cohort_id), PLACES + 3);
    for (int i = 0; i < PEOPLE; i++) {
        const struct visitor *v = &rush->visitors[i];
        assert_int_equal(v->became, i < PLACES ? LEARNING_CONFIRMED : LEARNING_WAITING);
        assert_true(learning_sql_enrolment(db, v->person_id, rush->programme_id, &e));
        assert_true(str_is(e.state, i < PLACES ? "confirmed" : "waiting"));
        assert_true(e.rank == (i < PLACES ? DB_NULL : i - PLACES + 1)); /* as they came */
    }
    return true;
}

static void ten_thousand_for_the_last_places(void **state)
{
    struct fixture *f = *state;
    struct rush rush = { .lock = PTHREAD_MUTEX_INITIALIZER,
                         .over = PTHREAD_COND_INITIALIZER,
                         .left = PEOPLE };
    rush.people = arena_array(f->arena, int64_t, PEOPLE);
    fixture_change(f, rush_begin, &rush);
    rush.visitors = arena_array(f->arena, struct visitor, PEOPLE);
    int64_t begun = time_monotonic();
    for (int i = 0; i < PEOPLE; i++) {
        struct visitor *v = &rush.visitors[i];
        *v = (struct visitor){ .person_id = rush.people[i], .rush = &rush };
        v->change = (struct db_change){ .apply = rush_apply,
                                        .done = rush_done,
                                        .arena = arena_create(),
                                        .context = v,
                                        .in_order = true };
        db_change_submit(f->database, &v->change);
    }
    pthread_mutex_lock(&rush.lock);
    while (rush.left > 0)
        pthread_cond_wait(&rush.over, &rush.lock);
    pthread_mutex_unlock(&rush.lock);
    print_message("%d in %lld ms\n", PEOPLE, (long long)(time_monotonic() - begun));
    fixture_change(f, rush_look, &rush);
}

/* --- the line --------------------------------------------------------------------------------------------------------------- */

static bool deadlines(struct db *db, void *context)
{
    (void)context;
    enrolment_row e[4];
    int64_t cohort = group(db, 1, 24, false);
    for (int i = 0; i < 4; i++)
        assert_int_equal(ask(db, person(db, i), cohort, &e[i]),
                         i ? LEARNING_WAITING : LEARNING_CONFIRMED);
    const struct enrolment_act gone = { .by = e[0].person_id };
    assert_true(enrolment_cancel(db, &e[0], &gone, NOW));
    learning_sql_enrolment_by_id(db, e[1].id, &e[1]);
    assert_true(str_is(e[1].state, "approved") && e[1].kept_until == NOW + DAY_MS);
    enrolment_tidy(db, NOW + DAY_MS - 1); /* not yet */
    learning_sql_enrolment_by_id(db, e[1].id, &e[1]);
    assert_true(str_is(e[1].state, "approved"));
    assert_int_equal(taken(db, cohort), 1);
    for (int twice = 0; twice < 2; twice++) {
        enrolment_tidy(db, NOW + DAY_MS);
        learning_sql_enrolment_by_id(db, e[1].id, &e[1]);
        learning_sql_enrolment_by_id(db, e[2].id, &e[2]);
        learning_sql_enrolment_by_id(db, e[3].id, &e[3]);
        assert_true(str_is(e[1].state, "cancelled") && str_is(e[2].state, "approved") &&
                    str_is(e[3].state, "waiting"));
        assert_int_equal(taken(db, cohort), 1);
    }
    /* too late to say yes; in time it is theirs */
    enrolment_row late = e[2];
    const struct enrolment_act yes = { .by = e[2].person_id };
    assert_false(enrolment_take(db, &late, &yes, e[2].kept_until));
    assert_true(enrolment_take(db, &e[2], &yes, e[2].kept_until - 1));
    assert_int_equal(taken(db, cohort), 1);
    return true;
}

static void a_kept_place_goes_on_when_nobody_answers(void **state)
{
    fixture_change(*state, deadlines, NULL);
}

static bool quotas(struct db *db, void *context)
{
    (void)context;
    struct organisation a, b;
    enrolment_row e[6];
    assert_true(organisation_find_by_code(db, S("EX-1001"), &a) &&
                organisation_find_by_code(db, S("EX-2001"), &b));
    static const enum db_type types[] = { DB_INT, DB_INT };
    static const struct db_statement set_quota = { .name = "test.quota",
                                                   .sqlite = SET_QUOTA "(?1, ?2, 1)",
                                                   .pgsql = SET_QUOTA "($1, $2, 1)",
                                                   .params = types,
                                                   .param_count = 2,
                                                   .once = true };
    struct organisation authority;
    assert_true(organisation_find(db, a.parent_id, &authority));
    int64_t cohort = group(db, 5, 0, false), wbe = authority.parent_id;
    db_exec(db, &set_quota, (const struct db_value[]){ { .integer = cohort }, { .integer = wbe } });
    /* two of the network with the quota, one of another, one of none */
    for (int i = 0; i < 4; i++) {
        int64_t who = person(db, i);
        if (i < 3)
            organisation_add_member(db, i < 2 ? a.id : b.id, who, S("member"), NOW - 1, DB_NULL);
        assert_int_equal(ask(db, who, cohort, &e[i]),
                         i == 1 ? LEARNING_WAITING : LEARNING_CONFIRMED);
    }
    assert_true(e[0].network_id == wbe && e[1].network_id == wbe && e[2].network_id == DB_NULL);
    assert_int_equal(taken(db, cohort), 3);
    enrolment_tidy(db, NOW); /* there are places, but none of the quota */
    learning_sql_enrolment_by_id(db, e[1].id, &e[1]);
    assert_true(str_is(e[1].state, "waiting"));
    /* the others go past who waits for the quota */
    ask(db, person(db, 4), cohort, &e[4]);
    assert_true(str_is(e[4].state, "confirmed"));
    enrolment_cancel(db, &e[0], &(const struct enrolment_act){ .by = e[0].person_id }, NOW);
    learning_sql_enrolment_by_id(db, e[1].id, &e[1]);
    assert_true(str_is(e[1].state, "confirmed"));
    assert_int_equal(taken(db, cohort), 4);
    return true;
}

static void a_network_takes_no_more_than_its_quota(void **state)
{
    fixture_change(*state, quotas, NULL);
}

static bool take_back(struct db *db, void *context)
{
    (void)context;
    enrolment_row e[4];
    int64_t cohort = group(db, 2, 0, false);
    for (int i = 0; i < 4; i++)
        ask(db, person(db, i), cohort, &e[i]);
    const struct enrolment_act by0 = { .by = e[0].person_id }, by3 = { .by = e[3].person_id };
    /* who waited gets their place in line back */
    assert_true(enrolment_cancel(db, &e[3], &by3, NOW));
    assert_false(enrolment_undo(db, &e[3], e[0].person_id, NOW)); /* not somebody else's to undo */
    assert_true(enrolment_undo(db, &e[3], e[3].person_id, NOW));
    assert_true(str_is(e[3].state, "waiting") && e[3].rank == 2);
    /* the place has gone to the next: first in line, before who waited */
    assert_true(enrolment_cancel(db, &e[0], &by0, NOW));
    learning_sql_enrolment_by_id(db, e[2].id, &e[2]);
    assert_true(str_is(e[2].state, "confirmed"));
    assert_true(enrolment_undo(db, &e[0], e[0].person_id, NOW + ENROLMENT_UNDO_MS - 1));
    assert_true(str_is(e[0].state, "waiting") && e[0].rank < e[3].rank);
    assert_int_equal(taken(db, cohort), 2);
    /* with a free place it is theirs again; after an hour it is too late */
    assert_true(
        enrolment_cancel(db, &e[1], &(const struct enrolment_act){ .by = e[1].person_id }, NOW));
    learning_sql_enrolment_by_id(db, e[0].id, &e[0]);
    assert_true(str_is(e[0].state, "confirmed"));
    assert_false(enrolment_undo(db, &e[1], e[1].person_id, NOW + ENROLMENT_UNDO_MS));
    return true;
}

static void leaving_can_be_taken_back(void **state)
{
    fixture_change(*state, take_back, NULL);
}

static bool doors(struct db *db, void *context)
{
    (void)context;
    struct cohort c;
    enrolment_row e;
    int64_t id, cohort = group(db, 0, 0, true), who = person(db, 1);
    assert_true(cohort_find(db, cohort, &c));
    assert_true(cohort_is_open(&c, NOW) && cohort_is_open(&c, c.starts_at - 1));
    assert_false(cohort_is_open(&c, c.starts_at));
    c.opens_at = NOW + 1;
    assert_false(cohort_is_open(&c, NOW));
    c.closes_at = c.starts_at + 1;
    assert_true(cohort_is_open(&c, c.starts_at));
    struct enrolment_ask in = { .person_id = who,
                                .programme_id = programme(db),
                                .cohort_id = cohort };
    assert_int_equal(enrolment_ask(db, &in, c.starts_at, &id), LEARNING_CLOSED);
    /* a head must agree; a no ends it, and it can be asked anew */
    assert_int_equal(ask(db, who, cohort, &e), LEARNING_ASKED);
    assert_int_equal(enrolment_ask(db, &in, NOW, &id), LEARNING_ALREADY);
    const struct enrolment_act no = { .way = BY_HEAD, .reason = S("Pas cette année.") };
    assert_true(enrolment_cancel(db, &e, &no, NOW));
    in.agreed = true;
    assert_int_equal(enrolment_ask(db, &in, NOW, &id), LEARNING_CONFIRMED);
    assert_int_equal(taken(db, cohort), 1);
    return true;
}

static void doors_open_and_close(void **state)
{
    fixture_change(*state, doors, NULL);
}

static int run_group(const char *name)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_is_as_the_readme_says),
        TEST(each_act_makes_of_each_state_what_it_should),
        TEST(ten_thousand_for_the_last_places),
        TEST(a_kept_place_goes_on_when_nobody_answers),
        TEST(a_network_takes_no_more_than_its_quota),
        TEST(leaving_can_be_taken_back),
        TEST(doors_open_and_close),
    };
    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

int main(void)
{
    const struct db_part *const parts[] = { &work_db,
                                            &access_db,
                                            people_module.db,
                                            organisation_module.db,
                                            catalogue_module.db,
                                            cohort_module.db,
                                            learning_module.db,
                                            NULL };
    if (sodium_init() < 0) return 1;
    log_set_level(LOG_ERROR + 1);
    fixture_parts = parts;
    work_register(no_subscriptions, kinds);
    int failed = run_group("sqlite");
    if (fixture_use_pgsql()) failed += run_group("pgsql");
    else failed += 1;
    fixture_stop_pgsql();
    return failed;
}
