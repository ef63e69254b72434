/* text = base64url(five numbers ‖ mac), mac = first 16 bytes of keyed BLAKE2b (RFC 7693). */
#include <sodium.h>

#include "base/time.h"
#include "mod/watch/inside.h"

enum { MAC = 16, NUMBERS = 5, VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

static unsigned char key[32];

struct sealed {
    int64_t numbers[NUMBERS];
    unsigned char mac[MAC];
};

void watch_ticket_start(void)
{
    access_key("watch ticket", key);
}

static void seal(const struct sealed *s, unsigned char ret[MAC])
{
    crypto_generichash(ret, MAC, (const unsigned char *)s->numbers, sizeof s->numbers, key,
                       sizeof key);
}

struct str watch_ticket_text(struct arena *a, const struct watch_ticket *t)
{
    struct sealed s = { .numbers = { t->view, t->video, t->person, t->issued, t->duration_ms } };
    seal(&s, s.mac);
    size_t room = sodium_base64_encoded_len(sizeof s, VARIANT);
    char *out = arena_alloc(a, room);
    sodium_bin2base64(out, room, (const unsigned char *)&s, sizeof s, VARIANT);
    return str_from(out);
}

bool watch_ticket_read(struct str text, int64_t now, struct watch_ticket *ret)
{
    struct sealed s;
    unsigned char mac[MAC];
    size_t n;
    if (sodium_base642bin((unsigned char *)&s, sizeof s, text.p, text.n, NULL, &n, NULL, VARIANT) !=
            0 ||
        n != sizeof s)
        return false;
    seal(&s, mac);
    if (sodium_memcmp(mac, s.mac, MAC) != 0) return false;
    *ret = (struct watch_ticket){ s.numbers[0], s.numbers[1], s.numbers[2], s.numbers[3],
                                  s.numbers[4] };
    return ret->issued <= now && now - ret->issued < DAY_MS;
}
