/* The library that people browse: tags, channels, series, the home and the list with its filters. */
#ifndef EDULAB_MOD_TV_LIBRARY_H
#define EDULAB_MOD_TV_LIBRARY_H

#include "base/facets.h"
#include "media/transcode.h"
#include "mod/tv/pages.h"

/* --- tags.c: what a video is about, as bits of one integer -------------------------------------------------------------- */

enum tv_group { TV_THEME, TV_LEVEL, TV_LENGTH, TV_KIND, TV_COMPETENCE, TV_GROUPS };
struct tv_tag {
    enum tv_group group;
    const char *code;  /* in the address */
    const char *label; /* a msgid */
    int bit;           /* in video.facets */
};
size_t tv_tag_count(void);
struct tv_tag tv_tag(size_t i);
extern const char *const tv_group_names[TV_GROUPS];  /* of the parameter */
extern const char *const tv_group_labels[TV_GROUPS]; /* msgids */
/* The bits of the codes of one group, 0 for none; unknown ones are left out. */
uint64_t tv_tag_bits(enum tv_group group, const struct str_list *codes);
/* What stands in video.themes and video.levels: the same bits, from 0 on. */
int64_t tv_themes_of(uint64_t facets);
int64_t tv_levels_of(uint64_t facets);
uint64_t tv_facets_of(const struct tv_sql_video_by_slug *v);
/* In a transaction: writes what is derived from a video, after each change of it. */
void tv_settle(struct db *db, int64_t id);
/* words.c: the part of it that the search reads. */
void tv_index_words(struct db *db, const struct tv_sql_video_by_slug *v);
/* A sentence of a transcript, or a chapter, and when it begins. */
struct tv_passage {
    int64_t start_ms;
    struct str text;
};
struct cue;
/* Cues as sentences, as far as they end with one; never long in letters or seconds. Pure. */
size_t tv_passages(struct arena *a, const struct cue *cues, size_t n, struct tv_passage **ret);
/* The job that does so for all videos from before, or after the rules changed. */
enum job_result tv_index_run(struct job *job);
bool tv_index_apply(struct db *db, struct job *job);

/* --- kept_shelf.c: what many see alike, kept in memory ------------------------------------------------------------------ */

enum { TV_SHELVES = 2 }; /* for everybody; for everybody with an account */
struct tv_shelf {
    struct tv_sql_shelf *rows[TV_SHELVES]; /* newest first, also those not open now */
    size_t n[TV_SHELVES];
};
/* As the snapshot of `db` has it; it stays until the request's memory goes. For reading requests only: what a transaction has not
 * committed must not be kept. Never NULL. */
const struct tv_shelf *tv_kept_shelf(struct db *db);
void tv_kept_shelf_forget(void);

/* --- channel.c ------------------------------------------------------------------------------------------------------------ */

enum { TV_EPISODES_MOST = 200 };
/* Where a video stands: its channel, and its neighbours in the series as this person sees it. */
struct tv_place {
    struct tv_sql_channels channel; /* id 0: none */
    struct tv_sql_series series;    /* id 0: none */
    struct tv_video *episodes;
    size_t episode_count,
        at; /* at: of the video itself, from 0; episode_count when it is not among them */
};
void tv_place_of(struct request *r, const struct tv_viewer *who,
                 const struct tv_sql_video_by_slug *v, struct tv_place *ret);

struct tv_channel_form {
    struct str slug;
    int64_t page;
};
extern const struct param tv_channel_params[];
void tv_channels_get(struct request *r);
void tv_channel_get(struct request *r);
void tv_series_get(struct request *r);

/* --- channel_studio.c ------------------------------------------------------------------------------------------------------ */

struct tv_channel_edit {
    int64_t id;
    struct str name, description, langue, qui, adresses; /* qui: "equipe", "nommes" */
};
struct tv_series_edit {
    int64_t id;
    struct str title, description;
};
struct tv_move_form {
    int64_t id, video;
    struct str sens; /* "haut", "bas" */
};
struct tv_tags_form {
    int64_t id;
    struct str place; /* "" or the address of a channel, or "channel/series" */
    struct str_list theme, niveau, competence;
};
extern const struct param tv_new_channel_params[], tv_channel_id_params[], tv_channel_edit_params[],
    tv_series_edit_params[], tv_series_id_params[], tv_move_params[], tv_tags_params[];
void tv_channels_studio_get(struct request *r);
void tv_channel_add_apply(struct request *r);
void tv_channel_edit_get(struct request *r);
void tv_channel_edit_apply(struct request *r);
void tv_channel_drop_apply(struct request *r);
void tv_series_add_get(struct request *r);
void tv_series_add_apply(struct request *r);
void tv_series_edit_get(struct request *r);
void tv_series_edit_apply(struct request *r);
void tv_series_drop_apply(struct request *r);
void tv_series_move_apply(struct request *r);

/* What the page of a video offers: the places one may publish in, and the tags. */
struct tv_tagging {
    struct ui_option *places;
    size_t place_count;
    uint64_t chosen; /* bits of tags */
};
void tv_tagging_of(struct request *r, const struct tv_sql_video_by_slug *v,
                   const struct tv_tags_form *typed, struct tv_tagging *ret);
void tv_tags_get(struct request *r);
void tv_tags_apply(struct request *r);

/* --- feed.c ------------------------------------------------------------------------------------------------------------------- */

struct tv_sitemap_form {
    int64_t page;
};
struct tv_oembed_form {
    struct str url, format;
    int64_t maxwidth, maxheight;
};
extern const struct param tv_sitemap_params[], tv_oembed_params[];
void tv_feed_get(struct request *r);
void tv_sitemaps_get(struct request *r);
void tv_sitemap_get(struct request *r);
void tv_oembed_get(struct request *r);
void tv_json_free(void *value); /* for arena_cleanup() */
/* The beginning of a description as plain text, at most some 300 bytes. */
struct str tv_summary(struct arena *a, struct str markdown);
/* What the page of a video says in words, and where it stands on the web. */
struct tv_words {
    struct str description, summary; /* Markdown; plain */
    struct str base;                 /* "https://…", no slash at the end */
};
/* For search engines (schema.org); a new reference. */
json_t *tv_video_object(struct arena *a, struct str base, const struct tv_video *v,
                        struct str summary);

/* --- embed.c: in pages of other sites --------------------------------------------------------------------------------------- */

enum {
    TV_FRAME_BAR = 160
}; /* below the picture: the buttons of the player, and where it comes from */
struct tv_embed_form {
    int64_t id;
    struct str mode, hosts; /* channel, nobody, hosts, everyone; one a line */
};
extern const struct param tv_embed_id_params[], tv_embed_params[];
/* Who may frame it, as the policy wants it; STR_NONE: nobody. */
struct str tv_framed_by(struct db *db, struct arena *a, int64_t video_id);
/* "ecole.be", "*.ecole.be:8443". Pure. */
bool tv_host_valid(struct str host);
/* What other sites copy into their page. */
struct str tv_embed_code(struct arena *a, struct str base, struct str slug, struct str title,
                         int64_t start_s, int width);
/* On the page of a video that may be embedded. */
void tv_embed_button(struct page *pg, struct request *r, const struct tv_video *v);
void tv_frame_get(struct request *r);
void tv_embed_video_get(struct request *r);
void tv_embed_video_apply(struct request *r);
void tv_embed_channel_get(struct request *r);
void tv_embed_channel_apply(struct request *r);
/* channel_studio.c: a channel that the person may edit; fails the request otherwise. */
bool tv_find_channel(struct request *r, int64_t id, struct tv_sql_channels *ret);

/* demo_channels.c */
bool tv_demo_channels(struct demo *demo);

/* --- shelf.c: what a person may see, filtered and counted ---------------------------------------------------------------- */

enum { TV_PAGE = 12, TV_MOMENTS = 2 };
struct tv_filter {
    struct str q;
    struct str_list theme, niveau, duree, sorte, competence;
    int64_t page;
};
extern const struct param tv_filter_params[];

/* Where in a video the words are said. */
struct tv_moments {
    struct tv_passage *shown;
    size_t n, total;
};
/* One for each of the videos, at most TV_PAGE. */
struct tv_moments *tv_moments(struct request *r, struct str typed, const struct tv_video *videos,
                              size_t n);

struct tv_result {
    size_t total;
    bool capped;   /* there are more, older ones */
    bool searched; /* a word was asked for: `moments` has one for each video */
    struct tv_moments *moments;
    struct tv_video *videos;
    size_t n;
    int64_t page, pages;
    uint64_t chosen;
    int by_bit[64]; /* what each tag would give, the other groups as chosen */
};

struct tv_home {
    struct tv_video *newest, *brief;
    size_t newest_count, brief_count, total;
    struct tv_sql_listed_series *series;
    size_t series_count;
    struct tv_sql_channels *channels;
    size_t channel_count;
    struct tv_sql_programme *airing; /* first what has begun and lasts, then what is to come */
    size_t airing_count, begun;
    int by_bit[64];
};
void tv_home_get(struct request *r);
void tv_list_get(struct request *r);
/* The address of the list without one of its tags (NULL: with all of them). */
struct str tv_list_address(struct arena *a, const struct tv_filter *f,
                           const struct tv_tag *without);

/* --- tv_jobs.c: what jobs that work on files have in common ---------------------------------------------------------------------- */

/* For transcode_job.progress, with the job as its context. */
bool tv_progress(void *context, int thousandths);
/* How the job ends: a file that cannot be used is a result, trying again would not help; the rest is explained and tried again. */
enum job_result tv_media_ended(struct job *job, enum media_result result, struct str why);

#endif
