/* Likes and subscriptions: the record, the buttons, one's own page. */
#include "mod/subscription/subscription.h"

#include "base/id.h"
#include "html_html.h"
#include "mod/subscription/pages.h"
#include "subscription_html.h"

enum { HOME_MOST = 3, DOZEN = 12, LOOKED_AT = 2 * DOZEN };

#define FORM struct subscription_form
const struct param subscription_toggle_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, dans, PARAM_BOOL),
    PARAM(FORM, retour, PARAM_TEXT, .max = 500),
    { 0 },
};
const struct param subscription_choice_params[] = {
    PARAM(FORM, envoi, PARAM_TEXT, .required = true, .max = 10),
    { 0 },
};
const struct param subscription_stop_params[] = {
    PARAM(FORM, cle, PARAM_TEXT, .required = true, .max = 60),
    { 0 },
};
#undef FORM

#define SIZE .form_size = sizeof(struct subscription_form)
static const struct route routes[] = {
    { "POST", "/compte/aime/:id", MEMBER, .apply = subscription_like_apply,
      .params = subscription_toggle_params, SIZE, .help = "Likes a video, or no longer." },
    { "GET", "/compte/abonnements", MEMBER, .get = subscription_own_get,
      .help = "The channels one follows, and how one hears of new videos." },
    { "POST", "/compte/abonnements", MEMBER, .apply = subscription_choice_apply,
      .form = subscription_own_get, .params = subscription_choice_params, SIZE,
      .help = "Chooses how one hears of new videos." },
    { "POST", "/compte/abonnements/:id", MEMBER, .apply = subscription_channel_apply,
      .params = subscription_toggle_params, SIZE, .help = "Follows a channel, or no longer." },
    { "GET", "/tv/abonnements/arret/:cle", OBJECT(subscription_stop_rule),
      .get = subscription_stop_get, .params = subscription_stop_params, SIZE, .flags = ROUTE_SECRET,
      .help = "Asks whether the letters about new videos shall end." },
    /* No CSRF: RFC 8058 has the mail program press this for its reader, without a session; the address is signed by us and ends
     * the letters of one person, nothing else. */
    { "POST", "/tv/abonnements/arret/:cle", OBJECT(subscription_stop_rule),
      .apply = subscription_stop_apply, .params = subscription_stop_params, SIZE,
      .flags = ROUTE_NO_CSRF | ROUTE_SECRET, .help = "Ends the letters about new videos." },
    { 0 },
};

static const struct notice notices[] = {
    { "chaine-suivie", N_("You follow this channel."), false },
    { "chaine-quittee", N_("You no longer follow this channel."), false },
    { "video-aimee", N_("Thank you! It counts, without your name."), false },
    { "video-plus-aimee", N_("Taken back."), false },
    { "envoi-choisi", N_("Saved: this is how you hear of new videos."), false },
    { 0 },
};

static const struct menu_entry menu[] = {
    { "/compte/abonnements", N_("My subscriptions"), AREA_TV, MENU_ACCOUNT, 27 },
    { 0 },
};

/* --- changes ---------------------------------------------------------------------------------------------------------------- */

static void back(struct request *r, const char *notice)
{
    const struct subscription_form *f = r->form;
    http_redirect(r, f->retour.n ? f->retour : S("/compte/abonnements"), notice);
}

void subscription_like_apply(struct request *r)
{
    const struct subscription_form *f = r->form;
    struct tv_video *seen;
    /* only what the person finds in lists, so that nobody learns by it that a video exists */
    if (f->dans && !tv_some_of(r, &f->id, 1, &seen)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (f->dans) subscription_sql_like(r->db, f->id, r->who.person_id, r->now);
    else subscription_sql_unlike(r->db, f->id, r->who.person_id);
    back(r, f->dans ? "video-aimee" : "video-plus-aimee");
}

void subscription_channel_apply(struct request *r)
{
    const struct subscription_form *f = r->form;
    struct subscription_sql_channel channel;
    if (!subscription_sql_channel(r->db, f->id, &channel)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (f->dans) subscription_sql_subscribe(r->db, f->id, r->who.person_id, r->now);
    else subscription_sql_unsubscribe(r->db, f->id, r->who.person_id);
    back(r, f->dans ? "chaine-suivie" : "chaine-quittee");
}

void subscription_choice_apply(struct request *r)
{
    const struct subscription_form *f = r->form;
    if (!str_is(f->envoi, "none") && !str_is(f->envoi, "now") && !str_is(f->envoi, "daily")) {
        http_invalid(r, "envoi", R_(N_("Choose one of these.")));
        return;
    }
    subscription_sql_choose(r->db, r->who.person_id, f->envoi, r->now);
    http_redirect(r, S("/compte/abonnements"), "envoi-choisi");
}

/* --- pages ------------------------------------------------------------------------------------------------------------------ */

void subscription_own_get(struct request *r)
{
    struct subscription_sql_own *rows;
    struct subscription_sql_choice choice;
    size_t n = subscription_sql_own(r->db, r->who.person_id, &rows);
    bool chosen = subscription_sql_choice(r->db, r->who.person_id, &choice);
    subscription_own(http_page(r), rows, n, chosen ? choice.mail : S("none"));
}

static void follow_button(struct page *pg, struct request *r,
                          const struct subscription_sql_channel *channel)
{
    struct subscription_sql_subscribed row;
    bool on =
        r->who.person_id && subscription_sql_subscribed(r->db, channel->id, r->who.person_id, &row);
    subscription_follow(pg, channel, on);
}

static void on_video(struct page *pg, struct request *r, const struct tv_video *v)
{
    struct subscription_sql_likes likes = { 0 };
    struct subscription_sql_liked liked;
    struct subscription_sql_channel_of row;
    if (str_is(v->audience, "link")) return; /* lists do not show it: no likes, no channel's news */
    subscription_sql_likes(r->db, v->id, &likes);
    bool mine = r->who.person_id && subscription_sql_liked(r->db, v->id, r->who.person_id, &liked);
    subscription_like(pg, v, likes.n, mine);
    if (!subscription_sql_channel_of(r->db, v->id, &row)) return;
    const struct subscription_sql_channel channel = { row.id, row.slug, row.name };
    follow_button(pg, r, &channel);
}

static void on_channel(struct page *pg, struct request *r, int64_t channel_id)
{
    struct subscription_sql_channel channel;
    if (subscription_sql_channel(r->db, channel_id, &channel)) follow_button(pg, r, &channel);
}

/* Some more are looked at than are shown, because not all are for everybody: the newest dozen, and the next when that shows
 * too few. */
static void on_home(struct page *pg, struct request *r)
{
    struct subscription_sql_newest *rows;
    struct tv_video *videos;
    if (!r->who.person_id) return;
    size_t n = subscription_sql_newest(r->db, r->who.person_id, r->now, LOOKED_AT, &rows),
           found = 0;
    int64_t *ids = arena_array(r->arena, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = rows[i].id;
    for (size_t most = DOZEN; found < HOME_MOST && most < n + DOZEN; most += DOZEN)
        found = tv_some_of(r, ids, most < n ? most : n, &videos);
    if (found) subscription_row(pg, videos, found < HOME_MOST ? found : HOME_MOST);
}

static void start(struct settings *settings)
{
    subscription_news_start(settings);
    tv_add_to_page(TV_BUTTONS, on_video);
    tv_add_to_channel(on_channel);
    tv_add_to_home(on_home);
}

const struct module subscription_module = {
    .name = "subscription",
    .routes = routes,
    .notices = notices,
    .menu = menu,
    .jobs = subscription_jobs,
    .schedules = subscription_schedules,
    .subscriptions = subscription_events,
    .db = &subscription_db,
    .privacy = subscription_privacy,
    .demo = subscription_demo,
    .start = start,
};
