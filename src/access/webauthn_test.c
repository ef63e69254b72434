/* What stands around a signature: which site, which act. Signatures themselves, both algorithms and every wrong answer are
 * tried through the pages (tests/http/passkeys.test.mjs). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "access/webauthn.h"

static void test_site(void **state)
{
    (void)state;
    struct webauthn_site s;
    assert_true(webauthn_site(S("https://edulab.example"), &s));
    assert_true(str_is(s.origin, "https://edulab.example") && str_is(s.id, "edulab.example"));
    assert_true(webauthn_site(S("https://edulab.example:8443/centre"), &s));
    assert_true(str_is(s.origin, "https://edulab.example:8443") && str_is(s.id, "edulab.example"));
    assert_true(webauthn_site(S("http://localhost:8080"), &s));
    assert_true(str_is(s.origin, "http://localhost:8080") && str_is(s.id, "localhost"));
    const char *none[] = {
        "",           "https://",           "http://edulab.example", "http://127.0.0.1:80",
        "localhost",  "https://[::1]:8080", "https://10.0.0.1",      "ftp://localhost",
        "https://:80"
    };
    for (size_t i = 0; i < COUNT(none); i++)
        assert_false(webauthn_site(str_from(none[i]), &s));
}

static const char *client(struct arena *a, const char *json, struct str *ret)
{
    struct webauthn_site site;
    assert_true(webauthn_site(S("https://edulab.example"), &site));
    return webauthn_client(a, str_from(json), "webauthn.get", &site, ret);
}
#define GET "\"type\":\"webauthn.get\",\"challenge\":\"abc\","

static void test_client(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct str challenge;
    assert_null(client(a, "{" GET "\"origin\":\"https://edulab.example\"}", &challenge));
    assert_true(str_is(challenge, "abc"));
    assert_null(client(a, "{" GET "\"origin\":\"https://edulab.example\",\"crossOrigin\":false}",
                       &challenge));
    const char *wrong[] = {
        "",
        "null",
        "[]",
        "{}",
        "{" GET "\"origin\":\"https://edulab.example\"",
        "{" GET "\"origin\":\"https://edulab.example\"} x",
        "{" GET "\"origin\":\"https://edulab.example\",\"crossOrigin\":true}",
        "{" GET "\"origin\":\"https://edulab.example\",\"topOrigin\":\"https://a.example\"}",
        "{" GET "\"origin\":\"https://edulab.example/\"}",
        "{" GET "\"origin\":\"http://edulab.example\"}",
        "{" GET "\"origin\":1}",
        "{" GET "\"origin\":\"https://edulab.example\",\"origin\":\"https://edulab.example\"}",
        "{\"type\":\"webauthn.get\",\"challenge\":\"\",\"origin\":\"https://edulab.example\"}",
        "{\"type\":\"webauthn.create\",\"challenge\":\"abc\",\"origin\":\"https://"
        "edulab.example\"}",
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        challenge = S("untouched");
        assert_non_null(client(a, wrong[i], &challenge));
        assert_true(str_is(challenge, "untouched"));
    }
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_site),
        cmocka_unit_test(test_client),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
