/* The staff's side of channels and series, and where a video stands among them. Who may publish in a channel also edits it. */
#include "access/audit.h"
#include "base/id.h"
#include "base/utf8.h"
#include "mod/people/people.h"
#include "mod/tv/library.h"
#include "tv_html.h"

enum { PUBLISHERS_MOST = 50 };

#define FORM struct tv_channel_edit
#define CHANNEL_FIELDS                                                                             \
    PARAM(FORM, name, PARAM_TEXT, .required = true, .min = 3, .max = 80),                          \
        PARAM(FORM, description, PARAM_LONG, .max = 2000),                                         \
        PARAM(FORM, langue, PARAM_SLUG, .required = true, .max = 8),                               \
        PARAM(FORM, qui, PARAM_SLUG, .required = true, .max = 8),                                  \
        PARAM(FORM, adresses, PARAM_LONG, .max = 10000)
const struct param tv_new_channel_params[] = { CHANNEL_FIELDS, { 0 } };
const struct param tv_channel_id_params[] = { PARAM(FORM, id, PARAM_ID, .required = true), { 0 } };
const struct param tv_channel_edit_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                                CHANNEL_FIELDS,
                                                { 0 } };
#undef FORM
#define FORM struct tv_series_edit
const struct param tv_series_id_params[] = { PARAM(FORM, id, PARAM_ID, .required = true), { 0 } };
const struct param tv_series_edit_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, title, PARAM_TEXT, .required = true, .min = 3, .max = 140),
    PARAM(FORM, description, PARAM_LONG, .max = 2000),
    { 0 },
};
#undef FORM
#define FORM struct tv_move_form
const struct param tv_move_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, video, PARAM_ID, .required = true),
    PARAM(FORM, sens, PARAM_SLUG, .required = true, .max = 4),
    { 0 },
};
#undef FORM
#define FORM struct tv_tags_form
const struct param tv_tags_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, place, PARAM_TEXT, .max = 200),
    PARAM(FORM, theme, PARAM_LIST),
    PARAM(FORM, niveau, PARAM_LIST),
    PARAM(FORM, competence, PARAM_LIST),
    { 0 },
};
#undef FORM

/* A channel whose people have all left is the whole team's again. */
static bool may_publish(struct request *r, const struct tv_sql_channels *c)
{
    struct tv_sql_publishers *people;
    size_t n = c->named ? tv_sql_publishers(r->db, c->id, &people) : 0;
    for (size_t i = 0; i < n; i++)
        if (people[i].id == r->who.person_id) return true;
    return n == 0;
}

static bool refuse(struct request *r)
{
    http_fail(r, 403, R_(N_("Only those named for this channel publish in it.")));
    return false;
}

bool tv_find_channel(struct request *r, int64_t id, struct tv_sql_channels *ret)
{
    if (tv_sql_channel(r->db, id, ret)) return may_publish(r, ret) || refuse(r);
    http_fail(r, 404, STR_NONE);
    return false;
}

static bool find_series(struct request *r, struct tv_sql_series *ret, struct tv_sql_channels *ret_c)
{
    const int64_t *id = r->form;
    if (tv_sql_series(r->db, *id, ret)) return tv_find_channel(r, ret->channel_id, ret_c);
    http_fail(r, 404, STR_NONE);
    return false;
}

static void go(struct request *r, const char *folder, int64_t id, const char *notice)
{
    http_redirect(
        r, arena_printf(r->arena, "/gestion/%s/%.*s", folder, STR(id_lower(r->arena, id))), notice);
}

static struct str or_empty(struct str s)
{
    return s.p ? s : S("");
}

/* An address that is not taken; the second of the same name gets the end of its id behind it. */
static struct str slug_of(struct arena *a, struct str name, int64_t id, bool taken)
{
    struct str slug = utf8_slug(a, name);
    if (!slug.n) slug = S("tv");
    if (!taken) return slug;
    return arena_printf(a, "%.*s-%.*s", STR(str_sub(slug, 0, 70)),
                        STR(str_sub(id_lower(a, id), 8, 5)));
}

/* --- who publishes ------------------------------------------------------------------------------------------------------------ */

struct people {
    int64_t ids[PUBLISHERS_MOST + 1];
    size_t n;
};

/* One address a line; false with the first that is nobody's beside the field. */
static bool read_people(struct request *r, struct str text, struct people *ret)
{
    struct account account;
    ret->ids[ret->n++] = r->who.person_id; /* nobody closes a channel to themselves */
    for (struct str rest = text; rest.n;) {
        struct str line = str_trim(str_cut(&rest, '\n'));
        if (!line.n) continue;
        if (!people_find_by_email(r->db, utf8_casefold(r->arena, line), &account)) {
            http_invalid(r, "adresses",
                         fmt_plain(r->arena, R_(N_("Nobody here has the address {0}.")), line));
            return false;
        }
        if (ret->n > PUBLISHERS_MOST) {
            http_invalid(r, "adresses", R_(N_("At most 50 people.")));
            return false;
        }
        ret->ids[ret->n++] = account.id;
    }
    return true;
}

/* False when something typed is not one of ours. */
static bool read_channel(struct request *r, const struct tv_channel_edit *f, struct people *ret)
{
    static const char *const languages[] = { "fr", "en", "nl", "de" };
    bool named = str_is(f->qui, "nommes"), spoken = false;
    *ret = (struct people){ 0 };
    for (size_t i = 0; i < COUNT(languages); i++)
        spoken = spoken || str_is(f->langue, languages[i]);
    if (!spoken) http_invalid(r, "langue", R_(N_("This choice is not one of ours.")));
    if (!named && !str_is(f->qui, "equipe"))
        http_invalid(r, "qui", R_(N_("This choice is not one of ours.")));
    return http_ok(r) && (!named || read_people(r, f->adresses, ret));
}

static void set_people(struct db *db, int64_t channel, const struct people *p)
{
    tv_sql_drop_publishers(db, channel);
    for (size_t i = 0; i < p->n; i++)
        tv_sql_add_publisher(db, channel, p->ids[i]);
}

/* For the journal: how many may publish, not who. */
static json_t *channel_words(struct str name, struct str lang, size_t named)
{
    return json_pack("{s:s%, s:s%, s:I}", "name", name.p, name.n, "language", lang.p, lang.n,
                     "named", (json_int_t)named);
}

/* --- channels ---------------------------------------------------------------------------------------------------------------- */

void tv_channels_studio_get(struct request *r)
{
    struct tv_sql_channels *channels;
    struct tv_sql_series *series;
    size_t n = tv_sql_channels(r->db, &channels), m = tv_sql_all_series(r->db, &series);
    tv_channels_studio(http_page(r), channels, n, series, m, r->form);
}

void tv_channel_add_apply(struct request *r)
{
    const struct tv_channel_edit *f = r->form;
    struct people people;
    if (!read_channel(r, f, &people)) return;
    struct tv_sql_add_channel_in in = { .id = id_new(),
                                        .slug = slug_of(r->arena, f->name, 0, false),
                                        .name = f->name,
                                        .description = or_empty(f->description),
                                        .lang = f->langue,
                                        .named = people.n > 0,
                                        .sample = 0,
                                        .now = r->now };
    if (!tv_sql_add_channel(r->db, &in)) {
        in.slug = slug_of(r->arena, f->name, in.id, true);
        tv_sql_add_channel(r->db, &in);
    }
    set_people(r->db, in.id, &people);
    audit_write(r, "channel.changed", "channel", in.id, NULL,
                channel_words(f->name, f->langue, people.n));
    go(r, "chaines", in.id, "chaine-notee");
}

static struct str addresses_of(struct request *r, int64_t channel)
{
    struct tv_sql_publishers *people;
    size_t n = tv_sql_publishers(r->db, channel, &people);
    struct str all = S("");
    for (size_t i = 0; i < n; i++)
        all = arena_join(r->arena, all, people[i].email, S("\n"));
    return all;
}

static void show_channel(struct request *r, const struct tv_sql_channels *c,
                         const struct tv_channel_edit *typed)
{
    const struct tv_channel_edit stored = { .id = c->id,
                                            .name = c->name,
                                            .description = c->description,
                                            .langue = c->lang,
                                            .qui = c->named ? S("nommes") : S("equipe"),
                                            .adresses = addresses_of(r, c->id) };
    struct tv_sql_series *series;
    size_t n = tv_sql_all_series(r->db, &series), kept = 0;
    for (size_t i = 0; i < n; i++)
        if (series[i].channel_id == c->id) series[kept++] = series[i];
    tv_channel_edit(http_page(r), typed ? typed : &stored, c, series, kept);
}

void tv_channel_edit_get(struct request *r)
{
    const struct tv_channel_edit *f = r->form;
    struct tv_sql_channels c;
    if (tv_find_channel(r, f->id, &c)) show_channel(r, &c, r->error_count ? f : NULL);
}

/* The form for a new series stands on the same page. */
void tv_series_add_get(struct request *r)
{
    const struct tv_series_edit *f = r->form;
    struct tv_sql_channels c;
    if (tv_find_channel(r, f->id, &c)) show_channel(r, &c, NULL);
}

void tv_channel_edit_apply(struct request *r)
{
    const struct tv_channel_edit *f = r->form;
    struct tv_sql_channels c;
    struct tv_sql_publishers *old;
    struct people people;
    if (!tv_find_channel(r, f->id, &c) || !read_channel(r, f, &people)) return;
    size_t before = tv_sql_publishers(r->db, c.id, &old);
    tv_sql_set_channel(r->db, c.id, f->name, or_empty(f->description), f->langue, people.n > 0);
    set_people(r->db, c.id, &people);
    audit_write(r, "channel.changed", "channel", c.id, channel_words(c.name, c.lang, before),
                channel_words(f->name, f->langue, people.n));
    go(r, "chaines", c.id, "chaine-notee");
}

void tv_channel_drop_apply(struct request *r)
{
    const struct tv_channel_edit *f = r->form;
    struct tv_sql_channels c;
    if (!tv_find_channel(r, f->id, &c)) return;
    tv_sql_drop_publishers(r->db, c.id);
    if (!tv_sql_drop_channel(r->db, c.id)) {
        http_fail(r, 409, R_(N_("Videos or series still stand in this channel. Move them first.")));
        return;
    }
    audit_write(r, "channel.removed", "channel", c.id, channel_words(c.name, c.lang, 0), NULL);
    http_redirect(r, S("/gestion/chaines"), "chaine-retiree");
}

/* --- series --------------------------------------------------------------------------------------------------------------------- */

static json_t *series_words(struct str title)
{
    return json_pack("{s:s%}", "title", title.p, title.n);
}

void tv_series_add_apply(struct request *r)
{
    const struct tv_series_edit *f = r->form;
    struct tv_sql_channels c;
    if (!tv_find_channel(r, f->id, &c)) return;
    int64_t id = id_new();
    struct str text = or_empty(f->description), slug = slug_of(r->arena, f->title, id, false);
    if (!tv_sql_add_series(r->db, id, c.id, slug, f->title, text, 0, r->now))
        tv_sql_add_series(r->db, id, c.id, slug_of(r->arena, f->title, id, true), f->title, text, 0,
                          r->now);
    audit_write(r, "series.changed", "series", id, NULL, series_words(f->title));
    go(r, "series", id, "serie-notee");
}

void tv_series_edit_get(struct request *r)
{
    struct tv_series_edit *f = r->form;
    struct tv_sql_series s;
    struct tv_sql_channels c;
    struct tv_sql_all_episodes *episodes;
    if (!find_series(r, &s, &c)) return;
    if (r->error_count == 0)
        *f = (struct tv_series_edit){ .id = s.id, .title = s.title, .description = s.description };
    size_t n = tv_sql_all_episodes(r->db, s.id, &episodes);
    tv_series_edit(http_page(r), f, &s, &c, episodes, n);
}

void tv_series_edit_apply(struct request *r)
{
    const struct tv_series_edit *f = r->form;
    struct tv_sql_series s;
    struct tv_sql_channels c;
    if (!find_series(r, &s, &c)) return;
    tv_sql_set_series(r->db, s.id, f->title, or_empty(f->description));
    audit_write(r, "series.changed", "series", s.id, series_words(s.title), series_words(f->title));
    go(r, "series", s.id, "serie-notee");
}

/* The videos stay, in the channel. */
void tv_series_drop_apply(struct request *r)
{
    struct tv_sql_series s;
    struct tv_sql_channels c;
    if (!find_series(r, &s, &c)) return;
    tv_sql_empty_series(r->db, s.id);
    tv_sql_drop_series(r->db, s.id);
    audit_write(r, "series.removed", "series", s.id, series_words(s.title), NULL);
    go(r, "chaines", c.id, "serie-retiree");
}

void tv_series_move_apply(struct request *r)
{
    const struct tv_move_form *f = r->form;
    struct tv_sql_series s;
    struct tv_sql_channels c;
    struct tv_sql_all_episodes *e;
    if (!find_series(r, &s, &c)) return;
    size_t n = tv_sql_all_episodes(r->db, s.id, &e), at = 0;
    bool up = str_is(f->sens, "haut");
    while (at < n && e[at].id != f->video)
        at++;
    if (at == n) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    size_t other = up ? at - 1 : at + 1; /* beyond either end: it stays */
    if (other < n) {
        struct tv_sql_all_episodes moved = e[at];
        e[at] = e[other];
        e[other] = moved;
    }
    for (size_t i = 0; i < n; i++)
        if (e[i].episode != (int64_t)i + 1)
            tv_sql_set_episode(r->db, e[i].id, s.id, (int64_t)i + 1);
    go(r, "series", s.id, "serie-notee");
}

/* --- where a video stands, and what it is about ------------------------------------------------------------------------------- */

static struct str place_value(struct arena *a, struct str channel, struct str series)
{
    return series.n ? arena_join(a, channel, S("/"), series) : channel;
}

static struct str place_now(struct request *r, const struct tv_sql_video_by_slug *v)
{
    struct tv_sql_channels c;
    struct tv_sql_series s = { 0 };
    if (v->channel_id == DB_NULL || !tv_sql_channel(r->db, v->channel_id, &c)) return S("");
    if (v->series_id != DB_NULL) tv_sql_series(r->db, v->series_id, &s);
    return place_value(r->arena, c.slug, s.slug);
}

static void add_place(struct tv_tagging *t, struct str value, struct str label, struct str chosen)
{
    t->places[t->place_count++] =
        (struct ui_option){ .value = value, .label = label, .chosen = str_eq(value, chosen) };
}

void tv_tagging_of(struct request *r, const struct tv_sql_video_by_slug *v,
                   const struct tv_tags_form *typed, struct tv_tagging *ret)
{
    struct tv_sql_channels *channels;
    struct tv_sql_series *series;
    struct arena *a = r->arena;
    size_t n = tv_sql_channels(r->db, &channels), m = tv_sql_all_series(r->db, &series);
    struct str now = place_now(r, v), chosen = typed ? or_empty(typed->place) : now;
    *ret = (struct tv_tagging){ .places = arena_array(a, struct ui_option, n + m + 1),
                                .chosen = tv_facets_of(v) };
    if (typed)
        ret->chosen = tv_tag_bits(TV_THEME, &typed->theme) | tv_tag_bits(TV_LEVEL, &typed->niveau) |
                      tv_tag_bits(TV_COMPETENCE, &typed->competence);
    add_place(ret, S(""), R_(N_("In no channel")), chosen);
    for (size_t i = 0; i < n; i++) {
        bool here = v->channel_id == channels[i].id;
        if (!here && !may_publish(r, &channels[i])) continue;
        add_place(ret, channels[i].slug, channels[i].name, chosen);
        for (size_t k = 0; k < m; k++)
            if (series[k].channel_id == channels[i].id)
                add_place(ret, place_value(a, channels[i].slug, series[k].slug),
                          arena_join(a, channels[i].name, S(" › "), series[k].title), chosen);
    }
}

/* False with the reason beside the field. What it leaves must be open to the person as well as where it goes. */
static bool move(struct request *r, const struct tv_sql_video_by_slug *v, struct str place)
{
    struct tv_sql_channels from, to = { 0 };
    struct tv_sql_series s = { 0 };
    struct tv_sql_last_episode last = { 0 };
    struct str series = place, channel = str_cut(&series, '/');
    bool known = !channel.n || tv_sql_channel_by_slug(r->db, channel, &to);
    if (known && series.n)
        known = tv_sql_series_by_slug(r->db, series, &s) && s.channel_id == to.id;
    if (!known) {
        http_invalid(r, "place", R_(N_("This choice is not one of ours.")));
        return false;
    }
    if ((to.id && !may_publish(r, &to)) ||
        (v->channel_id != DB_NULL && tv_sql_channel(r->db, v->channel_id, &from) &&
         !may_publish(r, &from)))
        return refuse(r);
    if (s.id) {
        tv_sql_last_episode(r->db, s.id, &last);
        tv_sql_touch_series(r->db, s.id, r->now);
    }
    tv_sql_place(r->db, v->id, to.id ? to.id : DB_NULL, s.id ? s.id : DB_NULL,
                 s.id ? last.n + 1 : 0);
    return true;
}

void tv_tags_apply(struct request *r)
{
    const struct tv_tags_form *f = r->form;
    struct tv_sql_video_by_slug v;
    if (!tv_studio_find(r, &v)) return;
    struct str before = place_now(r, &v), place = or_empty(f->place);
    if (!str_eq(before, place) && !move(r, &v, place)) return;
    tv_sql_tag(r->db, v.id, tv_themes_of(tv_tag_bits(TV_THEME, &f->theme)),
               tv_levels_of(tv_tag_bits(TV_LEVEL, &f->niveau)),
               (int64_t)tv_tag_bits(TV_COMPETENCE, &f->competence));
    tv_settle(r->db, v.id);
    audit_write(r, "video.placed", "video", v.id, json_pack("{s:s%}", "place", before.p, before.n),
                json_pack("{s:s%}", "place", place.p, place.n));
    go(r, "videos", v.id, "video-rangee");
}
