/* The house: the record. */
#include "mod/site/site.h"

#include "mod/site/pages.h"
#include "site_html.h"
#include "site_sql.h"

static const struct route routes[] = {
    { "GET", "/", PUBLIC, .get = site_home_get, .help = "The home page." },
    { "GET", "/confidentialite", PUBLIC, .get = site_privacy_get,
      .help = "What is stored on the device, and why so little." },
    { "GET", "/accessibilite", PUBLIC, .get = site_accessibility_get,
      .help = "The accessibility statement." },
    { "GET", "/mentions-legales", PUBLIC, .get = site_legal_get,
      .help = "Who is behind the site." },
    { "GET", "/assets/*", PUBLIC, .get = site_asset_get, .params = site_asset_params,
      .form_size = sizeof(struct site_asset_form), .flags = ROUTE_NO_DB,
      .help = "Styles, scripts and fonts, built into the program." },
    { "GET", "/robots.txt", PUBLIC, .get = site_robots_get, .flags = ROUTE_NO_DB,
      .help = "What search engines may visit." },
    { "GET", "/healthz", PUBLIC, .get = site_health_get,
      .help = "200 when the program can read its data." },
    { "GET",
      "/metrics",
      { .kind = ACCESS_SCRAPE },
      .get = site_metrics_get,
      .help = "Figures in Prometheus' text format." },
    { "GET", "/gestion", MAY("work.watch"), .get = site_staff_get,
      .help = "The staff's overview." },
    { "GET", "/gestion/travaux", MAY("work.watch"), .get = site_jobs_get,
      .params = site_jobs_params, .form_size = sizeof(struct site_jobs_form),
      .help = "Jobs under way, waiting and failed." },
    { "POST", "/gestion/travaux/:id/relancer", MAY("work.watch"), .apply = site_job_retry,
      .params = site_job_params, .form_size = sizeof(struct site_jobs_form),
      .help = "Gives a failed job a new life." },
    { "GET", "/gestion/composants", MAY("site.components"), .get = site_components_get,
      .help = "The reference sheet: every component of the pages." },
    { 0 },
};

static const struct notice notices[] = {
    { "travail-relance", N_("The job will run once more."), false },
    { 0 },
};

static const struct menu_entry menu[] = {
    { "/confidentialite", N_("Cookies and privacy"), AREA_NONE, MENU_FOOT, 10 },
    { "/accessibilite", N_("Accessibility"), AREA_NONE, MENU_FOOT, 20 },
    { "/mentions-legales", N_("Legal notice"), AREA_NONE, MENU_FOOT, 30 },
    { "/gestion", N_("Overview"), AREA_NONE, MENU_STAFF, 10 },
    { "/gestion/travaux", N_("Work under way"), AREA_NONE, MENU_STAFF_SYSTEM, 80 },
    { "/gestion/composants", N_("Components"), AREA_NONE, MENU_STAFF_SYSTEM, 90 },
    { 0 },
};

const struct module site_module = {
    .name = "site",
    .routes = routes,
    .notices = notices,
    .menu = menu,
    .db = &site_db,
};
