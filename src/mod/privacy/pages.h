/* What the rows of privacy.c point to, what its templates show, and what its files share. */
#ifndef EDULAB_MOD_PRIVACY_PAGES_H
#define EDULAB_MOD_PRIVACY_PAGES_H

#include "access/access.h"
#include "html/components.h"
#include "mod/privacy/privacy.h"
#include "mod/privacy/purposes.h"
#include "privacy_sql.h"

/* --- sources.c ---------------------------------------------------------------------------------------------------- */

extern const struct privacy_source privacy_privacy[]; /* what this module itself holds */

/* A section with its rows. */
struct privacy_held {
    const struct privacy_source *source;
    const struct privacy_section *section;
    char *rows;
    size_t n;
};
/* Everything about the person, section by section, also empty ones. */
size_t privacy_hold_all(struct db *db, int64_t person_id, struct privacy_held **ret);
/* The closed accounts that became a part of this one; returns their number. */
size_t privacy_aliases(struct db *db, int64_t person_id, int64_t **ret);
/* A field as people read it. */
struct str privacy_cell(struct arena *a, enum lang lang, const struct privacy_column *column,
                        const void *row);
/* Sections as one JSON object: { source: { section: [ { column: value } ] } }. A new reference. */
json_t *privacy_json(struct arena *a, const struct privacy_held *held, size_t n);
/* A section as CSV with its labels. */
struct str privacy_csv(struct arena *a, enum lang lang, const struct privacy_held *held);
static inline const void *privacy_row(const struct privacy_held *held, size_t i)
{
    return held->rows + i * held->section->row_size;
}
/* "23/11/2026 16:30", "2026-11-23 16:30" */
struct str privacy_when(struct arena *a, enum lang lang, int64_t ms);
/* "12 Ko", "1,4 MB" */
struct str privacy_size(struct arena *a, enum lang lang, int64_t bytes);

/* --- consent.c ------------------------------------------------------------------------------------------------------ */

struct privacy_choice {
    const struct purpose *purpose;
    bool given;      /* to the present words */
    bool asked_anew; /* said yes to earlier words */
    int64_t at;      /* of the last answer, DB_NULL without one */
};
enum { PRIVACY_PURPOSES = 16 };
size_t privacy_choices(struct db *db, int64_t person_id,
                       struct privacy_choice ret[PRIVACY_PURPOSES]);
struct privacy_consent_form {
    struct str purpose;
    bool given;
    int64_t version;
};
extern const struct param privacy_consent_params[];
void privacy_consents_get(struct request *r);
void privacy_consent_apply(struct request *r);
/* Below Mon espace: words that changed. */
void privacy_ask_anew(struct page *pg, struct request *r);

/* --- data.c: the page of everything ------------------------------------------------------------------------------------ */

enum { PRIVACY_ROWS_SHOWN = 12 };
struct privacy_overview {
    const struct privacy_held *held;
    size_t n;
    bool export_known, export_ready, export_failed;
    struct privacy_sql_last_export export;
    int progress;
    bool closing;
    struct privacy_sql_open_closure closure;
};
void privacy_data_get(struct request *r);

/* --- export.c ------------------------------------------------------------------------------------------------------------ */

struct privacy_id_form {
    int64_t id;
};
extern const struct param privacy_id_params[];
void privacy_export_apply(struct request *r);
void privacy_export_get(struct request *r);
void privacy_export_progress(struct request *r);
void privacy_export_start(struct settings *settings);
enum job_result privacy_export_run(struct job *job);
bool privacy_export_made(struct db *db, struct job *job);
enum job_result privacy_sweep_run(struct job *job);
bool privacy_sweep_apply(struct db *db, struct job *job);

/* --- terms.c: how long data is kept ------------------------------------------------------------------------------------ */

struct privacy_term {
    const struct privacy_source *source;
    const struct retention_rule *rule;
    int64_t due; /* rows that the rule would clear now */
};
/* The rules of all sources; counted: with what is due at `now`. */
size_t privacy_terms(struct db *db, int64_t now, bool counted, struct privacy_term **ret);
/* NULL for a rule of another version. */
const struct retention_rule *privacy_rule(struct str code);
struct privacy_terms_page {
    struct privacy_term *terms;
    size_t n;
    struct privacy_sql_last_runs *runs;
    size_t run_count;
};
void privacy_terms_get(struct request *r);
void privacy_terms_apply(struct request *r);
void privacy_register_get(struct request *r);
enum job_result privacy_retention_run(struct job *job);

/* --- idle.c: accounts that nobody uses -------------------------------------------------------------------------------- */

enum { PRIVACY_GRACE_DAYS = 91 }; /* between the letter and the end */
void privacy_idle_start(struct settings *settings);
/* Rules of retention: count, and apply. */
int64_t privacy_count_idle(struct db *db, int64_t before);
int64_t privacy_warn_idle(struct db *db, int64_t before, int64_t now);
int64_t privacy_count_gone(struct db *db, int64_t before);
int64_t privacy_close_gone(struct db *db, int64_t before, int64_t now);

/* --- processors.c: firms that hold data for us -------------------------------------------------------------------------- */

struct privacy_processor_form {
    int64_t id;
    struct str nom, tache, donnees, pays, base;
    int64_t contrat;
};
extern const struct param privacy_processor_params[];
void privacy_processors_get(struct request *r);
void privacy_processor_apply(struct request *r);
void privacy_processor_end_apply(struct request *r);

/* --- requests.c: requests, obstacles, holds ------------------------------------------------------------------------------ */

struct privacy_request_form {
    int64_t id;
    struct str sorte, texte;
    struct str nom, email, page, website; /* of an obstacle */
};
struct privacy_hold_form {
    struct str email, motif;
};
struct privacy_request_kind {
    const char *code, *label; /* label: a msgid; code NULL ends the table */
};
extern const struct privacy_request_kind privacy_request_kinds[];
/* A msgid; obstacles have theirs too. */
const char *privacy_request_label(struct str kind);
struct privacy_requests_page {
    struct privacy_sql_open_requests *open, *answered;
    size_t open_count, answered_count;
    const struct privacy_request_form *form;
};
extern const struct param privacy_request_params[], privacy_obstacle_params[],
    privacy_answer_params[], privacy_hold_params[];
void privacy_request_get(struct request *r);
void privacy_request_apply(struct request *r);
void privacy_obstacle_get(struct request *r);
void privacy_obstacle_apply(struct request *r);
void privacy_requests_get(struct request *r);
void privacy_answer_apply(struct request *r);
void privacy_extend_apply(struct request *r);
void privacy_holds_get(struct request *r);
void privacy_hold_apply(struct request *r);
void privacy_lift_apply(struct request *r);

/* --- closure.c ------------------------------------------------------------------------------------------------------------ */

enum { CLOSURE_DAYS = 7 };
struct privacy_close_form {
    struct str password;
    bool sure;
};
struct privacy_cancel_form {
    struct str jeton;
};
extern const struct param privacy_close_params[], privacy_cancel_params[];
void privacy_close_get(struct request *r);
void privacy_close_prepare(struct request *r);
void privacy_close_apply(struct request *r);
void privacy_close_by_mail_apply(struct request *r);
void privacy_close_link_get(struct request *r);
void privacy_close_link_apply(struct request *r);
void privacy_keep_apply(struct request *r);
void privacy_cancel_get(struct request *r);
void privacy_cancel_apply(struct request *r);
bool privacy_erase_due(struct db *db, struct job *job);
/* In a transaction: everything of the person goes or loses their name. False under a legal hold. */
bool privacy_erase(struct db *db, int64_t person_id, int64_t now, bool asked);

#endif
