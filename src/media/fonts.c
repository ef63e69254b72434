/* Pango hands font files to HarfBuzz, which does not read WOFF2; FreeType does, and gives the unpacked tables back. */
/* FreeType's headers name what base/banned.h forbids: they come first. */
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_TRUETYPE_TABLES_H

#include "media/fonts.h"

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

#include "base/limits.h"
#include "media/file.h"

enum { UNPACKED_MAX = 8 * MIB };

struct held {
    PangoFontMap *map;
    FcConfig *config;
};

static void release(void *what)
{
    struct held *h = what;
    g_object_unref(h->map);
    FcConfigDestroy(h->config);
}

/* The font's tables as one file and its family name; false when FreeType cannot read it. */
static bool unpack(struct arena *a, FT_Library library, struct str packed, struct str *ret_file,
                   struct str *ret_family)
{
    FT_Face face;
    if (!packed.p ||
        FT_New_Memory_Face(library, (const FT_Byte *)packed.p, (FT_Long)packed.n, 0, &face) != 0) {
        return false;
    }
    FT_ULong size = 0;
    bool ok = face->family_name && FT_Load_Sfnt_Table(face, 0, 0, NULL, &size) == 0 && size > 0 &&
              size <= UNPACKED_MAX;
    if (ok) {
        char *bytes = arena_alloc(a, size);
        ok = FT_Load_Sfnt_Table(face, 0, 0, (FT_Byte *)bytes, &size) == 0;
        *ret_file = (struct str){ bytes, size };
        *ret_family = arena_dup(a, str_from(face->family_name));
    }
    FT_Done_Face(face);
    return ok;
}

static struct str add_font(struct arena *a, FT_Library library, FcConfig *config, struct str packed,
                           struct str path)
{
    struct str file, family;
    if (!unpack(a, library, packed, &file, &family) || !file_write(path, file))
        return S("DejaVu Sans");
    bool known = FcConfigAppFontAddFile(config, (const FcChar8 *)arena_cstr(a, path));
    return known ? family : S("DejaVu Sans");
}

struct fonts *fonts_open(struct arena *arena, struct str folder, struct str display,
                         struct str body)
{
    FT_Library library;
    FcConfig *config = FcInitLoadConfigAndFonts();
    if (!config) return NULL;
    if (FT_Init_FreeType(&library) != 0) {
        FcConfigDestroy(config);
        return NULL;
    }
    struct fonts *fonts = arena_new(arena, struct fonts);
    fonts->display =
        add_font(arena, library, config, display, file_join(arena, folder, S("display.ttf")));
    fonts->body = add_font(arena, library, config, body, file_join(arena, folder, S("body.ttf")));
    FT_Done_FreeType(library);
    fonts->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(fonts->map), config);
    struct held *held = arena_new(arena, struct held);
    *held = (struct held){ fonts->map, config };
    arena_cleanup(arena, release, held);
    return fonts;
}
