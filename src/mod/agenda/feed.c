/* A person's calendar for their programs: the address bears a secret, its hash finds the person. What was cancelled stays in it,
 * marked, so that calendars take it out. */
#include "base/time.h"
#include "mod/agenda/pages.h"

enum { BACK_DAYS = 60, AHEAD_DAYS = 500 };

#define ROW struct str
const struct param agenda_secret_params[] = {
    { .name = "secret", .kind = PARAM_TEXT, .offset = 0, .required = true, .max = 80 }, { 0 }
};
#undef ROW

static struct cohort_event event_of(struct arena *a, const struct agenda_sql_events *row)
{
    return (struct cohort_event){ .meeting = { .id = row->id,
                                               .cohort_id = row->cohort_id,
                                               .module_id = row->module_id,
                                               .title = agenda_title(row),
                                               .mode = row->mode,
                                               .starts_at = row->starts_at,
                                               .ends_at = row->ends_at,
                                               .room_id = row->room_id,
                                               .place = agenda_place(a, row),
                                               .link = row->link,
                                               .sequence = row->sequence,
                                               .changed_at = row->changed_at,
                                               .cancelled_at = row->cancelled_at },
                                  .programme = row->programme,
                                  .slug = row->slug,
                                  .group = row->label,
                                  .sequence = row->sequence + row->steps };
}

void agenda_feed_get(struct request *r)
{
    struct str secret = *(const struct str *)r->form;
    struct agenda_sql_owner owner;
    struct agenda_sql_events *rows;
    if (str_ends(secret, S(".ics"))) secret.n -= 4;
    if (!agenda_sql_owner(r->db, access_hash_token(r->arena, secret), &owner)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    size_t n =
        agenda_sql_events(r->db,
                          &(struct agenda_sql_events_in){ .from = r->now - BACK_DAYS * DAY_MS,
                                                          .to = r->now + AHEAD_DAYS * DAY_MS,
                                                          .person = owner.person_id,
                                                          .cancelled = 1,
                                                          .most = AGENDA_EVENTS },
                          &rows);
    struct cohort_event *events = arena_array(r->arena, struct cohort_event, n + 1);
    for (size_t i = 0; i < n; i++)
        events[i] = event_of(r->arena, &rows[i]);
    const struct cohort_calendar calendar = { .method = COHORT_FEED,
                                              .name = S("eduLAB"),
                                              .origin = http_public_url(r),
                                              .now = r->now,
                                              .events = events,
                                              .n = n };
    http_header_set(r, "Cache-Control", S("private, max-age=600"));
    http_header_set(r, "Referrer-Policy", S("no-referrer"));
    http_bytes(r, 200, "text/calendar; charset=utf-8", cohort_calendar_text(r->arena, &calendar));
}

/* --- what is held about people --------------------------------------------------------------------------------------------- */

#define ROW struct agenda_sql_held_feed
static const struct privacy_column feed_columns[] = { PRIVACY(TIME, ROW, created_at, N_("Made on")),
                                                      { 0 } };
#undef ROW
PRIVACY_ROWS(feeds, agenda_sql_held_feed)

static const struct privacy_section sections[] = {
    { "feed", N_("Secret address of your calendar"), feed_columns,
      sizeof(struct agenda_sql_held_feed), feeds, NULL },
    { 0 },
};

static void erase(struct db *db, int64_t person_id, int64_t now)
{
    (void)now;
    agenda_sql_drop_feed(db, person_id);
}

static const char *const columns[] = { "agenda_feed.person_id", NULL };

const struct privacy_source agenda_privacy[] = {
    { .name = "agenda",
      .label = N_("Agenda"),
      .correct = "/mon-espace/agenda",
      .sections = sections,
      .columns = columns,
      .erase = erase },
    { 0 },
};
