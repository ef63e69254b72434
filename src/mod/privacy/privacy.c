/* Each person master of their data: the record. */
#include "mod/privacy/privacy.h"

#include "mod/learning/learning.h"
#include "mod/privacy/pages.h"

#define ID_FORM .params = privacy_id_params, .form_size = sizeof(struct privacy_id_form)
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
      .apply = privacy_close_apply, .form = privacy_close_get, .params = privacy_close_params,
      .form_size = sizeof(struct privacy_close_form), .flags = ROUTE_SLOW_FORM,
      .help = "Closes the account in a week, after the password." },
    { "POST", "/compte/donnees/fermer/lien", MEMBER, .apply = privacy_close_by_mail_apply,
      .flags = ROUTE_SLOW_FORM, .help = "Mails a link to close an account that has no password." },
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
    { "fermeture-lien", N_("Look at your mail: the link there closes the account."), false },
    { "fermeture-annulee", N_("Your account stays. Good that you are here."), false },
    { 0 },
};

static const struct menu_entry menu[] = {
    { "/compte/donnees", N_("My data"), AREA_NONE, MENU_ACCOUNT, 30 },
    { "/compte/accords", N_("My agreements"), AREA_NONE, MENU_ACCOUNT, 35 },
    { 0 },
};

static const struct job_kind jobs[] = {
    { "privacy.export", .run = privacy_export_run, .apply = privacy_export_made,
      .max_attempts = 4 },
    { "privacy.sweep", .run = privacy_sweep_run, .apply = privacy_sweep_apply },
    { "privacy.erase", .apply = privacy_erase_due },
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

static const struct schedule schedules[] = { { "privacy.sweep", 60 }, { 0 } };

static void start(struct settings *settings)
{
    privacy_export_start(settings);
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
