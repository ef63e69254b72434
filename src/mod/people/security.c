/* The page "Sécurité du compte": what protects the account and where it is open; the password and the sessions. */
#include "mod/people/pages.h"

#include "access/slow.h"
#include "people_html.h"
#include "people_sql.h"

const struct param people_session_params[] = {
    PARAM(struct people_session_form, id, PARAM_ID, .required = true),
    { 0 },
};
const struct param people_password_params[] = {
    PARAM(struct people_password_form, actuel, PARAM_SECRET, .required = true, .max = 200),
    PARAM(struct people_password_form, nouveau, PARAM_SECRET, .required = true, .min = 10,
          .max = 200),
    { 0 },
};

void people_security_get(struct request *r)
{
    struct people_sql_by_email me;
    struct people_sql_change_asked change;
    struct access_session *sessions;
    if (!people_sql_by_id(r->db, r->who.person_id, &me)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    bool asked = people_sql_change_asked(r->db, me.id, r->now - PEOPLE_CHANGE_LIFE, &change);
    size_t n = access_sessions(r->db, me.id, r->now, &sessions);
    int64_t keys = access_passkey_count(r->db, me.id);
    people_security(http_page(r),
                    &(const struct people_security){
                        .email = me.email,
                        .new_email = asked ? change.new_email : STR_NONE,
                        .has_password = me.password.p != NULL,
                        .second = access_second_factor(r->db, me.id),
                        .passkey_count = keys,
                        .second_due = keys ? DB_NULL : access_second_due(r->db, me.id, r->now),
                        .sessions = sessions,
                        .session_count = n,
                        .this_session = r->who.session_id,
                        .peer = r->peer,
                    });
}

/* --- sessions ------------------------------------------------------------------------------------------------------- */

void people_session_close_apply(struct request *r)
{
    const struct people_session_form *f = r->form;
    if (f->id == r->who.session_id) {
        access_sign_out(r);
        http_redirect(r, S("/"), "deconnecte");
        return;
    }
    if (!access_close_session(r->db, r->who.person_id, f->id)) {
        http_fail(r, 404, R_(N_("This device is signed out already.")));
        return;
    }
    http_redirect(r, S("/compte/securite"), "seance-fermee");
}

void people_sessions_close_apply(struct request *r)
{
    access_close_sessions(r->db, r->who.person_id, r->who.session_id);
    http_redirect(r, S("/compte/securite"), "seances-fermees");
}

/* --- the password --------------------------------------------------------------------------------------------------- */

void people_password_get(struct request *r)
{
    people_password(http_page(r), people_has_password(r), r->who.email);
}

void people_password_prepare(struct request *r)
{
    const struct people_password_form *f = r->form;
    if (!people_check_own_password(r, "actuel", f->actuel)) return;
    r->state = people_new_password(r, "nouveau", f->nouveau, r->who.name, r->who.email);
}

void people_tell_password_changed(struct request *r, const struct account *p)
{
    struct str link = arena_printf(r->arena, "%.*s/connexion/oubli", STR(http_public_url(r)));
    struct str text = fmt_plain(
        r->arena,
        lang_text(p->lang, N_("Hello {0},\n\nThe password of your eduLAB account has just been "
                              "changed.\n\nIt was you? Then all is well. It was not? Choose "
                              "another one at once, which signs everybody out:\n\n{1}\n\nThe "
                              "eduLAB team")),
        p->name, link);
    mail_queue(r->db, p->email, lang_text(p->lang, N_("Your password was changed")), text);
}

void people_password_apply(struct request *r)
{
    struct str *hash = r->state;
    struct account me;
    if (!people_find(r->db, r->who.person_id, &me)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    people_sql_set_password(r->db, me.id, *hash);
    access_close_sessions(r->db, me.id, r->who.session_id);
    access_links_end(r->db, me.id, S("enter"));
    access_links_end(r->db, me.id, S("reset"));
    people_tell_password_changed(r, &me);
    http_redirect(r, S("/compte/securite"), "mot-de-passe");
}

void people_password_mail_apply(struct request *r)
{
    struct account me;
    if (!people_find(r->db, r->who.person_id, &me)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    people_reset_send(r, &me);
    http_redirect(r, S("/compte/securite"), "lien-envoye");
}
