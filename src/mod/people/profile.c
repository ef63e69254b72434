/* The profile: what a person says about themselves, and how the site looks to them. */
#include "people_html.h"
#include "people_sql.h"

#define FORM struct people_profile_form
const struct param people_profile_params[] = {
    PARAM(FORM, name, PARAM_TEXT, .required = true, .min = 2, .max = 80),
    PARAM(FORM, pronoun, PARAM_TEXT, .max = 30),
    PARAM(FORM, category, PARAM_SLUG, .max = 20),
    PARAM(FORM, levels, PARAM_LIST),
    PARAM(FORM, subjects, PARAM_TEXT, .max = 200),
    PARAM(FORM, organisation, PARAM_TEXT, .max = 120),
    PARAM(FORM, lang, PARAM_TEXT, .required = true, .max = 5),
    PARAM(FORM, theme, PARAM_TEXT, .max = 10),
    { 0 },
};
#undef FORM

const struct people_option people_categories[PEOPLE_CATEGORIES] = {
    { "teacher", N_("Teacher") },           { "adult-trainer", N_("Trainer of adults") },
    { "youth-worker", N_("Youth worker") }, { "student", N_("Student") },
    { "job-seeker", N_("Job seeker") },     { "staff", N_("Staff of a school or an organisation") },
    { "other", N_("Something else") },
};

const struct people_option people_levels[PEOPLE_LEVELS] = {
    { "maternel", N_("Nursery school") },
    { "primaire", N_("Primary classes") },
    { "secondaire-inferieur", N_("Lower secondary school") },
    { "secondaire-superieur", N_("Upper secondary school") },
    { "specialise", N_("Special education") },
    { "adultes", N_("Adult education") },
    { "superieur", N_("Higher education") },
    { "insertion", N_("Training for work") },
    { "jeunesse", N_("Youth work") },
};

bool people_list_has(const struct str_list *list, const char *code)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_is(list->items[i], code)) return true;
    return false;
}

static struct str or_empty(struct str s)
{
    return s.p ? s : S("");
}

/* --- showing ----------------------------------------------------------------------------------------------------- */

static void fill(struct request *r, struct people_profile_form *f)
{
    struct people_sql_profile p;
    if (!people_sql_profile(r->db, r->who.person_id, &p)) return;
    *f = (struct people_profile_form){ .name = p.name,
                                       .pronoun = p.pronoun,
                                       .category = p.category,
                                       .subjects = p.subjects,
                                       .organisation = p.organisation,
                                       .lang = p.lang,
                                       .theme = p.theme };
    f->levels.items = arena_array(r->arena, struct str, PEOPLE_LEVELS);
    for (int i = 0; i < PEOPLE_LEVELS; i++)
        if (p.levels >> i & 1) f->levels.items[f->levels.n++] = str_from(people_levels[i].code);
}

void people_profile_get(struct request *r)
{
    struct people_profile_form *f = r->form;
    if (str_is(r->method, "GET")) fill(r, f); /* otherwise a form that comes back as it was typed */
    people_profile(http_page(r), f);
}

/* --- changing ---------------------------------------------------------------------------------------------------- */

static bool is_category(struct str code)
{
    for (int i = 0; i < PEOPLE_CATEGORIES; i++)
        if (str_is(code, people_categories[i].code)) return true;
    return code.n == 0;
}

/* The bits of the chosen levels; -1 when one is not ours. */
static int64_t level_bits(const struct str_list *chosen)
{
    int64_t bits = 0;
    for (size_t i = 0; i < chosen->n; i++) {
        int at = 0;
        while (at < PEOPLE_LEVELS && !str_is(chosen->items[i], people_levels[at].code))
            at++;
        if (at == PEOPLE_LEVELS) return -1;
        bits |= INT64_C(1) << at;
    }
    return bits;
}

static bool check(struct request *r, const struct people_profile_form *f)
{
    struct str wrong = R_(N_("This choice is not one of ours."));
    enum lang lang;
    size_t before = r->error_count;
    if (!is_category(f->category)) http_invalid(r, "category", wrong);
    if (level_bits(&f->levels) < 0) http_invalid(r, "levels", wrong);
    if (!lang_from_code(f->lang, &lang)) http_invalid(r, "lang", wrong);
    if (f->theme.n && !str_is(f->theme, "light") && !str_is(f->theme, "dark"))
        http_invalid(r, "theme", wrong);
    return r->error_count == before;
}

void people_profile_apply(struct request *r)
{
    struct people_profile_form *f = r->form;
    int64_t me = r->who.person_id;
    if (!check(r, f)) return;
    people_sql_set_person(r->db, me, f->name, f->lang, or_empty(f->theme));
    people_sql_set_profile(r->db, me, or_empty(f->pronoun), or_empty(f->category),
                           level_bits(&f->levels), or_empty(f->subjects), or_empty(f->organisation),
                           r->now);
    /* the choice made on this device gives way to the account's */
    http_redirect(r, arena_printf(r->arena, "/compte?lang=%.*s", STR(f->lang)), "profil");
}
