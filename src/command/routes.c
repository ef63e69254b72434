/* edulab routes: the table of routes, for people and for scripts. edulab migrate. */
#include "command/app.h"

static const char *access_text(const struct access *access)
{
    switch (access->kind) {
    case ACCESS_PUBLIC: return "public";
    case ACCESS_MEMBER: return "member";
    case ACCESS_PERMISSION: return access->permission;
    case ACCESS_OBJECT: return "object";
    case ACCESS_SCRAPE: return "scrape";
    case ACCESS_UNSAID: break;
    }
    return "refused";
}

int command_routes(struct app *app, int argc, char **argv)
{
    (void)app;
    bool json = argc == 1 && strcmp(argv[0], "--json") == 0;
    if (argc && !json) {
        app_say("routes takes --json");
        return 2;
    }
    json_t *list = json_array();
    const struct route *const *tables = tables_get()->routes;
    for (size_t t = 0; tables[t]; t++)
        for (const struct route *row = tables[t]; row->method; row++) {
            if (json)
                json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:b}", "method",
                                                      row->method, "path", row->path, "access",
                                                      access_text(&row->access), "help", row->help,
                                                      "api", (row->flags & ROUTE_API) != 0));
            else
                printf("%-7s %-44s %-18s %s\n", row->method, row->path, access_text(&row->access),
                       row->help);
        }
    if (json) {
        char *text = json_dumps(list, JSON_INDENT(1));
        puts(text);
        free(text);
    }
    json_decref(list);
    return 0;
}

int command_migrate(struct app *app, int argc, char **argv)
{
    (void)argv;
    struct str error = STR_NONE;
    if (argc) {
        app_say("migrate takes settings only");
        return 2;
    }
    if (!app_open(app, false)) return 1;
    int n = database_migrate(app->database, app->arena, &error);
    if (n < 0) {
        app_say("%.*s", STR(error));
        return 1;
    }
    app_say(n ? "%d migrations applied" : "nothing to do", n);
    return 0;
}
