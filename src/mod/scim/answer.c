/* How SCIM answers: resources with an ETag, lists, errors with their scimType; and what every list can be asked for. */
#include "access/token.h"
#include "base/id.h"
#include "base/time.h"
#include "mod/scim/pages.h"

#define TYPE "application/scim+json"

static json_t *error_json(int status, const char *type, struct str detail)
{
    char text[8];
    snprintf(text, sizeof text, "%d", status);
    json_t *all = json_pack("{s:[s], s:s, s:s%}", "schemas", SCIM_ERROR, "status", text, "detail",
                            detail.p ? detail.p : "", detail.n);
    if (type) json_object_set_new(all, "scimType", json_string(type));
    return all;
}

static json_t *usual_error(int status, struct str message)
{
    return error_json(status, status == 400 ? "invalidValue" : NULL, message);
}

static const struct shape error_shape = {
    .name = "ScimError",
    .help = N_("What went wrong, as SCIM says it (RFC 7644 3.12)."),
    .schema = "{\"type\":\"object\",\"required\":[\"schemas\",\"status\"],\"properties\":{"
              "\"schemas\":{\"type\":\"array\"},"
              "\"status\":{\"type\":\"string\"},\"scimType\":{\"type\":\"string\"},\"detail\":{"
              "\"type\":\"string\"}}}"
};
static const struct api_errors errors = { .type = TYPE,
                                          .shape = &error_shape,
                                          .make = usual_error };

#define RESOURCE(extra)                                                                            \
    "{\"type\":\"object\",\"required\":[\"schemas\"],\"properties\":{\"schemas\":{\"type\":"       \
    "\"array\",\"items\":{\"type\":\"string\"}}" extra "}}"
static const struct shape user_shape = {
    .name = "ScimUser",
    .help = N_("A person as the directory knows them (RFC 7643 4.1)."),
    .schema = RESOURCE(",\"id\":{\"type\":\"string\"},\"userName\":{\"type\":\"string\"},"
                       "\"active\":{\"type\":\"boolean\"}")
};
static const struct shape group_shape = {
    .name = "ScimGroup",
    .help = N_("A group of the directory (RFC 7643 4.2)."),
    .schema = RESOURCE(",\"id\":{\"type\":\"string\"},\"displayName\":{\"type\":\"string\"}")
};
static const struct shape list_shape = {
    .name = "ScimList",
    .help = N_("A page of a list (RFC 7644 3.4.2)."),
    .schema = RESOURCE(",\"totalResults\":{\"type\":\"integer\"},\"startIndex\":{\"type\":"
                       "\"integer\"},\"itemsPerPage\":{"
                       "\"type\":\"integer\"},\"Resources\":{\"type\":\"array\"}")
};
static const struct shape patch_shape = {
    .name = "ScimPatch",
    .help = N_("Operations one after the other: all of them, or none (RFC 7644 3.5.2)."),
    .schema = RESOURCE(",\"Operations\":{\"type\":\"array\",\"maxItems\":100}")
};
static const struct shape about_shape = { .name = "ScimAbout",
                                          .help =
                                              N_("What is offered here, for programs that ask."),
                                          .schema = RESOURCE("") };

#define GROUP .group = N_("Directories (SCIM 2.0)"), .type = TYPE, .errors = &errors
#define BODY(shape) .body = &(shape), .body_type = TYPE
const struct api scim_users_api = { GROUP, .answer = &list_shape };
const struct api scim_groups_api = { GROUP, .answer = &list_shape };
const struct api scim_user_api = { GROUP, .answer = &user_shape, BODY(user_shape) };
const struct api scim_new_user_api = { GROUP, .answer = &user_shape, BODY(user_shape),
                                       .status = 201 };
const struct api scim_changed_user_api = { GROUP, .answer = &user_shape, BODY(patch_shape) };
const struct api scim_group_api = { GROUP, .answer = &group_shape, BODY(group_shape) };
const struct api scim_new_group_api = { GROUP, .answer = &group_shape, BODY(group_shape),
                                        .status = 201 };
const struct api scim_changed_group_api = { GROUP, BODY(patch_shape), .status = 204 };
const struct api scim_gone_api = { GROUP, .status = 204 };
const struct api scim_about_api = { GROUP, .answer = &about_shape };

/* --- answers ---------------------------------------------------------------------------------------------------------------- */

static void note_refused(struct db *db, int64_t client, int64_t now)
{
    scim_sql_note_day(db, client, now / DAY_MS, 0, 0, 0, 1, now);
}

static void put_json(struct request *r, int status, json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT);
    json_decref(value);
    http_bytes(r, status, TYPE, str_from(text));
    free(text);
}

void scim_fail(struct request *r, int status, const char *type, struct str detail)
{
    bool change = !str_is(r->method, "GET") && !str_is(r->method, "HEAD");
    put_json(r, status, error_json(status, type, detail));
    if (change && r->who.client_id) access_note(r, note_refused, r->who.client_id);
}

void scim_fail_problem(struct request *r, const struct scim_problem *p)
{
    scim_fail(r, 400, p->type, R_(p->detail));
}

static struct str tag(struct request *r, int64_t version)
{
    return arena_printf(r->arena, "W/\"%lld\"", (long long)version);
}

void scim_answer(struct request *r, int status, json_t *resource, int64_t version)
{
    const json_t *where = json_object_get(json_object_get(resource, "meta"), "location");
    struct str location = arena_dup(r->arena, str_from(json_string_value(where)));
    const struct scim_one_form *f = r->form;
    if (version && status != 201) scim_select(resource, f->attributes, f->excludedAttributes);
    put_json(r, status, resource);
    if (version) http_header_set(r, "ETag", tag(r, version));
    if (location.n) http_header_set(r, status == 201 ? "Location" : "Content-Location", location);
    http_header_set(r, "Cache-Control", S("private, no-store"));
}

void scim_answer_list(struct request *r, json_t *resources, int64_t total, int64_t start)
{
    put_json(r, 200,
             json_pack("{s:[s], s:I, s:I, s:I, s:o}", "schemas", SCIM_LIST, "totalResults",
                       (json_int_t)total, "startIndex", (json_int_t)start, "itemsPerPage",
                       (json_int_t)json_array_size(resources), "Resources", resources));
}

void scim_answer_nothing(struct request *r)
{
    http_bytes(r, 204, NULL, S(""));
}

/* Does the list of tags name this version? A tag is compared without its mark of weakness. */
static bool names(struct str header, int64_t version)
{
    char text[32];
    snprintf(text, sizeof text, "\"%lld\"", (long long)version);
    while (header.n) {
        struct str one = str_trim(str_cut(&header, ','));
        if (str_starts(one, S("W/"))) one = str_sub(one, 2, one.n);
        if (str_is(one, "*") || str_is(one, text)) return true;
    }
    return false;
}

bool scim_is_stale(struct request *r, int64_t version)
{
    struct str header = http_header(r, "If-Match");
    if (!header.p || names(header, version)) return false;
    scim_fail(r, 412, NULL,
              R_(N_("Someone else changed this in the meantime. Nothing was overwritten; please "
                    "look again.")));
    return true;
}

bool scim_is_known(struct request *r, int64_t version)
{
    struct str header = http_header(r, "If-None-Match");
    if (!header.p || !names(header, version)) return false;
    http_bytes(r, 304, NULL, S(""));
    http_header_set(r, "ETag", tag(r, version));
    return true;
}

struct str scim_location(struct request *r, const char *type, int64_t id)
{
    return arena_printf(r->arena, "%.*s/scim/v2/%s/%.*s", STR(http_public_url(r)), type,
                        STR(id_lower(r->arena, id)));
}

int64_t scim_organisation(struct request *r)
{
    if (r->who.client_id && r->who.organisation_id) return r->who.organisation_id;
    scim_fail(r, 403, NULL,
              R_(N_("This program is not tied to one organisation: the team has to say which.")));
    return 0;
}

/* --- lists -------------------------------------------------------------------------------------------------------------------- */

#define FORM struct scim_list_form
#define SELECTION                                                                                  \
    PARAM(FORM, attributes, PARAM_TEXT, .max = 1000,                                               \
          .help = N_("Only these attributes, with commas between.")),                              \
        PARAM(FORM, excludedAttributes, PARAM_TEXT, .max = 1000,                                   \
              .help = N_("All but these attributes, with commas between."))
enum { FAR = 1000000000 };
const struct param scim_list_params[] = {
    PARAM(FORM, filter, PARAM_SECRET, .max = SCIM_FILTER_TEXT,
          .help = N_("Which of them: userName eq \"a\" and active eq true.")),
    PARAM(FORM, sortBy, PARAM_TEXT, .max = 200, .help = N_("The attribute to sort by.")),
    PARAM(FORM, sortOrder, PARAM_TEXT, .max = 20, .help = N_("ascending or descending.")),
    PARAM(FORM, startIndex, PARAM_INT, .min = -FAR, .max = FAR,
          .help = N_("The first one of the page; counting begins with 1.")),
    PARAM(FORM, count, PARAM_INT, .min = -FAR, .max = FAR,
          .help = N_("How many at most, up to 200.")),
    SELECTION,
    { 0 },
};
#undef FORM
#define FORM struct scim_one_form
const struct param scim_one_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                         SELECTION,
                                         { 0 } };
const struct param scim_new_params[] = { SELECTION, { 0 } };
#undef FORM

/* Was the number of a page said? 0 is an answer of its own: only how many there are. */
static bool said(const struct request *r, const char *name)
{
    struct str query = r->query;
    while (query.n) {
        struct str pair = str_cut(&query, '&');
        if (str_is(str_cut(&pair, '='), name)) return true;
    }
    return false;
}

bool scim_asked(struct request *r, int64_t organisation, int64_t most, struct scim_asked *ret)
{
    const struct scim_list_form *f = r->form;
    const char *problem = NULL;
    *ret = (struct scim_asked){ .organisation_id = organisation,
                                .sort_by = f->sortBy.p ? f->sortBy : S(""),
                                .descending = str_eq_nocase(f->sortOrder, S("descending")),
                                .skip = f->startIndex > 1 ? f->startIndex - 1 : 0,
                                .most = !said(r, "count") || f->count > most ? most
                                        : f->count < 0                       ? 0
                                                                             : f->count };
    struct str schema = ret->sort_by; /* may stand in front, as in a filter */
    if (schema.n > 4 && str_eq_nocase(str_sub(schema, 0, 4), S("urn:")))
        while (str_find(ret->sort_by, ':') < ret->sort_by.n)
            str_cut(&ret->sort_by, ':');
    if (!f->filter.n) return true;
    if (scim_filter_parse(r->arena, f->filter, &ret->filter, &problem)) return true;
    scim_fail(r, 400, "invalidFilter", R_(problem));
    return false;
}

/* --- bodies ------------------------------------------------------------------------------------------------------------------- */

static void drop(void *json)
{
    json_decref(json);
}

void scim_body_prepare(struct request *r)
{
    struct str body = http_body(r);
    json_t *json = json_loadb(body.p ? body.p : "", body.n, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(json)) {
        json_decref(json);
        scim_fail(r, 400, "invalidSyntax", R_(N_("A JSON object is expected.")));
        return;
    }
    arena_cleanup(r->arena, drop, json);
    r->state = json;
}
