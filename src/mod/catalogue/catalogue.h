/* What other modules may ask of the catalogue. */
#ifndef EDULAB_MOD_CATALOGUE_H
#define EDULAB_MOD_CATALOGUE_H

#include "module.h"

struct catalogue_programme {
    int64_t id;
    struct str slug, kind, area, title, aim;
    bool open_enrolment;
};

struct catalogue_module {
    int64_t id, programme_id, version_id;
    struct str slug, code, title, outcome, objectives, requirements, modality;
    int64_t minutes, competences;
    struct str samr, aspid, tpack; /* catalogue_models_show(); "" not said */
    struct str rule;               /* when it opens: mod/learning/rule.h; "" always */
    bool sample;
};

struct catalogue_activity {
    int64_t id, minutes, position;
    struct str kind, title, body, video;
    struct str settings; /* the values of its kind's fields: activity_setting() */
    struct str rule;     /* when it opens: mod/learning/rule.h; "" always */
};

/* By the programme's own address, or by that of one of its listed modules. */
bool catalogue_programme_find(struct db *db, struct str slug, struct catalogue_programme *ret);
bool catalogue_programme_load(struct db *db, int64_t id, struct catalogue_programme *ret);
/* The programme that a module belongs to; 0 when there is no such module. */
int64_t catalogue_programme_of(struct db *db, struct str module_slug);
/* A module as a version has it. Which version a person follows is known to the module learning: their cohort's, or the
 * published one. */
bool catalogue_module_find(struct db *db, struct str slug, int64_t version_id,
                           struct catalogue_module *ret);
/* The version that an editor of the programme sees: its draft, or what is published; 0 when there is none. */
int64_t catalogue_edited_version(struct db *db, int64_t programme_id);
/* On top of a page that an editor tries out: what it is, and the way back. */
void catalogue_preview_banner(struct page *pg, struct db *db, int64_t programme_id);
/* A module's, in their order; returns their number. */
size_t catalogue_activities(struct db *db, int64_t version_id, int64_t module_id,
                            struct catalogue_activity **ret);

/* Something the catalogue lists, with its next date. */
struct catalogue_entry {
    struct str slug, kind, area, title, aim, place;
    int64_t minutes;
    int64_t starts_at;     /* DB_NULL: none planned */
    int64_t places, taken; /* places 0: no limit */
    bool sample;
};
/* What comes next, at most four. */
size_t catalogue_coming(struct db *db, int64_t now, struct catalogue_entry **ret);

/* In a transaction: one place of the cohort, false when it is full. */
bool catalogue_take_place(struct db *db, int64_t cohort_id);
void catalogue_free_place(struct db *db, int64_t cohort_id);
/* What the module cohort writes of a cohort. version 0: the published one of the programme. */
struct catalogue_cohort_in {
    int64_t id, programme_id; /* id 0: a new one */
    int64_t version_id;       /* 0: the published one; only when it is new */
    int64_t module_id;        /* DB_NULL: for the whole programme; only when it is new */
    struct str label, place;
    int64_t starts_at, ends_at, places;
    bool sample;
};
/* In a transaction: adds or changes; returns its id, 0 when the programme was never published. The caller calls
 * catalogue_index_programme(). */
int64_t catalogue_cohort_write(struct db *db, const struct catalogue_cohort_in *in);
/* In a transaction: its dates follow its meetings. */
void catalogue_cohort_span(struct db *db, int64_t cohort_id, int64_t starts_at, int64_t ends_at);
/* In a transaction: writes catalogue_entry anew from published versions and cohorts, of all programmes or of one. */
void catalogue_index(struct db *db, int64_t now);
void catalogue_index_programme(struct db *db, int64_t programme_id, int64_t now);

/* What the person who looks has to do with a programme: filled by the module learning, which knows. */
struct catalogue_viewer {
    enum { VIEWER_STRANGER, VIEWER_ASKED, VIEWER_OFFERED, VIEWER_WAITING, VIEWER_ENROLLED } state;
    int64_t waiting_rank;
    int64_t kept_until; /* VIEWER_OFFERED: until when the place is kept */
    bool closed;        /* VIEWER_STRANGER: no group takes people now */
    bool asks;          /* VIEWER_STRANGER: there is something to choose or to answer first */
    bool done;          /* VIEWER_ENROLLED: all of it */
    int64_t version_id; /* the one they follow; 0: the published one */
    const int64_t *done_modules; /* ids, ascending */
    size_t done_count;
    const int64_t
        *locked_modules; /* a condition of theirs is not met; prerequisites are known without */
    size_t locked_count;
};
void catalogue_set_viewer(void (*fn)(struct request *r, int64_t programme_id,
                                     struct catalogue_viewer *ret));

/* For the learner's own page: the map of the version that viewer->version_id names, whose stations open the rooms, and what
 * each unit still asks for. */
void catalogue_path(struct page *pg, struct db *db, const struct catalogue_programme *p,
                    const struct catalogue_viewer *viewer);
/* Where a module stands in SAMR, ASPID and TPACK, with what that means; nothing where nothing is said. */
void catalogue_models_show(struct page *pg, struct str samr, struct str aspid, struct str tpack);

/* What a module aims at: objectives, what one should know, competences with their level, of every framework. */
void catalogue_goals_show(struct page *pg, struct db *db, const struct catalogue_module *m);

/* At start: reads the condition of a module or an activity; false with a msgid. What is stored says the same. */
void catalogue_set_rule_check(bool (*fn)(struct arena *a, struct str text, struct str *ret_stored,
                                         const char **ret_problem));

/* At start: a section of a programme's page, written by a later module. */
void catalogue_add_section(void (*fn)(struct page *pg, struct request *r,
                                      struct str programme_slug));

/* The DigCompEdu areas of a mask: "1 · 3 · 6", or the codes when there are at most three. */
struct str catalogue_areas_text(struct arena *a, int64_t competences);

/* --- kinds of activity: a record each, the list is open ------------------------------------------------------- */

/* What a kind asks of whoever writes an activity of it. The editor shows the fields in their order. */
enum activity_field_kind {
    ACTIVITY_LINE,    /* one line */
    ACTIVITY_LONG,    /* Markdown */
    ACTIVITY_ADDRESS, /* http(s), or a path of ours */
    ACTIVITY_NUMBER,  /* min … max */
    ACTIVITY_CHOICE,  /* one of `choices` */
    ACTIVITY_PICK,    /* one of `options` */
};

struct activity_option {
    struct str value, label;
};

struct activity_field {
    const char
        *name; /* "address"; NULL ends the table. "body" and "video" are columns of their own */
    const char *label, *hint; /* msgids; hint NULL: none */
    enum activity_field_kind kind;
    bool required;
    int64_t min, max; /* of a number; max: characters of a text, 0: the usual */
    /* The editor shows a list to choose from, with a field to look through it: what the person who writes may see, the
     * chosen one first. NULL: it is typed. */
    size_t (*options)(struct request *r, struct str words, struct str chosen, size_t most,
                      struct activity_option **ret);
    const struct activity_choice {
        const char *value, *label; /* label is a msgid; NULL value ends the table */
    } * choices;
};

/* How an activity of the kind comes to be done. Only "by hand" shows the learner a button for it. */
enum activity_done {
    ACTIVITY_DONE_BY_HAND, /* the learner says so */
    ACTIVITY_DONE_BY_ACT,  /* an act that the kind's module sees: watched, handed in, present */
    ACTIVITY_DONE_BY_BOTH, /* by the act, or by hand for who cannot (a video that does not play) */
};

/* What `view` needs to know. */
struct activity_view {
    const struct catalogue_activity *activity;
    const struct catalogue_module *module;
    int64_t programme_id;
    int64_t person_id; /* who looks; they may be a trainer */
    bool done;
    bool follows;     /* a trainer looks: nothing counts for them */
    bool preview;     /* who writes it tries it out: forms are shown and take nothing in */
    bool shown;       /* they asked to load what comes from elsewhere */
    int64_t place;    /* which step of the module this is, from 1 */
    struct str typed; /* what was written and refused; STR_NONE */
    struct str
        done_url; /* where "done" is sent by POST (API); STR_NONE when it is done or one only looks */
};

struct activity_kind {
    const char *name;  /* "page": what programme_node.kind holds */
    const char *label; /* msgid: "Page" */
    const char *icon;
    const struct activity_field *fields;
    void (*view)(struct page *pg, struct request *r, const struct activity_view *v);
    enum activity_done done;
    const char *
        done_label; /* msgid of the button: "I have watched it"; NULL: "I have finished this step" */
    /* More that is wrong with what was typed, beyond the fields' own bounds: a msgid, or NULL. May be NULL. */
    const char *(*check)(struct db *db, const struct catalogue_activity *activity);
};

/* At start. The record lives as long as the program; a name twice ends the program. */
void activity_add_kind(const struct activity_kind *kind);
/* One by one in the order in which they were added: NULL behind the last. */
const struct activity_kind *activity_kind(size_t i);
/* NULL when no module brings it. */
const struct activity_kind *activity_kind_find(struct str name);
/* The value of a field; STR_NONE when it is not set. "body" and "video" are found too. In the arena. */
struct str activity_setting(struct arena *a, const struct catalogue_activity *activity,
                            const char *name);
/* For the editor: settings as they are stored, from values in the order of the kind's fields (those of "body" and "video"
 * are left out). */
struct str activity_settings_of(struct arena *a, const struct activity_kind *kind,
                                const struct str *values);

/* --- words for codes, as msgids ------------------------------------------------------------------------------ */

const char *catalogue_kind_label(struct str kind);
const char *catalogue_modality_label(struct str modality);
const char *catalogue_modality_icon(struct str modality);

extern const struct module catalogue_module;

#endif
