/* What the files of this module share. */
#ifndef EDULAB_MOD_AGENDA_PAGES_H
#define EDULAB_MOD_AGENDA_PAGES_H

#include "agenda_sql.h"
#include "mod/agenda/agenda.h"
#include "mod/catalogue/catalogue.h"
#include "mod/cohort/cohort.h"

enum agenda_view { AGENDA_MONTH, AGENDA_WEEK, AGENDA_LIST };
enum { AGENDA_DAYS = 42, AGENDA_EVENTS = 3000, AGENDA_LISTED = 60 };
/* Of a day, in its cell; more of them stand in the day's list. */
enum { AGENDA_IN_MONTH = 6, AGENDA_IN_WEEK = 15 };

struct agenda_form {
    struct str vue, programme;
    int64_t date, salle, formateur;
};
extern const struct param agenda_params[], agenda_secret_params[];

struct agenda_event {
    const struct agenda_sql_events *row;
    struct str title, place; /* as people read them */
    bool clash;              /* another one of these is at the same time */
};

struct agenda_day {
    int64_t at; /* its midnight */
    bool other; /* of another month */
    const struct agenda_event *events;
    size_t n;
};

struct agenda_sheet {
    enum agenda_view view;
    bool mine;          /* of who asks */
    bool plans;         /* sees trainers, and may look for one */
    struct str base;    /* "/agenda" or "/mon-espace/agenda" */
    struct str filters; /* "&programme=…": what an address keeps */
    const struct agenda_form *form;
    int64_t at, from, to, before,
        after; /* the day asked for; the span; the days of the pages beside it */
    struct agenda_event *events;
    size_t n;
    const struct agenda_event
        *listed; /* those below the month or the week: AGENDA_LISTED at most */
    size_t listed_count;
    struct agenda_day days[AGENDA_DAYS];
    size_t day_count;
    struct agenda_sql_programmes *programmes;
    size_t programme_count;
    struct agenda_sql_rooms *rooms;
    size_t room_count;
    struct agenda_sql_trainers *trainers;
    size_t trainer_count;
    int64_t feed_since;  /* DB_NULL: no address yet */
    struct str feed_url; /* shown once: "https://…/agenda/flux/….ics" */
};

struct str agenda_day_text(struct arena *a, int64_t at); /* "2027-01-31" */
struct str agenda_clock(struct arena *a, int64_t at);    /* "9:05" */
struct str agenda_title(const struct agenda_sql_events *row);
struct str agenda_place(struct arena *a, const struct agenda_sql_events *row);

void agenda_get(struct request *r);
void agenda_mine_get(struct request *r);
void agenda_api(struct request *r);
void agenda_renew_apply(struct request *r);
void agenda_feed_get(struct request *r);
extern const struct api agenda_answer;
extern const struct privacy_source agenda_privacy[]; /* feed.c */

#endif
