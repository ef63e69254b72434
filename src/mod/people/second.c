/* The second step: its place at sign-in, setting the application up, recovery codes, and the roles that ask for it. */
#include "access/second.h"

#include "access/slow.h"
#include "base/id.h"
#include "base/time.h"
#include "mod/people/pages.h"
#include "people_html.h"
#include "people_sql.h"

#define TRY_EVERY (2 * MINUTE_MS)
enum { TRIES_AT_ONCE = 10 };
#define GRACE (14 * DAY_MS) /* from the day a rule is made to the day it bites */

const struct param people_code_params[] = {
    PARAM(struct people_code_form, code, PARAM_TEXT, .required = true, .max = 40),
    PARAM(struct people_code_form, suite, PARAM_TEXT, .max = 500),
    { 0 },
};
const struct param people_code_link[] = {
    PARAM(struct people_code_form, suite, PARAM_TEXT, .max = 500),
    { 0 },
};
const struct param people_app_begin_params[] = {
    PARAM(struct people_code_form, actuel, PARAM_SECRET, .max = 200),
    { 0 },
};
const struct param people_rule_params[] = {
    PARAM(struct people_rule_form, role, PARAM_SLUG, .required = true, .max = 20),
    PARAM(struct people_rule_form, asked, PARAM_BOOL),
    { 0 },
};

/* --- at sign-in ------------------------------------------------------------------------------------------------------ */

/* Could the person use a passkey here? */
static bool passkeys_of(struct request *r, int64_t person)
{
    return access_passkeys_possible(r) && access_passkey_count(r->db, person) > 0;
}

void people_code_get(struct request *r)
{
    const struct people_code_form *f = r->form;
    if (r->who.person_id || !access_half(r)) {
        http_redirect(r, r->who.person_id ? S("/mon-espace") : S("/connexion"), NULL);
        return;
    }
    people_code(http_page(r), f, passkeys_of(r, access_half(r)));
}

/* Whoever knows the password guesses codes no faster than this, with however many sessions. */
void people_code_prepare(struct request *r)
{
    int64_t person = access_half(r);
    if (person && !slow_allow(S("code"), id_lower(r->arena, person), TRIES_AT_ONCE, TRY_EVERY))
        http_fail(r, 429,
                  R_(N_("Too many codes in a short time. Please wait two minutes, then try the "
                        "next one.")));
}

static void tell_password_known(struct request *r, int64_t person)
{
    struct account p;
    if (!people_find(r->db, person, &p)) return;
    struct str link = arena_printf(r->arena, "%.*s/compte/securite", STR(http_public_url(r)));
    struct str text = fmt_plain(
        r->arena,
        lang_text(p.lang,
                  N_("Hello {0},\n\nSomeone came as far as the second step of signing in "
                     "to your eduLAB account, and gave wrong codes five times.\n\nIf it was "
                     "you, use a recovery code. If not, they know your password or read "
                     "your mail: sign in and change the password.\n\n{1}\n\nThe eduLAB "
                     "team")),
        p.name, link);
    mail_queue(r->db, p.email, lang_text(p.lang, N_("Wrong codes for your account")), text);
}

void people_code_apply(struct request *r)
{
    const struct people_code_form *f = r->form;
    int64_t person = access_half(r);
    if (!person) {
        http_redirect(r, S("/connexion"), "code-ancien");
        return;
    }
    if (access_second_check(r->db, person, f->code, r->now)) {
        access_half_complete(r);
        http_redirect(r, f->suite.n ? f->suite : S("/mon-espace"), "connecte");
        return;
    }
    /* a redirect, so that the wrong try is kept: an answer of 422 leaves no trace */
    if (access_half_failed(r)) {
        http_redirect(r, people_with_suite(r, "/connexion/code", f->suite), "code-faux");
        return;
    }
    tell_password_known(r, person);
    http_redirect(r, S("/connexion"), "code-trop");
}

static struct str encoded(struct arena *a, struct str text)
{
    struct buf out = BUF_INIT(4 * KIB);
    struct page pg = { .out = &out, .arena = a };
    page_put_url_part(&pg, text);
    struct str ret = arena_dup(a, buf_view(&out));
    buf_finish(&out);
    return ret;
}

struct str people_with_suite(struct request *r, const char *path, struct str suite)
{
    return suite.n ? arena_printf(r->arena, "%s?suite=%.*s", path, STR(encoded(r->arena, suite)))
                   : str_from(path);
}

struct str people_link(struct request *r, const char *path, struct str token, struct str suite)
{
    struct str link = arena_printf(r->arena, "%s?jeton=%.*s", path, STR(token));
    return suite.n
               ? arena_printf(r->arena, "%.*s&suite=%.*s", STR(link), STR(encoded(r->arena, suite)))
               : link;
}

void people_arrive(struct request *r, int64_t person_id, const char *way, struct str suite,
                   const char *notice)
{
    struct str to = suite.n ? suite : S("/mon-espace");
    if (!access_sign_in(r, person_id, way)) {
        http_redirect(r, people_with_suite(r, "/connexion/code", suite), NULL);
        return;
    }
    bool both = strcmp(way, WAY_PASSKEY) == 0;
    if (!both && access_second_due(r->db, person_id, r->now) != DB_NULL)
        http_redirect(r, people_with_suite(r, "/compte/securite/exigence", to), NULL);
    else http_redirect(r, to, notice);
}

/* --- led to set it up ------------------------------------------------------------------------------------------------ */

void people_due_get(struct request *r)
{
    const struct people_code_form *f = r->form;
    int64_t from = access_second_due(r->db, r->who.person_id, r->now);
    if (from == DB_NULL) {
        http_redirect(r, S("/compte/securite"), NULL);
        return;
    }
    people_due(http_page(r), from, f->suite.n ? f->suite : S("/mon-espace"),
               passkeys_of(r, r->who.person_id));
}

/* --- setting up ------------------------------------------------------------------------------------------------------- */

void people_app_begin_prepare(struct request *r)
{
    const struct people_code_form *f = r->form;
    people_proof_prepare(r, f->actuel);
}

void people_app_begin_apply(struct request *r)
{
    access_totp_begin(r->db, r->who.person_id, r->now);
    http_redirect(r, S("/compte/securite/application"), NULL);
}

void people_app_get(struct request *r)
{
    struct second_factor f = access_second_factor(r->db, r->who.person_id);
    struct str secret = f.begun ? access_totp_secret(r->db, r->who.person_id) : STR_NONE;
    struct str uri = arena_printf(r->arena, "otpauth://totp/eduLAB:%.*s?secret=%.*s&issuer=eduLAB",
                                  STR(encoded(r->arena, r->who.email)), STR(secret));
    people_app(http_page(r), &f, secret, uri, r->who.email, people_asks_password(r));
}

struct str people_spaced(struct page *pg, struct str secret)
{
    struct str ret = S("");
    for (size_t i = 0; i < secret.n; i += 4)
        ret = arena_printf(pg->arena, "%.*s%s%.*s", STR(ret), i ? " " : "",
                           STR(str_sub(secret, i, 4)));
    return ret;
}

static void tell(struct request *r, struct str subject, const char *body)
{
    struct account p;
    if (!people_find(r->db, r->who.person_id, &p)) return;
    struct str link = arena_printf(r->arena, "%.*s/compte/securite", STR(http_public_url(r)));
    mail_queue(r->db, p.email, subject, fmt_plain(r->arena, lang_text(p.lang, body), p.name, link));
}

void people_app_apply(struct request *r)
{
    const struct people_code_form *f = r->form;
    struct str codes[RECOVERY_CODES];
    if (!access_totp_confirm(r, f->code, codes)) {
        http_invalid(r, "code",
                     R_(N_("This is not the code of this moment. Wait for the next one; if none "
                           "fits, look whether the clock of your phone is right.")));
        return;
    }
    tell(r, R_(N_("Your account now has a second step")),
         N_("Hello {0},\n\nFrom now on, signing in to eduLAB with your password also asks for a "
            "code of your phone.\n\nIt was not you? Look at your account at once:\n\n{1}\n\nThe "
            "eduLAB team"));
    people_codes(http_page(r), codes, RECOVERY_CODES);
}

static bool proved(struct request *r)
{
    const struct people_code_form *f = r->form;
    if (access_second_check(r->db, r->who.person_id, f->code, r->now)) return true;
    http_invalid(r, "code", R_(N_("This is not a code of this account, or it has been used.")));
    return false;
}

/* Who sits at somebody's open session guesses no faster than at sign-in. */
void people_own_code_prepare(struct request *r)
{
    if (!slow_allow(S("code"), id_lower(r->arena, r->who.person_id), TRIES_AT_ONCE, TRY_EVERY))
        http_fail(r, 429,
                  R_(N_("Too many codes in a short time. Please wait two minutes, then try the "
                        "next one.")));
}

void people_app_drop_apply(struct request *r)
{
    if (!proved(r)) return;
    access_second_drop(r->db, r->who.person_id);
    tell(r, R_(N_("Your account no longer has a second step")),
         N_("Hello {0},\n\nSigning in to eduLAB no longer asks for a code of your phone.\n\nIt was "
            "not you? Change your password at once:\n\n{1}\n\nThe eduLAB team"));
    http_redirect(r, S("/compte/securite"), "application-retiree");
}

void people_codes_apply(struct request *r)
{
    struct str codes[RECOVERY_CODES];
    if (!proved(r)) return;
    access_recovery_codes(r->db, r->who.person_id, codes);
    people_codes(http_page(r), codes, RECOVERY_CODES);
}

/* --- for staff: who must have one ------------------------------------------------------------------------------------ */

void people_rules_get(struct request *r)
{
    struct second_rule rules[SECOND_ROLES];
    struct people_sql_role_reach *reach;
    access_second_rules(r->db, rules);
    size_t n = people_sql_role_reach(r->db, r->now, &reach);
    people_rules(http_page(r), rules, reach, n);
}

void people_rules_apply(struct request *r)
{
    const struct people_rule_form *f = r->form;
    if (!access_second_rule_set(r, role_from_name(f->role), f->asked ? r->now + GRACE : DB_NULL)) {
        http_invalid(r, "role", R_(N_("This choice is not one of ours.")));
        return;
    }
    http_redirect(r, S("/gestion/securite"), f->asked ? "exigence-posee" : "exigence-levee");
}
