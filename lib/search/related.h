/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words that the best hits have in common. Depends on lib/index, lib/text, lib/xapian. */
#ifndef DGMI_RELATED_H
#define DGMI_RELATED_H

#include "search.h"

#define DGMI_RELATED_HITS 10  /* of the page that are looked at */
#define DGMI_RELATED_WORDS 10 /* that are named */

/* Names in page->related the words by which the best hits differ most from the archive
 * (Xapian's ESet over their stems), without those of the query. For the first page. A
 * stem is named by the most frequent word that has it. Errors: those of the index, NOMEM.
 */
dgm_status dgmi_related(dgmi_search *s, dgm_page *page);

/* Whether a stem without prefix tells something of the items that have it, and is none of
 * the query's. */
bool dgmi_is_related(const dgmi_search *s, dgmi_str stem, uint32_t frequency);

#endif
