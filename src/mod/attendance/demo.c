/* The demo learner was at a workshop two weeks ago, in the morning on time and in the afternoon late; today another one takes place, so
 * that the code on the screen can be tried. */
#include "base/time.h"
#include "mod/attendance/pages.h"
#include "mod/catalogue/catalogue.h"
#include "mod/people/people.h"

struct load {
    int64_t now;
};

static int64_t midnight(int64_t at, int days)
{
    struct civil c = time_civil(at);
    return time_from_civil(c.year, c.month, c.day + days, 0, 0);
}

/* A group about one module, open to all who follow the programme, with its one meeting; the meeting's id. */
static int64_t add_day(struct db *db, const struct load *l, struct str slug, struct str label,
                       int64_t starts_at, int64_t ends_at, const char *trainer)
{
    struct attendance_sql_module module;
    struct account who;
    if (!attendance_sql_module(db, slug, &module)) return 0;
    bool known = people_find_by_email(db, str_from(trainer), &who);
    struct str place = lang_french(db_arena(db), S("TechnofuturTIC, Gosselies"));
    int64_t cohort = catalogue_cohort_write(
        db, &(const struct catalogue_cohort_in){ .programme_id = module.programme_id,
                                                 .module_id = module.id,
                                                 .label = lang_french(db_arena(db), label),
                                                 .starts_at = starts_at,
                                                 .ends_at = ends_at,
                                                 .place = place,
                                                 .places = 20,
                                                 .sample = true });
    return cohort_meeting_add(db,
                              &(const struct cohort_meeting_in){ .cohort_id = cohort,
                                                                 .module_id = module.id,
                                                                 .mode = S("onsite"),
                                                                 .place = place,
                                                                 .room_id = DB_NULL,
                                                                 .starts_at = starts_at,
                                                                 .ends_at = ends_at,
                                                                 .trainers = &who.id,
                                                                 .trainer_count = known,
                                                                 .sample = true },
                              l->now);
}

static bool begin(struct db *db, void *context)
{
    const struct load *l = context;
    struct account learner, trainer;
    attendance_half *halves;
    int64_t past = midnight(l->now, -14), hour = l->now - l->now % HOUR_MS;
    int64_t meeting = add_day(db, l, S("ap1-prendre-en-main-une-ia-generative-de-texte"),
                              S("Atelier d'il y a deux semaines"), past + 9 * HOUR_MS,
                              past + 16 * HOUR_MS, "formateur@exemple.be");
    int64_t today =
        add_day(db, l, S("ms4-l-ia-en-mathematiques-sciences-et-steam"), S("Atelier d'aujourd'hui"),
                hour - HOUR_MS, hour + 2 * HOUR_MS, "formateur@exemple.be");
    if (!people_find_by_email(db, S("apprenante@exemple.be"), &learner) ||
        !people_find_by_email(db, S("formateur@exemple.be"), &trainer))
        return true;
    struct cohort_meeting of;
    if (cohort_meeting_find(db, today, &of))
        learning_give_date(db, learner.id, of.cohort_id, l->now);
    size_t n = attendance_sql_halves_of(db, meeting, &halves);
    for (size_t i = 0; i < n; i++)
        attendance_say(
            db,
            &(const struct attendance_word){ .half = &halves[i],
                                             .person_id = learner.id,
                                             .state = i ? ATTENDANCE_LATE : ATTENDANCE_PRESENT,
                                             .way = i ? "list" : "code",
                                             .missed = i ? 30 : 0,
                                             .by = i ? trainer.id : learner.id },
            halves[i].starts_at + 5 * MINUTE_MS);
    return true;
}

bool attendance_demo(struct demo *demo)
{
    struct load load = { .now = demo->now };
    return db_change_run(demo->database, demo->arena, begin, &load) == DB_COMMITTED;
}
