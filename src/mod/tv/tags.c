/* What a video is about, and what is derived from that. Competences stand at the bits that module competence gives them. */
#include "mod/competence/competence.h"
#include "mod/tv/library.h"

enum {
    BIT_THEME = COMPETENCES,
    THEMES = 10,
    BIT_LEVEL = BIT_THEME + THEMES,
    LEVELS = 6,
    BIT_LENGTH = BIT_LEVEL + LEVELS,
    BIT_KIND = BIT_LENGTH + 4,
    SETTLE_EDITION =
        2, /* raise it when tv_settle() writes something else: all videos are gone through again */
    SETTLE_BATCH = 20, /* an hour of speech takes some hundredths of a second */
};

const char *const tv_group_names[TV_GROUPS] = { "theme", "niveau", "duree", "sorte", "competence" };
const char *const tv_group_labels[TV_GROUPS] = {
    [TV_THEME] = N_("Theme"),
    [TV_LEVEL] = N_("School level"),
    [TV_LENGTH] = N_("Duration"),
    [TV_KIND] = N_("Kind"),
    [TV_COMPETENCE] = N_("Competences (DigCompEdu)"),
};

static const struct tv_tag tags[] = {
    { TV_THEME, "ia", N_("Artificial intelligence"), BIT_THEME + 0 },
    { TV_THEME, "evaluer", N_("Assessing and giving feedback"), BIT_THEME + 1 },
    { TV_THEME, "ressources", N_("Resources and licences"), BIT_THEME + 2 },
    { TV_THEME, "creer", N_("Creating: podcast, video, image"), BIT_THEME + 3 },
    { TV_THEME, "steam", N_("STEAM and projects"), BIT_THEME + 4 },
    { TV_THEME, "hybride", N_("Teaching at a distance and hybrid"), BIT_THEME + 5 },
    { TV_THEME, "inclusion", N_("Accessibility and inclusion"), BIT_THEME + 6 },
    { TV_THEME, "jeu", N_("Playing to learn"), BIT_THEME + 7 },
    { TV_THEME, "medias", N_("Media and citizenship"), BIT_THEME + 8 },
    { TV_THEME, "equipe", N_("School team and families"), BIT_THEME + 9 },
    { TV_LEVEL, "maternel", N_("Nursery school"), BIT_LEVEL + 0 },
    { TV_LEVEL, "primaire", N_("Primary school"), BIT_LEVEL + 1 },
    { TV_LEVEL, "secondaire", N_("Secondary education"), BIT_LEVEL + 2 },
    { TV_LEVEL, "superieur", N_("Higher education"), BIT_LEVEL + 3 },
    { TV_LEVEL, "adultes", N_("Adult training"), BIT_LEVEL + 4 },
    { TV_LEVEL, "jeunesse", N_("Youth work"), BIT_LEVEL + 5 },
    { TV_LENGTH, "10-minutes", N_("10 minutes between two lessons"), BIT_LENGTH + 0 },
    { TV_LENGTH, "30-minutes", N_("Up to half an hour"), BIT_LENGTH + 1 },
    { TV_LENGTH, "1-heure", N_("Up to an hour"), BIT_LENGTH + 2 },
    { TV_LENGTH, "plus", N_("More than an hour"), BIT_LENGTH + 3 },
    { TV_KIND, "webinar", N_("Webinar"), BIT_KIND + 0 },
    { TV_KIND, "tutorial", N_("Tutorial"), BIT_KIND + 1 },
};

size_t tv_tag_count(void)
{
    return COUNT(tags) + COMPETENCES;
}

struct tv_tag tv_tag(size_t i)
{
    if (i < COUNT(tags)) return tags[i];
    const struct competence *c = &competences[i - COUNT(tags)];
    return (struct tv_tag){ TV_COMPETENCE, c->code, c->name, (int)(i - COUNT(tags)) };
}

uint64_t tv_tag_bits(enum tv_group group, const struct str_list *codes)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < tv_tag_count(); i++) {
        const struct tv_tag t = tv_tag(i);
        for (size_t k = 0; t.group == group && k < codes->n; k++)
            if (str_is(codes->items[k], t.code)) bits |= UINT64_C(1) << t.bit;
    }
    return bits;
}

int64_t tv_themes_of(uint64_t facets)
{
    return (int64_t)(facets >> BIT_THEME & ((1u << THEMES) - 1));
}

int64_t tv_levels_of(uint64_t facets)
{
    return (int64_t)(facets >> BIT_LEVEL & ((1u << LEVELS) - 1));
}

/* --- what is derived -------------------------------------------------------------------------------------------------------- */

static int length_class(int64_t ms)
{
    const int64_t minutes = (ms + 59999) / 60000;
    return minutes <= 10 ? 0 : minutes <= 30 ? 1 : minutes <= 60 ? 2 : 3;
}

uint64_t tv_facets_of(const struct tv_sql_video_by_slug *v)
{
    int64_t facets = v->competences | v->themes << BIT_THEME | v->levels << BIT_LEVEL;
    if (v->duration_ms) facets |= INT64_C(1) << (BIT_LENGTH + length_class(v->duration_ms));
    return (uint64_t)(facets | INT64_C(1) << (BIT_KIND + (str_is(v->kind, "webinar") ? 0 : 1)));
}

void tv_settle(struct db *db, int64_t id)
{
    struct tv_sql_video_by_slug v;
    if (!tv_sql_video(db, id, &v)) return;
    tv_sql_settle(db, id, (int64_t)tv_facets_of(&v), SETTLE_EDITION);
    tv_index_words(db, &v);
}

/* --- tv.index: a batch at a time, until none is left -------------------------------------------------------------------------- */

enum job_result tv_index_run(struct job *job)
{
    (void)job;
    return JOB_DONE;
}

bool tv_index_apply(struct db *db, struct job *job)
{
    (void)job;
    struct tv_sql_unsettled *rows;
    size_t n = tv_sql_unsettled(db, SETTLE_EDITION, SETTLE_BATCH, &rows);
    for (size_t i = 0; i < n; i++)
        tv_settle(db, rows[i].id);
    if (n == SETTLE_BATCH) job_add(db, "tv.index", STR_NONE, NULL, 0);
    return true;
}
