/* Every address of the module. */
#include "mod/badge/pages.h"

#define API "/api/v1/badges"

/* Open Badges 2.0 documents: their form is the standard's. */
#define OB_SCHEMA(type_)                                                                           \
    "{\"type\":\"object\",\"required\":[\"@context\",\"id\",\"type\"],\"properties\":{\"@"         \
    "context\":{\"type\":"                                                                         \
    "\"string\"},\"id\":{\"type\":\"string\"},\"type\":{\"const\":\"" type_ "\"}}}"
#define OB_API(name_, type_, help_)                                                                \
    static const struct shape name_##_shape = { .name = type_,                                     \
                                                .help = help_,                                     \
                                                .schema = OB_SCHEMA(type_) };                      \
    static const struct api name_##_api = { .group = N_("Badges"),                                 \
                                            .answer = &name_##_shape,                              \
                                            .type = "application/ld+json" };
OB_API(assertion, "Assertion", N_("An awarded badge, as published."))
OB_API(class, "BadgeClass", N_("What can be awarded."))
OB_API(issuer, "Issuer", N_("Who awards."))
OB_API(revocations, "RevocationList", N_("Awarded badges that are no longer good."))

const struct route badge_routes[] = {
    { "GET", "/badges", PUBLIC, .get = badge_list_get, .help = "All badges that can be earned." },
    { "GET", "/badges/verifier", PUBLIC, .get = badge_check_get, .params = badge_check_link_params,
      .form_size = sizeof(struct badge_check_form), .help = "The form to check a badge." },
    { "POST", "/badges/verifier", PUBLIC, .prepare = badge_check_prepare, .form = badge_check_get,
      .params = badge_check_params, .form_size = sizeof(struct badge_check_form),
      .max_body = LIMIT_UPLOAD_FORM, .flags = ROUTE_NO_CHANGE | ROUTE_SLOW_FORM,
      .help = "Checks a badge picture, an assertion or an address." },
    { "GET", "/badges/:slug", PUBLIC, .get = badge_show_get, .params = badge_slug_params,
      .form_size = sizeof(struct badge_slug_form), .help = "A badge and how it is earned." },
    { "GET", "/badges/:slug/medaillon.png", PUBLIC, .get = badge_picture_get,
      .params = badge_slug_params, .form_size = sizeof(struct badge_slug_form),
      .help = "The picture of a badge, without an assertion." },
    { "POST", "/badges/:slug/remise", MAY("badge.award"), .apply = badge_award_apply,
      .form = badge_show_get, .params = badge_award_params,
      .form_size = sizeof(struct badge_award_form), .help = "Awards a badge to a person by hand." },
    { "GET", "/badges/attestation/:id", PUBLIC, .get = badge_certificate_get,
      .params = badge_id_params, .form_size = sizeof(struct badge_id_form),
      .help = "The public page of an awarded badge." },
    { "GET", "/badges/attestation/:id/badge.png", PUBLIC, .get = badge_baked_get,
      .params = badge_id_params, .form_size = sizeof(struct badge_id_form),
      .help = "The badge as a picture that carries its assertion." },
    { "POST", "/badges/attestation/:id/nom", MEMBER, .apply = badge_name_apply,
      .params = badge_name_params, .form_size = sizeof(struct badge_name_form),
      .help = "The holder shows or hides their name." },
    { "POST", "/badges/attestation/:id/retrait", MAY("badge.award"), .apply = badge_revoke_apply,
      .form = badge_certificate_get, .params = badge_revoke_params,
      .form_size = sizeof(struct badge_revoke_form), .help = "Revokes a badge, with a reason." },
    { "GET", API "/assertions/:id", PUBLIC, .get = badge_assertion_api, .params = badge_id_params,
      .form_size = sizeof(struct badge_id_form), .flags = ROUTE_API, .api = &assertion_api,
      .help = N_("An Open Badges 2.0 assertion; 410 with the reason once revoked.") },
    { "GET", API "/classes/:slug", PUBLIC, .get = badge_class_api, .params = badge_slug_params,
      .form_size = sizeof(struct badge_slug_form), .flags = ROUTE_API, .api = &class_api,
      .help = N_("An Open Badges 2.0 badge class.") },
    { "GET", API "/issuer", PUBLIC, .get = badge_issuer_api, .flags = ROUTE_API, .api = &issuer_api,
      .help = N_("Who issues the badges (Open Badges 2.0).") },
    { "GET", API "/revocations", PUBLIC, .get = badge_revocations_api, .flags = ROUTE_API,
      .api = &revocations_api, .help = N_("The revoked badges (Open Badges 2.0).") },
    { 0 },
};
