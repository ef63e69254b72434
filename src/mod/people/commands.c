/* edulab user: accounts from the command line; and the accounts of the demo. */
#include "access/audit.h"
#include "access/second.h"
#include "base/settings.h"
#include "base/time.h"
#include "base/utf8.h"
#include "mod/people/pages.h"
#include "people_sql.h"

/* In the open on purpose: they exist only in sample data. */
#define DEMO_PASSWORD "atelier-demo-2026"
static const struct {
    const char *name, *email;
    enum role role;
} demo_accounts[] = {
    { "Enseignante J", "apprenante@exemple.be", ROLE_LEARNER },
    { "Formateur D", "formateur@exemple.be", ROLE_TRAINER },
    { "Coach E", "coach@exemple.be", ROLE_COACH },
    { "Équipe eduLAB", "equipe@exemple.be", ROLE_STAFF },
    /* these have their role for an organisation: the module organisation gives it */
    { "Direction F", "direction@exemple.be", ROLE_HEAD },
    { "Contact G", "contact@exemple.be", ROLE_CONTACT },
    { "Responsable H", "reseau@exemple.be", ROLE_NETWORK },
};

json_t *people_demo_accounts(void)
{
    json_t *list = json_array();
    for (size_t i = 0; i < COUNT(demo_accounts); i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "role",
                                              role_name(demo_accounts[i].role), "name",
                                              demo_accounts[i].name, "email",
                                              demo_accounts[i].email, "password", DEMO_PASSWORD));
    return list;
}

static bool add_demo_accounts(struct db *db, void *context)
{
    struct str *hash = context;
    for (size_t i = 0; i < COUNT(demo_accounts); i++) {
        int64_t id = people_add(db, str_from(demo_accounts[i].name),
                                str_from(demo_accounts[i].email), *hash, LANG_FR);
        enum role role = demo_accounts[i].role;
        if (id && (role == ROLE_TRAINER || role == ROLE_COACH || role == ROLE_STAFF))
            access_grant(db, id, role, 0);
    }
    return true;
}

bool people_demo(struct demo *demo)
{
    struct str hash = access_hash_password(demo->arena, S(DEMO_PASSWORD));
    if (!hash.p) return false;
    return db_change_run(demo->database, demo->arena, add_demo_accounts, &hash) == DB_COMMITTED;
}

/* --- edulab user ----------------------------------------------------------------------------------------------- */

struct new_user {
    struct str name, email, hash;
    enum role role;
    bool added;
};

static bool add_user(struct db *db, void *context)
{
    struct new_user *u = context;
    int64_t id = people_add(db, u->name, u->email, u->hash, LANG_FR);
    u->added = id != 0;
    if (id) access_grant(db, id, u->role, 0);
    return u->added;
}

static struct str read_password(struct arena *a)
{
    char line[256];
    fputs("Password (at least 10 characters): ", stderr);
    if (!fgets(line, sizeof line, stdin)) return STR_NONE;
    struct str password = str_from(line);
    if (password.n && password.p[password.n - 1] == '\n') password.n--;
    return password.n >= 10 ? arena_dup(a, password) : STR_NONE;
}

/* In small letters, as sign-in looks for it; STR_NONE: it is none. */
static struct str read_address(struct arena *a, const char *typed)
{
    char *out = arena_cstr(a, str_from(typed));
    size_t n = strlen(out);
    for (size_t i = 0; i < n; i++)
        if (out[i] >= 'A' && out[i] <= 'Z') out[i] = (char)(out[i] + 32);
    struct str address = { out, n };
    return utf8_valid(address) && http_email_valid(address) ? address : STR_NONE;
}

static int run_add(struct command_context *c, int argc, char **argv)
{
    struct new_user u = { .role = ROLE_LEARNER };
    if (argc < 3 || (u.role = role_from_name(str_from(argv[2]))) == ROLE_COUNT) {
        fputs("edulab user add EMAIL NAME ROLE: ROLE is learner, trainer, coach, contact, head, "
              "network or staff\n",
              stderr);
        return 2;
    }
    u.email = read_address(c->arena, argv[0]);
    u.name = str_from(argv[1]);
    if (!u.email.p || !utf8_valid(u.name)) {
        fprintf(stderr, "edulab: %s\n",
                u.email.p ? "the name is not UTF-8" : "this is no e-mail address");
        return 1;
    }
    struct str password = read_password(c->arena);
    if (!password.p) {
        fputs("edulab: the password needs at least 10 characters\n", stderr);
        return 1;
    }
    if (people_password_common(c->arena, password, u.name, u.email)) {
        fputs("edulab: this password is among the first that are tried\n", stderr);
        return 1;
    }
    u.hash = access_hash_password(c->arena, password);
    enum db_outcome outcome = db_change_run(c->database, c->arena, add_user, &u);
    if (outcome == DB_COMMITTED) return 0;
    fprintf(stderr,
            outcome == DB_REFUSED ? "edulab: %.*s has an account already\n"
                                  : "edulab: %.*s was not added\n",
            STR(u.email));
    return 1;
}

static int run_list(struct command_context *c, int argc, char **argv)
{
    (void)argv;
    if (argc) {
        fputs("edulab: user list takes no arguments\n", stderr);
        return 2;
    }
    struct db *db = db_read_begin(c->database, c->arena);
    if (!db) return 1;
    struct people_sql_all_people *people;
    size_t n = people_sql_all_people(db, &people);
    for (size_t i = 0; i < n; i++)
        printf("%.*s\t%.*s\t%s\n", STR(people[i].email), STR(people[i].name),
               people[i].confirmed_at == DB_NULL ? "unconfirmed" : "confirmed");
    bool failed = db_failed(db);
    db_read_end(db);
    return failed;
}

static bool reset_second(struct db *db, void *context)
{
    struct account p;
    if (!people_find_by_email(db, *(struct str *)context, &p)) return false;
    access_second_drop(db, p.id);
    access_passkeys_drop(db, p.id, 0);
    access_close_sessions(db, p.id, 0);
    audit_write_as(db, 0, "second_factor.removed", "person", p.id, NULL, NULL);
    return true;
}

static int run_reset(struct command_context *c, int argc, char **argv)
{
    if (argc != 1) {
        fputs("edulab user reset-second-step EMAIL\n", stderr);
        return 2;
    }
    struct str email = str_from(argv[0]);
    enum db_outcome outcome = db_change_run(c->database, c->arena, reset_second, &email);
    if (outcome == DB_COMMITTED) return 0;
    fprintf(stderr,
            outcome == DB_REFUSED ? "edulab: no account has the address %.*s\n"
                                  : "edulab: nothing was changed for %.*s\n",
            STR(email));
    return 1;
}

const struct command people_commands[] = {
    { "user add", "EMAIL NAME ROLE", "Adds an account; the password is read from standard input.",
      run_add },
    { "user reset-second-step", "EMAIL",
      "Takes the second step of an account and its passkeys away, for somebody who lost phone and "
      "codes.",
      run_reset },
    { "user list", "", "Lists the accounts.", run_list },
    { 0 },
};
