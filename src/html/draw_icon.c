/* Icons, and the shapes of the areas. The rows of icons come from the web build (web/build/c-headers.js). */
#include "html/draw_inside.h"

#define SVG_ICON "<svg class=\"ic\" viewBox=\"0 0 24 24\" aria-hidden=\"true\" focusable=\"false\">"

struct icon_row {
    const char *name;
    struct str markup;
};

#define ICON(name, paths)                                                                          \
    { name, { SVG_ICON paths "</svg>", sizeof(SVG_ICON paths "</svg>") - 1 } },
static const struct icon_row icons[] = {
#include "icon_rows.h"
};

static int by_name(const void *name, const void *row)
{
    return strcmp(name, ((const struct icon_row *)row)->name);
}

struct html icon(const char *name)
{
    const struct icon_row *row = bsearch(name, icons, COUNT(icons), sizeof *icons, by_name);
    if (!row) {
        fprintf(stderr, "edulab: the icon \"%s\" is not in web/icons.txt\n", name);
        abort();
    }
    return (struct html){ row->markup };
}

#define SHAPE_TV "M10 3 97 50 10 97z"
#define SHAPE_FORM "M6 6h88v88H6z"
#define SHAPE_CERT "M50 2 99 38 80 97H20L1 38z"
#define SHAPE_COM "M50 3a47 47 0 1 1 0 94a47 47 0 0 1 0-94z"
#define SHAPE_EV "M8 97V47a42 42 0 0 1 84 0v50z"
#define SHAPE_LAB "M96 4v46A46 46 0 1 1 50 4z"
#define SVG_SHAPE(area, path)                                                                      \
    S("<svg class=\"shape\" data-area=\"" area                                                     \
      "\" viewBox=\"0 0 100 100\" aria-hidden=\"true\" focusable=\"false\"><path d=\"" path        \
      "\"/></svg>")

const char *shape_path(enum area area)
{
    static const char *const paths[AREA_COUNT] = {
        [AREA_TV] = SHAPE_TV,   [AREA_FORM] = SHAPE_FORM, [AREA_CERT] = SHAPE_CERT,
        [AREA_COM] = SHAPE_COM, [AREA_EV] = SHAPE_EV,     [AREA_LAB] = SHAPE_LAB,
    };
    return paths[draw_area(area)];
}

struct html shape(enum area area)
{
    switch (area) {
    case AREA_TV: return (struct html){ SVG_SHAPE("tv", SHAPE_TV) };
    case AREA_FORM: return (struct html){ SVG_SHAPE("form", SHAPE_FORM) };
    case AREA_CERT: return (struct html){ SVG_SHAPE("cert", SHAPE_CERT) };
    case AREA_COM: return (struct html){ SVG_SHAPE("com", SHAPE_COM) };
    case AREA_EV: return (struct html){ SVG_SHAPE("ev", SHAPE_EV) };
    case AREA_LAB: return (struct html){ SVG_SHAPE("lab", SHAPE_LAB) };
    case AREA_NONE:
    case AREA_COUNT: break;
    }
    return (struct html){ S("") };
}
