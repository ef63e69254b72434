/* Every statement of the program prepared on both engines, and both schemas compared, from empty and from every older
 * version. run: seconds=300 */
#include "tests/db/fixture.h"

#include "command/app.h"
#include "tests/schema_compare.h"

static const char *make(void *context, bool sqlite)
{
    struct arena *arena = context;
    void *state;
    fixture_use(sqlite);
    fixture_begin_empty(&state);
    const char *url = arena_cstr(arena, str_from(((struct fixture *)state)->url));
    fixture_end(&state);
    return url;
}

static void both_engines_agree(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct str why = schema_check(arena, tables_get()->parts, make, arena);
    if (why.p) fail_msg("%.*s", STR(why));
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(both_engines_agree) };
    return cmocka_run_group_tests_name("schema", tests, fixture_pgsql, fixture_group_end);
}
