/* Work that is handed in: a kind of activity. */
#ifndef EDULAB_MOD_DEPOSIT_H
#define EDULAB_MOD_DEPOSIT_H

#include "module.h"

extern const struct module deposit_module;

#endif
