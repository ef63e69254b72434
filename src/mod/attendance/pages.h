/* What the rows of attendance.c point to, and what the templates show. */
#ifndef EDULAB_MOD_ATTENDANCE_PAGES_H
#define EDULAB_MOD_ATTENDANCE_PAGES_H

#include "html/components.h"
#include "mod/attendance/mark.h"
#include "mod/learning/learning.h"

enum {
    ATTENDANCE_PEOPLE = 500,
    ATTENDANCE_MEETINGS = 60,
    ATTENDANCE_MINE = 300,
    ATTENDANCE_REASON = 300
};

/* Of all these pages; each row reads what it needs. */
struct attendance_form {
    int64_t id;      /* a meeting, or a group */
    int64_t seance;  /* a half-day */
    struct str code; /* typed, or read by a camera */
    bool ligne;      /* takes part on line */
    struct str_list
        marques; /* "<person>.<state>", "<person>.late.<minutes missed>", "<person>.present.live" */
    int64_t vus; /* the last word that the list showed */
    bool reste;  /* all others were there */
    bool tous;   /* the meetings of all, not only those where one trains */
    struct str motif;
};
extern const struct param attendance_sign_params[], attendance_id_params[],
    attendance_list_params[], attendance_save_params[], attendance_meetings_params[];

/* --- signing --- */
struct attendance_sign {
    const attendance_half *halves; /* that can be signed now */
    size_t n;
    attendance_mark *marks;        /* of each, state "" without one */
    const attendance_half *chosen; /* NULL: one can choose, or there is none */
    const attendance_mark *mark;   /* of the chosen one */
};
void attendance_sign_get(struct request *r);
void attendance_sign_prepare(struct request *r);
void attendance_sign_apply(struct request *r);
void attendance_extra(struct page *pg, struct request *r);

struct attendance_mine {
    struct attendance_sql_my_groups *groups;
    size_t group_count;
    struct attendance_sql_held *marks;
    size_t n;
};
void attendance_mine_get(struct request *r);

/* --- the list of who trains --- */
struct attendance_meetings {
    struct attendance_sql_meetings *today, *past, *coming;
    size_t today_count, past_count, coming_count;
    bool all;
};
struct attendance_line {
    int64_t person_id;
    struct str name;
    attendance_mark mark; /* state "" without one */
};
struct attendance_list {
    attendance_half half;
    const attendance_half *halves; /* of the meeting */
    size_t half_count;
    struct attendance_line *lines;
    size_t n, counts[ATTENDANCE_STATES];
    int64_t last; /* the newest word */
    struct attendance_sql_history *history;
    size_t history_count;
    struct str code, address; /* on the screen */
};
bool attendance_may_half(struct request *r); /* who trains there, follows learners or plans */
bool attendance_may_group(struct request *r);
void attendance_meetings_get(struct request *r);
void attendance_meeting_get(struct request *r);
void attendance_list_get(struct request *r);
void attendance_save_apply(struct request *r);
void attendance_code_get(struct request *r);

/* --- a whole group --- */
struct attendance_group {
    struct cohort cohort;
    struct cohort_half *halves;
    size_t half_count;
    struct attendance_line *people; /* mark not used */
    size_t n;
    const attendance_mark **cells; /* person by person, half by half; NULL: no word */
    int64_t *minutes;              /* of each person */
    size_t *attended;
};
/* False when there is no such group. */
bool attendance_load_group(struct request *r, int64_t cohort_id, struct attendance_group *ret);
/* Who holds a place: of a group those enrolled in it, of a date of one module those who took one. */
size_t attendance_expected(struct db *db, int64_t cohort_id, struct attendance_sql_expected **ret);
void attendance_group_get(struct request *r);
void attendance_csv_get(struct request *r);

/* --- on paper: paper.c --- */
void attendance_sheet_prepare(struct request *r);
void attendance_proofs_prepare(struct request *r);
void attendance_proof_prepare(struct request *r);

/* What people read for a half-day. */
struct str attendance_title(const attendance_half *half);

extern const struct privacy_source attendance_privacy[]; /* privacy.c */
bool attendance_demo(struct demo *demo);                 /* demo.c */
bool attendance_year(struct demo *demo);                 /* year.c */

#endif
