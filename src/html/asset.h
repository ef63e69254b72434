/* A file built into the program by tools/embed. */
#ifndef EDULAB_HTML_ASSET_H
#define EDULAB_HTML_ASSET_H

#include "base/str.h"

struct asset {
    const char *path; /* relative, such as "assets/app-1a2b3c.css" */
    const char *type; /* Content-Type */
    struct str data;
    struct str gzip; /* .n == 0: not worth it */
    const char *etag;
    bool immutable; /* its name holds a hash of its content */
};

#endif
