/* Everyone the centre knows, for staff. */
#ifndef EDULAB_MOD_DIRECTORY_H
#define EDULAB_MOD_DIRECTORY_H

#include "module.h"

extern const struct module directory_module;

#endif
