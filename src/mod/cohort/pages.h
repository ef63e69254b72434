/* What the files of this module share. */
#ifndef EDULAB_MOD_COHORT_PAGES_H
#define EDULAB_MOD_COHORT_PAGES_H

#include "cohort_sql.h"
#include "mod/catalogue/catalogue.h"
#include "mod/cohort/cohort.h"
#include "mod/organisation/organisation.h"
#include "mod/people/people.h"

enum { COHORT_HALVES = 2 };
/* The half-days of a meeting; returns how many, at most COHORT_HALVES. */
size_t cohort_split(int64_t starts_at, int64_t ends_at, struct cohort_span ret[COHORT_HALVES]);

extern const struct privacy_source cohort_privacy[]; /* privacy.c */
bool cohort_demo(struct demo *demo);                 /* demo.c */
bool cohort_year(struct demo *demo);                 /* year.c */

#endif
