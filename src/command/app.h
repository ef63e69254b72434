/* What every subcommand stands on: settings, data folder, database. */
#ifndef EDULAB_COMMAND_APP_H
#define EDULAB_COMMAND_APP_H

#include "base/settings.h"
#include "module.h"

struct app {
    struct arena *arena;
    struct settings *settings;
    struct database *database;
    struct str data;   /* the data folder, absolute */
    struct str db_url; /* the address in use */
    struct str secret; /* 32 bytes, kept in <data>/secret */
    bool audits;       /* faults of the settings are collected here instead of ending the program */
    struct str faults[16];
    size_t fault_count;
    bool started; /* app_start() ran */
};

/* The tables that the layers want, gathered once from all modules; NULL-terminated. */
struct tables {
    const struct db_part *const *parts;
    const struct route *const *routes;
    const struct notice *const *notices;
    const struct menu_entry *const *menu; /* single entries, by place and order */
    const struct job_kind *const *jobs;
    const struct subscription *const *subscriptions;
    const struct schedule *const *schedules;
};
const struct tables *tables_get(void);

/* Reads settings: the file, the environment, then `--key value` pairs from argv, which are taken out of it. Exits with
 * a sentence when something is wrong, unless app->audits. */
void app_settings(struct app *app, int *argc, char **argv);
/* Makes the data folder and the secret, opens the database; migrates it when asked. False: the reason was printed. */
bool app_open(struct app *app, bool migrate);
/* The same for what is there already: nothing is made and nothing migrated. */
bool app_open_existing(struct app *app);
/* The first half of both: the data folder as an absolute path in app->data, app->db_url. False: the reason was printed. */
bool app_folder(struct app *app, bool make);
/* The second half: the database at `url`. False: the reason was printed. */
bool app_database(struct app *app, struct str url, bool migrate);
/* "<data>/.restoring": a restore is under way, or was cut short. */
struct str app_restoring_folder(struct app *app);
/* The SQLite file of an address; STR_NONE for PostgreSQL. */
struct str app_sqlite_file(struct str db_url);
/* Lets layers and modules read their settings and find their places, once; before serving, working or loading. */
void app_start(struct app *app);
/* Ends everything app_settings and app_open began. */
void app_close(struct app *app);
/* One line on standard error, "edulab: …". */
void app_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What backup and restore ask the database. */
extern const struct db_part backup_db;
/* How many tables there are, -1 when the database cannot be read. */
int64_t backup_count_tables(struct app *app);

/* The subcommands; each returns the exit status. argv holds what follows the name. */
int command_serve(struct app *app, int argc, char **argv);
int command_work(struct app *app, int argc, char **argv);
int command_demo(struct app *app, int argc, char **argv);
int command_migrate(struct app *app, int argc, char **argv);
int command_routes(struct app *app, int argc, char **argv);
int command_backup(struct app *app, int argc, char **argv);
int command_restore(struct app *app, int argc, char **argv);
int command_check(struct app *app, int argc, char **argv);

/* Serves until SIGTERM or SIGINT; `ready` is called once with the address. */
int serve(struct app *app, void (*ready)(const char *url));

#endif
