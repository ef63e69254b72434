/* The real parts of the program on both engines: same tables, columns and indexes from empty and from every older
 * version, and every statement prepared on both. */
#include "db/test/fixture.h"

#include "command/app.h"
#include "tests/schema_compare.h"

enum { MOST = 256 };

static struct fixture *made[MOST];
static int made_count;

static const char *make_empty(void *context, bool sqlite)
{
    (void)context;
    void *state;
    assert_true(made_count < MOST);
    fixture_use(sqlite);
    assert_int_equal(fixture_begin_empty(&state), 0);
    made[made_count++] = state;
    return made[made_count - 1]->url;
}

static void both_engines_have_the_same_schema(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct str wrong = schema_check(a, tables_get()->parts, make_empty, NULL);
    if (wrong.n) print_error("%.*s\n", STR(wrong));
    assert_true(wrong.n == 0);
    arena_destroy(a);
}

static int end(void **state)
{
    for (int i = 0; i < made_count; i++) {
        arena_destroy(made[i]->arena);
        free(made[i]);
    }
    return fixture_group_end(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(both_engines_have_the_same_schema) };
    return cmocka_run_group_tests(tests, fixture_pgsql, end);
}
