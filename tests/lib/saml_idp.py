#!/usr/bin/env python3
"""A SAML identity provider for the tests, built on lasso. One JSON request a line on standard input, one answer a line:
{"do": "metadata"} → {"metadata": xml}; {"do": "answer", "query": …, "sp": xml, "subject": …, "attributes": {name: [values]},
"shift": seconds, "audience": …, …} → {"response": base64, "relay": …, "to": address}."""
import base64
import datetime
import json
import sys

import lasso

address, key, certificate = sys.argv[1:4]
KEY, CERTIFICATE = open(key).read(), open(certificate).read()
BODY = ''.join(CERTIFICATE.strip().splitlines()[1:-1])
METADATA = f'''<?xml version="1.0"?>
<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{address}/idp">
<!-- as institutions publish them: with a comment -->
<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" WantAuthnRequestsSigned="false">
<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>{BODY}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{address}/sso"/>
</IDPSSODescriptor></EntityDescriptor>'''


def moment(seconds):
    return (datetime.datetime.utcnow() + datetime.timedelta(seconds=seconds)).strftime('%Y-%m-%dT%H:%M:%SZ')


def attribute(name, values):
    made = lasso.Saml2Attribute()
    made.name = name
    made.nameFormat = lasso.SAML2_ATTRIBUTE_NAME_FORMAT_URI
    list_of = []
    for value in values:
        text = lasso.MiscTextNode.newWithString(value)
        text.textChild = True
        one = lasso.Saml2AttributeValue()
        one.any = (text,)
        list_of.append(one)
    made.attributeValue = tuple(list_of)
    return made


def answer(ask):
    server = lasso.Server.newFromBuffers(METADATA, KEY, None, CERTIFICATE)
    server.addProviderFromBuffer(lasso.PROVIDER_ROLE_SP, ask['sp'])
    server.signatureMethod = lasso.SIGNATURE_METHOD_RSA_SHA1 if ask.get('sha1') else lasso.SIGNATURE_METHOD_RSA_SHA256
    login = lasso.Login(server)
    login.processAuthnRequestMsg(ask['query'])
    if not login.request.nameIDPolicy:  # lasso then looks for a federation of its own; the name is ours to give
        login.request.nameIDPolicy = lasso.Samlp2NameIDPolicy()
    login.request.nameIDPolicy.format = lasso.SAML2_NAME_IDENTIFIER_FORMAT_TRANSIENT
    login.validateRequestMsg(True, True)
    shift = ask.get('shift', 0)
    login.buildAssertion(lasso.SAML2_AUTHN_CONTEXT_PASSWORD_PROTECTED_TRANSPORT, moment(shift), None, moment(shift - 60), moment(shift + 300))
    assertion = login.assertion
    assertion.issueInstant = moment(shift)
    assertion.subject.nameID.format = ask.get('format', lasso.SAML2_NAME_IDENTIFIER_FORMAT_PERSISTENT)
    assertion.subject.nameID.content = ask['subject']
    data = assertion.subject.subjectConfirmation.subjectConfirmationData
    data.notBefore = None
    data.notOnOrAfter = moment(shift + 300)
    for name in ('recipient', 'inResponseTo'):
        if name in ask:
            setattr(data, name, ask[name])
    if 'audience' in ask:
        assertion.conditions.audienceRestriction[0].audience = ask['audience']
    if 'issuer' in ask:
        assertion.issuer.content = ask['issuer']
    statement = lasso.Saml2AttributeStatement()
    statement.attribute = tuple(attribute(name, values) for name, values in ask.get('attributes', {}).items())
    assertion.attributeStatement = (statement,)
    login.buildAuthnResponseMsg()
    return {'response': login.msgBody, 'relay': login.msgRelayState, 'to': login.msgUrl, 'request': login.request.id}


for line in sys.stdin:
    ask = json.loads(line)
    try:
        print(json.dumps({'metadata': METADATA} if ask['do'] == 'metadata' else answer(ask)), flush=True)
    except Exception as error:  # the test shall see it, and go on
        print(json.dumps({'error': f'{type(error).__name__}: {error}'}), flush=True)
