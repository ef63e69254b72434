/* Identifiers: 63 bits, made by the program, rising with time, the same on both engines.
 * 41 bits milliseconds since 2024-01-01, 6 bits node, 16 bits that start at random each millisecond and count up.
 * Shown to people and in addresses as 13 characters of Crockford base32. */
#ifndef EDULAB_BASE_ID_H
#define EDULAB_BASE_ID_H

#include "base/arena.h"

enum { ID_TEXT = 13 };

/* Which of up to 64 machines this is; call once at start, 0 is the default. */
void id_set_node(unsigned node);
/* A new identifier; safe from any thread. */
int64_t id_new(void);
/* Writes ID_TEXT characters and a terminator. */
void id_format(int64_t id, char ret_text[ID_TEXT + 1]);
/* The same in small letters, in the arena: for names of files, keys and addresses. */
struct str id_lower(struct arena *a, int64_t id);
/* Reads what id_format wrote (also lower case, with I L O for 1 1 0); false otherwise. */
bool id_parse(struct str text, int64_t *ret_id);

#endif
