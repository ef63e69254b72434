/* Links by mail: to sign in once without a password, and to choose a new password. Whoever asks gets the same answer
 * for every address, and every address gets a letter: only its owner learns whether it has an account. */
#include "access/slow.h"
#include "base/time.h"
#include "mod/people/pages.h"
#include "people_html.h"
#include "people_sql.h"

#define ENTER_LIFE (15 * MINUTE_MS)
#define RESET_LIFE HOUR_MS
#define LETTER_EVERY (10 * MINUTE_MS)
enum { LETTERS_AT_ONCE = 5 };

const struct param people_ask_params[] = {
    PARAM(struct people_ask, email, PARAM_EMAIL, .required = true),
    PARAM(struct people_ask, suite, PARAM_TEXT, .max = 500),
    { 0 },
};
const struct param people_ask_link[] = {
    PARAM(struct people_ask, suite, PARAM_TEXT, .max = 500),
    { 0 },
};
const struct param people_link_params[] = {
    PARAM(struct people_link_form, jeton, PARAM_TEXT, .required = true, .max = 64),
    PARAM(struct people_link_form, suite, PARAM_TEXT, .max = 500),
    { 0 },
};
const struct param people_reset_params[] = {
    PARAM(struct people_link_form, jeton, PARAM_TEXT, .required = true, .max = 64),
    PARAM(struct people_link_form, nouveau, PARAM_SECRET, .required = true, .min = 10, .max = 200),
    { 0 },
};

/* --- asking ------------------------------------------------------------------------------------------------------- */

void people_enter_ask_get(struct request *r)
{
    people_ask(http_page(r), r->form, false);
}

void people_reset_ask_get(struct request *r)
{
    people_ask(http_page(r), r->form, true);
}

void people_asked_get(struct request *r)
{
    people_asked(http_page(r));
}

static void mail_unknown(struct request *r, struct str email)
{
    struct str link = arena_printf(r->arena, "%.*s/inscription", STR(http_public_url(r)));
    struct str text = fmt_plain(
        r->arena,
        R_(N_("Hello,\n\nSomeone, perhaps you, wanted to sign in to eduLAB with this address. No "
              "account is open with it. Perhaps you signed up with another address? Otherwise you "
              "can open one here:\n\n{0}\n\nIf it was not you, do nothing.\n\nThe eduLAB team")),
        link);
    mail_queue(r->db, email, R_(N_("No account with this address")), text);
}

static void mail_enter(struct request *r, const struct account *p, struct str link)
{
    struct str text = fmt_plain(
        r->arena,
        lang_text(p->lang, N_("Hello {0},\n\nHere is your link to sign in to eduLAB. Follow it, "
                              "then press the button:\n\n{1}\n\nIt works once, within a quarter of "
                              "an hour. If you did not ask for it, do nothing: nobody can come in "
                              "without it.\n\nThe eduLAB team")),
        p->name, link);
    mail_queue(r->db, p->email, lang_text(p->lang, N_("Your link to sign in")), text);
}

static void mail_reset(struct request *r, const struct account *p, struct str link)
{
    struct str text = fmt_plain(
        r->arena,
        lang_text(p->lang, N_("Hello {0},\n\nWith this link you choose a new password for your "
                              "eduLAB account:\n\n{1}\n\nIt works once, within an hour. If you did "
                              "not ask for it, do nothing: your password stays as it "
                              "is.\n\nThe eduLAB team")),
        p->name, link);
    mail_queue(r->db, p->email, lang_text(p->lang, N_("Choose a new password")), text);
}

void people_reset_send(struct request *r, const struct account *p)
{
    struct str hash, token = access_new_token(r->arena, &hash);
    access_link_add(r->db, hash, p->id, S("reset"), r->now, r->now + RESET_LIFE);
    mail_reset(r, p,
               arena_printf(r->arena, "%.*s/connexion/mot-de-passe?jeton=%.*s",
                            STR(http_public_url(r)), STR(token)));
}

bool people_may_write(struct str email)
{
    return slow_allow(S("letter"), email, LETTERS_AT_ONCE, LETTER_EVERY);
}

void people_letter_prepare(struct request *r)
{
    if (!people_may_write(r->who.email))
        http_fail(r, 429,
                  R_(N_("Several letters are on their way to you already. Look among the unwanted "
                        "ones too; in ten minutes you can ask for another.")));
}

void people_ask_prepare(struct request *r)
{
    const struct people_ask *f = r->form;
    bool *send = r->state = arena_new(r->arena, bool);
    *send = people_may_write(f->email); /* the answer is the same */
}

static void ask(struct request *r, bool reset)
{
    const struct people_ask *f = r->form;
    const bool *send = r->state;
    struct account p;
    http_redirect(r, S("/connexion/courrier"), NULL);
    if (!*send) return;
    if (!people_find_by_email(r->db, f->email, &p) || !p.confirmed) {
        mail_unknown(r, f->email);
        return;
    }
    if (reset) {
        people_reset_send(r, &p);
        return;
    }
    struct str hash, token = access_new_token(r->arena, &hash);
    access_link_add(r->db, hash, p.id, S("enter"), r->now, r->now + ENTER_LIFE);
    mail_enter(r, &p,
               arena_printf(r->arena, "%.*s%.*s", STR(http_public_url(r)),
                            STR(people_link(r, "/connexion/entrer", token, f->suite))));
}

void people_enter_ask_apply(struct request *r)
{
    ask(r, false);
}

void people_reset_ask_apply(struct request *r)
{
    ask(r, true);
}

/* --- following -------------------------------------------------------------------------------------------------------- */

static bool find(struct request *r, const char *purpose, struct account *ret)
{
    const struct people_link_form *f = r->form;
    int64_t id =
        access_link_owner(r->db, access_hash_token(r->arena, f->jeton), str_from(purpose), r->now);
    return id && people_find(r->db, id, ret);
}

static int64_t use(struct request *r, const char *purpose)
{
    const struct people_link_form *f = r->form;
    int64_t id =
        access_link_use(r->db, access_hash_token(r->arena, f->jeton), str_from(purpose), r->now);
    if (!id)
        http_fail(r, 410,
                  R_(N_("This link has been used or is too old. Please ask for a new one on the "
                        "sign-in page.")));
    return id;
}

void people_enter_get(struct request *r)
{
    struct account p;
    bool good = find(r, "enter", &p);
    if (!good) http_status(r, 410);
    if (good) people_enter(http_page(r), r->form, p.email);
    else people_link_stale(http_page(r), false);
}

void people_enter_apply(struct request *r)
{
    const struct people_link_form *f = r->form;
    int64_t id = use(r, "enter");
    if (!id) return;
    people_arrive(r, id, WAY_LINK, f->suite, "connecte");
}

void people_reset_get(struct request *r)
{
    struct account p;
    bool good = find(r, "reset", &p);
    if (!good) http_status(r, 410);
    if (good) people_reset(http_page(r), r->form, p.email);
    else people_link_stale(http_page(r), true);
}

void people_reset_prepare(struct request *r)
{
    const struct people_link_form *f = r->form;
    struct account p;
    if (!find(r, "reset", &p)) return; /* apply says it */
    r->state = people_new_password(r, "nouveau", f->nouveau, p.name, p.email);
}

void people_reset_apply(struct request *r)
{
    struct str *hash = r->state;
    struct account p;
    int64_t id = use(r, "reset");
    if (!id || !hash || !people_find(r->db, id, &p)) {
        if (http_ok(r)) http_fail(r, 410, STR_NONE);
        return;
    }
    people_sql_set_password(r->db, id, *hash);
    access_links_end(r->db, id, S("enter"));
    access_close_sessions(r->db, id, 0); /* whoever was in with the old one is out */
    people_tell_password_changed(r, &p);
    people_arrive(r, id, WAY_LINK, S("/compte/securite"), "mot-de-passe");
}
