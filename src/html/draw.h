/* Drawings that are computed from names: covers, medallions, avatars, and figures that show quantities. The same name
 * always gives the same drawing, on every machine. Everything is SVG with class names; web/css gives the colours, so a
 * drawing follows the light and the dark theme.
 *
 * The functions take any valid UTF-8, also empty. What they return lives in the arena or as long as the program. */
#ifndef EDULAB_HTML_DRAW_H
#define EDULAB_HTML_DRAW_H

#include "html/html.h"

/* --- icons and shapes ---------------------------------------------------------------------------------------- */

/* An icon of web/icons.txt as an inline <svg class="ic">, hidden from screen readers: a word stands beside it. A name
 * that is not in the list ends the program; tests/icons.test.mjs looks for such names beforehand. */
struct html icon(const char *name);
/* The shape of an area, in its hue; nothing for AREA_NONE. */
struct html shape(enum area area);
/* The hue's CSS name, such as "com"; "form" for AREA_NONE. */
const char *draw_hue(enum area area);

/* A QR code of the text, for a phone's camera; `label` is its name to a screen reader. Nothing for a text too long. */
struct html draw_qr(struct arena *a, struct str text, struct str label);

/* --- drawings from a name --------------------------------------------------------------------------------------- */

/* The cover of a training, video, programme… on a grid of w × h modules (2 to 16 each): 6 × 4 for cards, 4 × 4 for small
 * ones, 12 × 8 or 8 × 8 for a mosaic. `cls` (a literal) adds classes: "fill", "wide", "square"; NULL for none. */
struct html draw_cover(struct arena *a, struct str name, enum area area, int w, int h,
                       const char *cls);

enum draw_kind { DRAW_COMPETENCE, DRAW_PARTICIPATION, DRAW_FINAL };
enum draw_state { DRAW_GOT, DRAW_TODO, DRAW_REVOKED };

/* The medallion of an open badge: round for a competence, arched for taking part, toothed for a final badge; dotted
 * while it is still to come. `size` in CSS pixels. */
struct html draw_badge(struct arena *a, struct str name, enum area area, enum draw_kind kind,
                       enum draw_state state, int size);
/* The same as a document of its own, with the light theme's colours written out: for files and pictures. */
struct str draw_badge_file(struct arena *a, struct str name, enum area area, enum draw_kind kind);
/* Renders an SVG document to a square PNG of `px` pixels (16 to 2048); appends it to `out`. False when the document
 * cannot be read or `out` is full. Slow (tens of ms): not on a server thread. */
bool draw_png(struct str svg, int px, struct buf *out);

/* The portrait of a role or a person, from a name that should not be shown to others as such. `size` in CSS pixels. */
struct html draw_avatar(struct arena *a, struct str name, int size);

/* --- people ---------------------------------------------------------------------------------------------------- */

/* A hue by its CSS name, for drawings: "tv", "form", "cert", "com", "ev", "lab", "accent", "chalk". */
struct person {
    double x, y, scale;  /* of the feet; a scale of 1 is 156 units tall */
    bool flip;           /* looks to the left */
    const char *top;     /* hue of the clothes */
    int skin;            /* 1 to 3 */
    int hair;            /* 0 to 3 */
    const char *arms[2]; /* path data, behind and before the body; NULL: hanging */
    const char *legs[2]; /* path data; NULL: standing, with shoes */
    const char *stripes; /* hue of stripes on the clothes, NULL for none */
};
/* A <g> to put into a scene. */
struct html draw_person(struct arena *a, const struct person *p);

/* --- quantities ------------------------------------------------------------------------------------------------ */

/* A ring of `total` segments (1 to 60): `done` in the hue, then `doing` in yellow. `label` is read aloud, `sub` stands
 * below the numbers (STR_NONE: nothing). */
struct html draw_ring(struct arena *a, int done, int doing, int total, enum area area, int size,
                      struct str label, struct str sub);
/* Places as squares, eight in a row, the taken ones filled. More than 24 are shown to scale as 16. The number is said in
 * words beside it. */
struct html draw_seats(struct arena *a, int64_t taken, int64_t places);

/* A run of one colour in an isotype: "form", "lab", "line" (pale). */
struct iso_run {
    int count;
    const char *hue;
};
/* An isotype: one square, triangle or circle for so many. At most 1,000 in all, `columns` in a row. The text beside it
 * says the quantity. */
struct html draw_iso(struct arena *a, enum area form, int columns, const struct iso_run *runs,
                     size_t n);

/* Hours by modality as one bar drawn to scale; empty parts are left out. */
struct html draw_hours(struct arena *a, const struct iso_run *runs, size_t n);
/* The square of a key beside such figures. */
struct html draw_key(struct arena *a, const char *hue);

/* The profile on the six DigCompEdu areas; levels 0 (nothing yet) to 6 (C2). */
struct radar_axis {
    struct str lines[2];   /* its name on up to two lines */
    struct str brief;      /* one word, for phones */
    int now, before, goal; /* before and goal: 0 for none */
};
struct html draw_radar(struct arena *a, const struct radar_axis axes[6], struct str label);

/* Bars side by side, drawn to scale from zero; the highest says its `text`. On phones every second label is left out. */
struct plot_bar {
    struct str label, text; /* "janv.", "1 200 h" */
    double value;
};
struct html draw_bars(struct arena *a, const struct plot_bar *bars, size_t n, struct str label);
/* A curve of shares from 0 to 1, with what stands below its two ends. */
struct html draw_curve(struct arena *a, const double *shares, size_t n, struct str first,
                       struct str last, struct str label);

/* --- the map of a path ------------------------------------------------------------------------------------------ */

enum map_state { MAP_OPEN, MAP_BOOKED, MAP_NEXT, MAP_DONE, MAP_LOCKED };
enum map_shape { MAP_SQUARE, MAP_ROUND, MAP_STAIR };
/* What is too much for a picture that one can read. */
enum { MAP_MOST = 80 };

struct map_node {
    struct str code;        /* "AP1" */
    struct str name;        /* broken over lines as it needs. "|" says where */
    struct str href;        /* of its line in the table: "#t-AP1" */
    struct str description; /* read aloud: full title, hours, state, what must be done before */
    struct str note;        /* below the name: "after AP1"; STR_NONE: nothing */
    enum map_state state;
    bool required;
};
struct map_lane {
    struct str title, rule; /* "Ateliers pratiques", "3 au choix sur 8" */
    enum map_shape form;
    const struct map_node *nodes;
    size_t count;     /* all lanes together: at most MAP_MOST */
    struct str badge; /* name of the badge at its end; STR_NONE: none */
    bool badge_got;
    struct str progress; /* "2 sur 3", below the badge */
};
/* A station that must be done before another. */
struct map_link {
    size_t from_lane, from, to_lane, to;
};
struct path_map {
    struct str label;             /* of the whole picture */
    struct str start, start_note; /* the note is broken like a name */
    const struct map_lane *lanes; /* at least one */
    size_t lane_count;
    const struct map_link *links;
    size_t link_count;
    const struct map_node *last; /* where the lanes meet; NULL: nowhere but at the badge */
    enum map_shape last_form;
    struct str badge; /* the final one */
    struct str badge_note;
    bool badge_got;
    enum area area;
};
/* Two drawings of the same map: for wide screens, and top to bottom for narrow ones; CSS shows one of them. */
struct html draw_map(struct arena *a, const struct path_map *map);

#endif
