/* Buckets in a fixed table: when a set is full its oldest gives way, so memory is bounded and who floods the table only
 * makes it forget. Failures fade by one each FADE_MS. */
#include "access/slow.h"

#include <pthread.h>
#include <sodium.h>

#include "base/rand.h"
#include "base/time.h"

enum {
    SETS = 4096,
    WAYS = 4,
    FREE_TRIES = 5, /* mistakes everybody makes */
    MOST = 50,
    STEP_MS = 1000,      /* what the sixth waits; doubled by each that follows */
    LONGEST_MS = 30000,  /* between two tries from one network address */
    ELSEWHERE_MS = 2000, /* what guesses made elsewhere cost the owner, at most */
    LINE_MS = 60000,     /* who stands further back is sent away */
    FADE_MS = 10 * 60 * 1000
};

struct bucket {
    uint64_t key;
    int64_t last_ms, free_at;
    double level; /* failures, or what is used up of an allowance */
};

static struct bucket buckets[SETS][WAYS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned char secret[crypto_shorthash_KEYBYTES];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_secret(void)
{
    rand_bytes(secret, sizeof secret);
}

/* Nobody can choose keys that collide. */
static uint64_t hash_of(struct str what, struct str key, struct str peer)
{
    struct str parts[] = { what, key, peer };
    uint64_t hash = 0;
    for (size_t i = 0; i < COUNT(parts); i++) {
        unsigned char text[crypto_generichash_BYTES + sizeof hash] = { 0 };
        crypto_generichash(text, crypto_generichash_BYTES, (const unsigned char *)parts[i].p,
                           parts[i].n, NULL, 0);
        memcpy(text + crypto_generichash_BYTES, &hash, sizeof hash);
        crypto_shorthash((unsigned char *)&hash, text, sizeof text, secret);
    }
    return hash;
}

/* With the lock held. The level fades by one each fade_ms. */
static struct bucket *find(uint64_t key, int64_t now, int64_t fade_ms)
{
    struct bucket *set = buckets[key % SETS], *oldest = &set[0];
    for (int i = 0; i < WAYS; i++) {
        if (set[i].key == key) {
            set[i].level -= (double)(now - set[i].last_ms) / (double)fade_ms;
            if (set[i].level < 0) set[i].level = 0;
            set[i].last_ms = now;
            return &set[i];
        }
        if (set[i].last_ms < oldest->last_ms) oldest = &set[i];
    }
    *oldest = (struct bucket){ .key = key, .last_ms = now };
    return oldest;
}

bool slow_allow(struct str what, struct str key, int burst, int64_t every_ms)
{
    pthread_once(&once, make_secret);
    uint64_t hash = hash_of(what, key, S(""));
    pthread_mutex_lock(&lock);
    struct bucket *b = find(hash, time_monotonic(), every_ms);
    bool allowed = b->level + 1 <= burst;
    if (allowed) b->level += 1;
    pthread_mutex_unlock(&lock);
    return allowed;
}

static int64_t gap_of(double failures, int64_t most)
{
    if (failures < FREE_TRIES) return 0;
    int64_t gap = STEP_MS;
    for (double n = failures - FREE_TRIES; n >= 1 && gap < most; n -= 1)
        gap *= 2;
    return gap < most ? gap : most;
}

int64_t slow_try(struct str what, struct str key, struct str peer)
{
    pthread_once(&once, make_secret);
    uint64_t all_key = hash_of(what, key, S("")), here_key = hash_of(what, key, peer);
    int64_t now = time_monotonic();
    pthread_mutex_lock(&lock);
    struct bucket *all = find(all_key, now, FADE_MS);
    int64_t elsewhere = gap_of(all->level, ELSEWHERE_MS);
    if (all->level < MOST) all->level += 1;
    struct bucket *here = find(here_key, now, FADE_MS);
    int64_t gap = gap_of(here->level, LONGEST_MS);
    /* in line: those who come at once do not pass at once */
    int64_t at = gap && here->free_at > now ? here->free_at : now, wait = at - now + gap;
    if (wait > LINE_MS) {
        wait = -1;
    } else {
        here->free_at = at + gap;
        if (here->level < MOST) here->level += 1;
    }
    pthread_mutex_unlock(&lock);
    return wait < 0 || wait > elsewhere ? wait : elsewhere;
}

void slow_succeeded(struct str what, struct str key, struct str peer)
{
    pthread_once(&once, make_secret);
    uint64_t all_key = hash_of(what, key, S("")), here_key = hash_of(what, key, peer);
    int64_t now = time_monotonic();
    pthread_mutex_lock(&lock);
    struct bucket *all = find(all_key, now, FADE_MS);
    all->level = all->level > 1 ? all->level - 1 : 0;
    struct bucket *here = find(here_key, now, FADE_MS);
    here->level = 0;
    here->free_at = 0;
    pthread_mutex_unlock(&lock);
}
