/* What a layer or a module holds about people: the record by which the module `privacy` shows it to them, hands it over,
 * erases it when they leave and clears it away in time. Each lists its own in `struct module.privacy`; a test fails for a
 * column that names a person and stands in no record. */
#ifndef EDULAB_WORK_PRIVACY_SOURCE_H
#define EDULAB_WORK_PRIVACY_SOURCE_H

#include "db/db.h"
#include "html/lang.h"

enum privacy_kind {
    PRIVACY_TEXT,
    PRIVACY_TIME,
    PRIVACY_INT,
    PRIVACY_YES,  /* int64_t, 0 or 1 */
    PRIVACY_CODE, /* a msgid or one of our codes: translated where a translation is known */
};

/* A field of the rows that sqlgen made. */
struct privacy_column {
    const char *name;  /* in JSON and CSV; NULL ends the table */
    const char *label; /* a msgid */
    enum privacy_kind kind;
    unsigned offset;
};
#define PRIVACY(kind_, row, field, label_)                                                         \
    {                                                                                              \
        .name = #field, .label = (label_), .kind = PRIVACY_##kind_, .offset = offsetof(row, field) \
    }

/* Rows of one sort: a table on the page and in the document, a file in the archive. */
struct privacy_section {
    const char *name;  /* "enrolments": the file; NULL ends the table */
    const char *label; /* a msgid */
    const struct privacy_column *columns;
    size_t row_size;
    size_t (*rows)(struct db *db, int64_t person_id, void **ret);
    /* What stays of it once the account is erased, and why (a msgid); NULL: nothing stays. */
    const char *stays;
};
/* size_t fn(db, person, void **) over a generated statement. */
#define PRIVACY_ROWS(fn, statement)                                                                \
    static size_t fn(struct db *db, int64_t person_id, void **ret)                                 \
    {                                                                                              \
        struct statement *rows;                                                                    \
        size_t n = statement(db, person_id, &rows);                                                \
        *ret = rows;                                                                               \
        return n;                                                                                  \
    }

/* A file of the person's own, for the archive. */
struct privacy_file {
    struct str name; /* below the source's folder */
    struct str data;
};

/* A term after which data goes, whoever it is about. `before` is now minus the term. Rows of people under legal hold
 * (the table legal_hold) stay. */
struct retention_rule {
    const char *code;                            /* "learning.cancelled"; NULL ends the table */
    const char *data, *purpose, *basis, *action; /* msgids */
    int days;
    int64_t (*count)(struct db *db, int64_t before);
    /* In a transaction; how many rows went. NULL: `action` says who does it. */
    int64_t (*apply)(struct db *db, int64_t before, int64_t now);
};

struct privacy_source {
    const char *name;    /* "learning": the folder in the archive; NULL ends the table */
    const char *label;   /* a msgid */
    const char *correct; /* path of the page where it can be corrected; NULL: by asking */
    const struct privacy_section *sections;
    /* "enrolment.person_id", …: every column of its tables that names or describes a person. NULL ends the list. */
    const char *const *columns;
    size_t (*files)(struct db *db, int64_t person_id, struct privacy_file **ret);
    /* In a transaction: erases, or takes the person out of what must stay. */
    void (*erase)(struct db *db, int64_t person_id, int64_t now);
    const struct retention_rule *retention;
};

#endif
