/* What a backup is: a tar file that says first what it holds and last that it is whole.
 *
 *   manifest.json      format, version, engine, migrations; name, size, SHA-256 and mode of every file below
 *   database.sqlite    or database.pgdump (pg_dump -Fc)
 *   data/…             the files of the data folder, by name
 *   manifest.sha256    of manifest.json
 *
 * Plain tar, so that a person can look into it with the tools at hand. Nothing here trusts an archive. */
#ifndef EDULAB_COMMAND_ARCHIVE_H
#define EDULAB_COMMAND_ARCHIVE_H

#include "base/arena.h"

enum { MANIFEST_FORMAT = 1, SHA256_TEXT = 64 };

#define DATABASE_SQLITE "database.sqlite"
#define DATABASE_PGSQL "database.pgdump"

struct kept_file {
    struct str name; /* in the archive */
    struct str path; /* where its bytes are, or go to */
    int64_t size;
    unsigned mode; /* permissions */
    char sha256[SHA256_TEXT + 1];
};

/* The last migration of a part that the database had. */
struct kept_part {
    struct str module;
    int64_t number;
};

struct manifest {
    struct str version, created_at;
    bool sqlite;
    struct kept_part *parts;
    size_t part_count;
    struct kept_file *files; /* the database first, the others ordered by name */
    size_t count, room;
    int64_t bytes; /* of all files */
};

/* --- manifest.c --------------------------------------------------------------------------------------------- */

/* Adds a file; the row stays where it is until the next call. */
struct kept_file *manifest_add(struct arena *a, struct manifest *m, struct str name,
                               struct str path);
/* Puts the files behind the database in order. */
void manifest_order(struct manifest *m);
/* As JSON. */
struct str manifest_text(struct arena *a, const struct manifest *m);
/* Reads what manifest_text() wrote; false with a sentence for anything that is not exactly that: another format, names
 * that lead elsewhere or stand twice, sizes or sums that are none. */
bool manifest_read(struct arena *a, struct str text, struct manifest *ret, struct str *ret_error);
/* "data/blobs/ab/…": no way out of the folder, nothing hidden, nothing that a terminal would act on. */
bool manifest_name_valid(struct str name);
void sha256_text(const unsigned char digest[32], char ret[SHA256_TEXT + 1]);

/* --- both directions ------------------------------------------------------------------------------------------ */

/* SIGINT, SIGTERM and SIGHUP no longer end the process: work stops at the next step and cleans up. */
void interruptible(void);
bool interrupted(void);

/* Says on standard error about each five seconds how far the work is. */
struct progress {
    const char *verb;
    int64_t done, total; /* bytes */
    int64_t said_at;
};
void progress_add(struct progress *p, int64_t n);
/* "1.2 GB" */
struct str bytes_text(struct arena *a, int64_t n);

/* --- archive_write.c -------------------------------------------------------------------------------------------- */

/* Fills size and sha256 of every file by reading them. */
bool archive_measure(struct arena *a, struct manifest *m, struct str *ret_error);
/* Writes the archive beside `path`, makes it durable, then gives it its name; what has that name already stays. On false
 * nothing is left of it. */
bool archive_write_all(struct arena *a, const struct manifest *m, struct str path,
                       struct str *ret_error);

/* --- archive_read.c --------------------------------------------------------------------------------------------- */

struct archive_in;
/* Opens and reads the manifest. The handle goes with the arena. NULL with a sentence. */
struct archive_in *archive_open(struct arena *a, struct str path, struct manifest *ret_manifest,
                                struct str *ret_error);
/* Writes each file to its `path`, whose folders it makes; checks sizes, sums, order and the end. False with a sentence:
 * what is written by then is the caller's to remove. */
bool archive_extract(struct arena *a, struct archive_in *in, const struct manifest *m,
                     struct str *ret_error);

/* --- run.c: the tools of PostgreSQL --------------------------------------------------------------------------------- */

/* Runs a program of PATH to its end with its messages on our standard error. False with a sentence. */
bool run_tool(struct arena *a, const char *const *argv, const char *const *environment,
              struct str *ret_error);

/* --- hold.c: files that stay while they are copied -------------------------------------------------------------------- */

struct hold;
/* Takes <data>/.backup for this process. NULL with a sentence, as when another backup is running. */
struct hold *hold_create(struct arena *a, struct str data, struct str *ret_error);
/* A path inside it, for temporary files. */
struct str hold_path(struct hold *h, const char *name);
/* Links every file of the data folder, but those named in `skip` (at the top, with their "-wal" and the like), so that
 * it stays when it is removed. Call it before and after the database is copied. */
bool hold_all(struct hold *h, const struct str *skip, size_t skip_count, struct str *ret_error);
/* Lists what is held. */
bool hold_list(struct hold *h, struct manifest *m, struct str *ret_error);
/* Removes it; runs with the arena too. */
void hold_release(struct hold *h);

#endif
