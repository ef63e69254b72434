/* Badges on other modules' pages: in Mon espace and on a programme's page. */
#include "badge_html.h"
#include "base/id.h"
#include "mod/badge/inside.h"
#include "mod/catalogue/catalogue.h"
#include "mod/learning/learning.h"
#include "mod/people/people.h"

static void in_my_space(struct page *pg, struct request *r)
{
    struct badge_card *held, *begun;
    size_t held_count = badge_held(r->db, r->who.person_id, pg->lang, &held);
    size_t begun_count = badge_begun(r->db, r->who.person_id, pg->lang, &begun);
    badge_my_corner(pg, held, held_count, begun, begun_count);
}

static void on_programme(struct page *pg, struct request *r, struct str slug)
{
    struct badge_card *cards;
    size_t n = badge_of_programme(r->db, slug, r->who.person_id, pg->lang, &cards);
    if (n) badge_programme_corner(pg, cards, n);
}

/* Badges that a person may put on their page. */
static size_t to_show(struct db *db, int64_t person_id, enum lang lang,
                      struct people_showable **ret)
{
    struct badge_card *held;
    size_t n = badge_held(db, person_id, lang, &held), kept = 0;
    *ret = arena_array(db_arena(db), struct people_showable, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (held[i].revoked) continue;
        struct str id = id_lower(db_arena(db), held[i].assertion);
        (*ret)[kept++] = (struct people_showable){
            .id = held[i].assertion,
            .at = held[i].issued_at,
            .title = held[i].name,
            .path = arena_printf(db_arena(db), "/badges/attestation/%.*s", STR(id)),
        };
    }
    return kept;
}

void badge_start(struct settings *settings)
{
    badge_configure(settings);
    learning_add_extra(in_my_space);
    catalogue_add_section(on_programme);
    people_add_showables("badge", N_("Badges"), to_show);
}
