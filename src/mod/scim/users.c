/* /Users: a directory sees and changes only the people it brought in, as it described them. Whether an address had an account
 * before, no answer tells: the account is found or opened, and belongs to its owner either way. */
#include "base/id.h"
#include "base/utf8.h"
#include "mod/scim/pages.h"

/* --- what can be asked for -------------------------------------------------------------------------------------------- */

#define EMAILS "SELECT e.user_id FROM scim_email e WHERE e.organisation_id = :1"
static const struct scim_column columns[] = {
    { "id", NULL, "u.id", SCIM_ID, NULL },
    { "externalId", NULL, "u.external_id", SCIM_EXACT, NULL },
    { "userName", NULL, "u.user_key", SCIM_FOLDED, NULL },
    { "displayName", NULL, "u.display_key", SCIM_FOLDED, NULL },
    { "name", "formatted", "u.formatted_key", SCIM_FOLDED, NULL },
    { "name", "givenName", "u.given_key", SCIM_FOLDED, NULL },
    { "name", "familyName", "u.family_key", SCIM_FOLDED, NULL },
    { "preferredLanguage", NULL, "u.lang", SCIM_EXACT, NULL },
    { "active", NULL, "u.active", SCIM_BOOLEAN, NULL },
    { "meta", "created", "u.created_at", SCIM_MOMENT, NULL },
    { "meta", "lastModified", "u.changed_at", SCIM_MOMENT, NULL },
    { "meta", "resourceType", "'user'", SCIM_FOLDED, NULL },
    { "emails", "", "e.value", SCIM_FOLDED, EMAILS },
    { "emails", "value", "e.value", SCIM_FOLDED, EMAILS },
    { "emails", "type", "e.type", SCIM_FOLDED, EMAILS },
    { "emails", "primary", "e.is_primary", SCIM_BOOLEAN, EMAILS },
    { "nickName", NULL, NULL, SCIM_NOTHING, NULL },
    { "profileUrl", NULL, NULL, SCIM_NOTHING, NULL },
    { "title", NULL, NULL, SCIM_NOTHING, NULL },
    { "userType", NULL, NULL, SCIM_NOTHING, NULL },
    { "locale", NULL, NULL, SCIM_NOTHING, NULL },
    { "timezone", NULL, NULL, SCIM_NOTHING, NULL },
    { "phoneNumbers", "", NULL, SCIM_NOTHING, NULL },
    { "phoneNumbers", "value", NULL, SCIM_NOTHING, NULL },
    { "phoneNumbers", "type", NULL, SCIM_NOTHING, NULL },
    { "roles", "", NULL, SCIM_NOTHING, NULL },
    { "roles", "value", NULL, SCIM_NOTHING, NULL },
    { "groups", "", NULL, SCIM_NOTHING, NULL },
    { "groups", "value", NULL, SCIM_NOTHING, NULL },
    { "employeeNumber", NULL, NULL, SCIM_NOTHING, NULL },
    { "department", NULL, NULL, SCIM_NOTHING, NULL },
    { "organization", NULL, NULL, SCIM_NOTHING, NULL },
    { "manager", "", NULL, SCIM_NOTHING, NULL },
    { 0 },
};
#undef EMAILS
/* The same columns as the statement `user`. */
#define FIELD(type, name)                                                                          \
    {                                                                                              \
        DB_##type, offsetof(struct scim_sql_user, name)                                            \
    }
static const struct db_column fields[] = {
    FIELD(INT, id),           FIELD(INT, person_id),     FIELD(TEXT, user_name),
    FIELD(TEXT, external_id), FIELD(TEXT, display_name), FIELD(TEXT, formatted),
    FIELD(TEXT, given_name),  FIELD(TEXT, family_name),  FIELD(TEXT, lang),
    FIELD(INT, active),       FIELD(INT, version),       FIELD(INT, created_at),
    FIELD(INT, changed_at),
};
#undef FIELD
static const struct scim_query query = { .columns = columns,
                                         .select = "u.id, u.person_id, u.user_name, u.external_id, "
                                                   "u.display_name, u.formatted, u.given_name, "
                                                   "u.family_name, u.lang, u.active, u.version, "
                                                   "u.created_at, u.changed_at",
                                         .from = "scim_user u",
                                         .id = "u.id",
                                         .organisation = "u.organisation_id",
                                         .fields = fields,
                                         .field_count = COUNT(fields),
                                         .row_size = sizeof(struct scim_sql_user) };

/* --- one user --------------------------------------------------------------------------------------------------------- */

static struct scim_user user_of(const struct scim_sql_user *row)
{
    return (struct scim_user){ .id = row->id,
                               .person_id = row->person_id,
                               .version = row->version,
                               .created_at = row->created_at,
                               .changed_at = row->changed_at,
                               .user_name = row->user_name,
                               .external_id = row->external_id,
                               .display_name = row->display_name,
                               .formatted = row->formatted,
                               .given_name = row->given_name,
                               .family_name = row->family_name,
                               .lang = row->lang,
                               .active = row->active == 1 };
}

static void take_email(struct scim_user *u, struct str value, struct str type, int64_t primary)
{
    if (u->email_count < SCIM_EMAILS)
        u->emails[u->email_count++] =
            (struct scim_email){ .value = value, .type = type, .primary = primary != 0 };
}

static bool find(struct request *r, int64_t organisation, int64_t id, struct scim_user *ret)
{
    struct scim_sql_user row;
    struct scim_sql_emails *emails;
    if (!scim_sql_user(r->db, organisation, id, &row)) {
        scim_fail(r, 404, NULL, R_(N_("This directory has no such user.")));
        return false;
    }
    *ret = user_of(&row);
    size_t n = scim_sql_emails(r->db, id, &emails);
    for (size_t i = 0; i < n; i++)
        take_email(ret, emails[i].value, emails[i].type, emails[i].is_primary);
    return true;
}

static json_t *resource(struct request *r, const struct scim_user *u)
{
    return scim_user_json(r->arena, u, scim_location(r, "Users", u->id));
}

static int by_number(const void *a, const void *b)
{
    const struct scim_user *const *x = a, *const *y = b;
    return ((*x)->id > (*y)->id) - ((*x)->id < (*y)->id);
}

/* The addresses of a whole page with one statement; both are gone through by number. */
static void load_emails(struct request *r, struct scim_user *users, size_t n)
{
    struct scim_sql_emails_of *emails;
    struct scim_user **sorted = arena_array(r->arena, struct scim_user *, n + 1);
    struct buf ids = BUF_INIT(64 * KIB);
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        sorted[i] = &users[i];
        buf_printf(&ids, "%c%lld", i ? ',' : '[', (long long)users[i].id);
    }
    if (n) qsort(sorted, n, sizeof *sorted, by_number);
    buf_lit(&ids, "]");
    size_t count = n ? scim_sql_emails_of(r->db, buf_view(&ids), &emails) : 0;
    for (size_t i = 0; i < count; i++) {
        while (at < n && sorted[at]->id < emails[i].user_id)
            at++;
        if (at < n && sorted[at]->id == emails[i].user_id)
            take_email(sorted[at], emails[i].value, emails[i].type, emails[i].is_primary);
    }
    buf_finish(&ids);
}

void scim_users_get(struct request *r)
{
    const struct scim_list_form *f = r->form;
    struct scim_asked asked;
    struct scim_sql_user *rows = NULL;
    const char *problem = NULL;
    int64_t total, organisation = scim_organisation(r);
    if (!organisation || !scim_asked(r, organisation, SCIM_PAGE, &asked)) return;
    size_t n = scim_query(r->db, &query, &asked, &total, &rows, &problem);
    if (problem) {
        scim_fail(r, 400, "invalidFilter", R_(problem));
        return;
    }
    struct scim_user *users = arena_array(r->arena, struct scim_user, n + 1);
    for (size_t i = 0; i < n; i++)
        users[i] = user_of(&rows[i]);
    if (scim_selects(f->attributes, f->excludedAttributes, "emails")) load_emails(r, users, n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *one = resource(r, &users[i]);
        scim_select(one, f->attributes, f->excludedAttributes);
        json_array_append_new(list, one);
    }
    scim_answer_list(r, list, total, asked.skip + 1);
}

void scim_user_get(struct request *r)
{
    const struct scim_one_form *f = r->form;
    struct scim_user u;
    int64_t organisation = scim_organisation(r);
    if (!organisation || !find(r, organisation, f->id, &u) || scim_is_known(r, u.version)) return;
    scim_answer(r, 200, resource(r, &u), u.version);
}

/* --- writing ------------------------------------------------------------------------------------------------------------ */

/* Is the name or number already that of another user of this directory? Then the answer is 409. */
static bool taken(struct request *r, int64_t organisation, const struct scim_user *u)
{
    struct scim_sql_user_by_key a;
    struct scim_sql_user_by_external b;
    struct str key = utf8_casefold(r->arena, u->user_name);
    if (scim_sql_user_by_key(r->db, organisation, key, &a) && a.id != u->id)
        scim_fail(r, 409, "uniqueness", R_(N_("Another user has this userName.")));
    else if (u->external_id.p &&
             scim_sql_user_by_external(r->db, organisation, u->external_id, &b) && b.id != u->id)
        scim_fail(r, 409, "uniqueness", R_(N_("Another user has this externalId.")));
    return !http_ok(r);
}

static void store_emails(struct request *r, int64_t organisation, const struct scim_user *u)
{
    scim_sql_drop_emails(r->db, u->id);
    for (size_t i = 0; i < u->email_count; i++)
        scim_sql_add_email(r->db, u->id, (int64_t)i, organisation, u->emails[i].value,
                           u->emails[i].type, u->emails[i].primary);
}

static bool same_emails(const struct scim_user *a, const struct scim_user *b)
{
    bool same = a->email_count == b->email_count;
    for (size_t i = 0; same && i < a->email_count; i++)
        same = str_eq(a->emails[i].value, b->emails[i].value) &&
               str_eq(a->emails[i].type, b->emails[i].type) &&
               a->emails[i].primary == b->emails[i].primary;
    return same;
}

/* Adds the user, or writes them anew: then the version rises. `before`: NULL for a new one. */
static void store(struct request *r, int64_t organisation, const struct scim_user *before,
                  const struct scim_user *u)
{
    struct arena *a = r->arena;
    scim_sql_store_user(
        r->db, &(struct scim_sql_store_user_in){ .id = u->id,
                                                 .organisation = organisation,
                                                 .person = u->person_id,
                                                 .user_name = u->user_name,
                                                 .user_key = utf8_casefold(a, u->user_name),
                                                 .external = u->external_id,
                                                 .display = u->display_name,
                                                 .display_key = utf8_casefold(a, u->display_name),
                                                 .formatted = u->formatted,
                                                 .formatted_key = utf8_casefold(a, u->formatted),
                                                 .given = u->given_name,
                                                 .given_key = utf8_casefold(a, u->given_name),
                                                 .family = u->family_name,
                                                 .family_key = utf8_casefold(a, u->family_name),
                                                 .lang = u->lang,
                                                 .active = u->active,
                                                 .now = r->now });
    if (!before || !same_emails(before, u)) store_emails(r, organisation, u);
}

/* The account of this address, opened if there is none; 0: the answer says why not. */
static int64_t account_of(struct request *r, int64_t organisation, const struct scim_user *u)
{
    struct account known;
    struct scim_sql_user_by_person other;
    struct str address = scim_user_address(r->arena, u);
    enum lang lang = LANG_FR;
    int64_t id;
    if (!address.p) {
        scim_fail(r, 400, "invalidValue",
                  R_(N_("An e-mail address is needed: in emails, or as the userName.")));
        return 0;
    }
    lang_from_code(str_sub(u->lang, 0, 2), &lang);
    if (people_find_by_email(r->db, address, &known)) id = known.id;
    else
        id =
            people_bring(r->db,
                         &(struct people_newcomer){
                             .name = scim_user_title(r->arena, u), .email = address, .lang = lang },
                         r->now);
    if (id && !scim_sql_user_by_person(r->db, organisation, id, &other)) return id;
    scim_fail(r, 409, "uniqueness", R_(N_("Another user has this address.")));
    return 0;
}

/* For the journal: the directory's number of them, not the name, which would outlive the account there. */
static json_t *said(struct request *r, const struct scim_user *u)
{
    return json_pack("{s:s, s:b}", "user", id_lower(r->arena, u->id).p, "active", u->active);
}

void scim_user_post(struct request *r)
{
    struct scim_user u = { .active = true };
    struct scim_problem problem = { 0 };
    int64_t organisation = scim_organisation(r);
    if (!organisation) return;
    if (!scim_user_read(r->arena, r->state, &u, &problem)) {
        scim_fail_problem(r, &problem);
        return;
    }
    if (taken(r, organisation, &u) || !(u.person_id = account_of(r, organisation, &u))) return;
    u.id = id_new();
    u.version = 1;
    u.created_at = u.changed_at = r->now;
    store(r, organisation, NULL, &u);
    scim_audit(r, "provision.added", "person", u.person_id, NULL, said(r, &u));
    if (u.active) scim_join(r, organisation, u.person_id);
    scim_count(r, SCIM_ADDED);
    scim_answer(r, 201, resource(r, &u), u.version);
}

/* Another address: once somebody uses the account, it keeps its own, and the new one is only noted here. An account that
 * nobody ever opened was meant for whoever has the new address. False: the answer says why not. */
static bool follow_address(struct request *r, int64_t organisation, struct scim_user *before,
                           struct scim_user *u)
{
    struct str old = scim_user_address(r->arena, before), new = scim_user_address(r->arena, u);
    if (new.p && (str_eq(old, new) || !people_is_unused(r->db, u->person_id))) return true;
    int64_t person = account_of(r, organisation, u);
    if (!person) return false;
    if (before->active) scim_withdraw(r, organisation, before->person_id);
    before->active = false; /* so that they join as somebody new */
    u->person_id = person;
    return true;
}

/* The user as they were and as they shall be: what that means for where they belong. */
static void change(struct request *r, int64_t organisation, struct scim_user *before,
                   struct scim_user *u)
{
    if (taken(r, organisation, u) || !follow_address(r, organisation, before, u)) return;
    store(r, organisation, before, u);
    u->version++;
    u->changed_at = r->now;
    bool withdrawn = before->active && !u->active;
    if (withdrawn)
        scim_audit(r, "provision.withdrawn", "person", u->person_id, said(r, before), said(r, u));
    else scim_audit(r, "provision.changed", "person", u->person_id, said(r, before), said(r, u));
    if (u->active && !before->active) {
        scim_join(r, organisation, u->person_id);
        scim_join_groups(r, u->id, u->person_id);
    } else if (withdrawn) {
        scim_withdraw(r, organisation, u->person_id);
    }
    scim_count(r, withdrawn ? SCIM_WITHDRAWN : SCIM_CHANGED);
    scim_answer(r, 200, resource(r, u), u->version);
}

void scim_user_put(struct request *r)
{
    const struct scim_one_form *f = r->form;
    struct scim_user before, u;
    struct scim_problem problem = { 0 };
    int64_t organisation = scim_organisation(r);
    if (!organisation || !find(r, organisation, f->id, &before)) return;
    if (scim_is_stale(r, before.version)) return;
    u = before;
    if (scim_user_read(r->arena, r->state, &u, &problem)) change(r, organisation, &before, &u);
    else scim_fail_problem(r, &problem);
}

void scim_user_patch(struct request *r)
{
    const struct scim_one_form *f = r->form;
    struct scim_user before, u;
    struct scim_problem problem = { 0 };
    int64_t organisation = scim_organisation(r);
    if (!organisation || !find(r, organisation, f->id, &before)) return;
    if (scim_is_stale(r, before.version)) return;
    u = before;
    json_t *document = scim_user_json(r->arena, &before, STR_NONE);
    bool well = scim_patch(r->arena, document, r->state, &problem) &&
                scim_user_read(r->arena, document, &u, &problem);
    json_decref(document);
    if (well) change(r, organisation, &before, &u);
    else scim_fail_problem(r, &problem);
}

void scim_user_delete(struct request *r)
{
    const struct scim_one_form *f = r->form;
    struct scim_user u;
    int64_t organisation = scim_organisation(r);
    if (!organisation || !find(r, organisation, f->id, &u) || scim_is_stale(r, u.version)) return;
    if (u.active) scim_withdraw(r, organisation, u.person_id);
    scim_sql_touch_groups_of(r->db, u.id, r->now);
    scim_sql_drop_member_of(r->db, u.id);
    scim_sql_drop_emails(r->db, u.id);
    scim_sql_drop_user(r->db, u.id);
    scim_audit(r, "provision.withdrawn", "person", u.person_id, said(r, &u), NULL);
    scim_count(r, SCIM_WITHDRAWN);
    scim_answer_nothing(r);
}
