/* What the rows of directory.c point to, and what the templates show. */
#ifndef EDULAB_MOD_DIRECTORY_PAGES_H
#define EDULAB_MOD_DIRECTORY_PAGES_H

#include "directory_sql.h"
#include "mod/directory/directory.h"
#include "mod/organisation/organisation.h"
#include "mod/people/people.h"

/* --- people.c --------------------------------------------------------------------------------------------------------- */

struct directory_filter {
    struct str q;  /* words of the name or the address */
    struct str ou; /* words of an organisation's name: who belongs to it or below */
    struct str categorie;
    int64_t page;
};
struct directory_id {
    int64_t id;
};
extern const struct param directory_filter_params[], directory_id_params[];

struct directory_list {
    struct directory_sql_people *rows;
    size_t n;
    int64_t total, page, pages;
};
struct directory_sheet {
    struct directory_sql_person p;
    struct organisation_membership *memberships;
    size_t membership_count;
    struct access_grant *grants;
    size_t grant_count;
    struct directory_sql_enrolments *enrolments;
    size_t enrolment_count;
    struct directory_sql_acts *acts;
    size_t act_count;
    bool may_grant, may_audit;
    int64_t portrait; /* 0: drawn */
};

void directory_list_get(struct request *r);
void directory_list_csv(struct request *r);
void directory_portrait_get(struct request *r);
void directory_person_get(struct request *r);
/* This list (csv: as a file); page 0: the first. */
struct str directory_address(struct arena *a, const struct directory_filter *f, int64_t page,
                             bool csv);
struct str directory_path(struct arena *a, int64_t id);

extern const struct job_kind directory_jobs[];

#endif
