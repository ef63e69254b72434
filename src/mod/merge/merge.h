/* Two accounts, or two organisations, that are one. */
#ifndef EDULAB_MOD_MERGE_H
#define EDULAB_MOD_MERGE_H

#include "module.h"

extern const struct module merge_module;

#endif
