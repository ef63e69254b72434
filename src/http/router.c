/* From method and path to the row. Rows are sorted once by their segments; a path is matched segment by segment, a
 * literal before a ":value" before "*". Every row is checked at start: a row that does not say who may is refused. */
#include "http/private.h"

enum { MAX_SEGMENTS = 8 };

struct entry {
    const struct route *route;
    struct str segments[MAX_SEGMENTS];
    unsigned count;
    bool rest; /* ends in "*" */
};

struct router {
    struct entry *entries;
    unsigned count;
};

static bool is_value(struct str segment)
{
    return segment.n > 1 && segment.p[0] == ':';
}

static const char *row_problem(const struct route *row, const struct http_gate *gate)
{
    bool get = strcmp(row->method, "GET") == 0;
    if (!row->path || row->path[0] != '/') return "its path does not begin with a slash";
    if (!row->help || !*row->help) return "it has no help";
    if (row->access.kind == ACCESS_UNSAID) return "it does not say who may";
    if (row->access.kind == ACCESS_OBJECT && !row->access.rule) return "it has no access rule";
    if (row->access.kind == ACCESS_PERMISSION && !gate->permission_known(row->access.permission))
        return "it names an unknown permission";
    if (get && !row->get) return "it has no handler";
    if (!get && !row->apply && !row->prepare) return "it has neither prepare nor apply";
    if (!get && !row->apply && !(row->flags & ROUTE_NO_CHANGE))
        return "it has no apply and is not ROUTE_NO_CHANGE";
    if ((row->flags & ROUTE_STREAM) && !row->chunk) return "it streams but has no chunk";
    if (row->params && row->form_size == 0) return "it has parameters but no form_size";
    if ((row->flags & ROUTE_API) && !row->api)
        return "it does not describe its answer (.api, see http/shape.h)";
    return NULL;
}

/* Literals first, then values, then the rest: the order in which rows are tried. */
static int segment_rank(const struct entry *e, unsigned i)
{
    if (i >= e->count) return e->rest ? 3 : 0;
    return is_value(e->segments[i]) ? 2 : 1;
}

static int compare_entries(const void *pa, const void *pb)
{
    const struct entry *a = pa, *b = pb;
    for (unsigned i = 0; i < MAX_SEGMENTS; i++) {
        int ra = segment_rank(a, i), rb = segment_rank(b, i);
        if (ra != rb) return ra - rb;
        if (ra == 1) {
            int c = str_cmp(a->segments[i], b->segments[i]);
            if (c) return c;
        }
    }
    return strcmp(a->route->method, b->route->method);
}

static bool entry_split(struct entry *e, const struct route *row)
{
    struct str path = str_from(row->path + 1);
    *e = (struct entry){ .route = row };
    while (path.n) {
        struct str segment = str_cut(&path, '/');
        if (str_is(segment, "*")) {
            e->rest = true;
            return path.n == 0;
        }
        if (e->count == MAX_SEGMENTS) return false;
        e->segments[e->count++] = segment;
    }
    return true;
}

struct router *router_create(const struct route *const *tables, const struct http_gate *gate,
                             struct arena *arena, struct str *ret_error)
{
    unsigned n = 0;
    for (unsigned t = 0; tables[t]; t++)
        for (const struct route *row = tables[t]; row->method; row++)
            n++;
    struct router *router = calloc(1, sizeof *router);
    if (!router || !(router->entries = calloc(n + 1, sizeof *router->entries))) abort();
    for (unsigned t = 0; tables[t]; t++)
        for (const struct route *row = tables[t]; row->method; row++) {
            const char *problem = row_problem(row, gate);
            if (!problem && !entry_split(&router->entries[router->count], row))
                problem = "its path has too many segments";
            if (problem) {
                *ret_error = arena_printf(arena, "route %s %s: %s", row->method,
                                          row->path ? row->path : "?", problem);
                router_destroy(router);
                return NULL;
            }
            router->count++;
        }
    qsort(router->entries, router->count, sizeof *router->entries, compare_entries);
    for (unsigned i = 1; i < router->count; i++)
        if (compare_entries(&router->entries[i - 1], &router->entries[i]) == 0) {
            *ret_error =
                arena_printf(arena, "route %s %s stands twice", router->entries[i].route->method,
                             router->entries[i].route->path);
            router_destroy(router);
            return NULL;
        }
    return router;
}

static bool matches(const struct entry *e, const struct str *segments, unsigned n, struct str path,
                    struct str values[8], unsigned *ret_count)
{
    if (n < e->count || (n > e->count && !e->rest)) return false;
    if (e->rest && n == e->count) return false;
    unsigned count = 0;
    for (unsigned i = 0; i < e->count; i++) {
        if (is_value(e->segments[i])) values[count++] = segments[i];
        else if (!str_eq(e->segments[i], segments[i])) return false;
    }
    if (e->rest) {
        size_t from = (size_t)(segments[e->count].p - path.p);
        values[count++] = str_sub(path, from, path.n);
    }
    *ret_count = count;
    return true;
}

const struct route *router_find(const struct router *router, struct str method, struct str path,
                                struct str values[8], unsigned *ret_count, struct arena *arena,
                                struct str *ret_allowed)
{
    enum { PATH_SEGMENTS = 16 };
    struct str segments[PATH_SEGMENTS], rest = str_sub(path, 1, path.n);
    unsigned n = 0;
    while (rest.n) {
        if (n == PATH_SEGMENTS) return NULL;
        segments[n++] = str_cut(&rest, '/');
    }
    bool head = str_is(method, "HEAD");
    struct str trial[8];
    unsigned trial_count;
    /* the list is short (some hundred rows) and mostly decided by the first segment; a scan takes about 1 µs */
    for (unsigned i = 0; i < router->count; i++) {
        const struct entry *e = &router->entries[i];
        if (!matches(e, segments, n, path, trial, &trial_count)) continue;
        const char *m = e->route->method;
        if (str_is(method, m) || (head && strcmp(m, "GET") == 0)) {
            memcpy(values, trial, sizeof trial);
            *ret_count = trial_count;
            return e->route;
        }
        *ret_allowed =
            ret_allowed->p ? arena_printf(arena, "%.*s, %s", STR(*ret_allowed), m) : str_from(m);
    }
    return NULL;
}

const struct route *router_secret(const struct router *router, struct str path)
{
    for (unsigned i = 0; i < router->count; i++) {
        const struct entry *e = &router->entries[i];
        if (!(e->route->flags & ROUTE_SECRET)) continue;
        struct str rest = str_sub(path, 1, path.n);
        unsigned k = 0;
        for (; k < e->count && rest.n; k++) {
            struct str segment = str_cut(&rest, '/');
            if (!is_value(e->segments[k]) && !str_eq(e->segments[k], segment)) break;
        }
        if (k == e->count) return e->route;
    }
    return NULL;
}

void router_destroy(struct router *router)
{
    if (!router) return;
    free(router->entries);
    free(router);
}
