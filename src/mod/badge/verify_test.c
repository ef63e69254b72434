/* A small issuer in memory: a true badge passes, and each way of bending it is told apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sodium.h>

#include "base/id.h"
#include "base/time.h"
#include "db/db.h"
#include "mod/badge/assertion.h"
#include "mod/badge/png.h"
#include "mod/badge/verify.h"

#define ORIGIN "https://edulab.example"
#define NOW 1795464000000 /* 2026-11-23 */

struct world {
    struct arena *arena;
    struct str assertion, id, class_doc, issuer_doc;
    struct str missing; /* an address nobody answers for */
    bool revoked, offline, ours;
};

static enum source_answer find(void *context, struct arena *a, struct str address,
                               struct str *ret_body, bool *ret_ours)
{
    struct world *w = context;
    (void)a;
    if (w->offline || !str_starts(address, S(ORIGIN))) return SOURCE_UNREACHABLE;
    if (str_eq(address, w->missing)) return SOURCE_ABSENT;
    *ret_ours = w->ours;
    if (str_eq(address, w->id)) {
        *ret_body = w->revoked ? ob_text(w->arena, ob_revoked_json(w->id, S("Awarded by mistake")))
                               : w->assertion;
        return w->revoked ? SOURCE_GONE : SOURCE_FOUND;
    }
    if (str_is(address, ORIGIN OB_CLASS_PATH "referent-ia")) *ret_body = w->class_doc;
    else if (str_is(address, ORIGIN OB_ISSUER_PATH)) *ret_body = w->issuer_doc;
    else return SOURCE_ABSENT;
    return SOURCE_FOUND;
}

static const struct ob_issuer issuer = { { ORIGIN, sizeof ORIGIN - 1 },
                                         { "eduLAB", 6 },
                                         { "a@edulab.example", 16 } };

static int setup(void **state)
{
    static struct world w;
    w = (struct world){ .arena = arena_create(), .ours = true };
    struct ob_class class = {
        S("referent-ia"), S("Référent·e IA 🎓"), S("Conditions du parcours remplies."),
        S("referent-ia"), 1 << 1 | 1 << 6,      LANG_FR
    };
    struct ob_assertion one = { 123456789012345, NOW, S("amina@ecole.example"), ob_salt(w.arena),
                                STR_NONE };
    w.assertion = ob_text(w.arena, ob_assertion_json(w.arena, &issuer, class.slug, &one));
    w.class_doc = ob_text(w.arena, ob_class_json(w.arena, &issuer, &class));
    w.issuer_doc = ob_text(w.arena, ob_issuer_json(w.arena, &issuer));
    char id[ID_TEXT + 1];
    id_format(one.id, id);
    w.id = arena_printf(w.arena, ORIGIN OB_ASSERTION_PATH "%s", id);
    *state = &w;
    return 0;
}

static int teardown(void **state)
{
    arena_destroy(((struct world *)*state)->arena);
    return 0;
}

static struct badge_verification verify(struct world *w, struct str file, const char *email)
{
    struct badge_source source = { find, w };
    return badge_verify(w->arena, file, str_from(email), NOW, &source);
}

/* The assertion with one member changed. */
static struct str bent(struct world *w, const char *name, json_t *value)
{
    json_t *o = json_loadb(w->assertion.p, w->assertion.n, 0, NULL);
    if (value) json_object_set_new(o, name, value);
    else json_object_del(o, name);
    return ob_text(w->arena, o);
}

static enum badge_verdict bent_verdict(struct world *w, const char *name, json_t *value)
{
    return verify(w, bent(w, name, value), NULL).verdict;
}

static void true_badge_passes(void **state)
{
    struct world *w = *state;
    struct badge_verification v = verify(w, w->assertion, "Amina@Ecole.example");
    assert_int_equal(v.verdict, BADGE_TRUE);
    assert_true(v.ours);
    assert_int_equal(v.issued_at, NOW);
    assert_int_equal(v.expires_at, DB_NULL);
    assert_true(str_is(v.class_name, "Référent·e IA 🎓"));
    assert_true(str_is(v.issuer_name, "eduLAB"));
    assert_true(str_is(v.issuer_host, ORIGIN));
    assert_int_equal(v.check_count, 7);
    for (size_t i = 0; i < v.check_count; i++)
        assert_int_equal(v.checks[i].state, CHECK_PASSED);
}

static void address_and_spaced_json_pass(void **state)
{
    struct world *w = *state;
    assert_int_equal(verify(w, w->id, NULL).verdict, BADGE_TRUE);
    json_t *o = json_loadb(w->assertion.p, w->assertion.n, 0, NULL);
    char *pretty = json_dumps(o, JSON_INDENT(2) | JSON_SORT_KEYS);
    assert_int_equal(verify(w, str_from(pretty), NULL).verdict, BADGE_TRUE);
    free(pretty);
    json_decref(o);
}

static void documents_are_ascii(void **state)
{
    struct world *w = *state;
    for (size_t i = 0; i < w->class_doc.n; i++)
        assert_true((unsigned char)w->class_doc.p[i] < 0x80);
    assert_true(str_search(w->class_doc, S("\"targetCode\":\"2.3\"")) < w->class_doc.n);
    assert_true(str_search(w->class_doc, S("DigCompEdu 1.2")) < w->class_doc.n);
    assert_true(str_search(w->class_doc, S("1.1")) == w->class_doc.n);
    assert_true(str_search(w->assertion, S("amina")) == w->assertion.n);
}

static void altered_is_told(void **state)
{
    struct world *w = *state;
    assert_int_equal(bent_verdict(w, "issuedOn", json_string("2020-01-01T00:00:00Z")), BADGE_FALSE);
    assert_int_equal(bent_verdict(w, "badge", json_string(ORIGIN OB_CLASS_PATH "other")),
                     BADGE_FALSE);
    assert_int_equal(bent_verdict(w, "extra", json_true()), BADGE_FALSE);
    assert_int_equal(bent_verdict(w, "id", json_string(ORIGIN OB_ASSERTION_PATH "0000000000001")),
                     BADGE_FALSE);
    assert_int_equal(bent_verdict(w, "recipient",
                                  json_pack("{s:s,s:b,s:s}", "type", "email", "hashed", 0,
                                            "identity", "eve@ecole.example")),
                     BADGE_FALSE);
    static const char *needed[] = { "@context", "type",         "id",      "recipient",
                                    "badge",    "verification", "issuedOn" };
    for (size_t i = 0; i < COUNT(needed); i++)
        assert_int_equal(bent_verdict(w, needed[i], NULL), BADGE_FALSE);
}

static void strange_files_are_refused(void **state)
{
    struct world *w = *state;
    struct str files[] = {
        S(""),
        S("   "),
        S("hello"),
        S("[]"),
        S("{}"),
        S("{\"id\":1,\"id\":2}"),
        S("\x89PNG\r\n\x1a\nxx"),
        S("\xff\xfe"),
        S(ORIGIN OB_ASSERTION_PATH "0000000000009"),
    };
    for (size_t i = 0; i < COUNT(files); i++) {
        struct badge_verification v = verify(w, files[i], NULL);
        assert_int_equal(v.verdict, BADGE_FALSE);
        assert_int_equal(v.checks[v.check_count - 1].state, CHECK_FAILED);
    }
}

static void revoked_is_told(void **state)
{
    struct world *w = *state;
    w->revoked = true;
    struct str files[] = { w->assertion, w->id };
    for (size_t i = 0; i < COUNT(files); i++) {
        struct badge_verification v = verify(w, files[i], NULL);
        assert_int_equal(v.verdict, BADGE_REVOKED);
        assert_true(str_is(v.revocation_reason, "Awarded by mistake"));
    }
}

static void expiry_is_read(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *expires;
        enum badge_verdict verdict;
    } cases[] = {
        { "2026-11-22", BADGE_EXPIRED },
        { "2027-01-01T00:00:00Z", BADGE_TRUE },
        { "2026-11-24T01:00:00.5+02:00", BADGE_TRUE },
        { "2026-11-23T00:00:00+23:00", BADGE_EXPIRED },
        { "next year", BADGE_FALSE },
        { "2026-11-24T10:00:00+1", BADGE_FALSE },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct str original = w->assertion;
        w->assertion = bent(w, "expires", json_string(cases[i].expires));
        assert_int_equal(verify(w, w->assertion, NULL).verdict, cases[i].verdict);
        w->assertion = original;
    }
}

static void offline_is_not_a_verdict(void **state)
{
    struct world *w = *state;
    w->offline = true;
    assert_int_equal(verify(w, w->assertion, NULL).verdict, BADGE_UNCERTAIN);
    assert_int_equal(verify(w, w->id, NULL).verdict, BADGE_UNCERTAIN);
    w->offline = false;
    struct str elsewhere = bent(w, "id", json_string("https://else.example/1"));
    assert_int_equal(verify(w, elsewhere, NULL).verdict,
                     BADGE_FALSE); /* class published elsewhere */
}

static void recipient_is_compared(void **state)
{
    struct world *w = *state;
    assert_int_equal(verify(w, w->assertion, "eve@ecole.example").verdict, BADGE_FALSE);
}

static void issuer_must_stand_behind(void **state)
{
    struct world *w = *state;
    w->missing = S(ORIGIN OB_ISSUER_PATH);
    assert_int_equal(verify(w, w->assertion, NULL).verdict, BADGE_FALSE);
    w->missing = S(ORIGIN OB_CLASS_PATH "referent-ia");
    assert_int_equal(verify(w, w->assertion, NULL).verdict, BADGE_FALSE);
    w->missing = STR_NONE;
    w->class_doc = S("{\"type\":\"BadgeClass\",\"id\":\"" ORIGIN OB_CLASS_PATH
                     "referent-ia\",\"name\":\"x\",\"issuer\":\"https://eve.example/issuer\"}");
    assert_int_equal(verify(w, w->assertion, NULL).verdict, BADGE_FALSE);
}

static void origins_are_strict(void **state)
{
    (void)state;
    assert_true(str_is(badge_origin_of(S("https://a.example:8443/x?y")), "https://a.example:8443"));
    assert_true(str_is(badge_origin_of(S("http://[::1]:80")), "http://[::1]:80"));
    assert_null(badge_origin_of(S("https://edulab.example@eve.example/")).p);
    assert_null(badge_origin_of(S("ftp://a.example/")).p);
    assert_null(badge_origin_of(S("https:///x")).p);
    assert_null(badge_origin_of(S("https://a b/x")).p);
}

int main(void)
{
    if (sodium_init() < 0) return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(true_badge_passes, setup, teardown),
        cmocka_unit_test_setup_teardown(address_and_spaced_json_pass, setup, teardown),
        cmocka_unit_test_setup_teardown(documents_are_ascii, setup, teardown),
        cmocka_unit_test_setup_teardown(altered_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(strange_files_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(revoked_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(expiry_is_read, setup, teardown),
        cmocka_unit_test_setup_teardown(offline_is_not_a_verdict, setup, teardown),
        cmocka_unit_test_setup_teardown(recipient_is_compared, setup, teardown),
        cmocka_unit_test_setup_teardown(issuer_must_stand_behind, setup, teardown),
        cmocka_unit_test(origins_are_strict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
