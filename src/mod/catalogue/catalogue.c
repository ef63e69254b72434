/* The catalogue: the record, and what others may call. */
#include "mod/catalogue/catalogue.h"

#include "base/id.h"
#include "catalogue_html.h"
#include "mod/catalogue/edit.h"
#include "mod/catalogue/pages.h"
#include "mod/competence/competence.h"

static const struct shape found_shape = {
    .name = "SearchResult",
    .help = N_("One page of the catalogue's entries that fit."),
    .schema = "{\"type\":\"object\",\"required\":[\"total\",\"page\",\"pages\",\"items\"],"
              "\"properties\":{\"total\":{"
              "\"type\":\"integer\"},\"page\":{\"type\":\"integer\"},\"pages\":{\"type\":"
              "\"integer\"},\"items\":{"
              "\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"slug\",\"title\","
              "\"kind\","
              "\"modality\",\"minutes\",\"sample\",\"url\"],\"properties\":{\"slug\":{\"type\":"
              "\"string\"},\"title\":{"
              "\"type\":\"string\"},\"kind\":{\"type\":\"string\"},\"modality\":{\"type\":"
              "\"string\"},\"minutes\":{"
              "\"type\":\"integer\"},\"sample\":{\"type\":\"boolean\"},\"url\":{\"type\":"
              "\"string\",\"format\":"
              "\"uri\"}}}}}}"
};
static const struct api found_api = { .group = N_("Catalogue"), .answer = &found_shape };

#define EDIT "/gestion/formations"
#define EDIT_NODE EDIT "/:id/elements/:noeud"
#define EDITOR OBJECT(edit_may)
#define EDITS .form_size = sizeof(struct edit_form)
static const struct route routes[] = {
    { "GET", "/formations", PUBLIC, .get = catalogue_list_get, .params = catalogue_filter_params,
      .form_size = sizeof(struct catalogue_filter), .help = "The catalogue with its filters." },
    { "GET", "/formations/:slug", PUBLIC, .get = catalogue_show_get,
      .params = catalogue_show_params, .form_size = sizeof(struct catalogue_show),
      .help = "A programme, or one training of it." },
    { "GET", "/api/v1/formations", PUBLIC, .get = catalogue_list_api,
      .params = catalogue_filter_params, .form_size = sizeof(struct catalogue_filter),
      .flags = ROUTE_API, .api = &found_api,
      .help = N_("Searches the catalogue, with the same filters as the page.") },
    { "GET", EDIT, MAY("catalogue.edit"), .get = edit_list_get, .params = edit_list_params, EDITS,
      .help = "The trainings, for those who write them." },
    { "POST", EDIT, MAY("catalogue.edit"), .apply = edit_new_apply, .form = edit_list_get,
      .params = edit_new_params, EDITS, .help = "Begins a training, empty or as a copy." },
    { "GET", EDIT "/:id", EDITOR, .get = edit_show_get, .params = edit_id_params, EDITS,
      .help = "The outline of a training as it is edited." },
    { "GET", EDIT "/:id/apercu", EDITOR, .get = catalogue_preview_get, .params = edit_id_params,
      EDITS, .help = "The page of a training as people would see its draft." },
    { "POST", EDIT "/:id/elements", EDITOR, .apply = edit_add_apply, .form = edit_show_get,
      .params = edit_add_params, EDITS, .help = "Adds a unit, a module or an activity." },
    { "GET", EDIT_NODE, EDITOR, .get = edit_node_get, .params = edit_node_id_params, EDITS,
      .help = "The form of a part of a training." },
    { "POST", EDIT_NODE, EDITOR, .apply = edit_node_apply, .form = edit_node_get,
      .params = edit_node_params, EDITS, .help = "Writes a part of a training's draft." },
    { "POST", EDIT_NODE "/monter", EDITOR, .apply = edit_up_apply, .params = edit_node_id_params,
      EDITS, .help = "Moves a part up." },
    { "POST", EDIT_NODE "/descendre", EDITOR, .apply = edit_down_apply,
      .params = edit_node_id_params, EDITS, .help = "Moves a part down." },
    { "POST", EDIT_NODE "/retirer", EDITOR, .apply = edit_remove_apply,
      .params = edit_node_id_params, EDITS,
      .help = "Takes a part away; it can be put back until the draft is published." },
    { "POST", EDIT_NODE "/remettre", EDITOR, .apply = edit_back_apply,
      .params = edit_node_id_params, EDITS, .help = "Puts back what was taken away." },
    { "GET", EDIT_NODE "/modeles", EDITOR, .get = edit_models_get, .params = edit_node_id_params,
      EDITS, .help = "The guided choice of SAMR, ASPID and TPACK." },
    { "POST", EDIT_NODE "/modeles", EDITOR, .apply = edit_models_apply, .form = edit_models_get,
      .params = edit_models_params, EDITS, .help = "Keeps where a module stands in the models." },
    { "POST", EDIT "/:id/publier", EDITOR, .apply = edit_publish_apply, .form = edit_show_get,
      .params = edit_publish_params, EDITS, .help = "Publishes the draft as the next version." },
    { "POST", EDIT "/:id/abandonner", EDITOR, .apply = edit_drop_apply, .params = edit_id_params,
      EDITS, .help = "Gives the draft up." },
    { "GET", EDIT "/:id/versions/:numero", EDITOR, .get = edit_version_get,
      .params = edit_version_params, EDITS,
      .help = "What is another in a version than in the one before." },
    { "POST", EDIT "/:id/versions/:numero/reprendre", EDITOR, .apply = edit_restore_apply,
      .params = edit_version_params, EDITS, .help = "Makes the draft a copy of a version." },
    { 0 },
};

static const struct notice notices[] = {
    { "formation-creee", N_("Begun. Now its units and modules."), false },
    { "element-ajoute", N_("Added."), false },
    { "element-garde", N_("Kept in the draft."), false },
    { "element-retire", N_("Taken away. It can be put back below."), false },
    { "element-remis", N_("It is back."), false },
    { "version-publiee", N_("Published. Groups that are planned from now on follow it."), false },
    { "deja-publie", N_("There is no draft: somebody has published it already."), false },
    { "brouillon-abandonne", N_("The draft is gone. What is published stands."), false },
    { "formation-retiree", N_("The training is gone: it had never been published."), false },
    { "version-reprise", N_("The draft is a copy of that version now."), false },
    { 0 },
};

static const struct menu_entry menu[] = {
    { "/formations", N_("Trainings"), AREA_FORM, MENU_MAIN, 20 },
    { "/formations/numefa", N_("Certificate"), AREA_CERT, MENU_MAIN, 30 },
    { EDIT, N_("Writing trainings"), AREA_FORM, MENU_STAFF_TRAINING, 10 },
    { 0 },
};

static struct catalogue_programme exported(const struct catalogue_sql_programme *p)
{
    return (struct catalogue_programme){ .id = p->id,
                                         .slug = p->slug,
                                         .kind = p->kind,
                                         .area = p->area,
                                         .title = p->title,
                                         .aim = p->aim,
                                         .open_enrolment = p->open_enrolment };
}

bool catalogue_programme_load(struct db *db, int64_t id, struct catalogue_programme *ret)
{
    struct catalogue_sql_programme p;
    if (!catalogue_sql_programme_by_id(db, id, &p)) return false;
    *ret = exported(&p);
    return true;
}

bool catalogue_programme_find(struct db *db, struct str slug, struct catalogue_programme *ret)
{
    struct catalogue_sql_programme p;
    if (!catalogue_sql_programme_by_entry(db, slug, &p)) return false;
    *ret = exported(&p);
    return true;
}

int64_t catalogue_programme_of(struct db *db, struct str module_slug)
{
    struct catalogue_sql_module_by_slug m;
    return catalogue_sql_module_by_slug(db, module_slug, &m) ? m.programme_id : 0;
}

bool catalogue_module_find(struct db *db, struct str slug, int64_t version_id,
                           struct catalogue_module *ret)
{
    struct catalogue_sql_module_in m;
    if (!catalogue_sql_module_in(db, version_id, slug, &m)) return false;
    *ret = (struct catalogue_module){
        .id = m.id,
        .programme_id = m.programme_id,
        .version_id = version_id,
        .slug = m.slug,
        .code = m.code,
        .title = m.title,
        .outcome = m.outcome,
        .objectives = m.objectives,
        .requirements = m.requirements,
        .modality = m.modality,
        .competences = m.competences,
        .sample = m.sample,
        .samr = m.samr,
        .aspid = m.aspid,
        .tpack = m.tpack,
        .rule = m.rule,
        .minutes = m.minutes_remote + m.minutes_onsite + m.minutes_own + m.minutes_creation,
    };
    return true;
}

int64_t catalogue_edited_version(struct db *db, int64_t programme_id)
{
    struct catalogue_sql_version draft;
    struct catalogue_sql_programme p;
    if (catalogue_sql_draft(db, programme_id, &draft)) return draft.id;
    return catalogue_sql_programme_by_id(db, programme_id, &p) && p.version_id != DB_NULL
               ? p.version_id
               : 0;
}

void catalogue_preview_banner(struct page *pg, struct db *db, int64_t programme_id)
{
    struct catalogue_sql_version draft;
    catalogue_trial(pg, programme_id, catalogue_sql_draft(db, programme_id, &draft));
}

size_t catalogue_activities(struct db *db, int64_t version_id, int64_t module_id,
                            struct catalogue_activity **ret)
{
    struct catalogue_sql_activities *rows;
    size_t n = catalogue_sql_activities(db, version_id, module_id, &rows);
    *ret = arena_array(db_arena(db), struct catalogue_activity, n + 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = (struct catalogue_activity){ .id = rows[i].id,
                                                 .minutes = rows[i].minutes,
                                                 .position = rows[i].position,
                                                 .kind = rows[i].kind,
                                                 .title = rows[i].title,
                                                 .body = rows[i].body,
                                                 .video = rows[i].video,
                                                 .settings = rows[i].settings,
                                                 .rule = rows[i].rule };
    return n;
}

bool catalogue_take_place(struct db *db, int64_t cohort_id)
{
    return catalogue_sql_take_place(db, cohort_id) == 1;
}

void catalogue_free_place(struct db *db, int64_t cohort_id)
{
    catalogue_sql_free_place(db, cohort_id);
}

int64_t catalogue_cohort_write(struct db *db, const struct catalogue_cohort_in *in)
{
    if (in->id) {
        catalogue_sql_change_cohort(db, in->id, in->label, in->starts_at, in->ends_at, in->place,
                                    in->places);
        return in->id;
    }
    struct catalogue_sql_programme p;
    if (!catalogue_sql_programme_by_id(db, in->programme_id, &p) || p.version_id == DB_NULL)
        return 0;
    int64_t id = id_new();
    catalogue_sql_add_cohort(db, &(struct catalogue_sql_add_cohort_in){
                                     .id = id,
                                     .programme = p.id,
                                     .version = in->version_id ? in->version_id : p.version_id,
                                     .module = in->module_id,
                                     .label = in->label,
                                     .starts = in->starts_at,
                                     .ends = in->ends_at,
                                     .place = in->place,
                                     .places = in->places,
                                     .sample = in->sample });
    return id;
}

void catalogue_cohort_span(struct db *db, int64_t cohort_id, int64_t starts_at, int64_t ends_at)
{
    catalogue_sql_span_cohort(db, cohort_id, starts_at, ends_at);
}

struct str catalogue_areas_text(struct arena *a, int64_t competences_and_levels)
{
    int64_t mask = competences_and_levels & ((INT64_C(1) << COMPETENCES) - 1);
    if (__builtin_popcountll((uint64_t)mask) <= 3) return competence_codes(a, mask);
    struct buf b = BUF_INIT(64);
    unsigned areas = competence_areas_of(mask);
    for (int i = 0; i < COMPETENCE_AREAS; i++) {
        if (!(areas >> i & 1)) continue;
        if (b.n) buf_lit(&b, " · ");
        buf_int(&b, i + 1);
    }
    struct str text = arena_dup(a, buf_view(&b));
    buf_finish(&b);
    return text;
}

/* --- words for codes ------------------------------------------------------------------------------------------ */

const char *catalogue_kind_label(struct str kind)
{
    return facet_label(GROUP_KIND, kind, N_("Module"));
}

const char *catalogue_modality_label(struct str modality)
{
    return facet_label(GROUP_FORMAT, modality, N_("Autonomous work"));
}

const char *catalogue_modality_icon(struct str modality)
{
    return str_is(modality, "presentiel")        ? "map-pin"
           : str_is(modality, "visioconference") ? "video"
           : str_is(modality, "hybride")         ? "blend"
           : str_is(modality, "creation")        ? "hammer"
                                                 : "clock";
}

static int64_t framework_use(struct db *db, struct str framework)
{
    struct catalogue_sql_framework_use use;
    return catalogue_sql_framework_use(db, framework, &use) ? use.n : 0;
}

static void start(struct settings *settings)
{
    (void)settings;
    competence_set_use(framework_use);
}

const struct module catalogue_module = {
    .name = "catalogue",
    .routes = routes,
    .notices = notices,
    .menu = menu,
    .db = &catalogue_db,
    .privacy = catalogue_privacy,
    .demo = catalogue_demo,
    .year = catalogue_year,
    .jobs = catalogue_jobs,
    .schedules = catalogue_schedules,
    .start = start,
};
