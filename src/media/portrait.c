/* One run of ffmpeg for both sizes. The bytes stand in a folder of their own, which goes with what was made. */
#include "media/portrait.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/time.h"
#include "media/file.h"
#include "media/media.h"
#include "media/sandbox.h"

enum { MADE_MOST = 512 * KIB };

/* By their first bytes: what else ffmpeg could read is nobody's portrait. */
static bool is_picture(struct str s)
{
    return str_starts(s, S("\x89PNG\r\n\x1a\n")) || str_starts(s, S("\xFF\xD8\xFF")) ||
           (str_starts(s, S("RIFF")) && str_eq(str_sub(s, 8, 4), S("WEBP")));
}

static struct str graph_of(struct arena *a, struct portrait_square q)
{
    return arena_printf(a,
                        "[0:v:0]crop=min(iw\\,ih)*100/%lld:min(iw\\,ih)*100/%lld:"
                        "(iw-ow)*%lld/200:(ih-oh)*%lld/200,split[a][b];"
                        "[a]scale=%d:%d:flags=lanczos,format=yuv420p[l];"
                        "[b]scale=%d:%d:flags=lanczos,format=yuv420p[s]",
                        (long long)q.zoom, (long long)q.zoom, (long long)(100 + q.x),
                        (long long)(100 + q.y), PORTRAIT_LARGE, PORTRAIT_LARGE, PORTRAIT_SMALL,
                        PORTRAIT_SMALL);
}

static bool run(struct arena *a, struct str folder, struct portrait_square square)
{
    struct str input = arena_printf(a, "file:%.*s/given", STR(folder)), graph = graph_of(a, square);
    const char *argv[] = { "ffmpeg",
                           "-nostdin",
                           "-v",
                           "error",
                           "-y",
                           "-format_whitelist",
                           "png_pipe,jpeg_pipe,webp_pipe",
                           "-protocol_whitelist",
                           "file",
                           "-max_pixels",
                           "50000000",
                           "-i",
                           arena_cstr(a, input),
                           "-filter_complex",
                           arena_cstr(a, graph),
                           "-map",
                           "[l]",
                           "-frames:v",
                           "1",
                           "-map_metadata",
                           "-1",
                           "-c:v",
                           "libwebp",
                           "-quality",
                           "80",
                           "-update",
                           "1",
                           "large.webp",
                           "-map",
                           "[s]",
                           "-frames:v",
                           "1",
                           "-map_metadata",
                           "-1",
                           "-c:v",
                           "libwebp",
                           "-quality",
                           "80",
                           "-update",
                           "1",
                           "small.webp",
                           NULL };
    struct sandbox_job job = { .argv = argv,
                               .folder = folder,
                               .deadline_ms = 10 * SECOND_MS,
                               .cpu_seconds = 8,
                               .file_size = MADE_MOST,
                               .nice = 5 };
    return sandbox_run(a, &job).end == SANDBOX_OK;
}

bool portrait_make(struct arena *a, struct str picture, struct portrait_square square,
                   struct str *ret_small, struct str *ret_large)
{
    struct str pattern = file_join(a, media_hls_folder(), S(".tmp-portrait-XXXXXX"));
    char *path = arena_cstr(a, pattern);
    if (!is_picture(picture) || !mkdtemp(path)) return false;
    struct str folder = str_from(path);
    bool well = file_write(file_join(a, folder, S("given")), picture) && run(a, folder, square) &&
                file_read(a, file_join(a, folder, S("small.webp")), MADE_MOST, ret_small) &&
                file_read(a, file_join(a, folder, S("large.webp")), MADE_MOST, ret_large) &&
                ret_small->n && ret_large->n;
    file_remove_tree(folder);
    return well;
}
