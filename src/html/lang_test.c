/* Languages: the catalogue reader on good and damaged files, typography, choosing. */
#include "html/lang.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/rand.h"
#include "html/lang_table.h"

static void put_word(struct buf *b, size_t v)
{
    uint32_t word = (uint32_t)v;
    buf_put(b, &word, sizeof word);
}

struct pair {
    struct str id, text;
};

/* A .mo file as msgfmt writes it. */
static struct buf make_mo(const struct pair *pairs, size_t n)
{
    struct buf mo = BUF_INIT(1 << 20), texts = BUF_INIT(1 << 20);
    size_t ids = 28, translations = ids + 8 * n, at = translations + 8 * n;
    size_t head[] = { 0x950412DE, 0, n, ids, translations, 0, 0 };
    for (size_t i = 0; i < COUNT(head); i++)
        put_word(&mo, head[i]);
    for (size_t half = 0; half < 2; half++) {
        for (size_t i = 0; i < n; i++) {
            struct str s = half ? pairs[i].text : pairs[i].id;
            put_word(&mo, s.n);
            put_word(&mo, at + texts.n);
            buf_str(&texts, s);
            buf_putc(&texts, '\0');
        }
    }
    buf_str(&mo, buf_view(&texts));
    buf_finish(&texts);
    return mo;
}

static const struct pair pairs[] = {
    { S(""), S("Content-Type: text/plain; charset=UTF-8\n") },
    { S("One place\0{0} places"), S("Une place !\0{0} places !") },
    { S("Sign in"), S("Se connecter") },
    { S("Where?"), S("Où ?") },
};

static void check_form(const struct lang_table *table, const char *msgid, size_t form,
                       const char *wanted)
{
    const struct lang_entry *entry = lang_table_find(table, str_from(msgid));
    assert_non_null(entry);
    assert_int_equal(entry->forms[form].n, strlen(wanted));
    assert_memory_equal(entry->forms[form].p, wanted, strlen(wanted));
}

static void catalogues_are_read(void **state)
{
    (void)state;
    struct buf mo = make_mo(pairs, COUNT(pairs));
    struct lang_table table;
    assert_true(lang_table_read(buf_view(&mo), NULL, &table));
    check_form(&table, "Sign in", 0, "Se connecter");
    check_form(&table, "Sign in", 1, "Se connecter");
    check_form(&table, "One place", 0, "Une place !");
    check_form(&table, "One place", 1, "{0} places !");
    assert_null(lang_table_find(&table, S("Sign out")));
    assert_null(lang_table_find(&table, S("")));
    lang_table_finish(&table);

    assert_true(lang_table_read(buf_view(&mo), lang_typography_fr, &table));
    check_form(&table, "Where?", 0, "Où\u202F?");
    check_form(&table, "One place", 1, "{0} places\u202F!");
    lang_table_finish(&table);
    assert_null(lang_table_find(&table, S("Sign in")));
    buf_finish(&mo);
}

static void many_texts_are_found(void **state)
{
    (void)state;
    enum { MANY = 3000, ROOM = 16 };
    static char text[MANY][ROOM];
    static struct pair many[MANY];
    for (size_t i = 0; i < MANY; i++) {
        size_t n = (size_t)snprintf(text[i], ROOM, "text %zu", i * 7919);
        many[i] = (struct pair){ { text[i], n }, { text[i] + 5, n - 5 } };
    }
    struct buf mo = make_mo(many, MANY);
    struct lang_table table;
    assert_true(lang_table_read(buf_view(&mo), NULL, &table));
    for (size_t i = 0; i < MANY; i++)
        check_form(&table, text[i], 0, text[i] + 5);
    assert_null(lang_table_find(&table, S("text 1")));
    lang_table_finish(&table);
    buf_finish(&mo);
}

/* Damage may change texts, but never reads or writes outside (the sanitizers watch) and never hangs. */
static void damaged_catalogues_do_no_harm(void **state)
{
    (void)state;
    struct buf mo = make_mo(pairs, COUNT(pairs));
    struct lang_table table;
    size_t refused = 0;
    for (size_t n = 0; n < mo.n; n++) {
        char *exact = malloc(n ? n : 1);
        memcpy(exact, mo.p, n);
        refused += !lang_table_read((struct str){ exact, n }, lang_typography_fr, &table);
        lang_table_finish(&table);
        free(exact);
    }
    assert_true(refused > 28 + 16 * COUNT(pairs));
    for (int i = 0; i < 5000; i++) {
        char *copy = malloc(mo.n);
        memcpy(copy, mo.p, mo.n);
        for (int changes = 0; changes < 3; changes++)
            copy[rand_u64() % (28 + 16 * COUNT(pairs))] = (char)rand_u64();
        if (lang_table_read((struct str){ copy, mo.n }, lang_typography_fr, &table))
            lang_table_find(&table, S("Sign in"));
        lang_table_finish(&table);
        free(copy);
    }
    buf_finish(&mo);
}

static void french_typography(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "Où ? Là ! Bien ; oui : non", "Où\u202F? Là\u202F! Bien\u202F; oui\u00A0: non" },
        { "« Bonjour »", "«\u00A0Bonjour\u00A0»" },
        { "16 000 personnes, 2026 2027", "16\u202F000 personnes, 2026 2027" },
        { "12 % de 3 h, {0} min et 4 s", "12\u00A0% de 3\u00A0h, {0}\u00A0min et 4\u00A0s" },
        { "3 heures, 4 semaines, 5 si", "3 heures, 4 semaines, 5 si" },
        { "l'école n'est qu'un 'mot'", "l’école n’est qu’un 'mot'" },
        { "https://a.example/?b", "https://a.example/?b" },
        { " ?", "\u202F?" },
        { "", "" },
        { "abc ", "abc " },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[256];
        size_t n = lang_typography_fr(str_from(cases[i][0]), text);
        text[n] = '\0';
        assert_string_equal(text, cases[i][1]);
    }
}

static void languages_are_chosen(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        enum lang wanted;
    } cases[] = {
        { "", LANG_FR },
        { "en", LANG_EN },
        { "en-GB,en;q=0.9,fr;q=0.8", LANG_EN },
        { "fr-BE,fr;q=0.9,en;q=0.8", LANG_FR },
        { "nl, en;q=0.5, fr;q=0.7", LANG_FR },
        { "nl,de", LANG_FR },
        { "fr;q=0.1,en;q=0.11", LANG_EN },
        { "en;q=0", LANG_FR },
        { "en;q=0,fr;q=0", LANG_FR },
        { " EN ; q=1", LANG_EN },
        { ",;,;q=,=;;", LANG_FR },
        { "english", LANG_FR },
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(lang_negotiate(str_from(cases[i].header)), cases[i].wanted);
    enum lang lang = LANG_FR;
    assert_true(lang_from_code(S("EN"), &lang));
    assert_int_equal(lang, LANG_EN);
    assert_false(lang_from_code(S("de"), &lang));
    assert_int_equal(lang, LANG_EN);
    assert_string_equal(lang_code(LANG_FR), "fr");
}

static void missing_texts_are_their_own(void **state)
{
    (void)state;
    static const char id[] = "a text that no catalogue will ever hold";
    assert_ptr_equal(lang_text(LANG_FR, id).p, id);
    assert_ptr_equal(lang_text(LANG_EN, id).p, id);
    struct {
        int64_t n;
        bool many_fr, many_en;
    } cases[] = { { 0, false, true }, { 1, false, false }, { 2, true, true }, { -1, false, true } };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(lang_plural(LANG_FR, id, "x", cases[i].n).n == 1, cases[i].many_fr);
        assert_int_equal(lang_plural(LANG_EN, id, "x", cases[i].n).n == 1, cases[i].many_en);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(catalogues_are_read),
        cmocka_unit_test(many_texts_are_found),
        cmocka_unit_test(damaged_catalogues_do_no_harm),
        cmocka_unit_test(french_typography),
        cmocka_unit_test(languages_are_chosen),
        cmocka_unit_test(missing_texts_are_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
