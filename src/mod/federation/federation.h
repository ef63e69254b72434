/* Sign-in through an institution, for other modules. */
#ifndef EDULAB_MOD_FEDERATION_H
#define EDULAB_MOD_FEDERATION_H

#include "module.h"

extern const struct module federation_module;

#endif
