/* Signing in and out, and the look an account prefers. */
#include <pthread.h>

#include "access/slow.h"
#include "mod/people/pages.h"
#include "people_html.h"
#include "people_sql.h"

#define FORM struct people_sign_in
const struct param people_sign_in_params[] = {
    PARAM(FORM, email, PARAM_EMAIL, .required = true),
    PARAM(FORM, password, PARAM_SECRET, .required = true, .max = 200),
    PARAM(FORM, suite, PARAM_TEXT, .max = 500),
    { 0 },
};
const struct param people_sign_in_link[] = { PARAM(FORM, suite, PARAM_TEXT, .max = 500), { 0 } };
#undef FORM

const struct param people_theme_params[] = {
    PARAM(struct people_theme, theme, PARAM_TEXT, .max = 10),
    { 0 },
};

void people_sign_in_get(struct request *r)
{
    struct people_sign_in *f = r->form;
    if (r->who.person_id && str_is(r->method, "GET")) {
        http_redirect(r, f->suite.n ? f->suite : S("/mon-espace"), NULL);
        return;
    }
    people_sign_in(http_page(r), r, f, access_passkeys_possible(r));
}

/* A hash that fits no password, so that an unknown address takes as long as a known one. Made once, with the same
 * cost as the others. */
static struct str decoy(struct arena *a)
{
    static char hash[160];
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    if (!hash[0]) {
        struct str unused, made = access_hash_password(a, access_new_token(a, &unused));
        snprintf(hash, sizeof hash, "%.*s", STR(made));
    }
    pthread_mutex_unlock(&lock);
    return str_from(hash);
}

int64_t people_sign_in_wait(struct request *r)
{
    const struct people_sign_in *f = r->form;
    return slow_try(S("password"), f->email, r->peer);
}

void people_sign_in_prepare(struct request *r)
{
    struct people_sign_in *f = r->form;
    struct people_sql_by_email p = { 0 };
    bool known =
        people_sql_by_email(r->db, f->email, &p) && p.password.p && p.confirmed_at != DB_NULL;
    bool good = access_verify_password(known ? p.password : decoy(r->arena), f->password);
    if (!known || !good) {
        http_invalid(r, NULL,
                     R_(N_("This address and password do not go together. Check both, and that the "
                           "address has been confirmed.")));
        return;
    }
    slow_succeeded(S("password"), f->email, r->peer);
    int64_t *id = r->state = arena_new(r->arena, int64_t);
    *id = p.id;
}

bool people_check_own_password(struct request *r, const char *field, struct str password)
{
    struct people_sql_by_email me;
    bool good = people_sql_by_id(r->db, r->who.person_id, &me) && me.password.p &&
                access_verify_password(me.password, password);
    if (good) slow_succeeded(S("password"), r->who.email, r->peer);
    else http_invalid(r, field, R_(N_("This is not your password.")));
    return good;
}

bool people_has_password(struct request *r)
{
    struct people_sql_by_email me;
    return people_sql_by_id(r->db, r->who.person_id, &me) && me.password.p;
}

int64_t people_own_wait(struct request *r)
{
    return slow_try(S("password"), r->who.email, r->peer);
}

bool people_asks_password(struct request *r)
{
    return !r->who.strong && people_has_password(r);
}

int64_t people_proof_wait(struct request *r)
{
    return r->who.strong ? 0 : people_own_wait(r);
}

void people_proof_prepare(struct request *r, struct str password)
{
    if (people_asks_password(r)) people_check_own_password(r, "actuel", password);
    else if (!r->who.strong) slow_succeeded(S("password"), r->who.email, r->peer);
}

void people_sign_in_apply(struct request *r)
{
    struct people_sign_in *f = r->form;
    int64_t *id = r->state;
    people_arrive(r, *id, WAY_PASSWORD, f->suite, "connecte");
}

void people_sign_out_apply(struct request *r)
{
    access_sign_out(r);
    http_redirect(r, S("/"), "deconnecte");
}

void people_theme_apply(struct request *r)
{
    struct people_theme *f = r->form;
    bool known = f->theme.n == 0 || str_is(f->theme, "light") || str_is(f->theme, "dark");
    if (!known) {
        http_invalid(r, "theme", R_(N_("Light, dark or automatic?")));
        return;
    }
    people_sql_set_theme(r->db, r->who.person_id, f->theme.n ? f->theme : S(""));
    if (http_header(r, "X-CSRF-Token").p)
        http_bytes(r, 204, NULL, S("")); /* a script asks: the page stays */
    else http_redirect(r, S("/mon-espace"), "apparence");
}
