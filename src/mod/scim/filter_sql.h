/* From a filter to the WHERE of a statement, and the statement itself. Its text is made of the columns in these tables only;
 * what was asked for is always a parameter (docs/decisions/0030). */
#ifndef EDULAB_MOD_SCIM_FILTER_SQL_H
#define EDULAB_MOD_SCIM_FILTER_SQL_H

#include "db/db.h"
#include "mod/scim/filter.h"

enum scim_column_type {
    SCIM_FOLDED,  /* text kept without regard to capitals */
    SCIM_EXACT,   /* text, capitals count */
    SCIM_BOOLEAN, /* 0 or 1 */
    SCIM_MOMENT,  /* milliseconds; RFC 3339 in the filter */
    SCIM_ID,      /* one of our numbers; 13 characters in the filter */
    SCIM_NOTHING, /* an attribute that SCIM knows and that we do not keep: it has no value */
};

/* An attribute that can be asked for. */
struct scim_column {
    const char *name,
        *sub; /* sub: NULL for a plain one; "" for the value that stands for the whole */
    const char *column;
    enum scim_column_type type;
    /* The statement that gives the numbers of those whose list has a fitting value, up to its condition; NULL: a plain one.
     * ":1" in it is the organisation. */
    const char *list;
};

struct scim_query {
    const struct scim_column *columns; /* ends with a row without name */
    const char *select, *from;         /* "g.id, g.version", "scim_group g" */
    const char *id, *organisation;     /* "g.id", "g.organisation_id" */
    const struct db_column *fields;
    unsigned field_count, row_size;
};

struct scim_asked {
    const struct scim_node *filter; /* NULL: all */
    struct str sort_by;             /* empty: in the order in which they came */
    bool descending;
    int64_t organisation_id, skip, most;
};

/* The rows of one page and the number of all that fit; 0 with a sentence when an attribute or a value does not suit. */
size_t scim_query(struct db *db, const struct scim_query *q, const struct scim_asked *asked,
                  int64_t *ret_total, void *ret_rows, const char **ret_problem);

#endif
