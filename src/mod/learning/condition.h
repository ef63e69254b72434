/* What a person still has to do before a module or an activity opens. */
#ifndef EDULAB_MOD_LEARNING_CONDITION_H
#define EDULAB_MOD_LEARNING_CONDITION_H

#include "mod/learning/pages.h"
#include "mod/learning/rule.h"

/* One version as one person stands in it. */
struct condition_set {
    struct rule_facts facts;
    struct learning_sql_rule_facts *rows; /* modules and activities in their order */
    size_t n;
    struct learning_sql_all_needs *needs;
    size_t need_count;
};

void condition_load(struct db *db, int64_t person_id, int64_t programme_id, int64_t version_id,
                    int64_t now, struct condition_set *ret);
/* Rule and prerequisites of rows[i], not those of what it stands in; NULL when there is nothing. */
struct rule *condition_of(struct arena *a, const struct condition_set *set, size_t i);
/* The part of it that is not met; NULL: it is open. With `module`, of the module that the activity stands in, too. */
struct rule *condition_missing(struct arena *a, const struct condition_set *set, int64_t node_id,
                               bool module);

/* A whole programme as one person stands in it. */
struct learning_path_sheet {
    struct catalogue_programme programme;
    struct condition_set set;
    const struct rule **missing;    /* for each row of the set; NULL: open */
    struct catalogue_viewer viewer; /* for its map */
    int64_t done, modules;
};

#endif
