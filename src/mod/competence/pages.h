/* What the rows of competence.c point to, and what its templates show. */
#ifndef EDULAB_MOD_COMPETENCE_PAGES_H
#define EDULAB_MOD_COMPETENCE_PAGES_H

#include "competence_sql.h"
#include "mod/competence/competence.h"

enum { FRAMEWORK_TEXT = 60000, FRAMEWORKS_MOST = 30 };

struct framework_form {
    struct str slug, titre, source, texte;
    struct upload fichier;
};
extern const struct param framework_check_params[], framework_add_params[], framework_slug_params[];

/* A file as it was read. */
struct framework_line {
    size_t line;
    struct str code, name, area, levels;
    const char *problem; /* msgid; NULL: good */
};
struct framework_draft {
    struct str text;     /* UTF-8, to be sent again */
    const char *problem; /* of the file as a whole; NULL: it could be read */
    struct framework_line *lines;
    size_t n, wrong;
};
void framework_read(struct arena *a, struct str raw, struct framework_draft *ret);

void framework_list_get(struct request *r);
void framework_check_apply(struct request *r);
void framework_add_apply(struct request *r);
void framework_remove_apply(struct request *r);
void framework_show_get(struct request *r);
bool framework_demo(struct demo *demo);

#endif
