/* Mail: queued in the asker's transaction, sent by a job, to a folder or to a mail server. */
#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/id.h"
#include "base/limits.h"
#include "base/time.h"
#include "work/internal.h"
#include "work_sql.h"

#define SEND "work.mail"
#define DEFAULT_FROM "eduLAB <edulab@localhost>"

enum { CONNECT_SECONDS = 10, SEND_SECONDS = 60 };

void mail_forget(struct db *db, struct str address)
{
    work_sql_forget_mails_to(db, address);
}

void mail_queue(struct db *db, struct str to, struct str subject, struct str body)
{
    mail_queue_with(db, to, subject, body, &(const struct mail_part){ S(""), S(""), S("") });
}

static void queue(struct db *db, struct str to, struct str subject, struct str body,
                  const struct mail_part *part, struct str unsubscribe)
{
    assert(subject.n + body.n + part->data.n <=
           LIMIT_MAIL); /* written by us, around texts that were bounded at the door */
    int64_t id = id_new();
    char id_text[ID_TEXT + 1];
    id_format(id, id_text);
    work_sql_mail_add(db, &(struct work_sql_mail_add_in){ .id = id,
                                                          .recipient = to,
                                                          .subject = subject,
                                                          .body = body,
                                                          .part_name = part->name,
                                                          .part_type = part->type,
                                                          .part = part->data,
                                                          .unsubscribe = unsubscribe,
                                                          .now = time_now() });
    json_t *payload = json_pack("{s:I}", "mail", (json_int_t)id);
    if (!payload) abort(); /* only without memory */
    job_add(db, SEND, arena_dup(db_arena(db), str_from(id_text)), payload, 0);
}

void mail_queue_with(struct db *db, struct str to, struct str subject, struct str body,
                     const struct mail_part *part)
{
    queue(db, to, subject, body, part, S(""));
}

void mail_queue_list(struct db *db, struct str to, struct str subject, struct str body,
                     struct str unsubscribe)
{
    queue(db, to, subject, body, &(const struct mail_part){ S(""), S(""), S("") }, unsubscribe);
}

/* --- to a folder ----------------------------------------------------------------------------------------------------- */

static bool write_all(int fd, struct str s)
{
    while (s.n) {
        ssize_t n = write(fd, s.p, s.n);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        s = str_sub(s, (size_t)n, s.n);
    }
    return true;
}

/* Written beside, made durable, then renamed: a reader never sees half a mail, and a repeat replaces itself. */
static bool to_folder(struct job *job, const struct mail_text *mail, struct str text)
{
    struct arena *a = job->arena;
    struct str data = job->work->options.data;
    char id[ID_TEXT + 1], when[TIME_RFC3339 + 1];
    id_format(mail->id, id);
    time_rfc3339(mail->created_at, when);
    const char *folder = arena_printf(a, "%.*s/mail", STR(data)).p;
    const char *beside = arena_printf(a, "%s/.%s.part", folder, id).p;
    /* 20261123T201500Z: no colons, so that every file system takes it */
    const char *path = arena_printf(a, "%s/%.4s%.2s%.2sT%.2s%.2s%.2sZ-%s.eml", folder, when,
                                    when + 5, when + 8, when + 11, when + 14, when + 17, id)
                           .p;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) return false;
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return false;
    bool well = write_all(fd, text) && fsync(fd) == 0;
    well = close(fd) == 0 && well && rename(beside, path) == 0;
    if (!well) {
        int why = errno;
        unlink(beside);
        errno = why;
        return false;
    }
    int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0) return false;
    well = fsync(dir) == 0;
    close(dir);
    return well;
}

/* --- to a mail server ------------------------------------------------------------------------------------------------ */

static void curl_begin(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0) abort();
}

static size_t read_mail(char *to, size_t size, size_t count, void *context)
{
    struct str *rest = context;
    size_t n = size * count < rest->n ? size * count : rest->n;
    memcpy(to, rest->p, n);
    *rest = str_sub(*rest, n, rest->n);
    return n;
}

/* Without TLS a password or a link would be readable on the way: only a server on this machine may lack it. */
static long tls_needed(struct str url)
{
    static const char *const near[] = { "smtp://127.0.0.1", "smtp://localhost", "smtp://[::1]" };
    for (size_t i = 0; i < COUNT(near); i++) {
        if (!str_starts(url, str_from(near[i]))) continue;
        char after = url.n > strlen(near[i]) ? url.p[strlen(near[i])] : '\0';
        if (after == ':' || after == '/' || after == '\0') return CURLUSESSL_NONE;
    }
    return CURLUSESSL_ALL;
}

static void give_credentials(CURL *curl, struct job *job)
{
    const struct work_options *o = &job->work->options;
    if (!o->smtp_user.n) return;
    curl_easy_setopt(curl, CURLOPT_USERNAME, arena_cstr(job->arena, o->smtp_user));
    curl_easy_setopt(curl, CURLOPT_PASSWORD, arena_cstr(job->arena, o->smtp_password));
}

/* 5xx about this mail is for ever; about ourselves (530 to 538: sign-in) it may be put right. */
static enum job_result smtp_verdict(struct job *job, CURLcode code, long answer, const char *detail)
{
    if (code == CURLE_OK) return JOB_DONE;
    job_explain(job, arena_printf(job->arena, "The mail server: %s (%ld).",
                                  detail[0] ? detail : curl_easy_strerror(code), answer));
    bool ourselves = answer >= 530 && answer <= 538;
    return answer >= 500 && answer < 600 && !ourselves ? JOB_DEAD : JOB_RETRY;
}

static enum job_result to_server(struct job *job, const struct mail_text *mail, struct str text)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, curl_begin);
    struct arena *a = job->arena;
    struct str url = job->work->options.smtp_url;
    CURL *curl = curl_easy_init();
    struct curl_slist *to =
        curl_slist_append(NULL, arena_printf(a, "<%.*s>", STR(mail_address(mail->to))).p);
    char detail[CURL_ERROR_SIZE] = "";
    if (!curl || !to) abort(); /* only without memory */
    curl_easy_setopt(curl, CURLOPT_URL, arena_cstr(a, url));
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL, tls_needed(url));
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* a proxy for the web is none for mail */
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM,
                     arena_printf(a, "<%.*s>", STR(mail_address(mail->from))).p);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_mail);
    curl_easy_setopt(curl, CURLOPT_READDATA, &text);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)SEND_SECONDS);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail);
    give_credentials(curl, job);
    CURLcode code = curl_easy_perform(curl);
    long answer = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
    curl_slist_free_all(to);
    curl_easy_cleanup(curl);
    return smtp_verdict(job, code, answer, detail);
}

/* --- the job --------------------------------------------------------------------------------------------------------- */

static int64_t mail_of(const struct job *job)
{
    return job_number(job, "mail");
}

static enum job_result load(struct job *job, struct mail_text *ret)
{
    struct work_sql_mail row;
    struct db *db = db_read_begin(job->database, job->arena);
    bool found = db && work_sql_mail(db, mail_of(job), &row), failed = !db || db_failed(db);
    if (db) db_read_end(db);
    if (failed) {
        job_explain(job, S("The database did not answer."));
        return JOB_RETRY;
    }
    if (!found) { /* it went with the account it was for */
        *ret = (struct mail_text){ 0 };
        return JOB_DONE;
    }
    struct str from = job->work->options.mail_from;
    *ret = (struct mail_text){
        .id = mail_of(job),
        .created_at = row.created_at,
        .from = from.n ? from : S(DEFAULT_FROM),
        .to = row.recipient,
        .subject = row.subject,
        .body = row.body,
        .part = { row.part_name, row.part_type, row.part },
        .unsubscribe = row.unsubscribe,
    };
    return JOB_DONE;
}

static enum job_result send_mail(struct job *job)
{
    struct mail_text mail;
    enum job_result result = load(job, &mail);
    if (result != JOB_DONE || !mail.id) return result;
    if (!mail_address(mail.from).p) {
        job_explain(job, S("The setting mail_from is not an e-mail address."));
        return JOB_RETRY;
    }
    struct str text = mail_format(job->arena, &mail);
    if (!text.p) {
        job_explain(job, S("The recipient's address is not an e-mail address."));
        return JOB_DEAD;
    }
    if (job->work->options.smtp_url.n) return to_server(job, &mail, text);
    if (to_folder(job, &mail, text)) return JOB_DONE;
    job_explain(job, arena_printf(job->arena, "The mail folder: %s.", strerror(errno)));
    return JOB_RETRY;
}

static bool mail_sent(struct db *db, struct job *job)
{
    work_sql_mail_sent(db, mail_of(job), time_now());
    return true;
}

const struct job_kind mail_kinds[] = {
    { .name = SEND, .run = send_mail, .apply = mail_sent },
    { .name = NULL },
};
