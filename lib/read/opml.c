/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of feeds in OPML, as feed readers export them. Depends on reader.h. */
#include "fail.h"
#include "reader.h"

enum { ATTRIBUTES = 40 };

/* The node after this one in document order, without leaving root. */
static const xmlNode *following(const xmlNode *node, const xmlNode *root)
{
    if (node->children != NULL && node->type == XML_ELEMENT_NODE)
        return node->children;
    while (node != root && node->next == NULL)
        node = node->parent;
    return node != root ? node->next : NULL;
}

static dgm_status visit_outline(const xmlNode *node, dgmi_outline_visit visit, void *user,
                                dgm_error *err)
{
    dgmi_pair pairs[ATTRIBUTES] = { { NULL, NULL } };
    xmlChar *values[ATTRIBUTES];
    size_t n = 0;
    for (const xmlAttr *a = node->properties; a != NULL && n < ATTRIBUTES; a = a->next) {
        values[n] = xmlNodeGetContent((const xmlNode *)a);
        if (values[n] == NULL)
            continue;
        pairs[n] = (dgmi_pair){ (const char *)a->name, (const char *)values[n] };
        n++;
    }
    dgm_status status = visit(user, pairs, n, err);
    while (n > 0)
        xmlFree(values[--n]);
    return status;
}

static bool names_feed(const xmlNode *node)
{
    dgmi_buf address;
    dgmi_buf_init(&address, 1 << 16);
    bool named = dgmi_xml_is(node, "outline") &&
                 dgmi_xml_attribute(node, "xmlUrl", &address) && address.n > 0;
    dgmi_buf_clear(&address);
    return named;
}

dgm_status dgmi_opml_read(const char *p, size_t n, dgmi_outline_visit visit, void *user,
                          dgm_error *err)
{
    dgmi_xml xml;
    dgm_status status = dgmi_xml_parse(p, n, &xml, err);
    if (status != DGM_OK)
        return status;
    const xmlNode *root = xmlDocGetRootElement(xml.doc);
    if (!dgmi_xml_is(root, "opml"))
        status = dgmi_fail(err, DGM_E_ARG, "the XML is no OPML");
    else if (xml.broken != NULL) /* a list that lost its end would drop feeds silently */
        status = dgmi_fail(err, DGM_E_ARG, "%s", xml.broken);
    for (const xmlNode *c = root; c != NULL && status == DGM_OK; c = following(c, root)) {
        if (c->type == XML_ELEMENT_NODE && names_feed(c))
            status = visit_outline(c, visit, user, err);
    }
    dgmi_xml_clear(&xml);
    return status;
}
