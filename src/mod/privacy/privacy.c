/* Each person master of their data: the record. */
#include "mod/privacy/privacy.h"

#include "mod/learning/learning.h"
#include "mod/people/people.h"
#include "mod/privacy/pages.h"

#define ID_FORM .params = privacy_id_params, .form_size = sizeof(struct privacy_id_form)
#define REQUEST_FORM .form_size = sizeof(struct privacy_request_form)
#define PROCESSOR_FORM .form_size = sizeof(struct privacy_processor_form)
#define HOLD_FORM .form_size = sizeof(struct privacy_hold_form)
#define STAFF "/gestion/donnees"
#define MANAGE MAY("privacy.manage")
#define TOKEN_FORM .params = privacy_cancel_params, .form_size = sizeof(struct privacy_cancel_form)

static const struct route routes[] = {
    { "GET", "/compte/donnees", MEMBER, .get = privacy_data_get,
      .help = "Everything we hold about the person who asks." },
    { "POST", "/compte/donnees/export", MEMBER, .apply = privacy_export_apply,
      .help = "Asks for everything as one file." },
    { "GET", "/compte/donnees/export/:id/avancement", MEMBER, .get = privacy_export_progress,
      ID_FORM, .help = "How far the making of the file is." },
    { "GET", "/compte/donnees/export/:id/mes-donnees-edulab.zip", MEMBER, .get = privacy_export_get,
      ID_FORM, .help = "The file with everything, for its owner only." },
    { "GET", "/compte/accords", MEMBER, .get = privacy_consents_get,
      .help = "What the person agreed to, with a switch for each." },
    { "POST", "/compte/accords", MEMBER, .apply = privacy_consent_apply,
      .params = privacy_consent_params, .form_size = sizeof(struct privacy_consent_form),
      .help = "Gives or takes back one agreement." },
    { "GET", "/compte/donnees/fermer", MEMBER, .get = privacy_close_get,
      .form_size = sizeof(struct privacy_close_form),
      .help = "What closing the account erases, and what stays." },
    { "POST", "/compte/donnees/fermer", MEMBER, .prepare = privacy_close_prepare,
      .apply = privacy_close_apply, .form = privacy_close_get, .wait = people_own_wait,
      .params = privacy_close_params, .form_size = sizeof(struct privacy_close_form),
      .flags = ROUTE_SLOW_FORM, .help = "Closes the account in a week, after the password." },
    { "POST", "/compte/donnees/fermer/lien", MEMBER, .prepare = people_letter_prepare,
      .apply = privacy_close_by_mail_apply, .flags = ROUTE_SLOW_FORM,
      .help = "Mails a link to close an account that has no password." },
    { "GET", "/compte/donnees/fermer/confirmer", MEMBER, .get = privacy_close_link_get, TOKEN_FORM,
      .help = "Where that link leads: one button." },
    { "POST", "/compte/donnees/fermer/confirmer", MEMBER, .apply = privacy_close_link_apply,
      TOKEN_FORM, .flags = ROUTE_SLOW_FORM, .help = "Closes the account in a week, by the link." },
    { "POST", "/compte/donnees/garder", MEMBER, .apply = privacy_keep_apply,
      .help = "Keeps an account that was to be closed." },
    { "GET", "/fermeture/annuler", PUBLIC, .get = privacy_cancel_get, TOKEN_FORM,
      .help = "Where the mailed link to keep an account leads: one button." },
    { "POST", "/fermeture/annuler", PUBLIC, .apply = privacy_cancel_apply, TOKEN_FORM,
      .flags = ROUTE_SLOW_FORM, .help = "Keeps an account that was to be closed, by the link." },
    { "GET", "/compte/donnees/demande", MEMBER, .get = privacy_request_get, REQUEST_FORM,
      .help = "The form to ask the team something about one's data." },
    { "POST", "/compte/donnees/demande", MEMBER, .apply = privacy_request_apply,
      .form = privacy_request_get, .params = privacy_request_params, REQUEST_FORM,
      .flags = ROUTE_SLOW_FORM, .help = "Asks the team something about one's data." },
    { "GET", "/accessibilite/signaler", PUBLIC, .get = privacy_obstacle_get, REQUEST_FORM,
      .help = "The form to report what stands in the way on the site." },
    { "POST", "/accessibilite/signaler", PUBLIC, .apply = privacy_obstacle_apply,
      .form = privacy_obstacle_get, .params = privacy_obstacle_params, REQUEST_FORM,
      .flags = ROUTE_SLOW_FORM, .help = "Reports what stands in the way on the site." },
    { "GET", STAFF, MANAGE, .get = privacy_terms_get,
      .help = "How long what is kept, and what would go tonight." },
    { "POST", STAFF "/appliquer", MANAGE, .apply = privacy_terms_apply,
      .help = "Applies the rules of retention now." },
    { "GET", STAFF "/registre", MANAGE, .get = privacy_register_get,
      .help = "The register of processing as a document." },
    { "GET", STAFF "/sous-traitants", MANAGE, .get = privacy_processors_get, PROCESSOR_FORM,
      .help = "The firms that hold data for the centre." },
    { "POST", STAFF "/sous-traitants", MANAGE, .apply = privacy_processor_apply,
      .form = privacy_processors_get, .params = privacy_processor_params, PROCESSOR_FORM,
      .help = "Adds a firm that holds data for the centre." },
    { "POST", STAFF "/sous-traitants/:id/fin", MANAGE, .apply = privacy_processor_end_apply,
      .params = privacy_id_params, PROCESSOR_FORM,
      .help = "Notes that a firm holds data for the centre no more." },
    { "GET", STAFF "/demandes", MANAGE, .get = privacy_requests_get, REQUEST_FORM,
      .help = "What people ask about their data, and obstacles they report." },
    { "POST", STAFF "/demandes/:id/repondre", MANAGE, .apply = privacy_answer_apply,
      .form = privacy_requests_get, .params = privacy_answer_params, REQUEST_FORM,
      .help = "Answers a request by mail." },
    { "POST", STAFF "/demandes/:id/prolonger", MANAGE, .apply = privacy_extend_apply,
      .params = privacy_id_params, .form_size = sizeof(struct privacy_request_form),
      .help = "Takes two more months for an answer, and says so." },
    { "GET", STAFF "/gels", MANAGE, .get = privacy_holds_get, HOLD_FORM,
      .help = "Legal holds in force." },
    { "POST", STAFF "/gels", MANAGE, .apply = privacy_hold_apply, .form = privacy_holds_get,
      .params = privacy_hold_params, HOLD_FORM, .help = "Holds a person's data." },
    { "POST", STAFF "/gels/:id/lever", MANAGE, .apply = privacy_lift_apply, ID_FORM,
      .help = "Lifts a legal hold." },
    { 0 },
};

static const struct notice notices[] = {
    { "donnees-demandees", N_("Your file is being made. This page shows how far it is."), false },
    { "donnees-en-cours", N_("Your file is already being made."), false },
    { "accord-donne", N_("Noted: you agree. You can change your mind here at any time."), false },
    { "accord-retire", N_("Noted: no. Nothing else changes for you."), false },
    { "fermeture-demandee",
      N_("Your account will be closed in seven days. Until then you can "
         "keep it, here or by the link in our mail."),
      false },
    { "demande-notee", N_("Noted. You will have our answer within a month."), false },
    { "obstacle-note", N_("Thank you. You will have our answer within ten working days."), false },
    { "conservation-lancee", N_("The rules are being applied. What went stands in the log below."),
      false },
    { "demande-repondue", N_("The answer is on its way."), false },
    { "demande-prolongee", N_("Two more months, and the person knows."), false },
    { "sous-traitant-note", N_("Noted. It stands in the register of processing."), false },
    { "sous-traitant-fini", N_("It stays in the list, with the day on which it ended."), false },
    { "gel-pose",
      N_("Nothing of this person's data goes from now on, but for copies of our letters, which go "
         "after a week."),
      false },
    { "gel-leve", N_("The hold is lifted."), false },
    { "fermeture-lien", N_("Look at your mail: the link there closes the account."), false },
    { "fermeture-annulee", N_("Your account stays. Good that you are here."), false },
    { 0 },
};

static const struct menu_entry menu[] = {
    { "/compte/donnees", N_("My data"), AREA_NONE, MENU_ACCOUNT, 30 },
    { "/compte/accords", N_("My agreements"), AREA_NONE, MENU_ACCOUNT, 35 },
    { STAFF, N_("Data protection"), AREA_NONE, MENU_STAFF_RIGHTS, 70 },
    { 0 },
};

static const struct job_kind jobs[] = {
    { "privacy.export", .run = privacy_export_run, .apply = privacy_export_made,
      .max_attempts = 4 },
    { "privacy.sweep", .run = privacy_sweep_run, .apply = privacy_sweep_apply },
    { "privacy.erase", .apply = privacy_erase_due },
    { "privacy.retention", .run = privacy_retention_run, .max_attempts = 3 },
    { 0 },
};

/* For the test that no column is forgotten, and for whoever audits us. */
static int run_columns(struct command_context *c, int argc, char **argv)
{
    (void)c, (void)argv;
    if (argc) {
        fputs("edulab: privacy columns takes no arguments\n", stderr);
        return 2;
    }
    const struct privacy_source *const *sources = privacy_sources();
    for (size_t i = 0; sources[i]; i++)
        for (const char *const *column = sources[i]->columns; column && *column; column++)
            printf("%s\t%s\n", *column, sources[i]->name);
    return 0;
}

static const struct command commands[] = {
    { "privacy columns", "",
      "Lists every column that names a person, with the part of the program that answers for it.",
      run_columns },
    { 0 },
};

static const struct schedule schedules[] = { { "privacy.sweep", 60 },
                                             { "privacy.retention", 24 * 60 },
                                             { 0 } };

static void start(struct settings *settings)
{
    privacy_export_start(settings);
    privacy_idle_start(settings);
    learning_add_extra(privacy_ask_anew);
}

const struct module privacy_module = {
    .name = "privacy",
    .routes = routes,
    .notices = notices,
    .menu = menu,
    .jobs = jobs,
    .schedules = schedules,
    .commands = commands,
    .db = &privacy_db,
    .privacy = privacy_privacy,
    .start = start,
};
