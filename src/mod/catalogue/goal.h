/* What a programme and its modules aim at: competences with the level they lead to, of DigCompEdu and of frameworks that were
 * brought in. Inside the module only. Of DigCompEdu `programme_node.competences` says which (bits that the catalogue counts
 * and searches by), programme_target only the level; of other frameworks programme_target says both. */
#ifndef EDULAB_MOD_CATALOGUE_GOAL_H
#define EDULAB_MOD_CATALOGUE_GOAL_H

#include "catalogue_sql.h"
#include "mod/competence/competence.h"
#include "html/html.h"

/* Those of a whole version, framework by framework. */
struct goals {
    struct catalogue_sql_targets *rows;
    size_t n;
};
void goals_load(struct db *db, int64_t version, struct goals *ret);

enum { GOALS_OF_ALL = 0 }; /* instead of a node: the highest level that any part leads to */

/* 1 … 6 of the i-th competence of DigCompEdu; 0 not said. */
int64_t goal_level(const struct goals *g, int64_t node, int competence);
/* "1.1 B1 · 2.3": those of DigCompEdu. */
struct str goal_codes(struct arena *a, const struct goals *g, int64_t node, int64_t mask);
/* The same with those of other frameworks behind, for what differs between versions. */
struct str goal_text(struct arena *a, const struct goals *g, int64_t node, int64_t mask);
/* Those of other frameworks, each once, with the highest level; by framework. */
size_t goal_others(struct arena *a, const struct goals *g, int64_t node,
                   struct catalogue_sql_targets **ret);

/* "digcompedu/4.2/3" as the editor's form sends it. */
struct str goal_value(struct arena *a, struct str framework, struct str code, int64_t level);
/* False when it is not such a text. */
bool goal_parse(struct str value, struct str *ret_framework, struct str *ret_code,
                int64_t *ret_level);

#endif
