/* Opening an account: form, mailed link, button. Anybody may fill in the form with anybody's address, also between the
 * owner's own and their click: so in another browser than the one that filled it in, the link asks for the password that was
 * chosen there. Otherwise the owner would open the account for whoever knows that password. */
#include "access/slow.h"
#include "base/id.h"
#include "base/time.h"
#include "mod/people/pages.h"
#include "people_html.h"
#include "people_sql.h"

#define LINK_LIFE (2 * DAY_MS)

#define FORM struct people_sign_up
const struct param people_sign_up_params[] = {
    PARAM(FORM, name, PARAM_TEXT, .required = true, .min = 2, .max = 80),
    PARAM(FORM, email, PARAM_EMAIL, .required = true),
    PARAM(FORM, password, PARAM_SECRET, .required = true, .min = 10, .max = 200),
    PARAM(FORM, terms, PARAM_BOOL, .required = true),
    PARAM(FORM, suite, PARAM_TEXT, .max = 500),
    PARAM(FORM, website, PARAM_TEXT),
    { 0 },
};
const struct param people_sign_up_link[] = { PARAM(FORM, suite, PARAM_TEXT, .max = 500), { 0 } };
#undef FORM

#define FORM struct people_confirm
#define LINK                                                                                       \
    PARAM(FORM, jeton, PARAM_TEXT, .required = true, .max = 64),                                   \
        PARAM(FORM, suite, PARAM_TEXT, .max = 500)
const struct param people_confirm_link[] = { LINK, { 0 } };
const struct param people_confirm_params[] = { LINK,
                                               PARAM(FORM, password, PARAM_SECRET, .max = 200),
                                               { 0 } };
#undef LINK
#undef FORM

void people_sign_up_get(struct request *r)
{
    people_sign_up(http_page(r), r->form);
}

void people_sign_up_sent(struct request *r)
{
    people_sent(http_page(r));
}

struct prepared {
    struct str hash, token, token_hash;
    bool send;
};

void people_sign_up_prepare(struct request *r)
{
    struct people_sign_up *f = r->form;
    struct prepared *made = r->state = arena_new(r->arena, struct prepared);
    struct str *hash = people_new_password(r, "password", f->password, f->name, f->email);
    if (!hash) return;
    made->hash = *hash;
    made->token = access_new_token(r->arena, &made->token_hash);
    made->send = people_may_write(f->email);
}

static void mail_link(struct request *r, struct str name, struct str email, struct str token)
{
    struct people_sign_up *f = r->form;
    struct buf suite = BUF_INIT(4 * KIB);
    struct page pg = { .out = &suite, .arena = r->arena };
    page_put_url_part(&pg, f->suite);
    struct str link = arena_printf(r->arena, "%.*s/inscription/confirmer?jeton=%.*s&suite=%.*s",
                                   STR(http_public_url(r)), STR(token), STR(buf_view(&suite)));
    buf_finish(&suite);
    struct str text = fmt_plain(r->arena,
                                R_(N_("Hello {0},\n\nOne step is left to open your eduLAB account. "
                                      "Follow this link, then press the "
                                      "button:\n\n{1}\n\nThe link works for two days. If you did "
                                      "not ask for an account, do nothing: "
                                      "none will be opened.\n\nThe eduLAB team")),
                                name, link);
    mail_queue(r->db, email, R_(N_("Confirm your address")), text);
}

static void mail_known(struct request *r, const struct people_sql_by_email *p)
{
    struct str link = arena_printf(r->arena, "%.*s/connexion", STR(http_public_url(r)));
    struct str text = fmt_plain(r->arena,
                                R_(N_("Hello {0},\n\nSomeone, perhaps you, wanted to open an "
                                      "eduLAB account with this address. You "
                                      "already have one: you can sign in here.\n\n{1}\n\nIf it was "
                                      "not you, nothing has changed.\n\n"
                                      "The eduLAB team")),
                                p->name, link);
    mail_queue(r->db, p->email, R_(N_("You already have an account")), text);
}

void people_sign_up_apply(struct request *r)
{
    struct people_sign_up *f = r->form;
    struct prepared *made = r->state;
    struct people_sql_by_email known;
    struct str lang = str_from(lang_code(r->lang));
    struct str browser = access_begin_visit(r);
    http_redirect(r, S("/inscription/merci"), NULL);
    /* a program filled in the field that people do not see, or somebody floods a mailbox: the answer is the same */
    if (f->website.n || !made->send) return;
    bool exists = people_sql_by_email(r->db, f->email, &known);
    if (exists && known.confirmed_at != DB_NULL) {
        mail_known(r, &known);
        return;
    }
    int64_t id = exists ? known.id : id_new();
    if (exists) people_sql_renew(r->db, id, f->name, made->hash, lang);
    else people_sql_add(r->db, id, f->name, f->email, made->hash, lang, r->now, DB_NULL);
    people_sql_drop_tokens(r->db, id, S("confirm"));
    people_sql_add_token(r->db, made->token_hash, id, S("confirm"), browser, r->now,
                         r->now + LINK_LIFE);
    mail_link(r, f->name, f->email, made->token);
}

static bool find(struct request *r, struct people_sql_token *ret)
{
    const struct people_confirm *f = r->form;
    return people_sql_token(r->db, access_hash_token(r->arena, f->jeton), S("confirm"), r->now,
                            ret);
}

static bool same_browser(const struct request *r, const struct people_sql_token *t)
{
    struct str here = access_browser(r);
    return here.p && t->browser.p && str_eq_secret(here, t->browser);
}

void people_confirm_get(struct request *r)
{
    struct people_sql_token t;
    bool good = find(r, &t);
    if (!good && http_ok(r)) http_status(r, 410);
    if (good) people_confirm(http_page(r), r->form, t.email, !same_browser(r, &t));
    else people_confirm_stale(http_page(r));
}

int64_t people_confirm_wait(struct request *r)
{
    const struct people_confirm *f = r->form;
    return slow_try(S("confirm"), f->jeton, r->peer);
}

void people_confirm_prepare(struct request *r)
{
    const struct people_confirm *f = r->form;
    struct people_sql_token t;
    if (!find(r, &t)) return; /* apply says it */
    if (same_browser(r, &t) || access_verify_password(t.password, f->password))
        slow_succeeded(S("confirm"), f->jeton, r->peer);
    else
        http_invalid(r, "password",
                     R_(N_("This is not the password that was chosen when this account was "
                           "asked for. Forgotten? Sign up again: it takes a minute.")));
}

void people_confirm_apply(struct request *r)
{
    struct people_confirm *f = r->form;
    struct people_sql_token t;
    if (!find(r, &t) ||
        !people_sql_use_token(r->db, access_hash_token(r->arena, f->jeton), r->now)) {
        http_fail(r, 410,
                  R_(N_("This link has been used or is more than two days old. Please sign up "
                        "again: it takes a minute.")));
        return;
    }
    if (people_sql_confirm(r->db, t.person_id, r->now))
        event_emit(r->db, "people.joined", json_pack("{s:I}", "person", (json_int_t)t.person_id));
    people_arrive(r, t.person_id, WAY_LINK, f->suite, "bienvenue");
}
