/* The calendar's pages: which days, what meets on them, who may look for whom. */
#include "agenda_html.h"
#include "base/id.h"
#include "base/time.h"
#include "mod/agenda/pages.h"

#define ROW struct agenda_form
const struct param agenda_params[] = {
    PARAM(ROW, vue, PARAM_SLUG, .max = 10), PARAM(ROW, date, PARAM_DATE),
    PARAM(ROW, programme, PARAM_SLUG),      PARAM(ROW, salle, PARAM_ID),
    PARAM(ROW, formateur, PARAM_ID),        { 0 }
};
#undef ROW

/* --- days ----------------------------------------------------------------------------------------------------------------- */

/* Midnight of the day that lies so many days after the one of `at`: counted on the wall clock. */
static int64_t day_after(int64_t at, int days)
{
    struct civil c = time_civil(at);
    return time_from_civil(c.year, c.month, c.day + days, 0, 0);
}

static int64_t month_of(int64_t at, int months)
{
    struct civil c = time_civil(at);
    int month = c.month - 1 + months;
    return time_from_civil(c.year + (month < 0 ? -1 : month / 12), (month + 12) % 12 + 1, 1, 0, 0);
}

struct str agenda_day_text(struct arena *a, int64_t at)
{
    struct civil c = time_civil(at);
    return arena_printf(a, "%04d-%02d-%02d", c.year, c.month, c.day);
}

struct str agenda_clock(struct arena *a, int64_t at)
{
    struct civil c = time_civil(at);
    return arena_printf(a, "%d:%02d", c.hour, c.minute);
}

static void set_span(struct agenda_sheet *s)
{
    switch (s->view) {
    case AGENDA_MONTH: {
        int64_t first = month_of(s->at, 0), next = month_of(s->at, 1);
        s->from = day_after(first, -time_civil(first).weekday);
        s->to = day_after(next, (7 - time_civil(next).weekday) % 7);
        s->before = month_of(s->at, -1);
        s->after = next;
        break;
    }
    case AGENDA_WEEK:
        s->from = day_after(s->at, -time_civil(s->at).weekday);
        s->to = day_after(s->from, 7);
        s->before = day_after(s->from, -7);
        s->after = s->to;
        break;
    case AGENDA_LIST:
        s->from = s->at;
        s->to = day_after(s->at, 400);
        s->before = day_after(s->at, -60);
        break;
    }
}

/* --- what meets ----------------------------------------------------------------------------------------------------------- */

struct str agenda_title(const struct agenda_sql_events *row)
{
    return row->title.n ? row->title : row->node_title.n ? row->node_title : row->label;
}

struct str agenda_place(struct arena *a, const struct agenda_sql_events *row)
{
    if (!row->room.n) return row->place;
    return row->room_place.n ? arena_printf(a, "%.*s, %.*s", STR(row->room), STR(row->room_place))
                             : row->room;
}

static void load_events(struct request *r, struct agenda_sheet *s, int64_t person,
                        int64_t programme)
{
    const struct agenda_form *f = s->form;
    struct agenda_sql_events *rows;
    s->n = agenda_sql_events(r->db,
                             &(struct agenda_sql_events_in){
                                 .from = s->from,
                                 .to = s->to,
                                 .person = person,
                                 .programme = programme,
                                 .room = f->salle,
                                 .trainer = s->plans ? f->formateur : 0,
                                 .cancelled = 0,
                                 .most = s->view == AGENDA_LIST ? AGENDA_LISTED : AGENDA_EVENTS },
                             &rows);
    s->events = arena_array(r->arena, struct agenda_event, s->n + 1);
    /* two at once matter where one person or one room is looked at */
    bool single = s->mine || f->salle || (s->plans && f->formateur);
    for (size_t i = 0; i < s->n; i++) {
        s->events[i] = (struct agenda_event){ .row = &rows[i],
                                              .title = agenda_title(&rows[i]),
                                              .place = agenda_place(r->arena, &rows[i]) };
        for (size_t k = 0; single && k < i; k++)
            if (rows[k].ends_at > rows[i].starts_at && rows[k].starts_at < rows[i].ends_at)
                s->events[i].clash = s->events[k].clash = true;
    }
    if (s->view == AGENDA_LIST && s->n == AGENDA_LISTED)
        s->after = day_after(rows[s->n - 1].starts_at, 0);
}

/* The days of the span with theirs; a meeting stands on the day it begins. */
static void fill_days(struct agenda_sheet *s)
{
    int month = time_civil(s->at).month;
    size_t next = 0;
    if (s->view == AGENDA_LIST) return;
    for (int64_t at = s->from; at < s->to && s->day_count < AGENDA_DAYS; at = day_after(at, 1)) {
        struct agenda_day *day = &s->days[s->day_count++];
        int64_t end = day_after(at, 1);
        while (next < s->n && s->events[next].row->starts_at < at)
            next++;
        *day =
            (struct agenda_day){ .at = at,
                                 .other = s->view == AGENDA_MONTH && time_civil(at).month != month,
                                 .events = &s->events[next] };
        while (next < s->n && s->events[next].row->starts_at < end) {
            next++;
            day->n++;
        }
    }
}

/* Below a month or a week, for phones: all when they are few, otherwise from the day asked for on. */
static void choose_listed(struct agenda_sheet *s)
{
    size_t from = 0;
    if (s->n > AGENDA_LISTED)
        while (from < s->n && s->events[from].row->starts_at < s->at)
            from++;
    s->listed = s->events + from;
    s->listed_count = s->n - from < AGENDA_LISTED ? s->n - from : AGENDA_LISTED;
}

static struct str filters_of(struct request *r, const struct agenda_sheet *s)
{
    const struct agenda_form *f = s->form;
    struct str text = S("");
    if (f->programme.n) text = arena_printf(r->arena, "&programme=%.*s", STR(f->programme));
    if (f->salle)
        text =
            arena_printf(r->arena, "%.*s&salle=%.*s", STR(text), STR(id_lower(r->arena, f->salle)));
    if (s->plans && f->formateur)
        text = arena_printf(r->arena, "%.*s&formateur=%.*s", STR(text),
                            STR(id_lower(r->arena, f->formateur)));
    return text;
}

static bool load(struct request *r, struct agenda_sheet *s, bool mine)
{
    const struct agenda_form *f = r->form;
    struct catalogue_programme p = { .id = 0 };
    *s = (struct agenda_sheet){ .mine = mine,
                                .form = f,
                                .base = mine ? S("/mon-espace/agenda") : S("/agenda"),
                                .view = str_is(f->vue, "liste")     ? AGENDA_LIST
                                        : str_is(f->vue, "semaine") ? AGENDA_WEEK
                                                                    : AGENDA_MONTH,
                                .before = DB_NULL,
                                .after = DB_NULL,
                                .feed_since = DB_NULL };
    s->plans = access_holds(r, "learning.follow") || access_holds(r, "cohort.plan");
    s->at = day_after(f->date == DB_NULL ? r->now : f->date, 0);
    if (f->programme.n && !catalogue_programme_find(r->db, f->programme, &p)) {
        http_fail(r, 404, STR_NONE);
        return false;
    }
    set_span(s);
    load_events(r, s, mine ? r->who.person_id : 0, p.id);
    fill_days(s);
    choose_listed(s);
    s->filters = filters_of(r, s);
    return true;
}

static void show(struct request *r, struct agenda_sheet *s)
{
    struct agenda_sql_feed feed;
    if (s->mine) {
        if (agenda_sql_feed(r->db, r->who.person_id, &feed)) s->feed_since = feed.created_at;
    } else {
        s->programme_count = agenda_sql_programmes(r->db, r->now, &s->programmes);
        s->room_count = agenda_sql_rooms(r->db, &s->rooms);
        if (s->plans) s->trainer_count = agenda_sql_trainers(r->db, r->now, &s->trainers);
    }
    agenda_page(http_page(r), s);
}

void agenda_get(struct request *r)
{
    struct agenda_sheet s;
    if (load(r, &s, false)) show(r, &s);
}

void agenda_mine_get(struct request *r)
{
    struct agenda_sheet s;
    if (load(r, &s, true)) show(r, &s);
}

/* The page once more, with the new address: it is kept as a hash, and shown this one time. */
void agenda_renew_apply(struct request *r)
{
    struct agenda_form *f = r->form;
    struct agenda_sheet s;
    struct str hash, secret = access_new_token(r->arena, &hash);
    agenda_sql_set_feed(r->db, r->who.person_id, hash, r->now);
    f->date = DB_NULL;
    if (!load(r, &s, true)) return;
    s.feed_url =
        arena_printf(r->arena, "%.*s/agenda/flux/%.*s.ics", STR(http_public_url(r)), STR(secret));
    show(r, &s);
}

/* --- for programs ----------------------------------------------------------------------------------------------------------- */

struct entry {
    int64_t id, starts_at, ends_at;
    struct str title, group, programme, place, link, mode;
};
static const char *const modes[] = { "onsite", "remote", "both", NULL };
static const struct shape_field fields[] = {
    SHAPE(struct entry, id, SHAPE_ID),
    SHAPE(struct entry, title, SHAPE_TEXT),
    SHAPE(struct entry, programme, SHAPE_TEXT, .help = N_("Its address in the catalogue.")),
    SHAPE(struct entry, group, SHAPE_TEXT),
    SHAPE(struct entry, mode, SHAPE_TEXT, .one_of = modes),
    SHAPE(struct entry, starts_at, SHAPE_TIME),
    SHAPE(struct entry, ends_at, SHAPE_TIME),
    SHAPE(struct entry, place, SHAPE_TEXT),
    SHAPE(struct entry, link, SHAPE_TEXT),
    { 0 },
};
static const struct shape meeting_shape = { .name = "Meeting",
                                            .help =
                                                N_("A group comes together, in a room or on line."),
                                            .fields = fields,
                                            .size = sizeof(struct entry) };
const struct api agenda_answer = { .group = N_("My learning"),
                                   .answer = &meeting_shape,
                                   .page = true };

void agenda_api(struct request *r)
{
    struct agenda_sheet s;
    if (!load(r, &s, true)) return;
    struct entry *entries = arena_array(r->arena, struct entry, s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        const struct agenda_event *e = &s.events[i];
        entries[i] = (struct entry){ .id = e->row->id,
                                     .starts_at = e->row->starts_at,
                                     .ends_at = e->row->ends_at,
                                     .title = e->title,
                                     .group = e->row->label,
                                     .programme = e->row->slug,
                                     .place = e->place,
                                     .link = e->row->link,
                                     .mode = e->row->mode };
    }
    http_answer_page(r, entries, s.n, STR_NONE);
}
