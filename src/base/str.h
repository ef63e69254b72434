/* A piece of text that somebody else owns: pointer and length, no terminator promised.
 * Across module borders text travels as struct str, never as a bare char pointer. */
#ifndef EDULAB_BASE_STR_H
#define EDULAB_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

struct str {
    const char *p; /* NULL means "no value" (SQL NULL, absent parameter); "" is an empty value */
    size_t n;
};

/* S("literal"): a struct str that lives as long as the program. */
#define S(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_NONE ((struct str){ NULL, 0 })
/* printf("%.*s", STR(s)) */
#define STR(s) (int)(s).n, (s).p ? (s).p : ""

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The C string c as a struct str; NULL gives STR_NONE. */
static inline struct str str_from(const char *c)
{
    return (struct str){ c, c ? strlen(c) : 0 };
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_is(struct str a, const char *c)
{
    return str_eq(a, str_from(c));
}

bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* ASCII letters only; enough for header names and schemes. */
bool str_eq_nocase(struct str a, struct str b);
/* Position of the first c in s, or s.n. */
size_t str_find(struct str s, char c);
/* Position of the first needle in s, or s.n. An empty needle is found at 0. */
size_t str_search(struct str s, struct str needle);
/* s from position `from` on, at most n bytes; positions past the end are clamped. */
struct str str_sub(struct str s, size_t from, size_t n);
/* Without ASCII white space at both ends. */
struct str str_trim(struct str s);
/* Cuts *rest at the first c: returns what stands before it and moves *rest behind it. */
struct str str_cut(struct str *rest, char c);
/* A decimal number that fills s wholly, with an optional minus; false (and *ret untouched) otherwise. */
bool str_to_int(struct str s, int64_t *ret);
/* Orders by bytes: <0, 0, >0. */
int str_cmp(struct str a, struct str b);
/* FNV-1a over the bytes: for tables in memory, never for secrets. */
uint32_t str_hash(struct str s);
/* Equal in a time that depends on the lengths only: for tokens and signatures. */
bool str_eq_secret(struct str a, struct str b);

#endif
