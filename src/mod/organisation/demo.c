/* The sample organisations: the real networks by name, with invented authorities and schools, and who leads them. */
#include "mod/organisation/pages.h"

#include "base/id.h"
#include "demo_embedded.h"

static struct str text(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_string(v) ? (struct str){ json_string_value(v), json_string_length(v) } : S("");
}

struct load {
    json_t *list;
    int64_t now;
    size_t count;
};

static void add_people(struct db *db, const json_t *people, int64_t organisation, int64_t now)
{
    size_t i;
    json_t *one;
    json_array_foreach(people, i, one)
    {
        struct account p;
        if (!people_find_by_email(db, text(one, "email"), &p)) continue;
        organisation_add_member(db, organisation, p.id, text(one, "role"), now, DB_NULL);
    }
}

static void add_all(struct db *db, struct load *l, const json_t *list, int64_t parent)
{
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one)
    {
        const struct organisation o = { .parent_id = parent,
                                        .kind = text(one, "kind"),
                                        .name = text(one, "name"),
                                        .code = text(one, "code"),
                                        .place = text(one, "place"),
                                        .website = text(one, "website"),
                                        .sample = json_is_true(json_object_get(one, "sample")) };
        int64_t id = organisation_add(db, &o, l->now);
        l->count += id != 0;
        add_people(db, json_object_get(one, "people"), id, l->now);
        struct account manager;
        if (people_find_by_email(db, text(one, "manager"), &manager))
            access_give(db, manager.id,
                        &(struct access_grant){ .role = ROLE_NETWORK,
                                                .scope = { S("organisation"), id },
                                                .starts_at = l->now,
                                                .ends_at = DB_NULL,
                                                .granted_by = DB_NULL,
                                                .granted_at = l->now });
        add_all(db, l, json_object_get(one, "below"), id);
    }
}

static bool load_all(struct db *db, void *context)
{
    struct load *l = context;
    l->count = 0;
    add_all(db, l, l->list, DB_NULL);
    return true;
}

bool organisation_demo(struct demo *demo)
{
    const struct asset *file = asset_find(demo_assets, demo_asset_count, S("organisations.json"));
    json_t *root = file ? json_loadb(file->data.p, file->data.n, 0, NULL) : NULL;
    struct load l = { .list = json_object_get(root, "organisations"), .now = demo->now };
    bool well = json_is_array(l.list) &&
                db_change_run(demo->database, demo->arena, load_all, &l) == DB_COMMITTED;
    if (well) demo->say("%zu organisations", l.count);
    json_decref(root);
    return well;
}
