/* Pages, videos, files, links, meetings, prompts, embedded content: the kinds every programme has. */
#include "mod/learning/kinds.h"

#include "base/id.h"
#include "base/utf8.h"
#include "learning_html.h"
#include "mod/tv/tv.h"

struct str kind_value(struct page *pg, const struct activity_view *v, const char *name)
{
    return activity_setting(pg->arena, v->activity, name);
}

/* A host of letters, digits, hyphens and dots, with a port at most: it goes into a header. */
struct str kind_origin(struct arena *a, struct str address)
{
    struct str scheme = S("https://");
    if (!str_starts(address, scheme)) return STR_NONE;
    struct str rest = str_sub(address, scheme.n, address.n), host = str_cut(&rest, '/');
    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '-' || c == '.' || c == ':';
        if (!good) return STR_NONE;
    }
    return host.n ? arena_printf(a, "https://%.*s", STR(host)) : STR_NONE;
}

static const char *address_check(struct db *db, const struct catalogue_activity *activity)
{
    struct str address = activity_setting(db_arena(db), activity, "address");
    return !address.n || str_is(url(address).s, "#")
               ? N_("An address begins with https:// or with / for a page of this site.")
               : NULL;
}

static const char *file_check(struct db *db, const struct catalogue_activity *activity)
{
    struct learning_sql_materials m;
    return material_find(db, activity_setting(db_arena(db), activity, "file"), &m)
               ? NULL
               : N_("Choose a file from the materials.");
}

/* --- what can be chosen --------------------------------------------------------------------------------------------- */

static size_t video_options(struct request *r, struct str words, struct str chosen, size_t most,
                            struct activity_option **ret)
{
    struct tv_choice *videos;
    size_t n = tv_choices(r, words, chosen, most, &videos);
    *ret = arena_array(r->arena, struct activity_option, n + 1);
    for (size_t i = 0; i < n; i++) {
        int64_t seconds = videos[i].duration_ms / 1000;
        struct str length =
            arena_printf(r->arena, " (%d:%02d)", (int)(seconds / 60), (int)(seconds % 60));
        (*ret)[i] =
            (struct activity_option){ videos[i].slug, arena_join(r->arena, videos[i].title,
                                                                 seconds ? length : S("")) };
    }
    return n;
}

/* Files are for those who may add some. */
static size_t files_of(struct request *r, struct str words, struct str chosen, struct str type,
                       size_t most, struct activity_option **ret)
{
    struct learning_sql_materials *rows;
    struct str wanted = utf8_fold(r->arena, words);
    size_t all = access_holds(r, "material.upload")
                     ? learning_sql_materials(r->db, MATERIALS_SHOWN, &rows)
                     : 0,
           n = 0;
    *ret = arena_array(r->arena, struct activity_option, most + 1);
    for (int first = 1; first >= 0; first--)
        for (size_t i = 0; i < all && n < most; i++) {
            struct str id = id_lower(r->arena, rows[i].id),
                       name = utf8_fold(r->arena, rows[i].name);
            if (str_eq(id, chosen) != (bool)first || !str_starts(rows[i].type, type)) continue;
            if (!first && wanted.n && str_search(name, wanted) == name.n) continue;
            (*ret)[n++] = (struct activity_option){ id, rows[i].name };
        }
    return n;
}

static size_t material_options(struct request *r, struct str words, struct str chosen, size_t most,
                               struct activity_option **ret)
{
    return files_of(r, words, chosen, S(""), most, ret);
}

static size_t page_options(struct request *r, struct str words, struct str chosen, size_t most,
                           struct activity_option **ret)
{
    return files_of(r, words, chosen, S("text/html"), most, ret);
}

/* --- records ---------------------------------------------------------------------------------------------------------- */

#define BODY(label_, hint_, required_)                                                             \
    {                                                                                              \
        .name = "body", .label = (label_), .hint = (hint_), .kind = ACTIVITY_LONG,                 \
        .required = (required_)                                                                    \
    }
#define MARKDOWN_HINT                                                                               \
    N_("Markdown: **bold**, lists, tables, pictures ![what it shows](/supports/…), code between " \
       "```, "                                                                                      \
       "formulas $`a^2`$, and boxes that begin with > [!Astuce].")

static const struct activity_field page_fields[] = { BODY(N_("Text"), MARKDOWN_HINT, true), { 0 } };
static const struct activity_field video_fields[] = { { .name = "video",
                                                        .label = N_("Video"),
                                                        .kind = ACTIVITY_PICK,
                                                        .required = true,
                                                        .options = video_options },
                                                      BODY(N_("Text below it"), NULL, false),
                                                      { 0 } };
static const struct activity_field file_fields[] = { { .name = "file",
                                                       .label = N_("File"),
                                                       .kind = ACTIVITY_PICK,
                                                       .required = true,
                                                       .options = material_options },
                                                     BODY(N_("What it is for"), NULL, false),
                                                     { 0 } };
static const struct activity_field link_fields[] = {
    { .name = "address",
      .label = N_("Address"),
      .kind = ACTIVITY_ADDRESS,
      .required = true,
      .hint = N_("Where the link leads: https://… or a page of this site.") },
    BODY(N_("What to do there"), NULL, false),
    { 0 }
};
static const struct activity_field meeting_fields[] = {
    { .name = "place",
      .label = N_("Place"),
      .kind = ACTIVITY_LINE,
      .max = 200,
      .hint = N_("A room, or left empty for a videoconference.") },
    { .name = "address", .label = N_("Link to the videoconference"), .kind = ACTIVITY_ADDRESS },
    { .name = "recording",
      .label = N_("Recording"),
      .kind = ACTIVITY_PICK,
      .hint = N_("For who was not there: once it is really watched, the step is done and the time "
                 "counts."),
      .options = video_options },
    BODY(N_("What to bring or prepare"), NULL, false),
    { 0 }
};
static const struct activity_field prompt_fields[] = {
    BODY(N_("The question"), N_("Whoever has answered sees what the others wrote."), true), { 0 }
};
static const struct activity_field embed_fields[] = {
    { .name = "file",
      .label = N_("Page of our own (HTML)"),
      .kind = ACTIVITY_PICK,
      .options = page_options,
      .hint = N_("It runs in a closed frame, without access to the site.") },
    { .name = "address",
      .label = N_("Or the address of a site"),
      .kind = ACTIVITY_ADDRESS,
      .hint = N_("Nothing of it is loaded before the learner says so.") },
    BODY(N_("What to do with it"), NULL, false),
    { 0 }
};

static const char *embed_check(struct db *db, const struct catalogue_activity *activity)
{
    struct arena *a = db_arena(db);
    if (activity_setting(a, activity, "file").n) return file_check(db, activity);
    return kind_origin(a, activity_setting(a, activity, "address")).n
               ? NULL
               : N_("Give a page of our own, or an address that begins with https://.");
}

static const struct activity_kind kinds[] = {
    { .name = "page",
      .label = N_("Page"),
      .icon = "file-text",
      .fields = page_fields,
      .view = learning_view_page,
      .done = ACTIVITY_DONE_BY_HAND },
    { .name = "video",
      .label = N_("Video"),
      .icon = "play",
      .fields = video_fields,
      .view = learning_view_video,
      .done = ACTIVITY_DONE_BY_BOTH,
      .done_label = N_("I have watched it") },
    { .name = "file",
      .label = N_("File"),
      .icon = "download",
      .fields = file_fields,
      .view = learning_view_file,
      .done = ACTIVITY_DONE_BY_HAND,
      .check = file_check },
    { .name = "link",
      .label = N_("Link"),
      .icon = "external-link",
      .fields = link_fields,
      .view = learning_view_link,
      .done = ACTIVITY_DONE_BY_HAND,
      .check = address_check },
    { .name = "meeting",
      .label = N_("Meeting"),
      .icon = "users",
      .fields = meeting_fields,
      .view = learning_view_meeting,
      .done = ACTIVITY_DONE_BY_BOTH,
      .done_label = N_("I was there") },
    { .name = "prompt",
      .label = N_("Question to discuss"),
      .icon = "message-circle",
      .fields = prompt_fields,
      .view = learning_view_prompt,
      .done = ACTIVITY_DONE_BY_ACT },
    { .name = "embed",
      .label = N_("Embedded content"),
      .icon = "layout-dashboard",
      .fields = embed_fields,
      .view = learning_view_embed,
      .done = ACTIVITY_DONE_BY_HAND,
      .check = embed_check },
};

void kinds_start(void)
{
    for (size_t i = 0; i < COUNT(kinds); i++)
        activity_add_kind(&kinds[i]);
}

/* --- answers to a prompt ------------------------------------------------------------------------------------------------ */

const struct param post_add_params[] = {
    PARAM(struct post_form, id, PARAM_ID, .required = true),
    PARAM(struct post_form, body, PARAM_LONG, .required = true, .min = 2, .max = 5000),
    { 0 },
};
const struct param post_id_params[] = { PARAM(struct post_form, id, PARAM_ID, .required = true),
                                        { 0 } };

static void back(struct request *r, int64_t activity_id, const char *notice)
{
    struct learning_sql_activity a;
    if (learning_sql_activity(r->db, r->who.person_id, activity_id, &a))
        http_redirect(
            r,
            arena_printf(r->arena, "/mon-espace/modules/%.*s?etape=%d", STR(a.slug), (int)a.place),
            notice);
}

void post_add_apply(struct request *r)
{
    const struct post_form *f = r->form;
    struct learning_sql_activity a;
    if (!learning_may_work(r, f->id, &a)) return;
    if (!str_is(a.kind, "prompt")) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    learning_sql_add_post(r->db, id_new(), a.id, r->who.person_id, f->body, r->now);
    learning_complete(r->db, r->who.person_id, a.id, r->now);
    back(r, a.id, "reponse-publiee");
}

/* What was typed and did not fit comes back in the room. */
void post_add_form(struct request *r)
{
    const struct post_form *f = r->form;
    learning_room_show(r, f->id, f->body);
}

void post_remove_apply(struct request *r)
{
    const struct post_form *f = r->form;
    struct learning_sql_post p;
    if (!learning_sql_post(r->db, f->id, &p) || p.removed_at != DB_NULL ||
        (p.person_id != r->who.person_id && !access_holds(r, "learning.follow"))) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    learning_sql_remove_post(r->db, p.id, r->now);
    back(r, p.activity_id, "reponse-retiree");
}
