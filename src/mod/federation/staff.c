/* Staff add, test, switch on and off the institutions through which people may sign in. */
#include "access/audit.h"
#include "base/id.h"
#include "base/utf8.h"
#include "federation_html.h"
#include "mod/federation/pages.h"

#define FORM struct provider_form
#define FIELDS                                                                                     \
    PARAM(FORM, name, PARAM_TEXT, .required = true, .min = 2, .max = 60),                          \
        PARAM(FORM, issuer, PARAM_TEXT, .required = true, .max = 500),                             \
        PARAM(FORM, client_id, PARAM_TEXT, .required = true, .max = 300),                          \
        PARAM(FORM, secret, PARAM_SECRET, .max = 500),                                             \
        PARAM(FORM, scopes, PARAM_TEXT, .max = 300),                                               \
        PARAM(FORM, domains, PARAM_TEXT, .max = 1000), PARAM(FORM, inside, PARAM_BOOL)
const struct param federation_provider_new_params[] = { FIELDS, { 0 } };
const struct param federation_provider_params[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                                    FIELDS,
                                                    { 0 } };
const struct param federation_provider_link[] = { PARAM(FORM, id, PARAM_ID, .required = true),
                                                  { 0 } };
#undef FORM

#define FORM struct mapping_form
const struct param federation_mapping_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, claim, PARAM_TEXT, .required = true, .max = 120),
    PARAM(FORM, value, PARAM_TEXT, .required = true, .max = 200),
    PARAM(FORM, organisation, PARAM_TEXT, .required = true, .max = 60),
    PARAM(FORM, role, PARAM_TEXT, .required = true, .max = 20),
    { 0 },
};
const struct param federation_mapping_drop_params[] = {
    PARAM(FORM, id, PARAM_ID, .required = true),
    PARAM(FORM, rule, PARAM_ID, .required = true),
    { 0 },
};
#undef FORM

struct str provider_page(struct request *r, int64_t id)
{
    return arena_printf(r->arena, "/gestion/connexions/%.*s", STR(id_lower(r->arena, id)));
}

bool provider_find(struct request *r, int64_t id, provider_row *ret)
{
    if (federation_sql_provider(r->db, id, ret)) return true;
    http_fail(r, 404, STR_NONE);
    return false;
}

void federation_staff_get(struct request *r)
{
    provider_row *rows;
    struct federation_sql_count_identities *counts;
    size_t n = federation_sql_providers(r->db, &rows),
           m = federation_sql_count_identities(r->db, &counts);
    struct provider_view *views = arena_array(r->arena, struct provider_view, n + 1);
    for (size_t i = 0; i < n; i++) {
        views[i].row = &rows[i];
        for (size_t k = 0; k < m; k++)
            if (counts[k].provider_id == rows[i].id) views[i].people = counts[k].n;
    }
    federation_staff(http_page(r), views, n);
}

/* --- what was typed -------------------------------------------------------------------------------------------- */

static struct str without_slash(struct str s)
{
    return s.n && s.p[s.n - 1] == '/' ? str_sub(s, 0, s.n - 1) : s;
}

struct str clean_domains(struct arena *a, struct str typed)
{
    struct buf b = BUF_INIT(1200);
    struct str copy = { arena_cstr(a, typed), typed.n };
    bool good = true;
    for (size_t i = 0; i < copy.n; i++)
        if (strchr(",;\t", copy.p[i])) ((char *)(uintptr_t)copy.p)[i] = ' ';
    while (copy.n) {
        struct str one = str_cut(&copy, ' ');
        if (one.n && one.p[0] == '@') one = str_sub(one, 1, one.n);
        if (!one.n) continue;
        struct str email = clean_email(a, arena_printf(a, "a@%.*s", STR(one)));
        if (!email.n) good = false;
        if (b.n) buf_putc(&b, ' ');
        buf_str(&b, str_sub(email, 2, email.n));
    }
    struct str list = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return good ? list : STR_NONE;
}

static bool plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < ' ' || s.p[i] > '~') return false;
    return true;
}

/* Puts right what can be, and says what cannot. */
static void check(struct request *r, struct provider_form *f)
{
    struct str well_known = S("/.well-known/openid-configuration");
    if (str_ends(f->issuer, well_known)) f->issuer.n -= well_known.n;
    if (!discovery_address(f->issuer, f->inside) || str_find(f->issuer, '?') < f->issuer.n)
        http_invalid(r, "issuer",
                     f->inside
                         ? R_(N_("Give the whole address, beginning with https:// or http://."))
                         : R_(N_("Give the whole address, beginning with https://.")));
    if (!plain(f->client_id) || !plain(f->scopes))
        http_invalid(r, "client_id",
                     R_(N_("Only plain letters, digits and signs can stand here.")));
    struct str domains = clean_domains(r->arena, f->domains);
    if (domains.p) f->domains = domains;
    else
        http_invalid(r, "domains",
                     R_(N_("One of these is not a domain. Example: umons.be helha.be")));
    if (!f->scopes.p) f->scopes = S("");
}

/* For the journal: what staff set, but for the secret, of which it only says that it changed. */
static json_t *settings_of(struct str name, struct str issuer, struct str client_id,
                           struct str scopes, struct str domains, bool inside)
{
    return json_pack("{s:s%, s:s%, s:s%, s:s%, s:s%, s:b}", "name", name.p, name.n, "issuer",
                     issuer.p, issuer.n, "client", client_id.p, client_id.n, "scopes", scopes.p,
                     scopes.n, "domains", domains.p, domains.n, "inside", inside);
}

static json_t *form_settings(const struct provider_form *f)
{
    json_t *all = settings_of(f->name, f->issuer, f->client_id, f->scopes, f->domains, f->inside);
    if (f->secret.n) json_object_set_new(all, "credentials", json_string("new"));
    return all;
}

/* --- a new one ----------------------------------------------------------------------------------------------------- */

void federation_new_get(struct request *r)
{
    struct provider_form *f = r->form;
    if (str_is(r->method, "GET")) f->scopes = S("email profile");
    federation_new(http_page(r), f);
}

/* What was looked up, for apply. */
struct looked {
    const char *problem;
    struct str document, keys;
};

/* An issuer with or without its last slash: the one under which the description stands and that it names. */
static void look(struct request *r, provider_row *p, struct looked *ret)
{
    struct str typed = p->issuer;
    ret->problem = oidc_look(r->arena, p, &ret->document, &ret->keys);
    if (!ret->problem) return;
    p->issuer = without_slash(typed);
    if (str_eq(p->issuer, typed)) p->issuer = arena_printf(r->arena, "%.*s/", STR(typed));
    if (oidc_look(r->arena, p, &ret->document, &ret->keys) == NULL) ret->problem = NULL;
    else p->issuer = typed;
}

void federation_new_prepare(struct request *r)
{
    struct provider_form *f = r->form;
    struct looked *looked = r->state = arena_new(r->arena, struct looked);
    check(r, f);
    if (!http_ok(r)) return;
    provider_row p = { .issuer = f->issuer, .inside = f->inside };
    look(r, &p, looked);
    f->issuer = p.issuer;
    if (looked->problem) http_invalid(r, "issuer", lang_text(r->lang, looked->problem));
}

void federation_new_apply(struct request *r)
{
    struct provider_form *f = r->form;
    const struct looked *looked = r->state;
    int64_t id = id_new();
    struct str kind = S("oidc");
    int64_t added = federation_sql_add_provider(
        r->db, &(struct federation_sql_add_provider_in){
                   .id = id,
                   .kind = kind,
                   .name = f->name,
                   .issuer = f->issuer,
                   .client_id = f->client_id,
                   .secret = f->secret.n ? seal(r->arena, f->secret) : STR_NONE,
                   .scopes = f->scopes,
                   .domains = f->domains,
                   .inside = f->inside,
                   .document = looked->document,
                   .address = S(""),
                   .person = r->who.person_id,
                   .now = r->now });
    if (!added) {
        http_invalid(r, "client_id",
                     R_(N_("This institution is in the list already, with this client.")));
        return;
    }
    federation_sql_set_published(r->db, id, looked->document, looked->keys, r->now);
    audit_write(r, "institution.added", "institution", id, NULL, form_settings(f));
    http_redirect(r, provider_page(r, id), "connexion-ajoutee");
}

/* --- an existing one -------------------------------------------------------------------------------------------------- */

void provider_show(struct request *r, const provider_row *p, const void *form,
                   const struct mapping_form *rule)
{
    struct federation_sql_mappings *rules;
    struct federation_sql_count_identities *counts;
    struct provider_view view = { .row = p, .rule = rule };
    view.rule_count = federation_sql_mappings(r->db, p->id, &rules);
    view.rules = rules;
    size_t m = federation_sql_count_identities(r->db, &counts);
    for (size_t k = 0; k < m; k++)
        if (counts[k].provider_id == p->id) view.people = counts[k].n;
    if (str_is(p->kind, "saml")) {
        view.back = saml_us(r);
        federation_saml_edit(http_page(r), form, &view);
        return;
    }
    view.back = arena_printf(r->arena, "%.*s/connexion/institution/%.*s/retour",
                             STR(http_public_url(r)), STR(id_lower(r->arena, p->id)));
    federation_edit(http_page(r), form, &view);
}

static struct provider_form form_of(const provider_row *p)
{
    return (struct provider_form){ .id = p->id,
                                   .name = p->name,
                                   .issuer = p->issuer,
                                   .client_id = p->client_id,
                                   .scopes = p->scopes,
                                   .domains = p->domains,
                                   .inside = p->inside };
}

/* With what is stored; typed: an OpenID form that was refused. */
static void show_stored(struct request *r, const provider_row *p, const struct provider_form *typed,
                        const struct mapping_form *rule)
{
    struct saml_form saml = saml_form_of(p);
    struct provider_form oidc = form_of(p);
    if (str_is(p->kind, "saml")) provider_show(r, p, &saml, rule);
    else provider_show(r, p, typed && !str_is(r->method, "GET") ? typed : &oidc, rule);
}

void federation_edit_get(struct request *r)
{
    struct provider_form *f = r->form;
    static const struct mapping_form no_rule;
    provider_row p;
    if (!provider_find(r, f->id, &p)) return;
    show_stored(r, &p, f, &no_rule);
}

void federation_edit_apply(struct request *r)
{
    struct provider_form *f = r->form;
    struct federation_sql_twin twin;
    provider_row p;
    if (!provider_find(r, f->id, &p)) return;
    if (!str_is(p.kind, "oidc")) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    check(r, f);
    if (!http_ok(r)) return;
    if (federation_sql_twin(r->db, p.kind, f->issuer, f->client_id, p.id, &twin)) {
        http_invalid(r, "client_id",
                     R_(N_("This institution is in the list already, with this client.")));
        return;
    }
    struct federation_sql_anyone anyone;
    if (!str_eq(f->issuer, p.issuer) && federation_sql_anyone(r->db, p.id, &anyone)) {
        http_invalid(r, "issuer",
                     R_(N_("People sign in through this one already, and another issuer would "
                           "be other people. Add it as a new institution.")));
        return;
    }
    /* somewhere else: nothing we know of it counts until it was tested */
    bool moved = !str_eq(f->issuer, p.issuer) || f->inside != (bool)p.inside;
    federation_sql_change_provider(r->db,
                                   &(struct federation_sql_change_provider_in){
                                       .id = p.id,
                                       .name = f->name,
                                       .issuer = f->issuer,
                                       .client_id = f->client_id,
                                       .secret = f->secret.n ? seal(r->arena, f->secret) : p.secret,
                                       .scopes = f->scopes,
                                       .domains = f->domains,
                                       .inside = f->inside,
                                       .state = moved ? S("new") : p.state,
                                       .document = moved ? S("") : p.document,
                                       .address = S(""),
                                       .keys = moved ? S("") : p.keys });
    audit_write(r, "institution.changed", "institution", p.id,
                settings_of(p.name, p.issuer, p.client_id, p.scopes, p.domains, p.inside),
                form_settings(f));
    http_redirect(r, provider_page(r, p.id), "connexion-enregistree");
}

void federation_test_prepare(struct request *r)
{
    const struct provider_form *f = r->form;
    struct looked *looked = r->state = arena_new(r->arena, struct looked);
    provider_row p;
    if (!provider_find(r, f->id, &p)) return;
    if (str_is(p.kind, "saml")) {
        looked->keys = S("");
        looked->problem = saml_look_again(r->arena, &p, &looked->document);
    } else {
        looked->problem = oidc_look(r->arena, &p, &looked->document, &looked->keys);
    }
}

void federation_test_apply(struct request *r)
{
    const struct provider_form *f = r->form;
    const struct looked *looked = r->state;
    if (looked->problem) federation_sql_set_problem(r->db, f->id, str_from(looked->problem));
    else federation_sql_set_published(r->db, f->id, looked->document, looked->keys, r->now);
    http_redirect(r, provider_page(r, f->id),
                  looked->problem ? "connexion-muette" : "connexion-bonne");
}

static void turn(struct request *r, const provider_row *p, struct str state, const char *notice)
{
    federation_sql_set_state(r->db, p->id, state);
    audit_write(r, "institution.switched", "institution", p->id,
                json_pack("{s:s%}", "state", p->state.p, p->state.n),
                json_pack("{s:s%, s:s%}", "state", state.p, state.n, "name", p->name.p, p->name.n));
    http_redirect(r, provider_page(r, p->id), notice);
}

void federation_on_apply(struct request *r)
{
    const struct provider_form *f = r->form;
    provider_row p;
    if (!provider_find(r, f->id, &p)) return;
    if (p.document.n) turn(r, &p, S("on"), "connexion-allumee");
    else http_redirect(r, provider_page(r, p.id), "connexion-a-tester");
}

void federation_off_apply(struct request *r)
{
    const struct provider_form *f = r->form;
    provider_row p;
    if (provider_find(r, f->id, &p)) turn(r, &p, S("off"), "connexion-eteinte");
}

/* --- rules -------------------------------------------------------------------------------------------------------------- */

static json_t *rule_json(struct str claim, struct str value, struct str organisation,
                         struct str role)
{
    return json_pack("{s:s%, s:s%, s:s%, s:s%}", "claim", claim.p, claim.n, "value", value.p,
                     value.n, "organisation", organisation.p, organisation.n, "role", role.p,
                     role.n);
}

void federation_mapping_form(struct request *r)
{
    const struct mapping_form *m = r->form;
    provider_row p;
    if (!provider_find(r, m->id, &p)) return;
    show_stored(r, &p, NULL, m);
}

void federation_mapping_apply(struct request *r)
{
    const struct mapping_form *m = r->form;
    const struct mapping_role *role = mapping_roles;
    provider_row p;
    if (!provider_find(r, m->id, &p)) return;
    while (role->name && !str_is(m->role, role->name))
        role++;
    if (!role->name) {
        http_invalid(r, "role", R_(N_("This choice is not one of ours.")));
        return;
    }
    int64_t rule = id_new();
    federation_sql_add_mapping(r->db, rule, p.id, m->claim, m->value, m->organisation, m->role);
    audit_write(r, "institution.rule_added", "institution", p.id, NULL,
                rule_json(m->claim, m->value, m->organisation, m->role));
    http_redirect(r, provider_page(r, p.id), "regle-ajoutee");
}

void federation_mapping_drop_apply(struct request *r)
{
    const struct mapping_form *m = r->form;
    struct federation_sql_mappings *rules;
    size_t n = federation_sql_mappings(r->db, m->id, &rules);
    for (size_t i = 0; i < n; i++) {
        if (rules[i].id != m->rule) continue;
        federation_sql_drop_mapping(r->db, m->rule, m->id);
        audit_write(r, "institution.rule_removed", "institution", m->id,
                    rule_json(rules[i].claim, rules[i].value, rules[i].organisation, rules[i].role),
                    NULL);
    }
    http_redirect(r, provider_page(r, m->id), "regle-retiree");
}
