/* Writing the ledger of hours. */
#include "mod/learning/hours.h"

#include "base/id.h"

static const struct {
    const char *name, *label, *hue;
} kinds[HOURS_KINDS] = {
    [HOURS_PRESENCE] = { "presence", N_("In person"), "form" },
    [HOURS_LIVE] = { "live", N_("Live, by videoconference"), "tv" },
    [HOURS_REPLAY] = { "replay", N_("Watched later"), "ev" },
    [HOURS_OWN] = { "own", N_("Autonomous work"), "lab" },
    [HOURS_CREATION] = { "creation", N_("Creation time"), "accent" },
};

const char *hours_kind_name(enum hours_kind kind)
{
    return kinds[kind].name;
}

const char *hours_kind_label(enum hours_kind kind)
{
    return kinds[kind].label;
}

const char *hours_kind_hue(enum hours_kind kind)
{
    return kinds[kind].hue;
}

const char *hours_origin_label(struct str origin)
{
    return str_is(origin, "measured")     ? N_("Measured: an activity done")
           : str_is(origin, "declared")   ? N_("Declared")
           : str_is(origin, "attendance") ? N_("Signed on the list")
           : str_is(origin, "watched")    ? N_("Watched on the Web TV")
                                          : N_("Taken back");
}

bool hours_add(struct db *db, const struct hours *h, int64_t now)
{
    struct learning_sql_hours_competences c = { 0 };
    learning_sql_hours_competences(db, h->person_id, h->programme_id, h->module_id, &c);
    return learning_sql_add_hours(db, &(struct learning_sql_add_hours_in){
                                          .id = id_new(),
                                          .person = h->person_id,
                                          .programme = h->programme_id,
                                          .module = h->module_id ? h->module_id : DB_NULL,
                                          .kind = str_from(kinds[h->kind].name),
                                          .origin = str_from(h->origin),
                                          .key = h->key,
                                          .minutes = h->minutes,
                                          .competences = c.competences,
                                          .note = h->note.p ? h->note : S(""),
                                          .done_at = h->done_at ? h->done_at : now,
                                          .now = now,
                                          .by = h->by ? h->by : DB_NULL }) == 1;
}

bool hours_take_back(struct db *db, int64_t person_id, struct str key, struct str note, int64_t by,
                     int64_t now)
{
    struct learning_sql_hours_by_key e;
    if (!learning_sql_hours_by_key(db, person_id, key, &e)) return false;
    return learning_sql_add_hours(db, &(struct learning_sql_add_hours_in){
                                          .id = id_new(),
                                          .person = person_id,
                                          .programme = e.programme_id,
                                          .module = e.module_id,
                                          .kind = e.kind,
                                          .origin = S("taken-back"),
                                          .key = arena_printf(db_arena(db), "back/%.*s", STR(key)),
                                          .minutes = -e.minutes,
                                          .competences = e.competences,
                                          .note = note.p ? note : S(""),
                                          .done_at = e.done_at,
                                          .now = now,
                                          .by = by ? by : DB_NULL }) == 1;
}
