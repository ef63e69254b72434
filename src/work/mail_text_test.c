/* Mails as text: accents, long lines, and people who try to write headers of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "work/internal.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_create();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

static struct str format(const char *from, const char *to, const char *subject, const char *body)
{
    struct mail_text mail = { .id = 123456789012345,
                              .created_at = 1795464000000,
                              .from = str_from(from),
                              .to = str_from(to),
                              .subject = str_from(subject),
                              .body = str_from(body) };
    return mail_format(arena, &mail);
}

/* The value of a header, unfolded; STR_NONE when there is none. Fails when it is there twice. */
static struct str header(struct str mail, const char *name)
{
    struct str head = str_sub(mail, 0, str_search(mail, S("\r\n\r\n")) + 2), found = STR_NONE;
    char *value = arena_alloc(arena, mail.n + 1);
    size_t n = 0;
    bool inside = false;
    while (head.n) {
        struct str line = str_cut(&head, '\n');
        assert_true(line.n && line.p[line.n - 1] == '\r');
        line.n--;
        assert_true(line.n <= 78);
        bool goes_on = line.p[0] == ' ';
        if (!goes_on) {
            inside = str_starts(line, str_from(name)) && line.p[strlen(name)] == ':';
            if (inside) assert_null(found.p);
            if (inside) line = str_sub(line, strlen(name) + 2, line.n);
        }
        if (!inside) continue;
        memcpy(value + n, line.p, line.n);
        n += line.n;
        found = (struct str){ value, n };
    }
    return found;
}

static struct str body_of(struct str mail)
{
    size_t at = str_search(mail, S("\r\n\r\n"));
    return str_sub(mail, at + 4, mail.n);
}

static int hex(char c)
{
    return c <= '9' ? c - '0' : c - 'A' + 10;
}

/* Undoes Q words and quoted-printable alike, enough for what we write. */
static struct str decoded(struct str s, bool words)
{
    char *out = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        struct str rest = str_sub(s, i, s.n);
        if (words && str_starts(rest, S("?= =?UTF-8?Q?"))) i += 12;
        else if (words && str_starts(rest, S("=?UTF-8?Q?"))) i += 9;
        else if (words && str_starts(rest, S("?="))) i += 1;
        else if (words && s.p[i] == '_') out[n++] = ' ';
        else if (!words && str_starts(rest, S("=\r\n"))) i += 2;
        else if (s.p[i] == '=') out[n++] = (char)(hex(s.p[i + 1]) * 16 + hex(s.p[i + 2])), i += 2;
        else out[n++] = s.p[i];
    }
    return (struct str){ out, n };
}

static void plain_mail(void **state)
{
    (void)state;
    struct str m =
        format("eduLAB <no-reply@edulab.example>", "a@ecole.example", "Hello", "One\nTwo\n");
    assert_true(str_is(header(m, "From"), "eduLAB <no-reply@edulab.example>"));
    assert_true(str_is(header(m, "To"), "<a@ecole.example>"));
    assert_true(str_is(header(m, "Subject"), "Hello"));
    assert_true(str_is(header(m, "Date"), "Mon, 23 Nov 2026 20:00:00 +0000"));
    assert_true(str_ends(header(m, "Message-ID"), S("@edulab.example>")));
    assert_true(str_is(body_of(m), "One\r\nTwo\r\n"));
}

static void accents_survive(void **state)
{
    (void)state;
    const char *subject =
        "Votre badge « Référent·e IA » vous attend : bravo à l’équipe, et à bientôt à l’atelier 🎓";
    const char *body = "Bonjour Élodie,\n\nC’est fait = oui. Une ligne très longue qui dépasse "
                       "largement les soixante-seize "
                       "signes permis par la norme, avec des accents partout : éèàùçœ.\nFin avec "
                       "espace \n.\nFrom ici\n";
    struct str m = format("L’atelier eduLAB <a@b.example>", "x@y.example", subject, body);
    for (size_t i = 0; i < m.n; i++)
        assert_true((unsigned char)m.p[i] < 0x80);
    assert_true(str_is(decoded(header(m, "Subject"), true), subject));
    assert_true(str_is(decoded(header(m, "From"), true), "L’atelier eduLAB <a@b.example>"));
    struct str rest = body_of(m);
    while (rest.n)
        assert_true(str_cut(&rest, '\n').n <= 77);
    struct str text = decoded(body_of(m), false);
    struct buf b = BUF_INIT(4096);
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] != '\r') buf_putc(&b, text.p[i]);
    assert_true(str_is(buf_view(&b), body));
    buf_finish(&b);
}

static void headers_cannot_be_injected(void **state)
{
    (void)state;
    struct str m = format("eduLAB\r\nBcc: e@e.example <a@b.example>", "x@y.example",
                          "Hi\r\nBcc: eve@e.example\r\n\r\n<script>", "ok");
    assert_non_null(m.p);
    assert_null(header(m, "Bcc").p);
    assert_true(str_is(body_of(m), "ok\r\n"));
    static const char *recipients[] = {
        "x@y.example\r\nBcc: e@e.example",
        "x@y.example, e@e.example",
        "x y@z.example",
        "<x@y.example> e@e.example",
        "x@y.example>\r\nRCPT TO:<e@e.example",
        "@y.example",
        "x@",
        "x@y..example",
        "x@-y.example",
        ".x@y.example",
        "x..z@y.example",
        "é@y.example",
        "x@é.example",
        "",
        "x",
        "a@b@c.example",
        "\"x\"@y.example",
    };
    for (size_t i = 0; i < COUNT(recipients); i++)
        assert_null(format("a@b.example", recipients[i], "s", "b").p);
    assert_null(format("nobody", "x@y.example", "s", "b").p);
}

static void good_addresses_pass(void **state)
{
    (void)state;
    static const char *good[] = { "a@b", "a.b+c@x-y.example", "o'neil@ecole.example",
                                  "Name <a@b.example>" };
    for (size_t i = 0; i < COUNT(good); i++)
        assert_non_null(mail_address(str_from(good[i])).p);
    assert_true(str_is(mail_address(S("É <a@b.example>")), "a@b.example"));
}

static void empty_texts(void **state)
{
    (void)state;
    struct str m = format("a@b.example", "x@y.example", "", "");
    assert_true(str_is(header(m, "Subject"), ""));
    assert_true(str_is(body_of(m), ""));
    assert_true(str_is(header(m, "From"), "<a@b.example>"));
}

static void an_encoded_word_is_not_taken_literally(void **state)
{
    (void)state;
    struct str m = format("a@b.example", "x@y.example", "=?UTF-8?Q?Trick?=", "b");
    assert_true(str_is(decoded(header(m, "Subject"), true), "=?UTF-8?Q?Trick?="));
    assert_true(str_search(header(m, "Subject"), S("Trick?=?")) == header(m, "Subject").n);
}

/* The text first, then the file; base64 of one, two and three bytes ends as it must, and lines stay short. */
static void a_file_comes_beside_the_text(void **state)
{
    (void)state;
    static const struct {
        const char *data, *base64;
    } rows[] = { { "a", "YQ==\r\n--=_" }, { "ab", "YWI=\r\n--=_" }, { "abc", "YWJj\r\n--=_" } };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct mail_text mail = { .id = 1,
                                  .created_at = 1795464000000,
                                  .from = S("a@b.be"),
                                  .to = S("c@d.be"),
                                  .subject = S("x"),
                                  .body = S("bonjour"),
                                  .part = { S("seances.ics"),
                                            S("text/calendar; method=REQUEST; charset=utf-8"),
                                            str_from(rows[i].data) } };
        struct str text = mail_format(arena, &mail);
        size_t words = str_search(text, S("bonjour")), file = str_search(text, S("seances.ics"));
        assert_true(words < file && file < str_search(text, str_from(rows[i].base64)));
        assert_true(str_search(text, S("multipart/mixed; boundary=\"=_")) < words);
        assert_true(str_ends(text, S("--\r\n")));
    }
    char *long_data = arena_alloc(arena, 1000);
    memset(long_data, 'x', 1000);
    struct mail_text mail = { .from = S("a@b.be"),
                              .to = S("c@d.be"),
                              .part = { S("x"), S("text/plain"), { long_data, 1000 } } };
    struct str rest = mail_format(arena, &mail);
    while (rest.n)
        assert_true(str_cut(&rest, '\n').n <= 78);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_comes_beside_the_text, setup, teardown),
        cmocka_unit_test_setup_teardown(plain_mail, setup, teardown),
        cmocka_unit_test_setup_teardown(accents_survive, setup, teardown),
        cmocka_unit_test_setup_teardown(headers_cannot_be_injected, setup, teardown),
        cmocka_unit_test_setup_teardown(good_addresses_pass, setup, teardown),
        cmocka_unit_test_setup_teardown(empty_texts, setup, teardown),
        cmocka_unit_test_setup_teardown(an_encoded_word_is_not_taken_literally, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
