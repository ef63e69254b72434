/* Where the layer's files are, known to the whole process. */
#include "media/media.h"

#include <errno.h>

#include "base/settings.h"
#include "base/time.h"
#include "media/blob.h"
#include "media/file.h"
#include "media/sandbox.h"
#include "media/transcode.h"
#include "media_sql.h"

enum { KEEPERS_MOST = 16 };

static struct {
    struct arena *arena; /* lives as long as the program */
    struct str uploads, hls;
    struct blob_store *blobs;
    int64_t opened_at;
} media;

bool media_open(struct str data)
{
    if (media.arena) arena_destroy(media.arena);
    media.arena = arena_create();
    media.opened_at = time_now();
    media.uploads = file_join(media.arena, data, S("uploads"));
    media.hls = file_join(media.arena, data, S("hls"));
    media.blobs = blob_store_open(media.arena, data);
    if (!media.blobs || !file_make_folder(media.uploads) || !file_make_folder(media.hls))
        return false;
    media_remove_stale(media.hls);
    return true;
}

void media_start(struct settings *settings)
{
    struct str data = settings_text(settings, "data");
    if (media_open(data)) return;
    fprintf(stderr, "edulab: the data folder %.*s cannot be used for media: %s\n", STR(data),
            strerror(errno));
    exit(1);
}

struct blob_store *media_blobs(void)
{
    return media.blobs;
}

struct str media_uploads_folder(void)
{
    return media.uploads;
}

struct str media_hls_folder(void)
{
    return media.hls;
}

int64_t media_opened_at(void)
{
    return media.opened_at;
}

void media_pause(bool pause)
{
    sandbox_pause(pause);
}

/* --- who needs a blob ----------------------------------------------------------------------------------- */

static bool (*keepers[KEEPERS_MOST])(struct db *db, struct str blob);

void media_keep(bool (*needs)(struct db *db, struct str blob))
{
    for (size_t i = 0; i < KEEPERS_MOST; i++) {
        if (keepers[i] == needs) return;
        if (keepers[i]) continue;
        keepers[i] = needs;
        return;
    }
    abort(); /* a table of a fixed size that grew too small */
}

bool media_needed(struct db *db, struct str blob)
{
    struct media_sql_of_blob upload;
    if (media_sql_of_blob(db, blob, &upload)) return true;
    for (size_t i = 0; i < KEEPERS_MOST && keepers[i]; i++)
        if (keepers[i](db, blob)) return true;
    return false;
}

void media_let_go(struct db *db, struct str blob)
{
    media_sql_let_go(db, blob, time_now());
}
