/* What the rows of people.c point to. */
#ifndef EDULAB_MOD_PEOPLE_PAGES_H
#define EDULAB_MOD_PEOPLE_PAGES_H

#include "access/passkey.h"
#include "access/second.h"
#include "base/time.h"
#include "mod/people/people.h"
#include "people_sql.h"

struct people_sign_up {
    struct str name, email, password;
    bool terms;
    struct str suite;   /* where to go afterwards */
    struct str website; /* people leave it empty: it is hidden from them */
};
extern const struct param people_sign_up_params[], people_sign_up_link[];
void people_sign_up_get(struct request *r);
void people_sign_up_prepare(struct request *r);
void people_sign_up_apply(struct request *r);
void people_sign_up_sent(struct request *r);

struct people_confirm {
    struct str jeton, suite, password;
};
extern const struct param people_confirm_link[], people_confirm_params[];
void people_confirm_get(struct request *r);
int64_t people_confirm_wait(struct request *r);
void people_confirm_prepare(struct request *r);
void people_confirm_apply(struct request *r);

struct people_sign_in {
    struct str email, password, suite;
};
extern const struct param people_sign_in_params[], people_sign_in_link[];
/* What later modules add below the form. */
void people_ways_in(struct page *pg, struct request *r, struct str suite);
int64_t people_sign_in_wait(struct request *r);
void people_sign_in_get(struct request *r);
void people_sign_in_prepare(struct request *r);
void people_sign_in_apply(struct request *r);
void people_sign_out_apply(struct request *r);

/* --- links.c: links by mail -------------------------------------------------------------------------------------- */

struct people_ask {
    struct str email, suite;
};
extern const struct param people_ask_params[], people_ask_link[];
void people_enter_ask_get(struct request *r);
void people_reset_ask_get(struct request *r);
void people_ask_prepare(struct request *r);
void people_enter_ask_apply(struct request *r);
void people_reset_ask_apply(struct request *r);
void people_asked_get(struct request *r);

struct people_link_form {
    struct str jeton, suite, nouveau;
};
extern const struct param people_link_params[], people_reset_params[];
void people_enter_get(struct request *r);
void people_enter_apply(struct request *r);
void people_reset_get(struct request *r);
void people_reset_prepare(struct request *r);
void people_reset_apply(struct request *r);
/* In a transaction: mails a link to choose a new password. */
void people_reset_send(struct request *r, const struct account *p);

/* --- password.c ----------------------------------------------------------------------------------------------------- */

/* Is it among the first that are tried? Also the person's own name and address. */
bool people_password_common(struct arena *a, struct str password, struct str name,
                            struct str email);
/* In prepare: the hash of a password that will do; otherwise NULL, and the answer says why, beside `field`. */
struct str *people_new_password(struct request *r, const char *field, struct str password,
                                struct str name, struct str email);

/* --- security.c, device.c, address.c: the page "Sécurité du compte" and those below it -------------------------------- */

/* "Firefox, Windows" from what the browser says it is. */
struct people_device {
    const char *browser, *system; /* names; NULL: not known */
    bool phone;
};
struct people_device people_device_of(struct str agent);
/* The same as words. */
struct str people_device_words(struct page *pg, struct str agent);

struct people_security {
    struct str email;
    struct str new_email; /* asked for and not confirmed yet; STR_NONE */
    bool has_password;
    struct second_factor second;
    int64_t passkey_count;
    int64_t second_due; /* a role asks for a second step from then on; DB_NULL: none does */
    const struct access_session *sessions;
    size_t session_count;
    int64_t this_session;
    struct str peer; /* of this request */
};
void people_security_get(struct request *r);

struct people_session_form {
    int64_t id;
};
extern const struct param people_session_params[];
void people_session_close_apply(struct request *r);
void people_sessions_close_apply(struct request *r);

struct people_password_form {
    struct str actuel, nouveau;
};
extern const struct param people_password_params[];
void people_password_get(struct request *r);
void people_password_prepare(struct request *r);
void people_password_apply(struct request *r);
void people_password_mail_apply(struct request *r);
void people_tell_password_changed(struct request *r, const struct account *p);

/* --- second.c: the second step ------------------------------------------------------------------------------------- */

struct people_code_form {
    struct str code, suite, actuel;
};
struct people_rule_form {
    struct str role;
    bool asked;
};
extern const struct param people_code_params[], people_code_link[], people_app_begin_params[],
    people_rule_params[];
void people_code_get(struct request *r);
void people_code_prepare(struct request *r);
void people_code_apply(struct request *r);
void people_due_get(struct request *r);
void people_app_begin_prepare(struct request *r);
void people_app_begin_apply(struct request *r);
void people_app_get(struct request *r);
void people_app_apply(struct request *r);
void people_own_code_prepare(struct request *r);
void people_app_drop_apply(struct request *r);
void people_codes_apply(struct request *r);
void people_rules_get(struct request *r);
void people_rules_apply(struct request *r);
/* --- passkeys.c ----------------------------------------------------------------------------------------------------- */

struct people_passkey_form {
    struct passkey_answer answer;
    struct str nom, actuel, suite;
    int64_t id;
};
extern const struct param people_passkey_params[], people_passkey_add_params[],
    people_passkey_one_params[], people_passkey_drop_params[], people_passkey_ask_params[];
struct people_passkey_list {
    const struct passkey *keys;
    size_t count;
    struct str name, email; /* name: suggested for a new one */
    bool possible, asks_password;
};
void people_passkey_enter_ask(struct request *r);
void people_passkey_enter(struct request *r);
void people_passkey_second_ask(struct request *r);
void people_passkey_second(struct request *r);
void people_passkeys_get(struct request *r);
void people_passkey_add_prepare(struct request *r);
void people_passkey_add_ask(struct request *r);
void people_passkey_add_error(struct request *r);
void people_passkey_add(struct request *r);
void people_passkey_rename(struct request *r);
void people_passkey_drop(struct request *r);

/* "/path?suite=…", and "/path?jeton=…&suite=…" for letters; without an empty suite. */
struct str people_link(struct request *r, const char *path, struct str token, struct str suite);
struct str people_with_suite(struct request *r, const char *path, struct str suite);
/* "abcd efgh …": easier to type. */
struct str people_spaced(struct page *pg, struct str secret);

#define PEOPLE_CHANGE_LIFE (2 * DAY_MS) /* to confirm a new address */
#define PEOPLE_UNDO_LIFE (30 * DAY_MS)  /* to take it back */
struct people_address_form {
    struct str email, actuel;
};
struct people_change_form {
    struct str jeton;
};
extern const struct param people_address_params[], people_change_params[];
void people_address_get(struct request *r);
void people_address_prepare(struct request *r);
void people_address_apply(struct request *r);
void people_change_get(struct request *r);
void people_change_apply(struct request *r);
void people_undo_get(struct request *r);
void people_undo_apply(struct request *r);

struct people_theme {
    struct str theme;
};
extern const struct param people_theme_params[];
void people_theme_apply(struct request *r);

struct people_profile_form {
    struct str name, pronoun, category;
    struct str_list levels;
    struct str subjects, organisation, lang, theme;
};
/* A choice of the profile: what is stored, and what people read (a msgid). */
struct people_option {
    const char *code, *label;
};
bool people_list_has(const struct str_list *list, const char *code);
enum { PEOPLE_CATEGORIES = 7, PEOPLE_LEVELS = 9 };
extern const struct people_option people_categories[PEOPLE_CATEGORIES];
/* The level at i is bit i of profile.levels. */
extern const struct people_option people_levels[PEOPLE_LEVELS];
extern const struct param people_profile_params[];
void people_profile_get(struct request *r);
void people_profile_apply(struct request *r);

/* people.c: see people_add_undo */
void people_undo_all(struct db *db, int64_t person_id, int64_t since);

/* --- portrait.c: the person's picture ------------------------------------------------------------------------------- */

struct people_portrait_form {
    struct upload portrait;
    int64_t zoom, x, y; /* as struct portrait_square */
    int64_t taille;
};
extern const struct param people_portrait_params[], people_portrait_link[];
void people_portrait_form_get(struct request *r);
void people_portrait_get(struct request *r);
void people_portrait_prepare(struct request *r);
void people_portrait_apply(struct request *r);
void people_portrait_drop_apply(struct request *r);

/* --- page.c: the page for everyone ------------------------------------------------------------------------------------ */

enum { PEOPLE_SHOWN = 5, PEOPLE_LINKS = 8, PEOPLE_PARTS = 6 };
extern const struct people_option people_shown[PEOPLE_SHOWN];
struct people_page_form {
    struct str adresse, accroche, texte, liens;
    struct str_list montre, choix;
    bool ouverte, moteurs;
};
struct people_slug_form {
    struct str slug;
};
struct people_link_row {
    struct str address, words;
};
struct people_part {
    const char *code, *label;
    struct people_showable *rows;
    size_t n;
};
struct people_page_edit {
    const struct people_page_form *form;
    struct people_sql_page page;
    struct people_part parts[PEOPLE_PARTS];
    size_t part_count;
    struct str suggested;
    bool typed; /* the form comes back */
};
struct people_page_view {
    struct people_sql_page page;
    struct str name, pronoun, subjects, organisation; /* .n 0: not shown */
    const char *category;
    int64_t portrait; /* 0: drawn */
    struct people_link_row *links;
    size_t link_count;
    struct people_part parts[PEOPLE_PARTS];
    size_t part_count;
};
extern const struct param people_page_params[], people_slug_params[];
void people_page_get(struct request *r);
void people_page_apply(struct request *r);
void people_preview_get(struct request *r);
void people_public_get(struct request *r);
void people_public_portrait_get(struct request *r);

extern const struct command people_commands[];
extern const struct privacy_source people_privacy[]; /* privacy.c */
bool people_demo(struct demo *demo);

bool people_year(struct demo *demo); /* year.c */

#endif
