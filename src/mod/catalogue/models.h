/* Models of how digital means are integrated: SAMR (Puentedura), ASPID (Karsenti), TPACK (Mishra and Koehler). A module says
 * where it stands in each; '' not said. */
#ifndef EDULAB_MOD_CATALOGUE_MODELS_H
#define EDULAB_MOD_CATALOGUE_MODELS_H

#include "module.h"

struct model_level {
    const char *code;
    const char *name, *what; /* msgids */
    const char *question;    /* msgid: what one asks oneself; NULL for TPACK */
};

enum { SAMR_LEVELS = 4, ASPID_LEVELS = 5, TPACK_LEVELS = 7 };
extern const struct model_level samr_levels[SAMR_LEVELS], aspid_levels[ASPID_LEVELS],
    tpack_levels[TPACK_LEVELS];

/* NULL when the code says nothing. */
const struct model_level *model_level(const struct model_level *levels, size_t n, struct str code);
/* The domain where these kinds of knowledge meet: "TPK"; '' none of them. */
struct str tpack_code(bool technology, bool pedagogy, bool content);
/* Does the domain hold 'T', 'P' or 'C'? */
bool tpack_holds(struct str code, char set);

struct catalogue_model {
    const char *name, *about; /* about: a msgid, what the model asks */
    const struct model_level *levels;
    size_t n;
};
extern const struct catalogue_model catalogue_model_list[3];

/* Where something stands in each model that says something of it; returns how many do. */
struct model_place {
    const char *model; /* "SAMR" */
    const struct model_level *level;
};
size_t model_places(struct str samr, struct str aspid, struct str tpack, struct model_place ret[3]);

#endif
