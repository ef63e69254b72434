/* A rubric as it is written into an activity: one criterion a line, `title | points | what is looked at`. Pure. */
#ifndef EDULAB_MOD_DEPOSIT_RUBRIC_H
#define EDULAB_MOD_DEPOSIT_RUBRIC_H

#include "base/arena.h"

enum { RUBRIC_MOST = 12, RUBRIC_POINTS = 100 };

struct criterion {
    struct str title, about; /* about may be empty */
    int64_t points;          /* 1 … RUBRIC_POINTS */
};

struct rubric {
    struct criterion criteria[RUBRIC_MOST];
    size_t n;
    int64_t points; /* together */
};

/* False with a msgid for the first line that is wrong, from 1; empty lines are left out. */
bool rubric_parse(struct str text, struct rubric *ret, const char **ret_problem, int *ret_line);

#endif
