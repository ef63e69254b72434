/* Cohorts and their meetings, for other modules. Times are UTC milliseconds; rows live in the db's arena. */
#ifndef EDULAB_MOD_COHORT_H
#define EDULAB_MOD_COHORT_H

#include "module.h"

struct cohort {
    int64_t id, programme_id, version_id;
    int64_t module_id; /* DB_NULL: of the whole programme */
    struct str programme_slug, programme_title, area;
    struct str label, place;
    int64_t starts_at, ends_at;
    int64_t places, taken;       /* places 0: no limit */
    int64_t opens_at, closes_at; /* DB_NULL: at once; when it begins */
    int64_t cancelled_at;        /* DB_NULL: takes place */
    int64_t answer_hours;        /* to take up a place that came free; 0: it is taken for them */
    bool approval;               /* a head must agree */
    bool sample;
    struct str note;
};
/* False when there is no such cohort. */
bool cohort_find(struct db *db, int64_t id, struct cohort *ret);
/* Can one enrol now? */
bool cohort_is_open(const struct cohort *c, int64_t now);
/* Those of a programme in which one can enrol now, by their beginning. */
size_t cohort_enrolling(struct db *db, int64_t programme_id, int64_t now, struct cohort **ret);
/* Has the programme groups that are still planned or under way? Without, one follows it in one's own time. */
bool cohort_is_planned(struct db *db, int64_t programme_id, int64_t now);

/* Asked at enrolment. */
enum { COHORT_QUESTIONS = 8 };
struct cohort_question {
    int64_t id;
    struct str label, choices; /* choices: one a line; "" = a free answer */
    bool required;
};
size_t cohort_questions(struct db *db, int64_t cohort_id, struct cohort_question **ret);

struct cohort_meeting {
    int64_t id, cohort_id;
    int64_t module_id; /* DB_NULL: of the whole */
    struct str title;  /* never empty: its own, the module's, or the cohort's label */
    struct str mode;   /* onsite, remote, both */
    int64_t starts_at, ends_at;
    int64_t room_id;  /* DB_NULL: none of ours */
    struct str place; /* the room with its town, or what was written */
    struct str link;  /* only for who is in; "" none */
    int64_t sequence, changed_at;
    int64_t cancelled_at; /* DB_NULL: takes place */
};
/* Of a cohort, in order of time, also the cancelled ones. */
size_t cohort_meetings(struct db *db, int64_t cohort_id, struct cohort_meeting **ret);
bool cohort_meeting_find(struct db *db, int64_t id, struct cohort_meeting *ret);

/* The half-days of a cohort's meetings that take place, in order of time: what attendance is taken by. Their ids stay
 * when a meeting moves. */
struct cohort_half {
    int64_t id, meeting_id, starts_at, ends_at;
};
size_t cohort_halves(struct db *db, int64_t cohort_id, struct cohort_half **ret);
bool cohort_half_find(struct db *db, int64_t id, struct cohort_half *ret);

/* Who trains at a meeting, by name. */
struct cohort_trainer {
    int64_t meeting_id, person_id;
    struct str name;
};
/* Of all meetings of a cohort, meeting by meeting. */
size_t cohort_trainers(struct db *db, int64_t cohort_id, struct cohort_trainer **ret);
/* Does the person train at a meeting of the cohort? */
bool cohort_has_trainer(struct db *db, int64_t cohort_id, int64_t person_id);
/* May the person who asks plan this cohort: everywhere, or for its programme, or for it? */
bool cohort_may_plan(struct request *r, int64_t cohort_id);

/* --- planning (in a transaction) ----------------------------------------------------------------------------------- */

struct cohort_meeting_in {
    int64_t cohort_id, module_id; /* module_id: DB_NULL for the whole */
    struct str title, mode, place, link;
    int64_t room_id; /* DB_NULL: none of ours */
    int64_t starts_at, ends_at;
    const int64_t *trainers;
    size_t trainer_count;
    bool sample;
};
/* Returns the meeting's id. The cohort's dates follow; the event cohort.meeting is sent. */
int64_t cohort_meeting_add(struct db *db, const struct cohort_meeting_in *in, int64_t now);
/* Changes what is different; false when nothing is or there is no such meeting. */
bool cohort_meeting_change(struct db *db, int64_t id, const struct cohort_meeting_in *in,
                           int64_t now);
/* False when it was cancelled already. */
bool cohort_meeting_cancel(struct db *db, int64_t id, int64_t now);

/* The moments of a series on the wall clock: from `first` (any moment of its first day) `count` times, `every_days` apart,
 * from hour:minute for `minutes` long. Right across summer time: the wall clock stays. */
struct cohort_span {
    int64_t starts_at, ends_at;
};
void cohort_series(int64_t first, int hour, int minute, int64_t minutes, int every_days,
                   size_t count, struct cohort_span *ret);

/* What stands against a span of time: the same room, a trainer, or the cohort itself elsewhere at that time. */
struct cohort_clash {
    enum { CLASH_ROOM, CLASH_TRAINER, CLASH_COHORT } kind;
    int64_t meeting_id, starts_at, ends_at;
    struct str who;   /* the room, the trainer, the cohort */
    struct str title; /* of the other meeting */
};
/* `in` as it would be added; `except` is a meeting to leave out (0: none). Reads only; returns their number. */
size_t cohort_clashes(struct db *db, const struct cohort_meeting_in *in, int64_t except,
                      struct cohort_clash **ret);

/* --- as a calendar file (RFC 5545) --------------------------------------------------------------------------------- */

struct cohort_event {
    struct cohort_meeting meeting;
    struct str programme, slug, group; /* titles, and the programme's address */
    int64_t sequence; /* of this person's view of it: rises with each word about it */
    bool cancelled;   /* for this person, although it takes place */
};
struct cohort_calendar {
    /* A word about one meeting asks (REQUEST) or cancels (CANCEL); RFC 5546 allows several only when published. What a
     * program fetches by itself (FEED) is a word to nobody: it has no method, no organizer (RFC 5545). */
    enum { COHORT_FEED, COHORT_PUBLISH, COHORT_REQUEST, COHORT_CANCEL } method;
    struct str name;                    /* of a feed; STR_NONE: none */
    struct str origin;                  /* "https://edulab.example" */
    struct str organizer;               /* "eduLAB <edulab@…>" */
    struct str attendee, attendee_name; /* address; STR_NONE: a feed */
    int64_t now;
    const struct cohort_event *events;
    size_t n;
};
struct str cohort_calendar_text(struct arena *a, const struct cohort_calendar *calendar);

extern const struct module cohort_module;

#endif
