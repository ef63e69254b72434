/* Handing a file that somebody gave us to whoever may have it. */
#ifndef EDULAB_MEDIA_GIVE_H
#define EDULAB_MEDIA_GIVE_H

#include "http/http.h"

struct given_file {
    struct str blob, name, type; /* type: as its bytes say */
};
/* Answers with the file. What browsers may show by themselves is shown, closed off from the site by a policy of its own; the
 * rest is handed over as a file. immutable: it may be kept for a year by whoever got it, and on the way. */
void give_file(struct request *r, const struct given_file *file, bool immutable);

/* What a form with a file brought, once it is stored. */
struct taken_file {
    struct str blob, name, type;
    int64_t size;
};
/* On a worker: stores the bytes and looks at them. False: said beside the field, or the request failed. */
bool take_file(struct request *r, const char *field, const struct upload *file,
               struct taken_file *ret);

#endif
