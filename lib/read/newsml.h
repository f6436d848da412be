/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the two files that read NewsML-G2 share. Depends on press.h. */
#ifndef DGMI_NEWSML_H
#define DGMI_NEWSML_H

#include "press.h"

/* An id without the ":<version>" that some systems add to it, where that is the version
 * of the same item. A scheme that needs as many parts as are there keeps them all. */
dgmi_str dgmi_newsml_id(dgmi_str id, dgmi_str version);

/* What is said of an item before its content is looked at: it wins over what the content
 * says of itself. */
void dgmi_newsml_meta(const xmlNode *item, dgmi_entry *entry);
/* What fills the gaps that the content left. */
void dgmi_newsml_rest(const xmlNode *item, dgmi_entry *entry);

#endif
