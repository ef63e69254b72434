/* A person's own history: to go on where they left, to forget, or to keep none. */
#include "mod/watch/pages.h"
#include "watch_html.h"

const struct param watch_forget_params[] = {
    PARAM(struct watch_history_form, video, PARAM_ID, .required = true),
    { 0 },
};

void watch_history_get(struct request *r)
{
    struct watch_sql_own *rows;
    struct watch_sql_is_private off;
    struct tv_viewer who;
    tv_viewer(r, &who);
    bool private = watch_sql_is_private(r->db, r->who.person_id, &off);
    size_t n = watch_sql_own(r->db, r->who.person_id, WATCH_OWN_MOST, &rows);
    watch_history(http_page(r), &who, rows, n, private);
}

static void answer(struct request *r, const char *notice)
{
    http_redirect(r, S("/compte/historique"), notice);
}

void watch_forget_apply(struct request *r)
{
    const struct watch_history_form *f = r->form;
    watch_sql_forget_one(r->db, r->who.person_id, f->video);
    watch_sql_forget_one_months(r->db, r->who.person_id, f->video);
    answer(r, "historique-efface");
}

static void forget_all(struct request *r)
{
    watch_sql_forget_history(r->db, r->who.person_id);
    watch_sql_forget_months(r->db, r->who.person_id);
}

void watch_forget_all_apply(struct request *r)
{
    forget_all(r);
    answer(r, "historique-efface");
}

void watch_private_apply(struct request *r)
{
    forget_all(r);
    watch_sql_set_private(r->db, r->who.person_id, r->now);
    answer(r, "historique-arrete");
}

void watch_public_apply(struct request *r)
{
    watch_sql_unset_private(r->db, r->who.person_id);
    answer(r, "historique-repris");
}
