/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RSS 1.0 and 0.90 (RDF): what differs from RSS 2.0. Depends on feed.h. Items stand
 * beside the channel, and what names one is its rdf:about. */
#include "feed.h"

static void fill(const xmlNode *node, dgmi_entry *entry)
{
    dgmi_entry_set_attribute(entry, DGMI_PART_ID, node, "about");
    dgmi_rss_fill(node, entry);
    dgmi_entry_set_attribute(entry, DGMI_PART_LINK, node, "about");
    dgmi_entry_set_attribute(entry, DGMI_PART_LANGUAGE, node, "lang");
}

dgm_status dgmi_read_rdf(const dgmi_source *source, const char *p, size_t n,
                         const dgmi_sink *sink, dgm_error *err)
{
    dgmi_feed feed = { .source = source,
                       .sink = sink,
                       .element = "item",
                       .id_element = NULL,
                       .fill = fill };
    return dgmi_feed_read(&feed, p, n, err);
}
