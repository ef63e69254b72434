/* Personal tokens: a program acts in a person's name, for a while, with less than the person may do. */
#include "access/audit.h"
#include "base/id.h"
#include "base/time.h"
#include "interop_html.h"
#include "mod/interop/pages.h"
#include "mod/people/people.h"

/* An expired token stays in the list so long, to explain why a program has stopped. */
#define EXPIRED_KEPT (60 * DAY_MS)

const struct param interop_token_params[] = {
    PARAM(struct interop_token_form, nom, PARAM_TEXT, .required = true, .max = 80),
    PARAM(struct interop_token_form, acces, PARAM_SLUG, .required = true),
    PARAM(struct interop_token_form, droits, PARAM_LIST),
    PARAM(struct interop_token_form, duree, PARAM_SLUG, .required = true),
    PARAM(struct interop_token_form, actuel, PARAM_SECRET, .max = 200),
    { 0 },
};
const struct param interop_id_params[] = {
    PARAM(struct interop_id_form, id, PARAM_ID, .required = true), { 0 }
};

/* --- shared with partners -------------------------------------------------------------------------------------- */

size_t interop_permission_options(struct request *r, uint64_t allowed, uint64_t chosen,
                                  struct ui_option **ret)
{
    struct access_permission p;
    size_t n = 0;
    *ret = arena_array(r->arena, struct ui_option, 64);
    for (size_t i = 0; access_permission(i, &p); i++)
        if (allowed & p.bit)
            (*ret)[n++] = (struct ui_option){ .value = str_from(p.name),
                                              .label = R_(p.label),
                                              .chosen = (chosen & p.bit) != 0 };
    return n;
}

struct token_rights interop_scopes_of(struct request *r, struct str access,
                                      const struct str_list *rights, uint64_t allowed)
{
    struct token_rights s = { .read = true, .write = str_is(access, "ecrire") };
    if (!s.write && !str_is(access, "lire"))
        http_invalid(r, "acces", R_(N_("This choice is not one of ours.")));
    for (size_t i = 0; i < rights->n; i++) {
        uint64_t bits = rights_parse(rights->items[i]).permissions;
        if (!bits || bits & ~allowed)
            http_invalid(r, "droits", R_(N_("This choice is not one of ours.")));
        s.permissions |= bits;
    }
    return s;
}

int64_t interop_end_of(struct request *r, struct str days)
{
    static const int choices[] = { 30, 90, 365 };
    int64_t n = 0;
    str_to_int(days, &n);
    for (size_t i = 0; i < COUNT(choices); i++)
        if (n == choices[i]) return r->now + n * DAY_MS;
    http_invalid(r, "duree", R_(N_("This choice is not one of ours.")));
    return r->now;
}

/* --- the page ---------------------------------------------------------------------------------------------------- */

void interop_tokens_get(struct request *r)
{
    static const struct interop_token_form empty = { .acces = { "lire", 4 }, .duree = { "90", 2 } };
    const struct interop_token_form *typed = r->form;
    struct interop_tokens page = { .form = typed && typed->acces.n ? typed : &empty,
                                   .asks_password = people_asks_password(r),
                                   .email = r->who.email };
    uint64_t chosen = 0;
    for (size_t i = 0; i < page.form->droits.n; i++)
        chosen |= rights_parse(page.form->droits.items[i]).permissions;
    page.n = interop_sql_tokens_of(r->db, r->who.person_id, &page.rows);
    page.permission_count =
        interop_permission_options(r, r->who.permissions, chosen, &page.permissions);
    interop_tokens(http_page(r), &page);
}

/* A token outlives the session that made it, so the owner is told, who may be somebody else. */
static void tell(struct request *r, struct str name)
{
    struct account me;
    if (!people_find(r->db, r->who.person_id, &me)) return;
    struct str link = arena_printf(r->arena, "%.*s/compte/jetons", STR(http_public_url(r)));
    struct str text = lang_text(
        me.lang,
        N_("Hello {0},\n\nThe access token “{1}” was made in your eduLAB account: a program that "
           "has it acts in your name.\n\nIt was not you? Revoke it at once, then change your "
           "password:\n\n{2}\n\nThe eduLAB team"));
    mail_queue(r->db, me.email, lang_text(me.lang, N_("A new access token for your account")),
               fmt_plain(r->arena, text, me.name, name, link));
}

/* A token outlives the session: who sits at an open one makes none without the password. */
void interop_token_prepare(struct request *r)
{
    const struct interop_token_form *f = r->form;
    people_proof_prepare(r, f->actuel);
}

void interop_token_apply(struct request *r)
{
    const struct interop_token_form *f = r->form;
    struct interop_sql_tokens_of *known;
    struct token_rights scopes = interop_scopes_of(r, f->acces, &f->droits, r->who.permissions);
    int64_t end = interop_end_of(r, f->duree);
    interop_sql_drop_expired_tokens(r->db, r->now - EXPIRED_KEPT);
    if (interop_sql_tokens_of(r->db, r->who.person_id, &known) >= LIMIT_TOKENS)
        http_invalid(r, NULL,
                     R_(N_("You have as many tokens as one can have. Please revoke one that you no "
                           "longer need.")));
    if (!http_ok(r)) return;
    struct str hash, key = access_new_key(r->arena, KEY_PERSONAL, &hash);
    struct str words = rights_text(r->arena, scopes);
    interop_sql_add_token(r->db, &(struct interop_sql_add_token_in){ .id = id_new(),
                                                                     .hash = hash,
                                                                     .person = r->who.person_id,
                                                                     .client = DB_NULL,
                                                                     .name = f->nom,
                                                                     .scopes = words,
                                                                     .now = r->now,
                                                                     .expires = end });
    tell(r, f->nom);
    audit_write(r, "token.made", "person", r->who.person_id, NULL,
                json_pack("{s:s%}", "may", words.p,
                          words.n)); /* the name would outlive the account there */
    interop_key_shown(http_page(r), "mine", f->nom, key, STR_NONE, S("/compte/jetons"));
}

void interop_token_revoke_apply(struct request *r)
{
    const struct interop_id_form *f = r->form;
    if (interop_sql_revoke_token(r->db, f->id, r->who.person_id) != 1) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    audit_write(r, "token.revoked", "person", r->who.person_id, NULL, NULL);
    http_redirect(r, S("/compte/jetons"), "jeton-revoque");
}
