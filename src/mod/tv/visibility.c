/* Who sees a video, and when: the staff's form, and the private link. */
#include "access/audit.h"
#include "base/id.h"
#include "base/time.h"
#include "base/utf8.h"
#include "mod/tv/library.h"

#define FORM struct tv_visibility_form
const struct param tv_visibility_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, audience, PARAM_SLUG, .required = true, .max = 20),
    PARAM(FORM, sur, PARAM_TEXT, .max = 200),
    PARAM(FORM, ouvre, PARAM_TEXT, .max = 20),
    PARAM(FORM, ferme, PARAM_TEXT, .max = 20),
    PARAM(FORM, annonce, PARAM_BOOL),
    { 0 },
};
#undef FORM

/* --- moments, as browsers write them ------------------------------------------------------------------------------------ */

static struct str moment_text(struct arena *a, int64_t at)
{
    if (at == DB_NULL) return S("");
    struct civil c = time_civil(at);
    return arena_printf(a, "%04d-%02d-%02dT%02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
}

static bool two_digits(struct str text, int most, int *ret)
{
    int64_t number;
    if (text.n != 2 || !str_to_int(text, &number) || number < 0 || number > most) return false;
    *ret = (int)number;
    return true;
}

/* "2026-12-03T09:30", also with seconds; empty: DB_NULL. */
static bool read_moment(struct request *r, const char *field, struct str text, int64_t *ret)
{
    int hour, minute;
    *ret = DB_NULL;
    if (text.n == 0) return true;
    if (text.n < 16 || !time_parse_date(str_sub(text, 0, 10), ret) || text.p[10] != 'T' ||
        text.p[13] != ':' || !two_digits(str_sub(text, 11, 2), 23, &hour) ||
        !two_digits(str_sub(text, 14, 2), 59, &minute)) {
        http_invalid(r, field, R_(N_("A date and a time are expected here.")));
        return false;
    }
    struct civil c = time_civil(*ret);
    *ret = time_from_civil(c.year, c.month, c.day, hour, minute);
    return true;
}

/* --- whose people -------------------------------------------------------------------------------------------------------- */

/* The thing whose name is `text`, or the only one whose name holds it. */
static bool find_target(struct request *r, const struct access_scope_kind *kind, struct str text,
                        int64_t *ret)
{
    enum { MOST = 5 };
    int64_t *ids;
    if (text.n == 0) {
        http_invalid(r, "sur", R_(N_("Say which one.")));
        return false;
    }
    size_t n = kind->find(r->db, text, MOST, &ids);
    struct str folded = utf8_fold(r->arena, text);
    for (size_t i = 0; i < n; i++) {
        struct str title = kind->title(r->db, ids[i]);
        if (n > 1 && !str_eq(utf8_fold(r->arena, title), folded)) continue;
        *ret = ids[i];
        return true;
    }
    http_invalid(r, "sur",
                 n == 0 ? R_(N_("None has this name.")) : R_(N_("Several have it: write more.")));
    return false;
}

static bool plain(struct str audience)
{
    return str_is(audience, "public") || str_is(audience, "members") || str_is(audience, "link");
}

static const struct access_scope_kind *kind_of(struct str audience)
{
    bool ours = str_is(audience, "organisation") || str_is(audience, "programme") ||
                str_is(audience, "cohort");
    return ours ? access_scope_kind_find(audience) : NULL;
}

static bool read_rule(struct request *r, const struct tv_visibility_form *f, struct tv_rule *ret)
{
    *ret = (struct tv_rule){ .audience = f->audience };
    const struct access_scope_kind *kind = kind_of(f->audience);
    if (!kind && !plain(f->audience)) {
        http_invalid(r, "audience", R_(N_("This choice is not one of ours.")));
        return false;
    }
    if (kind && !find_target(r, kind, f->sur, &ret->target)) return false;
    if (!read_moment(r, "ouvre", f->ouvre, &ret->opens_at) ||
        !read_moment(r, "ferme", f->ferme, &ret->closes_at))
        return false;
    if (ret->opens_at != DB_NULL && ret->closes_at != DB_NULL && ret->closes_at <= ret->opens_at) {
        http_invalid(r, "ferme", R_(N_("It would end before it begins.")));
        return false;
    }
    if (f->annonce && ret->opens_at == DB_NULL) {
        http_invalid(r, "annonce",
                     R_(N_("Say from when it can be watched: only that can be announced.")));
        return false;
    }
    if (f->annonce && str_is(f->audience, "link")) {
        http_invalid(
            r, "annonce",
            R_(N_("A video with a private link stands in no list, also not in this one.")));
        return false;
    }
    return true;
}

/* --- saving ---------------------------------------------------------------------------------------------------------------- */

static json_t *rule_json(struct arena *a, const struct tv_rule *rule, bool announced)
{
    json_t *o = json_pack("{s:s%}", "audience", rule->audience.p, rule->audience.n);
    if (rule->target) json_object_set_new(o, "for", json_string(id_lower(a, rule->target).p));
    if (rule->opens_at != DB_NULL)
        json_object_set_new(o, "from", json_string(moment_text(a, rule->opens_at).p));
    if (rule->closes_at != DB_NULL)
        json_object_set_new(o, "until", json_string(moment_text(a, rule->closes_at).p));
    if (announced) json_object_set_new(o, "announced", json_true());
    return o;
}

/* Does somebody who holds addresses lose the video by this? Who only gains is not interrupted. */
static bool narrows(const struct tv_rule *old, const struct tv_rule *new, int64_t now)
{
    bool other = !str_eq(old->audience, new->audience) || old->target != new->target;
    bool ends_sooner =
        new->closes_at != DB_NULL && (old->closes_at == DB_NULL || new->closes_at < old->closes_at);
    return (other && !str_is(new->audience, "public")) || ends_sooner || !tv_is_open(new, now);
}

static void back(struct request *r, int64_t id, const char *notice)
{
    http_redirect(r, arena_printf(r->arena, "/gestion/videos/%.*s", STR(id_lower(r->arena, id))),
                  notice);
}

void tv_visibility_apply(struct request *r)
{
    struct tv_sql_video_by_slug v;
    struct tv_rule new;
    struct tv_sql_announced before = { 0 };
    const struct tv_visibility_form *f = r->form;
    if (!tv_studio_find(r, &v) || !read_rule(r, f, &new)) return;
    tv_sql_announced(r->db, v.id, &before);
    const struct tv_rule old = tv_rule_of(&v);
    bool turn = narrows(&old, &new, r->now);
    struct str audience = new.audience;
    tv_sql_see(r->db, &(const struct tv_sql_see_in){
                          .id = v.id,
                          .audience = audience,
                          .organisation = str_is(audience, "organisation") ? new.target : DB_NULL,
                          .programme = str_is(audience, "programme") ? new.target : DB_NULL,
                          .cohort = str_is(audience, "cohort") ? new.target : DB_NULL,
                          .opens = new.opens_at,
                          .closes = new.closes_at,
                          .announced = f->annonce });
    tv_settle(r->db, v.id);
    if (turn) tv_sql_turn(r->db, v.id, r->now);
    audit_write(r, "video.visibility", "video", v.id, rule_json(r->arena, &old, before.announced),
                rule_json(r->arena, &new, f->annonce));
    back(r, v.id, "video-visible");
}

void tv_link_apply(struct request *r)
{
    struct tv_sql_video_by_slug v;
    if (!tv_studio_find(r, &v)) return;
    tv_sql_renew_link(r->db, v.id, r->now);
    audit_write(r, "video.link", "video", v.id, NULL, NULL);
    back(r, v.id, "video-lien");
}

/* --- showing --------------------------------------------------------------------------------------------------------------- */

void tv_visibility_of(struct request *r, const struct tv_sql_video_by_slug *v,
                      struct tv_visibility *ret)
{
    struct arena *a = r->arena;
    const struct tv_rule rule = tv_rule_of(v);
    const struct access_scope_kind *kind = kind_of(v->audience);
    struct str name = kind ? kind->title(r->db, rule.target) : STR_NONE;
    struct tv_visibility_form *f = arena_new(a, struct tv_visibility_form);
    struct tv_sql_announced told = { 0 };
    tv_sql_announced(r->db, v->id, &told);
    *f = (struct tv_visibility_form){ .id = v->id,
                                      .audience = v->audience,
                                      .sur = name,
                                      .ouvre = moment_text(a, v->opens_at),
                                      .ferme = moment_text(a, v->closes_at),
                                      .annonce = told.announced };
    *ret = (struct tv_visibility){ .form = f, .name = name };
    if (str_is(v->audience, "link"))
        ret->link = arena_printf(a, "%.*s/tv/%.*s/lien/%.*s", STR(http_public_url(r)), STR(v->slug),
                                 STR(tv_link_key(a, v->id, v->link_turn)));
}
