/* Challenges and keys: see passkey.h. */
#include "access/passkey.h"

#include <sodium.h>

#include "access/audit.h"
#include "access/webauthn.h"
#include "access_sql.h"
#include "base/id.h"
#include "base/rand.h"
#include "base/time.h"

#define CHALLENGE_LIFE (5 * MINUTE_MS)
enum { HANDLE = 32, VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

static const char *const purposes[] = { "enter", "second", "add" };

/* --- bytes and texts ------------------------------------------------------------------------------------------------ */

static struct str base64(struct arena *a, struct str bytes)
{
    size_t room = sodium_base64_encoded_len(bytes.n, VARIANT);
    char *out = arena_alloc(a, room);
    sodium_bin2base64(out, room, (const unsigned char *)bytes.p, bytes.n, VARIANT);
    return str_from(out);
}

static bool bytes_of(struct arena *a, struct str text, struct str *ret)
{
    size_t n, room = text.n / 4 * 3 + 3;
    unsigned char *out = arena_alloc(a, room);
    if (!text.n || sodium_base642bin(out, room, text.p, text.n, NULL, &n, NULL, VARIANT) != 0)
        return false;
    *ret = (struct str){ (const char *)out, n };
    return true;
}

static struct str random_bytes(struct arena *a, size_t n)
{
    char *out = arena_alloc(a, n);
    rand_bytes(out, n);
    return (struct str){ out, n };
}

/* --- lists ---------------------------------------------------------------------------------------------------------- */

bool access_passkeys_possible(const struct request *r)
{
    struct webauthn_site site;
    return webauthn_site(http_public_url(r), &site);
}

size_t access_passkeys(struct db *db, int64_t person_id, struct passkey **ret)
{
    struct access_sql_passkeys_of *rows;
    size_t n = access_sql_passkeys_of(db, person_id, &rows);
    *ret = arena_array(db_arena(db), struct passkey, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = (struct passkey){ .id = rows[i].id,
                                      .made_at = rows[i].made_at,
                                      .used_at = rows[i].used_at,
                                      .name = rows[i].name,
                                      .synced = rows[i].synced };
    return n;
}

int64_t access_passkey_count(struct db *db, int64_t person_id)
{
    struct access_sql_passkey_count c = { 0 };
    access_sql_passkey_count(db, person_id, &c);
    return c.n;
}

/* --- challenges ------------------------------------------------------------------------------------------------------ */

static json_t *text(struct arena *a, struct str bytes)
{
    struct str s = base64(a, bytes);
    return json_stringn(s.p, s.n);
}

static json_t *known_keys(struct request *r, int64_t person_id)
{
    struct access_sql_passkeys_of *rows;
    size_t n = person_id ? access_sql_passkeys_of(r->db, person_id, &rows) : 0;
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_pack("{s:s, s:o}", "type", "public-key", "id",
                                              text(r->arena, rows[i].credential)));
    return list;
}

static struct str handle_of(struct request *r, int64_t person_id)
{
    struct access_sql_passkey_handle known;
    if (access_sql_passkey_handle(r->db, person_id, &known)) return known.handle;
    struct str fresh = random_bytes(r->arena, HANDLE);
    access_sql_add_passkey_handle(r->db, person_id, fresh);
    return fresh;
}

json_t *access_passkey_begin(struct request *r, enum passkey_purpose purpose, int64_t person_id,
                             struct str label)
{
    struct webauthn_site site;
    struct arena *a = r->arena;
    struct str browser = access_browser(r), challenge = random_bytes(a, WEBAUTHN_CHALLENGE);
    if (!webauthn_site(http_public_url(r), &site)) return json_object();
    /* a browser that has a secret keeps it: half a session hangs on it */
    if (!browser.p) browser = access_begin_visit(r);
    access_sql_drop_old_challenges(r->db, r->now);
    access_sql_add_challenge(r->db, access_hash_token(a, base64(a, challenge)), browser,
                             str_from(purposes[purpose]), person_id ? person_id : DB_NULL,
                             r->now + CHALLENGE_LIFE);
    json_t *keys = known_keys(r, person_id);
    json_t *options = json_pack("{s:o, s:I, s:s}", "challenge", text(a, challenge), "timeout",
                                (json_int_t)CHALLENGE_LIFE, "userVerification",
                                purpose == PASSKEY_SECOND ? "preferred" : "required");
    if (purpose != PASSKEY_ADD) {
        json_object_set_new(options, "rpId", json_stringn(site.id.p, site.id.n));
        json_object_set_new(options, "allowCredentials", keys);
        return options;
    }
    json_object_set_new(options, "excludeCredentials", keys);
    json_object_set_new(options, "attestation", json_string("none"));
    json_object_set_new(options, "rp",
                        json_pack("{s:s%, s:s}", "id", site.id.p, site.id.n, "name", "eduLAB"));
    json_object_set_new(options, "user",
                        json_pack("{s:o, s:s%, s:s%}", "id", text(a, handle_of(r, person_id)),
                                  "name", label.p, label.n, "displayName", label.p, label.n));
    json_object_set_new(options, "pubKeyCredParams",
                        json_pack("[{s:s, s:i}, {s:s, s:i}, {s:s, s:i}]", "type", "public-key",
                                  "alg", -8, "type", "public-key", "alg", -7, "type", "public-key",
                                  "alg", -257));
    json_object_set_new(options, "authenticatorSelection",
                        json_pack("{s:s, s:b, s:s}", "residentKey", "required",
                                  "requireResidentKey", 1, "userVerification", "required"));
    return options;
}

/* Uses the challenge up that the answer is about. NULL: it was ours, for this browser, act and person, and in time. */
static const char *take_challenge(struct request *r, struct str challenge,
                                  enum passkey_purpose purpose, int64_t person_id)
{
    struct access_sql_challenge c;
    struct str hash = access_hash_token(r->arena, challenge), browser = access_browser(r);
    if (!access_sql_challenge(r->db, hash, &c)) return "challenge unknown or used";
    if (access_sql_drop_challenge(r->db, hash) != 1) return "challenge used";
    if (c.expires_at <= r->now) return "challenge too old";
    if (!browser.p || !str_eq_secret(browser, c.browser_hash)) return "challenge of a browser";
    if (!str_is(c.purpose, purposes[purpose])) return "challenge for another act";
    if (c.person_id != (person_id ? person_id : DB_NULL)) return "challenge of another person";
    return NULL;
}

static const char *read_client(struct request *r, const struct passkey_answer *answer,
                               enum passkey_purpose purpose, int64_t person_id,
                               struct webauthn_site *ret_site, struct str *ret_client)
{
    struct str challenge = S("");
    if (!webauthn_site(http_public_url(r), ret_site)) return "no passkeys at this address";
    if (!bytes_of(r->arena, answer->client, ret_client)) return "client data is no base64url";
    const char *why = webauthn_client(r->arena, *ret_client,
                                      purpose == PASSKEY_ADD ? "webauthn.create" : "webauthn.get",
                                      ret_site, &challenge);
    return why ? why : take_challenge(r, challenge, purpose, person_id);
}

static bool refuse(struct request *r, const char *why)
{
    http_explain(r, arena_printf(r->arena, "passkey: %s", why).p);
    return false;
}

/* --- answers --------------------------------------------------------------------------------------------------------- */

/* What the key itself must fit, once the browser's part does. */
static const char *check_key(struct request *r, const struct passkey_answer *answer,
                             const struct webauthn_site *site, struct str client, int64_t person_id,
                             int64_t *ret_person)
{
    struct access_sql_passkey k;
    struct webauthn_facts facts;
    struct str id, data, signature, handle = STR_NONE;
    if (!bytes_of(r->arena, answer->cle, &id) || !bytes_of(r->arena, answer->donnees, &data) ||
        !bytes_of(r->arena, answer->signature, &signature))
        return "answer is no base64url";
    if (answer->personne.n && !bytes_of(r->arena, answer->personne, &handle))
        return "owner is no base64url";
    if (!access_sql_passkey(r->db, id, &k)) return "key unknown";
    if (person_id && k.person_id != person_id) return "key of another person";
    /* who has not said who they are is named by the authenticator, and must be whom we gave the key */
    if ((!person_id || handle.p) && !str_eq_secret(handle, k.handle)) return "key of another owner";
    const char *why = webauthn_signed(site,
                                      &(const struct webauthn_key){ .algorithm = k.algorithm,
                                                                    .credential = k.credential,
                                                                    .key = k.public_key },
                                      data, client, signature, &facts);
    if (why) return why;
    if (!person_id && !facts.verified) return "the authenticator did not recognise anybody";
    /* a counter that stands still or falls: there are two of this authenticator */
    if ((facts.count || k.sign_count) && facts.count <= k.sign_count) return "counter too low";
    if (access_sql_passkey_used(r->db, k.id, k.sign_count, facts.count, facts.synced, r->now) != 1)
        return "counter moved meanwhile";
    *ret_person = k.person_id;
    return NULL;
}

int64_t access_passkey_check(struct request *r, const struct passkey_answer *answer,
                             int64_t person_id)
{
    struct webauthn_site site;
    struct str client;
    int64_t person = 0;
    const char *why = read_client(r, answer, person_id ? PASSKEY_SECOND : PASSKEY_ENTER, person_id,
                                  &site, &client);
    if (!why) why = check_key(r, answer, &site, client, person_id, &person);
    if (why) refuse(r, why);
    return why ? 0 : person;
}

bool access_passkey_add(struct request *r, const struct passkey_answer *answer, struct str name)
{
    struct webauthn_site site;
    struct webauthn_key key;
    struct webauthn_facts facts;
    struct str client, data;
    int64_t me = r->who.person_id;
    const char *why = read_client(r, answer, PASSKEY_ADD, me, &site, &client);
    if (why) return refuse(r, why);
    if (!bytes_of(r->arena, answer->donnees, &data)) return refuse(r, "answer is no base64url");
    why = webauthn_new_key(r->arena, &site, data, &key, &facts);
    if (why) return refuse(r, why);
    if (!facts.verified) return refuse(r, "the authenticator did not recognise anybody");
    if (access_passkey_count(r->db, me) >= PASSKEYS_MAX) return refuse(r, "too many keys");
    if (access_sql_add_passkey(r->db,
                               &(struct access_sql_add_passkey_in){ .id = id_new(),
                                                                    .person = me,
                                                                    .credential = key.credential,
                                                                    .algorithm = key.algorithm,
                                                                    .key = key.key,
                                                                    .count = facts.count,
                                                                    .synced = facts.synced,
                                                                    .name = name,
                                                                    .now = r->now }) != 1)
        return refuse(r, "key known already");
    access_sql_session_strong(r->db, r->who.session_id);
    audit_write(r, "passkey.added", "person", me, NULL, NULL);
    return true;
}

bool access_passkey_rename(struct db *db, int64_t person_id, int64_t id, struct str name)
{
    return access_sql_rename_passkey(db, person_id, id, name) == 1;
}

bool access_passkey_drop(struct request *r, int64_t id, struct str *ret_name)
{
    struct access_sql_passkey_name k;
    int64_t me = r->who.person_id;
    if (!access_sql_passkey_name(r->db, me, id, &k) || access_sql_drop_passkey(r->db, me, id) != 1)
        return false;
    *ret_name = k.name;
    audit_write(r, "passkey.removed", "person", me, NULL, NULL);
    return true;
}

void access_passkeys_drop(struct db *db, int64_t person_id, int64_t since)
{
    access_sql_drop_passkeys_since(db, person_id, since);
    access_sql_drop_challenges(db, person_id);
    if (!since) access_sql_drop_passkey_handle(db, person_id);
}
