/* Consents, for other modules. */
#ifndef EDULAB_MOD_PRIVACY_H
#define EDULAB_MOD_PRIVACY_H

#include "module.h"

/* In a transaction: did the person say yes to the present words of this purpose (purposes.c), and not take it back? */
bool privacy_consents(struct db *db, int64_t person_id, const char *purpose);

/* In a transaction: is nothing held about the person beside the account itself (`people`)? Who was only put on a list. */
bool privacy_is_untouched(struct db *db, int64_t person_id);

/* The records of all parts of the program, in the order of erasing: the account last. NULL behind the last. */
const struct privacy_source *const *privacy_sources(void);

/* At start, once: who knows the closed accounts that became a part of this one. What stayed with them is shown, handed over
 * and erased together with it. */
void privacy_add_aliases(size_t (*fn)(struct db *db, int64_t person_id, int64_t **ret));

extern const struct module privacy_module;

#endif
