/* What kind of bytes a file holds, by the program file(1) in the sandbox: libmagic reads hostile input, so it does not
 * run inside the server. */
#ifndef EDULAB_MEDIA_SNIFF_H
#define EDULAB_MEDIA_SNIFF_H

#include "base/arena.h"

/* "video/mp4", … ; "application/octet-stream" when it cannot be told. Some 20 ms. */
struct str sniff_type(struct arena *arena, struct str path);

#endif
