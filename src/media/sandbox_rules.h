/* The kernel's part of the sandbox: what is prepared before fork, and what the child does to itself between fork and
 * exec. Private to sandbox.c. */
#ifndef EDULAB_MEDIA_SANDBOX_RULES_H
#define EDULAB_MEDIA_SANDBOX_RULES_H

#include "base/str.h"

/* The Landlock access version of this kernel, 0 for none. */
int rules_landlock_version(void);
/* A ruleset that shows the system's programs, `program`, `reads` (to read) and `folder` (to write; NULL for none):
 * a descriptor, -1 when the kernel has no Landlock, -2 with errno on failure. */
int rules_landlock_open(const char *program, const char *const *reads, size_t read_count,
                        const char *folder);
/* True when the seccomp filter could be built; call before fork. */
bool rules_prepare(void);
/* In the child, after the limits and right before exec: async-signal-safe. Gives up network and capabilities, then
 * applies the ruleset (-1: none) and the filter. False with errno. */
bool rules_apply(int landlock);

#endif
