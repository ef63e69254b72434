/* What staff see of a directory on the page of its program: where it connects, how many it keeps, and what it did lately. */
#include "access/token.h"
#include "mod/scim/pages.h"
#include "scim_html.h"

enum { DAYS_SHOWN = 10 };

void scim_partner_part(struct page *pg, struct request *r, int64_t client_id,
                       int64_t organisation_id, uint64_t permissions)
{
    struct scim_sql_days *days;
    struct scim_card card = { .address =
                                  arena_printf(r->arena, "%.*s/scim/v2", STR(http_public_url(r))) };
    if (!organisation_id || !(permissions & rights_parse(S("people.provision")).permissions))
        return;
    card.n = scim_sql_days(r->db, client_id, DAYS_SHOWN, &days);
    card.days = days;
    scim_sql_totals(r->db, organisation_id, &card.totals);
    scim_partner(pg, &card);
}
