/* What we ask a yes for, each by itself. The words are here and not among the translations: what somebody agreed to must be
 * kept to the letter. */
#ifndef EDULAB_MOD_PRIVACY_PURPOSES_H
#define EDULAB_MOD_PRIVACY_PURPOSES_H

#include "html/lang.h"

struct purpose {
    const char *code; /* NULL ends the table */
    int version;      /* rises with every change of the words: everybody is asked again */
    const char *title[LANG_COUNT];
    const char *text[LANG_COUNT];
    const char *sha256
        [LANG_COUNT]; /* of the text: purposes_test.c refuses words that changed under their version */
};
extern const struct purpose purposes[];

/* NULL for an unknown code. */
const struct purpose *purpose_find(struct str code);

#endif
