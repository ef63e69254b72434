/* The ledger of consents and the page of switches. */
#include <sodium.h>

#include "base/id.h"
#include "mod/privacy/pages.h"
#include "privacy_html.h"

const struct param privacy_consent_params[] = {
    PARAM(struct privacy_consent_form, purpose, PARAM_SLUG, .required = true, .max = 20),
    PARAM(struct privacy_consent_form, given, PARAM_BOOL),
    PARAM(struct privacy_consent_form, version, PARAM_INT, .required = true, .min = 1, .max = 9999),
    { 0 },
};

size_t privacy_choices(struct db *db, int64_t person_id,
                       struct privacy_choice ret[PRIVACY_PURPOSES])
{
    struct privacy_sql_latest_answers *rows;
    size_t n = privacy_sql_latest_answers(db, person_id, &rows), count = 0;
    for (const struct purpose *p = purposes; p->code && count < PRIVACY_PURPOSES; p++) {
        struct privacy_choice *c = &ret[count++];
        *c = (struct privacy_choice){ .purpose = p, .at = DB_NULL };
        for (size_t i = 0; i < n; i++) {
            if (!str_is(rows[i].purpose, p->code)) continue;
            c->at = rows[i].at;
            c->given = rows[i].given && rows[i].version == p->version;
            c->asked_anew = rows[i].given && rows[i].version != p->version;
        }
    }
    return count;
}

bool privacy_consents(struct db *db, int64_t person_id, const char *purpose)
{
    struct privacy_choice choices[PRIVACY_PURPOSES];
    size_t n = privacy_choices(db, person_id, choices);
    for (size_t i = 0; i < n; i++)
        if (strcmp(choices[i].purpose->code, purpose) == 0) return choices[i].given;
    return false;
}

static struct str sha256_of(struct arena *a, const char *text)
{
    unsigned char sum[crypto_hash_sha256_BYTES];
    char *hex = arena_alloc(a, 2 * sizeof sum + 1);
    crypto_hash_sha256(sum, (const unsigned char *)text, strlen(text));
    sodium_bin2hex(hex, 2 * sizeof sum + 1, sum, sizeof sum);
    return str_from(hex);
}

void privacy_consents_get(struct request *r)
{
    struct privacy_choice choices[PRIVACY_PURPOSES];
    struct privacy_sql_held_consents *past;
    size_t n = privacy_choices(r->db, r->who.person_id, choices);
    size_t past_count = privacy_sql_held_consents(r->db, r->who.person_id, &past);
    privacy_choices_page(http_page(r), choices, n, past, past_count);
}

void privacy_consent_apply(struct request *r)
{
    const struct privacy_consent_form *f = r->form;
    const struct purpose *p = purpose_find(f->purpose);
    if (!p) {
        http_fail(r, 404, STR_NONE);
        return;
    }
    if (f->given && f->version != p->version) {
        http_fail(r, 409,
                  R_(N_("The words have changed since you saw the page. Please read them "
                        "again before you answer.")));
        return;
    }
    const char *text = p->text[r->lang];
    struct str sha = sha256_of(r->arena, text), lang = str_from(lang_code(r->lang)),
               code = str_from(p->code);
    privacy_sql_keep_text(r->db, sha, code, p->version, lang, str_from(text), r->now);
    privacy_sql_answer(r->db, &(struct privacy_sql_answer_in){ .id = id_new(),
                                                               .person = r->who.person_id,
                                                               .purpose = code,
                                                               .version = p->version,
                                                               .given = f->given,
                                                               .sha = sha,
                                                               .locale = lang,
                                                               .method = S("switch"),
                                                               .page = S("/compte/accords"),
                                                               .now = r->now });
    http_redirect(r, S("/compte/accords"), f->given ? "accord-donne" : "accord-retire");
}

void privacy_ask_anew(struct page *pg, struct request *r)
{
    struct privacy_choice choices[PRIVACY_PURPOSES];
    size_t n = privacy_choices(r->db, r->who.person_id, choices);
    for (size_t i = 0; i < n; i++)
        if (choices[i].asked_anew) {
            privacy_anew(pg, choices, n);
            return;
        }
}
