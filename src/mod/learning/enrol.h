/* The pages about enrolments: asking, answering, leaving; the head's agreement. */
#ifndef EDULAB_MOD_LEARNING_ENROL_H
#define EDULAB_MOD_LEARNING_ENROL_H

#include "base/time.h"
#include "html/components.h"
#include "mod/learning/enrolment.h"

/* Of all these pages; each row reads what it needs. */
struct enrol_form {
    struct str slug;
    int64_t id;
    int64_t groupe, ecole;
    bool sais; /* knows of the clash */
    struct str r[COHORT_QUESTIONS];
    struct str acte, mot;
};
extern const struct param enrol_ask_params[], enrol_slug_params[], enrol_answer_params[],
    enrol_agree_params[], enrol_questions_params[];

/* What can be chosen, and what is asked. */
struct enrol_sheet {
    struct catalogue_programme p;
    struct enrolment_door door;
    struct cohort_question *questions;
    size_t question_count;
    enrolment_clash *clashes;
    size_t clash_count;
    bool agreed;
};

struct enrol_mine {
    struct learning_sql_my_enrolments *rows;
    size_t n;
    enrolment_clash **clashes; /* of each row, when a place is kept */
    size_t *clash_counts;
    int64_t refused; /* the one whose answer was not taken */
};

/* The questions of a group to somebody who is enrolled already: by their school, or who answers anew. */
struct enrol_questions {
    struct str programme, label; /* titles */
    int64_t enrolment_id;
    struct cohort_question *questions;
    size_t n;
};

struct enrol_requests {
    struct learning_sql_to_approve *rows;
    struct learning_sql_answers **answers; /* of each row */
    size_t *answer_counts;
    size_t n;
};

void enrol_ask_get(struct request *r);
void enrol_ask_apply(struct request *r);
void enrol_ask_api(struct request *r);
void enrol_leave_apply(struct request *r);
void enrol_mine_get(struct request *r);
void enrol_mine_api(struct request *r);
void enrol_groups_api(struct request *r);
void enrol_answer_apply(struct request *r);
void enrol_undo_apply(struct request *r);
void enrol_questions_get(struct request *r);
void enrol_questions_apply(struct request *r);
void enrol_requests_get(struct request *r);
void enrol_agree_apply(struct request *r);
/* How many requests wait for the word of who asks. */
size_t enrol_to_approve(struct request *r, struct learning_sql_to_approve **ret);
/* For the catalogue: can one enrol now, and is there more to say than "yes"? */
void enrol_door(struct db *db, int64_t programme_id, int64_t now, bool *ret_closed, bool *ret_asks);

extern const struct api enrol_ask_answer, enrol_mine_answer, enrol_groups_answer;

#endif
