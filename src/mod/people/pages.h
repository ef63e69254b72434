/* What the rows of people.c point to. */
#ifndef EDULAB_MOD_PEOPLE_PAGES_H
#define EDULAB_MOD_PEOPLE_PAGES_H

#include "mod/people/people.h"

struct people_sign_up {
    struct str name, email, password;
    bool terms;
    struct str suite;   /* where to go afterwards */
    struct str website; /* people leave it empty: it is hidden from them */
};
extern const struct param people_sign_up_params[], people_sign_up_link[];
void people_sign_up_get(struct request *r);
void people_sign_up_prepare(struct request *r);
void people_sign_up_apply(struct request *r);
void people_sign_up_sent(struct request *r);

struct people_confirm {
    struct str jeton, suite;
};
extern const struct param people_confirm_params[];
void people_confirm_get(struct request *r);
void people_confirm_apply(struct request *r);

struct people_sign_in {
    struct str email, password, suite;
};
extern const struct param people_sign_in_params[], people_sign_in_link[];
/* What later modules add below the form. */
void people_ways_in(struct page *pg, struct request *r, struct str suite);
void people_sign_in_get(struct request *r);
void people_sign_in_prepare(struct request *r);
void people_sign_in_apply(struct request *r);
void people_sign_out_apply(struct request *r);

struct people_theme {
    struct str theme;
};
extern const struct param people_theme_params[];
void people_theme_apply(struct request *r);

struct people_profile_form {
    struct str name, pronoun, category;
    struct str_list levels;
    struct str subjects, organisation, lang, theme;
};
/* A choice of the profile: what is stored, and what people read (a msgid). */
struct people_option {
    const char *code, *label;
};
bool people_list_has(const struct str_list *list, const char *code);
enum { PEOPLE_CATEGORIES = 7, PEOPLE_LEVELS = 9 };
extern const struct people_option people_categories[PEOPLE_CATEGORIES];
/* The level at i is bit i of profile.levels. */
extern const struct people_option people_levels[PEOPLE_LEVELS];
extern const struct param people_profile_params[];
void people_profile_get(struct request *r);
void people_profile_apply(struct request *r);

extern const struct command people_commands[];
extern const struct privacy_source people_privacy[]; /* privacy.c */
bool people_demo(struct demo *demo);

#endif
