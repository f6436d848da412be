/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The paths that the server knows. Depends on server.h. */
#include "routes.h"

#include <stdio.h>
#include <string.h>

static const dgms_route table[] = {
    { "/v1/search", "search", true, DGMS_SEARCH, DGMS_JSON, "Page", "304 400 503 504",
      dgms_run_search,
      "Search the archive: a page of ranked hits, with facets and a histogram.", NULL },
    { "/v1/items/{id}", "getItem", true, DGMS_NONE, DGMS_JSON, "Item",
      "304 400 404 410 503", dgms_run_item, "One item, whole.",
      "The id of the item, percent-encoded as one part of the path." },
    { "/healthz", "health", false, DGMS_NONE, DGMS_JSON, "Health", "", dgms_run_health,
      "Whether the server is alive.", NULL },
    { "/readyz", "ready", false, DGMS_NONE, DGMS_JSON, "Ready", "503", dgms_run_ready,
      "Whether an index is open, and its revision.", NULL },
    { "/metrics", "metrics", false, DGMS_NONE, "text/plain; version=0.0.4; charset=utf-8",
      NULL, "", dgms_run_metrics, "Counts and times in the Prometheus text format.",
      NULL },
    { "/openapi.json", "openapi", false, DGMS_NONE, DGMS_JSON, NULL, "304",
      dgms_run_openapi, "This description.", NULL },
    { "/", "page", false, DGMS_ANY, "text/html; charset=utf-8", NULL, "304",
      dgms_run_page, "The search page.", NULL },
    { "/{file}", "pageFile", false, DGMS_ANY, "application/octet-stream", NULL, "304 404",
      dgms_run_page, "A file of the search page.", "Its name." },
};

#define COUNT (sizeof table / sizeof table[0])

const dgms_route *dgms_route_at(size_t i)
{
    return i < COUNT ? &table[i] : NULL;
}

/* Compares the decoded parts of a path with a pattern. */
static bool fits(const char *pattern, const dgms_target *target, const char **value)
{
    dgmi_str rest = dgmi_str_skip(dgmi_str_of(pattern), 1), part;
    size_t i = 0;

    *value = NULL;
    for (; dgmi_str_split(&rest, '/', &part); i++) {
        if (i == target->n_segments)
            return false;
        if (part.p[0] == '{')
            *value = target->segments[i];
        else if (!dgmi_str_eq(part, target->segments[i]))
            return false;
    }
    return i == target->n_segments && (!*value || **value);
}

const dgms_route *dgms_route_find(const dgms_target *target, const char **value)
{
    for (size_t i = 0; i < COUNT; i++)
        if (fits(table[i].path, target, value))
            return &table[i];
    *value = NULL;
    return NULL;
}

bool dgms_route_check(const dgms_route *route, dgms_call *call)
{
    char text[160];
    if (route->takes != DGMS_NONE || !call->target.n_pairs)
        return true;
    const char *name = call->target.pairs[0].name;
    snprintf(text, sizeof text, "%s takes no parameters", route->path);
    dgms_reply_problem(&call->reply, 400, text, name, -1);
    return false;
}
