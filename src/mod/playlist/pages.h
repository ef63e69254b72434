/* Between the files of this module, and what its templates show. */
#ifndef EDULAB_MOD_PLAYLIST_PAGES_H
#define EDULAB_MOD_PLAYLIST_PAGES_H

#include "mod/playlist/playlist.h"
#include "mod/tv/tv.h"
#include "playlist_sql.h"

enum { PLAYLIST_UNDO_DAYS = 30 };

struct playlist_form {
    int64_t id, video, cible; /* cible: the video whose place it takes */
    struct str cle, nom, pour, retour;
    bool dans; /* wanted in it, or not */
};
extern const struct param playlist_id_params[], playlist_link_params[], playlist_new_params[],
    playlist_edit_params[], playlist_keep_params[], playlist_later_params[],
    playlist_order_params[];

/* --- see.c: who sees a list ---------------------------------------------------------------------------------------------- */

void playlist_see_start(void);
/* The last part of the address of a list shared by link; another one once it was taken back. */
struct str playlist_key(struct arena *a, const struct playlist_sql_list *list);
/* May who asks see it? key: STR_NONE without one. */
bool playlist_seen(struct request *r, const struct playlist_sql_list *list, struct str key);
/* "/tv/listes/<id>", with its key when it is shared by link. */
struct str playlist_address(struct arena *a, const struct playlist_sql_list *list);
/* A list of the person who asks, not deleted: fails the request otherwise. */
bool playlist_mine(struct request *r, int64_t id, struct playlist_sql_list *ret);

/* --- pages.c ---------------------------------------------------------------------------------------------------------------- */

struct playlist_shown {
    struct playlist_sql_list list;
    bool mine;
    struct str name;          /* its title, or "Watch later" */
    struct str path, address; /* address: the same with https:// */
    struct str token;         /* what stands behind ?liste= of its videos */
    struct tv_video *videos;
    size_t n, unseen; /* unseen: in it, but not for this person now */
    int64_t total_ms;
};
bool playlist_rule(struct request *r);
void playlist_get(struct request *r);
void playlists_get(struct request *r);
/* Around a player: buttons below the title, the list one is going through. */
void playlist_buttons(struct page *pg, struct request *r, const struct tv_video *v);
void playlist_queue(struct page *pg, struct request *r, const struct tv_video *v);
/* On cards. */
enum { PLAYLIST_NOT_KEPT = 1, PLAYLIST_KEPT = 2, PLAYLIST_FIRST = 4 };
void playlist_mark(struct request *r, struct tv_video *videos, size_t n);

/* What the buttons of a video show. */
struct playlist_choice {
    int64_t id;
    struct str title;
    bool holds;
};

/* --- change.c ----------------------------------------------------------------------------------------------------------------- */

void playlist_add_apply(struct request *r);
void playlist_edit_apply(struct request *r);
void playlist_delete_apply(struct request *r);
void playlist_restore_apply(struct request *r);
void playlist_keep_apply(struct request *r);
void playlist_later_apply(struct request *r);
void playlist_order_apply(struct request *r);

extern const struct privacy_source playlist_privacy[];
bool playlist_demo(struct demo *demo);

#endif
