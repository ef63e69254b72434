/* A meeting was added, moved or cancelled: who is in the group gets a letter with a file that tells their calendar. Some minutes
 * later, and only about how it is then: who plans often changes a thing twice. */
#include "base/id.h"
#include "base/time.h"
#include "html/html.h"
#include "mod/learning/dates.h"
#include "mod/learning/enrolment.h"
#include "mod/people/people.h"

#define TOLD_AFTER_MS (2 * MINUTE_MS)

static int64_t number(const json_t *payload, const char *key)
{
    return json_integer_value(json_object_get(payload, key));
}

static bool noticed(struct db *db, struct arena *a, json_t *payload, int64_t event_id)
{
    struct learning_sql_in_group *people;
    struct cohort_meeting m;
    (void)event_id;
    if (!cohort_meeting_find(db, number(payload, "meeting"), &m) ||
        !learning_sql_in_group(db, m.cohort_id, &people))
        return true;
    struct str key = arena_printf(a, "%.*s/%lld", STR(id_lower(a, m.id)), (long long)m.sequence);
    job_add(db, "learning.meeting", key,
            json_pack("{s:I, s:I, s:s}", "meeting", (json_int_t)m.id, "sequence",
                      (json_int_t)m.sequence, "what",
                      json_string_value(json_object_get(payload, "what"))),
            time_now() + TOLD_AFTER_MS);
    return true;
}

static const struct word {
    const char *what, *subject, *text;
} words[] = {
    { "added", N_("New meeting: {0}"),
      N_("Hello {0},\n\n{1} has a new meeting:\n\n{2}\n\nThe file that comes with this letter puts "
         "it into your calendar.\n\nThe eduLAB team") },
    { "changed", N_("Changed meeting: {0}"),
      N_("Hello {0},\n\nA meeting of {1} has changed. It is now:\n\n{2}\n\nThe file that comes "
         "with "
         "this letter puts your calendar right.\n\nThe eduLAB team") },
    { "cancelled", N_("Cancelled meeting: {0}"),
      N_("Hello {0},\n\nThis meeting of {1} does not take place:\n\n{2}\n\nThe file that comes "
         "with "
         "this letter takes it out of your calendar.\n\nThe eduLAB team") },
};

static void tell_one(struct db *db, const struct word *word, const struct cohort_meeting *m,
                     const struct cohort *c, const struct learning_sql_in_group *who, int64_t now)
{
    struct account them;
    if (!people_find(db, who->person_id, &them)) return;
    struct page page = { .arena = db_arena(db), .lang = them.lang, .now = now };
    const struct cohort_event event = { .meeting = *m,
                                        .programme = c->programme_title,
                                        .slug = c->programme_slug,
                                        .group = c->label,
                                        .sequence = m->sequence + who->steps };
    struct mail_part part =
        enrolment_calendar(page.arena, &them, &event, 1, m->cancelled_at != DB_NULL, now);
    struct str where = m->place.n ? m->place : m->link;
    struct str details = fmt_plain(page.arena, lang_text(them.lang, N_("{0}, {1}\n{2}")), m->title,
                                   date_time(&page, m->starts_at), where);
    mail_queue_with(db, them.email,
                    fmt_plain(page.arena, lang_text(them.lang, word->subject), m->title),
                    fmt_plain(page.arena, lang_text(them.lang, word->text), them.name,
                              c->programme_title, details),
                    &part);
}

static bool tell_all(struct db *db, struct job *job)
{
    struct cohort_meeting m;
    struct cohort c;
    struct learning_sql_in_group *people;
    int64_t now = time_now();
    struct str what = str_from(json_string_value(json_object_get(job->payload, "what")));
    if (!cohort_meeting_find(db, number(job->payload, "meeting"), &m) || m.ends_at <= now ||
        m.sequence != number(job->payload, "sequence") || !cohort_find(db, m.cohort_id, &c))
        return true; /* a later word is on its way, or it is over */
    size_t n = learning_sql_in_group(db, c.id, &people);
    for (size_t w = 0; w < COUNT(words); w++)
        for (size_t i = 0; i < n && str_is(what, words[w].what); i++)
            tell_one(db, &words[w], &m, &c, &people[i], now);
    return true;
}

/* With a group its enrolments end, with a date its places. */
static bool group_ended(struct db *db, struct arena *a, json_t *payload, int64_t event_id)
{
    struct learning_sql_alive *rows;
    enrolment_row e;
    (void)a, (void)event_id;
    date_cancelled(db, number(payload, "cohort"), time_now());
    size_t n = learning_sql_alive(db, number(payload, "cohort"), &rows);
    for (size_t i = 0; i < n; i++)
        if (learning_sql_enrolment_by_id(db, rows[i].id, &e))
            enrolment_cancel(
                db, &e,
                &(const struct enrolment_act){ .way = BY_STAFF, .by = number(payload, "by") },
                time_now());
    return true;
}

static bool tidy(struct db *db, struct job *job)
{
    (void)job;
    enrolment_tidy(db, time_now());
    return true;
}

const struct job_kind enrolment_jobs[] = { { .name = "learning.places", .apply = tidy },
                                           { .name = ENROLMENT_LETTER, .apply = enrolment_letter },
                                           { .name = DATE_LETTER, .apply = date_letter },
                                           { .name = "learning.meeting", .apply = tell_all },
                                           { 0 } };
const struct subscription enrolment_subscriptions[] = {
    { .event = "cohort.cancelled", .name = "learning.group_ended", .apply = group_ended },
    { .event = "watch.finished",
      .name = "learning.recording",
      .apply = learning_recording_watched },
    { .event = "cohort.meeting", .name = "learning.meeting", .apply = noticed },
    { 0 },
};
