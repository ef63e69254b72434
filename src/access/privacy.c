/* What this layer holds about people: sessions, roles, mailed links, the journal, holds, letters (whose layer knows
 * addresses only). */
#include <ctype.h>

#include "access/access.h"
#include "access/passkey.h"
#include "access/second.h"
#include "access_sql.h"
#include "base/id.h"
#include "base/limits.h"
#include "work/work.h"

/* --- what is shown -------------------------------------------------------------------------------------------------- */

#define ROW struct access_sql_held_sessions
static const struct privacy_column session_columns[] = {
    PRIVACY(TIME, ROW, created_at, N_("Opened on")),
    PRIVACY(TIME, ROW, seen_at, N_("Last used")),
    PRIVACY(TIME, ROW, expires_at, N_("Ends on")),
    PRIVACY(CODE, ROW, way, N_("How")),
    PRIVACY(TEXT, ROW, peer, N_("Network address")),
    PRIVACY(TEXT, ROW, agent, N_("Browser")),
    { 0 },
};
#undef ROW
#define ROW struct access_sql_held_roles
static const struct privacy_column role_columns[] = {
    PRIVACY(CODE, ROW, role, N_("Role")),
    PRIVACY(TIME, ROW, granted_at, N_("Given on")),
    { 0 },
};
#undef ROW
#define ROW struct access_sql_held_links
static const struct privacy_column link_columns[] = {
    PRIVACY(CODE, ROW, purpose, N_("What for")),
    PRIVACY(TIME, ROW, created_at, N_("Sent on")),
    PRIVACY(TIME, ROW, expires_at, N_("Ends on")),
    PRIVACY(TIME, ROW, used_at, N_("Used on")),
    { 0 },
};
#undef ROW
#define ROW struct access_sql_held_acts
static const struct privacy_column act_columns[] = {
    PRIVACY(TIME, ROW, at, N_("When")),     PRIVACY(CODE, ROW, act, N_("Act")),
    PRIVACY(YES, ROW, ours, N_("By you")),  PRIVACY(TEXT, ROW, before, N_("Before")),
    PRIVACY(TEXT, ROW, after, N_("After")), { 0 },
};
#undef ROW
#define ROW struct access_sql_held_holds
static const struct privacy_column hold_columns[] = {
    PRIVACY(TEXT, ROW, reason, N_("Reason")),
    PRIVACY(TIME, ROW, set_at, N_("Since")),
    PRIVACY(TIME, ROW, lifted_at, N_("Until")),
    { 0 },
};
#undef ROW
#define ROW struct access_sql_held_tokens
static const struct privacy_column token_columns[] = {
    PRIVACY(TEXT, ROW, name, N_("Name")),
    PRIVACY(TEXT, ROW, scopes, N_("What it may do")),
    PRIVACY(TIME, ROW, created_at, N_("Made on")),
    PRIVACY(TIME, ROW, expires_at, N_("Ends on")),
    PRIVACY(TIME, ROW, last_used_at, N_("Used on")),
    { 0 },
};
#undef ROW
#define ROW struct access_sql_held_mails
static const struct privacy_column mail_columns[] = {
    PRIVACY(TEXT, ROW, subject, N_("Subject")),
    PRIVACY(TEXT, ROW, body, N_("Text")),
    PRIVACY(TIME, ROW, created_at, N_("Written on")),
    PRIVACY(TIME, ROW, sent_at, N_("Sent on")),
    { 0 },
};
#undef ROW

#define ROW struct access_sql_held_second
static const struct privacy_column second_columns[] = {
    PRIVACY(TIME, ROW, made_at, N_("Made on")),
    PRIVACY(TIME, ROW, confirmed_at, N_("In use since")),
    { 0 },
};
#undef ROW

#define ROW struct access_sql_held_passkeys
static const struct privacy_column passkey_columns[] = {
    PRIVACY(TEXT, ROW, name, N_("Name")),
    PRIVACY(YES, ROW, synced, N_("Kept on several devices")),
    PRIVACY(TIME, ROW, made_at, N_("Made on")),
    PRIVACY(TIME, ROW, used_at, N_("Last used")),
    { 0 },
};
#undef ROW

PRIVACY_ROWS(sessions, access_sql_held_sessions)
PRIVACY_ROWS(roles, access_sql_held_roles)
PRIVACY_ROWS(links, access_sql_held_links)
PRIVACY_ROWS(acts, access_sql_held_acts)
PRIVACY_ROWS(holds_on, access_sql_held_holds)
PRIVACY_ROWS(tokens, access_sql_held_tokens)
PRIVACY_ROWS(second, access_sql_held_second)
PRIVACY_ROWS(passkeys, access_sql_held_passkeys)

/* Without what opens something: who sits at somebody's open session, or has the file, reads the letter and gets no key. */
static struct str without_keys(struct arena *a, struct str body)
{
    const struct str name = S("jeton=");
    struct buf out = BUF_INIT(2 * LIMIT_MAIL);
    while (body.n) {
        size_t key = str_search(body, name) + name.n;
        buf_str(&out, str_sub(body, 0, key));
        body = str_sub(body, key, body.n);
        for (key = 0; key < body.n && (isalnum((unsigned char)body.p[key]) || body.p[key] == '-' ||
                                       body.p[key] == '_');)
            key++;
        if (key) buf_lit(&out, "…");
        body = str_sub(body, key, body.n);
    }
    struct str shown = arena_dup(a, buf_view(&out));
    buf_finish(&out);
    return shown;
}

static size_t mails(struct db *db, int64_t person_id, void **ret)
{
    struct access_sql_held_mails *rows;
    size_t n = access_sql_held_mails(db, person_id, &rows);
    for (size_t i = 0; i < n; i++)
        rows[i].body = without_keys(db_arena(db), rows[i].body);
    *ret = rows;
    return n;
}

static const struct privacy_section sections[] = {
    { "sessions", N_("Devices that are signed in"), session_columns,
      sizeof(struct access_sql_held_sessions), sessions, NULL },
    { "roles", N_("Roles"), role_columns, sizeof(struct access_sql_held_roles), roles, NULL },
    { "links", N_("Links we mailed you"), link_columns, sizeof(struct access_sql_held_links), links,
      NULL },
    { "journal", N_("Journal of privileged acts by you or on your account"), act_columns,
      sizeof(struct access_sql_held_acts), acts,
      N_("The journal stays for two years, with a number in the place of your name: it must show "
         "that rights were not abused.") },
    { "holds", N_("Legal holds"), hold_columns, sizeof(struct access_sql_held_holds), holds_on,
      N_("That a hold existed is kept, with a number in the place of your name.") },
    { "tokens", N_("Keys for programs"), token_columns, sizeof(struct access_sql_held_tokens),
      tokens, NULL },
    { "second", N_("Application that shows codes"), second_columns,
      sizeof(struct access_sql_held_second), second, NULL },
    { "passkeys", N_("Passkeys"), passkey_columns, sizeof(struct access_sql_held_passkeys),
      passkeys, NULL },
    { "mails", N_("Mails we sent you in the last days"), mail_columns,
      sizeof(struct access_sql_held_mails), mails, NULL },
    { 0 },
};

/* --- leaving ---------------------------------------------------------------------------------------------------------- */

static void erase(struct db *db, int64_t person_id, int64_t now)
{
    struct access_sql_address_of address;
    (void)now;
    access_sql_drop_sessions_of(db, person_id);
    access_sql_drop_links_of(db, person_id);
    access_sql_drop_roles_of(db, person_id);
    access_sql_forget_grantor(db, person_id);
    access_sql_drop_tokens_of(db, person_id);
    access_sql_forget_maker(db, person_id);
    access_second_drop(db, person_id);
    access_passkeys_drop(db, person_id, 0);
    access_sql_forget_rule_maker(db, person_id);
    if (access_sql_address_of(db, person_id, &address)) mail_forget(db, address.email);
}

/* --- links by mail ---------------------------------------------------------------------------------------------------- */

void access_link_add(struct db *db, struct str token_hash, int64_t person_id, struct str purpose,
                     int64_t now, int64_t expires_at)
{
    access_sql_end_links(db, person_id, purpose);
    access_sql_add_link(db, token_hash, person_id, purpose, now, expires_at);
}

int64_t access_link_owner(struct db *db, struct str token_hash, struct str purpose, int64_t now)
{
    struct access_sql_link link;
    return access_sql_link(db, token_hash, purpose, now, &link) ? link.person_id : 0;
}

void access_links_end(struct db *db, int64_t person_id, struct str purpose)
{
    access_sql_end_links(db, person_id, purpose);
}

int64_t access_link_use(struct db *db, struct str token_hash, struct str purpose, int64_t now)
{
    struct access_sql_link link;
    if (!access_sql_link(db, token_hash, purpose, now, &link)) return 0;
    return access_sql_use_link(db, token_hash, now) == 1 ? link.person_id : 0;
}

/* --- holds ------------------------------------------------------------------------------------------------------------ */

bool access_is_held(struct db *db, int64_t person_id)
{
    struct access_sql_is_held h;
    return access_sql_is_held(db, person_id, &h);
}

void access_hold(struct db *db, int64_t person_id, struct str reason, int64_t by, int64_t now)
{
    access_sql_hold(db, id_new(), person_id, reason, by, now);
}

bool access_lift_hold(struct db *db, int64_t hold_id, int64_t by, int64_t now)
{
    return access_sql_lift_hold(db, hold_id, by, now) == 1;
}

size_t access_holds_in_force(struct db *db, struct access_held_person **ret)
{
    struct access_sql_holds *rows;
    size_t n = access_sql_holds(db, &rows);
    *ret = arena_array(db_arena(db), struct access_held_person, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = (struct access_held_person){ .id = rows[i].id,
                                                 .person_id = rows[i].person_id,
                                                 .set_at = rows[i].set_at,
                                                 .reason = rows[i].reason,
                                                 .name = rows[i].name,
                                                 .email = rows[i].email };
    return n;
}

/* --- terms ------------------------------------------------------------------------------------------------------------ */

#define COUNT_BY(fn, statement)                                                                    \
    static int64_t fn(struct db *db, int64_t before)                                               \
    {                                                                                              \
        struct statement c;                                                                        \
        return statement(db, before, &c) ? c.n : 0;                                                \
    }
COUNT_BY(count_sessions, access_sql_count_old_sessions)
COUNT_BY(count_links, access_sql_count_old_links)
COUNT_BY(count_tokens, access_sql_count_old_tokens)
COUNT_BY(count_acts, access_sql_count_old_acts)
COUNT_BY(count_mails, access_sql_count_old_mails)
COUNT_BY(count_events, access_sql_count_old_events)

static int64_t drop_sessions(struct db *db, int64_t before, int64_t now)
{
    (void)now;
    return access_sql_drop_expired_sessions(db, before);
}

static int64_t drop_links(struct db *db, int64_t before, int64_t now)
{
    (void)now;
    return access_sql_drop_old_links(db, before);
}

static int64_t drop_tokens(struct db *db, int64_t before, int64_t now)
{
    (void)now;
    return access_sql_drop_old_tokens(db, before);
}

static int64_t drop_acts(struct db *db, int64_t before, int64_t now)
{
    (void)now;
    return access_sql_drop_old_acts(db, before);
}

static const struct retention_rule retention[] = {
    { "access.session", N_("Sessions that ended, with network address and browser"),
      N_("To recognise who is signed in, and to let them close what is not theirs"), N_("Contract"),
      N_("Deleted"), 1, count_sessions, drop_sessions },
    { "access.link", N_("Links sent by mail that ended"), N_("To prove an address"), N_("Contract"),
      N_("Deleted"), 30, count_links, drop_links },
    { "access.token", N_("Keys for programs that ended"), N_("To let programs act for somebody"),
      N_("Contract"), N_("Deleted"), 30, count_tokens, drop_tokens },
    { "access.journal", N_("Journal of privileged acts"), N_("To show that rights were not abused"),
      N_("Legitimate interest"), N_("Deleted"), 730, count_acts, drop_acts },
    { "work.mail", N_("Mails sent"), N_("To send them again when the first try fails"),
      N_("Legitimate interest"), N_("Deleted each hour by the work itself"), 7, count_mails, NULL },
    { "work.event", N_("What happened inside the program, by numbers without names"),
      N_("To pass on an act from one part of the program to another"), N_("Legitimate interest"),
      N_("Deleted each hour by the work itself"), 90, count_events, NULL },
    { 0 },
};

static const char *const columns[] = { "session.person_id",
                                       "person_role.person_id",
                                       "person_role.granted_by",
                                       "mail_token.person_id",
                                       "audit.actor",
                                       "audit.peer",
                                       "session.peer",
                                       "audit.object",
                                       "legal_hold.person_id",
                                       "legal_hold.set_by",
                                       "legal_hold.lifted_by",
                                       "work_mail.recipient",
                                       "second_factor.person_id",
                                       "recovery_code.person_id",
                                       "half_session.person_id",
                                       "second_factor_rule.set_by",
                                       "passkey.person_id",
                                       "passkey_owner.person_id",
                                       "passkey_challenge.person_id",
                                       "api_token.person_id",
                                       "api_client.created_by",
                                       NULL };

const struct privacy_source access_privacy[] = {
    { .name = "access",
      .label = N_("Sign-in, rights and mails"),
      .sections = sections,
      .columns = columns,
      .erase = erase,
      .retention = retention },
    { 0 },
};
