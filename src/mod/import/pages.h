/* What the rows of import.c point to, and what the files of this module share. */
#ifndef EDULAB_MOD_IMPORT_PAGES_H
#define EDULAB_MOD_IMPORT_PAGES_H

#include "base/csv.h"
#include "import_sql.h"
#include "mod/import/import.h"
#include "mod/organisation/organisation.h"
#include "mod/people/people.h"

/* --- columns.c: kinds of files, their fields, what can be wrong -------------------------------------------------------- */

enum import_kind { IMPORT_PEOPLE, IMPORT_ORGANISATIONS, IMPORT_MEMBERSHIPS, IMPORT_KINDS };
enum { IMPORT_FIELDS = 6 };

enum import_person_field {
    PERSON_NAME,
    PERSON_FIRST,
    PERSON_EMAIL,
    PERSON_LANG,
    PERSON_CATEGORY,
    PERSON_SUBJECTS
};
enum import_organisation_field { ORG_KIND, ORG_NAME, ORG_CODE, ORG_PLACE, ORG_SITE, ORG_PARENT };
enum import_member_field { MEMBER_EMAIL, MEMBER_ORG, MEMBER_ROLE, MEMBER_FROM, MEMBER_UNTIL };

struct import_field {
    const char *name;  /* as the model file writes it; NULL: no more */
    const char *label; /* a msgid */
    const char
        *headings; /* what it may be called: folded, letters and digits only, with spaces between */
    const char *example;
    bool required;
};
/* A file of one sort, by its code: "people", …; IMPORT_KINDS for another. */
enum import_kind import_kind_of(struct str code);
const char *import_kind_code(enum import_kind kind);
const char *import_kind_label(enum import_kind kind); /* a msgid */
const struct import_field *import_fields(enum import_kind kind);

/* Where the fields of a file stand: a column from 0, -1 for none. */
struct import_mapping {
    int column[IMPORT_FIELDS];
    struct str ignored; /* headings that are none of ours, "a, b" */
    struct str doubled; /* a heading that stands twice, or STR_NONE */
};
void import_map(struct arena *a, enum import_kind kind, const struct csv *head,
                struct import_mapping *ret);
/* A required field without a column, or NULL. */
const struct import_field *import_missing(enum import_kind kind, const struct import_mapping *m);
/* Folded, letters and digits only: "Prénom :" → "prenom". */
struct str import_letters(struct arena *a, struct str text);
/* Do these letters mean the code: as itself, as what people read for it in either language, or as they also call it? */
bool import_means(struct arena *a, struct str letters, const char *code, const char *label);
/* What people read for the code of a problem or of a refusal (a msgid). */
const char *import_problem_label(struct str code);

/* --- read.c: a file in memory -------------------------------------------------------------------------------------------- */

struct import_line {
    size_t line;
    struct str cells[IMPORT_FIELDS];
    const char *broken; /* the code of what is wrong with it as a line; NULL: nothing */
};
struct import_text {
    enum import_kind kind;
    enum csv_encoding encoding;
    struct import_mapping map;
    struct import_line *lines;
    size_t n;
};
/* The code of why it cannot be used at all, with what it is about in ret_about; NULL when it can. */
const char *import_read(struct arena *a, enum import_kind kind, struct str data,
                        struct import_text *ret, struct str *ret_about);

/* --- plan.c: what would become of each line ---------------------------------------------------------------------------------- */

enum import_fate { FATE_ADD, FATE_CHANGE, FATE_SAME, FATE_WRONG };
struct import_step {
    size_t line;  /* of the file */
    size_t index; /* in import_text.lines */
    enum import_fate fate;
    int64_t id; /* of the organisation that changes or gets a member */
    struct people_newcomer person;
    struct organisation organisation; /* as it shall be */
    struct str parent;                /* as it was typed */
    int64_t person_id, starts_at, ends_at;
    struct str role;
    struct import_step *same_file_parent; /* an organisation that the same file adds */
};
struct import_problem {
    size_t line;
    struct str field, value;
    const char *problem;
};
enum { IMPORT_PROBLEMS_KEPT = 5000 };
struct import_plan {
    struct import_step
        *steps; /* in the order in which they are done: parents before what lies below */
    size_t n;
    struct import_problem *problems; /* the first IMPORT_PROBLEMS_KEPT */
    size_t problem_count;
    int64_t fates[4];
};
/* Reads what is known in a snapshot. `tell` is called with thousandths; false from it gives up, then false. */
bool import_plan_make(struct db *db, const struct import_text *text,
                      bool (*tell)(void *context, int thousandths), void *context,
                      struct import_plan *ret);

/* --- run.c, undo.c: the jobs --------------------------------------------------------------------------------------------------- */

#define IMPORT_TERM (7 * DAY_MS) /* of undo */
extern const struct job_kind import_jobs[];
enum job_result import_undo_run(struct job *job);
bool import_undo_apply(struct db *db, struct job *job);
/* An organisation's words as JSON text, for undo. */
struct str import_words(struct arena *a, const struct organisation *o);
struct str import_dates(struct arena *a, int64_t starts_at, int64_t ends_at);

/* --- pages.c -------------------------------------------------------------------------------------------------------------------- */

struct import_form {
    int64_t id;
    struct str sorte;
    struct upload fichier;
};
extern const struct param import_id_params[], import_new_params[], import_model_params[];
struct import_sheet {
    struct import_sql_run run;
    enum import_kind kind;
    struct work_row job;
    bool working, failed, may_undo;
    const json_t *columns, *preview;
    struct import_sql_problems *problems;
    size_t problem_count;
    int64_t undo_until;
};
void import_list_get(struct request *r);
void import_new_apply(struct request *r);
void import_show_get(struct request *r);
void import_progress_get(struct request *r);
void import_problems_csv(struct request *r);
void import_model_csv(struct request *r);
void import_confirm_apply(struct request *r);
void import_drop_apply(struct request *r);
void import_undo_ask(struct request *r);
/* Why a file was refused, in the person's language. */
struct str import_why(struct page *pg, struct str why);
const char *import_state_label(struct str state); /* a msgid */
const char *import_fate_label(struct str fate);
const char *import_fate_class(struct str fate);
/* A text of an object or of a list; "" for what is none. */
struct str import_json_text(const json_t *o, const char *key);
struct str import_json_item(const json_t *list, size_t i);

extern const struct privacy_source import_privacy[]; /* privacy.c */

#endif
