/* The modules' records, turned into the lists that the layers take. */
#include <pthread.h>

#include "command/app.h"
#include "media/media.h"

enum { MOST_MODULES = 32, MOST_MENU = 128 };

static struct tables tables;
static const struct db_part *parts[MOST_MODULES + 8];
static const struct route *routes[MOST_MODULES + 8];
static const struct notice *notices[MOST_MODULES + 1];
static const struct menu_entry *menu[MOST_MENU + 1];
static const struct job_kind *jobs[MOST_MODULES + 8];
static const struct subscription *subscriptions[MOST_MODULES + 8];
static const struct schedule *schedules[MOST_MODULES + 8];

static int by_place(const void *pa, const void *pb)
{
    const struct menu_entry *a = *(const struct menu_entry *const *)pa,
                            *b = *(const struct menu_entry *const *)pb;
    return a->place != b->place ? (int)a->place - (int)b->place : a->order - b->order;
}

static void gather(void)
{
    size_t np = 0, nr = 0, nn = 0, nm = 0, nj = 0, ns = 0, nc = 0;
    /* layers first: modules refer to their tables */
    parts[np++] = &work_db;
    parts[np++] = &access_db;
    parts[np++] = &media_db;
    parts[np++] = &backup_db;
    routes[nr++] = media_routes;
    jobs[nj++] = media_jobs;
    schedules[nc++] = media_schedules;
    for (size_t i = 0; modules[i]; i++) {
        const struct module *m = modules[i];
        if (m->db) parts[np++] = m->db;
        if (m->routes) routes[nr++] = m->routes;
        if (m->notices) notices[nn++] = m->notices;
        if (m->jobs) jobs[nj++] = m->jobs;
        if (m->subscriptions) subscriptions[ns++] = m->subscriptions;
        if (m->schedules) schedules[nc++] = m->schedules;
        for (const struct menu_entry *e = m->menu; e && e->path && nm < MOST_MENU; e++)
            menu[nm++] = e;
    }
    qsort(menu, nm, sizeof menu[0], by_place);
    tables = (struct tables){ parts, routes, notices, menu, jobs, subscriptions, schedules };
}

const struct tables *tables_get(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, gather);
    return &tables;
}
