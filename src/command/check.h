/* What the files of `edulab check` share. */
#ifndef EDULAB_COMMAND_CHECK_H
#define EDULAB_COMMAND_CHECK_H

#include "command/app.h"

enum finding_level { FINDING_OK, FINDING_WARNING, FINDING_PROBLEM };

struct finding {
    enum finding_level level;
    const char *what;
    struct str says, todo; /* todo: what to do about it; empty when all is well */
};

struct audit {
    struct app *app;
    struct arena *arena;
    struct finding *list;
    size_t count, room;
    bool open;     /* the site is meant for other machines: public_url names one */
    bool database; /* app->database is open */
};

void audit_ok(struct audit *a, const char *what, struct str says);
void audit_warn(struct audit *a, const char *what, struct str says, struct str todo);
void audit_problem(struct audit *a, const char *what, struct str says, struct str todo);
#define SAYS(...) arena_printf(a->arena, __VA_ARGS__)

/* check_system.c: the machine under it. */
void audit_folder(struct audit *a);
void audit_disk(struct audit *a);
void audit_programs(struct audit *a);
void audit_clock(struct audit *a);
void audit_smtp(struct audit *a);

#endif
