/* Accounts: the record, and what others may call. */
#include "mod/people/people.h"

#include <assert.h>

#include "base/id.h"
#include "base/time.h"
#include "mod/people/pages.h"
#include "people_sql.h"

static const struct route routes[] = {
    { "GET", "/inscription", PUBLIC, .get = people_sign_up_get, .params = people_sign_up_link,
      .form_size = sizeof(struct people_sign_up), .help = "The form to open an account." },
    { "POST", "/inscription", PUBLIC, .prepare = people_sign_up_prepare,
      .apply = people_sign_up_apply, .form = people_sign_up_get, .params = people_sign_up_params,
      .form_size = sizeof(struct people_sign_up), .flags = ROUTE_SLOW_FORM,
      .help = "Opens an account and mails a link that proves the address." },
    { "GET", "/inscription/merci", PUBLIC, .get = people_sign_up_sent,
      .help = "Says that a message is on its way." },
    { "GET", "/inscription/confirmer", PUBLIC, .get = people_confirm_get,
      .params = people_confirm_link, .form_size = sizeof(struct people_confirm),
      .help = "Where the mailed link leads: one button." },
    { "POST", "/inscription/confirmer", PUBLIC, .prepare = people_confirm_prepare,
      .apply = people_confirm_apply, .form = people_confirm_get, .wait = people_confirm_wait,
      .params = people_confirm_params, .form_size = sizeof(struct people_confirm),
      .flags = ROUTE_SLOW_FORM, .help = "Proves the address and signs in." },
    { "GET", "/connexion", PUBLIC, .get = people_sign_in_get, .params = people_sign_in_link,
      .form_size = sizeof(struct people_sign_in), .help = "The form to sign in." },
    { "POST", "/connexion", PUBLIC, .prepare = people_sign_in_prepare,
      .apply = people_sign_in_apply, .form = people_sign_in_get, .wait = people_sign_in_wait,
      .params = people_sign_in_params, .form_size = sizeof(struct people_sign_in),
      .flags = ROUTE_SLOW_FORM, .help = "Signs in with e-mail and password." },
    { "GET", "/connexion/lien", PUBLIC, .get = people_enter_ask_get, .params = people_ask_link,
      .form_size = sizeof(struct people_ask), .help = "The form to ask for a link to sign in." },
    { "POST", "/connexion/lien", PUBLIC, .prepare = people_ask_prepare,
      .apply = people_enter_ask_apply, .form = people_enter_ask_get, .params = people_ask_params,
      .form_size = sizeof(struct people_ask), .flags = ROUTE_SLOW_FORM,
      .help = "Mails a link that signs in once." },
    { "GET", "/connexion/oubli", PUBLIC, .get = people_reset_ask_get, .params = people_ask_link,
      .form_size = sizeof(struct people_ask), .help = "The form of a forgotten password." },
    { "POST", "/connexion/oubli", PUBLIC, .prepare = people_ask_prepare,
      .apply = people_reset_ask_apply, .form = people_reset_ask_get, .params = people_ask_params,
      .form_size = sizeof(struct people_ask), .flags = ROUTE_SLOW_FORM,
      .help = "Mails a link to choose a new password." },
    { "GET", "/connexion/courrier", PUBLIC, .get = people_asked_get,
      .help = "Says that a letter is on its way." },
    { "GET", "/connexion/entrer", PUBLIC, .get = people_enter_get, .params = people_link_params,
      .form_size = sizeof(struct people_link_form),
      .help = "Where a mailed link leads: one button." },
    { "POST", "/connexion/entrer", PUBLIC, .apply = people_enter_apply, .form = people_enter_get,
      .params = people_link_params, .form_size = sizeof(struct people_link_form),
      .flags = ROUTE_SLOW_FORM, .help = "Signs in with a mailed link, once." },
    { "GET", "/connexion/mot-de-passe", PUBLIC, .get = people_reset_get,
      .params = people_link_params, .form_size = sizeof(struct people_link_form),
      .help = "Where the letter about a forgotten password leads." },
    { "POST", "/connexion/mot-de-passe", PUBLIC, .prepare = people_reset_prepare,
      .apply = people_reset_apply, .form = people_reset_get, .params = people_reset_params,
      .form_size = sizeof(struct people_link_form), .flags = ROUTE_SLOW_FORM,
      .help = "Sets a new password with a mailed link and signs in." },
    { "GET", "/adresse/confirmer", PUBLIC, .get = people_change_get, .params = people_change_params,
      .form_size = sizeof(struct people_change_form),
      .help = "Where the letter to a new address leads: one button." },
    { "POST", "/adresse/confirmer", PUBLIC, .apply = people_change_apply, .form = people_change_get,
      .params = people_change_params, .form_size = sizeof(struct people_change_form),
      .flags = ROUTE_SLOW_FORM, .help = "Makes the new address that of the account." },
    { "GET", "/adresse/annuler", PUBLIC, .get = people_undo_get, .params = people_change_params,
      .form_size = sizeof(struct people_change_form),
      .help = "Where the letter to the old address leads: one button." },
    { "POST", "/adresse/annuler", PUBLIC, .apply = people_undo_apply, .form = people_undo_get,
      .params = people_change_params, .form_size = sizeof(struct people_change_form),
      .flags = ROUTE_SLOW_FORM, .help = "Takes a change of address back and closes all sessions." },
    { "GET", "/connexion/code", PUBLIC, .get = people_code_get, .params = people_code_link,
      .form_size = sizeof(struct people_code_form), .help = "The second step of signing in." },
    { "POST", "/connexion/code", PUBLIC, .prepare = people_code_prepare, .apply = people_code_apply,
      .form = people_code_get, .params = people_code_params,
      .form_size = sizeof(struct people_code_form), .flags = ROUTE_SLOW_FORM,
      .help = "Takes a code of the application or a recovery code, and signs in." },
    { "POST", "/connexion/cle/defi", PUBLIC, .apply = people_passkey_enter_ask,
      .flags = ROUTE_SLOW_FORM, .help = "A challenge for any passkey to answer." },
    { "POST", "/connexion/cle", PUBLIC, .apply = people_passkey_enter,
      .params = people_passkey_params, .form_size = sizeof(struct people_passkey_form),
      .flags = ROUTE_SLOW_FORM, .help = "Signs in with a passkey." },
    { "POST", "/connexion/code/cle/defi", PUBLIC, .apply = people_passkey_second_ask,
      .flags = ROUTE_SLOW_FORM, .help = "A challenge for a passkey of who gave a password." },
    { "POST", "/connexion/code/cle", PUBLIC, .apply = people_passkey_second,
      .params = people_passkey_params, .form_size = sizeof(struct people_passkey_form),
      .flags = ROUTE_SLOW_FORM, .help = "Takes a passkey as the second step." },
    { "GET", "/compte/securite/cles", MEMBER, .get = people_passkeys_get,
      .form_size = sizeof(struct people_passkey_form), .help = "The passkeys of the account." },
    { "POST", "/compte/securite/cles/defi", MEMBER, .prepare = people_passkey_add_prepare,
      .apply = people_passkey_add_ask, .form = people_passkey_add_error, .wait = people_proof_wait,
      .params = people_passkey_ask_params, .form_size = sizeof(struct people_passkey_form),
      .help = "A challenge for a new passkey." },
    { "POST", "/compte/securite/cles", MEMBER, .apply = people_passkey_add,
      .form = people_passkeys_get, .params = people_passkey_add_params,
      .form_size = sizeof(struct people_passkey_form), .help = "Adds a passkey to the account." },
    { "POST", "/compte/securite/cles/:id", MEMBER, .apply = people_passkey_rename,
      .form = people_passkeys_get, .params = people_passkey_one_params,
      .form_size = sizeof(struct people_passkey_form), .help = "Gives a passkey another name." },
    { "POST", "/compte/securite/cles/:id/retirer", MEMBER, .apply = people_passkey_drop,
      .params = people_passkey_drop_params, .form_size = sizeof(struct people_passkey_form),
      .help = "Removes a passkey from the account." },
    { "GET", "/compte/securite/exigence", MEMBER, .get = people_due_get, .params = people_code_link,
      .form_size = sizeof(struct people_code_form),
      .help = "Says that a role asks for a second step." },
    { "GET", "/compte/securite/application", MEMBER, .get = people_app_get,
      .form_size = sizeof(struct people_code_form),
      .help = "The second step: set up, or as it is." },
    { "POST", "/compte/securite/application/commencer", MEMBER, .prepare = people_app_begin_prepare,
      .apply = people_app_begin_apply, .form = people_app_get, .wait = people_proof_wait,
      .params = people_app_begin_params, .form_size = sizeof(struct people_code_form),
      .help = "Makes the key of a second step, to be proved." },
    { "POST", "/compte/securite/application", MEMBER, .prepare = people_own_code_prepare,
      .apply = people_app_apply, .form = people_app_get, .params = people_code_params,
      .form_size = sizeof(struct people_code_form),
      .help = "Switches the second step on and shows the recovery codes." },
    { "POST", "/compte/securite/application/retirer", MEMBER, .prepare = people_own_code_prepare,
      .apply = people_app_drop_apply, .form = people_app_get, .params = people_code_params,
      .form_size = sizeof(struct people_code_form), .help = "Takes the second step away." },
    { "POST", "/compte/securite/codes", MEMBER, .prepare = people_own_code_prepare,
      .apply = people_codes_apply, .form = people_app_get, .params = people_code_params,
      .form_size = sizeof(struct people_code_form), .help = "Makes new recovery codes." },
    { "GET", "/gestion/securite", MAY("role.grant"), .get = people_rules_get,
      .help = "The roles that ask for a second step." },
    { "POST", "/gestion/securite", MAY("role.grant"), .apply = people_rules_apply,
      .form = people_rules_get, .params = people_rule_params,
      .form_size = sizeof(struct people_rule_form),
      .help = "Asks a role for a second step, or no longer." },
    { "GET", "/compte/securite", MEMBER, .get = people_security_get,
      .help = "How safe the account is, and where it is signed in." },
    { "POST", "/compte/securite/seances/:id/fermer", MEMBER, .apply = people_session_close_apply,
      .params = people_session_params, .form_size = sizeof(struct people_session_form),
      .help = "Closes one session of the account." },
    { "POST", "/compte/securite/seances/fermer", MEMBER, .apply = people_sessions_close_apply,
      .help = "Closes all sessions of the account but this one." },
    { "GET", "/compte/securite/mot-de-passe", MEMBER, .get = people_password_get,
      .form_size = sizeof(struct people_password_form),
      .help = "The form to change the password." },
    { "POST", "/compte/securite/mot-de-passe", MEMBER, .prepare = people_password_prepare,
      .apply = people_password_apply, .form = people_password_get, .wait = people_own_wait,
      .params = people_password_params, .form_size = sizeof(struct people_password_form),
      .help = "Changes the password and closes the other sessions." },
    { "POST", "/compte/securite/mot-de-passe/lien", MEMBER, .prepare = people_letter_prepare,
      .apply = people_password_mail_apply,
      .help = "Mails the person a link to choose a password." },
    { "GET", "/compte/securite/adresse", MEMBER, .get = people_address_get,
      .form_size = sizeof(struct people_address_form), .help = "The form to change the address." },
    { "POST", "/compte/securite/adresse", MEMBER, .prepare = people_address_prepare,
      .apply = people_address_apply, .form = people_address_get, .wait = people_own_wait,
      .params = people_address_params, .form_size = sizeof(struct people_address_form),
      .help = "Mails a link to a new address of the account." },
    { "POST", "/deconnexion", MEMBER, .apply = people_sign_out_apply,
      .help = "Closes this session." },
    { "POST", "/preferences/theme", MEMBER, .apply = people_theme_apply,
      .params = people_theme_params, .form_size = sizeof(struct people_theme),
      .help = "Remembers light, dark or automatic for the account." },
    { "GET", "/compte/portrait", MEMBER, .get = people_portrait_form_get,
      .form_size = sizeof(struct people_portrait_form), .help = "The person's picture." },
    { "POST", "/compte/portrait", MEMBER, .prepare = people_portrait_prepare,
      .apply = people_portrait_apply, .form = people_portrait_form_get,
      .params = people_portrait_params, .form_size = sizeof(struct people_portrait_form),
      .max_body = LIMIT_PORTRAIT, .flags = ROUTE_SLOW_FORM,
      .help = "Makes the person's picture from a file." },
    { "GET", "/compte/portrait/:taille", MEMBER, .get = people_portrait_get,
      .params = people_portrait_link, .form_size = sizeof(struct people_portrait_form),
      .help = "The person's picture itself, for them." },
    { "POST", "/compte/portrait/retirer", MEMBER, .apply = people_portrait_drop_apply,
      .help = "Removes the person's picture." },
    { "GET", "/compte/page", MEMBER, .get = people_page_get,
      .form_size = sizeof(struct people_page_form), .help = "The form of one's public page." },
    { "POST", "/compte/page", MEMBER, .apply = people_page_apply, .form = people_page_get,
      .params = people_page_params, .form_size = sizeof(struct people_page_form),
      .help = "Changes, opens or closes one's public page." },
    { "GET", "/compte/page/apercu", MEMBER, .get = people_preview_get,
      .help = "One's public page as everyone would see it." },
    { "GET", "/personnes/:slug", PUBLIC, .get = people_public_get, .params = people_slug_params,
      .form_size = sizeof(struct people_slug_form),
      .help = "The page that somebody opened to everyone." },
    { "GET", "/personnes/:slug/portrait", PUBLIC, .get = people_public_portrait_get,
      .params = people_slug_params, .form_size = sizeof(struct people_slug_form),
      .help = "The picture on such a page." },
    { "GET", "/compte", MEMBER, .get = people_profile_get,
      .form_size = sizeof(struct people_profile_form), .help = "The person's profile." },
    { "POST", "/compte", MEMBER, .apply = people_profile_apply, .form = people_profile_get,
      .params = people_profile_params, .form_size = sizeof(struct people_profile_form),
      .help = "Changes the profile." },
    { 0 },
};

static const struct notice notices[] = {
    { "bienvenue", N_("Welcome! Your address is confirmed and you are signed in."), false },
    { "connecte", N_("Good to see you again."), false },
    { "apparence", N_("Your choice is kept with your account."), false },
    { "profil", N_("Your profile is up to date."), false },
    { "portrait-change", N_("That is you now."), false },
    { "portrait-retire", N_("Your picture is gone."), false },
    { "page-ouverte", N_("Saved. Everyone sees your page."), false },
    { "page-gardee", N_("Saved. Your page is closed: only you see it."), false },
    { "mot-de-passe", N_("Your new password counts from now on. You are signed out elsewhere."),
      false },
    { "lien-envoye", N_("Look at your mail: a link is on its way."), false },
    { "adresse-demandee",
      N_("Look into the mailbox of the new address: it changes once you follow the link."), false },
    { "adresse-changee", N_("Your account has its new address."), false },
    { "adresse-annulee",
      N_("Your old address is back, and everybody is signed out. Look at your mail to choose a new "
         "password."),
      false },
    { "seance-fermee", N_("This device is signed out."), false },
    { "seances-fermees", N_("You are signed in on this device only."), false },
    { "code-faux", N_("That is not the code of this moment. Wait for the next one and try again."),
      true },
    { "code-trop", N_("Five wrong codes: please begin again."), true },
    { "code-ancien", N_("That took more than ten minutes: please begin again."), true },
    { "application-retiree", N_("The second step is gone: from now on the password is enough."),
      false },
    { "cle-refusee",
      N_("This passkey did not open the account. Please try again, or come in another way."),
      true },
    { "cle-non", N_("The passkey could not be kept. Please try again."), true },
    { "cle-ajoutee", N_("Your passkey opens the account from now on."), false },
    { "cle-renommee", N_("The passkey has its new name."), false },
    { "cle-retiree",
      N_("The passkey no longer opens the account. Remove it from your device as well."), false },
    { "exigence-posee", N_("It is asked from now on, with two weeks of grace."), false },
    { "exigence-levee", N_("It is no longer asked."), false },
    { "deconnecte", N_("You are signed out. See you soon!"), false },
    { 0 },
};

static const struct menu_entry menu[] = {
    { "/compte", N_("My account"), AREA_NONE, MENU_MINE, 90 },
    { "/compte", N_("Profile"), AREA_NONE, MENU_ACCOUNT, 10 },
    { "/compte/portrait", N_("My picture"), AREA_NONE, MENU_ACCOUNT, 12 },
    { "/compte/page", N_("Public page"), AREA_NONE, MENU_ACCOUNT, 14 },
    { "/compte/securite", N_("Account security"), AREA_NONE, MENU_ACCOUNT, 20 },
    { "/gestion/securite", N_("Security of accounts"), AREA_NONE, MENU_STAFF_RIGHTS, 72 },
    { 0 },
};

bool people_find(struct db *db, int64_t id, struct account *ret)
{
    struct people_sql_by_email p;
    if (!people_sql_by_id(db, id, &p)) return false;
    *ret = (struct account){
        .id = p.id, .name = p.name, .email = p.email, .confirmed = p.confirmed_at != DB_NULL
    };
    lang_from_code(p.lang, &ret->lang);
    return true;
}

bool people_find_by_email(struct db *db, struct str email, struct account *ret)
{
    struct people_sql_by_email p;
    if (!people_sql_by_email(db, email, &p)) return false;
    *ret = (struct account){
        .id = p.id, .name = p.name, .email = p.email, .confirmed = p.confirmed_at != DB_NULL
    };
    lang_from_code(p.lang, &ret->lang);
    return true;
}

const char *people_category(size_t i)
{
    return i < PEOPLE_CATEGORIES ? people_categories[i].code : NULL;
}

const char *people_category_label(struct str code)
{
    for (size_t i = 0; i < PEOPLE_CATEGORIES; i++)
        if (str_is(code, people_categories[i].code)) return people_categories[i].label;
    return NULL;
}

int64_t people_count(struct db *db)
{
    struct people_sql_count c = { 0 };
    people_sql_count(db, &c);
    return c.n;
}

int64_t people_add(struct db *db, struct str name, struct str email, struct str password_hash,
                   enum lang lang)
{
    int64_t id = id_new(), now = time_now();
    int64_t added =
        people_sql_add(db, id, name, email, password_hash, str_from(lang_code(lang)), now, now);
    return added ? id : 0;
}

int64_t people_admit(struct db *db, struct str name, struct str email, enum lang lang, int64_t now)
{
    struct people_sql_by_email known;
    struct str code = str_from(lang_code(lang));
    int64_t id;
    if (people_sql_by_email(db, email, &known)) {
        if (known.confirmed_at != DB_NULL) return 0;
        id = known.id;
        people_sql_renew(db, id, name, STR_NONE, code);
        people_sql_drop_tokens(db, id, S("confirm"));
        people_sql_confirm(db, id, now);
    } else {
        id = id_new();
        if (!people_sql_add(db, id, name, email, STR_NONE, code, now, now)) return 0;
    }
    event_emit(db, "people.joined", json_pack("{s:I}", "person", (json_int_t)id));
    return id;
}

int64_t people_bring(struct db *db, const struct people_newcomer *p, int64_t now)
{
    int64_t id = id_new();
    struct str search = access_person_search(db_arena(db), p->name, p->email);
    if (people_sql_bring(db, id, p->name, p->email, str_from(lang_code(p->lang)), search, now) != 1)
        return 0;
    if (p->category.n || p->subjects.n)
        people_sql_set_profile(db, id, S(""), p->category.n ? p->category : S(""), 0,
                               p->subjects.n ? p->subjects : S(""), S(""), now);
    return id;
}

bool people_is_unused(struct db *db, int64_t id)
{
    struct people_sql_unused row;
    return people_sql_unused(db, id, &row);
}

void people_remove(struct db *db, int64_t id)
{
    people_sql_forget_profile(db, id);
    people_sql_remove(db, id);
}

void people_set_aside(struct db *db, int64_t id, int64_t now)
{
    people_sql_set_aside(
        db, id, arena_printf(db_arena(db), "fusion-%lld@compte.invalid", (long long)id), now);
}

bool people_take_back(struct db *db, int64_t id, struct str email)
{
    return people_sql_take_back(db, id, email) == 1;
}

static void (*ways_in[4])(struct page *pg, struct request *r, struct str suite);
static size_t way_count;

void people_add_way_in(void (*fn)(struct page *pg, struct request *r, struct str suite))
{
    assert(way_count < COUNT(ways_in));
    ways_in[way_count++] = fn;
}

static void (*undos[4])(struct db *db, int64_t person_id, int64_t since);
static size_t undo_count;

void people_add_undo(void (*fn)(struct db *db, int64_t person_id, int64_t since))
{
    if (undo_count == COUNT(undos)) abort(); /* a table of a fixed size that grew too small */
    undos[undo_count++] = fn;
}

void people_undo_all(struct db *db, int64_t person_id, int64_t since)
{
    for (size_t i = 0; i < undo_count; i++)
        undos[i](db, person_id, since);
}

void people_ways_in(struct page *pg, struct request *r, struct str suite)
{
    for (size_t i = 0; i < way_count; i++)
        ways_in[i](pg, r, suite);
}

const struct module people_module = {
    .name = "people",
    .routes = routes,
    .notices = notices,
    .menu = menu,
    .commands = people_commands,
    .db = &people_db,
    .demo = people_demo,
    .year = people_year,
    .privacy = people_privacy,
};
