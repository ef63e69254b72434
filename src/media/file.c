/* Local files: writing whole, syncing, removing. Knows nothing of media. */
#include "media/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Deeper than anything we make; a deeper tree is refused rather than followed. */
enum { DEPTH_MAX = 16 };

/* `path` with a terminator; false (ENAMETOOLONG) when it cannot be a path. */
static bool path_copy(struct str path, char ret[PATH_MAX])
{
    if (path.n >= PATH_MAX || path.n == 0 || memchr(path.p, 0, path.n)) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(ret, path.p, path.n);
    ret[path.n] = 0;
    return true;
}

bool file_write_all(int fd, const void *p, size_t n)
{
    const char *at = p;
    while (n > 0) {
        ssize_t done = write(fd, at, n);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return false;
        at += done;
        n -= (size_t)done;
    }
    return true;
}

bool file_error_is_full(int error)
{
    return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

bool file_read(struct arena *a, struct str path, size_t max, struct str *ret_data)
{
    char name[PATH_MAX];
    if (!path_copy(path, name)) return false;
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_size < 0 || (uint64_t)st.st_size > max) {
        close(fd);
        errno = EFBIG;
        return false;
    }
    size_t size = (size_t)st.st_size, n = 0;
    char *p = arena_alloc(a, size + 1);
    while (n < size) {
        ssize_t got = read(fd, p + n, size - n);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        n += (size_t)got;
    }
    close(fd);
    if (n < size) {
        errno = EIO;
        return false;
    }
    *ret_data = (struct str){ p, n };
    return true;
}

bool file_write(struct str path, struct str data)
{
    char name[PATH_MAX];
    if (!path_copy(path, name)) return false;
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (fd < 0) return false;
    bool ok = file_write_all(fd, data.p, data.n);
    int error = errno;
    if (close(fd) != 0 && ok) return false;
    if (!ok) errno = error;
    return ok;
}

bool file_make_folder(struct str path)
{
    char name[PATH_MAX];
    if (!path_copy(path, name)) return false;
    for (size_t i = 1; i <= path.n; i++) {
        if (name[i] != '/' && name[i] != 0) continue;
        char kept = name[i];
        name[i] = 0;
        if (mkdir(name, 0750) != 0 && errno != EEXIST) return false;
        name[i] = kept;
    }
    struct stat st;
    if (stat(name, &st) != 0) return false;
    if (S_ISDIR(st.st_mode)) return true;
    errno = ENOTDIR;
    return false;
}

bool file_sync_folder(struct str path)
{
    char name[PATH_MAX];
    if (!path_copy(path, name)) return false;
    int fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return false;
    bool ok = fsync(fd) == 0;
    close(fd);
    return ok;
}

/* Calls `each` for every entry of the folder `fd` (which it closes); false as soon as one fails. */
static bool each_entry(int fd, int depth, bool (*each)(int folder, const char *name, int depth))
{
    DIR *dir = depth < DEPTH_MAX ? fdopendir(fd) : NULL;
    if (!dir) {
        close(fd);
        return false;
    }
    bool ok = true;
    for (struct dirent *entry; ok && (entry = readdir(dir));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        ok = each(fd, entry->d_name, depth);
    }
    closedir(dir);
    return ok;
}

static bool sync_entry(int folder, const char *name, int depth)
{
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return errno == ELOOP;
    struct stat st;
    if (fstat(fd, &st) != 0 || fsync(fd) != 0) {
        close(fd);
        return false;
    }
    if (S_ISDIR(st.st_mode)) return each_entry(fd, depth + 1, sync_entry);
    close(fd);
    return true;
}

bool file_sync_tree(struct str path)
{
    char name[PATH_MAX];
    return path_copy(path, name) && sync_entry(AT_FDCWD, name, 0);
}

static bool remove_entry(int folder, const char *name, int depth)
{
    if (unlinkat(folder, name, 0) == 0 || errno == ENOENT) return true;
    if (errno != EISDIR && errno != EPERM) return false;
    int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return false;
    if (!each_entry(fd, depth + 1, remove_entry)) return false;
    return unlinkat(folder, name, AT_REMOVEDIR) == 0;
}

bool file_remove_tree(struct str path)
{
    char name[PATH_MAX];
    return path_copy(path, name) && remove_entry(AT_FDCWD, name, 0);
}

void file_remove_stale(struct str folder, struct str prefix)
{
    char name[PATH_MAX];
    if (!path_copy(folder, name)) return;
    DIR *dir = opendir(name);
    if (!dir) return;
    for (struct dirent *entry; (entry = readdir(dir));) {
        struct str entry_name = str_from(entry->d_name);
        if (str_is(entry_name, ".") || str_is(entry_name, "..")) continue;
        if (!str_starts(entry_name, prefix)) continue;
        int fd = openat(dirfd(dir), entry->d_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0) continue;
        if (flock(fd, LOCK_EX | LOCK_NB) == 0) remove_entry(dirfd(dir), entry->d_name, 0);
        close(fd);
    }
    closedir(dir);
}

int file_lock(struct str path, int flags)
{
    char name[PATH_MAX];
    if (!path_copy(path, name)) return -1;
    int fd = open(name, flags | O_CLOEXEC, 0640);
    if (fd < 0) return -1;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

int64_t file_size(struct str path)
{
    char name[PATH_MAX];
    struct stat st;
    if (!path_copy(path, name) || stat(name, &st) != 0 || !S_ISREG(st.st_mode)) return -1;
    return st.st_size;
}

struct str file_join(struct arena *a, struct str folder, struct str name)
{
    while (folder.n > 1 && folder.p[folder.n - 1] == '/')
        folder.n--;
    return arena_printf(a, "%.*s/%.*s", STR(folder), STR(name));
}
