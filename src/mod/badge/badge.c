/* The rules: what a completion counts for, when a badge is earned, what is then written. */
#include "mod/badge/badge.h"

#include "base/id.h"
#include "base/settings.h"
#include "base/time.h"
#include "mod/badge/inside.h"
#include "mod/people/people.h"

struct ob_issuer badge_issuer = { .name = { "eduLAB", 6 } };

/* --- who we are -------------------------------------------------------------------------------------------------- */

void badge_configure(struct settings *settings)
{
    static char origin[256], email[256];
    struct str url = settings_text(settings, "public_url"),
               from = settings_text(settings, "mail_from");
    int n = url.n ? snprintf(origin, sizeof origin, "%.*s", STR(url))
                  : snprintf(origin, sizeof origin, "http://%.*s",
                             STR(settings_text(settings, "listen")));
    badge_issuer.origin =
        (struct str){ origin, n < (int)sizeof origin ? (size_t)n : sizeof origin - 1 };
    while (str_ends(badge_issuer.origin, S("/")))
        badge_issuer.origin.n--;
    size_t open = str_find(from, '<');
    struct str bare =
        open < from.n ? str_sub(from, open + 1, str_find(from, '>') - open - 1) : from;
    n = snprintf(email, sizeof email, "%.*s", STR(bare));
    badge_issuer.email = (struct str){ email, n < (int)sizeof email ? (size_t)n : 0 };
}

/* --- classes as others see them ---------------------------------------------------------------------------------- */

static enum draw_kind kind_of(struct str kind)
{
    return str_is(kind, "final")           ? DRAW_FINAL
           : str_is(kind, "participation") ? DRAW_PARTICIPATION
                                           : DRAW_COMPETENCE;
}

struct badge_card badge_card_of(const struct badge_sql_class *c, enum lang lang)
{
    return (struct badge_card){
        .slug = c->slug,
        .name = lang == LANG_FR ? c->name_fr : c->name_en,
        .criteria = lang == LANG_FR ? c->criteria_fr : c->criteria_en,
        .programme = c->programme,
        .drawn = c->name_fr,
        .area = area_from_name(c->area),
        .kind = kind_of(c->kind),
        .competences = c->competences,
        .needed = c->needed,
        .issued_at = DB_NULL,
        .sample = c->sample != 0,
    };
}

/* The published class is in French, the language in which it is awarded. */
struct ob_class badge_ob_class(const struct badge_sql_class *c)
{
    return (struct ob_class){
        .slug = c->slug,
        .name = c->name_fr,
        .criteria = c->criteria_fr,
        .programme = c->programme,
        .competences = c->competences,
        .lang = LANG_FR,
    };
}

enum draw_state badge_state(const struct badge_card *card)
{
    return card->revoked ? DRAW_REVOKED : card->assertion ? DRAW_GOT : DRAW_TODO;
}

size_t badge_held(struct db *db, int64_t person_id, enum lang lang, struct badge_card **ret)
{
    struct badge_sql_held *rows;
    size_t n = badge_sql_held(db, person_id, &rows);
    *ret = arena_array(db_arena(db), struct badge_card, n ? n : 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = (struct badge_card){
            .slug = rows[i].slug,
            .name = lang == LANG_FR ? rows[i].name_fr : rows[i].name_en,
            .drawn = rows[i].name_fr,
            .area = area_from_name(rows[i].area),
            .kind = kind_of(rows[i].kind),
            .assertion = rows[i].id,
            .issued_at = rows[i].issued_at,
            .revoked = rows[i].revoked_at != DB_NULL,
        };
    return n;
}

size_t badge_begun(struct db *db, int64_t person_id, enum lang lang, struct badge_card **ret)
{
    struct badge_sql_begun *rows;
    size_t n = badge_sql_begun(db, person_id, &rows);
    *ret = arena_array(db_arena(db), struct badge_card, n ? n : 1);
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = (struct badge_card){
            .slug = rows[i].slug,
            .name = lang == LANG_FR ? rows[i].name_fr : rows[i].name_en,
            .drawn = rows[i].name_fr,
            .area = area_from_name(rows[i].area),
            .kind = kind_of(rows[i].kind),
            .needed = rows[i].needed,
            .done = rows[i].done,
            .issued_at = DB_NULL,
        };
    return n;
}

static void add_person(struct db *db, int64_t person_id, int64_t class_id, struct badge_card *card)
{
    struct badge_sql_standing standing;
    struct badge_sql_holds holds;
    if (badge_sql_standing(db, person_id, class_id, &standing)) card->done = standing.done;
    if (!badge_sql_holds(db, class_id, person_id, &holds)) return;
    card->assertion = holds.id;
    card->issued_at = holds.issued_at;
    card->revoked = holds.revoked_at != DB_NULL;
}

size_t badge_of_programme(struct db *db, struct str programme, int64_t person_id, enum lang lang,
                          struct badge_card **ret)
{
    struct badge_sql_class *rows;
    size_t n = badge_sql_classes_of(db, programme, &rows);
    *ret = arena_array(db_arena(db), struct badge_card, n ? n : 1);
    for (size_t i = 0; i < n; i++) {
        (*ret)[i] = badge_card_of(&rows[i], lang);
        if (person_id) add_person(db, person_id, rows[i].id, &(*ret)[i]);
    }
    return n;
}

/* --- awarding ------------------------------------------------------------------------------------------------------ */

static void tell(struct db *db, const struct badge_sql_class *c, const struct account *p,
                 const char *id)
{
    struct arena *a = db_arena(db);
    struct str name = p->lang == LANG_FR ? c->name_fr : c->name_en;
    struct str link = arena_printf(a, "%.*s/badges/attestation/%s", STR(badge_issuer.origin), id);
    struct str text = fmt_plain(
        a,
        lang_text(p->lang, N_("Hello {0},\n\nYou have earned the badge “{1}”. Well done!\n\nYour "
                              "page, to share as you like, with the picture to download:\n\n{2}\n\n"
                              "Anyone can check there that it is genuine. Your name is only shown "
                              "if you decide so.\n\nThe eduLAB team")),
        p->name, name, link);
    mail_queue(db, p->email, fmt_plain(a, lang_text(p->lang, N_("Your badge: {0}")), name), text);
}

static int64_t award(struct db *db, const struct badge_sql_class *c, const struct account *p,
                     struct str evidence)
{
    struct arena *a = db_arena(db);
    struct badge_sql_holds holds;
    if (badge_sql_holds(db, c->id, p->id, &holds)) return 0;
    struct ob_assertion assertion = {
        .id = id_new(),
        .issued_at = time_now(),
        .email = ob_email(a, p->email),
        .salt = ob_salt(a),
        .evidence = evidence,
    };
    char id[ID_TEXT + 1];
    id_format(assertion.id, id);
    struct str body = ob_text(a, ob_assertion_json(a, &badge_issuer, c->slug, &assertion));
    struct str address =
        arena_printf(a, "%.*s" OB_ASSERTION_PATH "%s", STR(badge_issuer.origin), id);
    if (badge_sql_award(db, assertion.id, c->id, p->id, assertion.issued_at, address, body) != 1)
        return 0;
    event_emit(db, "badge.awarded",
               json_pack("{s:I, s:I, s:s%, s:s%}", "person", (json_int_t)p->id, "assertion",
                         (json_int_t)assertion.id, "class", c->slug.p, c->slug.n, "name",
                         c->name_fr.p, c->name_fr.n));
    tell(db, c, p, id);
    return assertion.id;
}

int64_t badge_award(struct db *db, struct str slug, int64_t person_id, struct str evidence)
{
    struct badge_sql_class c;
    struct account p;
    if (!badge_sql_class(db, slug, &c) || !people_find(db, person_id, &p)) return 0;
    return award(db, &c, &p, evidence);
}

/* What was completed, one a line, as the evidence that is published with the badge. */
static struct str evidence_of(struct db *db, int64_t person_id, int64_t class_id)
{
    struct badge_sql_done *rows;
    size_t n = badge_sql_done(db, person_id, class_id, &rows);
    struct str text = STR_NONE;
    for (size_t i = 0; i < n; i++)
        text = arena_printf(db_arena(db), "%.*s- %.*s\n", STR(text), STR(rows[i].name));
    return text;
}

static void consider(struct db *db, const struct account *p, int64_t class_id)
{
    struct badge_sql_class c;
    struct badge_sql_standing standing;
    if (!badge_sql_class_by_id(db, class_id, &c) || c.needed <= 0) return;
    if (!badge_sql_standing(db, p->id, class_id, &standing)) return;
    if (standing.done < c.needed || standing.must_left > 0) return;
    award(db, &c, p, evidence_of(db, p->id, class_id));
}

static struct str text_of(const json_t *payload, const char *name)
{
    const json_t *v = json_object_get(payload, name);
    return json_is_string(v) ? (struct str){ json_string_value(v), json_string_length(v) } : S("");
}

/* learning.completed */
static bool heard(struct db *db, struct arena *a, json_t *payload, int64_t event_id)
{
    (void)a, (void)event_id;
    int64_t person_id = json_integer_value(json_object_get(payload, "person"));
    struct str kind = text_of(payload, "kind"), code = text_of(payload, "code");
    struct account p;
    if (!people_find(db, person_id, &p))
        return !db_failed(db); /* the account is closed: nobody to award to */
    if (badge_sql_note(db, person_id, kind, code, text_of(payload, "name"), time_now()) == 0)
        return !db_failed(db);
    struct badge_sql_touched *classes;
    size_t n = badge_sql_touched(db, kind, code, &classes);
    for (size_t i = 0; i < n; i++)
        consider(db, &p, classes[i].class_id);
    return !db_failed(db);
}

static const struct subscription subscriptions[] = {
    { "learning.completed", "badge.award", heard },
    { NULL, NULL, NULL },
};

static const struct menu_entry menu[] = {
    { "/badges", N_("Badges"), AREA_CERT, MENU_MAIN, 50 },
    { NULL, NULL, AREA_NONE, MENU_MAIN, 0 },
};

static const struct notice notices[] = {
    { "badge-retire", N_("The badge is revoked. Whoever checks it sees so from now on."), false },
    { "badge-remis", N_("The badge is awarded, and the person has been told by mail."), false },
    { "badge-nom", N_("Your choice is noted."), false },
    { NULL, NULL, false },
};

const struct module badge_module = {
    .name = "badge",
    .routes = badge_routes,
    .notices = notices,
    .menu = menu,
    .subscriptions = subscriptions,
    .commands = badge_commands,
    .db = &badge_db,
    .privacy = badge_privacy,
    .demo = badge_demo,
    .start = badge_start,
};
