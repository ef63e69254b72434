/* Enrolment: its states, and the one transaction that decides who is in. Everything here runs in a transaction. */
#ifndef EDULAB_MOD_LEARNING_ENROLMENT_H
#define EDULAB_MOD_LEARNING_ENROLMENT_H

#include "mod/cohort/cohort.h"
#include "mod/learning/pages.h"

enum enrolment_state {
    ENROLMENT_NONE,      /* never asked */
    ENROLMENT_ASKED,     /* a head must agree */
    ENROLMENT_APPROVED,  /* agreed to: a place is kept, their own yes is missing */
    ENROLMENT_WAITING,   /* in line */
    ENROLMENT_CONFIRMED, /* is in */
    ENROLMENT_CANCELLED,
    ENROLMENT_REPLACED,  /* somebody else took the place over */
    ENROLMENT_COMPLETED, /* is in, and has done all */
    ENROLMENT_STATES
};

/* The table of transitions. */
bool enrolment_may_become(enum enrolment_state from, enum enrolment_state to);
/* "asked", …; "" for NONE. The second gives NONE for what is no state; the label is a msgid. */
struct str enrolment_code(enum enrolment_state state);
enum enrolment_state enrolment_state_of(struct str code);
const char *enrolment_label(enum enrolment_state state);
/* Works in the programme: confirmed or completed. */
bool enrolment_is_in(struct str state);
/* Cancelled or replaced: the person can enrol anew. */
bool enrolment_is_over(struct str state);

/* Who decides, and how it came about: letters say it in other words. */
enum enrolment_way { BY_WISH, BY_HEAD, BY_LINE, BY_TIME, BY_SCHOOL, BY_STAFF };
struct enrolment_act {
    enum enrolment_way way;
    int64_t by;        /* person; 0: the program */
    struct str reason; /* in their words; BY_SCHOOL: their name; STR_NONE: none */
    bool quiet;        /* no letter: sample data */
};

struct enrolment_ask {
    int64_t person_id, programme_id;
    int64_t cohort_id;       /* 0: the first in which one can enrol */
    int64_t organisation_id; /* 0: theirs, when they belong to one only */
    bool agreed;             /* who enrols them is a head, or staff */
    struct enrolment_act act;
};
typedef struct learning_sql_enrolment enrolment_row;

/* What decides, read once: for the page that asks, and in the same transaction for the decision. */
struct enrolment_door {
    enrolment_row mine; /* id 0: never asked */
    struct cohort *open;
    size_t open_count;
    const struct cohort *chosen; /* NULL: in one's own time, or closed */
    struct learning_sql_my_organisations *schools;
    size_t school_count;
    int64_t organisation_id; /* for which they come; DB_NULL */
    bool already, closed;
};
void enrolment_look(struct db *db, const struct enrolment_ask *ask, bool open_enrolment,
                    int64_t now, struct enrolment_door *ret);
/* Returns what became of it; *ret_id is the enrolment's id when there is one. Tells by letter. */
enum learning_enrolled enrolment_enter(struct db *db, const struct enrolment_door *door,
                                       const struct enrolment_ask *ask, int64_t now,
                                       int64_t *ret_id);
/* Both. */
enum learning_enrolled enrolment_ask(struct db *db, const struct enrolment_ask *ask, int64_t now,
                                     int64_t *ret_id);

/* The head says yes: a place or the line. False when it was not asked (any more). */
bool enrolment_agree(struct db *db, enrolment_row *e, const struct enrolment_act *act, int64_t now);
/* Takes the place that is kept. False when none is (any more). */
bool enrolment_take(struct db *db, enrolment_row *e, const struct enrolment_act *act, int64_t now);
/* Given up by the person, refused by the head, ended by staff: a place that was theirs goes to the next in line. False when it
 * was over already. */
bool enrolment_cancel(struct db *db, enrolment_row *e, const struct enrolment_act *act,
                      int64_t now);
/* Another person takes over the place, or the place in line, or the request. False when it is over, or they are enrolled already. */
bool enrolment_replace(struct db *db, enrolment_row *e, int64_t person_id,
                       const struct enrolment_act *act, int64_t now);
/* Past the line, by staff: a place of the group if one is free. */
bool enrolment_seat(struct db *db, enrolment_row *e, const struct enrolment_act *act, int64_t now);
/* Within ENROLMENT_UNDO_MS the person takes back that they left: the place if it is still free, otherwise first in line; who
 * waited gets their place in line back. False when it is too late, or somebody else ended it. */
#define ENROLMENT_UNDO_MS (60 * 60000)
bool enrolment_undo(struct db *db, enrolment_row *e, int64_t person_id, int64_t now);
/* All has been done. False when they are not in, or had done it already. */
bool enrolment_complete(struct db *db, enrolment_row *e, int64_t now);
/* Gives what is free in a group that has not begun to those in line. */
void enrolment_promote(struct db *db, int64_t cohort_id, int64_t now);
/* Kept places whose time to answer is over go on to the next; what is free is given. Twice does nothing more. */
void enrolment_tidy(struct db *db, int64_t now);

/* letters.c: tells the person what their enrolment has become; heads, when their word is asked for. The letter is written by a
 * job, so that nobody waits for it; when the enrolment has moved on by then, the letter about that is the right one. */
#define ENROLMENT_LETTER "learning.letter"
void enrolment_tell(struct db *db, const enrolment_row *e, const struct enrolment_act *act);
bool enrolment_letter(struct db *db, struct job *job);

/* letters.c: meetings as a file for a letter to this person. */
struct account;
struct mail_part enrolment_calendar(struct arena *a, const struct account *them,
                                    const struct cohort_event *events, size_t n, bool over,
                                    int64_t now);
extern const struct subscription enrolment_subscriptions[]; /* meeting.c */
extern const struct job_kind enrolment_jobs[];

/* Meetings of the group at the time of others where the person is expected; at most ENROLMENT_CLASHES. */
enum { ENROLMENT_CLASHES = 5 };
typedef struct learning_sql_clashes enrolment_clash;
size_t enrolment_clashes(struct db *db, int64_t person_id, int64_t cohort_id, int64_t now,
                         enrolment_clash **ret);

#endif
