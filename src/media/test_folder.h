/* For the tests of this folder: a fresh temporary folder for each test, and the cmocka includes. */
#ifndef EDULAB_MEDIA_TEST_FOLDER_H
#define EDULAB_MEDIA_TEST_FOLDER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <unistd.h>

#include "media/file.h"

struct test {
    struct arena *arena;
    struct str folder;
};

static int test_begin(void **state)
{
    struct test *t = test_malloc(sizeof *t);
    t->arena = arena_create();
    const char *base = getenv("TMPDIR");
    char *name =
        arena_cstr(t->arena, arena_printf(t->arena, "%s/media-XXXXXX", base ? base : "/tmp"));
    assert_non_null(mkdtemp(name));
    t->folder = str_from(name);
    *state = t;
    return 0;
}

static int test_end(void **state)
{
    struct test *t = *state;
    assert_true(file_remove_tree(t->folder));
    arena_destroy(t->arena);
    test_free(t);
    return 0;
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, test_begin, test_end)
/* A path in the test's folder. */
#define IN(name) file_join(t->arena, t->folder, str_from(name))

#endif
