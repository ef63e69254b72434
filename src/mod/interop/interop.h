/* Programs of others: personal tokens, partners, the description of the API. */
#ifndef EDULAB_MOD_INTEROP_H
#define EDULAB_MOD_INTEROP_H

#include "module.h"

/* At start: a part of the page of a partner's program, written by a later module. permissions: those the program has. */
void interop_add_partner_part(void (*fn)(struct page *pg, struct request *r, int64_t client_id,
                                         int64_t organisation_id, uint64_t permissions));

extern const struct module interop_module;

#endif
