/* Changing a draft's tree. The tree is read whole, put into its new order in memory, and the rows whose place is another
 * now are written: a programme has some tens of nodes, never more than OUTLINE_NODES. */
#include "base/id.h"
#include "base/utf8.h"
#include "mod/catalogue/version.h"

bool level_fits(int64_t level, int64_t parent_level)
{
    return level == LEVEL_UNIT     ? parent_level == LEVEL_PROGRAMME
           : level == LEVEL_MODULE ? parent_level == LEVEL_PROGRAMME || parent_level == LEVEL_UNIT
                                   : level == LEVEL_ACTIVITY && parent_level == LEVEL_MODULE;
}

static size_t index_of(const struct outline *o, int64_t node_id)
{
    size_t i = 0;
    while (i < o->n && o->nodes[i].node_id != node_id)
        i++;
    return i;
}

/* Writes the places of the nodes as they stand in o; `was` are the positions that the database holds, by node. */
static void write_places(struct db *db, const struct outline *o)
{
    for (size_t i = 0; i < o->n; i++) {
        struct catalogue_sql_nodes *n = &o->nodes[i];
        if (n->position == (int64_t)i) continue;
        n->position = (int64_t)i;
        catalogue_sql_place_node(db, o->version, n->node_id, n->parent_id, n->position);
    }
}

/* Takes the run [from, end) out and puts it before `to`, which lies outside of it. */
static void carry(struct arena *a, struct outline *o, size_t from, size_t end, size_t to)
{
    size_t count = end - from, at = 0;
    struct catalogue_sql_nodes *out = arena_array(a, struct catalogue_sql_nodes, o->n + 1);
    for (size_t i = 0; i <= o->n; i++) {
        if (i == to)
            for (size_t k = 0; k < count; k++)
                out[at++] = o->nodes[from + k];
        if (i < o->n && (i < from || i >= end)) out[at++] = o->nodes[i];
    }
    o->nodes = out;
}

static void settle(struct db *db, struct outline *o)
{
    write_places(db, o);
    catalogue_sql_settle_whole(db, o->version);
}

/* --- adding -------------------------------------------------------------------------------------------------------- */

/* "numefa-ue1-poser-le-cadre", with a number behind it when that is taken. */
static bool add_module_row(struct db *db, int64_t id, int64_t programme_id,
                           struct str programme_slug, struct str title)
{
    struct arena *a = db_arena(db);
    enum { TRIES = 50 };
    struct str base =
        utf8_slug(a, arena_printf(a, "%.*s %.*s", STR(str_sub(programme_slug, 0, 24)), STR(title)));
    base = str_sub(base, 0, 72);
    for (int i = 1; i <= TRIES; i++) {
        struct str slug = i == 1 ? base : arena_printf(a, "%.*s-%d", STR(base), i);
        if (catalogue_sql_add_module(db, id, programme_id, slug) == 1) return true;
    }
    return false;
}

int64_t draft_add(struct db *db, int64_t draft, struct str programme_slug,
                  struct catalogue_sql_add_node_in *node)
{
    struct outline o;
    outline_load(db, draft, &o);
    size_t parent = index_of(&o, node->parent_id);
    if (o.n >= OUTLINE_NODES || parent == o.n || o.nodes[parent].removed_at ||
        !level_fits(node->level, o.nodes[parent].level))
        return 0;
    if (!node->node_id) node->node_id = id_new();
    /* the root's id is the programme's */
    if (node->level == LEVEL_MODULE &&
        !add_module_row(db, node->node_id, o.nodes[0].node_id, programme_slug, node->title))
        return 0;
    if (node->level == LEVEL_ACTIVITY)
        catalogue_sql_add_activity(db, node->node_id, node->parent_id);
    /* modules of the programme itself stand before its units, else the outline would not be told from the tree */
    size_t at = outline_end(&o, parent);
    if (node->level == LEVEL_MODULE && o.nodes[parent].level == LEVEL_PROGRAMME)
        for (at = parent + 1; at < o.n && o.nodes[at].level != LEVEL_UNIT;)
            at++;
    node->position = (int64_t)at;
    for (size_t i = at; i < o.n; i++)
        if (o.nodes[i].position != (int64_t)i + 1)
            catalogue_sql_place_node(db, draft, o.nodes[i].node_id, o.nodes[i].parent_id,
                                     (int64_t)i + 1);
    catalogue_sql_add_node(db, node);
    catalogue_sql_settle_whole(db, draft);
    return node->node_id;
}

/* --- moving -------------------------------------------------------------------------------------------------------- */

bool draft_step(struct db *db, int64_t draft, int64_t node_id, int by)
{
    struct outline o;
    outline_load(db, draft, &o);
    size_t at = index_of(&o, node_id), end, other;
    if (at == o.n || at == 0 || o.nodes[at].removed_at) return false;
    int64_t level = o.nodes[at].level, parent = o.nodes[at].parent_id;
    end = outline_end(&o, at);
    if (by < 0) {
        for (other = at; other-- > 1;)
            if (o.nodes[other].parent_id == parent && !o.nodes[other].removed_at) break;
        if (other == 0 || o.nodes[other].level != level) return false;
        carry(db_arena(db), &o, at, end, other);
    } else {
        for (other = end; other < o.n; other++)
            if (o.nodes[other].parent_id == parent && !o.nodes[other].removed_at) break;
        if (other == o.n || o.nodes[other].level != level) return false;
        carry(db_arena(db), &o, at, end, outline_end(&o, other));
    }
    settle(db, &o);
    return true;
}

bool draft_move(struct db *db, int64_t draft, int64_t node_id, int64_t parent_id)
{
    struct outline o;
    outline_load(db, draft, &o);
    size_t at = index_of(&o, node_id), parent = index_of(&o, parent_id);
    if (at == o.n || parent == o.n || o.nodes[at].removed_at || o.nodes[parent].removed_at ||
        !level_fits(o.nodes[at].level, o.nodes[parent].level))
        return false;
    if (o.nodes[at].parent_id == parent_id) return true;
    size_t to = outline_end(&o, parent);
    if (o.nodes[at].level == LEVEL_MODULE && o.nodes[parent].level == LEVEL_PROGRAMME)
        for (to = parent + 1; to < o.n && o.nodes[to].level != LEVEL_UNIT;)
            to++;
    o.nodes[at].parent_id = parent_id;
    o.nodes[at].position = -1; /* written in any case */
    carry(db_arena(db), &o, at, outline_end(&o, at), to);
    settle(db, &o);
    return true;
}

/* --- taking away, and undoing it -------------------------------------------------------------------------------------- */

bool draft_remove(struct db *db, int64_t draft, int64_t node_id, int64_t now)
{
    struct outline o;
    outline_load(db, draft, &o);
    size_t at = index_of(&o, node_id);
    if (at == o.n || at == 0 || o.nodes[at].removed_at) return false;
    size_t end = outline_end(&o, at);
    for (size_t i = at; i < end; i++)
        if (!o.nodes[i].removed_at) catalogue_sql_set_removed(db, draft, o.nodes[i].node_id, now);
    catalogue_sql_settle_whole(db, draft);
    return true;
}

/* What went with it comes back with it; what had gone before stays away. */
bool draft_put_back(struct db *db, int64_t draft, int64_t node_id)
{
    struct outline o;
    outline_load(db, draft, &o);
    size_t at = index_of(&o, node_id);
    if (at == o.n || at == 0 || !o.nodes[at].removed_at) return false;
    const struct catalogue_sql_nodes *parent = outline_find(&o, o.nodes[at].parent_id);
    if (!parent || parent->removed_at) return false;
    int64_t moment = o.nodes[at].removed_at;
    size_t end = outline_end(&o, at);
    for (size_t i = at; i < end; i++)
        if (o.nodes[i].removed_at == moment)
            catalogue_sql_set_removed(db, draft, o.nodes[i].node_id, 0);
    catalogue_sql_settle_whole(db, draft);
    return true;
}

/* --- a copy as a new programme ------------------------------------------------------------------------------------------ */

static struct catalogue_sql_add_node_in copy_node(const struct catalogue_sql_nodes *n,
                                                  int64_t version, int64_t now)
{
    return (struct catalogue_sql_add_node_in){
        .version = version,
        .level = n->level,
        .changed_at = now,
        .code = n->code,
        .lane = n->lane,
        .kind = n->kind,
        .title = n->title,
        .brief = n->brief,
        .outcome = n->outcome,
        .objectives = n->objectives,
        .requirements = n->requirements,
        .body = n->body,
        .video = n->video,
        .modality = n->modality,
        .minutes_remote = n->minutes_remote,
        .minutes_onsite = n->minutes_onsite,
        .minutes_own = n->minutes_own,
        .minutes_creation = n->minutes_creation,
        .competences = n->competences,
        .subjects = n->subjects,
        .places = n->places,
        .required = n->required,
        .listed = n->listed,
        .needed = n->needed,
        .whole = n->whole,
        .samr = n->samr,
        .aspid = n->aspid,
        .tpack = n->tpack,
        .settings = n->settings,
        .rule = n->rule,
        .sample = n->sample,
    };
}

void draft_fill(struct db *db, int64_t draft, int64_t source, struct str programme_slug,
                int64_t now)
{
    struct outline from, to;
    outline_load(db, source, &from);
    outline_load(db, draft, &to);
    if (to.n == 0) return;
    int64_t *made = arena_array(db_arena(db), int64_t, from.n + 1);
    for (size_t i = 0; i < from.n; i++) {
        const struct catalogue_sql_nodes *n = &from.nodes[i];
        if (i == 0) made[i] = to.nodes[0].node_id;
        if (i == 0 || n->removed_at) continue;
        struct catalogue_sql_add_node_in in = copy_node(n, draft, now);
        in.parent_id = made[index_of(&from, n->parent_id)];
        in.node_id = made[i] = id_new();
        in.position = (int64_t)i;
        if (n->level == LEVEL_MODULE)
            add_module_row(db, in.node_id, to.nodes[0].node_id, programme_slug, n->title);
        if (n->level == LEVEL_ACTIVITY) catalogue_sql_add_activity(db, in.node_id, in.parent_id);
        catalogue_sql_add_node(db, &in);
    }
    struct catalogue_sql_needs *needs;
    size_t n = catalogue_sql_needs(db, source, &needs);
    for (size_t i = 0; i < n; i++)
        catalogue_sql_add_need(db, draft, made[index_of(&from, needs[i].node_id)],
                               made[index_of(&from, needs[i].needs_id)]);
    goals_load(db, source, &from.goals);
    for (size_t i = 0; i < from.goals.n; i++) {
        const struct catalogue_sql_targets *t = &from.goals.rows[i];
        catalogue_sql_add_target(db, draft, made[index_of(&from, t->node_id)], t->framework,
                                 t->code, t->level);
    }
    catalogue_sql_settle_whole(db, draft);
}
