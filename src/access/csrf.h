/* CSRF tokens: see README.md. */
#ifndef EDULAB_ACCESS_CSRF_H
#define EDULAB_ACCESS_CSRF_H

#include "http/http.h"

/* 32 bytes. */
void csrf_set_secret(struct str secret);
struct str csrf_token(struct request *r);
bool csrf_valid(struct request *r, struct str token);

#endif
