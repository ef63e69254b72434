/* The letters about an enrolment: one for each state and way into it, in the person's language. */
#include "base/id.h"
#include "base/time.h"
#include "html/html.h"
#include "mod/learning/enrolment.h"
#include "mod/people/people.h"

/* {0} the person, {1} the programme, {2} the group and its dates or what else must be known, {3} where to go on. In the subject
 * {0} is the programme, {1} who decided. */
static const struct letter {
    const char *state;
    enum enrolment_way way;
    const char *subject, *text;
} letters[] = {
    { "asked", BY_WISH, N_("Your request for {0}"),
      N_("Hello {0},\n\nYour request for {1} has arrived. For this training the head of your "
         "school must agree first; we write to you as soon as they have.\n\n{2}\n\n{3}\n\nThe "
         "eduLAB team") },
    { "waiting", BY_WISH, N_("You are on the waiting list of {0}"),
      N_("Hello {0},\n\nAll places of {1} are taken at the moment. You stand on the waiting list, "
         "and we write as soon as a place is free.\n\n{2}\n\n{3}\n\nThe eduLAB team") },
    { "waiting", BY_HEAD, N_("Agreed, and on the waiting list of {0}"),
      N_("Hello {0},\n\nYour head agrees. All places of {1} are taken at the moment: you stand on "
         "the waiting list, and we write as soon as a place is free.\n\n{2}\n\n{3}\n\nThe eduLAB "
         "team") },
    { "approved", BY_LINE, N_("A place is free for you"),
      N_("Hello {0},\n\nA place is free in {1}, and it is kept for you. Please say yes or no here: "
         "without an answer in time it goes to the next person.\n\n{3}\n\n{2}\n\nThe eduLAB "
         "team") },
    { "confirmed", BY_WISH, N_("You are enrolled in {0}"),
      N_("Hello {0},\n\nYou are enrolled in {1}. Welcome!\n\n{2}\n\n{3}\n\nIf you cannot come "
         "after "
         "all, please say so there, so that somebody else can.\n\nThe eduLAB team") },
    { "confirmed", BY_HEAD, N_("Agreed: you are enrolled in {0}"),
      N_("Hello {0},\n\nYour head agrees: you are enrolled in {1}. "
         "Welcome!\n\n{2}\n\n{3}\n\nThe eduLAB team") },
    { "confirmed", BY_LINE, N_("A place is free for you"),
      N_("Hello {0},\n\nA place is free: you are now enrolled in {1}.\n\n{2}\n\n{3}\n\nIf you no "
         "longer can or want to, please leave the programme there, so that the next person can "
         "come.\n\nThe eduLAB team") },
    { "asked", BY_SCHOOL, N_("{1} asks for a place in {0} for you"),
      N_("Hello {0},\n\nYour school asks for a place in {1} for you. For this training its head "
         "must agree first; we write to you as soon as they have.\n\n{2}\n\n{3}\n\nThe eduLAB "
         "team") },
    { "waiting", BY_SCHOOL, N_("{1} has put you on the waiting list of {0}"),
      N_("Hello {0},\n\nYour school would like you to follow {1}. All places are taken at the "
         "moment: you stand on the waiting list, and we write as soon as a place is "
         "free.\n\n{2}\n\n{3}\n\nThe eduLAB team") },
    { "confirmed", BY_SCHOOL, N_("{1} has enrolled you in {0}"),
      N_("Hello {0},\n\nYour school has enrolled you in {1}. Welcome!\n\n{2}\n\n{3}\n\nIf you "
         "cannot come, please say so there, so that somebody else can.\n\nThe eduLAB team") },
    { "replaced", BY_SCHOOL, N_("Somebody else takes your place in {0}"),
      N_("Hello {0},\n\n{2} has given your place in {1} to somebody else of your school. If that "
         "surprises you, please talk with them.\n\n{3}\n\nThe eduLAB team") },
    { "cancelled", BY_WISH, N_("You have left {0}"),
      N_("Hello {0},\n\nYou no longer take part in {1}. What you did stays yours, and you can come "
         "back.\n\n{3}\n\nThe eduLAB team") },
    { "cancelled", BY_HEAD, N_("Your request for {0} was not agreed to"),
      N_("Hello {0},\n\nThe head of your school did not agree to your request for "
         "{1}.\n\n{2}\n\nPlease talk about it with them; other trainings are open to you "
         "here:\n\n{3}\n\nThe eduLAB team") },
    { "cancelled", BY_TIME, N_("The place in {0} has gone to somebody else"),
      N_("Hello {0},\n\nWe kept a place in {1} for you, but heard nothing in time: it has gone to "
         "the next person. You can enrol again when you like.\n\n{3}\n\nThe eduLAB team") },
    { "cancelled", BY_STAFF, N_("Your enrolment in {0} has ended"),
      N_("Hello {0},\n\nYour enrolment in {1} has ended.\n\n{2}\n\n{3}\n\nThe eduLAB team") },
};

/* The one for this way, or that for a person's own wish. */
static const struct letter *find_letter(struct str state, enum enrolment_way way)
{
    const struct letter *found = NULL;
    for (size_t i = 0; i < COUNT(letters); i++)
        if (str_is(state, letters[i].state) &&
            (letters[i].way == way || (!found && letters[i].way == BY_WISH)))
            found = &letters[i];
    return found;
}

static void put_clashes(struct db *db, struct page *pg, struct buf *b, const enrolment_row *e,
                        int64_t now)
{
    enrolment_clash *clashes;
    size_t n = enrolment_clashes(db, e->person_id, e->cohort_id, now, &clashes);
    for (size_t i = 0; i < n; i++)
        buf_str(b,
                fmt_plain(pg->arena, _("Please note: on {0} you are also expected in {1} ({2}).\n"),
                          date_time(pg, clashes[i].starts_at), clashes[i].title, clashes[i].label));
}

static struct str details(struct db *db, struct page *pg, const enrolment_row *e,
                          enum enrolment_way way, struct str reason, int64_t now)
{
    struct buf b = BUF_INIT(LIMIT_TEXT);
    struct cohort c;
    struct learning_sql_waiting_rank line;
    struct learning_sql_unanswered_of open;
    bool over = enrolment_is_over(e->state);
    if (over && reason.n) buf_str(&b, reason);
    if (!over && e->cohort_id != DB_NULL && cohort_find(db, e->cohort_id, &c)) {
        buf_str(&b, fmt_plain(pg->arena, _("{0}: begins on {1}, {2}.\n"), c.label,
                              date_time(pg, c.starts_at), c.place));
        if (e->kept_until != DB_NULL)
            buf_str(&b, fmt_plain(pg->arena, _("The place is kept until {0}.\n"),
                                  date_time(pg, e->kept_until)));
        if (e->rank != DB_NULL && learning_sql_waiting_rank(db, e->cohort_id, e->rank, &line))
            buf_str(&b, fmt_plain(pg->arena, _("You are number {0} on the waiting list.\n"),
                                  line.rank));
        if (way == BY_SCHOOL && learning_sql_unanswered_of(db, e->id, &open) && open.n)
            buf_str(&b,
                    fmt_plain(pg->arena,
                              _("The group has questions for you; please answer here: {0}\n"),
                              arena_printf(pg->arena, "%.*s/mon-espace/inscriptions/%.*s/reponses",
                                           STR(learning_origin), STR(id_lower(pg->arena, e->id)))));
        put_clashes(db, pg, &b, e, now);
    }
    struct str text = arena_dup(pg->arena, str_trim(buf_view(&b)));
    buf_finish(&b);
    return text;
}

/* The meetings to come, for the person's calendar; false when there are none. */
static bool calendar_of(struct db *db, const enrolment_row *e, const struct account *them,
                        const struct catalogue_programme *p, int64_t now, struct mail_part *ret)
{
    struct cohort c;
    struct cohort_meeting *meetings;
    struct learning_sql_steps steps = { 0 };
    if (e->cohort_id == DB_NULL || !cohort_find(db, e->cohort_id, &c)) return false;
    size_t all = cohort_meetings(db, c.id, &meetings), n = 0;
    struct cohort_event *events = arena_array(db_arena(db), struct cohort_event, all + 1);
    learning_sql_steps(db, e->id, &steps);
    for (size_t i = 0; i < all; i++)
        if (meetings[i].cancelled_at == DB_NULL && meetings[i].ends_at > now)
            events[n++] = (struct cohort_event){ .meeting = meetings[i],
                                                 .programme = p->title,
                                                 .slug = p->slug,
                                                 .group = c.label,
                                                 .sequence = meetings[i].sequence + steps.n,
                                                 .cancelled = enrolment_is_over(e->state) };
    *ret = enrolment_calendar(db_arena(db), them, events, n, enrolment_is_over(e->state), now);
    return n > 0;
}

struct mail_part enrolment_calendar(struct arena *a, const struct account *them,
                                    const struct cohort_event *events, size_t n, bool over,
                                    int64_t now)
{
    static const char *const names[] = {
        [COHORT_PUBLISH] = "PUBLISH", [COHORT_REQUEST] = "REQUEST", [COHORT_CANCEL] = "CANCEL"
    };
    const struct cohort_calendar calendar = { .method = n != 1 ? COHORT_PUBLISH
                                                        : over ? COHORT_CANCEL
                                                               : COHORT_REQUEST,
                                              .origin = learning_origin,
                                              .organizer = learning_mail_from,
                                              .attendee = them->email,
                                              .attendee_name = them->name,
                                              .now = now,
                                              .events = events,
                                              .n = n };
    return (struct mail_part){ .name = S("seances.ics"),
                               .type = arena_printf(a, "text/calendar; method=%s; charset=utf-8",
                                                    names[calendar.method]),
                               .data = cohort_calendar_text(a, &calendar) };
}

static struct str address_for(struct arena *a, const enrolment_row *e)
{
    const char *path = enrolment_is_over(e->state) ? "formations"
                       : enrolment_is_in(e->state) ? "mon-espace"
                                                   : "mon-espace/inscriptions";
    return arena_printf(a, "%.*s/%s", STR(learning_origin), path);
}

/* The heads nearest to the person: of the school, or of what stands above when the school has none. */
static void tell_heads(struct db *db, const enrolment_row *e, struct str name, struct str title,
                       int64_t now)
{
    struct learning_sql_heads *heads;
    struct account head;
    if (e->organisation_id == DB_NULL) return; /* staff see it in their list */
    size_t n = learning_sql_heads(db, e->organisation_id, now, &heads);
    for (size_t i = 0; i < n && heads[i].depth == heads[0].depth; i++) {
        if (!people_find(db, heads[i].person_id, &head)) continue;
        struct str text = fmt_plain(
            db_arena(db),
            lang_text(head.lang, N_("Hello {0},\n\n{1} would like to follow {2}. For this training "
                                    "your agreement is needed: yes or no, it takes a "
                                    "minute.\n\n{3}\n\nThe eduLAB team")),
            head.name, name, title,
            arena_printf(db_arena(db), "%.*s/mon-espace/accords", STR(learning_origin)));
        mail_queue(
            db, head.email,
            fmt_plain(db_arena(db), lang_text(head.lang, N_("{0} asks for your agreement")), name),
            text);
    }
}

/* --- written by a job ----------------------------------------------------------------------------------------------------- */

void enrolment_tell(struct db *db, const enrolment_row *e, const struct enrolment_act *act)
{
    if (act->quiet || !find_letter(e->state, act->way)) return;
    json_t *payload = json_pack("{s:I, s:s%, s:i}", "enrolment", (json_int_t)e->id, "state",
                                e->state.p, e->state.n, "way", (int)act->way);
    if (!payload) abort(); /* only without memory */
    job_add(db, ENROLMENT_LETTER, STR_NONE, payload, 0);
}

/* The words of who decided, of the last step; *ret_was_in: before it they were in, and their calendar has the meetings. */
static struct str steps_of(struct db *db, int64_t enrolment_id, bool *ret_was_in)
{
    struct learning_sql_last_steps *steps;
    size_t n = learning_sql_last_steps(db, enrolment_id, &steps);
    *ret_was_in = n > 1 && enrolment_is_in(steps[1].state);
    return n ? steps[0].reason : STR_NONE;
}

static void write_letter(struct db *db, const enrolment_row *e, const struct letter *letter,
                         int64_t now)
{
    struct account them;
    struct catalogue_programme p;
    if (!people_find(db, e->person_id, &them) || !catalogue_programme_load(db, e->programme_id, &p))
        return; /* erased since */
    struct page page = { .arena = db_arena(db), .lang = them.lang, .now = now };
    struct mail_part part;
    bool was_in;
    struct str reason = steps_of(db, e->id, &was_in), by = reason.p ? reason : S("");
    struct str subject = fmt_plain(page.arena, lang_text(them.lang, letter->subject), p.title, by);
    struct str text =
        fmt_plain(page.arena, lang_text(them.lang, letter->text), them.name, p.title,
                  details(db, &page, e, letter->way, reason, now), address_for(page.arena, e));
    if ((enrolment_is_in(e->state) || was_in) && calendar_of(db, e, &them, &p, now, &part))
        mail_queue_with(db, them.email, subject, text, &part);
    else mail_queue(db, them.email, subject, text);
    if (str_is(e->state, "asked")) tell_heads(db, e, them.name, p.title, now);
}

bool enrolment_letter(struct db *db, struct job *job)
{
    const json_t *id = json_object_get(job->payload, "enrolment"),
                 *state = json_object_get(job->payload, "state"),
                 *way = json_object_get(job->payload, "way");
    enrolment_row e;
    if (!json_is_string(state)) return false;
    const struct letter *letter = find_letter(str_from(json_string_value(state)),
                                              (enum enrolment_way)json_integer_value(way));
    if (letter && learning_sql_enrolment_by_id(db, json_integer_value(id), &e) &&
        str_is(e.state, letter->state))
        write_letter(db, &e, letter, time_now());
    return true;
}
