/* What a module needs of the HTTP layer: routes are rows, handlers get typed values and write one answer.
 *
 * GET    `get` reads on a snapshot (r->db) and answers. It runs on a server thread, so nothing slow.
 * unsafe `prepare` (optional; validation that costs, password hashing, files; no transaction; worker thread), then
 *        `apply` in one transaction (r->db). The transaction commits when the answer's status is below 400, otherwise
 *        it leaves no trace. `apply` may run again, so it touches only r->db and its own answer.
 *        With a status of 422 (http_invalid) the row's `form` shows the form again with r->form as typed. */
#ifndef EDULAB_HTTP_HTTP_H
#define EDULAB_HTTP_HTTP_H

#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "db/db.h"
#include "html/asset.h"
#include "html/html.h"
#include "http/shape.h"

struct request;

/* --- parameters: from the path, the query and the form, read by a table into a structure -------------------- */

enum param_kind {
    PARAM_TEXT,   /* struct str: one line, trimmed, NFC */
    PARAM_LONG,   /* struct str: several lines (Markdown) */
    PARAM_SECRET, /* struct str: as it is, never shown again (passwords) */
    PARAM_EMAIL,  /* struct str: lower-cased */
    PARAM_SLUG,   /* struct str: a-z 0-9 - */
    PARAM_INT,    /* int64_t */
    PARAM_ID,     /* int64_t from 13 characters of base32 */
    PARAM_BOOL,   /* bool: present and not "0" */
    PARAM_DATE,   /* int64_t: midnight in Europe/Brussels; DB_NULL when absent */
    PARAM_LIST,   /* struct str_list: the same name several times */
    PARAM_FILE,   /* struct upload: a small file of a multipart form */
    PARAM_PATH,   /* struct str: the rest of the path, only for a row that ends in "*" */
};

struct upload {
    struct str name, type; /* as the browser said: not to be trusted */
    struct str data;
};

struct param {
    const char *name; /* NULL ends the table */
    enum param_kind kind;
    unsigned offset; /* in the row's form structure */
    bool required;
    int64_t min, max; /* numbers: range; texts: characters; 0,0 = the kind's own limits */
    const char *help; /* for the API description: N_("…") or NULL */
};
#define PARAM(type, field, kind_, ...)                                                             \
    {                                                                                              \
        .name = #field, .kind = (kind_), .offset = offsetof(type, field), __VA_ARGS__              \
    }

/* --- who may ------------------------------------------------------------------------------------------------- */

enum access_kind {
    ACCESS_UNSAID, /* a row that says nothing is refused at start */
    ACCESS_PUBLIC,
    ACCESS_MEMBER,     /* signed in */
    ACCESS_PERMISSION, /* signed in and holding `permission` */
    ACCESS_OBJECT,     /* `rule` decides on the object, signed in or not */
    ACCESS_SCRAPE,     /* loopback or the configured token: /metrics */
};

struct access {
    enum access_kind kind;
    const char *permission; /* "catalogue.edit": rows of access/permissions.h */
    bool (*rule)(struct request *r);
};
#define PUBLIC                                                                                     \
    {                                                                                              \
        .kind = ACCESS_PUBLIC                                                                      \
    }
#define MEMBER                                                                                     \
    {                                                                                              \
        .kind = ACCESS_MEMBER                                                                      \
    }
#define MAY(name)                                                                                  \
    {                                                                                              \
        .kind = ACCESS_PERMISSION, .permission = (name)                                            \
    }
#define OBJECT(fn)                                                                                 \
    {                                                                                              \
        .kind = ACCESS_OBJECT, .rule = (fn)                                                        \
    }

/* Who asks, found by access/ before the handler. */
struct who {
    int64_t person_id; /* 0: a visitor */
    int64_t session_id;
    struct str name, email;
    uint64_t permissions; /* a bit for each row of access/permissions.h */
    struct str theme;
    bool strong;        /* the session was opened with two proofs */
    const void *scopes; /* roles that count for one thing only, once access/ has read them */
    /* a program with a bearer token (access/token.h), on rows of ROUTE_API only */
    int64_t token_id;               /* 0: a browser */
    int64_t client_id;              /* a partner's program: then person_id is 0 */
    int64_t organisation_id;        /* what the partner is confined to; 0: nothing narrower */
    bool token_reads, token_writes; /* what the token was made for */
    uint64_t token_permissions;     /* no role counts for more than these */
};

/* --- a route --------------------------------------------------------------------------------------------------- */

enum route_flag {
    ROUTE_NO_CSRF =
        1, /* bears its own proof (a signed token in the body or a bearer): say why in a comment */
    ROUTE_API = 2,       /* errors as JSON (RFC 9457), described in /api */
    ROUTE_STREAM = 4,    /* the body goes to `chunk` as it arrives */
    ROUTE_SLOW_FORM = 8, /* counts against the tight rate limit (sign-in, sign-up) */
    /* Reads nothing of ours: no snapshot, nobody is identified. With ROUTE_NO_CHANGE `prepare` answers at once, on a server
     * thread and past the rate limits: for what honest pages send all the time and which bears its own bound. Logged only
     * when it is refused. */
    ROUTE_NO_DB = 32,
    ROUTE_NO_CHANGE =
        16,             /* POST that changes nothing (a check): no transaction, `prepare` answers */
    ROUTE_PARTNER = 64, /* MAY(): a partner's program may too, though no person asks */
    ROUTE_IN_ORDER = 128, /* first come, first served: `apply` runs in the order of arrival */
    ROUTE_BODY = 256,   /* the body is a document, for http_body(); parameters stand in the query */
    ROUTE_TAGGED = 512, /* GET: with an ETag of what it answers, and 304 for who has it already */
    ROUTE_SECRET = 1024, /* who has the address may: it stands in no log */
};

struct route {
    const char *method, *path; /* "/formations/:slug"; ":x" is one segment, a final "*" the rest */
    struct access access;
    void (*get)(struct request *r);
    void (*prepare)(struct request *r);
    void (*apply)(struct request *r);
    void (*form)(struct request *r);
    /* Before `prepare`, with the form filled, without a database: how many ms this request waits (guesses at a secret
     * come slower and slower), -1: too many wait already. */
    int64_t (*wait)(struct request *r);
    /* ROUTE_STREAM: called for the head (p NULL, n 0), each piece, and once at the end through prepare/apply.
     * False stops reading: the answer is already set. */
    bool (*chunk)(struct request *r, const char *p, size_t n);
    const struct param *params;
    size_t form_size;
    size_t max_body; /* 0: LIMIT_FORM_BODY */
    unsigned flags;
    const char *help;      /* one sentence: `edulab routes`, the API description (then N_()) */
    const struct api *api; /* ROUTE_API: what it answers */
};

/* --- a request --------------------------------------------------------------------------------------------------- */

struct request {
    const struct route *route;
    struct arena *arena;
    struct str method, path, query;
    struct str id;   /* of this request, in logs and error pages */
    struct str peer; /* address, after the trusted proxy */
    enum lang lang;
    int64_t now;
    struct who who;
    struct db *db; /* GET: snapshot; apply: transaction; prepare: snapshot */
    void *form;    /* the row's structure, filled */
    void *state;   /* prepare's message to apply; chunk's state */
    struct field_error *errors;
    size_t error_count;
    struct http_exchange *exchange; /* the http layer's own */
};

/* The body of a ROUTE_BODY, as it came. */
struct str http_body(const struct request *r);
/* A request header; STR_NONE when absent. */
struct str http_header(const struct request *r, const char *name);

/* Starts an HTML answer and returns the page to write it to. 200 unless http_status() says otherwise. */
struct page *http_page(struct request *r);
void http_status(struct request *r, int status);
/* Answers 303 to `path` (ours, beginning with '/'); `notice` is a row name of struct notice or NULL. */
void http_redirect(struct request *r, struct str path, const char *notice);
/* Takes the reference. */
void http_json(struct request *r, int status, json_t *value);
/* Answers with the shape that the row describes (route.api). */
void http_answer(struct request *r, const void *row);
/* One page of a list: {"items": […], "next_cursor": …}. `next` is STR_NONE on the last page. */
void http_answer_page(struct request *r, const void *rows, size_t n, struct str next);
/* Answers 303 to another site: for an http(s) address that staff configured, never one from the request. */
void http_leave(struct request *r, struct str address);
void http_bytes(struct request *r, int status, const char *type, struct str data);
/* A file of ours below the data folder: sendfile, ranges, or X-Accel-Redirect when nginx is in front. */
void http_file(struct request *r, struct str path, const char *type, bool immutable);
/* One of the files built into the program: compressed once at build time, cached for a year when its name has a hash. */
void http_asset(struct request *r, const struct asset *asset);
/* This page may show content of one other origin ("https://host", or "'self'") in a frame; nothing else of it changes. The
 * caller vouches that the origin holds nothing but scheme, host and port. */
void http_may_frame(struct request *r, struct str origin);
/* These sites may show this page in a frame: sources of the policy ("ecole.be *.reseau.be", "*"), which the caller vouches to hold
 * nothing else. Otherwise nobody may. */
void http_framed_by(struct request *r, struct str sources);
void http_header_set(struct request *r, const char *name, struct str value);
/* Ends in an error: a page (or JSON) with the status and this sentence, already in the person's language. */
void http_fail(struct request *r, int status, struct str message);
/* Why, for the log line of this request: a few words without secrets, names or anything from outside. */
void http_explain(struct request *r, const char *why);
/* Adds an error beside a field; the status becomes 422. `field` NULL is about the whole form. */
void http_invalid(struct request *r, const char *field, struct str message);
/* For figures. */
struct database *http_database(const struct request *r);
/* Could this be an e-mail address? */
bool http_email_valid(struct str s);
/* How people reach the site, without a slash at the end: for links in mail and in documents. */
struct str http_public_url(const struct request *r);
/* Ends the connection of a request whose body is still arriving, from any thread: its exchange is then torn down as
 * when the sender leaves. The request must be known not to have ended. */
void http_hang_up(struct request *r);
/* Every table of routes, NULL-terminated: for the API description. */
const struct route *const *http_routes(const struct request *r);
/* True while nothing went wrong (status below 400). */
bool http_ok(const struct request *r);
/* For _() in handlers that have no page yet: lang_text(r->lang, …). */
#define R_(msgid) lang_text(r->lang, (msgid))

/* What is said on the next page after an action: …?fait=<name>. A fixed table, so that an address cannot put
 * words into our mouth. */
struct notice {
    const char *name; /* NULL ends the table */
    const char *text; /* N_("…") */
    bool bad;
};

/* --- for main and access ------------------------------------------------------------------------------------------- */

struct http_gate {                       /* filled by access/: the layer below knows no sessions */
    void (*identify)(struct request *r); /* fills r->who and r->lang, or fails the request */
    bool (*holds)(const struct request *r, const char *permission);
    struct str (*csrf_token)(struct request *r);
    bool (*csrf_valid)(struct request *r, struct str token);
    bool (*permission_known)(const char *permission); /* at start, for every row */
};

struct http_options {
    struct str host;
    unsigned port;     /* 0: any free one */
    struct str socket; /* path of a Unix socket where the proxy asks too, or empty */
    unsigned threads, workers;
    struct str public_url;   /* https://edulab.example, no slash at the end */
    struct str data;         /* the data folder */
    struct str accel_prefix; /* X-Accel-Redirect location, or empty */
    struct str trusted_proxy;
    struct str metrics_token;
    const struct route *const *routes; /* one table a module, NULL-terminated */
    const struct notice *const *notices;
    const struct menu_entry *const *menu;
    struct http_gate gate;
    const char *sign_in_path; /* where a visitor is sent when a page needs an account */
    void (*committed)(void);  /* after each durable change: wakes the runners of jobs */
    void (*error_page)(struct page *pg, int status, struct str message, struct str request_id);
};

struct http_figures {
    int64_t requests, by_class[6]; /* by_class[2]: answers 2xx */
    int64_t open_connections, waiting;
    /* requests by duration: at most 1, 5, 10, 50, 100, 500, 1000 ms, more */
    int64_t durations[8];
    int64_t duration_sum_us;
};
/* The bounds of `durations` in ms; the last is open. */
extern const int http_duration_bounds[7];
struct http_figures http_figures(void);

struct http_server;
struct http_server *http_start(struct database *database, const struct http_options *options,
                               struct arena *arena, struct str *ret_error);
/* The public address; made from host and port when none was given. */
struct str http_url(const struct http_server *server);
/* Stops taking connections, lets requests under way end (at most grace_ms), then frees. */
void http_stop(struct http_server *server, int64_t grace_ms);

#endif
