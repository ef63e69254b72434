/* What the files of this module share. */
#ifndef EDULAB_MOD_FEDERATION_INSIDE_H
#define EDULAB_MOD_FEDERATION_INSIDE_H

#include "federation_sql.h"
#include "mod/federation/discovery.h"
#include "mod/federation/federation.h"
#include "mod/federation/flow.h"
#include "mod/federation/jwt.h"

typedef struct federation_sql_providers provider_row;

enum { PUBLISHED_MAX = 64 * 1024 }; /* bytes of a document an OpenID provider publishes */

/* --- mapping.c: what an institution says, read ------------------------------------------------------------------ */

/* The values of a claim as texts: a text, number, truth or list of them; "a.b" also looks into objects. At most `max`. */
size_t claim_values(struct arena *a, const json_t *claims, struct str name, struct str *ret,
                    size_t max);
/* Organisations and roles as JSON: [{"organisation": …, "role": …}], each once. */
struct str mapping_apply(struct arena *a, const struct federation_sql_mappings *rows, size_t n,
                         const json_t *claims);
/* The roles a mapping may give in an organisation, as N_() labels; NULL-terminated. */
struct mapping_role {
    const char *name, *label;
};
extern const struct mapping_role mapping_roles[];
/* Is the address one of a domain in the list "umons.be ulb.be"? */
bool domain_trusted(struct str domains, struct str email);
/* Lower-cased when it is an address, else "". */
struct str clean_email(struct arena *a, struct str email);
/* A name to show: trimmed, NFC, one line, at most 80 characters; "" when it cannot be one. */
struct str clean_name(struct arena *a, struct str name);

/* --- arrival.c: somebody whom an institution has proved ---------------------------------------------------------- */

struct arrival {
    int64_t provider;
    struct str provider_name;
    struct str subject, name, email; /* name and email may be "" */
    bool proved;                     /* the institution is trusted for this address */
    struct str affiliations;         /* JSON, of mapping_apply() */
    struct str suite;
};

/* In apply, with the browser of the request: signs in, or sends on to the page that asks for what is missing. */
void arrival_conclude(struct request *r, const struct arrival *arrival);
/* In apply: keeps it for its browser, and returns the page to go on. */
struct str arrival_keep(struct request *r, const struct arrival *arrival, struct str browser);
/* In apply: false when it was used before. */
bool use_once(struct request *r, struct str what, int64_t expires_at);

/* --- saml_flow.c, saml_staff.c ------------------------------------------------------------------------------------- */

/* In GET: sends the person to the institution. */
void saml_leave(struct request *r, const provider_row *p, struct str suite);
/* Our entity id, which is where our metadata stand. */
struct str saml_us(const struct request *r);
/* In prepare or jobs: metadata from an address. NULL and the text, else a msgid with what is wrong. */
const char *saml_look(struct arena *a, struct str address, bool inside, struct str *ret_metadata);
/* The same for an institution we have: from its address, or those handed in; they must still be its own. */
const char *saml_look_again(struct arena *a, const provider_row *p, struct str *ret_metadata);

/* --- oidc.c, oidc_fetch.c ----------------------------------------------------------------------------------------- */

/* In prepare or jobs: asks for discovery document and keys. NULL and both texts, else a msgid with what is wrong. */
const char *oidc_look(struct arena *a, const provider_row *p, struct str *ret_document,
                      struct str *ret_keys);
/* In GET: sends the person to the institution. */
void oidc_leave(struct request *r, const provider_row *p, struct str suite);
/* One request to an institution, within the module's bounds; counts failures (pulse). False: nobody answered well. */
bool oidc_ask(struct arena *a, const provider_row *p, struct str address, struct str form,
              struct str authorization, int *ret_status, struct str *ret_body);
/* An institution that just failed is left alone for half a minute. */
bool pulse_resting(int64_t provider);
void pulse_failed(int64_t provider);
/* May its keys be fetched again now? True at most once a minute. */
bool pulse_take_keys(int64_t provider);

extern const struct job_kind federation_jobs[];
extern const struct schedule federation_schedules[];
extern const struct privacy_source federation_privacy[];

/* Appends "name=value", percent-encoded, with & before it unless it is the first. */
void query_add(struct buf *b, const char *name, struct str value);

#endif
