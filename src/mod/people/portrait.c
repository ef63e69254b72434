/* A person's picture: made anew from what they gave, shown where the drawn portrait would stand, gone when they say so. */
#include "media/portrait.h"

#include "access/slow.h"
#include "base/id.h"
#include "base/time.h"
#include "people_html.h"
#include "people_sql.h"

#define FORM struct people_portrait_form
const struct param people_portrait_params[] = {
    PARAM(FORM, portrait, PARAM_FILE, .required = true),
    PARAM(FORM, zoom, PARAM_INT, .min = 100, .max = 400),
    PARAM(FORM, x, PARAM_INT, .min = -100, .max = 100),
    PARAM(FORM, y, PARAM_INT, .min = -100, .max = 100),
    { 0 },
};
const struct param people_portrait_link[] = { PARAM(FORM, taille, PARAM_INT), { 0 } };
#undef FORM

bool people_portrait(struct db *db, int64_t person_id, bool large, struct str *ret)
{
    struct people_sql_picture row;
    if (!people_sql_picture(db, person_id, large ? PORTRAIT_LARGE : PORTRAIT_SMALL, &row))
        return false;
    *ret = row.picture;
    return true;
}

int64_t people_portrait_version(struct db *db, int64_t person_id)
{
    struct people_sql_picture_made row;
    return people_sql_picture_made(db, person_id, &row) ? row.made_at / 1000 : 0;
}

void people_portrait_answer(struct request *r, int64_t person_id, bool large)
{
    struct str picture;
    if (!people_portrait(r->db, person_id, large, &picture)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    http_bytes(r, 200, "image/webp", picture);
    http_header_set(r, "Cache-Control", S("private, max-age=600"));
}

void people_portrait_get(struct request *r)
{
    const struct people_portrait_form *f = r->form;
    people_portrait_answer(r, r->who.person_id, f->taille > PORTRAIT_SMALL);
}

void people_portrait_form_get(struct request *r)
{
    people_portrait_page(http_page(r), r->form, r->who.name,
                         people_portrait_version(r->db, r->who.person_id));
}

enum { PICTURES_AT_ONCE = 20, PICTURE_EVERY = MINUTE_MS };

struct made {
    struct str small, large;
};

void people_portrait_prepare(struct request *r)
{
    const struct people_portrait_form *f = r->form;
    struct made *m = arena_new(r->arena, struct made);
    /* unpacking a picture that was made for it takes seconds of a worker */
    if (!slow_allow(S("portrait"), id_lower(r->arena, r->who.person_id), PICTURES_AT_ONCE,
                    PICTURE_EVERY)) {
        http_invalid(r, "portrait",
                     R_(N_("That were many pictures. Please wait a minute before the next.")));
        return;
    }
    struct portrait_square square = { f->zoom ? f->zoom : 100, f->x, f->y };
    if (portrait_make(r->arena, f->portrait.data, square, &m->small, &m->large)) r->state = m;
    else
        http_invalid(r, "portrait",
                     R_(N_("This is no picture that we can read. A JPEG, PNG or WebP works.")));
}

void people_portrait_apply(struct request *r)
{
    const struct made *m = r->state;
    people_sql_set_picture(r->db, r->who.person_id, PORTRAIT_SMALL, m->small, r->now);
    people_sql_set_picture(r->db, r->who.person_id, PORTRAIT_LARGE, m->large, r->now);
    http_redirect(r, S("/compte/portrait"), "portrait-change");
}

void people_portrait_drop_apply(struct request *r)
{
    people_sql_forget_pictures(r->db, r->who.person_id);
    http_redirect(r, S("/compte/portrait"), "portrait-retire");
}
