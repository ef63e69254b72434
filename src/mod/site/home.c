/* The public pages of the house, and files built into the program. */
#include "mod/site/pages.h"
#include "html_html.h"
#include "site_html.h"
#include "web_embedded.h"

const struct param site_asset_params[] = { PARAM(struct site_asset_form, path, PARAM_PATH), { 0 } };

void site_home_get(struct request *r)
{
    struct site_home home;
    home.next_count = catalogue_coming(r->db, r->now, &home.next);
    home.video_count = tv_newest(r, 5, &home.videos);
    site_home(http_page(r), &home);
}

void site_privacy_get(struct request *r)
{
    site_privacy(http_page(r));
}

void site_accessibility_get(struct request *r)
{
    site_accessibility(http_page(r));
}

void site_legal_get(struct request *r)
{
    site_legal(http_page(r));
}

void site_error_page(struct page *pg, int status, struct str message, struct str request_id)
{
    error_page(pg, status, message, request_id);
}

void site_asset_get(struct request *r)
{
    const struct site_asset_form *f = r->form;
    const struct asset *asset = asset_find(web_assets, web_asset_count, f->path);
    if (asset) http_asset(r, asset);
    else http_fail(r, 404, STR_NONE);
}

void site_robots_get(struct request *r)
{
    struct str text = arena_printf(r->arena,
                                   "User-agent: *\nDisallow: /gestion\nDisallow: /mon-espace\n"
                                   "Disallow: /api/\nSitemap: %.*s/tv/plan\n",
                                   STR(http_public_url(r)));
    http_bytes(r, 200, "text/plain; charset=utf-8", text);
}
