/* sqlgen [--check] [--depfile FILE] OUTDIR part=folder …
 * Reads folder/schema/NNNN_name.sql and folder/part.sql of each part, in the order of migration, and writes
 * OUTDIR/part_sql.h and part_sql.c. A file whose content would not change is left alone, so nothing is recompiled. */
#include "tools/sqlgen.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <sys/stat.h>

enum { MIGRATIONS = 9999 };

struct run {
    struct arena *a;
    struct faults faults;
    struct buf depends; /* the files and folders read, for the depfile */
    const char *outdir, *depfile;
    bool check; /* write nothing */
    struct part *parts;
    unsigned part_count;
};

void fault(struct faults *faults, const char *file, int line, const char *format, ...)
{
    va_list args;
    char text[1024];
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    buf_printf(&faults->text, "%s:%d: %s\n", file, line, text);
    faults->count++;
}

/* --- files ----------------------------------------------------------------------------------------------- */

static void depend(struct run *run, const char *path)
{
    buf_lit(&run->depends, " \\\n  ");
    for (const char *p = path; *p; p++)
        buf_printf(&run->depends, *p == ' ' ? "\\ " : *p == '$' ? "$$" : "%c", *p);
}

/* The whole file; STR_NONE with a fault (unless it may be absent, and is). */
static struct str file_read(struct run *run, const char *path, bool may_be_absent)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        if (errno != ENOENT || !may_be_absent)
            fault(&run->faults, path, 1, "cannot be read: %s", strerror(errno));
        return STR_NONE;
    }
    depend(run, path);
    struct buf b = BUF_INIT(SQLGEN_FILE);
    char piece[8192];
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_put(&b, piece, n);
    if (ferror(f) || b.full || memchr(buf_view(&b).p, '\0', b.n))
        fault(&run->faults, path, 1, "cannot be read whole, is over %d bytes, or holds a zero byte",
              SQLGEN_FILE);
    fclose(f);
    struct str ret = arena_dup(run->a, buf_view(&b));
    buf_finish(&b);
    return ret;
}

static bool file_is(const char *path, struct str content)
{
    FILE *f = fopen(path, "rb");
    if (!f) return false;
    struct buf b = BUF_INIT(content.n + 1);
    char piece[8192];
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_put(&b, piece, n);
    fclose(f);
    bool same = !b.full && str_eq(buf_view(&b), content);
    buf_finish(&b);
    return same;
}

static void file_write(struct run *run, const char *path, struct str content)
{
    if (file_is(path, content)) return;
    FILE *f = fopen(path, "wb");
    bool good = f && fwrite(content.p, 1, content.n, f) == content.n;
    if (f && fclose(f)) good = false;
    if (!good) fault(&run->faults, path, 1, "cannot be written: %s", strerror(errno));
}

/* --- migrations ------------------------------------------------------------------------------------------ */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names that end in .sql, sorted. */
static unsigned folder_list(struct run *run, const char *folder, char ***ret)
{
    *ret = arena_array(run->a, char *, MIGRATIONS);
    DIR *dir = opendir(folder);
    if (!dir) {
        if (errno != ENOENT) fault(&run->faults, folder, 1, "cannot be read: %s", strerror(errno));
        return 0;
    }
    depend(run, folder);
    unsigned n = 0;
    for (struct dirent *e; n < MIGRATIONS && (e = readdir(dir));)
        if (str_ends(str_from(e->d_name), S(".sql")))
            (*ret)[n++] = arena_cstr(run->a, str_from(e->d_name));
    closedir(dir);
    qsort(*ret, n, sizeof **ret, by_name);
    return n;
}

/* The number in front of "0001_name.sql", 0 when it has another shape. */
static int file_number(const char *name)
{
    int number = 0;
    for (int i = 0; i < 4; i++) {
        if (!isdigit((unsigned char)name[i])) return 0;
        number = number * 10 + (name[i] - '0');
    }
    return name[4] == '_' ? number : 0;
}

static const char *path_join(struct run *run, const char *folder, struct str name)
{
    return arena_printf(run->a, "%s/%.*s", folder, STR(name)).p;
}

static bool listed(char *const *names, unsigned n, struct str name)
{
    for (unsigned i = 0; i < n; i++)
        if (str_is(name, names[i])) return true;
    return false;
}

/* A migration from one file, or from a pair NNNN_name.sqlite.sql, NNNN_name.pgsql.sql. */
static bool migration_load(struct run *run, const char *folder, char *const *names, unsigned n,
                           const char *name, struct migration *ret)
{
    struct str s = str_from(name);
    bool sqlite = str_ends(s, S(".sqlite.sql")), pgsql = str_ends(s, S(".pgsql.sql"));
    ret->file = path_join(run, folder, s);
    ret->number = file_number(name);
    if (!sqlite && !pgsql) {
        ret->name = s;
        ret->sqlite = file_read(run, ret->file, false);
        if (ret->sqlite.p)
            ret->pgsql = schema_for_pgsql(run->a, ret->file, ret->sqlite, &run->faults);
        return ret->sqlite.p != NULL;
    }
    struct str stem =
        str_sub(s, 0, s.n - (sqlite ? sizeof ".sqlite.sql" : sizeof ".pgsql.sql") + 1);
    const char *other = sqlite ? "pgsql" : "sqlite";
    struct str partner = arena_printf(run->a, "%.*s.%s.sql", STR(stem), other);
    if (!listed(names, n, partner)) {
        fault(&run->faults, ret->file, 1, "has no %.*s beside it", STR(partner));
        return false;
    }
    if (pgsql) return false; /* comes with its partner */
    ret->name = arena_printf(run->a, "%.*s.sql", STR(stem));
    ret->sqlite = file_read(run, ret->file, false);
    ret->pgsql = file_read(run, path_join(run, folder, partner), false);
    return ret->sqlite.p && ret->pgsql.p;
}

static void migrations_load(struct run *run, struct part *part)
{
    char **names;
    const char *folder = arena_printf(run->a, "%s/schema", part->folder).p;
    unsigned n = folder_list(run, folder, &names);
    part->migrations = arena_array(run->a, struct migration, n ? n : 1);
    for (unsigned i = 0; i < n; i++) {
        struct migration m = { 0 };
        if (!migration_load(run, folder, names, n, names[i], &m)) continue;
        if (m.number != (int)part->migration_count + 1) {
            fault(&run->faults, m.file, 1,
                  "must be called %04u_name.sql: migrations are numbered without gap or double",
                  part->migration_count + 1);
            return;
        }
        part->migrations[part->migration_count++] = m;
    }
}

/* --- the run --------------------------------------------------------------------------------------------- */

static void part_load(struct run *run, struct part *part)
{
    migrations_load(run, part);
    part->file = arena_printf(run->a, "%s/%s.sql", part->folder, part->name).p;
    depend(run, part->folder);
    struct str text = file_read(run, part->file, true);
    if (text.p) part->statements = statements_parse(run->a, part->file, text, &run->faults);
}

static void part_write(struct run *run, const struct part *part)
{
    struct buf b = BUF_INIT(8 * SQLGEN_FILE);
    part_write_header(&b, part);
    file_write(run, arena_printf(run->a, "%s/%s_sql.h", run->outdir, part->name).p, buf_view(&b));
    b.n = 0;
    part_write_source(&b, part);
    file_write(run, arena_printf(run->a, "%s/%s_sql.c", run->outdir, part->name).p, buf_view(&b));
    buf_finish(&b);
}

static void depfile_write(struct run *run)
{
    struct buf b = BUF_INIT(SQLGEN_FILE);
    for (unsigned i = 0; i < run->part_count; i++) /* in the order of the build's outputs */
        buf_printf(&b, "%s%s/%s_sql.c %s/%s_sql.h", i ? " " : "", run->outdir, run->parts[i].name,
                   run->outdir, run->parts[i].name);
    buf_lit(&b, ":");
    buf_str(&b, buf_view(&run->depends));
    buf_lit(&b, "\n");
    file_write(run, run->depfile, buf_view(&b));
    buf_finish(&b);
}

static int usage(void)
{
    fputs("usage: sqlgen [--check] [--depfile FILE] OUTDIR part=folder …\n"
          "  Makes OUTDIR/part_sql.h and part_sql.c from folder/schema/*.sql and folder/part.sql.\n"
          "  Parts come in the order of their migrations. --check writes nothing.\n",
          stderr);
    return 2;
}

static bool part_argument(struct run *run, const char *argument)
{
    struct str folder = str_from(argument), name = str_cut(&folder, '=');
    for (size_t i = 0; i < name.n; i++)
        if (!islower((unsigned char)name.p[i]) && !(i && isdigit((unsigned char)name.p[i])))
            return false;
    if (!name.n || !folder.p || !folder.n) return false;
    run->parts[run->part_count++] =
        (struct part){ .name = arena_cstr(run->a, name), .folder = arena_cstr(run->a, folder) };
    return true;
}

static bool arguments_read(struct run *run, int argc, char **argv)
{
    run->parts = arena_array(run->a, struct part, (size_t)argc);
    for (int i = 1; i < argc; i++) {
        if (str_is(S("--check"), argv[i])) run->check = true;
        else if (str_is(S("--depfile"), argv[i]) && i + 1 < argc) run->depfile = argv[++i];
        else if (argv[i][0] == '-') return false;
        else if (!run->outdir) run->outdir = argv[i];
        else if (!part_argument(run, argv[i])) return false;
    }
    return run->outdir && run->part_count;
}

int main(int argc, char **argv)
{
    struct run run = { .a = arena_create(),
                       .faults = { .text = BUF_INIT(1024 * 1024) },
                       .depends = BUF_INIT(SQLGEN_FILE) };
    if (!arguments_read(&run, argc, argv)) return usage();
    for (unsigned i = 0; i < run.part_count; i++)
        part_load(&run, &run.parts[i]);
    parts_check(run.a, run.parts, run.part_count, &run.faults);
    if (!run.check && !run.faults.count) {
        for (unsigned i = 0; i < run.part_count; i++)
            part_write(&run, &run.parts[i]);
        if (run.depfile) depfile_write(&run);
    }
    struct str said = buf_view(&run.faults.text);
    fwrite(said.p, 1, said.n, stderr);
    int status = run.faults.count ? 1 : 0;
    buf_finish(&run.faults.text);
    buf_finish(&run.depends);
    arena_destroy(run.a);
    return status;
}
