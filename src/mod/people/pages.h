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
void people_sign_in_get(struct request *r);
void people_sign_in_prepare(struct request *r);
void people_sign_in_apply(struct request *r);
void people_sign_out_apply(struct request *r);

struct people_theme {
    struct str theme;
};
extern const struct param people_theme_params[];
void people_theme_apply(struct request *r);

extern const struct command people_commands[];
bool people_demo(struct demo *demo);

#endif
