/* Consents, for other modules. */
#ifndef EDULAB_MOD_PRIVACY_H
#define EDULAB_MOD_PRIVACY_H

#include "module.h"

/* In a transaction: did the person say yes to the present words of this purpose (purposes.c), and not take it back? */
bool privacy_consents(struct db *db, int64_t person_id, const char *purpose);

/* In a transaction: is nothing held about the person beside the account itself (`people`)? Who was only put on a list. */
bool privacy_is_untouched(struct db *db, int64_t person_id);

/* In a transaction: puts a report that something of the site stands in the way into the queue. */
void privacy_report_obstacle(struct request *r, struct str name, struct str email, struct str page,
                             struct str text);

extern const struct module privacy_module;

#endif
