/* Accounts, for other modules and commands. */
#ifndef EDULAB_MOD_PEOPLE_H
#define EDULAB_MOD_PEOPLE_H

#include "module.h"

struct account {
    int64_t id;
    struct str name, email;
    enum lang lang;
    bool confirmed; /* the address was proved */
};

/* False when there is no such open account. */
bool people_find(struct db *db, int64_t id, struct account *ret);
bool people_find_by_email(struct db *db, struct str email, struct account *ret);
int64_t people_count(struct db *db);
/* In a transaction: an account whose address counts as proved. password_hash may be STR_NONE. Returns its id, or 0
 * when the address is taken. */
int64_t people_add(struct db *db, struct str name, struct str email, struct str password_hash,
                   enum lang lang);

/* In a transaction: the account of somebody whose address an institution has proved. A new one, or the one that was
 * opened with this address and never confirmed: its name becomes this one and its password, which anybody may have set,
 * is forgotten. 0 when a confirmed account has the address. */
int64_t people_admit(struct db *db, struct str name, struct str email, enum lang lang, int64_t now);

/* In a transaction: an account that staff bring in from a file, without a password; its address counts as proved. 0 when
 * the address is taken. category, subjects: STR_NONE or "": not said. */
struct people_newcomer {
    struct str name, email, category, subjects;
    enum lang lang;
};
int64_t people_bring(struct db *db, const struct people_newcomer *p, int64_t now);
/* Is the account open, and has it never had a password? */
bool people_is_unused(struct db *db, int64_t id);
/* In a transaction: takes such an account away with its profile. Nothing else may name it. */
void people_remove(struct db *db, int64_t id);

/* In apply: signs in (access_sign_in) and goes where the person wanted to; on the way to the second step, or to where it
 * is set up when a role asks for one. suite may be empty; notice as for http_redirect. */
void people_arrive(struct request *r, int64_t person_id, const char *way, struct str suite,
                   const char *notice);

/* In prepare: is this the password of who asks? Says so beside `field` when not. The row has people_own_wait as its `wait`, so
 * that who sits at somebody's open session guesses no faster than at sign-in. */
bool people_check_own_password(struct request *r, const char *field, struct str password);
int64_t people_own_wait(struct request *r);
/* Has who asks a password at all? Who came through an institution may have none. */
bool people_has_password(struct request *r);
/* What opens the account from now on, a passkey, a second step or a token, is added by who knows the password: in a session with one
 * proof, where there is one. In wait, in prepare (says so beside "actuel"), and for the page. */
bool people_asks_password(struct request *r);
int64_t people_proof_wait(struct request *r);
void people_proof_prepare(struct request *r, struct str password);
/* In prepare: may one more letter that anybody can ask for go to this address? A few at once, then one every ten minutes, so
 * that nobody floods a mailbox through us. */
bool people_may_write(struct str email);
/* In prepare: the same for a letter to who asks; otherwise the answer is 429. */
void people_letter_prepare(struct request *r);

/* In a transaction: closes an account that became a part of another; its address is free again. */
void people_set_aside(struct db *db, int64_t id, int64_t now);
/* In a transaction: opens it again under its address; false when somebody has that by now. */
bool people_take_back(struct db *db, int64_t id, struct str email);

/* At start: a part below the form to sign in, written by a later module; `suite` is where the person wants to go. */
void people_add_way_in(void (*fn)(struct page *pg, struct request *r, struct str suite));

/* At start: what a later module lets into an account, ended when its owner takes a change of address back. `since`: when the
 * change was asked for. In a transaction. */
void people_add_undo(void (*fn)(struct db *db, int64_t person_id, int64_t since));

/* The person's picture (WebP, square); false when they have none. */
bool people_portrait(struct db *db, int64_t person_id, bool large, struct str *ret);
/* When it was made, in seconds; 0: there is none. */
int64_t people_portrait_version(struct db *db, int64_t person_id);
/* Answers with it, or 404. */
void people_portrait_answer(struct request *r, int64_t person_id, bool large);

/* At start: what of a person's, kept by a later module, they may put on their public page. */
struct people_showable {
    int64_t id, at; /* at: since when; 0: not said */
    struct str title, path;
    const char *lang; /* of the title; NULL: the language asked for */
    bool chosen;      /* people's own */
};
typedef size_t (*people_showables)(struct db *db, int64_t person_id, enum lang lang,
                                   struct people_showable **ret);
/* part: a short code; label: a msgid. */
void people_add_showables(const char *part, const char *label, people_showables fn);

/* What a person may say they are, one code after the other: NULL behind the last. */
const char *people_category(size_t i);
/* A msgid; NULL for a code that is none. */
const char *people_category_label(struct str code);

/* The accounts of the sample data with their password, as a new JSON list. */
json_t *people_demo_accounts(void);

extern const struct module people_module;

#endif
