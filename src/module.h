/* A module is its record: read the record and you know what the module brings. modules.c lists them all. */
#ifndef EDULAB_MODULE_H
#define EDULAB_MODULE_H

#include "access/access.h"
#include "http/http.h"
#include "work/privacy_source.h"
#include "work/work.h"

struct settings;

/* What a module's sample content is loaded with. */
struct demo {
    struct database *database;
    struct arena *arena;
    struct str data; /* the data folder */
    int64_t now;
    void (*say)(const char *text, ...)
        __attribute__((format(printf, 1, 2))); /* progress, for the console */
};

/* What a subcommand runs with: the database is open and migrated. */
struct command_context {
    struct settings *settings;
    struct database *database;
    struct arena *arena;
    struct str data; /* the data folder */
};

/* The year: people, programmes, modules (from + 1,000,000), activities (from + 2,000,000), cohorts and enrolments have ids in a
 * row from here, long before any id of the program. */
#define DEMO_YEAR_ID ((int64_t)1000000000000000)
enum {
    DEMO_YEAR_PEOPLE = 16000,
    DEMO_YEAR_PROGRAMMES = 40,
    DEMO_YEAR_MODULES = 10,  /* of a programme */
    DEMO_YEAR_STEPS = 5,     /* activities of a module */
    DEMO_YEAR_COHORTS = 10,  /* of a programme */
    DEMO_YEAR_MEETINGS = 10, /* of a cohort */
};

/* A subcommand a module adds: `edulab badge verify FILE`. argv holds only what follows the name. */
struct command {
    const char *name; /* "badge verify"; NULL ends the table */
    const char *usage, *help;
    int (*run)(struct command_context *context, int argc, char **argv); /* the exit status */
};

struct module {
    const char *name;
    const struct route *routes; /* each ends with a row whose method is NULL */
    const struct notice *notices;
    const struct menu_entry *menu; /* ends with a row whose path is NULL */
    const struct job_kind *jobs;
    const struct subscription *subscriptions;
    const struct schedule *schedules;
    const struct command *commands;
    const struct db_part *db;
    const struct privacy_source
        *privacy;                    /* what it holds about people; ends with a row without name */
    bool (*demo)(struct demo *demo); /* false: said why */
    bool (*year)(struct demo *demo); /* the same for `edulab demo --size year`, after all demos */
    void (*start)(struct settings *settings); /* once, before serving: read settings, fill caches */
    /* Around serving, for what a module keeps in memory: `end` writes it, after the last request. */
    void (*begin)(struct database *database);
    void (*end)(void);
};

/* All modules in the order of their migrations, NULL-terminated. */
extern const struct module *const modules[];

#endif
