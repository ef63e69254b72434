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
    GROUP_MONTH,
    GROUP_PLACE,
    GROUP_SUBJECT,
    GROUP_NETWORK,
    GROUP_LANGUAGE,
    GROUP_COMPETENCE,
    GROUP_LEVEL,
    GROUP_COUNT
};

/* The columns of catalogue_entry whose bits are options. */
enum facet_word { WORD_FACETS, WORD_COMPETENCES, WORD_MONTHS, WORD_PLACES, WORD_COUNT };

struct facet_group_row {
    const char *name;  /* of the parameter */
    const char *label; /* msgid */
    enum facet_word word;
    uint64_t bits; /* of all its options */
};
extern const struct facet_group_row facet_groups[GROUP_COUNT];

struct facet_option {
    enum facet_group group;
    struct str code;   /* in the address */
    const char *label; /* msgid; NULL: `name`, or for a month its code says it */
    struct str name;
    int bit; /* of the group's word */
};

enum { CATALOGUE_PAGE = 12, CATALOGUE_PLACES = 62 };

/* All options there are at that moment, group by group; their number. */
size_t facet_options(struct db *db, int64_t now, struct facet_option **ret);
/* Those of a group that never change, and the bit of its word where they begin. */
size_t facet_fixed(enum facet_group group, const struct facet_option **ret);
int facet_first(enum facet_group group);
/* The msgid of a fixed option. */
const char *facet_label(enum facet_group group, struct str code, const char *otherwise);

struct catalogue_filter {
    struct str q;
    struct str_list domaine, sorte, format, duree, pour, mois, lieu, matiere, reseau, langue,
        competence, niveau;
    struct str tri; /* "", "date" */
    int64_t page;
};
extern const struct param catalogue_filter_params[];
/* What is asked for of a group. */
const struct str_list *catalogue_asked(const struct catalogue_filter *f, enum facet_group group);

struct catalogue_result {
    size_t total;
    struct catalogue_sql_entries *entries;
    size_t n;
    int64_t page, pages;
    const struct facet_option *options;
    size_t option_count;
    int *counts;  /* entries there would be with this option, the other groups as chosen */
    bool *chosen; /* by option */
    bool tells[GROUP_COUNT]; /* one of its options would leave something out, or is chosen */
    bool any[GROUP_COUNT];   /* one of its options finds something, or is chosen */
    bool chose[GROUP_COUNT];
};

void catalogue_search(struct db *db, const struct catalogue_filter *filter, int64_t now,
                      struct catalogue_result *ret);

/* What an entry's facets say. subjects, networks, languages: 0 all. */
struct facet_facts {
    struct str kind, modality;
    int64_t minutes, audience, competences, subjects, networks, languages;
};
int64_t facets_of(const struct facet_facts *facts);
/* The bit of the month of that moment. */
int64_t facet_month(int64_t at);
/* Bits of codes, for programme_version's audience, networks and languages and programme_node.subjects; 0 when unknown. */
int64_t audience_bit(struct str code);
int64_t subject_bit(struct str code);
int64_t network_bit(struct str code);
int64_t language_bit(struct str code);

extern const struct job_kind catalogue_jobs[]; /* index.c */
extern const struct schedule catalogue_schedules[];

#endif
