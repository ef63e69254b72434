/* What institutions told us about a person: shown, handed over, erased. */
#include "mod/federation/inside.h"

#define ROW struct federation_sql_held_identities
static const struct privacy_column identity_columns[] = {
    PRIVACY(TEXT, ROW, institution, N_("Institution")),
    PRIVACY(TEXT, ROW, label, N_("Account there")),
    PRIVACY(TEXT, ROW, subject, N_("Number there")),
    PRIVACY(TIME, ROW, linked_at, N_("Linked on")),
    PRIVACY(TIME, ROW, used_at, N_("Last used on")),
    { 0 },
};
#undef ROW
#define ROW struct federation_sql_held_affiliations
static const struct privacy_column affiliation_columns[] = {
    PRIVACY(TEXT, ROW, institution, N_("Institution")),
    PRIVACY(TEXT, ROW, organisation, N_("Organisation (code)")),
    PRIVACY(CODE, ROW, role, N_("Role there")),
    { 0 },
};
#undef ROW
#define ROW struct federation_sql_held_providers
static const struct privacy_column provider_columns[] = {
    PRIVACY(TEXT, ROW, name, N_("Institution")),
    PRIVACY(TIME, ROW, created_at, N_("Added on")),
    { 0 },
};
#undef ROW

PRIVACY_ROWS(identities, federation_sql_held_identities)
PRIVACY_ROWS(affiliations, federation_sql_held_affiliations)
PRIVACY_ROWS(providers, federation_sql_held_providers)

static const struct privacy_section sections[] = {
    { "identities", N_("Institutions you sign in through"), identity_columns,
      sizeof(struct federation_sql_held_identities), identities, NULL },
    { "affiliations", N_("What they say you belong to"), affiliation_columns,
      sizeof(struct federation_sql_held_affiliations), affiliations, NULL },
    { "connected", N_("Institutions you connected"), provider_columns,
      sizeof(struct federation_sql_held_providers), providers,
      N_("Who connected an institution stays as a number without a name.") },
    { 0 },
};

static void erase(struct db *db, int64_t person_id, int64_t now)
{
    (void)now;
    federation_sql_forget_affiliations(db, person_id);
    federation_sql_forget_identities(db, person_id);
}

/* An arrival names somebody for a quarter of an hour at most, and belongs to nobody yet. */
static const char *const columns[] = { "identity.person_id", "identity_provider.created_by",
                                       "federation_arrival.email", NULL };

const struct privacy_source federation_privacy[] = {
    { .name = "institutions",
      .label = N_("Sign-in through institutions"),
      .correct = "/compte/institutions",
      .sections = sections,
      .columns = columns,
      .erase = erase },
    { 0 },
};
