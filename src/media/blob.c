/* Content-addressed files. Order of durability: the bytes, then the name, then the folders' entries. */
#include "media/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/id.h"
#include "base/limits.h"
#include "media/file.h"

enum { COPY_PIECE = 1 * MIB };

struct blob_store {
    struct str root;      /* <data>/blobs */
    struct str temporary; /* <data>/blobs/tmp */
};

struct blob_writer {
    struct blob_store *store;
    struct arena *arena;
    EVP_MD_CTX *digest;
    int fd; /* -1 when finished */
    int64_t size;
    struct str path;
    enum blob_result failure;
};

struct blob_store *blob_store_open(struct arena *arena, struct str data)
{
    struct blob_store *store = arena_new(arena, struct blob_store);
    store->root = file_join(arena, data, S("blobs"));
    store->temporary = file_join(arena, store->root, S("tmp"));
    if (!file_make_folder(store->temporary)) return NULL;
    file_remove_stale(store->temporary, S(""));
    return store;
}

bool blob_key_valid(struct str key)
{
    if (key.n != BLOB_KEY) return false;
    for (size_t i = 0; i < key.n; i++) {
        char c = key.p[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
    }
    return true;
}

struct str blob_local_path(struct blob_store *store, struct arena *arena, struct str key)
{
    if (!blob_key_valid(key)) return STR_NONE;
    return arena_printf(arena, "%.*s/%.2s/%.2s/%.*s", STR(store->root), key.p, key.p + 2, STR(key));
}

static enum blob_result from_errno(void)
{
    return file_error_is_full(errno) ? BLOB_FULL : BLOB_FAILED;
}

/* --- hashing -------------------------------------------------------------------------------------------- */

static EVP_MD_CTX *digest_begin(void)
{
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    if (!digest || EVP_DigestInit_ex(digest, EVP_sha256(), NULL) != 1) abort();
    return digest;
}

static struct str digest_key(struct arena *a, EVP_MD_CTX *digest)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    if (EVP_DigestFinal_ex(digest, bytes, &n) != 1 || n * 2 != BLOB_KEY) abort();
    char *key = arena_alloc(a, BLOB_KEY + 1);
    for (unsigned i = 0; i < n; i++) {
        key[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        key[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
    return (struct str){ key, BLOB_KEY };
}

/* --- naming --------------------------------------------------------------------------------------------- */

/* Makes root/ab/cd and its entries durable. */
static bool make_key_folder(struct blob_store *store, struct arena *a, struct str key,
                            struct str *ret)
{
    struct str first = arena_printf(a, "%.*s/%.2s", STR(store->root), key.p);
    struct str second = arena_printf(a, "%.*s/%.2s", STR(first), key.p + 2);
    if (!file_make_folder(second)) return false;
    *ret = second;
    return file_sync_folder(store->root) && file_sync_folder(first);
}

/* A blob that is there already is given again: says so in its time, under the lock that blob_collect() takes. False when
 * it went in that moment. */
static bool give_again(struct str path)
{
    struct stat opened, named;
    int fd = open(path.p, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return errno != ENOENT;
    bool there = flock(fd, LOCK_EX) == 0 && fstat(fd, &opened) == 0 && stat(path.p, &named) == 0 &&
                 opened.st_ino == named.st_ino && futimens(fd, NULL) == 0;
    close(fd);
    return there;
}

/* Gives the durable file `from` its second name as the blob `key`. */
static enum blob_result link_blob(struct blob_store *store, struct arena *a, struct str from,
                                  struct str key)
{
    struct str folder;
    if (!make_key_folder(store, a, key, &folder)) return from_errno();
    struct str to = file_join(a, folder, key);
    while (link(arena_cstr(a, from), arena_cstr(a, to)) != 0) {
        if (errno != EEXIST) return from_errno();
        if (give_again(to)) break;
    }
    utimensat(AT_FDCWD, arena_cstr(a, to), NULL, 0); /* young, whatever the file's own age */
    return file_sync_folder(folder) ? BLOB_OK : from_errno();
}

/* --- writing -------------------------------------------------------------------------------------------- */

static void writer_close(void *what)
{
    struct blob_writer *w = what;
    if (w->fd < 0) return;
    unlink(w->path.p); /* made by arena_printf, so terminated */
    close(w->fd);
    EVP_MD_CTX_free(w->digest);
    w->fd = -1;
}

enum blob_result blob_begin(struct blob_store *store, struct arena *arena,
                            struct blob_writer **ret_writer)
{
    char id[ID_TEXT + 1];
    id_format(id_new(), id);
    struct blob_writer *w = arena_new(arena, struct blob_writer);
    *w = (struct blob_writer){ .store = store, .arena = arena };
    w->path = arena_printf(arena, "%.*s/%s-%d", STR(store->temporary), id, (int)getpid());
    w->fd = file_lock(w->path, O_WRONLY | O_CREAT | O_EXCL);
    if (w->fd < 0) return from_errno();
    w->digest = digest_begin();
    arena_cleanup(arena, writer_close, w);
    *ret_writer = w;
    return BLOB_OK;
}

enum blob_result blob_write(struct blob_writer *w, const void *p, size_t n)
{
    if (w->fd < 0) return w->failure;
    if (!file_write_all(w->fd, p, n)) {
        w->failure = from_errno();
        writer_close(w);
        return w->failure;
    }
    EVP_DigestUpdate(w->digest, p, n);
    w->size += (int64_t)n;
    return BLOB_OK;
}

enum blob_result blob_commit(struct blob_writer *w, struct str *ret_key, int64_t *ret_size)
{
    if (w->fd < 0) return w->failure;
    struct str key = digest_key(w->arena, w->digest);
    enum blob_result result =
        fsync(w->fd) == 0 ? link_blob(w->store, w->arena, w->path, key) : from_errno();
    w->failure = BLOB_FAILED;
    writer_close(w);
    if (result != BLOB_OK) return result;
    if (ret_key) *ret_key = key;
    if (ret_size) *ret_size = w->size;
    return BLOB_OK;
}

void blob_abort(struct blob_writer *w)
{
    w->failure = BLOB_FAILED;
    writer_close(w);
}

enum blob_result blob_put(struct blob_store *store, struct arena *arena, struct str data,
                          struct str *ret_key)
{
    struct blob_writer *w;
    enum blob_result result = blob_begin(store, arena, &w);
    if (result == BLOB_OK) result = blob_write(w, data.p, data.n);
    if (result == BLOB_OK) result = blob_commit(w, ret_key, NULL);
    return result;
}

/* --- taking in a file ----------------------------------------------------------------------------------- */

/* Reads fd to its end: into the digest, and into `copy` when there is one. */
static enum blob_result read_through(int fd, EVP_MD_CTX *digest, struct blob_writer *copy,
                                     bool (*tick)(void *, int64_t), void *context,
                                     int64_t *ret_size)
{
    char *piece = malloc(COPY_PIECE);
    if (!piece) abort();
    enum blob_result result = BLOB_OK;
    int64_t done = 0;
    for (;;) {
        ssize_t got = read(fd, piece, COPY_PIECE);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) result = BLOB_FAILED;
        if (got <= 0) break;
        if (digest) EVP_DigestUpdate(digest, piece, (size_t)got);
        if (copy && (result = blob_write(copy, piece, (size_t)got)) != BLOB_OK) break;
        done += got;
        if (tick && !tick(context, done)) {
            errno = ECANCELED;
            result = BLOB_FAILED;
            break;
        }
    }
    free(piece);
    *ret_size = done;
    return result;
}

enum blob_result blob_copy(struct blob_store *store, struct arena *arena, struct str path,
                           bool (*tick)(void *context, int64_t done), void *context,
                           struct str *ret_key, int64_t *ret_size)
{
    int fd = open(arena_cstr(arena, path), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return errno == ENOENT ? BLOB_MISSING : BLOB_FAILED;
    struct blob_writer *w;
    int64_t size;
    enum blob_result result = blob_begin(store, arena, &w);
    if (result == BLOB_OK) {
        result = read_through(fd, NULL, w, tick, context, &size);
        if (result == BLOB_OK) result = blob_commit(w, ret_key, ret_size);
        else blob_abort(w);
    }
    close(fd);
    return result;
}

enum blob_result blob_adopt(struct blob_store *store, struct arena *arena, struct str path,
                            bool (*tick)(void *context, int64_t done), void *context,
                            struct str *ret_key, int64_t *ret_size)
{
    int fd = open(arena_cstr(arena, path), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return errno == ENOENT ? BLOB_MISSING : BLOB_FAILED;
    EVP_MD_CTX *digest = digest_begin();
    int64_t size = 0;
    enum blob_result result = read_through(fd, digest, NULL, tick, context, &size);
    struct str key = digest_key(arena, digest);
    EVP_MD_CTX_free(digest);
    if (result == BLOB_OK && fsync(fd) != 0) result = from_errno();
    close(fd);
    if (result == BLOB_OK) {
        result = link_blob(store, arena, path, key);
        bool no_link =
            result == BLOB_FAILED && (errno == EXDEV || errno == EPERM || errno == EMLINK);
        if (no_link) return blob_copy(store, arena, path, tick, context, ret_key, ret_size);
    }
    if (result != BLOB_OK) return result;
    if (ret_key) *ret_key = key;
    if (ret_size) *ret_size = size;
    return BLOB_OK;
}

/* --- reading -------------------------------------------------------------------------------------------- */

/* The path in the caller's buffer: reading must not need an arena. */
static bool local_path(struct blob_store *store, struct str key, char *ret, size_t size)
{
    if (!blob_key_valid(key)) return false;
    int n =
        snprintf(ret, size, "%.*s/%.2s/%.2s/%.*s", STR(store->root), key.p, key.p + 2, STR(key));
    return n > 0 && (size_t)n < size;
}

enum blob_result blob_open(struct blob_store *store, struct str key, int *ret_fd, int64_t *ret_size)
{
    char path[4096];
    if (!local_path(store, key, path, sizeof path)) return BLOB_MISSING;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return errno == ENOENT ? BLOB_MISSING : BLOB_FAILED;
    struct stat st;
    if (fstat(fd, &st) != 0) {
        close(fd);
        return BLOB_FAILED;
    }
    *ret_fd = fd;
    if (ret_size) *ret_size = st.st_size;
    return BLOB_OK;
}

bool blob_exists(struct blob_store *store, struct str key)
{
    char path[4096];
    return local_path(store, key, path, sizeof path) && access(path, F_OK) == 0;
}

enum blob_result blob_delete(struct blob_store *store, struct str key)
{
    char path[4096];
    if (!local_path(store, key, path, sizeof path)) return BLOB_MISSING;
    if (unlink(path) == 0) return BLOB_OK;
    return errno == ENOENT ? BLOB_MISSING : BLOB_FAILED;
}

bool blob_collect(struct blob_store *store, struct str key, int64_t before)
{
    char path[4096];
    struct stat opened, named;
    if (!local_path(store, key, path, sizeof path)) return false;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return errno == ENOENT;
    bool old = flock(fd, LOCK_EX) == 0 && fstat(fd, &opened) == 0 && stat(path, &named) == 0 &&
               opened.st_ino == named.st_ino && (int64_t)opened.st_mtim.tv_sec * 1000 < before;
    bool gone = old && unlink(path) == 0;
    close(fd);
    return gone;
}
