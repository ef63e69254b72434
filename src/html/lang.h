/* Languages of the interface. Texts are written in English in the source and translated by locale/<lang>.po. */
#ifndef EDULAB_HTML_LANG_H
#define EDULAB_HTML_LANG_H

#include <stdatomic.h>

#include "base/arena.h"

enum lang { LANG_FR, LANG_EN, LANG_COUNT };

/* "fr", "en" */
const char *lang_code(enum lang lang);
/* False for a language we do not speak. */
bool lang_from_code(struct str code, enum lang *ret);
/* The best of ours for an Accept-Language header; French without one. */
enum lang lang_negotiate(struct str accept_language);

/* Translation of msgid; msgid itself in English or when missing. About 20 ns; never allocates. */
struct str lang_text(enum lang lang, const char *msgid);
struct str lang_plural(enum lang lang, const char *one, const char *many, int64_t n);

/* French content with the spaces it should have (U+00A0, U+202F) and typographic apostrophes. */
struct str lang_french(struct arena *a, struct str text);

/* What the place in the code that names a text has found for it. */
struct lang_place {
    _Atomic(const struct str *) text[LANG_COUNT];
};
struct str lang_text_find(enum lang lang, const char *msgid, struct lang_place *place);

/* lang_text() of a literal, which is looked up once for each place that names it. */
static inline struct str lang_text_at(enum lang lang, const char *msgid, struct lang_place *place)
{
    const struct str *text = atomic_load_explicit(&place->text[lang], memory_order_acquire);
    return text ? *text : lang_text_find(lang, msgid, place);
}

/* In templates and page code, where `pg` is the page. N_ only marks a text for the catalogue. */
#define _(msgid)                                                                                   \
    __extension__({                                                                                \
        static struct lang_place place_;                                                           \
        __builtin_constant_p(msgid) ? lang_text_at(pg->lang, (msgid), &place_)                     \
                                    : lang_text(pg->lang, (msgid));                                \
    })
#define _n(one, many, n) lang_plural(pg->lang, (one), (many), (n))
#define N_(msgid) msgid

#endif
