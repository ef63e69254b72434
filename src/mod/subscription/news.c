/* New videos of followed channels: noticed by the event and by the clock (a video may open, or come into a channel, later), told of
 * once, by letter to those who asked for one: at once, or once a day. People are taken in batches, a transaction each. */
#include "base/buf.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/origin.h"
#include "base/settings.h"
#include "base/time.h"
#include "html/html.h"
#include "mod/subscription/pages.h"
#include "subscription_html.h"

enum {
    GRACE_MS = 10 * MINUTE_MS, /* to name a video, say who it is for and where it stands */
    NEWS_DAYS = 7,             /* what has been there longer is no news */
    AT_ONCE = 50,              /* videos noticed in one go */
    BATCH = 500,               /* people in one transaction */
    DIGEST_MOST = 30,          /* videos in one letter */
};

static unsigned char key[32];
static struct str public_url;

void subscription_news_start(struct settings *settings)
{
    static char origin[ORIGIN_MAX];
    public_url = origin_of(settings, origin);
    access_key("subscription stop", key);
}

/* --- the link that ends the letters ------------------------------------------------------------------------------------------ */

static int64_t stopped(struct request *r)
{
    const struct subscription_form *f = r->form;
    return access_person_of_code(r->arena, key, f->cle);
}

bool subscription_stop_rule(struct request *r)
{
    if (stopped(r)) return true;
    http_fail(
        r, 403,
        R_(N_("This link is not complete. You can also choose on your page of subscriptions.")));
    return false;
}

/* Programs that look at mail follow links: it ends at the press of a button. */
void subscription_stop_get(struct request *r)
{
    const struct subscription_form *f = r->form;
    subscription_stop(http_page(r), f->cle, false);
}

void subscription_stop_apply(struct request *r)
{
    const struct subscription_form *f = r->form;
    struct subscription_sql_choice choice;
    int64_t person_id = stopped(r);
    /* a link may be older than the account's end: then there is nothing to stop */
    if (subscription_sql_choice(r->db, person_id, &choice))
        subscription_sql_choose(r->db, person_id, S("none"), r->now);
    subscription_stop(http_page(r), f->cle, true);
}

/* --- letters ---------------------------------------------------------------------------------------------------------------- */

static enum lang lang_of(const struct subscription_sql_subscribers *to)
{
    enum lang lang;
    return lang_from_code(to->lang, &lang) ? lang : LANG_FR;
}

static void write_letter(struct db *db, const struct subscription_sql_subscribers *to,
                         struct str subject, struct str news)
{
    struct arena *a = db_arena(db);
    struct str stop = arena_printf(a, "%.*s/tv/abonnements/arret/%.*s", STR(public_url),
                                   STR(access_person_code(a, key, to->id)));
    struct str body =
        fmt_plain(a,
                  lang_text(lang_of(to), N_("Hello {0},\n\n{1}\nYou receive this letter because "
                                            "you follow channels of eduLAB TV and "
                                            "chose to hear of new videos by mail.\nTo stop these "
                                            "letters: {2}\n\nThe eduLAB team")),
                  to->name, news, stop);
    mail_queue_list(db, to->email, subject, body, stop);
}

static struct str line_of(struct arena *a, const struct subscription_sql_video *v)
{
    return arena_printf(a, "%.*s\n%.*s\n%.*s/tv/%.*s\n", STR(v->title), STR(v->channel),
                        STR(public_url), STR(v->slug));
}

/* What anybody with an account may see needs no look at the person. */
static bool for_them(struct db *db, const struct subscription_sql_video *v, int64_t person_id,
                     int64_t now)
{
    struct arena *a = db_arena(db);
    const struct tv_rule rule = tv_rule_of(v);
    struct tv_viewer who = { .circles = S(",public:0,members:0,"), .member = true, .now = now };
    if (!str_is(v->audience, "public") && !str_is(v->audience, "members"))
        tv_viewer_of(db, person_id, now, &who);
    return tv_sight(a, &rule, &who, false) == TV_SEEN;
}

/* --- at once ------------------------------------------------------------------------------------------------------------------ */

static void add_tell(struct db *db, int64_t video, int64_t after)
{
    job_add(db, "subscription.tell",
            arena_printf(db_arena(db), "%lld/%lld", (long long)video, (long long)after),
            json_pack("{s:I, s:I}", "video", (json_int_t)video, "after", (json_int_t)after), 0);
}

/* The next five hundred who follow its channel. */
static bool tell(struct db *db, struct job *job)
{
    struct subscription_sql_video v;
    struct subscription_sql_subscribers *people;
    struct arena *a = db_arena(db);
    int64_t now = time_now();
    if (!subscription_sql_video(db, job_number(job, "video"), &v))
        return true; /* it left its channel */
    size_t n =
        subscription_sql_subscribers(db, v.channel_id, job_number(job, "after"), BATCH, &people);
    for (size_t i = 0; i < n; i++) {
        if (!for_them(db, &v, people[i].id, now)) continue;
        write_letter(
            db, &people[i],
            fmt_plain(a, lang_text(lang_of(&people[i]), N_("New on eduLAB TV: {0}")), v.title),
            line_of(a, &v));
    }
    if (n == BATCH) add_tell(db, v.id, people[n - 1].id);
    return true;
}

/* --- noticing ------------------------------------------------------------------------------------------------------------------ */

static bool notice(struct db *db, struct job *job)
{
    struct subscription_sql_to_announce *rows;
    int64_t now = time_now();
    (void)job;
    size_t n =
        subscription_sql_to_announce(db, now - NEWS_DAYS * DAY_MS, now - GRACE_MS, AT_ONCE, &rows);
    for (size_t i = 0; i < n; i++) {
        subscription_sql_announce(db, rows[i].id, now);
        add_tell(db, rows[i].id, 0);
    }
    return true;
}

static bool on_published(struct db *db, struct arena *a, json_t *payload, int64_t event_id)
{
    (void)payload;
    job_add(db, "subscription.news", arena_printf(a, "event-%lld", (long long)event_id), NULL,
            time_now() + GRACE_MS + SECOND_MS);
    return true;
}

/* --- once a day ------------------------------------------------------------------------------------------------------------------ */

static void add_digest(struct db *db, int64_t from, int64_t to, int64_t after)
{
    job_add(db, "subscription.daily",
            arena_printf(db_arena(db), "%lld/%lld", (long long)to, (long long)after),
            json_pack("{s:I, s:I, s:I}", "from", (json_int_t)from, "to", (json_int_t)to, "after",
                      (json_int_t)after),
            0);
}

/* Tells of what was noticed since the last time, however long ago that is. */
static bool digest(struct db *db, struct job *job)
{
    struct subscription_sql_told_until told;
    int64_t now = time_now();
    (void)job;
    if (!subscription_sql_told_until(db, &told)) told.told_until = now - DAY_MS;
    add_digest(db, told.told_until, now, 0);
    subscription_sql_set_told(db, now);
    return true;
}

/* Of the news, those of one person's channels; STR_NONE: none. */
static struct str news_of(struct db *db, const struct subscription_sql_video *news, size_t count,
                          const struct subscription_sql_their_channels *theirs, size_t n,
                          int64_t person_id, int64_t now)
{
    struct buf b = BUF_INIT(LIMIT_MAIL / 2);
    size_t told = 0;
    for (size_t k = 0; k < count && told < DIGEST_MOST; k++) {
        bool follows = false;
        for (size_t i = 0; i < n && !follows; i++)
            follows = theirs[i].channel_id == news[k].channel_id;
        if (!follows || !for_them(db, &news[k], person_id, now)) continue;
        buf_printf(&b, "%.*s\n", STR(line_of(db_arena(db), &news[k])));
        told++;
    }
    struct str text = told ? arena_dup(db_arena(db), buf_view(&b)) : STR_NONE;
    buf_finish(&b);
    return text;
}

static bool daily(struct db *db, struct job *job)
{
    struct subscription_sql_video *news;
    struct subscription_sql_subscribers *people;
    struct subscription_sql_their_channels *channels;
    int64_t from = job_number(job, "from"), to = job_number(job, "to"), now = time_now();
    size_t count = subscription_sql_news(db, from, to, &news), at = 0;
    size_t n = count ? subscription_sql_daily(db, job_number(job, "after"), BATCH, &people) : 0;
    if (!n) return true;
    size_t m = subscription_sql_their_channels(db, people[0].id, people[n - 1].id, &channels);
    for (size_t i = 0; i < n; i++) {
        while (at < m && channels[at].person_id < people[i].id)
            at++;
        size_t end = at;
        while (end < m && channels[end].person_id == people[i].id)
            end++;
        struct str text = news_of(db, news, count, channels + at, end - at, people[i].id, now);
        if (text.n)
            write_letter(db, &people[i],
                         lang_text(lang_of(&people[i]), N_("New videos on eduLAB TV")), text);
    }
    if (n == BATCH) add_digest(db, from, to, people[n - 1].id);
    return true;
}

const struct job_kind subscription_jobs[] = {
    { .name = "subscription.news", .apply = notice },
    { .name = "subscription.tell", .apply = tell },
    { .name = "subscription.digest", .apply = digest },
    { .name = "subscription.daily", .apply = daily },
    { 0 },
};
const struct schedule subscription_schedules[] = { { "subscription.news", 15 },
                                                   { "subscription.digest", 24 * 60 },
                                                   { 0 } };
const struct subscription subscription_events[] = {
    { "tv.published", "subscription.news", on_published }, { 0 }
};
