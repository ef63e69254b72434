/* Every maximum for what comes from outside, on one screen. Past one of these: 413, 414, 422 or 431 with a
 * sentence that says which limit. Bytes unless the name says otherwise. */
#ifndef EDULAB_BASE_LIMITS_H
#define EDULAB_BASE_LIMITS_H

#define KIB 1024
#define MIB (1024 * 1024)

enum {
    LIMIT_HEAD = 16 * KIB,       /* request line and headers together */
    LIMIT_PATH = 1024,           /* decoded path */
    LIMIT_QUERY = 4 * KIB,       /* raw query string */
    LIMIT_FORM_BODY = 64 * KIB,  /* a form, unless its row says otherwise */
    LIMIT_UPLOAD_FORM = 2 * MIB, /* a form with a small file (badge to verify) */
    LIMIT_FIELDS = 128,          /* fields in one form or query */
    LIMIT_PAGE = 8 * MIB,        /* a page we write */
    LIMIT_CONNECTIONS = 16384,
    LIMIT_SQL_ROWS = 100000, /* rows of one `many` statement: a bug beyond */
    LIMIT_JOB_PAYLOAD = 64 * KIB,
    LIMIT_MAIL = 256 * KIB,
    LIMIT_TUS_PIECE = 8 * MIB + 4 * KIB,
    LIMIT_MARKDOWN = 256 * KIB,
    LIMIT_PNG = 2 * MIB,        /* a badge picture handed in */
    LIMIT_PORTRAIT = 12 * MIB,  /* a picture of oneself, as the camera made it */
    LIMIT_TEXT_LINE = 200,      /* title, name: characters */
    LIMIT_TEXT = 20000,         /* long text in a form: characters */
    LIMIT_IMPORT = 24 * MIB,    /* a CSV file handed in */
    LIMIT_IMPORT_ROWS = 200000, /* its lines */
    LIMIT_TOKEN_BURST = 300,    /* requests of one bearer token at once */
    LIMIT_TOKEN_MINUTE = 600,   /* and in a minute */
    LIMIT_PROGRAM_BURST =
        900, /* the same for a partner's program, by all its tokens together: directories such as */
    LIMIT_PROGRAM_MINUTE =
        1800, /* Entra ID expect 25 a second, and 16,000 people come in within ten minutes */
    LIMIT_TOKENS = 50,           /* tokens one person or partner has */
    LIMIT_PLAYLISTS = 100,       /* of one person, "watch later" among them */
    LIMIT_PLAYLIST_VIDEOS = 500, /* in one playlist */
    LIMIT_COMMENT = 4000,        /* below a video: characters */
    LIMIT_COMMENT_ANSWERS = 200, /* to one comment */
    LIMIT_REASON = 500, /* why somebody reports a comment, or the team hides it: characters */
};

#define LIMIT_UPLOAD ((int64_t)8 * 1024 * MIB) /* one video file */

#endif
