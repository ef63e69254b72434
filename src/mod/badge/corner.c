/* Badges on other modules' pages: in Mon espace and on a programme's page. */
#include "badge_html.h"
#include "mod/badge/inside.h"
#include "mod/catalogue/catalogue.h"
#include "mod/learning/learning.h"

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

void badge_start(struct settings *settings)
{
    badge_configure(settings);
    learning_add_extra(in_my_space);
    catalogue_add_section(on_programme);
}
