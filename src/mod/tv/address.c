/* Addresses of a video's files: /media/v/<token>/<folder>/…, so that what playlists name beside themselves keeps the token.
 *
 * token = base64url(until ‖ turn ‖ mac), mac = 16 bytes of keyed BLAKE2b (RFC 7693) over folder, until and turn. Who has the
 * token was allowed to watch when the page was made: no session, no query. The end is rounded, so that a page that is loaded
 * again names the same files and caches serve them.
 *
 * A video that is closed or taken off raises its turn, and older tokens count no more. The few turns that happened within the
 * life of a token are kept in memory and read again every two seconds, by whichever request comes then. */
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>

#include "access/access.h"
#include "base/time.h"
#include "mod/tv/pages.h"

enum { MAC = 16, VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING };
#define REREAD_MS (2 * SECOND_MS)

static unsigned char key[32];

/* No gaps between: it is signed as it lies in memory. */
struct signed_part {
    int64_t id, edition;
    uint32_t until, turn; /* seconds since 1970 */
};
struct token {
    uint32_t until, turn;
    unsigned char mac[MAC];
};

void tv_address_start(void)
{
    access_key("tv media address", key);
}

static void sign(const struct signed_part *s, unsigned char ret[MAC])
{
    crypto_generichash(ret, MAC, (const unsigned char *)s, sizeof *s, key, sizeof key);
}

struct str tv_address(struct arena *a, const struct tv_grant *g, int64_t now)
{
    int64_t until = (now / TV_ADDRESS_STEP_MS + 2) * TV_ADDRESS_STEP_MS;
    if (g->closes_at != DB_NULL && g->closes_at > now && g->closes_at < until) until = g->closes_at;
    const struct signed_part s = { g->id, g->edition, (uint32_t)(until / SECOND_MS),
                                   (uint32_t)g->turn };
    struct token t = { .until = s.until, .turn = s.turn };
    sign(&s, t.mac);
    size_t room = sodium_base64_encoded_len(sizeof t, VARIANT);
    char *out = arena_alloc(a, room);
    sodium_bin2base64(out, room, (const unsigned char *)&t, sizeof t, VARIANT);
    return arena_printf(a, "/media/v/%s/%.*s", out, STR(tv_folder_name(a, g->id, g->edition)));
}

bool tv_address_read(struct str text, int64_t id, int64_t edition, int64_t now, int64_t *ret_turn)
{
    struct token t;
    unsigned char mac[MAC];
    size_t n;
    if (sodium_base642bin((unsigned char *)&t, sizeof t, text.p, text.n, NULL, &n, NULL, VARIANT) !=
            0 ||
        n != sizeof t)
        return false;
    const struct signed_part s = { id, edition, t.until, t.turn };
    sign(&s, mac);
    *ret_turn = t.turn;
    return sodium_memcmp(mac, t.mac, MAC) == 0 && now < t.until * SECOND_MS;
}

/* --- turns ------------------------------------------------------------------------------------------------------------------ */

struct turn {
    int64_t id, turn;
};

static struct {
    pthread_mutex_t reading; /* held by who asks the database */
    pthread_mutex_t lock;
    struct turn *list; /* by id */
    size_t n;
    atomic_bool known; /* it was read at least once */
    int64_t read_at;   /* on the clock that only rises */
} turns = { .reading = PTHREAD_MUTEX_INITIALIZER,
            .lock = PTHREAD_MUTEX_INITIALIZER,
            .read_at = -REREAD_MS };

static bool read_turns(struct database *database, struct arena *a, struct turn **ret, size_t *ret_n)
{
    struct tv_sql_turned *rows;
    struct db *db = db_read_begin(database, a);
    if (!db) return false;
    size_t n = tv_sql_turned(db, time_now() - 2 * TV_ADDRESS_STEP_MS, &rows);
    bool well = !db_failed(db);
    *ret = calloc(n + 1, sizeof **ret);
    if (!*ret) abort();
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = (struct turn){ rows[i].id, rows[i].media_turn };
    *ret_n = n;
    db_read_end(db);
    if (!well) free(*ret);
    return well;
}

/* Who comes while another reads goes on with what was known; the very first wait, because nothing is known yet. Without a
 * database nothing new is known: players go on with what counted before. */
static void refresh(struct database *database, struct arena *a)
{
    struct turn *list;
    size_t n;
    if (!turns.known) pthread_mutex_lock(&turns.reading);
    else if (pthread_mutex_trylock(&turns.reading) != 0) return;
    int64_t now = time_monotonic();
    bool due = now - turns.read_at >= REREAD_MS;
    if (due) turns.read_at = now;
    if (due && read_turns(database, a, &list, &n)) {
        pthread_mutex_lock(&turns.lock);
        free(turns.list);
        turns.list = list;
        turns.n = n;
        pthread_mutex_unlock(&turns.lock);
        turns.known = true;
    }
    pthread_mutex_unlock(&turns.reading);
}

/* At start: what was taken back stays so across a restart. */
void tv_address_begin(struct database *database)
{
    struct arena *a = arena_create();
    refresh(database, a);
    arena_destroy(a);
}

bool tv_turn_counts(struct database *database, struct arena *a, int64_t id, int64_t turn)
{
    refresh(database, a);
    bool counts = true;
    pthread_mutex_lock(&turns.lock);
    for (size_t low = 0, high = turns.n; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (turns.list[middle].id == id) {
            counts = turn >= turns.list[middle].turn;
            break;
        }
        if (turns.list[middle].id < id) low = middle + 1;
        else high = middle;
    }
    pthread_mutex_unlock(&turns.lock);
    return counts;
}
