/* Programs of others: personal tokens, partners, the description of the API. */
#ifndef EDULAB_MOD_INTEROP_H
#define EDULAB_MOD_INTEROP_H

#include "module.h"

extern const struct module interop_module;

#endif
