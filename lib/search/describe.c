/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a page says of its query and of itself. Depends on lib/index, lib/text. */
#include <string.h>

#include "fail.h"
#include "search.h"
#include "utf8.h"

static const char *joiner_of(dgmi_match match)
{
    switch (match) {
    case DGMI_MATCH_ALL:
        return " AND ";
    case DGMI_MATCH_ANY:
        return " OR ";
    case DGMI_MATCH_MOST:
        return " ";
    }
    return " ";
}

/* The query as text that a reply may hold: the request keeps the bytes as they came. */
static const char *clean_query(const dgmi_search *s)
{
    const char *q = s->request->q ? s->request->q : "";
    dgmi_buf text;
    dgmi_buf_init(&text, 0);
    dgmi_utf8_clean(&text, q, strlen(q));
    const char *copy = text.failed ? NULL : dgmi_arena_str(s->arena, dgmi_buf_str(&text));
    dgmi_buf_clear(&text);
    return copy;
}

dgm_status dgmi_search_describe(dgmi_search *s, dgm_page *out)
{
    dgmi_buf parsed;
    dgmi_buf_init(&parsed, 0);
    dgmi_query_print(&parsed, s->query->root, joiner_of(s->request->match),
                     dgmi_plan_leaves_out);
    out->query_text = clean_query(s);
    out->partial = s->partial;
    out->has_related = s->request->related;
    out->query_parsed =
        parsed.failed ? NULL : dgmi_arena_str(s->arena, dgmi_buf_str(&parsed));
    out->revision = dgmi_arena_dup(s->arena, s->desk->index->revision);
    dgmi_buf_clear(&parsed);
    out->warnings = dgmi_arena_copy(s->arena, s->notes.text, sizeof s->notes.text);
    out->n_warnings = s->notes.n;
    if (!out->query_text || !out->query_parsed || !out->revision || !out->warnings)
        return dgmi_fail_memory(s->err);
    return DGM_OK;
}
