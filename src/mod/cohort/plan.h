/* Planning: the staff's pages about groups, their meetings and the rooms. */
#ifndef EDULAB_MOD_COHORT_PLAN_H
#define EDULAB_MOD_COHORT_PLAN_H

#include "html/components.h"
#include "mod/cohort/pages.h"

enum { PLAN_ROWS = 50, PLAN_NETWORKS = 10, PLAN_SERIES = 40, PLAN_TRAINERS = 12 };

/* Of all these pages; each row reads what it needs. */
struct plan_form {
    int64_t id; /* a group, or a meeting */
    struct str q;
    int64_t page;
    struct str programme, nom, lieu, note, questions;
    int64_t du, au, places, ouvre, ferme, heures;
    bool accord;
    int64_t quota[PLAN_NETWORKS]; /* of the networks in their order; 0 none */
    /* a meeting */
    int64_t module, jour, salle, fois, tous;
    struct str titre, mode, de, a, endroit, lien;
    struct str_list formateurs;
    bool malgre; /* go on although something stands against it */
};
extern const struct param plan_list_params[], plan_id_params[], plan_choose_params[],
    plan_new_params[], plan_change_params[], plan_meeting_params[], plan_room_params[];

struct plan_list {
    struct cohort_sql_planned_list *rows;
    size_t n;
    struct ui_pager pager;
    struct str q;
};

struct plan_new {
    struct plan_form *form;
    struct cohort_sql_plannable *programmes;
    size_t programme_count;
    struct cohort_sql_modules_of *modules; /* of the programme that is chosen */
    size_t module_count;
    struct cohort_sql_networks *networks;
    size_t network_count;
};

struct plan_sheet {
    struct cohort cohort;
    const struct plan_form *form;
    struct cohort_meeting *meetings;
    size_t meeting_count;
    struct cohort_trainer *trainers; /* of the meetings */
    size_t trainer_count;
    struct cohort_clash **clashes; /* of each meeting */
    size_t *clash_counts;
    struct cohort_sql_networks *networks;
    size_t network_count;
    int64_t quotas[PLAN_NETWORKS];
    struct str questions; /* as typed: one a line */
};

/* The form of a meeting: a new one, or one that is changed. */
struct plan_meeting {
    struct cohort cohort;
    int64_t meeting_id; /* 0: a new one */
    struct plan_form *form;
    struct cohort_sql_modules_of *modules;
    size_t module_count;
    struct cohort_sql_rooms *rooms;
    size_t room_count;
    struct cohort_sql_can_train *people;
    size_t people_count;
    struct cohort_clash *clashes; /* what stands against what was typed */
    size_t clash_count;
};

/* One question a line: "* Label : choice ; choice". */
struct str plan_questions_text(struct db *db, int64_t cohort_id);
/* Keeps what stands there still, takes off what is gone, adds what is new. */
void plan_set_questions(struct db *db, int64_t cohort_id, struct str text, int64_t now);

/* "2027-01-31", as <input type="date"> wants it; "" for DB_NULL. */
struct str plan_day(struct arena *a, int64_t day);

bool plan_may(struct request *r);         /* this group */
bool plan_may_meeting(struct request *r); /* the group of this meeting */
void plan_list_get(struct request *r);
void plan_new_get(struct request *r);
void plan_new_apply(struct request *r);
void plan_show_get(struct request *r);
void plan_change_apply(struct request *r);
void plan_cancel_apply(struct request *r);
void plan_add_get(struct request *r);
void plan_add_apply(struct request *r);
void plan_meeting_get(struct request *r);
void plan_meeting_apply(struct request *r);
void plan_meeting_cancel_apply(struct request *r);
void plan_rooms_get(struct request *r);
void plan_room_apply(struct request *r);

extern const struct route cohort_routes[];
extern const struct notice cohort_notices[];
extern const struct menu_entry cohort_menu[];

#endif
