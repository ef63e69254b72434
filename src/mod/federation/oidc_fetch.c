/* Asking an OpenID provider: bounds, and what is remembered of providers that fail or whose keys were just asked for. */
#include <pthread.h>

#include "base/time.h"
#include "http/client.h"
#include "mod/federation/inside.h"

enum { SECONDS = 6, REST_MS = 30 * SECOND_MS, KEYS_MS = MINUTE_MS, PULSES = 64 };

static struct pulse {
    int64_t provider, failed_at, keys_at; /* monotonic ms; 0: never */
} pulses[PULSES];
static pthread_mutex_t pulse_lock = PTHREAD_MUTEX_INITIALIZER;

/* With the lock held. Two providers may share a place: one of them then waits a little longer. */
static struct pulse *pulse_of(int64_t provider)
{
    struct pulse *p = &pulses[(uint64_t)provider % PULSES];
    if (p->provider != provider) *p = (struct pulse){ .provider = provider };
    return p;
}

bool pulse_resting(int64_t provider)
{
    pthread_mutex_lock(&pulse_lock);
    const struct pulse *p = pulse_of(provider);
    bool resting = p->failed_at && time_monotonic() - p->failed_at < REST_MS;
    pthread_mutex_unlock(&pulse_lock);
    return resting;
}

void pulse_failed(int64_t provider)
{
    pthread_mutex_lock(&pulse_lock);
    pulse_of(provider)->failed_at = time_monotonic();
    pthread_mutex_unlock(&pulse_lock);
}

bool pulse_take_keys(int64_t provider)
{
    pthread_mutex_lock(&pulse_lock);
    struct pulse *p = pulse_of(provider);
    int64_t now = time_monotonic();
    bool free = !p->keys_at || now - p->keys_at >= KEYS_MS;
    if (free) p->keys_at = now;
    pthread_mutex_unlock(&pulse_lock);
    return free;
}

bool oidc_ask(struct arena *a, const provider_row *p, struct str address, struct str form,
              struct str authorization, int *ret_status, struct str *ret_body)
{
    const struct http_call call = { .address = address,
                                    .form = form,
                                    .accept = "application/json",
                                    .authorization = authorization,
                                    .anywhere = p->inside,
                                    .max = PUBLISHED_MAX,
                                    .seconds = SECONDS };
    bool answered =
        discovery_address(address, p->inside) && http_call(a, &call, ret_status, ret_body);
    if (!answered || *ret_status >= 500) pulse_failed(p->id);
    return answered;
}

const char *oidc_look(struct arena *a, const provider_row *p, struct str *ret_document,
                      struct str *ret_keys)
{
    int status;
    struct discovery d;
    if (!oidc_ask(a, p, discovery_of(a, p->issuer), STR_NONE, STR_NONE, &status, ret_document))
        return N_("Nobody answered there within a few seconds, or the answer was far too long.");
    if (status != 200) return N_("There is no description of an OpenID sign-in at this address.");
    const char *wrong = discovery_read(a, *ret_document, p->issuer, p->inside, &d);
    if (wrong) return wrong;
    if (!oidc_ask(a, p, d.jwks, STR_NONE, STR_NONE, &status, ret_keys) || status != 200)
        return N_("Its keys could not be fetched.");
    const json_t *keys = json_object_get(jwt_json(a, *ret_keys, PUBLISHED_MAX), "keys");
    if (json_array_size(keys) == 0) return N_("It publishes no keys.");
    return NULL;
}

void query_add(struct buf *b, const char *name, struct str value)
{
    if (b->n && b->p[b->n - 1] != '?') buf_putc(b, '&');
    buf_str(b, str_from(name));
    buf_putc(b, '=');
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     strchr("-_.~", c);
        if (plain && c) buf_putc(b, (char)c);
        else buf_printf(b, "%%%02X", c);
    }
}
