/* The page that a person composes for everyone: closed until they open it, and then with what they chose and nothing else.
 * A closed page answers like one that never was. */
#include "base/id.h"
#include "base/utf8.h"
#include "people_html.h"
#include "people_sql.h"

#define FORM struct people_page_form
const struct param people_page_params[] = {
    PARAM(FORM, adresse, PARAM_TEXT, .max = 60),
    PARAM(FORM, accroche, PARAM_TEXT, .max = 160),
    PARAM(FORM, texte, PARAM_LONG, .max = 5000),
    PARAM(FORM, liens, PARAM_LONG, .max = 2000),
    PARAM(FORM, montre, PARAM_LIST),
    PARAM(FORM, choix, PARAM_LIST),
    PARAM(FORM, ouverte, PARAM_BOOL),
    PARAM(FORM, moteurs, PARAM_BOOL),
    { 0 },
};
#undef FORM
const struct param people_slug_params[] = {
    PARAM(struct people_slug_form, slug, PARAM_SLUG, .required = true), { 0 }
};

/* Bit i of profile_page.shown. */
const struct people_option people_shown[PEOPLE_SHOWN] = {
    { "portrait", N_("My picture") },
    { "pronoun", N_("Pronoun") },
    { "category", N_("What I am") },
    { "subjects", N_("Subjects") },
    { "organisation", N_("School or organisation") },
};

/* --- what other modules have to show -------------------------------------------------------------------------------- */

static struct {
    const char *part, *label;
    people_showables fn;
} parts[PEOPLE_PARTS];
static size_t part_count;

void people_add_showables(const char *part, const char *label, people_showables fn)
{
    if (part_count == PEOPLE_PARTS) abort(); /* a table of a fixed size that grew too small */
    parts[part_count].part = part;
    parts[part_count].label = label;
    parts[part_count++].fn = fn;
}

static bool is_chosen(const struct people_sql_page_items *items, size_t n, const char *part,
                      int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (items[i].item == id && str_is(items[i].part, part)) return true;
    return false;
}

/* All that the person could show, each with whether it is shown. */
static size_t load_parts(struct request *r, int64_t person, struct people_part ret[PEOPLE_PARTS])
{
    struct people_sql_page_items *items;
    size_t n = people_sql_page_items(r->db, person, &items);
    for (size_t p = 0; p < part_count; p++) {
        ret[p] = (struct people_part){ .code = parts[p].part, .label = parts[p].label };
        ret[p].n = parts[p].fn(r->db, person, r->lang, &ret[p].rows);
        for (size_t i = 0; i < ret[p].n; i++)
            ret[p].rows[i].chosen = is_chosen(items, n, parts[p].part, ret[p].rows[i].id);
    }
    return part_count;
}

/* --- links: one a line ---------------------------------------------------------------------------------------------- */

/* "https://… words"; the words may be missing. False: the address is none. */
static bool read_link(struct str line, struct people_link_row *ret)
{
    struct str rest = str_trim(line), address = str_cut(&rest, ' ');
    bool web = str_starts(address, S("https://")) || str_starts(address, S("http://"));
    if (!web || address.n < 11 || !url(address).s.n || str_is(url(address).s, "#")) return false;
    *ret = (struct people_link_row){ .address = address,
                                     .words = str_trim(rest).n ? str_trim(rest) : address };
    return true;
}

static size_t read_links(struct arena *a, struct str text, struct people_link_row **ret,
                         bool *ret_good)
{
    *ret = arena_array(a, struct people_link_row, PEOPLE_LINKS);
    *ret_good = true;
    size_t n = 0;
    while (text.n) {
        struct str line = str_trim(str_cut(&text, '\n'));
        if (!line.n) continue;
        if (n == PEOPLE_LINKS || !read_link(line, &(*ret)[n])) *ret_good = false;
        else n++;
    }
    return n;
}

/* --- showing -------------------------------------------------------------------------------------------------------- */

/* What everybody would see of the row. */
static void load_view(struct request *r, const struct people_sql_page *p,
                      struct people_page_view *v)
{
    bool good;
    struct people_sql_profile profile = { 0 };
    people_sql_profile(r->db, p->person_id, &profile);
    *v = (struct people_page_view){ .page = *p, .name = profile.name };
    v->link_count = read_links(r->arena, p->links, &v->links, &good);
    v->part_count = load_parts(r, p->person_id, v->parts);
    if (p->shown >> 0 & 1) v->portrait = people_portrait_version(r->db, p->person_id);
    if (p->shown >> 1 & 1) v->pronoun = profile.pronoun;
    if (p->shown >> 2 & 1) v->category = people_category_label(profile.category);
    if (p->shown >> 3 & 1) v->subjects = profile.subjects;
    if (p->shown >> 4 & 1) v->organisation = profile.organisation;
}

void people_public_get(struct request *r)
{
    const struct people_slug_form *f = r->form;
    struct people_sql_page page;
    struct people_page_view v;
    if (!people_sql_open_page(r->db, f->slug, &page)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    load_view(r, &page, &v);
    if (!page.searchable) http_header_set(r, "X-Robots-Tag", S("noindex, nofollow"));
    people_public(http_page(r), &v, false);
}

void people_public_portrait_get(struct request *r)
{
    const struct people_slug_form *f = r->form;
    struct people_sql_page page;
    if (!people_sql_open_page(r->db, f->slug, &page) || !(page.shown & 1)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    people_portrait_answer(r, page.person_id, true);
    if (!page.searchable) http_header_set(r, "X-Robots-Tag", S("noindex, nofollow"));
}

/* The row as it is, or what it would begin with. */
static void load_page(struct request *r, struct people_sql_page *ret)
{
    if (people_sql_page(r->db, r->who.person_id, ret)) return;
    *ret = (struct people_sql_page){ .person_id = r->who.person_id,
                                     .slug = S(""),
                                     .headline = S(""),
                                     .links = S(""),
                                     .about = S("") };
}

void people_preview_get(struct request *r)
{
    struct people_sql_page page;
    struct people_page_view v;
    load_page(r, &page);
    load_view(r, &page, &v);
    http_header_set(r, "X-Robots-Tag", S("noindex, nofollow"));
    people_public(http_page(r), &v, true);
}

void people_page_get(struct request *r)
{
    struct people_page_edit e = { .form = r->form };
    struct people_page_form *f = r->form;
    load_page(r, &e.page);
    e.part_count = load_parts(r, r->who.person_id, e.parts);
    e.suggested = utf8_slug(r->arena, r->who.name);
    e.typed = !str_is(r->method, "GET");
    if (!e.typed) {
        *f = (struct people_page_form){ .adresse = e.page.slug,
                                        .accroche = e.page.headline,
                                        .texte = e.page.about,
                                        .liens = e.page.links,
                                        .ouverte = e.page.is_open,
                                        .moteurs = e.page.searchable };
        f->montre.items = arena_array(r->arena, struct str, PEOPLE_SHOWN);
        for (int i = 0; i < PEOPLE_SHOWN; i++)
            if (e.page.shown >> i & 1)
                f->montre.items[f->montre.n++] = str_from(people_shown[i].code);
    }
    people_page_edit(http_page(r), &e);
}

/* --- changing ------------------------------------------------------------------------------------------------------- */

static struct str check(struct request *r, const struct people_page_form *f)
{
    struct people_link_row *links;
    struct people_sql_page_at other;
    bool good;
    struct str slug = utf8_slug(r->arena, f->adresse.n ? f->adresse : r->who.name);
    read_links(r->arena, f->liens, &links, &good);
    if (!good)
        http_invalid(
            r, "liens",
            R_(N_("One address a line, at most eight: https://… then the words to show.")));
    if (slug.n < 3)
        http_invalid(r, "adresse", R_(N_("Please use at least three letters or digits.")));
    else if (people_sql_page_at(r->db, slug, &other) && other.person_id != r->who.person_id)
        http_invalid(r, "adresse", R_(N_("Somebody has this address. Please choose another.")));
    return slug;
}

/* Only what is really the person's: a number from elsewhere is left out. */
static void store_items(struct request *r, const struct people_page_form *f)
{
    struct people_part all[PEOPLE_PARTS];
    size_t n = load_parts(r, r->who.person_id, all);
    people_sql_drop_page_items(r->db, r->who.person_id);
    for (size_t p = 0; p < n; p++)
        for (size_t i = 0; i < all[p].n; i++) {
            struct str code = arena_printf(r->arena, "%s-%.*s", all[p].code,
                                           STR(id_lower(r->arena, all[p].rows[i].id)));
            if (people_list_has(&f->choix, code.p))
                people_sql_add_page_item(r->db, r->who.person_id, str_from(all[p].code),
                                         all[p].rows[i].id);
        }
}

static struct str or_empty(struct str s)
{
    return s.p ? s : S("");
}

void people_page_apply(struct request *r)
{
    const struct people_page_form *f = r->form;
    struct str slug = check(r, f);
    int64_t shown = 0;
    if (!http_ok(r)) return;
    for (int i = 0; i < PEOPLE_SHOWN; i++)
        if (people_list_has(&f->montre, people_shown[i].code)) shown |= INT64_C(1) << i;
    people_sql_set_page(r->db, &(struct people_sql_set_page_in){ .person = r->who.person_id,
                                                                 .slug = slug,
                                                                 .open = f->ouverte,
                                                                 .searchable = f->moteurs,
                                                                 .shown = shown,
                                                                 .headline = or_empty(f->accroche),
                                                                 .about = or_empty(f->texte),
                                                                 .links = or_empty(f->liens),
                                                                 .now = r->now });
    store_items(r, f);
    http_redirect(r, S("/compte/page"), f->ouverte ? "page-ouverte" : "page-gardee");
}
