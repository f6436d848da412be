/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of the best hits as further words of the query (expand=1): what they add orders
 * the hits anew, and what has many of them fills a short page. Depends on lib/index,
 * lib/text, lib/xapian.
 *
 * The first hits of the query as it stands are taken to be good ones. The stems by which
 * they differ most from the archive (Xapian's ESet) add a share of their weight to the
 * score of what matches anyhow, so that the total, facets and histogram stay those of the
 * query. Xapian's manual calls it query expansion; Rocchio: Relevance Feedback in
 * Information Retrieval, 1971. What it gains and loses: doc/ranking.md. */
#ifndef DGMI_FEEDBACK_H
#define DGMI_FEEDBACK_H

#include "search.h"

#define DGMI_FEEDBACK_HITS 10
#define DGMI_FEEDBACK_SHARE 0.1 /* of a word's weight, for a word of the hits */

/* Adds to the plan, which is made. The stems go into the cursor. Errors: those of the
 * index, TIMEOUT, NOMEM. */
dgm_status dgmi_feedback(dgmi_search *s, dgmi_planner *p);

/* Marks a relaxed hit that the query alone would not have filled the page with. Errors:
 * those of a match. */
dgm_status dgmi_is_only_related(const dgmi_search *s, dgm_hit *hit);

#endif
