/* Any bytes as a condition: what is accepted is written, read again, and is the same. */
#include "base/utf8.h"
#include "mod/learning/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size };
    if (!utf8_valid(text)) return 0; /* checked at the door */
    struct arena *a = arena_create();
    struct rule *rule, *again;
    const char *problem;
    size_t at;
    if (rule_parse(a, text, &rule, &problem, &at)) {
        struct str written = rule_write(a, rule);
        const struct rule_facts none = { .now = 0 };
        rule_met(rule, &none);
        /* quotes make a text longer than it was typed */
        if (written.n <= RULE_TEXT) {
            if (!rule_parse(a, written, &again, &problem, &at)) abort();
            if (!str_eq(rule_write(a, again), written)) abort();
        }
    } else if (!problem || at > size) {
        abort();
    }
    arena_destroy(a);
    return 0;
}
