/* The description of the API as the page for people shows it. */
#ifndef EDULAB_MOD_INTEROP_DOCS_H
#define EDULAB_MOD_INTEROP_DOCS_H

#include "mod/interop/pages.h"

struct api_field {
    struct str name, type, help, where; /* where: path, query, body */
    bool required;
};

struct api_operation {
    struct str id, method, path, group, summary, scopes, status, answer;
    bool open, partner, page; /* without signing in; partners may; a page of a list */
    struct api_field *params;
    size_t param_count;
};

struct api_shape {
    struct str name, help;
    struct api_field *fields;
    size_t field_count;
};

struct api_page {
    struct str origin, about;
    struct str *groups;
    size_t group_count;
    struct api_operation *operations;
    size_t operation_count;
    struct api_shape *shapes;
    size_t shape_count;
};

void interop_docs_get(struct request *r);
void interop_openapi_get(struct request *r);

#endif
