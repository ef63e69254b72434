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
/* The codes of kinds one by one: NULL behind the last; and what people read for one (a msgid). */
const char *organisation_kind(size_t i);
const char *organisation_kind_label(struct str kind);
/* In a transaction: new name, code, place and website of o->id; false when another has the code. */
bool organisation_change(struct db *db, const struct organisation *o);
/* In a transaction: it exists no more, its code is free. False while something lies below it or somebody belongs to it. */
bool organisation_close(struct db *db, int64_t id, int64_t now);

/* Those directly below one. */
size_t organisation_below(struct db *db, int64_t id, struct organisation **ret);
/* In a transaction: it became a part of another. What lay below must have moved; memberships may stay with it. */
void organisation_retire(struct db *db, int64_t id, int64_t now);
/* In a transaction: it exists again; false when another has its code, or its place in the tree is gone. */
bool organisation_revive(struct db *db, int64_t id, struct str code, int64_t parent_id);

/* A person's membership. */
struct organisation_membership {
    int64_t id, organisation_id;
    struct str name, kind, role;
    int64_t starts_at, ends_at; /* ends_at: the first moment without it, DB_NULL: no end */
};
/* In a transaction: gives a role in an organisation, or changes its dates. ends_at: DB_NULL for no end. */
void organisation_add_member(struct db *db, int64_t organisation_id, int64_t person_id,
                             struct str role, int64_t starts_at, int64_t ends_at);
/* The dates of one; false when there is none. */
bool organisation_find_member(struct db *db, int64_t organisation_id, int64_t person_id,
                              struct str role, int64_t *ret_starts_at, int64_t *ret_ends_at);
/* In a transaction: as if it had never been; for undoing. */
void organisation_remove_member(struct db *db, int64_t organisation_id, int64_t person_id,
                                struct str role);
/* Of a person, also those that are over. */
size_t organisation_memberships(struct db *db, int64_t person_id,
                                struct organisation_membership **ret);
/* The codes of roles one by one: NULL behind the last; and what people read for one (a msgid; NULL for what is none). */
const char *organisation_role(size_t i);
const char *organisation_role_label(struct str role);

extern const struct module organisation_module;

#endif
