/* Settings, data folder, secret, database. */
#include "command/app.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/id.h"
#include "base/log.h"
#include "base/rand.h"

void app_say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("edulab: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

static void refuse(struct str why)
{
    app_say("%.*s", STR(why));
    exit(2);
}

static bool is_setting(const char *key)
{
    static const char *const keys[] = {
#define X(key_, kind, preset, least, most, help) #key_,
        SETTINGS(X)
#undef X
    };
    for (size_t i = 0; i < COUNT(keys); i++)
        if (strcmp(key, keys[i]) == 0) return true;
    return false;
}

/* --public-url and --public_url are the same. */
static char *key_of(struct arena *a, const char *option)
{
    char *key = arena_cstr(a, str_from(option + 2));
    for (char *p = key; *p; p++)
        if (*p == '-') *p = '_';
    return key;
}

static struct str config_file(int *argc, char **argv)
{
    for (int i = 0; i + 1 < *argc; i++)
        if (strcmp(argv[i], "--config") == 0) {
            struct str file = str_from(argv[i + 1]);
            memmove(argv + i, argv + i + 2, (size_t)(*argc - i - 1) * sizeof *argv); /* with the NULL at the end */
            *argc -= 2;
            return file;
        }
    return STR_NONE;
}

void app_settings(struct app *app, int *argc, char **argv)
{
    struct str error = STR_NONE;
    app->arena = arena_create();
    app->settings = settings_load(app->arena, config_file(argc, argv), &error);
    if (!app->settings) refuse(error);
    int kept = 0;
    for (int i = 0; i < *argc; i++) {
        bool option = str_starts(str_from(argv[i]), S("--"));
        char *key = option ? key_of(app->arena, argv[i]) : NULL;
        if (!option || !is_setting(key)) {
            argv[kept++] = argv[i];
            continue;
        }
        if (i + 1 == *argc) refuse(arena_printf(app->arena, "%s wants a value", argv[i]));
        if (!settings_set(app->settings, key, str_from(argv[++i]), &error)) refuse(error);
    }
    argv[kept] = NULL;
    *argc = kept;
}

/* mkdir -p */
static bool make_folder(struct arena *a, struct str path)
{
    char *p = arena_cstr(a, path);
    for (char *at = p + 1; *at; at++) {
        if (*at != '/') continue;
        *at = '\0';
        if (mkdir(p, 0750) != 0 && errno != EEXIST) return false;
        *at = '/';
    }
    return mkdir(p, 0750) == 0 || errno == EEXIST;
}

/* 32 random bytes, made once; another process may be making it at the same moment. */
static bool load_secret(struct app *app)
{
    struct str path = arena_printf(app->arena, "%.*s/secret", STR(app->data));
    struct str fresh = arena_printf(app->arena, "%.*s/secret.%d", STR(app->data), (int)getpid());
    unsigned char bytes[32];
    if (access(path.p, F_OK) != 0) {
        rand_bytes(bytes, sizeof bytes);
        int fd = open(fresh.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        bool written = fd >= 0 && write(fd, bytes, sizeof bytes) == sizeof bytes && fsync(fd) == 0;
        if (fd >= 0) close(fd);
        if (written && link(fresh.p, path.p) != 0 && errno != EEXIST) written = false;
        unlink(fresh.p);
        if (!written) return false;
    }
    int fd = open(path.p, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && read(fd, bytes, sizeof bytes) == sizeof bytes;
    if (fd >= 0) close(fd);
    app->secret = arena_dup(app->arena, (struct str){ (char *)bytes, sizeof bytes });
    return good;
}

static void set_log_level(struct str name)
{
    static const char *const names[] = { "debug", "info", "warn", "error" };
    for (int i = 0; i < 4; i++)
        if (str_is(name, names[i])) {
            log_set_level((enum log_level)i);
            return;
        }
    app_say("log_level is debug, info, warn or error, not \"%.*s\"; info it is", STR(name));
}

/* The engine's words for a failure: in the log, never on a page. */
static void report_database(struct str what, struct str why)
{
    log_event(LOG_ERROR, "db", LT("what", what), LT("why", why));
}

static bool open_database(struct app *app, bool migrate)
{
    const struct settings *s = app->settings;
    struct str url = settings_text(s, "db"), error = STR_NONE;
    app->db_url = url.n ? url : arena_printf(app->arena, "sqlite:%.*s/edulab.db", STR(app->data));
    struct database_options options = { .url = app->db_url,
                                        .parts = tables_get()->parts,
                                        .report = report_database,
                                        .readers = (unsigned)settings_number(s, "db_readers"),
                                        .writers = (unsigned)settings_number(s, "db_writers"),
                                        .batch = (unsigned)settings_number(s, "db_batch") };
    app->database = database_open(&options, app->arena, &error);
    if (app->database && (!migrate || database_migrate(app->database, app->arena, &error) >= 0)) return true;
    app_say("%.*s", STR(error));
    return false;
}

bool app_open(struct app *app, bool migrate)
{
    const struct settings *s = app->settings;
    set_log_level(settings_text(s, "log_level"));
    id_set_node((unsigned)settings_number(s, "node"));
    if (sodium_init() < 0) {
        app_say("libsodium could not be started");
        return false;
    }
    struct str data = settings_text(s, "data");
    if (!make_folder(app->arena, data)) {
        app_say("cannot make the folder %.*s: %m", STR(data));
        return false;
    }
    char *absolute = realpath(arena_cstr(app->arena, data), NULL);
    if (!absolute) {
        app_say("cannot use the folder %.*s: %m", STR(data));
        return false;
    }
    app->data = arena_dup(app->arena, str_from(absolute));
    free(absolute);
    struct str error;
    if (!settings_set(app->settings, "data", app->data, &error)) return false;
    if (!load_secret(app)) {
        app_say("cannot make or read %.*s/secret: %m", STR(app->data));
        return false;
    }
    work_register(tables_get()->subscriptions, tables_get()->jobs);
    return open_database(app, migrate);
}

void app_close(struct app *app)
{
    if (app->database) database_close(app->database);
    app->database = NULL;
    arena_destroy(app->arena);
    app->arena = NULL;
}
