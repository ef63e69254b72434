/* Writing a backup: every file is read twice, once for the list and once into the archive, and must not differ. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/time.h"
#include "command/archive.h"
#include "media/file.h"

enum { PIECE = 256 * 1024 };

struct out {
    struct arena *arena;
    struct archive *archive;
    int fd;
    struct str beside; /* the name until it is whole */
    struct progress progress;
    struct str *ret_error;
    unsigned char piece[PIECE];
};

/* --- reading through a file ------------------------------------------------------------------------------- */

/* Reads `most` bytes (or to the end), hands each piece to `take` and gives sum and size. */
static bool read_through(struct out *o, struct str path, int64_t most,
                         bool (*take)(struct out *o, size_t n), char ret_sum[SHA256_TEXT + 1],
                         int64_t *ret_size)
{
    int fd = open(path.p, O_RDONLY | O_CLOEXEC);
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    if (!digest || EVP_DigestInit_ex(digest, EVP_sha256(), NULL) != 1) abort();
    unsigned char sum[EVP_MAX_MD_SIZE];
    bool ok = fd >= 0;
    *ret_size = 0;
    while (ok && *ret_size < most && !interrupted()) {
        int64_t rest = most - *ret_size;
        ssize_t n = read(fd, o->piece, rest < PIECE ? (size_t)rest : PIECE);
        if (n <= 0) {
            ok = n == 0;
            break;
        }
        EVP_DigestUpdate(digest, o->piece, (size_t)n);
        if (take && !take(o, (size_t)n)) ok = false;
        *ret_size += n;
        progress_add(&o->progress, n);
    }
    if (!ok && !o->ret_error->p)
        *o->ret_error = arena_printf(o->arena, "cannot read %s: %m", path.p);
    if (ok && interrupted()) *o->ret_error = S("stopped by a signal");
    EVP_DigestFinal_ex(digest, sum, NULL);
    sha256_text(sum, ret_sum);
    EVP_MD_CTX_free(digest);
    if (fd >= 0) close(fd);
    return ok && !interrupted();
}

bool archive_measure(struct arena *a, struct manifest *m, struct str *ret_error)
{
    struct out *o = arena_new(a, struct out);
    *ret_error = STR_NONE;
    o->arena = a;
    o->ret_error = ret_error;
    o->progress = (struct progress){ .verb = "read" };
    for (size_t i = 0; i < m->count; i++) {
        struct stat st;
        if (stat(m->files[i].path.p, &st) == 0) o->progress.total += st.st_size;
    }
    for (size_t i = 0; i < m->count; i++) {
        struct kept_file *f = &m->files[i];
        if (!read_through(o, f->path, INT64_MAX, NULL, f->sha256, &f->size)) return false;
        m->bytes += f->size;
    }
    return true;
}

/* --- the archive ---------------------------------------------------------------------------------------------- */

static bool failed(struct out *o)
{
    int error = archive_errno(o->archive);
    *o->ret_error = arena_printf(o->arena, "cannot write %s: %s", o->beside.p,
                                 file_error_is_full(error) ? "the disk is full"
                                                           : archive_error_string(o->archive));
    return false;
}

static bool begin_entry(struct out *o, struct str name, int64_t size, unsigned mode)
{
    struct archive_entry *entry = archive_entry_new2(o->archive);
    if (!entry) abort();
    archive_entry_set_pathname(entry, arena_cstr(o->arena, name));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, (mode_t)mode);
    archive_entry_set_size(entry, size);
    archive_entry_set_mtime(entry, time_now() / SECOND_MS, 0);
    int result = archive_write_header(o->archive, entry);
    archive_entry_free(entry);
    return result == ARCHIVE_OK || failed(o);
}

static bool put_piece(struct out *o, size_t n)
{
    return archive_write_data(o->archive, o->piece, n) == (la_ssize_t)n || failed(o);
}

static bool put_text(struct out *o, const char *name, struct str text)
{
    if (!begin_entry(o, str_from(name), (int64_t)text.n, 0600)) return false;
    return archive_write_data(o->archive, text.p, text.n) == (la_ssize_t)text.n || failed(o);
}

static bool put_file(struct out *o, const struct kept_file *f)
{
    char sum[SHA256_TEXT + 1];
    int64_t size;
    if (!begin_entry(o, f->name, f->size, f->mode) ||
        !read_through(o, f->path, f->size, put_piece, sum, &size))
        return false;
    if (size == f->size && strcmp(sum, f->sha256) == 0) return true;
    *o->ret_error =
        arena_printf(o->arena, "%.*s changed while it was copied: try again", STR(f->name));
    return false;
}

static bool put_all(struct out *o, const struct manifest *m)
{
    struct str text = manifest_text(o->arena, m);
    unsigned char digest[EVP_MAX_MD_SIZE];
    char sum[SHA256_TEXT + 1];
    if (EVP_Digest(text.p, text.n, digest, NULL, EVP_sha256(), NULL) != 1) abort();
    sha256_text(digest, sum);
    if (!put_text(o, "manifest.json", text)) return false;
    for (size_t i = 0; i < m->count; i++)
        if (!put_file(o, &m->files[i])) return false;
    return put_text(o, "manifest.sha256", str_from(sum));
}

static bool write_beside(struct out *o, const struct manifest *m)
{
    o->archive = archive_write_new();
    if (!o->archive) abort();
    setlocale(LC_CTYPE, "C.UTF-8"); /* libarchive reads names by the locale */
    bool ok = archive_write_set_format_pax_restricted(o->archive) == ARCHIVE_OK &&
              archive_write_open_fd(o->archive, o->fd) == ARCHIVE_OK;
    ok = (ok || failed(o)) && put_all(o, m);
    ok = ok && (archive_write_close(o->archive) == ARCHIVE_OK || failed(o));
    archive_write_free(o->archive);
    return ok;
}

/* Gives the finished file its name, which nothing may have by now. */
static bool publish(struct out *o, struct str path)
{
    size_t slash = path.n;
    while (slash > 0 && path.p[slash - 1] != '/')
        slash--;
    struct str folder = slash == 0 ? S(".") : slash == 1 ? S("/") : str_sub(path, 0, slash - 1);
    if (fsync(o->fd) == 0 &&
        renameat2(AT_FDCWD, o->beside.p, AT_FDCWD, path.p, RENAME_NOREPLACE) == 0 &&
        file_sync_folder(folder))
        return true;
    *o->ret_error = arena_printf(
        o->arena, errno == EEXIST ? "%s exists already" : "cannot write %s: %m", path.p);
    return false;
}

bool archive_write_all(struct arena *a, const struct manifest *m, struct str path,
                       struct str *ret_error)
{
    struct out *o = arena_new(a, struct out);
    *ret_error = STR_NONE;
    o->arena = a;
    o->ret_error = ret_error;
    o->progress = (struct progress){ .verb = "written", .total = m->bytes };
    o->beside = arena_printf(a, "%.*s.part-%d", STR(path), (int)getpid());
    o->fd = open(o->beside.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (o->fd < 0) {
        *ret_error = arena_printf(a, "cannot write %s: %m", o->beside.p);
        return false;
    }
    bool ok = write_beside(o, m) && publish(o, arena_dup(a, path));
    if (!ok) unlink(o->beside.p);
    close(o->fd);
    return ok;
}
