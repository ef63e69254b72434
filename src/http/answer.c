/* From the answer a handler left to what goes over the wire: headers, compression, files with ranges, error pages. */
#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/time.h"
#include "http/private.h"

/* No script, style, picture or connection from anywhere but here; nobody frames us but who is named. hls.js plays from blob: addresses. */
static const char content_security_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src "
    "'self'; "
    "media-src 'self' blob:; worker-src 'self' blob:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; manifest-src 'self'";

enum { WORTH_COMPRESSING = 1400 };

void answer_reset(struct http_exchange *x)
{
    buf_finish(&x->answer.body);
    x->answer = (struct answer){ .status = 200, .body = BUF_INIT(LIMIT_PAGE) };
    x->page = NULL;
    x->r.errors = NULL;
    x->r.error_count = 0;
}

void http_may_frame(struct request *r, struct str origin)
{
    r->exchange->answer.frames = origin;
}

void http_framed_by(struct request *r, struct str sources)
{
    r->exchange->answer.framed_by = sources;
}

static bool wants_json(const struct http_exchange *x)
{
    if (x->r.route && (x->r.route->flags & ROUTE_API)) return true;
    struct str accept = http_header(&x->r, "Accept");
    return str_starts(accept, S("application/json")) || str_starts(x->r.path, S("/api/"));
}

/* The list of an If-None-Match header; weak comparison. */
bool etag_matches(struct str header, struct str tag)
{
    if (str_starts(tag, S("W/"))) tag = str_sub(tag, 2, tag.n);
    while (header.n) {
        struct str one = str_trim(str_cut(&header, ','));
        if (str_starts(one, S("W/"))) one = str_sub(one, 2, one.n);
        if (str_is(one, "*") || str_eq(one, tag)) return true;
    }
    return false;
}

/* A program that asks again gets 304 when nothing has changed. Weak: the bytes may be packed. */
static void tag_answer(struct http_exchange *x)
{
    struct answer *a = &x->answer;
    struct request *r = &x->r;
    unsigned char hash[16];
    if (!r->route || !(r->route->flags & (ROUTE_API | ROUTE_TAGGED)) || a->kind != ANSWER_BYTES ||
        a->status != 200 || (!str_is(r->method, "GET") && !str_is(r->method, "HEAD")))
        return;
    for (const struct answer_header *h = a->headers; h; h = h->next)
        if (strcmp(h->name, "ETag") == 0) return;
    crypto_generichash(hash, sizeof hash, (const unsigned char *)a->body.p, a->body.n, NULL, 0);
    char hex[2 * sizeof hash + 1];
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    struct str tag = arena_printf(r->arena, "W/\"%s\"", hex);
    http_header_set(r, "ETag", tag);
    http_header_set(r, "Vary", S("Authorization, Cookie, Accept-Language, Accept-Encoding"));
    http_header_set(r, "Cache-Control",
                    r->who.person_id || r->who.token_id ? S("private, no-cache") : S("no-cache"));
    if (!etag_matches(http_header(r, "If-None-Match"), tag)) return;
    a->status = 304;
    a->body.n = 0;
}

/* For clients that show no page; pages have their own words (html/components.c). */
static struct str usual_message(const struct request *r, int status)
{
    switch (status) {
    case 400:
        return R_(
            N_("The request could not be understood. Going back and trying again usually helps."));
    case 401: return R_(N_("Please sign in first."));
    case 403:
        return R_(N_("This page is not open to you. If you think it should be, write to us."));
    case 404:
        return R_(N_("There is nothing at this address. The page may have moved, or the link may "
                     "be incomplete."));
    case 405: return R_(N_("This address cannot be used in that way."));
    case 409:
        return R_(N_("Someone else changed this in the meantime. Nothing was overwritten; please "
                     "look again."));
    case 413: return R_(N_("What you sent is larger than we can take here."));
    case 414: return R_(N_("This address is too long."));
    case 415: return R_(N_("This kind of content is not accepted here."));
    case 422: return R_(N_("Something in the form needs another look."));
    case 429:
        return R_(N_("That was a lot in a short time. Please wait a minute; nothing is lost."));
    case 431:
        return R_(N_("Your browser sent more than we can take in one go. Clearing the cookies of "
                     "this site helps."));
    case 503:
        return R_(N_("We cannot reach our data for the moment. Please try again in a minute."));
    case 507:
        return R_(N_("Our disk is full. Nothing was half-saved; the team has been told. Please try "
                     "again later."));
    default:
        return R_(N_("Something went wrong on our side. Nothing was changed. Please try again."));
    }
}

/* RFC 9457: problem details, unless the row speaks another standard. */
static void problem_json(struct http_exchange *x, struct str message)
{
    const struct api *api = x->r.route ? x->r.route->api : NULL;
    if (api && api->errors) {
        int as = x->answer.status;
        http_json(&x->r, as, api->errors->make(as, message));
        x->answer.type = api->errors->type;
        return;
    }
    json_t *problem =
        json_pack("{s:s, s:i, s:s%, s:s%}", "type", "about:blank", "status", x->answer.status,
                  "detail", message.p, message.n, "request", x->r.id.p, x->r.id.n);
    json_t *errors = json_array();
    for (size_t i = 0; i < x->r.error_count; i++) {
        const struct field_error *e = &x->r.errors[i];
        json_array_append_new(errors, json_pack("{s:s, s:s%}", "field", e->field ? e->field : "",
                                                "message", e->message.p, e->message.n));
    }
    if (x->r.error_count) json_object_set(problem, "errors", errors);
    json_decref(errors);
    int status = x->answer.status;
    http_json(&x->r, status, problem);
    x->answer.type = "application/problem+json";
}

void answer_complete(struct http_exchange *x)
{
    struct answer *a = &x->answer;
    if (x->page) { /* a page was written */
        a->kind = ANSWER_BYTES;
        if (a->body.full) {
            struct request *r = &x->r;
            answer_reset(x);
            http_fail(r, 500, STR_NONE);
        }
    }
    if (a->kind != ANSWER_NONE || a->status < 400) return;
    struct str message = a->message;
    if (x->r.error_count && !x->r.errors[0].field) message = x->r.errors[0].message;
    if (wants_json(x)) {
        problem_json(x, message.p ? message : usual_message(&x->r, a->status));
        return;
    }
    int status = a->status;
    struct page *pg = http_page(&x->r);
    a->status = status;
    x->server->options.error_page(pg, status, message, x->r.id);
    a->kind = ANSWER_BYTES;
}

static void add(struct MHD_Response *response, const char *name, const char *value)
{
    MHD_add_response_header(response, name, value);
}

static void add_common(struct http_exchange *x, struct MHD_Response *response)
{
    const struct answer *a = &x->answer;
    char id[64];
    snprintf(id, sizeof id, "%.*s", STR(x->r.id));
    add(response, "X-Request-Id", id);
    add(response, "X-Content-Type-Options", "nosniff");
    add(response, "Referrer-Policy", "strict-origin-when-cross-origin");
    if (a->type) add(response, "Content-Type", a->type);
    if (x->page) {
        struct str by = a->framed_by.n ? a->framed_by : S("'none'");
        struct str policy =
            arena_printf(x->r.arena, "%s; frame-ancestors %.*s%s%.*s", content_security_policy,
                         STR(by), a->frames.n ? "; frame-src " : "", STR(a->frames));
        add(response, "Content-Security-Policy", arena_cstr(x->r.arena, policy));
        add(response, "Cross-Origin-Opener-Policy", "same-origin");
        add(response, "Permissions-Policy",
            "camera=(self), microphone=(self), display-capture=(self), geolocation=()");
        if (!a->framed_by.n) add(response, "X-Frame-Options", "DENY");
        add(response, "Content-Language", lang_code(x->r.lang));
        add(response, "Vary", "Cookie, Accept-Language, Accept-Encoding");
        add(response, "Cache-Control",
            x->r.who.person_id ? "private, no-store" : "private, no-cache");
    }
    for (struct answer_header *h = a->headers; h; h = h->next)
        add(response, h->name, arena_cstr(x->r.arena, h->value));
}

/* "gzip; q=0" refuses it: a weight of nothing but zeros. */
static bool weight_is_zero(struct str parameters)
{
    struct str weight = str_trim(parameters);
    if (!str_starts(weight, S("q=")) && !str_starts(weight, S("Q="))) return false;
    for (size_t i = 2; i < weight.n; i++)
        if (weight.p[i] >= '1' && weight.p[i] <= '9') return false;
    return true;
}

bool accepts_gzip(const struct request *r)
{
    struct str accept = http_header(r, "Accept-Encoding");
    while (accept.n) {
        struct str one = str_cut(&accept, ',');
        struct str coding = str_trim(str_cut(&one, ';'));
        if (str_eq_nocase(coding, S("gzip"))) return !weight_is_zero(one);
    }
    return false;
}

static pthread_key_t compressor_key;
static pthread_once_t compressor_once = PTHREAD_ONCE_INIT;

static void free_compressor(void *c)
{
    libdeflate_free_compressor(c);
}

static void make_compressor_key(void)
{
    pthread_key_create(&compressor_key, free_compressor);
}

/* Level 1: about 250 MB/s, three quarters of the gain. The token in the page is masked anew each time (access/csrf.c),
 * so compressing beside it tells nothing (BREACH). */
static bool compress_body(struct http_exchange *x)
{
    struct answer *a = &x->answer;
    if (a->body.n < WORTH_COMPRESSING || !accepts_gzip(&x->r) || !a->type ||
        !(str_starts(str_from(a->type), S("text/")) || strstr(a->type, "json") ||
          strstr(a->type, "svg")))
        return false;
    pthread_once(&compressor_once, make_compressor_key);
    struct libdeflate_compressor *c = pthread_getspecific(compressor_key);
    if (!c) {
        c = libdeflate_alloc_compressor(1);
        if (!c) return false;
        pthread_setspecific(compressor_key, c);
    }
    size_t room = libdeflate_gzip_compress_bound(c, a->body.n);
    char *out = malloc(room);
    if (!out) return false;
    size_t n = libdeflate_gzip_compress(c, a->body.p, a->body.n, out, room);
    if (n == 0 || n >= a->body.n) {
        free(out);
        return false;
    }
    free(a->body.p);
    a->body.p = out;
    a->body.n = n;
    return true;
}

static struct MHD_Response *bytes_response(struct http_exchange *x)
{
    struct answer *a = &x->answer;
    bool gzip = compress_body(x);
    /* microhttpd frees what it is given with free(), as buf uses realloc */
    struct MHD_Response *response =
        MHD_create_response_from_buffer(a->body.n, a->body.p, MHD_RESPMEM_MUST_FREE);
    if (!response) return NULL;
    a->body = BUF_INIT(LIMIT_PAGE);
    if (gzip) add(response, "Content-Encoding", "gzip");
    return response;
}

static struct MHD_Response *static_response(struct http_exchange *x)
{
    struct answer *a = &x->answer;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        a->fixed.n, (void *)(uintptr_t)a->fixed.p, MHD_RESPMEM_PERSISTENT);
    if (response && a->fixed_gzip) add(response, "Content-Encoding", "gzip");
    return response;
}

int range_parse(struct str header, int64_t n, int64_t *ret_first, int64_t *ret_last)
{
    if (!str_starts(header, S("bytes=")) || str_find(header, ',') != header.n) return 0;
    struct str spec = str_sub(header, 6, header.n);
    struct str from = str_trim(str_cut(&spec, '-')), to = str_trim(spec);
    int64_t first, last;
    if (from.n == 0) { /* the last so many bytes */
        int64_t wanted;
        if (!str_to_int(to, &wanted) || wanted < 0) return 0;
        if (wanted == 0 || n == 0) return -1;
        first = wanted < n ? n - wanted : 0;
        last = n - 1;
    } else {
        if (!str_to_int(from, &first) || first < 0) return 0;
        if (to.n == 0) last = n - 1;
        else if (!str_to_int(to, &last) || last < first) return 0;
        if (first >= n) return -1;
        if (last >= n) last = n - 1;
    }
    *ret_first = first;
    *ret_last = last;
    return 1;
}

static struct MHD_Response *accel_response(struct http_exchange *x)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    if (!response) return NULL;
    struct str to = arena_printf(x->r.arena, "%.*s/%.*s", STR(x->server->options.accel_prefix),
                                 STR(x->answer.file));
    add(response, "X-Accel-Redirect", to.p);
    if (x->answer.immutable) add(response, "Cache-Control", "public, max-age=31536000, immutable");
    return response;
}

/* Sets answer.status; NULL when the file is not there. */
static struct MHD_Response *file_response(struct http_exchange *x)
{
    struct answer *a = &x->answer;
    struct str path =
        arena_printf(x->r.arena, "%.*s/%.*s", STR(x->server->options.data), STR(a->file));
    int fd = open(path.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat st;
    if (fd < 0) return NULL;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return NULL;
    }
    char etag[48], modified[TIME_HTTP + 1], range[80];
    snprintf(etag, sizeof etag, "\"%llx-%llx\"", (long long)st.st_mtime, (long long)st.st_size);
    time_http((int64_t)st.st_mtime * 1000, modified);
    int64_t first = 0, last = st.st_size - 1;
    int ranged = 0;
    struct MHD_Response *response = NULL;
    if (str_is(http_header(&x->r, "If-None-Match"), etag)) {
        a->status = 304;
    } else {
        struct str if_range = http_header(&x->r, "If-Range");
        if (!if_range.p || str_is(if_range, etag))
            ranged = range_parse(http_header(&x->r, "Range"), st.st_size, &first, &last);
        if (ranged < 0) a->status = 416;
    }
    if (a->status == 304 || a->status == 416) {
        close(fd);
        response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
        snprintf(range, sizeof range, "bytes */%lld", (long long)st.st_size);
    } else {
        if (ranged) a->status = 206;
        response = MHD_create_response_from_fd_at_offset64((uint64_t)(last - first + 1), fd,
                                                           (uint64_t)first);
        if (!response) close(fd);
        snprintf(range, sizeof range, "bytes %lld-%lld/%lld", (long long)first, (long long)last,
                 (long long)st.st_size);
    }
    if (!response) return NULL;
    if (a->status == 206 || a->status == 416) add(response, "Content-Range", range);
    add(response, "Accept-Ranges", "bytes");
    add(response, "ETag", etag);
    add(response, "Last-Modified", modified);
    add(response, "Cache-Control",
        a->immutable ? "public, max-age=31536000, immutable" : "private, no-cache");
    return response;
}

enum MHD_Result answer_send(struct http_exchange *x)
{
    struct answer *a = &x->answer;
    struct MHD_Response *response = NULL;
    if (a->kind == ANSWER_FILE) {
        response = x->server->accel ? accel_response(x) : file_response(x);
        if (!response) {
            struct request *r = &x->r;
            answer_reset(x);
            http_fail(r, 404, STR_NONE);
        }
    }
    answer_complete(x);
    tag_answer(x);
    if (!response) response = a->kind == ANSWER_STATIC ? static_response(x) : bytes_response(x);
    if (!response) return MHD_NO;
    add_common(x, response);
    enum MHD_Result result = MHD_queue_response(x->connection, (unsigned)a->status, response);
    MHD_destroy_response(response);
    return result;
}
