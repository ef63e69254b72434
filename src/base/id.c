/* Time-ordered identifiers and their text. */
#include "base/id.h"

#include <pthread.h>

#include "base/rand.h"
#include "base/time.h"

#define EPOCH_2024 INT64_C(1704067200000)
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned node_bits;
static int64_t last_ms;
static uint32_t sequence;

void id_set_node(unsigned node)
{
    node_bits = node & 63;
}

int64_t id_new(void)
{
    pthread_mutex_lock(&lock);
    int64_t ms = time_now() - EPOCH_2024;
    if (ms > last_ms) {
        last_ms = ms;
        sequence = (uint32_t)(rand_u64() & 0x7FFF);
    } else if (++sequence >
               0xFFFF) { /* more than 32,768 in a millisecond, or the clock went back */
        last_ms++;
        sequence = 0;
    }
    int64_t id = last_ms << 22 | (int64_t)node_bits << 16 | (int64_t)sequence;
    pthread_mutex_unlock(&lock);
    return id;
}

void id_format(int64_t id, char ret_text[ID_TEXT + 1])
{
    uint64_t v = (uint64_t)id;
    for (int i = ID_TEXT - 1; i >= 0; i--) {
        ret_text[i] = alphabet[v & 31];
        v >>= 5;
    }
    ret_text[ID_TEXT] = '\0';
}

struct str id_lower(struct arena *a, int64_t id)
{
    char *text = arena_alloc(a, ID_TEXT + 1);
    id_format(id, text);
    for (char *p = text; *p; p++)
        if (*p >= 'A' && *p <= 'Z') *p = (char)(*p - 'A' + 'a');
    return (struct str){ text, ID_TEXT };
}

static int digit(char c)
{
    if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
    if (c == 'O') return 0;
    if (c == 'I' || c == 'L') return 1;
    const char *at = c ? strchr(alphabet, c) : NULL;
    return at ? (int)(at - alphabet) : -1;
}

bool id_parse(struct str text, int64_t *ret_id)
{
    if (text.n != ID_TEXT) return false;
    uint64_t v = 0;
    for (size_t i = 0; i < ID_TEXT; i++) {
        int d = digit(text.p[i]);
        if (d < 0 || (i == 0 && d > 7))
            return false; /* 13 × 5 = 65 bits: the first may hold three */
        v = v << 5 | (uint64_t)d;
    }
    if (v > (uint64_t)INT64_MAX) return false;
    *ret_id = (int64_t)v;
    return true;
}
