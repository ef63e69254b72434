/* The tus 1.0 protocol: core, creation, checksum, termination, expiration. A piece goes straight to the upload's file as
 * it arrives; it counts once it is durable and the row says so. A connection that breaks keeps what arrived, unless
 * the piece came with a checksum that could then not be checked. One piece of an upload at a time: its file is locked. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/id.h"
#include "base/time.h"
#include "media/file.h"
#include "media/media.h"
#include "media/probe.h"
#include "media/tus_parse.h"
#include "media_sql.h"

enum {
    OPEN_MAX_OF_ONE = 50, /* unfinished uploads a person may have */
    SILENT_MS = 2000,     /* a sender of whom nothing comes for so long gives way to the next */
    ADDRESS_ROOM = 64,
};

#define LIFETIME (7 * DAY_MS) /* after the last piece */
#define DISK_RESERVE ((int64_t)256 * MIB)
#define PATH "/api/v1/uploads"

struct upload_form {
    int64_t id;
};
static const struct param id_params[] = { PARAM(struct upload_form, id, PARAM_ID, .required = true),
                                          { 0 } };

/* --- what all answers share ----------------------------------------------------------------------------- */

static void set_number(struct request *r, const char *name, int64_t value)
{
    http_header_set(r, name, arena_printf(r->arena, "%lld", (long long)value));
}

static void set_protocol(struct request *r)
{
    http_header_set(r, "Tus-Resumable", S("1.0.0"));
    http_header_set(r, "Cache-Control", S("no-store"));
}

static void fail(struct request *r, int status, struct str message)
{
    set_protocol(r);
    http_fail(r, status, message);
}

static void set_expiry(struct request *r, int64_t at)
{
    char text[TIME_HTTP + 1];
    time_http(at, text);
    http_header_set(r, "Upload-Expires", arena_dup(r->arena, str_from(text)));
}

static bool speaks_tus(struct request *r)
{
    if (str_is(http_header(r, "Tus-Resumable"), "1.0.0")) return true;
    fail(r, 412, R_(N_("This address speaks the protocol tus 1.0.0.")));
    http_header_set(r, "Tus-Version", S("1.0.0"));
    return false;
}

static struct str path_of(struct arena *a, int64_t id)
{
    return file_join(a, media_uploads_folder(), id_lower(a, id));
}

static struct str address_of(struct arena *a, int64_t id)
{
    return arena_printf(a, PATH "/%.*s", STR(id_lower(a, id)));
}

/* How many of the file's bytes count. What an earlier process wrote without acknowledging it does not: after a power cut
 * it may be holes. Nor does a last piece whose request was never answered: the upload is whole once its row says so. */
static int64_t counted(const struct stat *st, const struct media_sql_upload *u)
{
    bool ours =
        (int64_t)st->st_mtim.tv_sec * 1000 + st->st_mtim.tv_nsec / 1000000 >= media_opened_at();
    if (st->st_size <= u->received) return st->st_size;
    return ours && st->st_size < u->size ? st->st_size : u->received;
}

/* Where the next piece begins. */
static int64_t offset_of(struct arena *a, const struct media_sql_upload *u)
{
    struct stat st;
    if (!str_is(u->state, "open")) return u->size;
    return stat(path_of(a, u->id).p, &st) == 0 ? counted(&st, u) : 0;
}

/* The request's upload, when it is the person's own and not over. */
static bool find(struct request *r, struct media_sql_upload *ret)
{
    const struct upload_form *f = r->form;
    if (!media_sql_upload(r->db, f->id, ret) || ret->person_id != r->who.person_id) {
        fail(r, 404, R_(N_("There is no such upload.")));
        return false;
    }
    bool over =
        str_is(ret->state, "expired") || (str_is(ret->state, "open") && ret->expires_at <= r->now);
    if (over) fail(r, 410, R_(N_("This upload has expired. Please choose the file again.")));
    return !over;
}

/* --- looking -------------------------------------------------------------------------------------------- */

static json_t *as_json(struct arena *a, const struct media_sql_upload *u)
{
    char expires[TIME_RFC3339 + 1];
    time_rfc3339(u->expires_at, expires);
    struct str id = id_lower(a, u->id), address = address_of(a, u->id);
    return json_pack("{s:s%, s:s%, s:I, s:I, s:s%, s:s%, s:s%, s:s%, s:s}", "id", id.p, id.n,
                     "name", u->name.p, u->name.n, "size", (json_int_t)u->size, "offset",
                     (json_int_t)offset_of(a, u), "url", address.p, address.n, "fingerprint",
                     u->fingerprint.p, u->fingerprint.n, "purpose", u->purpose.p, u->purpose.n,
                     "state", u->state.p, u->state.n, "expires", expires);
}

/* GET for pages, HEAD for tus. */
static void upload_get(struct request *r)
{
    struct media_sql_upload u;
    if (str_is(r->method, "HEAD") && !speaks_tus(r)) return;
    if (!find(r, &u)) return;
    http_json(r, 200, as_json(r->arena, &u));
    set_protocol(r);
    set_number(r, "Upload-Offset", offset_of(r->arena, &u));
    set_number(r, "Upload-Length", u.size);
    if (str_is(u.state, "open")) set_expiry(r, u.expires_at);
}

static void uploads_get(struct request *r)
{
    struct media_sql_upload *rows;
    size_t n = media_sql_open_uploads(r->db, r->who.person_id, r->now, OPEN_MAX_OF_ONE, &rows);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, as_json(r->arena, &rows[i]));
    http_json(r, 200, list);
    set_protocol(r);
}

static void options_prepare(struct request *r)
{
    http_bytes(r, 204, NULL, S(""));
    set_protocol(r);
    http_header_set(r, "Tus-Version", S("1.0.0"));
    http_header_set(r, "Tus-Extension", S("creation,checksum,termination,expiration"));
    http_header_set(r, "Tus-Checksum-Algorithm", S(TUS_ALGORITHMS));
    set_number(r, "Tus-Max-Size", LIMIT_UPLOAD);
}

/* --- creating ------------------------------------------------------------------------------------------- */

struct creation {
    int64_t id, size;
    struct tus_metadata metadata;
};

static bool has_room(int64_t size)
{
    struct statvfs st;
    char folder[4096];
    snprintf(folder, sizeof folder, "%.*s", STR(media_uploads_folder()));
    if (statvfs(folder, &st) != 0) return false;
    return (int64_t)(st.f_bavail * st.f_frsize) - DISK_RESERVE >= size;
}

static bool check_size(struct request *r, struct creation *c)
{
    if (!tus_parse_number(http_header(r, "Upload-Length"), &c->size)) {
        fail(r, 400, R_(N_("The header Upload-Length must give the size of the file.")));
    } else if (c->size == 0) {
        fail(r, 422, R_(probe_sentence(PROBE_EMPTY)));
    } else if (c->size > LIMIT_UPLOAD) {
        fail(r, 413, R_(N_("This file is too large: 8 GiB at most.")));
        set_number(r, "Tus-Max-Size", LIMIT_UPLOAD);
    } else if (!has_room(c->size)) {
        fail(r, 507,
             R_(N_("There is not enough room left on our disk for this file. Nothing was kept.")));
    }
    return http_ok(r);
}

static void create_prepare(struct request *r)
{
    struct creation *c = r->state = arena_new(r->arena, struct creation);
    struct media_sql_count_open open = { 0 };
    if (!speaks_tus(r) || !check_size(r, c)) return;
    if (!tus_parse_metadata(r->arena, http_header(r, "Upload-Metadata"), &c->metadata)) {
        fail(r, 400, R_(N_("The header Upload-Metadata could not be read.")));
        return;
    }
    if (c->metadata.name.n == 0) c->metadata.name = S("video");
    media_sql_count_open(r->db, r->who.person_id, r->now, &open);
    if (open.n >= OPEN_MAX_OF_ONE)
        fail(r, 429, R_(N_("You have fifty unfinished uploads. Finish or remove some first.")));
    c->id = id_new();
}

static void create_apply(struct request *r)
{
    const struct creation *c = r->state;
    media_sql_add_upload(r->db,
                         &(struct media_sql_add_upload_in){ .id = c->id,
                                                            .person = r->who.person_id,
                                                            .name = c->metadata.name,
                                                            .fingerprint = c->metadata.fingerprint,
                                                            .purpose = c->metadata.purpose,
                                                            .size = c->size,
                                                            .now = r->now,
                                                            .expires = r->now + LIFETIME });
    http_bytes(r, 201, NULL, S(""));
    set_protocol(r);
    set_expiry(r, r->now + LIFETIME);
    http_header_set(r, "Location", address_of(r->arena, c->id));
}

/* --- a piece -------------------------------------------------------------------------------------------- */

/* From the head of a PATCH to its answer. */
struct piece {
    struct media_sql_upload upload;
    int fd;
    int64_t start, n;   /* where it begins, how much has been written */
    EVP_MD_CTX *digest; /* NULL without a checksum */
    struct tus_checksum checksum;
    bool kept; /* what is in the file may stay */
    struct request *request;
    int64_t heard; /* when bytes came last */
    struct piece *next;
};

/* The pieces that are arriving in this process. */
static pthread_mutex_t arriving_lock = PTHREAD_MUTEX_INITIALIZER;
static struct piece *arriving;

static void arriving_add(struct request *r, struct piece *p)
{
    p->request = r;
    p->heard = time_now();
    pthread_mutex_lock(&arriving_lock);
    p->next = arriving;
    arriving = p;
    pthread_mutex_unlock(&arriving_lock);
}

static void arriving_remove(struct piece *p)
{
    pthread_mutex_lock(&arriving_lock);
    struct piece **at = &arriving;
    while (*at && *at != p)
        at = &(*at)->next;
    if (*at) *at = p->next;
    pthread_mutex_unlock(&arriving_lock);
}

/* A lid that was closed in the middle of a piece leaves a connection that nobody will ever end: when its sender has
 * been silent and comes again on another one, the old one is hung up, and its file is free a moment later. */
static void arriving_give_way(int64_t upload)
{
    pthread_mutex_lock(&arriving_lock);
    for (struct piece *p = arriving; p; p = p->next)
        if (p->upload.id == upload && time_now() - p->heard > SILENT_MS) http_hang_up(p->request);
    pthread_mutex_unlock(&arriving_lock);
}

/* The end of the request, however it came: an unchecked piece is taken back, the file is unlocked. */
static void piece_end(void *what)
{
    struct piece *p = what;
    EVP_MD_CTX_free(p->digest);
    arriving_remove(p);
    if (p->fd < 0) return;
    /* if this fails the bytes stay, and the next piece's offset says so */
    int cut = p->kept ? 0 : ftruncate(p->fd, p->start);
    (void)cut;
    close(p->fd);
}

static void fail_write(struct request *r, int error)
{
    if (file_error_is_full(error))
        fail(r, 507,
             R_(N_("Our disk is full. What had arrived before is kept: you can go on later.")));
    else fail(r, 500, STR_NONE);
}

static bool take_checksum(struct request *r, struct piece *p)
{
    struct str header = http_header(r, "Upload-Checksum");
    if (!header.p) return true;
    if (tus_parse_checksum(header, &p->checksum) != TUS_CHECKSUM_OK) {
        fail(r, 400,
             R_(N_("The header Upload-Checksum could not be read: sha1, sha256 or sha512 and "
                   "base64.")));
        return false;
    }
    p->digest = EVP_MD_CTX_new();
    if (!p->digest ||
        EVP_DigestInit_ex(p->digest, EVP_get_digestbyname(p->checksum.algorithm), NULL) != 1)
        abort();
    return true;
}

/* Opens and locks the file at the place where the piece goes. */
static bool open_piece(struct request *r, struct piece *p, int64_t offset)
{
    struct stat st;
    p->fd = file_lock(path_of(r->arena, p->upload.id), O_WRONLY | O_CREAT);
    if (p->fd < 0 && errno == EWOULDBLOCK) {
        arriving_give_way(p->upload.id);
        fail(r, 423, R_(N_("Another piece of this upload is arriving. Try again in a moment.")));
        return false;
    }
    if (p->fd < 0 || fstat(p->fd, &st) != 0) {
        fail_write(r, errno);
        return false;
    }
    p->start = counted(&st, &p->upload);
    if (offset != p->start) {
        fail(r, 409, R_(N_("This piece does not begin where the last one ended.")));
        set_number(r, "Upload-Offset", p->start);
        return false;
    }
    if (ftruncate(p->fd, p->start) != 0 || lseek(p->fd, p->start, SEEK_SET) != p->start) {
        fail_write(r, errno);
        return false;
    }
    p->kept = !p->digest;
    arriving_add(r, p);
    return true;
}

static bool piece_begin(struct request *r)
{
    int64_t offset, length;
    struct piece *p = r->state = arena_new(r->arena, struct piece);
    p->fd = -1;
    p->kept = true;
    arena_cleanup(r->arena, piece_end, p);
    if (!speaks_tus(r) || !find(r, &p->upload)) return false;
    if (!str_is(http_header(r, "Content-Type"), "application/offset+octet-stream")) {
        fail(r, 415, R_(N_("A piece comes as application/offset+octet-stream.")));
        return false;
    }
    if (!tus_parse_number(http_header(r, "Upload-Offset"), &offset)) {
        fail(r, 400, R_(N_("The header Upload-Offset must say where this piece begins.")));
        return false;
    }
    if (!str_is(p->upload.state, "open")) {
        fail(r, 409, R_(N_("This upload is complete already.")));
        return false;
    }
    if (!take_checksum(r, p) || !open_piece(r, p, offset)) return false;
    bool known = tus_parse_number(http_header(r, "Content-Length"), &length);
    if (!known || length <= p->upload.size - p->start) return true;
    fail(r, 413, R_(N_("This piece is longer than what is missing of the file.")));
    return false;
}

static bool piece_chunk(struct request *r, const char *bytes, size_t n)
{
    if (!bytes) return piece_begin(r);
    struct piece *p = r->state;
    if ((int64_t)n > p->upload.size - p->start - p->n) {
        fail(r, 413, R_(N_("This piece is longer than what is missing of the file.")));
        return false;
    }
    if (!file_write_all(p->fd, bytes, n)) {
        fail_write(r, errno);
        return false;
    }
    if (p->digest) EVP_DigestUpdate(p->digest, bytes, n);
    pthread_mutex_lock(&arriving_lock);
    p->heard = time_now();
    pthread_mutex_unlock(&arriving_lock);
    p->n += (int64_t)n;
    return true;
}

static bool checksum_right(struct piece *p)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    if (!p->digest) return true;
    if (EVP_DigestFinal_ex(p->digest, bytes, &n) != 1) abort();
    return n == p->checksum.n && memcmp(bytes, p->checksum.bytes, n) == 0;
}

/* The piece is whole: check it and make it durable. */
static void piece_prepare(struct request *r)
{
    struct piece *p = r->state;
    arriving_remove(p);
    if (!checksum_right(p)) {
        fail(r, 460,
             R_(N_("This piece was damaged on its way (its checksum differs). It was dropped: send "
                   "it again.")));
        return;
    }
    if (fdatasync(p->fd) != 0 || !file_sync_folder(media_uploads_folder())) {
        fail_write(r, errno);
        return;
    }
    /* unlocked before the answer, so that the next piece finds it free */
    close(p->fd);
    p->fd = -1;
}

static void piece_apply(struct request *r)
{
    struct piece *p = r->state;
    const struct media_sql_upload *u = &p->upload;
    int64_t received = p->start + p->n, expires = r->now + LIFETIME;
    bool whole = received == u->size;
    int64_t rows = whole ? media_sql_complete(r->db, u->id, u->size)
                         : media_sql_advance(r->db, u->id, received, expires);
    if (rows == 0) { /* removed in the meantime */
        fail(r, 404, R_(N_("There is no such upload.")));
        return;
    }
    if (whole)
        job_add(r->db, "media.store", id_lower(r->arena, u->id),
                json_pack("{s:I}", "upload", (json_int_t)u->id), 0);
    http_bytes(r, 204, NULL, S(""));
    set_protocol(r);
    set_number(r, "Upload-Offset", received);
    if (!whole) set_expiry(r, expires);
}

/* --- removing ------------------------------------------------------------------------------------------- */

static void remove_prepare(struct request *r)
{
    struct media_sql_upload u;
    if (!speaks_tus(r) || !find(r, &u)) return;
    if (!str_is(u.state, "open")) fail(r, 409, R_(N_("This upload is complete already.")));
    /* the file first: a row without bytes is an upload that has not begun, bytes without a row would be nobody's */
    else if (unlink(path_of(r->arena, u.id).p) != 0 && errno != ENOENT) fail(r, 500, STR_NONE);
}

static void remove_apply(struct request *r)
{
    const struct upload_form *f = r->form;
    if (media_sql_drop_upload(r->db, f->id) == 0) {
        fail(r, 409, R_(N_("This upload is complete already.")));
        return;
    }
    http_bytes(r, 204, NULL, S(""));
    set_protocol(r);
}

/* For the API description. */
#define UPLOADS N_("Uploads")
#define UPLOAD_SCHEMA                                                                              \
    "{\"type\":\"object\",\"required\":[\"id\",\"name\",\"size\",\"offset\",\"url\","              \
    "\"fingerprint\",\"purpose\",\"state\","                                                       \
    "\"expires\"],\"properties\":{\"id\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},"    \
    "\"size\":{\"type\":"                                                                          \
    "\"integer\"},\"offset\":{\"type\":\"integer\"},\"url\":{\"type\":\"string\"},"                \
    "\"fingerprint\":{\"type\":"                                                                   \
    "\"string\"},\"purpose\":{\"type\":\"string\"},\"state\":{\"type\":\"string\"},\"expires\":{"  \
    "\"type\":\"string\",\"format\":"                                                              \
    "\"date-time\"}}}"
static const struct shape upload_shape = { .name = "Upload",
                                           .help = N_("A file on its way here."),
                                           .schema = UPLOAD_SCHEMA };
static const struct shape uploads_shape = { .name = "Uploads",
                                            .help = N_("Files on their way here."),
                                            .schema = "{\"type\":\"array\",\"items\":" UPLOAD_SCHEMA
                                                      "}" };
static const struct api upload_api = { .group = UPLOADS, .answer = &upload_shape };
static const struct api uploads_api = { .group = UPLOADS, .answer = &uploads_shape };
static const struct api upload_made_api = { .group = UPLOADS, .status = 201 };
static const struct api upload_done_api = { .group = UPLOADS, .status = 204 };
static const struct api upload_piece_api = { .group = UPLOADS,
                                             .status = 204,
                                             .body_type = "application/offset+octet-stream" };

#define OF_ONE .params = id_params, .form_size = sizeof(struct upload_form)

const struct route media_routes[] = {
    { "POST", PATH, MAY("tv.upload"), .prepare = create_prepare, .apply = create_apply,
      .flags = ROUTE_API, .api = &upload_made_api,
      .help =
          N_("Begins a resumable upload (tus 1.0): Upload-Length and Upload-Metadata (filename, "
             "fingerprint, purpose).") },
    { "GET", PATH, MAY("tv.upload"), .get = uploads_get, .flags = ROUTE_API, .api = &uploads_api,
      .help = N_("The person's own unfinished uploads, as JSON, to go on with them.") },
    /* changes nothing and tells nothing about anybody, so it needs no token */
    { "OPTIONS", PATH, PUBLIC, .prepare = options_prepare,
      .flags = ROUTE_API | ROUTE_NO_CHANGE | ROUTE_NO_CSRF, .api = &upload_done_api,
      .help = N_("What this tus server can do.") },
    { "GET", PATH "/:id", MAY("tv.upload"), .get = upload_get, OF_ONE, .flags = ROUTE_API,
      .api = &upload_api,
      .help = N_("How far an upload is: headers for tus (HEAD), JSON for pages.") },
    { "PATCH", PATH "/:id", MAY("tv.upload"), .prepare = piece_prepare, .apply = piece_apply,
      .chunk = piece_chunk, OF_ONE, .max_body = LIMIT_TUS_PIECE, .flags = ROUTE_API | ROUTE_STREAM,
      .api = &upload_piece_api,
      .help = N_("The next piece of an upload, at most 8 MiB, with an optional Upload-Checksum.") },
    { "DELETE", PATH "/:id", MAY("tv.upload"), .prepare = remove_prepare, .apply = remove_apply,
      OF_ONE, .flags = ROUTE_API, .api = &upload_done_api,
      .help = N_("Gives an unfinished upload up and removes what had arrived.") },
    { 0 },
};
