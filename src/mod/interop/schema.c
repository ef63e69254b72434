/* Parameters and shapes as JSON Schema (the dialect of OpenAPI 3.1). */
#include "mod/interop/openapi.h"

static void say(json_t *schema, const char *help, enum lang lang)
{
    if (!help) return;
    struct str text = lang_text(lang, help);
    json_object_set_new(schema, "description", json_stringn(text.p, text.n));
}

/* --- parameters: what form.c would take ------------------------------------------------------------------------ */

#define ID_PATTERN "^[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{13}$"

static json_t *text_schema(const struct param *p)
{
    int64_t most = p->max ? p->max : p->kind == PARAM_LONG ? LIMIT_TEXT : LIMIT_TEXT_LINE;
    json_t *schema = json_pack("{s:s, s:I}", "type", "string", "maxLength", (json_int_t)most);
    if (p->required || p->min)
        json_object_set_new(schema, "minLength", json_integer(p->min > 1 ? p->min : 1));
    if (p->kind == PARAM_EMAIL) json_object_set_new(schema, "format", json_string("email"));
    if (p->kind == PARAM_SLUG) {
        json_object_set_new(schema, "pattern", json_string("^[a-z0-9-]+$"));
        if (!p->max) json_object_set_new(schema, "maxLength", json_integer(120));
    }
    return schema;
}

json_t *schema_of_param(const struct param *p, enum lang lang)
{
    json_t *schema = NULL;
    switch (p->kind) {
    case PARAM_TEXT:
    case PARAM_LONG:
    case PARAM_SECRET:
    case PARAM_EMAIL:
    case PARAM_SLUG: schema = text_schema(p); break;
    case PARAM_INT:
        schema = json_pack("{s:s}", "type", "integer");
        if (p->min || p->max) {
            json_object_set_new(schema, "minimum", json_integer(p->min));
            json_object_set_new(schema, "maximum", json_integer(p->max));
        }
        break;
    case PARAM_ID: schema = json_pack("{s:s, s:s}", "type", "string", "pattern", ID_PATTERN); break;
    case PARAM_BOOL: schema = json_pack("{s:s}", "type", "boolean"); break;
    case PARAM_DATE: schema = json_pack("{s:s, s:s}", "type", "string", "format", "date"); break;
    case PARAM_LIST:
        schema = json_pack("{s:s, s:{s:s, s:i}, s:i}", "type", "array", "items", "type", "string",
                           "maxLength", LIMIT_TEXT_LINE, "maxItems", LIMIT_FIELDS);
        break;
    case PARAM_FILE:
        schema = json_pack("{s:s, s:s}", "type", "string", "contentMediaType",
                           "application/octet-stream");
        break;
    case PARAM_PATH:
        schema = json_pack("{s:s, s:i}", "type", "string", "maxLength", LIMIT_PATH);
        break;
    }
    say(schema, p->help, lang);
    return schema;
}

/* --- shapes: what shape.c would write ------------------------------------------------------------------------------ */

json_t *schema_ref(const struct shape *shape)
{
    char where[128];
    snprintf(where, sizeof where, "#/components/schemas/%s", shape->name);
    return json_pack("{s:s}", "$ref", where);
}

static json_t *enum_of(const char *const *values)
{
    json_t *list = json_array();
    for (; *values; values++)
        json_array_append_new(list, json_string(*values));
    return list;
}

static json_t *field_schema(const struct shape_field *f)
{
    switch (f->kind) {
    case SHAPE_TEXT: {
        json_t *schema = json_pack("{s:s}", "type", "string");
        if (f->one_of) json_object_set_new(schema, "enum", enum_of(f->one_of));
        return schema;
    }
    case SHAPE_URL: return json_pack("{s:s, s:s}", "type", "string", "format", "uri");
    case SHAPE_INT: return json_pack("{s:s}", "type", "integer");
    case SHAPE_BOOL: return json_pack("{s:s}", "type", "boolean");
    case SHAPE_ID: return json_pack("{s:s, s:s}", "type", "string", "pattern", ID_PATTERN);
    case SHAPE_TIME: return json_pack("{s:s, s:s}", "type", "string", "format", "date-time");
    case SHAPE_TEXTS: {
        json_t *items = json_pack("{s:s}", "type", "string");
        if (f->one_of) json_object_set_new(items, "enum", enum_of(f->one_of));
        return json_pack("{s:s, s:o}", "type", "array", "items", items);
    }
    case SHAPE_ONE: return schema_ref(f->of);
    case SHAPE_LIST: return json_pack("{s:s, s:o}", "type", "array", "items", schema_ref(f->of));
    }
    return json_object();
}

static json_t *shape_schema(const struct shape *shape, enum lang lang)
{
    if (shape->schema) return json_loads(shape->schema, 0, NULL);
    json_t *properties = json_object(), *required = json_array();
    for (const struct shape_field *f = shape->fields; f->name; f++) {
        json_t *schema = field_schema(f);
        if (f->nullable) schema = json_pack("{s:[o, {s:s}]}", "anyOf", schema, "type", "null");
        say(schema, f->help, lang);
        json_object_set_new(properties, f->name, schema);
        json_array_append_new(required, json_string(f->name));
    }
    return json_pack("{s:s, s:o, s:o, s:b}", "type", "object", "properties", properties, "required",
                     required, "additionalProperties", 0);
}

void schema_add(json_t *schemas, const struct shape *shape, enum lang lang)
{
    if (json_object_get(schemas, shape->name)) return;
    json_t *schema = shape_schema(shape, lang);
    if (!schema)
        abort(); /* a literal of ours that is no JSON: found by the first test that looks */
    say(schema, shape->help, lang);
    json_object_set_new(schemas, shape->name, schema);
    for (const struct shape_field *f = shape->fields; f && f->name; f++)
        if (f->of) schema_add(schemas, f->of, lang);
}
