/* edulab: the subcommands, a table. */
#include "command/app.h"
#include <malloc.h>

static int command_help(struct app *app, int argc, char **argv);

static const struct {
    const char *name, *usage, *help;
    int (*run)(struct app *app, int argc, char **argv);
    bool audits; /* runs with wrong settings too */
} commands[] = {
    { "serve", "[--data DIR] [--listen HOST:PORT]", "Serves the site and does the work behind it.",
      command_serve, false },
    { "work", "[--data DIR] [--media]",
      "Does the work only: jobs, mail, videos; with --media only the videos.", command_work,
      false },
    { "demo", "[--data DIR] [--listen HOST:PORT] [--size year] | --accounts",
      "Loads sample data into an empty folder, then serves.", command_demo, false },
    { "migrate", "[--data DIR]", "Brings the database to this version.", command_migrate, false },
    { "routes", "[--json]", "Lists every address with who may use it.", command_routes, false },
    { "backup", "[--data DIR] FILE.tar",
      "Copies everything into one new file, while the site is open.", command_backup, false },
    { "restore", "--data DIR FILE.tar", "Puts a backup into an empty folder.", command_restore,
      false },
    { "check", "[--data DIR] [--json]",
      "Looks over settings, files, database and programs. Ends with 1 when something is wrong.",
      command_check, true },
    { "help", "[COMMAND | settings]", "Says what there is.", command_help, true },
};

static void print_line(const char *name, const char *usage, const char *help)
{
    printf("  edulab %s %s\n      %s\n", name, usage, help);
}

static int print_all(void)
{
    puts("edulab " EDULAB_VERSION ": the ecosystem of a training centre for teachers\n");
    for (size_t i = 0; i < COUNT(commands); i++)
        print_line(commands[i].name, commands[i].usage, commands[i].help);
    for (size_t m = 0; modules[m]; m++)
        for (const struct command *c = modules[m]->commands; c && c->name; c++)
            print_line(c->name, c->usage, c->help);
    puts("\nEvery setting can be given as --key value; see edulab help settings. --config FILE "
         "reads another file.");
    return 0;
}

/* "badge verify" goes by "badge" too. */
static bool is_named(struct str name, struct str words)
{
    return str_starts(name, words) && (name.n == words.n || name.p[words.n] == ' ');
}

static bool print_one(struct str words)
{
    bool found = false;
    for (size_t i = 0; i < COUNT(commands); i++)
        if (str_is(words, commands[i].name)) {
            print_line(commands[i].name, commands[i].usage, commands[i].help);
            found = true;
        }
    for (size_t m = 0; modules[m]; m++)
        for (const struct command *c = modules[m]->commands; c && c->name; c++)
            if (is_named(str_from(c->name), words)) {
                print_line(c->name, c->usage, c->help);
                found = true;
            }
    return found;
}

static int command_help(struct app *app, int argc, char **argv)
{
    (void)app;
    if (argc == 0) return print_all();
    if (strcmp(argv[0], "settings") == 0) {
        settings_print_help(stdout);
        return 0;
    }
    if (print_one(str_from(argv[0]))) return 0;
    app_say("there is no command \"%s\"; see edulab help", argv[0]);
    return 2;
}

static bool wants_help(int argc, char **argv)
{
    for (int i = 0; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) return true;
    return false;
}

/* "badge verify" takes two words of argv. */
static const struct command *find_module_command(int argc, char **argv, int *ret_words)
{
    char two[128];
    snprintf(two, sizeof two, "%s %s", argv[0], argc > 1 ? argv[1] : "");
    for (size_t m = 0; modules[m]; m++)
        for (const struct command *c = modules[m]->commands; c && c->name; c++) {
            *ret_words = strchr(c->name, ' ') ? 2 : 1;
            if (strcmp(c->name, *ret_words == 2 ? two : argv[0]) == 0) return c;
        }
    return NULL;
}

/* An option must stand in the usage; settings are taken out of argv already. */
static bool options_known(const char *name, const char *usage, char **argv)
{
    for (; *argv; argv++)
        if (str_starts(str_from(*argv), S("--")) && !strstr(usage, *argv)) {
            app_say("%s has no option %s; see edulab help %s", name, *argv, name);
            return false;
        }
    return true;
}

static int run_module_command(const struct command *c, struct app *app, int argc, char **argv)
{
    if (!app_open(app, true)) return 1;
    struct command_context context = {
        .settings = app->settings, .database = app->database, .arena = app->arena, .data = app->data
    };
    return c->run(&context, argc, argv);
}

/* glibc gives memory back to the kernel as soon as 128 KiB are free, and a thread's heap grows page by page: a request that
 * reads 20,000 rows from PostgreSQL spent two thirds of its time on that. Each thread keeps up to this much instead. */
static void keep_memory(void)
{
    mallopt(M_TRIM_THRESHOLD, 4 * MIB);
    mallopt(M_MMAP_THRESHOLD, 4 * MIB);
}

int main(int argc, char **argv)
{
    keep_memory();
    argc--;
    argv++;
    if (argc == 0 || strcmp(argv[0], "--help") == 0) return print_all();
    if (strcmp(argv[0], "--version") == 0) {
        puts("edulab " EDULAB_VERSION);
        return 0;
    }
    int words, status;
    const struct command *c = find_module_command(argc, argv, &words);
    size_t at = 0;
    while (!c && at < COUNT(commands) && strcmp(argv[0], commands[at].name) != 0)
        at++;
    if (wants_help(argc, argv) && print_one(str_from(argv[0]))) return 0;
    if (!c && at == COUNT(commands)) {
        app_say("there is no command \"%s\"; see edulab help", argv[0]);
        return 2;
    }
    struct app app = { .audits = !c && commands[at].audits };
    argc -= c ? words : 1;
    argv += c ? words : 1;
    app_settings(&app, &argc, argv);
    if (!options_known(c ? c->name : commands[at].name, c ? c->usage : commands[at].usage, argv))
        status = 2;
    else if (c) status = run_module_command(c, &app, argc, argv);
    else status = commands[at].run(&app, argc, argv);
    app_close(&app);
    return status;
}
