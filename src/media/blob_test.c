/* The blob store: content keys, whole or nothing, full disk, leftovers of killed processes. */
#include "media/test_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/limits.h"
#include "media/blob.h"

static const char abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

static struct blob_store *open_store(struct test *t)
{
    struct blob_store *store = blob_store_open(t->arena, t->folder);
    assert_non_null(store);
    return store;
}

static int entries(struct test *t, struct str folder)
{
    DIR *dir = opendir(arena_cstr(t->arena, folder));
    assert_non_null(dir);
    int n = 0;
    while (readdir(dir))
        n++;
    closedir(dir);
    return n - 2;
}

static void stores_and_reads(void **state)
{
    struct test *t = *state;
    struct blob_store *store = open_store(t);
    struct str key, text;
    assert_int_equal(blob_put(store, t->arena, S("abc"), &key), BLOB_OK);
    assert_true(str_is(key, abc));
    assert_true(blob_exists(store, key));
    assert_true(str_ends(blob_local_path(store, t->arena, key), str_from(abc)));
    assert_true(file_read(t->arena, blob_local_path(store, t->arena, key), 10, &text));
    assert_true(str_is(text, "abc"));
    int fd;
    int64_t size;
    assert_int_equal(blob_open(store, key, &fd, &size), BLOB_OK);
    assert_int_equal(size, 3);
    close(fd);
    assert_int_equal(blob_put(store, t->arena, S("abc"), &key), BLOB_OK);
    assert_int_equal(entries(t, IN("blobs/tmp")), 0);
    assert_int_equal(blob_delete(store, key), BLOB_OK);
    assert_int_equal(blob_delete(store, key), BLOB_MISSING);
    assert_int_equal(blob_open(store, key, &fd, &size), BLOB_MISSING);
}

static void writes_in_pieces(void **state)
{
    struct test *t = *state;
    struct blob_store *store = open_store(t);
    struct blob_writer *w;
    struct str key;
    int64_t size;
    assert_int_equal(blob_begin(store, t->arena, &w), BLOB_OK);
    assert_int_equal(blob_write(w, "a", 1), BLOB_OK);
    assert_int_equal(blob_write(w, "bc", 2), BLOB_OK);
    assert_false(blob_exists(store, str_from(abc)));
    assert_int_equal(blob_commit(w, &key, &size), BLOB_OK);
    assert_true(str_is(key, abc));
    assert_int_equal(size, 3);
    assert_int_not_equal(blob_write(w, "d", 1), BLOB_OK);
}

static void drops_the_unfinished(void **state)
{
    struct test *t = *state;
    struct blob_store *store = open_store(t);
    struct arena *request = arena_create();
    struct blob_writer *w;
    assert_int_equal(blob_begin(store, request, &w), BLOB_OK);
    assert_int_equal(blob_write(w, "abc", 3), BLOB_OK);
    assert_int_equal(entries(t, IN("blobs/tmp")), 1);
    arena_destroy(request);
    assert_int_equal(entries(t, IN("blobs/tmp")), 0);
    assert_false(blob_exists(store, str_from(abc)));
}

static void refuses_what_is_no_key(void **state)
{
    struct test *t = *state;
    struct blob_store *store = open_store(t);
    int fd;
    assert_false(blob_key_valid(S("../../../etc/passwd")));
    assert_false(
        blob_key_valid(S("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")));
    assert_int_equal(blob_open(store, S("../../../etc/passwd"), &fd, NULL), BLOB_MISSING);
    assert_null(blob_local_path(store, t->arena, S("")).p);
    assert_int_equal(blob_delete(store, S("x")), BLOB_MISSING);
}

static bool stop_at_once(void *context, int64_t done)
{
    *(int64_t *)context = done;
    return false;
}

static void takes_in_files(void **state)
{
    struct test *t = *state;
    struct blob_store *store = open_store(t);
    struct str key;
    int64_t size = 0, seen = 0;
    assert_true(file_write(IN("mine"), S("abc")));
    assert_int_equal(blob_adopt(store, t->arena, IN("mine"), NULL, NULL, &key, &size), BLOB_OK);
    assert_true(str_is(key, abc));
    assert_int_equal(size, 3);
    struct stat st;
    assert_int_equal(stat(IN("mine").p, &st), 0);
    assert_int_equal(st.st_nlink, 2);
    /* a job that runs again finds its work done */
    assert_int_equal(blob_adopt(store, t->arena, IN("mine"), NULL, NULL, &key, &size), BLOB_OK);
    assert_true(file_write(IN("theirs"), S("other")));
    assert_int_equal(blob_copy(store, t->arena, IN("theirs"), NULL, NULL, &key, &size), BLOB_OK);
    assert_int_equal(stat(IN("theirs").p, &st), 0);
    assert_int_equal(st.st_nlink, 1);
    assert_int_equal(blob_adopt(store, t->arena, IN("theirs"), stop_at_once, &seen, NULL, NULL),
                     BLOB_FAILED);
    assert_int_equal(errno, ECANCELED);
    assert_int_equal(seen, 5);
    assert_int_equal(blob_adopt(store, t->arena, IN("absent"), NULL, NULL, NULL, NULL),
                     BLOB_MISSING);
}

/* Writes 3 MiB where fewer fit: the answer is "full" and nothing stays. */
static void fill(struct test *t, struct blob_store *store)
{
    struct blob_writer *w;
    char *megabyte = arena_alloc(t->arena, MIB);
    assert_int_equal(blob_begin(store, t->arena, &w), BLOB_OK);
    enum blob_result result = BLOB_OK;
    for (int i = 0; i < 3 && result == BLOB_OK; i++)
        result = blob_write(w, megabyte, MIB);
    assert_int_equal(result, BLOB_FULL);
    assert_int_equal(blob_commit(w, NULL, NULL), BLOB_FULL);
    assert_int_equal(blob_put(store, t->arena, S("abc"), NULL), BLOB_OK);
}

static void says_full_at_the_size_limit(void **state)
{
    struct test *t = *state;
    struct blob_store *store = open_store(t);
    struct rlimit kept, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &kept), 0);
    small = kept;
    small.rlim_cur = 2 * MIB;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    fill(t, store);
    setrlimit(RLIMIT_FSIZE, &kept);
    assert_int_equal(entries(t, IN("blobs/tmp")), 0);
}

static void says_full_on_a_full_disk(void **state)
{
    struct test *t = *state;
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("tmpfs", t->folder.p, "tmpfs", 0, "size=2m") != 0) {
        skip();
    }
    struct blob_store *store = open_store(t);
    fill(t, store);
    int left = entries(t, IN("blobs/tmp"));
    umount(t->folder.p);
    assert_int_equal(left, 0);
}

static void sweeps_after_a_kill(void **state)
{
    struct test *t = *state;
    struct blob_store *store = open_store(t);
    int ready[2];
    assert_int_equal(pipe(ready), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct blob_writer *w;
        bool ok = blob_begin(store, t->arena, &w) == BLOB_OK && blob_write(w, "abc", 3) == BLOB_OK;
        if (write(ready[1], ok ? "y" : "n", 1) != 1) _exit(1);
        for (;;)
            pause();
    }
    char answer = 0;
    assert_int_equal(read(ready[0], &answer, 1), 1);
    assert_int_equal(answer, 'y');
    open_store(t); /* another process' file under way is left alone */
    assert_int_equal(entries(t, IN("blobs/tmp")), 1);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    open_store(t);
    assert_int_equal(entries(t, IN("blobs/tmp")), 0);
    assert_false(blob_exists(store, str_from(abc)));
    close(ready[0]);
    close(ready[1]);
}

/* Collected when old; never when the same bytes were given again meanwhile. */
static void collects_what_nobody_needs(void **state)
{
    struct test *t = *state;
    struct blob_store *store = open_store(t);
    struct str key, again;
    const struct timespec old[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
    assert_int_equal(blob_put(store, t->arena, S("abc"), &key), BLOB_OK);
    const char *path = arena_cstr(t->arena, blob_local_path(store, t->arena, key));
    assert_false(blob_collect(store, key, 2000 * 1000)); /* young */
    assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
    assert_int_equal(blob_put(store, t->arena, S("abc"), &again), BLOB_OK);
    assert_false(blob_collect(store, key, 2000 * 1000)); /* given again */
    assert_true(blob_exists(store, key));
    assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
    assert_true(blob_collect(store, key, 2000 * 1000));
    assert_false(blob_exists(store, key));
    assert_true(blob_collect(store, key, 2000 * 1000)); /* gone already */
    assert_int_equal(blob_put(store, t->arena, S("abc"), &again), BLOB_OK);
    assert_true(blob_exists(store, key));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(stores_and_reads),
        TEST(writes_in_pieces),
        TEST(drops_the_unfinished),
        TEST(refuses_what_is_no_key),
        TEST(takes_in_files),
        TEST(says_full_at_the_size_limit),
        TEST(says_full_on_a_full_disk),
        TEST(sweeps_after_a_kill),
        TEST(collects_what_nobody_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
