/* Subtitles: brought in as WebVTT or SRT, written in the page, taken out as either. What is stored is WebVTT; a job then puts it
 * where players fetch it. */
#include "access/audit.h"
#include "base/csv.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "html_html.h"
#include "media/hls.h"
#include "media/webvtt.h"
#include "mod/tv/library.h"
#include "mod/tv/moments.h"
#include "tv_html.h"

enum { SPEED_MOST = 21, ROW_MOST = 42, ROWS_MOST = 2, SHORTEST_MS = 700, REMARKS_MOST = 200 };

#define FORM struct tv_subtitles_form
const struct param tv_subtitles_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, lang, PARAM_SLUG, .required = true, .max = 8),
    PARAM(FORM, fichier, PARAM_FILE, .required = true),
    { 0 },
};
const struct param tv_subtitles_id_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                                { 0 } };
const struct param tv_subtitles_lang_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, lang, PARAM_SLUG, .required = true, .max = 8),
    PARAM(FORM, forme, PARAM_SLUG, .max = 4),
    { 0 },
};
const struct param tv_subtitles_save_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, lang, PARAM_SLUG, .required = true, .max = 8),
    PARAM(FORM, texte, PARAM_LONG, .required = true, .max = TV_SUBTITLES_MOST),
    PARAM(FORM, avant, PARAM_TEXT, .max = 40),
    { 0 },
};
#undef FORM

/* --- what should be better ---------------------------------------------------------------------------------------------------- */

static int64_t letters(struct str text)
{
    int64_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        n += ((unsigned char)text.p[i] & 0xC0) != 0x80 && text.p[i] != '\n';
    return n;
}

static struct tv_remark remark_of(const struct cue *c, const struct cue *before, int64_t duration)
{
    int64_t longest = 0, rows = 0;
    struct str rest = c->text;
    while (rest.n) {
        int64_t n = letters(str_cut(&rest, '\n'));
        rows++;
        if (n > longest) longest = n;
    }
    int64_t speed = letters(c->text) * 1000 / (c->end_ms - c->start_ms);
    struct tv_remark r = { .at_ms = c->start_ms };
    if (before && c->start_ms < before->end_ms)
        r.what = N_("It begins before the line above it ends.");
    else if (duration > 0 && c->start_ms >= duration)
        r.what = N_("It begins after the end of the video.");
    else if (c->end_ms - c->start_ms < SHORTEST_MS) r.what = N_("It is too short to be read.");
    else if (speed > SPEED_MOST)
        r = (struct tv_remark){ c->start_ms, 0,
                                N_("It asks to read {0} characters a second; up to 21 is easy."),
                                speed };
    else if (rows > ROWS_MOST) r.what = N_("It has more than two rows.");
    else if (longest > ROW_MOST)
        r = (struct tv_remark){ c->start_ms, 0, N_("A row has {0} characters; up to 42 is easy."),
                                longest };
    return r;
}

size_t tv_subtitles_check(struct arena *a, const struct cue *cues, size_t n, int64_t duration,
                          struct tv_remark **ret)
{
    size_t found = 0;
    *ret = arena_array(a, struct tv_remark, REMARKS_MOST);
    for (size_t i = 0; i < n && found < REMARKS_MOST; i++) {
        struct tv_remark r = remark_of(&cues[i], i ? &cues[i - 1] : NULL, duration);
        r.line = i + 1;
        if (r.what) (*ret)[found++] = r;
    }
    return found;
}

/* --- showing ------------------------------------------------------------------------------------------------------------------ */

/* The text in this language; an empty file when there is none yet. False: no such language. */
static bool find_text(struct request *r, const struct tv_sql_video_by_slug *v, struct str lang,
                      struct tv_sql_text *ret)
{
    struct str name, code = hls_language(lang, &name);
    if (tv_sql_text(r->db, v->id, code, ret)) return true;
    *ret = (struct tv_sql_text){ .lang = code, .label = name, .vtt = S("WEBVTT\n") };
    return !str_eq(code, name); /* a language whose name we know */
}

static size_t cues_of(struct arena *a, struct str vtt, struct cue **ret)
{
    const char *problem;
    int line;
    size_t n;
    return subtitles_parse(a, vtt, ret, &n, &problem, &line) ? n : 0;
}

void tv_subtitles_get(struct request *r)
{
    struct tv_sql_video_by_slug v;
    struct tv_sql_texts *texts;
    if (!tv_studio_find(r, &v)) return;
    size_t n = tv_sql_texts(r->db, v.id, &texts);
    struct tv_subtitles_row *rows = arena_array(r->arena, struct tv_subtitles_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct cue *cues;
        struct tv_remark *remarks;
        rows[i].lang = texts[i].lang;
        rows[i].label = texts[i].label;
        rows[i].lines = cues_of(r->arena, texts[i].vtt, &cues);
        rows[i].remarks =
            tv_subtitles_check(r->arena, cues, rows[i].lines, v.duration_ms, &remarks);
    }
    const struct tv_subtitles_form *f = r->form;
    struct tv_recognition *heard;
    size_t m = tv_recognitions(r, v.id, &heard);
    tv_subtitles(http_page(r), &v, rows, n, f->lang.n ? f->lang : S("fr"), heard, m);
}

static void show_editor(struct request *r, const struct tv_sql_video_by_slug *v,
                        const struct tv_sql_text *text, struct tv_editor *e)
{
    struct cue *cues;
    e->lang = text->lang;
    e->label = text->label;
    size_t n = cues_of(r->arena, e->text, &cues);
    e->remark_count = tv_subtitles_check(r->arena, cues, n, v->duration_ms, &e->remarks);
    if (str_is(v->state, "ready")) {
        tv_open_to_edit(r, v, false, &e->video);
        e->video.track_count = 0; /* the editor shows its own lines over the picture */
    }
    tv_subtitles_editor(http_page(r), v, e);
}

void tv_subtitles_edit_get(struct request *r)
{
    const struct tv_subtitles_form *f = r->form;
    struct tv_sql_video_by_slug v;
    struct tv_sql_text text;
    if (!tv_studio_find(r, &v)) return;
    if (!find_text(r, &v, f->lang, &text)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    /* a form that comes back holds what was typed, and the print of what it began from */
    bool again = r->error_count > 0;
    struct tv_editor e = { .text = again ? f->texte : text.vtt,
                           .before = again ? f->avant : moment_print(r->arena, text.vtt) };
    show_editor(r, &v, &text, &e);
}

void tv_subtitles_file_get(struct request *r)
{
    const struct tv_subtitles_form *f = r->form;
    struct tv_sql_video_by_slug v;
    struct tv_sql_text text;
    if (!tv_studio_find(r, &v)) return;
    if (!tv_sql_text(r->db, v.id, f->lang, &text)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    bool srt = str_is(f->forme, "srt");
    if (srt) {
        struct cue *cues;
        size_t n = cues_of(r->arena, text.vtt, &cues);
        text.vtt = subtitles_srt(r->arena, cues, n);
    }
    http_bytes(r, 200, srt ? "application/x-subrip; charset=utf-8" : "text/vtt; charset=utf-8",
               text.vtt);
    http_header_set(r, "Content-Disposition",
                    arena_printf(r->arena, "attachment; filename=\"%.*s.%.*s.%s\"", STR(v.slug),
                                 STR(f->lang), srt ? "srt" : "vtt"));
}

/* --- changing ------------------------------------------------------------------------------------------------------------------- */

/* False with the reason beside the field, and the line it is about. */
static bool read_file(struct request *r, const char *field, struct str file, struct str *ret)
{
    struct cue *cues;
    const char *problem;
    int line;
    size_t n;
    if (!subtitles_parse(r->arena, file, &cues, &n, &problem, &line)) {
        struct str why = R_(problem);
        http_invalid(
            r, field,
            fmt_plain(r->arena, R_(N_("Line {0}: {1}")), arena_printf(r->arena, "%d", line), why));
        return false;
    }
    *ret = webvtt_write(r->arena, cues, n);
    return true;
}

static void store(struct request *r, const struct tv_sql_video_by_slug *v, struct str lang,
                  struct str label, struct str vtt)
{
    struct tv_sql_text old;
    bool had = tv_sql_text(r->db, v->id, lang, &old);
    if (had && str_eq(old.vtt, vtt) && str_eq(old.label, label)) return;
    if (vtt.n) tv_sql_add_text(r->db, v->id, lang, label, vtt);
    else tv_sql_drop_text(r->db, v->id, lang);
    tv_settle(r->db, v->id);
    tv_texts_later(r->db, v->id, v->edition, 0);
    audit_write(
        r, "video.subtitles", "video", v->id,
        had ? json_pack("{s:s%, s:I}", "lang", lang.p, lang.n, "bytes", (json_int_t)old.vtt.n)
            : NULL,
        vtt.n ? json_pack("{s:s%, s:I}", "lang", lang.p, lang.n, "bytes", (json_int_t)vtt.n)
              : NULL);
}

static void back(struct request *r, int64_t id, struct str lang, const char *notice)
{
    http_redirect(r,
                  arena_printf(r->arena, "/gestion/videos/%.*s/sous-titres%s%.*s",
                               STR(id_lower(r->arena, id)), lang.n ? "/" : "", STR(lang)),
                  notice);
}

void tv_subtitles_import_apply(struct request *r)
{
    const struct tv_subtitles_form *f = r->form;
    struct tv_sql_video_by_slug v;
    struct str file, vtt, name, lang = hls_language(f->lang, &name);
    if (!tv_studio_find(r, &v)) return;
    if (str_eq(lang, name)) {
        http_invalid(r, "lang", R_(N_("This choice is not one of ours.")));
        return;
    }
    if (csv_decode(r->arena, f->fichier.data, &file) == CSV_NO_TEXT) {
        http_invalid(r, "fichier", R_(N_("This is no text: choose a WebVTT or SRT file.")));
        return;
    }
    if (!read_file(r, "fichier", utf8_nfc(r->arena, file), &vtt)) return;
    store(r, &v, lang, name, vtt);
    back(r, v.id, lang, "sous-titres-recus");
}

void tv_subtitles_save_apply(struct request *r)
{
    const struct tv_subtitles_form *f = r->form;
    struct tv_sql_video_by_slug v;
    struct tv_sql_text text;
    struct str vtt;
    if (!tv_studio_find(r, &v)) return;
    if (!find_text(r, &v, f->lang, &text)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (!str_eq(f->avant, moment_print(r->arena, text.vtt))) {
        http_invalid(r, "texte",
                     R_(N_("Somebody saved these subtitles meanwhile. Keep a copy of yours, then "
                           "load the page again.")));
        return;
    }
    if (!read_file(r, "texte", f->texte, &vtt)) return;
    struct str name; /* read by somebody: no longer automatic */
    hls_language(text.lang, &name);
    store(r, &v, text.lang, name, vtt);
    back(r, v.id, text.lang, "sous-titres-notes");
}

void tv_subtitles_drop_apply(struct request *r)
{
    const struct tv_subtitles_form *f = r->form;
    struct tv_sql_video_by_slug v;
    if (!tv_studio_find(r, &v)) return;
    store(r, &v, f->lang, STR_NONE, STR_NONE);
    back(r, v.id, STR_NONE, "sous-titres-retires");
}
