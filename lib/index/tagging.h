/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tags make of an item. Depends on tagger.h, lib/base. */
#ifndef DGMI_TAGGING_H
#define DGMI_TAGGING_H

#include "arena.h"
#include "dragoman.h"
#include "tagger.h"

/* The item with these topics behind its own, and evidence for each; one that it has by
 * that label keeps its own evidence alone. *arena (NULL at first) is made if need be and
 * is the caller's to free after *out. Errors: NOMEM. */
dgm_status dgmi_tags_apply(const dgm_item *item, const dgmi_topic_tag *const *tags,
                           size_t n, dgmi_arena **arena, const dgm_item **out,
                           dgm_error *err);

#endif
