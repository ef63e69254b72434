/* embed [--depfile FILE] [--immutable] OUT.c OUT.h symbol folder-or-file …
 *
 * Puts files into the program as `const struct asset <symbol>_assets[]` (src/html/asset.h): each with its content
 * type, its ETag and, where that is smaller, its bytes packed with gzip as hard as it goes.
 *
 * The bytes are written as string literals: compilers read those some twenty times faster than lists of numbers
 * (1 MB in 0.1 s), and unlike .incbin they need no path at compile time and no second file to keep in step. */
#include <dirent.h>
#include <errno.h>
#include <libdeflate.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"

enum { MAX_ASSETS = 4096, MAX_BYTES = 64 * 1024 * 1024 };

struct file {
    struct str path; /* as it is asked for */
    struct str data, gzip;
    const char *type;
};

struct embed {
    struct arena *arena;
    struct file *files;
    size_t count;
    struct buf *inputs; /* for the depfile */
    bool immutable;     /* every name changes with its content */
};

static const struct {
    const char *extension, *type;
    bool text; /* worth packing */
} types[] = {
    { ".css", "text/css; charset=utf-8", true },
    { ".js", "text/javascript; charset=utf-8", true },
    { ".mjs", "text/javascript; charset=utf-8", true },
    { ".json", "application/json", true },
    { ".map", "application/json", true },
    { ".svg", "image/svg+xml", true },
    { ".html", "text/html; charset=utf-8", true },
    { ".txt", "text/plain; charset=utf-8", true },
    { ".md", "text/markdown; charset=utf-8", true },
    { ".vtt", "text/vtt; charset=utf-8", true },
    { ".csv", "text/csv; charset=utf-8", true },
    { ".xml", "application/xml", true },
    { ".webmanifest", "application/manifest+json", true },
    { ".ico", "image/vnd.microsoft.icon", true },
    { ".ttf", "font/ttf", true },
    { ".mo", "application/octet-stream", false },
    { ".woff2", "font/woff2", false },
    { ".png", "image/png", false },
    { ".jpg", "image/jpeg", false },
    { ".webp", "image/webp", false },
    { ".pdf", "application/pdf", false },
};

static bool complain(const char *path, const char *why)
{
    fprintf(stderr, "embed: %s: %s\n", path, why);
    return false;
}

static bool read_file(struct arena *arena, const char *path, struct str *ret)
{
    FILE *f = fopen(path, "rb");
    if (!f) return complain(path, strerror(errno));
    struct buf b = BUF_INIT(MAX_BYTES);
    char piece[64 * 1024];
    size_t n;
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_put(&b, piece, n);
    bool failed = ferror(f);
    fclose(f);
    *ret = arena_dup(arena, buf_view(&b));
    bool full = b.full;
    buf_finish(&b);
    return failed || full ? complain(path, full ? "too long" : "cannot be read") : true;
}

static struct str gzip(struct arena *arena, struct str data)
{
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(12);
    if (!c) abort();
    size_t room = libdeflate_gzip_compress_bound(c, data.n);
    char *out = arena_alloc(arena, room);
    size_t n = libdeflate_gzip_compress(c, data.p, data.n, out, room);
    libdeflate_free_compressor(c);
    /* a few bytes are not worth what unpacking costs */
    return n > 0 && n + 64 < data.n ? (struct str){ out, n } : STR_NONE;
}

static bool add_file(struct embed *e, const char *path, struct str name)
{
    if (e->count == MAX_ASSETS) return complain(path, "one file too many");
    struct file *file = &e->files[e->count++];
    *file = (struct file){ .path = arena_dup(e->arena, name) };
    buf_printf(e->inputs, " %s", path);
    if (!read_file(e->arena, path, &file->data)) return false;
    for (size_t i = 0; i < COUNT(types); i++) {
        if (!str_ends(name, str_from(types[i].extension))) continue;
        file->type = types[i].type;
        if (types[i].text) file->gzip = gzip(e->arena, file->data);
        return true;
    }
    return complain(path,
                    "its extension has no content type; add it to the table in tools/embed.c");
}

static bool add(struct embed *e, const char *path, struct str name);

static bool add_folder(struct embed *e, const char *path, struct str name)
{
    DIR *dir = opendir(path);
    if (!dir) return complain(path, strerror(errno));
    buf_printf(e->inputs, " %s", path);
    bool good = true;
    for (struct dirent *entry; good && (entry = readdir(dir));) {
        if (entry->d_name[0] == '.') continue;
        const char *slash = name.n ? "/" : "";
        struct str inside = arena_printf(e->arena, "%.*s%s%s", STR(name), slash, entry->d_name);
        good = add(e, arena_printf(e->arena, "%s/%s", path, entry->d_name).p, inside);
    }
    closedir(dir);
    return good;
}

static bool add(struct embed *e, const char *path, struct str name)
{
    struct stat st;
    if (stat(path, &st)) return complain(path, strerror(errno));
    if (S_ISDIR(st.st_mode)) return add_folder(e, path, name);
    return add_file(e, path, name);
}

/* A folder gives the names inside it, a file its own name. */
static bool add_argument(struct embed *e, const char *path)
{
    struct stat st;
    if (stat(path, &st)) return complain(path, strerror(errno));
    const char *slash = strrchr(path, '/');
    return add(e, path, S_ISDIR(st.st_mode) ? STR_NONE : str_from(slash ? slash + 1 : path));
}

static int by_path(const void *a, const void *b)
{
    return str_cmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

/* --- writing ---------------------------------------------------------------------------------------------------- */

static void put_bytes(struct buf *out, struct str s)
{
    size_t column = 0;
    buf_putc(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        unsigned char next = i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0;
        size_t before = out->n;
        if (c == '"' || c == '\\' || c == '?') /* two ? may begin a trigraph */
            buf_printf(out, "\\%c", c);
        else if (c >= 0x20 && c < 0x7F) buf_putc(out, (char)c);
        else if (next >= '0' && next <= '7') buf_printf(out, "\\%03o", c);
        else buf_printf(out, "\\%o", c); /* short octal, as no digit follows */
        column += out->n - before;
        if (column > 200) {
            buf_lit(out, "\"\n\"");
            column = 0;
        }
    }
    buf_putc(out, '"');
}

static uint64_t hash(struct str s)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
    return h;
}

static void put_source(struct buf *out, const struct embed *e, const char *symbol)
{
    buf_lit(out, "/* Made by embed. */\n#include \"html/asset.h\"\n\n");
    for (size_t i = 0; i < e->count; i++) {
        const struct file *f = &e->files[i];
        buf_printf(out, "static const char d%zu[] =\n", i);
        put_bytes(out, f->data);
        buf_lit(out, ";\n");
        if (!f->gzip.p) continue;
        buf_printf(out, "static const char z%zu[] =\n", i);
        put_bytes(out, f->gzip);
        buf_lit(out, ";\n");
    }
    /* declared again, as nothing here includes the header */
    buf_printf(out,
               "\nextern const struct asset %s_assets[];\nextern const size_t %s_asset_count;\n",
               symbol, symbol);
    buf_printf(out, "const struct asset %s_assets[] = {\n", symbol);
    for (size_t i = 0; i < e->count; i++) {
        const struct file *f = &e->files[i];
        buf_printf(out, "    { \"%.*s\", \"%s\", { d%zu, sizeof d%zu - 1 }, ", STR(f->path),
                   f->type, i, i);
        if (f->gzip.p) buf_printf(out, "{ z%zu, sizeof z%zu - 1 }, ", i, i);
        else buf_lit(out, "{ NULL, 0 }, ");
        buf_printf(out, "\"\\\"%016llx\\\"\", %s },\n", (unsigned long long)hash(f->data),
                   e->immutable ? "true" : "false");
    }
    buf_printf(out, "    { 0 },\n};\nconst size_t %s_asset_count = %zu;\n", symbol, e->count);
}

static void put_header(struct buf *out, const char *symbol)
{
    buf_printf(out,
               "/* Made by embed. */\n#pragma once\n\n#include \"html/asset.h\"\n\n"
               "extern const struct asset %s_assets[];\nextern const size_t %s_asset_count;\n",
               symbol, symbol);
}

static bool write_file(const char *path, struct buf *b)
{
    FILE *f = fopen(path, "wb");
    if (!f) return complain(path, strerror(errno));
    bool good = !b->full && fwrite(b->p, 1, b->n, f) == b->n;
    good = fclose(f) == 0 && good;
    buf_finish(b);
    return good || complain(path, "cannot be written");
}

static bool unique(const struct embed *e)
{
    for (size_t i = 1; i < e->count; i++)
        if (str_eq(e->files[i - 1].path, e->files[i].path))
            return complain(e->files[i].path.p, "is there twice");
    return true;
}

static bool write_all(struct embed *e, const char *source, const char *header, const char *symbol,
                      const char *depfile)
{
    struct buf c = BUF_INIT(4 * (size_t)MAX_BYTES), h = BUF_INIT(4096);
    put_source(&c, e, symbol);
    put_header(&h, symbol);
    if (!write_file(source, &c) || !write_file(header, &h)) return false;
    if (!depfile) return true;
    struct buf rule = BUF_INIT(4 * 1024 * 1024);
    buf_printf(&rule, "%s %s:%.*s\n", source, header, STR(buf_view(e->inputs)));
    return write_file(depfile, &rule);
}

int main(int argc, char **argv)
{
    const char *depfile = NULL;
    bool immutable = false;
    if (argc > 2 && strcmp(argv[1], "--depfile") == 0) {
        depfile = argv[2];
        argv += 2;
        argc -= 2;
    }
    if (argc > 1 && strcmp(argv[1], "--immutable") == 0) {
        immutable = true;
        argv++;
        argc--;
    }
    if (argc < 4) {
        fputs("embed: puts files into a C program\n"
              "usage: embed [--depfile FILE] [--immutable] OUT.c OUT.h symbol folder-or-file ...\n",
              stderr);
        return 2;
    }
    struct arena *arena = arena_create();
    struct buf inputs = BUF_INIT(4 * 1024 * 1024);
    struct embed e = { .arena = arena,
                       .files = arena_array(arena, struct file, MAX_ASSETS),
                       .inputs = &inputs,
                       .immutable = immutable };
    bool good = true;
    for (int i = 4; good && i < argc; i++)
        good = add_argument(&e, argv[i]);
    if (e.count) qsort(e.files, e.count, sizeof *e.files, by_path);
    good = good && unique(&e) && write_all(&e, argv[1], argv[2], argv[3], depfile);
    buf_finish(&inputs);
    arena_destroy(arena);
    return good ? 0 : 1;
}
