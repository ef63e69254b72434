/* The pages of lists, and what stands around a player and on cards. */
#include "mod/playlist/pages.h"

#include "base/id.h"
#include "base/limits.h"
#include "playlist_html.h"

/* --- one list --------------------------------------------------------------------------------------------------------------- */

bool playlist_rule(struct request *r)
{
    const struct playlist_form *f = r->form;
    struct playlist_sql_list *list = r->state = arena_new(r->arena, struct playlist_sql_list);
    bool seen = playlist_sql_list(r->db, f->id, list) && playlist_seen(r, list, f->cle);
    if (!seen) http_fail(r, 404, STR_NONE);
    return seen;
}

/* "<id>", with the key behind a point when one has come by its link. */
static struct str token_of(struct request *r, const struct playlist_sql_list *list)
{
    struct str id = id_lower(r->arena, list->id);
    if (list->person_id == r->who.person_id || !str_is(list->visibility, "link")) return id;
    return arena_printf(r->arena, "%.*s.%.*s", STR(id), STR(playlist_key(r->arena, list)));
}

/* The videos lead to their pages as parts of the list. */
static void load(struct request *r, const struct playlist_sql_list *list,
                 struct playlist_shown *ret)
{
    struct playlist_sql_videos *rows;
    size_t n = playlist_sql_videos(r->db, list->id, &rows);
    struct str path = playlist_address(r->arena, list);
    int64_t *ids = arena_array(r->arena, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = rows[i].video_id;
    *ret = (struct playlist_shown){
        .list = *list,
        .mine = list->person_id == r->who.person_id,
        .name = list->later ? R_(N_("Watch later")) : list->title,
        .path = path,
        .address = arena_join(r->arena, http_public_url(r), path),
        .token = token_of(r, list),
    };
    ret->n = tv_some_of(r, ids, n, &ret->videos);
    ret->unseen = n - ret->n;
    for (size_t i = 0; i < ret->n; i++) {
        struct tv_video *v = &ret->videos[i];
        v->href = arena_printf(r->arena, "/tv/%.*s?liste=%.*s", STR(v->slug), STR(ret->token));
        v->mark = 0; /* the list has its own buttons */
        ret->total_ms += v->duration_ms;
    }
}

void playlist_get(struct request *r)
{
    const struct playlist_form *f = r->form;
    struct playlist_sql_list list;
    struct playlist_shown shown;
    /* as the form of a change that did not fit, it comes without the rule */
    if (!playlist_sql_list(r->db, f->id, &list) || !playlist_seen(r, &list, f->cle)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    load(r, &list, &shown);
    if (!str_is(list.visibility, "public")) http_header_set(r, "X-Robots-Tag", S("noindex"));
    playlist_page(http_page(r), &shown, f);
}

void playlists_get(struct request *r)
{
    struct playlist_sql_own *rows;
    size_t n = playlist_sql_own(r->db, r->who.person_id, LIMIT_PLAYLISTS + 1, &rows);
    playlist_own(http_page(r), rows, n, r->form);
}

/* --- around a player -------------------------------------------------------------------------------------------------------- */

void playlist_buttons(struct page *pg, struct request *r, const struct tv_video *v)
{
    struct playlist_sql_own *rows;
    struct playlist_sql_holding *holding;
    if (str_is(v->audience, "link")) return; /* lists would not show it */
    if (!r->who.person_id) {
        playlist_invite(pg, v);
        return;
    }
    size_t n = playlist_sql_own(r->db, r->who.person_id, LIMIT_PLAYLISTS + 1, &rows), count = 0;
    size_t m = playlist_sql_holding(r->db, r->who.person_id, v->id, &holding);
    struct playlist_choice *choices = arena_array(r->arena, struct playlist_choice, n + 1);
    bool later = false;
    for (size_t i = 0; i < n; i++) {
        bool holds = false;
        for (size_t k = 0; k < m; k++)
            holds = holds || holding[k].id == rows[i].id;
        if (rows[i].later) later = holds;
        else if (rows[i].deleted_at == DB_NULL)
            choices[count++] = (struct playlist_choice){ rows[i].id, rows[i].title, holds };
    }
    playlist_choose(pg, v, later, choices, count);
}

void playlist_queue(struct page *pg, struct request *r, const struct tv_video *v)
{
    struct str key = v->list, id_text = str_cut(&key, '.');
    struct playlist_sql_list list;
    struct playlist_shown shown;
    int64_t id;
    if (!id_parse(id_text, &id) || !playlist_sql_list(r->db, id, &list) ||
        !playlist_seen(r, &list, key))
        return;
    load(r, &list, &shown);
    size_t at = 0;
    while (at < shown.n && shown.videos[at].id != v->id)
        at++;
    if (at < shown.n) playlist_panel(pg, &shown, at);
}

/* --- on cards --------------------------------------------------------------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
    const struct playlist_sql_kept_later *x = a, *y = b;
    return (x->video_id > y->video_id) - (x->video_id < y->video_id);
}

void playlist_mark(struct request *r, struct tv_video *videos, size_t n)
{
    struct playlist_sql_kept_later *kept;
    if (!r->who.person_id) return;
    size_t m = playlist_sql_kept_later(r->db, r->who.person_id, &kept);
    for (size_t i = 0; i < n; i++) {
        const struct playlist_sql_kept_later key = { .video_id = videos[i].id };
        bool holds = m && bsearch(&key, kept, m, sizeof *kept, by_id);
        videos[i].mark = str_is(videos[i].audience, "link") ? 0
                         : holds                            ? PLAYLIST_KEPT
                                                            : PLAYLIST_NOT_KEPT;
    }
    if (videos[0].mark) videos[0].mark |= PLAYLIST_FIRST; /* brings the script of them all */
}
