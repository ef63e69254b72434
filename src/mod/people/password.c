/* What a new password must be, and its hash. The list of denied ones is common_passwords.txt, sorted, built in. */
#include "access/access.h"
#include "base/utf8.h"
#include "html/asset.h"
#include "mod/people/pages.h"
#include "people_assets.h"

enum { BASE_LEAST = 4 };

/* The list is lines in the order of their bytes: halved until one is left. */
static bool listed(struct str word)
{
    const struct asset *file =
        asset_find(people_assets, people_asset_count, S("common_passwords.txt"));
    struct str all = file->data;
    while (all.n) {
        size_t begin = all.n / 2, end;
        while (begin && all.p[begin - 1] != '\n')
            begin--;
        for (end = begin; end < all.n && all.p[end] != '\n';)
            end++;
        struct str line = str_sub(all, begin, end - begin);
        int c = str_cmp(word, line);
        if (c == 0) return true;
        all = c < 0 ? str_sub(all, 0, begin) : str_sub(all, end + 1, all.n);
    }
    return false;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* "Password2026!" is "password" to whoever guesses: what stands around the word adds nothing. */
static struct str bare(struct str s)
{
    while (s.n && !is_letter(s.p[0]))
        s = str_sub(s, 1, s.n);
    while (s.n && !is_letter(s.p[s.n - 1]))
        s.n--;
    return s;
}

/* One to three characters over and over: "aaaaaaaaaa", "abcabcabcabc". */
static bool repeats(struct str s)
{
    for (size_t step = 1; step <= 3; step++) {
        size_t i = step;
        while (i < s.n && s.p[i] == s.p[i - step])
            i++;
        if (i == s.n) return true;
    }
    return false;
}

/* Each character one more, or one less, than the one before: "0123456789". */
static bool is_run(struct str s)
{
    for (int by = -1; by <= 1; by += 2) {
        size_t i = 1;
        while (i < s.n &&
               (s.p[i] - s.p[i - 1] == by || (s.p[i - 1] == '9' && s.p[i] == '0' && by == 1)))
            i++;
        if (i == s.n) return true;
    }
    return false;
}

bool people_password_common(struct arena *a, struct str password, struct str name, struct str email)
{
    struct str folded = utf8_fold(a, password), base = bare(folded);
    struct str address = utf8_fold(a, email), local = address, who = utf8_fold(a, name);
    local = str_cut(&address, '@');
    if (listed(folded) || repeats(folded) || is_run(folded)) return true;
    if (base.n < folded.n && base.n >= BASE_LEAST && listed(base)) return true;
    return str_eq(folded, utf8_fold(a, email)) || (base.n && str_eq(base, local)) ||
           (base.n && str_eq(base, who));
}

struct str *people_new_password(struct request *r, const char *field, struct str password,
                                struct str name, struct str email)
{
    if (people_password_common(r->arena, password, name, email)) {
        http_invalid(r, field,
                     R_(N_("This password is among the first that are tried. Three words in a row "
                           "make a good one.")));
        return NULL;
    }
    struct str *hash = arena_new(r->arena, struct str);
    *hash = access_hash_password(r->arena, password);
    if (hash->p) return hash;
    http_fail(r, 503, STR_NONE);
    return NULL;
}
