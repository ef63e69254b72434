/* Competence frameworks: for now DigCompEdu, 22 competences in six areas. A set of competences is a bit mask. */
#ifndef EDULAB_MOD_COMPETENCE_H
#define EDULAB_MOD_COMPETENCE_H

#include "module.h"

enum { COMPETENCE_AREAS = 6, COMPETENCES = 22 };

struct competence {
    const char *code;        /* "4.2" */
    const char *name, *what; /* msgids */
};

extern const struct competence competence_areas[COMPETENCE_AREAS];
extern const struct competence competences[COMPETENCES];

/* Position of "4.2", -1 when unknown. */
int competence_find(struct str code);
/* Which area (0..5) the i-th competence belongs to. */
int competence_area(int i);
/* The areas that a mask of competences touches, as a mask of areas. */
unsigned competence_areas_of(int64_t mask);
/* "1.3 · 6.1 · 6.4" */
struct str competence_codes(struct arena *a, int64_t mask);

extern const struct module competence_module;

#endif
