/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the two files that read web pages share. Depends on press.h. */
#ifndef DGMI_PAGE_H
#define DGMI_PAGE_H

#include "press.h"

/* The element that holds the article of a page, or NULL if none plainly does. */
const xmlNode *dgmi_page_article(const xmlNode *html);
/* Whether an element is around an article, not of it: menus, forms, share buttons. */
bool dgmi_page_skips(const xmlNode *node);

#endif
