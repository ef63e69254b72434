/* From the rows of the route table to OpenAPI 3.1. A row with ROUTE_API is an operation; nothing is written by hand
 * besides what the row says. */
#include "mod/interop/openapi.h"

struct description {
    struct request *r;
    json_t *paths, *schemas, *groups;
};

static json_t *text_json(struct str s)
{
    return json_stringn(s.p ? s.p : "", s.n);
}

static json_t *said(struct request *r, const char *msgid)
{
    return text_json(R_(msgid));
}

/* "/api/v1/videos/:slug" → "/api/v1/videos/{slug}" */
static struct str path_template(struct arena *a, const char *path)
{
    struct buf b = BUF_INIT(LIMIT_PATH);
    bool inside = false;
    for (const char *c = path; *c; c++) {
        if (*c == ':') {
            buf_putc(&b, '{');
            inside = true;
            continue;
        }
        if (*c == '/' && inside) buf_putc(&b, '}');
        if (*c == '/') inside = false;
        buf_putc(&b, *c);
    }
    if (inside) buf_putc(&b, '}');
    struct str text = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return text;
}

static bool in_path(const struct route *row, const char *name)
{
    struct str path = str_from(row->path);
    while (path.n) {
        struct str segment = str_cut(&path, '/');
        if (segment.n > 1 && segment.p[0] == ':' && str_is(str_sub(segment, 1, segment.n), name))
            return true;
    }
    return false;
}

static bool is_get(const struct route *row)
{
    return strcmp(row->method, "GET") == 0;
}

/* --- parameters and bodies ---------------------------------------------------------------------------------------- */

static json_t *parameters(const struct route *row, enum lang lang)
{
    json_t *list = json_array();
    for (const struct param *p = row->params; p && p->name; p++) {
        bool path = in_path(row, p->name);
        if (!path && !is_get(row)) continue;
        json_t *o =
            json_pack("{s:s, s:s, s:b, s:o}", "name", p->name, "in", path ? "path" : "query",
                      "required", (int)(path || p->required), "schema", schema_of_param(p, lang));
        json_array_append_new(list, o);
    }
    return list;
}

/* The fields of a form; NULL when the row has none beside its path. */
static json_t *form_schema(const struct route *row, enum lang lang, bool *ret_file)
{
    json_t *properties = json_object(), *required = json_array();
    *ret_file = false;
    for (const struct param *p = row->params; p && p->name; p++) {
        if (in_path(row, p->name)) continue;
        if (p->kind == PARAM_FILE) *ret_file = true;
        if (p->required) json_array_append_new(required, json_string(p->name));
        json_object_set_new(properties, p->name, schema_of_param(p, lang));
    }
    if (json_object_size(properties) == 0) {
        json_decref(properties);
        json_decref(required);
        return NULL;
    }
    json_t *schema = json_pack("{s:s, s:o}", "type", "object", "properties", properties);
    if (json_array_size(required)) json_object_set(schema, "required", required);
    json_decref(required);
    return schema;
}

static json_t *request_body(struct description *d, const struct route *row)
{
    const struct api *api = row->api;
    if (is_get(row)) return NULL;
    if (api->body || api->body_type) {
        if (api->body) schema_add(d->schemas, api->body, d->r->lang);
        return json_pack("{s:b, s:{s:{s:o}}}", "required", 1, "content",
                         api->body_type ? api->body_type : "application/json", "schema",
                         api->body ? schema_ref(api->body) : json_object());
    }
    bool file;
    json_t *schema = form_schema(row, d->r->lang, &file);
    if (!schema) return NULL;
    bool needed = json_object_get(schema, "required") != NULL;
    if (file)
        return json_pack("{s:b, s:{s:{s:o}}}", "required", (int)needed, "content",
                         "multipart/form-data", "schema", schema);
    return json_pack("{s:b, s:{s:{s:O}, s:{s:o}}}", "required", (int)needed, "content",
                     "application/json", "schema", schema, "application/x-www-form-urlencoded",
                     "schema", schema);
}

/* --- answers and who may -------------------------------------------------------------------------------------------- */

static json_t *answer_schema(struct description *d, const struct api *api)
{
    if (!api->page) return schema_ref(api->answer);
    return json_pack(
        "{s:s, s:[s, s], s:{s:{s:s, s:o}, s:{s:[s, s], s:o}}}", "type", "object", "required",
        "items", "next_cursor", "properties", "items", "type", "array", "items",
        schema_ref(api->answer), "next_cursor", "type", "string", "null", "description",
        said(d->r, N_("To ask for the next page with ?cursor=; null on the last one.")));
}

static json_t *responses(struct description *d, const struct route *row)
{
    const struct api *api = row->api;
    char status[8];
    snprintf(status, sizeof status, "%d", api->status ? api->status : 200);
    json_t *good = json_object(), *all = json_object();
    json_object_set_new(good, "description",
                        said(d->r, api->answer ? api->answer->help : N_("Done; no body.")));
    if (api->answer) {
        schema_add(d->schemas, api->answer, d->r->lang);
        json_object_set_new(good, "content",
                            json_pack("{s:{s:o}}", api->type ? api->type : "application/json",
                                      "schema", answer_schema(d, api)));
    }
    json_object_set_new(all, status, good);
    if (is_get(row))
        json_object_set_new(
            all, "304",
            json_pack("{s:o}", "description",
                      said(d->r, N_("Nothing has changed since the ETag in If-None-Match."))));
    if (api->errors) {
        schema_add(d->schemas, api->errors->shape, d->r->lang);
        json_object_set_new(all, "default",
                            json_pack("{s:o, s:{s:{s:o}}}", "description",
                                      said(d->r, N_("What went wrong, in words.")), "content",
                                      api->errors->type, "schema", schema_ref(api->errors->shape)));
    } else {
        json_object_set_new(all, "default",
                            json_pack("{s:s}", "$ref", "#/components/responses/Problem"));
    }
    return all;
}

/* No role holds it: only a partner's program can be given it. */
static bool partners_only(const struct access *access)
{
    uint64_t held = 0;
    for (int role = 0; role < ROLE_COUNT; role++)
        held |= access_permissions((enum role)role);
    return access->kind == ACCESS_PERMISSION &&
           !(rights_parse(str_from(access->permission)).permissions & held);
}

/* A session or a personal token with what the row asks for; a partner where the row lets one in. */
static json_t *security(const struct route *row)
{
    const struct access *access = &row->access;
    const char *scope = is_get(row) ? "read" : "write";
    json_t *list = json_array(), *scopes = json_pack("[s]", scope);
    if (access->kind == ACCESS_PERMISSION)
        json_array_append_new(scopes, json_string(access->permission));
    if (access->kind == ACCESS_PUBLIC || access->kind == ACCESS_OBJECT)
        json_array_append_new(list, json_object());
    if (access->kind != ACCESS_PUBLIC && !partners_only(access)) {
        json_array_append_new(list, json_pack("{s:[]}", "session"));
        json_array_append_new(list, json_pack("{s:O}", "token", scopes));
    }
    if (row->flags & ROUTE_PARTNER)
        json_array_append_new(list, json_pack("{s:O}", "partner", scopes));
    json_decref(scopes);
    return list;
}

/* "get_programmes_slug": stays the same while method and path do. */
static json_t *operation_id(const struct route *row)
{
    struct str path = str_from(row->path);
    char id[200];
    size_t n = 0;
    if (str_starts(path, S("/api/v1/"))) path = str_sub(path, 7, path.n);
    for (const char *c = row->method; *c && n < sizeof id - 1; c++)
        id[n++] = (char)(*c | 0x20);
    for (size_t i = 0; i < path.n && n < sizeof id - 1; i++) {
        char c = path.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (word) id[n++] = c;
        else if (n && id[n - 1] != '_') id[n++] = '_';
    }
    return json_stringn(id, n);
}

static void note_group(struct description *d, const char *group)
{
    size_t i;
    json_t *tag;
    struct str name = lang_text(d->r->lang, group);
    json_array_foreach(d->groups, i, tag)
    {
        const char *known = json_string_value(json_object_get(tag, "name"));
        if (str_is(name, known)) return;
    }
    json_array_append_new(d->groups, json_pack("{s:o}", "name", text_json(name)));
}

static void describe_row(struct description *d, const struct route *row)
{
    struct request *r = d->r;
    struct str where = path_template(r->arena, row->path);
    char method[16];
    size_t n = 0;
    for (const char *c = row->method; *c && n < sizeof method - 1; c++)
        method[n++] = (char)(*c | 0x20);
    method[n] = '\0';
    json_t *path = json_object_get(d->paths, where.p);
    if (!path) {
        path = json_object();
        json_object_set_new(d->paths, where.p, path);
    }
    note_group(d, row->api->group);
    json_t *operation = json_pack("{s:o, s:o, s:[o], s:o, s:o, s:o}", "operationId",
                                  operation_id(row), "summary", said(r, row->help), "tags",
                                  said(r, row->api->group), "parameters", parameters(row, r->lang),
                                  "responses", responses(d, row), "security", security(row));
    json_t *body = request_body(d, row);
    if (body) json_object_set_new(operation, "requestBody", body);
    json_object_set_new(path, method, operation);
}

/* --- what stands around ------------------------------------------------------------------------------------------------ */

static json_t *problem_schema(struct request *r)
{
    return json_pack(
        "{s:s, s:o, s:[s,s,s], s:{s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s, s:{s:s, s:[s,s], "
        "s:{s:{s:s}, s:{s:s}}}}}}",
        "type", "object", "description", said(r, N_("What went wrong (RFC 9457), in words.")),
        "required", "type", "status", "detail", "properties", "type", "type", "string", "status",
        "type", "integer", "detail", "type", "string", "request", "type", "string", "errors",
        "type", "array", "items", "type", "object", "required", "field", "message", "properties",
        "field", "type", "string", "message", "type", "string");
}

/* The words a partner's token may be asked for. */
static json_t *partner_scopes(struct request *r)
{
    json_t *scopes = json_pack("{s:o, s:o}", "read", said(r, N_("Read")), "write",
                               said(r, N_("Read and change")));
    struct access_permission p;
    uint64_t open = interop_partner_rights(r);
    for (size_t i = 0; access_permission(i, &p); i++)
        if (open & p.bit) json_object_set_new(scopes, p.name, said(r, p.label));
    return scopes;
}

static json_t *security_schemes(struct request *r)
{
    return json_pack(
        "{s:{s:s, s:s, s:o}, s:{s:s, s:o, s:{s:{s:o, s:o}}}, s:{s:s, s:s, s:s, s:o}}", "token",
        "type", "http", "scheme", "bearer", "description",
        said(r, N_("A personal access token, made on the page “Access tokens” of your account.")),
        "partner", "type", "oauth2", "description",
        said(r, N_("A partner's program: with the identifier and the secret that the team gave it, "
                   "it gets a token for an hour (OAuth 2.0, client credentials).")),
        "flows", "clientCredentials", "tokenUrl",
        text_json(arena_printf(r->arena, "%.*s/oauth/token", STR(http_public_url(r)))), "scopes",
        partner_scopes(r), "session", "type", "apiKey", "in", "cookie", "name",
        str_starts(http_public_url(r), S("https:")) ? "__Host-edulab" : "edulab", "description",
        said(r, N_("The cookie of someone signed in, for this site's own pages. Changes also need "
                   "the header X-CSRF-Token.")));
}

json_t *openapi_document(struct request *r)
{
    struct description d = { r, json_object(), json_object(), json_array() };
    const struct route *const *tables = http_routes(r);
    for (size_t t = 0; tables[t]; t++)
        for (const struct route *row = tables[t]; row->method; row++)
            /* what everybody may read comes first on the page */
            if (row->flags & ROUTE_API && is_get(row) && row->access.kind == ACCESS_PUBLIC)
                note_group(&d, row->api->group);
    for (size_t t = 0; tables[t]; t++)
        for (const struct route *row = tables[t]; row->method; row++)
            if (row->flags & ROUTE_API) describe_row(&d, row);
    json_object_set_new(d.schemas, "Problem", problem_schema(r));
    return json_pack(
        "{s:s, s:{s:s, s:s, s:o, s:{s:s, s:s}}, s:[{s:o}], s:o, s:o, s:{s:o, s:o, s:{s:{s:o, "
        "s:{s:{s:{s:s}}}}}}}",
        "openapi", "3.1.0", "info", "title", "eduLAB", "version", "1", "description",
        said(r, N_("The trainings, videos, competences and badges of the centre, and your own "
                   "learning, for programs. Names of fields and addresses stay; new ones may come. "
                   "Lists come in pages: ask for the next with ?cursor=. Texts and errors come in "
                   "your language, or in that of ?lang=fr and ?lang=en.")),
        "license", "name", "GPL-3.0-or-later", "identifier", "GPL-3.0-or-later", "servers", "url",
        text_json(http_public_url(r)), "tags", d.groups, "paths", d.paths, "components", "schemas",
        d.schemas, "securitySchemes", security_schemes(r), "responses", "Problem", "description",
        said(r, N_("What went wrong, in words.")), "content", "application/problem+json", "schema",
        "$ref", "#/components/schemas/Problem");
}
