/* The states of an enrolment, and the one transaction that decides. A place is counted in cohort.taken: taken before
 * somebody comes to hold it (kept for them, confirmed, completed), given back when they no longer do. */
#include "mod/learning/enrolment.h"

#include "base/id.h"
#include "base/time.h"
#include "mod/learning/dates.h"

enum { PROMOTED_AT_ONCE = 500, TIDIED_AT_ONCE = 200 };

/* --- states ------------------------------------------------------------------------------------------------------------ */

#define TO(s) 1u << ENROLMENT_##s
static const struct {
    const char *code, *label;
    unsigned next; /* what it may become */
} states[ENROLMENT_STATES] = {
    [ENROLMENT_NONE] = { "", N_("Not enrolled"), TO(ASKED) | TO(WAITING) | TO(CONFIRMED) },
    [ENROLMENT_ASKED] = { "asked", N_("Waits for the head's agreement"),
                          TO(APPROVED) | TO(CANCELLED) | TO(REPLACED) },
    [ENROLMENT_APPROVED] = { "approved", N_("A place is kept"),
                             TO(WAITING) | TO(CONFIRMED) | TO(CANCELLED) | TO(REPLACED) },
    [ENROLMENT_WAITING] = { "waiting", N_("On the waiting list"),
                            TO(APPROVED) | TO(CONFIRMED) | TO(CANCELLED) | TO(REPLACED) },
    [ENROLMENT_CONFIRMED] = { "confirmed", N_("Enrolled"),
                              TO(CANCELLED) | TO(REPLACED) | TO(COMPLETED) },
    [ENROLMENT_CANCELLED] = { "cancelled", N_("Given up"),
                              TO(ASKED) | TO(WAITING) | TO(CONFIRMED) },
    [ENROLMENT_REPLACED] = { "replaced", N_("Replaced by somebody else"),
                             TO(ASKED) | TO(WAITING) | TO(CONFIRMED) },
    [ENROLMENT_COMPLETED] = { "completed", N_("Completed"), 0 },
};

bool enrolment_may_become(enum enrolment_state from, enum enrolment_state to)
{
    return states[from].next >> to & 1;
}

struct str enrolment_code(enum enrolment_state state)
{
    return str_from(states[state].code);
}

enum enrolment_state enrolment_state_of(struct str code)
{
    for (int i = 0; i < ENROLMENT_STATES; i++)
        if (str_is(code, states[i].code)) return (enum enrolment_state)i;
    return ENROLMENT_NONE;
}

const char *enrolment_label(enum enrolment_state state)
{
    return states[state].label;
}

const char *learning_state_label(struct str state)
{
    return states[enrolment_state_of(state)].label;
}

bool enrolment_is_in(struct str state)
{
    return str_is(state, "confirmed") || str_is(state, "completed");
}

bool enrolment_is_over(struct str state)
{
    return str_is(state, "cancelled") || str_is(state, "replaced");
}

/* --- moving ------------------------------------------------------------------------------------------------------------- */

/* Is one of the group's places theirs? While a head's yes is turned into one, "approved" has none yet. */
static bool holds(const enrolment_row *e)
{
    return e->cohort_id != DB_NULL && (enrolment_is_in(e->state) ||
                                       (str_is(e->state, "approved") && e->kept_until != DB_NULL));
}

static int64_t last_rank(struct db *db, int64_t cohort_id)
{
    struct learning_sql_ranks line;
    return learning_sql_ranks(db, cohort_id, &line) && line.last != DB_NULL ? line.last : 0;
}

/* An enrolment that begins is only filled in, in the state ""; its first move writes it. */
static bool is_written(const enrolment_row *e)
{
    return e->state.n > 0;
}

/* Writes the new state; *e still has the old one. */
static bool write_state(struct db *db, const enrolment_row *e, struct str state, int64_t rank,
                        int64_t kept_until, int64_t now)
{
    if (is_written(e))
        return learning_sql_move(db, e->id, e->state, state, rank, kept_until, now) == 1;
    return learning_sql_enrol(
               db, &(const struct learning_sql_enrol_in){ .id = e->id,
                                                          .person = e->person_id,
                                                          .programme = e->programme_id,
                                                          .cohort = e->cohort_id,
                                                          .organisation = e->organisation_id,
                                                          .network = e->network_id,
                                                          .state = state,
                                                          .rank = rank,
                                                          .kept_until = kept_until,
                                                          .now = now }) == 1;
}

/* Changes the state, with a step in its history and an event. Counts no place. more: of the new state, the rank or the time to
 * answer; DB_NULL: none, the end of the line. */
static bool move(struct db *db, enrolment_row *e, enum enrolment_state to, int64_t more,
                 const struct enrolment_act *act, int64_t now)
{
    struct str state = enrolment_code(to);
    if (!enrolment_may_become(enrolment_state_of(e->state), to)) return false;
    int64_t kept_until = to == ENROLMENT_APPROVED ? more : DB_NULL;
    int64_t rank = to != ENROLMENT_WAITING ? DB_NULL
                   : more != DB_NULL       ? more
                                           : last_rank(db, e->cohort_id) + 1;
    if (!write_state(db, e, state, rank, kept_until, now)) return false;
    learning_sql_note_step(db, id_new(), e->id, state, rank, act->reason.p ? act->reason : S(""),
                           now, act->by ? act->by : DB_NULL);
    event_emit(db, "learning.moved",
               json_pack("{s:I, s:I, s:I, s:I, s:s%, s:s%}", "enrolment", (json_int_t)e->id,
                         "person", (json_int_t)e->person_id, "programme",
                         (json_int_t)e->programme_id, "cohort",
                         (json_int_t)(e->cohort_id == DB_NULL ? 0 : e->cohort_id), "from",
                         e->state.p, e->state.n, "to", state.p, state.n));
    e->state = state;
    e->rank = rank;
    e->kept_until = kept_until;
    e->changed_at = now;
    if (enrolment_is_over(state))
        date_leave_all(db, e->person_id, e->programme_id, act->quiet, now);
    return true;
}

/* A place of the group, when it and the quota of their network have one left. */
static bool find_place(struct db *db, enrolment_row *e)
{
    struct learning_sql_quota quota;
    if (e->cohort_id == DB_NULL) return true;
    bool limited = e->organisation_id != DB_NULL &&
                   learning_sql_quota(db, e->cohort_id, e->organisation_id, &quota);
    int64_t network_id = limited ? quota.network_id : DB_NULL;
    if (is_written(e) && network_id != e->network_id)
        learning_sql_set_network(db, e->id, network_id);
    e->network_id = network_id;
    if (limited && quota.used >= quota.places) return false;
    return catalogue_take_place(db, e->cohort_id);
}

static void settle(struct db *db, enrolment_row *e, const struct enrolment_act *act, int64_t now)
{
    move(db, e, find_place(db, e) ? ENROLMENT_CONFIRMED : ENROLMENT_WAITING, DB_NULL, act, now);
}

size_t enrolment_clashes(struct db *db, int64_t person_id, int64_t cohort_id, int64_t now,
                         enrolment_clash **ret)
{
    if (cohort_id == DB_NULL) return 0;
    return learning_sql_clashes(db, person_id, cohort_id, now, ENROLMENT_CLASHES, ret);
}

/* --- asking --------------------------------------------------------------------------------------------------------------- */

/* The group to join, if one is open that they may mean. */
static const struct cohort *choose_cohort(const struct enrolment_door *d, int64_t cohort_id)
{
    for (size_t i = 0; i < d->open_count; i++)
        if (!cohort_id || d->open[i].id == cohort_id) return &d->open[i];
    return NULL;
}

static int64_t choose_organisation(const struct enrolment_door *d, int64_t organisation_id)
{
    for (size_t i = 0; i < d->school_count; i++)
        if (d->schools[i].id == organisation_id) return organisation_id;
    return d->school_count ? d->schools[0].id : DB_NULL;
}

void enrolment_look(struct db *db, const struct enrolment_ask *ask, bool open_enrolment,
                    int64_t now, struct enrolment_door *ret)
{
    *ret = (struct enrolment_door){ .closed = !open_enrolment, .organisation_id = DB_NULL };
    if (!learning_sql_enrolment(db, ask->person_id, ask->programme_id, &ret->mine))
        ret->mine = (enrolment_row){ 0 };
    ret->already = ret->mine.id && !enrolment_is_over(ret->mine.state);
    if (ret->already || ret->closed) return;
    ret->open_count = cohort_enrolling(db, ask->programme_id, now, &ret->open);
    ret->chosen = choose_cohort(ret, ask->cohort_id);
    /* in one's own time only when no group is meant: neither by them nor by who plans */
    ret->closed = !ret->chosen && (ask->cohort_id || cohort_is_planned(db, ask->programme_id, now));
    ret->school_count = learning_sql_my_organisations(db, ask->person_id, now, &ret->schools);
    ret->organisation_id = choose_organisation(ret, ask->organisation_id);
}

/* The row that moves: a new one, or that of somebody who comes back. */
static void begin(struct db *db, int64_t person_id, int64_t programme_id, int64_t cohort_id,
                  int64_t organisation_id, int64_t now, enrolment_row *e)
{
    if (e->id) learning_sql_aim(db, e->id, cohort_id, organisation_id);
    else
        *e = (enrolment_row){ .id = id_new(),
                              .person_id = person_id,
                              .programme_id = programme_id,
                              .state = S(""),
                              .rank = DB_NULL,
                              .kept_until = DB_NULL,
                              .created_at = now,
                              .changed_at = now };
    e->cohort_id = cohort_id;
    e->organisation_id = organisation_id;
    e->network_id = DB_NULL;
}

enum learning_enrolled enrolment_enter(struct db *db, const struct enrolment_door *door,
                                       const struct enrolment_ask *ask, int64_t now,
                                       int64_t *ret_id)
{
    const struct cohort *cohort = door->chosen;
    enrolment_row e = door->mine;
    *ret_id = 0;
    if (door->already) return LEARNING_ALREADY;
    if (door->closed) return LEARNING_CLOSED;
    begin(db, ask->person_id, ask->programme_id, cohort ? cohort->id : DB_NULL,
          door->organisation_id, now, &e);
    if (cohort && cohort->approval && !ask->agreed)
        move(db, &e, ENROLMENT_ASKED, DB_NULL, &ask->act, now);
    else settle(db, &e, &ask->act, now);
    enrolment_tell(db, &e, &ask->act);
    *ret_id = e.id;
    return str_is(e.state, "asked")     ? LEARNING_ASKED
           : str_is(e.state, "waiting") ? LEARNING_WAITING
                                        : LEARNING_CONFIRMED;
}

enum learning_enrolled enrolment_ask(struct db *db, const struct enrolment_ask *ask, int64_t now,
                                     int64_t *ret_id)
{
    struct catalogue_programme programme;
    struct enrolment_door door;
    *ret_id = 0;
    if (!catalogue_programme_load(db, ask->programme_id, &programme)) return LEARNING_CLOSED;
    enrolment_look(db, ask, programme.open_enrolment, now, &door);
    return enrolment_enter(db, &door, ask, now, ret_id);
}

/* --- deciding ------------------------------------------------------------------------------------------------------------- */

bool enrolment_agree(struct db *db, enrolment_row *e, const struct enrolment_act *act, int64_t now)
{
    if (!str_is(e->state, "asked") || !move(db, e, ENROLMENT_APPROVED, DB_NULL, act, now))
        return false;
    settle(db, e, &(const struct enrolment_act){ 0 }, now);
    enrolment_tell(db, e, act);
    return true;
}

bool enrolment_take(struct db *db, enrolment_row *e, const struct enrolment_act *act, int64_t now)
{
    if (!str_is(e->state, "approved") || e->kept_until == DB_NULL || e->kept_until <= now)
        return false;
    if (!move(db, e, ENROLMENT_CONFIRMED, DB_NULL, act, now)) return false;
    enrolment_tell(db, e, act);
    return true;
}

bool enrolment_cancel(struct db *db, enrolment_row *e, const struct enrolment_act *act, int64_t now)
{
    bool held = holds(e);
    if (!move(db, e, ENROLMENT_CANCELLED, DB_NULL, act, now)) return false;
    enrolment_tell(db, e, act);
    if (!held) return true;
    catalogue_free_place(db, e->cohort_id);
    enrolment_promote(db, e->cohort_id, now);
    return true;
}

/* The rank that gives the person their place in line back; DB_NULL when it has been given to somebody else since. */
static int64_t rank_again(struct db *db, const enrolment_row *e,
                          const struct learning_sql_last_steps *before)
{
    struct learning_sql_ranks line;
    struct learning_sql_has_rank taken;
    if (!learning_sql_ranks(db, e->cohort_id, &line)) return DB_NULL;
    if (before->rank == DB_NULL) return line.first != DB_NULL ? line.first - 1 : DB_NULL;
    return learning_sql_has_rank(db, e->cohort_id, before->rank, &taken) && taken.n ? DB_NULL
                                                                                    : before->rank;
}

bool enrolment_undo(struct db *db, enrolment_row *e, int64_t person_id, int64_t now)
{
    struct learning_sql_last_steps *steps;
    struct cohort cohort;
    const struct enrolment_act act = { .by = person_id };
    if (!str_is(e->state, "cancelled") || e->changed_at <= now - ENROLMENT_UNDO_MS) return false;
    if (learning_sql_last_steps(db, e->id, &steps) < 2 || steps[0].by_id != person_id) return false;
    bool dated = e->cohort_id != DB_NULL;
    if (dated && (!cohort_find(db, e->cohort_id, &cohort) || cohort.cancelled_at != DB_NULL ||
                  cohort.ends_at <= now))
        return false;
    bool moved;
    if (str_is(steps[1].state, "asked")) moved = move(db, e, ENROLMENT_ASKED, DB_NULL, &act, now);
    else if (!str_is(steps[1].state, "waiting") && find_place(db, e))
        moved = move(db, e, ENROLMENT_CONFIRMED, DB_NULL, &act, now);
    else moved = move(db, e, ENROLMENT_WAITING, rank_again(db, e, &steps[1]), &act, now);
    if (moved) enrolment_tell(db, e, &act);
    if (dated && moved) enrolment_promote(db, e->cohort_id, now);
    return moved && learning_sql_enrolment_by_id(db, e->id, e);
}

/* The row of who takes over: new, or that of somebody who comes back. */
static bool successor(struct db *db, const enrolment_row *from, int64_t person_id, int64_t now,
                      enrolment_row *ret)
{
    struct enrolment_door d = { 0 };
    if (!learning_sql_enrolment(db, person_id, from->programme_id, ret))
        *ret = (enrolment_row){ 0 };
    if (ret->id && !enrolment_is_over(ret->state)) return false;
    d.school_count = learning_sql_my_organisations(db, person_id, now, &d.schools);
    int64_t organisation = choose_organisation(&d, from->organisation_id);
    begin(db, person_id, from->programme_id, from->cohort_id, organisation, now, ret);
    ret->network_id = from->network_id;
    return true;
}

bool enrolment_replace(struct db *db, enrolment_row *e, int64_t person_id,
                       const struct enrolment_act *act, int64_t now)
{
    enrolment_row next;
    enum enrolment_state from = enrolment_state_of(e->state);
    int64_t rank = e->rank;
    if (!enrolment_may_become(from, ENROLMENT_REPLACED) ||
        !successor(db, e, person_id, now, &next) ||
        !move(db, e, ENROLMENT_REPLACED, DB_NULL, act, now))
        return false;
    /* the place is not given back: it changes hands */
    enum enrolment_state to = from == ENROLMENT_WAITING ? ENROLMENT_WAITING
                              : from == ENROLMENT_ASKED ? ENROLMENT_ASKED
                                                        : ENROLMENT_CONFIRMED;
    if (!move(db, &next, to, to == ENROLMENT_WAITING ? rank : DB_NULL, act, now)) return false;
    learning_sql_took_over(db, next.id, e->id);
    learning_sql_set_network(db, next.id, e->network_id);
    enrolment_tell(db, e, act);
    enrolment_tell(db, &next, act);
    return true;
}

bool enrolment_seat(struct db *db, enrolment_row *e, const struct enrolment_act *act, int64_t now)
{
    if (!str_is(e->state, "waiting") || !catalogue_take_place(db, e->cohort_id)) return false;
    if (!move(db, e, ENROLMENT_CONFIRMED, DB_NULL, act, now)) return false;
    enrolment_tell(db, e, &(const struct enrolment_act){ .way = BY_LINE, .by = act->by });
    return true;
}

bool enrolment_complete(struct db *db, enrolment_row *e, int64_t now)
{
    return move(db, e, ENROLMENT_COMPLETED, DB_NULL, &(const struct enrolment_act){ 0 }, now);
}

void enrolment_promote(struct db *db, int64_t cohort_id, int64_t now)
{
    struct cohort cohort;
    struct learning_sql_first_waiting first;
    enrolment_row e;
    const struct enrolment_act program = { .way = BY_LINE };
    if (!cohort_find(db, cohort_id, &cohort) || cohort.cancelled_at != DB_NULL ||
        cohort.starts_at <= now)
        return;
    for (int i = 0; i < PROMOTED_AT_ONCE; i++) {
        if (!learning_sql_first_waiting(db, cohort_id, &first) ||
            !learning_sql_enrolment_by_id(db, first.id, &e) || !catalogue_take_place(db, cohort_id))
            return;
        int64_t kept_until = now + cohort.answer_hours * HOUR_MS;
        if (kept_until > cohort.starts_at) kept_until = cohort.starts_at;
        if (cohort.answer_hours) move(db, &e, ENROLMENT_APPROVED, kept_until, &program, now);
        else move(db, &e, ENROLMENT_CONFIRMED, DB_NULL, &program, now);
        enrolment_tell(db, &e, &program);
    }
}

void enrolment_tidy(struct db *db, int64_t now)
{
    struct learning_sql_unanswered *late;
    struct learning_sql_to_promote *cohorts;
    enrolment_row e;
    size_t n = learning_sql_unanswered(db, now, TIDIED_AT_ONCE, &late);
    for (size_t i = 0; i < n; i++)
        if (learning_sql_enrolment_by_id(db, late[i].id, &e))
            enrolment_cancel(db, &e, &(const struct enrolment_act){ .way = BY_TIME }, now);
    n = learning_sql_to_promote(db, now, TIDIED_AT_ONCE, &cohorts);
    for (size_t i = 0; i < n; i++)
        enrolment_promote(db, cohorts[i].id, now);
    date_tidy(db, now);
}
