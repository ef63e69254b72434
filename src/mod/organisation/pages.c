/* The pages about organisations. */
#include "mod/organisation/pages.h"

#include "access/audit.h"
#include "access/slow.h"
#include "base/id.h"
#include "base/time.h"
#include "base/utf8.h"
#include "organisation_html.h"

enum { PAGE = 50 };

#define FORM struct organisation_list_form
const struct param organisation_list_params[] = {
    PARAM(FORM, q, PARAM_TEXT, .max = 120),
    PARAM(FORM, sorte, PARAM_SLUG, .max = 20),
    PARAM(FORM, page, PARAM_INT, .min = 1, .max = 10000),
    { 0 },
};
#undef FORM
#define FORM struct organisation_form
#define ID PARAM(FORM, id, PARAM_ID, .required = true)
#define WORDS                                                                                      \
    PARAM(FORM, nom, PARAM_TEXT, .required = true, .min = 2, .max = 160),                          \
        PARAM(FORM, code, PARAM_TEXT, .max = 40), PARAM(FORM, lieu, PARAM_TEXT, .max = 100),       \
        PARAM(FORM, site, PARAM_TEXT, .max = 200)
const struct param organisation_id_params[] = {
    ID, PARAM(FORM, page, PARAM_INT, .min = 1, .max = 10000), { 0 }
};
const struct param organisation_edit_params[] = { ID, WORDS, { 0 } };
const struct param organisation_add_params[] = { PARAM(FORM, parent, PARAM_TEXT, .max = 160),
                                                 PARAM(FORM, sorte, PARAM_SLUG, .max = 20),
                                                 { 0 } };
const struct param organisation_new_params[] = { WORDS,
                                                 PARAM(FORM, parent, PARAM_TEXT, .max = 160),
                                                 PARAM(FORM, sorte, PARAM_SLUG, .required = true,
                                                       .max = 20),
                                                 { 0 } };
const struct param organisation_move_params[] = { ID,
                                                  PARAM(FORM, parent, PARAM_TEXT, .max = 160),
                                                  { 0 } };
const struct param organisation_member_params[] = {
    ID,
    PARAM(FORM, email, PARAM_EMAIL, .required = true),
    PARAM(FORM, role, PARAM_SLUG, .required = true, .max = 20),
    PARAM(FORM, du, PARAM_DATE),
    PARAM(FORM, au, PARAM_DATE),
    { 0 },
};
const struct param organisation_end_params[] = { ID,
                                                 PARAM(FORM, membre, PARAM_ID, .required = true),
                                                 { 0 } };
#undef FORM

/* --- small things ------------------------------------------------------------------------------------------------------ */

size_t organisation_patterns(struct arena *a, struct str q, struct str ret[3])
{
    struct str rest = utf8_fold(a, q);
    size_t n = 0;
    for (int i = 0; i < 3; i++)
        ret[i] = S("%");
    while (rest.n && n < 3) {
        struct str word = str_cut(&rest, ' ');
        if (!word.n) continue;
        struct buf b = BUF_INIT(2 * KIB);
        buf_putc(&b, '%');
        for (size_t i = 0; i < word.n; i++) {
            if (strchr("%_\\", word.p[i])) buf_putc(&b, '\\');
            buf_putc(&b, word.p[i]);
        }
        buf_putc(&b, '%');
        ret[n++] = arena_dup(a, buf_view(&b));
        buf_finish(&b);
    }
    return n;
}

struct str organisation_path(struct arena *a, int64_t id)
{
    return arena_printf(a, "/gestion/organisations/%.*s", STR(id_lower(a, id)));
}

bool organisation_may_read(struct request *r)
{
    const struct organisation_form *f = r->form;
    return access_holds_for(r, "organisation.read", "organisation", f->id);
}

bool organisation_may_edit(struct request *r)
{
    const struct organisation_form *f = r->form;
    return access_holds_for(r, "organisation.edit", "organisation", f->id);
}

static bool find(struct request *r, struct organisation *ret)
{
    const struct organisation_form *f = r->form;
    if (organisation_find(r->db, f->id, ret)) return true;
    http_fail(r, 404, STR_NONE);
    return false;
}

bool organisation_typed(struct request *r, const char *field, struct str typed, int64_t *ret)
{
    enum { SHOWN = 6 };
    struct organisation o;
    struct organisation_sql_children *rows;
    struct str w[3], names = STR_NONE;
    if ((id_parse(typed, ret) && organisation_find(r->db, *ret, &o)) ||
        organisation_find_by_code(r->db, typed, &o)) {
        *ret = o.id;
        return true;
    }
    size_t words = organisation_patterns(r->arena, typed, w);
    size_t n =
        words ? organisation_sql_matching(r->db, w[0], w[1], w[2], S(""), SHOWN, 0, &rows) : 0;
    for (size_t i = 0; i < n; i++) {
        if (n == 1 || str_eq_nocase(rows[i].name, typed)) {
            *ret = rows[i].id;
            return true;
        }
        names = arena_printf(r->arena, "%.*s%s%.*s", STR(names), i ? " · " : "", STR(rows[i].name));
    }
    http_invalid(
        r, field,
        n ? fmt_plain(r->arena, R_(N_("Several fit, please write the whole name: {0}")), names)
          : R_(N_("Nothing has this name.")));
    return false;
}

static json_t *words_json(const struct organisation *o)
{
    return json_pack("{s:s%, s:s%, s:s%, s:s%}", "name", o->name.p, o->name.n, "code",
                     o->code.p ? o->code.p : "", o->code.n, "place", o->place.p ? o->place.p : "",
                     o->place.n, "website", o->website.p ? o->website.p : "", o->website.n);
}

/* --- the list ------------------------------------------------------------------------------------------------------------ */

static int by_id(const void *a, const void *b)
{
    const struct organisation_node *const *x = a, *const *y = b;
    return (*x)->row->id < (*y)->row->id ? -1 : (*x)->row->id > (*y)->row->id;
}

static struct organisation_node *node_of(struct organisation_node **nodes, size_t n, int64_t id)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (nodes[middle]->row->id < id) low = middle + 1;
        else high = middle;
    }
    return low < n && nodes[low]->row->id == id ? nodes[low] : NULL;
}

static void sum(struct organisation_node *at)
{
    for (struct organisation_node *n = at->first; n; n = n->next) {
        sum(n);
        at->below += n->below + 1;
        at->members += n->members;
    }
}

/* The tree from its rows: they come in the order in which brothers are shown. The trees of networks are three deep, those of
 * partners a few; the table of what lies below what has no circles. */
static void grow(struct request *r, struct organisation_list *list)
{
    enum { MOST = 5000, SHOWN_AT_ONCE = 300 };
    struct organisation_sql_tree *rows;
    size_t n = organisation_sql_tree(r->db, MOST, &rows);
    struct organisation_node *nodes = arena_array(r->arena, struct organisation_node, n + 1),
                             top = { 0 };
    struct organisation_node **sorted = arena_array(r->arena, struct organisation_node *, n + 1);
    for (size_t i = 0; i < n; i++) {
        nodes[i] = (struct organisation_node){ .row = &rows[i], .members = rows[i].members };
        sorted[i] = &nodes[i];
    }
    qsort(sorted, n, sizeof *sorted, by_id);
    for (size_t i = 0; i < n; i++) {
        struct organisation_node *above =
            rows[i].parent_id == DB_NULL ? NULL : node_of(sorted, n, rows[i].parent_id);
        if (!above) above = &top;
        if (above->last) above->last->next = &nodes[i];
        else above->first = &nodes[i];
        above->last = &nodes[i];
    }
    sum(&top);
    list->root = top.first;
    list->n = n;
    list->deep = n <= SHOWN_AT_ONCE;
}

void organisation_list_get(struct request *r)
{
    const struct organisation_list_form *f = r->form;
    struct organisation_list list = { .page = f->page > 0 ? f->page : 1,
                                      .may_import = access_holds(r, "people.import") };
    struct organisation_sql_count_matching total = { 0 };
    struct str w[3], kind = f->sorte.n ? f->sorte : S("");
    list.searched = organisation_patterns(r->arena, f->q, w) > 0 || kind.n;
    if (!list.searched) {
        grow(r, &list);
        organisation_list(http_page(r), f, &list);
        return;
    }
    organisation_sql_count_matching(r->db, w[0], w[1], w[2], kind, &total);
    list.total = total.n;
    list.pages = (total.n + PAGE - 1) / PAGE;
    if (list.page > list.pages) list.page = list.pages ? list.pages : 1;
    list.n = organisation_sql_matching(r->db, w[0], w[1], w[2], kind, PAGE, (list.page - 1) * PAGE,
                                       &list.rows);
    organisation_list(http_page(r), f, &list);
}

/* --- one ------------------------------------------------------------------------------------------------------------------- */

static void load(struct request *r, struct organisation_sheet *s)
{
    struct organisation_form *f = r->form;
    struct organisation_sql_count_members total = { 0 };
    s->form = f;
    s->may_edit = organisation_may_edit(r);
    s->staff = access_holds(r, "organisation.read");
    s->above_count = organisation_sql_above(r->db, f->id, &s->above);
    s->child_count = organisation_sql_children(r->db, f->id, &s->children);
    organisation_sql_count_members(r->db, f->id, &total);
    s->member_total = total.n;
    s->pages = (total.n + PAGE - 1) / PAGE;
    s->page = f->page < 1 ? 1 : f->page > s->pages ? (s->pages ? s->pages : 1) : f->page;
    s->member_count =
        organisation_sql_members(r->db, f->id, PAGE, (s->page - 1) * PAGE, &s->members);
}

void organisation_show_get(struct request *r)
{
    struct organisation_form *f = r->form;
    struct organisation_sheet s = { 0 };
    if (!find(r, &s.o)) return;
    if (str_is(r->method, "GET")) f->du = f->au = DB_NULL;
    load(r, &s);
    organisation_show(http_page(r), &s);
}

void organisation_edit_get(struct request *r)
{
    struct organisation_form *f = r->form;
    struct organisation_sheet s = { 0 };
    if (!find(r, &s.o)) return;
    load(r, &s);
    /* what was typed stays; the form that was not sent shows what is */
    if (!f->nom.n && !field_message(http_page(r), "nom").n) {
        f->nom = s.o.name;
        f->code = s.o.code;
        f->lieu = s.o.place;
        f->site = s.o.website;
    }
    organisation_edit(http_page(r), &s);
}

static bool check_words(struct request *r, int64_t own)
{
    const struct organisation_form *f = r->form;
    struct organisation other;
    bool web = str_starts(f->site, S("https://")) || str_starts(f->site, S("http://"));
    if (f->site.n && !web) http_invalid(r, "site", R_(N_("An address begins with https://.")));
    if (organisation_find_by_code(r->db, f->code, &other) && other.id != own)
        http_invalid(r, "code",
                     fmt_plain(r->arena, R_(N_("{0} has this code already.")), other.name));
    return http_ok(r);
}

static struct str or_empty(struct str s)
{
    return s.p ? s : S("");
}

void organisation_edit_apply(struct request *r)
{
    const struct organisation_form *f = r->form;
    struct organisation o;
    if (!find(r, &o) || !check_words(r, o.id)) return;
    const struct organisation now = { .id = o.id,
                                      .name = f->nom,
                                      .code = or_empty(f->code),
                                      .place = or_empty(f->lieu),
                                      .website = or_empty(f->site) };
    organisation_change(r->db, &now);
    audit_write(r, "organisation.changed", "organisation", o.id, words_json(&o), words_json(&now));
    http_redirect(r, organisation_path(r->arena, o.id), "organisation-notee");
}

void organisation_new_get(struct request *r)
{
    struct organisation_form *f = r->form;
    struct organisation parent;
    int64_t id;
    if (f->parent.n && id_parse(f->parent, &id) && organisation_find(r->db, id, &parent))
        f->parent = parent.name;
    organisation_new(http_page(r), f);
}

void organisation_new_apply(struct request *r)
{
    const struct organisation_form *f = r->form;
    struct organisation o = { .parent_id = DB_NULL,
                              .kind = f->sorte,
                              .name = f->nom,
                              .code = f->code,
                              .place = f->lieu,
                              .website = f->site };
    if (!check_words(r, 0)) return;
    if (f->parent.n && !organisation_typed(r, "parent", f->parent, &o.parent_id)) return;
    int64_t id = organisation_add(r->db, &o, r->now);
    if (!id) {
        http_invalid(r, "parent", R_(N_("This kind of organisation does not lie below that one.")));
        return;
    }
    audit_write(r, "organisation.added", "organisation", id, NULL, words_json(&o));
    http_redirect(r, organisation_path(r->arena, id), "organisation-notee");
}

static json_t *parent_json(struct request *r, int64_t parent_id)
{
    struct organisation p;
    if (parent_id == DB_NULL || !organisation_find(r->db, parent_id, &p))
        return json_pack("{s:n}", "below");
    return json_pack("{s:s%}", "below", p.name.p, p.name.n);
}

void organisation_move_apply(struct request *r)
{
    const struct organisation_form *f = r->form;
    struct organisation o;
    int64_t to = DB_NULL;
    if (!find(r, &o)) return;
    if (f->parent.n && !organisation_typed(r, "parent", f->parent, &to)) return;
    bool allowed = to == DB_NULL ? access_holds(r, "organisation.edit")
                                 : access_holds_for(r, "organisation.edit", "organisation", to);
    if (!allowed) {
        http_invalid(r, "parent", R_(N_("You do not look after that one: ask the team.")));
        return;
    }
    if (!organisation_move(r->db, o.id, to)) {
        http_invalid(r, "parent", R_(N_("This kind of organisation does not lie below that one.")));
        return;
    }
    audit_write(r, "organisation.moved", "organisation", o.id, parent_json(r, o.parent_id),
                parent_json(r, to));
    http_redirect(r, organisation_path(r->arena, o.id), "organisation-deplacee");
}

/* --- members ---------------------------------------------------------------------------------------------------------------- */

static json_t *member_json(struct request *r, const struct organisation *o, struct str role)
{
    return json_pack("{s:s%, s:s, s:s%}", "organisation", o->name.p, o->name.n, "number",
                     id_lower(r->arena, o->id).p, "role", role.p, role.n);
}

/* Who looks after a part of the tree learns from the answer whether an address has an account: for a colleague, not for a list
 * of thousands. */
void organisation_member_prepare(struct request *r)
{
    enum { AT_ONCE = 60 };
    if (access_holds(r, "people.read") ||
        slow_allow(S("member"), id_lower(r->arena, r->who.person_id), AT_ONCE, MINUTE_MS))
        return;
    http_fail(r, 429,
              R_(N_("That is many people at once. Please wait a minute, or hand us the list as a "
                    "file.")));
}

void organisation_member_apply(struct request *r)
{
    const struct organisation_form *f = r->form;
    struct organisation o;
    struct account p;
    if (!find(r, &o)) return;
    if (!organisation_role_label(f->role)) {
        http_invalid(r, "role", R_(N_("This choice is not one of ours.")));
        return;
    }
    if (!people_find_by_email(r->db, f->email, &p)) {
        http_invalid(r, "email", R_(N_("Nobody has an account with this address.")));
        return;
    }
    int64_t from = f->du == DB_NULL ? r->now : f->du, until = DB_NULL;
    if (f->au != DB_NULL) {
        struct civil c = time_civil(f->au + 36 * HOUR_MS);
        until = time_from_civil(c.year, c.month, c.day, 0, 0);
    }
    if (until != DB_NULL && until <= from) {
        http_invalid(r, "au", R_(N_("The last day lies before the first, or is over.")));
        return;
    }
    organisation_add_member(r->db, o.id, p.id, f->role, from, until);
    audit_write(r, "member.added", "person", p.id, NULL, member_json(r, &o, f->role));
    http_redirect(r, organisation_path(r->arena, o.id), "membre-ajoute");
}

void organisation_end_apply(struct request *r)
{
    const struct organisation_form *f = r->form;
    struct organisation o;
    struct organisation_sql_membership m;
    if (!find(r, &o)) return;
    if (!organisation_sql_membership(r->db, f->membre, &m) || m.organisation_id != o.id) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (organisation_sql_end_member(r->db, m.id, r->now) != 1) {
        http_fail(r, 409, R_(N_("This membership is over already.")));
        return;
    }
    audit_write(r, "member.ended", "person", m.person_id, member_json(r, &o, m.role), NULL);
    http_redirect(r, organisation_path(r->arena, o.id), "membre-fin");
}
