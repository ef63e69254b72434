/* Changing groups. Members are added and taken away one by one in the tables, so that a group of thousands is not read as a
 * document for each change. */
#include "base/id.h"
#include "html/lang.h"
#include "mod/scim/pages.h"

enum { NAME_MOST = 200 };

static json_t *said(struct request *r, const struct scim_group *g)
{
    struct organisation o;
    json_t *all = json_pack("{s:s%}", "group", g->display_name.p, g->display_name.n);
    if (g->target != DB_NULL && organisation_find(r->db, g->target, &o))
        json_object_set_new(all, "organisation", json_stringn(o.name.p, o.name.n));
    return all;
}

/* Name and number of a document. */
static bool read_names(struct request *r, const json_t *document, struct str *ret_name,
                       struct str *ret_external)
{
    struct scim_problem p = { 0 };
    json_t *name = scim_member(document, "displayName"),
           *external = scim_member(document, "externalId");
    *ret_name = name ? scim_text(r->arena, name, NAME_MOST, &p) : S("");
    *ret_external = external ? scim_text(r->arena, external, NAME_MOST, &p) : STR_NONE;
    if (!ret_external->n) *ret_external = STR_NONE;
    if (!p.detail && !ret_name->n)
        p = (struct scim_problem){ "invalidValue", N_("A displayName is needed.") };
    if (p.detail) scim_fail_problem(r, &p);
    return !p.detail;
}

static bool add_all(struct request *r, int64_t organisation, const struct scim_group *g,
                    const json_t *list)
{
    struct scim_problem p = { 0 };
    struct str *users;
    size_t n;
    if (!scim_group_members(r, list, &users, &n, &p)) {
        scim_fail_problem(r, &p);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        if (!scim_group_add(r, organisation, g, users[i])) return false;
    return true;
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The people of a group that stay are left alone; those who are not in the list leave. */
static bool keep_only(struct request *r, int64_t organisation, const struct scim_group *g,
                      const json_t *list)
{
    struct scim_problem p = { 0 };
    struct scim_sql_members *rows;
    struct str *users;
    size_t n, at = 0;
    if (!scim_group_members(r, list, &users, &n, &p)) {
        scim_fail_problem(r, &p);
        return false;
    }
    int64_t *ids = arena_array(r->arena, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        id_parse(users[i], &ids[i]);
    qsort(ids, n, sizeof *ids, by_number);
    size_t have = scim_sql_members(r->db, g->id, &rows); /* by number */
    for (size_t i = 0; i < have; i++) {
        while (at < n && ids[at] < rows[i].id)
            at++;
        if (at == n || ids[at] != rows[i].id) scim_group_remove(r, g, rows[i].id);
    }
    return add_all(r, organisation, g, list);
}

void scim_group_post(struct request *r)
{
    struct str name, external;
    int64_t organisation = scim_organisation(r);
    if (!organisation || !read_names(r, r->state, &name, &external)) return;
    struct scim_group g = { .id = id_new(), .target = DB_NULL, .created_at = r->now };
    if (!scim_group_rename(r, organisation, &g, name, external) ||
        !add_all(r, organisation, &g, scim_member(r->state, "members")))
        return;
    scim_audit(r, "provision.group_added", "scim_group", g.id, NULL, said(r, &g));
    scim_count(r, SCIM_ADDED);
    scim_answer(r, 201, scim_group_json(r, &g, true), g.version);
}

static bool begin(struct request *r, int64_t *ret_organisation, struct scim_group *ret)
{
    const struct scim_one_form *f = r->form;
    *ret_organisation = scim_organisation(r);
    return *ret_organisation && scim_find_group(r, *ret_organisation, f->id, ret) &&
           !scim_is_stale(r, ret->version);
}

static void finish(struct request *r, const struct scim_group *before, struct scim_group *g)
{
    if (g->version ==
        before->version) { /* only members: the version of the group rises all the same */
        scim_sql_touch_group(r->db, g->id, r->now);
        g->version++;
        g->changed_at = r->now;
    }
    scim_audit(r, "provision.group_changed", "scim_group", g->id, said(r, before), said(r, g));
    scim_count(r, SCIM_CHANGED);
}

void scim_group_put(struct request *r)
{
    struct scim_group before, g;
    struct str name, external;
    int64_t organisation;
    if (!begin(r, &organisation, &before) || !read_names(r, r->state, &name, &external)) return;
    g = before;
    if (scim_group_rename(r, organisation, &g, name, external) &&
        keep_only(r, organisation, &g, scim_member(r->state, "members"))) {
        finish(r, &before, &g);
        scim_answer(r, 200, scim_group_json(r, &g, true), g.version);
    }
}

/* --- PATCH -------------------------------------------------------------------------------------------------------------------- */

struct step {
    enum scim_verb verb;
    const json_t *value;
    int64_t organisation;
    struct scim_group *group;
};

static bool refuse(struct request *r, const char *type, const char *detail)
{
    scim_fail(r, 400, type, R_(detail));
    return false;
}

/* members[value eq "…"]: whom the path names. */
static bool remove_one(struct request *r, const struct step *s, const struct scim_node *n)
{
    int64_t id;
    if (n->kind != SCIM_TEST || n->op != SCIM_EQ || n->type != SCIM_TEXT ||
        !str_eq_nocase(n->name, S("value")) || s->verb != SCIM_REMOVE)
        return refuse(r, "invalidPath", N_("Members are removed by members[value eq \"the id\"]."));
    if (id_parse(n->text, &id)) scim_group_remove(r, s->group, id);
    return true;
}

static bool on_members(struct request *r, const struct step *s, const struct scim_path *path)
{
    struct scim_problem p = { 0 };
    struct str *users;
    size_t n;
    int64_t id;
    if (path->sub.p && !str_eq_nocase(path->sub, S("value")))
        return refuse(r, "mutability", N_("Of a member only the value can be said."));
    if (path->filter) return remove_one(r, s, path->filter);
    if (s->verb == SCIM_REPLACE) return keep_only(r, s->organisation, s->group, s->value);
    if (s->verb == SCIM_ADD) return add_all(r, s->organisation, s->group, s->value);
    if (!s->value) {
        scim_group_clear(r, s->group);
        return true;
    }
    /* Entra ID names those who leave in the value */
    if (!scim_group_members(r, s->value, &users, &n, &p)) {
        scim_fail_problem(r, &p);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        if (id_parse(users[i], &id)) scim_group_remove(r, s->group, id);
    return true;
}

static bool on_name(struct request *r, const struct step *s, bool external)
{
    struct scim_problem p = { 0 };
    struct str text =
        s->verb != SCIM_REMOVE && s->value ? scim_text(r->arena, s->value, NAME_MOST, &p) : S("");
    if (!p.detail && !external && !text.n)
        p = (struct scim_problem){ "invalidValue", N_("A displayName is needed.") };
    if (p.detail) {
        scim_fail_problem(r, &p);
        return false;
    }
    struct scim_group *g = s->group;
    return scim_group_rename(r, s->organisation, g, external ? g->display_name : text,
                             !external ? g->external_id
                             : text.n  ? text
                                       : STR_NONE);
}

static bool apply_step(struct request *r, const struct step *s, const struct scim_path *path)
{
    if (str_eq_nocase(path->name, S("members"))) return on_members(r, s, path);
    if (path->filter || path->sub.p)
        return refuse(r, "invalidPath", N_("This attribute has no parts."));
    if (str_eq_nocase(path->name, S("displayName"))) return on_name(r, s, false);
    if (str_eq_nocase(path->name, S("externalId"))) return on_name(r, s, true);
    if (str_eq_nocase(path->name, S("schemas"))) return true;
    if (str_eq_nocase(path->name, S("id")) || str_eq_nocase(path->name, S("meta")))
        return refuse(r, "mutability", N_("This attribute is given by us and stays."));
    return refuse(r, s->verb == SCIM_REMOVE ? "noTarget" : "invalidPath",
                  N_("There is no attribute of this name."));
}

static bool without_path(struct request *r, struct step *s, const json_t *value)
{
    const char *key;
    json_t *member;
    if (!json_is_object(value) || s->verb == SCIM_REMOVE)
        return refuse(r, s->verb == SCIM_REMOVE ? "noTarget" : "invalidValue",
                      N_("Without a path an object with the attributes is expected."));
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        struct scim_path path = { .name = str_from(key) };
        if (str_eq_nocase(path.name, S("id"))) continue; /* Okta sends it along */
        s->value = json_is_null(member) ? NULL : member;
        if (!apply_step(r, s, &path)) return false;
    }
    return true;
}

static bool apply_operation(struct request *r, struct step *s, const json_t *one)
{
    struct scim_problem p = { 0 };
    struct scim_path path;
    const char *why;
    if (!scim_verb(one, &s->verb, &p)) {
        scim_fail_problem(r, &p);
        return false;
    }
    const json_t *where = scim_member(one, "path");
    struct str text = { json_string_value(where), json_string_length(where) };
    s->value = scim_member(one, "value");
    if (!text.n) return without_path(r, s, s->value);
    if (!scim_path_parse(r->arena, text, &path, &why)) return refuse(r, "invalidPath", why);
    return apply_step(r, s, &path);
}

void scim_group_patch(struct request *r)
{
    struct scim_group before, g;
    struct scim_problem p = { 0 };
    struct step s = { .group = &g };
    size_t i;
    json_t *one;
    if (!begin(r, &s.organisation, &before)) return;
    g = before;
    const json_t *list = scim_operations(r->state, &p);
    if (!list) {
        scim_fail_problem(r, &p);
        return;
    }
    json_array_foreach((json_t *)(uintptr_t)list, i, one) if (!apply_operation(r, &s, one)) return;
    finish(r, &before, &g);
    scim_answer_nothing(r); /* the whole group would come back for each member added */
}

void scim_group_delete(struct request *r)
{
    struct scim_group g;
    int64_t organisation;
    if (!begin(r, &organisation, &g)) return;
    scim_group_clear(r, &g);
    scim_sql_drop_target(r->db, g.id);
    scim_sql_drop_group(r->db, g.id);
    scim_audit(r, "provision.group_removed", "scim_group", g.id, said(r, &g), NULL);
    scim_count(r, SCIM_WITHDRAWN);
    scim_answer_nothing(r);
}
