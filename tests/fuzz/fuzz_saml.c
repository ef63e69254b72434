/* Any bytes as SAML: the first says whether as metadata or as an answer. What is accepted keeps its promises. */
#include "mod/federation/saml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool right)
{
    if (!right) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size) return 0;
    struct arena *a = arena_create();
    /* a copy of its very size, so that a byte too far is seen */
    char *bytes = malloc(size);
    if (!bytes) abort();
    memcpy(bytes, data + 1, size - 1);
    struct str text = { bytes, size - 1 };
    struct saml_metadata m;
    struct saml_response r;
    if (data[0] == 'm') {
        if (!saml_metadata_read(a, text, data[0] & 1, &m))
            check(m.entity_id.n && m.entity_id.n <= 500 && m.sign_in.n && m.keys);
    } else if (!saml_response_parse(a, text, &r) && r.success) {
        check(r.assertion_id.n && r.subject.n && r.subject.n <= 500 && json_is_object(r.claims));
        check(str_search(r.xml, S("<!")) == r.xml.n && str_search(r.xml, S("<?")) == r.xml.n);
        check(r.audience_count <= SAML_AUDIENCES);
        const struct saml_expected expected = {
            .entity_id = r.assertion_issuer, .us = r.audiences[0], .here = r.recipient, .now = 1
        };
        saml_objection(&r, &expected);
    }
    free(bytes);
    arena_destroy(a);
    return 0;
}
