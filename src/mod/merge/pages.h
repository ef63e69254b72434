/* What the rows of merge.c point to, and what the templates show. */
#ifndef EDULAB_MOD_MERGE_PAGES_H
#define EDULAB_MOD_MERGE_PAGES_H

#include "merge_sql.h"
#include "mod/merge/merge.h"
#include "mod/organisation/organisation.h"
#include "mod/people/people.h"

/* --- twins.c: who is likely there twice ------------------------------------------------------------------------------- */

struct merge_twin {
    int64_t a, b;
    struct str name, a_more, b_more; /* more: the address, the town and the code */
};
size_t merge_twin_people(struct db *db, struct merge_twin **ret);
size_t merge_twin_organisations(struct db *db, struct merge_twin **ret);

/* --- pages.c ------------------------------------------------------------------------------------------------------------ */

struct merge_form {
    int64_t id, garde, part; /* the one that is kept, the one that goes */
    struct str un, deux;     /* as typed */
};
extern const struct param merge_list_params[], merge_pair_params[], merge_id_params[];

struct merge_side {
    int64_t id;
    struct str name, more, href;
    int64_t since; /* DB_NULL: not known */
    struct organisation_membership *memberships;
    size_t membership_count;
    struct access_grant *grants;
    size_t grant_count;
    int64_t members, below;
};
struct merge_line {
    struct str label;
    int64_t moves, stays;
};
struct merge_sheet {
    bool people;
    struct merge_side kept, gone;
    struct merge_line *lines;
    size_t n;
};
struct merge_list_page {
    const struct merge_form *form;
    struct merge_twin *people, *organisations;
    size_t people_count, organisation_count;
    struct merge_sql_run *runs;
    size_t run_count;
};
void merge_list_get(struct request *r);
void merge_people_get(struct request *r);
void merge_people_apply(struct request *r);
void merge_organisations_get(struct request *r);
void merge_organisations_apply(struct request *r);
void merge_undo_apply(struct request *r);
struct str merge_pair_path(struct arena *a, bool people, int64_t kept, int64_t gone);

extern const struct privacy_source merge_privacy[]; /* privacy.c */

#endif
