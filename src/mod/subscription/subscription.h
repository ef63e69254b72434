/* What people like and which channels they follow: nothing of it is needed elsewhere but the record. */
#ifndef EDULAB_MOD_SUBSCRIPTION_H
#define EDULAB_MOD_SUBSCRIPTION_H

#include "module.h"

extern const struct module subscription_module;

#endif
