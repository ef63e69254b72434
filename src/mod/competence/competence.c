/* Looking competences up by code. */
#include "mod/competence/competence.h"

int competence_find(struct str code)
{
    for (int i = 0; i < COMPETENCES; i++)
        if (str_is(code, competences[i].code)) return i;
    return -1;
}

int competence_area(int i)
{
    return competences[i].code[0] - '1';
}

unsigned competence_areas_of(int64_t mask)
{
    unsigned areas = 0;
    for (int i = 0; i < COMPETENCES; i++)
        if (mask >> i & 1) areas |= 1u << competence_area(i);
    return areas;
}

struct str competence_codes(struct arena *a, int64_t mask)
{
    struct buf b = BUF_INIT(256);
    for (int i = 0; i < COMPETENCES; i++) {
        if (!(mask >> i & 1)) continue;
        if (b.n) buf_lit(&b, " · ");
        buf_str(&b, str_from(competences[i].code));
    }
    struct str codes = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return codes;
}

const struct module competence_module = { .name = "competence" };
