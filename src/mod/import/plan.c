/* From lines to steps: what is new, what changes, what is known, what is wrong. Everything known is read once, into sorted
 * lists, so that a line costs no query. */
#include "mod/import/plan.h"

#include "base/time.h"
#include "http/http.h"

enum { CHUNK = 50000 /* rows of one query */ };

/* --- sorted lists ---------------------------------------------------------------------------------------------------- */

static int by_key(const void *a, const void *b)
{
    const struct import_entry *x = a, *y = b;
    int c = str_cmp(x->key, y->key);
    return c ? c : x->at < y->at ? -1 : x->at > y->at;
}

void import_index_add(struct import_index *index, struct str key, size_t at)
{
    if (key.n) index->v[index->n++] = (struct import_entry){ key, at };
}

void import_index_sort(struct import_index *index)
{
    if (index->n) qsort(index->v, index->n, sizeof *index->v, by_key);
}

const struct import_entry *import_index_find(const struct import_index *index, struct str key,
                                             size_t *ret_count)
{
    size_t low = 0, high = index->n;
    *ret_count = 0;
    if (!key.n) return NULL;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (str_cmp(index->v[middle].key, key) < 0) low = middle + 1;
        else high = middle;
    }
    for (size_t i = low; i < index->n && str_eq(index->v[i].key, key); i++)
        (*ret_count)++;
    return *ret_count ? &index->v[low] : NULL;
}

/* --- what is known ------------------------------------------------------------------------------------------------------ */

/* All rows of a statement that goes on after an id, as one array. */
#define LOAD_ALL(p, statement, list, count)                                                        \
    do {                                                                                           \
        int64_t after_ = -1;                                                                       \
        struct statement *rows_;                                                                   \
        size_t n_;                                                                                 \
        while ((n_ = statement((p)->db, after_, CHUNK, &rows_)) > 0) {                             \
            struct statement *all_ = arena_array((p)->arena, struct statement, (count) + n_);      \
            if (count) memcpy(all_, list, (count) * sizeof *all_);                                 \
            memcpy(all_ + (count), rows_, n_ * sizeof *all_);                                      \
            list = all_;                                                                           \
            count += n_;                                                                           \
            after_ = rows_[n_ - 1].id;                                                             \
        }                                                                                          \
    } while (0)

static void know_people(struct import_planner *p)
{
    LOAD_ALL(p, import_sql_known_people, p->people, p->people_count);
    p->by_email.v = arena_array(p->arena, struct import_entry, p->people_count + 1);
    for (size_t i = 0; i < p->people_count; i++)
        import_index_add(&p->by_email, p->people[i].email, i);
    import_index_sort(&p->by_email);
}

/* Also by a short name: "CECP" for "CECP, Conseil …", "WBE" for "Wallonie-Bruxelles Enseignement (WBE)". */
static void name_organisation(struct import_planner *p, size_t at)
{
    struct str name = p->organisations[at].name;
    size_t comma = str_find(name, ','), open = str_find(name, '(');
    import_index_add(&p->by_name, import_letters(p->arena, name), at);
    if (comma < name.n)
        import_index_add(&p->by_name, import_letters(p->arena, str_sub(name, 0, comma)), at);
    if (open < name.n && str_ends(name, S(")")))
        import_index_add(&p->by_name, import_letters(p->arena, str_sub(name, open, name.n)), at);
}

static void know_organisations(struct import_planner *p)
{
    LOAD_ALL(p, import_sql_known_organisations, p->organisations, p->organisation_count);
    p->by_code.v = arena_array(p->arena, struct import_entry, p->organisation_count + 1);
    p->by_name.v = arena_array(p->arena, struct import_entry, 3 * p->organisation_count + 1);
    for (size_t i = 0; i < p->organisation_count; i++) {
        import_index_add(&p->by_code, p->organisations[i].code, i);
        name_organisation(p, i);
    }
    import_index_sort(&p->by_code);
    import_index_sort(&p->by_name);
}

static int by_member(const void *a, const void *b)
{
    const struct import_sql_known_members *x = a, *y = b;
    if (x->organisation_id != y->organisation_id)
        return x->organisation_id < y->organisation_id ? -1 : 1;
    if (x->person_id != y->person_id) return x->person_id < y->person_id ? -1 : 1;
    return str_cmp(x->role, y->role);
}

static void know_members(struct import_planner *p)
{
    LOAD_ALL(p, import_sql_known_members, p->members, p->member_count);
    if (p->member_count) qsort(p->members, p->member_count, sizeof *p->members, by_member);
}

size_t import_organisation_called(const struct import_planner *p, struct str typed,
                                  const char *unknown, const char **ret_problem)
{
    size_t n;
    const struct import_entry *e = import_index_find(&p->by_code, typed, &n);
    if (!e) e = import_index_find(&p->by_name, import_letters(p->arena, typed), &n);
    *ret_problem = !e ? unknown : n > 1 ? "several" : NULL;
    return *ret_problem ? SIZE_MAX : e->at;
}

/* --- problems -------------------------------------------------------------------------------------------------------------- */

void import_wrong(struct import_planner *p, struct import_step *s, size_t field,
                  const char *problem)
{
    const struct import_field *fields = import_fields(p->text->kind);
    struct import_plan *plan = p->plan;
    s->fate = FATE_WRONG;
    if (plan->problem_count == IMPORT_PROBLEMS_KEPT) return;
    plan->problems[plan->problem_count++] = (struct import_problem){
        .line = s->line,
        .field = field < IMPORT_FIELDS ? str_from(fields[field].name) : S(""),
        .value = field < IMPORT_FIELDS ? import_cell(p, s, field) : S(""),
        .problem = problem,
    };
}

struct str import_cell(const struct import_planner *p, const struct import_step *s, size_t field)
{
    return p->text->lines[s->index].cells[field];
}

bool import_filled(struct import_planner *p, struct import_step *s)
{
    const struct import_field *fields = import_fields(p->text->kind);
    for (size_t f = 0; fields[f].name; f++)
        if (fields[f].required && !import_cell(p, s, f).n) import_wrong(p, s, f, "required");
    return s->fate != FATE_WRONG;
}

/* Marks lines whose key stands in an earlier one. */
static void find_twins(struct import_planner *p, const struct str *keys, size_t field)
{
    struct import_plan *plan = p->plan;
    struct import_index index = { arena_array(p->arena, struct import_entry, plan->n + 1), 0 };
    for (size_t i = 0; i < plan->n; i++)
        import_index_add(&index, keys[i], i);
    import_index_sort(&index);
    for (size_t i = 1; i < index.n; i++)
        if (str_eq(index.v[i].key, index.v[i - 1].key))
            import_wrong(p, &plan->steps[index.v[i].at], field, "twice");
}

/* --- people ------------------------------------------------------------------------------------------------------------------ */

static struct str lower(struct arena *a, struct str s)
{
    char *out = arena_cstr(a, s);
    for (size_t i = 0; i < s.n; i++)
        if (out[i] >= 'A' && out[i] <= 'Z') out[i] = (char)(out[i] + 'a' - 'A');
    return (struct str){ out, s.n };
}

static struct str category_of(struct arena *a, struct str typed)
{
    struct str letters = import_letters(a, typed);
    for (size_t i = 0; people_category(i); i++)
        if (import_means(a, letters, people_category(i),
                         people_category_label(str_from(people_category(i)))))
            return str_from(people_category(i));
    return STR_NONE;
}

static bool read_lang(struct str typed, enum lang *ret)
{
    struct str two = str_sub(typed, 0, 2);
    *ret = LANG_FR;
    return !typed.n || lang_from_code(two, ret) || str_eq_nocase(two, S("fr")) ||
           (str_eq_nocase(two, S("en")) && lang_from_code(S("en"), ret));
}

static void plan_person(struct import_planner *p, struct import_step *s, struct str *ret_key)
{
    struct people_newcomer *person = &s->person;
    struct str first = import_cell(p, s, PERSON_FIRST), last = import_cell(p, s, PERSON_NAME);
    size_t n;
    if (!import_filled(p, s)) return;
    person->name = first.n ? arena_join(p->arena, first, S(" "), last) : last;
    person->email = *ret_key = lower(p->arena, import_cell(p, s, PERSON_EMAIL));
    person->subjects = import_cell(p, s, PERSON_SUBJECTS);
    if (!http_email_valid(person->email)) import_wrong(p, s, PERSON_EMAIL, "email");
    if (!read_lang(import_cell(p, s, PERSON_LANG), &person->lang))
        import_wrong(p, s, PERSON_LANG, "lang");
    if (import_cell(p, s, PERSON_CATEGORY).n) {
        person->category = category_of(p->arena, import_cell(p, s, PERSON_CATEGORY));
        if (!person->category.p) import_wrong(p, s, PERSON_CATEGORY, "category");
    }
    if (s->fate != FATE_WRONG && import_index_find(&p->by_email, person->email, &n))
        s->fate = FATE_SAME;
}

/* --- memberships --------------------------------------------------------------------------------------------------------------- */

static struct str role_of(struct arena *a, struct str typed)
{
    if (!typed.n) return str_from(organisation_role(0));
    struct str letters = import_letters(a, typed);
    for (size_t i = 0; organisation_role(i); i++)
        if (import_means(a, letters, organisation_role(i),
                         organisation_role_label(str_from(organisation_role(i)))))
            return str_from(organisation_role(i));
    return STR_NONE;
}

/* "2026-09-01" or "01/09/2026"; DB_NULL for an empty cell. */
static bool read_day(struct arena *a, struct str typed, int64_t *ret)
{
    *ret = DB_NULL;
    if (!typed.n || time_parse_date(typed, ret)) return true;
    struct str rest = typed, day = str_cut(&rest, '/'), month = str_cut(&rest, '/');
    int64_t d, m, y;
    if (!str_to_int(day, &d) || !str_to_int(month, &m) || !str_to_int(rest, &y)) return false;
    if (d < 1 || d > 31 || m < 1 || m > 12 || y < 1900 || y > 2200) return false;
    return time_parse_date(arena_printf(a, "%04d-%02d-%02d", (int)y, (int)m, (int)d), ret);
}

static int64_t day_after(int64_t day)
{
    struct civil c = time_civil(day + 36 * HOUR_MS);
    return time_from_civil(c.year, c.month, c.day, 0, 0);
}

static void plan_dates(struct import_planner *p, struct import_step *s)
{
    const struct import_sql_known_members wanted = { .organisation_id = s->id,
                                                     .person_id = s->person_id,
                                                     .role = s->role };
    const struct import_sql_known_members *known =
        p->member_count ? bsearch(&wanted, p->members, p->member_count, sizeof wanted, by_member)
                        : NULL;
    if (s->starts_at == DB_NULL) s->starts_at = known ? known->starts_at : p->now;
    if (s->ends_at != DB_NULL) s->ends_at = day_after(s->ends_at);
    else if (known) s->ends_at = known->ends_at;
    if (s->ends_at != DB_NULL && s->ends_at <= s->starts_at)
        import_wrong(p, s, MEMBER_UNTIL, "order");
    else if (known)
        s->fate = known->starts_at == s->starts_at && known->ends_at == s->ends_at ? FATE_SAME
                                                                                   : FATE_CHANGE;
}

static void plan_member(struct import_planner *p, struct import_step *s, struct str *ret_key)
{
    const char *problem;
    size_t n;
    if (!import_filled(p, s)) return;
    struct str email = lower(p->arena, import_cell(p, s, MEMBER_EMAIL));
    const struct import_entry *person = import_index_find(&p->by_email, email, &n);
    size_t organisation =
        import_organisation_called(p, import_cell(p, s, MEMBER_ORG), "organisation", &problem);
    s->role = role_of(p->arena, import_cell(p, s, MEMBER_ROLE));
    if (!person) import_wrong(p, s, MEMBER_EMAIL, "person");
    if (problem) import_wrong(p, s, MEMBER_ORG, problem);
    if (!s->role.p) import_wrong(p, s, MEMBER_ROLE, "role");
    if (!read_day(p->arena, import_cell(p, s, MEMBER_FROM), &s->starts_at))
        import_wrong(p, s, MEMBER_FROM, "date");
    if (!read_day(p->arena, import_cell(p, s, MEMBER_UNTIL), &s->ends_at))
        import_wrong(p, s, MEMBER_UNTIL, "date");
    if (s->fate == FATE_WRONG) return;
    s->person_id = p->people[person->at].id;
    s->id = p->organisations[organisation].id;
    *ret_key = arena_join(p->arena, arena_int(p->arena, s->id, 1), S(" "),
                          arena_int(p->arena, s->person_id, 1), S(" "), s->role);
    plan_dates(p, s);
}

/* --- all ------------------------------------------------------------------------------------------------------------------------- */

static bool plan_lines(struct import_planner *p,
                       void (*one)(struct import_planner *, struct import_step *, struct str *),
                       size_t key_field)
{
    struct import_plan *plan = p->plan;
    struct str *keys = arena_array(p->arena, struct str, plan->n + 1);
    for (size_t i = 0; i < plan->n; i++) {
        if (plan->steps[i].fate != FATE_WRONG) one(p, &plan->steps[i], &keys[i]);
        if (i % 1000 == 0 && !p->tell(p->context, (int)(200 + i * 700 / plan->n))) return false;
    }
    find_twins(p, keys, key_field);
    return true;
}

static int by_line(const void *a, const void *b)
{
    const struct import_problem *x = a, *y = b;
    return x->line < y->line ? -1 : x->line > y->line;
}

bool import_plan_make(struct db *db, const struct import_text *text,
                      bool (*tell)(void *context, int thousandths), void *context,
                      struct import_plan *ret)
{
    struct import_planner *p = arena_new(db_arena(db), struct import_planner);
    *p = (struct import_planner){ .arena = db_arena(db),
                                  .db = db,
                                  .text = text,
                                  .plan = ret,
                                  .now = time_now(),
                                  .tell = tell,
                                  .context = context };
    *ret = (struct import_plan){ .n = text->n };
    ret->steps = arena_array(p->arena, struct import_step, text->n + 1);
    ret->problems = arena_array(p->arena, struct import_problem, IMPORT_PROBLEMS_KEPT);
    for (size_t i = 0; i < text->n; i++) {
        ret->steps[i] = (struct import_step){ .line = text->lines[i].line, .index = i };
        if (text->lines[i].broken)
            import_wrong(p, &ret->steps[i], IMPORT_FIELDS, text->lines[i].broken);
    }
    if (text->kind != IMPORT_ORGANISATIONS) know_people(p);
    if (text->kind != IMPORT_PEOPLE) know_organisations(p);
    if (text->kind == IMPORT_MEMBERSHIPS) know_members(p);
    bool well = !db_failed(db) && tell(context, 200);
    if (well && text->kind == IMPORT_PEOPLE) well = plan_lines(p, plan_person, PERSON_EMAIL);
    else if (well && text->kind == IMPORT_MEMBERSHIPS)
        well = plan_lines(p, plan_member, MEMBER_EMAIL);
    else if (well) import_plan_organisations(p);
    qsort(ret->problems, ret->problem_count, sizeof *ret->problems, by_line);
    for (size_t i = 0; i < ret->n; i++)
        ret->fates[ret->steps[i].fate]++;
    return well && !db_failed(db);
}
