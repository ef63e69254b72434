/* Comments below videos: the record. */
#include "mod/comment/comment.h"

#include "mod/comment/pages.h"

#define FORM .form_size = sizeof(struct comment_form)
#define JUDGE .form_size = sizeof(struct comment_judge_form)
#define OWN "/tv/commentaires/:id"
#define TEAM "/gestion/commentaires"
static const struct route routes[] = {
    { "POST", "/tv/:slug/commentaires", MEMBER, .prepare = comment_write_prepare,
      .apply = comment_write_apply, .form = comment_write_form, .params = comment_write_params,
      FORM, .help = "Writes below a video: a comment, or an answer to one." },
    { "POST", "/tv/:slug/lien/:cle/commentaires", MEMBER, .prepare = comment_write_prepare,
      .apply = comment_write_apply, .form = comment_write_form, .params = comment_link_write_params,
      FORM, .flags = ROUTE_SECRET, .help = "The same for who has the private link of the video." },
    { "GET", OWN "/corriger", MEMBER, .get = comment_correct_get, .params = comment_id_params, FORM,
      .help = "The form to correct what one wrote." },
    { "POST", OWN "/corriger", MEMBER, .prepare = comment_write_prepare,
      .apply = comment_correct_apply, .form = comment_correct_get, .params = comment_text_params,
      FORM, .help = "Corrects what one wrote." },
    { "POST", OWN "/reprendre", MEMBER, .apply = comment_remove_apply, .params = comment_id_params,
      FORM, .help = "Takes back what one wrote." },
    { "POST", OWN "/retablir", MEMBER, .apply = comment_restore_apply, .params = comment_id_params,
      FORM, .help = "Brings back, for a day, what one took back." },
    { "GET", OWN "/signaler", MEMBER, .get = comment_report_get, .params = comment_id_params, FORM,
      .help = "The form to tell the team of a comment." },
    { "POST", OWN "/signaler", MEMBER, .prepare = comment_report_prepare,
      .apply = comment_report_apply, .form = comment_report_get, .params = comment_report_params,
      FORM, .help = "Tells the team of a comment, once a person." },
    { "GET", "/compte/commentaires", MEMBER, .get = comment_own_get,
      .help = "What one wrote below videos, and whether one hears of answers by mail." },
    { "POST", "/compte/commentaires", MEMBER, .apply = comment_choice_apply,
      .params = comment_choice_params, FORM,
      .help = "Chooses whether one hears of answers by mail." },
    { "GET", "/tv/reponses/arret/:arret", OBJECT(comment_stop_rule), .get = comment_stop_get,
      .params = comment_stop_params, FORM, .flags = ROUTE_SECRET,
      .help = "Asks whether the letters about answers shall end." },
    /* No CSRF: RFC 8058 has the mail program press this for its reader, without a session; the address is signed by us and ends
     * the letters of one person, nothing else. */
    { "POST", "/tv/reponses/arret/:arret", OBJECT(comment_stop_rule), .apply = comment_stop_apply,
      .params = comment_stop_params, FORM, .flags = ROUTE_NO_CSRF | ROUTE_SECRET,
      .help = "Ends the letters about answers." },
    { "GET", "/api/v1/videos/:slug/commentaires", OBJECT(comment_api_rule), .get = comment_api_get,
      .params = comment_api_params, .form_size = sizeof(struct comment_api_form),
      .flags = ROUTE_API, .api = &comment_list_answer,
      .help = N_("The comments below a video, the newest first, each with its answers.") },
    { "POST", "/api/v1/videos/:slug/commentaires", MEMBER, .prepare = comment_write_prepare,
      .apply = comment_api_apply, .params = comment_api_write_params, FORM, .flags = ROUTE_API,
      .api = &comment_write_answer,
      .help = N_("Writes a comment below a video, or an answer to one.") },
    { "GET", TEAM, MAY("tv.moderate"), .get = comment_queue_get, .params = comment_queue_params,
      .form_size = sizeof(struct comment_queue_form),
      .help = "Comments that wait, that were reported, or all, for the team." },
    { "GET", TEAM "/reglages", MAY("tv.moderate"), .get = comment_settings_get,
      .help = "Where one may comment, by channel and video." },
    { "POST", TEAM "/chaines/:id", MAY("tv.moderate"), .apply = comment_channel_mode_apply,
      .params = comment_mode_params, JUDGE, .help = "Says who may comment in a channel." },
    { "POST", TEAM "/videos/:id", MAY("tv.moderate"), .apply = comment_video_mode_apply,
      .params = comment_mode_params, JUDGE, .help = "Says who may comment below a video." },
    { "GET", TEAM "/:id", MAY("tv.moderate"), .get = comment_case_get,
      .params = comment_judge_id_params, JUDGE,
      .help = "One comment with its thread, its reports and what can be done." },
    { "POST", TEAM "/:id/publier", MAY("tv.moderate"), .apply = comment_keep_apply,
      .params = comment_keep_params, JUDGE,
      .help = "Lets a comment through, shows a hidden one again, or leaves a reported one." },
    { "POST", TEAM "/:id/retirer", MAY("tv.moderate"), .apply = comment_hide_apply,
      .form = comment_case_get, .params = comment_hide_params, JUDGE,
      .help = "Hides a comment and tells its author why." },
    { "POST", TEAM "/:id/silence", MAY("tv.moderate"), .apply = comment_mute_apply,
      .form = comment_case_get, .params = comment_mute_params, JUDGE,
      .help = "Keeps the author of a comment from writing for a while, and tells them why." },
    { "POST", TEAM "/personnes/:id/parole", MAY("tv.moderate"), .apply = comment_unmute_apply,
      .params = comment_judge_id_params, JUDGE, .help = "Lets a person write again." },
    { 0 },
};

static const struct notice notices[] = {
    { "commentaire-publie", N_("Thank you! Your comment is there."), false },
    { "commentaire-attend", N_("Thank you! The team reads your comment before it is shown."),
      false },
    { "commentaire-corrige", N_("Corrected."), false },
    { "commentaire-repris", N_("Taken back. You can bring it back until tomorrow."), false },
    { "commentaire-retabli", N_("Your comment is back."), false },
    { "commentaire-signale", N_("Thank you! The team looks at it."), false },
    { "deja-signale", N_("You have told the team already. They look at it."), false },
    { "reponses-choisies", N_("Saved: this is how you hear of answers."), false },
    { "commentaire-garde", N_("The comment is shown."), false },
    { "commentaire-retire", N_("The comment is hidden. Its author is told why."), false },
    { "silence-pose", N_("This person can no longer comment. They are told why."), false },
    { "parole-rendue", N_("This person can comment again."), false },
    { "commentaires-regles", N_("Saved: this counts from now on."), false },
    { 0 },
};

static const struct menu_entry menu[] = {
    { "/compte/commentaires", N_("My comments"), AREA_TV, MENU_ACCOUNT, 28 },
    { TEAM, N_("Comments"), AREA_TV, MENU_STAFF_TRAINING, 23 },
    { 0 },
};

static void start(struct settings *settings)
{
    comment_tell_start(settings);
    tv_add_to_page(TV_BELOW, comment_on_page);
}

const struct module comment_module = {
    .name = "comment",
    .routes = routes,
    .notices = notices,
    .menu = menu,
    .jobs = comment_jobs,
    .db = &comment_db,
    .privacy = comment_privacy,
    .demo = comment_demo,
    .start = start,
};
