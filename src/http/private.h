/* What the files of http/ share. Nothing outside this folder includes it. */
#ifndef EDULAB_HTTP_PRIVATE_H
#define EDULAB_HTTP_PRIVATE_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "http/http.h"

/* --- the answer being made ------------------------------------------------------------------------------- */

enum answer_kind { ANSWER_NONE, ANSWER_BYTES, ANSWER_STATIC, ANSWER_FILE };

struct answer_header {
    const char *name;
    struct str value;
    struct answer_header *next;
};

struct answer {
    int status;
    enum answer_kind kind;
    const char *type;
    struct buf body;  /* ANSWER_BYTES: ours, freed or handed to microhttpd */
    struct str fixed; /* ANSWER_STATIC: lives as long as the program */
    bool fixed_gzip;
    struct str file; /* ANSWER_FILE: below the data folder */
    bool immutable;
    struct answer_header *headers;
    struct str frames;    /* the origin that the page may frame; STR_NONE: none */
    struct str framed_by; /* who may frame the page; STR_NONE: nobody */
    struct str message;   /* of an error, in the person's language */
};

/* Where an exchange is. Only one thread owns it at a time; the arrow says who. */
enum phase {
    PHASE_HEAD,     /* server thread: head seen */
    PHASE_BODY,     /* server thread: body arriving */
    PHASE_WORKING,  /* suspended: worker or database thread */
    PHASE_ANSWERED, /* server thread: answer may be queued */
};

struct http_exchange {
    struct request r;
    struct answer answer;
    struct http_server *server;
    struct MHD_Connection *connection;
    struct str target; /* raw request target */
    enum phase phase;
    bool refused_early;
    int64_t declared; /* Content-Length, -1 unknown */
    struct buf body;
    int64_t started; /* monotonic ms, for the log */
    struct timespec begun;
    struct db_change change;
    struct str path_values[8]; /* of ":x" segments, in order */
    unsigned path_value_count;
    struct page *page;
    const char *why;            /* http_explain() */
    struct http_exchange *next; /* worker queue */
    int64_t not_before;         /* worker queue: monotonic ms */
    void (*task)(struct http_exchange *x);
};

/* --- router.c ---------------------------------------------------------------------------------------------- */

struct router;
/* NULL with a sentence when a row is wrong (says no access, clashes, has no help …). */
struct router *router_create(const struct route *const *tables, const struct http_gate *gate,
                             struct arena *arena, struct str *ret_error);
/* Finds the row; *ret_allowed is a list such as "GET, POST" when the path exists for other methods. */
const struct route *router_find(const struct router *router, struct str method, struct str path,
                                struct str values[8], unsigned *ret_count, struct arena *arena,
                                struct str *ret_allowed);
/* The row, of whatever method, whose secret addresses begin as this path does; NULL: none. */
const struct route *router_secret(const struct router *router, struct str path);
void router_destroy(struct router *router);

/* --- form.c: from text to a typed structure --------------------------------------------------------------------- */

struct field {
    struct str name, value;
    struct upload *upload; /* of a multipart form */
};

struct fields {
    struct field items[LIMIT_FIELDS];
    size_t n;
};

/* Percent-decoding; '+' is a space when `plus`. False for a bad escape, invalid UTF-8 or NUL. */
bool url_decode(struct arena *a, struct str s, bool plus, struct str *ret);
/* "a=1&b=2" appended to fields; false when malformed or too many. */
bool fields_parse_urlencoded(struct arena *a, struct str s, struct fields *fields);
bool fields_parse_multipart(struct arena *a, struct str content_type, struct str body,
                            struct fields *fields);
/* A JSON object of scalars and arrays of scalars. */
bool fields_parse_json(struct arena *a, struct str body, struct fields *fields);
/* Fills r->form by the row's table; problems become r->errors. */
void form_fill(struct http_exchange *x, const struct fields *fields);
/* Sets the parameters that stand in the path; false: no such page (wrong kind). */
bool form_fill_path(struct http_exchange *x);
struct str fields_find(const struct fields *fields, const char *name);

/* --- answer.c ------------------------------------------------------------------------------------------------------ */

enum MHD_Result answer_send(struct http_exchange *x);
void answer_reset(struct http_exchange *x);
/* Turns an error status without a body into a page or JSON. */
void answer_complete(struct http_exchange *x);
/* Does an If-None-Match (or If-Match) header name the tag? By weak comparison. */
bool etag_matches(struct str header, struct str tag);
/* May the answer be packed with gzip? */
bool accepts_gzip(const struct request *r);
/* One "bytes=a-b" range of a file of n bytes: 0 none or ignored, 1 satisfiable, -1 not satisfiable. */
int range_parse(struct str header, int64_t n, int64_t *ret_first, int64_t *ret_last);

/* --- worker.c: threads for prepare and forms shown again ------------------------------------------------------------- */

struct workers;
struct workers *workers_create(unsigned threads);
void workers_add(struct workers *w, struct http_exchange *x, void (*task)(struct http_exchange *),
                 int64_t delay_ms);
/* Nobody waits any longer: the server is stopping. */
void workers_hurry(struct workers *w);
void workers_destroy(struct workers *w);

/* --- rate.c ------------------------------------------------------------------------------------------------------------ */

struct rate;
struct rate *rate_create(void);
/* Takes one token for `key`. Returns the delay in ms to serve it with (0 at once), or -1: refuse for now. `queue` tokens may be
 * owed: who owes waits until they are there. */
int64_t rate_take(struct rate *rate, struct str key, int64_t now_ms, int burst, int per_minute,
                  int queue);
void rate_destroy(struct rate *rate);

/* --- server.c ------------------------------------------------------------------------------------------------------------ */

struct http_server {
    struct http_options options;
    struct database *database;
    struct MHD_Daemon *daemons[2]; /* at the address; at the Unix socket, if there is one */
    struct router *router;
    struct workers *workers;
    struct rate *rate;
    unsigned port;
    bool accel;
    atomic_int suspended; /* exchanges in PHASE_WORKING */
    atomic_int alive;
    atomic_bool stopping;
};

#endif
