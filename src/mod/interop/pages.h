/* What the rows of interop.c point to, and what the templates show. */
#ifndef EDULAB_MOD_INTEROP_PAGES_H
#define EDULAB_MOD_INTEROP_PAGES_H

#include "access/token.h"
#include "html/components.h"
#include "interop_sql.h"
#include "mod/interop/interop.h"

/* --- personal tokens: tokens.c --------------------------------------------------------------------------------- */

struct interop_token_form {
    struct str nom, acces, duree, actuel;
    struct str_list droits;
};
struct interop_id_form {
    int64_t id;
};
extern const struct param interop_token_params[], interop_id_params[];
void interop_tokens_get(struct request *r);
void interop_token_prepare(struct request *r);
void interop_token_apply(struct request *r);
void interop_token_revoke_apply(struct request *r);

struct interop_tokens {
    const struct interop_token_form *form;
    struct interop_sql_tokens_of *rows;
    size_t n;
    bool asks_password;
    struct str email;
    struct ui_option *permissions; /* those that can be given */
    size_t permission_count;
};

/* --- partners' programs: partners.c ---------------------------------------------------------------------------- */

struct interop_partner_form {
    int64_t id, jeton;
    struct str nom, acces, organisation;
    struct str_list droits;
};
extern const struct param interop_partner_params[], interop_partner_edit_params[],
    interop_partner_link[], interop_partner_token_params[];
void interop_partners_get(struct request *r);
void interop_partner_add_apply(struct request *r);
void interop_partner_get(struct request *r);
void interop_partner_edit_apply(struct request *r);
void interop_partner_rotate_apply(struct request *r);
void interop_partner_withdraw_apply(struct request *r);
void interop_partner_token_apply(struct request *r);
void interop_partner_revoke_apply(struct request *r);

struct interop_partners {
    const struct interop_partner_form *form;
    struct interop_sql_clients *rows;
    size_t n;
    struct interop_sql_clients *one;      /* the page of one */
    struct interop_sql_client_use in_use; /* its tokens */
    struct ui_option *permissions;
    size_t permission_count;
    struct interop_sql_lasting_tokens *tokens;
    size_t token_count;
    struct request *request; /* for the parts of later modules */
};
void interop_partner_parts(struct page *pg, struct request *r, const struct interop_sql_clients *c);

/* What a partner can be given: the permissions of rows that let a partner's program in. */
uint64_t interop_partner_rights(struct request *r);

/* --- OAuth 2.0, client credentials (RFC 6749 4.4): oauth.c ------------------------------------------------------- */

struct interop_grant_form {
    struct str grant_type, scope, client_id, client_secret;
};
extern const struct param interop_grant_params[];
extern const struct api interop_grant_api, interop_oauth_api;
void interop_grant_apply(struct request *r);
void interop_oauth_get(struct request *r);

/* --- shared ------------------------------------------------------------------------------------------------------ */

/* What a form says in words; the answer is invalid when it says nothing we know. */
struct token_rights interop_scopes_of(struct request *r, struct str access,
                                      const struct str_list *rights, uint64_t allowed);
/* The permissions of `allowed` as boxes to tick. */
size_t interop_permission_options(struct request *r, uint64_t allowed, uint64_t chosen,
                                  struct ui_option **ret);
/* When a form's choice of days ends. */
int64_t interop_end_of(struct request *r, struct str days);

#endif
