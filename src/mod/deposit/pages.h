/* What the rows of deposit.c point to, and what the templates show. */
#ifndef EDULAB_MOD_DEPOSIT_PAGES_H
#define EDULAB_MOD_DEPOSIT_PAGES_H

#include "deposit_sql.h"
#include "mod/catalogue/catalogue.h"
#include "mod/deposit/deposit.h"
#include "mod/deposit/rubric.h"
#include "mod/learning/learning.h"

enum { DEPOSIT_BODY = 64 * 1024 * 1024, DEPOSIT_FILES = 10, DEPOSIT_LISTED = 200 };

/* One attempt with everything around it. */
struct deposit_sheet {
    struct deposit_sql_latest d;
    struct deposit_sql_files *files;
    size_t file_count;
    struct deposit_sql_marks *marks;
    size_t mark_count;
    struct deposit_sql_notes *notes;
    size_t note_count;
    struct rubric rubric;
};
void deposit_sheet_load(struct db *db, const struct deposit_sql_latest *d, struct str settings,
                        struct deposit_sheet *ret);
/* Points and words for one criterion; NULL when it is not marked. */
const struct deposit_sql_marks *deposit_mark_of(const struct deposit_sheet *s, size_t criterion);

/* --- the learner --- */
struct deposit_form {
    int64_t id; /* of the activity; of the file or deposit where the row says so */
    struct str texte, acte;
    struct upload fichier;
};
struct deposit_stored {
    struct str blob, type;
};
extern const struct param deposit_write_params[], deposit_id_params[];
void deposit_write_prepare(struct request *r);
void deposit_write_apply(struct request *r);
void deposit_write_form(struct request *r);
void deposit_back_apply(struct request *r);
void deposit_again_apply(struct request *r);
void deposit_drop_file_apply(struct request *r);
void deposit_file_get(struct request *r);
/* The text with what was remarked on marked and numbered. */
struct html deposit_annotated(struct page *pg, const struct deposit_sheet *s);
/* "1:25" in ms, -1 when it is no moment. */
int64_t deposit_moment(struct str passage);

/* --- the trainer --- */
struct deposit_mark_form {
    int64_t id;
    struct str acte, comment, passage, remarque;
    int64_t points[RUBRIC_MOST];
    struct str words[RUBRIC_MOST];
    int64_t note;
};
struct deposit_marking {
    struct deposit_sheet sheet;
    struct deposit_sql_task task;
    struct deposit_sql_person person;
};
extern const struct param deposit_mark_params[];
void deposit_list_get(struct request *r);
void deposit_mark_get(struct request *r);
void deposit_mark_apply(struct request *r);

extern const struct activity_kind deposit_kind;
extern const struct privacy_source deposit_privacy[];

#endif
