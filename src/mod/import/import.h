/* People, organisations and memberships from files. */
#ifndef EDULAB_MOD_IMPORT_H
#define EDULAB_MOD_IMPORT_H

#include "module.h"

extern const struct module import_module;

#endif
