/* The gallery, the page of a class, the page of an awarded badge. */
#include "mod/badge/pages.h"

#include "access/audit.h"
#include "badge_html.h"
#include "base/id.h"
#include "mod/badge/png.h"
#include "mod/catalogue/catalogue.h"
#include "mod/people/people.h"

const struct param badge_slug_params[] = {
    PARAM(struct badge_slug_form, slug, PARAM_SLUG, .required = true),
    { 0 },
};
const struct param badge_id_params[] = {
    PARAM(struct badge_id_form, id, PARAM_ID, .required = true),
    { 0 },
};
const struct param badge_award_params[] = {
    PARAM(struct badge_award_form, slug, PARAM_SLUG, .required = true),
    PARAM(struct badge_award_form, email, PARAM_EMAIL, .required = true),
    PARAM(struct badge_award_form, preuve, PARAM_LONG, .max = 2000),
    { 0 },
};
const struct param badge_revoke_params[] = {
    PARAM(struct badge_revoke_form, id, PARAM_ID, .required = true),
    PARAM(struct badge_revoke_form, motif, PARAM_TEXT, .required = true, .min = 5, .max = 200),
    { 0 },
};
const struct param badge_name_params[] = {
    PARAM(struct badge_name_form, id, PARAM_ID, .required = true),
    PARAM(struct badge_name_form, montrer, PARAM_BOOL),
    { 0 },
};

static bool may_award(const struct request *r)
{
    return access_holds(r, "badge.award");
}

const char *badge_kind_label(enum draw_kind kind)
{
    return kind == DRAW_FINAL           ? N_("Final badge")
           : kind == DRAW_PARTICIPATION ? N_("Taking part")
                                        : N_("Competence");
}

/* --- the gallery --------------------------------------------------------------------------------------------------- */

static void mark_held(struct request *r, struct badge_card *cards, size_t n)
{
    struct badge_card *held;
    size_t held_count = r->who.person_id ? badge_held(r->db, r->who.person_id, r->lang, &held) : 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < held_count; k++) {
            if (!str_eq(cards[i].slug, held[k].slug)) continue;
            cards[i].assertion = held[k].assertion;
            cards[i].issued_at = held[k].issued_at;
            cards[i].revoked = held[k].revoked;
        }
}

static struct str programme_title(struct request *r, struct str slug)
{
    struct catalogue_programme p;
    return slug.n && catalogue_programme_find(r->db, slug, &p) ? p.title : STR_NONE;
}

/* Two small shelves that follow one another share a row; nothing else does, so that no row has a hole. */
static void pair_shelves(struct badge_shelf *shelf, size_t n)
{
    enum { SMALL = 3 };
    for (size_t i = 0; i + 1 < n; i++) {
        if (shelf[i].count > SMALL || shelf[i + 1].count > SMALL) continue;
        shelf[i].half = shelf[i + 1].half = true;
        i++;
    }
}

void badge_list_get(struct request *r)
{
    struct badge_sql_class *rows;
    size_t n = badge_sql_classes(r->db, &rows), shelves = 0;
    struct badge_card *cards = arena_array(r->arena, struct badge_card, n + 1);
    struct badge_shelf *shelf = arena_array(r->arena, struct badge_shelf, n + 1);
    for (size_t i = 0; i < n; i++)
        cards[i] = badge_card_of(&rows[i], r->lang);
    mark_held(r, cards, n);
    for (size_t i = 0; i < n; i++) {
        struct badge_shelf *last = shelves ? &shelf[shelves - 1] : NULL;
        if (last && str_eq(last->slug, cards[i].programme)) {
            last->count++;
            continue;
        }
        shelf[shelves++] =
            (struct badge_shelf){ .slug = cards[i].programme, .cards = &cards[i], .count = 1 };
    }
    for (size_t i = 0; i < shelves; i++)
        shelf[i].title = programme_title(r, shelf[i].slug);
    pair_shelves(shelf, shelves);
    badge_list(http_page(r), shelf, shelves);
}

/* --- one class ------------------------------------------------------------------------------------------------------- */

void badge_show_get(struct request *r)
{
    const struct badge_slug_form *f =
        r->form; /* also of badge_award_apply: its structure begins the same */
    struct badge_sql_class row;
    if (!badge_sql_class(r->db, f->slug, &row)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    struct badge_sheet sheet = { .card = badge_card_of(&row, r->lang), .may_award = may_award(r) };
    mark_held(r, &sheet.card, 1);
    sheet.programme_title = programme_title(r, row.programme);
    badge_show(http_page(r), &sheet);
}

static void send_picture(struct request *r, struct str png, struct str slug, bool download)
{
    if (download)
        http_header_set(r, "Content-Disposition",
                        arena_printf(r->arena, "attachment; filename=\"%.*s.png\"", STR(slug)));
    http_bytes(r, 200, "image/png", png);
}

void badge_picture_get(struct request *r)
{
    const struct badge_slug_form *f = r->form;
    struct badge_sql_picture row;
    if (!badge_sql_picture(r->db, f->slug, &row)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    http_header_set(r, "Access-Control-Allow-Origin", S("*"));
    send_picture(r, row.picture, f->slug, false);
}

/* For the journal: which badge, and where it is seen. */
static json_t *named_badge(struct request *r, struct str slug, int64_t id)
{
    return json_pack("{s:s%, s:s}", "badge", slug.p, slug.n, "assertion", id_lower(r->arena, id).p);
}

void badge_award_apply(struct request *r)
{
    const struct badge_award_form *f = r->form;
    struct account p;
    if (!people_find_by_email(r->db, f->email, &p)) {
        http_invalid(r, "email", R_(N_("Nobody has an account with this address.")));
        return;
    }
    int64_t id = badge_award(r->db, f->slug, p.id, f->preuve.n ? f->preuve : STR_NONE);
    if (!id) {
        http_invalid(r, "email", R_(N_("This person already has this badge, or had it revoked.")));
        return;
    }
    audit_write(r, "badge.awarded", "person", p.id, NULL, named_badge(r, f->slug, id));
    http_redirect(r, arena_printf(r->arena, "/badges/%.*s", STR(f->slug)), "badge-remis");
}

/* --- one awarded badge ------------------------------------------------------------------------------------------------- */

static struct str path_of(struct request *r, int64_t id)
{
    char text[ID_TEXT + 1];
    id_format(id, text);
    return arena_printf(r->arena, "/badges/attestation/%s", text);
}

static void release(void *value)
{
    json_decref(value);
}

/* The narrative that was published with the badge. */
static struct str evidence_in(struct arena *a, struct str body)
{
    json_t *o = json_loadb(body.p, body.n, 0, NULL);
    if (!o) return STR_NONE;
    arena_cleanup(a, release, o);
    const json_t *v = json_object_get(json_object_get(o, "evidence"), "narrative");
    return json_is_string(v) ? (struct str){ json_string_value(v), json_string_length(v) }
                             : STR_NONE;
}

void badge_certificate_get(struct request *r)
{
    const struct badge_id_form *f =
        r->form; /* also of badge_revoke_apply: its structure begins the same */
    struct badge_sql_assertion row;
    struct badge_sql_class class;
    if (!badge_sql_assertion(r->db, f->id, &row) ||
        !badge_sql_class_by_id(r->db, row.class_id, &class)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    struct badge_own_source own = { .db = r->db };
    struct badge_source source = badge_own_source(&own);
    struct badge_certificate c = {
        .id = row.id,
        .issued_at = row.issued_at,
        .card = badge_card_of(&class, r->lang),
        .mine = r->who.person_id == row.person_id,
        .named = row.show_name != 0,
        .may_revoke = row.revoked_at == DB_NULL && may_award(r),
        .evidence = evidence_in(r->arena, row.body),
        .address =
            arena_printf(r->arena, "%.*s%.*s", STR(http_public_url(r)), STR(path_of(r, row.id))),
        .verification = badge_verify(r->arena, row.body, STR_NONE, r->now, &source),
    };
    c.card.assertion = row.id;
    c.card.issued_at = row.issued_at;
    c.card.revoked = row.revoked_at != DB_NULL;
    struct account p;
    if ((c.named || c.mine || c.may_revoke) && people_find(r->db, row.person_id, &p))
        c.holder = p.name;
    badge_certificate(http_page(r), &c);
}

void badge_baked_get(struct request *r)
{
    const struct badge_id_form *f = r->form;
    struct badge_sql_baked row;
    struct str png;
    if (!badge_sql_baked(r->db, f->id, &row)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (row.reason.p) {
        http_fail(r, 410,
                  R_(N_("This badge has been revoked: its picture is no longer given out.")));
        return;
    }
    if (png_bake(r->arena, row.picture, row.body, &png) != PNG_FINE) {
        http_fail(r, 500, STR_NONE);
        return;
    }
    http_header_set(r, "Access-Control-Allow-Origin", S("*"));
    send_picture(r, png, row.slug, true);
}

void badge_name_apply(struct request *r)
{
    const struct badge_name_form *f = r->form;
    if (badge_sql_show_name(r->db, f->id, r->who.person_id, f->montrer) != 1) {
        http_fail(r, 404, STR_NONE); /* not theirs, or not there: the same answer */
        return;
    }
    http_redirect(r, path_of(r, f->id), "badge-nom");
}

void badge_revoke_apply(struct request *r)
{
    const struct badge_revoke_form *f = r->form;
    struct badge_sql_assertion row;
    if (!badge_sql_assertion(r->db, f->id, &row)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (badge_sql_revoke(r->db, f->id, r->who.person_id, r->now, f->motif) != 1) {
        http_fail(r, 409, R_(N_("This badge is already revoked.")));
        return;
    }
    struct badge_sql_class class;
    bool known = badge_sql_class_by_id(r->db, row.class_id, &class);
    json_t *after = named_badge(r, known ? class.slug : S(""), f->id);
    json_object_set_new(after, "reason", json_stringn(f->motif.p, f->motif.n));
    audit_write(r, "badge.revoked", "person", row.person_id, NULL, after);
    event_emit(r->db, "badge.revoked",
               json_pack("{s:I, s:I}", "person", (json_int_t)row.person_id, "assertion",
                         (json_int_t)row.id));
    http_redirect(r, path_of(r, f->id), "badge-retire");
}
