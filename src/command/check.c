/* edulab check: the program looks over its own configuration and says what to do. It changes nothing. */
#include "command/check.h"

#include <arpa/inet.h>
#include <unistd.h>

#include "mod/people/people.h"
#include "work/internal.h"

/* --- the list of findings ---------------------------------------------------------------------------------- */

static void add(struct audit *a, struct finding f)
{
    if (a->count == a->room) {
        size_t room = a->room ? a->room * 2 : 64;
        struct finding *list = arena_array(a->arena, struct finding, room);
        if (a->count) memcpy(list, a->list, a->count * sizeof *list);
        a->list = list;
        a->room = room;
    }
    a->list[a->count++] = f;
}

void audit_ok(struct audit *a, const char *what, struct str says)
{
    add(a, (struct finding){ FINDING_OK, what, says, S("") });
}

void audit_warn(struct audit *a, const char *what, struct str says, struct str todo)
{
    add(a, (struct finding){ FINDING_WARNING, what, says, todo });
}

void audit_problem(struct audit *a, const char *what, struct str says, struct str todo)
{
    add(a, (struct finding){ FINDING_PROBLEM, what, says, todo });
}

static size_t count(const struct audit *a, enum finding_level level)
{
    size_t n = 0;
    for (size_t i = 0; i < a->count; i++)
        n += a->list[i].level == level;
    return n;
}

static void print_json(const struct audit *a)
{
    static const char *const levels[] = { "ok", "warning", "problem" };
    json_t *list = json_array();
    for (size_t i = 0; i < a->count; i++) {
        const struct finding *f = &a->list[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:s%, s:s%}", "level", levels[f->level],
                                              "what", f->what, "says", f->says.p, f->says.n, "todo",
                                              f->todo.p, f->todo.n));
    }
    json_t *root = json_pack("{s:i, s:i, s:o}", "problems", (int)count(a, FINDING_PROBLEM),
                             "warnings", (int)count(a, FINDING_WARNING), "findings", list);
    char *text = json_dumps(root, JSON_INDENT(1));
    puts(text ? text : "{}");
    free(text);
    json_decref(root);
}

static void print_lines(const struct audit *a)
{
    static const char *const levels[] = { "ok", "warning", "PROBLEM" };
    for (size_t i = 0; i < a->count; i++) {
        const struct finding *f = &a->list[i];
        printf("%-8s %-16s %.*s\n", levels[f->level], f->what, STR(f->says));
        if (f->todo.n) printf("         %-16s → %.*s\n", "", STR(f->todo));
    }
    printf("\n%zu problems, %zu warnings\n", count(a, FINDING_PROBLEM), count(a, FINDING_WARNING));
}

/* --- settings ------------------------------------------------------------------------------------------------- */

/* postgres://user:password@host: the password goes. */
static struct str without_password(struct audit *a, struct str text)
{
    size_t begin = str_search(text, S("://"));
    if (begin >= text.n) return text;
    struct str authority = str_sub(text, begin + 3, text.n);
    authority = str_sub(authority, 0, str_find(authority, '/'));
    size_t at = str_find(authority, '@'), colon = str_find(authority, ':');
    if (at == authority.n || colon > at) return text;
    return SAYS("%.*s:…%.*s", STR(str_sub(text, 0, begin + 3 + colon)),
                STR(str_sub(text, begin + 3 + at, text.n)));
}

static void show_setting(void *context, const char *key, struct str shown, const char *source)
{
    struct audit *a = context;
    if (strcmp(source, "default") == 0) return;
    audit_ok(a, "setting", SAYS("%s = %.*s (%s)", key, STR(without_password(a, shown)), source));
}

static void audit_settings(struct audit *a)
{
    struct app *app = a->app;
    for (size_t i = 0; i < app->fault_count; i++)
        audit_problem(a, "settings", app->faults[i],
                      S("put it right: the program does not start with it"));
    settings_each(app->settings, show_setting, a);
    if (!app->fault_count)
        audit_ok(a, "settings",
                 S("all can be read; those not shown are as edulab help settings says"));
}

static bool is_near(struct str host)
{
    return str_is(host, "localhost") || str_starts(host, S("127.")) || str_is(host, "[::1]");
}

/* The host of "https://host:port/path". */
static struct str host_of(struct str url)
{
    struct str rest = str_sub(url, str_search(url, S("://")) + 3, url.n);
    rest = str_sub(rest, 0, str_find(rest, '/'));
    if (rest.n && rest.p[0] == '[') return str_sub(rest, 0, str_find(rest, ']') + 1);
    return str_sub(rest, 0, str_find(rest, ':'));
}

static void audit_public_url(struct audit *a)
{
    struct str url = settings_text(a->app->settings, "public_url");
    bool https = str_starts(url, S("https://")), http = str_starts(url, S("http://"));
    a->open = url.n && !is_near(host_of(url));
    if (url.n == 0)
        audit_warn(a, "public_url",
                   S("is not set: links in mail and badges lead to the listen address"),
                   S("set public_url = https://… to how people reach the site"));
    else if ((!https && !http) || host_of(url).n == 0 || url.p[url.n - 1] == '/')
        audit_problem(a, "public_url",
                      SAYS("%.*s is not an address such as https://edulab.example", STR(url)),
                      S("begin with https://, end without a slash"));
    else if (http && a->open)
        audit_problem(a, "public_url",
                      SAYS("%.*s is not encrypted: passwords can be read on the way", STR(url)),
                      S("put nginx with a certificate in front (packaging/nginx) and set "
                        "public_url = https://…"));
    else audit_ok(a, "public_url", url);
}

static bool is_address(struct str text)
{
    char name[INET6_ADDRSTRLEN];
    struct in6_addr unused;
    if (text.n >= sizeof name) return false;
    snprintf(name, sizeof name, "%.*s", STR(text));
    return inet_pton(AF_INET, name, &unused) == 1 || inet_pton(AF_INET6, name, &unused) == 1;
}

static void audit_proxy(struct audit *a)
{
    const struct settings *s = a->app->settings;
    struct str proxy = settings_text(s, "trusted_proxy"), accel = settings_text(s, "accel"),
               listen = settings_text(s, "listen"), local = settings_text(s, "socket");
    struct str host = str_sub(listen, 0, str_find(listen, ':'));
    if (proxy.n && !is_address(proxy))
        audit_problem(a, "trusted_proxy", SAYS("%.*s is not an address", STR(proxy)),
                      S("give the proxy's IP address, such as 127.0.0.1"));
    else if (!proxy.n && !local.n && str_starts(settings_text(s, "public_url"), S("https://")))
        audit_warn(
            a, "trusted_proxy",
            S("is not set: everybody seems to come from the proxy and shares one rate limit"),
            S("set trusted_proxy to the proxy's address, such as 127.0.0.1"));
    else
        audit_ok(a, "trusted_proxy",
                 proxy.n   ? proxy
                 : local.n ? S("whoever may use the socket")
                           : S("none: people reach this program directly"));
    if (local.n && local.p[0] != '/')
        audit_problem(a, "socket", SAYS("%.*s is not a whole path", STR(local)),
                      S("give the path from the root, such as /run/edulab/edulab.sock"));
    if (accel.n && accel.p[0] != '/')
        audit_problem(a, "accel", SAYS("%.*s is not a location", STR(accel)),
                      S("name nginx' internal location, such as /_files"));
    if (a->open && !is_near(host))
        audit_warn(a, "listen",
                   SAYS("%.*s: other machines reach this program without the proxy", STR(listen)),
                   S("listen on 127.0.0.1 when the proxy is on this machine"));
}

static void audit_metrics(struct audit *a)
{
    enum { SHORTEST = 16 };
    const struct settings *s = a->app->settings;
    struct str token = settings_text(s, "metrics_token");
    if (token.n && token.n < SHORTEST)
        audit_warn(a, "metrics_token", SAYS("has %zu characters and can be guessed", token.n),
                   S("openssl rand -hex 24 >FILE"));
    else if (!token.n && a->open && !settings_text(s, "trusted_proxy").n &&
             !settings_text(s, "socket").n)
        audit_warn(a, "metrics_token",
                   S("is not set, and behind a proxy everybody comes from this machine: /metrics "
                     "may be open"),
                   S("set metrics_token to a file with a token, or trusted_proxy"));
    else
        audit_ok(a, "metrics_token",
                 token.n ? S("set") : S("none: /metrics is for this machine only"));
}

static void audit_mail(struct audit *a)
{
    const struct settings *s = a->app->settings;
    struct str from = settings_text(s, "mail_from"), url = settings_text(s, "smtp_url");
    if (!mail_address(from).p)
        audit_problem(a, "mail_from", SAYS("%.*s holds no e-mail address", STR(from)),
                      S("write it as Name <name@example.org>"));
    else if (a->open && str_ends(mail_address(from), S("@localhost")))
        audit_warn(a, "mail_from",
                   SAYS("%.*s: answers go nowhere, and many servers refuse it", STR(from)),
                   S("set mail_from to an address of your domain"));
    if (url.n) audit_smtp(a);
    else if (a->open)
        audit_warn(
            a, "mail",
            S("goes to files in the data folder: nobody gets the message that proves an address"),
            S("set smtp_url = smtp://server:587"));
    else audit_ok(a, "mail", S("goes to files in the folder mail of the data folder"));
}

/* --- the database -------------------------------------------------------------------------------------------------- */

static void audit_demo_accounts(struct audit *a)
{
    json_t *accounts = people_demo_accounts(), *one;
    size_t i, found = 0;
    struct db *db = db_read_begin(a->app->database, a->arena);
    if (db) {
        struct account account;
        json_array_foreach(accounts, i, one) found += people_find_by_email(
            db, str_from(json_string_value(json_object_get(one, "email"))), &account);
        db_read_end(db);
    }
    json_decref(accounts);
    if (!found) audit_ok(a, "sample accounts", S("none"));
    else if (a->open)
        audit_problem(
            a, "sample accounts",
            SAYS("%zu can sign in with a password that everybody can read", found),
            S("begin a public site with an empty data folder: edulab serve, edulab user add"));
    else audit_ok(a, "sample accounts", SAYS("%zu, on a site for this machine only", found));
}

static void audit_schema(struct audit *a)
{
    struct str why = STR_NONE;
    int pending = database_pending(a->app->database, a->arena, &why);
    if (pending < 0) {
        audit_problem(a, "schema", why,
                      S("run the edulab that this database was made with, or restore a backup"));
        return;
    }
    if (pending > 0) {
        audit_warn(a, "schema",
                   SAYS("%d migrations are pending, so the statements were not tried", pending),
                   S("edulab migrate, or start the new program: it brings the database up itself"));
        return;
    }
    audit_ok(a, "schema", S("up to date"));
    why = database_check_statements(a->app->database, a->arena);
    if (why.p)
        audit_problem(a, "statements", why,
                      S("the database was changed by hand, or is of another program"));
    else audit_ok(a, "statements", S("every one can be prepared"));
    audit_demo_accounts(a);
}

static void audit_database(struct audit *a)
{
    struct str error = STR_NONE, file = app_sqlite_file(a->app->db_url),
               shown = without_password(a, a->app->db_url);
    if (file.p && access(arena_cstr(a->arena, file), F_OK) != 0) {
        audit_warn(a, "database", SAYS("%.*s does not exist yet", STR(file)),
                   S("edulab serve makes it"));
        return;
    }
    struct database_options options = { .url = a->app->db_url, .parts = tables_get()->parts };
    a->app->database = database_open(&options, a->arena, &error);
    if (!a->app->database) {
        audit_problem(
            a, "database", error,
            S("see that it runs, that the address is right and that this user may use it"));
        return;
    }
    audit_ok(a, "database", shown);
    audit_schema(a);
}

/* --- the command --------------------------------------------------------------------------------------------------- */

int command_check(struct app *app, int argc, char **argv)
{
    struct audit a = { .app = app, .arena = app->arena };
    bool json = argc == 1 && strcmp(argv[0], "--json") == 0;
    if (argc && !json) {
        app_say("check takes --json, or settings such as --data DIR");
        return 2;
    }
    audit_settings(&a);
    audit_public_url(&a);
    audit_proxy(&a);
    audit_metrics(&a);
    audit_mail(&a);
    audit_folder(&a);
    audit_disk(&a);
    if (app->data.p) audit_database(&a);
    audit_programs(&a);
    audit_clock(&a);
    if (json) print_json(&a);
    else print_lines(&a);
    return count(&a, FINDING_PROBLEM) ? 1 : 0;
}
