/* The verifier: a picture, an assertion or an address in, a verdict and its reasons out. Anyone may ask. */
#include "badge_html.h"
#include "mod/badge/pages.h"

const struct param badge_check_params[] = {
    PARAM(struct badge_check_form, fichier, PARAM_FILE),
    PARAM(struct badge_check_form, adresse, PARAM_TEXT, .max = 2000),
    PARAM(struct badge_check_form, email, PARAM_EMAIL),
    { 0 },
};

/* In an address: a link to the form, filled in. */
const struct param badge_check_link_params[] = {
    PARAM(struct badge_check_form, adresse, PARAM_TEXT, .max = 2000),
    { 0 },
};

const char *badge_check_icon(enum check_state state)
{
    return state == CHECK_PASSED   ? "circle-check"
           : state == CHECK_FAILED ? "circle-x"
                                   : "circle-help";
}

const char *badge_check_class(enum check_state state)
{
    return state == CHECK_PASSED ? "ok" : state == CHECK_FAILED ? "err" : "warn";
}

const char *badge_check_word(enum check_state state)
{
    return state == CHECK_PASSED   ? N_("passed")
           : state == CHECK_FAILED ? N_("failed")
                                   : N_("could not be checked");
}

const char *badge_verdict_class(enum badge_verdict verdict)
{
    return verdict == BADGE_TRUE ? "ok" : verdict == BADGE_UNCERTAIN ? "warn" : "bad";
}

const char *badge_verdict_icon(enum badge_verdict verdict)
{
    return verdict == BADGE_TRUE        ? "badge-check"
           : verdict == BADGE_UNCERTAIN ? "circle-help"
                                        : "badge-x";
}

void badge_check_get(struct request *r)
{
    badge_check(http_page(r), r->form, NULL);
}

/* On a worker thread: another issuer may be slow. Nothing is changed, nothing is kept. */
void badge_check_prepare(struct request *r)
{
    const struct badge_check_form *f = r->form;
    struct str given = f->fichier.data.n ? f->fichier.data : f->adresse;
    if (given.n == 0) {
        http_invalid(r, "fichier",
                     R_(N_("Choose a badge picture, or give the address of a badge.")));
        return;
    }
    struct badge_own_source own = { .db = r->db, .remote = true };
    struct badge_source source = badge_own_source(&own);
    struct badge_verification v = badge_verify(r->arena, given, f->email, r->now, &source);
    badge_check(http_page(r), f, &v);
}
