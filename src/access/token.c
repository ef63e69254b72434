/* From a bearer token to who asks. */
#include "access/token.h"

#include "access/roles.h"
#include "access_sql.h"
#include "base/time.h"

/* Written so seldom that a busy program costs no writes; "last used" is good to ten minutes. */
#define USE_NOTED_EVERY (10 * MINUTE_MS)

enum { KIND_LENGTH = 4, KEY_LENGTH = KIND_LENGTH + 43 };

/* --- scopes -------------------------------------------------------------------------------------------------- */

struct token_rights rights_parse(struct str words)
{
    struct token_rights s = { 0 };
    while (words.n) {
        struct str word = str_cut(&words, ' ');
        if (str_is(word, "read")) s.read = true;
        if (str_is(word, "write")) s.write = true;
        struct access_permission p;
        for (size_t i = 0; access_permission(i, &p); i++)
            if (str_is(word, p.name)) s.permissions |= p.bit;
    }
    return s;
}

struct str rights_text(struct arena *a, struct token_rights s)
{
    struct buf b = BUF_INIT(8 * KIB);
    if (s.read) buf_lit(&b, "read");
    if (s.write) buf_printf(&b, "%swrite", b.n ? " " : "");
    struct access_permission p;
    for (size_t i = 0; access_permission(i, &p); i++)
        if (s.permissions & p.bit) buf_printf(&b, "%s%s", b.n ? " " : "", p.name);
    struct str text = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return text;
}

struct token_rights rights_both(struct token_rights a, struct token_rights b)
{
    return (struct token_rights){ .read = a.read && b.read,
                                  .write = a.write && b.write,
                                  .permissions = a.permissions & b.permissions };
}

/* --- recognising ----------------------------------------------------------------------------------------------- */

struct str access_new_key(struct arena *a, const char *kind, struct str *ret_hash)
{
    struct str unused;
    struct str key = arena_printf(a, "%s%.*s", kind, STR(access_new_token(a, &unused)));
    *ret_hash = access_hash_token(a, key);
    return key;
}

struct str access_bearer(const struct request *r)
{
    struct str header = http_header(r, "Authorization");
    struct str scheme = str_cut(&header, ' ');
    return str_eq_nocase(scheme, S("Bearer")) ? str_trim(header) : STR_NONE;
}

struct note {
    struct db_change change;
    void (*fn)(struct db *db, int64_t id, int64_t now);
    int64_t id, now;
};

static bool note_apply(struct db *db, struct db_change *change)
{
    const struct note *note = change->context;
    note->fn(db, note->id, note->now);
    return true;
}

static void note_done(struct db_change *change, enum db_outcome outcome)
{
    (void)outcome; /* the next use notes it again */
    arena_destroy(change->arena);
}

void access_note(struct request *r, void (*fn)(struct db *db, int64_t id, int64_t now), int64_t id)
{
    struct arena *arena = arena_create();
    struct note *note = arena_new(arena, struct note);
    *note = (struct note){ .fn = fn, .id = id, .now = r->now };
    note->change = (struct db_change){
        .apply = note_apply, .done = note_done, .arena = arena, .context = note
    };
    db_change_submit(http_database(r), &note->change);
}

static void note_use(struct db *db, int64_t token_id, int64_t now)
{
    access_sql_token_used(db, token_id, now, now - USE_NOTED_EVERY);
    access_sql_owner_seen(db, token_id, now / DAY_MS); /* of a person's own */
}

static void refuse(struct request *r)
{
    http_fail(r, 401,
              R_(N_("This access token is not valid: it may have expired or been revoked.")));
    http_header_set(r, "WWW-Authenticate", S("Bearer realm=\"edulab\", error=\"invalid_token\""));
}

void access_identify_bearer(struct request *r, struct str bearer)
{
    struct access_sql_token_of t;
    if (bearer.n != KEY_LENGTH ||
        !access_sql_token_of(r->db, access_hash_token(r->arena, bearer), r->now, &t)) {
        refuse(r);
        return;
    }
    bool personal = t.person_id != DB_NULL;
    struct token_rights scopes = rights_parse(t.scopes);
    if (personal) {
        lang_from_code(t.lang, &r->lang);
    } else {
        scopes = rights_both(scopes, rights_parse(t.client_scopes));
    }
    r->who = (struct who){ .person_id = personal ? t.person_id : 0,
                           .client_id = personal ? 0 : t.client_id,
                           .organisation_id = t.organisation_id == DB_NULL ? 0 : t.organisation_id,
                           .token_id = t.id,
                           .token_reads = scopes.read,
                           .token_writes = scopes.write,
                           .name = personal ? t.person_name : t.client_name,
                           .email = t.email,
                           .token_permissions = scopes.permissions,
                           .permissions = scopes.permissions };
    if (personal)
        r->who.permissions &=
            access_permissions(ROLE_LEARNER) | roles_everywhere(r->db, t.person_id, r->now, true);
    if (t.last_used_at == DB_NULL || t.last_used_at < r->now - USE_NOTED_EVERY)
        access_note(r, note_use, t.id);
}

void access_tokens_drop(struct db *db, int64_t person_id, int64_t since)
{
    access_sql_drop_tokens_since(db, person_id, since);
}
