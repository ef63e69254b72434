/* Attendance, for other modules: nothing but the record. Hours go into learning's ledger. */
#ifndef EDULAB_MOD_ATTENDANCE_H
#define EDULAB_MOD_ATTENDANCE_H

#include "module.h"

extern const struct module attendance_module;

#endif
