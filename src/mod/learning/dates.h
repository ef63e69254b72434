/* Places on the dates of single modules: a date is a cohort of one module, and who follows its programme chooses one. */
#ifndef EDULAB_MOD_LEARNING_DATES_H
#define EDULAB_MOD_LEARNING_DATES_H

#include "html/components.h"
#include "mod/learning/enrolment.h"

/* --- the rules (in a transaction) ---------------------------------------------------------------------------------- */

enum date_taken {
    DATE_CONFIRMED,
    DATE_WAITING, /* in line */
    DATE_ALREADY, /* they have one, or wait */
    DATE_CLOSED,  /* it has begun, is not open yet, or is cancelled */
};
/* A place, or the end of the line. What they had on another date of the same module goes back. The caller has looked that
 * they follow the programme. */
enum date_taken date_take(struct db *db, int64_t person_id, const struct cohort *date, int64_t now);
/* Gives it back; the next in line gets it. False when they had none. */
bool date_leave(struct db *db, int64_t person_id, int64_t cohort_id, int64_t now);
/* All that is to come, of one programme or (0) of all: who leaves it, or us. quiet: without a letter. */
void date_leave_all(struct db *db, int64_t person_id, int64_t programme_id, bool quiet,
                    int64_t now);
/* The date does not take place: everybody is told. */
void date_cancelled(struct db *db, int64_t cohort_id, int64_t now);
/* Places that came free by themselves, since staff made room. Twice does nothing more. */
void date_tidy(struct db *db, int64_t now);

/* The letter about it, written by a job. */
#define DATE_LETTER "learning.date"
bool date_letter(struct db *db, struct job *job);

/* --- pages --------------------------------------------------------------------------------------------------------- */

struct date_form {
    int64_t id;
    struct str acte; /* prendre, rendre */
    bool sais;       /* knows of the clash */
};
extern const struct param date_id_params[], date_act_params[];

struct date_sheet {
    struct cohort date;
    struct str module_title, module_slug;
    struct learning_sql_date mine; /* cohort_id 0: nothing */
    enrolment_clash *clashes;
    size_t clash_count;
};
void date_get(struct request *r);
void date_apply(struct request *r);

/* Can one take a place now? */
bool date_is_open(const struct learning_sql_dates *d, int64_t now);

#endif
