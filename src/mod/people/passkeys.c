/* Passkeys: signing in with one, one as the second step, and those of an account. Everything here is a script's doing in the
 * browser; the forms stay hidden without one. What goes wrong is answered by a redirect, so that a challenge counts once. */
#include "access/passkey.h"

#include "mod/people/pages.h"
#include "people_html.h"
#include "people_sql.h"

#define FORM struct people_passkey_form
const struct param people_passkey_params[] = {
    PASSKEY_ANSWER_PARAMS(FORM, answer),
    PARAM(FORM, suite, PARAM_TEXT, .max = 500),
    { 0 },
};
const struct param people_passkey_add_params[] = {
    PASSKEY_ANSWER_PARAMS(FORM, answer),
    PARAM(FORM, nom, PARAM_TEXT, .required = true, .max = PASSKEY_NAME_MAX),
    { 0 },
};
const struct param people_passkey_one_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, nom, PARAM_TEXT, .required = true, .max = PASSKEY_NAME_MAX),
    { 0 },
};
const struct param people_passkey_drop_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    { 0 },
};
const struct param people_passkey_ask_params[] = {
    PARAM(FORM, actuel, PARAM_SECRET, .max = 200),
    { 0 },
};
#undef FORM

static void begin(struct request *r, enum passkey_purpose purpose, int64_t person)
{
    if (!access_passkeys_possible(r)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    http_header_set(r, "Cache-Control", S("no-store"));
    http_json(r, 200, access_passkey_begin(r, purpose, person, r->who.email));
}

/* --- instead of a password ------------------------------------------------------------------------------------------- */

void people_passkey_enter_ask(struct request *r)
{
    begin(r, PASSKEY_ENTER, 0);
}

void people_passkey_enter(struct request *r)
{
    const struct people_passkey_form *f = r->form;
    int64_t person = access_passkey_check(r, &f->answer, 0);
    if (person) people_arrive(r, person, WAY_PASSKEY, f->suite, "connecte");
    else http_redirect(r, people_with_suite(r, "/connexion", f->suite), "cle-refusee");
}

/* --- after it -------------------------------------------------------------------------------------------------------- */

/* Who owes a second step, or is in already with one proof only and has a role that asks for two. */
static int64_t who_owes(struct request *r)
{
    return r->who.person_id ? r->who.person_id : access_half(r);
}

void people_passkey_second_ask(struct request *r)
{
    int64_t person = who_owes(r);
    if (person) begin(r, PASSKEY_SECOND, person);
    else http_fail(r, 410, STR_NONE);
}

void people_passkey_second(struct request *r)
{
    const struct people_passkey_form *f = r->form;
    int64_t person = who_owes(r);
    if (!person) {
        http_redirect(r, S("/connexion"), "code-ancien");
        return;
    }
    bool half = !r->who.person_id;
    if (!access_passkey_check(r, &f->answer, person)) {
        http_redirect(
            r,
            people_with_suite(r, half ? "/connexion/code" : "/compte/securite/exigence", f->suite),
            "cle-refusee");
        return;
    }
    if (half) access_half_complete(r);
    else access_session_proved(r);
    http_redirect(r, f->suite.n ? f->suite : S("/mon-espace"), "connecte");
}

/* --- one's own ------------------------------------------------------------------------------------------------------- */

void people_passkeys_get(struct request *r)
{
    struct passkey *keys;
    const struct people_passkey_form *f = r->form;
    size_t n = access_passkeys(r->db, r->who.person_id, &keys);
    struct page *pg = http_page(r);
    struct str device = people_device_words(pg, http_header(r, "User-Agent"));
    people_passkeys(pg, &(const struct people_passkey_list){
                            .keys = keys,
                            .count = n,
                            .name = f->nom.n ? f->nom : str_sub(device, 0, PASSKEY_NAME_MAX),
                            .email = r->who.email,
                            .possible = access_passkeys_possible(r),
                            .asks_password = people_asks_password(r),
                        });
}

void people_passkey_add_prepare(struct request *r)
{
    const struct people_passkey_form *f = r->form;
    people_proof_prepare(r, f->actuel);
}

void people_passkey_add_ask(struct request *r)
{
    begin(r, PASSKEY_ADD, r->who.person_id);
}

/* The script shows it beside the form. */
void people_passkey_add_error(struct request *r)
{
    struct str why = r->error_count ? r->errors[0].message : S("");
    http_json(r, 422, json_pack("{s:s%}", "error", why.p, why.n));
}

static void tell(struct request *r, const char *subject, const char *body, struct str name)
{
    struct account p;
    if (!people_find(r->db, r->who.person_id, &p)) return;
    struct str link = arena_printf(r->arena, "%.*s/compte/securite/cles", STR(http_public_url(r)));
    mail_queue(r->db, p.email, lang_text(p.lang, subject),
               fmt_plain(r->arena, lang_text(p.lang, body), p.name, name, link));
}

void people_passkey_add(struct request *r)
{
    const struct people_passkey_form *f = r->form;
    if (!access_passkey_add(r, &f->answer, f->nom)) {
        http_redirect(r, S("/compte/securite/cles"), "cle-non");
        return;
    }
    tell(r, N_("A passkey opens your account from now on"),
         N_("Hello {0},\n\nThe passkey “{1}” was added to your eduLAB account: it opens it without "
            "a password.\n\nIt was not you? Remove it at once, then change your "
            "password:\n\n{2}\n\nThe eduLAB team"),
         f->nom);
    http_redirect(r, S("/compte/securite/cles"), "cle-ajoutee");
}

void people_passkey_rename(struct request *r)
{
    const struct people_passkey_form *f = r->form;
    if (access_passkey_rename(r->db, r->who.person_id, f->id, f->nom))
        http_redirect(r, S("/compte/securite/cles"), "cle-renommee");
    else http_fail(r, 404, STR_NONE);
}

void people_passkey_drop(struct request *r)
{
    const struct people_passkey_form *f = r->form;
    struct str name;
    if (!access_passkey_drop(r, f->id, &name)) {
        http_fail(r, 404, R_(N_("This passkey has been removed already.")));
        return;
    }
    tell(r, N_("A passkey was removed from your account"),
         N_("Hello {0},\n\nThe passkey “{1}” no longer opens your eduLAB account.\n\nIt was not "
            "you? Look at your account at once:\n\n{2}\n\nThe eduLAB team"),
         name);
    http_redirect(r, S("/compte/securite/cles"), "cle-retiree");
}
