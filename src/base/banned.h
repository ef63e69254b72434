/* Functions whose use is always a mistake here. Included by base/str.h, so everywhere. */
#ifndef EDULAB_BASE_BANNED_H
#define EDULAB_BASE_BANNED_H

#pragma GCC poison strcpy strcat sprintf vsprintf strtok gets atoi atol atoll strncpy strncat

#endif
