/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A headline for an item that has none: its first sentence. Depends on build.h and
 * lib/text. */
#include "build.h"

#include <string.h>

#include "sentence.h"

enum { DERIVED_MAX = 160 }; /* characters */

/* Past the dash of a turn and the agency's dateline, which are no part of a sentence. */
static dgmi_str skip_opening(dgmi_str text)
{
    dgmi_str agency;
    size_t dash = dgmi_dash_at(text.p, text.p + text.n);
    if (dash > 0)
        text = dgmi_str_trim(dgmi_str_skip(text, dash));
    return dgmi_str_skip(text, dgmi_dateline(text, &agency));
}

void dgmi_prepare_headline(dgmi_item *item)
{
    if (item->fields[DGMI_TITLE] != NULL || item->n_paras == 0 || dgmi_item_failed(item))
        return;
    bool cut = false;
    dgmi_str text = skip_opening((dgmi_str){ item->paras[0].text, item->paras[0].n });
    if (text.n == 0)
        text = (dgmi_str){ item->paras[0].text, item->paras[0].n };
    size_t n = dgmi_headline_cut(text.p, text.n, DERIVED_MAX, &cut);
    char *title = dgmi_arena_printf(item->arena, "%.*s%s", (int)n, text.p,
                                    cut ? "\xE2\x80\xA6" : "");
    if (title == NULL) {
        item->no_memory = true;
        return;
    }
    item->fields[DGMI_TITLE] = title;
    item->title_derived = true;
}
