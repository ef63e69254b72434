/* Translations of one language in memory, read once from a compiled catalogue (.mo). Inside html/ only. */
#ifndef EDULAB_HTML_LANG_TABLE_H
#define EDULAB_HTML_LANG_TABLE_H

#include "base/str.h"

enum { LANG_FORMS = 2 };

struct lang_entry {
    struct str msgid; /* p is NULL in an empty slot */
    struct str forms[LANG_FORMS];
    uint64_t hash;
};

struct lang_table {
    struct lang_entry *slots;
    size_t mask; /* slots - 1; a power of two */
    char *text;  /* what the forms point to */
};

/* Reads a .mo file. `typography` rewrites each text on the way (NULL for none): it gets the text and room for
 * three times its bytes, and returns the length. False when mo is damaged: *ret is empty then. */
bool lang_table_read(struct str mo, size_t (*typography)(struct str text, char *ret),
                     struct lang_table *ret);
void lang_table_finish(struct lang_table *table);
/* NULL when there is no translation. */
const struct lang_entry *lang_table_find(const struct lang_table *table, struct str msgid);

/* French typography: translators type plain spaces and apostrophes, people read U+00A0 before : » and units and after «,
 * U+202F before ; ! ? and in thousands, ’ between letters. Writes at most three times text.n bytes. */
size_t lang_typography_fr(struct str text, char *ret);

#endif
