/* htmlgen [--depfile FILE] OUTDIR part=folder …
 * Makes OUTDIR/<part>_html.h and .c from the folder's *.html. See docs/htmlgen.md. */
#include "htmlgen.h"

#include <dirent.h>
#include <errno.h>

enum { MAX_FILE = 4 * 1024 * 1024, MAX_FILES = 1024 };

static bool read_file(const char *path, struct buf *out)
{
    FILE *f = fopen(path, "rb");
    if (!f) return false;
    char piece[16 * 1024];
    size_t n;
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_put(out, piece, n);
    bool good = !ferror(f) && !out->full;
    fclose(f);
    return good;
}

static bool complain(const char *path)
{
    fprintf(stderr, "htmlgen: %s: %s\n", path, errno ? strerror(errno) : "too long");
    return false;
}

/* Writes only what changed, so that nothing is compiled again without need. */
static bool write_file(const char *path, struct str text)
{
    struct buf old = BUF_INIT(256 * 1024 * 1024);
    bool same = read_file(path, &old) && str_eq(buf_view(&old), text);
    buf_finish(&old);
    if (same) return true;
    FILE *f = fopen(path, "wb");
    if (!f) return complain(path);
    bool good = fwrite(text.p, 1, text.n, f) == text.n;
    good = fclose(f) == 0 && good;
    return good || complain(path);
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Names of the templates in a folder, sorted; false when it cannot be read. */
static bool list_templates(struct arena *arena, const char *folder, struct str *ret_names,
                           size_t *ret_count)
{
    DIR *dir = opendir(folder);
    if (!dir) return complain(folder);
    size_t n = 0;
    for (struct dirent *e; n < MAX_FILES && (e = readdir(dir));) {
        struct str name = str_from(e->d_name);
        if (str_ends(name, S(".html")) && name.p[0] != '.') ret_names[n++] = arena_dup(arena, name);
    }
    closedir(dir);
    qsort(ret_names, n, sizeof *ret_names, by_name);
    *ret_count = n;
    return true;
}

static bool add_template(struct part *part, struct str path)
{
    struct buf source = BUF_INIT(MAX_FILE);
    struct problem problem;
    errno = 0;
    bool good = read_file(path.p, &source) || complain(path.p);
    if (good && !part_add_file(part, path, buf_view(&source), &problem)) {
        fprintf(stderr, "%.*s:%u: error: %.*s\n", STR(path), problem.line, STR(problem.text));
        good = false;
    }
    buf_finish(&source);
    return good;
}

/* All files are read even after a bad one, so that one run tells as much as it can. */
static bool make_part(struct arena *arena, const char *out_dir, struct str name, const char *folder,
                      struct buf *inputs)
{
    struct str *names = arena_array(arena, struct str, MAX_FILES);
    size_t count = 0;
    if (!list_templates(arena, folder, names, &count)) return false;
    buf_printf(inputs, " %s", folder); /* a new file changes its folder */
    struct part part;
    part_init(&part, arena, name);
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        struct str path = arena_printf(arena, "%s/%.*s", folder, STR(names[i]));
        buf_printf(inputs, " %.*s", STR(path));
        good = add_template(&part, path) && good;
    }
    struct buf header = BUF_INIT(64 * 1024 * 1024), source = BUF_INIT(64 * 1024 * 1024);
    part_header(&part, &header);
    part_source(&part, &source);
    struct str base = arena_printf(arena, "%s/%.*s_html", out_dir, STR(name));
    good = good && write_file(arena_printf(arena, "%.*s.h", STR(base)).p, buf_view(&header)) &&
           write_file(arena_printf(arena, "%.*s.c", STR(base)).p, buf_view(&source));
    buf_finish(&header);
    buf_finish(&source);
    part_finish(&part);
    return good;
}

static int usage(void)
{
    fputs("htmlgen: makes C from HTML templates\n"
          "usage: htmlgen [--depfile FILE] OUTDIR part=folder ...\n",
          stderr);
    return 2;
}

int main(int argc, char **argv)
{
    const char *depfile = NULL;
    int at = 1;
    if (argc > 2 && strcmp(argv[1], "--depfile") == 0) {
        depfile = argv[2];
        at = 3;
    }
    if (argc <= at) return usage();
    const char *out_dir = argv[at++];
    struct arena *arena = arena_create();
    struct buf outputs = BUF_INIT(16 * 1024 * 1024), inputs = BUF_INIT(16 * 1024 * 1024);
    bool good = true;
    for (; at < argc; at++) {
        struct str folder = str_from(argv[at]);
        struct str name = str_cut(&folder, '=');
        if (name.n == 0 || folder.n == 0) return usage();
        buf_printf(&outputs, "%s%s/%.*s_html.h %s/%.*s_html.c", outputs.n ? " " : "", out_dir,
                   STR(name), out_dir, STR(name));
        good = make_part(arena, out_dir, name, folder.p, &inputs) && good;
    }
    struct str rule =
        arena_printf(arena, "%.*s:%.*s\n", STR(buf_view(&outputs)), STR(buf_view(&inputs)));
    if (good && depfile) good = write_file(depfile, rule);
    buf_finish(&outputs);
    buf_finish(&inputs);
    arena_destroy(arena);
    return good ? 0 : 1;
}
