/* Random templates: htmlgen refuses or accepts, and never reads outside, hangs or forgets to say why. */
#include "htmlgen.h"

#include "base/utf8.h"

/* the tool is no part of the program: its sources come along */
#include "htmlgen_attribute.c"
#include "htmlgen_code.c"
#include "htmlgen_rules.c"
#include "htmlgen_tag.c"
#include "htmlgen_template.c"
#include "htmlgen_write.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *arena = arena_create();
    struct part part;
    struct problem problem;
    part_init(&part, arena, S("x"));
    bool good = part_add_file(&part, S("x.html"), (struct str){ (const char *)data, n }, &problem);
    if (good == (problem.text.p != NULL)) abort();
    if (!good && (problem.line < 1 || problem.line > n + 1 || problem.text.n == 0)) abort();
    if (good) {
        struct buf out = BUF_INIT(64 * 1024 * 1024);
        part_header(&part, &out);
        part_source(&part, &out);
        if (out.full || !utf8_valid(buf_view(&out))) abort();
        buf_finish(&out);
    }
    part_finish(&part);
    arena_destroy(arena);
    return 0;
}
