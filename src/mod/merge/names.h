/* Private to this module: every place that names a person or an organisation, and moving the rows there. */
#ifndef EDULAB_MOD_MERGE_NAMES_H
#define EDULAB_MOD_MERGE_NAMES_H

#include "mod/merge/pages.h"

enum merge_kind { MERGE_PERSON, MERGE_ORGANISATION };

/* A column that names one, with the statements made for it. */
struct merge_place {
    struct str name; /* "enrolment.person_id" */
    bool fixed;      /* the engine never changes its table: rows stay */
    struct db_statement count, clash, note, move, back;
};
/* In a transaction: the places of this database. The table merge_row itself is none. */
size_t merge_places(struct db *db, enum merge_kind kind, struct merge_place **ret);

struct merge_count {
    int64_t moves, stays;
};
struct merge_count merge_count(struct db *db, const struct merge_place *place, int64_t from,
                               int64_t into);
/* In a transaction: moves the rows that can be, and notes them under the run. */
void merge_move(struct db *db, const struct merge_place *place, int64_t run, int64_t from,
                int64_t into);
/* In a transaction: what was noted goes back, as far as it is still there. */
void merge_back(struct db *db, const struct merge_place *place, int64_t run, int64_t from,
                int64_t into);

#endif
