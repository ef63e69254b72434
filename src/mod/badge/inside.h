/* What the files of this module share. */
#ifndef EDULAB_MOD_BADGE_INSIDE_H
#define EDULAB_MOD_BADGE_INSIDE_H

#include "badge_sql.h"
#include "mod/badge/assertion.h"
#include "mod/badge/badge.h"
#include "mod/badge/verify.h"

enum { BADGE_PICTURE = 600 }; /* pixels of the class picture */

/* badge.c */
/* Who we are as an issuer; set by badge_configure(). */
extern struct ob_issuer badge_issuer;
void badge_configure(struct settings *settings);
struct badge_card badge_card_of(const struct badge_sql_class *c, enum lang lang);
struct ob_class badge_ob_class(const struct badge_sql_class *c);

/* source.c: our own documents from the database, others from the network when allowed */
struct badge_own_source {
    struct db *db; /* a snapshot */
    struct str
        known_origin; /* under which one of our assertions was published: an earlier address of this site */
    bool remote;   /* other issuers may be asked */
    bool anywhere; /* also at private addresses and without TLS: only for commands */
};
struct badge_source badge_own_source(struct badge_own_source *own);

/* pages.c, api.c, command.c, demo.c */
extern const struct route badge_routes[];
extern const struct command badge_commands[];
extern const struct privacy_source badge_privacy[]; /* privacy.c */
bool badge_demo(struct demo *demo);

/* corner.c: at start, finds its place on the pages of learning and catalogue */
void badge_start(struct settings *settings);

#endif
