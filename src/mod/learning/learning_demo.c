/* The demo learner has begun: enrolled in two programmes, two workshops done, so that every page has something to show. */
#include "mod/catalogue/catalogue.h"
#include "mod/learning/dates.h"
#include "mod/learning/enrolment.h"
#include "mod/people/people.h"

struct load {
    int64_t now;
};

static void complete_modules(struct db *db, int64_t person_id, struct str slug, int64_t now)
{
    struct catalogue_module m;
    struct catalogue_activity *activities;
    struct learning_sql_version follows;
    if (!learning_sql_version(db, person_id, catalogue_programme_of(db, slug), &follows) ||
        !catalogue_module_find(db, slug, follows.version_id, &m))
        return;
    size_t n = catalogue_activities(db, m.version_id, m.id, &activities);
    for (size_t i = 0; i < n; i++)
        learning_complete(db, person_id, activities[i].id, now);
}

/* A place on the date of a module, or in its waiting list; without letters. */
static void choose_date(struct db *db, int64_t person_id, struct str slug, int64_t now)
{
    struct learning_sql_version follows;
    struct catalogue_module m;
    struct learning_sql_dates *dates;
    struct cohort date;
    int64_t programme = catalogue_programme_of(db, slug);
    if (learning_sql_version(db, person_id, programme, &follows) &&
        catalogue_module_find(db, slug, follows.version_id, &m) &&
        learning_sql_dates(db, person_id, programme, m.id, now, &dates) &&
        cohort_find(db, dates[0].id, &date)) {
        struct learning_sql_date mine;
        learning_give_date(db, person_id, date.id, now);
        if (!learning_sql_date(db, date.id, person_id, &mine)) /* it is full */
            learning_sql_set_date(db, date.id, person_id, S("waiting"), 1, now);
    }
}

static bool begin(struct db *db, void *context)
{
    struct load *l = context;
    struct account learner;
    struct catalogue_programme p;
    int64_t id;
    if (!people_find_by_email(db, S("apprenante@exemple.be"), &learner)) return true;
    static const char *const programmes[] = { "steamagine1", "referent-ia" };
    for (size_t i = 0; i < COUNT(programmes); i++)
        if (catalogue_programme_find(db, str_from(programmes[i]), &p))
            enrolment_ask(
                db,
                &(const struct enrolment_ask){ .person_id = learner.id,
                                               .programme_id = p.id,
                                               .act = { .by = learner.id, .quiet = true } },
                l->now + (int64_t)i, &id);
    complete_modules(db, learner.id, S("ap1-prendre-en-main-une-ia-generative-de-texte"), l->now);
    complete_modules(db, learner.id, S("ap2-ecrire-tester-et-ameliorer-ses-requetes"), l->now);
    choose_date(db, learner.id, S("ap5-preparer-une-sequence-avec-une-ia-sans-perdre-la-main"),
                l->now);
    choose_date(db, learner.id, S("ap3-generer-des-images-pour-la-classe-usages-droits-credits"),
                l->now);
    return true;
}

bool learning_demo(struct demo *demo)
{
    struct load load = { .now = demo->now };
    return db_change_run(demo->database, demo->arena, begin, &load) == DB_COMMITTED;
}
