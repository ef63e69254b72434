/* What the rows of organisation.c point to, and what the templates show. */
#ifndef EDULAB_MOD_ORGANISATION_PAGES_H
#define EDULAB_MOD_ORGANISATION_PAGES_H

#include "mod/organisation/organisation.h"
#include "mod/people/people.h"
#include "organisation_sql.h"

/* The kinds and the roles in the order in which they are offered; NULL behind the last. */
extern const char *const organisation_kinds[], *const organisation_roles[];

struct organisation_list_form {
    struct str q, sorte;
    int64_t page;
};
/* One in the tree, with what lies below it. */
struct organisation_node {
    const struct organisation_sql_tree *row;
    struct organisation_node *first, *last, *next; /* below it; beside it */
    int64_t below, members;                        /* of all below, itself included for members */
};
struct organisation_list {
    struct organisation_node *root; /* the first of those at the top; when nothing was searched */
    bool may_import;
    bool deep; /* few enough to show every school at once */
    struct organisation_sql_children *rows;
    size_t n;
    bool searched;              /* what was looked for; else the tree */
    int64_t total, page, pages; /* when searched */
};

/* Of all pages about one; each row reads what it needs. */
struct organisation_form {
    int64_t id;
    struct str nom, code, lieu, site, sorte;
    struct str parent; /* number or name; empty: a root */
    int64_t page;
    int64_t membre; /* a membership */
    struct str email, role;
    int64_t du, au;
};
extern const struct param organisation_list_params[], organisation_id_params[],
    organisation_edit_params[], organisation_add_params[], organisation_new_params[],
    organisation_move_params[], organisation_member_params[], organisation_end_params[];

struct organisation_sheet {
    struct organisation o;
    struct organisation_sql_above *above;
    size_t above_count;
    struct organisation_sql_children *children;
    size_t child_count;
    struct organisation_sql_members *members;
    size_t member_count;
    int64_t member_total, page, pages;
    bool may_edit, staff;
    const struct organisation_form *form;
};

void organisation_list_get(struct request *r);
void organisation_show_get(struct request *r);
void organisation_edit_get(struct request *r);
void organisation_edit_apply(struct request *r);
void organisation_new_get(struct request *r);
void organisation_new_apply(struct request *r);
void organisation_move_apply(struct request *r);
void organisation_member_prepare(struct request *r);
void organisation_member_apply(struct request *r);
void organisation_end_apply(struct request *r);

/* Access of rows about one organisation. */
bool organisation_may_read(struct request *r);
bool organisation_may_edit(struct request *r);

/* Up to three words of a query as LIKE patterns on folded text; how many there are. */
size_t organisation_patterns(struct arena *a, struct str q, struct str ret[3]);
struct str organisation_path(struct arena *a, int64_t id);
/* As <input type="date"> wants it; "" for DB_NULL. */
/* The one that was typed: a number, a code, or a name that fits no other. Says beside the field what is wrong. */
bool organisation_typed(struct request *r, const char *field, struct str typed, int64_t *ret);

/* privacy.c */
extern const struct privacy_source organisation_privacy[];

/* demo.c */
bool organisation_demo(struct demo *demo);

#endif
