/* The trainer's view: groups, who is where, who is stuck, a letter in one click. */
#ifndef EDULAB_MOD_LEARNING_FOLLOW_H
#define EDULAB_MOD_LEARNING_FOLLOW_H

#include "base/time.h"
#include "html/components.h"
#include "mod/learning/pages.h"

/* Nothing done for so long, and not at the end: somebody should ask. */
#define FOLLOW_STUCK_MS (14 * DAY_MS)
enum { FOLLOW_OWN = 6, FOLLOW_ROWS = 50, FOLLOW_PEOPLE = 500, FOLLOW_LETTERS = 200 };

struct follow_list_form {
    int64_t page;
    struct str q;
};
struct follow_list {
    struct learning_sql_groups *groups;
    size_t n;
    struct learning_sql_alone *alone;
    size_t alone_count;
    struct ui_pager pager;
    struct str q;
};

struct follow_form {
    int64_t id, personne;
    bool bloques;
    struct str texte;
};
struct follow_group {
    struct learning_sql_group group;
    struct learning_sql_members *members;
    size_t n, stuck, begun, done;
    int64_t steps; /* of the version */
    bool all;      /* who looks follows every group */
};
/* Who follows learners everywhere, in this group or in its programme, or trains in the group. */
bool follow_may(struct request *r);
/* In one of the groups where this person learns. */
bool follow_may_person(struct request *r, int64_t person_id);
/* In Mon espace, for who follows some groups and not all. */
void follow_in_my_space(struct page *pg, struct request *r);
extern const struct param follow_list_params[], follow_group_params[], follow_write_params[];
void follow_list_get(struct request *r);
void follow_group_get(struct request *r);
void follow_csv_get(struct request *r);
void follow_write_get(struct request *r);
void follow_write_apply(struct request *r);

bool follow_is_stuck(const struct learning_sql_members *m, int64_t steps, int64_t now);

#endif
