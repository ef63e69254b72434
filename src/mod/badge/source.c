/* Where the verifier finds documents: ours come straight from the database, never through our own front door. */
#include "base/id.h"
#include "mod/badge/fetch.h"
#include "mod/badge/inside.h"

/* One of our assertions, by the address that is written in it: also one from before the site moved. */
static bool find_assertion(struct badge_own_source *own, struct str address, struct str origin,
                           struct str path, struct badge_sql_published *ret)
{
    int64_t id;
    if (!str_starts(path, S(OB_ASSERTION_PATH))) return false;
    if (!id_parse(str_sub(path, sizeof OB_ASSERTION_PATH - 1, path.n), &id)) return false;
    if (!badge_sql_published(own->db, id, ret) || !str_eq(ret->address, address)) return false;
    own->known_origin = origin;
    return true;
}

static enum source_answer find_own(struct badge_own_source *own, struct arena *a, struct str origin,
                                   struct str path, struct str *ret_body)
{
    struct ob_issuer issuer = badge_issuer;
    issuer.origin = origin;
    if (str_is(path, OB_ISSUER_PATH)) {
        *ret_body = ob_text(a, ob_issuer_json(a, &issuer));
        return SOURCE_FOUND;
    }
    struct badge_sql_class row;
    if (!str_starts(path, S(OB_CLASS_PATH))) return SOURCE_ABSENT;
    if (!badge_sql_class(own->db, str_sub(path, sizeof OB_CLASS_PATH - 1, path.n), &row))
        return SOURCE_ABSENT;
    struct ob_class class = badge_ob_class(&row);
    *ret_body = ob_text(a, ob_class_json(a, &issuer, &class));
    return SOURCE_FOUND;
}

static enum source_answer find(void *context, struct arena *a, struct str address,
                               struct str *ret_body, bool *ret_ours)
{
    struct badge_own_source *own = context;
    struct str origin = badge_origin_of(address), path = str_sub(address, origin.n, address.n);
    struct badge_sql_published row;
    *ret_ours = true;
    if (find_assertion(own, address, origin, path, &row)) {
        *ret_body = row.reason.p ? ob_text(a, ob_revoked_json(row.address, row.reason)) : row.body;
        return row.reason.p ? SOURCE_GONE : SOURCE_FOUND;
    }
    if (db_failed(own->db)) return SOURCE_UNREACHABLE;
    if (str_eq(origin, badge_issuer.origin) ||
        (own->known_origin.p && str_eq(origin, own->known_origin)))
        return find_own(own, a, origin, path, ret_body);
    *ret_ours = false;
    return own->remote ? badge_fetch(a, address, own->anywhere, ret_body) : SOURCE_UNREACHABLE;
}

struct badge_source badge_own_source(struct badge_own_source *own)
{
    return (struct badge_source){ .find = find, .context = own };
}
