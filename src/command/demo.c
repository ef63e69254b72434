/* edulab demo: sample data into an empty folder, then serving. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <unistd.h>

#include "base/time.h"
#include "command/app.h"
#include "mod/people/people.h"

static void say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("  ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind;
    return at->level == 0 ? 0 : remove(path);
}

/* A load that was cut short is begun again from nothing: the mark is written first and removed last. */
static bool begin_load(struct app *app, struct str mark)
{
    int fd = open(mark.p, O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0) {
        app_say("cannot write in %.*s: %m", STR(app->data));
        return false;
    }
    close(fd);
    return true;
}

static bool load_year(struct demo *demo)
{
    for (size_t i = 0; modules[i]; i++) {
        if (!modules[i]->year) continue;
        say("a year of %s", modules[i]->name);
        if (!modules[i]->year(demo)) {
            app_say("the year of %s could not be loaded", modules[i]->name);
            return false;
        }
    }
    return true;
}

static bool load(struct app *app, bool year)
{
    struct demo demo = { .database = app->database,
                         .arena = app->arena,
                         .data = app->data,
                         .now = time_now(),
                         .say = say };
    app_start(app);
    for (size_t i = 0; modules[i]; i++) {
        if (!modules[i]->demo) continue;
        say("%s", modules[i]->name);
        if (!modules[i]->demo(&demo)) {
            app_say("the sample data of %s could not be loaded", modules[i]->name);
            return false;
        }
    }
    if (year && !load_year(&demo)) return false;
    const struct tables *t = tables_get();
    const struct work_options options = { .database = app->database,
                                          .data = app->data,
                                          .kinds = t->jobs,
                                          .mail_from = settings_text(app->settings, "mail_from"),
                                          .subscriptions = t->subscriptions,
                                          .schedules = t->schedules };
    say("jobs: videos, badges, mail");
    return work_drain(&options) >= 0;
}

static int64_t count_people(struct app *app)
{
    struct db *db = db_read_begin(app->database, app->arena);
    if (!db) return -1;
    int64_t n = people_count(db);
    if (db_failed(db)) n = -1;
    db_read_end(db);
    return n;
}

static bool load_if_empty(struct app *app, bool year)
{
    struct str mark = arena_printf(app->arena, "%.*s/demo.loading", STR(app->data));
    int64_t people = count_people(app);
    if (people < 0) {
        app_say("the database cannot be read");
        return false;
    }
    if (people > 0) return true;
    app_say("loading the sample data into %.*s", STR(app->data));
    return begin_load(app, mark) && load(app, year) && unlink(mark.p) == 0;
}

/* Before the database is opened: what a killed load left on local files goes. */
static bool clear_interrupted(struct app *app)
{
    struct str data = settings_text(app->settings, "data");
    struct str mark = arena_printf(app->arena, "%.*s/demo.loading", STR(data));
    if (access(mark.p, F_OK) != 0) return true;
    if (settings_text(app->settings, "db").n) {
        app_say(
            "loading the sample data was cut short: empty the database, remove %.*s and try again",
            STR(mark));
        return false;
    }
    app_say("the last loading of the sample data was cut short: beginning again");
    return nftw(arena_cstr(app->arena, data), remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0;
}

static void print_accounts(void)
{
    json_t *accounts = people_demo_accounts();
    char *text = json_dumps(accounts, JSON_INDENT(2));
    puts(text);
    free(text);
    json_decref(accounts);
}

static void ready(const char *url)
{
    json_t *accounts = people_demo_accounts(), *one;
    size_t i;
    printf("\n  eduLAB  %s\n\n", url);
    json_array_foreach(accounts, i, one)
        printf("  %-8s  %-26s  %s\n", json_string_value(json_object_get(one, "role")),
               json_string_value(json_object_get(one, "email")),
               json_string_value(json_object_get(one, "password")));
    puts("\n  Ctrl-C ends.\n");
    fflush(stdout);
    json_decref(accounts);
}

int command_demo(struct app *app, int argc, char **argv)
{
    if (argc == 1 && strcmp(argv[0], "--accounts") == 0) {
        print_accounts();
        return 0;
    }
    bool year = argc == 2 && strcmp(argv[0], "--size") == 0 && strcmp(argv[1], "year") == 0;
    if (argc && !year) {
        app_say("demo takes --accounts, --size year, or settings such as --data DIR and --listen "
                "HOST:PORT");
        return 2;
    }
    if (!clear_interrupted(app) || !app_open(app, true) || !load_if_empty(app, year)) return 1;
    return serve(app, ready);
}
