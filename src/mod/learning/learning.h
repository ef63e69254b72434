/* Learning, for other modules. */
#ifndef EDULAB_MOD_LEARNING_H
#define EDULAB_MOD_LEARNING_H

#include "module.h"

enum learning_enrolled { LEARNING_CONFIRMED, LEARNING_WAITING, LEARNING_ALREADY, LEARNING_CLOSED };

/* In a transaction: enrols the person, or puts them on the waiting list when the next cohort is full. */
enum learning_enrolled learning_enrol(struct db *db, int64_t person_id, int64_t programme_id,
                                      int64_t now);
/* In a transaction: the activity is done; completes module and programme when that was the last missing piece. False
 * when there is no such activity. */
bool learning_complete(struct db *db, int64_t person_id, int64_t activity_id, int64_t now);

/* At start: a section below Mon espace, written by a later module. */
void learning_add_extra(void (*fn)(struct page *pg, struct request *r));

extern const struct module learning_module;

#endif
