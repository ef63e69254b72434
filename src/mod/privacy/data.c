/* "Mes données": what we hold about the person, and what they can do with it. */
#include "base/id.h"
#include "mod/privacy/pages.h"
#include "privacy_html.h"

const struct param privacy_id_params[] = {
    PARAM(struct privacy_id_form, id, PARAM_ID, .required = true), { 0 }
};

static void look_at_export(struct request *r, struct privacy_overview *o)
{
    struct work_row job;
    o->export_known = privacy_sql_last_export(r->db, r->who.person_id, &o->export);
    if (!o->export_known) return;
    o->export_ready = o->export.ready_at != DB_NULL && o->export.expires_at > r->now;
    if (o->export_ready) return;
    bool known = o->export.ready_at == DB_NULL &&
                 work_find_key(r->db, "privacy.export", id_lower(r->arena, o->export.id), &job);
    o->export_failed = !known || job.state == JOB_BURIED;
    o->progress = known ? job.progress : 0;
}

void privacy_data_get(struct request *r)
{
    struct privacy_overview o = { 0 };
    struct privacy_held *held;
    o.n = privacy_hold_all(r->db, r->who.person_id, &held);
    o.held = held;
    look_at_export(r, &o);
    o.closing = privacy_sql_open_closure(r->db, r->who.person_id, &o.closure);
    privacy_data(http_page(r), &o);
}

/* --- what this module holds itself ------------------------------------------------------------------------------------ */

#define ROW struct privacy_sql_held_consents
static const struct privacy_column consent_columns[] = {
    PRIVACY(CODE, ROW, purpose, N_("What for")),
    PRIVACY(YES, ROW, given, N_("Agreed")),
    PRIVACY(TIME, ROW, at, N_("When")),
    PRIVACY(INT, ROW, version, N_("Version of the text")),
    PRIVACY(TEXT, ROW, locale, N_("Language")),
    PRIVACY(CODE, ROW, method, N_("How")),
    PRIVACY(TEXT, ROW, source_page, N_("Page")),
    PRIVACY(TEXT, ROW, text, N_("Text you saw")),
    PRIVACY(TEXT, ROW, text_sha256, N_("Its fingerprint")),
    { 0 },
};
#undef ROW
#define ROW struct privacy_sql_held_exports
static const struct privacy_column export_columns[] = {
    PRIVACY(TIME, ROW, asked_at, N_("Asked on")),
    PRIVACY(TIME, ROW, ready_at, N_("Ready on")),
    PRIVACY(TIME, ROW, expires_at, N_("Ends on")),
    PRIVACY(INT, ROW, size, N_("Size in bytes")),
    { 0 },
};
#undef ROW
#define ROW struct privacy_sql_held_closures
static const struct privacy_column closure_columns[] = {
    PRIVACY(TIME, ROW, asked_at, N_("Asked on")),
    PRIVACY(TIME, ROW, due_at, N_("To be erased on")),
    PRIVACY(TIME, ROW, cancelled_at, N_("Cancelled on")),
    { 0 },
};
#undef ROW
#define ROW struct privacy_sql_held_requests
static const struct privacy_column request_columns[] = {
    PRIVACY(TIME, ROW, asked_at, N_("Asked on")),
    PRIVACY(TEXT, ROW, text, N_("Text")),
    PRIVACY(TEXT, ROW, page, N_("Page")),
    PRIVACY(TIME, ROW, due_at, N_("Answer due on")),
    PRIVACY(TIME, ROW, answered_at, N_("Answered on")),
    PRIVACY(TEXT, ROW, answer, N_("Answer")),
    { 0 },
};
#undef ROW

#define ROW struct privacy_sql_held_notices
static const struct privacy_column notice_columns[] = {
    PRIVACY(TIME, ROW, told_at, N_("Written on")), { 0 }
};
#undef ROW

PRIVACY_ROWS(notices, privacy_sql_held_notices)
PRIVACY_ROWS(consents, privacy_sql_held_consents)
PRIVACY_ROWS(exports, privacy_sql_held_exports)
PRIVACY_ROWS(closures, privacy_sql_held_closures)
PRIVACY_ROWS(requests, privacy_sql_held_requests)

static const struct privacy_section sections[] = {
    { "consents", N_("Your agreements"), consent_columns, sizeof(struct privacy_sql_held_consents),
      consents,
      N_("The proof that we had your agreement stays for five years, with a number in the place of "
         "your name: the law asks us for it.") },
    { "exports", N_("Your downloads"), export_columns, sizeof(struct privacy_sql_held_exports),
      exports, NULL },
    { "closures", N_("Closing the account"), closure_columns,
      sizeof(struct privacy_sql_held_closures), closures, NULL },
    { "notices", N_("Letters about an account that sleeps"), notice_columns,
      sizeof(struct privacy_sql_held_notices), notices, NULL },
    { "requests", N_("What you asked us"), request_columns,
      sizeof(struct privacy_sql_held_requests), requests,
      N_("What was asked and answered stays for three years without name and address, to show that "
         "we answered.") },
    { 0 },
};

static void erase(struct db *db, int64_t person_id, int64_t now)
{
    (void)now;
    privacy_sql_end_exports(db, person_id);
    privacy_sql_forget_requests(db, person_id);
    privacy_sql_forget_handler(db, person_id);
    privacy_sql_forget_notice(db, person_id);
}

#define COUNT_BY(fn, statement)                                                                    \
    static int64_t fn(struct db *db, int64_t before)                                               \
    {                                                                                              \
        struct statement c;                                                                        \
        return statement(db, before, &c) ? c.n : 0;                                                \
    }
#define DROP_BY(fn, statement)                                                                     \
    static int64_t fn(struct db *db, int64_t before, int64_t now)                                  \
    {                                                                                              \
        (void)now;                                                                                 \
        return statement(db, before);                                                              \
    }
COUNT_BY(count_consents, privacy_sql_count_old_consents)
COUNT_BY(count_requests, privacy_sql_count_old_requests)
COUNT_BY(count_logs, privacy_sql_count_old_logs)
COUNT_BY(count_exports, privacy_sql_count_old_exports)
DROP_BY(drop_consents, privacy_sql_drop_old_consents)
DROP_BY(drop_requests, privacy_sql_drop_old_requests)
DROP_BY(drop_logs, privacy_sql_drop_old_logs)

static const struct retention_rule retention[] = {
    { "privacy.idle", N_("Accounts that nobody has used for two years"),
      N_("To keep no data that serves nobody"), N_("Legitimate interest"),
      N_("A letter: whoever signs in within three months keeps the account"), 731,
      privacy_count_idle, privacy_warn_idle },
    { "privacy.gone", N_("Accounts still unused three months after that letter"),
      N_("To keep no data that serves nobody"), N_("Legitimate interest"),
      N_("Erased, like an account that its owner closes"), PRIVACY_GRACE_DAYS, privacy_count_gone,
      privacy_close_gone },
    { "privacy.consent", N_("Agreements that ended"), N_("To prove that there was an agreement"),
      N_("Legal obligation"), N_("Deleted"), 1827, count_consents, drop_consents },
    { "privacy.request", N_("Requests about data and access, once answered"),
      N_("To show that they were answered in time"), N_("Legal obligation"), N_("Deleted"), 1096,
      count_requests, drop_requests },
    { "privacy.export", N_("Files with everything about a person, for themselves"),
      N_("To hand their data over"), N_("Legal obligation"),
      N_("Deleted each hour, seven days after they were made"), 0, count_exports, NULL },
    { "privacy.log", N_("Log of what these rules cleared away, without names"),
      N_("To show that the terms are kept"), N_("Legal obligation"), N_("Deleted"), 1827,
      count_logs, drop_logs },
    { 0 },
};

static const char *const columns[] = {
    "consent.person_id",          "data_export.person_id",       "closure.person_id",
    "rights_request.person_id",   "rights_request.name",         "rights_request.email",
    "rights_request.answered_by", "inactivity_notice.person_id", NULL
};

const struct privacy_source privacy_privacy[] = {
    { .name = "privacy",
      .label = N_("Agreements and requests"),
      .correct = "/compte/accords",
      .sections = sections,
      .columns = columns,
      .erase = erase,
      .retention = retention },
    { 0 },
};
