/* The pages of the studio beside the first one: chapters, what is shown at a moment, end cards, cutting. */
#ifndef EDULAB_MOD_TV_STUDIO_H
#define EDULAB_MOD_TV_STUDIO_H

#include "mod/tv/moments.h"
#include "mod/tv/pages.h"

/* Work under way that a page shows: thousandths, -1 when there is none. */
struct tv_under_way {
    int progress;
    bool failed;
};
/* The job with this key, as long as the row that asked for it says it runs, and it has not ended. */
struct tv_under_way tv_under_way(struct db *db, const char *kind, struct str key, bool running);
void tv_answer_under_way(struct request *r, struct tv_under_way w);

/* The player beside what the team edits: from the beginning, counted nowhere; `around`: with the resources and end cards. */
void tv_open_to_edit(struct request *r, const struct tv_sql_video_by_slug *v, bool around,
                     struct tv_video *ret);

/* --- chapters.c ------------------------------------------------------------------------------------------------------------ */

struct tv_chapters_form {
    int64_t id;
    struct str texte, avant; /* avant: the print of the chapters that were loaded */
    struct str_list garder;  /* moments of proposals, in ms */
};
struct tv_chapters_page {
    struct str text, before;
    struct tv_video video; /* id 0: not ready yet */
    struct tv_under_way scan;
    bool searched; /* it ended, and nobody has answered it yet */
    struct tv_sql_proposals *proposals;
    size_t proposal_count;
};
extern const struct param tv_chapters_params[], tv_proposals_params[];
void tv_chapters_edit_get(struct request *r);
void tv_chapters_save_apply(struct request *r);
void tv_scan_apply(struct request *r);
void tv_proposals_apply(struct request *r);
void tv_proposals_drop_apply(struct request *r);
void tv_scan_api(struct request *r);

/* scan.c: the job that looks for changes of the picture. */
struct str tv_scan_key(struct arena *a, int64_t video, int64_t turn);
enum job_result tv_scan_run(struct job *job);
bool tv_scan_found(struct db *db, struct job *job);

/* --- resources.c: what goes with a moment ------------------------------------------------------------------------------------ */

enum { TV_RESOURCE_BODY = 17 * 1024 * 1024, TV_RESOURCES_MOST = 100 };
struct tv_resource_form {
    int64_t id, ressource;
    struct str titre, debut, fin, adresse;
    struct upload fichier;
};
struct tv_resources_page {
    const struct tv_resource_form *form;
    bool editing; /* form->ressource is changed; otherwise one is added */
    bool file;    /* it is a file: it has no address */
    struct tv_video video;
};
extern const struct param tv_resource_add_params[], tv_resource_edit_params[],
    tv_resource_id_params[], tv_resource_show_params[], tv_resource_signed_params[];
void tv_resources_get(struct request *r);
void tv_resource_add_prepare(struct request *r);
void tv_resource_add_apply(struct request *r);
void tv_resource_edit_get(struct request *r);
void tv_resource_edit_apply(struct request *r);
void tv_resource_drop_apply(struct request *r);
/* Who sees the video, and who holds a signed address of it as its player does. */
bool tv_resource_rule(struct request *r);
void tv_resource_show_get(struct request *r);
size_t tv_resources_of(struct request *r, const struct tv_video *v, struct tv_resource **ret);

/* --- ends.c: where to go after it -------------------------------------------------------------------------------------------- */

enum { TV_ENDS_MOST = 3 };
struct tv_end_form {
    int64_t id, place;
    struct str adresse, titre;
};
struct tv_ends_page {
    const struct tv_end_form *form;
    struct tv_sql_end_cards *cards;
    size_t card_count;
    struct ui_option *offers; /* value: an address; hint: what it is */
    size_t offer_count;
};
extern const struct param tv_end_add_params[], tv_end_id_params[];
void tv_ends_get(struct request *r);
void tv_end_add_apply(struct request *r);
void tv_end_drop_apply(struct request *r);
/* Those that this person may open. */
size_t tv_ends_of(struct request *r, int64_t video, struct tv_end **ret);
/* A msgid: "Video", "Training", … */
const char *tv_end_label(struct str kind);
struct str tv_end_href(struct arena *a, const struct tv_sql_end_cards *card);

/* --- poster.c: the picture that stands for it --------------------------------------------------------------------------------------- */

struct tv_poster_form {
    int64_t id, choix; /* choix: of the pictures from the film, from 1; 0: none */
    struct str moment;
    struct upload fichier;
};
struct tv_poster_page {
    const struct tv_poster_form *form;
    struct tv_video video; /* id 0: no picture yet */
    struct tv_under_way work;
    struct str reason; /* a msgid: why the last choice came to nothing; STR_NONE */
    bool choices, own; /* own: a picture that somebody gave */
    int64_t at_ms;     /* the moment that was chosen; -1: none */
};
extern const struct param tv_poster_params[];
void tv_poster_edit_get(struct request *r);
void tv_poster_edit_prepare(struct request *r);
void tv_poster_edit_apply(struct request *r);
void tv_poster_api(struct request *r);
/* In a transaction: a picture that somebody gave is made into the poster of the edition that is live now. */
void tv_poster_again(struct db *db, int64_t video);
enum job_result tv_poster_run(struct job *job);
bool tv_poster_drawn(struct db *db, struct job *job);

/* --- cut.c, cut_job.c: trimming ------------------------------------------------------------------------------------------------- */

struct tv_cut_form {
    int64_t id;
    struct str debut, fin, sans; /* sans: pieces to leave out, "1:20-1:45" a line */
    bool exact;
};
struct media_span;
struct tv_cut_page {
    const struct tv_cut_form *form;
    struct tv_video video;
    struct tv_sql_cut open; /* id 0: none under way */
    struct tv_under_way work;
    struct media_span *wanted; /* as moments of what is watched */
    struct media_span *moved;  /* by how much a copy moves both ends, in ms; below 0: earlier */
    size_t piece_count;
    bool copies;    /* every piece has a key picture near */
    bool cut;       /* what is watched is cut: the original can come back */
    bool preparing; /* an edition is being made ready */
};
extern const struct param tv_cut_params[], tv_cut_make_params[];
void tv_cut_get(struct request *r);
void tv_cut_plan_apply(struct request *r);
void tv_cut_make_apply(struct request *r);
void tv_cut_drop_apply(struct request *r);
void tv_cut_undo_apply(struct request *r);
void tv_cut_api(struct request *r);
struct str tv_cut_key(struct arena *a, int64_t cut);
/* In a transaction: the edition that goes live now may be a cut; what stands at moments moves with it. */
void tv_cut_live(struct db *db, const struct tv_sql_video_by_slug *v, int64_t edition);
/* In a transaction: what the edition that is watched keeps of its file, and that file. */
size_t tv_cut_base(struct db *db, const struct tv_sql_video_by_slug *v, struct media_span **ret,
                   struct str *ret_blob);
enum job_result tv_keys_run(struct job *job);
bool tv_keys_found(struct db *db, struct job *job);
enum job_result tv_cut_run(struct job *job);
bool tv_cut_made(struct db *db, struct job *job);

#endif
