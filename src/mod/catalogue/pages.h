/* What the rows of catalogue.c point to, and what its templates show. */
#ifndef EDULAB_MOD_CATALOGUE_PAGES_H
#define EDULAB_MOD_CATALOGUE_PAGES_H

#include "mod/catalogue/goal.h"
#include "mod/catalogue/search.h"

struct catalogue_show {
    struct str slug;
};
extern const struct param catalogue_show_params[];

/* Everything a programme's page needs. */
struct catalogue_sheet {
    struct catalogue_sql_programme p;
    struct catalogue_sql_modules *modules;
    size_t module_count;
    struct catalogue_sql_parts *parts; /* the programme itself, then its units, in their order */
    size_t part_count;
    struct catalogue_sql_needs *needs;
    size_t need_count;
    struct goals goals;
    struct catalogue_sql_cohorts *cohorts;
    size_t cohort_count;
    struct catalogue_viewer viewer;
    struct str preview; /* "/gestion/formations/<id>": who writes it tries the page out; STR_NONE */
    int64_t remote, onsite, own, creation, total; /* minutes */
    int64_t needed, least_minutes;                /* by the rules */
};

bool catalogue_module_done(const struct catalogue_viewer *viewer, int64_t module_id);
/* The address of the list with another page, or with one option taken away (NULL: none). */
struct str catalogue_address(struct arena *a, const struct catalogue_filter *f, int64_t page,
                             const struct facet_option *without);

struct str catalogue_option_label(struct page *pg, const struct facet_option *o);

/* A module's code, or its number when it has none. */
struct str catalogue_module_code(struct arena *a, const struct catalogue_sheet *s, size_t i);
/* The codes of what must be done before a module: "AP1, AP2"; "" nothing. */
struct str catalogue_needs_text(struct arena *a, const struct catalogue_sheet *s,
                                int64_t module_id);

/* Must whoever completes the path have done it, where others are chosen? */
bool catalogue_is_obligatory(const struct catalogue_sheet *s,
                             const struct catalogue_sql_modules *m);
struct model_level;
/* The modules that stand at a level of a model: "AP1, AP2"; "" none. */
struct str catalogue_level_codes(struct arena *a, const struct catalogue_sheet *s,
                                 const struct model_level *level);

/* What a unit asks for, or the training of the modules that stand in none. */
struct catalogue_rule {
    struct str title; /* STR_NONE: of the training itself */
    int64_t needed, done, all;
    struct str still; /* obligatory ones that are not done: "MS7 Chef-d'œuvre" */
};

/* The map of a path, with its key; nothing for a training of fewer than two modules. */
void catalogue_map(struct page *pg, const struct catalogue_sheet *sheet);

/* The sections that later modules add. */
void catalogue_sections(struct page *pg, struct request *r, struct str programme_slug);

void catalogue_list_get(struct request *r);
void catalogue_list_api(struct request *r);
void catalogue_show_get(struct request *r);
void catalogue_preview_get(struct request *r);
extern const struct privacy_source catalogue_privacy[]; /* privacy.c */
bool catalogue_demo(struct demo *demo);

bool catalogue_year(struct demo *demo); /* year.c */

#endif
