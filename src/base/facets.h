/* Counting filters. Each thing of a list carries what it can be filtered by as bits of one integer, in groups; within a group
 * one fitting bit is enough, and every group that is asked for must fit. A bit counts the things that pass all the other
 * groups: what one would see after ticking it. Pure. */
#ifndef EDULAB_BASE_FACETS_H
#define EDULAB_BASE_FACETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FACET_WORDS = 4 };

/* Does a thing with these bits pass what is asked for in every group? Counts it in any case. The bits stand in one word or in
 * several: word_of says in which a group's are, NULL all in the first. `masks` has the bits that belong to each group, `asked`
 * those of them that are asked for. */
static inline bool facets_take(const uint64_t *words, const int *word_of, const uint64_t *asked,
                               const uint64_t *masks, int groups, int by_bit[][64])
{
    unsigned failing = 0;
    int last = 0;
    for (int g = 0; g < groups; g++)
        if (asked[g] && !(words[word_of ? word_of[g] : 0] & asked[g])) failing |= 1u << g;
    if (failing & (failing - 1)) return false; /* fails two groups: counts nowhere */
    uint64_t counted[FACET_WORDS] = { 0 };
    for (int g = 0; g < groups; g++) {
        int w = word_of ? word_of[g] : 0;
        if (w > last) last = w;
        if (!failing || failing == 1u << g) counted[w] |= words[w] & masks[g];
    }
    for (int w = 0; w <= last; w++)
        for (uint64_t left = counted[w]; left; left &= left - 1)
            by_bit[w][__builtin_ctzll(left)]++;
    return !failing;
}

#endif
