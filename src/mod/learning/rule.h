/* When a module or an activity opens: a rule that people can read, stored as its text, parsed and judged here.
 *
 *   from 2027-01-15 and (done AP1 or mark "Mon quiz" >= 60) and group "Groupe A"
 *
 * Names are codes of modules, or titles in quotes; of the version that the person follows. The words may be French too (dès,
 * avant, terminé, note, groupe, et, ou). A rule that names what is no longer there is met: nobody is locked out by a slip of
 * the pen. Pure: no database. */
#ifndef EDULAB_MOD_LEARNING_RULE_H
#define EDULAB_MOD_LEARNING_RULE_H

#include "base/arena.h"

enum rule_op { RULE_ALL, RULE_ANY, RULE_FROM, RULE_UNTIL, RULE_DONE, RULE_MARK, RULE_GROUP };
enum { RULE_DEPTH = 8, RULE_TERMS = 40, RULE_TEXT = 1000 };

struct rule {
    enum rule_op op;
    struct str name;     /* of RULE_DONE, RULE_MARK, RULE_GROUP */
    int64_t number;      /* RULE_FROM, RULE_UNTIL: midnight in Brussels; RULE_MARK: percent */
    struct rule **parts; /* of RULE_ALL, RULE_ANY */
    size_t n;
};

/* False with a msgid for who wrote it, and where it stopped. */
bool rule_parse(struct arena *a, struct str text, struct rule **ret, const char **ret_problem,
                size_t *ret_at);
/* As it is stored: rule_parse() of it gives the same rule. */
struct str rule_write(struct arena *a, const struct rule *rule);

/* What a rule may ask about. */
struct rule_node {
    int64_t id;
    struct str code, title, slug; /* slug: of its module */
    bool done;
    int64_t percent; /* -1: not marked */
};
struct rule_facts {
    int64_t now;
    struct str group; /* STR_NONE: none */
    const struct rule_node *nodes;
    size_t n;
};

/* By code or title, letters' size aside; NULL. */
const struct rule_node *rule_find(const struct rule_facts *f, struct str name);
bool rule_met(const struct rule *rule, const struct rule_facts *f);

#endif
