/* Reading a backup: the list first, then each file where the list says, checked against it. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/archive.h"
#include "media/file.h"

enum { PIECE = 256 * 1024, MANIFEST_MAX = 512 * 1024 * 1024 };

struct archive_in {
    struct arena *arena;
    struct archive *archive;
    char sum[SHA256_TEXT + 1]; /* of the manifest */
    struct progress progress;
    struct str *ret_error;
    unsigned char piece[PIECE];
};

static bool refuse(struct archive_in *in, struct str why)
{
    *in->ret_error = why;
    return false;
}

static bool unreadable(struct archive_in *in)
{
    const char *why = archive_error_string(in->archive);
    return refuse(
        in, arena_printf(in->arena, "it is cut or damaged (%s)", why ? why : "the end is missing"));
}

/* The next entry must be the plain file `name`. */
static bool next_entry(struct archive_in *in, struct str name, int64_t *ret_size)
{
    struct archive_entry *entry;
    int result = archive_read_next_header(in->archive, &entry);
    if (result == ARCHIVE_EOF)
        return refuse(in, arena_printf(in->arena, "it is cut: %.*s is missing", STR(name)));
    if (result != ARCHIVE_OK) return unreadable(in);
    const char *found = archive_entry_pathname(entry);
    bool plain = archive_entry_filetype(entry) == AE_IFREG && !archive_entry_hardlink(entry) &&
                 !archive_entry_symlink(entry);
    if (!found || !plain || !str_is(name, found) || !archive_entry_size_is_set(entry))
        return refuse(in,
                      arena_printf(in->arena, "it is damaged: something else is where %.*s must be",
                                   STR(name)));
    *ret_size = archive_entry_size(entry);
    return true;
}

static void sum_of(EVP_MD_CTX *digest, char ret[SHA256_TEXT + 1])
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    EVP_DigestFinal_ex(digest, bytes, NULL);
    sha256_text(bytes, ret);
    EVP_MD_CTX_free(digest);
}

static EVP_MD_CTX *digest_begin(void)
{
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    if (!digest || EVP_DigestInit_ex(digest, EVP_sha256(), NULL) != 1) abort();
    return digest;
}

/* The content of a small entry. */
static bool read_text(struct archive_in *in, const char *name, int64_t most, struct str *ret,
                      char ret_sum[SHA256_TEXT + 1])
{
    int64_t size;
    if (!next_entry(in, str_from(name), &size)) return false;
    if (size > most) return refuse(in, arena_printf(in->arena, "%s is too long", name));
    char *text = arena_alloc(in->arena, (size_t)size + 1);
    if (archive_read_data(in->archive, text, (size_t)size) != size) return unreadable(in);
    EVP_MD_CTX *digest = digest_begin();
    EVP_DigestUpdate(digest, text, (size_t)size);
    sum_of(digest, ret_sum);
    *ret = (struct str){ text, (size_t)size };
    return true;
}

static void close_archive(void *archive)
{
    archive_read_free(archive);
}

struct archive_in *archive_open(struct arena *a, struct str path, struct manifest *ret_manifest,
                                struct str *ret_error)
{
    struct archive_in *in = arena_new(a, struct archive_in);
    struct str text;
    struct stat st;
    in->arena = a;
    in->ret_error = ret_error;
    in->archive = archive_read_new();
    if (!in->archive) abort();
    arena_cleanup(a, close_archive, in->archive);
    const char *name = arena_cstr(a, path);
    if (stat(name, &st) != 0 || !S_ISREG(st.st_mode)) {
        *ret_error =
            arena_printf(a, "it cannot be read: %s", errno ? strerror(errno) : "no plain file");
        return NULL;
    }
    setlocale(LC_CTYPE, "C.UTF-8"); /* libarchive reads names by the locale */
    /* tar alone: whatever else libarchive can read is none of ours */
    if (archive_read_support_format_tar(in->archive) != ARCHIVE_OK ||
        archive_read_open_filename(in->archive, name, PIECE) != ARCHIVE_OK) {
        unreadable(in);
        return NULL;
    }
    if (!read_text(in, "manifest.json", MANIFEST_MAX, &text, in->sum)) return NULL;
    return manifest_read(a, text, ret_manifest, ret_error) ? in : NULL;
}

/* Copies the entry's bytes; gives sum and how many they were. */
static bool copy_entry(struct archive_in *in, int fd, struct str path,
                       char ret_sum[SHA256_TEXT + 1], int64_t *ret_size)
{
    EVP_MD_CTX *digest = digest_begin();
    la_ssize_t n;
    bool ok = true;
    *ret_size = 0;
    while (ok && (n = archive_read_data(in->archive, in->piece, PIECE)) != 0) {
        if (n < 0) ok = unreadable(in);
        else if (interrupted()) ok = refuse(in, S("stopped by a signal"));
        else if (!file_write_all(fd, in->piece, (size_t)n))
            ok = refuse(in, arena_printf(in->arena, "cannot write %.*s: %m", STR(path)));
        if (!ok) break;
        EVP_DigestUpdate(digest, in->piece, (size_t)n);
        *ret_size += n;
        progress_add(&in->progress, n);
    }
    sum_of(digest, ret_sum);
    return ok;
}

static bool extract_file(struct archive_in *in, const struct kept_file *f)
{
    int64_t size;
    char sum[SHA256_TEXT + 1];
    size_t slash = f->path.n;
    while (slash > 1 && f->path.p[slash - 1] != '/')
        slash--;
    if (!next_entry(in, f->name, &size)) return false;
    if (size != f->size)
        return refuse(
            in, arena_printf(in->arena, "%.*s has another size than the list says", STR(f->name)));
    if (!file_make_folder(str_sub(f->path, 0, slash - 1)))
        return refuse(in,
                      arena_printf(in->arena, "cannot make the folder of %.*s: %m", STR(f->path)));
    int fd = open(f->path.p, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) return refuse(in, arena_printf(in->arena, "cannot write %.*s: %m", STR(f->path)));
    bool ok = copy_entry(in, fd, f->path, sum, &size);
    if (ok && fchmod(fd, f->mode & 0777) != 0)
        ok = refuse(in, arena_printf(in->arena, "cannot set modes: %m"));
    close(fd);
    if (!ok) return false;
    if (size == f->size && strcmp(sum, f->sha256) == 0) return true;
    return refuse(in,
                  arena_printf(in->arena,
                               "it is damaged: %.*s does not have the content that the list says",
                               STR(f->name)));
}

bool archive_extract(struct arena *a, struct archive_in *in, const struct manifest *m,
                     struct str *ret_error)
{
    struct str last;
    struct archive_entry *entry;
    char unused[SHA256_TEXT + 1];
    in->arena = a;
    in->ret_error = ret_error;
    in->progress = (struct progress){ .verb = "restored", .total = m->bytes };
    for (size_t i = 0; i < m->count; i++)
        if (!extract_file(in, &m->files[i])) return false;
    if (!read_text(in, "manifest.sha256", SHA256_TEXT, &last, unused)) return false;
    if (!str_is(last, in->sum))
        return refuse(in, S("it is damaged: the list does not have the sum it had"));
    return archive_read_next_header(in->archive, &entry) == ARCHIVE_EOF ||
           refuse(in, S("it is damaged: more follows than the list says"));
}
