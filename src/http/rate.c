/* Token buckets in a fixed table. Two keys that share a slot share a bucket only by chance of a 64-bit hash; when the
 * table is full the oldest of a set gives way, which is generous, never strict. A school shares one address, so below
 * a quarter of the bucket answers come slower before any is refused. */
#include <sodium.h>

#include "base/rand.h"
#include "http/private.h"

enum { SETS = 2048, WAYS = 4, SLOWEST_MS = 2000 };

struct slot {
    uint64_t key;
    int64_t last_ms;
    double tokens;
};

struct rate {
    pthread_mutex_t lock;
    unsigned char secret[crypto_shorthash_KEYBYTES]; /* nobody can choose addresses that collide */
    struct slot slots[SETS][WAYS];
};

struct rate *rate_create(void)
{
    struct rate *rate = calloc(1, sizeof *rate);
    if (!rate) abort();
    pthread_mutex_init(&rate->lock, NULL);
    rand_bytes(rate->secret, sizeof rate->secret);
    return rate;
}

static struct slot *find_slot(struct rate *rate, uint64_t key, int64_t now, int burst)
{
    struct slot *set = rate->slots[key % SETS], *oldest = &set[0];
    for (int i = 0; i < WAYS; i++) {
        if (set[i].key == key) return &set[i];
        if (set[i].last_ms < oldest->last_ms) oldest = &set[i];
    }
    *oldest = (struct slot){ .key = key, .last_ms = now, .tokens = burst };
    return oldest;
}

int64_t rate_take(struct rate *rate, struct str key, int64_t now_ms, int burst, int per_minute,
                  int queue)
{
    uint64_t hash;
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)key.p, key.n, rate->secret);
    pthread_mutex_lock(&rate->lock);
    struct slot *slot = find_slot(rate, hash, now_ms, burst);
    slot->tokens += (double)(now_ms - slot->last_ms) * per_minute / 60000.0;
    if (slot->tokens > burst) slot->tokens = burst;
    slot->last_ms = now_ms;
    int64_t delay = -1;
    if (slot->tokens >= 1 - queue) {
        slot->tokens -= 1;
        double quarter = burst / 4.0;
        if (slot->tokens >= quarter) delay = 0;
        else if (slot->tokens >= 0)
            delay = (int64_t)(SLOWEST_MS * (quarter - slot->tokens) / quarter);
        else delay = SLOWEST_MS + (int64_t)(-slot->tokens * 60000.0 / per_minute);
    }
    pthread_mutex_unlock(&rate->lock);
    return delay;
}

void rate_destroy(struct rate *rate)
{
    if (!rate) return;
    pthread_mutex_destroy(&rate->lock);
    free(rate);
}
