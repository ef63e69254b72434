/* The list of what a backup holds, to JSON and back. */
#include "command/archive.h"

#include <jansson.h>

#include "base/utf8.h"

enum { NAME_MAX_BYTES = 1000, FILES_MAX = 5000000 };

/* --- the list ------------------------------------------------------------------------------------------------- */

struct kept_file *manifest_add(struct arena *a, struct manifest *m, struct str name,
                               struct str path)
{
    if (m->count == m->room) {
        size_t room = m->room ? m->room * 2 : 64;
        struct kept_file *files = arena_array(a, struct kept_file, room);
        if (m->count) memcpy(files, m->files, m->count * sizeof *files);
        m->files = files;
        m->room = room;
    }
    struct kept_file *f = &m->files[m->count++];
    *f = (struct kept_file){ .name = name, .path = path };
    return f;
}

static int by_name(const void *pa, const void *pb)
{
    const struct kept_file *a = pa, *b = pb;
    return str_cmp(a->name, b->name);
}

void manifest_order(struct manifest *m)
{
    if (m->count > 1) qsort(m->files + 1, m->count - 1, sizeof *m->files, by_name);
}

void sha256_text(const unsigned char digest[32], char ret[SHA256_TEXT + 1])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < 32; i++) {
        ret[2 * i] = digits[digest[i] >> 4];
        ret[2 * i + 1] = digits[digest[i] & 15];
    }
    ret[SHA256_TEXT] = '\0';
}

static const char *database_name(bool sqlite)
{
    return sqlite ? DATABASE_SQLITE : DATABASE_PGSQL;
}

struct str manifest_text(struct arena *a, const struct manifest *m)
{
    json_t *parts = json_array(), *files = json_array();
    for (size_t i = 0; i < m->part_count; i++)
        json_array_append_new(parts, json_pack("{s:s%, s:I}", "module", m->parts[i].module.p,
                                               m->parts[i].module.n, "number",
                                               (json_int_t)m->parts[i].number));
    for (size_t i = 0; i < m->count; i++) {
        const struct kept_file *f = &m->files[i];
        char mode[8];
        snprintf(mode, sizeof mode, "%04o", f->mode & 07777);
        json_array_append_new(files, json_pack("{s:s%, s:I, s:s, s:s}", "name", f->name.p,
                                               f->name.n, "size", (json_int_t)f->size, "mode", mode,
                                               "sha256", f->sha256));
    }
    json_t *root = json_pack("{s:s, s:i, s:s, s:s%, s:s, s:o, s:o}", "program", "edulab", "format",
                             MANIFEST_FORMAT, "version", EDULAB_VERSION, "created_at",
                             m->created_at.p, m->created_at.n, "engine",
                             m->sqlite ? "sqlite" : "pgsql", "migrations", parts, "files", files);
    char *text = json_dumps(root, JSON_INDENT(1));
    if (!text) abort(); /* only without memory: names are checked to be UTF-8 before */
    struct str copy = arena_dup(a, str_from(text));
    free(text);
    json_decref(root);
    return copy;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

bool manifest_name_valid(struct str name)
{
    if (!str_starts(name, S("data/")) || name.n > NAME_MAX_BYTES || !utf8_valid(name)) return false;
    while (name.n) {
        bool last = str_find(name, '/') == name.n;
        struct str step = str_cut(&name, '/');
        if (step.n == 0 || step.n > 255 || step.p[0] == '.' || (!last && name.n == 0)) return false;
        for (size_t i = 0; i < step.n; i++)
            if ((unsigned char)step.p[i] < ' ' || step.p[i] == '\\') return false;
    }
    return true;
}

static bool is_sum(const char *text)
{
    return strspn(text, "0123456789abcdef") == SHA256_TEXT && text[SHA256_TEXT] == '\0';
}

/* The name comes from outside: what a terminal would act on is not shown. */
static struct str refuse(struct arena *a, struct str name, const char *why)
{
    char *shown = arena_cstr(a, name);
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)shown[i] < ' ' || shown[i] == 0x7F) shown[i] = '?';
    name.p = shown;
    return arena_printf(a, "its list names \"%.*s\", %s", STR(name), why);
}

static bool read_file(struct arena *a, json_t *row, struct manifest *m, struct str *ret_error)
{
    const char *name, *mode, *sum;
    size_t n;
    json_int_t size;
    if (json_unpack(row, "{s:s%, s:I, s:s, s:s !}", "name", &name, &n, "size", &size, "mode", &mode,
                    "sha256", &sum) != 0 ||
        size < 0 || !is_sum(sum) || strlen(mode) != 4 || strspn(mode, "01234567") != 4 ||
        strlen(name) != n) {
        *ret_error = S("its list of files is damaged");
        return false;
    }
    struct str copy = arena_dup(a, (struct str){ name, n });
    bool database = m->count == 0;
    if (database ? !str_is(copy, database_name(m->sqlite)) : !manifest_name_valid(copy)) {
        *ret_error = refuse(
            a, copy, database ? "where the database must be" : "which is not a name of ours");
        return false;
    }
    if (m->count > 1 && str_cmp(m->files[m->count - 1].name, copy) >= 0) {
        *ret_error = refuse(a, copy, "which stands twice or out of order");
        return false;
    }
    if (__builtin_add_overflow(m->bytes, (int64_t)size, &m->bytes)) {
        *ret_error = refuse(a, copy, "with an impossible size");
        return false;
    }
    struct kept_file *f = manifest_add(a, m, copy, STR_NONE);
    f->size = size;
    f->mode = (unsigned)strtoul(mode, NULL, 8);
    memcpy(f->sha256, sum, sizeof f->sha256);
    return true;
}

static bool read_files(struct arena *a, json_t *files, struct manifest *m, struct str *ret_error)
{
    size_t i;
    json_t *row;
    if (json_array_size(files) == 0 || json_array_size(files) > FILES_MAX) {
        *ret_error = S("its list of files is empty or damaged");
        return false;
    }
    json_array_foreach(files, i, row) if (!read_file(a, row, m, ret_error)) return false;
    return true;
}

static bool read_parts(struct arena *a, json_t *parts, struct manifest *m, struct str *ret_error)
{
    size_t i;
    json_t *row;
    m->parts = arena_array(a, struct kept_part, json_array_size(parts) + 1);
    json_array_foreach(parts, i, row)
    {
        const char *module;
        json_int_t number;
        if (json_unpack(row, "{s:s, s:I !}", "module", &module, "number", &number) != 0) {
            *ret_error = S("its list of migrations is damaged");
            return false;
        }
        m->parts[m->part_count++] = (struct kept_part){ arena_dup(a, str_from(module)), number };
    }
    return true;
}

static bool read_root(struct arena *a, json_t *root, struct manifest *m, struct str *ret_error)
{
    const char *program, *version, *created, *engine;
    int format;
    json_t *parts, *files;
    if (json_unpack(root, "{s:s, s:i}", "program", &program, "format", &format) != 0 ||
        strcmp(program, "edulab") != 0) {
        *ret_error = S("it is no backup of edulab");
        return false;
    }
    if (format != MANIFEST_FORMAT) {
        *ret_error = arena_printf(
            a, "it has format %d, and this program reads format %d: a newer edulab made it", format,
            MANIFEST_FORMAT);
        return false;
    }
    if (json_unpack(root, "{s:s, s:i, s:s, s:s, s:s, s:o, s:o !}", "program", &program, "format",
                    &format, "version", &version, "created_at", &created, "engine", &engine,
                    "migrations", &parts, "files", &files) != 0 ||
        !json_is_array(parts) || !json_is_array(files) ||
        (strcmp(engine, "sqlite") != 0 && strcmp(engine, "pgsql") != 0)) {
        *ret_error = S("its list is damaged");
        return false;
    }
    m->version = arena_dup(a, str_from(version));
    m->created_at = arena_dup(a, str_from(created));
    m->sqlite = strcmp(engine, "sqlite") == 0;
    return read_parts(a, parts, m, ret_error) && read_files(a, files, m, ret_error);
}

bool manifest_read(struct arena *a, struct str text, struct manifest *ret, struct str *ret_error)
{
    *ret = (struct manifest){ 0 };
    json_t *root = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
    if (!root) {
        *ret_error = S("its list cannot be read");
        return false;
    }
    bool ok = read_root(a, root, ret, ret_error);
    json_decref(root);
    return ok;
}
