/* A programme is edited as a draft and published as a version. Inside the module only. In a transaction, all of it. */
#ifndef EDULAB_MOD_CATALOGUE_VERSION_H
#define EDULAB_MOD_CATALOGUE_VERSION_H

#include "mod/catalogue/goal.h"
#include "mod/catalogue/catalogue.h"

enum level { LEVEL_PROGRAMME, LEVEL_UNIT, LEVEL_MODULE, LEVEL_ACTIVITY, LEVEL_COUNT };

/* More would be a book; the door refuses them. */
enum { OUTLINE_NODES = 400 };

/* A version's tree, parents before children. Rows that were removed stand in it too, until the draft is published. */
struct outline {
    int64_t version;
    struct catalogue_sql_nodes *nodes;
    size_t n;
    struct goals goals; /* only where differences are looked for */
};

void outline_load(struct db *db, int64_t version, struct outline *ret);
/* NULL when it is not there. */
struct catalogue_sql_nodes *outline_find(const struct outline *o, int64_t node_id);
/* One past the last node below nodes[i]. */
size_t outline_end(const struct outline *o, size_t i);

/* A node with nothing said yet. */
struct catalogue_sql_add_node_in node_blank(int64_t version, enum level level, int64_t parent_id,
                                            struct str title, int64_t now);

/* --- editing: all of it on a draft ------------------------------------------------------------------------------- */

/* The programme's draft; made as a copy of what is published when there is none. 0 on failure. */
int64_t draft_open(struct db *db, int64_t programme_id, int64_t by, int64_t now);
/* The draft becomes a copy of this version; what was in it is lost. */
int64_t draft_restore(struct db *db, int64_t programme_id,
                      const struct catalogue_sql_version *source, int64_t by, int64_t now);
void draft_drop(struct db *db, int64_t draft);

/* Adds a node at the end of its parent and gives its id; 0 when there are too many, or it may not stand there. A module's
 * address is made of its programme's and its own name. */
int64_t draft_add(struct db *db, int64_t draft, struct str programme_slug,
                  struct catalogue_sql_add_node_in *node);
/* One place up (by = -1) or down (+1) among those beside it; false at the end. */
bool draft_step(struct db *db, int64_t draft, int64_t node_id, int by);
/* To the end of another parent; false when it may not stand there. */
bool draft_move(struct db *db, int64_t draft, int64_t node_id, int64_t parent_id);
/* With all below it. */
bool draft_remove(struct db *db, int64_t draft, int64_t node_id, int64_t now);
bool draft_put_back(struct db *db, int64_t draft, int64_t node_id);
/* May a node of this level stand below one of that? */
bool level_fits(int64_t level, int64_t parent_level);

/* The draft becomes the next version and what the catalogue shows; returns its number. */
int64_t draft_publish(struct db *db, int64_t draft, struct str note, int64_t by, int64_t now);

/* A new programme, with an empty draft; 0 when the address is taken. */
int64_t programme_create(struct db *db, struct str slug, struct str kind, struct str area,
                         struct str title, bool sample, int64_t by, int64_t now,
                         int64_t *ret_draft);
/* All of a version's nodes below the draft's root, as new ones. */
void draft_fill(struct db *db, int64_t draft, int64_t source, struct str programme_slug,
                int64_t now);

#endif
