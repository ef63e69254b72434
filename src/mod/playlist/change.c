/* Changes of one's own lists: each one transaction, bounded by base/limits.h. */
#include "base/id.h"
#include "base/limits.h"
#include "mod/playlist/pages.h"

#define FORM struct playlist_form
const struct param playlist_id_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    { 0 },
};
const struct param playlist_link_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, cle, PARAM_TEXT, .required = true, .max = 40),
    { 0 },
};
const struct param playlist_new_params[] = {
    PARAM(FORM, nom, PARAM_TEXT, .required = true, .max = 100),
    PARAM(FORM, video, PARAM_ID),
    PARAM(FORM, retour, PARAM_TEXT, .max = 500),
    { 0 },
};
const struct param playlist_edit_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, nom, PARAM_TEXT, .required = true, .max = 100),
    PARAM(FORM, pour, PARAM_TEXT, .required = true, .max = 10),
    { 0 },
};
const struct param playlist_keep_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, video, PARAM_ID, .required = true),
    PARAM(FORM, dans, PARAM_BOOL),
    PARAM(FORM, retour, PARAM_TEXT, .max = 500),
    { 0 },
};
const struct param playlist_later_params[] = {
    PARAM(FORM, video, PARAM_ID, .required = true),
    PARAM(FORM, dans, PARAM_BOOL),
    PARAM(FORM, retour, PARAM_TEXT, .max = 500),
    { 0 },
};
const struct param playlist_order_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, video, PARAM_ID, .required = true),
    PARAM(FORM, cible, PARAM_ID, .required = true),
    { 0 },
};
#undef FORM

/* Back to the page the button stood on. */
static void back(struct request *r, const char *notice)
{
    const struct playlist_form *f = r->form;
    http_redirect(r, f->retour.n ? f->retour : S("/compte/listes"), notice);
}

/* Puts a video that the person finds in lists at the end of one; false: the request has failed. */
static bool keep(struct request *r, int64_t list, int64_t video)
{
    struct playlist_sql_last_place last = { 0 };
    struct tv_video *seen;
    if (!tv_some_of(r, &video, 1, &seen)) {
        http_fail(r, 404, STR_NONE);
        return false;
    }
    playlist_sql_last_place(r->db, list, &last);
    if (last.n >= LIMIT_PLAYLIST_VIDEOS) {
        http_fail(r, 422, R_(N_("This playlist is full: it holds 500 videos. Begin another one.")));
        return false;
    }
    playlist_sql_keep(r->db, list, video, last.place + 1, r->now);
    return true;
}

/* Those deleted lately make room for new ones. */
static bool has_room(struct request *r)
{
    struct playlist_sql_count_own count = { 0 };
    playlist_sql_count_own(r->db, r->who.person_id, &count);
    if (count.n < LIMIT_PLAYLISTS) return true;
    playlist_sql_drop_own_deleted_videos(r->db, r->who.person_id);
    playlist_sql_drop_own_deleted(r->db, r->who.person_id);
    playlist_sql_count_own(r->db, r->who.person_id, &count);
    return count.n < LIMIT_PLAYLISTS;
}

void playlist_add_apply(struct request *r)
{
    const struct playlist_form *f = r->form;
    if (!has_room(r)) {
        http_invalid(r, "nom",
                     R_(N_("You have as many playlists as one can have. Delete one first.")));
        return;
    }
    int64_t id = id_new();
    playlist_sql_add(r->db, id, r->who.person_id, 0, f->nom, r->now);
    if (f->video && !keep(r, id, f->video)) return;
    if (f->video) back(r, "video-gardee");
    else
        http_redirect(r, arena_join(r->arena, S("/tv/listes/"), id_lower(r->arena, id)),
                      "liste-notee");
}

void playlist_edit_apply(struct request *r)
{
    const struct playlist_form *f = r->form;
    struct playlist_sql_list list;
    if (!playlist_mine(r, f->id, &list)) return;
    if (list.later) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (!str_is(f->pour, "private") && !str_is(f->pour, "link") && !str_is(f->pour, "public")) {
        http_invalid(r, "pour", R_(N_("Choose one of these.")));
        return;
    }
    /* a link that was taken back never opens again, also when it is shared anew */
    bool taken_back = str_is(list.visibility, "link") && !str_is(f->pour, "link");
    playlist_sql_change(r->db, f->id, f->nom, f->pour, list.link_turn + taken_back);
    http_redirect(r, arena_join(r->arena, S("/tv/listes/"), id_lower(r->arena, f->id)),
                  "liste-notee");
}

void playlist_delete_apply(struct request *r)
{
    const struct playlist_form *f = r->form;
    struct playlist_sql_list list;
    if (!playlist_mine(r, f->id, &list)) return;
    if (list.later) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    playlist_sql_set_deleted(r->db, f->id, r->now);
    http_redirect(r, S("/compte/listes"), "liste-supprimee");
}

void playlist_restore_apply(struct request *r)
{
    const struct playlist_form *f = r->form;
    struct playlist_sql_list list;
    if (!playlist_sql_list(r->db, f->id, &list) || list.person_id != r->who.person_id) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    playlist_sql_set_deleted(r->db, f->id, DB_NULL);
    http_redirect(r, S("/compte/listes"), "liste-retablie");
}

static void keep_or_drop(struct request *r, int64_t list)
{
    const struct playlist_form *f = r->form;
    if (f->dans && !keep(r, list, f->video)) return;
    if (!f->dans) playlist_sql_drop(r->db, list, f->video);
    back(r, f->dans ? "video-gardee" : "video-otee");
}

void playlist_keep_apply(struct request *r)
{
    const struct playlist_form *f = r->form;
    struct playlist_sql_list list;
    if (playlist_mine(r, f->id, &list)) keep_or_drop(r, list.id);
}

void playlist_later_apply(struct request *r)
{
    struct playlist_sql_later later;
    if (!playlist_sql_later(r->db, r->who.person_id, &later)) {
        later.id = id_new();
        playlist_sql_add(r->db, later.id, r->who.person_id, 1, S(""), r->now);
    }
    keep_or_drop(r, later.id);
}

/* It takes the place of another one; those in between move up or down. */
void playlist_order_apply(struct request *r)
{
    const struct playlist_form *f = r->form;
    struct playlist_sql_list list;
    struct playlist_sql_place_of from, to;
    if (!playlist_mine(r, f->id, &list)) return;
    if (!playlist_sql_place_of(r->db, f->id, f->video, &from) ||
        !playlist_sql_place_of(r->db, f->id, f->cible, &to)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (to.place < from.place) playlist_sql_make_room(r->db, f->id, to.place, from.place - 1, 1);
    else playlist_sql_make_room(r->db, f->id, from.place + 1, to.place, -1);
    playlist_sql_put(r->db, f->id, f->video, to.place);
    http_redirect(r,
                  arena_printf(r->arena, "/tv/listes/%.*s#v-%.*s", STR(id_lower(r->arena, f->id)),
                               STR(id_lower(r->arena, f->video))),
                  NULL);
}
