/* From claims to organisations, roles and addresses. */
#include "base/utf8.h"
#include "mod/federation/inside.h"

enum { VALUES = 100, AFFILIATIONS = 50, VALUE_MAX = 200 };

const struct mapping_role mapping_roles[] = {
    { "member", N_("Member") }, { "contact", N_("Contact person") },
    { "head", N_("Head") },     { "trainer", N_("Trainer") },
    { "coach", N_("Coach") },   { NULL, NULL },
};

static struct str text_of(struct arena *a, const json_t *value)
{
    if (json_is_string(value))
        return (struct str){ json_string_value(value), json_string_length(value) };
    if (json_is_integer(value))
        return arena_printf(a, "%lld", (long long)json_integer_value(value));
    if (json_is_boolean(value)) return json_is_true(value) ? S("true") : S("false");
    return STR_NONE;
}

/* A claim may be named by an address with dots in it: the whole name first. */
static const json_t *find(struct arena *a, const json_t *claims, struct str name)
{
    const json_t *value = json_object_get(claims, arena_cstr(a, name));
    while (!value && str_find(name, '.') < name.n) {
        struct str part = str_cut(&name, '.');
        claims = json_object_get(claims, arena_cstr(a, part));
        value = json_object_get(claims, arena_cstr(a, name));
    }
    return value;
}

size_t claim_values(struct arena *a, const json_t *claims, struct str name, struct str *ret,
                    size_t max)
{
    const json_t *value = find(a, claims, name);
    size_t n = 0, count = json_is_array(value) ? json_array_size(value) : 1;
    for (size_t i = 0; i < count && n < max; i++) {
        struct str text = text_of(a, json_is_array(value) ? json_array_get(value, i) : value);
        if (text.p && text.n <= VALUE_MAX && utf8_valid(text)) ret[n++] = text;
    }
    return n;
}

static void add(json_t *list, struct str organisation, struct str role)
{
    if (organisation.n == 0 || json_array_size(list) >= AFFILIATIONS) return;
    json_t *one = json_pack("{s:s%, s:s%}", "organisation", organisation.p, organisation.n, "role",
                            role.p, role.n);
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_equal(json_array_get(list, i), one)) {
            json_decref(one);
            return;
        }
    json_array_append_new(list, one);
}

struct str mapping_apply(struct arena *a, const struct federation_sql_mappings *rows, size_t n,
                         const json_t *claims)
{
    json_t *list = json_array();
    struct str *values = arena_array(a, struct str, VALUES);
    for (size_t i = 0; i < n; i++) {
        size_t found = claim_values(a, claims, rows[i].claim, values, VALUES);
        for (size_t k = 0; k < found; k++) {
            if (!str_is(rows[i].value, "*") && !str_eq(rows[i].value, values[k])) continue;
            add(list,
                str_is(rows[i].organisation, "*") ? str_trim(values[k]) : rows[i].organisation,
                rows[i].role);
        }
    }
    char *text = json_dumps(list, JSON_COMPACT);
    struct str copy = arena_dup(a, str_from(text));
    free(text);
    json_decref(list);
    return copy;
}

bool domain_trusted(struct str domains, struct str email)
{
    struct str domain = str_sub(email, str_find(email, '@') + 1, email.n);
    while (domains.n) {
        struct str one = str_cut(&domains, ' ');
        if (one.n && str_eq_nocase(one, domain)) return true;
    }
    return false;
}

struct str clean_email(struct arena *a, struct str email)
{
    char *out = arena_cstr(a, email);
    for (size_t i = 0; i < email.n; i++)
        if (out[i] >= 'A' && out[i] <= 'Z') out[i] = (char)(out[i] + 32);
    struct str lower = { out, email.n };
    return utf8_valid(lower) && http_email_valid(lower) ? lower : S("");
}

struct str clean_name(struct arena *a, struct str name)
{
    if (!name.n || name.n > 400 || !utf8_valid(name)) return S("");
    char *line = arena_cstr(a, name);
    for (size_t i = 0; i < name.n; i++)
        if (line[i] == '\n' || line[i] == '\r' || line[i] == '\t') line[i] = ' ';
    struct str clean = utf8_nfc(a, str_trim((struct str){ line, name.n }));
    return utf8_count(clean) <= 80 ? clean : S("");
}
