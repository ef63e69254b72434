/* Competence frameworks: DigCompEdu, 22 competences in six areas with six levels, of which a set is a bit mask; and those
 * that staff bring in. */
#ifndef EDULAB_MOD_COMPETENCE_H
#define EDULAB_MOD_COMPETENCE_H

#include "module.h"

enum { COMPETENCE_AREAS = 6, COMPETENCES = 22, COMPETENCE_LEVELS = 6 };

struct competence {
    const char *code;        /* "4.2", "B1" */
    const char *name, *what; /* msgids */
};

extern const struct competence competence_areas[COMPETENCE_AREAS];
extern const struct competence competences[COMPETENCES];
extern const struct competence competence_levels[COMPETENCE_LEVELS];

/* What stored references call DigCompEdu. */
#define DIGCOMPEDU "digcompedu"

/* Position of "4.2", -1 when unknown. */
int competence_find(struct str code);
/* Which area (0..5) the i-th competence belongs to. */
int competence_area(int i);
/* The areas that a mask of competences touches, as a mask of areas. */
unsigned competence_areas_of(int64_t mask);
/* "1.3 · 6.1 · 6.4" */
struct str competence_codes(struct arena *a, int64_t mask);

/* --- frameworks that were brought in ------------------------------------------------------------------------- */

enum { FRAMEWORK_COMPETENCES = 200, FRAMEWORK_LEVELS = 10 };

struct framework_competence {
    struct str slug, framework; /* of the framework: its address, its title */
    struct str code, name, area;
    struct str levels; /* "A1|A2|B1", from the lowest; "" none */
};
/* Those of all frameworks, one after the other; in the arena. */
size_t framework_competences(struct db *db, struct framework_competence **ret);
/* The level-th of "A1|A2|B1", from 1; STR_NONE when there is no such level. */
struct str framework_level(struct str levels, int64_t level);
int64_t framework_level_count(struct str levels);

/* At start: how many parts of programmes refer to a framework. What is referred to cannot be taken away. */
void competence_set_use(int64_t (*fn)(struct db *db, struct str framework));

extern const struct module competence_module;

#endif
