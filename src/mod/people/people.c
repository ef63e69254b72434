/* Accounts: the record, and what others may call. */
#include "mod/people/people.h"

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
      .params = people_confirm_params, .form_size = sizeof(struct people_confirm),
      .help = "Where the mailed link leads: one button." },
    { "POST", "/inscription/confirmer", PUBLIC, .apply = people_confirm_apply,
      .form = people_confirm_get, .params = people_confirm_params,
      .form_size = sizeof(struct people_confirm), .flags = ROUTE_SLOW_FORM,
      .help = "Proves the address and signs in." },
    { "GET", "/connexion", PUBLIC, .get = people_sign_in_get, .params = people_sign_in_link,
      .form_size = sizeof(struct people_sign_in), .help = "The form to sign in." },
    { "POST", "/connexion", PUBLIC, .prepare = people_sign_in_prepare,
      .apply = people_sign_in_apply, .form = people_sign_in_get, .params = people_sign_in_params,
      .form_size = sizeof(struct people_sign_in), .flags = ROUTE_SLOW_FORM,
      .help = "Signs in with e-mail and password." },
    { "POST", "/deconnexion", MEMBER, .apply = people_sign_out_apply,
      .help = "Closes this session." },
    { "POST", "/preferences/theme", MEMBER, .apply = people_theme_apply,
      .params = people_theme_params, .form_size = sizeof(struct people_theme),
      .help = "Remembers light, dark or automatic for the account." },
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
    { "deconnecte", N_("You are signed out. See you soon!"), false },
    { 0 },
};

static const struct menu_entry menu[] = {
    { "/compte", N_("My account"), AREA_NONE, MENU_MINE, 90 },
    { "/compte", N_("Profile"), AREA_NONE, MENU_ACCOUNT, 10 },
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

static void (*ways_in[4])(struct page *pg, struct request *r, struct str suite);
static size_t way_count;

void people_add_way_in(void (*fn)(struct page *pg, struct request *r, struct str suite))
{
    if (way_count < COUNT(ways_in)) ways_in[way_count++] = fn;
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
    .privacy = people_privacy,
};
