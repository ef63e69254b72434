/* Where the layer's files are, known to the whole process. */
#include "media/media.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

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
    struct str pause; /* <data>/pause: locked as long as somebody asks for one */
    int64_t opened_at;
} media;

static struct {
    pthread_mutex_t lock;
    int held;   /* the descriptor whose lock is our own pause; -1 */
    int looked; /* the one that looks for others'; -1 */
} pauses = { PTHREAD_MUTEX_INITIALIZER, -1, -1 };

bool media_open(struct str data)
{
    if (media.arena) arena_destroy(media.arena);
    media.arena = arena_create();
    media.opened_at = time_now();
    media.uploads = file_join(media.arena, data, S("uploads"));
    media.hls = file_join(media.arena, data, S("hls"));
    media.pause = file_join(media.arena, data, S("pause"));
    media.blobs = blob_store_open(media.arena, data);
    if (!media.blobs || !file_make_folder(media.uploads) || !file_make_folder(media.hls))
        return false;
    media_remove_stale(media.hls);
    pthread_mutex_lock(&pauses.lock);
    if (pauses.looked >= 0) close(pauses.looked);
    pauses.looked = open(media.pause.p, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    pthread_mutex_unlock(&pauses.lock);
    if (pauses.looked < 0) return false;
    sandbox_hold_when(media_paused);
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

/* A lock of an open file: it is seen by all processes, and goes with the one that holds it. */
static bool take_pause(void)
{
    struct flock whole = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
    pauses.held = open(media.pause.p, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (pauses.held < 0) return false;
    if (fcntl(pauses.held, F_OFD_SETLK, &whole) == 0) return true;
    close(pauses.held);
    pauses.held = -1;
    return false;
}

bool media_pause(bool pause)
{
    pthread_mutex_lock(&pauses.lock);
    bool well = true;
    if (pause && pauses.held < 0) well = take_pause();
    if (!pause && pauses.held >= 0) {
        close(pauses.held);
        pauses.held = -1;
    }
    pthread_mutex_unlock(&pauses.lock);
    return well;
}

bool media_paused(void)
{
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    pthread_mutex_lock(&pauses.lock);
    bool paused = pauses.looked >= 0 && fcntl(pauses.looked, F_OFD_GETLK, &whole) == 0 &&
                  whole.l_type != F_UNLCK;
    pthread_mutex_unlock(&pauses.lock);
    return paused;
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
