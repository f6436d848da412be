/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When nothing matches: words that the index does not have are taken as if ~ stood behind
 * them. What that finds fills the page as other relaxed hits do, so totals stay those of
 * the query. Depends on search.h. */
#ifndef DGMI_BLUR_H
#define DGMI_BLUR_H

#include "search.h"

/* Plans the query so, in place of what else fills a page; *blurred stays false if no word
 * of it may be blurred. A later page blurs what the first one did. Errors: those of the
 * index, NOMEM. */
dgm_status dgmi_blur(dgmi_search *s, bool *blurred);

#endif
