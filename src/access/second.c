/* Codes, halves and rules: see second.h. */
#include "access/second.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include "access/audit.h"
#include "access/sessions.h"
#include "access_sql.h"
#include "base/rand.h"
#include "base/time.h"

enum {
    SECRET = 20, /* bytes, as RFC 4226 asks */
    SEALED = crypto_secretbox_NONCEBYTES + SECRET + crypto_secretbox_MACBYTES,
    DRIFT = 1, /* steps a phone's clock may be off */
    TRIES = 5,
    CODE_CHARS = 12
};
#define HALF_LIFE (10 * MINUTE_MS)

static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567"; /* RFC 4648 base32 */

/* --- the code ------------------------------------------------------------------------------------------------------- */

void totp_code(const unsigned char *secret, size_t n, int64_t step, char ret[7])
{
    unsigned char counter[8], mac[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    for (int i = 0; i < 8; i++)
        counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
    if (!HMAC(EVP_sha1(), secret, (int)n, counter, sizeof counter, mac, &size)) abort();
    const unsigned char *at = mac + (mac[size - 1] & 15);
    uint32_t value =
        ((uint32_t)(at[0] & 127) << 24) | ((uint32_t)at[1] << 16) | ((uint32_t)at[2] << 8) | at[3];
    snprintf(ret, 7, "%06u", value % 1000000);
}

static void seal(const unsigned char secret[SECRET], unsigned char ret[SEALED])
{
    unsigned char key[32];
    access_key("second factor seal", key);
    rand_bytes(ret, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(ret + crypto_secretbox_NONCEBYTES, secret, SECRET, ret, key);
    sodium_memzero(key, sizeof key);
}

static bool unseal(struct str sealed, unsigned char ret[SECRET])
{
    unsigned char key[32];
    if (sealed.n != SEALED) return false;
    const unsigned char *p = (const unsigned char *)sealed.p;
    access_key("second factor seal", key);
    int bad = crypto_secretbox_open_easy(ret, p + crypto_secretbox_NONCEBYTES,
                                         SEALED - crypto_secretbox_NONCEBYTES, p, key);
    sodium_memzero(key, sizeof key);
    return bad == 0;
}

static struct str base32(struct arena *a, const unsigned char *bytes, size_t n)
{
    char *out = arena_alloc(a, n * 8 / 5 + 2);
    size_t length = 0;
    uint32_t bits = 0;
    int have = 0;
    for (size_t i = 0; i < n; i++) {
        bits = (bits << 8) | bytes[i];
        for (have += 8; have >= 5; have -= 5)
            out[length++] = letters[bits >> (have - 5) & 31];
    }
    return (struct str){ out, length };
}

struct str access_totp_secret(struct db *db, int64_t person_id)
{
    struct access_sql_second s;
    unsigned char secret[SECRET];
    if (!access_sql_second(db, person_id, &s) || !unseal(s.secret, secret)) return STR_NONE;
    return base32(db_arena(db), secret, SECRET);
}

struct second_factor access_second_factor(struct db *db, int64_t person_id)
{
    struct access_sql_second s;
    struct access_sql_codes_left left = { 0 };
    if (!access_sql_second(db, person_id, &s)) return (struct second_factor){ 0 };
    access_sql_codes_left(db, person_id, &left);
    return (struct second_factor){ .totp = s.confirmed_at != DB_NULL,
                                   .begun = s.confirmed_at == DB_NULL,
                                   .since = s.confirmed_at,
                                   .codes_left = left.n };
}

/* --- setting up ------------------------------------------------------------------------------------------------------- */

void access_totp_begin(struct db *db, int64_t person_id, int64_t now)
{
    unsigned char secret[SECRET], sealed[SEALED];
    rand_bytes(secret, sizeof secret);
    seal(secret, sealed);
    access_sql_begin_second(db, person_id, (struct str){ (const char *)sealed, SEALED }, now);
    sodium_memzero(secret, sizeof secret);
}

/* The step whose code this is, later than `last`; -1: none. */
static int64_t step_of(struct str sealed, struct str code, int64_t last, int64_t now)
{
    unsigned char secret[SECRET];
    char right[7];
    int64_t found = -1;
    if (code.n != 6 || !unseal(sealed, secret)) return -1;
    for (int64_t step = now / TOTP_STEP_MS - DRIFT; step <= now / TOTP_STEP_MS + DRIFT; step++) {
        totp_code(secret, SECRET, step, right);
        if (str_eq_secret(code, str_from(right)) && step > last && found < 0) found = step;
    }
    sodium_memzero(secret, sizeof secret);
    return found;
}

/* Typed by people: spaces, hyphens and capitals do not matter. */
static struct str squeeze(struct arena *a, struct str code)
{
    char *out = arena_alloc(a, code.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c + 32);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out[n++] = c;
    }
    return (struct str){ out, n };
}

static struct str code_hash(struct arena *a, int64_t person_id, struct str squeezed)
{
    return access_hash_token(a, arena_printf(a, "%lld %.*s", (long long)person_id, STR(squeezed)));
}

void access_recovery_codes(struct db *db, int64_t person_id, struct str ret[RECOVERY_CODES])
{
    struct arena *a = db_arena(db);
    access_sql_drop_codes(db, person_id);
    for (int i = 0; i < RECOVERY_CODES; i++) {
        unsigned char bytes[CODE_CHARS];
        char text[CODE_CHARS];
        rand_bytes(bytes, sizeof bytes);
        for (int k = 0; k < CODE_CHARS; k++)
            text[k] = letters[bytes[k] & 31];
        access_sql_add_code(db, person_id,
                            code_hash(a, person_id, (struct str){ text, CODE_CHARS }));
        ret[i] = arena_printf(a, "%.4s-%.4s-%.4s", text, text + 4, text + 8);
    }
}

bool access_totp_confirm(struct request *r, struct str code, struct str ret[RECOVERY_CODES])
{
    struct access_sql_second s;
    int64_t person = r->who.person_id;
    if (!access_sql_second(r->db, person, &s) || s.confirmed_at != DB_NULL) return false;
    int64_t step = step_of(s.secret, squeeze(r->arena, code), s.last_step, r->now);
    if (step < 0) return false;
    access_sql_confirm_second(r->db, person, step, r->now);
    access_sql_session_strong(r->db, r->who.session_id);
    access_recovery_codes(r->db, person, ret);
    return true;
}

bool access_second_check(struct db *db, int64_t person_id, struct str typed, int64_t now)
{
    struct access_sql_second s;
    struct str code = squeeze(db_arena(db), typed);
    if (!access_sql_second(db, person_id, &s) || s.confirmed_at == DB_NULL) return false;
    int64_t step = step_of(s.secret, code, s.last_step, now);
    if (step >= 0) return access_sql_take_step(db, person_id, step) == 1;
    return code.n == CODE_CHARS &&
           access_sql_use_code(db, person_id, code_hash(db_arena(db), person_id, code), now) == 1;
}

void access_second_drop(struct db *db, int64_t person_id)
{
    access_sql_drop_second(db, person_id);
    access_sql_drop_codes(db, person_id);
    access_sql_drop_halves(db, person_id);
}

/* --- half a session --------------------------------------------------------------------------------------------------- */

bool half_needed(struct db *db, int64_t person_id)
{
    struct access_sql_second s;
    return access_sql_second(db, person_id, &s) && s.confirmed_at != DB_NULL;
}

void half_open(struct request *r, struct str token_hash, int64_t person_id, const char *way)
{
    access_sql_drop_old_halves(r->db, r->now);
    access_sql_open_half(r->db, token_hash, person_id, str_from(way), r->now + HALF_LIFE);
}

static bool half_of(struct request *r, struct access_sql_half *ret)
{
    struct str browser = access_browser(r);
    return browser.p && access_sql_half(r->db, browser, r->now, ret);
}

int64_t access_half(struct request *r)
{
    struct access_sql_half h;
    return half_of(r, &h) ? h.person_id : 0;
}

void access_half_complete(struct request *r)
{
    struct access_sql_half h;
    if (!half_of(r, &h)) return;
    access_sql_drop_halves(r->db, h.person_id);
    session_open(r, h.person_id, h.way, true);
}

void access_session_proved(struct request *r)
{
    access_sql_session_strong(r->db, r->who.session_id);
}

bool access_half_failed(struct request *r)
{
    struct access_sql_half h;
    if (!half_of(r, &h)) return false;
    if (h.tries + 1 >= TRIES) {
        access_sql_drop_halves(r->db, h.person_id);
        return false;
    }
    access_sql_half_tried(r->db, access_browser(r));
    return true;
}

/* --- rules -------------------------------------------------------------------------------------------------------------- */

static const enum role ruled[SECOND_ROLES] = { ROLE_TRAINER, ROLE_COACH, ROLE_STAFF };

void access_second_rules(struct db *db, struct second_rule ret[SECOND_ROLES])
{
    struct access_sql_second_rules *rows;
    size_t n = access_sql_second_rules(db, &rows);
    for (size_t i = 0; i < SECOND_ROLES; i++) {
        ret[i] = (struct second_rule){ ruled[i], DB_NULL };
        for (size_t k = 0; k < n; k++)
            if (role_from_name(rows[k].role) == ruled[i]) ret[i].from_at = rows[k].from_at;
    }
}

bool access_second_rule_set(struct request *r, enum role role, int64_t from_at)
{
    bool known = false;
    for (size_t i = 0; i < SECOND_ROLES; i++)
        known = known || ruled[i] == role;
    if (!known) return false;
    struct str name = str_from(role_name(role));
    access_sql_drop_second_rule(r->db, name);
    json_t *whom = json_pack("{s:s}", "role", role_name(role));
    if (from_at == DB_NULL) {
        audit_write(r, "second_factor.freed", "role", 0, NULL, whom);
        return true;
    }
    access_sql_add_second_rule(r->db, name, from_at, r->who.person_id, r->now);
    audit_write(r, "second_factor.required", "role", 0, NULL, whom);
    return true;
}

int64_t access_second_due(struct db *db, int64_t person_id, int64_t now)
{
    struct access_sql_second_due due;
    return access_sql_second_due(db, person_id, now, &due) ? due.from_at : DB_NULL;
}
