/* What the editor's pages show, and their forms. Inside the module only. */
#ifndef EDULAB_MOD_CATALOGUE_EDIT_H
#define EDULAB_MOD_CATALOGUE_EDIT_H

#include "mod/catalogue/search.h"
#include "mod/catalogue/version.h"

enum { EDIT_FIELDS = 8, EDIT_NOTE = 400, EDIT_OPTIONS = 60, OUTLINE_FOLDED = 30 };

struct edit_form {
    int64_t id, noeud, parent, niveau, numero;
    int64_t la; /* the node that was touched last: where one is in the outline */
    int64_t vu; /* when the node was changed last, as the form showed it */
    struct str q, titre, genre, modele, note;
    /* a node */
    struct str code, bref, resultat, objectifs, prerequis, texte, modalite, regle, partenaires;
    int64_t distance, presence, seul, creation; /* minutes */
    int64_t places, exiges, annee;
    bool obligatoire, catalogue, tous, ouvert;
    struct str_list cibles, matieres, besoins, public, reseaux, langues;
    struct str champ[EDIT_FIELDS]; /* the values of the kind's fields, in their order */
    struct str cherche;            /* looks through what can be chosen */
    bool chercher;                 /* only that: nothing is kept */
    /* models */
    struct str samr, aspid;
    bool technologie, pedagogie, contenu;
};
extern const struct param edit_list_params[], edit_new_params[], edit_id_params[],
    edit_add_params[], edit_node_id_params[], edit_node_params[], edit_models_params[],
    edit_version_params[], edit_publish_params[];

/* A programme as it is edited: its draft, or what is published when nothing has been changed since. */
struct edit_sheet {
    struct catalogue_sql_programme p;
    struct catalogue_sql_version v;
    bool draft;
    struct outline o;
    struct catalogue_sql_versions *versions; /* published, newest first */
    size_t version_count;
    size_t changes; /* nodes of the draft that differ from what is published */
};
/* False: the answer is 404 already. */
bool edit_load(struct request *r, struct edit_sheet *ret);
bool edit_may(struct request *r);
/* The draft to write into, and its programme; 0: the answer is 404 already. */
int64_t edit_draft(struct request *r, struct catalogue_sql_programme *ret);

/* The outline, at a node. */
struct str edit_place(struct arena *a, int64_t programme, int64_t node);

/* One node's form. */
struct edit_node {
    struct edit_sheet s;
    const struct catalogue_sql_nodes *node;
    const struct activity_kind *kind;             /* of an activity */
    struct str values[EDIT_FIELDS];               /* of its fields */
    struct activity_option *options[EDIT_FIELDS]; /* to choose from */
    size_t option_counts[EDIT_FIELDS];
    struct catalogue_sql_needs *needs; /* of the whole version */
    size_t need_count;
    struct framework_competence *others; /* what can be aimed at beside DigCompEdu */
    size_t other_count;
    struct edit_form *f; /* what the fields show */
};
bool edit_node_load(struct request *r, struct edit_node *ret);
int64_t edit_minutes(const struct catalogue_sql_nodes *n);

/* What is another in a version than in an earlier one. */
struct edit_difference {
    enum { NODE_NEW, NODE_GONE, NODE_OTHER } what;
    const struct catalogue_sql_nodes *before, *after; /* NULL when new or gone */
    struct edit_change {
        const char *label; /* msgid */
        struct str before, after;
    } * changes;
    size_t n;
};
size_t edit_differences(struct page *pg, const struct outline *before, const struct outline *after,
                        struct edit_difference **ret);

void edit_list_get(struct request *r), edit_new_apply(struct request *r),
    edit_show_get(struct request *r), edit_add_apply(struct request *r),
    edit_up_apply(struct request *r), edit_down_apply(struct request *r),
    edit_remove_apply(struct request *r), edit_back_apply(struct request *r),
    edit_node_get(struct request *r), edit_node_apply(struct request *r),
    edit_models_get(struct request *r), edit_models_apply(struct request *r),
    edit_publish_apply(struct request *r), edit_drop_apply(struct request *r),
    edit_version_get(struct request *r), edit_restore_apply(struct request *r);

#endif
