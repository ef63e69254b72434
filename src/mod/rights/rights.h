/* Who may what, and who did what: pages over what access/ keeps. */
#ifndef EDULAB_MOD_RIGHTS_H
#define EDULAB_MOD_RIGHTS_H

#include "module.h"

extern const struct module rights_module;

#endif
