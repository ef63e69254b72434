/* The catalogue's filters: from a query to the entries of one page and the count beside every option. */
#ifndef EDULAB_MOD_CATALOGUE_SEARCH_H
#define EDULAB_MOD_CATALOGUE_SEARCH_H

#include "mod/catalogue/catalogue.h"
#include "catalogue_sql.h"

enum facet_group {
    GROUP_DOMAIN,
    GROUP_KIND,
    GROUP_FORMAT,
    GROUP_DURATION,
    GROUP_AUDIENCE,
    GROUP_COUNT
};

struct facet_option {
    enum facet_group group;
    const char *code;  /* in the address */
    const char *label; /* msgid */
    int bit;           /* in catalogue_entry.facets */
};

enum { FACET_OPTIONS = 31, CATALOGUE_PAGE = 12 };
extern const struct facet_option facet_options[FACET_OPTIONS];
extern const char *const facet_group_labels[GROUP_COUNT]; /* msgids */
extern const char *const facet_group_names[GROUP_COUNT];  /* parameter names */

struct catalogue_filter {
    struct str q;
    struct str_list domaine, sorte, format, duree, pour;
    struct str tri; /* "", "date" */
    int64_t page;
};
extern const struct param catalogue_filter_params[];

struct catalogue_result {
    size_t total;
    struct catalogue_sql_entries *entries;
    size_t n;
    int64_t page, pages;
    uint64_t chosen; /* facet bits that are asked for */
    int counts
        [FACET_OPTIONS]; /* entries there would be with this option, the other groups as chosen */
};

void catalogue_search(struct db *db, const struct catalogue_filter *filter,
                      struct catalogue_result *ret);

/* The facet bits of an entry. */
int64_t facets_of(struct str kind, struct str modality, int64_t minutes, int64_t audience,
                  int64_t mask);
/* Bit of an audience code, for programme.audience; 0 when unknown. */
int64_t audience_bit(struct str code);

#endif
