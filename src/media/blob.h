/* The blob store: bytes under the SHA-256 of their content. Keys go through the program, never paths, so that another
 * store (S3) can take this one's place; only blob_local_path() is about this machine.
 *
 * A blob exists whole or not at all: it is written beside, made durable, then given its name. Safe from any thread and
 * from several processes on one data folder. Functions return a result and log nothing. */
#ifndef EDULAB_MEDIA_BLOB_H
#define EDULAB_MEDIA_BLOB_H

#include "base/arena.h"

enum { BLOB_KEY = 64 }; /* lower-case hexadecimal characters of a key */

enum blob_result {
    BLOB_OK,
    BLOB_MISSING, /* no such blob, or not a key at all */
    BLOB_FULL,    /* no room left on the disk: nothing stays of what was written */
    BLOB_FAILED,  /* the disk or its rights fail; errno says how */
};

struct blob_store;
struct blob_writer;

/* Opens the store in <data>/blobs, making the folders and removing what a killed process left half-written. The store
 * lives in the arena. NULL with errno when the folder cannot be used. */
struct blob_store *blob_store_open(struct arena *arena, struct str data);

/* Starts a blob. The writer lives in the arena, whose end drops an unfinished one. */
enum blob_result blob_begin(struct blob_store *store, struct arena *arena,
                            struct blob_writer **ret_writer);
/* Adds bytes. After a failure the writer is finished: only its result counts. */
enum blob_result blob_write(struct blob_writer *writer, const void *p, size_t n);
/* Makes it durable and gives it its name; ret_key (in the writer's arena) and ret_size (bytes) may be NULL. */
enum blob_result blob_commit(struct blob_writer *writer, struct str *ret_key, int64_t *ret_size);
/* Drops it. */
void blob_abort(struct blob_writer *writer);

/* The whole of `data` as one blob. */
enum blob_result blob_put(struct blob_store *store, struct arena *arena, struct str data,
                          struct str *ret_key);
/* Copies a local file in. `tick` is called each MiB with the bytes done and stops the work by returning false
 * (BLOB_FAILED, errno ECANCELED); it may be NULL, as may ret_key and ret_size. */
enum blob_result blob_copy(struct blob_store *store, struct arena *arena, struct str path,
                           bool (*tick)(void *context, int64_t done), void *context,
                           struct str *ret_key, int64_t *ret_size);
/* The same for a file of the program's own that nobody will write any more: it is linked, so that it costs neither time
 * nor room (copied across file systems). The file itself stays. */
enum blob_result blob_adopt(struct blob_store *store, struct arena *arena, struct str path,
                            bool (*tick)(void *context, int64_t done), void *context,
                            struct str *ret_key, int64_t *ret_size);

/* True for 64 lower-case hexadecimal characters. */
bool blob_key_valid(struct str key);
/* For reading from the start; the caller closes ret_fd. ret_size may be NULL. */
enum blob_result blob_open(struct blob_store *store, struct str key, int *ret_fd,
                           int64_t *ret_size);
bool blob_exists(struct blob_store *store, struct str key);
/* Removing what is not there is BLOB_MISSING. */
enum blob_result blob_delete(struct blob_store *store, struct str key);
/* Removes a blob that nobody needs, unless it was written or given again since `before` (ms): whoever brings the same
 * bytes in meanwhile finds them or writes them anew. True when it is gone. */
bool blob_collect(struct blob_store *store, struct str key, int64_t before);
/* Where the blob lies on this machine: for programs that want a file. STR_NONE for what is not a key. */
struct str blob_local_path(struct blob_store *store, struct arena *arena, struct str key);

#endif
