/* What other modules may ask about badges. */
#ifndef EDULAB_MOD_BADGE_H
#define EDULAB_MOD_BADGE_H

#include "html/draw.h"
#include "module.h"

/* A badge as a medallion with its name: of a class, and of a person when asked for one. */
struct badge_card {
    struct str slug, name, criteria, programme;
    struct str drawn; /* the name its medallion is drawn from: the same in every language */
    enum area area;
    enum draw_kind kind;
    int64_t competences; /* mask, see mod/competence/competence.h */
    int64_t needed;      /* requirements to meet; 0: awarded by hand */
    int64_t done;        /* requirements the person has met */
    int64_t assertion;   /* id of the person's badge, 0 while it is to come */
    int64_t issued_at;   /* DB_NULL while it is to come */
    bool revoked, sample;
};

/* The state to draw it in. */
enum draw_state badge_state(const struct badge_card *card);

/* In a transaction; rows live in its arena. Badges a programme leads to, with what the person (0: nobody) has of them. */
size_t badge_of_programme(struct db *db, struct str programme, int64_t person_id, enum lang lang,
                          struct badge_card **ret);
/* Badges the person holds, newest first (revoked ones too). */
size_t badge_held(struct db *db, int64_t person_id, enum lang lang, struct badge_card **ret);
/* Badges the person has begun: some requirement is met. */
size_t badge_begun(struct db *db, int64_t person_id, enum lang lang, struct badge_card **ret);

/* In a writing transaction: awards the class to the person, who is told by mail; emits badge.awarded. `evidence` may be
 * STR_NONE. Returns the assertion's id, 0 when the person already has it or there is no such person or class. */
int64_t badge_award(struct db *db, struct str slug, int64_t person_id, struct str evidence);

extern const struct module badge_module;

#endif
