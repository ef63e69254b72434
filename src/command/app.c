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
#include "media/media.h"

void app_say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("edulab: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

static void fault(void *context, struct str why)
{
    struct app *app = context;
    if (!app->audits) {
        app_say("%.*s", STR(why));
        exit(2);
    }
    if (app->fault_count < COUNT(app->faults)) app->faults[app->fault_count++] = why;
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
            memmove(argv + i, argv + i + 2,
                    (size_t)(*argc - i - 1) * sizeof *argv); /* with the NULL at the end */
            *argc -= 2;
            return file;
        }
    return STR_NONE;
}

/* Takes one `--key value` from the command line. */
static void take_setting(struct app *app, const char *option, const char *key, const char *value)
{
    struct str error;
    if (!value) fault(app, arena_printf(app->arena, "%s wants a value", option));
    else if (!settings_set(app->settings, key, str_from(value), &error)) fault(app, error);
}

void app_settings(struct app *app, int *argc, char **argv)
{
    struct str error = STR_NONE, file = config_file(argc, argv);
    app->arena = arena_create();
    app->settings = app->audits ? settings_audit(app->arena, file, fault, app)
                                : settings_load(app->arena, file, &error);
    if (!app->settings) fault(app, error);
    int kept = 0;
    for (int i = 0; i < *argc; i++) {
        bool option = str_starts(str_from(argv[i]), S("--"));
        char *key = option ? key_of(app->arena, argv[i]) : NULL;
        if (!option || !is_setting(key)) {
            argv[kept++] = argv[i];
            continue;
        }
        take_setting(app, argv[i], key, i + 1 < *argc ? argv[i + 1] : NULL);
        i++;
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

bool app_database(struct app *app, struct str url, bool migrate)
{
    const struct settings *s = app->settings;
    struct str error = STR_NONE;
    struct database_options options = { .url = url,
                                        .parts = tables_get()->parts,
                                        .report = report_database,
                                        .readers = (unsigned)settings_number(s, "db_readers"),
                                        .writers = (unsigned)settings_number(s, "db_writers"),
                                        .batch = (unsigned)settings_number(s, "db_batch") };
    app->database = database_open(&options, app->arena, &error);
    if (app->database && (!migrate || database_migrate(app->database, app->arena, &error) >= 0))
        return true;
    app_say("%.*s", STR(error));
    return false;
}

bool app_folder(struct app *app, bool make)
{
    struct str data = settings_text(app->settings, "data"),
               url = settings_text(app->settings, "db"), error;
    if (make && !make_folder(app->arena, data)) {
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
    app->db_url = url.n ? url : arena_printf(app->arena, "sqlite:%.*s/edulab.db", STR(app->data));
    return settings_set(app->settings, "data", app->data, &error);
}

struct str app_restoring_folder(struct app *app)
{
    return arena_printf(app->arena, "%.*s/.restoring", STR(app->data));
}

struct str app_sqlite_file(struct str db_url)
{
    return str_starts(db_url, S("sqlite:")) ? str_sub(db_url, 7, db_url.n) : STR_NONE;
}

/* What does not depend on the data. */
static bool prepare(struct app *app)
{
    set_log_level(settings_text(app->settings, "log_level"));
    id_set_node((unsigned)settings_number(app->settings, "node"));
    work_register(tables_get()->subscriptions, tables_get()->jobs);
    if (sodium_init() >= 0) return true;
    app_say("libsodium could not be started");
    return false;
}

static bool is_half_restored(struct app *app)
{
    struct str restoring = app_restoring_folder(app);
    if (access(restoring.p, F_OK) != 0) return false;
    app_say("a restore into %.*s is under way or was cut short: when none is running, empty the "
            "folder and restore again",
            STR(app->data));
    return true;
}

bool app_open(struct app *app, bool migrate)
{
    if (!prepare(app) || !app_folder(app, true) || is_half_restored(app)) return false;
    if (!load_secret(app)) {
        app_say("cannot make or read %.*s/secret: %m", STR(app->data));
        return false;
    }
    return app_database(app, app->db_url, migrate);
}

bool app_open_existing(struct app *app)
{
    if (!prepare(app) || !app_folder(app, false) || is_half_restored(app)) return false;
    struct str file = app_sqlite_file(app->db_url);
    if (file.p && access(arena_cstr(app->arena, file), F_OK) != 0) {
        app_say("there is no database %.*s", STR(file));
        return false;
    }
    return app_database(app, app->db_url, false);
}

void app_start(struct app *app)
{
    if (app->started) return;
    app->started = true;
    media_start(app->settings);
    for (size_t i = 0; modules[i]; i++)
        if (modules[i]->start) modules[i]->start(app->settings);
}

void app_close(struct app *app)
{
    if (app->database) database_close(app->database);
    app->database = NULL;
    arena_destroy(app->arena);
    app->arena = NULL;
}
