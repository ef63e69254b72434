/* The checks of a badge. What the file says is believed only where the issuer's own copy says the same. */
#include "mod/badge/verify.h"

#include <assert.h>
#include <jansson.h>
#include <time.h>

#include "db/db.h"
#include "mod/badge/assertion.h"
#include "mod/badge/png.h"

enum { ADDRESS_MAX = 2000, HASH_PREFIX = 7 };

struct checker {
    struct arena *arena;
    const struct badge_source *source;
    struct badge_verification *v;
    json_t *assertion; /* as handed in */
};

const char *badge_verdict_says(enum badge_verdict verdict)
{
    switch (verdict) {
    case BADGE_TRUE: return N_("This badge is genuine.");
    case BADGE_FALSE: return N_("This badge is not valid.");
    case BADGE_REVOKED: return N_("This badge has been revoked.");
    case BADGE_EXPIRED: return N_("This badge has expired.");
    case BADGE_UNCERTAIN: return N_("This badge could not be checked completely.");
    }
    return "";
}

static bool note(struct checker *c, const char *what, enum check_state state, const char *says)
{
    assert(c->v->check_count < BADGE_CHECKS);
    c->v->checks[c->v->check_count++] = (struct badge_check){ what, state, says };
    return state != CHECK_FAILED;
}

/* --- reading JSON ---------------------------------------------------------------------------------------------- */

static void release(void *value)
{
    json_decref(value);
}

/* An object, owned by the arena; NULL for anything else. */
static json_t *parse(struct arena *a, struct str text)
{
    json_t *value = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
    if (!value) return NULL;
    arena_cleanup(a, release, value);
    return json_is_object(value) ? value : NULL;
}

static struct str member(const json_t *object, const char *name)
{
    const json_t *v = json_object_get(object, name);
    if (!json_is_string(v)) return STR_NONE;
    return (struct str){ json_string_value(v), json_string_length(v) };
}

/* "type" and "@context" may be one text or a list that holds it. */
static bool has(const json_t *object, const char *name, const char *wanted)
{
    const json_t *v = json_object_get(object, name);
    if (json_is_string(v)) return strcmp(json_string_value(v), wanted) == 0;
    for (size_t i = 0; i < json_array_size(v); i++) {
        const char *one = json_string_value(json_array_get(v, i));
        if (one && strcmp(one, wanted) == 0) return true;
    }
    return false;
}

static bool is_address(struct str s)
{
    return s.n <= ADDRESS_MAX && badge_origin_of(s).p;
}

struct str badge_origin_of(struct str address)
{
    size_t scheme = str_starts(address, S("https://"))  ? 8
                    : str_starts(address, S("http://")) ? 7
                                                        : 0;
    if (!scheme) return STR_NONE;
    size_t end = scheme;
    while (end < address.n && address.p[end] != '/' && address.p[end] != '?' &&
           address.p[end] != '#') {
        char ch = address.p[end++];
        bool fine = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
                    (ch >= '0' && ch <= '9') || ch == '.' || ch == '-' || ch == ':' || ch == '[' ||
                    ch == ']';
        if (!fine) return STR_NONE; /* also '@': a name before the host only serves to deceive */
    }
    return end == scheme ? STR_NONE : str_sub(address, 0, end);
}

/* ISO 8601 as badges write it: a date, perhaps a time, perhaps fractions, Z or an offset. */
static bool read_time(struct str s, int64_t *ret_ms)
{
    char text[40];
    if (s.n < 10 || s.n >= sizeof text) return false;
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    struct tm tm = { 0 };
    const char *rest = strptime(text, "%Y-%m-%d", &tm);
    if (rest && (*rest == 'T' || *rest == ' ')) rest = strptime(rest + 1, "%H:%M:%S", &tm);
    if (!rest) return false;
    if (*rest == '.') rest += 1 + strspn(rest + 1, "0123456789");
    int sign = *rest == '+' ? 1 : *rest == '-' ? -1 : 0;
    int64_t offset = 0;
    if (sign) {
        int hours, minutes, n = 0;
        if (sscanf(rest + 1, "%2d:%2d%n", &hours, &minutes, &n) != 2 || n != 5) return false;
        offset = sign * (hours * 60 + minutes) * (int64_t)60;
        rest += 6;
    } else if (*rest == 'Z') {
        rest++;
    }
    if (*rest) return false;
    *ret_ms = ((int64_t)timegm(&tm) - offset) * 1000;
    return true;
}

/* --- the checks, in their order -------------------------------------------------------------------------------- */

/* The assertion's text out of whatever was handed in; an address is asked for. */
static bool check_readable(struct checker *c, struct str file)
{
    static const char what[] = N_("Can the file be read?");
    struct str text = str_trim(file);
    if (file.n >= 4 && memcmp(file.p, "\x89PNG", 4) == 0) {
        struct png_badge badge;
        enum png_result result = png_find(c->arena, file, &badge);
        if (result != PNG_FINE) return note(c, what, CHECK_FAILED, png_says(result));
        if (badge.version == 3)
            return note(c, what, CHECK_SKIPPED,
                        N_("This is an Open Badges 3.0 credential; this page checks version 2.0."));
        text = str_trim(badge.text);
    }
    if (text.n == 0) return note(c, what, CHECK_FAILED, N_("The file is empty."));
    if (is_address(text)) {
        struct str body = STR_NONE;
        enum source_answer answer =
            c->source->find(c->source->context, c->arena, text, &body, &c->v->ours);
        if (answer == SOURCE_UNREACHABLE)
            return note(c, what, CHECK_SKIPPED,
                        N_("The address of the badge could not be reached."));
        if (answer == SOURCE_ABSENT)
            return note(c, what, CHECK_FAILED, N_("There is no badge at this address."));
        c->assertion = parse(c->arena, body);
        if (answer == SOURCE_GONE) {
            c->v->verdict = BADGE_REVOKED;
            c->v->id = text;
            if (c->assertion) c->v->revocation_reason = member(c->assertion, "revocationReason");
            return note(c, N_("Has it been revoked?"), CHECK_FAILED,
                        N_("Yes: its issuer has withdrawn it."));
        }
    } else {
        if (str_starts(text, S("eyJ")))
            return note(
                c, what, CHECK_SKIPPED,
                N_("This badge bears a signature of another kind, which this page cannot check."));
        c->assertion = text.n <= PNG_TEXT_MAX ? parse(c->arena, text) : NULL;
    }
    if (!c->assertion)
        return note(c, what, CHECK_FAILED,
                    N_("The file holds neither a badge picture nor an assertion."));
    return note(c, what, CHECK_PASSED, N_("Yes, and it carries an assertion."));
}

static bool check_structure(struct checker *c)
{
    static const char what[] = N_("Is it an Open Badges 2.0 assertion?");
    const json_t *o = c->assertion, *recipient = json_object_get(o, "recipient");
    const json_t *badge = json_object_get(o, "badge");
    struct str class_id = json_is_object(badge) ? member(badge, "id") : member(o, "badge");
    bool fine = has(o, "@context", OB_CONTEXT) && has(o, "type", "Assertion") &&
                is_address(member(o, "id")) && is_address(class_id) &&
                member(recipient, "identity").n &&
                read_time(member(o, "issuedOn"), &c->v->issued_at) &&
                json_is_object(json_object_get(o, "verification"));
    if (!fine)
        return note(c, what, CHECK_FAILED, N_("No: a part that every badge must have is missing."));
    c->v->id = member(o, "id");
    c->v->class_id = class_id;
    return note(c, what, CHECK_PASSED, N_("Yes, nothing is missing."));
}

/* The copy at the issuer's address is the truth; the file must say exactly the same. */
static bool check_published(struct checker *c)
{
    static const char what[] = N_("Does its issuer publish the same badge?");
    static const char revoked[] = N_("Has it been revoked?");
    const json_t *verification = json_object_get(c->assertion, "verification");
    if (!has(verification, "type", "HostedBadge") && !has(verification, "type", "hosted"))
        return note(
            c, what, CHECK_SKIPPED,
            N_("This badge bears a signature of another kind, which this page cannot check."));
    struct str body = STR_NONE;
    switch (c->source->find(c->source->context, c->arena, c->v->id, &body, &c->v->ours)) {
    case SOURCE_UNREACHABLE:
        return note(c, what, CHECK_SKIPPED, N_("The issuer could not be reached."));
    case SOURCE_ABSENT:
        return note(c, what, CHECK_FAILED, N_("No: the issuer does not know this badge."));
    case SOURCE_GONE: {
        json_t *gone = parse(c->arena, body);
        c->v->revocation_reason = member(gone, "revocationReason");
        c->v->verdict = BADGE_REVOKED;
        return note(c, revoked, CHECK_FAILED, N_("Yes: its issuer has withdrawn it."));
    }
    case SOURCE_FOUND: break;
    }
    json_t *published = parse(c->arena, body);
    if (published && json_is_true(json_object_get(published, "revoked"))) {
        c->v->revocation_reason = member(published, "revocationReason");
        c->v->verdict = BADGE_REVOKED;
        return note(c, revoked, CHECK_FAILED, N_("Yes: its issuer has withdrawn it."));
    }
    if (!published || !json_equal(published, c->assertion))
        return note(c, what, CHECK_FAILED,
                    N_("No: it was altered, it differs from what the issuer publishes."));
    note(c, what, CHECK_PASSED, N_("Yes, word for word."));
    return note(c, revoked, CHECK_PASSED, N_("No."));
}

/* Class and issuer must be published under the same origin as the assertion. */
static bool check_issuer(struct checker *c)
{
    static const char what[] = N_("Who issued it?");
    static const char silent[] = N_("The issuer's documents could not be read.");
    struct str origin = badge_origin_of(c->v->id), body = STR_NONE;
    if (!str_eq(badge_origin_of(c->v->class_id), origin))
        return note(c, what, CHECK_FAILED,
                    N_("The badge and its class are not published at the same place."));
    bool ours = false;
    enum source_answer answer =
        c->source->find(c->source->context, c->arena, c->v->class_id, &body, &ours);
    if (answer == SOURCE_UNREACHABLE) return note(c, what, CHECK_SKIPPED, silent);
    json_t *class = answer == SOURCE_FOUND ? parse(c->arena, body) : NULL;
    const json_t *named = json_object_get(class, "issuer");
    struct str issuer_id = json_is_object(named) ? member(named, "id") : member(class, "issuer");
    if (!has(class, "type", "BadgeClass") || !str_eq(member(class, "id"), c->v->class_id) ||
        !issuer_id.n)
        return note(c, what, CHECK_FAILED, N_("The class of the badge is missing or malformed."));
    if (!str_eq(badge_origin_of(issuer_id), origin))
        return note(c, what, CHECK_FAILED,
                    N_("The badge and its issuer are not published at the same place."));
    answer = c->source->find(c->source->context, c->arena, issuer_id, &body, &ours);
    if (answer == SOURCE_UNREACHABLE) return note(c, what, CHECK_SKIPPED, silent);
    json_t *issuer = answer == SOURCE_FOUND ? parse(c->arena, body) : NULL;
    if (!issuer || !str_eq(member(issuer, "id"), issuer_id) || !member(issuer, "name").n)
        return note(c, what, CHECK_FAILED, N_("The issuer of the badge is missing or malformed."));
    c->v->class_name = member(class, "name");
    c->v->issuer_name = member(issuer, "name");
    return note(c, what, CHECK_PASSED,
                c->v->ours ? N_("This site.") : N_("Another site than this one: see its address."));
}

static bool check_expiry(struct checker *c, int64_t now)
{
    static const char what[] = N_("Is it still in force?");
    struct str expires = member(c->assertion, "expires");
    if (!expires.p) return note(c, what, CHECK_PASSED, N_("Yes, it has no end date."));
    if (!read_time(expires, &c->v->expires_at))
        return note(c, what, CHECK_FAILED, N_("Its end date cannot be read."));
    if (c->v->expires_at > now) return note(c, what, CHECK_PASSED, N_("Yes."));
    c->v->verdict = BADGE_EXPIRED;
    return note(c, what, CHECK_FAILED, N_("No, its end date has passed."));
}

static bool check_recipient(struct checker *c, struct str email)
{
    static const char what[] = N_("Does it belong to this e-mail address?");
    const json_t *recipient = json_object_get(c->assertion, "recipient");
    struct str identity = member(recipient, "identity"), salt = member(recipient, "salt");
    struct str written[] = { email, ob_email(c->arena, email) };
    bool hashed = json_is_true(json_object_get(recipient, "hashed"));
    if (hashed && !str_starts(identity, S("sha256$")))
        return note(c, what, CHECK_SKIPPED,
                    N_("The address is hidden in a way this page cannot check."));
    for (size_t i = 0; i < COUNT(written); i++) {
        struct str known = hashed ? ob_identity(c->arena, written[i], salt) : written[i];
        if (hashed ? str_eq_nocase(known, identity) : str_eq(known, identity))
            return note(c, what, CHECK_PASSED, N_("Yes."));
    }
    return note(c, what, CHECK_FAILED, N_("No, it was awarded to another address."));
}

static enum badge_verdict conclude(const struct badge_verification *v)
{
    enum badge_verdict verdict = BADGE_TRUE;
    for (size_t i = 0; i < v->check_count; i++) {
        if (v->checks[i].state == CHECK_FAILED) return BADGE_FALSE;
        if (v->checks[i].state == CHECK_SKIPPED) verdict = BADGE_UNCERTAIN;
    }
    return verdict;
}

struct badge_verification badge_verify(struct arena *a, struct str file, struct str email,
                                       int64_t now, const struct badge_source *source)
{
    struct badge_verification v = { .verdict = BADGE_TRUE,
                                    .issued_at = DB_NULL,
                                    .expires_at = DB_NULL };
    struct checker c = { .arena = a, .source = source, .v = &v };
    bool on = check_readable(&c, file) && c.assertion && check_structure(&c);
    if (on) {
        v.issuer_host = badge_origin_of(v.id);
        on = check_published(&c) && check_issuer(&c) && check_expiry(&c, now);
    }
    if (on && email.n) check_recipient(&c, email);
    if (v.verdict == BADGE_TRUE) v.verdict = conclude(&v);
    return v;
}
