/* PATCH on a user (RFC 7644 3.5.2), worked out on the document: what comes out is then read like a PUT, so one set of rules
 * decides what a user may be. In the forms that directories really send: Entra ID with capitals, dotted names and booleans as
 * text, Okta without a path. */
#include "base/utf8.h"
#include "html/lang.h"
#include "mod/scim/document.h"
#include "mod/scim/filter.h"

enum { MOST_OPERATIONS = 100 };

static bool refuse(struct scim_problem *p, const char *type, const char *detail)
{
    if (!p->detail) *p = (struct scim_problem){ type, detail };
    return false;
}

/* --- what there is ------------------------------------------------------------------------------------------------------- */

enum place { PLACE_KEPT, PLACE_NAME, PLACE_LIST, PLACE_FIXED, PLACE_ASIDE, PLACE_UNKNOWN };

static const struct {
    const char *name;
    enum place place;
} attributes[] = {
    { "userName", PLACE_KEPT },
    { "externalId", PLACE_KEPT },
    { "displayName", PLACE_KEPT },
    { "preferredLanguage", PLACE_KEPT },
    { "active", PLACE_KEPT },
    { "name", PLACE_NAME },
    { "emails", PLACE_LIST },
    { "id", PLACE_FIXED },
    { "meta", PLACE_FIXED },
    { "groups", PLACE_FIXED },
    { "schemas", PLACE_ASIDE },
    { "nickName", PLACE_ASIDE },
    { "profileUrl", PLACE_ASIDE },
    { "title", PLACE_ASIDE },
    { "userType", PLACE_ASIDE },
    { "locale", PLACE_ASIDE },
    { "timezone", PLACE_ASIDE },
    { "password", PLACE_ASIDE },
    { "phoneNumbers", PLACE_ASIDE },
    { "ims", PLACE_ASIDE },
    { "photos", PLACE_ASIDE },
    { "addresses", PLACE_ASIDE },
    { "entitlements", PLACE_ASIDE },
    { "roles", PLACE_ASIDE },
    { "x509Certificates", PLACE_ASIDE },
};

/* The place of an attribute; *ret_name as the document spells it. A schema that is not that of users is left aside. */
static enum place place_of(const struct scim_path *path, const char **ret_name)
{
    if (path->schema.p && !str_eq_nocase(path->schema, S(SCIM_USER))) return PLACE_ASIDE;
    for (size_t i = 0; i < COUNT(attributes); i++)
        if (str_eq_nocase(path->name, str_from(attributes[i].name))) {
            *ret_name = attributes[i].name;
            return attributes[i].place;
        }
    return PLACE_UNKNOWN;
}

static const char *part_of(const char *const *parts, struct str sub)
{
    for (; *parts; parts++)
        if (str_eq_nocase(sub, str_from(*parts))) return *parts;
    return NULL;
}

static const char *const name_parts[] = { "formatted", "familyName", "givenName", NULL };
static const char *const email_parts[] = { "value", "type", "primary", NULL };

/* --- lists: which of the values are meant ----------------------------------------------------------------------------------- */

static bool text_fits(struct arena *a, const struct scim_node *n, struct str value)
{
    struct str v = utf8_casefold(a, value), w = utf8_casefold(a, n->text);
    int order = str_cmp(v, w);
    switch (n->op) {
    case SCIM_EQ: return order == 0;
    case SCIM_NE: return order != 0;
    case SCIM_CO: return str_search(v, w) < v.n || w.n == 0;
    case SCIM_SW: return str_starts(v, w);
    case SCIM_EW: return str_ends(v, w);
    case SCIM_GT: return order > 0;
    case SCIM_GE: return order >= 0;
    case SCIM_LT: return order < 0;
    case SCIM_LE: return order <= 0;
    case SCIM_PR: break;
    }
    return v.n > 0;
}

static bool fits(struct arena *a, const struct scim_node *n, const json_t *value)
{
    switch (n->kind) {
    case SCIM_AND: return fits(a, n->left, value) && fits(a, n->right, value);
    case SCIM_OR: return fits(a, n->left, value) || fits(a, n->right, value);
    case SCIM_NOT: return !fits(a, n->left, value);
    case SCIM_ANY: return false;
    case SCIM_TEST: break;
    }
    const char *part = part_of(email_parts, n->name);
    json_t *found = part ? scim_member(value, part) : NULL;
    if (json_is_boolean(found)) {
        bool yes = json_is_true(found);
        bool asked =
            n->type == SCIM_TRUE || (n->type == SCIM_TEXT && str_eq_nocase(n->text, S("true")));
        return n->op == SCIM_PR || (n->op == SCIM_NE ? yes != asked : yes == asked);
    }
    return text_fits(
        a, n, found ? (struct str){ json_string_value(found), json_string_length(found) } : S(""));
}

/* --- one operation ----------------------------------------------------------------------------------------------------------- */

struct operation {
    struct arena *arena;
    json_t *document;
    enum scim_verb verb;
    struct scim_path path;
    json_t *value; /* NULL for a removal */
    struct scim_problem *problem;
};

static void set(json_t *object, const char *name, json_t *value)
{
    if (value && !json_is_null(value)) json_object_set(object, name, value);
    else json_object_del(object, name);
}

static json_t *object_at(json_t *document, const char *name)
{
    json_t *object = json_object_get(document, name);
    if (json_is_object(object)) return object;
    object = json_object();
    json_object_set_new(document, name, object);
    return object;
}

static bool on_name(struct operation *o)
{
    if (o->path.filter) return refuse(o->problem, "invalidPath", N_("There is no list of names."));
    if (o->path.sub.p) {
        const char *part = part_of(name_parts, o->path.sub);
        if (part) set(object_at(o->document, "name"), part, o->value);
        return true; /* a part that SCIM knows and that we do not keep */
    }
    if (!o->value) {
        json_object_del(o->document, "name");
        return true;
    }
    if (!json_is_object(o->value))
        return refuse(o->problem, "invalidValue", N_("The name is an object of its parts."));
    json_t *name = object_at(o->document, "name");
    for (const char *const *part = name_parts; *part; part++)
        if (scim_member(o->value, *part)) set(name, *part, scim_member(o->value, *part));
    return true;
}

static void drop_primary(json_t *list)
{
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one) json_object_set_new(one, "primary", json_false());
}

/* {value, type, primary} of what was sent, in our spelling. */
static json_t *new_email(json_t *value)
{
    json_t *email = json_object();
    if (json_is_string(value)) json_object_set(email, "value", value);
    for (const char *const *part = email_parts; json_is_object(value) && *part; part++)
        if (scim_member(value, *part)) json_object_set(email, *part, scim_member(value, *part));
    return email;
}

static bool is_true(const json_t *value)
{
    return json_is_true(value) || str_eq_nocase(str_from(json_string_value(value)), S("true"));
}

static void add_email(json_t *list, json_t *value)
{
    json_t *email = new_email(value), *one;
    size_t i;
    struct str address = str_from(json_string_value(json_object_get(email, "value")));
    if (is_true(json_object_get(email, "primary"))) drop_primary(list);
    json_array_foreach(list, i, one)
    {
        if (!str_eq_nocase(str_from(json_string_value(json_object_get(one, "value"))), address))
            continue;
        json_object_update(one, email); /* it is there already: once is enough */
        json_decref(email);
        return;
    }
    json_array_append_new(list, email);
}

/* emails, emails without a choice: all of them. */
static bool on_whole_list(struct operation *o, json_t *list)
{
    size_t i;
    json_t *one;
    if (o->verb != SCIM_ADD) json_array_clear(list);
    if (!o->value) return true;
    if (!json_is_array(o->value)) add_email(list, o->value);
    json_array_foreach(o->value, i, one) add_email(list, one);
    return true;
}

/* emails[type eq "work"].value = x where there is none yet: Entra ID expects it to be made. */
static bool make_email(struct operation *o, json_t *list, const char *part)
{
    const struct scim_node *n = o->path.filter;
    if (o->verb != SCIM_ADD || !n || n->kind != SCIM_TEST || n->op != SCIM_EQ ||
        n->type != SCIM_TEXT || !part_of(email_parts, n->name))
        return refuse(o->problem, "noTarget", N_("No value of the list fits this path."));
    json_t *email = part ? json_object() : new_email(o->value);
    json_object_set_new(email, part_of(email_parts, n->name), json_stringn(n->text.p, n->text.n));
    if (part) json_object_set(email, part, o->value);
    add_email(list, email);
    json_decref(email);
    return true;
}

static bool change_email(struct operation *o, json_t *list, size_t i, const char *part)
{
    json_t *one = json_array_get(list, i);
    if (part && o->value && strcmp(part, "primary") == 0 && is_true(o->value)) drop_primary(list);
    if (part) {
        set(one, part, o->value);
        return true;
    }
    if (!json_is_object(o->value))
        return refuse(o->problem, "invalidValue",
                      N_("A list of objects with a value is expected here."));
    json_t *email = new_email(o->value);
    if (is_true(json_object_get(email, "primary"))) drop_primary(list);
    json_object_update(one, email);
    json_decref(email);
    return true;
}

static bool on_list(struct operation *o)
{
    const char *part = o->path.sub.p ? part_of(email_parts, o->path.sub) : NULL;
    json_t *list = json_object_get(o->document, "emails");
    if (o->path.sub.p && !part) return true; /* display and the like: not kept */
    if (!json_is_array(list)) {
        list = json_array();
        json_object_set_new(o->document, "emails", list);
    }
    if (!o->path.filter && !part) return on_whole_list(o, list);
    size_t found = 0;
    for (size_t i = json_array_size(list); i-- > 0;) {
        if (o->path.filter && !fits(o->arena, o->path.filter, json_array_get(list, i))) continue;
        found++;
        if (!o->value && !part) json_array_remove(list, i);
        else if (!change_email(o, list, i, part)) return false;
    }
    if (found || o->verb == SCIM_REMOVE) return true;
    return make_email(o, list, part);
}

static bool apply(struct operation *o)
{
    const char *name = NULL;
    enum place place = place_of(&o->path, &name);
    switch (place) {
    case PLACE_NAME: return on_name(o);
    case PLACE_LIST: return on_list(o);
    case PLACE_ASIDE: return true;
    case PLACE_FIXED:
        return refuse(o->problem, "mutability", N_("This attribute is given by us and stays."));
    case PLACE_UNKNOWN:
        return refuse(o->problem, o->verb == SCIM_REMOVE ? "noTarget" : "invalidPath",
                      N_("There is no attribute of this name."));
    case PLACE_KEPT: break;
    }
    if (o->path.filter || o->path.sub.p)
        return refuse(o->problem, "invalidPath", N_("This attribute has no parts."));
    set(o->document, name, o->value);
    return true;
}

/* Without a path each member of the value is one; its name may itself be a path. */
static bool apply_all(struct operation *o, const json_t *value)
{
    const char *key;
    json_t *member;
    if (!json_is_object(value) || o->verb == SCIM_REMOVE)
        return refuse(o->problem, o->verb == SCIM_REMOVE ? "noTarget" : "invalidValue",
                      N_("Without a path an object with the attributes is expected."));
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        const char *why;
        if (str_eq_nocase(str_from(key), S("id"))) continue; /* Okta sends it along */
        if (!scim_path_parse(o->arena, str_from(key), &o->path, &why)) {
            /* an extension by its bare name, "urn:…:2.0:User" */
            if (str_starts(str_from(key), S("urn:"))) continue;
            return refuse(o->problem, "invalidPath", why);
        }
        o->value = json_is_null(member) ? NULL : member;
        if (!apply(o)) return false;
    }
    return true;
}

/* --- the body ------------------------------------------------------------------------------------------------------------------ */

const json_t *scim_operations(const json_t *body, struct scim_problem *p)
{
    json_t *list = json_is_object(body) ? scim_member(body, "Operations") : NULL;
    if (json_is_array(list) && json_array_size(list) <= MOST_OPERATIONS) return list;
    refuse(p, "invalidSyntax", N_("A list of at most a hundred Operations is expected."));
    return NULL;
}

bool scim_verb(const json_t *operation, enum scim_verb *ret, struct scim_problem *p)
{
    json_t *op = json_is_object(operation) ? scim_member(operation, "op") : NULL;
    struct str name = str_from(json_string_value(op));
    if (str_eq_nocase(name, S("add"))) *ret = SCIM_ADD;
    else if (str_eq_nocase(name, S("remove"))) *ret = SCIM_REMOVE;
    else if (str_eq_nocase(name, S("replace"))) *ret = SCIM_REPLACE;
    else return refuse(p, "invalidSyntax", N_("An operation is add, remove or replace."));
    return true;
}

bool scim_patch(struct arena *a, json_t *document, const json_t *body, struct scim_problem *p)
{
    const json_t *list = scim_operations(body, p);
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)(uintptr_t)list, i, one)
    {
        struct operation o = { .arena = a, .document = document, .problem = p };
        if (!scim_verb(one, &o.verb, p)) return false;
        json_t *path = scim_member(one, "path"), *value = scim_member(one, "value");
        if (!path || json_string_length(path) == 0) {
            if (!apply_all(&o, value)) return false;
            continue;
        }
        const char *why;
        struct str text = { json_string_value(path), json_string_length(path) };
        if (!text.p || !scim_path_parse(a, text, &o.path, &why))
            return refuse(p, "invalidPath", text.p ? why : N_("This is no name of an attribute."));
        o.value = o.verb == SCIM_REMOVE ? NULL : value;
        if (!apply(&o)) return false;
    }
    return list != NULL;
}
