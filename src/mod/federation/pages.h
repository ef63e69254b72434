/* What the rows of federation.c point to. */
#ifndef EDULAB_MOD_FEDERATION_PAGES_H
#define EDULAB_MOD_FEDERATION_PAGES_H

#include "mod/federation/inside.h"

/* --- going and coming back: oidc.c, arrival.c ---- */

struct door_form {
    int64_t id;
    struct str suite;
};
extern const struct param federation_door_params[];
void federation_door_get(struct request *r);
void federation_unknown_get(struct request *r);

struct return_form {
    int64_t id;
    struct str code, state, iss, error;
};
extern const struct param federation_return_params[];
void federation_return_get(struct request *r);
void federation_return_prepare(struct request *r);
void federation_return_apply(struct request *r);

struct acs_form {
    struct str SAMLResponse, RelayState; /* as SAML calls them */
};
extern const struct param federation_acs_params[];
void federation_metadata_get(struct request *r);
void federation_acs_prepare(struct request *r);
void federation_acs_apply(struct request *r);

struct arrival_form {
    struct str jeton, name;
    bool terms;
};
extern const struct param federation_arrival_link[], federation_arrival_params[];
/* mine.c: ends the links made since then. */
void federation_unlink_since(struct db *db, int64_t person_id, int64_t since);
void federation_arrival_get(struct request *r);
void federation_arrival_apply(struct request *r);

/* --- one's own: mine.c ---- */

struct mine_form {
    int64_t id;
};
extern const struct param federation_mine_params[];
void federation_mine_get(struct request *r);
void federation_unlink_apply(struct request *r);
void federation_way_in(struct page *pg, struct request *r, struct str suite);

/* --- staff: staff.c ---- */

struct provider_form {
    int64_t id;
    struct str name, issuer, client_id, secret, scopes, domains;
    bool inside;
};
extern const struct param federation_provider_params[], federation_provider_new_params[],
    federation_provider_link[];
void federation_staff_get(struct request *r);
void federation_new_get(struct request *r);
void federation_new_prepare(struct request *r);
void federation_new_apply(struct request *r);
void federation_edit_get(struct request *r);
void federation_edit_apply(struct request *r);
void federation_test_prepare(struct request *r);
void federation_test_apply(struct request *r);
void federation_on_apply(struct request *r);
void federation_off_apply(struct request *r);

struct saml_form {
    int64_t id;
    struct str name, metadata, address, domains;
    struct upload fichier;
    bool inside;
};
extern const struct param federation_saml_new_params[], federation_saml_edit_params[];
void federation_saml_new_get(struct request *r);
void federation_saml_new_prepare(struct request *r);
void federation_saml_new_apply(struct request *r);
void federation_saml_edit_form(struct request *r);
void federation_saml_edit_prepare(struct request *r);
void federation_saml_edit_apply(struct request *r);
struct saml_form saml_form_of(const provider_row *p);

struct mapping_form {
    int64_t id, rule;
    struct str claim, value, organisation, role;
};
extern const struct param federation_mapping_params[], federation_mapping_drop_params[];
void federation_mapping_form(struct request *r);
void federation_mapping_apply(struct request *r);
void federation_mapping_drop_apply(struct request *r);

/* An institution's page; 404 and false when there is no such institution. */
struct str provider_page(struct request *r, int64_t id);
bool provider_find(struct request *r, int64_t id, provider_row *ret);
/* "umons.be, @ulb.be" → "umons.be ulb.be"; STR_NONE when one cannot be a domain. */
struct str clean_domains(struct arena *a, struct str typed);
/* Shows its page; form: a provider_form, or a saml_form when it speaks SAML. */
void provider_show(struct request *r, const provider_row *p, const void *form,
                   const struct mapping_form *rule);

/* What the pages show. */
struct provider_view {
    const provider_row *row;
    const struct federation_sql_mappings *rules;
    size_t rule_count;
    int64_t people;
    struct str back;                 /* the address to register there */
    const struct mapping_form *rule; /* as typed */
};

#endif
