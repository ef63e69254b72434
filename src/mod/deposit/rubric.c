/* Reading a rubric. */
#include "mod/deposit/rubric.h"

#include "html/lang.h"

static const char *read_line(struct str line, struct rubric *ret)
{
    if (ret->n == RUBRIC_MOST) return N_("A rubric has at most twelve criteria.");
    struct criterion *c = &ret->criteria[ret->n];
    c->title = str_trim(str_cut(&line, '|'));
    struct str points = str_trim(str_cut(&line, '|'));
    c->about = str_trim(line);
    if (!c->title.n || c->title.n > 200) return N_("A criterion needs a title.");
    if (!str_to_int(points, &c->points) || c->points < 1 || c->points > RUBRIC_POINTS)
        return N_("A criterion is written: title | points | what is looked at");
    ret->points += c->points;
    ret->n++;
    return NULL;
}

bool rubric_parse(struct str text, struct rubric *ret, const char **ret_problem, int *ret_line)
{
    ret->n = 0;
    ret->points = 0;
    *ret_line = 0;
    while (text.n) {
        struct str line = str_trim(str_cut(&text, '\n'));
        ++*ret_line;
        *ret_problem = line.n ? read_line(line, ret) : NULL;
        if (*ret_problem) return false;
    }
    return true;
}
