/* Asking another site for a document, without letting an address from outside lead us into our own network. The check of
 * the address is made on the resolved one, at the moment of connecting, so a name that changes its answer between check
 * and use gains nothing. No redirects, no cookies, TLS verified. Slow: only in prepare, jobs and commands. */
#ifndef EDULAB_HTTP_CLIENT_H
#define EDULAB_HTTP_CLIENT_H

#include <sys/socket.h>

#include "base/arena.h"

/* Of a form with files (multipart): a value, or the file at `path`. */
struct http_part {
    const char *name; /* NULL ends the list */
    struct str value;
    struct str path;
    const char *file_name, *type;
};

struct http_call {
    struct str address;
    struct str form;                /* a body to POST, urlencoded; STR_NONE: GET */
    const struct http_part *parts;  /* instead, a form with files; NULL: none */
    const char *accept;             /* "application/json" */
    struct str authorization;       /* the whole value; STR_NONE: none */
    bool anywhere;                  /* also at private addresses and without TLS */
    size_t max;                     /* bytes of the answer */
    int seconds;                    /* for everything */
    bool (*goes_on)(void *context); /* asked each second; false ends it. NULL: nobody asks */
    void *context;
};

/* False when nobody answered wholly within the bounds; else the status and the body, whatever the status. */
bool http_call(struct arena *a, const struct http_call *call, int *ret_status,
               struct str *ret_body);

/* False for loopback, private, link-local, documentation, multicast and other special addresses. */
bool http_address_is_public(const struct sockaddr *address);

#endif
