/* What may not get into the journal: secrets and letters. On a database of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <unistd.h>

#include "access/access.h"
#include "access/audit.h"
#include "work/work.h"

static struct arena *arena;
static struct database *database;

struct kept {
    struct str before, after;
};
static const struct db_column columns[] = { { DB_TEXT, offsetof(struct kept, before) },
                                            { DB_TEXT, offsetof(struct kept, after) } };
static struct db_statement newest = {
    .name = "newest",
    .sqlite = "SELECT before, after FROM audit ORDER BY id DESC LIMIT 1",
    .pgsql = "",
    .columns = columns,
    .column_count = 2,
    .row_size = sizeof(struct kept)
};

static const struct db_part own = { .module = "audit_test",
                                    .statements = &newest,
                                    .statement_count = 1 };

static int setup(void **state)
{
    (void)state;
    static const struct db_part *const parts[] = { &work_db, &access_db, &own, NULL };
    arena = arena_create();
    struct str error;
    struct str path = arena_printf(arena, "sqlite:/tmp/audit_test.%d.db", (int)getpid());
    database =
        database_open(&(struct database_options){ .url = path, .parts = parts }, arena, &error);
    return database && database_migrate(database, arena, &error) >= 0 ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    database_close(database);
    static const char *const ends[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < COUNT(ends); i++)
        unlink(arena_printf(arena, "/tmp/audit_test.%d.db%s", (int)getpid(), ends[i]).p);
    arena_destroy(arena);
    return 0;
}

struct values {
    json_t *before, *after;
};

static bool write_one(struct db *db, void *context)
{
    struct values *v = context;
    audit_write_as(db, 7, "role.granted", "person", 9, v->before, v->after);
    return true;
}

static bool read_one(struct db *db, void *context)
{
    return db_one(db, &newest, NULL, context);
}

static struct kept written(json_t *before, json_t *after)
{
    struct values v = { before, after };
    struct kept kept = { 0 };
    assert_int_equal(db_change_run(database, arena, write_one, &v), DB_COMMITTED);
    assert_int_equal(db_change_run(database, arena, read_one, &kept), DB_COMMITTED);
    return kept;
}

static void values_are_kept_in_order(void **state)
{
    (void)state;
    struct kept k = written(NULL, json_pack("{s:i, s:s}", "b", 2, "a", "é"));
    assert_null(k.before.p);
    assert_true(str_is(k.after, "{\"a\":\"é\",\"b\":2}"));
}

static void secrets_are_left_out_at_every_depth(void **state)
{
    (void)state;
    struct kept k = written(
        json_pack("{s:s, s:{s:s, s:s}}", "Password", "x1", "in", "token_hash", "x2", "fine", "y"),
        json_pack("[{s:s}, s]", "client_secret", "x3", "z"));
    assert_true(str_is(k.before, "{\"in\":{\"fine\":\"y\"}}"));
    assert_true(str_is(k.after, "[{},\"z\"]"));
}

static void long_texts_are_cut_between_characters(void **state)
{
    (void)state;
    struct buf b = BUF_INIT(10000);
    buf_putc(&b, 'x'); /* so that 300 falls inside a character */
    for (int i = 0; i < 1000; i++)
        buf_lit(&b, "é");
    struct kept k = written(NULL, json_pack("{s:s%, s:[s%]}", "t", b.p, b.n, "l", b.p, b.n));
    assert_true(k.after.n < 700 && k.after.n > 600);
    json_t *back =
        json_loadb(k.after.p, k.after.n, 0, NULL); /* valid UTF-8, or it would not load */
    assert_non_null(back);
    json_decref(back);
    json_t *many = json_object();
    for (int i = 0; i < 100; i++)
        json_object_set_new(many, arena_printf(arena, "k%d", i).p, json_stringn(b.p, 250));
    buf_finish(&b);
    assert_true(written(NULL, many).after.n < 100);
}

static void acts_have_words(void **state)
{
    (void)state;
    assert_string_equal(audit_label(S("role.granted")), "Role given");
    assert_null(audit_label(S("role")));
    size_t n = 0;
    while (audit_act(n))
        assert_non_null(audit_label(str_from(audit_act(n++))));
    assert_true(n > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_kept_in_order),
        cmocka_unit_test(secrets_are_left_out_at_every_depth),
        cmocka_unit_test(long_texts_are_cut_between_characters),
        cmocka_unit_test(acts_have_words),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
