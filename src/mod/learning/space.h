/* Small helpers of the learner's pages. */
#ifndef EDULAB_MOD_LEARNING_SPACE_H
#define EDULAB_MOD_LEARNING_SPACE_H

#include "html/components.h"
#include "mod/learning/pages.h"

struct ui_step learning_step_of(struct page *pg, const struct learning_sql_my_steps *step,
                                bool now);
/* What other modules add to Mon espace (badges): see learning_add_extra(). */
void learning_extras(struct page *pg, struct request *r);

/* The nearest deadlines, from here and from other modules. */
enum { LEARNING_DEADLINES = 5 };
size_t learning_deadlines(struct request *r, struct learning_deadline **ret);

#endif
