/* Learning, for other modules. */
#ifndef EDULAB_MOD_LEARNING_H
#define EDULAB_MOD_LEARNING_H

#include "module.h"

enum learning_enrolled {
    LEARNING_CONFIRMED,
    LEARNING_WAITING,
    LEARNING_ASKED, /* a head must agree */
    LEARNING_ALREADY,
    LEARNING_CLOSED
};
/* What people read for the state of an enrolment: a msgid. */
const char *learning_state_label(struct str state);
/* In a transaction: the activity is done; completes module and programme when that was the last missing piece. False
 * when there is no such activity. */
bool learning_complete(struct db *db, int64_t person_id, int64_t activity_id, int64_t now);

/* In a transaction: the hours of a meeting's recording are taken back, because the person was at the meeting. Nothing when there
 * are none. */
void learning_take_back_replay(struct db *db, int64_t person_id, int64_t activity_id, int64_t by,
                               int64_t now);

/* In a transaction, by the team: a place on a date of one module, also once it has begun; without a letter. Nothing when the
 * person has one, or none is free. */
void learning_give_date(struct db *db, int64_t person_id, int64_t cohort_id, int64_t now);

/* The activity, when the person who asks may work on it: enrolled, and its conditions are met. Otherwise the answer is set. */
struct learning_work {
    int64_t id, module_id, programme_id, version_id;
    struct str kind, title, slug; /* slug: of the module */
    int64_t place;                /* which step of the module, from 1 */
    struct str settings;
};
bool learning_work_find(struct request *r, int64_t activity_id, struct learning_work *ret);
/* The room of the activity as a page, with what was typed and refused: for the form of a row. */
void learning_room_show(struct request *r, int64_t activity_id, struct str typed);
/* In a transaction: a result in percent, for conditions; the last one counts. by: 0 for the program. */
void learning_mark(struct db *db, int64_t person_id, int64_t activity_id, int64_t percent,
                   int64_t by, int64_t now);

/* --- the ledger of hours ----------------------------------------------------------------------------------------- */

enum hours_kind {
    HOURS_PRESENCE, /* in person */
    HOURS_LIVE,     /* by videoconference */
    HOURS_REPLAY,   /* watched later */
    HOURS_OWN,      /* autonomous work */
    HOURS_CREATION,
    HOURS_KINDS
};

struct hours {
    int64_t person_id, programme_id;
    int64_t module_id; /* 0: of the programme as a whole */
    enum hours_kind kind;
    const char *origin; /* "attendance", "watched", "measured", "declared" */
    struct str key;     /* what it is for, once for a person: "attendance/<half-day>" */
    int64_t minutes;
    int64_t done_at; /* 0: now */
    struct str note; /* STR_NONE: none */
    int64_t by;      /* who wrote it; 0: the program */
};
/* In a transaction: writes an entry. The same person and key a second time changes nothing and gives false. */
bool hours_add(struct db *db, const struct hours *hours, int64_t now);
/* In a transaction: takes back what stands under the key by an entry of its own. False when nothing stands there, or it was
 * taken back already. */
bool hours_take_back(struct db *db, int64_t person_id, struct str key, struct str note, int64_t by,
                     int64_t now);

/* At start: a section below Mon espace, written by a later module. */
void learning_add_extra(void (*fn)(struct page *pg, struct request *r));

/* Something that must be done by a moment. */
struct learning_deadline {
    int64_t at;
    struct str title, note; /* note: what is to be done, in the page's language */
    struct str href;
};
/* At start: deadlines of a person that a later module knows of; fn returns their number, in the request's arena. */
void learning_add_deadlines(size_t (*fn)(struct request *r, struct learning_deadline **ret));

extern const struct module learning_module;

#endif
