/* What stands below a video, for who sees the video: found by two statements, however much was said. */
#include "base/id.h"
#include "base/time.h"
#include "comment_html.h"
#include "mod/comment/pages.h"

enum { PAGES_MOST = 10000 };

int64_t comment_undo_since(const struct request *r)
{
    return r->now - COMMENT_UNDO_MS;
}

bool comment_is_team(const struct request *r)
{
    return access_holds(r, "tv.moderate");
}

/* The page of a video knows nothing of our parameters: numbers, ids and words, which need no decoding. */
static struct str query_value(struct str query, const char *name)
{
    while (query.n) {
        struct str value = str_cut(&query, '&'), key = str_cut(&value, '=');
        if (str_is(key, name)) return value;
    }
    return STR_NONE;
}

static void load_threads(struct request *r, struct comment_list *l)
{
    int64_t video = l->video->id, me = l->me, undo = comment_undo_since(r);
    int64_t skip = (l->page - 1) * COMMENT_PAGE;
    if (l->oldest)
        l->n = comment_sql_oldest(r->db, video, me, l->team, undo, COMMENT_ANSWERS, COMMENT_PAGE,
                                  skip, &l->rows);
    else
        l->n = comment_sql_newest(r->db,
                                  &(const struct comment_sql_newest_in){ .video = video,
                                                                         .person = me,
                                                                         .team = l->team,
                                                                         .undo = undo,
                                                                         .before = INT64_MAX,
                                                                         .answers = COMMENT_ANSWERS,
                                                                         .most = COMMENT_PAGE,
                                                                         .skip = skip },
                                  &l->rows);
}

static struct str key_of(struct str href)
{
    struct str way = S("/lien/");
    size_t at = str_search(href, way);
    return at < href.n ? str_sub(href, at + way.n, href.n) : STR_NONE;
}

void comment_list_of(struct request *r, const struct tv_video *v, struct comment_list *ret)
{
    int64_t page = 0;
    *ret = (struct comment_list){ .video = v,
                                  .team = comment_is_team(r),
                                  .oldest = str_is(query_value(r->query, "tri"), "anciens"),
                                  .page = 1,
                                  .key = key_of(v->href),
                                  .me = r->who.person_id };
    comment_sql_place(r->db, v->id, ret->me, ret->team, comment_undo_since(r), r->now, &ret->place);
    ret->pages = (ret->place.threads + COMMENT_PAGE - 1) / COMMENT_PAGE;
    if (id_parse(query_value(r->query, "fil"), &ret->thread))
        ret->n = comment_sql_thread(r->db, v->id, ret->thread, ret->me, ret->team,
                                    comment_undo_since(r), &ret->rows);
    if (ret->n) return;
    ret->thread = 0;
    if (str_to_int(query_value(r->query, "page"), &page) && page > 1 && page <= PAGES_MOST)
        ret->page = page < ret->pages ? page : ret->pages > 0 ? ret->pages : 1;
    if (ret->place.threads) load_threads(r, ret);
}

void comment_on_page(struct page *pg, struct request *r, const struct tv_video *v)
{
    struct comment_list list;
    comment_list_of(r, v, &list);
    comment_section(pg, &list);
}

/* --- addresses ---------------------------------------------------------------------------------------------------------------- */

struct str comment_anchor(struct arena *a, int64_t id)
{
    return arena_join(a, S("commentaire-"), id_lower(a, id));
}

struct str comment_list_address(struct arena *a, const struct comment_list *list, bool oldest,
                                int64_t page)
{
    struct buf b = BUF_INIT(LIMIT_PATH * 2);
    struct page address = { .out = &b, .arena = a };
    buf_str(&b, list->video->href);
    char mark = '?';
    if (list->video->list.n) {
        buf_lit(&b, "?liste=");
        page_put_url_part(&address, list->video->list);
        mark = '&';
    }
    if (oldest) {
        buf_printf(&b, "%ctri=anciens", mark);
        mark = '&';
    }
    if (page > 1) buf_printf(&b, "%cpage=%lld", mark, (long long)page);
    buf_lit(&b, "#commentaires");
    struct str text = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return text;
}

struct str comment_address(struct arena *a, struct str href, int64_t thread, int64_t id)
{
    return arena_printf(a, "%.*s?fil=%.*s#%.*s", STR(href), STR(id_lower(a, thread)),
                        STR(comment_anchor(a, id)));
}

struct str comment_key_query(struct arena *a, struct str key)
{
    return key.n ? arena_join(a, S("?cle="), key) : S("");
}

/* --- who may add to it -------------------------------------------------------------------------------------------------------- */

bool comment_is_muted(const struct comment_sql_place *place)
{
    return place->mute_reason.p != NULL;
}

bool comment_may_write(const struct comment_list *list)
{
    return list->me && !str_is(list->place.mode, "closed") && !comment_is_muted(&list->place);
}

static const struct {
    const char *mode, *label;
} modes[] = {
    { "open", N_("Open: shown at once") },
    { "held", N_("Read first: shown once the team has let it through") },
    { "closed", N_("Closed: nobody can add to it") },
};

bool comment_mode_known(struct str mode)
{
    for (size_t i = 0; i < COUNT(modes); i++)
        if (str_is(mode, modes[i].mode)) return true;
    return false;
}

const char *comment_mode_label(struct str mode)
{
    for (size_t i = 0; i < COUNT(modes); i++)
        if (str_is(mode, modes[i].mode)) return modes[i].label;
    return modes[0].label;
}
