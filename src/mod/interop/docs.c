/* The description of the API: for programs, and the same as a page for people. */
#include "interop_html.h"
#include "mod/interop/docs.h"
#include "mod/interop/openapi.h"

void interop_openapi_get(struct request *r)
{
    http_header_set(r, "Access-Control-Allow-Origin", S("*"));
    http_json(r, 200, openapi_document(r));
}

static struct str text_of(struct arena *a, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return value ? arena_dup(a, (struct str){ json_string_value(value), json_string_length(value) })
                 : STR_NONE;
}

/* "#/components/schemas/Programme" → "Programme" */
static struct str ref_name(struct arena *a, const json_t *schema)
{
    struct str ref = text_of(a, schema, "$ref");
    while (str_find(ref, '/') < ref.n)
        str_cut(&ref, '/');
    return ref;
}

/* A schema in a few words: "string, at most 80", "Programme[]", "integer, 1–100". */
static struct str type_words(struct request *r, const json_t *schema)
{
    struct arena *a = r->arena;
    const json_t *choice = json_object_get(schema, "anyOf"),
                 *values = json_object_get(schema, "enum");
    if (choice)
        return arena_printf(a, "%.*s | null", STR(type_words(r, json_array_get(choice, 0))));
    if (json_object_get(schema, "$ref")) return ref_name(a, schema);
    struct str type = text_of(a, schema, "type"), format = text_of(a, schema, "format");
    if (str_is(type, "array"))
        return arena_printf(a, "%.*s[]", STR(type_words(r, json_object_get(schema, "items"))));
    if (values) {
        struct buf b = BUF_INIT(KIB);
        size_t i;
        json_t *v;
        json_array_foreach(values, i, v)
            buf_printf(&b, "%s%s", i ? " | " : "", json_string_value(v));
        struct str text = arena_dup(a, buf_view(&b));
        buf_finish(&b);
        return text;
    }
    const json_t *least = json_object_get(schema, "minimum"),
                 *most = json_object_get(schema, "maximum"),
                 *length = json_object_get(schema, "maxLength");
    if (least && most)
        return arena_printf(a, "%.*s, %lld–%lld", STR(type), json_integer_value(least),
                            json_integer_value(most));
    if (length) return arena_printf(a, "%.*s, ≤ %lld", STR(type), json_integer_value(length));
    if (format.n) return arena_printf(a, "%.*s, %.*s", STR(type), STR(format));
    return type.n ? type : S("object");
}

static size_t fields_of(struct request *r, const json_t *schema, struct api_field **ret)
{
    const json_t *properties = json_object_get(schema, "properties"),
                 *required = json_object_get(schema, "required");
    *ret = arena_array(r->arena, struct api_field, json_object_size(properties) + 1);
    size_t n = 0, i;
    const char *name;
    json_t *value, *needed;
    json_object_foreach((json_t *)(uintptr_t)properties, name, value)
    {
        struct api_field *f = &(*ret)[n++];
        *f = (struct api_field){ .name = arena_dup(r->arena, str_from(name)),
                                 .type = type_words(r, value),
                                 .help = text_of(r->arena, value, "description") };
        json_array_foreach(required, i, needed) if (str_is(f->name, json_string_value(needed)))
            f->required = true;
    }
    return n;
}

static void read_parameters(struct request *r, const json_t *operation, struct api_operation *o)
{
    const json_t *list = json_object_get(operation, "parameters"), *body;
    size_t i, n = json_array_size(list);
    json_t *p;
    body = json_object_get(json_object_get(operation, "requestBody"), "content");
    body = json_object_get(json_object_iter_value(json_object_iter((json_t *)(uintptr_t)body)),
                           "schema");
    struct api_field *of_body;
    size_t more = fields_of(r, body, &of_body);
    o->params = arena_array(r->arena, struct api_field, n + more + 1);
    json_array_foreach(list, i, p)
    {
        const json_t *schema = json_object_get(p, "schema");
        o->params[o->param_count++] =
            (struct api_field){ .name = text_of(r->arena, p, "name"),
                                .where = text_of(r->arena, p, "in"),
                                .type = type_words(r, schema),
                                .help = text_of(r->arena, schema, "description"),
                                .required = json_is_true(json_object_get(p, "required")) };
    }
    for (size_t k = 0; k < more; k++) {
        of_body[k].where = S("body");
        o->params[o->param_count++] = of_body[k];
    }
}

/* Who may, in words: the scopes of a personal token. */
static void read_security(struct request *r, const json_t *operation, struct api_operation *o)
{
    size_t i, k;
    json_t *one, *scope;
    const json_t *list = json_object_get(operation, "security");
    o->open = json_array_size(list) == 0;
    json_array_foreach(list, i, one)
    {
        if (json_object_size(one) == 0) o->open = true;
        if (json_object_get(one, "partner")) o->partner = true;
        const json_t *scopes = json_object_get(one, "token");
        if (!scopes) continue;
        struct buf b = BUF_INIT(KIB);
        json_array_foreach(scopes, k, scope)
            buf_printf(&b, "%s%s", k ? " " : "", json_string_value(scope));
        o->scopes = arena_dup(r->arena, buf_view(&b));
        buf_finish(&b);
    }
}

static void read_answer(struct request *r, const json_t *operation, struct api_operation *o)
{
    const json_t *responses = json_object_get(operation, "responses");
    const char *status;
    json_t *response;
    json_object_foreach((json_t *)(uintptr_t)responses, status, response)
    {
        if (status[0] != '2') continue;
        o->status = arena_dup(r->arena, str_from(status));
        json_t *content = json_object_get(response, "content");
        const json_t *schema =
            json_object_get(json_object_iter_value(json_object_iter(content)), "schema");
        const json_t *items = json_object_get(
            json_object_get(json_object_get(schema, "properties"), "items"), "items");
        o->page = items != NULL;
        o->answer = ref_name(r->arena, items ? items : schema);
    }
}

static void read_operations(struct request *r, const json_t *document, struct api_page *page)
{
    const char *path, *method;
    json_t *methods, *operation;
    page->operations = arena_array(r->arena, struct api_operation, 512);
    json_object_foreach(json_object_get(document, "paths"), path, methods)
        json_object_foreach(methods, method, operation)
    {
        if (page->operation_count == 512) return;
        struct api_operation *o = &page->operations[page->operation_count++];
        *o = (struct api_operation){ .path = arena_dup(r->arena, str_from(path)),
                                     .id = text_of(r->arena, operation, "operationId"),
                                     .summary = text_of(r->arena, operation, "summary") };
        char *upper = arena_cstr(r->arena, str_from(method));
        for (char *c = upper; *c; c++)
            *c = (char)(*c & ~0x20);
        o->method = str_from(upper);
        const json_t *tag = json_array_get(json_object_get(operation, "tags"), 0);
        o->group = arena_dup(r->arena, str_from(json_string_value(tag)));
        read_parameters(r, operation, o);
        read_security(r, operation, o);
        read_answer(r, operation, o);
    }
}

void interop_docs_get(struct request *r)
{
    json_t *document = openapi_document(r), *value;
    struct api_page page = { .origin = http_public_url(r) };
    const json_t *schemas = json_object_get(json_object_get(document, "components"), "schemas"),
                 *groups = json_object_get(document, "tags");
    size_t i;
    const char *name;
    page.about = text_of(r->arena, json_object_get(document, "info"), "description");
    page.groups = arena_array(r->arena, struct str, json_array_size(groups) + 1);
    json_array_foreach(groups, i, value) page.groups[page.group_count++] =
        text_of(r->arena, value, "name");
    read_operations(r, document, &page);
    page.shapes = arena_array(r->arena, struct api_shape, json_object_size(schemas) + 1);
    json_object_foreach((json_t *)(uintptr_t)schemas, name, value)
    {
        struct api_shape *s = &page.shapes[page.shape_count++];
        s->name = arena_dup(r->arena, str_from(name));
        s->help = text_of(r->arena, value, "description");
        if (json_object_get(value, "items")) value = json_object_get(value, "items");
        s->field_count = fields_of(r, value, &s->fields);
    }
    json_decref(document);
    interop_docs(http_page(r), &page);
}
