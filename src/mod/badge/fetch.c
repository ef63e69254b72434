/* The network side of verification. */
#include "mod/badge/fetch.h"

#include "http/client.h"

enum source_answer badge_fetch(struct arena *a, struct str address, bool anywhere,
                               struct str *ret_body)
{
    const struct http_call call = { .address = address,
                                    .accept = "application/ld+json, application/json",
                                    .anywhere = anywhere,
                                    .max = FETCH_MAX,
                                    .seconds = FETCH_SECONDS };
    int status;
    if (!http_call(a, &call, &status, ret_body)) return SOURCE_UNREACHABLE;
    return status == 200   ? SOURCE_FOUND
           : status == 410 ? SOURCE_GONE
           : status == 404 ? SOURCE_ABSENT
                           : SOURCE_UNREACHABLE;
}
