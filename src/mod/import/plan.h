/* What the files that make a plan share. */
#ifndef EDULAB_MOD_IMPORT_PLAN_H
#define EDULAB_MOD_IMPORT_PLAN_H

#include "mod/import/pages.h"

/* Something by its key, in a sorted list. */
struct import_entry {
    struct str key;
    size_t at; /* in the list it stands for */
};
struct import_index {
    struct import_entry *v;
    size_t n;
};
void import_index_add(struct import_index *index, struct str key, size_t at);
void import_index_sort(struct import_index *index);
/* The first with this key, and how many there are; NULL when none or the key is empty. */
const struct import_entry *import_index_find(const struct import_index *index, struct str key,
                                             size_t *ret_count);

struct import_planner {
    struct arena *arena;
    struct db *db;
    const struct import_text *text;
    struct import_plan *plan;
    int64_t now;
    bool (*tell)(void *context, int thousandths);
    void *context;
    /* what is known */
    struct import_sql_known_people *people;
    struct import_sql_known_organisations *organisations;
    struct import_sql_known_members *members;
    size_t people_count, organisation_count, member_count;
    struct import_index by_email, by_code, by_name;
};
/* Notes what is wrong with a line; its step is FATE_WRONG from now on. */
void import_wrong(struct import_planner *p, struct import_step *s, size_t field,
                  const char *problem);
/* The cell of a step. */
struct str import_cell(const struct import_planner *p, const struct import_step *s, size_t field);
/* Required cells that are empty are told; false when there was one. */
bool import_filled(struct import_planner *p, struct import_step *s);
/* An organisation by code, else by a name that only one has: its index, or SIZE_MAX with the code of the problem. */
size_t import_organisation_called(const struct import_planner *p, struct str typed,
                                  const char *unknown, const char **ret_problem);

/* tree.c */
void import_plan_organisations(struct import_planner *p);

#endif
