/* The words people agree to: what is kept as proof must be what was shown, so words change only with their version. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sodium.h>

#include "mod/privacy/purposes.h"

static void words_have_the_hash_of_their_version(void **state)
{
    (void)state;
    size_t n = 0;
    for (const struct purpose *p = purposes; p->code; p++, n++)
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            unsigned char sum[crypto_hash_sha256_BYTES];
            char hex[2 * sizeof sum + 1];
            crypto_hash_sha256(sum, (const unsigned char *)p->text[lang], strlen(p->text[lang]));
            sodium_bin2hex(hex, sizeof hex, sum, sizeof sum);
            if (strcmp(hex, p->sha256[lang]) != 0)
                print_message("%s, %s: new words? raise the version, then put in %s\n", p->code,
                              lang_code((enum lang)lang), hex);
            assert_string_equal(hex, p->sha256[lang]);
        }
    assert_true(n >= 3);
}

static void codes_are_found_and_stand_once(void **state)
{
    (void)state;
    for (const struct purpose *p = purposes; p->code; p++) {
        assert_ptr_equal(purpose_find(str_from(p->code)), p);
        assert_true(p->version >= 1);
        for (int lang = 0; lang < LANG_COUNT; lang++)
            assert_true(strlen(p->title[lang]) > 4 && strlen(p->text[lang]) > 60);
    }
    assert_null(purpose_find(S("")));
    assert_null(purpose_find(S("NEWSLETTER")));
    assert_null(purpose_find(S("news")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_have_the_hash_of_their_version),
        cmocka_unit_test(codes_are_found_and_stand_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
