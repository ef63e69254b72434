/* The list and the page of a programme. */
#include "mod/catalogue/pages.h"

#include <assert.h>
#include "base/id.h"
#include "catalogue_html.h"
#include "mod/catalogue/edit.h"
#include "mod/catalogue/models.h"

const struct param catalogue_show_params[] = {
    PARAM(struct catalogue_show, slug, PARAM_SLUG, .required = true), { 0 }
};

static void (*viewer_of)(struct request *r, int64_t programme_id, struct catalogue_viewer *ret);

void catalogue_set_viewer(void (*fn)(struct request *r, int64_t programme_id,
                                     struct catalogue_viewer *ret))
{
    viewer_of = fn;
}

struct str catalogue_address(struct arena *a, const struct catalogue_filter *f, int64_t page,
                             const struct facet_option *without)
{
    struct buf b = BUF_INIT(8 * KIB);
    struct page pg = { .out = &b, .arena = a };
    if (f->q.n) page_put_query(&pg, "q", f->q);
    for (int g = 0; g < GROUP_COUNT; g++) {
        const struct str_list *asked = catalogue_asked(f, (enum facet_group)g);
        for (size_t i = 0; i < asked->n; i++)
            if (!without || (int)without->group != g || !str_eq(asked->items[i], without->code))
                page_put_query(&pg, facet_groups[g].name, asked->items[i]);
    }
    if (f->tri.n) page_put_query(&pg, "tri", f->tri);
    if (page > 1) {
        buf_printf(&b, "%cpage=", b.n ? '&' : '?');
        buf_int(&b, page);
    }
    struct str address = arena_printf(a, "/formations%.*s", STR(buf_view(&b)));
    buf_finish(&b);
    return address;
}

struct str catalogue_option_label(struct page *pg, const struct facet_option *o)
{
    if (o->name.n) return o->name;
    int64_t month;
    if (o->group == GROUP_MONTH && str_to_int(str_sub(o->code, 5, 2), &month))
        return arena_join(pg->arena, month_long(pg, (int)month), S(" "), str_sub(o->code, 0, 4));
    if (o->group == GROUP_COMPETENCE || o->group == GROUP_LEVEL)
        return arena_join(pg->arena, o->code, S(" "), lang_text(pg->lang, o->label));
    return lang_text(pg->lang, o->label);
}

static void (*sections[4])(struct page *pg, struct request *r, struct str programme_slug);
static size_t section_count;

void catalogue_add_section(void (*fn)(struct page *pg, struct request *r,
                                      struct str programme_slug))
{
    assert(section_count < COUNT(sections));
    sections[section_count++] = fn;
}

void catalogue_sections(struct page *pg, struct request *r, struct str programme_slug)
{
    for (size_t i = 0; i < section_count; i++)
        sections[i](pg, r, programme_slug);
}

void catalogue_list_get(struct request *r)
{
    struct catalogue_result result;
    catalogue_search(r->db, r->form, r->now, &result);
    catalogue_list(http_page(r), r->form, &result);
}

void catalogue_list_api(struct request *r)
{
    struct catalogue_result result;
    catalogue_search(r->db, r->form, r->now, &result);
    json_t *items = json_array();
    for (size_t i = 0; i < result.n; i++) {
        const struct catalogue_sql_entries *e = &result.entries[i];
        struct str url =
            arena_printf(r->arena, "%.*s/formations/%.*s", STR(http_public_url(r)), STR(e->slug));
        json_array_append_new(items,
                              json_pack("{s:s%, s:s%, s:s%, s:s%, s:I, s:b, s:s%}", "slug",
                                        e->slug.p, e->slug.n, "title", e->title.p, e->title.n,
                                        "kind", e->kind.p, e->kind.n, "modality", e->modality.p,
                                        e->modality.n, "minutes", (json_int_t)e->minutes, "sample",
                                        (int)e->sample, "url", url.p, url.n));
    }
    http_json(r, 200,
              json_pack("{s:I, s:I, s:I, s:o}", "total", (json_int_t)result.total, "page",
                        (json_int_t)result.page, "pages", (json_int_t)result.pages, "items",
                        items));
}

struct str catalogue_level_codes(struct arena *a, const struct catalogue_sheet *s,
                                 const struct model_level *level)
{
    struct str codes = S("");
    for (size_t i = 0; i < s->module_count; i++) {
        const struct catalogue_sql_modules *m = &s->modules[i];
        struct model_place places[3];
        size_t n = model_places(m->samr, m->aspid, m->tpack, places);
        for (size_t k = 0; k < n; k++)
            if (places[k].level == level)
                codes =
                    arena_join(a, codes, codes.n ? S(", ") : S(""), catalogue_module_code(a, s, i));
    }
    return codes;
}

void catalogue_models_show(struct page *pg, struct str samr, struct str aspid, struct str tpack)
{
    struct model_place places[3];
    size_t n = model_places(samr, aspid, tpack, places);
    if (n) catalogue_models_list(pg, places, n);
}

bool catalogue_module_done(const struct catalogue_viewer *viewer, int64_t module_id)
{
    for (size_t i = 0; i < viewer->done_count; i++)
        if (viewer->done_modules[i] == module_id) return true;
    return false;
}

static int64_t module_minutes(const struct catalogue_sql_modules *m)
{
    return m->minutes_remote + m->minutes_onsite + m->minutes_own + m->minutes_creation;
}

/* The shortest way through: the required modules, then the shortest others until each lane's rule is met. */
static void count_least(struct catalogue_sheet *sheet)
{
    for (size_t k = 0; k < sheet->part_count; k++) {
        const struct catalogue_sql_parts *part = &sheet->parts[k];
        int64_t left = part->needed, shortest = INT64_MAX;
        sheet->needed += part->needed;
        for (size_t i = 0; i < sheet->module_count; i++) {
            const struct catalogue_sql_modules *m = &sheet->modules[i];
            if (m->parent_id != part->node_id) continue;
            if (module_minutes(m) < shortest) shortest = module_minutes(m);
            if (!m->required) continue;
            sheet->least_minutes += module_minutes(m);
            left--;
        }
        if (left > 0 && shortest != INT64_MAX) sheet->least_minutes += left * shortest;
    }
}

static void load_sheet(struct request *r, struct catalogue_sheet *sheet)
{
    int64_t id = sheet->p.id, version = sheet->p.version_id;
    if (viewer_of && !sheet->preview.n) viewer_of(r, id, &sheet->viewer);
    if (sheet->viewer.version_id) version = sheet->viewer.version_id;
    sheet->module_count = catalogue_sql_modules(r->db, version, r->now, &sheet->modules);
    sheet->part_count = catalogue_sql_parts(r->db, version, &sheet->parts);
    sheet->need_count = catalogue_sql_needs(r->db, version, &sheet->needs);
    goals_load(r->db, version, &sheet->goals);
    sheet->cohort_count = catalogue_sql_cohorts(r->db, id, r->now, &sheet->cohorts);
    for (size_t i = 0; i < sheet->module_count; i++) {
        const struct catalogue_sql_modules *m = &sheet->modules[i];
        sheet->remote += m->minutes_remote;
        sheet->onsite += m->minutes_onsite;
        sheet->own += m->minutes_own;
        sheet->creation += m->minutes_creation;
        sheet->total += module_minutes(m);
    }
    count_least(sheet);
}

/* The face that publishing the draft would give it. */
static void wear_draft(struct catalogue_sheet *s, const struct catalogue_sql_version *v,
                       const struct outline *o)
{
    const struct catalogue_sql_nodes *root = &o->nodes[0];
    struct catalogue_sql_programme *p = &s->p;
    p->version_id = v->id;
    p->kind = v->kind;
    p->area = v->area;
    p->partners = v->partners;
    p->year = v->year;
    p->title = root->title;
    p->summary = root->body;
    p->aim = root->outcome;
    p->modality = root->modality;
    p->competences = root->competences;
    p->minutes = edit_minutes(root);
    for (size_t i = 1; i < o->n; i++) {
        if (o->nodes[i].removed_at || o->nodes[i].level != LEVEL_MODULE) continue;
        p->competences |= o->nodes[i].competences;
        p->minutes += edit_minutes(&o->nodes[i]);
    }
}

void catalogue_preview_get(struct request *r)
{
    struct edit_sheet e;
    if (!edit_load(r, &e)) return;
    struct catalogue_sheet sheet = {
        .p = e.p,
        .preview =
            arena_printf(r->arena, "/gestion/formations/%.*s", STR(id_lower(r->arena, e.p.id))),
    };
    wear_draft(&sheet, &e.v, &e.o);
    load_sheet(r, &sheet);
    catalogue_show(http_page(r), r, &sheet);
}

void catalogue_show_get(struct request *r)
{
    const struct catalogue_show *f = r->form;
    struct catalogue_sql_entry_by_slug e;
    struct catalogue_sheet sheet = { 0 };
    if (!catalogue_sql_entry_by_slug(r->db, f->slug, &e) ||
        !catalogue_sql_programme_by_id(r->db, e.programme_id, &sheet.p)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    load_sheet(r, &sheet);
    for (size_t i = 0; e.module_id != DB_NULL && i < sheet.module_count; i++)
        if (sheet.modules[i].id == e.module_id) {
            catalogue_show_module(http_page(r), &sheet, &sheet.modules[i]);
            return;
        }
    catalogue_show(http_page(r), r, &sheet);
}
