/* The headers of tus 1.0, read without trusting them. Pure functions. */
#ifndef EDULAB_MEDIA_TUS_PARSE_H
#define EDULAB_MEDIA_TUS_PARSE_H

#include "base/arena.h"

enum {
    TUS_METADATA = 4096,   /* bytes of Upload-Metadata */
    TUS_NAME = 200,        /* characters kept of a file's name */
    TUS_FINGERPRINT = 500, /* bytes */
    TUS_PURPOSE = 60,      /* bytes */
    TUS_DIGEST = 64,       /* bytes of the longest checksum */
};

/* Upload-Length, Upload-Offset: digits only, below 2^53. */
bool tus_parse_number(struct str header, int64_t *ret);

struct tus_metadata {
    struct str name;        /* of the file: no folders, no control characters; "" when not given */
    struct str fingerprint; /* "" when not given */
    struct str purpose; /* what it is for, a word of the module that listens; "" when not given */
};

/* Upload-Metadata: "key base64,key base64". An absent header gives empty texts. False when malformed, too long, not
 * UTF-8, or a key comes twice. */
bool tus_parse_metadata(struct arena *a, struct str header, struct tus_metadata *ret);

enum tus_checksum_problem { TUS_CHECKSUM_OK, TUS_CHECKSUM_MALFORMED, TUS_CHECKSUM_UNKNOWN };

struct tus_checksum {
    const char *algorithm; /* OpenSSL's name; static */
    unsigned char bytes[TUS_DIGEST];
    size_t n;
};

#define TUS_ALGORITHMS "sha1,sha256,sha512"
/* Upload-Checksum: "sha1 base64". */
enum tus_checksum_problem tus_parse_checksum(struct str header, struct tus_checksum *ret);

/* Standard base64 with its padding. ret must have room for 3 bytes in each 4 characters; returns their number, -1 when
 * malformed. */
long tus_base64(struct str text, unsigned char *ret);

#endif
