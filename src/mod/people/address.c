/* A new address for an account: asked with the password, confirmed by a link to the new address, told to the old one
 * with a link that takes it back for a month. Nobody learns whether the new address belongs to somebody else. */
#include "access/slow.h"
#include "access/token.h"
#include "base/id.h"
#include "base/time.h"
#include "mod/people/pages.h"
#include "people_html.h"
#include "people_sql.h"

const struct param people_address_params[] = {
    PARAM(struct people_address_form, email, PARAM_EMAIL, .required = true),
    PARAM(struct people_address_form, actuel, PARAM_SECRET, .max = 200),
    { 0 },
};
const struct param people_change_params[] = {
    PARAM(struct people_change_form, jeton, PARAM_TEXT, .required = true, .max = 64),
    { 0 },
};

/* --- asking ------------------------------------------------------------------------------------------------------- */

void people_address_get(struct request *r)
{
    people_address(http_page(r), r->form, people_has_password(r), r->who.email);
}

void people_address_prepare(struct request *r)
{
    const struct people_address_form *f = r->form;
    /* who has no password has come through an institution: the mailed link, and the letter to the old address, must do */
    if (people_has_password(r) && !people_check_own_password(r, "actuel", f->actuel)) return;
    if (str_eq(f->email, r->who.email))
        http_invalid(r, "email", R_(N_("This is your address already.")));
    else if (!people_may_write(f->email))
        http_invalid(r, "email",
                     R_(N_("Several letters are on their way to this address already. Please wait "
                           "ten minutes.")));
}

static void mail_taken(struct request *r, struct str email)
{
    struct str text = fmt_plain(
        r->arena,
        R_(N_("Hello,\n\nSomeone, perhaps you, wanted to give this address to an eduLAB account. "
              "It belongs to another account already, so nothing has changed. To use it, sign in "
              "to that account:\n\n{0}\n\nThe eduLAB team")),
        arena_printf(r->arena, "%.*s/connexion", STR(http_public_url(r))));
    mail_queue(r->db, email, R_(N_("This address has an account already")), text);
}

static void mail_confirm(struct request *r, struct str email, struct str token)
{
    struct str link = arena_printf(r->arena, "%.*s/adresse/confirmer?jeton=%.*s",
                                   STR(http_public_url(r)), STR(token));
    struct str text = fmt_plain(
        r->arena,
        R_(N_("Hello {0},\n\nThis is to become the address of your eduLAB account. Follow this "
              "link, then press the button:\n\n{1}\n\nThe link works for two days. If you did not "
              "ask for it, do nothing.\n\nThe eduLAB team")),
        r->who.name, link);
    mail_queue(r->db, email, R_(N_("Confirm your new address")), text);
}

void people_address_apply(struct request *r)
{
    const struct people_address_form *f = r->form;
    struct people_sql_address_taken taken = { 0 };
    struct str hash, token = access_new_token(r->arena, &hash);
    people_sql_end_changes(r->db, r->who.person_id, r->now);
    people_sql_add_change(r->db, id_new(), r->who.person_id, r->who.email, f->email, hash, r->now);
    people_sql_address_taken(r->db, f->email, &taken);
    if (taken.n) mail_taken(r, f->email);
    else mail_confirm(r, f->email, token);
    http_redirect(r, S("/compte/securite"), "adresse-demandee");
}

/* --- confirming --------------------------------------------------------------------------------------------------- */

static bool find_change(struct request *r, struct people_sql_change_to_confirm *ret)
{
    const struct people_change_form *f = r->form;
    return people_sql_change_to_confirm(r->db, access_hash_token(r->arena, f->jeton),
                                        r->now - PEOPLE_CHANGE_LIFE, ret);
}

void people_change_get(struct request *r)
{
    const struct people_change_form *f = r->form;
    struct people_sql_change_to_confirm c;
    bool good = find_change(r, &c);
    if (!good) http_status(r, 410);
    if (good) people_change(http_page(r), f->jeton, c.old_email, c.new_email);
    else people_change_stale(http_page(r));
}

static void stale(struct request *r)
{
    http_fail(r, 410,
              R_(N_("This link has been used, or another one has taken its place. Look at your "
                    "account's security page.")));
}

/* To the old address. */
static void mail_changed(struct request *r, const struct people_sql_change_to_confirm *c,
                         struct str token)
{
    enum lang lang = r->lang;
    lang_from_code(c->lang, &lang);
    struct str link = arena_printf(r->arena, "%.*s/adresse/annuler?jeton=%.*s",
                                   STR(http_public_url(r)), STR(token));
    struct str text = fmt_plain(
        r->arena,
        lang_text(lang, N_("Hello {0},\n\nYour eduLAB account now has the address {1} in the place "
                           "of this one.\n\nIt was you? Then all is well. It was not? This link "
                           "takes the change back and signs everybody out. It works for thirty "
                           "days:\n\n{2}\n\nThe eduLAB team")),
        c->name, c->new_email, link);
    mail_queue(r->db, c->old_email, lang_text(lang, N_("The address of your account has changed")),
               text);
}

void people_change_apply(struct request *r)
{
    struct people_sql_change_to_confirm c;
    struct people_sql_address_taken taken = { 0 };
    bool found = find_change(r, &c);
    if (found) people_sql_address_taken(r->db, c.new_email, &taken);
    if (!found || taken.n) { /* somebody opened an account with it meanwhile */
        stale(r);
        return;
    }
    struct str hash, token = access_new_token(r->arena, &hash);
    people_sql_move_address(r->db, c.person_id, c.new_email);
    people_sql_change_made(r->db, c.id, hash, r->now);
    access_links_end(r->db, c.person_id, S("enter"));
    access_links_end(r->db, c.person_id, S("reset"));
    mail_changed(r, &c, token);
    http_redirect(r, r->who.person_id ? S("/compte/securite") : S("/connexion"), "adresse-changee");
}

/* --- taking it back ------------------------------------------------------------------------------------------------ */

static bool find_undo(struct request *r, struct people_sql_change_to_undo *ret)
{
    const struct people_change_form *f = r->form;
    return people_sql_change_to_undo(r->db, access_hash_token(r->arena, f->jeton),
                                     r->now - PEOPLE_UNDO_LIFE, ret);
}

void people_undo_get(struct request *r)
{
    const struct people_change_form *f = r->form;
    struct people_sql_change_to_undo c;
    bool good = find_undo(r, &c);
    if (!good) http_status(r, 410);
    if (good) people_undo(http_page(r), f->jeton, c.old_email, c.new_email);
    else people_change_stale(http_page(r));
}

void people_undo_apply(struct request *r)
{
    struct people_sql_change_to_undo c;
    struct people_sql_by_email other;
    struct account p;
    bool found = find_undo(r, &c);
    if (!found || (people_sql_by_email(r->db, c.old_email, &other) && other.id != c.person_id)) {
        stale(r);
        return;
    }
    /* whoever did it may have had the password: all that opens the account starts anew */
    people_sql_move_address(r->db, c.person_id, c.old_email);
    people_sql_end_later_changes(r->db, c.person_id, c.id, r->now);
    people_sql_clear_password(r->db, c.person_id);
    struct second_factor second = access_second_factor(r->db, c.person_id);
    if (second.totp && second.since >= c.asked_at) access_second_drop(r->db, c.person_id);
    access_passkeys_drop(r->db, c.person_id, c.asked_at);
    access_tokens_drop(r->db, c.person_id, c.asked_at);
    people_undo_all(r->db, c.person_id, c.asked_at);
    access_close_sessions(r->db, c.person_id, 0);
    access_links_end(r->db, c.person_id, S("enter"));
    access_links_end(r->db, c.person_id, S("reset"));
    if (people_find(r->db, c.person_id, &p)) people_reset_send(r, &p);
    http_redirect(r, S("/connexion"), "adresse-annulee");
}
