/* Counters for /metrics. Atomic adds only; reading may be a few requests apart. */
#include <stdatomic.h>

#include "http/figures.h"

const int http_duration_bounds[7] = { 1, 5, 10, 50, 100, 500, 1000 };

static atomic_llong requests, classes[6], durations[8], duration_sum_us, open_connections, waiting;

void figures_request(int status, int64_t us)
{
    atomic_fetch_add_explicit(&requests, 1, memory_order_relaxed);
    if (status >= 100 && status < 600)
        atomic_fetch_add_explicit(&classes[status / 100], 1, memory_order_relaxed);
    int slot = 0;
    while (slot < 7 && us > (int64_t)http_duration_bounds[slot] * 1000)
        slot++;
    atomic_fetch_add_explicit(&durations[slot], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&duration_sum_us, us, memory_order_relaxed);
}

void figures_connection(int change)
{
    atomic_fetch_add_explicit(&open_connections, change, memory_order_relaxed);
}

void figures_waiting(int change)
{
    atomic_fetch_add_explicit(&waiting, change, memory_order_relaxed);
}

struct http_figures http_figures(void)
{
    struct http_figures f = { .requests = requests,
                              .open_connections = open_connections,
                              .waiting = waiting,
                              .duration_sum_us = duration_sum_us };
    for (int i = 0; i < 6; i++)
        f.by_class[i] = classes[i];
    for (int i = 0; i < 8; i++)
        f.durations[i] = durations[i];
    return f;
}
