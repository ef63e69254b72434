/* Signatures and requests with lasso (and xmlsec below it). It is handed only what saml.c has read and found in order. */
#include <lasso/lasso.h>
#include <lasso/xml/saml-2.0/samlp2_authn_request.h>
#include <pthread.h>
#include <sodium.h>

#include "mod/federation/saml.h"

static bool ready;

static void silent(const char *domain, GLogLevelFlags level, const char *message, void *data)
{
    (void)domain, (void)level, (void)message, (void)data; /* it quotes what came from outside */
}

static void begin(void)
{
    g_log_set_handler("Lasso", G_LOG_LEVEL_MASK | G_LOG_FLAG_FATAL | G_LOG_FLAG_RECURSION, silent,
                      NULL);
    g_log_set_handler("libxmlsec", G_LOG_LEVEL_MASK, silent, NULL);
    ready = lasso_init() == 0;
}

static bool start(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, begin);
    return ready;
}

/* A server of lasso that knows us and one institution; NULL when metadata cannot be used. */
static LassoServer *server_of(struct arena *a, struct str metadata, struct str ours)
{
    if (!start()) return NULL;
    LassoServer *server = lasso_server_new_from_buffers(arena_cstr(a, ours), NULL, NULL, NULL);
    if (server && lasso_server_add_provider_from_buffer(server, LASSO_PROVIDER_ROLE_IDP,
                                                        arena_cstr(a, metadata), NULL, NULL) == 0)
        return server;
    if (server) g_object_unref(server);
    return NULL;
}

/* The signature of the assertion itself, whether or not the answer around it is signed too. */
static bool signed_by(LassoServer *server, LassoLogin *login)
{
    LassoProfile *profile = LASSO_PROFILE(login);
    LassoProvider *provider = lasso_server_get_provider(server, profile->remote_providerID);
    LassoNode *assertion = lasso_login_get_assertion(login);
    bool good = provider && assertion &&
                lasso_provider_verify_single_node_signature(provider, assertion, "ID") == 0;
    if (assertion) g_object_unref(assertion);
    return good;
}

bool saml_prove(struct arena *a, struct str metadata, struct str our_metadata,
                const struct saml_response *r)
{
    LassoServer *server = server_of(a, metadata, our_metadata);
    if (!server) return false;
    size_t room = sodium_base64_encoded_len(r->xml.n, sodium_base64_VARIANT_ORIGINAL);
    char *text = arena_alloc(a, room);
    sodium_bin2base64(text, room, (const unsigned char *)r->xml.p, r->xml.n,
                      sodium_base64_VARIANT_ORIGINAL);
    LassoLogin *login = lasso_login_new(server);
    bool good =
        lasso_login_process_authn_response_msg(login, text) == 0 && signed_by(server, login);
    g_object_unref(login);
    g_object_unref(server);
    return good;
}

struct str saml_request(struct arena *a, struct str metadata, struct str our_metadata,
                        struct str id, struct str relay)
{
    struct saml_metadata m;
    struct str address = STR_NONE;
    LassoServer *server = server_of(a, metadata, our_metadata);
    if (!server) return STR_NONE;
    LassoLogin *login = lasso_login_new(server);
    LassoProfile *profile = LASSO_PROFILE(login);
    lasso_profile_set_signature_hint(profile, LASSO_PROFILE_SIGNATURE_HINT_FORBID);
    if (saml_metadata_read(a, metadata, true, &m) == NULL &&
        lasso_login_init_authn_request(login, m.entity_id.p, LASSO_HTTP_METHOD_REDIRECT) == 0) {
        LassoSamlp2AuthnRequest *request = LASSO_SAMLP2_AUTHN_REQUEST(profile->request);
        LassoSamlp2RequestAbstract *base = LASSO_SAMLP2_REQUEST_ABSTRACT(request);
        g_free(base->ID);
        base->ID = g_strndup(id.p, id.n);
        g_free(request->ProtocolBinding);
        request->ProtocolBinding = g_strdup(LASSO_SAML2_METADATA_BINDING_POST);
        if (request->NameIDPolicy) { /* its own choice serves more institutions than ours would */
            g_object_unref(request->NameIDPolicy);
            request->NameIDPolicy = NULL;
        }
        if (relay.n) profile->msg_relayState = g_strndup(relay.p, relay.n);
        if (lasso_login_build_authn_request_msg(login) == 0)
            address = arena_dup(a, str_from(profile->msg_url));
    }
    g_object_unref(login);
    g_object_unref(server);
    return address;
}

struct str saml_our_metadata(struct arena *a, struct str us, struct str here)
{
    return arena_printf(
        a,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"%.*s\">\n"
        "  <SPSSODescriptor AuthnRequestsSigned=\"false\" WantAssertionsSigned=\"true\" "
        "protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\n"
        "    <NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</NameIDFormat>\n"
        "    <AssertionConsumerService isDefault=\"true\" index=\"0\" "
        "Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"%.*s\"/>\n"
        "    <AttributeConsumingService index=\"0\">\n"
        "      <ServiceName xml:lang=\"fr\">eduLAB</ServiceName>\n"
        "      <RequestedAttribute FriendlyName=\"mail\" "
        "Name=\"urn:oid:0.9.2342.19200300.100.1.3\" "
        "NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\" isRequired=\"true\"/>\n"
        "      <RequestedAttribute FriendlyName=\"displayName\" "
        "Name=\"urn:oid:2.16.840.1.113730.3.1.241\" "
        "NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\"/>\n"
        "      <RequestedAttribute FriendlyName=\"schacHomeOrganization\" "
        "Name=\"urn:oid:1.3.6.1.4.1.25178.1.2.9\" "
        "NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\"/>\n"
        "    </AttributeConsumingService>\n"
        "  </SPSSODescriptor>\n"
        "</EntityDescriptor>\n",
        STR(us), STR(here));
}
