#include "base/origin.h"

#include <stdio.h>

struct str origin_of(const struct settings *settings, char room[ORIGIN_MAX])
{
    struct str url = settings_text(settings, "public_url");
    int n = url.n
                ? snprintf(room, ORIGIN_MAX, "%.*s", STR(url))
                : snprintf(room, ORIGIN_MAX, "http://%.*s", STR(settings_text(settings, "listen")));
    struct str origin = { room, n < ORIGIN_MAX ? (size_t)n : 0 };
    while (str_ends(origin, S("/")))
        origin.n--;
    return origin;
}
