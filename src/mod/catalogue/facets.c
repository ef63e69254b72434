/* What the catalogue can be filtered by. Every option is one bit of one of an entry's words; months and places are options of
 * the day, the others are fixed. */
#include "mod/catalogue/search.h"

#include "base/time.h"
#include "mod/competence/competence.h"

enum {
    BIT_DOMAIN = 0,
    BIT_KIND = 8,
    BIT_FORMAT = 20,
    BIT_DURATION = 28,
    BIT_AUDIENCE = 34,
    BIT_SUBJECT = 40,
    BIT_NETWORK = 52,
    BIT_LANGUAGE = 58,
    MONTHS_AHEAD = 12,
    MONTHS_ROUND = 60,
};
#define BITS(count, bit) ((UINT64_C(1) << (count)) - 1) << (bit)

const struct facet_group_row facet_groups[GROUP_COUNT] = {
    [GROUP_DOMAIN] = { "domaine", N_("DigCompEdu area"), WORD_FACETS, BITS(6, BIT_DOMAIN) },
    [GROUP_KIND] = { "sorte", N_("Kind"), WORD_FACETS, BITS(10, BIT_KIND) },
    [GROUP_FORMAT] = { "format", N_("Format"), WORD_FACETS, BITS(5, BIT_FORMAT) },
    [GROUP_DURATION] = { "duree", N_("Duration"), WORD_FACETS, BITS(4, BIT_DURATION) },
    [GROUP_AUDIENCE] = { "pour", N_("For whom"), WORD_FACETS, BITS(6, BIT_AUDIENCE) },
    [GROUP_MONTH] = { "mois", N_("When"), WORD_MONTHS, BITS(MONTHS_ROUND, 0) },
    [GROUP_PLACE] = { "lieu", N_("Where"), WORD_PLACES, BITS(CATALOGUE_PLACES, 0) },
    [GROUP_SUBJECT] = { "matiere", N_("School subject"), WORD_FACETS, BITS(10, BIT_SUBJECT) },
    [GROUP_NETWORK] = { "reseau", N_("Network"), WORD_FACETS, BITS(5, BIT_NETWORK) },
    [GROUP_LANGUAGE] = { "langue", N_("Language"), WORD_FACETS, BITS(4, BIT_LANGUAGE) },
    [GROUP_COMPETENCE] = { "competence", N_("Competence of DigCompEdu"), WORD_COMPETENCES,
                           BITS(COMPETENCES, 0) },
    [GROUP_LEVEL] = { "niveau", N_("Level it leads to (DigCompEdu)"), WORD_COMPETENCES,
                      BITS(COMPETENCE_LEVELS, COMPETENCES) },
};

#define OPTION(group, code, label, bit)                                                            \
    {                                                                                              \
        group, { code, sizeof code - 1 }, label, { NULL, 0 }, bit                                  \
    }
static const struct facet_option fixed[] = {
    OPTION(GROUP_DOMAIN, "1", N_("Professional Engagement"), BIT_DOMAIN + 0),
    OPTION(GROUP_DOMAIN, "2", N_("Digital Resources"), BIT_DOMAIN + 1),
    OPTION(GROUP_DOMAIN, "3", N_("Teaching and Learning"), BIT_DOMAIN + 2),
    OPTION(GROUP_DOMAIN, "4", N_("Assessment"), BIT_DOMAIN + 3),
    OPTION(GROUP_DOMAIN, "5", N_("Empowering Learners"), BIT_DOMAIN + 4),
    OPTION(GROUP_DOMAIN, "6", N_("Facilitating Learners' Digital Competence"), BIT_DOMAIN + 5),
    OPTION(GROUP_KIND, "path", N_("Path"), BIT_KIND + 0),
    OPTION(GROUP_KIND, "certificate", N_("Certificate"), BIT_KIND + 1),
    OPTION(GROUP_KIND, "project", N_("STEAM project"), BIT_KIND + 2),
    OPTION(GROUP_KIND, "webinar", N_("Webinar"), BIT_KIND + 3),
    OPTION(GROUP_KIND, "event", N_("Event"), BIT_KIND + 4),
    OPTION(GROUP_KIND, "kit", N_("Teaching kit"), BIT_KIND + 5),
    OPTION(GROUP_KIND, "atelier_pratique", N_("Practical workshop"), BIT_KIND + 6),
    OPTION(GROUP_KIND, "module_exploratoire", N_("Exploratory module"), BIT_KIND + 7),
    OPTION(GROUP_KIND, "module_specialise", N_("Specialised module"), BIT_KIND + 8),
    OPTION(GROUP_KIND, "module", N_("Module"), BIT_KIND + 9),
    OPTION(GROUP_FORMAT, "presentiel", N_("In person"), BIT_FORMAT + 0),
    OPTION(GROUP_FORMAT, "visioconference", N_("Videoconference"), BIT_FORMAT + 1),
    OPTION(GROUP_FORMAT, "hybride", N_("Hybrid"), BIT_FORMAT + 2),
    OPTION(GROUP_FORMAT, "creation", N_("Creation time"), BIT_FORMAT + 3),
    OPTION(GROUP_FORMAT, "en_ligne_libre", N_("At one's own pace"), BIT_FORMAT + 4),
    OPTION(GROUP_DURATION, "demi-jour", N_("Up to half a day"), BIT_DURATION + 0),
    OPTION(GROUP_DURATION, "jour", N_("Two half-days"), BIT_DURATION + 1),
    OPTION(GROUP_DURATION, "jours", N_("Two to five days"), BIT_DURATION + 2),
    OPTION(GROUP_DURATION, "parcours", N_("A long path"), BIT_DURATION + 3),
    OPTION(GROUP_AUDIENCE, "fondamental", N_("Primary education"), BIT_AUDIENCE + 0),
    OPTION(GROUP_AUDIENCE, "secondaire", N_("Secondary education"), BIT_AUDIENCE + 1),
    OPTION(GROUP_AUDIENCE, "superieur", N_("Higher education"), BIT_AUDIENCE + 2),
    OPTION(GROUP_AUDIENCE, "formation_adultes", N_("Adult training"), BIT_AUDIENCE + 3),
    OPTION(GROUP_AUDIENCE, "jeunesse", N_("Youth work"), BIT_AUDIENCE + 4),
    OPTION(GROUP_AUDIENCE, "conseil_technopedagogique", N_("Advice to schools"), BIT_AUDIENCE + 5),
    OPTION(GROUP_SUBJECT, "francais", N_("French"), BIT_SUBJECT + 0),
    OPTION(GROUP_SUBJECT, "langues", N_("Modern languages"), BIT_SUBJECT + 1),
    OPTION(GROUP_SUBJECT, "mathematiques", N_("Mathematics"), BIT_SUBJECT + 2),
    OPTION(GROUP_SUBJECT, "sciences", N_("Sciences"), BIT_SUBJECT + 3),
    OPTION(GROUP_SUBJECT, "technologie", N_("Technology and computing"), BIT_SUBJECT + 4),
    OPTION(GROUP_SUBJECT, "humanites", N_("History, geography, social sciences"), BIT_SUBJECT + 5),
    OPTION(GROUP_SUBJECT, "arts", N_("Arts and music"), BIT_SUBJECT + 6),
    OPTION(GROUP_SUBJECT, "citoyennete", N_("Philosophy and citizenship"), BIT_SUBJECT + 7),
    OPTION(GROUP_SUBJECT, "sport", N_("Physical education"), BIT_SUBJECT + 8),
    OPTION(GROUP_SUBJECT, "metiers", N_("Trades and professions"), BIT_SUBJECT + 9),
    OPTION(GROUP_NETWORK, "wbe", "WBE", BIT_NETWORK + 0),
    OPTION(GROUP_NETWORK, "cecp", "CECP", BIT_NETWORK + 1),
    OPTION(GROUP_NETWORK, "cpeons", "CPEONS", BIT_NETWORK + 2),
    OPTION(GROUP_NETWORK, "segec", "SeGEC", BIT_NETWORK + 3),
    OPTION(GROUP_NETWORK, "felsi", "FELSI", BIT_NETWORK + 4),
    OPTION(GROUP_LANGUAGE, "fr", N_("In French"), BIT_LANGUAGE + 0),
    OPTION(GROUP_LANGUAGE, "nl", N_("In Dutch"), BIT_LANGUAGE + 1),
    OPTION(GROUP_LANGUAGE, "de", N_("In German"), BIT_LANGUAGE + 2),
    OPTION(GROUP_LANGUAGE, "en", N_("In English"), BIT_LANGUAGE + 3),
};

static const struct facet_option *fixed_find(enum facet_group group, struct str code)
{
    for (size_t i = 0; i < COUNT(fixed); i++)
        if (fixed[i].group == group && str_eq(code, fixed[i].code)) return &fixed[i];
    return NULL;
}

size_t facet_fixed(enum facet_group group, const struct facet_option **ret)
{
    size_t first = 0, n = 0;
    while (first < COUNT(fixed) && fixed[first].group != group)
        first++;
    while (first + n < COUNT(fixed) && fixed[first + n].group == group)
        n++;
    *ret = &fixed[first];
    return n;
}

int facet_first(enum facet_group group)
{
    const struct facet_option *options;
    return facet_fixed(group, &options) ? options[0].bit : 0;
}

const char *facet_label(enum facet_group group, struct str code, const char *otherwise)
{
    const struct facet_option *o = fixed_find(group, code);
    return o ? o->label : otherwise;
}

static int64_t option_bit(enum facet_group group, struct str code)
{
    const struct facet_option *o = fixed_find(group, code);
    return o ? INT64_C(1) << o->bit : 0;
}

/* --- options of the day --------------------------------------------------------------------------------------------- */

static int month_bit(int year, int month)
{
    return (12 * year + month - 1) % MONTHS_ROUND;
}

int64_t facet_month(int64_t at)
{
    struct civil c = time_civil(at);
    return INT64_C(1) << month_bit(c.year, c.month);
}

static size_t add_months(struct arena *a, int64_t now, struct facet_option *ret)
{
    struct civil c = time_civil(now);
    for (int i = 0; i < MONTHS_AHEAD; i++) {
        int month = (c.month - 1 + i) % 12 + 1, year = c.year + (c.month - 1 + i) / 12;
        ret[i] = (struct facet_option){ .group = GROUP_MONTH,
                                        .code = arena_printf(a, "%04d-%02d", year, month),
                                        .bit = month_bit(year, month) };
    }
    return MONTHS_AHEAD;
}

size_t facet_options(struct db *db, int64_t now, struct facet_option **ret)
{
    struct catalogue_sql_places *places;
    size_t place_count = catalogue_sql_places(db, &places), n = COUNT(fixed);
    struct facet_option *o =
        arena_array(db_arena(db), struct facet_option,
                    n + COMPETENCES + COMPETENCE_LEVELS + MONTHS_AHEAD + place_count);
    memcpy(o, fixed, sizeof fixed);
    for (int i = 0; i < COMPETENCES; i++)
        o[n++] = (struct facet_option){ .group = GROUP_COMPETENCE,
                                        .code = str_from(competences[i].code),
                                        .label = competences[i].name,
                                        .bit = i };
    for (int i = 0; i < COMPETENCE_LEVELS; i++)
        o[n++] = (struct facet_option){ .group = GROUP_LEVEL,
                                        .code = str_from(competence_levels[i].code),
                                        .label = competence_levels[i].name,
                                        .bit = COMPETENCES + i };
    n += add_months(db_arena(db), now, o + n);
    for (size_t i = 0; i < place_count; i++)
        o[n++] = (struct facet_option){ .group = GROUP_PLACE,
                                        .code = places[i].name,
                                        .name = places[i].name,
                                        .bit = (int)places[i].bit };
    *ret = o;
    return n;
}

/* --- the bits of an entry ------------------------------------------------------------------------------------------- */

int64_t audience_bit(struct str code)
{
    if (str_is(code, "promotion_sociale")) code = S("formation_adultes");
    if (str_is(code, "direction")) code = S("conseil_technopedagogique");
    return option_bit(GROUP_AUDIENCE, code) >> BIT_AUDIENCE;
}

int64_t subject_bit(struct str code)
{
    return option_bit(GROUP_SUBJECT, code) >> BIT_SUBJECT;
}

int64_t network_bit(struct str code)
{
    return option_bit(GROUP_NETWORK, code) >> BIT_NETWORK;
}

int64_t language_bit(struct str code)
{
    return option_bit(GROUP_LANGUAGE, code) >> BIT_LANGUAGE;
}

/* Half a day is up to four hours, as the sector counts half-days. */
static int duration_class(int64_t minutes)
{
    return minutes <= 4 * 60 ? 0 : minutes <= 8 * 60 ? 1 : minutes <= 40 * 60 ? 2 : 3;
}

/* 0 in the catalogue's tables says all. */
static uint64_t all_unless(int64_t bits, enum facet_group group, int bit)
{
    return bits ? (uint64_t)bits << bit & facet_groups[group].bits : facet_groups[group].bits;
}

int64_t facets_of(const struct facet_facts *f)
{
    uint64_t bits = (uint64_t)competence_areas_of(f->competences) << BIT_DOMAIN |
                    (uint64_t)f->audience << BIT_AUDIENCE |
                    (uint64_t)option_bit(GROUP_KIND, f->kind) |
                    (uint64_t)option_bit(GROUP_FORMAT, f->modality);
    bits |= all_unless(f->subjects, GROUP_SUBJECT, BIT_SUBJECT) |
            all_unless(f->networks, GROUP_NETWORK, BIT_NETWORK) |
            all_unless(f->languages, GROUP_LANGUAGE, BIT_LANGUAGE);
    if (f->minutes) bits |= UINT64_C(1) << (BIT_DURATION + duration_class(f->minutes));
    return (int64_t)bits;
}
