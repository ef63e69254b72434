/* Frameworks beside DigCompEdu: read from a file, shown line by line with what is wrong, and brought in when all of it is
 * right. Nothing of it is changed afterwards: versions of programmes refer to its codes. */
#include "access/audit.h"
#include "base/csv.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "competence_html.h"
#include "demo_embedded.h"
#include "mod/competence/pages.h"

#define AT "/gestion/referentiels"
#define FORM struct framework_form
const struct param framework_check_params[] = {
    PARAM(FORM, titre, PARAM_TEXT, .required = true, .min = 3, .max = 120),
    PARAM(FORM, source, PARAM_TEXT, .max = 300),
    PARAM(FORM, fichier, PARAM_FILE, .required = true),
    { 0 },
};
const struct param framework_add_params[] = {
    PARAM(FORM, titre, PARAM_TEXT, .required = true, .min = 3, .max = 120),
    PARAM(FORM, source, PARAM_TEXT, .max = 300),
    PARAM(FORM, texte, PARAM_LONG, .required = true, .max = FRAMEWORK_TEXT),
    { 0 },
};
const struct param framework_slug_params[] = { PARAM(FORM, slug, PARAM_SLUG, .required = true),
                                               { 0 } };
#undef FORM

static int64_t (*use_of)(struct db *db, struct str framework);

void competence_set_use(int64_t (*fn)(struct db *db, struct str framework))
{
    use_of = fn;
}

/* --- reading ------------------------------------------------------------------------------------------------------------ */

enum column { COLUMN_CODE, COLUMN_NAME, COLUMN_AREA, COLUMN_LEVELS, COLUMN_COUNT };

static const struct {
    enum column column;
    const char *name; /* without accents, in small letters */
} heads[] = {
    { COLUMN_CODE, "code" },       { COLUMN_NAME, "nom" },       { COLUMN_NAME, "name" },
    { COLUMN_NAME, "competence" }, { COLUMN_NAME, "intitule" },  { COLUMN_AREA, "domaine" },
    { COLUMN_AREA, "area" },       { COLUMN_LEVELS, "niveaux" }, { COLUMN_LEVELS, "levels" },
};

static const char *read_head(struct arena *a, struct csv *c, int column[COLUMN_COUNT])
{
    for (int k = 0; k < COLUMN_COUNT; k++)
        column[k] = -1;
    if (!csv_next(c)) return N_("The file is empty.");
    for (size_t i = 0; i < c->n; i++) {
        struct str name = utf8_valid(c->fields[i]) ? utf8_fold(a, c->fields[i]) : S("");
        for (size_t k = 0; k < COUNT(heads); k++)
            if (str_is(name, heads[k].name) && column[heads[k].column] < 0)
                column[heads[k].column] = (int)i;
    }
    return column[COLUMN_CODE] < 0 || column[COLUMN_NAME] < 0
               ? N_("The first line must name the columns, “code” and “name” among them.")
               : NULL;
}

/* "A1 | A2|B1" as it is stored. NULL in ret->p: too many, too long, or an empty one. */
static bool read_levels(struct arena *a, struct str cell, struct str *ret)
{
    struct str rest = cell, all = S("");
    int n = 0;
    for (; rest.n; n++) {
        struct str level = str_trim(str_cut(&rest, '|'));
        if (!level.n || utf8_count(level) > 40 || n == FRAMEWORK_LEVELS) return false;
        all = arena_join(a, all, n ? S("|") : S(""), level);
    }
    *ret = all;
    return true;
}

static const char *read_line(struct arena *a, const struct csv *c, const int column[COLUMN_COUNT],
                             struct framework_line *l)
{
    struct str cells[COLUMN_COUNT];
    for (int k = 0; k < COLUMN_COUNT; k++) {
        cells[k] = column[k] >= 0 && (size_t)column[k] < c->n ? c->fields[column[k]] : S("");
        if (!utf8_valid(cells[k])) return N_("There are signs in it that are no text.");
        cells[k] = utf8_nfc(a, cells[k]);
    }
    l->code = cells[COLUMN_CODE];
    l->name = cells[COLUMN_NAME];
    l->area = cells[COLUMN_AREA];
    l->levels = cells[COLUMN_LEVELS];
    if (c->stray || c->too_wide) return N_("Quotes or columns do not fit.");
    if (!l->code.n) return N_("The code is missing.");
    if (!l->name.n) return N_("The name is missing.");
    if (utf8_count(l->code) > 20) return N_("The code is longer than 20 characters.");
    if (utf8_count(l->name) > LIMIT_TEXT_LINE || utf8_count(l->area) > LIMIT_TEXT_LINE)
        return N_("This is longer than 200 characters.");
    return read_levels(a, cells[COLUMN_LEVELS], &l->levels)
               ? NULL
               : N_("Levels stand between bars, A1|A2|B1, at most ten.");
}

void framework_read(struct arena *a, struct str raw, struct framework_draft *ret)
{
    struct csv *c = arena_new(a, struct csv);
    int column[COLUMN_COUNT];
    *ret = (struct framework_draft){ 0 };
    if (raw.n > FRAMEWORK_TEXT || csv_decode(a, raw, &ret->text) == CSV_NO_TEXT) {
        ret->problem = raw.n > FRAMEWORK_TEXT ? N_("The file is too large for a framework.")
                                              : N_("This is no text: save it as CSV first.");
        return;
    }
    csv_open(c, a, ret->text, csv_separator(ret->text));
    ret->problem = read_head(a, c, column);
    ret->lines = arena_array(a, struct framework_line, FRAMEWORK_COMPETENCES + 1);
    while (!ret->problem && csv_next(c)) {
        if (c->unclosed) ret->problem = N_("A quote is opened and never closed.");
        else if (ret->n == FRAMEWORK_COMPETENCES)
            ret->problem = N_("A framework has at most 200 competences.");
        if (ret->problem) return;
        struct framework_line *l = &ret->lines[ret->n];
        *l = (struct framework_line){ .line = c->line };
        l->problem = read_line(a, c, column, l);
        for (size_t i = 0; i < ret->n && !l->problem; i++)
            if (str_eq(ret->lines[i].code, l->code)) l->problem = N_("This code stands twice.");
        ret->wrong += l->problem != NULL;
        ret->n++;
    }
    if (!ret->problem && !ret->n) ret->problem = N_("The file is empty.");
}

struct str framework_level(struct str levels, int64_t level)
{
    struct str rest = levels, one = STR_NONE;
    for (int64_t i = 0; i < level; i++) {
        if (!rest.n) return STR_NONE;
        one = str_cut(&rest, '|');
    }
    return one;
}

int64_t framework_level_count(struct str levels)
{
    int64_t n = levels.n > 0;
    for (size_t i = 0; i < levels.n; i++)
        n += levels.p[i] == '|';
    return n;
}

size_t framework_competences(struct db *db, struct framework_competence **ret)
{
    struct competence_sql_all_competences *rows;
    size_t n = competence_sql_all_competences(db, &rows);
    *ret = arena_array(db_arena(db), struct framework_competence, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = (struct framework_competence){ .slug = rows[i].slug,
                                                   .framework = rows[i].title,
                                                   .code = rows[i].code,
                                                   .name = rows[i].name,
                                                   .area = rows[i].area,
                                                   .levels = rows[i].levels };
    return n;
}

/* --- pages ---------------------------------------------------------------------------------------------------------------- */

void framework_list_get(struct request *r)
{
    struct competence_sql_frameworks *rows;
    size_t n = competence_sql_frameworks(r->db, &rows);
    competence_list(http_page(r), rows, n, r->form);
}

/* A name of its own, and an address that browsers may follow. */
static void check_head(struct request *r, struct str slug)
{
    const struct framework_form *f = r->form;
    struct competence_sql_framework other;
    struct competence_sql_count_frameworks all;
    if (!slug.n) http_invalid(r, "titre", R_(N_("The title needs a letter or a digit.")));
    else if (str_is(slug, DIGCOMPEDU) || competence_sql_framework(r->db, slug, &other))
        http_invalid(r, "titre", R_(N_("There is a framework of this name already.")));
    if (f->source.n && str_is(url(f->source).s, "#"))
        http_invalid(r, "source", R_(N_("An address begins with https://.")));
    if (competence_sql_count_frameworks(r->db, &all) && all.n >= FRAMEWORKS_MOST)
        http_invalid(r, NULL, R_(N_("There are as many frameworks as one can choose from.")));
}

static struct str slug_of(struct request *r)
{
    const struct framework_form *f = r->form;
    return str_sub(utf8_slug(r->arena, f->titre), 0, 40);
}

void framework_check_apply(struct request *r)
{
    const struct framework_form *f = r->form;
    struct framework_draft d;
    check_head(r, slug_of(r));
    framework_read(r->arena, f->fichier.data, &d);
    if (d.problem) http_invalid(r, "fichier", R_(d.problem));
    if (http_ok(r)) competence_preview(http_page(r), f, &d);
}

static void write_lines(struct db *db, int64_t id, const struct framework_draft *d)
{
    for (size_t i = 0; i < d->n; i++)
        competence_sql_add_competence(db, id, (int64_t)i, d->lines[i].code, d->lines[i].name,
                                      d->lines[i].area, d->lines[i].levels);
}

/* What is sent here was shown before; it is read once more, since anybody can send anything. */
void framework_add_apply(struct request *r)
{
    const struct framework_form *f = r->form;
    struct framework_draft d;
    struct str slug = slug_of(r);
    int64_t id = id_new();
    check_head(r, slug);
    framework_read(r->arena, f->texte, &d);
    if (d.problem) http_invalid(r, "fichier", R_(d.problem));
    if (!http_ok(r)) return;
    if (d.wrong) {
        competence_preview(http_page(r), f, &d);
        return;
    }
    competence_sql_add_framework(r->db, id, slug, f->titre, f->source.p ? f->source : S(""),
                                 r->now);
    write_lines(r->db, id, &d);
    audit_write(
        r, "framework.added", "framework", id, NULL,
        json_pack("{s:s%, s:I}", "title", f->titre.p, f->titre.n, "competences", (json_int_t)d.n));
    http_redirect(r, arena_printf(r->arena, "/referentiels/%.*s", STR(slug)), "referentiel-ajoute");
}

void framework_remove_apply(struct request *r)
{
    const struct framework_form *f = r->form;
    struct competence_sql_framework row;
    if (!competence_sql_framework(r->db, f->slug, &row)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (use_of && use_of(r->db, row.slug)) {
        http_fail(r, 409, R_(N_("Trainings refer to this framework: it stays.")));
        return;
    }
    competence_sql_drop_competences(r->db, row.id);
    competence_sql_drop_framework(r->db, row.id);
    audit_write(r, "framework.removed", "framework", row.id,
                json_pack("{s:s%}", "title", row.title.p, row.title.n), NULL);
    http_redirect(r, S(AT), "referentiel-retire");
}

void framework_show_get(struct request *r)
{
    const struct framework_form *f = r->form;
    struct competence_sql_framework row;
    struct competence_sql_competences *rows;
    if (str_is(f->slug, DIGCOMPEDU)) {
        competence_digcompedu(http_page(r));
        return;
    }
    if (!competence_sql_framework(r->db, f->slug, &row)) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    size_t n = competence_sql_competences(r->db, row.id, &rows);
    competence_show(http_page(r), &row, rows, n);
}

/* --- the sample ----------------------------------------------------------------------------------------------------------- */

struct load {
    struct demo *demo;
    struct str raw;
};

static bool load(struct db *db, void *context)
{
    const struct load *l = context;
    struct framework_draft d;
    int64_t id = id_new();
    framework_read(db_arena(db), l->raw, &d);
    if (d.problem || d.wrong) return false;
    if (competence_sql_add_framework(db, id, S("ia-enseignantes-et-enseignants"),
                                     S("UNESCO : compétences en IA pour les enseignant·es"),
                                     S("https://unesdoc.unesco.org/ark:/48223/pf0000391104"),
                                     l->demo->now) == 1)
        write_lines(db, id, &d);
    return true;
}

bool framework_demo(struct demo *demo)
{
    const struct asset *file =
        asset_find(demo_assets, demo_asset_count, S("frameworks/ia-enseignants.csv"));
    struct load l = { demo, file->data };
    return db_change_run(demo->database, demo->arena, load, &l) == DB_COMMITTED;
}
