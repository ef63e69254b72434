/* What the rows of scim.c point to, and what the files share. */
#ifndef EDULAB_MOD_SCIM_PAGES_H
#define EDULAB_MOD_SCIM_PAGES_H

#include "mod/interop/interop.h"
#include "mod/organisation/organisation.h"
#include "mod/people/people.h"
#include "mod/scim/document.h"
#include "mod/scim/filter_sql.h"
#include "mod/scim/scim.h"
#include "scim_sql.h"

/* --- what comes in ------------------------------------------------------------------------------------------------ */

struct scim_list_form {
    struct str filter, sortBy, sortOrder, attributes, excludedAttributes;
    int64_t startIndex, count;
};
struct scim_one_form {
    int64_t id;
    struct str attributes, excludedAttributes;
};
struct scim_name_form {
    struct str name;
};
extern const struct param scim_list_params[], scim_one_params[], scim_new_params[],
    scim_name_params[];

void scim_body_prepare(struct request *r); /* r->state becomes the JSON of the body */

void scim_users_get(struct request *r);
void scim_user_get(struct request *r);
void scim_user_post(struct request *r);
void scim_user_put(struct request *r);
void scim_user_patch(struct request *r);
void scim_user_delete(struct request *r);
void scim_groups_get(struct request *r);
void scim_group_get(struct request *r);
void scim_group_post(struct request *r);
void scim_group_put(struct request *r);
void scim_group_patch(struct request *r);
void scim_group_delete(struct request *r);
void scim_config_get(struct request *r);
void scim_types_get(struct request *r);
void scim_type_get(struct request *r);
void scim_schemas_get(struct request *r);
void scim_schema_get(struct request *r);
extern const struct api scim_users_api, scim_user_api, scim_new_user_api, scim_changed_user_api,
    scim_groups_api, scim_group_api, scim_new_group_api, scim_gone_api, scim_changed_group_api,
    scim_about_api;

/* --- answers: answer.c ---------------------------------------------------------------------------------------------- */

/* The organisation whose directory asks. 0: the answer says why that cannot be. */
int64_t scim_organisation(struct request *r);
/* An error in the form of SCIM; type NULL: none is defined for it. */
void scim_fail(struct request *r, int status, const char *type, struct str detail);
void scim_fail_problem(struct request *r, const struct scim_problem *p);
/* Answers with a resource; takes the reference. version 0: no ETag. */
void scim_answer(struct request *r, int status, json_t *resource, int64_t version);
void scim_answer_list(struct request *r, json_t *resources, int64_t total, int64_t start);
void scim_answer_nothing(struct request *r);
/* Did somebody else change it meanwhile (If-Match)? Then the answer is 412. */
bool scim_is_stale(struct request *r, int64_t version);
/* Has the asker this version already (If-None-Match)? Then the answer is 304. */
bool scim_is_known(struct request *r, int64_t version);
struct str scim_location(struct request *r, const char *type, int64_t id);
/* What a list was asked for. False: the answer says what is wrong. */
bool scim_asked(struct request *r, int64_t organisation, int64_t most, struct scim_asked *ret);
/* At most so many of a page, by what was asked. */
enum { SCIM_PAGE = 200 };

/* --- what it means for people: belong.c -------------------------------------------------------------------------------- */

enum scim_act { SCIM_ADDED, SCIM_CHANGED, SCIM_WITHDRAWN };
/* In apply: counts it for the staff's page. */
void scim_count(struct request *r, enum scim_act act);
/* In apply: a row of the journal on this person; takes the reference, to which the program's name is added. */
void scim_audit(struct request *r, const char *act, const char *kind, int64_t id, json_t *before,
                json_t *after);
/* In apply: the person belongs there from now on, unless they do. */
void scim_join(struct request *r, int64_t organisation, int64_t person);
/* In apply: no longer a member of this school, by a group. */
void scim_part(struct request *r, int64_t organisation, int64_t person);
/* In apply: belongs no more to the organisation and what lies below, and has no role there. */
void scim_withdraw(struct request *r, int64_t organisation, int64_t person);
/* In apply: joins what the groups of a user stand for. */
void scim_join_groups(struct request *r, int64_t user, int64_t person);

/* --- groups ------------------------------------------------------------------------------------------------------------------ */

struct scim_group {
    int64_t id, version, created_at, changed_at;
    struct str display_name, external_id;
    int64_t target; /* the organisation it stands for; DB_NULL: none */
};
bool scim_find_group(struct request *r, int64_t organisation, int64_t id, struct scim_group *ret);
json_t *scim_group_json(struct request *r, const struct scim_group *g, bool members);
/* In apply: new name and number; its people follow to what it stands for now. False: the answer says why not. */
bool scim_group_rename(struct request *r, int64_t organisation, struct scim_group *g,
                       struct str name, struct str external);
/* In apply: false when there is no such user in this directory. */
bool scim_group_add(struct request *r, int64_t organisation, const struct scim_group *g,
                    struct str user);
void scim_group_remove(struct request *r, const struct scim_group *g, int64_t user);
void scim_group_clear(struct request *r, const struct scim_group *g);
/* "value" of each member; false with a problem. */
bool scim_group_members(struct request *r, const json_t *list, struct str **ret, size_t *ret_n,
                        struct scim_problem *p);

/* --- the rest ---------------------------------------------------------------------------------------------------------------- */

extern const struct privacy_source scim_privacy[];
/* The part of a partner's page. */
struct scim_card {
    const struct scim_sql_days *days;
    size_t n;
    struct scim_sql_totals totals;
    struct str address;
};
void scim_partner_part(struct page *pg, struct request *r, int64_t client_id,
                       int64_t organisation_id, uint64_t permissions);

#endif
