/* Small helpers on local files: all of it or nothing, durable when it says so. Paths are struct str; a call copies
 * them. Failures leave errno set. */
#ifndef EDULAB_MEDIA_FILE_H
#define EDULAB_MEDIA_FILE_H

#include "base/arena.h"

/* Writes all n bytes; false with errno otherwise. */
bool file_write_all(int fd, const void *p, size_t n);
/* True when errno of a failed write means that no room is left (disk, quota or file size limit). */
bool file_error_is_full(int error);
/* The whole file as text in the arena; false when it cannot be read or is longer than `max` (errno EFBIG). */
bool file_read(struct arena *a, struct str path, size_t max, struct str *ret_data);
/* Writes a file in place (not atomic, not durable): for folders that are published by a rename. */
bool file_write(struct str path, struct str data);
/* Makes the folder, and its parents when missing. */
bool file_make_folder(struct str path);
/* Makes the names inside the folder durable. */
bool file_sync_folder(struct str path);
/* Makes every file and name below the folder durable. */
bool file_sync_tree(struct str path);
/* Removes the folder and everything below it; symbolic links are not followed. True when nothing is left. */
bool file_remove_tree(struct str path);
/* Removes entries of `folder` whose name starts with `prefix` and that nobody holds locked (flock). */
void file_remove_stale(struct str folder, struct str prefix);
/* Opens the file or folder and takes its lock without waiting: the descriptor, or -1 with errno (EWOULDBLOCK when
 * somebody else has it). */
int file_lock(struct str path, int flags);
/* Size in bytes, -1 when there is no such regular file. */
int64_t file_size(struct str path);
/* Joins with one slash; in the arena. */
struct str file_join(struct arena *a, struct str folder, struct str name);

#endif
