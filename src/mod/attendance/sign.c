/* Who is in the room signs with a phone: by the code on the screen, read by the camera or typed. */
#include "attendance_html.h"
#include "access/slow.h"
#include "base/id.h"
#include "base/time.h"
#include "mod/attendance/pages.h"

#define FORM struct attendance_form
const struct param attendance_sign_params[] = { PARAM(FORM, seance, PARAM_ID),
                                                PARAM(FORM, code, PARAM_TEXT, .max = 12),
                                                PARAM(FORM, ligne, PARAM_BOOL),
                                                { 0 } };
#undef FORM

/* Guesses of one person: so many at once, then one each ten seconds. */
enum { TRIES_AT_ONCE = 6, TRY_EVERY_MS = 10 * 1000 };

struct str attendance_title(const attendance_half *half)
{
    return half->title.n ? half->title : half->node_title.n ? half->node_title : half->label;
}

static size_t signable(struct request *r, attendance_half **ret)
{
    size_t all = attendance_sql_my_halves(r->db, r->who.person_id, r->now - ATTENDANCE_AFTER_MS,
                                          r->now + ATTENDANCE_BEFORE_MS, ret),
           n = 0;
    for (size_t i = 0; i < all; i++)
        if (attendance_is_open(&(*ret)[i], r->now)) (*ret)[n++] = (*ret)[i];
    return n;
}

void attendance_sign_get(struct request *r)
{
    struct attendance_form *f = r->form;
    attendance_half *halves;
    struct attendance_sign s = { .n = signable(r, &halves) };
    s.halves = halves;
    s.marks = arena_array(r->arena, attendance_mark, s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        if (!attendance_sql_mark(r->db, halves[i].id, r->who.person_id, &s.marks[i]))
            s.marks[i] = (attendance_mark){ .state = S("") };
        if (halves[i].id == f->seance || (s.n == 1 && !f->seance)) {
            s.chosen = &halves[i];
            s.mark = &s.marks[i];
        }
    }
    attendance_sign(http_page(r), &s, f);
}

void attendance_sign_prepare(struct request *r)
{
    if (!slow_allow(S("presence"), id_lower(r->arena, r->who.person_id), TRIES_AT_ONCE,
                    TRY_EVERY_MS))
        http_fail(r, 429, R_(N_("Too many codes one after another. Please wait ten seconds.")));
}

void attendance_sign_apply(struct request *r)
{
    const struct attendance_form *f = r->form;
    struct attendance_sql_is_expected expected = { 0 };
    attendance_half half;
    int64_t missed;
    if (!f->seance || !attendance_sql_half(r->db, f->seance, &half) ||
        !attendance_sql_is_expected(r->db, r->who.person_id, half.cohort_id, &expected) ||
        !expected.n) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (!attendance_is_open(&half, r->now)) {
        http_fail(r, 409, R_(N_("This half-day cannot be signed at the moment.")));
        return;
    }
    if (!attendance_code_holds(half.id, f->code, r->now)) {
        http_invalid(r, "code",
                     R_(N_("This code is over, or mistyped. Please look at the screen again.")));
        return;
    }
    enum attendance_state state = attendance_at(&half, r->now, &missed);
    attendance_mark before;
    bool in = attendance_sql_mark(r->db, half.id, r->who.person_id, &before) && before.minutes > 0;
    if (!in) /* who has signed does not become late by signing again */
        attendance_say(
            r->db,
            &(const struct attendance_word){ .half = &half,
                                             .person_id = r->who.person_id,
                                             .state = state,
                                             .way = "code",
                                             .live = f->ligne && str_is(half.mode, "both"),
                                             .missed = missed,
                                             .by = r->who.person_id },
            r->now);
    http_redirect(r,
                  arena_printf(r->arena, "/presence?seance=%.*s", STR(id_lower(r->arena, half.id))),
                  in ? "deja-signee" : "presence-signee");
}

/* --- what is mine ----------------------------------------------------------------------------------------------------------- */

void attendance_mine_get(struct request *r)
{
    struct attendance_mine m;
    m.group_count = attendance_sql_my_groups(r->db, r->who.person_id, &m.groups);
    m.n = attendance_sql_my_marks(r->db, r->who.person_id, ATTENDANCE_MINE, &m.marks);
    attendance_mine(http_page(r), &m);
}

/* On Mon espace, while there is something to sign. */
void attendance_extra(struct page *pg, struct request *r)
{
    attendance_half *halves;
    size_t n = attendance_sql_to_sign(r->db, r->who.person_id, r->now - ATTENDANCE_AFTER_MS,
                                      r->now + ATTENDANCE_BEFORE_MS, &halves);
    for (size_t i = 0; i < n; i++)
        if (attendance_is_open(&halves[i], r->now)) {
            attendance_now(pg, &halves[i]);
            return;
        }
}
