/* Percent-encoding, form bodies and JSON bodies as one list of named fields. Everything is bounded and must be
 * valid UTF-8. */
#include "base/utf8.h"
#include "http/private.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool url_decode(struct arena *a, struct str s, bool plus, struct str *ret)
{
    char *out = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%') {
            if (s.n - i < 3) return false;
            int high = hex(s.p[i + 1]), low = hex(s.p[i + 2]);
            if (high < 0 || low < 0) return false;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (plus && c == '+') {
            c = ' ';
        }
        out[n++] = c;
    }
    *ret = (struct str){ out, n };
    return utf8_valid(*ret);
}

static bool add_field(struct fields *fields, struct str name, struct str value)
{
    if (fields->n == LIMIT_FIELDS) return false;
    fields->items[fields->n++] = (struct field){ .name = name, .value = value };
    return true;
}

bool fields_parse_urlencoded(struct arena *a, struct str s, struct fields *fields)
{
    while (s.n) {
        struct str pair = str_cut(&s, '&'), name, value;
        if (pair.n == 0) continue;
        struct str raw_name = str_cut(&pair, '=');
        if (!url_decode(a, raw_name, true, &name) || !url_decode(a, pair, true, &value))
            return false;
        if (!add_field(fields, name, value)) return false;
    }
    return true;
}

static bool add_json(struct arena *a, struct fields *fields, const char *key, const json_t *value)
{
    struct str name = arena_dup(a, str_from(key)), text = STR_NONE;
    if (!utf8_valid(name)) return false;
    switch (json_typeof(value)) {
    case JSON_STRING:
        text = arena_dup(a, (struct str){ json_string_value(value), json_string_length(value) });
        if (!utf8_valid(text)) return false;
        break;
    case JSON_INTEGER: text = arena_printf(a, "%lld", (long long)json_integer_value(value)); break;
    case JSON_REAL: text = arena_printf(a, "%.17g", json_real_value(value)); break;
    case JSON_TRUE: text = S("1"); break;
    case JSON_FALSE: text = S("0"); break;
    case JSON_NULL: return true;
    case JSON_ARRAY: {
        size_t i;
        json_t *item;
        json_array_foreach(value, i, item) if (json_is_array(item) ||
                                               !add_json(a, fields, key, item)) return false;
        return true;
    }
    case JSON_OBJECT: return false;
    }
    return add_field(fields, name, text);
}

bool fields_parse_json(struct arena *a, struct str body, struct fields *fields)
{
    json_t *root = json_loadb(body.p ? body.p : "", body.n, JSON_REJECT_DUPLICATES, NULL);
    bool ok = json_is_object(root);
    if (ok) {
        const char *key;
        json_t *value;
        json_object_foreach(root, key, value) if (!add_json(a, fields, key, value))
        {
            ok = false;
            break;
        }
    }
    json_decref(root);
    return ok;
}

struct str fields_find(const struct fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->n; i++)
        if (str_is(fields->items[i].name, name)) return fields->items[i].value;
    return STR_NONE;
}
