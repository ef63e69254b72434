/* The server: connections from libmicrohttpd, one exchange each request. Reading requests are answered on the server's
 * own thread; changing ones are suspended, go through worker and database, and are answered after the commit. */
#include <arpa/inet.h>
#include <netdb.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/id.h"
#include "base/log.h"
#include "base/time.h"
#include "http/figures.h"
#include "http/private.h"

enum { MEMORY_PER_CONNECTION = 40 * KIB, IDLE_SECONDS = 30 };

/* An address that is a secret itself is named by its row, also when the method or a slash too many kept it from being found. */
static struct str path_for_log(const struct request *r)
{
    const struct route *row =
        r->route ? r->route : router_secret(r->exchange->server->router, r->path);
    return row && row->flags & ROUTE_SECRET ? str_from(row->path) : r->path;
}

/* --- the exchange's beginning ----------------------------------------------------------------------------------- */

static enum MHD_Result count_header(void *cls, enum MHD_ValueKind kind, const char *key,
                                    const char *value)
{
    (void)kind;
    *(size_t *)cls += strlen(key) + (value ? strlen(value) : 0) + 4;
    return MHD_YES;
}

/* microhttpd has already taken the query apart; with our unescape callback it stays percent-encoded, only '+' became
 * a space. */
static enum MHD_Result collect_query(void *cls, enum MHD_ValueKind kind, const char *key,
                                     const char *value)
{
    (void)kind;
    struct buf *b = cls;
    if (b->n) buf_putc(b, '&');
    for (const char *p = key; *p; p++)
        buf_putc(b, *p == ' ' ? '+' : *p);
    if (value) buf_putc(b, '=');
    for (const char *p = value ? value : ""; *p; p++)
        buf_putc(b, *p == ' ' ? '+' : *p);
    return MHD_YES;
}

static size_t unescape_nothing(void *cls, struct MHD_Connection *connection, char *s)
{
    (void)cls, (void)connection;
    return strlen(s);
}

static struct str peer_of(struct http_exchange *x)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[INET6_ADDRSTRLEN] = "";
    if (info && info->client_addr->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)info->client_addr)->sin_addr,
                  text, sizeof text);
    else if (info && info->client_addr->sa_family == AF_INET6)
        inet_ntop(AF_INET6,
                  &((const struct sockaddr_in6 *)(const void *)info->client_addr)->sin6_addr, text,
                  sizeof text);
    /* who reaches the Unix socket may, and has no address of its own */
    bool local = info && info->client_addr->sa_family == AF_UNIX;
    struct str proxy = x->server->options.trusted_proxy;
    struct str forwarded = http_header(&x->r, "X-Forwarded-For");
    if ((local || (proxy.n && str_is(proxy, text))) && forwarded.n) {
        while (str_find(forwarded, ',') < forwarded.n) /* the last one is what our proxy saw */
            str_cut(&forwarded, ',');
        return arena_dup(x->r.arena, str_trim(forwarded));
    }
    return arena_dup(x->r.arena, str_from(text));
}

static struct http_exchange *exchange_create(struct http_server *server,
                                             struct MHD_Connection *connection, const char *method)
{
    struct arena *arena = arena_create();
    struct http_exchange *x = arena_new(arena, struct http_exchange);
    x->server = server;
    x->connection = connection;
    x->declared = -1;
    x->body = BUF_INIT(0);
    clock_gettime(CLOCK_MONOTONIC, &x->begun);
    char id[ID_TEXT + 1];
    id_format(id_new(), id);
    x->r = (struct request){ .arena = arena,
                             .method = arena_dup(arena, str_from(method)),
                             .id = arena_dup(arena, str_from(id)),
                             .now = time_now(),
                             .exchange = x };
    answer_reset(x);
    x->r.peer = peer_of(x);
    lang_from_code(S("fr"), &x->r.lang);
    x->r.lang = lang_negotiate(http_header(&x->r, "Accept-Language"));
    atomic_fetch_add(&server->alive, 1);
    return x;
}

static bool path_is_clean(struct str path)
{
    if (path.n == 0 || path.p[0] != '/') return false;
    if (str_find(path, '\\') < path.n || str_find(path, '\n') < path.n ||
        str_find(path, '\r') < path.n)
        return false;
    struct str rest = str_sub(path, 1, path.n);
    while (rest.n) {
        bool more = str_find(rest, '/') < rest.n;
        struct str segment = str_cut(&rest, '/');
        if (str_is(segment, ".") || str_is(segment, "..") || (segment.n == 0 && more)) return false;
    }
    return true;
}

/* Reads the target; false: the answer is set. */
static bool read_target(struct http_exchange *x, const char *url)
{
    struct request *r = &x->r;
    struct str raw = str_from(url), decoded;
    size_t head = strlen(url);
    MHD_get_connection_values(x->connection, MHD_HEADER_KIND, count_header, &head);
    struct buf query = BUF_INIT(LIMIT_HEAD);
    MHD_get_connection_values(x->connection, MHD_GET_ARGUMENT_KIND, collect_query, &query);
    r->query = arena_dup(r->arena, buf_view(&query));
    bool query_full = query.full || query.n > LIMIT_QUERY;
    buf_finish(&query);
    r->path = S("/");
    if (head + r->query.n > LIMIT_HEAD) {
        http_fail(r, 431, STR_NONE);
        return false;
    }
    if (raw.n > LIMIT_PATH || query_full) {
        http_fail(r, 414, STR_NONE);
        return false;
    }
    if (!url_decode(r->arena, raw, false, &decoded) || !path_is_clean(decoded)) {
        http_fail(r, 400, STR_NONE);
        return false;
    }
    r->path = decoded;
    return true;
}

static bool is_safe(const struct request *r)
{
    return str_is(r->method, "GET") || str_is(r->method, "HEAD");
}

static bool find_route(struct http_exchange *x)
{
    struct request *r = &x->r;
    struct str allowed = STR_NONE;
    if (is_safe(r) && r->path.n > 1 && r->path.p[r->path.n - 1] == '/') {
        struct str to = str_sub(r->path, 0, r->path.n - 1);
        struct url u = url(to); /* percent-encodes nothing but refuses what is not a path */
        http_redirect(
            r, r->query.n ? arena_printf(r->arena, "%.*s?%.*s", STR(u.s), STR(r->query)) : u.s,
            NULL);
        x->answer.status = 301;
        return false;
    }
    r->route = router_find(x->server->router, r->method, r->path, x->path_values,
                           &x->path_value_count, r->arena, &allowed);
    if (r->route) return true;
    if (allowed.p && str_is(r->method, "OPTIONS")) {
        http_bytes(r, 204, NULL, S(""));
        http_header_set(r, "Allow", allowed);
        return false;
    }
    http_fail(r, allowed.p ? 405 : 404, STR_NONE);
    if (allowed.p) http_header_set(r, "Allow", allowed);
    return false;
}

/* --- who may ------------------------------------------------------------------------------------------------------- */

static bool origin_is_ours(const struct request *r)
{
    struct str site = http_header(r, "Sec-Fetch-Site");
    if (site.p && !str_is(site, "same-origin") && !str_is(site, "none")) return false;
    struct str origin = http_header(r, "Origin");
    if (!origin.p) return true;
    size_t scheme = str_search(origin, S("://"));
    return str_eq_nocase(str_sub(origin, scheme + 3, origin.n), http_header(r, "Host"));
}

static bool check_csrf(struct http_exchange *x, const struct fields *fields)
{
    struct request *r = &x->r;
    /* no browser sends a bearer token by itself */
    if (r->route->flags & ROUTE_NO_CSRF || r->who.token_id) return true;
    struct str token = http_header(r, "X-CSRF-Token");
    if (!token.p && fields) token = fields_find(fields, "_csrf");
    if (token.p && origin_is_ours(r) && x->server->options.gate.csrf_valid(r, token)) return true;
    http_fail(
        r, 403,
        R_(N_("This form is too old, or it did not come from here. Please open the page again and "
              "send it once more.")));
    return false;
}

static bool from_loopback(struct str peer)
{
    return str_starts(peer, S("127.")) || str_is(peer, "::1");
}

static bool may_scrape(const struct request *r)
{
    struct str token = r->exchange->server->options.metrics_token;
    struct str given = http_header(r, "Authorization");
    if (token.n == 0) return from_loopback(r->peer);
    return str_starts(given, S("Bearer ")) && str_eq_secret(str_sub(given, 7, given.n), token);
}

static void ask_to_sign_in(struct request *r)
{
    bool page = is_safe(r) && !(r->route->flags & ROUTE_API);
    if (!page) {
        http_fail(r, 401, STR_NONE);
        if (r->route->flags & ROUTE_API)
            http_header_set(r, "WWW-Authenticate", S("Bearer realm=\"edulab\""));
        return;
    }
    struct buf to = BUF_INIT(4 * KIB);
    struct page pg = { .out = &to, .arena = r->arena };
    buf_printf(&to, "%s?suite=", r->exchange->server->options.sign_in_path);
    page_put_url_part(&pg, r->query.n
                               ? arena_printf(r->arena, "%.*s?%.*s", STR(r->path), STR(r->query))
                               : r->path);
    http_redirect(r, arena_dup(r->arena, buf_view(&to)), NULL);
    buf_finish(&to);
}

/* What a token was made for, and how often it comes. Nothing for those who bring none. */
static bool check_token(struct http_exchange *x)
{
    struct request *r = &x->r;
    if (!r->who.token_id) return true;
    bool program = r->who.client_id != 0;
    struct str key = arena_printf(r->arena, program ? "program %lld" : "token %lld",
                                  (long long)(program ? r->who.client_id : r->who.token_id));
    if (rate_take(x->server->rate, key, time_monotonic(),
                  program ? LIMIT_PROGRAM_BURST : LIMIT_TOKEN_BURST,
                  program ? LIMIT_PROGRAM_MINUTE : LIMIT_TOKEN_MINUTE, 0) < 0) {
        http_fail(r, 429, STR_NONE);
        http_header_set(r, "Retry-After", S("60"));
        return false;
    }
    if (is_safe(r) ? r->who.token_reads : r->who.token_writes) return true;
    http_fail(r, 403,
              is_safe(r) ? R_(N_("This access token may not read."))
                         : R_(N_("This access token may only read.")));
    http_header_set(
        r, "WWW-Authenticate",
        is_safe(r) ? S("Bearer realm=\"edulab\", error=\"insufficient_scope\", scope=\"read\"")
                   : S("Bearer realm=\"edulab\", error=\"insufficient_scope\", scope=\"write\""));
    return false;
}

static bool check_access(struct http_exchange *x)
{
    struct request *r = &x->r;
    const struct access *access = &r->route->access;
    bool member = r->who.person_id != 0, known = member || r->who.client_id;
    bool allowed = false;
    if (!check_token(x)) return false;
    switch (access->kind) {
    case ACCESS_UNSAID: break;
    case ACCESS_PUBLIC: allowed = true; break;
    case ACCESS_MEMBER: allowed = member; break;
    case ACCESS_PERMISSION:
        allowed = (member || (r->who.client_id && r->route->flags & ROUTE_PARTNER)) &&
                  x->server->options.gate.holds(r, access->permission);
        break;
    case ACCESS_OBJECT: allowed = access->rule(r); break;
    case ACCESS_SCRAPE: allowed = may_scrape(r); break;
    }
    if (allowed) return true;
    if (!http_ok(r) || x->answer.kind != ANSWER_NONE) return false; /* the rule has said why */
    if (!known && access->kind != ACCESS_SCRAPE) ask_to_sign_in(r);
    else http_fail(r, 403, STR_NONE);
    return false;
}

/* --- reading requests ---------------------------------------------------------------------------------------------- */

static void read_query(struct http_exchange *x)
{
    struct request *r = &x->r;
    struct fields *fields = arena_new(r->arena, struct fields);
    if (!fields_parse_urlencoded(r->arena, r->query, fields)) {
        http_fail(r, 400, STR_NONE);
        return;
    }
    form_fill(x, fields);
    if (r->error_count) http_status(r, 400);
}

static void answer_get(struct http_exchange *x)
{
    struct request *r = &x->r;
    if (!form_fill_path(x)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (r->route->flags & ROUTE_NO_DB) {
        if (check_access(x)) r->route->get(r);
        return;
    }
    r->db = db_read_begin(x->server->database, r->arena);
    if (!r->db) {
        http_fail(r, 503, STR_NONE);
        return;
    }
    x->server->options.gate.identify(r);
    if (http_ok(r) && check_access(x)) {
        if (r->route->params) read_query(x);
        if (http_ok(r)) r->route->get(r);
    }
    if (db_failed(r->db)) {
        log_event(LOG_ERROR, "db.read", LT("request", r->id), LT("path", path_for_log(r)),
                  LT("why", db_error_text(r->db)));
        http_fail(r, 500, STR_NONE);
    }
    db_read_end(r->db);
    r->db = NULL;
}

/* --- changing requests ---------------------------------------------------------------------------------------------- */

static void finish(struct http_exchange *x)
{
    x->phase = PHASE_ANSWERED;
    figures_waiting(-1);
    struct http_server *server = x->server;
    MHD_resume_connection(
        x->connection); /* from here on the exchange belongs to the server's thread */
    atomic_fetch_sub(&server->suspended, 1);
}

/* Shows the form again with what was typed and what is wrong; on a worker. */
static void show_form(struct http_exchange *x)
{
    struct request *r = &x->r;
    r->db = db_read_begin(x->server->database, r->arena);
    if (r->db) {
        x->page = NULL;
        r->route->form(r);
        http_status(r, 422);
        db_read_end(r->db);
        r->db = NULL;
    } else {
        http_fail(r, 503, STR_NONE);
    }
    finish(x);
}

static void refused(struct http_exchange *x)
{
    if (x->answer.status == 422 && x->r.route->form)
        workers_add(x->server->workers, x, show_form, 0);
    else finish(x);
}

static bool change_apply(struct db *db, struct db_change *change)
{
    struct http_exchange *x = change->context;
    answer_reset(x); /* this may be a second run */
    x->r.db = db;
    x->r.route->apply(&x->r);
    x->r.db = NULL;
    return x->answer.status < 400;
}

static void change_done(struct db_change *change, enum db_outcome outcome)
{
    struct http_exchange *x = change->context;
    struct request *r = &x->r;
    switch (outcome) {
    case DB_COMMITTED:
        x->server->options.committed();
        finish(x);
        return;
    case DB_REFUSED: refused(x); return;
    case DB_FULL: http_fail(r, 507, STR_NONE); break;
    case DB_STOPPING: http_fail(r, 503, STR_NONE); break;
    case DB_FAILED: http_fail(r, 500, STR_NONE); break;
    }
    log_event(LOG_ERROR, "db.change", LT("request", r->id), LT("path", path_for_log(r)),
              LN("outcome", outcome));
    finish(x);
}

static void submit(struct http_exchange *x)
{
    x->change = (struct db_change){ .apply = change_apply,
                                    .done = change_done,
                                    .arena = x->r.arena,
                                    .context = x,
                                    .in_order = (x->r.route->flags & ROUTE_IN_ORDER) != 0 };
    db_change_submit(x->server->database, &x->change);
}

static void run_prepare(struct http_exchange *x)
{
    struct request *r = &x->r;
    r->db = db_read_begin(x->server->database, r->arena);
    if (!r->db) {
        http_fail(r, 503, STR_NONE);
        finish(x);
        return;
    }
    r->route->prepare(r);
    if (db_failed(r->db)) http_fail(r, 500, STR_NONE);
    db_read_end(r->db);
    r->db = NULL;
    if (!http_ok(r)) refused(x);
    else if (r->route->apply) submit(x);
    else finish(x);
}

static bool read_body(struct http_exchange *x, struct fields *fields)
{
    struct request *r = &x->r;
    struct str type = http_header(r, "Content-Type"), body = buf_view(&x->body);
    if (r->route->flags & ROUTE_STREAM ||
        (body.n == 0 && !type.p && !(r->route->flags & ROUTE_BODY)))
        return true;
    bool ok;
    if (r->route->flags & ROUTE_BODY) ok = fields_parse_urlencoded(r->arena, r->query, fields);
    else if (str_starts(type, S("application/x-www-form-urlencoded")))
        ok = fields_parse_urlencoded(r->arena, body, fields);
    else if (str_starts(type, S("multipart/form-data")))
        ok = fields_parse_multipart(r->arena, type, body, fields);
    else if (str_starts(type, S("application/json")))
        ok = fields_parse_json(r->arena, body, fields);
    else {
        http_fail(r, 415, STR_NONE);
        return false;
    }
    if (!ok) http_fail(r, 400, STR_NONE);
    return ok;
}

static bool identify(struct http_exchange *x)
{
    struct request *r = &x->r;
    r->db = db_read_begin(x->server->database, r->arena);
    if (r->db) x->server->options.gate.identify(r);
    if (r->db && !db_failed(r->db) && http_ok(r)) return true;
    /* without an answer from the database a member must not be taken for a visitor */
    bool refused = r->db && !db_failed(r->db);
    if (r->db) db_read_end(r->db);
    r->db = NULL;
    if (!refused) http_fail(r, 503, STR_NONE);
    return false;
}

static void unidentify(struct http_exchange *x)
{
    if (x->r.db) db_read_end(x->r.db);
    x->r.db = NULL;
}

/* A whole school may sign in at once from one address: those past the burst wait for their turn instead of being sent
 * away, as many as these. */
enum { TIGHT_QUEUE = 60 };

/* Tight for sign-in and the like; for other changes generous, and not for loopback or bearers, which are counted by their
 * token. -1: refused. */
static int64_t rate_delay(struct http_exchange *x)
{
    struct request *r = &x->r;
    bool tight = r->route->flags & ROUTE_SLOW_FORM;
    if (!tight && (r->who.token_id || from_loopback(r->peer))) return 0;
    struct str key =
        tight ? arena_printf(r->arena, "%s %.*s", r->route->path, STR(r->peer)) : r->peer;
    int64_t delay = rate_take(x->server->rate, key, time_monotonic(), tight ? 120 : 600,
                              tight ? 120 : 600, tight ? TIGHT_QUEUE : 0);
    if (delay < 0 || !r->route->wait || x->answer.status == 422) return delay;
    int64_t wait = r->route->wait(r);
    return wait < 0 || wait > delay ? wait : delay;
}

/* The body is complete. True: suspended, somebody else answers; false: the answer is set. */
static bool begin_change(struct http_exchange *x)
{
    struct request *r = &x->r;
    struct fields *fields = arena_new(r->arena, struct fields);
    bool light = r->route->flags & ROUTE_NO_DB;
    if (!(r->route->flags & ROUTE_STREAM)) {
        if (!read_body(x, fields) || (!light && !identify(x))) return false;
        if (check_csrf(x, fields)) {
            if (!form_fill_path(x)) http_fail(r, 404, STR_NONE);
            else if (check_access(x)) form_fill(x, fields);
        }
        unidentify(x);
    }
    if (x->answer.kind != ANSWER_NONE || (!http_ok(r) && x->answer.status != 422)) return false;
    if (light) {
        if (http_ok(r)) r->route->prepare(r);
        return false;
    }
    int64_t delay = rate_delay(x);
    if (delay < 0) {
        http_fail(r, 429, STR_NONE);
        http_header_set(r, "Retry-After", S("60"));
        return false;
    }
    if (x->answer.status == 422 && !r->route->form) return false;
    atomic_fetch_add(&x->server->suspended, 1); /* before the look at `stopping`: see http_stop */
    if (atomic_load(&x->server->stopping)) {
        atomic_fetch_sub(&x->server->suspended, 1);
        http_fail(r, 503, STR_NONE);
        return false;
    }
    x->phase = PHASE_WORKING;
    figures_waiting(1);
    MHD_suspend_connection(x->connection);
    if (x->answer.status == 422) workers_add(x->server->workers, x, show_form, delay);
    else if (r->route->prepare || delay)
        workers_add(x->server->workers, x, r->route->prepare ? run_prepare : submit, delay);
    else submit(x);
    return true;
}

/* A streamed body: everything is checked before the first byte is taken. */
static void begin_stream(struct http_exchange *x)
{
    struct request *r = &x->r;
    if (!identify(x)) return;
    if (check_csrf(x, NULL)) {
        if (!form_fill_path(x)) http_fail(r, 404, STR_NONE);
        else if (check_access(x)) r->route->chunk(r, NULL, 0);
    }
    unidentify(x);
}

/* --- the way through libmicrohttpd ------------------------------------------------------------------------------------- */

static size_t body_limit(const struct route *row)
{
    return row->max_body ? row->max_body : LIMIT_FORM_BODY;
}

static void on_head(struct http_exchange *x, const char *url)
{
    struct request *r = &x->r;
    if (!read_target(x, url) || !find_route(x)) return;
    int64_t declared;
    struct str length = http_header(r, "Content-Length");
    if (length.p && str_to_int(length, &declared)) x->declared = declared;
    if (is_safe(r)) return;
    if (x->declared > (int64_t)body_limit(r->route)) {
        http_fail(r, 413, STR_NONE);
        return;
    }
    x->body = BUF_INIT(body_limit(r->route));
    if (r->route->flags & ROUTE_STREAM) begin_stream(x);
}

static enum MHD_Result on_body(struct http_exchange *x, const char *data, size_t *size)
{
    struct request *r = &x->r;
    size_t n = *size;
    *size = 0;
    if (x->refused_early || !r->route || is_safe(r))
        return MHD_YES; /* read and dropped, the answer follows */
    if (r->route->flags & ROUTE_STREAM) {
        x->body.n += n; /* counted, not kept */
        if (x->body.n > body_limit(r->route)) return MHD_NO;
        if (!r->route->chunk(r, data, n)) x->refused_early = true;
        return MHD_YES;
    }
    buf_put(&x->body, data, n);
    if (x->body.full) {
        x->refused_early = true;
        http_fail(r, 413, STR_NONE);
    }
    return MHD_YES;
}

static enum MHD_Result handle(void *cls, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload_data,
                              size_t *upload_data_size, void **con_cls)
{
    (void)version;
    struct http_exchange *x = *con_cls;
    if (!x) {
        x = *con_cls = exchange_create(cls, connection, method);
        on_head(x, url);
        x->phase = PHASE_BODY;
        /* refused by its head: answering now closes the connection, so that a long body is not read */
        bool body_follows = x->declared > 0 || http_header(&x->r, "Transfer-Encoding").p;
        if (body_follows && (!http_ok(&x->r) || x->answer.kind != ANSWER_NONE))
            return answer_send(x);
        return MHD_YES;
    }
    if (*upload_data_size) return on_body(x, upload_data, upload_data_size);
    if (x->phase == PHASE_BODY) {
        x->phase = PHASE_ANSWERED;
        bool open = http_ok(&x->r) && x->answer.kind == ANSWER_NONE && !x->refused_early;
        if (open && is_safe(&x->r)) answer_get(x);
        else if (open && begin_change(x)) return MHD_YES;
    }
    return answer_send(x);
}

void http_hang_up(struct request *r)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(r->exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info) shutdown(info->connect_fd, SHUT_RDWR);
}

static void completed(void *cls, struct MHD_Connection *connection, void **con_cls,
                      enum MHD_RequestTerminationCode how)
{
    (void)connection;
    struct http_server *server = cls;
    struct http_exchange *x = *con_cls;
    if (!x) return;
    *con_cls = NULL;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t us =
        (int64_t)(now.tv_sec - x->begun.tv_sec) * 1000000 + (now.tv_nsec - x->begun.tv_nsec) / 1000;
    figures_request(x->answer.status, us);
    const struct route *route = x->r.route;
    struct str path = path_for_log(&x->r);
    const struct log_field line[] = { LT("id", x->r.id),
                                      LT("method", x->r.method),
                                      LT("path", path),
                                      LN("status", x->answer.status),
                                      LN("us", us),
                                      LN("person", x->r.who.person_id),
                                      LN("whole", how == MHD_REQUEST_TERMINATED_COMPLETED_OK),
                                      LT("why", str_from(x->why)) };
    /* segments, styles, heartbeats come by the thousand and nobody asks for them: a line only when one is refused */
    bool plain = route && route->flags & ROUTE_NO_DB && x->answer.status < 400;
    log_write(plain ? LOG_DEBUG : LOG_INFO, "request", line, COUNT(line) - (x->why ? 0 : 1));
    buf_finish(&x->body);
    buf_finish(&x->answer.body);
    arena_destroy(x->r.arena);
    atomic_fetch_sub(&server->alive, 1);
}

static void connection_changed(void *cls, struct MHD_Connection *connection, void **context,
                               enum MHD_ConnectionNotificationCode code)
{
    (void)cls, (void)connection, (void)context;
    figures_connection(code == MHD_CONNECTION_NOTIFY_STARTED ? 1 : -1);
}

static void log_daemon(void *cls, const char *format, va_list args)
{
    (void)cls;
    char text[512];
    vsnprintf(text, sizeof text, format, args);
    log_event(LOG_DEBUG, "http", LT("text", str_trim(str_from(text))));
}

/* --- start and stop --------------------------------------------------------------------------------------------------- */

static int listen_on(struct str host, unsigned port, struct arena *arena, struct str *ret_error)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV },
                    *found;
    char service[12];
    snprintf(service, sizeof service, "%u", port);
    int failed = getaddrinfo(arena_cstr(arena, host), service, &hints, &found);
    if (failed) {
        *ret_error =
            arena_printf(arena, "cannot listen on %.*s: %s", STR(host), gai_strerror(failed));
        return -1;
    }
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    bool ok = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
              bind(fd, found->ai_addr, found->ai_addrlen) == 0 && listen(fd, 4096) == 0;
    freeaddrinfo(found);
    if (ok) return fd;
    *ret_error = arena_printf(arena, "cannot listen on %.*s port %u: %m", STR(host), port);
    if (fd >= 0) close(fd);
    return -1;
}

/* Does somebody listen there? */
static bool answers(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool yes = fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof *address) == 0;
    if (fd >= 0) close(fd);
    return yes;
}

/* What an earlier run left at the path is put away; a socket in use and a file of another kind are not touched. */
static int listen_at(struct str path, struct arena *arena, struct str *ret_error)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct stat st;
    if (path.n >= sizeof address.sun_path) {
        *ret_error = arena_printf(arena, "the path of the socket is too long: %.*s", STR(path));
        return -1;
    }
    memcpy(address.sun_path, path.p, path.n);
    if (answers(&address)) {
        *ret_error = arena_printf(arena, "another program listens at %.*s", STR(path));
        return -1;
    }
    if (lstat(address.sun_path, &st) == 0 && S_ISSOCK(st.st_mode)) unlink(address.sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    /* the owner and the group: nginx is made a member of it */
    bool ok = fd >= 0 && fchmod(fd, 0660) == 0 &&
              bind(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
              chmod(address.sun_path, 0660) == 0 && listen(fd, 4096) == 0;
    if (ok) return fd;
    *ret_error = arena_printf(arena, "cannot listen at %.*s: %m", STR(path));
    if (fd >= 0) close(fd);
    return -1;
}

static unsigned port_of(int fd)
{
    struct sockaddr_storage address;
    socklen_t n = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &n) != 0) return 0;
    if (address.ss_family == AF_INET6)
        return ntohs(((struct sockaddr_in6 *)(void *)&address)->sin6_port);
    return ntohs(((struct sockaddr_in *)(void *)&address)->sin_port);
}

/* One for each core we may use; two at least, so that a slow page holds up only one of them. */
static unsigned usual_threads(void)
{
    cpu_set_t ours;
    int cores = sched_getaffinity(0, sizeof ours, &ours) == 0 ? CPU_COUNT(&ours) : 0;
    return cores < 2 ? 2 : (unsigned)cores;
}

static struct MHD_Daemon *start_daemon(struct http_server *server, int fd)
{
    unsigned threads = server->options.threads ? server->options.threads : usual_threads();
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | MHD_USE_ITC,
        0, NULL, NULL, handle, server, MHD_OPTION_EXTERNAL_LOGGER, log_daemon, NULL,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, threads > 1 ? threads : 0,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)LIMIT_CONNECTIONS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_PER_CONNECTION,
        MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)(4 * KIB), MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_SECONDS, MHD_OPTION_UNESCAPE_CALLBACK, unescape_nothing, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, completed, server, MHD_OPTION_NOTIFY_CONNECTION,
        connection_changed, NULL, MHD_OPTION_END);
}

struct http_server *http_start(struct database *database, const struct http_options *options,
                               struct arena *arena, struct str *ret_error)
{
    struct router *router = router_create(options->routes, &options->gate, arena, ret_error);
    if (!router) return NULL;
    int fd = listen_on(options->host, options->port, arena, ret_error);
    if (fd < 0) {
        router_destroy(router);
        return NULL;
    }
    struct http_server *server = calloc(1, sizeof *server);
    if (!server) abort();
    server->options = *options;
    server->database = database;
    server->router = router;
    server->rate = rate_create();
    server->workers = workers_create(options->workers ? options->workers : 2);
    server->accel = options->accel_prefix.n > 0;
    server->port = port_of(fd);
    bool v6 = str_find(options->host, ':') < options->host.n;
    if (options->public_url.n == 0)
        server->options.public_url = arena_printf(arena, v6 ? "http://[%.*s]:%u" : "http://%.*s:%u",
                                                  STR(options->host), server->port);
    int local = options->socket.n ? listen_at(options->socket, arena, ret_error) : -1;
    bool well = local >= 0 || !options->socket.n;
    if (well) {
        server->daemons[0] = start_daemon(server, fd);
        if (local >= 0) server->daemons[1] = start_daemon(server, local);
        if (server->daemons[0] && (local < 0 || server->daemons[1])) return server;
        *ret_error = S("the HTTP server could not be started");
    }
    for (size_t i = 0; i < COUNT(server->daemons); i++)
        if (server->daemons[i]) MHD_stop_daemon(server->daemons[i]);
    close(fd);
    if (local >= 0) close(local);
    workers_destroy(server->workers);
    rate_destroy(server->rate);
    router_destroy(router);
    free(server);
    return NULL;
}

struct str http_url(const struct http_server *server)
{
    return server->options.public_url;
}

void http_stop(struct http_server *server, int64_t grace_ms)
{
    MHD_socket listening[2] = { MHD_INVALID_SOCKET, MHD_INVALID_SOCKET };
    for (size_t i = 0; i < COUNT(listening); i++)
        if (server->daemons[i]) listening[i] = MHD_quiesce_daemon(server->daemons[i]);
    atomic_store(&server->stopping, true);
    workers_hurry(server->workers); /* also those that were slowed down */
    int64_t until = time_monotonic() + grace_ms;
    /* requests that only read end within their grace; those in a change always end: microhttpd aborts the process
     * when it is stopped with suspended connections */
    while (atomic_load(&server->suspended) > 0 ||
           (atomic_load(&server->alive) > 0 && time_monotonic() < until))
        usleep(5000);
    for (size_t i = 0; i < COUNT(listening); i++) {
        if (server->daemons[i]) MHD_stop_daemon(server->daemons[i]);
        if (listening[i] != MHD_INVALID_SOCKET) close(listening[i]);
    }
    workers_destroy(server->workers);
    rate_destroy(server->rate);
    router_destroy(server->router);
    free(server);
}
