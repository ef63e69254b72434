/* Structures as JSON, by their table. */
#include "http/shape.h"

#include "base/id.h"
#include "base/time.h"
#include "db/db.h"

bool str_list_has(const struct str_list *list, struct str item)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->items[i], item)) return true;
    return false;
}

static json_t *text_json(struct str s)
{
    return json_stringn(s.p ? s.p : "", s.n);
}

static json_t *texts_json(const struct str_list *list)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->n; i++)
        json_array_append_new(array, text_json(list->items[i]));
    return array;
}

static json_t *list_json(const struct shape *of, const struct shape_list *list)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->n; i++)
        json_array_append_new(array, shape_json(of, (const char *)list->items + i * of->size));
    return array;
}

static json_t *number_json(const struct shape_field *f, int64_t v)
{
    char text[32];
    if (f->nullable && v == DB_NULL) return json_null();
    if (f->kind == SHAPE_INT) return json_integer(v);
    if (f->kind == SHAPE_TIME) {
        time_rfc3339(v, text);
    } else {
        id_format(v, text);
        for (char *c = text; *c; c++)
            if (*c >= 'A' && *c <= 'Z') *c = (char)(*c + 32);
    }
    return json_string(text);
}

static json_t *field_json(const struct shape_field *f, const char *row)
{
    const void *at = row + f->offset;
    switch (f->kind) {
    case SHAPE_TEXT:
    case SHAPE_URL:
        return f->nullable && !((const struct str *)at)->p ? json_null()
                                                           : text_json(*(const struct str *)at);
    case SHAPE_INT:
    case SHAPE_ID:
    case SHAPE_TIME: return number_json(f, *(const int64_t *)at);
    case SHAPE_BOOL: return json_boolean(*(const bool *)at);
    case SHAPE_TEXTS: return texts_json(at);
    case SHAPE_ONE: {
        const void *inner = *(const void *const *)at;
        return inner ? shape_json(f->of, inner) : json_null();
    }
    case SHAPE_LIST: return list_json(f->of, at);
    }
    return json_null();
}

json_t *shape_json(const struct shape *shape, const void *row)
{
    json_t *object = json_object();
    for (const struct shape_field *f = shape->fields; f && f->name; f++)
        json_object_set_new(object, f->name, field_json(f, row));
    return object;
}

/* --- cursors: two numbers as 26 characters ------------------------------------------------------------------------ */

struct str cursor_text(struct arena *arena, int64_t a, int64_t b)
{
    return arena_printf(arena, "%.*s%.*s", STR(id_lower(arena, a)), STR(id_lower(arena, b)));
}

bool cursor_parse(struct str text, int64_t *ret_a, int64_t *ret_b)
{
    *ret_a = *ret_b = -1;
    if (text.n == 0) return true;
    return text.n == 2 * ID_TEXT && id_parse(str_sub(text, 0, ID_TEXT), ret_a) &&
           id_parse(str_sub(text, ID_TEXT, ID_TEXT), ret_b);
}
