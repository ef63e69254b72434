/* May this person see this video now? The table stands in the README; see_test.c goes through it line by line. */
#include "access/access.h"
#include "mod/tv/pages.h"

static unsigned char key[32];
static size_t (*circles_of)(struct db *db, int64_t person_id, struct tv_circle **ret);

void tv_see_start(void)
{
    access_key("tv private link", key);
}

void tv_set_circles(size_t (*fn)(struct db *db, int64_t person_id, struct tv_circle **ret))
{
    circles_of = fn;
}

/* --- who looks ------------------------------------------------------------------------------------------------------------ */

static void put_circle(struct buf *b, const char *kind, int64_t id)
{
    if (id != DB_NULL) buf_printf(b, "%s:%lld,", kind, (long long)id);
}

static void put_person(struct buf *b, struct db *db, int64_t person_id, int64_t now)
{
    struct tv_sql_organisations_of *organisations;
    struct tv_sql_trained_by *trained;
    struct tv_circle *circles = NULL;
    size_t n = tv_sql_organisations_of(db, person_id, now, &organisations);
    for (size_t i = 0; i < n; i++)
        put_circle(b, "organisation", organisations[i].above_id);
    n = tv_sql_trained_by(db, person_id, &trained);
    for (size_t i = 0; i < n; i++) {
        put_circle(b, "programme", trained[i].programme_id);
        put_circle(b, "cohort", trained[i].id);
    }
    n = circles_of ? circles_of(db, person_id, &circles) : 0;
    for (size_t i = 0; i < n; i++) {
        put_circle(b, "programme", circles[i].programme_id);
        put_circle(b, "cohort", circles[i].cohort_id);
    }
}

void tv_viewer_of(struct db *db, int64_t person_id, int64_t now, struct tv_viewer *ret)
{
    struct buf b = BUF_INIT(LIMIT_PAGE);
    buf_lit(&b, ",public:0,");
    if (person_id) {
        buf_lit(&b, "members:0,");
        put_person(&b, db, person_id, now);
    }
    *ret = (struct tv_viewer){ .circles = arena_dup(db_arena(db), buf_view(&b)),
                               .member = person_id != 0,
                               .now = now };
    buf_finish(&b);
}

void tv_viewer(struct request *r, struct tv_viewer *ret)
{
    tv_viewer_of(r->db, r->who.person_id, r->now, ret);
    ret->staff = access_holds(r, "tv.upload");
}

/* --- what they see ---------------------------------------------------------------------------------------------------------- */

bool tv_is_open(const struct tv_rule *rule, int64_t now)
{
    return tv_open_at(rule->opens_at, rule->closes_at, now);
}

static bool in_circle(struct arena *a, const struct tv_rule *rule, struct str circles)
{
    struct str word = arena_printf(a, ",%.*s:%lld,", STR(rule->audience), (long long)rule->target);
    return str_search(circles, word) < circles.n;
}

enum tv_sight tv_sight(struct arena *a, const struct tv_rule *rule, const struct tv_viewer *who,
                       bool linked)
{
    if (!str_is(rule->state, "ready")) return TV_HIDDEN;
    if (who->staff) return TV_SEEN;
    if (!tv_is_open(rule, who->now)) return TV_HIDDEN;
    if (str_is(rule->audience, "link")) return linked ? TV_SEEN : TV_HIDDEN;
    if (in_circle(a, rule, who->circles)) return TV_SEEN;
    return who->member ? TV_NOT_THEIRS : TV_SIGN_IN;
}

/* --- the private link ------------------------------------------------------------------------------------------------------- */

struct str tv_link_key(struct arena *a, int64_t id, int64_t turn)
{
    const int64_t about[] = { id, turn };
    return access_code(a, key, about, sizeof about);
}

bool tv_link_opens(struct arena *a, int64_t id, int64_t turn, struct str given)
{
    return str_eq_secret(given, tv_link_key(a, id, turn));
}
