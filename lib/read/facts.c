/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a feed says to those who poll it: ttl, and where its WebSub hub is. Depends on
 * reader.h. */
#include <stdlib.h>
#include <string.h>

#include "reader.h"

enum { YEAR_MINUTES = 525600 };

static void take_address(dgmi_str value, char *out, size_t size)
{
    dgmi_str s = dgmi_str_trim(value);
    if (out[0] != '\0' || s.n >= size || !dgmi_str_starts_nocase(s, "http"))
        return;
    memcpy(out, s.p, s.n);
    out[s.n] = '\0';
}

static void take_link(const xmlNode *node, dgmi_feed_facts *out)
{
    dgmi_buf rel, href;
    dgmi_buf_init(&rel, 1 << 10);
    dgmi_buf_init(&href, 1 << 12);
    dgmi_xml_attribute(node, "rel", &rel);
    dgmi_xml_attribute(node, "href", &href);
    if (dgmi_str_eq_nocase(dgmi_buf_str(&rel), "hub"))
        take_address(dgmi_buf_str(&href), out->hub, sizeof out->hub);
    else if (dgmi_str_eq_nocase(dgmi_buf_str(&rel), "self"))
        take_address(dgmi_buf_str(&href), out->self, sizeof out->self);
    dgmi_buf_clear(&rel);
    dgmi_buf_clear(&href);
}

static void take_ttl(const xmlNode *node, dgmi_feed_facts *out)
{
    dgmi_buf text;
    dgmi_buf_init(&text, 64);
    dgmi_xml_text(node, &text);
    long minutes = text.n > 0 && !text.failed ? strtol(text.p, NULL, 10) : 0;
    if (minutes > 0)
        out->ttl = minutes < YEAR_MINUTES ? (unsigned long)minutes : YEAR_MINUTES;
    dgmi_buf_clear(&text);
}

/* Entries have links and channels of their own inside: only this level is looked at. */
static void look_at(const xmlNode *parent, dgmi_feed_facts *out)
{
    for (const xmlNode *c = parent->children; c != NULL; c = c->next) {
        if (dgmi_xml_is(c, "link"))
            take_link(c, out);
        else if (dgmi_xml_is(c, "ttl"))
            take_ttl(c, out);
    }
}

void dgmi_feed_look(const char *p, size_t n, dgmi_feed_facts *out)
{
    dgmi_xml xml;
    *out = (dgmi_feed_facts){ .ttl = 0 };
    const dgmi_format *format = dgmi_sniff(p, n);
    bool feed =
        format != NULL && (!strcmp(format->name, "rss") ||
                           !strcmp(format->name, "atom") || !strcmp(format->name, "rdf"));
    if (!feed || dgmi_xml_parse(p, n, &xml, NULL) != DGM_OK)
        return;
    const xmlNode *root = xmlDocGetRootElement(xml.doc);
    look_at(root, out);
    for (const xmlNode *c = root->children; c != NULL; c = c->next) {
        if (dgmi_xml_is(c, "channel"))
            look_at(c, out);
    }
    dgmi_xml_clear(&xml);
}
