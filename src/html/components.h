/* The pieces pages are made of. src/html/layout.html is the frame of every page, components.html the pieces; this header
 * has what they take and small helpers for expressions. /gestion/composants shows them all.
 *
 * A page:   layout_begin(pg, _("Trainings"), AREA_FORM, "");  …  layout_end(pg);
 * The last argument says which second menu stands below the header: "" none, "mine" Mon espace, "staff" the staff's. */
#ifndef EDULAB_HTML_COMPONENTS_H
#define EDULAB_HTML_COMPONENTS_H

#include "html/draw.h"
#include "html/html.h"

/* --- the frame ------------------------------------------------------------------------------------------------ */

/* The other language: what the switch in the header leads to. */
enum lang other_lang(const struct page *pg);
/* A language as its speakers call it: "Français". */
const char *lang_own_name(enum lang lang);
/* This page's address with ?lang= for `lang`. */
struct str lang_href(struct page *pg, enum lang lang);
/* This page is the entry's page or lies below it. Of two entries that fit, the longer path wins. */
bool menu_here(const struct page *pg, const struct menu_entry *entry);

/* The groups of the staff menu, in order. */
extern const struct menu_group {
    int place;
    const char *label;
} menu_staff_groups[4];
/* How many entries of this place the person may open; *ret_only is one of them, *ret_here says whether this page is among
 * them. */
int menu_count(const struct page *pg, int place, const struct menu_entry **ret_only,
               bool *ret_here);
/* The place of the only group of the staff menu in which the person may open anything; 0: there are several. */
int menu_staff_single(const struct page *pg);
bool menu_may(const struct page *pg, const struct menu_entry *entry);

/* What happened, and what to do about it, for a status of 400 and above. */
struct str error_title(struct page *pg, int status);
struct str error_advice(struct page *pg, int status);

/* A step on the way here; the last one is this page (href not used). */
struct ui_crumb {
    struct str href, text;
};

/* Nothing, as markup: condition ? icon("x") : no_html. */
extern const struct html no_html;

/* --- forms ------------------------------------------------------------------------------------------------------ */

/* What is wrong with the field, or STR_NONE. */
struct str field_message(const struct page *pg, const char *name);

struct ui_field {
    const char *name; /* of the parameter; the element's id is "f-" and this */
    struct str label;
    struct str value;
    struct str hint;          /* STR_NONE: none */
    const char *type;         /* NULL: "text" */
    const char *autocomplete; /* NULL: not said */
    bool required;
    int max;  /* characters, 0: not limited here */
    int rows; /* of a textarea */
};

/* The ids that describe a field, for aria-describedby: "m-name h-name". */
struct str described_by(struct page *pg, const char *name, bool message, bool hint);

struct ui_option {
    struct str value, label, hint;
    bool chosen;
};

/* --- lists -------------------------------------------------------------------------------------------------------- */

struct ui_pager {
    int64_t page, pages; /* from 1 */
    struct str base;     /* "/formations?q=x": the address without its page */
};
struct str pager_href(struct page *pg, const struct ui_pager *pager, int64_t page);
/* The pages to name around this one, 0 where some are left out; returns how many (at most 9). */
size_t pager_pages(const struct ui_pager *pager, int64_t ret_pages[9]);

/* The head of a card, in the area's hue. What stands in its foot is put by the page: ui_card_begin … ui_card_end. */
struct ui_card {
    struct str href, title;
    struct str cover; /* the name the cover is drawn from */
    enum area area;
    struct str kind;  /* "Atelier" */
    struct str codes; /* of DigCompEdu, "1.4 · 2.1"; STR_NONE: none */
    const char *mode_icon;
    struct str mode, length; /* "En présence", "2 demi-journées"; STR_NONE: none */
    bool sample;             /* invented for the demo */
};

/* A video in a list. */
struct ui_video {
    struct str href, title, length; /* "58 min" */
    struct str meta;                /* below the title */
    struct str cover;
    struct str poster; /* path of a picture; STR_NONE: a cover is drawn */
    struct html tool;  /* a button of the card; nothing: none */
};

/* One of several in a row of numbers. */
struct ui_fact {
    struct str number, words, note;
};

enum ui_step_state { UI_STEP_TODO, UI_STEP_NOW, UI_STEP_DONE };
struct ui_step {
    struct str title, note;
    struct str href; /* STR_NONE: not a link */
    enum ui_step_state state;
};

/* "40 %" */
struct str percent_text(struct page *pg, int64_t value, int64_t max);

struct ui_tab {
    const char *id; /* of the panel, so that an address can end in #id */
    struct str label;
    int64_t count; /* shown beside the label; -1: none */
};

/* --- watching ------------------------------------------------------------------------------------------------------ */

struct ui_track {
    const char *lang;
    struct str label, src;
};
struct ui_chapter {
    int64_t start_ms;
    struct str title;
};
struct ui_line {
    int64_t start_ms, end_ms;
    struct str text;
};

struct ui_player {
    struct str title;
    struct str hls, mp4, poster; /* paths; STR_NONE: none */
    int64_t duration_ms;
    int64_t resume_ms; /* where this person left; 0: from the beginning */
    int64_t start_ms;  /* where the address begins; 0: it says nothing */
    struct str file;   /* how the file is named when it is fetched, without ".mp4" */
    /* How this person reads subtitles (web/src/player-captions.ts), and where to say it; STR_NONE: nothing is kept. */
    struct str caption_size, caption_tone, caption_url;
    const struct ui_track *tracks;
    size_t track_count;
    const struct ui_chapter *chapters;
    size_t chapter_count;
    /* Where to say that it was watched, by POST; STR_NONE: nowhere. Without a script a button says it. */
    struct str complete_url;
    /* The lists "res-…" and "end-…" of the page whose entries it shows at their moments and at the end; STR_NONE: none. */
    struct str around;
};

/* "12 KB", "3 MB" */
struct str size_text(struct page *pg, int64_t bytes);
/* "18:15", "1:02:03" */
struct str clock_text(struct page *pg, int64_t ms);
/* "PT18M15S", for <time datetime> */
struct str clock_datetime(struct page *pg, int64_t ms);
/* Seconds with a point: for #t= and data-start. */
struct str clock_seconds(struct page *pg, int64_t ms);
/* The texts of an island in the page's language, and the player's chapters: for json(). They live as long as the page. */
const json_t *player_texts(struct page *pg, const struct ui_player *player);
const json_t *upload_texts(struct page *pg);
const json_t *record_texts(struct page *pg);
const json_t *subtitles_texts(struct page *pg);
const json_t *moments_texts(struct page *pg);
const json_t *capture_texts(struct page *pg);
const json_t *passkey_texts(struct page *pg);
const json_t *strength_texts(struct page *pg);

#endif
