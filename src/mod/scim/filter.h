/* The filter and path language of SCIM (RFC 7644 3.4.2.2 and 3.5.2), bounded in length, depth and number of comparisons:
 *
 *     userName eq "a" and (active eq true or not (emails[type eq "work"].value co "@school.be"))
 */
#ifndef EDULAB_MOD_SCIM_FILTER_H
#define EDULAB_MOD_SCIM_FILTER_H

#include "base/arena.h"

enum {
    SCIM_FILTER_TEXT = 2000,
    SCIM_FILTER_DEPTH = 16,
    SCIM_FILTER_TESTS = 24, /* each may need two of the 64 parameters that a statement can have */
};

enum scim_op {
    SCIM_EQ,
    SCIM_NE,
    SCIM_CO,
    SCIM_SW,
    SCIM_EW,
    SCIM_GT,
    SCIM_GE,
    SCIM_LT,
    SCIM_LE,
    SCIM_PR
};
enum scim_value { SCIM_TEXT, SCIM_NUMBER, SCIM_TRUE, SCIM_FALSE, SCIM_NULL };

enum scim_kind {
    SCIM_TEST, /* name[.sub] op value */
    SCIM_AND,
    SCIM_OR,
    SCIM_NOT, /* of left */
    SCIM_ANY, /* name[left]: one of its values fits */
};

struct scim_node {
    enum scim_kind kind;
    struct str name, sub; /* as typed, without a schema in front; sub may be STR_NONE */
    enum scim_op op;
    enum scim_value type;
    struct str text; /* SCIM_TEXT; a number as it was written */
    const struct scim_node *left, *right;
};

/* False with a sentence (a msgid) when it is no filter, or too much of one. */
bool scim_filter_parse(struct arena *a, struct str text, const struct scim_node **ret,
                       const char **ret_problem);
/* The same filter as text: what is written parses to itself. */
struct str scim_filter_write(struct arena *a, const struct scim_node *node);

/* Where a PATCH goes: emails[type eq "work"].value */
struct scim_path {
    struct str schema; /* the URN in front; STR_NONE */
    struct str name, sub;
    const struct scim_node *filter; /* NULL: none */
};
bool scim_path_parse(struct arena *a, struct str text, struct scim_path *ret,
                     const char **ret_problem);

#endif
