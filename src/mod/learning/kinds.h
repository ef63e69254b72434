/* The kinds of activity that this module brings, and the little each needs beside. */
#ifndef EDULAB_MOD_LEARNING_KINDS_H
#define EDULAB_MOD_LEARNING_KINDS_H

#include "mod/catalogue/catalogue.h"
#include "mod/learning/pages.h"

void kinds_start(void);
/* A field's value in a view. */
struct str kind_value(struct page *pg, const struct activity_view *v, const char *name);
/* "https://host" of an address to be framed; STR_NONE when it is not plainly one. */
struct str kind_origin(struct arena *a, struct str address);

/* The file that a field names by its id. */
bool material_find(struct db *db, struct str id, struct learning_sql_materials *ret);
struct str material_href(struct arena *a, const struct learning_sql_materials *m);

struct material_form {
    int64_t id;
    struct upload fichier;
};
extern const struct param material_show_params[], material_add_params[];
enum { MATERIAL_MOST = 16 * 1024 * 1024, MATERIALS_SHOWN = 200 };
void material_list_get(struct request *r);
void material_show_get(struct request *r);
void material_add_prepare(struct request *r);
void material_add_apply(struct request *r);
void material_start(void);

struct post_form {
    int64_t id;
    struct str body;
};
extern const struct param post_add_params[], post_id_params[];
void post_add_apply(struct request *r);
void post_add_form(struct request *r);
void post_remove_apply(struct request *r);

#endif
