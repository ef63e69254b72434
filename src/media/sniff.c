/* file --mime-type, its answer checked. */
#include "media/sniff.h"

#include "base/limits.h"
#include "base/time.h"
#include "media/sandbox.h"

/* "type/subtype" of RFC 6838's letters. */
static bool is_type(struct str s)
{
    size_t slash = str_find(s, '/');
    if (slash == 0 || slash + 1 >= s.n || s.n > 100) return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && !(c == '/' && i == slash) && !strchr("!#$&-^_.+", c)) return false;
    }
    return true;
}

struct str sniff_type(struct arena *a, struct str path)
{
    const char *argv[] = { "file", "--brief",           "--mime-type", "--no-sandbox",
                           "--",   arena_cstr(a, path), NULL };
    struct sandbox_job job = { .argv = argv, .reads = &path, .read_count = 1 };
    job.deadline_ms = 10 * SECOND_MS;
    job.cpu_seconds = 10;
    job.out_max = 4 * KIB;
    struct sandbox_result r = sandbox_run(a, &job);
    struct str type = str_trim(r.out);
    return r.end == SANDBOX_OK && is_type(type) ? type : S("application/octet-stream");
}
