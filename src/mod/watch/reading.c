/* How a person reads subtitles: chosen in the player, found again in the next video and on the next device. */
#include "mod/watch/inside.h"
#include "watch_sql.h"

#define FORM struct watch_reading_form
const struct param watch_reading_params[] = {
    PARAM(FORM, taille, PARAM_TEXT, .required = true, .max = 10),
    PARAM(FORM, couleurs, PARAM_TEXT, .required = true, .max = 10),
    { 0 },
};
#undef FORM

void watch_reading_of(struct db *db, int64_t person_id, struct tv_reading *ret)
{
    struct watch_sql_reading row;
    ret->keep = S("/preferences/sous-titres");
    if (!watch_sql_reading(db, person_id, &row)) return;
    ret->size = row.size;
    ret->tone = row.tone;
}

static bool among(struct str value, const char *const *known)
{
    for (; *known; known++)
        if (str_is(value, *known)) return true;
    return false;
}

void watch_reading_apply(struct request *r)
{
    /* as web/src/player-captions.ts has them */
    static const char *const sizes[] = { "small", "normal", "large", "huge", NULL },
                             *const tones[] = { "screen", "yellow", "paper", NULL };
    const struct watch_reading_form *f = r->form;
    struct str unknown = R_(N_("This choice is not one of ours."));
    if (!among(f->taille, sizes)) http_invalid(r, "taille", unknown);
    else if (!among(f->couleurs, tones)) http_invalid(r, "couleurs", unknown);
    else {
        watch_sql_set_reading(r->db, r->who.person_id, f->taille, f->couleurs);
        http_bytes(r, 204, NULL, S(""));
    }
}
