/* The shelf's part that is the same for many: what is for everybody, and for everybody with an account. Read once for each turn of
 * the table, kept in memory, shared by all threads; when a video opens or ends is asked at each look. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "mod/tv/library.h"

struct kept {
    atomic_int holders; /* requests that look at it, and the place below */
    struct tv_shelf shelf;
    int64_t turn;
};

static struct kept *place;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void release(void *what)
{
    struct kept *k = what;
    if (atomic_fetch_sub(&k->holders, 1) > 1) return;
    for (size_t i = 0; i < TV_SHELVES; i++)
        free(k->shelf.rows[i]);
    free(k);
}

static struct kept *hold(int64_t turn)
{
    pthread_mutex_lock(&lock);
    struct kept *k = place && place->turn == turn ? place : NULL;
    if (k) atomic_fetch_add(&k->holders, 1);
    pthread_mutex_unlock(&lock);
    return k;
}

/* Puts it where others find it, unless a newer one is there. */
static void put(struct kept *k)
{
    struct kept *old = k;
    pthread_mutex_lock(&lock);
    if (!place || place->turn < k->turn) {
        old = place;
        place = k;
    }
    pthread_mutex_unlock(&lock);
    if (old) release(old);
}

static struct kept *load(struct db *db, int64_t turn)
{
    static const char *const audiences[TV_SHELVES] = { "public", "members" };
    struct kept *k = calloc(1, sizeof *k);
    if (!k) abort();
    k->turn = turn;
    atomic_store(&k->holders, 2);
    for (size_t i = 0; i < TV_SHELVES; i++) {
        struct tv_sql_shelf *rows;
        size_t n = tv_sql_shelf(db, str_from(audiences[i]), &rows);
        k->shelf.rows[i] = malloc((n + 1) * sizeof *rows);
        if (!k->shelf.rows[i]) abort();
        if (n) memcpy(k->shelf.rows[i], rows, n * sizeof *rows);
        k->shelf.n[i] = n;
    }
    return k;
}

const struct tv_shelf *tv_kept_shelf(struct db *db)
{
    struct tv_sql_shelf_turn row;
    bool turned = tv_sql_shelf_turn(db, &row);
    struct kept *k = turned ? hold(row.turn) : NULL;
    if (!k) {
        k = load(db, turned ? row.turn : 0);
        /* a failed read ends this request; nobody else shall see half a shelf */
        if (!turned || db_failed(db)) release(k);
        else put(k);
    }
    arena_cleanup(db_arena(db), release, k);
    return &k->shelf;
}

void tv_kept_shelf_forget(void)
{
    pthread_mutex_lock(&lock);
    struct kept *old = place;
    place = NULL;
    pthread_mutex_unlock(&lock);
    if (old) release(old);
}
