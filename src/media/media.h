/* What the program takes from this layer as a whole: its tables, routes and jobs, and where its files are. */
#ifndef EDULAB_MEDIA_MEDIA_H
#define EDULAB_MEDIA_MEDIA_H

#include "http/http.h"
#include "work/privacy_source.h"
#include "work/work.h"

struct settings;

/* Once, before serving or working: makes the folders, removes what killed processes left half-written. A data folder
 * that cannot be used ends the process with a sentence on standard error. */
void media_start(struct settings *settings);
/* The same with a folder: for tests. False with errno. */
bool media_open(struct str data);

struct blob_store;
/* Says, in a transaction, whether a module still needs a blob. Modules register theirs at start. */
void media_keep(bool (*needs)(struct db *db, struct str blob));
bool media_needed(struct db *db, struct str blob);
/* In a transaction: the caller no longer needs this blob. It is removed some hours later when nobody does. */
void media_let_go(struct db *db, struct str blob);
/* Lives as long as the program. */
struct blob_store *media_blobs(void);
/* "<data>/uploads", "<data>/hls" */
struct str media_uploads_folder(void);
struct str media_hls_folder(void);

/* When media_open() ran, as time_now(): what an earlier process wrote is older. */
int64_t media_opened_at(void);

/* Holds the encoding (a live needs the processor) of every process that works in this data folder, or lets it go on. What
 * runs is stopped where it is and continues there; leases are kept. A pause ends with the process that asked for it, however
 * that ends. False with errno. */
bool media_pause(bool pause);
/* Somebody asked for a pause that has not ended. */
bool media_paused(void);

extern const struct route media_routes[];       /* tus.c */
extern const struct job_kind media_jobs[];      /* ingest.c */
extern const struct schedule media_schedules[]; /* ingest.c */
extern const struct db_part media_db;
extern const struct privacy_source media_privacy[]; /* privacy.c */

#endif
