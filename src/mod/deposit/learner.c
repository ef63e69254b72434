/* The learner's side: keeping, handing in, taking back, doing again. */
#include "base/id.h"
#include "base/time.h"
#include "base/utf8.h"
#include "deposit_html.h"
#include "media/blob.h"
#include "media/media.h"
#include "media/sniff.h"
#include "mod/deposit/pages.h"

#define FORM struct deposit_form
const struct param deposit_write_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, texte, PARAM_LONG, .max = LIMIT_TEXT),
    PARAM(FORM, acte, PARAM_SLUG, .max = 20),
    PARAM(FORM, fichier, PARAM_FILE),
    { 0 },
};
const struct param deposit_id_params[] = { PARAM(FORM, id, PARAM_ID, .required = true), { 0 } };
#undef FORM

static void to_room(struct request *r, const struct learning_work *w, const char *notice)
{
    http_redirect(
        r, arena_printf(r->arena, "/mon-espace/modules/%.*s?etape=%d", STR(w->slug), (int)w->place),
        notice);
}

/* On a worker: what was chosen or recorded is looked at and stored. */
void deposit_write_prepare(struct request *r)
{
    const struct deposit_form *f = r->form;
    struct deposit_stored *stored = r->state = arena_new(r->arena, struct deposit_stored);
    if (f->fichier.data.n == 0) {
        if (f->fichier.name.n) http_invalid(r, "fichier", R_(N_("This file is empty.")));
        return;
    }
    enum blob_result result = blob_put(media_blobs(), r->arena, f->fichier.data, &stored->blob);
    if (result != BLOB_OK) http_fail(r, result == BLOB_FULL ? 507 : 500, STR_NONE);
    else
        stored->type = sniff_type(r->arena, blob_local_path(media_blobs(), r->arena, stored->blob));
}

static void add_attempt(struct request *r, const struct learning_work *w, int64_t attempt,
                        struct str text)
{
    deposit_sql_add(r->db, &(struct deposit_sql_add_in){ .id = id_new(),
                                                         .person = r->who.person_id,
                                                         .activity = w->id,
                                                         .programme = w->programme_id,
                                                         .version = w->version_id,
                                                         .attempt = attempt,
                                                         .text = text,
                                                         .now = r->now });
}

/* The draft to write into; a first or a new one when there is none. False: what there is waits to be marked. */
static bool open_draft(struct request *r, const struct learning_work *w,
                       struct deposit_sql_latest *d)
{
    bool known = deposit_sql_latest(r->db, r->who.person_id, w->id, d);
    if (known && str_is(d->state, "draft")) return true;
    if (known && str_is(d->state, "handed")) return false;
    add_attempt(r, w, known ? d->attempt + 1 : 1, S(""));
    return deposit_sql_latest(r->db, r->who.person_id, w->id, d);
}

static void add_file(struct request *r, const struct deposit_sql_latest *d)
{
    const struct deposit_form *f = r->form;
    const struct deposit_stored *stored = r->state;
    struct deposit_sql_files *files;
    if (!stored->blob.n) return;
    if (deposit_sql_files(r->db, d->id, &files) >= DEPOSIT_FILES) {
        http_invalid(r, "fichier", R_(N_("There are ten files already: take one out first.")));
        return;
    }
    struct str name = str_sub(str_trim(f->fichier.name), 0, 120);
    while (name.n && !utf8_valid(name))
        name.n--;
    deposit_sql_add_file(r->db, id_new(), d->id, stored->blob, name.n ? name : S("fichier"),
                         stored->type, (int64_t)f->fichier.data.n, r->now);
}

static void hand_in(struct request *r, const struct learning_work *w,
                    const struct deposit_sql_latest *d)
{
    const struct catalogue_activity activity = { .settings = w->settings };
    struct deposit_sql_files *files;
    const struct deposit_form *f = r->form;
    if (!f->texte.n && deposit_sql_files(r->db, d->id, &files) == 0) {
        http_invalid(r, "texte", R_(N_("Write something, or add a file, before you hand it in.")));
        return;
    }
    deposit_sql_hand_in(r->db, d->id, r->now);
    if (!activity_setting(r->arena, &activity, "pass").n)
        learning_complete(r->db, r->who.person_id, w->id, r->now);
    event_emit(r->db, "deposit.handed",
               json_pack("{s:I, s:I}", "person", (json_int_t)r->who.person_id, "deposit",
                         (json_int_t)d->id));
}

void deposit_write_apply(struct request *r)
{
    const struct deposit_form *f = r->form;
    struct learning_work w;
    struct deposit_sql_latest d;
    if (!learning_work_find(r, f->id, &w)) return;
    if (!str_is(w.kind, "deposit")) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (!open_draft(r, &w, &d)) {
        http_fail(r, 409, R_(N_("This work is handed in. Take it back first, to change it.")));
        return;
    }
    deposit_sql_set_text(r->db, d.id, f->texte.p ? f->texte : S(""), r->now);
    add_file(r, &d);
    bool last = str_is(f->acte, "remettre");
    if (http_ok(r) && last) hand_in(r, &w, &d);
    if (http_ok(r)) to_room(r, &w, last ? "depot-remis" : "depot-garde");
}

/* The room again, with what was typed. */
void deposit_write_form(struct request *r)
{
    const struct deposit_form *f = r->form;
    learning_room_show(r, f->id, f->texte);
}

void deposit_back_apply(struct request *r)
{
    const struct deposit_form *f = r->form;
    struct learning_work w;
    struct deposit_sql_latest d;
    if (!learning_work_find(r, f->id, &w)) return;
    if (!deposit_sql_latest(r->db, r->who.person_id, w.id, &d) ||
        deposit_sql_take_back(r->db, d.id, r->now) != 1) {
        http_fail(r, 409, R_(N_("This work is returned already: you can do it again.")));
        return;
    }
    to_room(r, &w, "depot-repris");
}

/* With the text of the last one: who does it again rarely begins with nothing. */
void deposit_again_apply(struct request *r)
{
    const struct deposit_form *f = r->form;
    struct learning_work w;
    struct deposit_sql_latest d;
    if (!learning_work_find(r, f->id, &w)) return;
    if (!deposit_sql_latest(r->db, r->who.person_id, w.id, &d) || !str_is(d.state, "returned")) {
        http_fail(r, 409, R_(N_("There is a work under way already.")));
        return;
    }
    add_attempt(r, &w, d.attempt + 1, d.text);
    to_room(r, &w, "depot-nouveau");
}

void deposit_drop_file_apply(struct request *r)
{
    const struct deposit_form *f = r->form;
    struct deposit_sql_file file;
    struct learning_work w;
    if (!deposit_sql_file(r->db, f->id, &file) || file.person_id != r->who.person_id ||
        !str_is(file.state, "draft")) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (!learning_work_find(r, file.activity_id, &w)) return;
    deposit_sql_drop_file(r->db, file.id);
    media_let_go(r->db, file.blob);
    to_room(r, &w, "depot-garde");
}

/* Browsers play sound and picture; everything else is handed over as a file, and nothing of it runs. */
void deposit_file_get(struct request *r)
{
    const struct deposit_form *f = r->form;
    struct deposit_sql_file file;
    if (!deposit_sql_file(r->db, f->id, &file) ||
        (file.person_id != r->who.person_id && !access_holds(r, "learning.follow"))) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    bool plays = str_starts(file.type, S("audio/")) || str_starts(file.type, S("video/")) ||
                 str_starts(file.type, S("image/")) || str_is(file.type, "application/pdf");
    char *name = arena_cstr(r->arena, file.name);
    for (char *c = name; *c; c++)
        if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\') *c = '-';
    http_header_set(r, "Content-Security-Policy", S("sandbox; default-src 'none'"));
    http_header_set(
        r, "Content-Disposition",
        arena_printf(r->arena, "%s; filename=\"%s\"", plays ? "inline" : "attachment", name));
    http_file(r,
              arena_printf(r->arena, "blobs/%.2s/%.2s/%.*s", file.blob.p, file.blob.p + 2,
                           STR(file.blob)),
              plays ? arena_cstr(r->arena, file.type) : "application/octet-stream", false);
}

/* --- annotations ------------------------------------------------------------------------------------------------------------ */

int64_t deposit_moment(struct str passage)
{
    int64_t parts[3], total = 0;
    size_t n = 0;
    struct str rest = passage;
    do {
        struct str part = str_cut(&rest, ':');
        if (n == COUNT(parts) || part.n == 0 || part.n > 3 || !str_to_int(part, &parts[n]) ||
            parts[n] < 0)
            return -1;
        n++;
    } while (rest.n);
    if (n < 2) return -1;
    for (size_t i = 0; i < n; i++)
        total = total * 60 + parts[i];
    return total * SECOND_MS;
}

struct found {
    size_t at, n, note;
};

static int by_place(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* As plain paragraphs: Markdown would move the words that the remarks point to. */
struct html deposit_annotated(struct page *pg, const struct deposit_sheet *s)
{
    struct str text = s->d.text;
    struct found *found = arena_array(pg->arena, struct found, s->note_count + 1);
    size_t n = 0, from = 0;
    for (size_t i = 0; i < s->note_count; i++) {
        size_t at = str_search(text, s->notes[i].passage);
        if (at < text.n && s->notes[i].passage.n)
            found[n++] = (struct found){ at, s->notes[i].passage.n, i + 1 };
    }
    qsort(found, n, sizeof *found, by_place);
    size_t mark = html_begin_capture(pg);
    for (size_t i = 0; i < n; i++) {
        if (found[i].at < from)
            continue; /* inside of the one before: its remark stands in the list */
        page_put_text(pg, str_sub(text, from, found[i].at - from));
        deposit_marked(pg, str_sub(text, found[i].at, found[i].n), (int64_t)found[i].note);
        from = found[i].at + found[i].n;
    }
    page_put_text(pg, str_sub(text, from, text.n));
    return html_end_capture(pg, mark);
}
