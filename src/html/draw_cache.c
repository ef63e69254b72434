/* Drawings that are asked for again and again, such as the covers of the catalogue: drawn once, then copied.
 * The store only grows, up to its limits; nothing is ever taken out, so what it returned stays valid. Past the limits a
 * drawing is simply made again each time. */
#include "html/draw_inside.h"

#include <assert.h>
#include <pthread.h>

enum { SLOTS = 8192, MOST = SLOTS / 2, MOST_BYTES = 16 * 1024 * 1024 };

struct kept {
    uint32_t hash;
    struct str key, drawing; /* key.p NULL: free */
};

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static struct kept slots[SLOTS];
static size_t count, bytes;

/* The slot of the key, or the free one where it belongs. The lock is held. */
static struct kept *find(struct str key, uint32_t hash)
{
    for (uint32_t at = hash;; at++) {
        struct kept *k = &slots[at % SLOTS];
        if (!k->key.p || (k->hash == hash && str_eq(k->key, key))) return k;
    }
}

static struct str keep(struct str s)
{
    char *copy = malloc(s.n + 1);
    if (!copy) {
        fputs("edulab: out of memory\n", stderr);
        abort();
    }
    memcpy(copy, s.p, s.n);
    copy[s.n] = '\0';
    bytes += s.n + 1;
    return (struct str){ copy, s.n };
}

struct html draw_kept(struct arena *a, struct str key,
                      void (*draw)(struct buf *out, const void *what), const void *what)
{
    uint32_t hash = str_hash(key);
    pthread_rwlock_rdlock(&lock);
    struct str found = find(key, hash)->drawing;
    pthread_rwlock_unlock(&lock);
    if (found.p) return (struct html){ found };

    struct buf out = BUF_INIT(DRAW_MAX);
    draw(&out, what);
    assert(!out.full);

    pthread_rwlock_wrlock(&lock);
    struct kept *k = find(key, hash);
    if (!k->key.p && count < MOST && bytes + out.n + key.n <= MOST_BYTES) {
        k->hash = hash;
        k->key = keep(key);
        k->drawing = keep(buf_view(&out));
        count++;
    }
    found = k->drawing; /* another thread may have been faster */
    pthread_rwlock_unlock(&lock);
    if (!found.p) return draw_done(a, &out);
    buf_finish(&out);
    return (struct html){ found };
}
