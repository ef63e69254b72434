/* Who follows a path chooses a date for each of its modules: a place, or the end of the line; one date of a module at a time. */
#include "mod/learning/dates.h"

#include "base/id.h"
#include "base/time.h"
#include "learning_html.h"
#include "mod/learning/enrol.h"
#include "mod/people/people.h"

enum { PROMOTED_AT_ONCE = 500, TIDIED_AT_ONCE = 200 };

#define FORM struct date_form
const struct param date_id_params[] = { PARAM(FORM, id, PARAM_ID, .required = true), { 0 } };
const struct param date_act_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                         PARAM(FORM, acte, PARAM_SLUG, .required = true, .max = 10),
                                         PARAM(FORM, sais, PARAM_BOOL),
                                         { 0 } };
#undef FORM

/* --- the rules -------------------------------------------------------------------------------------------------------- */

static void tell(struct db *db, int64_t person_id, int64_t cohort_id, const char *what)
{
    json_t *payload = json_pack("{s:I, s:I, s:s}", "person", (json_int_t)person_id, "cohort",
                                (json_int_t)cohort_id, "what", what);
    if (!payload) abort(); /* only without memory */
    job_add(db, DATE_LETTER, STR_NONE, payload, 0);
}

/* Places that are free go to the first in line, until the date begins. */
static void promote(struct db *db, int64_t cohort_id, int64_t now)
{
    struct cohort c;
    struct learning_sql_first_in_line first;
    if (!cohort_find(db, cohort_id, &c) || c.cancelled_at != DB_NULL || c.starts_at <= now) return;
    for (int i = 0; i < PROMOTED_AT_ONCE; i++) {
        if (!learning_sql_first_in_line(db, cohort_id, &first) ||
            !catalogue_take_place(db, cohort_id))
            return;
        learning_sql_set_date(db, cohort_id, first.person_id, S("confirmed"), DB_NULL, now);
        tell(db, first.person_id, cohort_id, "promoted");
    }
}

static bool holds(const struct learning_sql_date *d)
{
    return str_is(d->state, "confirmed") || str_is(d->state, "waiting");
}

static bool leave(struct db *db, int64_t person_id, int64_t cohort_id, const char *word,
                  int64_t now)
{
    struct learning_sql_date d;
    if (!learning_sql_date(db, cohort_id, person_id, &d) || !holds(&d)) return false;
    bool had = str_is(d.state, "confirmed");
    learning_sql_set_date(db, cohort_id, person_id, S("cancelled"), DB_NULL, now);
    if (word && had) tell(db, person_id, cohort_id, word);
    if (!had) return true;
    catalogue_free_place(db, cohort_id);
    promote(db, cohort_id, now);
    return true;
}

bool date_leave(struct db *db, int64_t person_id, int64_t cohort_id, int64_t now)
{
    return leave(db, person_id, cohort_id, "left", now);
}

enum date_taken date_take(struct db *db, int64_t person_id, const struct cohort *date, int64_t now)
{
    struct learning_sql_date mine;
    struct learning_sql_last_date_rank line = { .last = DB_NULL };
    struct learning_sql_held_dates_ahead *others;
    if (learning_sql_date(db, date->id, person_id, &mine) && holds(&mine)) return DATE_ALREADY;
    if (date->module_id == DB_NULL || !cohort_is_open(date, now)) return DATE_CLOSED;
    size_t n = learning_sql_held_dates_ahead(db, person_id, date->programme_id, date->module_id,
                                             now, &others);
    for (size_t i = 0; i < n; i++)
        leave(db, person_id, others[i].cohort_id, "left", now);
    bool free = catalogue_take_place(db, date->id);
    if (!free) learning_sql_last_date_rank(db, date->id, &line);
    learning_sql_set_date(db, date->id, person_id, free ? S("confirmed") : S("waiting"),
                          free                   ? DB_NULL
                          : line.last == DB_NULL ? 1
                                                 : line.last + 1,
                          now);
    tell(db, person_id, date->id, free ? "confirmed" : "waiting");
    return free ? DATE_CONFIRMED : DATE_WAITING;
}

void learning_give_date(struct db *db, int64_t person_id, int64_t cohort_id, int64_t now)
{
    struct learning_sql_date d;
    if (learning_sql_date(db, cohort_id, person_id, &d) && holds(&d)) return;
    if (catalogue_take_place(db, cohort_id))
        learning_sql_set_date(db, cohort_id, person_id, S("confirmed"), DB_NULL, now);
}

void date_leave_all(struct db *db, int64_t person_id, int64_t programme_id, bool quiet, int64_t now)
{
    struct learning_sql_held_dates_ahead *dates;
    size_t n = learning_sql_held_dates_ahead(db, person_id, programme_id, 0, now, &dates);
    for (size_t i = 0; i < n; i++)
        leave(db, person_id, dates[i].cohort_id, quiet ? NULL : "left", now);
}

void date_cancelled(struct db *db, int64_t cohort_id, int64_t now)
{
    struct learning_sql_date_people *people;
    size_t n = learning_sql_date_people(db, cohort_id, &people);
    for (size_t i = 0; i < n; i++) {
        learning_sql_set_date(db, cohort_id, people[i].person_id, S("cancelled"), DB_NULL, now);
        tell(db, people[i].person_id, cohort_id, "off");
    }
}

void date_tidy(struct db *db, int64_t now)
{
    struct learning_sql_dates_to_promote *dates;
    size_t n = learning_sql_dates_to_promote(db, now, TIDIED_AT_ONCE, &dates);
    for (size_t i = 0; i < n; i++)
        promote(db, dates[i].id, now);
}

/* --- letters ---------------------------------------------------------------------------------------------------------- */

/* {0} the person, {1} the module, {2} date and place, {3} where to go on. Sent only while the state is still that. */
static const struct letter {
    const char *what, *state, *subject, *text;
    bool calendar, over;
} letters[] = {
    { "confirmed", "confirmed", N_("Your place: {0}"),
      N_("Hello {0},\n\nYou have a place for {1}:\n\n{2}\n\nThe file that comes with this letter "
         "puts it into your calendar. If you cannot come after all, please give your place back "
         "here, so that somebody else can:\n\n{3}\n\nThe eduLAB team"),
      true, false },
    { "promoted", "confirmed", N_("A place is free: {0}"),
      N_("Hello {0},\n\nA place has come free, and it is yours: {1}.\n\n{2}\n\nThe file that comes "
         "with this letter puts it into your calendar. If you no longer can or want to come, "
         "please give it back here:\n\n{3}\n\nThe eduLAB team"),
      true, false },
    { "waiting", "waiting", N_("You are on the waiting list: {0}"),
      N_("Hello {0},\n\nAll places for {1} on this date are taken:\n\n{2}\n\nYou stand in line, "
         "and "
         "we write as soon as a place is free. Other dates may stand here:\n\n{3}\n\nThe eduLAB "
         "team"),
      false, false },
    { "left", "cancelled", N_("You gave your place back: {0}"),
      N_("Hello {0},\n\nYou no longer have a place for {1} on this date:\n\n{2}\n\nThe file that "
         "comes with this letter takes it out of your calendar. You can choose a date "
         "here:\n\n{3}\n\nThe eduLAB team"),
      true, true },
    { "off", "cancelled", N_("This date does not take place: {0}"),
      N_("Hello {0},\n\nWe are sorry: this date of {1} does not take place.\n\n{2}\n\nPlease "
         "choose another one here:\n\n{3}\n\nThe eduLAB team"),
      true, true },
};

static bool calendar_of(struct db *db, const struct cohort *c, const struct account *them,
                        int64_t steps, bool over, int64_t now, struct mail_part *ret)
{
    struct cohort_meeting *meetings;
    size_t all = cohort_meetings(db, c->id, &meetings), n = 0;
    struct cohort_event *events = arena_array(db_arena(db), struct cohort_event, all + 1);
    for (size_t i = 0; i < all; i++)
        if ((over || meetings[i].cancelled_at == DB_NULL) && meetings[i].ends_at > now)
            events[n++] = (struct cohort_event){ .meeting = meetings[i],
                                                 .programme = c->programme_title,
                                                 .slug = c->programme_slug,
                                                 .group = c->label,
                                                 .sequence = meetings[i].sequence + steps,
                                                 .cancelled = over };
    if (n) *ret = enrolment_calendar(db_arena(db), them, events, n, over, now);
    return n > 0;
}

static void write_letter(struct db *db, const struct letter *letter, const struct cohort *c,
                         const struct account *them, int64_t steps)
{
    int64_t now = time_now();
    struct learning_sql_date_module m = { .title = c->label, .slug = S("") };
    struct page page = { .arena = db_arena(db), .lang = them->lang, .now = now };
    struct mail_part part;
    learning_sql_date_module(db, c->id, &m);
    struct str when = fmt_plain(page.arena, lang_text(them->lang, N_("{0}, {1}")),
                                date_time(&page, c->starts_at), c->place),
               room = arena_printf(page.arena, "%.*s/mon-espace/modules/%.*s#dates",
                                   STR(learning_origin), STR(m.slug)),
               subject = fmt_plain(page.arena, lang_text(them->lang, letter->subject), m.title),
               text = fmt_plain(page.arena, lang_text(them->lang, letter->text), them->name,
                                m.title, when, room);
    if (letter->calendar && calendar_of(db, c, them, steps, letter->over, now, &part))
        mail_queue_with(db, them->email, subject, text, &part);
    else mail_queue(db, them->email, subject, text);
}

bool date_letter(struct db *db, struct job *job)
{
    struct str what = str_from(json_string_value(json_object_get(job->payload, "what")));
    int64_t person = job_number(job, "person");
    struct cohort c;
    struct account them;
    struct learning_sql_date d;
    if (!cohort_find(db, job_number(job, "cohort"), &c) || !people_find(db, person, &them) ||
        !learning_sql_date(db, c.id, person, &d))
        return true; /* erased since */
    for (size_t i = 0; i < COUNT(letters); i++)
        if (str_is(what, letters[i].what) && str_is(d.state, letters[i].state))
            write_letter(db, &letters[i], &c, &them, d.steps);
    return true;
}

/* --- pages ------------------------------------------------------------------------------------------------------------ */

bool date_is_open(const struct learning_sql_dates *d, int64_t now)
{
    int64_t until = d->closes_at == DB_NULL ? d->starts_at : d->closes_at;
    return (d->opens_at == DB_NULL || d->opens_at <= now) && until > now;
}

/* False, with the answer set, when it is no date, or of a programme that the person does not follow. */
static bool load(struct request *r, struct date_sheet *s)
{
    const struct date_form *f = r->form;
    enrolment_row e;
    struct learning_sql_date_module m;
    *s = (struct date_sheet){ 0 };
    if (!cohort_find(r->db, f->id, &s->date) || s->date.module_id == DB_NULL ||
        !learning_sql_date_module(r->db, f->id, &m)) {
        http_fail(r, 404, STR_NONE);
        return false;
    }
    s->module_title = m.title;
    s->module_slug = m.slug;
    if (!learning_sql_enrolment(r->db, r->who.person_id, s->date.programme_id, &e) ||
        !enrolment_is_in(e.state)) {
        http_fail(r, 403, R_(N_("This module opens when you are enrolled in its programme.")));
        return false;
    }
    if (!learning_sql_date(r->db, s->date.id, r->who.person_id, &s->mine))
        s->mine = (struct learning_sql_date){ .state = S("") };
    s->clash_count = enrolment_clashes(r->db, r->who.person_id, s->date.id, r->now, &s->clashes);
    return true;
}

void date_get(struct request *r)
{
    struct date_sheet s;
    if (load(r, &s)) learning_date_page(http_page(r), &s);
}

static struct str room_of(struct request *r, const struct date_sheet *s)
{
    return arena_printf(r->arena, "/mon-espace/modules/%.*s", STR(s->module_slug));
}

static void take(struct request *r, const struct date_sheet *s)
{
    const struct date_form *f = r->form;
    if (s->clash_count && !holds(&s->mine) && !f->sais) {
        http_invalid(
            r, "sais",
            R_(N_("You are expected in two places at once. If that is all right, say so.")));
        return;
    }
    switch (date_take(r->db, r->who.person_id, &s->date, r->now)) {
    case DATE_CONFIRMED: http_redirect(r, room_of(r, s), "date-prise"); break;
    case DATE_WAITING: http_redirect(r, room_of(r, s), "date-attente"); break;
    case DATE_ALREADY: http_redirect(r, room_of(r, s), NULL); break;
    case DATE_CLOSED:
        http_fail(
            r, 409,
            R_(N_("No place can be taken on this date any more. Please choose another one.")));
        break;
    }
}

void date_apply(struct request *r)
{
    const struct date_form *f = r->form;
    struct date_sheet s;
    if (!load(r, &s)) return;
    if (str_is(f->acte, "prendre")) take(r, &s);
    else if (str_is(f->acte, "rendre"))
        http_redirect(r, room_of(r, &s),
                      date_leave(r->db, r->who.person_id, s.date.id, r->now) ? "date-rendue"
                                                                             : NULL);
    else http_fail(r, 422, R_(N_("Please say what to do with this date.")));
}
