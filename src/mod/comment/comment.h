/* What people say below videos. */
#ifndef EDULAB_MOD_COMMENT_H
#define EDULAB_MOD_COMMENT_H

#include "module.h"

/* Comments that wait for the team: to be let through, or reported. 0 for who may not decide about them. */
int64_t comment_waiting(struct request *r);

extern const struct module comment_module;

#endif
