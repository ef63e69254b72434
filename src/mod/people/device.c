/* Which device a session is on, from what its browser says: enough to recognise one's own, not to tell people apart. */
#include "mod/people/pages.h"

struct mark {
    const char *in, *name;
};

/* The first that fits counts: browsers claim to be their elders too. */
static const struct mark browsers[] = {
    { "Edg", "Edge" },         { "OPR/", "Opera" },     { "SamsungBrowser", "Samsung Internet" },
    { "Firefox/", "Firefox" }, { "FxiOS/", "Firefox" }, { "CriOS/", "Chrome" },
    { "Chrome/", "Chrome" },   { "Safari/", "Safari" }, { NULL, NULL }
};
static const struct mark systems[] = { { "iPhone", "iPhone" },   { "iPad", "iPad" },
                                       { "Android", "Android" }, { "CrOS", "ChromeOS" },
                                       { "Windows", "Windows" }, { "Macintosh", "macOS" },
                                       { "Linux", "Linux" },     { NULL, NULL } };

static const char *first(const struct mark *marks, struct str agent)
{
    for (; marks->in; marks++) {
        struct str in = str_from(marks->in);
        for (size_t i = 0; i + in.n <= agent.n; i++)
            if (memcmp(agent.p + i, in.p, in.n) == 0) return marks->name;
    }
    return NULL;
}

struct people_device people_device_of(struct str agent)
{
    const char *system = first(systems, agent);
    return (struct people_device){ .browser = first(browsers, agent),
                                   .system = system,
                                   .phone = system && (strcmp(system, "iPhone") == 0 ||
                                                       strcmp(system, "iPad") == 0 ||
                                                       strcmp(system, "Android") == 0) };
}

struct str people_device_words(struct page *pg, struct str agent)
{
    struct people_device d = people_device_of(agent);
    if (d.browser && d.system) return arena_printf(pg->arena, "%s, %s", d.browser, d.system);
    if (d.browser || d.system) return str_from(d.browser ? d.browser : d.system);
    return _("Unknown device");
}
