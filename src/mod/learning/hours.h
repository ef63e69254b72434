/* The ledger of hours, inside the module. What other modules call stands in learning.h. */
#ifndef EDULAB_MOD_LEARNING_HOURS_H
#define EDULAB_MOD_LEARNING_HOURS_H

#include "mod/competence/competence.h"
#include "mod/learning/pages.h"

/* "presence", …: what hours_entry.kind holds; and the msgid. */
const char *hours_kind_name(enum hours_kind kind);
const char *hours_kind_label(enum hours_kind kind);
/* The hue of the kind in figures. */
const char *hours_kind_hue(enum hours_kind kind);
const char *hours_origin_label(struct str origin);

/* What a person has proved in one programme. */
struct hours_sheet {
    int64_t person_id;
    struct str person_name;
    bool own; /* the person looks at their own: they may declare */
    struct learning_sql_hours_programmes *programmes;
    size_t programme_count;
    const struct learning_sql_hours_programmes *programme; /* the one shown; NULL: none */
    int64_t planned;                                       /* minutes */
    int64_t by_kind[HOURS_KINDS], by_area[COMPETENCE_AREAS], total;
    struct learning_sql_hours_rows *rows; /* the latest */
    size_t row_count;
    struct learning_sql_hours_modules *modules;
    size_t module_count;
};

struct hours_form {
    struct str slug; /* the programme's */
    int64_t id;      /* the learner's, for trainers */
    int64_t module, minutes, date;
    struct str sorte, note, cle;
};
extern const struct param hours_list_params[], hours_slug_params[], hours_declare_params[],
    hours_back_params[];
bool hours_may(struct request *r); /* who follows the person where they learn */
void hours_list_get(struct request *r);
void hours_csv_get(struct request *r);
void hours_declare_apply(struct request *r);
void hours_declare_form(struct request *r);
void hours_back_apply(struct request *r);

struct hours_back_form {
    int64_t id;
    struct str slug;
};

#endif
