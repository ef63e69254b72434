/* Closing an account: asked with a proof, a week to think it over, then the erasing. */
#include "access/access.h"
#include "access/audit.h"
#include "base/id.h"
#include "base/time.h"
#include "mod/people/people.h"
#include "mod/privacy/pages.h"
#include "privacy_html.h"

#define LINK_LIFE HOUR_MS

const struct param privacy_close_params[] = {
    PARAM(struct privacy_close_form, password, PARAM_SECRET, .required = true, .max = 200),
    PARAM(struct privacy_close_form, sure, PARAM_BOOL, .required = true),
    { 0 },
};
const struct param privacy_cancel_params[] = {
    PARAM(struct privacy_cancel_form, jeton, PARAM_TEXT, .required = true, .max = 64), { 0 }
};

/* --- asking ---------------------------------------------------------------------------------------------------------------- */

void privacy_close_get(struct request *r)
{
    struct privacy_sql_open_closure closure;
    struct privacy_held *held;
    if (privacy_sql_open_closure(r->db, r->who.person_id, &closure)) {
        http_redirect(r, S("/compte/donnees"), NULL);
        return;
    }
    size_t n = privacy_hold_all(r->db, r->who.person_id, &held);
    privacy_close(http_page(r), held, n, people_has_password(r));
}

void privacy_close_prepare(struct request *r)
{
    const struct privacy_close_form *f = r->form;
    people_check_own_password(r, "password", f->password);
}

/* Closes in a week; says so by mail, with the link that cancels. */
static void begin(struct request *r)
{
    struct account me;
    struct privacy_sql_open_closure open;
    if (!people_find(r->db, r->who.person_id, &me)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (me.id == access_only_staff(r->db)) {
        http_fail(
            r, 409,
            R_(N_("You alone can give roles here. Give somebody else the role of staff first, "
                  "then close your account.")));
        return;
    }
    http_redirect(r, S("/compte/donnees"), "fermeture-demandee");
    if (privacy_sql_open_closure(r->db, me.id, &open)) return;
    struct str hash, token = access_new_token(r->arena, &hash);
    int64_t id = id_new(), due = r->now + CLOSURE_DAYS * DAY_MS;
    privacy_sql_add_closure(r->db, id, me.id, hash, r->now, due);
    job_add(r->db, "privacy.erase", id_lower(r->arena, id),
            json_pack("{s:I}", "closure", (json_int_t)id), due);
    struct str link = arena_printf(r->arena, "%.*s/fermeture/annuler?jeton=%.*s",
                                   STR(http_public_url(r)), STR(token));
    struct str text = fmt_plain(
        r->arena,
        lang_text(me.lang, N_("Hello {0},\n\nYou asked us to close your eduLAB account. It will be "
                              "erased on {1}.\n\nChanged your mind, or was it not you? This link "
                              "keeps the account:\n\n{2}\n\nThe eduLAB team")),
        me.name, privacy_when(r->arena, me.lang, due), link);
    mail_queue(r->db, me.email, lang_text(me.lang, N_("Your account will be closed")), text);
}

void privacy_close_apply(struct request *r)
{
    begin(r);
}

/* --- without a password: by a link ------------------------------------------------------------------------------------------- */

void privacy_close_by_mail_apply(struct request *r)
{
    struct account me;
    if (!people_find(r->db, r->who.person_id, &me)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    struct str hash, token = access_new_token(r->arena, &hash);
    access_link_add(r->db, hash, me.id, S("close"), r->now, r->now + LINK_LIFE);
    struct str link = arena_printf(r->arena, "%.*s/compte/donnees/fermer/confirmer?jeton=%.*s",
                                   STR(http_public_url(r)), STR(token));
    struct str text = fmt_plain(
        r->arena,
        lang_text(me.lang, N_("Hello {0},\n\nTo close your eduLAB account, follow this link while "
                              "you are signed in, then press the button. It works for an "
                              "hour.\n\n{1}\n\nIf it was not you, do nothing.\n\nThe eduLAB team")),
        me.name, link);
    mail_queue(r->db, me.email, lang_text(me.lang, N_("Close your account")), text);
    http_redirect(r, S("/compte/donnees"), "fermeture-lien");
}

void privacy_close_link_get(struct request *r)
{
    const struct privacy_cancel_form *f = r->form;
    privacy_close_link(http_page(r), f->jeton);
}

void privacy_close_link_apply(struct request *r)
{
    const struct privacy_cancel_form *f = r->form;
    int64_t owner =
        access_link_use(r->db, access_hash_token(r->arena, f->jeton), S("close"), r->now);
    if (owner != r->who.person_id) {
        http_fail(r, 410,
                  R_(N_("This link has been used, has ended or belongs to another "
                        "account.")));
        return;
    }
    begin(r);
}

/* --- thinking better of it --------------------------------------------------------------------------------------------------- */

void privacy_keep_apply(struct request *r)
{
    struct privacy_sql_open_closure c;
    if (privacy_sql_open_closure(r->db, r->who.person_id, &c))
        privacy_sql_cancel_closure(r->db, c.id, r->now);
    http_redirect(r, S("/compte/donnees"), "fermeture-annulee");
}

static bool find(struct request *r, struct privacy_sql_open_closure *ret)
{
    const struct privacy_cancel_form *f = r->form;
    return privacy_sql_closure_by_token(r->db, access_hash_token(r->arena, f->jeton), ret);
}

void privacy_cancel_get(struct request *r)
{
    const struct privacy_cancel_form *f = r->form;
    struct privacy_sql_open_closure c;
    bool open = find(r, &c);
    if (!open) http_status(r, 410);
    privacy_cancel(http_page(r), f->jeton, open, open ? c.due_at : 0);
}

void privacy_cancel_apply(struct request *r)
{
    struct privacy_sql_open_closure c;
    if (!find(r, &c) || privacy_sql_cancel_closure(r->db, c.id, r->now) != 1) {
        http_fail(r, 410, R_(N_("This link has been used, or the account is already erased.")));
        return;
    }
    http_redirect(r, r->who.person_id ? S("/compte/donnees") : S("/"), "fermeture-annulee");
}

/* --- erasing ------------------------------------------------------------------------------------------------------------------ */

bool privacy_erase(struct db *db, int64_t person_id, int64_t now, bool asked)
{
    if (access_is_held(db, person_id) || person_id == access_only_staff(db)) return false;
    const struct privacy_source *const *sources = privacy_sources();
    int64_t *aliases;
    size_t n = privacy_aliases(db, person_id, &aliases);
    for (size_t a = 0; a < n; a++)
        if (access_is_held(db, aliases[a])) return false;
    for (size_t a = 0; a <= n; a++)
        for (size_t i = 0; sources[i]; i++)
            if (sources[i]->erase) sources[i]->erase(db, a < n ? aliases[a] : person_id, now);
    event_emit(db, "privacy.erased", json_pack("{s:I}", "person", (json_int_t)person_id));
    if (asked) audit_write_as(db, 0, "account.erased", "person", person_id, NULL, NULL);
    else audit_write_as(db, 0, "account.expired", "person", person_id, NULL, NULL);
    job_add(db, "privacy.sweep", STR_NONE, NULL, 0); /* the files go with the rows */
    return true;
}

static void say_farewell(struct db *db, const struct account *them)
{
    struct str text = fmt_plain(
        db_arena(db),
        lang_text(them->lang,
                  N_("Hello {0},\n\nYour eduLAB account is erased, as you asked. What must be kept "
                     "bears a number in the place of your name. This is our last mail to you; the "
                     "address leaves our records within a week.\n\nGood-bye, and thank "
                     "you,\nthe eduLAB team")),
        them->name);
    mail_queue(db, them->email, lang_text(them->lang, N_("Your account is erased")), text);
}

bool privacy_erase_due(struct db *db, struct job *job)
{
    int64_t id = job_number(job, "closure"), now = time_now();
    struct privacy_sql_open_closure c;
    struct account them;
    if (!privacy_sql_closure(db, id, &c) || c.due_at > now) return !db_failed(db); /* cancelled */
    bool known = people_find(db, c.person_id, &them);
    if (!privacy_erase(db, c.person_id, now, true))
        return !db_failed(db); /* held: tried each night */
    privacy_sql_end_closure(db, id, now);
    if (known) say_farewell(db, &them);
    return !db_failed(db);
}
