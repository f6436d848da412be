/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Citations of pages (dragoman/cite.h). Depends on lib/index, lib/archive. */
#ifndef DGMI_CITE_H
#define DGMI_CITE_H

#include "search.h"

/* Of a hit whose record is laid open, and of the page; into the page's arena. Errors:
 * those of the archive, NOMEM. */
dgm_status dgmi_cite_hit(const dgmi_search *s, const dgmi_record *record, dgm_hit *hit);
dgm_status dgmi_cite_page(const dgmi_search *s, dgm_page *page);

#endif
