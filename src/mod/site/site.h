/* The house: home, errors, health, staff. */
#ifndef EDULAB_MOD_SITE_H
#define EDULAB_MOD_SITE_H

#include "module.h"

/* For http_options. */
void site_error_page(struct page *pg, int status, struct str message, struct str request_id);

extern const struct module site_module;

#endif
