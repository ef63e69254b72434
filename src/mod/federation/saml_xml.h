/* XML as SAML needs it: a small, hardened way into libxml2. */
#ifndef EDULAB_MOD_FEDERATION_SAML_XML_H
#define EDULAB_MOD_FEDERATION_SAML_XML_H

#include <libxml/tree.h>

#include "base/arena.h"

#define NS_SAML "urn:oasis:names:tc:SAML:2.0:assertion"
#define NS_SAMLP "urn:oasis:names:tc:SAML:2.0:protocol"
#define NS_MD "urn:oasis:names:tc:SAML:2.0:metadata"
#define NS_DS "http://www.w3.org/2000/09/xmldsig#"

/* The text as a document that lives as long as the arena; NULL when it is too long, too deep, not UTF-8, or holds a document
 * type, CDATA or processing instructions. Comments only if `comments`. *ret_body is the text behind the XML declaration. */
xmlDoc *xml_open(struct arena *a, struct str text, size_t max, bool comments, struct str *ret_body);

bool xml_is(const xmlNode *node, const char *ns, const char *name);
/* The n-th child element of that name; NULL when there is none. */
xmlNode *xml_child(const xmlNode *node, const char *ns, const char *name, size_t n);
size_t xml_count(const xmlNode *node, const char *ns, const char *name);
/* The next element in the order of the document below `top`; begins with `top` itself. NULL at the end. */
xmlNode *xml_next(xmlNode *node, const xmlNode *top);
/* STR_NONE when absent. */
struct str xml_attribute(struct arena *a, const xmlNode *node, const char *name);
/* Its text, trimmed; STR_NONE when there is no such node or it holds elements. */
struct str xml_text(struct arena *a, const xmlNode *node);
/* "2026-11-28T05:00:00.123Z" as ms; 0 when it is none: SAML's times are always in UTC. */
int64_t xml_time(struct str text);

#endif
