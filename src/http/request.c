/* What handlers call: headers, pages, redirects, errors. */
#include "http/private.h"

struct str http_header(const struct request *r, const char *name)
{
    return str_from(MHD_lookup_connection_value(r->exchange->connection, MHD_HEADER_KIND, name));
}

struct str http_body(const struct request *r)
{
    return buf_view(&r->exchange->body);
}

struct database *http_database(const struct request *r)
{
    return r->exchange->server->database;
}

struct str http_public_url(const struct request *r)
{
    return r->exchange->server->options.public_url;
}

const struct route *const *http_routes(const struct request *r)
{
    return r->exchange->server->options.routes;
}

bool http_ok(const struct request *r)
{
    return r->exchange->answer.status < 400;
}

void http_status(struct request *r, int status)
{
    r->exchange->answer.status = status;
}

/* A language switch or a notice is not part of where we are. */
static struct str notice_name(struct str query)
{
    while (query.n) {
        struct str pair = str_cut(&query, '&');
        struct str name = str_cut(&pair, '=');
        if (str_is(name, "fait")) return pair;
    }
    return STR_NONE;
}

static void find_notice(struct page *pg, const struct notice *const *tables, struct str name)
{
    for (size_t t = 0; name.n && tables[t]; t++)
        for (const struct notice *n = tables[t]; n->name; n++)
            if (str_is(name, n->name)) {
                pg->notice = _(n->text);
                pg->notice_bad = n->bad;
            }
}

/* For the menus: the row of the page says who may open it. */
static bool may_open(const void *asker, const char *path)
{
    const struct request *r = asker;
    const struct http_server *server = r->exchange->server;
    struct str values[8], allowed;
    unsigned n;
    const struct route *row =
        router_find(server->router, S("GET"), str_from(path), values, &n, r->arena, &allowed);
    if (!row) return false;
    if (row->access.kind == ACCESS_PERMISSION)
        return server->options.gate.holds(r, row->access.permission);
    return row->access.kind != ACCESS_MEMBER || r->who.person_id;
}

struct page *http_page(struct request *r)
{
    struct http_exchange *x = r->exchange;
    const struct http_options *options = &x->server->options;
    if (x->page) {
        x->answer.body.n = 0;
        return x->page;
    }
    struct page *pg = x->page = arena_new(r->arena, struct page);
    x->answer.kind = ANSWER_BYTES;
    x->answer.type = "text/html; charset=utf-8";
    buf_reserve(&x->answer.body, 48 * KIB); /* most pages then never move */
    *pg = (struct page){
        .out = &x->answer.body,
        .arena = r->arena,
        .lang = r->lang,
        .now = r->now,
        .path =
            r->query.n ? arena_printf(r->arena, "%.*s?%.*s", STR(r->path), STR(r->query)) : r->path,
        .csrf = options->gate.csrf_token(r),
        .person_name = r->who.person_id ? r->who.name : STR_NONE,
        .person_id = r->who.person_id,
        .staff = r->who.person_id && options->gate.holds(r, "work.watch"),
        .theme = r->who.theme,
        .menu = options->menu,
        .may_open = may_open,
        .asker = r,
        .errors = r->errors,
        .error_count = r->error_count,
    };
    find_notice(pg, options->notices, notice_name(r->query));
    return pg;
}

void http_header_set(struct request *r, const char *name, struct str value)
{
    struct answer_header *h = arena_new(r->arena, struct answer_header);
    *h =
        (struct answer_header){ .name = name, .value = value, .next = r->exchange->answer.headers };
    r->exchange->answer.headers = h;
}

void http_redirect(struct request *r, struct str path, const char *notice)
{
    struct answer *a = &r->exchange->answer;
    /* ours only: one slash, so that no address can lead elsewhere */
    bool ours =
        path.n && path.p[0] == '/' && !(path.n > 1 && (path.p[1] == '/' || path.p[1] == '\\'));
    struct str to = ours ? path : S("/");
    if (notice)
        to = arena_printf(r->arena, "%.*s%cfait=%s", STR(to), str_find(to, '?') == to.n ? '?' : '&',
                          notice);
    a->status = 303;
    a->kind = ANSWER_BYTES;
    http_header_set(r, "Location", to);
}

void http_leave(struct request *r, struct str address)
{
    struct answer *a = &r->exchange->answer;
    a->status = 303;
    a->kind = ANSWER_BYTES;
    http_header_set(r, "Location", address);
}

void http_explain(struct request *r, const char *why)
{
    r->exchange->why = why;
}

void http_bytes(struct request *r, int status, const char *type, struct str data)
{
    struct answer *a = &r->exchange->answer;
    a->status = status;
    a->kind = ANSWER_BYTES;
    a->type = type;
    a->body.n = 0;
    buf_str(&a->body, data);
}

void http_json(struct request *r, int status, json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    json_decref(value);
    if (!text) {
        http_fail(r, 500, STR_NONE);
        return;
    }
    http_bytes(r, status, "application/json", str_from(text));
    free(text);
}

void http_answer(struct request *r, const void *row)
{
    const struct api *api = r->route->api;
    http_json(r, api->status ? api->status : 200, shape_json(api->answer, row));
}

void http_answer_page(struct request *r, const void *rows, size_t n, struct str next)
{
    const struct api *api = r->route->api;
    json_t *items = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(items,
                              shape_json(api->answer, (const char *)rows + i * api->answer->size));
    http_json(r, 200,
              json_pack("{s:o, s:o}", "items", items, "next_cursor",
                        next.p ? json_stringn(next.p, next.n) : json_null()));
}

void http_file(struct request *r, struct str path, const char *type, bool immutable)
{
    struct answer *a = &r->exchange->answer;
    a->kind = ANSWER_FILE;
    a->file = path;
    a->type = type;
    a->immutable = immutable;
}

void http_asset(struct request *r, const struct asset *asset)
{
    struct answer *a = &r->exchange->answer;
    http_header_set(r, "ETag", str_from(asset->etag));
    http_header_set(r, "Cache-Control",
                    asset->immutable ? S("public, max-age=31536000, immutable")
                                     : S("public, max-age=3600"));
    a->kind = ANSWER_STATIC;
    a->type = asset->type;
    if (str_is(http_header(r, "If-None-Match"), asset->etag)) {
        a->status = 304;
        a->fixed = S("");
        return;
    }
    a->fixed_gzip = asset->gzip.n && accepts_gzip(r);
    a->fixed = a->fixed_gzip ? asset->gzip : asset->data;
    if (asset->gzip.n) http_header_set(r, "Vary", S("Accept-Encoding"));
}

void http_fail(struct request *r, int status, struct str message)
{
    struct http_exchange *x = r->exchange;
    buf_finish(&x->answer.body);
    x->answer = (struct answer){ .status = status,
                                 .message = message,
                                 .body = BUF_INIT(LIMIT_PAGE),
                                 .headers = x->answer.headers };
    x->page = NULL;
}

void http_invalid(struct request *r, const char *field, struct str message)
{
    struct field_error *grown = arena_array(r->arena, struct field_error, r->error_count + 1);
    if (r->error_count) memcpy(grown, r->errors, r->error_count * sizeof *grown);
    grown[r->error_count++] = (struct field_error){ .field = field, .message = message };
    r->errors = grown;
    r->exchange->answer.status = 422;
}
