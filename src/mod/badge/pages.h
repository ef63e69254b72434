/* What the rows of pages.c and api.c point to, and what the templates show. */
#ifndef EDULAB_MOD_BADGE_PAGES_H
#define EDULAB_MOD_BADGE_PAGES_H

#include "mod/badge/inside.h"
#include "mod/competence/competence.h"

struct badge_slug_form {
    struct str slug;
};
struct badge_id_form {
    int64_t id;
};
struct badge_award_form {
    struct str slug, email, preuve;
};
struct badge_revoke_form {
    int64_t id;
    struct str motif;
};
struct badge_name_form {
    int64_t id;
    bool montrer;
};
struct badge_check_form {
    struct upload fichier;
    struct str adresse, email;
};
extern const struct param badge_slug_params[], badge_id_params[], badge_award_params[],
    badge_revoke_params[], badge_name_params[], badge_check_params[], badge_check_link_params[];

/* One programme's badges in the gallery. */
struct badge_shelf {
    struct str title, slug; /* of the programme; STR_NONE for those of none */
    struct badge_card *cards;
    size_t count;
    bool half; /* shares its row with a neighbour */
};

/* Everything the page of one class shows. */
struct badge_sheet {
    struct badge_card card;
    struct str programme_title; /* STR_NONE: none in the catalogue */
    bool may_award;
};

/* Everything the public page of one awarded badge shows. */
struct badge_certificate {
    int64_t id, issued_at;
    struct badge_card card;
    struct str holder; /* the name, when it may be shown; else STR_NONE */
    bool mine, named;  /* the holder looks; the name is public */
    bool may_revoke;
    struct str evidence; /* Markdown, STR_NONE: none */
    struct str address;  /* of this page, whole */
    struct badge_verification verification;
};

void badge_list_get(struct request *r);
void badge_show_get(struct request *r);
void badge_picture_get(struct request *r);
void badge_award_apply(struct request *r);
void badge_certificate_get(struct request *r);
void badge_baked_get(struct request *r);
void badge_name_apply(struct request *r);
void badge_revoke_apply(struct request *r);
void badge_check_get(struct request *r);
void badge_check_prepare(struct request *r);

void badge_assertion_api(struct request *r);
void badge_class_api(struct request *r);
void badge_issuer_api(struct request *r);
void badge_revocations_api(struct request *r);

/* For templates: the mark of a check's state. */
const char *badge_kind_label(enum draw_kind kind); /* msgid */
const char *badge_check_icon(enum check_state state);
const char *badge_check_class(enum check_state state);
const char *badge_check_word(enum check_state state); /* msgid */
const char *badge_verdict_class(enum badge_verdict verdict);
const char *badge_verdict_icon(enum badge_verdict verdict);

#endif
