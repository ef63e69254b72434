/* Any bytes as a filter and as a path of SCIM: what is accepted is written, read again, and is the same. */
#include "base/utf8.h"
#include "mod/scim/filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size };
    if (!utf8_valid(text)) return 0; /* checked at the door */
    struct arena *a = arena_create();
    const struct scim_node *node, *again;
    const char *problem;
    if (scim_filter_parse(a, text, &node, &problem)) {
        struct str written = scim_filter_write(a, node);
        /* brackets and escapes make it longer and deeper than it was typed */
        if (scim_filter_parse(a, written, &again, &problem)) {
            if (!str_eq(scim_filter_write(a, again), written)) abort();
        } else if (!problem || (written.n <= SCIM_FILTER_TEXT && !strstr(problem, "deep"))) {
            abort();
        }
    } else if (!problem) {
        abort();
    }
    struct scim_path path;
    if (scim_path_parse(a, text, &path, &problem)) {
        if (path.name.n == 0 || path.name.n > size) abort();
    } else if (!problem) {
        abort();
    }
    arena_destroy(a);
    return 0;
}
