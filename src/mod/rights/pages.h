/* What the rows of rights.c point to, and what the templates show. */
#ifndef EDULAB_MOD_RIGHTS_PAGES_H
#define EDULAB_MOD_RIGHTS_PAGES_H

#include "access/audit.h"
#include "mod/organisation/organisation.h"
#include "mod/people/people.h"
#include "mod/rights/rights.h"
#include "rights_sql.h"

struct rights_journal_form {
    struct str qui, sur; /* name or address of who did it, of the person it was done to */
    struct str acte;
    int64_t du, au; /* days, both included; DB_NULL */
    int64_t avant;  /* only rows older than this one */
};
extern const struct param rights_journal_params[];
void rights_journal_get(struct request *r);
void rights_journal_csv(struct request *r);

/* One value that was set or changed. */
struct rights_change {
    struct str name, before, after; /* STR_NONE: was not there */
};
/* The values of a row, in the order of their names. */
size_t rights_changes(struct arena *a, const struct rights_sql_journal *row,
                      struct rights_change **ret);
/* The day as <input type="date"> wants it, "" for DB_NULL. */
/* This list with `avant` (0: from the newest on); csv: the file. */
struct str rights_journal_address(struct arena *a, const struct rights_journal_form *f,
                                  int64_t before, bool csv);

/* --- roles -------------------------------------------------------------------------------------------------------- */

struct rights_roles_form {
    struct str email;
};
struct rights_person_form {
    int64_t id; /* of the person */
    struct str role, portee /* kind of scope, empty: everywhere */, sur /* its name or number */;
    int64_t cible; /* id of what the role is withdrawn for */
    int64_t du, au;
};
extern const struct param rights_roles_params[], rights_person_params[], rights_give_params[],
    rights_withdraw_params[];

/* One role that a person has, had or will have. */
struct rights_row {
    struct access_grant grant;
    struct str title, by; /* of the scope; of who gave it; STR_NONE */
    bool may_withdraw;
};
struct rights_sheet {
    struct account person;
    struct rights_row *rows;
    size_t count;
    bool may_give[ROLE_COUNT];
    const struct rights_person_form *form;
};

void rights_matrix_get(struct request *r);
void rights_person_get(struct request *r);
void rights_give_apply(struct request *r);
void rights_withdraw_apply(struct request *r);
/* The name of what a role counts for; STR_NONE: everywhere, or gone. */
struct str rights_scope_title(struct db *db, struct access_scope scope);

/* scopes.c */
void rights_start(struct settings *settings);

/* Does any role hold this permission (a bit)? Others are for programs only. */
bool rights_anybody(uint64_t bit);

#endif
