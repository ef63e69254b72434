/* The kinds of activity that modules brought, and what their fields hold. */
#include "mod/catalogue/catalogue.h"

enum { KINDS_MOST = 32 };

static const struct activity_kind *kinds[KINDS_MOST];
static size_t kind_count;

void activity_add_kind(const struct activity_kind *kind)
{
    if (kind_count == KINDS_MOST || activity_kind_find(str_from(kind->name))) {
        fprintf(stderr, "edulab: the kind of activity \"%s\" cannot be added\n", kind->name);
        abort();
    }
    kinds[kind_count++] = kind;
}

const struct activity_kind *activity_kind(size_t i)
{
    return i < kind_count ? kinds[i] : NULL;
}

const struct activity_kind *activity_kind_find(struct str name)
{
    for (size_t i = 0; i < kind_count; i++)
        if (str_is(name, kinds[i]->name)) return kinds[i];
    return NULL;
}

/* Columns of their own, so that searches and older statements find them. */
static bool has_column(const char *name)
{
    return strcmp(name, "body") == 0 || strcmp(name, "video") == 0;
}

struct str activity_setting(struct arena *a, const struct catalogue_activity *activity,
                            const char *name)
{
    if (strcmp(name, "body") == 0) return activity->body;
    if (strcmp(name, "video") == 0) return activity->video;
    if (activity->settings.n == 0) return STR_NONE;
    json_t *all = json_loadb(activity->settings.p, activity->settings.n, 0, NULL);
    const json_t *value = json_object_get(all, name);
    struct str found = STR_NONE;
    if (json_is_string(value))
        found = arena_dup(a, (struct str){ json_string_value(value), json_string_length(value) });
    json_decref(all);
    return found;
}

struct str activity_settings_of(struct arena *a, const struct activity_kind *kind,
                                const struct str *values)
{
    json_t *all = json_object();
    for (size_t i = 0; kind->fields && kind->fields[i].name; i++)
        if (values[i].n && !has_column(kind->fields[i].name))
            json_object_set_new(all, kind->fields[i].name, json_stringn(values[i].p, values[i].n));
    char *text = json_object_size(all) ? json_dumps(all, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    struct str s = text ? arena_dup(a, str_from(text)) : S("");
    free(text);
    json_decref(all);
    return s;
}
