/* Sign-in through an institution: the record. */
#include "mod/federation/pages.h"
#include "mod/people/people.h"

#define DOOR "/connexion/institution"
#define STAFF "/gestion/connexions"

static const struct route routes[] = {
    { "GET", DOOR "/:id", PUBLIC, .get = federation_door_get, .params = federation_door_params,
      .form_size = sizeof(struct door_form), .help = "Leads to the sign-in of an institution." },
    { "GET", DOOR "/:id/inconnu", PUBLIC, .get = federation_unknown_get,
      .params = federation_door_params, .form_size = sizeof(struct door_form),
      .help = "Says how to link an institution account that nobody here has." },
    { "GET", DOOR "/:id/retour", PUBLIC, .get = federation_return_get,
      .params = federation_return_params, .form_size = sizeof(struct return_form),
      .help = "Where an OpenID provider sends people back: a form that sends itself." },
    { "POST", DOOR "/:id/retour", PUBLIC, .prepare = federation_return_prepare,
      .apply = federation_return_apply, .params = federation_return_params,
      .form_size = sizeof(struct return_form), .flags = ROUTE_SLOW_FORM,
      .help = "Verifies what an OpenID provider says, and signs in." },
    { "GET", "/saml/metadata", PUBLIC, .get = federation_metadata_get,
      .help = "Our SAML metadata, for identity providers." },
    /* no CSRF token: the institution's page posts it, and no cookie of ours counts; the signed answer to a request of ours,
     * which counts once, is the proof, and only the browser that left can go on with it */
    { "POST", "/saml/acs", PUBLIC, .prepare = federation_acs_prepare, .apply = federation_acs_apply,
      .params = federation_acs_params, .form_size = sizeof(struct acs_form), .max_body = 512 * KIB,
      .flags = ROUTE_NO_CSRF | ROUTE_SLOW_FORM,
      .help = "Takes the answer of a SAML identity provider." },
    { "GET", DOOR "/arrivee", PUBLIC, .get = federation_arrival_get,
      .params = federation_arrival_link, .form_size = sizeof(struct arrival_form),
      .help = "Asks for what is missing after an institution's sign-in." },
    { "POST", DOOR "/arrivee", PUBLIC, .apply = federation_arrival_apply,
      .form = federation_arrival_get, .params = federation_arrival_params,
      .form_size = sizeof(struct arrival_form), .flags = ROUTE_SLOW_FORM,
      .help = "Opens or links the account that an institution proved." },
    { "GET", "/compte/institutions", MEMBER, .get = federation_mine_get,
      .help = "The institutions through which one can sign in." },
    { "POST", "/compte/institutions/:id/delier", MEMBER, .apply = federation_unlink_apply,
      .params = federation_mine_params, .form_size = sizeof(struct mine_form),
      .help = "Takes the link to an institution away." },
    { "GET", STAFF, MAY("federation.manage"), .get = federation_staff_get,
      .help = "The institutions through which people can sign in." },
    { "GET", STAFF "/nouvelle", MAY("federation.manage"), .get = federation_new_get,
      .form_size = sizeof(struct provider_form), .help = "The form to add an OpenID provider." },
    { "POST", STAFF, MAY("federation.manage"), .prepare = federation_new_prepare,
      .apply = federation_new_apply, .form = federation_new_get,
      .params = federation_provider_new_params, .form_size = sizeof(struct provider_form),
      .help = "Adds an OpenID provider after a look at what it publishes." },
    { "GET", STAFF "/nouvelle-saml", MAY("federation.manage"), .get = federation_saml_new_get,
      .form_size = sizeof(struct saml_form), .help = "The form to add a SAML identity provider." },
    { "POST", STAFF "/saml", MAY("federation.manage"), .prepare = federation_saml_new_prepare,
      .apply = federation_saml_new_apply, .form = federation_saml_new_get,
      .params = federation_saml_new_params, .form_size = sizeof(struct saml_form),
      .max_body = LIMIT_UPLOAD_FORM, .help = "Adds a SAML identity provider by its metadata." },
    { "POST", STAFF "/:id/saml", MAY("federation.manage"), .prepare = federation_saml_edit_prepare,
      .apply = federation_saml_edit_apply, .form = federation_saml_edit_form,
      .params = federation_saml_edit_params, .form_size = sizeof(struct saml_form),
      .max_body = LIMIT_UPLOAD_FORM, .help = "Changes a SAML identity provider." },
    { "GET", STAFF "/:id", MAY("federation.manage"), .get = federation_edit_get,
      .params = federation_provider_link, .form_size = sizeof(struct provider_form),
      .help = "An institution: settings, rules, state." },
    { "POST", STAFF "/:id", MAY("federation.manage"), .apply = federation_edit_apply,
      .form = federation_edit_get, .params = federation_provider_params,
      .form_size = sizeof(struct provider_form),
      .help = "Changes the settings of an institution." },
    { "POST", STAFF "/:id/tester", MAY("federation.manage"), .prepare = federation_test_prepare,
      .apply = federation_test_apply, .params = federation_provider_link,
      .form_size = sizeof(struct provider_form),
      .help = "Asks an institution again what it publishes." },
    { "POST", STAFF "/:id/allumer", MAY("federation.manage"), .apply = federation_on_apply,
      .params = federation_provider_link, .form_size = sizeof(struct provider_form),
      .help = "Offers an institution on the sign-in page." },
    { "POST", STAFF "/:id/eteindre", MAY("federation.manage"), .apply = federation_off_apply,
      .params = federation_provider_link, .form_size = sizeof(struct provider_form),
      .help = "Takes an institution off the sign-in page." },
    { "POST", STAFF "/:id/regles", MAY("federation.manage"), .apply = federation_mapping_apply,
      .form = federation_mapping_form, .params = federation_mapping_params,
      .form_size = sizeof(struct mapping_form),
      .help = "Adds a rule from what an institution says to organisation and role." },
    { "POST", STAFF "/:id/regles/:rule/retirer", MAY("federation.manage"),
      .apply = federation_mapping_drop_apply, .params = federation_mapping_drop_params,
      .form_size = sizeof(struct mapping_form), .help = "Takes a rule away." },
    { 0 },
};

static const struct notice notices[] = {
    { "institution-liee", N_("Done: you can sign in through this institution from now on."),
      false },
    { "institution-deja", N_("This institution was linked to your account already."), false },
    { "institution-deliee", N_("The link is gone. Your account stays as it is."), false },
    { "institution-bienvenue",
      N_("Welcome! Your account is open, and your institution is its key."), false },
    { "connexion-ajoutee", N_("It answered well. Give it the address below, then switch it on."),
      false },
    { "connexion-enregistree", N_("Saved."), false },
    { "connexion-bonne", N_("It answers, and what it publishes is in order."), false },
    { "connexion-muette", N_("It did not answer as it should; see below."), true },
    { "connexion-a-tester", N_("Test it first: we do not know yet what it publishes."), true },
    { "connexion-allumee", N_("It is on: the sign-in page shows it now."), false },
    { "connexion-eteinte", N_("It is off. Accounts and links stay; nobody comes in that way."),
      false },
    { "regle-ajoutee", N_("The rule counts from the next sign-in on."), false },
    { "regle-retiree", N_("The rule is gone. What it gave goes at the next sign-in."), false },
    { 0 },
};

static const struct menu_entry menu[] = {
    { STAFF, N_("Institutions' sign-in"), AREA_NONE, MENU_STAFF_RIGHTS, 70 },
    { "/compte/institutions", N_("My institutions"), AREA_NONE, MENU_ACCOUNT, 60 },
    { 0 },
};

static void start(struct settings *settings)
{
    (void)settings;
    people_add_way_in(federation_way_in);
    people_add_undo(federation_unlink_since);
}

const struct module federation_module = {
    .name = "federation",
    .routes = routes,
    .notices = notices,
    .menu = menu,
    .db = &federation_db,
    .jobs = federation_jobs,
    .schedules = federation_schedules,
    .privacy = federation_privacy,
    .start = start,
};
