/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A better spelling of a query, out of the words of the index. Depends on lib/index,
 * lib/text, lib/xapian.
 *
 * A word that no item has, by any of its stems, is replaced by the word of the index that
 * is nearest to it: one change of a character away, or two for long words; of equally
 * near ones by the more frequent. If all words occur but nothing is found, the rarest of
 * them is looked at alike, for a neighbour that is more frequent than it. The new query
 * is only named if it does find something, under the same filters. */
#ifndef DGMI_CORRECT_H
#define DGMI_CORRECT_H

#include "search.h"

#define DGMI_CORRECT_MS 50     /* then there is no suggestion */
#define DGMI_CORRECT_WORDS 4   /* that are replaced in one query, at most */
#define DGMI_CORRECT_CHOICES 4 /* tried for each of them */

/* Sets page->suggestion, or leaves it as it is: nothing that goes wrong here is worth
 * failing a search for. */
void dgmi_correct(const dgmi_search *s, dgm_page *page);

#endif
