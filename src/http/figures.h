/* Counting requests. */
#ifndef EDULAB_HTTP_FIGURES_H
#define EDULAB_HTTP_FIGURES_H

#include "http/http.h"

void figures_request(int status, int64_t us);
void figures_connection(int change);
void figures_waiting(int change);

#endif
