/* What is offered here: /ServiceProviderConfig, /ResourceTypes and /Schemas (RFC 7644 4). Open to everybody, so that a program
 * can find out how to sign in before it has a token. */
#include "mod/scim/pages.h"

#define CONFIG "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
#define TYPE "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
#define SCHEMA "urn:ietf:params:scim:schemas:core:2.0:Schema"

static json_t *text(struct str s)
{
    return json_stringn(s.p, s.n);
}

static json_t *meta(struct request *r, const char *type, const char *path)
{
    return json_pack("{s:s, s:o}", "resourceType", type, "location",
                     text(arena_printf(r->arena, "%.*s/scim/v2%s", STR(http_public_url(r)), path)));
}

void scim_config_get(struct request *r)
{
    struct str docs = arena_printf(r->arena, "%.*s/api", STR(http_public_url(r)));
    json_t *schemes = json_pack(
        "[{s:s, s:s, s:o, s:b}, {s:s, s:s, s:o}]", "type", "oauth2", "name",
        "OAuth 2.0, client credentials", "description",
        text(R_(N_("Identifier and secret of a partner's program give a token for an hour."))),
        "primary", 1, "type", "oauthbearertoken", "name", "Bearer token", "description",
        text(R_(N_("A token for a year, made on the page of the partner's program."))));
    scim_answer(r, 200,
                json_pack("{s:[s], s:o, s:{s:b}, s:{s:b, s:i, s:i}, s:{s:b, s:i}, s:{s:b}, "
                          "s:{s:b}, s:{s:b}, s:o, s:o}",
                          "schemas", CONFIG, "documentationUri", text(docs), "patch", "supported",
                          1, "bulk", "supported", 0, "maxOperations", 0, "maxPayloadSize", 0,
                          "filter", "supported", 1, "maxResults", SCIM_PAGE, "changePassword",
                          "supported", 0, "sort", "supported", 1, "etag", "supported", 1,
                          "authenticationSchemes", schemes, "meta",
                          meta(r, "ServiceProviderConfig", "/ServiceProviderConfig")),
                0);
}

/* --- kinds of resources -------------------------------------------------------------------------------------------------- */

static json_t *type_json(struct request *r, bool user)
{
    return json_pack(
        "{s:[s], s:s, s:s, s:s, s:s, s:o}", "schemas", TYPE, "id", user ? "User" : "Group", "name",
        user ? "User" : "Group", "endpoint", user ? "/Users" : "/Groups", "schema",
        user ? SCIM_USER : SCIM_GROUP, "meta",
        meta(r, "ResourceType", user ? "/ResourceTypes/User" : "/ResourceTypes/Group"));
}

void scim_types_get(struct request *r)
{
    scim_answer_list(r, json_pack("[o, o]", type_json(r, true), type_json(r, false)), 2, 1);
}

void scim_type_get(struct request *r)
{
    const struct scim_name_form *f = r->form;
    bool user = str_is(f->name, "User");
    if (user || str_is(f->name, "Group")) scim_answer(r, 200, type_json(r, user), 0);
    else http_fail(r, 404, STR_NONE);
}

/* --- schemas --------------------------------------------------------------------------------------------------------------- */

struct attribute {
    const char *name, *type;
    bool many, required, exact;
    const char *mutability, *uniqueness;
    const struct attribute *parts;
};

static const struct attribute name_parts[] = { { .name = "formatted", .type = "string" },
                                               { .name = "familyName", .type = "string" },
                                               { .name = "givenName", .type = "string" },
                                               { 0 } };
static const struct attribute email_parts[] = { { .name = "value", .type = "string" },
                                                { .name = "type", .type = "string" },
                                                { .name = "primary", .type = "boolean" },
                                                { 0 } };
static const struct attribute member_parts[] = {
    { .name = "value", .type = "string", .exact = true, .mutability = "immutable" },
    { .name = "$ref", .type = "reference", .exact = true, .mutability = "readOnly" },
    { .name = "type", .type = "string", .mutability = "readOnly" },
    { .name = "display", .type = "string", .mutability = "readOnly" },
    { 0 }
};
static const struct attribute user_attributes[] = {
    { .name = "userName", .type = "string", .required = true, .uniqueness = "server" },
    { .name = "name", .type = "complex", .parts = name_parts },
    { .name = "displayName", .type = "string" },
    { .name = "preferredLanguage", .type = "string" },
    { .name = "active", .type = "boolean" },
    { .name = "emails", .type = "complex", .many = true, .parts = email_parts },
    { .name = "externalId", .type = "string", .exact = true, .uniqueness = "server" },
    { 0 }
};
static const struct attribute group_attributes[] = {
    { .name = "displayName", .type = "string", .required = true, .uniqueness = "server" },
    { .name = "members", .type = "complex", .many = true, .parts = member_parts },
    { .name = "externalId", .type = "string", .exact = true, .uniqueness = "server" },
    { 0 }
};

static json_t *attributes_json(const struct attribute *list)
{
    json_t *all = json_array();
    for (; list->name; list++) {
        json_t *one = json_pack(
            "{s:s, s:s, s:b, s:b, s:b, s:s, s:s, s:s}", "name", list->name, "type", list->type,
            "multiValued", (int)list->many, "required", (int)list->required, "caseExact",
            (int)list->exact, "mutability", list->mutability ? list->mutability : "readWrite",
            "returned", "default", "uniqueness", list->uniqueness ? list->uniqueness : "none");
        if (list->parts) json_object_set_new(one, "subAttributes", attributes_json(list->parts));
        json_array_append_new(all, one);
    }
    return all;
}

static json_t *schema_json(struct request *r, bool user)
{
    return json_pack("{s:[s], s:s, s:s, s:o, s:o}", "schemas", SCHEMA, "id",
                     user ? SCIM_USER : SCIM_GROUP, "name", user ? "User" : "Group", "attributes",
                     attributes_json(user ? user_attributes : group_attributes), "meta",
                     meta(r, "Schema", user ? "/Schemas/" SCIM_USER : "/Schemas/" SCIM_GROUP));
}

void scim_schemas_get(struct request *r)
{
    scim_answer_list(r, json_pack("[o, o]", schema_json(r, true), schema_json(r, false)), 2, 1);
}

void scim_schema_get(struct request *r)
{
    const struct scim_name_form *f = r->form;
    bool user = str_eq_nocase(f->name, S(SCIM_USER));
    if (user || str_eq_nocase(f->name, S(SCIM_GROUP))) scim_answer(r, 200, schema_json(r, user), 0);
    else http_fail(r, 404, STR_NONE);
}
