/* What a directory says becomes memberships: joining, leaving one school, leaving everything of the organisation. A person's
 * account and what they learned are never touched: they are theirs. */
#include "access/audit.h"
#include "base/id.h"
#include "base/time.h"
#include "mod/scim/pages.h"

void scim_count(struct request *r, enum scim_act act)
{
    scim_sql_note_day(r->db, r->who.client_id, r->now / DAY_MS, act == SCIM_ADDED,
                      act == SCIM_CHANGED, act == SCIM_WITHDRAWN, 0, r->now);
}

void scim_audit(struct request *r, const char *act, const char *kind, int64_t id, json_t *before,
                json_t *after)
{
    json_t *all = after ? after : json_object();
    json_object_set_new(all, "program", json_stringn(r->who.name.p, r->who.name.n));
    audit_write(r, act, kind, id, before, all);
}

static json_t *place(struct request *r, int64_t organisation, struct str role)
{
    struct organisation o;
    json_t *all = json_object();
    if (organisation_find(r->db, organisation, &o))
        json_object_set_new(all, "organisation", json_stringn(o.name.p, o.name.n));
    json_object_set_new(all, "role", json_stringn(role.p, role.n));
    return all;
}

void scim_join(struct request *r, int64_t organisation, int64_t person)
{
    int64_t starts, ends;
    struct str role = S("member");
    if (organisation_find_member(r->db, organisation, person, role, &starts, &ends) &&
        (ends == DB_NULL || ends > r->now))
        return;
    organisation_add_member(r->db, organisation, person, role, r->now, DB_NULL);
    scim_audit(r, "member.added", "person", person, NULL, place(r, organisation, role));
}

static void end(struct request *r, int64_t organisation, int64_t person, struct str role,
                int64_t starts_at)
{
    organisation_add_member(r->db, organisation, person, role,
                            starts_at < r->now ? starts_at : r->now, r->now);
    scim_audit(r, "member.ended", "person", person, NULL, place(r, organisation, role));
}

void scim_part(struct request *r, int64_t organisation, int64_t person)
{
    int64_t starts, ends;
    struct str role = S("member");
    if (organisation_find_member(r->db, organisation, person, role, &starts, &ends) &&
        (ends == DB_NULL || ends > r->now))
        end(r, organisation, person, role, starts);
}

static void withdraw_roles(struct request *r, int64_t organisation, int64_t person)
{
    struct access_grant *grants;
    size_t n = access_grants(r->db, person, r->now, &grants);
    for (size_t i = 0; i < n; i++) {
        const struct access_grant *g = &grants[i];
        struct scim_sql_is_below below;
        if (g->derived || !str_is(g->scope.kind, "organisation") ||
            !scim_sql_is_below(r->db, g->scope.id, organisation, &below) ||
            !access_withdraw(r->db, person, g->role, g->scope))
            continue;
        scim_audit(r, "role.withdrawn", "person", person,
                   place(r, g->scope.id, str_from(role_name(g->role))), NULL);
    }
}

void scim_withdraw(struct request *r, int64_t organisation, int64_t person)
{
    struct scim_sql_belongs_below *rows;
    struct scim_sql_kept_elsewhere kept;
    size_t n = scim_sql_belongs_below(r->db, organisation, person, r->now, &rows);
    for (size_t i = 0; i < n; i++)
        if (!scim_sql_kept_elsewhere(r->db, person, rows[i].organisation_id, organisation, &kept))
            end(r, rows[i].organisation_id, person, rows[i].role, rows[i].starts_at);
    withdraw_roles(r, organisation, person);
}

void scim_join_groups(struct request *r, int64_t user, int64_t person)
{
    struct scim_sql_targets_of *rows;
    size_t n = scim_sql_targets_of(r->db, user, &rows);
    for (size_t i = 0; i < n; i++)
        scim_join(r, rows[i].organisation_id, person);
}
