/* Keeping files while they are copied. A hard link keeps the bytes when the name goes, costs nothing, and the files of
 * the data folder never change in place; those of uploads under way do, so they are copied. */
#include "command/archive.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "media/file.h"

enum { DEPTH_MAX = 16 };

struct hold {
    struct arena *arena;
    struct str data, folder;
    int lock;
    const struct str *skip;
    size_t skip_count;
    struct str *ret_error;
};

static void release(void *hold)
{
    hold_release(hold);
}

struct hold *hold_create(struct arena *a, struct str data, struct str *ret_error)
{
    struct hold *h = arena_new(a, struct hold);
    *h = (struct hold){
        .arena = a, .data = data, .folder = file_join(a, data, S(".backup")), .lock = -1
    };
    bool made = file_make_folder(h->folder);
    h->lock = made ? file_lock(h->folder, O_RDONLY | O_DIRECTORY) : -1;
    if (h->lock < 0) {
        *ret_error = made && errno == EWOULDBLOCK
                         ? S("another backup is running")
                         : arena_printf(a, "cannot make %.*s: %m", STR(h->folder));
        return NULL;
    }
    arena_cleanup(a, release, h);
    /* what a killed backup left; the folder itself stays, for its lock is ours */
    if (!file_remove_tree(hold_path(h, "files")) ||
        (unlink(hold_path(h, "database").p) != 0 && errno != ENOENT)) {
        *ret_error = arena_printf(a, "cannot clear %.*s: %m", STR(h->folder));
        return NULL;
    }
    return h;
}

struct str hold_path(struct hold *h, const char *name)
{
    return file_join(h->arena, h->folder, str_from(name));
}

void hold_release(struct hold *h)
{
    if (h->lock < 0) return;
    file_remove_tree(h->folder);
    close(h->lock);
    h->lock = -1;
}

/* --- walking ------------------------------------------------------------------------------------------------- */

struct walk {
    struct hold *hold;
    bool (*file)(struct walk *w, struct str inner, const struct stat *st);
    bool (*wanted)(struct walk *w, struct str inner, int depth);
    struct str root;
    struct manifest *manifest;
};

static bool failed(struct hold *h, const char *what, struct str inner)
{
    *h->ret_error = arena_printf(h->arena, "cannot %s %.*s: %m", what, STR(inner));
    return false;
}

/* Calls w->file for every plain file below root/inner. Links to folders are followed: media may live on another disk.
 * What vanishes meanwhile is passed over. */
static bool walk(struct walk *w, struct str inner, int depth)
{
    struct arena *a = w->hold->arena;
    struct str path = inner.n ? file_join(a, w->root, inner) : w->root;
    if (depth == DEPTH_MAX) {
        errno = ELOOP;
        return failed(w->hold, "go into", path);
    }
    DIR *dir = opendir(path.p);
    if (!dir) return errno == ENOENT || failed(w->hold, "read", path);
    bool ok = true;
    for (struct dirent *entry; ok && (entry = readdir(dir));) {
        struct stat st;
        struct str name = str_from(entry->d_name);
        if (name.p[0] == '.') continue; /* of the moment: ".tmp-…", ".….part", our own */
        struct str below = inner.n ? file_join(a, inner, name) : arena_dup(a, name);
        if (w->wanted && !w->wanted(w, below, depth)) continue;
        if (fstatat(dirfd(dir), entry->d_name, &st, 0) != 0)
            ok = errno == ENOENT || failed(w->hold, "look at", below);
        else if (S_ISDIR(st.st_mode)) ok = walk(w, below, depth + 1);
        else if (S_ISREG(st.st_mode)) ok = w->file(w, below, &st);
    }
    closedir(dir);
    return ok;
}

/* --- holding ----------------------------------------------------------------------------------------------------- */

/* The database goes its own way; half-written blobs are nobody's; "secret.123" lives for a moment. */
static bool is_wanted(struct walk *w, struct str inner, int depth)
{
    const struct hold *h = w->hold;
    if (str_is(inner, "blobs/tmp")) return false;
    if (depth > 0) return true;
    if (str_starts(inner, S("secret."))) return false;
    for (size_t i = 0; i < h->skip_count; i++)
        if (str_starts(inner, h->skip[i]) &&
            (inner.n == h->skip[i].n || inner.p[h->skip[i].n] == '-'))
            return false;
    return true;
}

static bool make_parent(struct hold *h, struct str path)
{
    size_t slash = path.n;
    while (slash > 1 && path.p[slash - 1] != '/')
        slash--;
    return file_make_folder(str_sub(path, 0, slash - 1)) || failed(h, "make the folder of", path);
}

static bool hold_file(struct walk *w, struct str inner, const struct stat *st)
{
    struct hold *h = w->hold;
    struct str from = file_join(h->arena, h->data, inner),
               to = file_join(h->arena, hold_path(h, "files"), inner);
    (void)st;
    if (!make_parent(h, to)) return false;
    if (link(from.p, to.p) == 0 || errno == EEXIST || errno == ENOENT) return true;
    /* another disk, or not our file: then its name says where to read */
    return symlink(from.p, to.p) == 0 || failed(h, "keep", from);
}

bool hold_all(struct hold *h, const struct str *skip, size_t skip_count, struct str *ret_error)
{
    h->skip = skip;
    h->skip_count = skip_count;
    h->ret_error = ret_error;
    struct walk w = { .hold = h, .file = hold_file, .wanted = is_wanted, .root = h->data };
    return file_make_folder(hold_path(h, "files")) ? walk(&w, STR_NONE, 0)
                                                   : failed(h, "make", hold_path(h, "files"));
}

/* --- listing --------------------------------------------------------------------------------------------------------- */

static bool copy_bytes(int from, int to)
{
    static char piece[256 * 1024];
    ssize_t n = 0;
    while (!interrupted() && (n = read(from, piece, sizeof piece)) > 0)
        if (!file_write_all(to, piece, (size_t)n)) return false;
    if (n > 0) errno = EINTR;
    return n == 0;
}

/* The held link becomes a copy: the bytes of an upload grow, and are cut back when a piece is sent again. */
static bool settle(struct hold *h, struct str path)
{
    struct str beside = hold_path(h, "upload");
    unlink(beside.p);
    int from = open(path.p, O_RDONLY | O_CLOEXEC),
        to = open(beside.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = from >= 0 && to >= 0 && copy_bytes(from, to) && rename(beside.p, path.p) == 0;
    if (!ok) failed(h, "copy", path);
    if (from >= 0) close(from);
    if (to >= 0) close(to);
    return ok;
}

static bool list_file(struct walk *w, struct str inner, const struct stat *st)
{
    struct hold *h = w->hold;
    struct str path = file_join(h->arena, w->root, inner);
    struct str name = arena_printf(h->arena, "data/%.*s", STR(inner));
    if (!manifest_name_valid(name)) {
        *h->ret_error = arena_printf(
            h->arena, "%.*s has a name that cannot be kept: rename or remove it", STR(inner));
        return false;
    }
    if (str_starts(inner, S("uploads/")) && !settle(h, path)) return false;
    struct kept_file *f = manifest_add(h->arena, w->manifest, name, path);
    f->mode = st->st_mode & 0777;
    return true;
}

bool hold_list(struct hold *h, struct manifest *m, struct str *ret_error)
{
    h->ret_error = ret_error;
    struct walk w = { .hold = h, .file = list_file, .root = hold_path(h, "files"), .manifest = m };
    return walk(&w, STR_NONE, 0);
}
