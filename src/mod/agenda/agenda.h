/* The calendar: month, week, list; and each person's own address of theirs. */
#ifndef EDULAB_MOD_AGENDA_H
#define EDULAB_MOD_AGENDA_H

#include "module.h"

extern const struct module agenda_module;

#endif
