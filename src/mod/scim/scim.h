/* SCIM 2.0: an organisation's directory brings its people in and withdraws them. Nothing calls it. */
#ifndef EDULAB_MOD_SCIM_H
#define EDULAB_MOD_SCIM_H

#include "module.h"

extern const struct module scim_module;

#endif
