/* The table of settings and where their values come from. */
#include "base/settings.h"

#include <ctype.h>
#include <errno.h>
#include <sys/stat.h>

enum kind { KIND_TEXT, KIND_NUMBER, KIND_SECRET };

static const struct {
    const char *key;
    enum kind kind;
    const char *preset;
    int64_t least, most;
    const char *help;
} table[] = {
#define X(key_, kind_, preset_, least_, most_, help_)                                              \
    { .key = #key_,                                                                                \
      .kind = KIND_##kind_,                                                                        \
      .preset = preset_,                                                                           \
      .least = least_,                                                                             \
      .most = most_,                                                                               \
      .help = help_ },
    SETTINGS(X)
#undef X
};

struct value {
    struct str text;
    struct str secret; /* content of the file */
    int64_t number;
    const char *source;
};

struct settings {
    struct arena *arena;
    struct value values[COUNT(table)];
    void (*wrong)(
        void *context,
        struct str why); /* while an audit reads: told of faults instead of ending there */
    void *context;
};

static bool find(struct str key, size_t *ret)
{
    for (size_t i = 0; i < COUNT(table); i++)
        if (str_is(key, table[i].key)) {
            *ret = i;
            return true;
        }
    return false;
}

static size_t must_find(const char *key)
{
    size_t i;
    if (find(str_from(key), &i)) return i;
    fprintf(stderr, "edulab: the program asks for the unknown setting %s\n", key);
    abort();
}

static bool read_secret(struct arena *a, struct str path, struct str *ret, struct str *ret_error)
{
    struct stat st;
    char text[4096];
    FILE *f = fopen(arena_cstr(a, path), "re");
    if (!f || fstat(fileno(f), &st) != 0) {
        *ret_error = arena_printf(a, "cannot read %.*s: %m", STR(path));
        if (f) fclose(f);
        return false;
    }
    if (st.st_mode & 077) {
        *ret_error = arena_printf(a, "%.*s can be read by others: chmod 600 it", STR(path));
        fclose(f);
        return false;
    }
    size_t n = fread(text, 1, sizeof text, f);
    struct str content = str_trim((struct str){ text, n });
    bool bad = ferror(f) || n == sizeof text || content.n == 0;
    fclose(f);
    if (bad)
        *ret_error = arena_printf(a, "%.*s does not hold a secret: empty, too long or not readable",
                                  STR(path));
    else *ret = arena_dup(a, content);
    return !bad;
}

static bool assign(struct settings *s, size_t i, struct str text, const char *source,
                   struct str *ret_error)
{
    struct value *v = &s->values[i];
    struct value next = { .text = arena_dup(s->arena, text), .source = source };
    if (table[i].kind == KIND_NUMBER &&
        (!str_to_int(text, &next.number) || next.number < table[i].least ||
         next.number > table[i].most)) {
        *ret_error = arena_printf(
            s->arena, "%s must be a number from %lld to %lld, not \"%.*s\" (%s)", table[i].key,
            (long long)table[i].least, (long long)table[i].most, STR(text), source);
        return false;
    }
    if (table[i].kind == KIND_SECRET && text.n &&
        !read_secret(s->arena, text, &next.secret, ret_error))
        return false;
    *v = next;
    return true;
}

/* After a fault: false ends the reading; an audit notes it and goes on. */
static bool goes_on(struct settings *s, struct str error)
{
    if (s->wrong) s->wrong(s->context, error);
    return s->wrong != NULL;
}

static bool read_line(struct settings *s, struct str path, int number, struct str line,
                      struct str *ret_error)
{
    size_t i;
    struct str rest = str_trim(line);
    if (rest.n == 0 || rest.p[0] == '#') return true;
    struct str key = str_trim(str_cut(&rest, '='));
    if (find(key, &i)) return assign(s, i, str_trim(rest), "file", ret_error);
    *ret_error =
        arena_printf(s->arena, "%.*s:%d: there is no setting \"%.*s\"; see edulab help settings",
                     STR(path), number, STR(key));
    return false;
}

static bool read_file(struct settings *s, struct str path, bool required, struct str *ret_error)
{
    FILE *f = fopen(arena_cstr(s->arena, path), "re");
    if (!f) {
        if (!required && errno == ENOENT) return true;
        *ret_error = arena_printf(s->arena, "cannot read %.*s: %m", STR(path));
        return false;
    }
    char line[2048];
    bool ok = true;
    for (int number = 1; ok && fgets(line, sizeof line, f); number++)
        ok = read_line(s, path, number, str_from(line), ret_error) || goes_on(s, *ret_error);
    if (ferror(f)) {
        *ret_error = arena_printf(s->arena, "cannot read %.*s: %m", STR(path));
        ok = false;
    }
    fclose(f);
    return ok;
}

static bool read_environment(struct settings *s, struct str *ret_error)
{
    for (size_t i = 0; i < COUNT(table); i++) {
        char name[64];
        snprintf(name, sizeof name, "EDULAB_%s", table[i].key);
        for (char *p = name; *p; p++)
            *p = (char)toupper((unsigned char)*p);
        const char *value = getenv(name);
        if (value && !assign(s, i, str_from(value), "environment", ret_error) &&
            !goes_on(s, *ret_error))
            return false;
    }
    return true;
}

static bool load(struct settings *s, struct str file, struct str *ret_error)
{
    for (size_t i = 0; i < COUNT(table); i++)
        if (!assign(s, i, str_from(table[i].preset), "default", ret_error)) return false;
    bool named = file.n > 0;
    if (!read_file(s, named ? file : S("edulab.conf"), named, ret_error) && !goes_on(s, *ret_error))
        return false;
    return read_environment(s, ret_error);
}

struct settings *settings_load(struct arena *arena, struct str file, struct str *ret_error)
{
    struct settings *s = arena_new(arena, struct settings);
    s->arena = arena;
    return load(s, file, ret_error) ? s : NULL;
}

struct settings *settings_audit(struct arena *arena, struct str file,
                                void (*wrong)(void *context, struct str why), void *context)
{
    struct str error;
    struct settings *s = arena_new(arena, struct settings);
    *s = (struct settings){ .arena = arena, .wrong = wrong, .context = context };
    load(s, file, &error);
    s->wrong = NULL;
    return s;
}

bool settings_set(struct settings *s, const char *key, struct str value, struct str *ret_error)
{
    return assign(s, must_find(key), value, "command line", ret_error);
}

struct str settings_text(const struct settings *s, const char *key)
{
    size_t i = must_find(key);
    return table[i].kind == KIND_SECRET ? s->values[i].secret : s->values[i].text;
}

int64_t settings_number(const struct settings *s, const char *key)
{
    return s->values[must_find(key)].number;
}

const char *settings_source(const struct settings *s, const char *key)
{
    return s->values[must_find(key)].source;
}

void settings_print_help(FILE *out)
{
    fputs(
        "Settings stand in edulab.conf as key = value; the environment (EDULAB_KEY) overrides.\n\n",
        out);
    for (size_t i = 0; i < COUNT(table); i++) {
        fprintf(out, "%s = %s\n    %s\n", table[i].key, table[i].preset, table[i].help);
        if (table[i].kind == KIND_NUMBER)
            fprintf(out, "    A number from %lld to %lld.\n", (long long)table[i].least,
                    (long long)table[i].most);
        if (table[i].kind == KIND_SECRET) fputs("    A file that only its owner may read.\n", out);
    }
}

void settings_each(const struct settings *s,
                   void (*fn)(void *context, const char *key, struct str shown, const char *source),
                   void *context)
{
    for (size_t i = 0; i < COUNT(table); i++) {
        const struct value *v = &s->values[i];
        struct str shown = table[i].kind != KIND_SECRET ? v->text : v->text.n ? S("(set)") : S("");
        fn(context, table[i].key, shown, v->source);
    }
}
