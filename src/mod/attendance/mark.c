/* Who was there: what is written down, and what follows from it. */
#include "mod/attendance/mark.h"

#include <sodium.h>

#include "base/id.h"
#include "base/time.h"
#include "mod/learning/learning.h"

/* --- states ------------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *code, *label, *glyph;
} states[ATTENDANCE_STATES] = {
    [ATTENDANCE_NONE] = { "", N_("Not signed yet"), "" },
    [ATTENDANCE_PRESENT] = { "present", N_("Present"), "✓" },
    [ATTENDANCE_LATE] = { "late", N_("Late"), "◔" },
    [ATTENDANCE_EXCUSED] = { "excused", N_("Excused"), "–" },
    [ATTENDANCE_ABSENT] = { "absent", N_("Absent"), "✕" },
};

struct str attendance_code_of(enum attendance_state state)
{
    return str_from(states[state].code);
}

enum attendance_state attendance_state_of(struct str code)
{
    for (int i = 0; i < ATTENDANCE_STATES; i++)
        if (str_is(code, states[i].code)) return (enum attendance_state)i;
    return ATTENDANCE_NONE;
}

struct str attendance_glyph(enum attendance_state state)
{
    return str_from(states[state].glyph);
}

const char *attendance_label(enum attendance_state state)
{
    return states[state].label;
}

/* --- the moment ---------------------------------------------------------------------------------------------------------- */

bool attendance_is_open(const attendance_half *half, int64_t now)
{
    return now >= half->starts_at - ATTENDANCE_BEFORE_MS &&
           now < half->ends_at + ATTENDANCE_AFTER_MS;
}

enum attendance_state attendance_at(const attendance_half *half, int64_t now, int64_t *ret_missed)
{
    int64_t late = now - half->starts_at;
    *ret_missed = 0;
    if (late <= ATTENDANCE_GRACE_MS) return ATTENDANCE_PRESENT;
    *ret_missed = late / MINUTE_MS;
    return ATTENDANCE_LATE;
}

static int64_t minutes_of(const struct attendance_word *w)
{
    int64_t whole = (w->half->ends_at - w->half->starts_at) / MINUTE_MS;
    if (w->state == ATTENDANCE_PRESENT) return whole;
    if (w->state != ATTENDANCE_LATE) return 0;
    return w->missed < whole ? whole - w->missed : 0;
}

/* --- what follows ---------------------------------------------------------------------------------------------------------- */

static struct str hours_key(struct db *db, int64_t half_id, int64_t mark_id)
{
    struct arena *a = db_arena(db);
    return arena_printf(a, "attendance/%.*s/%.*s", STR(id_lower(a, half_id)),
                        STR(id_lower(a, mark_id)));
}

/* The ledger never changes: what the word before counted is taken back, what this one counts is added. */
static void count_hours(struct db *db, const struct attendance_word *w,
                        const attendance_mark *before, int64_t mark_id, int64_t minutes,
                        int64_t now)
{
    if (before && before->minutes > 0)
        hours_take_back(db, w->person_id, hours_key(db, w->half->id, before->id), w->reason, w->by,
                        now);
    if (minutes <= 0) return;
    bool live = str_is(w->half->mode, "remote") || (w->live && str_is(w->half->mode, "both"));
    hours_add(db,
              &(struct hours){ .person_id = w->person_id,
                               .programme_id = w->half->programme_id,
                               .module_id = w->half->module_id == DB_NULL ? 0 : w->half->module_id,
                               .kind = live ? HOURS_LIVE : HOURS_PRESENCE,
                               .origin = "attendance",
                               .key = hours_key(db, w->half->id, mark_id),
                               .minutes = minutes,
                               .done_at = w->half->starts_at,
                               .by = w->by },
              now);
}

/* A module's activities of the kind "meeting" and the group's meetings about it belong together by their order; meetings past the
 * last activity count for that one. */
static void complete_step(struct db *db, const struct attendance_word *w, int64_t now)
{
    const attendance_half *h = w->half;
    struct attendance_sql_meeting_steps *steps;
    struct attendance_sql_before_it before;
    if (h->module_id == DB_NULL || h->version_id == DB_NULL) return;
    size_t n = attendance_sql_meeting_steps(db, h->version_id, h->module_id, &steps);
    if (!n || !attendance_sql_before_it(db, h->cohort_id, h->module_id, h->starts_at, h->meeting_id,
                                        &before))
        return;
    size_t i = (size_t)before.n < n ? (size_t)before.n : n - 1;
    learning_complete(db, w->person_id, steps[i].id, now);
    /* who was there after all: the recording they watched in its place counts no more */
    learning_take_back_replay(db, w->person_id, steps[i].id, w->by, now);
}

bool attendance_say(struct db *db, const struct attendance_word *w, int64_t now)
{
    attendance_mark before;
    bool known = attendance_sql_mark(db, w->half->id, w->person_id, &before);
    int64_t minutes = minutes_of(w), id = id_new();
    if (known && str_eq(before.state, attendance_code_of(w->state)) && before.minutes == minutes &&
        (before.live != 0) == w->live)
        return false;
    attendance_sql_add_mark(
        db, &(struct attendance_sql_add_mark_in){ .id = id,
                                                  .half = w->half->id,
                                                  .person = w->person_id,
                                                  .state = attendance_code_of(w->state),
                                                  .way = str_from(w->way),
                                                  .live = w->live,
                                                  .minutes = minutes,
                                                  .reason = w->reason.p ? w->reason : S(""),
                                                  .now = now,
                                                  .by = w->by });
    count_hours(db, w, known ? &before : NULL, id, minutes, now);
    if (minutes > 0) complete_step(db, w, now);
    return true;
}

/* --- the code -------------------------------------------------------------------------------------------------------------- */

static void code_of_step(int64_t half_id, int64_t step, char ret_code[ATTENDANCE_DIGITS + 1])
{
    unsigned char key[32], hash[16];
    struct {
        int64_t half_id, step;
    } what = { half_id, step };
    uint64_t number;
    access_key("attendance code", key);
    crypto_generichash(hash, sizeof hash, (const unsigned char *)&what, sizeof what, key,
                       sizeof key);
    memcpy(&number, hash, sizeof number);
    snprintf(ret_code, ATTENDANCE_DIGITS + 1, "%06u", (unsigned)(number % 1000000));
}

void attendance_code(int64_t half_id, int64_t now, char ret_code[ATTENDANCE_DIGITS + 1])
{
    code_of_step(half_id, now / ATTENDANCE_STEP_MS, ret_code);
}

bool attendance_code_holds(int64_t half_id, struct str typed, int64_t now)
{
    enum { STEPS = 5 }; /* this half minute, and four before it: two minutes at least */
    char digits[ATTENDANCE_DIGITS + 1] = "", code[ATTENDANCE_DIGITS + 1];
    size_t n = 0;
    bool held = false;
    for (size_t i = 0; i < typed.n; i++) {
        if (typed.p[i] == ' ') continue;
        if (n == ATTENDANCE_DIGITS) return false;
        digits[n++] = typed.p[i];
    }
    for (int64_t i = 0; i < STEPS; i++) {
        code_of_step(half_id, now / ATTENDANCE_STEP_MS - i, code);
        held |= str_eq_secret((struct str){ digits, n }, str_from(code));
    }
    return held;
}
