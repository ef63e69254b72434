/* Counting filters. Each thing of a list carries what it can be filtered by as bits of one integer, in groups; within a group
 * one fitting bit is enough, and every group that is asked for must fit. A bit counts the things that pass all the other
 * groups: what one would see after ticking it. Pure. */
#ifndef EDULAB_BASE_FACETS_H
#define EDULAB_BASE_FACETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Does a thing with these bits pass what is asked for in every group? Counts it in any case. `masks` has the bits that belong
 * to each group, `asked` those of them that are asked for. */
static inline bool facets_take(uint64_t bits, const uint64_t *asked, const uint64_t *masks,
                               int groups, int by_bit[64])
{
    unsigned failing = 0;
    for (int g = 0; g < groups; g++)
        if (asked[g] && !(bits & asked[g])) failing |= 1u << g;
    if (failing & (failing - 1)) return false; /* fails two groups: counts nowhere */
    uint64_t counted = 0;
    for (int g = 0; g < groups; g++)
        if (!failing || failing == 1u << g) counted |= bits & masks[g];
    for (; counted; counted &= counted - 1)
        by_bit[__builtin_ctzll(counted)]++;
    return !failing;
}

#endif
