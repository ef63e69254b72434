/* Users as documents: reading what a directory sends with a bound on everything, writing it back, and the selection of
 * attributes. */
#include "mod/scim/document.h"

#include "base/id.h"
#include "base/time.h"
#include "base/utf8.h"
#include "html/lang.h"
#include "http/http.h"

enum { NAME_MOST = 200, SHORT_MOST = 40 };

static bool refuse(struct scim_problem *p, const char *type, const char *detail)
{
    if (!p->detail) *p = (struct scim_problem){ type, detail };
    return false;
}

/* --- values ------------------------------------------------------------------------------------------------------------- */

json_t *scim_member(const json_t *object, const char *name)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        if (str_eq_nocase(str_from(key), str_from(name))) return json_is_null(value) ? NULL : value;
    }
    return NULL;
}

struct str scim_text(struct arena *a, const json_t *value, size_t most, struct scim_problem *p)
{
    struct str s = { json_string_value(value), json_string_length(value) };
    bool ok = s.p && utf8_valid(s);
    for (size_t i = 0; ok && i < s.n; i++)
        ok = s.p[i] != '\n' && s.p[i] != '\r' && s.p[i] != '\t';
    if (!ok) {
        refuse(p, "invalidValue", N_("A text of one line is expected here."));
        return STR_NONE;
    }
    s = utf8_nfc(a, arena_dup(a, str_trim(s)));
    if (utf8_count(s) <= most) return s;
    refuse(p, "invalidValue", N_("This text is too long."));
    return STR_NONE;
}

bool scim_bool(const json_t *value, bool *ret, struct scim_problem *p)
{
    struct str text = str_from(json_string_value(value));
    if (json_is_true(value) || str_eq_nocase(text, S("true"))) *ret = true;
    else if (json_is_false(value) || str_eq_nocase(text, S("false"))) *ret = false;
    else return refuse(p, "invalidValue", N_("True or false is expected here."));
    return true;
}

static struct str optional(struct arena *a, const json_t *object, const char *name, size_t most,
                           struct scim_problem *p)
{
    json_t *value = scim_member(object, name);
    if (!value) return S("");
    struct str text = scim_text(a, value, most, p);
    return text.p ? text : S("");
}

static struct str small(struct arena *a, struct str s)
{
    return utf8_casefold(a, s);
}

/* --- reading ------------------------------------------------------------------------------------------------------------ */

static bool read_email(struct arena *a, const json_t *one, struct scim_email *ret,
                       struct scim_problem *p)
{
    bool primary = false;
    json_t *mark = scim_member(one, "primary");
    if (!json_is_object(one))
        return refuse(p, "invalidValue", N_("A list of objects with a value is expected here."));
    if (mark && !scim_bool(mark, &primary, p)) return false;
    *ret = (struct scim_email){ .value = small(a, optional(a, one, "value", 254, p)),
                                .type = small(a, optional(a, one, "type", SHORT_MOST, p)),
                                .primary = primary };
    if (ret->value.n && !http_email_valid(ret->value))
        return refuse(p, "invalidValue", N_("This is no e-mail address."));
    return !p->detail;
}

static bool read_emails(struct arena *a, const json_t *list, struct scim_user *u,
                        struct scim_problem *p)
{
    size_t i;
    json_t *one;
    u->email_count = 0;
    if (!list) return true;
    if (!json_is_array(list) || json_array_size(list) > SCIM_EMAILS)
        return refuse(p, "invalidValue", N_("A short list of addresses is expected here."));
    json_array_foreach(list, i, one)
    {
        struct scim_email email;
        if (!read_email(a, one, &email, p)) return false;
        for (size_t k = 0; email.primary && k < u->email_count; k++)
            if (u->emails[k].primary)
                return refuse(p, "invalidValue", N_("Only one address can be the primary one."));
        if (email.value.n) u->emails[u->email_count++] = email;
    }
    return true;
}

bool scim_user_read(struct arena *a, const json_t *document, struct scim_user *u,
                    struct scim_problem *p)
{
    json_t *name = scim_member(document, "name"), *active = scim_member(document, "active"),
           *external = scim_member(document, "externalId");
    if (!json_is_object(document))
        return refuse(p, "invalidSyntax", N_("A JSON object is expected."));
    if (name && !json_is_object(name))
        return refuse(p, "invalidValue", N_("The name is an object of its parts."));
    u->user_name = optional(a, document, "userName", NAME_MOST, p);
    u->external_id = external ? scim_text(a, external, NAME_MOST, p) : STR_NONE;
    if (!u->external_id.n) u->external_id = STR_NONE;
    u->display_name = optional(a, document, "displayName", NAME_MOST, p);
    u->lang = optional(a, document, "preferredLanguage", SHORT_MOST, p);
    u->formatted = optional(a, name, "formatted", NAME_MOST, p);
    u->given_name = optional(a, name, "givenName", NAME_MOST, p);
    u->family_name = optional(a, name, "familyName", NAME_MOST, p);
    if (active && !scim_bool(active, &u->active, p)) return false;
    if (!read_emails(a, scim_member(document, "emails"), u, p)) return false;
    if (!p->detail && !u->user_name.n)
        return refuse(p, "invalidValue", N_("A userName is needed."));
    return !p->detail;
}

struct str scim_user_address(struct arena *a, const struct scim_user *u)
{
    const struct scim_email *best = NULL;
    for (size_t i = 0; i < u->email_count; i++) {
        const struct scim_email *e = &u->emails[i];
        bool work = str_is(e->type, "work");
        if (!best || (!best->primary && (e->primary || (work && !str_is(best->type, "work")))))
            best = e;
    }
    struct str name = small(a, u->user_name);
    if (best) return best->value;
    return http_email_valid(name) ? name : STR_NONE;
}

struct str scim_user_title(struct arena *a, const struct scim_user *u)
{
    if (u->display_name.n) return u->display_name;
    if (u->formatted.n) return u->formatted;
    if (u->given_name.n || u->family_name.n)
        return str_trim(arena_printf(a, "%.*s %.*s", STR(u->given_name), STR(u->family_name)));
    return u->user_name;
}

/* --- writing ------------------------------------------------------------------------------------------------------------ */

static void put_text(json_t *object, const char *name, struct str text)
{
    if (text.n) json_object_set_new(object, name, json_stringn(text.p, text.n));
}

static void put_time(json_t *object, const char *name, int64_t ms)
{
    char text[TIME_RFC3339 + 1];
    time_rfc3339(ms, text);
    json_object_set_new(object, name, json_string(text));
}

static json_t *emails_json(const struct scim_user *u)
{
    json_t *list = json_array();
    for (size_t i = 0; i < u->email_count; i++) {
        json_t *one = json_object();
        put_text(one, "value", u->emails[i].value);
        put_text(one, "type", u->emails[i].type);
        json_object_set_new(one, "primary", json_boolean(u->emails[i].primary));
        json_array_append_new(list, one);
    }
    return list;
}

json_t *scim_user_json(struct arena *a, const struct scim_user *u, struct str location)
{
    json_t *name = json_object(), *all = json_pack("{s:[s]}", "schemas", SCIM_USER);
    put_text(name, "formatted", u->formatted);
    put_text(name, "familyName", u->family_name);
    put_text(name, "givenName", u->given_name);
    if (location.p) put_text(all, "id", id_lower(a, u->id));
    put_text(all, "externalId", u->external_id);
    put_text(all, "userName", u->user_name);
    if (json_object_size(name)) json_object_set(all, "name", name);
    put_text(all, "displayName", u->display_name);
    put_text(all, "preferredLanguage", u->lang);
    json_object_set_new(all, "active", json_boolean(u->active));
    if (u->email_count) json_object_set_new(all, "emails", emails_json(u));
    json_decref(name);
    if (!location.p) return all;
    json_t *meta = json_pack("{s:s}", "resourceType", "User");
    put_time(meta, "created", u->created_at);
    put_time(meta, "lastModified", u->changed_at);
    put_text(meta, "location", location);
    put_text(meta, "version", arena_printf(a, "W/\"%lld\"", (long long)u->version));
    json_object_set_new(all, "meta", meta);
    return all;
}

/* --- the selection of attributes -------------------------------------------------------------------------------------------- */

/* The attribute and what it names below it, without a schema in front. */
static struct str listed_name(struct str *rest, struct str *ret_sub)
{
    struct str one = str_trim(str_cut(rest, ','));
    if (one.n > 4 && str_eq_nocase(str_sub(one, 0, 4), S("urn:"))) {
        size_t colon = one.n;
        while (one.p[colon - 1] != ':')
            colon--;
        one = str_sub(one, colon, one.n);
    }
    *ret_sub = one;
    struct str name = str_cut(ret_sub, '.');
    if (name.n == one.n) *ret_sub = STR_NONE;
    return name;
}

/* 0: not in the list; 1: some of its parts are; 2: all of it. */
static int lists(struct str list, const char *name, const char *sub)
{
    int found = 0;
    while (list.n) {
        struct str below, one = listed_name(&list, &below);
        if (!str_eq_nocase(one, str_from(name))) continue;
        if (!below.p) return 2;
        if (!sub) found = 1;
        else if (str_eq_nocase(below, str_from(sub))) return 2;
    }
    return found;
}

static bool always(const char *name)
{
    return strcmp(name, "id") == 0 || strcmp(name, "schemas") == 0;
}

bool scim_selects(struct str wanted, struct str unwanted, const char *name)
{
    if (always(name)) return true;
    return wanted.n ? lists(wanted, name, NULL) > 0 : lists(unwanted, name, NULL) < 2;
}

static void select_parts(json_t *part, const char *name, struct str wanted, struct str unwanted)
{
    const char *key;
    json_t *value;
    void *next;
    size_t i;
    json_array_foreach(part, i, value) select_parts(value, name, wanted, unwanted);
    json_object_foreach_safe(part, next, key, value)
    {
        bool keep = wanted.n ? lists(wanted, name, key) == 2 : lists(unwanted, name, key) < 2;
        if (!keep) json_object_del(part, key);
    }
}

void scim_select(json_t *resource, struct str wanted, struct str unwanted)
{
    const char *key;
    json_t *value;
    void *next;
    if (!wanted.n && !unwanted.n) return;
    json_object_foreach_safe(resource, next, key, value)
    {
        if (always(key)) continue;
        if (!scim_selects(wanted, unwanted, key)) json_object_del(resource, key);
        else select_parts(value, key, wanted, unwanted);
    }
}
