/* A school enrols its people: the contact's page, replacing one by another; the staff's list of a group. */
#ifndef EDULAB_MOD_LEARNING_GROUP_H
#define EDULAB_MOD_LEARNING_GROUP_H

#include "mod/learning/enrol.h"

enum { TEAM_SHOWN = 100, TEAM_AT_ONCE = 200 };

struct group_form {
    int64_t id; /* an enrolment, or a group */
    int64_t organisation, groupe;
    struct str_list personnes;
    struct str adresses;
    bool malgre; /* also those who are expected elsewhere at the same time */
    int64_t par;
    struct str adresse, mot, acte, etat;
};
extern const struct param group_team_params[], group_enrol_params[], group_id_params[],
    group_replace_params[], group_act_params[], group_list_params[];

struct group_team {
    struct organisation *mine; /* of which one may enrol people */
    size_t mine_count;
    const struct organisation *chosen; /* NULL: of none */
    struct learning_sql_team *people;
    size_t people_count;
    struct learning_sql_open_groups *groups;
    size_t group_count;
    struct learning_sql_team_enrolments *rows;
    size_t n;
};

/* What became of one line. */
struct group_line {
    struct str who;
    enum { GROUP_DONE, GROUP_STRANGER, GROUP_CLASH } kind;
    enum learning_enrolled became; /* GROUP_DONE */
    enrolment_clash clash;         /* GROUP_CLASH: the first */
};
struct group_result {
    struct group_line *lines;
    size_t n, in, clashes;
    struct cohort cohort;
    const struct group_form *form;
};

struct group_replacement {
    enrolment_row e;
    struct str name, title, label;
    struct learning_sql_team *people;
    size_t people_count;
    struct str back; /* where one came from */
};

/* The staff's list of one group. */
struct group_list {
    struct cohort cohort;
    struct learning_sql_listed *rows;
    size_t n;
    struct cohort_question *questions;
    size_t question_count;
    struct learning_sql_list_answers *answers;
    size_t answer_count;
    int64_t counts[ENROLMENT_STATES];
    enum enrolment_state shown; /* NONE: all */
};
/* The answer of one person to one question; STR_NONE: none. */
struct str group_answer(const struct group_list *l, int64_t enrolment_id, int64_t question_id);
/* Does an answer that is required miss, while it still matters? */
bool group_to_complete(const struct group_list *l, const struct learning_sql_listed *e);

void group_team_get(struct request *r);
void group_enrol_apply(struct request *r);
void group_replace_get(struct request *r);
void group_replace_apply(struct request *r);
void group_cancel_apply(struct request *r);
bool group_may_plan(struct request *r);
void group_list_get(struct request *r);
void group_csv_get(struct request *r);
void group_act_apply(struct request *r);

#endif
