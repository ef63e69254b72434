/* What is found, the same on both engines. run: seconds=120 */
#include "tests/db/fixture.h"

#include "base/buf.h"
#include "base/limits.h"
#include "db/words.h"

static const struct {
    const char *title, *body;
} books[] = {
    { "Évaluer à l'école", "Des outils pour l'apprenant·e et son œuvre" },
    { "Les outils du numérique", "Une Évaluation formative, puis des évaluations certificatives" },
    { "Podcast en classe", "Enregistrer le son, monter, publier. Compétence 4.1" },
    { "Formateur·rice·s : se former", "Un parcours de 80 heures en Wallonie" },
    { "Laboratoire de robotique", "Bee-Bot et micro:bit" },
};

static bool add_all(struct db *db, void *context)
{
    (void)context;
    for (size_t i = 0; i < COUNT(books); i++)
        sample_sql_add_book(db, (int64_t)i + 1, words_index(db, str_from(books[i].title)),
                            words_index(db, str_from(books[i].body)));
    return true;
}

/* The numbers of the books found, best first: "1 2". */
static const char *found(struct fixture *f, const char *typed)
{
    struct db *db = fixture_read(f);
    struct str query = words_query(db, str_from(typed)), ret = S("");
    struct sample_sql_find_books *rows;
    size_t n = query.p ? sample_sql_find_books(db, query, &rows) : 0;
    for (size_t i = 0; i < n; i++)
        ret = arena_printf(f->arena, "%.*s%s%d", STR(ret), i ? " " : "", (int)rows[i].id);
    if (!query.p) ret = S("nothing asked");
    fixture_read_end(f);
    return arena_cstr(f->arena, ret);
}

static void words_find_each_other(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *typed, *books;
    } cases[] = {
        { "évaluer", "1 2" },
        { "évaluation", "1 2" },
        { "evaluations", "1 2" },
        { "ÉVALUATION", "1 2" },
        { "éval", "1 2" },
        { "eva", "1 2" },
        { "evalué", "1 2" },
        { "outil", "2 1" },
        { "l'outil d'évaluation certificative", "2" },
        { "les outils de", "2 1" },
        { "outil podcast", "" },
        { "outil éval", "1 2" },
        { "éval outil", "" }, /* only the last word may be unfinished */
        { "formateur", "4" },
        { "formatrices", "4" },
        { "apprenante", "1" },
        { "oeuvre", "1" },
        { "œuvre", "1" },
        { "4.1", "3" },
        { "80", "4" },
        { "son", "1 3" },
        { "la", "5" },
        { "bee-bot", "5" },
        { "", "nothing asked" },
        { " -- \" ' * ( ) : ", "nothing asked" },
        { "l'", "nothing asked" },
        { "podcast\" OR \"outil", "" },
        { "podcast' | 'outil", "" },
        { "zzz", "" },
    };
    int bad = 0;
    assert_int_equal(db_change_run(f->database, f->arena, add_all, NULL), DB_COMMITTED);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *got = found(f, cases[i].typed);
        if (strcmp(got, cases[i].books) == 0) continue;
        print_error("\"%s\" found \"%s\", not \"%s\"\n", cases[i].typed, got, cases[i].books);
        bad++;
    }
    assert_int_equal(bad, 0);
}

/* The numbers of the books that hold most of the words, in their order. */
static const char *holding(struct arena *a, const char *typed)
{
    const struct words_asked *asked = words_read(a, str_from(typed));
    struct str ret = S("");
    size_t best = 1;
    for (size_t i = 0; asked && i < COUNT(books); i++) {
        struct str text = arena_join(a, str_from(books[i].title), S(" "), str_from(books[i].body));
        size_t n = words_among(asked, words_plain(a, text));
        if (n < best) continue;
        ret = arena_printf(a, "%.*s%s%zu", n > best ? 0 : (int)ret.n, ret.p,
                           n > best || !ret.n ? "" : " ", i + 1);
        best = n;
    }
    return arena_cstr(a, ret);
}

static void a_text_kept_as_words_finds_the_same(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *books;
    } cases[] = {
        { "évaluer", "1 2" },
        { "eva", "1 2" },
        { "l'outil certificative", "2" },
        { "formatrices", "4" },
        { "éval outil", "1 2" },
        { "oeuvre apprenante", "1" },
        { "4.1", "3" },
        { "la", "5" },
        { "son parcours", "1 3 4" },
        { "outil podcast", "1 2 3" },
        { "val", "" },
        { "", "" },
    };
    struct arena *a = arena_create();
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(holding(a, cases[i].typed), cases[i].books);
    arena_destroy(a);
}

static void more_than_the_most_is_left_out(void **state)
{
    struct fixture *f = *state;
    struct buf b = BUF_INIT(MIB);
    for (int i = 0; i < WORDS_INDEXED + 10; i++)
        buf_printf(&b, "mot%d ", i);
    struct db *db = fixture_read(f);
    struct str index = words_index(db, buf_view(&b)), query = words_query(db, buf_view(&b));
    buf_finish(&b);
    assert_true(str_search(index, S("mot19999")) < index.n);
    assert_true(str_search(index, S("mot20000")) == index.n);
    assert_true(str_search(query, S("mot7")) < query.n);
    assert_true(str_search(query, S("mot8")) == query.n);
    fixture_read_end(f);
}

static void what_is_found_is_marked(void **state)
{
    struct fixture *f = *state;
    struct words_hit hits[4];
    struct str text = S("L'évaluation, évaluée par le·la formateur·rice");
    assert_int_equal(words_hits(f->arena, text, S("évaluer"), hits, 4), 2);
    assert_true(str_eq(str_sub(text, hits[0].from, hits[0].n), S("évaluation")));
    assert_true(str_eq(str_sub(text, hits[1].from, hits[1].n), S("évaluée")));
    assert_int_equal(words_hits(f->arena, text, S("évaluer"), hits, 1), 1);
    assert_int_equal(words_hits(f->arena, text, S("formateurs"), hits, 4), 1);
    assert_true(str_eq(str_sub(text, hits[0].from, hits[0].n), S("formateur·rice")));
    assert_int_equal(words_hits(f->arena, text, S("form"), hits, 4), 1);
    assert_int_equal(words_hits(f->arena, text, S("le la"), hits, 4), 0);
    assert_int_equal(words_hits(f->arena, text, S(""), hits, 4), 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
    const struct CMUnitTest tests[] = {
        T(words_find_each_other),
        cmocka_unit_test(a_text_kept_as_words_finds_the_same),
        T(more_than_the_most_is_left_out),
        T(what_is_found_is_marked),
    };
    return cmocka_run_group_tests_name("sqlite", tests, fixture_sqlite, fixture_group_end) +
           cmocka_run_group_tests_name("pgsql", tests, fixture_pgsql, fixture_group_end);
}
