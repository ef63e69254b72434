/* What the rows of rights.c point to, and what the templates show. */
#ifndef EDULAB_MOD_RIGHTS_PAGES_H
#define EDULAB_MOD_RIGHTS_PAGES_H

#include "access/audit.h"
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
struct str rights_day(struct arena *a, int64_t day);
/* This list with `avant` (0: from the newest on); csv: the file. */
struct str rights_journal_address(struct arena *a, const struct rights_journal_form *f,
                                  int64_t before, bool csv);

#endif
