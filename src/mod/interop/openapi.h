/* The description of the JSON API, made from the rows of the route table. */
#ifndef EDULAB_MOD_INTEROP_OPENAPI_H
#define EDULAB_MOD_INTEROP_OPENAPI_H

#include "mod/interop/pages.h"

/* An OpenAPI 3.1 document in the request's language; a new reference. */
json_t *openapi_document(struct request *r);

/* schema.c: JSON Schema of a parameter (`json`: in a JSON body, else as text) and of a shape, by reference. */
json_t *schema_of_param(const struct param *p, enum lang lang);
json_t *schema_ref(const struct shape *shape);
/* Puts the shape and all it is made of into components/schemas. */
void schema_add(json_t *schemas, const struct shape *shape, enum lang lang);

#endif
