/* Who sees a list: its owner; whoever has its link, while it is shared by link; everybody, while it is public. What it shows of its
 * videos is the video's own affair (tv_some_of), so that a list never tells of a hidden one. */
#include "base/id.h"
#include "mod/playlist/pages.h"

static unsigned char secret[32];

void playlist_see_start(void)
{
    access_key("playlist link", secret);
}

struct str playlist_key(struct arena *a, const struct playlist_sql_list *list)
{
    const int64_t about[] = { list->id, list->link_turn };
    return access_code(a, secret, about, sizeof about);
}

bool playlist_seen(struct request *r, const struct playlist_sql_list *list, struct str key)
{
    if (list->deleted_at != DB_NULL) return false;
    if (list->person_id == r->who.person_id || str_is(list->visibility, "public")) return true;
    return str_is(list->visibility, "link") && str_eq_secret(key, playlist_key(r->arena, list));
}

struct str playlist_address(struct arena *a, const struct playlist_sql_list *list)
{
    struct str path = arena_join(a, S("/tv/listes/"), id_lower(a, list->id));
    if (!str_is(list->visibility, "link")) return path;
    return arena_printf(a, "%.*s/lien/%.*s", STR(path), STR(playlist_key(a, list)));
}

bool playlist_mine(struct request *r, int64_t id, struct playlist_sql_list *ret)
{
    if (playlist_sql_list(r->db, id, ret) && ret->person_id == r->who.person_id &&
        ret->deleted_at == DB_NULL)
        return true;
    http_fail(r, 404, STR_NONE);
    return false;
}
