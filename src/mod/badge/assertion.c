/* Writing Open Badges 2.0 documents. The field names are those of the specification. */
#include "mod/badge/assertion.h"

#include <sodium.h>

#include "base/id.h"
#include "base/rand.h"
#include "base/time.h"
#include "mod/competence/competence.h"

#define DIGCOMPEDU_PAGE "https://joint-research-centre.ec.europa.eu/digcompedu_en"

static json_t *text(struct str s)
{
    return json_stringn_nocheck(s.p ? s.p : "", s.n);
}

static json_t *address(struct arena *a, const struct ob_issuer *issuer, const char *path,
                       struct str tail)
{
    return text(arena_printf(a, "%.*s%s%.*s", STR(issuer->origin), path, STR(tail)));
}

static json_t *document(const char *type, json_t *id)
{
    json_t *o = json_object();
    json_object_set_new(o, "@context", json_string(OB_CONTEXT));
    json_object_set_new(o, "type", json_string(type));
    json_object_set_new(o, "id", id);
    return o;
}

json_t *ob_issuer_json(struct arena *a, const struct ob_issuer *issuer)
{
    json_t *o = document("Issuer", address(a, issuer, OB_ISSUER_PATH, STR_NONE));
    json_object_set_new(o, "name", text(issuer->name));
    json_object_set_new(o, "url", text(issuer->origin));
    if (issuer->email.n) json_object_set_new(o, "email", text(issuer->email));
    json_object_set_new(o, "revocationList", address(a, issuer, OB_REVOCATION_PATH, STR_NONE));
    return o;
}

static json_t *alignment(enum lang lang, const struct competence *c)
{
    json_t *o = json_object();
    json_object_set_new(o, "targetName", text(lang_text(lang, c->name)));
    json_object_set_new(o, "targetUrl", json_string(DIGCOMPEDU_PAGE));
    json_object_set_new(o, "targetFramework", json_string("DigCompEdu"));
    json_object_set_new(o, "targetCode", json_string(c->code));
    return o;
}

json_t *ob_class_json(struct arena *a, const struct ob_issuer *issuer, const struct ob_class *c)
{
    json_t *o = document("BadgeClass", address(a, issuer, OB_CLASS_PATH, c->slug));
    json_object_set_new(o, "@language", json_string(lang_code(c->lang)));
    json_object_set_new(o, "name", text(c->name));
    json_object_set_new(o, "description", text(c->criteria));
    json_object_set_new(
        o, "image",
        text(arena_printf(a, "%.*s/badges/%.*s/medaillon.png", STR(issuer->origin), STR(c->slug))));
    json_t *criteria = json_object();
    json_object_set_new(criteria, "id", address(a, issuer, "/badges/", c->slug));
    json_object_set_new(criteria, "narrative", text(c->criteria));
    json_object_set_new(o, "criteria", criteria);
    json_t *tags = json_array(), *alignments = json_array();
    if (c->programme.n) json_array_append_new(tags, text(c->programme));
    for (int i = 0; i < COMPETENCES; i++) {
        if (!(c->competences >> i & 1)) continue;
        json_array_append_new(alignments, alignment(c->lang, &competences[i]));
        json_array_append_new(tags, text(arena_printf(a, "DigCompEdu %s", competences[i].code)));
    }
    json_object_set_new(o, "tags", tags);
    json_object_set_new(o, "alignment", alignments);
    json_object_set_new(o, "issuer", address(a, issuer, OB_ISSUER_PATH, STR_NONE));
    return o;
}

json_t *ob_assertion_json(struct arena *a, const struct ob_issuer *issuer, struct str class_slug,
                          const struct ob_assertion *assertion)
{
    char id[ID_TEXT + 1], when[TIME_RFC3339 + 1];
    id_format(assertion->id, id);
    time_rfc3339(assertion->issued_at, when);
    json_t *o = document("Assertion", address(a, issuer, OB_ASSERTION_PATH, str_from(id)));
    json_t *recipient = json_object();
    json_object_set_new(recipient, "type", json_string("email"));
    json_object_set_new(recipient, "hashed", json_true());
    json_object_set_new(recipient, "salt", text(assertion->salt));
    json_object_set_new(recipient, "identity",
                        text(ob_identity(a, assertion->email, assertion->salt)));
    json_object_set_new(o, "recipient", recipient);
    json_object_set_new(o, "badge", address(a, issuer, OB_CLASS_PATH, class_slug));
    json_object_set_new(
        o, "image",
        text(arena_printf(a, "%.*s/badges/attestation/%s/badge.png", STR(issuer->origin), id)));
    json_t *verification = json_object();
    json_object_set_new(verification, "type", json_string("HostedBadge"));
    json_object_set_new(o, "verification", verification);
    json_object_set_new(o, "issuedOn", json_string(when));
    if (assertion->evidence.p) {
        json_t *evidence = json_object();
        json_object_set_new(evidence, "narrative", text(assertion->evidence));
        json_object_set_new(o, "evidence", evidence);
    }
    return o;
}

json_t *ob_revoked_json(struct str id, struct str reason)
{
    json_t *o = document("Assertion", text(id));
    json_object_set_new(o, "revoked", json_true());
    json_object_set_new(o, "revocationReason", text(reason));
    return o;
}

struct str ob_text(struct arena *a, json_t *value)
{
    char *dump = json_dumps(value, JSON_COMPACT | JSON_ENSURE_ASCII);
    json_decref(value);
    if (!dump) abort(); /* only without memory: every text put in is valid UTF-8 */
    arena_cleanup(a, free, dump);
    return str_from(dump);
}

struct str ob_salt(struct arena *a)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
    unsigned char bytes[BADGE_SALT];
    char *salt = arena_alloc(a, BADGE_SALT + 1);
    rand_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < BADGE_SALT; i++)
        salt[i] = alphabet[bytes[i] & 31];
    return (struct str){ salt, BADGE_SALT };
}

struct str ob_email(struct arena *a, struct str email)
{
    struct str trimmed = str_trim(email);
    char *lower = arena_cstr(a, trimmed);
    for (size_t i = 0; i < trimmed.n; i++)
        if (lower[i] >= 'A' && lower[i] <= 'Z') lower[i] = (char)(lower[i] | 0x20);
    return (struct str){ lower, trimmed.n };
}

struct str ob_identity(struct arena *a, struct str email, struct str salt)
{
    unsigned char sum[crypto_hash_sha256_BYTES];
    char hex[2 * sizeof sum + 1];
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)(email.p ? email.p : ""), email.n);
    crypto_hash_sha256_update(&state, (const unsigned char *)(salt.p ? salt.p : ""), salt.n);
    crypto_hash_sha256_final(&state, sum);
    sodium_bin2hex(hex, sizeof hex, sum, sizeof sum);
    return arena_printf(a, "sha256$%s", hex);
}
