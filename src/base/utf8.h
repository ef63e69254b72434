/* UTF-8 at the door: validity, counting, folding for search and addresses. */
#ifndef EDULAB_BASE_UTF8_H
#define EDULAB_BASE_UTF8_H

#include "base/arena.h"

/* Well-formed UTF-8 without NUL and without C0 controls other than tab, CR, LF. */
bool utf8_valid(struct str s);
/* Well-formed UTF-8, whatever characters it holds. */
bool utf8_well_formed(struct str s);
/* Characters (code points) in valid UTF-8. */
size_t utf8_count(struct str s);
/* Reads the code point at *at and moves *at behind it; s must be valid. */
uint32_t utf8_next(struct str s, size_t *at);
/* The composed form (NFC), in which text is stored; s itself when it is plain ASCII. */
struct str utf8_nfc(struct arena *a, struct str s);
/* Lower case without accents (Latin-1 and Latin Extended-A, œ and æ opened): "Évaluer" → "evaluer".
 * For comparing and searching French, Dutch and German. */
struct str utf8_fold(struct arena *a, struct str s);
/* As Unicode compares without regard to capitals; accents stay: "Évaluer" → "évaluer". */
struct str utf8_casefold(struct arena *a, struct str s);
/* An address part: folded, everything but letters and digits to single hyphens, at most 80 bytes. */
struct str utf8_slug(struct arena *a, struct str s);

#endif
