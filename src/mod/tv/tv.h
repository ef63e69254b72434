/* The video library, for other modules. */
#ifndef EDULAB_MOD_TV_H
#define EDULAB_MOD_TV_H

#include "html/components.h"
#include "module.h"

/* --- who may watch (see.c; the table is in the README) ---------------------------------------------------------------------- */

/* A video's own part of the question. */
struct tv_rule {
    struct str state,
        audience;   /* "ready"; public, members, organisation, programme, cohort, link */
    int64_t target; /* the organisation, programme or cohort; 0: none */
    int64_t opens_at, closes_at; /* DB_NULL: at once; no end */
};
/* Who looks: found once for a request, whatever the number of videos. */
struct tv_viewer {
    struct str
        circles; /* ",public:0,members:0,organisation:12,", also for the statements of lists */
    bool member, staff;
    int64_t now;
};
enum tv_sight { TV_HIDDEN, TV_SIGN_IN, TV_NOT_THEIRS, TV_SEEN };

void tv_viewer(struct request *r, struct tv_viewer *ret);
/* The same for somebody who does not ask, such as who is written to: as lists show it, whatever their roles. */
void tv_viewer_of(struct db *db, int64_t person_id, int64_t now, struct tv_viewer *ret);
/* linked: they came by the private link, or through a training that shows the video. */
enum tv_sight tv_sight(struct arena *a, const struct tv_rule *rule, const struct tv_viewer *who,
                       bool linked);
/* Of a row that holds the columns of the rule. */
#define tv_rule_of(v)                                                                              \
    ((struct tv_rule){ .state = (v)->state,                                                        \
                       .audience = (v)->audience,                                                  \
                       .target = (v)->organisation_id != DB_NULL ? (v)->organisation_id            \
                                 : (v)->programme_id != DB_NULL  ? (v)->programme_id               \
                                 : (v)->cohort_id != DB_NULL     ? (v)->cohort_id                  \
                                                                 : 0,                                  \
                       .opens_at = (v)->opens_at,                                                  \
                       .closes_at = (v)->closes_at })

/* At start: the programmes and cohorts a person is enrolled in, told by the module that knows; returns their number. */
struct tv_circle {
    int64_t programme_id, cohort_id; /* cohort_id: DB_NULL for none */
};
void tv_set_circles(size_t (*fn)(struct db *db, int64_t person_id, struct tv_circle **ret));

/* --- videos ------------------------------------------------------------------------------------------------------------------ */

/* What goes with a moment of a video. */
struct tv_resource {
    int64_t id, from_ms, to_ms;
    struct str title, href;
    struct str site; /* a link's; STR_NONE for a page of ours and for a file */
    int64_t size;    /* of a file; 0 for a link */
};
/* Where to go after it. */
struct tv_end {
    struct str kind, title, href;
    bool outside;
};

/* How a person reads subtitles: see web/src/player-captions.ts; STR_NONE: as they come. */
struct tv_reading {
    struct str size, tone;
    struct str keep; /* where the player says what was chosen; STR_NONE: nowhere */
};

/* What the player needs; made once for a page. */
struct tv_video {
    int64_t id;
    struct str slug, title, speaker, licence, kind, audience;
    struct str href; /* of its page, as this person came to it */
    bool open;       /* false: staff look at it before or after its time */
    int64_t duration_ms, competences, published_at;
    int64_t width, height;
    int64_t views;     /* -1: not counted, or not loaded */
    int64_t resume_ms; /* where this person left; 0: from the beginning */
    int64_t start_ms;  /* where the address begins; 0: it says nothing */
    struct tv_reading reading;
    bool sample;
    bool uncounted;    /* somebody tries a page out: nothing is counted of it */
    struct str list;   /* the playlist they came with, as their address says; STR_NONE */
    int mark;          /* what the tool of its card shows: tv_set_card_tool(); 0: nothing */
    struct str folder; /* "/media/v/<token>/<id>": where its files are for some hours */
    struct ui_track *tracks;
    size_t track_count;
    struct ui_chapter *chapters;
    size_t chapter_count;
    struct tv_resource *resources;
    size_t resource_count;
    struct tv_end *ends;
    size_t end_count;
    bool apart;            /* the page lists both itself: tv_player() does not */
    struct ui_line *lines; /* the transcript in the language of the first track */
    size_t line_count;
};

/* For a page that shows it to who may see that page: false when there is none, or this person may not watch it now. */
bool tv_load(struct request *r, struct str slug, struct tv_video *ret);
/* The video at an address, by its usual page or by its private link (`key`; STR_NONE), and whether this person may watch it.
 * Without tracks, chapters and lines; filled for TV_SEEN only. */
enum tv_sight tv_find(struct request *r, struct str slug, struct str key, struct tv_video *ret);
/* The newest that this person may watch, without tracks, chapters and lines. */
size_t tv_newest(struct request *r, size_t most, struct tv_video **ret);

/* In a transaction: these videos are being watched. Of those whose sizes are not all made, the next one is made first. */
void tv_wanted(struct db *db, const int64_t *ids, size_t n);

/* Those of these videos that this person finds in lists, in this order, as their cards show them. */
size_t tv_some_of(struct request *r, const int64_t *ids, size_t n, struct tv_video **ret);

/* To choose one for a page: what this person finds in lists, or all of the studio for who may add videos; those with the words
 * in their title, newest first, and in front of them the one that is chosen already. */
struct tv_choice {
    struct str slug, title;
    int64_t duration_ms;
};
size_t tv_choices(struct request *r, struct str words, struct str chosen, size_t most,
                  struct tv_choice **ret);

/* The newest on a page, one of them large; n is at least 1. */
void tv_front(struct page *pg, const struct tv_video *videos, size_t n);

/* The player with its fallback. done_url: where "watched" is sent, STR_NONE for nobody. */
void tv_player(struct page *pg, const struct tv_video *video, struct str done_url);
/* At start: what a later module puts beside each player, such as the counting of what is watched. */
void tv_add_beside(void (*fn)(struct page *pg, const struct tv_video *video));
/* At start: how often a video was watched, for the pages that show it. */
void tv_set_views(int64_t (*fn)(struct db *db, int64_t video_id));
/* At start: where a person left, so that the player goes on there; 0 for the beginning. */
void tv_set_resume(int64_t (*fn)(struct db *db, int64_t person_id, int64_t video_id));
/* At start: how a person reads subtitles. */
void tv_set_reading(void (*fn)(struct db *db, int64_t person_id, struct tv_reading *ret));
/* At start: what a later module adds to the page of a video: buttons below the title, a panel beside it, or below everything. */
enum tv_spot { TV_BUTTONS, TV_ASIDE, TV_BELOW, TV_SPOTS };
void tv_add_to_page(enum tv_spot spot,
                    void (*fn)(struct page *pg, struct request *r, const struct tv_video *video));
/* The same for the page of a channel, and for the top of the Web TV's home. */
void tv_add_to_channel(void (*fn)(struct page *pg, struct request *r, int64_t channel_id));
void tv_add_to_home(void (*fn)(struct page *pg, struct request *r));
/* At start: a small tool on each card. `mark` looks once for all videos of a list and writes their `mark`; `tool` draws those
 * that have one. */
void tv_set_card_tool(void (*mark)(struct request *r, struct tv_video *videos, size_t n),
                      void (*tool)(struct page *pg, const struct tv_video *video));
/* A msgid: "For everybody", "For members", … */
const char *tv_audience_label(struct str audience);
/* A msgid: "Webinar", "Tutorial". */
const char *tv_kind_label(struct str kind);
/* As one line of a list. */
struct ui_video tv_row_of(struct page *pg, const struct tv_video *video);

extern const struct module tv_module;

#endif
