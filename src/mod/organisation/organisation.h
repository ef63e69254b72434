/* Organisations and who belongs to them, for other modules. */
#ifndef EDULAB_MOD_ORGANISATION_H
#define EDULAB_MOD_ORGANISATION_H

#include "module.h"

struct organisation {
    int64_t id, parent_id; /* parent_id: DB_NULL for a root */
    struct str kind, name, code, place, website;
    bool sample;
};

/* False when there is none, or it is closed. */
bool organisation_find(struct db *db, int64_t id, struct organisation *ret);
/* By the administration's number. */
bool organisation_find_by_code(struct db *db, struct str code, struct organisation *ret);
/* In a transaction: adds it below its parent, with an id of its own when o->id is 0; returns the id, 0 when the code is
 * taken or the parent does not suit. */
int64_t organisation_add(struct db *db, const struct organisation *o, int64_t now);
/* In a transaction: moves it with all below it. False when that cannot be: below itself, or a parent that does not suit. */
bool organisation_move(struct db *db, int64_t id, int64_t parent_id);
/* What may lie below what; parent STR_NONE: a root. */
bool organisation_suits(struct str kind, struct str parent);
/* A msgid. */
const char *organisation_kind_label(struct str kind);

/* A person's membership. */
struct organisation_membership {
    int64_t id, organisation_id;
    struct str name, kind, role;
    int64_t starts_at, ends_at; /* ends_at: the first moment without it, DB_NULL: no end */
};
/* In a transaction: gives a role in an organisation, or changes its dates. ends_at: DB_NULL for no end. */
void organisation_add_member(struct db *db, int64_t organisation_id, int64_t person_id,
                             struct str role, int64_t starts_at, int64_t ends_at);
/* Of a person, also those that are over. */
size_t organisation_memberships(struct db *db, int64_t person_id,
                                struct organisation_membership **ret);
/* A msgid; NULL for what is no role. */
const char *organisation_role_label(struct str role);

extern const struct module organisation_module;

#endif
