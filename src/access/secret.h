/* The secret of the data folder, from which each use has a key of its own. */
#ifndef EDULAB_ACCESS_SECRET_H
#define EDULAB_ACCESS_SECRET_H

#include "base/str.h"

/* 32 bytes. */
void secret_set(struct str secret);

#endif
