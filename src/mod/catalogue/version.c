/* Drafts and versions: opening, copying, publishing. A version that has a number is never changed: the statements that
 * write refuse it, and what a learner has done refers to ids that are the same in all of them. */
#include "mod/catalogue/version.h"

#include "base/id.h"
#include "base/utf8.h"

void outline_load(struct db *db, int64_t version, struct outline *ret)
{
    ret->version = version;
    ret->n = catalogue_sql_nodes(db, version, &ret->nodes);
}

struct catalogue_sql_nodes *outline_find(const struct outline *o, int64_t node_id)
{
    for (size_t i = 0; i < o->n; i++)
        if (o->nodes[i].node_id == node_id) return &o->nodes[i];
    return NULL;
}

size_t outline_end(const struct outline *o, size_t i)
{
    size_t end = i + 1;
    while (end < o->n && o->nodes[end].level > o->nodes[i].level)
        end++;
    return end;
}

struct catalogue_sql_add_node_in node_blank(int64_t version, enum level level, int64_t parent_id,
                                            struct str title, int64_t now)
{
    struct str none = S("");
    return (struct catalogue_sql_add_node_in){
        .version = version,
        .level = level,
        .parent_id = parent_id,
        .changed_at = now,
        .title = title,
        .code = none,
        .lane = none,
        .kind = level == LEVEL_ACTIVITY ? S("page") : none,
        .brief = none,
        .outcome = none,
        .objectives = none,
        .requirements = none,
        .body = none,
        .video = none,
        .modality = level == LEVEL_UNIT || level == LEVEL_ACTIVITY ? none : S("hybride"),
        .samr = none,
        .aspid = none,
        .tpack = none,
        .settings = none,
        .rule = none,
        .whole = level <= LEVEL_UNIT,
    };
}

/* --- drafts ------------------------------------------------------------------------------------------------------ */

static int64_t new_draft(struct db *db, const struct catalogue_sql_version *like, int64_t by,
                         int64_t now)
{
    int64_t id = id_new();
    catalogue_sql_add_version(
        db, &(struct catalogue_sql_add_version_in){ .id = id,
                                                    .programme = like->programme_id,
                                                    .base = like->number,
                                                    .kind = like->kind,
                                                    .area = like->area,
                                                    .audience = like->audience,
                                                    .networks = like->networks,
                                                    .languages = like->languages,
                                                    .partners = like->partners,
                                                    .year = like->year,
                                                    .open = like->open_enrolment,
                                                    .now = now,
                                                    .by = by ? by : DB_NULL });
    return id;
}

static int64_t copy_of(struct db *db, const struct catalogue_sql_version *source, int64_t by,
                       int64_t now)
{
    int64_t draft = new_draft(db, source, by, now);
    catalogue_sql_copy_nodes(db, draft, source->id);
    catalogue_sql_copy_needs(db, draft, source->id);
    catalogue_sql_copy_targets(db, draft, source->id);
    return draft;
}

int64_t draft_open(struct db *db, int64_t programme_id, int64_t by, int64_t now)
{
    struct catalogue_sql_version v;
    struct catalogue_sql_programme p;
    if (catalogue_sql_draft(db, programme_id, &v)) return v.id;
    if (!catalogue_sql_programme_by_id(db, programme_id, &p) ||
        !catalogue_sql_version(db, p.version_id, &v))
        return 0;
    return copy_of(db, &v, by, now);
}

void draft_drop(struct db *db, int64_t draft)
{
    catalogue_sql_drop_nodes(db, draft);
    catalogue_sql_drop_needs(db, draft);
    catalogue_sql_drop_targets(db, draft);
    catalogue_sql_drop_version(db, draft);
}

int64_t draft_restore(struct db *db, int64_t programme_id,
                      const struct catalogue_sql_version *source, int64_t by, int64_t now)
{
    struct catalogue_sql_version draft;
    if (catalogue_sql_draft(db, programme_id, &draft)) draft_drop(db, draft.id);
    return copy_of(db, source, by, now);
}

int64_t programme_create(struct db *db, struct str slug, struct str kind, struct str area,
                         struct str title, bool sample, int64_t by, int64_t now, int64_t *ret_draft)
{
    int64_t id = id_new();
    if (catalogue_sql_add_programme(db, id, slug, kind, area, title, sample) != 1) return 0;
    const struct catalogue_sql_version like = { .programme_id = id,
                                                .number = DB_NULL,
                                                .kind = kind,
                                                .area = area,
                                                .languages = 1,
                                                .partners = S(""),
                                                .year = DB_NULL };
    *ret_draft = new_draft(db, &like, by, now);
    struct catalogue_sql_add_node_in root = node_blank(*ret_draft, LEVEL_PROGRAMME, 0, title, now);
    root.node_id = id;
    root.sample = sample;
    catalogue_sql_add_node(db, &root);
    return id;
}

/* --- publishing --------------------------------------------------------------------------------------------------- */

static int64_t minutes_of(const struct catalogue_sql_nodes *n)
{
    return n->minutes_remote + n->minutes_onsite + n->minutes_own + n->minutes_creation;
}

/* What lists and cards show of a programme is that of its published version. */
static void write_face(struct db *db, const struct catalogue_sql_version *v,
                       const struct outline *o)
{
    const struct catalogue_sql_nodes *root = &o->nodes[0];
    int64_t minutes = minutes_of(root), aimed = root->competences;
    for (size_t i = 1; i < o->n; i++) {
        if (o->nodes[i].level != LEVEL_MODULE) continue;
        minutes += minutes_of(&o->nodes[i]);
        aimed |= o->nodes[i].competences;
    }
    catalogue_sql_set_face(db, &(struct catalogue_sql_set_face_in){ .id = v->programme_id,
                                                                    .version = v->id,
                                                                    .kind = v->kind,
                                                                    .area = v->area,
                                                                    .title = root->title,
                                                                    .subtitle = root->brief,
                                                                    .summary = root->body,
                                                                    .aim = root->outcome,
                                                                    .modality = root->modality,
                                                                    .minutes = minutes,
                                                                    .audience = v->audience,
                                                                    .competences = aimed,
                                                                    .partners = v->partners,
                                                                    .year = v->year,
                                                                    .open = v->open_enrolment });
}

int64_t draft_publish(struct db *db, int64_t draft, struct str note, int64_t by, int64_t now)
{
    struct catalogue_sql_version v;
    struct catalogue_sql_last_number last;
    struct outline o;
    if (!catalogue_sql_version(db, draft, &v) || v.number != DB_NULL ||
        !catalogue_sql_last_number(db, v.programme_id, &last))
        return 0;
    catalogue_sql_forget_removed(db, draft);
    catalogue_sql_forget_needs(db, draft);
    catalogue_sql_forget_targets(db, draft);
    catalogue_sql_settle_whole(db, draft);
    outline_load(db, draft, &o);
    if (o.n == 0) return 0;
    write_face(db, &v, &o);
    catalogue_sql_publish_version(db, draft, last.number + 1, note, now, by ? by : DB_NULL);
    catalogue_index_programme(db, v.programme_id, now);
    return last.number + 1;
}
