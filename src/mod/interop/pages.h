/* What the rows of interop.c point to, and what the templates show. */
#ifndef EDULAB_MOD_INTEROP_PAGES_H
#define EDULAB_MOD_INTEROP_PAGES_H

#include "access/token.h"
#include "html/components.h"
#include "interop_sql.h"
#include "mod/interop/interop.h"

/* --- personal tokens: tokens.c --------------------------------------------------------------------------------- */

struct interop_token_form {
    struct str nom, acces, duree;
    struct str_list droits;
};
struct interop_id_form {
    int64_t id;
};
extern const struct param interop_token_params[], interop_id_params[];
void interop_tokens_get(struct request *r);
void interop_token_apply(struct request *r);
void interop_token_revoke_apply(struct request *r);

struct interop_tokens {
    const struct interop_token_form *form;
    struct interop_sql_tokens_of *rows;
    size_t n;
    struct ui_option *permissions; /* those that can be given */
    size_t permission_count;
};

/* What a form says in words; the answer is invalid when it says nothing we know. */
struct token_rights interop_scopes_of(struct request *r, struct str access,
                                      const struct str_list *rights, uint64_t allowed);
/* The permissions of `allowed` as boxes to tick. */
size_t interop_permission_options(struct request *r, uint64_t allowed, uint64_t chosen,
                                  struct ui_option **ret);
/* When a form's choice of days ends. */
int64_t interop_end_of(struct request *r, struct str days);

#endif
