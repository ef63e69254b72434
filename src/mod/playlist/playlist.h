/* Lists of videos of one's own: nothing of them is needed elsewhere but the record. */
#ifndef EDULAB_MOD_PLAYLIST_H
#define EDULAB_MOD_PLAYLIST_H

#include "module.h"

extern const struct module playlist_module;

#endif
