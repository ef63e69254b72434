/* Metadata and answers of SAML identity providers: read strictly, judged in one place. */
#include "mod/federation/saml.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <sodium.h>

#include "base/time.h"
#include "html/lang.h"
#include "mod/federation/discovery.h"
#include "mod/federation/saml_xml.h"

#define BINDING_REDIRECT "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
#define SUCCESS "urn:oasis:names:tc:SAML:2.0:status:Success"
#define BEARER "urn:oasis:names:tc:SAML:2.0:cm:bearer"
#define TRANSIENT "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"

/* Base64 with white space, as one finds it in XML and in forms. */
static bool from_base64(struct arena *a, struct str text, size_t max, struct str *ret)
{
    if (text.n > max / 3 * 4 + max / 16 + 64) return false;
    unsigned char *out = arena_alloc(a, text.n + 1);
    size_t n;
    if (sodium_base642bin(out, text.n, text.p, text.n, " \t\r\n", &n, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return false;
    *ret = (struct str){ (char *)out, n };
    return n <= max;
}

/* --- metadata --------------------------------------------------------------------------------------------------- */

/* An RSA key of at least 2048 bits: what lasso can check. */
static bool good_certificate(struct arena *a, struct str base64)
{
    struct str der;
    if (!from_base64(a, base64, 16 * 1024, &der)) return false;
    const unsigned char *p = (const unsigned char *)der.p;
    X509 *certificate = d2i_X509(NULL, &p, (long)der.n);
    const EVP_PKEY *key = certificate ? X509_get0_pubkey(certificate) : NULL;
    bool good = key && EVP_PKEY_base_id(key) == EVP_PKEY_RSA && EVP_PKEY_bits(key) >= 2048;
    X509_free(certificate);
    return good;
}

static size_t count_keys(struct arena *a, const xmlNode *idp)
{
    size_t good = 0;
    xmlNode *key, *data;
    for (size_t i = 0; (key = xml_child(idp, NS_MD, "KeyDescriptor", i)); i++) {
        struct str use = xml_attribute(a, key, "use");
        if (use.p && !str_is(use, "signing")) continue;
        const xmlNode *info = xml_child(key, NS_DS, "KeyInfo", 0);
        for (size_t k = 0; (data = xml_child(info, NS_DS, "X509Data", k)); k++) {
            struct str text = xml_text(a, xml_child(data, NS_DS, "X509Certificate", 0));
            if (!text.p || !good_certificate(a, text)) return 0; /* all of them count for lasso */
            good++;
        }
    }
    return good;
}

const char *saml_metadata_read(struct arena *a, struct str text, bool inside,
                               struct saml_metadata *ret)
{
    struct str body;
    xmlNode *service;
    *ret = (struct saml_metadata){ 0 };
    xmlDoc *doc = xml_open(a, text, SAML_METADATA_MAX, true, &body);
    if (!doc)
        return N_("This is not an XML document that we can read: it is cut off, too long, or "
                  "holds a document type.");
    const xmlNode *root = xmlDocGetRootElement(doc);
    if (xml_is(root, NS_MD, "EntitiesDescriptor"))
        return N_("These are the metadata of a whole federation. Please take out those of one "
                  "institution (its EntityDescriptor).");
    const xmlNode *idp = xml_child(root, NS_MD, "IDPSSODescriptor", 0);
    if (!xml_is(root, NS_MD, "EntityDescriptor") || !idp)
        return N_("These are not the SAML metadata of an identity provider.");
    struct str protocols = xml_attribute(a, idp, "protocolSupportEnumeration");
    if (str_search(protocols, S(NS_SAMLP)) >= protocols.n)
        return N_("This identity provider does not speak SAML 2.0.");
    ret->entity_id = str_trim(xml_attribute(a, root, "entityID"));
    if (!ret->entity_id.n || ret->entity_id.n > 500)
        return N_("These are not the SAML metadata of an identity provider.");
    for (size_t i = 0; (service = xml_child(idp, NS_MD, "SingleSignOnService", i)); i++)
        if (str_is(xml_attribute(a, service, "Binding"), BINDING_REDIRECT) && !ret->sign_in.p)
            ret->sign_in = xml_attribute(a, service, "Location");
    if (!discovery_address(ret->sign_in, inside))
        return N_("The metadata name no sign-in by redirect, or one without https.");
    ret->keys = count_keys(a, idp);
    if (!ret->keys)
        return N_("The metadata hold no certificate to check signatures with, or a weak one (RSA "
                  "with 2048 bits or more is needed).");
    return NULL;
}

/* --- an answer: is it what it seems? ------------------------------------------------------------------------------ */

static bool one_of(struct str value, const char *const *list)
{
    for (; *list; list++)
        if (str_is(value, *list)) return true;
    return false;
}

/* Every id once, whatever the attribute's case: a reference can mean one element only. */
static const char *check_ids(struct arena *a, xmlNode *root)
{
    struct str *seen = arena_array(a, struct str, SAML_IDS);
    size_t n = 0;
    for (xmlNode *e = root; e; e = xml_next(e, root))
        for (const xmlAttr *at = e->properties; at; at = at->next) {
            if (!str_eq_nocase(str_from((const char *)at->name), S("id"))) continue;
            xmlChar *value = xmlNodeGetContent((const xmlNode *)at);
            struct str id = arena_dup(a, str_from((const char *)value));
            xmlFree(value);
            if (n == SAML_IDS) return "too many ids";
            for (size_t i = 0; i < n; i++)
                if (str_eq(seen[i], id)) return "an id stands twice";
            seen[n++] = id;
        }
    return NULL;
}

static const char *check_reference(struct arena *a, const xmlNode *info, struct str id)
{
    static const char *const digests[] = { "http://www.w3.org/2001/04/xmlenc#sha256",
                                           "http://www.w3.org/2001/04/xmldsig-more#sha384",
                                           "http://www.w3.org/2001/04/xmlenc#sha512", NULL };
    static const char *const transforms[] = {
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
        "http://www.w3.org/2001/10/xml-exc-c14n#", NULL
    };
    xmlNode *one;
    if (xml_count(info, NS_DS, "Reference") != 1) return "a signature has not one reference";
    const xmlNode *reference = xml_child(info, NS_DS, "Reference", 0);
    struct str uri = xml_attribute(a, reference, "URI");
    if (id.n == 0 || uri.n != id.n + 1 || uri.p[0] != '#' || !str_eq(str_sub(uri, 1, uri.n), id))
        return "a signature is about another element";
    if (!one_of(xml_attribute(a, xml_child(reference, NS_DS, "DigestMethod", 0), "Algorithm"),
                digests))
        return "digest method";
    if (xml_count(reference, NS_DS, "Transforms") != 1) return "transforms";
    const xmlNode *list = xml_child(reference, NS_DS, "Transforms", 0);
    for (size_t i = 0; (one = xml_child(list, NS_DS, "Transform", i)); i++)
        if (!one_of(xml_attribute(a, one, "Algorithm"), transforms)) return "a transform";
    return NULL;
}

/* Enveloped in what it signs, and nothing else. */
static const char *check_signature(struct arena *a, const xmlNode *signature)
{
    static const char *const methods[] = { "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
                                           "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
                                           "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
                                           NULL };
    const xmlNode *info = xml_child(signature, NS_DS, "SignedInfo", 0);
    if (xml_count(signature, NS_DS, "SignedInfo") != 1 || xml_count(signature, NS_DS, "Object"))
        return "a signature's form";
    if (!str_is(xml_attribute(a, xml_child(info, NS_DS, "CanonicalizationMethod", 0), "Algorithm"),
                "http://www.w3.org/2001/10/xml-exc-c14n#"))
        return "canonicalization";
    if (!one_of(xml_attribute(a, xml_child(info, NS_DS, "SignatureMethod", 0), "Algorithm"),
                methods))
        return "signature method";
    return check_reference(a, info, xml_attribute(a, signature->parent, "ID"));
}

/* One assertion in the whole document, a child of the answer, signed itself; no answer within the answer. */
static const char *check_form(struct arena *a, xmlNode *root, const xmlNode *assertion)
{
    const char *why = check_ids(a, root);
    size_t assertions = 0, responses = 0;
    for (xmlNode *e = root; e && !why; e = xml_next(e, root)) {
        assertions += xml_is(e, NS_SAML, "Assertion");
        responses += xml_is(e, NS_SAMLP, "Response");
        if (xml_is(e, NS_SAML, "EncryptedAssertion") || xml_is(e, NS_SAML, "EncryptedID") ||
            xml_is(e, NS_SAML, "EncryptedAttribute"))
            why = "encrypted";
        if (!xml_is(e, NS_DS, "Signature")) continue;
        if (e->parent != root && e->parent != assertion) why = "a signature elsewhere";
        else if (xml_count(e->parent, NS_DS, "Signature") != 1) why = "several signatures";
        else why = check_signature(a, e);
    }
    if (why) return why;
    if (assertions != 1 || responses != 1 || !assertion) return "not one assertion";
    return xml_child(assertion, NS_DS, "Signature", 0) ? NULL : "the assertion is not signed";
}

/* --- an answer: what does it say? ----------------------------------------------------------------------------------- */

static int64_t time_of(struct arena *a, const xmlNode *node, const char *name)
{
    return xml_time(xml_attribute(a, node, name));
}

/* The names of the universities' federations and of ADFS, as people write them in the rules. */
static const char *usual_name(struct str name)
{
    static const char *const names[][2] = {
        { "urn:oid:0.9.2342.19200300.100.1.3", "mail" },
        { "urn:oid:2.16.840.1.113730.3.1.241", "displayName" },
        { "urn:oid:2.5.4.42", "givenName" },
        { "urn:oid:2.5.4.4", "sn" },
        { "urn:oid:2.5.4.3", "cn" },
        { "urn:oid:2.5.4.11", "ou" },
        { "urn:oid:1.3.6.1.4.1.5923.1.1.1.1", "eduPersonAffiliation" },
        { "urn:oid:1.3.6.1.4.1.5923.1.1.1.9", "eduPersonScopedAffiliation" },
        { "urn:oid:1.3.6.1.4.1.5923.1.1.1.6", "eduPersonPrincipalName" },
        { "urn:oid:1.3.6.1.4.1.5923.1.1.1.7", "eduPersonEntitlement" },
        { "urn:oid:1.3.6.1.4.1.25178.1.2.9", "schacHomeOrganization" },
        { "urn:oasis:names:tc:SAML:attribute:pairwise-id", "pairwise-id" },
        { "urn:oasis:names:tc:SAML:attribute:subject-id", "subject-id" },
        { "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", "mail" },
        { "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname", "givenName" },
        { "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname", "sn" },
        { "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", "displayName" },
        { "http://schemas.xmlsoap.org/claims/Group", "groups" },
    };
    for (size_t i = 0; i < COUNT(names); i++)
        if (str_is(name, names[i][0])) return names[i][1];
    return NULL;
}

static void drop_claims(void *claims)
{
    json_decref(claims);
}

static json_t *claims_of(struct arena *a, const xmlNode *assertion)
{
    json_t *claims = json_object();
    arena_cleanup(a, drop_claims, claims);
    xmlNode *statement, *attribute, *value;
    for (size_t s = 0; (statement = xml_child(assertion, NS_SAML, "AttributeStatement", s)); s++)
        for (size_t i = 0; (attribute = xml_child(statement, NS_SAML, "Attribute", i)); i++) {
            struct str name = xml_attribute(a, attribute, "Name");
            if (!name.n || name.n > 200) continue;
            json_t *list = json_array();
            for (size_t v = 0; (value = xml_child(attribute, NS_SAML, "AttributeValue", v)); v++) {
                struct str text = xml_text(a, value);
                if (text.n) json_array_append_new(list, json_stringn(text.p, text.n));
            }
            const char *usual = usual_name(name);
            json_object_set(claims, name.p, list);
            if (usual && !json_object_get(claims, usual)) json_object_set(claims, usual, list);
            json_decref(list);
        }
    return claims;
}

static struct str first_claim(const json_t *claims, const char *name)
{
    const json_t *value = json_array_get(json_object_get(claims, name), 0);
    return (struct str){ json_string_value(value), json_string_length(value) };
}

/* A transient NameID is another one each time; then only a name made to last will do. */
static struct str lasting_subject(struct arena *a, const xmlNode *name_id, const json_t *claims)
{
    struct str name = xml_text(a, name_id);
    if (name.n && !str_is(xml_attribute(a, name_id, "Format"), TRANSIENT)) return name;
    struct str pairwise = first_claim(claims, "pairwise-id");
    return pairwise.n ? pairwise : first_claim(claims, "subject-id");
}

/* NULL, or what in the conditions we do not understand and so must not pass over. */
static const char *read_conditions(struct arena *a, const xmlNode *assertion,
                                   struct saml_response *ret)
{
    xmlNode *audience;
    const xmlNode *conditions = xml_child(assertion, NS_SAML, "Conditions", 0);
    if (!conditions || xml_count(assertion, NS_SAML, "Conditions") != 1) return "conditions";
    ret->valid_from = time_of(a, conditions, "NotBefore");
    ret->valid_until = time_of(a, conditions, "NotOnOrAfter");
    if (xml_count(conditions, NS_SAML, "AudienceRestriction") > 1) return "several audiences";
    const xmlNode *restriction = xml_child(conditions, NS_SAML, "AudienceRestriction", 0);
    ret->audience_restricted = restriction != NULL;
    for (size_t i = 0; (audience = xml_child(restriction, NS_SAML, "Audience", i)); i++) {
        if (i == SAML_AUDIENCES) return "too many audiences";
        ret->audiences[ret->audience_count++] = xml_text(a, audience);
    }
    for (const xmlNode *c = conditions->children; c; c = c->next)
        if (c->type == XML_ELEMENT_NODE && !xml_is(c, NS_SAML, "AudienceRestriction") &&
            !xml_is(c, NS_SAML, "OneTimeUse") && !xml_is(c, NS_SAML, "ProxyRestriction"))
            return "an unknown condition";
    return NULL;
}

static const char *read_assertion(struct arena *a, const xmlNode *assertion,
                                  struct saml_response *ret)
{
    xmlNode *confirmation, *statement;
    const xmlNode *subject = xml_child(assertion, NS_SAML, "Subject", 0), *data = NULL;
    ret->assertion_id = xml_attribute(a, assertion, "ID");
    ret->assertion_issuer = xml_text(a, xml_child(assertion, NS_SAML, "Issuer", 0));
    ret->issued_at = time_of(a, assertion, "IssueInstant");
    ret->claims = claims_of(a, assertion);
    for (size_t i = 0;
         !data && (confirmation = xml_child(subject, NS_SAML, "SubjectConfirmation", i)); i++)
        if (str_is(xml_attribute(a, confirmation, "Method"), BEARER))
            data = xml_child(confirmation, NS_SAML, "SubjectConfirmationData", 0);
    if (!data) return "no bearer confirmation";
    ret->recipient = xml_attribute(a, data, "Recipient");
    ret->confirmed_request = xml_attribute(a, data, "InResponseTo");
    ret->confirmed_until = time_of(a, data, "NotOnOrAfter");
    ret->confirmed_from = time_of(a, data, "NotBefore");
    ret->subject = lasting_subject(a, xml_child(subject, NS_SAML, "NameID", 0), ret->claims);
    if (!ret->subject.n || ret->subject.n > 500) return "no lasting name";
    if (!xml_child(assertion, NS_SAML, "AuthnStatement", 0)) return "no statement of a sign-in";
    for (size_t i = 0; (statement = xml_child(assertion, NS_SAML, "AuthnStatement", i)); i++)
        if (time_of(a, statement, "SessionNotOnOrAfter"))
            ret->session_until = time_of(a, statement, "SessionNotOnOrAfter");
    return read_conditions(a, assertion, ret);
}

const char *saml_response_parse(struct arena *a, struct str xml, struct saml_response *ret)
{
    *ret = (struct saml_response){ 0 };
    xmlDoc *doc = xml_open(a, xml, SAML_RESPONSE_MAX, false, &ret->xml);
    if (!doc) return "no XML we read";
    xmlNode *root = xmlDocGetRootElement(doc);
    if (!xml_is(root, NS_SAMLP, "Response")) return "no response";
    if (!str_is(xml_attribute(a, root, "Version"), "2.0")) return "version";
    const xmlNode *status = xml_child(root, NS_SAMLP, "Status", 0);
    ret->destination = xml_attribute(a, root, "Destination");
    ret->in_response_to = xml_attribute(a, root, "InResponseTo");
    ret->issuer = xml_text(a, xml_child(root, NS_SAML, "Issuer", 0));
    ret->success =
        str_is(xml_attribute(a, xml_child(status, NS_SAMLP, "StatusCode", 0), "Value"), SUCCESS);
    if (!ret->success) return NULL;
    const xmlNode *assertion = xml_child(root, NS_SAML, "Assertion", 0);
    const char *why = check_form(a, root, assertion);
    return why ? why : read_assertion(a, assertion, ret);
}

const char *saml_response_read(struct arena *a, struct str base64, struct saml_response *ret)
{
    struct str xml;
    *ret = (struct saml_response){ 0 };
    if (!from_base64(a, base64, SAML_RESPONSE_MAX, &xml)) return "no base64, or too long";
    return saml_response_parse(a, xml, ret);
}

/* --- an answer: is it meant for us, now? ---------------------------------------------------------------------------- */

static bool meant_for(const struct saml_response *r, struct str us)
{
    for (size_t i = 0; i < r->audience_count; i++)
        if (str_eq(r->audiences[i], us)) return true;
    return false;
}

const char *saml_objection(const struct saml_response *r, const struct saml_expected *e)
{
    const int64_t skew = SAML_SKEW_SECONDS * SECOND_MS, early = e->now + skew, late = e->now - skew;
    if (!str_eq(r->assertion_issuer, e->entity_id)) return "issuer of the assertion";
    if (r->issuer.p && !str_eq(r->issuer, e->entity_id)) return "issuer";
    if (r->destination.n && !str_eq(r->destination, e->here)) return "destination";
    if (!str_eq(r->recipient, e->here)) return "recipient";
    if (!meant_for(r, e->us)) return "audience";
    if (!r->in_response_to.n || !str_eq(r->in_response_to, r->confirmed_request))
        return "in response to";
    if (!r->issued_at || r->issued_at > early) return "issued in the future";
    if (!r->confirmed_until || r->confirmed_until <= late) return "confirmation expired";
    if (r->confirmed_from > early) return "confirmation not yet valid";
    if (r->valid_from > early) return "not yet valid";
    if (r->valid_until && r->valid_until <= late) return "expired";
    if (r->session_until && r->session_until <= late) return "session over";
    return NULL;
}
