/* Opening an account: form, mailed link, button. */
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

const struct param people_confirm_params[] = {
    PARAM(struct people_confirm, jeton, PARAM_TEXT, .required = true, .max = 64),
    PARAM(struct people_confirm, suite, PARAM_TEXT, .max = 500),
    { 0 },
};

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
};

void people_sign_up_prepare(struct request *r)
{
    struct people_sign_up *f = r->form;
    struct prepared *made = r->state = arena_new(r->arena, struct prepared);
    struct str *hash = people_new_password(r, "password", f->password, f->name, f->email);
    if (!hash) return;
    made->hash = *hash;
    made->token = access_new_token(r->arena, &made->token_hash);
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
    http_redirect(r, S("/inscription/merci"), NULL);
    if (f->website.n) return; /* a program filled in the field that people do not see */
    bool exists = people_sql_by_email(r->db, f->email, &known);
    if (exists && known.confirmed_at != DB_NULL) {
        mail_known(r, &known);
        return;
    }
    int64_t id = exists ? known.id : id_new();
    if (exists) people_sql_renew(r->db, id, f->name, made->hash, lang);
    else people_sql_add(r->db, id, f->name, f->email, made->hash, lang, r->now, DB_NULL);
    people_sql_drop_tokens(r->db, id, S("confirm"));
    people_sql_add_token(r->db, made->token_hash, id, S("confirm"), r->now, r->now + LINK_LIFE);
    mail_link(r, f->name, f->email, made->token);
}

void people_confirm_get(struct request *r)
{
    struct people_confirm *f = r->form;
    struct people_sql_token t;
    bool good =
        people_sql_token(r->db, access_hash_token(r->arena, f->jeton), S("confirm"), r->now, &t);
    if (!good) http_status(r, 410);
    if (good) people_confirm(http_page(r), f, t.email);
    else people_confirm_stale(http_page(r));
}

void people_confirm_apply(struct request *r)
{
    struct people_confirm *f = r->form;
    struct people_sql_token t;
    struct str hash = access_hash_token(r->arena, f->jeton);
    if (!people_sql_token(r->db, hash, S("confirm"), r->now, &t) ||
        !people_sql_use_token(r->db, hash, r->now)) {
        http_fail(r, 410,
                  R_(N_("This link has been used or is more than two days old. Please sign up "
                        "again: it takes a minute.")));
        return;
    }
    if (people_sql_confirm(r->db, t.person_id, r->now))
        event_emit(r->db, "people.joined", json_pack("{s:I}", "person", (json_int_t)t.person_id));
    people_arrive(r, t.person_id, WAY_LINK, f->suite, "bienvenue");
}
