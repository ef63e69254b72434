/* /Groups: a group of the directory. When its name is that of a school or authority below the organisation, or its externalId
 * that one's code, it stands for it: who is in the group belongs there. Any other group is kept for the directory and means
 * nothing here. */
#include "base/id.h"
#include "base/time.h"
#include "base/utf8.h"
#include "mod/scim/pages.h"

enum { MEMBERS_MOST = 20000, GROUP_PAGE = 100 };

#define MEMBERS                                                                                    \
    "SELECT m.group_id FROM scim_member m JOIN scim_user u ON u.id = m.user_id WHERE "             \
    "u.organisation_id = :1"
static const struct scim_column columns[] = {
    { "id", NULL, "g.id", SCIM_ID, NULL },
    { "externalId", NULL, "g.external_id", SCIM_EXACT, NULL },
    { "displayName", NULL, "g.display_key", SCIM_FOLDED, NULL },
    { "meta", "created", "g.created_at", SCIM_MOMENT, NULL },
    { "meta", "lastModified", "g.changed_at", SCIM_MOMENT, NULL },
    { "meta", "resourceType", "'group'", SCIM_FOLDED, NULL },
    { "members", "", "m.user_id", SCIM_ID, MEMBERS },
    { "members", "value", "m.user_id", SCIM_ID, MEMBERS },
    { "members", "type", "'user'", SCIM_FOLDED, MEMBERS },
    { 0 },
};
#undef MEMBERS
/* The same columns as the statement `group`. */
#define FIELD(type, name)                                                                          \
    {                                                                                              \
        DB_##type, offsetof(struct scim_sql_group, name)                                           \
    }
static const struct db_column fields[] = {
    FIELD(INT, id),      FIELD(TEXT, display_name), FIELD(TEXT, external_id),
    FIELD(INT, version), FIELD(INT, created_at),    FIELD(INT, changed_at),
    FIELD(INT, target),
};
#undef FIELD
static const struct scim_query query = {
    .columns = columns,
    .select = "g.id, g.display_name, g.external_id, g.version, g.created_at, g.changed_at, "
              "t.organisation_id",
    .from = "scim_group g LEFT JOIN scim_target t ON t.group_id = g.id",
    .id = "g.id",
    .organisation = "g.organisation_id",
    .fields = fields,
    .field_count = COUNT(fields),
    .row_size = sizeof(struct scim_sql_group)
};

/* --- showing ------------------------------------------------------------------------------------------------------------ */

static struct scim_group group_of(const struct scim_sql_group *row)
{
    return (struct scim_group){ .id = row->id,
                                .version = row->version,
                                .created_at = row->created_at,
                                .changed_at = row->changed_at,
                                .display_name = row->display_name,
                                .external_id = row->external_id,
                                .target = row->target };
}

bool scim_find_group(struct request *r, int64_t organisation, int64_t id, struct scim_group *ret)
{
    struct scim_sql_group row;
    if (!scim_sql_group(r->db, organisation, id, &row)) {
        scim_fail(r, 404, NULL, R_(N_("This directory has no such group.")));
        return false;
    }
    *ret = group_of(&row);
    return true;
}

static json_t *base_json(struct request *r, const struct scim_group *g)
{
    char created[TIME_RFC3339 + 1], changed[TIME_RFC3339 + 1];
    struct str id = id_lower(r->arena, g->id), where = scim_location(r, "Groups", g->id);
    struct str tag = arena_printf(r->arena, "W/\"%lld\"", (long long)g->version);
    time_rfc3339(g->created_at, created);
    time_rfc3339(g->changed_at, changed);
    json_t *all =
        json_pack("{s:[s], s:s%, s:s%, s:{s:s, s:s, s:s, s:s%, s:s%}}", "schemas", SCIM_GROUP, "id",
                  id.p, id.n, "displayName", g->display_name.p, g->display_name.n, "meta",
                  "resourceType", "Group", "created", created, "lastModified", changed, "location",
                  where.p, where.n, "version", tag.p, tag.n);
    if (g->external_id.p)
        json_object_set_new(all, "externalId", json_stringn(g->external_id.p, g->external_id.n));
    return all;
}

static void put_member(struct request *r, json_t *list, const struct scim_sql_members_of *m)
{
    struct str id = id_lower(r->arena, m->id), where = scim_location(r, "Users", m->id);
    struct str name = m->display_name.n ? m->display_name : m->user_name;
    json_array_append_new(list,
                          json_pack("{s:s%, s:s%, s:s, s:s%}", "value", id.p, id.n, "$ref", where.p,
                                    where.n, "type", "User", "display", name.p, name.n));
}

/* "[1,2]": what the statements about several groups take. */
static struct str numbers(struct arena *a, const struct scim_group *groups, size_t n)
{
    struct buf b = BUF_INIT(64 * KIB);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%c%lld", i ? ',' : '[', (long long)groups[i].id);
    buf_lit(&b, "]");
    struct str text = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return text;
}

/* The members of all these groups, with one statement: a list for each, in their order. */
static json_t **members_of(struct request *r, const struct scim_group *groups, size_t n)
{
    struct scim_sql_members_of *rows;
    json_t **lists = arena_array(r->arena, json_t *, n + 1);
    for (size_t i = 0; i < n; i++)
        lists[i] = json_array();
    size_t count = n ? scim_sql_members_of(r->db, numbers(r->arena, groups, n), &rows) : 0;
    for (size_t i = 0, g = 0; i < count; i++) { /* those of one group stand together */
        for (size_t k = 0; k < n && groups[g].id != rows[i].group_id; k++)
            g = (g + 1) % n;
        put_member(r, lists[g], &rows[i]);
    }
    return lists;
}

json_t *scim_group_json(struct request *r, const struct scim_group *g, bool members)
{
    json_t *all = base_json(r, g);
    if (members) json_object_set_new(all, "members", *members_of(r, g, 1));
    return all;
}

/* How many of these groups make one answer: a page ends before its members become too many, and the next one begins where it
 * ended. */
static size_t fitting(struct request *r, const struct scim_group *groups, size_t n)
{
    struct scim_sql_member_counts *counts;
    int64_t shown = 0;
    size_t count = n ? scim_sql_member_counts(r->db, numbers(r->arena, groups, n), &counts) : 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < count; k++)
            if (counts[k].group_id == groups[i].id) shown += counts[k].n;
        if (i && shown > MEMBERS_MOST) return i;
    }
    return n;
}

void scim_groups_get(struct request *r)
{
    const struct scim_list_form *f = r->form;
    struct scim_asked asked;
    struct scim_sql_group *rows = NULL;
    const char *problem = NULL;
    int64_t total, organisation = scim_organisation(r);
    bool members = scim_selects(f->attributes, f->excludedAttributes, "members");
    if (!organisation || !scim_asked(r, organisation, members ? GROUP_PAGE : SCIM_PAGE, &asked))
        return;
    size_t n = scim_query(r->db, &query, &asked, &total, &rows, &problem);
    if (problem) {
        scim_fail(r, 400, "invalidFilter", R_(problem));
        return;
    }
    struct scim_group *groups = arena_array(r->arena, struct scim_group, n + 1);
    for (size_t i = 0; i < n; i++)
        groups[i] = group_of(&rows[i]);
    if (members) n = fitting(r, groups, n);
    json_t **lists = members ? members_of(r, groups, n) : NULL;
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *one = base_json(r, &groups[i]);
        if (members) json_object_set_new(one, "members", lists[i]);
        scim_select(one, f->attributes, f->excludedAttributes);
        json_array_append_new(list, one);
    }
    scim_answer_list(r, list, total, asked.skip + 1);
}

void scim_group_get(struct request *r)
{
    const struct scim_one_form *f = r->form;
    struct scim_group g;
    int64_t organisation = scim_organisation(r);
    if (!organisation || !scim_find_group(r, organisation, f->id, &g) ||
        scim_is_known(r, g.version))
        return;
    bool members = scim_selects(f->attributes, f->excludedAttributes, "members");
    scim_answer(r, 200, scim_group_json(r, &g, members), g.version);
}

/* --- what a group stands for ---------------------------------------------------------------------------------------------- */

static struct str pattern(struct arena *a, struct str folded)
{
    char *out = arena_alloc(a, 2 * folded.n + 2);
    size_t n = 0;
    for (size_t i = 0; i < folded.n; i++) {
        if (strchr("%_\\", folded.p[i])) out[n++] = '\\';
        out[n++] = folded.p[i];
    }
    out[n++] = '%';
    return (struct str){ out, n };
}

/* By the administration's code, or by a whole name that only one has; DB_NULL: none. */
static int64_t target_of(struct request *r, int64_t organisation, struct str name,
                         struct str external)
{
    struct organisation o;
    struct scim_sql_is_below below;
    struct scim_sql_named *rows;
    struct str folded = utf8_fold(r->arena, name);
    if (external.p && organisation_find_by_code(r->db, external, &o) && o.id != organisation &&
        scim_sql_is_below(r->db, o.id, organisation, &below))
        return o.id;
    int64_t found = DB_NULL;
    size_t n = scim_sql_named(r->db, organisation, pattern(r->arena, folded), &rows);
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(utf8_fold(r->arena, rows[i].name), folded)) continue;
        if (found != DB_NULL) return DB_NULL;
        found = rows[i].id;
    }
    return found;
}

/* Leaves the school, unless another group says they belong there. */
static void leave(struct request *r, const struct scim_group *g, int64_t person)
{
    struct scim_sql_other_target other;
    if (g->target != DB_NULL && !scim_sql_other_target(r->db, person, g->id, g->target, &other))
        scim_part(r, g->target, person);
}

bool scim_group_rename(struct request *r, int64_t organisation, struct scim_group *g,
                       struct str name, struct str external)
{
    struct scim_sql_group_by_key a;
    struct scim_sql_group_by_external b;
    struct scim_sql_members *rows;
    struct str key = utf8_casefold(r->arena, name);
    if (scim_sql_group_by_key(r->db, organisation, key, &a) && a.id != g->id)
        scim_fail(r, 409, "uniqueness", R_(N_("Another group has this displayName.")));
    else if (external.p && scim_sql_group_by_external(r->db, organisation, external, &b) &&
             b.id != g->id)
        scim_fail(r, 409, "uniqueness", R_(N_("Another group has this externalId.")));
    if (!http_ok(r)) return false;
    int64_t target = target_of(r, organisation, name, external);
    if (g->version == 0)
        scim_sql_add_group(r->db, g->id, organisation, name, key, external, r->now);
    else scim_sql_change_group(r->db, g->id, name, key, external, r->now);
    g->display_name = name;
    g->external_id = external;
    g->version++;
    g->changed_at = r->now;
    if (target == g->target) return true;
    size_t n = scim_sql_members(r->db, g->id, &rows);
    for (size_t i = 0; i < n; i++)
        if (rows[i].active) leave(r, g, rows[i].person_id);
    scim_sql_drop_target(r->db, g->id);
    if (target != DB_NULL) scim_sql_set_target(r->db, g->id, target);
    g->target = target;
    for (size_t i = 0; i < n && target != DB_NULL; i++)
        if (rows[i].active) scim_join(r, target, rows[i].person_id);
    return true;
}

/* --- members ----------------------------------------------------------------------------------------------------------------- */

bool scim_group_members(struct request *r, const json_t *list, struct str **ret, size_t *ret_n,
                        struct scim_problem *p)
{
    size_t i, n = json_is_array(list) ? json_array_size(list) : list ? 1 : 0;
    if (n > MEMBERS_MOST) {
        *p = (struct scim_problem){ "tooMany", N_("That is too many members in one request.") };
        return false;
    }
    *ret = arena_array(r->arena, struct str, n + 1);
    for (i = 0; i < n; i++) {
        const json_t *one = json_is_array(list) ? json_array_get(list, i) : list;
        const json_t *value = json_is_object(one) ? scim_member(one, "value") : one;
        if (!json_is_string(value)) {
            *p = (struct scim_problem){ "invalidValue", N_("A member is an object with the id of a "
                                                           "user as its value.") };
            return false;
        }
        (*ret)[i] = (struct str){ json_string_value(value), json_string_length(value) };
    }
    *ret_n = n;
    return true;
}

bool scim_group_add(struct request *r, int64_t organisation, const struct scim_group *g,
                    struct str user)
{
    int64_t id;
    struct scim_sql_user u;
    if (!id_parse(user, &id) || !scim_sql_user(r->db, organisation, id, &u)) {
        scim_fail(r, 400, "invalidValue", R_(N_("A member is no user of this directory.")));
        return false;
    }
    if (scim_sql_add_member(r->db, g->id, id) == 1 && u.active && g->target != DB_NULL)
        scim_join(r, g->target, u.person_id);
    return true;
}

void scim_group_remove(struct request *r, const struct scim_group *g, int64_t user)
{
    struct scim_sql_member m;
    if (!scim_sql_member(r->db, g->id, user, &m)) return;
    scim_sql_drop_member(r->db, g->id, user);
    if (m.active) leave(r, g, m.person_id);
}

void scim_group_clear(struct request *r, const struct scim_group *g)
{
    struct scim_sql_members *rows;
    size_t n = scim_sql_members(r->db, g->id, &rows);
    scim_sql_drop_members(r->db, g->id);
    for (size_t i = 0; i < n; i++)
        if (rows[i].active) leave(r, g, rows[i].person_id);
}
