/* The video library: the record, and what others may call. */
#include "mod/tv/tv.h"

#include "base/id.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "html_html.h"
#include "media/webvtt.h"
#include "media/recognition.h"
#include "mod/tv/library.h"
#include "mod/tv/studio.h"
#include "tv_html.h"

static const struct shape progress_shape = {
    .name = "VideoProgress",
    .help = N_("How far the preparation of a video is."),
    .schema =
        "{\"type\":\"object\",\"required\":[\"state\",\"progress\",\"over\",\"text\"],"
        "\"properties\":{"
        "\"state\":{\"type\":\"string\",\"enum\":[\"waiting\",\"preparing\",\"ready\",\"failed\","
        "\"withdrawn\"]},\"progress\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":1000},"
        "\"over\":{\"type\":\"boolean\"},\"text\":{\"type\":\"string\"}}}"
};
static const struct shape recognition_shape = {
    .name = "RecognitionProgress",
    .help = N_("How far a machine is with subtitles, in thousandths."),
    .schema = "{\"type\":\"object\",\"required\":[\"state\",\"progress\",\"over\",\"text\"],"
              "\"properties\":{\"state\":{\"type\":\"string\",\"enum\":[\"running\",\"done\","
              "\"failed\"]},"
              "\"progress\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":1000},"
              "\"over\":{\"type\":\"boolean\"},\"text\":{\"type\":\"string\"}}}"
};
static const struct api recognition_api = { .group = N_("Videos"), .answer = &recognition_shape };
static const struct api progress_api = { .group = N_("Videos"), .answer = &progress_shape };

static const struct shape work_shape = {
    .name = "VideoWork",
    .help = N_("How far some work on a video is."),
    .schema = "{\"type\":\"object\",\"required\":[\"progress\",\"over\",\"text\"],\"properties\":{"
              "\"progress\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":1000},"
              "\"over\":{\"type\":\"boolean\"},\"text\":{\"type\":\"string\"}}}"
};
static const struct api work_api = { .group = N_("Videos"), .answer = &work_shape };

enum { SUBTITLES_BODY = 5 * MIB }; /* what media/webvtt.h reads, and the form around it */

static const struct route routes[] = {
    { "GET", "/tv", PUBLIC, .get = tv_home_get,
      .help = "The home of the Web TV: newest, series, themes, levels, durations." },
    { "GET", "/tv/videos", PUBLIC, .get = tv_list_get, .params = tv_filter_params,
      .form_size = sizeof(struct tv_filter), .help = "All videos, with filters." },
    { "GET", "/tv/chaines", PUBLIC, .get = tv_channels_get, .help = "The channels and series." },
    { "GET", "/tv/chaines/:slug", PUBLIC, .get = tv_channel_get, .params = tv_channel_params,
      .form_size = sizeof(struct tv_channel_form), .help = "One channel: its series and videos." },
    { "GET", "/tv/chaines/:slug/flux", PUBLIC, .flags = ROUTE_TAGGED, .get = tv_feed_get,
      .params = tv_channel_params, .form_size = sizeof(struct tv_channel_form),
      .help = "The podcast feed of a channel, with transcripts and chapters." },
    { "GET", "/tv/plan", PUBLIC, .flags = ROUTE_TAGGED, .get = tv_sitemaps_get,
      .help = "The sitemaps of the public videos." },
    { "GET", "/tv/plan/:page", PUBLIC, .flags = ROUTE_TAGGED, .get = tv_sitemap_get,
      .params = tv_sitemap_params, .form_size = sizeof(struct tv_sitemap_form),
      .help = "One sitemap of a thousand videos." },
    { "GET", "/oembed", PUBLIC, .get = tv_oembed_get, .params = tv_oembed_params,
      .form_size = sizeof(struct tv_oembed_form),
      .help = "Title and picture of a public video for sites that link to it (oEmbed)." },
    { "GET", "/tv/series/:slug", PUBLIC, .get = tv_series_get, .params = tv_channel_params,
      .form_size = sizeof(struct tv_channel_form), .help = "One series, its episodes in order." },
    { "GET", "/tv/:slug", OBJECT(tv_watch_rule), .get = tv_watch_get, .params = tv_watch_params,
      .form_size = sizeof(struct tv_watch_form),
      .help = "A video with chapters, transcript and subtitles." },
    /* whoever asks: no session is looked at */
    { "GET", "/tv/:slug/lecteur", PUBLIC, .get = tv_frame_get, .params = tv_watch_params,
      .form_size = sizeof(struct tv_watch_form),
      .help = "The player of a public video alone, for a frame in pages of allowed sites." },
    { "GET", "/tv/:slug/texte", OBJECT(tv_watch_rule), .get = tv_text_get,
      .params = tv_watch_params, .form_size = sizeof(struct tv_watch_form),
      .help = "The transcript as a text file." },
    { "GET", "/tv/:slug/texte/:fichier", OBJECT(tv_watch_rule), .get = tv_track_get,
      .params = tv_track_params, .form_size = sizeof(struct tv_watch_form),
      .help = "Subtitles in one language, for podcast readers." },
    { "GET", "/tv/:slug/chapitres.json", OBJECT(tv_watch_rule), .get = tv_chapters_get,
      .params = tv_watch_params, .form_size = sizeof(struct tv_watch_form),
      .help = "The chapters, for podcast readers." },
    { "GET", "/tv/:slug/ressources/:ressource", OBJECT(tv_resource_rule),
      .get = tv_resource_show_get, .params = tv_resource_show_params,
      .form_size = sizeof(struct tv_watch_form),
      .help = "A file that goes with a moment of a video, for who sees the video." },
    { "GET", "/tv/:slug/ressources/:ressource/:jeton", OBJECT(tv_resource_rule),
      .get = tv_resource_show_get, .params = tv_resource_signed_params,
      .form_size = sizeof(struct tv_watch_form), .flags = ROUTE_SECRET,
      .help = "The same at a signed address that expires, as players have it." },
    { "GET", "/tv/:slug/fichier", OBJECT(tv_watch_rule), .get = tv_file_get,
      .params = tv_watch_params, .form_size = sizeof(struct tv_watch_form),
      .help = "Leads to the file, whose own address expires." },
    { "GET", "/tv/:slug/affiche", OBJECT(tv_watch_rule), .get = tv_poster_get,
      .params = tv_watch_params, .form_size = sizeof(struct tv_watch_form),
      .help = "Leads to the poster." },
    { "GET", "/tv/:slug/lien/:cle", OBJECT(tv_watch_rule), .get = tv_watch_get,
      .params = tv_link_params, .form_size = sizeof(struct tv_watch_form), .flags = ROUTE_SECRET,
      .help = "A video for who has its private link." },
    { "GET", "/tv/:slug/lien/:cle/texte", OBJECT(tv_watch_rule), .get = tv_text_get,
      .params = tv_link_params, .form_size = sizeof(struct tv_watch_form), .flags = ROUTE_SECRET,
      .help = "Its transcript, for who has its private link." },
    /* the address is signed: nobody is identified, nothing is read */
    { "GET", "/media/v/*", PUBLIC, .get = tv_media_get, .params = tv_media_params,
      .form_size = sizeof(struct tv_media_form), .flags = ROUTE_NO_DB | ROUTE_SECRET,
      .help = "Playlists, segments, subtitles and pictures, at signed addresses that expire." },
    { "GET", "/gestion/videos", MAY("tv.upload"), .get = tv_studio_get,
      .help = "Bring videos in and see them being prepared." },
    { "GET", "/gestion/videos/:id", MAY("tv.upload"), .get = tv_edit_get, .params = tv_id_params,
      .form_size = sizeof(struct tv_edit_form), .help = "One video: name, description, state." },
    { "POST", "/gestion/videos/:id", MAY("tv.upload"), .apply = tv_edit_apply, .form = tv_edit_get,
      .params = tv_edit_params, .form_size = sizeof(struct tv_edit_form),
      .help = "Saves the name and description of a video." },
    { "POST", "/gestion/videos/:id/relancer", MAY("tv.upload"), .apply = tv_retry_apply,
      .params = tv_id_params, .form_size = sizeof(struct tv_edit_form),
      .help = "Prepares a failed video once more." },
    { "POST", "/gestion/videos/:id/retirer", MAY("tv.upload"), .apply = tv_withdraw_apply,
      .params = tv_id_params, .form_size = sizeof(struct tv_edit_form),
      .help = "Takes a video off the public pages." },
    { "POST", "/gestion/videos/:id/visibilite", MAY("tv.upload"), .apply = tv_visibility_apply,
      .form = tv_visibility_get, .params = tv_visibility_params,
      .form_size = sizeof(struct tv_visibility_form), .help = "Says who sees a video, and when." },
    { "POST", "/gestion/videos/:id/lien", MAY("tv.upload"), .apply = tv_link_apply,
      .params = tv_id_params, .form_size = sizeof(struct tv_edit_form),
      .help = "Makes the private link of a video anew; the old one leads nowhere." },
    { "POST", "/gestion/videos/:id/rangement", MAY("tv.upload"), .apply = tv_tags_apply,
      .form = tv_tags_get, .params = tv_tags_params, .form_size = sizeof(struct tv_tags_form),
      .help = "Says where a video stands and what it is about." },
    { "GET", "/gestion/videos/:id/integration", MAY("tv.upload"), .get = tv_embed_video_get,
      .params = tv_embed_id_params, .form_size = sizeof(struct tv_embed_form),
      .help = "Which other sites may show a video in their pages." },
    { "POST", "/gestion/videos/:id/integration", MAY("tv.upload"), .apply = tv_embed_video_apply,
      .form = tv_embed_video_get, .params = tv_embed_params,
      .form_size = sizeof(struct tv_embed_form),
      .help = "Says which other sites may show a video." },
    { "GET", "/gestion/chaines/:id/integration", MAY("tv.upload"), .get = tv_embed_channel_get,
      .params = tv_embed_id_params, .form_size = sizeof(struct tv_embed_form),
      .help = "Which other sites may show the videos of a channel." },
    { "POST", "/gestion/chaines/:id/integration", MAY("tv.upload"), .apply = tv_embed_channel_apply,
      .form = tv_embed_channel_get, .params = tv_embed_params,
      .form_size = sizeof(struct tv_embed_form),
      .help = "Says which other sites may show the videos of a channel." },
    { "GET", "/gestion/chaines", MAY("tv.upload"), .get = tv_channels_studio_get,
      .help = "The channels and series of the Web TV, for those who publish in them." },
    { "POST", "/gestion/chaines", MAY("tv.upload"), .apply = tv_channel_add_apply,
      .form = tv_channels_studio_get, .params = tv_new_channel_params,
      .form_size = sizeof(struct tv_channel_edit), .help = "Makes a channel." },
    { "GET", "/gestion/chaines/:id", MAY("tv.upload"), .get = tv_channel_edit_get,
      .params = tv_channel_id_params, .form_size = sizeof(struct tv_channel_edit),
      .help = "One channel: name, description, who publishes in it." },
    { "POST", "/gestion/chaines/:id", MAY("tv.upload"), .apply = tv_channel_edit_apply,
      .form = tv_channel_edit_get, .params = tv_channel_edit_params,
      .form_size = sizeof(struct tv_channel_edit), .help = "Saves a channel." },
    { "POST", "/gestion/chaines/:id/supprimer", MAY("tv.upload"), .apply = tv_channel_drop_apply,
      .params = tv_channel_id_params, .form_size = sizeof(struct tv_channel_edit),
      .help = "Takes an empty channel away." },
    { "POST", "/gestion/chaines/:id/series", MAY("tv.upload"), .apply = tv_series_add_apply,
      .form = tv_series_add_get, .params = tv_series_edit_params,
      .form_size = sizeof(struct tv_series_edit), .help = "Makes a series in a channel." },
    { "GET", "/gestion/series/:id", MAY("tv.upload"), .get = tv_series_edit_get,
      .params = tv_series_id_params, .form_size = sizeof(struct tv_series_edit),
      .help = "One series: title, description, the order of its episodes." },
    { "POST", "/gestion/series/:id", MAY("tv.upload"), .apply = tv_series_edit_apply,
      .form = tv_series_edit_get, .params = tv_series_edit_params,
      .form_size = sizeof(struct tv_series_edit), .help = "Saves a series." },
    { "POST", "/gestion/series/:id/deplacer/:video/:sens", MAY("tv.upload"),
      .apply = tv_series_move_apply, .params = tv_move_params,
      .form_size = sizeof(struct tv_move_form), .help = "Moves an episode one place up or down." },
    { "POST", "/gestion/series/:id/supprimer", MAY("tv.upload"), .apply = tv_series_drop_apply,
      .params = tv_series_id_params, .form_size = sizeof(struct tv_series_edit),
      .help = "Takes a series away; its videos stay." },
    { "GET", "/gestion/videos/:id/sous-titres", MAY("tv.upload"), .get = tv_subtitles_get,
      .params = tv_subtitles_id_params, .form_size = sizeof(struct tv_subtitles_form),
      .help = "The subtitles of a video: its languages, and the form to bring a file in." },
    { "POST", "/gestion/videos/:id/sous-titres", MAY("tv.upload"),
      .apply = tv_subtitles_import_apply, .form = tv_subtitles_get, .params = tv_subtitles_params,
      .form_size = sizeof(struct tv_subtitles_form), .max_body = SUBTITLES_BODY,
      .flags = ROUTE_SLOW_FORM, .help = "Brings subtitles in from a WebVTT or SRT file." },
    { "GET", "/gestion/videos/:id/sous-titres/:lang", MAY("tv.upload"),
      .get = tv_subtitles_edit_get, .params = tv_subtitles_lang_params,
      .form_size = sizeof(struct tv_subtitles_form),
      .help = "The subtitles in one language, line by line beside the video." },
    { "POST", "/gestion/videos/:id/sous-titres/:lang", MAY("tv.upload"),
      .apply = tv_subtitles_save_apply, .form = tv_subtitles_edit_get,
      .params = tv_subtitles_save_params, .form_size = sizeof(struct tv_subtitles_form),
      .max_body = SUBTITLES_BODY, .flags = ROUTE_SLOW_FORM, .help = "Saves them." },
    { "POST", "/gestion/videos/:id/sous-titres/reconnaissance", MAY("tv.upload"),
      .apply = tv_recognition_apply, .params = tv_recognition_params,
      .form_size = sizeof(struct tv_subtitles_form), .help = "Has a machine write subtitles." },
    { "GET", "/api/v1/videos/:id/reconnaissance/:lang", MAY("tv.upload"), .get = tv_recognition_api,
      .params = tv_recognition_params, .form_size = sizeof(struct tv_subtitles_form),
      .flags = ROUTE_API, .api = &recognition_api,
      .help = N_("How far a machine is with the subtitles in a language.") },
    { "GET", "/gestion/videos/:id/sous-titres/:lang/fichier", MAY("tv.upload"),
      .get = tv_subtitles_file_get, .params = tv_subtitles_lang_params,
      .form_size = sizeof(struct tv_subtitles_form),
      .help = "The subtitles as a WebVTT or SRT file." },
    { "POST", "/gestion/videos/:id/sous-titres/:lang/retirer", MAY("tv.upload"),
      .apply = tv_subtitles_drop_apply, .params = tv_subtitles_lang_params,
      .form_size = sizeof(struct tv_subtitles_form),
      .help = "Takes the subtitles in one language off a video." },
    { "GET", "/gestion/videos/:id/ressources", MAY("tv.upload"), .get = tv_resources_get,
      .params = tv_id_params, .form_size = sizeof(struct tv_resource_form),
      .help = "Links and files that go with moments of a video." },
    { "POST", "/gestion/videos/:id/ressources", MAY("tv.upload"),
      .prepare = tv_resource_add_prepare, .apply = tv_resource_add_apply, .form = tv_resources_get,
      .params = tv_resource_add_params, .form_size = sizeof(struct tv_resource_form),
      .max_body = TV_RESOURCE_BODY, .flags = ROUTE_SLOW_FORM,
      .help = "Adds a link or a file to a moment of a video." },
    { "GET", "/gestion/videos/:id/ressources/:ressource", MAY("tv.upload"),
      .get = tv_resource_edit_get, .params = tv_resource_id_params,
      .form_size = sizeof(struct tv_resource_form), .help = "One of them: its times and title." },
    { "POST", "/gestion/videos/:id/ressources/:ressource", MAY("tv.upload"),
      .apply = tv_resource_edit_apply, .form = tv_resource_edit_get,
      .params = tv_resource_edit_params, .form_size = sizeof(struct tv_resource_form),
      .help = "Saves the times, title and address of one of them." },
    { "POST", "/gestion/videos/:id/ressources/:ressource/retirer", MAY("tv.upload"),
      .apply = tv_resource_drop_apply, .params = tv_resource_id_params,
      .form_size = sizeof(struct tv_resource_form), .help = "Takes it off the video." },
    { "GET", "/gestion/videos/:id/affiche", MAY("tv.upload"), .get = tv_poster_edit_get,
      .params = tv_id_params, .form_size = sizeof(struct tv_poster_form),
      .help = "The poster of a video: pictures of it to choose from." },
    { "POST", "/gestion/videos/:id/affiche", MAY("tv.upload"), .prepare = tv_poster_edit_prepare,
      .apply = tv_poster_edit_apply, .form = tv_poster_edit_get, .params = tv_poster_params,
      .form_size = sizeof(struct tv_poster_form), .max_body = TV_RESOURCE_BODY,
      .flags = ROUTE_SLOW_FORM, .help = "Takes the poster from a moment, or from a picture." },
    { "GET", "/api/v1/videos/:id/affiche", MAY("tv.upload"), .get = tv_poster_api,
      .params = tv_id_params, .form_size = sizeof(struct tv_poster_form), .flags = ROUTE_API,
      .api = &work_api, .help = N_("How far the new poster of a video is.") },
    { "GET", "/gestion/videos/:id/fichier", MAY("tv.upload"), .get = tv_replace_get,
      .params = tv_id_params, .form_size = sizeof(struct tv_edit_form),
      .help = "Another file in the place of the one that people watch." },
    { "GET", "/gestion/videos/:id/suite", MAY("tv.upload"), .get = tv_ends_get,
      .params = tv_id_params, .form_size = sizeof(struct tv_end_form),
      .help = "Where to go after a video: up to three cards at its end." },
    { "POST", "/gestion/videos/:id/suite", MAY("tv.upload"), .apply = tv_end_add_apply,
      .form = tv_ends_get, .params = tv_end_add_params, .form_size = sizeof(struct tv_end_form),
      .help = "Adds an end card." },
    { "POST", "/gestion/videos/:id/suite/:place/retirer", MAY("tv.upload"),
      .apply = tv_end_drop_apply, .params = tv_end_id_params,
      .form_size = sizeof(struct tv_end_form), .help = "Takes an end card away." },
    { "GET", "/gestion/videos/:id/chapitres", MAY("tv.upload"), .get = tv_chapters_edit_get,
      .params = tv_id_params, .form_size = sizeof(struct tv_chapters_form),
      .help = "The chapters of a video, line by line beside it, and those that are proposed." },
    { "POST", "/gestion/videos/:id/chapitres", MAY("tv.upload"), .apply = tv_chapters_save_apply,
      .form = tv_chapters_edit_get, .params = tv_chapters_params,
      .form_size = sizeof(struct tv_chapters_form), .help = "Saves the chapters of a video." },
    { "POST", "/gestion/videos/:id/chapitres/proposer", MAY("tv.upload"), .apply = tv_scan_apply,
      .params = tv_id_params, .form_size = sizeof(struct tv_chapters_form),
      .help = "Looks for the moments where the picture changes, to propose chapters." },
    { "POST", "/gestion/videos/:id/chapitres/propositions", MAY("tv.upload"),
      .apply = tv_proposals_apply, .form = tv_chapters_edit_get, .params = tv_proposals_params,
      .form_size = sizeof(struct tv_chapters_form),
      .help = "Adds the chosen proposals to the chapters." },
    { "POST", "/gestion/videos/:id/chapitres/propositions/ecarter", MAY("tv.upload"),
      .apply = tv_proposals_drop_apply, .params = tv_id_params,
      .form_size = sizeof(struct tv_chapters_form), .help = "Puts all proposals aside." },
    { "GET", "/gestion/videos/:id/decoupe", MAY("tv.upload"), .get = tv_cut_get,
      .params = tv_id_params, .form_size = sizeof(struct tv_cut_form),
      .help = "Trims a video: its beginning, its end, and pieces to leave out." },
    { "POST", "/gestion/videos/:id/decoupe", MAY("tv.upload"), .apply = tv_cut_plan_apply,
      .form = tv_cut_get, .params = tv_cut_params, .form_size = sizeof(struct tv_cut_form),
      .help = "Looks where the pieces of a video can be cut." },
    { "POST", "/gestion/videos/:id/decoupe/faire", MAY("tv.upload"), .apply = tv_cut_make_apply,
      .params = tv_cut_make_params, .form_size = sizeof(struct tv_cut_form),
      .help = "Makes the edition that was planned." },
    { "POST", "/gestion/videos/:id/decoupe/abandonner", MAY("tv.upload"),
      .apply = tv_cut_drop_apply, .params = tv_id_params, .form_size = sizeof(struct tv_cut_form),
      .help = "Drops the plan." },
    { "POST", "/gestion/videos/:id/decoupe/original", MAY("tv.upload"), .apply = tv_cut_undo_apply,
      .params = tv_id_params, .form_size = sizeof(struct tv_cut_form),
      .help = "Goes back to the whole file." },
    { "GET", "/api/v1/videos/:id/decoupe", MAY("tv.upload"), .get = tv_cut_api,
      .params = tv_id_params, .form_size = sizeof(struct tv_cut_form), .flags = ROUTE_API,
      .api = &work_api, .help = N_("How far the cutting of a video is.") },
    { "GET", "/api/v1/videos/:id/chapitres", MAY("tv.upload"), .get = tv_scan_api,
      .params = tv_id_params, .form_size = sizeof(struct tv_chapters_form), .flags = ROUTE_API,
      .api = &work_api, .help = N_("How far the search for slide changes is.") },
    { "GET", "/api/v1/videos/:id/avancement", MAY("tv.upload"), .get = tv_progress_api,
      .params = tv_progress_params, .form_size = sizeof(struct tv_progress_form),
      .flags = ROUTE_API, .api = &progress_api,
      .help = N_("How far the preparation of a video is.") },
    { 0 },
};

static const struct notice notices[] = {
    { "video-notee", N_("Saved."), false },
    { "video-rangee", N_("Saved: the video stands there from now on."), false },
    { "integration-notee", N_("Saved: these sites may show it from now on."), false },
    { "chaine-notee", N_("The channel is saved."), false },
    { "chaine-retiree", N_("The channel is taken away."), false },
    { "serie-notee", N_("The series is saved."), false },
    { "serie-retiree", N_("The series is taken away; its videos stay."), false },
    { "video-visible", N_("Saved: it is seen as you wish from now on."), false },
    { "video-lien", N_("The private link is a new one. The old one leads nowhere any more."),
      false },
    { "sous-titres-notes", N_("Saved. Viewers get them within a minute."), false },
    { "sous-titres-recus", N_("Here they are. Viewers get them within a minute."), false },
    { "machine-ecoute", N_("The machine listens. It takes about as long as a part of the video."),
      false },
    { "sous-titres-retires", N_("The subtitles in this language are removed."), false },
    { "chapitres-notes", N_("The chapters are saved: viewers see them from now on."), false },
    { "chapitres-retires", N_("Saved: this video has no chapters."), false },
    { "propositions-gardees", N_("They are chapters now: give them their titles, then save."),
      false },
    { "propositions-ecartees", N_("The proposals are put aside; your chapters are as they were."),
      false },
    { "ressource-notee", N_("Saved: the player shows it at its moment."), false },
    { "ressource-retiree", N_("It is taken off the video."), false },
    { "affiche-choisie", N_("The new poster is there in a moment."), false },
    { "suite-notee", N_("Saved: it is offered at the end of the video."), false },
    { "suite-retiree", N_("The card is taken away."), false },
    { "decoupe-lancee", N_("The cut is being made. The video stays as it is until then."), false },
    { "decoupe-abandonnee", N_("The plan is dropped; nothing was cut."), false },
    { "decoupe-originale", N_("The whole video comes back as soon as it is prepared."), false },
    { "video-relancee", N_("The video will be prepared once more."), false },
    { "video-retiree", N_("The video no longer stands on the public pages. Its file is kept."),
      false },
    { 0 },
};

static const struct menu_entry menu[] = {
    { "/tv", N_("TV"), AREA_TV, MENU_MAIN, 10 },
    { "/gestion/videos", N_("Videos"), AREA_TV, MENU_STAFF_TRAINING, 20 },
    { "/gestion/chaines", N_("Channels"), AREA_TV, MENU_STAFF_TRAINING, 21 },
    { 0 },
};

/* staff: they look at it also outside its dates, so its addresses do not end with it. */
static struct tv_video exported(struct request *r, const struct tv_sql_video_by_slug *v, bool staff)
{
    const struct tv_rule rule = tv_rule_of(v);
    const struct tv_grant grant = { v->id, v->edition, v->media_turn,
                                    staff ? DB_NULL : v->closes_at };
    bool later = v->opens_at != DB_NULL;
    return (struct tv_video){ .id = v->id,
                              .slug = v->slug,
                              .title = v->title,
                              .speaker = v->speaker,
                              .licence = v->licence,
                              .kind = v->kind,
                              .audience = v->audience,
                              .href = arena_printf(r->arena, "/tv/%.*s", STR(v->slug)),
                              .open = tv_is_open(&rule, r->now),
                              .duration_ms = v->duration_ms,
                              .competences = v->competences,
                              .published_at = later ? v->opens_at : v->published_at,
                              .width = v->width,
                              .height = v->height,
                              .views = -1,
                              .sample = v->sample,
                              .folder = tv_address(r->arena, &grant, r->now) };
}

static void (*beside)(struct page *pg, const struct tv_video *video);
static int64_t (*views_of)(struct db *db, int64_t video_id);
static void (*reads)(struct db *db, int64_t person_id, struct tv_reading *ret);
static int64_t (*left_at)(struct db *db, int64_t person_id, int64_t video_id);

void tv_add_beside(void (*fn)(struct page *pg, const struct tv_video *video))
{
    beside = fn;
}

void tv_set_views(int64_t (*fn)(struct db *db, int64_t video_id))
{
    views_of = fn;
}

void tv_set_reading(void (*fn)(struct db *db, int64_t person_id, struct tv_reading *ret))
{
    reads = fn;
}

void tv_set_resume(int64_t (*fn)(struct db *db, int64_t person_id, int64_t video_id))
{
    left_at = fn;
}

enum { ADDED_MOST = 4 };
static void (*added[TV_SPOTS][ADDED_MOST])(struct page *pg, struct request *r,
                                           const struct tv_video *video);
static void (*mark_cards)(struct request *r, struct tv_video *videos, size_t n);
static void (*draw_tool)(struct page *pg, const struct tv_video *video);

void tv_add_to_page(enum tv_spot spot,
                    void (*fn)(struct page *pg, struct request *r, const struct tv_video *video))
{
    size_t i = 0;
    while (i < ADDED_MOST && added[spot][i])
        i++;
    if (i == ADDED_MOST) abort(); /* a module too many: seen at the first start */
    added[spot][i] = fn;
}

void tv_spot(struct page *pg, struct request *r, enum tv_spot spot, const struct tv_video *video)
{
    for (size_t i = 0; i < ADDED_MOST && added[spot][i]; i++)
        added[spot][i](pg, r, video);
}

void tv_set_card_tool(void (*mark)(struct request *r, struct tv_video *videos, size_t n),
                      void (*tool)(struct page *pg, const struct tv_video *video))
{
    mark_cards = mark;
    draw_tool = tool;
}

static void (*on_channel)(struct page *pg, struct request *r, int64_t channel_id);
static void (*on_home)(struct page *pg, struct request *r);

void tv_add_to_channel(void (*fn)(struct page *pg, struct request *r, int64_t channel_id))
{
    on_channel = fn;
}

void tv_add_to_home(void (*fn)(struct page *pg, struct request *r))
{
    on_home = fn;
}

void tv_channel_spot(struct page *pg, struct request *r, int64_t channel_id)
{
    if (on_channel) on_channel(pg, r, channel_id);
}

void tv_home_spot(struct page *pg, struct request *r)
{
    if (on_home) on_home(pg, r);
}

static void load_lines(struct arena *a, struct str vtt, struct tv_video *ret)
{
    struct cue *cues;
    const char *problem;
    int line;
    size_t n;
    if (!webvtt_parse(a, vtt, &cues, &n, &problem, &line))
        return; /* it was checked when it came in */
    ret->lines = arena_array(a, struct ui_line, n + 1);
    for (size_t i = 0; i < n; i++)
        ret->lines[i] = (struct ui_line){ .start_ms = cues[i].start_ms,
                                          .end_ms = cues[i].end_ms,
                                          .text = cues[i].text };
    ret->line_count = n;
}

void tv_open(struct request *r, const struct tv_sql_video_by_slug *v, struct str href, bool staff,
             struct tv_video *ret)
{
    struct db *db = r->db;
    struct arena *a = r->arena;
    *ret = exported(r, v, staff);
    if (href.n) ret->href = href;
    ret->resource_count = tv_resources_of(r, ret, &ret->resources);
    ret->end_count = tv_ends_of(r, v->id, &ret->ends);
    if (views_of) ret->views = views_of(db, v->id);
    if (left_at && r->who.person_id) ret->resume_ms = left_at(db, r->who.person_id, v->id);
    if (reads && r->who.person_id) reads(db, r->who.person_id, &ret->reading);
    struct tv_sql_texts *texts;
    struct tv_sql_chapters *chapters;
    ret->track_count = tv_sql_texts(db, v->id, &texts);
    ret->tracks = arena_array(a, struct ui_track, ret->track_count + 1);
    for (size_t i = 0; i < ret->track_count; i++)
        ret->tracks[i] =
            (struct ui_track){ .lang = arena_cstr(a, texts[i].lang),
                               .label = texts[i].label,
                               .src = arena_printf(a, "%.*s/subs/%.*s.vtt", STR(ret->folder),
                                                   STR(texts[i].lang)) };
    if (ret->track_count) load_lines(a, texts[0].vtt, ret);
    ret->chapter_count = tv_sql_chapters(db, v->id, &chapters);
    ret->chapters = arena_array(a, struct ui_chapter, ret->chapter_count + 1);
    for (size_t i = 0; i < ret->chapter_count; i++)
        ret->chapters[i] =
            (struct ui_chapter){ .start_ms = chapters[i].start_ms, .title = chapters[i].title };
}

bool tv_load(struct request *r, struct str slug, struct tv_video *ret)
{
    struct tv_sql_video_by_slug v;
    struct tv_viewer who;
    if (!tv_sql_video_by_slug(r->db, slug, &v)) return false;
    const struct tv_rule rule = tv_rule_of(&v);
    tv_viewer(r, &who);
    if (tv_sight(r->arena, &rule, &who, true) != TV_SEEN) return false;
    tv_open(r, &v, STR_NONE, who.staff, ret);
    return true;
}

enum tv_sight tv_find(struct request *r, struct str slug, struct str key, struct tv_video *ret)
{
    struct tv_opened o;
    enum tv_sight sight = tv_look(r, slug, key, &o);
    if (sight != TV_SEEN) return sight;
    *ret = exported(r, &o.video, o.who.staff);
    if (o.href.n) ret->href = o.href;
    return sight;
}

struct ui_video tv_row_of(struct page *pg, const struct tv_video *v)
{
    struct str poster = arena_printf(pg->arena, "%.*s/poster.webp", STR(v->folder));
    struct html tool = no_html;
    if (v->mark) {
        size_t from = html_begin_capture(pg);
        draw_tool(pg, v);
        tool = html_end_capture(pg, from);
    }
    return (struct ui_video){ .href = v->href,
                              .title = v->title,
                              .cover = v->title,
                              .length = clock_text(pg, v->duration_ms),
                              .meta = _(tv_kind_label(v->kind)),
                              .tool = tool,
                              .poster = v->width ? poster : STR_NONE };
}

void tv_player(struct page *pg, const struct tv_video *v, struct str done_url)
{
    struct arena *a = pg->arena;
    const struct ui_player player = {
        .title = v->title,
        .duration_ms = v->duration_ms,
        .resume_ms = v->resume_ms,
        .start_ms = v->start_ms,
        .file = v->slug,
        .caption_size = v->reading.size,
        .caption_tone = v->reading.tone,
        .caption_url = v->reading.keep,
        .complete_url = done_url,
        .hls = arena_printf(a, "%.*s/master.m3u8", STR(v->folder)),
        .mp4 = arena_printf(a, "%.*s/video.mp4", STR(v->folder)),
        .poster = v->width ? arena_printf(a, "%.*s/poster-large.webp", STR(v->folder)) : STR_NONE,
        .tracks = v->tracks,
        .track_count = v->track_count,
        .chapters = v->chapters,
        .chapter_count = v->chapter_count,
        .around = v->resource_count || v->end_count ? id_lower(a, v->id) : STR_NONE,
    };
    ui_player(pg, &player);
    if (!v->apart && v->resource_count) tv_resource_list(pg, v);
    if (!v->apart && v->end_count) tv_end_list(pg, v);
    if (beside && !v->uncounted) beside(pg, v);
}

const char *tv_audience_label(struct str audience)
{
    static const struct {
        const char *audience, *label;
    } rows[] = {
        { "public", N_("For everybody") },       { "members", N_("For members") },
        { "organisation", N_("For a network") }, { "programme", N_("For a training") },
        { "cohort", N_("For a session") },       { "link", N_("By private link") },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        if (str_is(audience, rows[i].audience)) return rows[i].label;
    return rows[0].label;
}

const char *tv_kind_label(struct str kind)
{
    return str_is(kind, "webinar") ? N_("Webinar") : N_("Tutorial");
}

size_t tv_newest(struct request *r, size_t most, struct tv_video **ret)
{
    struct tv_viewer who;
    tv_viewer(r, &who);
    return tv_some(r, &who, (int64_t)most, 0, ret);
}

size_t tv_some(struct request *r, const struct tv_viewer *who, int64_t most, int64_t skip,
               struct tv_video **ret)
{
    struct tv_sql_video_by_slug *rows;
    size_t n = tv_sql_listed(r->db, who->circles, who->now, most, skip, &rows);
    *ret = tv_cards(r, rows, n);
    return n;
}

struct tv_video *tv_cards(struct request *r, const struct tv_sql_video_by_slug *rows, size_t n)
{
    struct tv_video *videos = arena_array(r->arena, struct tv_video, n + 1);
    for (size_t i = 0; i < n; i++)
        videos[i] = exported(r, &rows[i], false);
    if (mark_cards && n) mark_cards(r, videos, n);
    return videos;
}

size_t tv_choices(struct request *r, struct str words, struct str chosen, size_t most,
                  struct tv_choice **ret)
{
    enum { LOOKED_AT = 3000 };
    struct tv_viewer who;
    struct tv_sql_pickable *rows;
    tv_viewer(r, &who);
    size_t all = tv_sql_pickable(r->db, who.circles, access_holds(r, "tv.upload"), who.now,
                                 LOOKED_AT, &rows),
           n = 0;
    struct str wanted = utf8_fold(r->arena, words);
    *ret = arena_array(r->arena, struct tv_choice, most + 1);
    for (int first = 1; first >= 0; first--)
        for (size_t i = 0; i < all && n < most; i++) {
            struct str title = rows[i].title;
            if (str_eq(rows[i].slug, chosen) != (bool)first) continue;
            if (!first && wanted.n) {
                struct str folded = utf8_fold(r->arena, title);
                if (str_search(folded, wanted) == folded.n) continue;
            }
            (*ret)[n++] = (struct tv_choice){ rows[i].slug, title, rows[i].duration_ms };
        }
    return n;
}

static void start(struct settings *settings)
{
    tv_see_start();
    tv_kept_shelf_forget();
    tv_address_start();
    tv_jobs_start(settings);
    recognition_start(settings);
}

const struct module tv_module = {
    .name = "tv",
    .routes = routes,
    .notices = notices,
    .menu = menu,
    .jobs = tv_jobs,
    .schedules = tv_schedules,
    .commands = tv_commands,
    .subscriptions = tv_subscriptions,
    .db = &tv_db,
    .privacy = tv_privacy,
    .demo = tv_demo,
    .start = start,
    .begin = tv_address_begin,
};
