/* edulab serve and edulab work: threads started, signals waited for, everything ended in order. */
#include <pthread.h>
#include <signal.h>

#include "base/log.h"
#include "command/app.h"
#include "mod/site/site.h"

enum { GRACE_MS = 10000 };

/* Blocked in every thread, so that this one can wait for them. A closed connection must not end the process. */
static void block_signals(sigset_t *ret)
{
    sigemptyset(ret);
    sigaddset(ret, SIGTERM);
    sigaddset(ret, SIGINT);
    pthread_sigmask(SIG_BLOCK, ret, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* media_only: for machines that help with the videos of another; mail and the clock are left to that one. */
static struct work *start_work(struct app *app, bool media_only)
{
    const struct settings *s = app->settings;
    const struct tables *t = tables_get();
    static const struct schedule *const no_schedules[] = { NULL };
    struct work_options options = {
        .database = app->database,
        .data = app->data,
        .smtp_url = settings_text(s, "smtp_url"),
        .smtp_user = settings_text(s, "smtp_user"),
        .smtp_password = settings_text(s, "smtp_password"),
        .mail_from = settings_text(s, "mail_from"),
        .kinds = t->jobs,
        .subscriptions = t->subscriptions,
        .schedules = t->schedules,
        .quick_runners = (unsigned)settings_number(s, "quick_runners"),
        .media_runners = (unsigned)settings_number(s, "media_runners"),
    };
    if (media_only) {
        options.quick_runners = 0;
        options.schedules = no_schedules;
        if (options.media_runners == 0) options.media_runners = 1;
    }
    return work_start(&options);
}

/* "127.0.0.1:8080", "[::1]:8080", ":8080" */
static bool split_listen(struct str listen, struct arena *a, struct str *ret_host,
                         unsigned *ret_port)
{
    size_t colon = listen.n;
    while (colon > 0 && listen.p[colon - 1] != ':')
        colon--;
    int64_t port;
    if (colon == 0 || !str_to_int(str_sub(listen, colon, listen.n), &port) || port < 0 ||
        port > 65535)
        return false;
    struct str host = str_sub(listen, 0, colon - 1);
    if (host.n > 1 && host.p[0] == '[') host = str_sub(host, 1, host.n - 2);
    *ret_host = host.n ? arena_dup(a, host) : S("0.0.0.0");
    *ret_port = (unsigned)port;
    return true;
}

static struct http_server *start_http(struct app *app, struct str *ret_url)
{
    const struct settings *s = app->settings;
    const struct tables *t = tables_get();
    struct str error = STR_NONE, public_url = settings_text(s, "public_url");
    struct http_options options = {
        .socket = settings_text(s, "socket"),
        .threads = (unsigned)settings_number(s, "threads"),
        .workers = (unsigned)settings_number(s, "workers"),
        .data = app->data,
        .accel_prefix = settings_text(s, "accel"),
        .trusted_proxy = settings_text(s, "trusted_proxy"),
        .public_url = public_url,
        .metrics_token = settings_text(s, "metrics_token"),
        .routes = t->routes,
        .notices = t->notices,
        .menu = t->menu,
        .gate = access_gate(app->secret, str_starts(public_url, S("https:"))),
        .sign_in_path = "/connexion",
        .committed = work_wake,
        .error_page = site_error_page,
    };
    if (!split_listen(settings_text(s, "listen"), app->arena, &options.host, &options.port)) {
        app_say("listen is HOST:PORT, not \"%.*s\"", STR(settings_text(s, "listen")));
        return NULL;
    }
    struct http_server *server = http_start(app->database, &options, app->arena, &error);
    if (server) *ret_url = http_url(server);
    else app_say("%.*s", STR(error));
    return server;
}

int serve(struct app *app, void (*ready)(const char *url))
{
    sigset_t ending;
    int caught;
    struct str url;
    block_signals(&ending);
    app_start(app);
    struct http_server *server = start_http(app, &url);
    if (!server) return 1;
    for (size_t i = 0; modules[i]; i++)
        if (modules[i]->begin) modules[i]->begin(app->database);
    struct work *work = start_work(app, false);
    ready(url.p);
    sigwait(&ending, &caught);
    log_event(LOG_INFO, "stopping", LN("signal", caught));
    http_stop(server, GRACE_MS);
    for (size_t i = 0; modules[i]; i++)
        if (modules[i]->end) modules[i]->end();
    work_stop(work);
    log_event(LOG_INFO, "stopped", LN("signal", caught));
    return 0;
}

static void say_ready(const char *url)
{
    app_say("serving %s", url);
}

int command_serve(struct app *app, int argc, char **argv)
{
    (void)argv;
    if (argc) {
        app_say("serve takes settings only (see edulab help settings)");
        return 2;
    }
    return app_open(app, true) ? serve(app, say_ready) : 1;
}

int command_work(struct app *app, int argc, char **argv)
{
    sigset_t ending;
    int caught;
    bool media_only = argc == 1 && strcmp(argv[0], "--media") == 0;
    if (argc && !media_only) {
        app_say("work takes settings and --media (see edulab help work)");
        return 2;
    }
    if (!app_open(app, true)) return 1;
    block_signals(&ending);
    app_start(app);
    struct work *work = start_work(app, media_only);
    app_say(media_only ? "preparing videos; Ctrl-C ends" : "working; Ctrl-C ends");
    sigwait(&ending, &caught);
    work_stop(work);
    return 0;
}
