/* What an operation of the JSON API answers: a table of fields of a C structure. The same table writes the answer and
 * describes it in /api/openapi.json, so that the two cannot part.
 *
 *   static const struct shape_field fields[] = {
 *       SHAPE(struct row, title, SHAPE_TEXT, .help = N_("Its name.")),
 *       SHAPE(struct row, starts_at, SHAPE_TIME, .nullable = true), { 0 } };
 *   const struct shape programme_shape = { "Programme", N_("A programme."), fields, sizeof(struct row) };
 *   static const struct api one = { .answer = &programme_shape, .group = N_("Catalogue") };
 *
 * Names are English, in small letters with underscores, and stay: programs of others rely on them. */
#ifndef EDULAB_HTTP_SHAPE_H
#define EDULAB_HTTP_SHAPE_H

#include <jansson.h>

#include "base/arena.h"

enum shape_kind {
    SHAPE_TEXT,  /* struct str */
    SHAPE_URL,   /* struct str: a whole address */
    SHAPE_INT,   /* int64_t */
    SHAPE_BOOL,  /* bool */
    SHAPE_ID,    /* int64_t, as 13 characters */
    SHAPE_TIME,  /* int64_t: RFC 3339 in UTC */
    SHAPE_TEXTS, /* struct str_list */
    SHAPE_ONE,   /* const void *: a structure that `of` describes */
    SHAPE_LIST,  /* struct shape_list of them */
};

struct str_list {
    struct str *items;
    size_t n;
};
bool str_list_has(const struct str_list *list, struct str item);

struct shape_list {
    const void *items;
    size_t n;
};

struct shape;
struct shape_field {
    const char *name; /* NULL ends the table */
    enum shape_kind kind;
    unsigned offset;
    bool nullable; /* null for DB_NULL, a NULL text or a NULL pointer */
    const struct shape *of;
    const char *const *one_of; /* SHAPE_TEXT, SHAPE_TEXTS: the values there are, NULL-terminated */
    const char *help;          /* N_("…") or NULL */
};
#define SHAPE(type, field, kind_, ...)                                                             \
    {                                                                                              \
        .name = #field, .kind = (kind_), .offset = offsetof(type, field), __VA_ARGS__              \
    }

struct shape {
    const char *name; /* "Programme" */
    const char *help; /* N_("…") */
    const struct shape_field *fields;
    size_t size; /* of the structure */
    /* Instead of fields, for documents whose form is somebody else's: a JSON Schema as text. */
    const char *schema;
};

/* Errors in the form of another standard (OAuth, SCIM) instead of RFC 9457. */
struct api_errors {
    const char *type;          /* "application/json" */
    const struct shape *shape; /* as described */
    json_t *(*make)(int status, struct str message);
};

/* What the row of an operation says about its answer. */
struct api {
    const char *group;               /* N_("…"): the heading it stands under */
    const struct shape *answer;      /* NULL: no body */
    bool page;                       /* a page of a list: {"items": […], "next_cursor": …} */
    int status;                      /* when all is well; 0: 200 */
    const char *type;                /* NULL: application/json */
    const struct shape *body;        /* a JSON body that is no flat form; NULL: the row's params */
    const char *body_type;           /* NULL: application/json */
    const struct api_errors *errors; /* NULL: RFC 9457 */
};

/* A structure as JSON; a new reference. */
json_t *shape_json(const struct shape *shape, const void *row);

/* A place in a list ordered by (a, b), for programs: opaque. */
struct str cursor_text(struct arena *arena, int64_t a, int64_t b);
/* False when it is not one of ours. STR_NONE and "" give the lowest place: the beginning. */
bool cursor_parse(struct str text, int64_t *ret_a, int64_t *ret_b);

#endif
