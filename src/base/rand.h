/* Random bytes from the kernel. Never fails: a machine without them is not one to run on. */
#ifndef EDULAB_BASE_RAND_H
#define EDULAB_BASE_RAND_H

#include <stddef.h>
#include <stdint.h>

void rand_bytes(void *ret, size_t n);
uint64_t rand_u64(void);

#endif
