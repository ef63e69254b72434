/* Files inside the program: made by tools/embed at build time, served from memory. */
#ifndef EDULAB_HTML_ASSET_H
#define EDULAB_HTML_ASSET_H

#include "base/str.h"

struct asset {
    const char *path; /* inside its folder, such as "app-1a2b3c4d.css" */
    const char *type; /* content type, with charset where it matters */
    struct str data;
    struct str gzip;  /* STR_NONE when it would not be smaller */
    const char *etag; /* with its quotes */
    bool immutable;   /* its name changes with its content: may be cached for ever */
};

/* Finds a path in what embed wrote (which is sorted by path). NULL when it is not there. */
const struct asset *asset_find(const struct asset *assets, size_t count, struct str path);

#endif
